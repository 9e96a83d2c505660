"""What judging costs: `python bench/rules.py [--home DIR] [--sample N]`, and `python bench/rules.py --engines`.

The first form measures on the database of DIR (else of THIDUA_HOME, else of `var/bench-register`), which must hold an
invented sector (`make_load`; bench/register.py makes one): the whole ministry by the yearly recognition of the
grassroots and by all recognitions of a plan, read from the database and judged, in one process and in two; then the
same work written naively, a query for every fact, on a sample of nominees, whose time is extrapolated to all, and
whose answers must be the same; then what judging one nomination adds to its page. The edition is the shipped one with
the root as its issuer, built in memory: nothing is written.

The second form needs no database and no Django: nominees judged a second from facts in memory, by this program and by
two rule engines given the same criteria. Extra requirements, for this form only, in an environment of their own:
`rule-engine` and `business-rules`; one that is not installed is left out. They are asked what they can express: the
status of each criterion of the yearly recognition of a person, with a fixed sentence, without what was read, by how
much, when, or the ladder in force on the day (its codes are written into their conditions). The facts are laid out flat
for them beforehand, and that is not counted. Each engine's answers are held against this program's.

Standard output is Markdown for docs/performance.md; the last lines say which bar was missed, exit code 1 then.
"""

import argparse
import gc
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
DAY, YEAR = date(2023, 12, 31), 2023
DOCUMENT = REPOSITORY / "exemplars" / "data" / "rulebooks" / "thads-thai-nguyen-2023.ban-2.toml"
UNITS_A_PART = 600
MOST_SECONDS, MOST_MEGABYTES, LEAST_RATIO, MOST_PAGE_MS = 60, 500, 20, 20
ANNUAL = ("grassroots-annual",)
JUDGED_BY_PEOPLE = ("G1", "G3", "G4", "B-C2")
ENOUGH = ("CSTDCS", "CSTDB", "CSTDTQ")
Judge = Callable[[dict[str, Any]], dict[str, tuple[str, str]]]


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


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# --- facts in memory, beside other engines ----------------------------------------------------------------------


def invent_cases(number: int) -> list[Any]:
    from exemplars.rules import (
        Attestation,
        Case,
        Discipline,
        DisciplineOf,
        EligibleTitle,
        Employment,
        Facts,
        Grading,
        HonourHeld,
        Level,
        Nominee,
        NomineeKind,
    )

    dice = random.Random("nganh-mau")  # noqa: S311
    titles, grades = ("LDTT", *ENOUGH), ("excellent", "good", "completed")
    return [
        Case(
            recognition="grassroots-annual",
            year=YEAR,
            as_of=DAY,
            nominee=Nominee(NomineeKind.PERSON, Employment.CIVIL_SERVANT),
            facts=Facts(
                gradings=tuple(Grading(year, dice.choice(grades)) for year in range(2019, 2024) if dice.random() < 0.9),
                eligible_titles=None
                if dice.random() < 0.1
                else tuple(
                    EligibleTitle(dice.choice(titles), year) for year in range(2020, 2024) if dice.random() < 0.7
                ),
                honours=tuple(
                    HonourHeld(dice.choice(titles), Level.GRASSROOTS, dice.randint(2016, 2023))
                    for _ in range(dice.randint(0, 6))
                ),
                discipline=tuple(
                    Discipline(DisciplineOf.NOMINEE, "khien-trach", date(dice.randint(2019, 2023), 5, 4))
                    for _ in range(dice.random() < 0.02)
                ),
                attested=tuple(
                    Attestation(code, holds=dice.random() < 0.9) for code in JUDGED_BY_PEOPLE if dice.random() < 0.8
                ),
            ),
        )
        for _ in range(number)
    ]


def flatten(case: Any) -> dict[str, Any]:
    """The facts as an engine reads them: lists of plain values and mappings, and whether they are known."""
    facts = case.facts
    return {
        "year": YEAR,
        "gradings": [{"year": one.year, "grade": one.grade} for one in facts.gradings],
        "is_reviewed": facts.eligible_titles is not None,
        "eligible": [{"year": one.year, "title": one.title} for one in facts.eligible_titles or ()],
        "honours": [{"year": one.year, "title": one.title} for one in facts.honours],
        "attested": [one.code for one in facts.attested if one.holds],
        "denied": [one.code for one in facts.attested if not one.holds],
    }


def compare_engines(number: int = 4_000) -> Iterator[str]:
    from exemplars.rules import assess, parse_rulebook

    rulebook = parse_rulebook(DOCUMENT.read_text(encoding="utf-8"))
    cases = invent_cases(number)
    flat = [flatten(case) for case in cases]
    ours, spent = timed(lambda: [assess(rulebook, case) for case in cases])
    expected = [{one.code: one.status.value for one in answer.findings} for answer in ours]
    print("| engine | nominees a second | against this program | what it answers |\n|---|---:|---:|---|")
    rate = number / spent
    print(f"| this program | {rate:,.0f} | 1.0 | status, reason with what was read, citation, remedy, first day |")
    for name, build in (("rule-engine", build_rule_engine), ("business-rules", build_business_rules)):
        try:
            judge = build()
        except ImportError:
            say(f"{name} is not installed; left out")
            continue
        answers, taken = timed(lambda judge=judge: [judge(one) for one in flat])
        if [{code: status for code, (status, _) in answer.items()} for answer in answers] != expected:
            yield f"{name} answers otherwise"
        print(f"| {name} | {number / taken:,.0f} | {spent / taken:.2f} | status, a fixed sentence |")
        if taken < spent:
            yield f"{name} is ahead: {number / taken:,.0f} a second"


