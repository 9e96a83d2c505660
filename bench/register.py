"""The register of a whole sector: `python bench/register.py [--home DIR] [--rounds N]`.

Measures on the database of DIR (else of THIDUA_HOME, else of `var/bench-register`); where it holds nothing, fills it
first with `make_load` (12,000 units, 60,000 people, 300,000 honours, 1,000,000 nominations; UNITS, PEOPLE, HONOURS and
NOMINATIONS in the environment change that) and keeps it for the next run. A day inside the invented years is set as
today. Standard output is Markdown for docs/performance.md; every single line goes to standard error as it is measured.

First part: what the second fence costs. Each query of the application is asked in the scope of the ministry, of a
Cục and of a Chi cục, once as the unit persona and once as a role with the same rights that row policies do not bind,
in turns, in one run; the first fence's filter stays in both. The ratio is the median of the pairs. Search goes
through its function in one case and straight to the table in the other. Second part: how many rows the plans of lists
read for the rows they show. Third part: whole requests, routing to template, for each role in each scope, with the
number of queries. Times hold for one machine and one moment; compare ratios of one run, and watch the number of
queries, which must not depend on the number of rows.

Elapsed time is also what the neighbours of a busy machine make of it. Beside it stands the processor time of the asking
process and of its database connection together, which is what a page costs by itself; ratios are of that, with the
database's parallel workers switched off, so that all of the work is seen. Where the load average is above the number
of cores, the bar of 100 ms is held against the processor time.

The last lines say which bar was missed; the exit code is 1 then.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from units.actors import Actor
    from units.models import Unit

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
DEFAULT_ROUNDS = 21
DAY = "2023-11-13"
MOST_RATIO = 1.5
MOST_MS = 100.0
MOST_READ = 20
FEW_READ = 5_000  # rows that any plan reads in a moment
SIZES = {"units": 12_000, "people": 60_000, "honours": 300_000, "nominations": 1_000_000}
# The scopes, by the kind of the unit that looks.
SCOPES = {"ministry": "bo", "bureau": "cuc-thads", "branch": "chi-cuc"}
CALLED = {"ministry": "ministry", "bureau": "Cục", "branch": "Chi cục"}
# With the rights of the unit persona, past the row policies; exists in the database of a benchmark only, while it runs.
PLAIN = "thidua_bench_plain"
MAKE_PLAIN = f"""
CREATE ROLE {PLAIN} NOLOGIN BYPASSRLS;
GRANT thidua_unit TO {PLAIN} WITH INHERIT TRUE, SET FALSE;
GRANT {PLAIN} TO thidua_login WITH INHERIT FALSE, SET TRUE;
"""
DROP_PLAIN = f"DROP ROLE IF EXISTS {PLAIN}"

# Filters of the list of people, and how its address spells them.
PEOPLE: dict[str, dict[str, Any]] = {
    "first page": {},
    "contracts": {"employment": "contract"},
    "heads": {"heads": True},
    "left": {"standing": "left"},
    "never posted": {"standing": "unposted"},
    "women named «lan»": {"gender": "female", "words": "lan"},
    "«nguyễn»": {"words": "nguyễn"},
}
PEOPLE_PAGES = {
    "people": "",
    "people, page 150": "?page=150",
    "people, contracts": "?employment=contract",
    "people, heads": "?head=yes",
    "people, left": "?standing=left",
    "people, never posted": "?standing=unposted",
    "people named «nguyễn»": "?q=nguyễn",
    "people named «quách lan»": "?q=quách+lan",
    "people by staff code": "?q=MAU-0000",
}

Query = Callable[[], object]
Times = tuple[float, float]  # milliseconds that passed, and milliseconds of processor time


def main() -> None:
    parser = argparse.ArgumentParser(description="What the register costs on a full database.")
    default = os.environ.get("THIDUA_HOME") or str(REPOSITORY / "var" / "bench-register")
    parser.add_argument("--home", type=Path, default=Path(default), help="filled when empty, and kept")
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS, help="how often each thing is asked")
    given = parser.parse_args()
    home = given.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        THIDUA_HOME=str(home),
        DEMONSTRATION_DAY=DAY,
        REQUIRE_SECOND_FACTOR="0",
        PLAIN_STATIC="1",
        LOG_LEVEL="ERROR",
        EMAIL_URL="memorymail://",
        MAIL_CATCHER_DIR=str(home),
    )
    from config import embedded, local

    local.fill_environment()
    embedded.start(home)
    try:
        embedded.run_sql(home, DROP_PLAIN)  # a run that was killed may have left it, and the gate would refuse it
        fill()
        embedded.run_sql(home, MAKE_PLAIN)
        from config import wsgi  # noqa: F401  the process stands as the web process does

        began = describe_machine()
        missed = [*measure_fence(given.rounds), *measure_reading(), *measure_requests(given.rounds)]
        print(f"\nMeasured {date.today():%d %B %Y} in {given.rounds} rounds, {began}; at the end {describe_machine()}.")  # noqa: DTZ011
    finally:
        embedded.run_sql(home, DROP_PLAIN)
        embedded.release(home)
    print("\n".join(f"MISSED {line}" for line in missed) or "No bar was missed.", file=sys.stderr)
    sys.exit(1 if missed else 0)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def fill() -> None:
    run("migrate", "--verbosity=0")
    import django

    django.setup()
    from units.models import Unit

    if not Unit.objects.exists():
        run("make_load", *(f"--{name}={os.environ.get(name.upper(), size)}" for name, size in SIZES.items()))


def run(*command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=REPOSITORY, env=os.environ, check=True)  # noqa: S603


def describe_machine() -> str:
    loads = " ".join(f"{one:.1f}" for one in os.getloadavg())
    told = f"{os.cpu_count()} cores, load average {loads}"
    say(told)
    return told


# --- what the fence costs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time without and with the second fence, and the median ratio of the pairs."""

    plain: float
    fenced: float
    ratio: float
    rows: int


