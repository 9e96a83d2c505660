"""Campaigns of a whole sector: `python bench/campaigns.py [--home DIR] [--rounds N]`.

Measures on the database of DIR (else of THIDUA_HOME, else of `var/bench-register`), which `bench/register.py` fills;
on its first run it adds a plan of the ministry for this year and one for last year, put to every unit: reports that
were sent, received, returned and not sent, with values for three indicators, and levels for everybody, for kinds of
units and for single ones. What is added is the same for the same units. A day inside the invented years is set as
today. Standard output is Markdown for docs/performance.md; single lines go to standard error as they are measured.

First part: whole requests, routing to template, at the ministry and at a Cục, with the number of queries. Second part:
the job that writes the day's reminders for every unit at once, in a transaction that is rolled back: when nobody has a
letter yet, a minute later when everybody has, and the composing of letters. Bars: 95 of 100 answers of a page within
100 ms, and the same number of queries whatever the number of rows.

Elapsed time is also what the neighbours of a busy machine make of it; where the load average is above the number of
cores, the bar is held against the processor time of the process and of its database connection. The last lines say
which bar was missed; the exit code is 1 then.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from register import DAY, MOST_MS, describe_machine, percentile, run, say, timed, work_done

if TYPE_CHECKING:
    from campaigns.models import Assignment, Campaign, Indicator, Obligation
    from units.models import Unit

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_ROUNDS = 21
# The units that look, by kind.
PLACES = {"ministry": "bo", "Cục": "cuc-thads"}
COMPOSED = 200
BATCH = 4_000
SEED = "phong-trao-mau"
CODES = {2022: "MAU-TOAN-NGANH-2022", 2023: "MAU-TOAN-NGANH-2023"}
INDICATORS = (
    ("TY-LE", "Tỷ lệ việc xong trong hạn", "percent", "more"),
    ("DON-THU", "Số đơn chưa giải quyết", "count", "less"),
    ("SANG-KIEN", "Số sáng kiến được công nhận", "count", "more"),
)
# What a page says instead of a list.
EMPTY = ("Không có việc nào khớp", "Không có số liệu nào khớp", "Đơn vị không còn việc nào phải làm")
# Of a hundred units: how many have sent, had it received, had it returned; the others have sent nothing.
SHARES = {"plan": (3, 90, 2), "half": (5, 85, 2), "year": (15, 25, 4), "past": (0, 99, 0)}


def main() -> None:
    parser = argparse.ArgumentParser(description="What campaigns cost on a full database.")
    default = os.environ.get("THIDUA_HOME") or str(REPOSITORY / "var" / "bench-register")
    parser.add_argument("--home", type=Path, default=Path(default), help="filled by bench/register.py, and kept")
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS, help="how often each page is asked")
    parser.add_argument("--only", default="", help="measure the pages whose names hold these words, and no job")
    given = parser.parse_args()
    home = given.home.resolve()
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
        run("migrate", "--verbosity=0")
        import django

        django.setup()
        if fill():
            embedded.run_sql(home, "VACUUM ANALYZE", database="thidua")
        from config import wsgi  # noqa: F401  the process stands as the web process does

        began = describe_machine()
        missed = list(measure_pages(given.rounds, given.only))
        if not given.only:
            measure_reminders()
        print(f"\nMeasured {date.today():%d %B %Y} in {given.rounds} rounds, {began}; at the end {describe_machine()}.")  # noqa: DTZ011
    finally:
        embedded.release(home)
    print("\n".join(f"MISSED {line}" for line in missed) or "No bar was missed.", file=sys.stderr)
    sys.exit(1 if missed else 0)


# --- what is added ----------------------------------------------------------------------------------------------


def fill() -> bool:
    """Add the two plans unless they stand; say whether anything was added."""
    from django.db import transaction

    from campaigns.models import Campaign
    from units.models import Unit
    from units.scoping import maintenance_scope

    if not Unit.objects.exists():
        sys.exit("The database is empty; let bench/register.py fill it first.")
    if Campaign.objects.filter(code=CODES[2023]).exists():
        return False
    began = time.monotonic()
    with transaction.atomic(), maintenance_scope("a benchmark fills the plans of a whole sector"):
        _Filling().write()
    say(f"plans of a whole sector added in {time.monotonic() - began:.0f} s")
    return True


class _Filling:
    """Writes everything with one stream of chances, so that the same units get the same."""

    def __init__(self) -> None:
        from units.models import Membership, Unit

        self.chance = random.Random(SEED)  # noqa: S311  nothing secret
        self.units = list(Unit.objects.order_by("path"))
        self.top = next(unit for unit in self.units if unit.is_root)
        clerks = Membership.objects.filter(role="clerk").order_by("user__username").values_list("unit", "user")
        self.clerks = dict(clerks)
        self.units = [unit for unit in self.units if unit.pk in self.clerks]
        self.codes = 0

    def write(self) -> None:
        past, past_indicators = self._launch(2022)
        self._owe(
            past, "NAM", "Báo cáo năm", "past", past_indicators, last_day=date(2022, 11, 20), filing="yearly-report"
        )
        plan, indicators = self._launch(2023)
        self._owe(plan, "KE-HOACH", "Kế hoạch của đơn vị", "plan", [], last_day=date(2023, 2, 28), kind="plan")
        half = {"last_day": date(2023, 6, 15), "filing": "half-year-report"}
        self._owe(plan, "NUA-NAM", "Báo cáo 6 tháng", "half", indicators, half=1, **half)
        # A week from today, so that everybody who has not sent it is reminded today.
        year = {"last_day": date.fromisoformat(DAY) + timedelta(days=7), "filing": "yearly-report"}
        self._owe(plan, "NAM", "Báo cáo năm", "year", indicators, **year)

    def _key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _launch(self, year: int) -> "tuple[Campaign, list[Indicator]]":
        from campaigns.models import Campaign, Indicator, IndicatorTarget

        plan = Campaign.objects.create(
            code=CODES[year],
            title=f"Phong trào mẫu của toàn ngành năm {year}",
            kind="regular",
            issuer=self.top,
            plan_name="Kế hoạch mẫu",
            opens_on=date(year, 1, 1),
            closes_on=date(year, 12, 31),
        )
        made = [
            Indicator.objects.create(campaign=plan, code=code, title=title, measure=measure, direction=way)
            for code, title, measure, way in INDICATORS
        ]
        for one in made:
            self.chance.shuffle(closest := list(self.units))
            IndicatorTarget.objects.bulk_create(
                IndicatorTarget(indicator=one, level=50, applies_from=date(year, 1, 1), **to)
                for to in (
                    {},
                    *({"unit_kind": kind} for kind in ("chi-cuc", "cuc-thads", "so-tu-phap")),
                    *({"addressee": unit} for unit in closest[: len(closest) // 100]),
                )
            )
        return plan, made

    def _owe(
        self,
        plan: "Campaign",
        code: str,
        title: str,
        share: str,
        indicators: "list[Indicator]",
        *,
        half: int = 0,
        **fields: Any,
    ) -> None:
        from campaigns.models import Assignment, IndicatorValue, Obligation, Submission

        duty = Obligation.objects.create(
            campaign=plan,
            code=code,
            title=f"{title} {plan.opens_on.year}",
            owed_to=self.top,
            citation="Kế hoạch mẫu",
            **{"kind": "report"} | fields,
        )
        rows = [self._assignment(duty, unit, share) for unit in self.units if unit.pk != self.top.pk]
        Assignment.objects.bulk_create((one for one, _ in rows), BATCH)
        sent = [self._submission(one, state) for one, state in rows if state]
        Submission.objects.bulk_create(sent, BATCH)
        IndicatorValue.objects.bulk_create(
            (
                IndicatorValue(
                    id=self._key(),
                    unit=version.unit,
                    submission=version,
                    indicator=one,
                    year=plan.opens_on.year,
                    half=half,
                    value=self.chance.randrange(101),
                )
                for version in sent
                for one in indicators
            ),
            BATCH,
        )

    def _assignment(self, duty: "Obligation", unit: "Unit", share: str) -> "tuple[Assignment, str]":
        from campaigns.models import Assignment

        sent, received, returned = SHARES[share]
        drawn = self.chance.randrange(100)
        states = ((sent, "sent"), (sent + received, "received"), (sent + received + returned, "returned"))
        state = next((word for bound, word in states if drawn < bound), "")
        row = Assignment(id=self._key(), obligation=duty, unit=unit, last_day=duty.last_day)
        if state in ("sent", "received"):
            row.done_at = self._sent_at(duty)
        return row, state

    def _sent_at(self, duty: "Obligation") -> datetime:
        assert duty.last_day is not None
        late = self.chance.randrange(20) == 0 and duty.last_day < date.fromisoformat(DAY) - timedelta(days=9)
        day = (
            duty.last_day + timedelta(days=5) if late else duty.last_day - timedelta(days=self.chance.randrange(8, 25))
        )
        return datetime(day.year, day.month, day.day, self.chance.randrange(1, 9), tzinfo=UTC)

    def _submission(self, row: "Assignment", state: str) -> Any:
        from campaigns.models import Submission

        self.codes += 1
        at = row.done_at or self._sent_at(row.obligation)
        return Submission(
            id=self._key(),
            unit=row.unit,
            assignment=row,
            state=state,
            document_number=f"{self.codes}/BC-MAU",
            drafted_by_id=self.clerks[row.unit_id],
            drafted_at=at,
            sent_at=at,
            counted_at=at,
            receipt_code=f"B{self.codes:011d}",
            answer="Thiếu số liệu" if state == "returned" else "",
        )


# --- whole requests ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One page asked by one role of one unit; milliseconds once it was asked."""

    name: str
    at: str
    role: str
    address: str
    middle: float = 0
    high: float = 0
    own: float = 0  # processor time, 95 of 100
    queries: int = 0
    is_full: bool = False  # whether the list had rows