def timed(work: Callable[[], Any], rounds: int = 5) -> tuple[Any, float]:
    """The answer, and the least processor time of some rounds: neighbours only ever add.

    Without the collector of cycles, as `timeit` measures: what thousands of kept answers cost it is no engine's.
    """
    best, answer = float("inf"), None
    for _ in range(rounds):
        answer = None
        gc.collect()
        gc.disable()
        began = time.process_time()
        answer = work()
        best = min(best, time.process_time() - began)
        gc.enable()
    return answer, best


def sentence(code: str, status: str) -> str:
    return f"Tiêu chuẩn {code}: {status}."


def build_rule_engine() -> Judge:
    import rule_engine

    enough = ", ".join(f'"{one}"' for one in ENOUGH)
    reached = " or ".join(
        f'[one for one in {key} if one["year"] == year and one["title"] in [{enough}]].length > 0'
        for key in ("eligible", "honours")
    )
    graded = '[one for one in gradings if one["year"] == year and one["grade"] {} "excellent"].length > 0'
    texts = {code: {"met": f'"{code}" in attested', "unmet": f'"{code}" in denied'} for code in JUDGED_BY_PEOPLE} | {
        "G2": {"met": graded.format("=="), "unmet": graded.format("!=")},
        "B-C1": {"met": reached, "unmet": "is_reviewed"},
    }
    rules = {
        code: [(status, rule_engine.Rule(text), sentence(code, status)) for status, text in one.items()]
        for code, one in texts.items()
    }
    other = {code: ("undetermined", sentence(code, "undetermined")) for code in rules}

    def judge(facts: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = dict(other)
        for code, tests in rules.items():
            for status, rule, words in tests:
                if rule.matches(facts):
                    found[code] = (status, words)
                    break
        return found

    return judge


def build_business_rules() -> Judge:  # noqa: C901  small classes as that engine wants them
    """Its conditions compare values; what is read from lists has to be written as a variable, in Python."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import BaseVariables, boolean_rule_variable, select_multiple_rule_variable

    class Variables(BaseVariables):
        def __init__(self, facts: dict[str, Any]) -> None:
            self.facts = facts

        @select_multiple_rule_variable()
        def attested(self) -> list[str]:
            return self.facts["attested"]

        @select_multiple_rule_variable()
        def denied(self) -> list[str]:
            return self.facts["denied"]

        @select_multiple_rule_variable()
        def grades(self) -> list[str]:
            return [one["grade"] for one in self.facts["gradings"] if one["year"] == self.facts["year"]]

        @select_multiple_rule_variable()
        def titles(self) -> list[str]:
            year = self.facts["year"]
            return [one["title"] for key in ("eligible", "honours") for one in self.facts[key] if one["year"] == year]

        @boolean_rule_variable()
        def is_reviewed(self) -> bool:
            return self.facts["is_reviewed"]

    class Actions(BaseActions):
        def __init__(self, found: dict[str, tuple[str, str]]) -> None:
            self.found = found

        @rule_action(params={"code": FIELD_TEXT, "status": FIELD_TEXT, "words": FIELD_TEXT})
        def answer(self, code: str, status: str, words: str) -> None:
            self.found[code] = (status, words)

    def rule(code: str, status: str, *conditions: tuple[str, str, Any]) -> dict[str, Any]:
        listed = [{"name": name, "operator": operator, "value": value} for name, operator, value in conditions]
        params = {"code": code, "status": status, "words": sentence(code, status)}
        return {"conditions": {"all": listed}, "actions": [{"name": "answer", "params": params}]}

    rules = []
    for code in JUDGED_BY_PEOPLE:
        rules.append(rule(code, "met", ("attested", "contains_all", [code])))
        rules.append(rule(code, "unmet", ("denied", "contains_all", [code])))
    lower, some = ["good", "completed", "failed"], "shares_at_least_one_element_with"
    rules += [
        rule("G2", "met", ("grades", "contains_all", ["excellent"])),
        rule("G2", "unmet", ("grades", some, lower)),
        rule("B-C1", "met", ("titles", some, list(ENOUGH))),
        rule(
            "B-C1",
            "unmet",
            ("titles", "shares_no_elements_with", list(ENOUGH)),
            ("is_reviewed", "is_true", True),
        ),
    ]
    codes = ("G1", "G2", "G3", "G4", "B-C1", "B-C2")
    other = {code: ("undetermined", sentence(code, "undetermined")) for code in codes}

    def judge(facts: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = dict(other)
        run_all(rules, Variables(facts), Actions(found), stop_on_first_trigger=False)
        return found

    return judge


if __name__ == "__main__":
    main()