def measure_fence(rounds: int) -> Iterator[str]:
    say(f"\n{'query':<34} {'scope':<9} {'plain ms':>9} {'fenced ms':>10} {'ratio':>6}   (processor time)")
    found: dict[str, dict[str, Cost]] = {}
    for scope, unit in find_units().items():
        for name, fenced, plain in list_queries(unit):
            with in_scope(unit.path, is_fenced=True):
                rows = count_rows(fenced())
            pairs = time_pairs(unit.path, fenced, plain, rounds)
            without, within = (statistics.median(one) for one in zip(*pairs, strict=True))
            cost = Cost(without, within, statistics.median(b / a for a, b in pairs), rows)
            found.setdefault(name, {})[scope] = cost
            say(f"{name:<34} {scope:<9} {without:>9.2f} {within:>10.2f} {cost.ratio:>6.2f}")
            if cost.ratio > MOST_RATIO:
                yield f"{name} at the {scope}: the fence costs {cost.ratio:.2f} times the plain filter"
    scopes = [f"{CALLED[scope]}: rows | plain → fenced, ms | ratio" for scope in SCOPES]
    print(f"| query | {' | '.join(scopes)} |\n|---|{'---:|' * 3 * len(scopes)}")
    for name, costs in found.items():
        cells = [
            f"{one.rows} | {one.plain:.1f} → {one.fenced:.1f} | {one.ratio:.2f}" if one else "– | – | –"
            for one in map(costs.get, SCOPES)
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def count_rows(answer: object) -> int:
    """How many rows an answer holds; a number found by counting is one row of the answer."""
    from units.selectors.search import Found

    if isinstance(answer, Found):
        return len(answer.ids)
    if isinstance(answer, tuple):
        return sum(count_rows(one) for one in answer)
    return len(answer) if isinstance(answer, (list, dict)) else 1


def find_units() -> dict[str, "Unit"]:
    """The unit of each scope: of a kind, the one whose branch holds most people of the usual size."""
    from units.models import Unit

    return {scope: Unit.objects.filter(kind=kind).order_by("path")[0] for scope, kind in SCOPES.items()}


def time_pairs(path: str, fenced: Query, plain: Query, rounds: int) -> list[tuple[float, float]]:
    """Processor time without and with the fence, the one that begins changing from round to round."""
    pairs = []
    for number in range(-1, rounds):
        taken = {}
        for is_fenced in (True, False) if number % 2 else (False, True):
            with in_scope(path, is_fenced=is_fenced):
                taken[is_fenced] = timed(fenced if is_fenced else plain)[1]
        if number >= 0:  # the first round warms the cache
            pairs.append((taken[False], taken[True]))
    return pairs


@contextmanager
def in_scope(path: str, *, is_fenced: bool) -> Iterator[None]:
    from django.db import connection, transaction

    from units.scoping import unit_scope

    with transaction.atomic(), unit_scope(path):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            if not is_fenced:
                cursor.execute(f"SET LOCAL ROLE {PLAIN}")
        yield


def list_queries(unit: "Unit") -> Iterator[tuple[str, Query, Query]]:
    """Name, the query as the application asks it, and the same for the role without a fence."""
    from exemplars.selectors.nominations import (
        count_by_state,
        find_subjects,
        list_nominations_for,
        narrow_nominations,
    )
    from units.models import Honour, Person
    from units.selectors.people import list_people
    from units.selectors.search import search_people

    def both(name: str, query: Query) -> tuple[str, Query, Query]:
        return name, query, query

    def newest(state: str = "", start: int = 0) -> Query:
        found = narrow_nominations(list_nominations_for(unit.path), unit.path, None, state)
        return lambda: list(found.values_list("pk", flat=True)[start : start + 25])

    def named(words: str) -> Query:
        def ask() -> object:
            subjects = find_subjects(words, unit.path)
            found = narrow_nominations(list_nominations_for(unit.path), unit.path, subjects, "")
            return list(found.values_list("pk", flat=True)[:25])

        return ask

    from units.scoping import unit_scope

    with unit_scope(unit.path):
        person = Person.objects.order_by("sort_key", "pk").first()
        assert person is not None
        yield both("units, first page", lambda: list(type(unit).objects.below(unit.path)[:50]))
        for name, filters in PEOPLE.items():
            people = partial(list_people, unit, day=date.fromisoformat(DAY), **filters)
            yield both(
                f"people, {name}", lambda people=people, rare="standing" in filters: list(open_page(people(), rare))
            )
        for term in ("nguyen", "quach", "nguyen thi hu", person.staff_code):
            yield (
                f"search people «{term if term != person.staff_code else 'staff code'}»",
                lambda term=term: search_people(term),
                lambda term=term: search_straight(term, unit.path),
            )
        yield both("person with honours", lambda: read_person(person.pk))
        yield both("honours of a year", lambda: list(Honour.objects.filter(year=2022).values_list("pk")[:50]))
        yield both("nominations by state, counted", lambda: count_by_state(unit))
        yield both("nominations, first page", newest())
        yield both("nominations, row 5,000", newest(start=5000))
        yield both("nominations declined", newest("declined"))
        yield both("nominations of «quach»", named("quach"))


def open_page(people: Any, at_once: bool) -> Any:  # noqa: FBT001
    """The first page with the number of all, as the list of people asks for it."""
    from units.models import Person
    from units.paging import BoundedPaginator, ByIds
    from units.selectors.people import with_posts

    shown = with_posts(Person.objects.select_related("unit"), day=date.fromisoformat(DAY))
    return BoundedPaginator(ByIds(people, shown, at_once=at_once), 50).get_page(1)


def read_person(pk: object) -> object:
    from units.models import Person
    from units.selectors.record import list_honours

    person = Person.objects.select_related("unit").get(pk=pk)
    return list(person.postings.all()), list(person.gradings.all()), list(list_honours(person=person.pk))


def search_straight(term: str, path: str) -> list[Any]:
    """What the function of the database asks, without the function."""
    from django.db import connection

    from units.folding import fold

    words = fold(term).split()
    wanted = " & ".join(f"'{word}'" for word in words) + ":*"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM units_person WHERE unit_path >= %s AND unit_path < %s AND"
            " array_to_tsvector(array_remove(string_to_array(folded_name || ' ' || lower(staff_code), ' '), ''))"
            " @@ %s::tsquery ORDER BY sort_key, id LIMIT 1001",
            [path, f"{path}~", wanted],
        )
        return cursor.fetchall()


