"""What units report about the indicators of plans, beside what was asked of them and what they reported before.

Everything here answers for many units and years in a constant number of queries. `read_target_facts` is what criteria
and score sheets read; it judges nothing but the comparison of a value with its target, and that only where both are
known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from campaigns.calendar import OFFICE_ZONE, Reported, find_reported
from campaigns.models import (
    Assignment,
    Campaign,
    FilingKind,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Obligation,
    ReportDuty,
    Submission,
)
from campaigns.selectors.filings import find_counted_at
from campaigns.selectors.target_facts import TargetFact
from campaigns.workflow import STANDING
from units.models import Unit, UnitKind

REPORTS = (FilingKind.HALF_YEAR, FilingKind.YEAR)


def name_addressee(target: IndicatorTarget) -> str:
    if target.addressee:
        return str(target.addressee)
    return UnitKind(target.unit_kind).label if target.unit_kind else "mọi đơn vị được giao"


def list_indicators(campaign: Campaign) -> QuerySet[Indicator]:
    """The indicators of a plan with every level that was ever set, the newest first; two queries."""
    levels = IndicatorTarget.objects.select_related("addressee").order_by(
        "unit_kind", "addressee", "-applies_from", "-pk"
    )
    return campaign.indicators.prefetch_related(Prefetch("targets", levels)).order_by("pk")


def list_possible_reports(campaign: Campaign) -> QuerySet[Obligation]:
    """The half-year and yearly reports of a plan, whether they hold indicators or not."""
    found = campaign.obligations.filter(filing__in=REPORTS).select_related("campaign", "phase", "owed_to")
    return found.order_by("last_day", "pk")


def list_addressed_kinds(campaign: Campaign) -> list[tuple[str, str]]:
    """Kinds of the units in sight that the plan addresses; every kind where it addresses none in sight."""
    owed = Assignment.objects.filter(obligation__campaign=campaign, merged_into__isnull=True)
    kinds = set(owed.order_by().values_list("unit__kind", flat=True).distinct())
    return [(value, label) for value, label in UnitKind.choices if not kinds or value in kinds]


# --- the facts ----------------------------------------------------------------------------------


def read_target_facts(
    units: Iterable[Unit], years: Iterable[int], *, day: date, half: int = 0
) -> dict[tuple[UUID, int], dict[str, TargetFact]]:
    """For each unit and year its facts by the code of the indicator; six queries for any number of units and years.

    Facts are of yearly reports, or with `half` 1 or 2 of half-year reports; of reports that were sent and stand
    (neither returned nor withdrawn). An indicator that the unit owes and has not reported is there with no value. Where
    two plans ask the same unit for the same code, the report that was sent last says the value. `day` decides which
    target applies to what is not reported yet. Only units in the scope in force have facts.
    """
    wanted = set(years)
    found: dict[tuple[UUID, int], dict[str, TargetFact]] = defaultdict(dict)
    for fact in list_facts(list_reports([unit.pk for unit in units], half=half), day):
        if fact.year in wanted and fact.half == half:
            known = found[fact.unit_id, fact.year]
            known[fact.code] = later_of(known.get(fact.code), fact)
    return dict(found)


def list_yearly_facts(units: Collection[UUID], years: Collection[int], *, day: date) -> list[TargetFact]:
    """As `read_target_facts` for yearly reports, but each plan's indicator for itself: what each asks is judged."""
    found: dict[tuple[UUID, int, int], TargetFact] = {}
    for fact in list_facts(list_reports(list(units), half=0), day):
        if fact.year in years and fact.half == 0:
            key = fact.unit_id, fact.year, fact.indicator.pk
            found[key] = later_of(found.get(key), fact)
    return list(found.values())


def read_year_facts(unit: Unit, year: int, day: date) -> dict[str, TargetFact]:
    """What `unit` last said in `year` of each indicator: in its yearly report, or else in the newest half-year one."""
    found: dict[str, TargetFact] = {}
    order = {0: 3, 2: 2, 1: 1}
    for fact in list_facts(list_reports([unit.pk]), day):
        if fact.year == year:
            known = found.get(fact.code)
            rank = fact.value is not None, order[fact.half]
            if known is None or rank > (known.value is not None, order[known.half]):
                found[fact.code] = fact
            elif known.half == fact.half:
                found[fact.code] = later_of(known, fact)
    return found


