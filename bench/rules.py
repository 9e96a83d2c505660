"""What judging costs: `python bench/rules.py [--home DIR] [--sample N]`, and `python bench/rules.py --engines`.

The first form measures on the database of DIR (else of THIDUA_HOME, else of `var/bench-register`), which must hold an
invented sector (`make_load`; bench/register.py makes one): the whole ministry by the yearly recognition of the
grassroots and by all recognitions of a plan, read from the database and judged, in one process and in two; then the
same work written naively, a query for every fact, on a sample of nominees, whose time is extrapolated to all, and
whose answers must be the same; then what judging one nomination adds to its page. The edition is the shipped one with
the root as its issuer, built in memory: nothing is written.

The second form needs no database; it stands in bench/rule_engines.py.

Standard output is Markdown for docs/performance.md; the last lines say which bar was missed, exit code 1 then.
"""

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.rule_engines import DAY, DOCUMENT, ENOUGH, YEAR, compare_engines, say  # noqa: E402  from the repository

UNITS_A_PART = 600
MOST_SECONDS, MOST_MEGABYTES, LEAST_RATIO, MOST_PAGE_MS = 60, 500, 20, 20
ANNUAL = ("grassroots-annual",)


def main() -> None:
    parser = argparse.ArgumentParser(description="What judging by criteria costs.")
    default = os.environ.get("THIDUA_HOME") or str(REPOSITORY / "var" / "bench-register")
    parser.add_argument("--home", type=Path, default=Path(default))
    parser.add_argument("--sample", type=int, default=400, help="nominees judged naively")
    parser.add_argument("--engines", action="store_true", help="facts in memory, beside two rule engines")
    given = parser.parse_args()
    missed = list(compare_engines() if given.engines else measure_database(given.home.resolve(), given.sample))
    loads = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\nMeasured {date.today():%d %B %Y}: {os.cpu_count()} cores, load average {loads}.")  # noqa: DTZ011
    print("\n".join(f"MISSED {line}" for line in missed) or "No bar was missed.", file=sys.stderr)
    sys.exit(1 if missed else 0)


# --- the whole ministry, from the database ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    nominees: int
    assessments: int
    verdicts: dict[str, int]
    megabytes: float
    busy: float  # seconds of processor time of the process and of its database connection


def set_up(home: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        THIDUA_HOME=str(home),
        DEMONSTRATION_DAY=DAY.isoformat(),
        REQUIRE_SECOND_FACTOR="0",
        LOG_LEVEL="ERROR",
        PLAIN_STATIC="1",
        EMAIL_URL="memorymail://",
        MAIL_CATCHER_DIR=str(home),
    )
    from config import local

    local.fill_environment()