# --- what a page reads ------------------------------------------------------------------------------------------


def measure_reading() -> Iterator[str]:
    """No scan may read more than 20 times the rows that the page shows, or twice what the scope has of the table."""
    from exemplars.selectors.nominations import list_nominations_for, narrow_nominations
    from units.fence import list_tenant_models
    from units.scoping import unit_scope
    from units.selectors.people import list_people

    tenants = {model._meta.db_table: model for model in list_tenant_models()}  # noqa: SLF001
    say(f"\n{'list':<34} {'scope':<9} {'table':<22} {'shown':>7} {'read':>9} {'of scope':>9}")
    for scope, unit in find_units().items():
        with unit_scope(unit.path):
            lists: dict[str, Any] = {
                f"people, {name}": list_people(unit, day=date.fromisoformat(DAY), **filters)[:50]
                for name, filters in PEOPLE.items()
            }
            for state in ("", "forwarded", "declined"):
                found = narrow_nominations(list_nominations_for(unit.path), unit.path, None, state)
                lists[f"nominations {state}"] = found.values_list("pk")[:25]
            for name, rows in lists.items():
                told = rows.explain(format="json", analyze=True)
                if not told:
                    continue  # nothing can match, and nothing is asked
                plan = json.loads(told)[0]["Plan"]
                shown = max(1, round(plan["Actual Rows"]))
                for table, read in scans_of(plan):
                    if table not in tenants:
                        continue
                    own = tenants[table]._default_manager.count()  # noqa: SLF001
                    say(f"{name:<34} {scope:<9} {table:<22} {shown:>7} {read:>9} {own:>9}")
                    if read > max(MOST_READ * shown, 2 * own, FEW_READ):  # a join may look at a row from both its sides
                        yield f"{name} at the {scope}: {read} rows of {table} read for {shown} shown"