def list_pages() -> Iterator[Page]:
    from django.urls import reverse

    from campaigns.models import Campaign
    from units.models import Unit

    units = find_places()
    bureau = units["Cục"]
    # What the filter offers: the largest of the branches directly below.
    branches = {
        at: max(
            Unit.objects.filter(parent=unit), key=lambda one: Unit.objects.filter(path__startswith=one.path).count()
        )
        for at, unit in units.items()
    }
    plan = Campaign.objects.get(code=CODES[2023])
    board, work = reverse("campaigns:filing-board"), reverse("campaigns:assignment-list")
    overview = reverse("campaigns:target-overview", args=[plan.code])
    report = plan.obligations.get(code="NAM")
    role = "secretariat"
    for at in PLACES:
        yield Page("board, first page", at, role, board)
        yield Page("board, page 100", at, role, f"{board}?page=100")
        yield Page("board, one state", at, role, f"{board}?state=sent")
        yield Page("board, overdue", at, role, f"{board}?state=overdue")
        yield Page("board, past too", at, role, f"{board}?past=on")
        yield Page("board, one obligation", at, role, f"{board}?campaign={plan.code}&obligation={report.pk}")
        yield Page("targets, newest report", at, role, overview)
        yield Page("targets, all reports", at, role, f"{overview}?obligation=")
        yield Page("targets, page 100", at, role, f"{overview}?obligation=&page=100")
        yield Page("targets, one indicator", at, role, f"{overview}?indicator={plan.indicators.all()[0].pk}")
        yield Page("targets, one branch", at, role, f"{overview}?branch={branches[at].pk}")
        yield Page("targets, missing", at, role, f"{overview}?standing=missing")
        yield Page("target history", at, role, reverse("campaigns:target-history", args=[bureau.pk]))
    for at in PLACES:
        yield Page("work to do", at, "clerk", work)
        yield Page("reminders", at, "clerk", reverse("campaigns:reminder-list"))
        yield Page("campaigns", at, "clerk", reverse("campaigns:campaign-list"))
        yield Page("campaign", at, "clerk", plan_address(plan))


