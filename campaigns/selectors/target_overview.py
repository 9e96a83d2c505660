"""Units × indicators of one plan for those above: met, unmet, not reported. One row for each report and indicator.

The database joins, compares and counts, so that a plan of ten thousand units is paged like one of ten. What a row
says is said by `selectors.targets` too; a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate

from campaigns.calendar import OFFICE_ZONE
from campaigns.measures import LESS, MORE
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
from campaigns.selectors.target_facts import TargetFact, TargetStanding
from campaigns.selectors.targets import REPORTS, list_facts
from campaigns.workflow import STANDING
from units.models import Unit
from units.paging import count_bounded

_INDICATOR = "obligation__campaign__indicators"


def list_overview(campaign: Campaign, day: date) -> QuerySet[Assignment]:
    """One row for each report in sight and indicator of its plan; `keep_standing` leaves those that the report holds.

    A row is the assignment with `indicator` (its key); its `standing` can be filtered by. `day` decides what is asked
    where nothing was sent yet.
    """
    # A filter over a relation to many would join it once more, so everything of the indicator becomes a column first.
    columns = {name: F(f"{_INDICATOR}__{name}") for name in ("ended_on", "half_year", "yearly")}
    return (
        Assignment.objects.filter(
            obligation__campaign=campaign,
            obligation__filing__in=REPORTS,
            obligation__holds_indicators=True,
            merged_into__isnull=True,
        )
        .annotate(indicator=F(f"{_INDICATOR}__pk"), **columns)
        .alias(version=_version("pk"), counted_on=_counted_on(day))
        .alias(standing=Coalesce(_reported_standing(), Case(When(_is_asked(), then=_MISSING)), output_field=_WORD))
        .select_related("unit", "obligation__campaign", "obligation__phase")
        .order_by("unit_path", "obligation__last_day", "obligation_id", "indicator", "pk")
    )


_WORD = CharField()
_MISSING = Value(TargetStanding.MISSING.value)


def _version(field: str) -> Subquery:
    """A field of what was sent for the assignment and stands, if anything."""
    return Subquery(Submission.objects.filter(assignment=OuterRef("pk"), state__in=STANDING).values(field)[:1])


def _counted_on(day: date) -> Coalesce:
    """The day that counts for what was sent and stands, or `day`."""
    return Coalesce(TruncDate(_version("counted_at"), tzinfo=OFFICE_ZONE), Value(day), output_field=DateField())


def _targets(unit: str, kind: str, indicator: str) -> QuerySet[IndicatorTarget]:
    """The levels set for the unit of the outer row, the one that goes before the others first."""
    closeness = Case(When(addressee__isnull=False, then=Value(2)), When(~Q(unit_kind=""), then=Value(1)), default=0)
    return (
        IndicatorTarget.objects.filter(
            Q(addressee=OuterRef(unit)) | Q(addressee__isnull=True, unit_kind__in=["", OuterRef(kind)]),
            indicator=OuterRef(indicator),
        )
        .annotate(closeness=closeness)
        .order_by("-closeness", "-applies_from", "-pk")
    )


def _reported_standing() -> Subquery:
    """How what was reported compares with the level of its day; nothing where no standing report holds a value."""
    applying = _targets("unit_id", "unit__kind", "indicator_id").filter(applies_from__lte=OuterRef("counted_on"))
    met = (
        (Q(indicator__direction=MORE) & Q(value__gte=F("level")))
        | (Q(indicator__direction=LESS) & Q(value__lte=F("level")))
        | Q(value=F("level"))
    )
    # By the version's own key: the unique index of version and indicator leads there whatever the planner believes.
    said = (
        IndicatorValue.objects.filter(submission=OuterRef("version"), indicator=OuterRef("indicator"))
        .annotate(counted_on=TruncDate("submission__counted_at", tzinfo=OFFICE_ZONE))
        .annotate(level=Subquery(applying.values("level")[:1]))
        .annotate(
            standing=Case(
                When(level__isnull=True, then=Value(TargetStanding.NO_LEVEL.value)),
                When(met, then=Value(TargetStanding.MET.value)),
                default=Value(TargetStanding.UNMET.value),
                output_field=_WORD,
            )
        )
    )
    return Subquery(said.values("standing")[:1], output_field=_WORD)


def _is_asked() -> Q:
    """The report should hold the indicator: it was given to the unit, has not ended, and belongs to such a report."""
    halves = Q(obligation__filing=FilingKind.HALF_YEAR) & ~Q(half_year=ReportDuty.NONE)
    years = Q(obligation__filing=FilingKind.YEAR) & ~Q(yearly=ReportDuty.NONE)
    runs = Q(ended_on__isnull=True) | Q(ended_on__gt=F("counted_on"))
    given = _targets("unit_id", "unit__kind", "indicator").filter(applies_from__lte=OuterRef("counted_on"))
    return (halves | years) & runs & Q(Exists(given))


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    obligation: Obligation | None = None
    indicator: Indicator | None = None
    branch: Unit | None = None
    standing: str = ""


def narrow_overview(rows: QuerySet[Assignment], by: OverviewFilter) -> QuerySet[Assignment]:
    """Keep what the filter names, the standing apart."""
    if by.obligation:
        rows = rows.filter(obligation=by.obligation)
    if by.indicator:
        rows = rows.filter(Q(indicator=by.indicator.pk))
    if by.branch:
        rows = rows.filter(unit_path__gte=by.branch.path, unit_path__lt=f"{by.branch.path}~")
    return rows


def keep_standing(rows: QuerySet[Assignment], standing: str) -> QuerySet[Assignment]:
    """Rows of one standing, or of any: what a report neither holds nor should hold has none.

    The comparison is dear, so it is asked for once.
    """
    return rows.filter(Q(standing=standing)) if standing else rows.filter(Q(standing__isnull=False))


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """How many reports stand how for one indicator."""

    indicator: Indicator
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())

    @property
    def met_percent(self) -> int:
        """Of all reports, those that are missing too; only a full hundred is shown as one."""
        return self.met * 100 // self.total if self.total else 0

    @property
    def met(self) -> int:
        return self.numbers[TargetStanding.MET]

    @property
    def unmet(self) -> int:
        return self.numbers[TargetStanding.UNMET]

    @property
    def missing(self) -> int:
        return self.numbers[TargetStanding.MISSING]

    @property
    def followed(self) -> int:
        return self.numbers[TargetStanding.NO_LEVEL]


def count_overview(rows: QuerySet[Any], indicators: Sequence[Indicator]) -> list[IndicatorCount]:
    """The standings of each indicator, in one query; indicators without a row are left out."""
    counted: dict[int, dict[str, int]] = {}
    for line in rows.order_by().annotate(how=F("standing")).values("indicator", "how").annotate(number=Count("pk")):
        if line["how"] is None:
            continue
        numbers = counted.setdefault(line["indicator"], {one.value: 0 for one in TargetStanding})
        numbers[line["how"]] = line["number"]
    return [IndicatorCount(one, counted[one.pk]) for one in indicators if one.pk in counted]


class OverviewPage:
    """Rows for a paginator: each slice is read as facts, with the names of their units and reports."""

    def __init__(self, rows: QuerySet[Assignment], day: date) -> None:
        self._rows, self._day = rows, day

    def count_up_to(self, most: int) -> int:
        return count_bounded(self._rows, most)

    def __getitem__(self, part: slice) -> list["OverviewRow"]:
        return read_rows(list(self._rows[part]), self._day)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    assignment: Assignment
    fact: TargetFact


def read_rows(rows: Sequence[Any], day: date) -> list[OverviewRow]:
    """The facts of some rows of the overview, in their order; seven queries for any number of rows."""
    wanted = Assignment.objects.filter(pk__in={one.pk for one in rows}).select_related(
        "unit", "obligation__campaign", "obligation__phase"
    )
    facts = {(one.assignment_id, one.indicator.pk): one for one in list_facts(wanted, day)}
    return [OverviewRow(one, facts[one.pk, one.indicator]) for one in rows if (one.pk, one.indicator) in facts]