def scans_of(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Table and number of rows looked at of each scan of the plan."""
    if "Relation Name" in plan:
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        yield plan["Relation Name"], round((plan["Actual Rows"] + removed) * plan["Actual Loops"])
    for one in plan.get("Plans", ()):
        yield from scans_of(one)


# --- whole requests ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One page asked by one role in one scope; milliseconds."""

    page: str
    scope: str
    role: str
    middle: float
    high: float
    own: float  # processor time, 95 of 100
    queries: int


def measure_requests(rounds: int) -> Iterator[str]:
    say(f"\n{'page':<34} {'scope':<9} {'role':<13} {'p50 ms':>7} {'p95 ms':>7} {'cpu p95':>8} {'queries':>8}")
    asked: list[Asked] = []
    counted: dict[tuple[str, str], set[int]] = {}
    for one, is_full in ask_pages(rounds):
        asked.append(one)
        say(
            f"{one.page:<34} {one.scope:<9} {one.role:<13} {one.middle:>7.1f} {one.high:>7.1f} {one.own:>8.1f}"
            f" {one.queries:>8}"
        )
        if is_full:  # an empty list asks for less
            counted.setdefault((one.page, one.role), set()).add(one.queries)
        is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
        if (one.own if is_busy else one.high) > MOST_MS:
            yield f"{one.page} at the {one.scope} as {one.role}: p95 {one.high:.0f} ms, {one.own:.0f} of its own"
    for (name, role), numbers in counted.items():
        # What waits stands ahead as a list of its own: one query more where anything does.
        if max(numbers) - min(numbers) > 1:
            yield f"{name} as {role}: {sorted(numbers)} queries, by scope"
    print_pages(asked)
    print_roles(asked)


def ask_pages(rounds: int) -> Iterator[tuple[Asked, bool]]:
    """Each page of each role in each scope, and whether it had rows to show."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    for scope, unit in find_units().items():
        for actor in list_actors(unit):
            client = Client(SERVER_NAME="localhost")
            client.force_login(actor.account)
            role = actor.role.value if actor.role else ""
            for name, permission, address in list_pages(unit):
                if not actor.may(permission):
                    continue
                page = client.get(address)
                assert page.status_code == 200, (name, actor.label)
                times = [timed(lambda client=client, address=address: client.get(address)) for _ in range(rounds)]
                with CaptureQueriesContext(connection) as queries:
                    client.get(address)
                passed, worked = zip(*times, strict=True)
                high, own = percentile(passed), percentile(worked)
                yield (
                    Asked(name, scope, role, statistics.median(passed), high, own, len(queries)),
                    b"<tbody>" in page.content,
                )


def print_pages(asked: Sequence[Asked]) -> None:
    """A line for each page, with the role that waited longest in each scope."""
    scopes = [f"{CALLED[scope]}: p50 | p95 | queries" for scope in SCOPES]
    print(f"\n| page, slowest role | {' | '.join(scopes)} |\n|---|{'---:|' * 3 * len(scopes)}")
    for name in dict.fromkeys(one.page for one in asked):
        cells = []
        for scope in SCOPES:
            found = [one for one in asked if (one.page, one.scope) == (name, scope)]
            slowest = max(found, key=lambda one: one.high)
            cells.append(f"{slowest.middle:.0f} | {slowest.high:.0f} | {span(one.queries for one in found)}")
        print(f"| {name} | {' | '.join(cells)} |")


def print_roles(asked: Sequence[Asked]) -> None:
    """A line for each role in each scope, with the page that it waited longest for."""
    print("\n| role | at the | pages | p50 | p95 at most | of | processor p95 at most |")
    print("|---|---|---:|---:|---:|---|---:|")
    for scope in SCOPES:
        for role in dict.fromkeys(one.role for one in asked if one.scope == scope):
            found = [one for one in asked if (one.role, one.scope) == (role, scope)]
            slowest = max(found, key=lambda one: one.high)
            middle, own = statistics.median(one.middle for one in found), max(one.own for one in found)
            print(
                f"| {role} | {CALLED[scope]} | {len(found)} | {middle:.0f} | {slowest.high:.0f} | {slowest.page} |"
                f" {own:.0f} |"
            )


def span(numbers: Iterable[int]) -> str:
    all_of_them = sorted(set(numbers))
    return "–".join(str(one) for one in dict.fromkeys((all_of_them[0], all_of_them[-1])))


def percentile(times: Sequence[float]) -> float:
    """The time within which 95 of 100 were answered, by nearest rank."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def timed(ask: Query) -> Times:
    before, worked = time.perf_counter(), work_done()
    ask()
    return (time.perf_counter() - before) * 1000, work_done() - worked


def work_done() -> float:
    """Milliseconds of processor time of this process and of its database connection's."""
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    return time.process_time() * 1000 + int(backend.split()[0]) / 1_000_000


def list_actors(unit: "Unit") -> list["Actor"]:
    from units.actors import act_as
    from units.models import Membership

    return [act_as(one) for one in Membership.objects.filter(unit=unit).select_related("user", "unit")]


def list_pages(unit: "Unit") -> Iterator[tuple[str, str, str]]:
    """Name, permission and address of each list and search of the register, and of one record of each kind."""
    from django.urls import reverse

    from exemplars.models import Nomination
    from units.models import Person
    from units.scoping import unit_scope

    with unit_scope(unit.path):
        person = Person.objects.order_by("sort_key", "pk").first()
        nomination = Nomination.objects.filter(state="recognised").order_by("-saved_at").first()
    assert person is not None
    assert nomination is not None
    nominations, see = reverse("exemplars:nomination-list"), "exemplars.view_nomination"
    yield "nominations", see, nominations
    yield "nominations, last page opened", see, f"{nominations}?page=400"
    yield "nominations declined", see, f"{nominations}?state=declined"
    yield "nominations of «nguyễn thị lan»", see, f"{nominations}?q=nguyễn+mẫu+thị+lan"
    yield "nominations of «nguyễn»", see, f"{nominations}?q=nguyễn"
    yield "nominations of units «phòng»", see, f"{nominations}?q=phòng"
    yield "nomination", see, nomination.get_absolute_url()
    for name, filters in PEOPLE_PAGES.items():
        yield name, "units.view_person", reverse("units:person-list") + filters
    yield "honours", "units.view_person_record", reverse("units:honour-list")
    tree = reverse("units:unit-list")
    yield "units, tree", "units.view_unit", tree
    yield "units named «phòng»", "units.view_unit", f"{tree}?q=phòng"
    yield "units named «chi cục thi hành»", "units.view_unit", f"{tree}?q=chi+cục+thi+hành"
    yield "unit", "units.view_unit", reverse("units:unit-detail", args=[unit.pk])
    yield "person", "units.view_person_record", reverse("units:person-detail", args=[person.pk])
    yield "trail of the unit", "units.view_audit", reverse("units:trail-unit", args=[unit.pk])


if __name__ == "__main__":
    main()
