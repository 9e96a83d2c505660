"""The register of a whole sector: `THIDUA_HOME=… python bench/register.py [ROUNDS]`.

Measures on the database of THIDUA_HOME; where it holds nothing, fills it first with `make_load` (12,000 units, 60,000
people, 300,000 honours, 1,000,000 nominations; UNITS, PEOPLE, HONOURS and NOMINATIONS in the environment change
that) and keeps it for the next run. A day inside the invented years is set as today.

First part: what the second fence costs. Each query of the application is asked in the scope of the ministry, of a
Cục and of a Chi cục, once as the unit persona and once as a role with the same rights that row policies do not bind,
in turns, in one run; the first fence's filter stays in both. The ratio is the median of the pairs. Search goes
through its function in one case and straight to the table in the other. Second part: how many rows the plans of lists
read for the rows they show. Third part: whole requests, routing to template, for each role in each scope, with the
number of queries. Times hold for one machine and one moment; compare
ratios of one run, and watch the number of queries, which must not depend on the number of rows.

Elapsed time is also what the neighbours of a busy machine make of it. Beside it stands the processor time of the asking
process and of its database connection together, which is what a page costs by itself; ratios are of that, and where
the load average is above the number of cores the bar of 100 ms is held against it too.

The last lines say which bar was missed; the exit code is 1 then.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
SIZES = {"units": 12_000, "people": 60_000, "honours": 300_000, "nominations": 1_000_000}
# The scopes, by the kind of the unit that looks.
SCOPES = {"ministry": "bo", "bureau": "cuc-thads", "branch": "chi-cuc"}
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
    "women named «lan»": {"gender": "female", "words": "lan"},
    "«nguyễn»": {"words": "nguyễn"},
}
PEOPLE_PAGES = {
    "people": "",
    "people, page 150": "?page=150",
    "people, contracts": "?employment=contract",
    "people, heads": "?head=yes",
    "people named «nguyễn»": "?q=nguyễn",
    "people named «quách lan»": "?q=quách+lan",
    "people by staff code": "?q=MAU-0000",
}

Query = Callable[[], object]
Times = tuple[float, float]  # milliseconds that passed, and milliseconds of processor time


def main() -> None:
    home = os.environ.get("THIDUA_HOME")
    if not home:
        sys.exit("Set THIDUA_HOME to a folder of its own: its database is filled and kept.")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROUNDS
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DEMONSTRATION_DAY=DAY,
        PLAIN_STATIC="1",
        LOG_LEVEL="ERROR",
        EMAIL_URL="memorymail://",
        REQUIRE_SECOND_FACTOR="0",
        MAIL_CATCHER_DIR=home,
    )
    from config import embedded, local

    local.fill_environment()
    place = Path(home)
    embedded.start(place)
    try:
        fill()
        embedded.run_sql(place, DROP_PLAIN)
        embedded.run_sql(place, MAKE_PLAIN)
        describe_machine()
        missed = [*measure_fence(rounds), *measure_reading(), *measure_requests(rounds)]
        describe_machine()
    finally:
        embedded.run_sql(place, DROP_PLAIN)
        embedded.release(place)
    for line in missed:
        print("MISSED", line)
    sys.exit(1 if missed else 0)


def fill() -> None:
    run("migrate", "--verbosity=0")
    import django

    django.setup()
    from units.models import Unit

    if not Unit.objects.exists():
        run("make_load", *(f"--{name}={os.environ.get(name.upper(), size)}" for name, size in SIZES.items()))


def run(*command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=REPOSITORY, env=os.environ, check=True)  # noqa: S603


def describe_machine() -> None:
    print(f"cores {os.cpu_count()}, load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}", flush=True)


# --- what the fence costs ---------------------------------------------------------------------------------------


def measure_fence(rounds: int) -> Iterator[str]:
    print(f"\n{'query':<34} {'scope':<9} {'plain ms':>9} {'fenced ms':>10} {'ratio':>6}   (processor time)")
    for scope, unit in find_units().items():
        for name, fenced, plain in list_queries(unit):
            pairs = time_pairs(unit.path, fenced, plain, rounds)
            without, within = (statistics.median(one) for one in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            print(f"{name:<34} {scope:<9} {without:>9.2f} {within:>10.2f} {ratio:>6.2f}", flush=True)
            if ratio > MOST_RATIO:
                yield f"{name} at the {scope}: the fence costs {ratio:.2f} times the plain filter"


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
        if not is_fenced:
            with connection.cursor() as cursor:
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
            yield both(f"people, {name}", lambda people=people: list(people()[:50]))
        yield both("people, counted to 10,000", Person.objects.order_by()[:10_001].count)
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
    """No scan may read more than 20 times the rows that the page shows, or else twice what the scope has of the table."""
    from exemplars.selectors.nominations import list_nominations_for, narrow_nominations
    from units.fence import list_tenant_models
    from units.scoping import unit_scope
    from units.selectors.people import list_people

    tenants = {model._meta.db_table: model for model in list_tenant_models()}  # noqa: SLF001
    print(f"\n{'list':<34} {'scope':<9} {'table':<22} {'shown':>7} {'read':>9} {'of scope':>9}")
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
                    print(f"{name:<34} {scope:<9} {table:<22} {shown:>7} {read:>9} {own:>9}", flush=True)
                    if read > max(MOST_READ * shown, 2 * own):  # a join may look at a row from both its sides
                        yield f"{name} at the {scope}: {read} rows of {table} read for {shown} shown"


def scans_of(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Table and number of rows looked at of each scan of the plan."""
    if "Relation Name" in plan:
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        yield plan["Relation Name"], round((plan["Actual Rows"] + removed) * plan["Actual Loops"])
    for one in plan.get("Plans", ()):
        yield from scans_of(one)


# --- whole requests ---------------------------------------------------------------------------------------------


def measure_requests(rounds: int) -> Iterator[str]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted: dict[tuple[str, str], set[int]] = {}
    print(f"\n{'page':<34} {'scope':<9} {'role':<13} {'p50 ms':>7} {'p95 ms':>7} {'cpu p95':>8} {'queries':>8}")
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
                middle, high, own = statistics.median(passed), percentile(passed), percentile(worked)
                print(
                    f"{name:<34} {scope:<9} {role:<13} {middle:>7.1f} {high:>7.1f} {own:>8.1f} {len(queries):>8}",
                    flush=True,
                )
                if b"<tbody>" in page.content:  # an empty list asks for less
                    counted.setdefault((name, role), set()).add(len(queries))
                is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
                if (own if is_busy else high) > MOST_MS:
                    yield f"{name} at the {scope} as {role}: p95 {high:.0f} ms, {own:.0f} of its own"
    for (name, role), numbers in counted.items():
        # What waits stands ahead as a list of its own: one query more where anything does.
        if max(numbers) - min(numbers) > 1:
            yield f"{name} as {role}: {sorted(numbers)} queries, by scope"


def percentile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


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
    """Name, permission and address of each page that a list or a search makes."""
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
    yield "person", "units.view_person_record", reverse("units:person-detail", args=[person.pk])
    yield "trail of the unit", "units.view_audit", reverse("units:trail-unit", args=[unit.pk])


if __name__ == "__main__":
    main()