def find_places() -> "dict[str, Unit]":
    from units.models import Unit

    return {at: Unit.objects.filter(kind=kind).order_by("path")[0] for at, kind in PLACES.items()}


def plan_address(plan: "Campaign") -> str:
    from django.urls import reverse

    return reverse("campaigns:campaign-detail", args=[plan.code])


def measure_pages(rounds: int, only: str) -> Iterator[str]:
    units = find_places()
    say(f"\n{'page':<26} {'at':<9} {'role':<12} {'p50 ms':>7} {'p95 ms':>7} {'cpu p95':>8} {'queries':>8}")
    asked: list[Page] = []
    for page in list_pages():
        if only in page.name:
            one = ask(page, units[page.at], rounds)
            asked.append(one)
            say(
                f"{one.name:<26} {one.at:<9} {one.role:<12} {one.middle:>7.1f} {one.high:>7.1f} {one.own:>8.1f}"
                f" {one.queries:>8}"
            )
            is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
            if (one.own if is_busy else one.high) > MOST_MS:
                yield f"{one.name} at the {one.at}: p95 {one.high:.0f} ms, {one.own:.0f} of its own"
    print_pages(asked)
    for name in dict.fromkeys(one.name for one in asked):
        queries = {one.queries for one in asked if one.name == name and one.is_full}  # an empty list asks for less
        if queries and max(queries) - min(queries) > 1:
            yield f"{name}: {sorted(queries)} queries at the ministry and the Cục"