def measure_database(home: Path, sample: int) -> Iterator[str]:
    set_up(home)
    from config import embedded

    embedded.start(home)
    try:
        import django

        django.setup()
        from units.models import Unit

        root = Unit.objects.filter(parent__isnull=True).order_by("path")[0]
        paths = list(Unit.objects.below(root.path).order_by("path").values_list("path", flat=True))
        parts = [
            (paths[start], paths[min(start + UNITS_A_PART, len(paths)) - 1])
            for start in range(0, len(paths), UNITS_A_PART)
        ]
        print("| what | processes | nominees | judgements | seconds | of processor time | MB, each process |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        busy = yield from measure_ministry("grassroots, yearly", root.path, parts, ANNUAL, 2)
        yield from measure_ministry("all four recognitions", root.path, parts, (), 2)
        yield from measure_naive(root, sample, busy)
        yield from measure_page(root)
    finally:
        embedded.release(home)


def measure_ministry(
    what: str, root: str, parts: Sequence[tuple[str, str]], codes: Sequence[str], processes: int
) -> Iterator[str]:
    """Yields the bars missed, returns the processor time; the processes are new ones: their memory is theirs alone.

    Elapsed time is also what the neighbours of a busy machine make of it. Where more wants to run than there are cores,
    the bar is held against the processor time divided by the processes.
    """
    is_crowded = os.getloadavg()[0] > (os.cpu_count() or 1)
    began = time.monotonic()
    with get_context("spawn").Pool(processes, initializer=begin_worker, initargs=(root, tuple(codes))) as pool:
        done: list[Part] = list(pool.imap_unordered(judge_part, parts))
    taken = time.monotonic() - began
    nominees, judged = sum(one.nominees for one in done), sum(one.assessments for one in done)
    peak = max(one.megabytes for one in done)
    busy = sum(one.busy for one in done)
    print(f"| {what} | {processes} | {nominees:,} | {judged:,} | {taken:.1f} | {busy:.1f} | {peak:.0f} |", flush=True)
    verdicts = {status: sum(one.verdicts.get(status, 0) for one in done) for status in ("met", "unmet", "undetermined")}
    say(f"{what}: {verdicts}")
    held = busy / processes if is_crowded else taken
    if held > MOST_SECONDS:
        yield f"{what}: the ministry took {held:.0f} s on two cores, {MOST_SECONDS} are allowed"
    if peak * processes > MOST_MEGABYTES:
        yield f"{what}: {processes} processes held {peak * processes:.0f} MB, {MOST_MEGABYTES} are allowed"
    return busy


_WORK: dict[str, Any] = {}


def begin_worker(root: str, codes: tuple[str, ...]) -> None:
    import django

    django.setup()
    from exemplars.selectors.qualifying import Judges
    from units.scoping import unit_scope

    scope = unit_scope(root)
    scope.__enter__()
    _WORK.update(scope=scope, judges=Judges(root, editions=[build_edition(root, codes)]))


def build_edition(root: str, codes: Sequence[str]) -> Any:
    """The shipped edition as if the root had issued it, unsaved."""
    from exemplars.models import RulebookEdition
    from exemplars.rules import parse_rulebook
    from units.models import Unit

    text = DOCUMENT.read_text(encoding="utf-8")
    rulebook = parse_rulebook(text)
    return RulebookEdition(
        issuer=Unit.objects.get(path=root),
        code=rulebook.code,
        document=text,
        edition=rulebook.edition,
        edition_hash=rulebook.edition_hash,
        valid_from=rulebook.valid_from,
        valid_to=rulebook.valid_to,
        recognitions=list(codes) or [one.code for one in rulebook.recognitions],
    )


def judge_part(ends: tuple[str, str]) -> Part:
    from exemplars.selectors.qualifying import judge_everybody, list_nominees, list_units_between

    began = read_busy()
    nominees = list_nominees(list_units_between(*ends, DAY), DAY)
    verdicts: dict[str, int] = {}
    number = 0
    for found in judge_everybody(nominees, _WORK["judges"], year=YEAR, day=DAY):
        statuses = {one.status.value for one in found.findings}
        verdict = next((one for one in ("unmet", "undetermined") if one in statuses), "met")
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
        number += 1
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Part(len(nominees), number, verdicts, megabytes, read_busy() - began)


def read_busy() -> float:
    """Seconds of processor time that this process and its database connection have used."""
    from django.db import connection

    connection.ensure_connection()
    raw: Any = connection.connection
    after_name = Path(f"/proc/{raw.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


# --- the same, naively ------------------------------------------------------------------------------------------


def measure_naive(root: Any, sample: int, whole_busy: float) -> Iterator[str]:
    """A query for every fact, as criteria are often written, on a sample; its answers are held against ours."""
    from exemplars.selectors.qualifying import Judges, judge_everybody, list_nominees
    from units.models import Unit
    from units.scoping import unit_scope

    with unit_scope(root.path):
        units = list(Unit.objects.below(root.path).existing_on(DAY).order_by("path"))
        everybody = 60_000 + len(units)
        some = random.Random(1).sample(units, 60)  # noqa: S311
        nominees = [one for unit in some for one in list_nominees([unit], DAY)]
        nominees = random.Random(2).sample(nominees, min(sample, len(nominees)))  # noqa: S311
        judges = Judges(root.path, editions=[build_edition(root.path, ANNUAL)])
        ours = {
            (found.who.unit, found.who.person): {one.code: one.status.value for one in found.findings}
            for found in judge_everybody(nominees, judges, year=YEAR, day=DAY)
        }
        began = read_busy()
        naive = {(one.unit, one.person): judge_naively(one) for one in nominees}
        taken = read_busy() - began
    differing = [key for key, answer in naive.items() if answer != ours[key]]
    if differing:
        yield f"the naive way answers otherwise for {len(differing)} of {len(naive)}: {naive[differing[0]]}"
    whole = taken / len(nominees) * everybody
    print(
        f"\nNaively, a query for every fact: {len(nominees)} nominees of {len(some)} units took {taken:.1f} s of "
        f"processor time; **extrapolated** to {everybody:,} nominees {whole:.0f} s, {whole / whole_busy:.1f} times as "
        "much as here."
    )
    if whole / whole_busy < LEAST_RATIO:
        yield f"only {whole / whole_busy:.1f} times the naive way, {LEAST_RATIO} are wanted"


def judge_naively(one: Any) -> dict[str, str]:
    """Every criterion asks the database for itself; nobody has attested anything, as in the whole above."""
    from units.models import DisciplinaryAction, Grading, Honour, Posting, TitleEligibility

    def graded(subject: dict[str, Any]) -> str:
        row = Grading.objects.filter(**subject, year=YEAR).first()
        return "undetermined" if row is None else "met" if row.grade == "excellent" else "unmet"

    def eligible(subject: dict[str, Any], enough: Sequence[str]) -> str:
        if TitleEligibility.objects.filter(**subject, year=YEAR, is_eligible=True, title__code__in=enough).exists():
            return "met"
        if Honour.objects.filter(**subject, year=YEAR, stands=True, title__code__in=enough).exists():
            return "met"
        return "unmet" if TitleEligibility.objects.filter(**subject, year=YEAR).exists() else "undetermined"

    def disciplined(unit: Any) -> str:
        actions = DisciplinaryAction.objects.filter(decided_on__year=YEAR, unit=unit)
        held = (
            Posting.objects.filter(person=one.person_id, unit=unit, valid_from__lte=one.decided_on) for one in actions
        )
        return "unmet" if any(one.exists() for one in held) else "met"

    of_units = ("TTLDXS", "COBO", "COCP")
    found = {
        "G1": "undetermined",
        "G2": graded({"person": one.person} if one.person else {"collective": one.unit}),
        "G3": "undetermined",
    }
    found["G4"] = "undetermined"
    if one.person is None:
        return found | {"B-T1": eligible({"collective": one.unit}, of_units), "B-T2": disciplined(one.unit)}
    found |= {"B-C1": eligible({"person": one.person}, ENOUGH), "B-C2": "undetermined"}
    posts = Posting.objects.filter(person=one.person, is_head=True, valid_from__lte=DAY)
    post = posts.exclude(valid_to__lt=DAY).first()
    if post is not None:
        found["B-C3"] = eligible({"collective": post.unit_id}, of_units)
    return found


def measure_page(root: Any) -> Iterator[str]:
    """What judging one nomination adds: gathering its facts and judging them, after a first one."""
    from exemplars.selectors.qualifying import Judges, judge_everybody, list_nominees
    from units.models import Unit
    from units.scoping import unit_scope

    unit = Unit.objects.filter(path__startswith=root.path, kind="chi-cuc").order_by("path")[0]
    times, busy = [], []
    with unit_scope(unit.path):
        judges = Judges(root.path, editions=[build_edition(root.path, ())])
        nominees = list_nominees([unit], DAY)
        for turn in range(41):
            wall, spent = time.perf_counter(), read_busy()
            list(judge_everybody([nominees[turn % len(nominees)]], judges, year=YEAR, day=DAY))
            times.append((time.perf_counter() - wall) * 1000)
            busy.append((read_busy() - spent) * 1000)
    times, busy = times[1:], busy[1:]
    print(
        f"\nOne nominee by all four recognitions on a page of a Chi cục: median {statistics.median(times):.1f} ms, "
        f"of it {statistics.mean(busy):.1f} ms of processor time of the web process and its database connection."
    )
    is_crowded = os.getloadavg()[0] > (os.cpu_count() or 1)
    held = statistics.mean(busy) if is_crowded else statistics.median(times)
    if held > MOST_PAGE_MS:
        yield f"one nominee takes {held:.1f} ms on its page, {MOST_PAGE_MS} are allowed"


if __name__ == "__main__":
    main()