def later_of(known: TargetFact | None, fact: TargetFact) -> TargetFact:
    if known is None or known.reported_on is None:
        return fact
    return fact if fact.reported_on and fact.reported_on >= known.reported_on else known


def list_reports(units: Sequence[UUID], *, half: int | None = None) -> QuerySet[Assignment]:
    """What `units` owe under plans with indicators: half-year and yearly reports, or (with `half`) one of the two."""
    kinds = REPORTS if half is None else (FilingKind.HALF_YEAR if half else FilingKind.YEAR,)
    return (
        Assignment.objects.filter(
            unit__in=units,
            merged_into__isnull=True,
            obligation__filing__in=kinds,
            obligation__holds_indicators=True,
            obligation__campaign__in=Indicator.objects.values("campaign_id"),
        )
        .select_related("unit", "obligation__campaign", "obligation__phase")
        .order_by("last_day", "pk")
    )


def list_facts(assignments: QuerySet[Assignment], day: date) -> list[TargetFact]:
    """Every indicator that the assignments' reports hold or should hold, in their order."""
    return read_facts(list(assignments), day)


def read_facts(assignments: Sequence[Assignment], day: date) -> list[TargetFact]:
    """The same of assignments read with their units, obligations, campaigns and phases."""
    standing = Submission.objects.filter(state__in=STANDING).prefetch_related(
        Prefetch("indicator_values", IndicatorValue.objects.all())
    )
    prefetch_related_objects(assignments, Prefetch("submissions", standing, to_attr="standing"))
    reports = []
    row: Any  # an assignment with what was read to it
    for row in assignments:
        version: Submission | None = next(iter(row.standing), None)
        values = {value.indicator_id: value for value in version.indicator_values.all()} if version else {}
        sent_on = office_day(version.counted_at) if version and version.counted_at else None
        number = version.document_number if version else ""
        reports.append(_Report(row, sent_on or day, values, sent_on, version.pk if version else None, number))
    return _assemble(reports)


def read_version(submission: Submission, at: datetime) -> list[TargetFact]:
    """The indicators of one version of a report, with that version's own values; `at` is now, for a draft."""
    obligation = submission.assignment.obligation
    if obligation.filing_kind not in REPORTS or not obligation.holds_indicators:
        return []
    day = office_day(submission.counted_at or find_counted_at(submission.assignment, at))
    values = {one.indicator_id: one for one in submission.indicator_values.all()}
    return _assemble([_Report(submission.assignment, day, values, None, submission.pk)])


def list_missing_values(submission: Submission, at: datetime) -> list[TargetFact]:
    """Indicators that the plan wants in this report and that the version does not hold yet."""
    return [one for one in read_version(submission, at) if one.is_required and one.value is None]


def office_day(at: datetime) -> date:
    return timezone.localtime(at, OFFICE_ZONE).date()


def find_period(obligation: Obligation) -> Reported:
    """What time a report speaks of; its campaign and phase must be loaded."""
    campaign, phase = obligation.campaign, obligation.phase
    return find_reported(
        obligation.last_day,
        campaign.opens_on,
        campaign.closes_on,
        is_half_year=obligation.filing_kind == FilingKind.HALF_YEAR,
        phase=(phase.opens_on, phase.closes_on) if phase else None,
    )


# --- how they are put together ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Report:
    """One report of one unit: what it says, and the day that decides which targets apply to it."""

    assignment: Assignment
    day: date
    values: Mapping[int, IndicatorValue]
    sent_on: date | None
    submission_id: UUID | None
    document_number: str = ""


def find_duty(indicator: Indicator, obligation: Obligation) -> str:
    return indicator.half_year if obligation.filing_kind == FilingKind.HALF_YEAR else indicator.yearly


def _assemble(reports: Sequence[_Report]) -> list[TargetFact]:
    book = TargetBook(
        {one.assignment.obligation.campaign_id for one in reports}, {one.assignment.unit_id for one in reports}
    )
    return _look_back([fact for report in reports for fact in _facts_of(report, book)])