def ask(page: Page, unit: "Unit", rounds: int) -> Page:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.models import Membership

    client = Client(SERVER_NAME="localhost")
    client.force_login(Membership.objects.filter(unit=unit, role=page.role)[0].user)
    answer = client.get(page.address)
    assert answer.status_code == 200, (page.name, page.at, answer.status_code)
    passed, worked = zip(*(timed(lambda: client.get(page.address)) for _ in range(rounds)), strict=True)
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address)
    return replace(
        page,
        middle=statistics.median(passed),
        high=percentile(passed),
        own=percentile(worked),
        queries=len(queries),
        is_full=not any(words in answer.content.decode() for words in EMPTY),
    )


def print_pages(asked: Iterable[Page]) -> None:
    found = {(one.name, one.at): one for one in asked}
    places = list(dict.fromkeys(at for _, at in found))
    heads = " | ".join(f"{at}: p50 | p95 | processor p95 | queries" for at in places)
    print(f"\n| page | {heads} |\n|---|{'---:|' * 4 * len(places)}")
    for name in dict.fromkeys(name for name, _ in found):
        cells = [
            f"{one.middle:.0f} | {one.high:.0f} | {one.own:.0f} | {one.queries}" if one else "– | – | – | –"
            for one in (found.get((name, at)) for at in places)
        ]
        print(f"| {name} | {' | '.join(cells)} |")


# --- the job of the day's reminders -----------------------------------------------------------------------------


def measure_reminders() -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from campaigns.models import Reminder, ReminderDigest, ReminderLetter
    from campaigns.services import reminders
    from units.scoping import maintenance_scope

    day, at = date.fromisoformat(DAY), datetime.fromisoformat(f"{DAY}T01:00:00+00:00")
    print("\n| the day's reminders | letters | seconds | processor seconds | queries |\n|---|---:|---:|---:|---:|")

    def step(name: str, do: Any) -> None:
        with CaptureQueriesContext(connection) as queries:
            began, worked = time.perf_counter(), work_done()
            number = do()
            passed, own = time.perf_counter() - began, (work_done() - worked) / 1000
        print(f"| {name} | {number} | {passed:.2f} | {own:.2f} | {len(queries)} |", flush=True)

    with maintenance_scope("a benchmark prepares what it rolls back"), transaction.atomic():
        step("everybody's letters", lambda: reminders.prepare_letters(day=day, at=at))
        say(f"{ReminderDigest.objects.count()} parts, {Reminder.objects.count()} reminders")
        step("a minute later", lambda: reminders.prepare_letters(day=day, at=at))
        letters = [
            one
            for number, one in enumerate(
                ReminderLetter.objects.filter(day=day).select_related("recipient").order_by("pk")
            )
            if number < COMPOSED
        ]
        step("composing", lambda: sum(reminders._compose(one, day, at) is not None for one in letters))  # noqa: SLF001
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