def _facts_of(report: _Report, book: "TargetBook") -> Iterable[TargetFact]:
    obligation, unit = report.assignment.obligation, report.assignment.unit
    period = find_period(obligation)
    for indicator in book.indicators[obligation.campaign_id]:
        said = report.values.get(indicator.pk)
        target = book.find(indicator, unit, report.day)
        duty = find_duty(indicator, obligation)
        ended = indicator.ended_on is not None and indicator.ended_on <= report.day
        if said is None and (target is None or ended or duty == ReportDuty.NONE):
            continue
        yield TargetFact(
            unit_id=unit.pk,
            assignment_id=report.assignment.pk,
            indicator=indicator,
            year=said.year if said else period.year,
            half=said.half if said else period.half,
            value=said.value if said else None,
            note=said.note if said else "",
            target=target,
            later=book.find_later(indicator, unit, report.day, target),
            is_required=duty == ReportDuty.REQUIRED,
            submission_id=report.submission_id if said else None,
            reported_on=report.sent_on if said else None,
            document_number=report.document_number if said else "",
        )


class TargetBook:
    """The indicators of some campaigns and every level that was ever set for some units, by name or with others.

    Two queries. Levels of other units by name, hundreds in a plan of a whole sector, are not read.
    """

    def __init__(self, campaigns: Iterable[int], units: Iterable[UUID]) -> None:
        self.indicators: dict[int, list[Indicator]] = defaultdict(list)
        self._levels: dict[tuple[int, UUID | str], list[IndicatorTarget]] = defaultdict(list)
        reaching = Q(addressee__isnull=True) | Q(addressee__in=set(units))
        rows = IndicatorTarget.objects.filter(reaching, indicator__campaign__in=set(campaigns))
        indicators = Indicator.objects.filter(campaign__in=set(campaigns)).select_related("campaign")
        indicators = indicators.prefetch_related(Prefetch("targets", rows.order_by("applies_from", "pk")))
        for one in indicators.order_by("campaign", "pk"):
            self.indicators[one.campaign_id].append(one)
            for target in one.targets.all():
                self._levels[one.pk, target.addressee_id or target.unit_kind].append(target)

    def _of(self, indicator: Indicator, unit: Unit) -> Iterator[tuple[int, list[IndicatorTarget]]]:
        """What was set for the unit itself, for its kind, for everybody: how close each is, and by days."""
        for closeness, to in ((2, unit.pk), (1, unit.kind), (0, "")):
            if found := self._levels.get((indicator.pk, to)):
                yield closeness, found

    def find(self, indicator: Indicator, unit: Unit, day: date) -> IndicatorTarget | None:
        """The level that applies to `unit` on `day`: its own before its kind's before everybody's, the newest first."""
        applying = (one for _, found in self._of(indicator, unit) for one in reversed(found) if one.applies_from <= day)
        return next(applying, None)

    def find_later(
        self, indicator: Indicator, unit: Unit, day: date, target: IndicatorTarget | None
    ) -> IndicatorTarget | None:
        """The newest level set from a later day on, where it takes the place of `target`."""
        for closeness, found in self._of(indicator, unit):
            if found[-1].applies_from > day:
                return found[-1] if target is None or closeness >= _closeness(target) else None
        return None


def _closeness(target: IndicatorTarget) -> int:
    return 2 if target.addressee_id is not None else 1 if target.unit_kind else 0


def _look_back(facts: Sequence[TargetFact]) -> list[TargetFact]:
    """Put the value of the year before beside each: same unit, code and half, measured in the same way. One query."""
    if not facts:
        return []
    rows = (
        list_standing_values()
        .filter(
            unit__in={one.unit_id for one in facts},
            half__in={one.half for one in facts},
            year__in={one.year - 1 for one in facts},
            indicator__code__in={one.code for one in facts},
        )
        .select_related("indicator")
        .order_by("submission__sent_at")
    )
    before = {
        (
            one.unit_id,
            one.indicator.code,
            one.year,
            one.half,
            one.indicator.measure,
            one.indicator.unit_words,
        ): one.value
        for one in rows
    }
    return [
        replace(
            one,
            before=before.get(
                (one.unit_id, one.code, one.year - 1, one.half, one.indicator.measure, one.indicator.unit_words)
            ),
        )
        for one in facts
    ]


def list_standing_values() -> QuerySet[IndicatorValue]:
    """Values of reports that were sent and stand."""
    return IndicatorValue.objects.filter(submission__state__in=STANDING)
