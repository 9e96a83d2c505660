"""Units × indicators of one plan for those above: met, unmet, not reported. One row for each report and indicator.

The database joins, compares and counts, so that a plan of ten thousand units is paged like one of ten. What a row
says is said by `selectors.targets` too; a test holds the two together.

The standings are one statement written by hand. Asked by the query builder, each row looked for its level by itself
among all that were set, a fifth of a millisecond a row; put together as wholes, the levels are joined once. What is
read of tenant tables comes from query sets all the same, each narrowed by the scope in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate

from campaigns.calendar import OFFICE_ZONE
from campaigns.measures import LESS, MORE
from campaigns.models import (
    Assignment,
    Campaign,
    FilingKind,
    Indicator,
    IndicatorValue,
    Obligation,
    ReportDuty,
    Submission,
)
from campaigns.selectors.target_facts import TargetFact, TargetStanding
from campaigns.selectors.targets import list_facts, list_possible_reports
from campaigns.workflow import STANDING
from units.models import Unit

Key = tuple[UUID, int]
"""Of a row: its assignment and its indicator."""

# A level holds from its day until the next one for the same; of two of one day the later written.
_STANDINGS = """
WITH level AS (
    SELECT t.id, t.indicator_id, t.addressee_id, t.unit_kind, t.level, t.applies_from,
        lead(t.applies_from) OVER (
            PARTITION BY t.indicator_id, t.addressee_id, t.unit_kind ORDER BY t.applies_from, t.id
        ) AS until
    FROM campaigns_indicatortarget t JOIN campaigns_indicator i ON i.id = t.indicator_id
    WHERE i.campaign_id = %s
), report AS ({reports}), version AS ({versions}), said AS ({said}), stated AS (
    SELECT r.id, r.unit_path, r.due, r.obligation_id, i.id AS indicator_id,
        CASE
            WHEN v.id IS NOT NULL THEN CASE
                WHEN g.level IS NULL THEN %s
                WHEN v.value = g.level OR (i.direction = %s AND v.value > g.level)
                    OR (i.direction = %s AND v.value < g.level) THEN %s
                ELSE %s END
            WHEN g.is_given AND (i.ended_on IS NULL OR i.ended_on > d.counted_on)
                AND CASE r.filing WHEN %s THEN i.half_year ELSE i.yearly END <> %s THEN %s
        END AS standing
    FROM report r
    CROSS JOIN campaigns_indicator i
    LEFT JOIN version s ON s.assignment_id = r.id
    CROSS JOIN LATERAL (SELECT coalesce(s.counted_on, %s::date) AS counted_on) d
    LEFT JOIN said v ON v.submission_id = s.id AND v.indicator_id = i.id
    LEFT JOIN level own ON own.indicator_id = i.id AND own.addressee_id = r.unit_id
        AND own.applies_from <= d.counted_on AND (own.until > d.counted_on OR own.until IS NULL)
    LEFT JOIN level kind ON kind.indicator_id = i.id AND kind.unit_kind = r.kind AND kind.addressee_id IS NULL
        AND kind.applies_from <= d.counted_on AND (kind.until > d.counted_on OR kind.until IS NULL)
    LEFT JOIN level every ON every.indicator_id = i.id AND every.unit_kind = '' AND every.addressee_id IS NULL
        AND every.applies_from <= d.counted_on AND (every.until > d.counted_on OR every.until IS NULL)
    CROSS JOIN LATERAL (
        SELECT coalesce(own.id, kind.id, every.id) IS NOT NULL AS is_given,
            CASE WHEN own.id IS NOT NULL THEN own.level WHEN kind.id IS NOT NULL THEN kind.level ELSE every.level END
                AS level
    ) g
    WHERE i.campaign_id = %s AND (%s::bigint IS NULL OR i.id = %s)
)
"""
_COUNTED = "SELECT indicator_id, standing, count(*) FROM stated WHERE standing IS NOT NULL GROUP BY 1, 2"
_LISTED = """
SELECT id, indicator_id, standing FROM stated WHERE standing IS NOT NULL AND (%s = '' OR standing = %s)
ORDER BY unit_path, due, obligation_id, indicator_id, id LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    obligation: Obligation | None = None
    indicator: Indicator | None = None
    branch: Unit | None = None
    standing: str = ""


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


class Overview:
    """The reports in sight of a plan × the indicators that each holds or should hold, as far as `by` keeps them.

    `day` decides what is asked where nothing was sent yet. The standing that `by` names narrows the rows, never the
    numbers.
    """

    def __init__(self, campaign: Campaign, day: date, by: OverviewFilter) -> None:
        self._campaign, self._day, self._by = campaign, day, by

    def count(self, indicators: Sequence[Indicator]) -> list[IndicatorCount]:
        """The standings of each indicator, in one query; indicators without a row are left out."""
        counted: dict[int, dict[str, int]] = {}
        for indicator, standing, number in self._ask(_COUNTED):
            counted.setdefault(indicator, {one.value: 0 for one in TargetStanding})[standing] = number
        return [IndicatorCount(one, counted[one.pk]) for one in indicators if one.pk in counted]

    def list_keys(self, part: slice = slice(None)) -> list[tuple[UUID, int, str]]:
        """The rows of a part in their order, each with its standing."""
        start = part.start or 0
        most = None if part.stop is None else part.stop - start
        return self._ask(_LISTED, self._by.standing, self._by.standing, most, start)

    def _ask(self, wanted: str, *more: str | int | None) -> list[Any]:
        try:
            reports, versions, said = (_spell(rows) for rows in self._tenant_rows())
        except EmptyResultSet:  # a plan that asks for no report
            return []
        campaign, indicator = self._campaign.pk, self._by.indicator.pk if self._by.indicator else None
        words = (TargetStanding.NO_LEVEL, MORE, LESS, TargetStanding.MET, TargetStanding.UNMET)
        duties = (FilingKind.HALF_YEAR, ReportDuty.NONE, TargetStanding.MISSING)
        sql = _STANDINGS.format(reports=reports[0], versions=versions[0], said=said[0]) + wanted
        with connection.cursor() as cursor:
            cursor.execute(
                sql,
                [
                    campaign,
                    *(value for _, values in (reports, versions, said) for value in values),
                    *(str(word) for word in (*words, *duties)),
                    self._day,
                    campaign,
                    indicator,
                    indicator,
                    *more,
                ],
            )
            return list(cursor.fetchall())

    def _tenant_rows(self) -> tuple["QuerySet[Any]", ...]:
        """Reports, what was sent for them and stands, and what that says: each as narrow as it can be."""
        campaign, by = self._campaign, self._by
        # By their keys: the planner knows how many owe which report, and cannot tell it from a plan's.
        owed = [by.obligation.pk] if by.obligation else list(list_reports_of(campaign).values_list("pk", flat=True))
        reports: QuerySet[Any] = Assignment.objects.filter(obligation__in=owed, merged_into__isnull=True)
        if by.branch:
            reports = reports.filter(unit_path__gte=by.branch.path, unit_path__lt=f"{by.branch.path}~")
        reports = reports.annotate(
            due=F("obligation__last_day"), filing=F("obligation__filing"), kind=F("unit__kind")
        ).values("id", "unit_id", "unit_path", "obligation_id", "due", "filing", "kind")
        # What stands is the latest version: nobody begins another one before it is returned or withdrawn.
        versions = (
            Submission.objects.filter(is_latest=True, state__in=STANDING)
            .annotate(counted_on=TruncDate("counted_at", tzinfo=OFFICE_ZONE))
            .values("id", "assignment_id", "counted_on")
        )
        said = IndicatorValue.objects.filter(indicator__campaign=campaign)
        return (
            reports.order_by(),
            versions.order_by(),
            said.order_by().values("id", "submission_id", "indicator_id", "value"),
        )


def list_reports_of(campaign: Campaign) -> QuerySet[Obligation]:
    """The half-year and yearly reports of a plan that hold its indicators."""
    return list_possible_reports(campaign).filter(holds_indicators=True)


def _spell(rows: "QuerySet[Any]") -> tuple[str, tuple[Any, ...]]:
    sql, values = rows.query.sql_with_params()
    return sql, values


class OverviewPage:
    """Rows for a paginator, `known` of them: each slice is read as facts, with the names of their units and reports."""

    def __init__(self, found: Overview, day: date, *, known: int) -> None:
        self._found, self._day, self._known = found, day, known

    def count_up_to(self, most: int) -> int:
        return min(self._known, most)

    def __getitem__(self, part: slice) -> list["OverviewRow"]:
        return read_rows([(pk, indicator) for pk, indicator, _ in self._found.list_keys(part)], self._day)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    assignment: Assignment
    fact: TargetFact


def read_rows(keys: Sequence[Key], day: date) -> list[OverviewRow]:
    """The facts of some rows of the overview, in their order; seven queries for any number of rows."""
    wanted = Assignment.objects.filter(pk__in={pk for pk, _ in keys}).select_related(
        "unit", "obligation__campaign", "obligation__phase"
    )
    facts = {(one.assignment_id, one.indicator.pk): one for one in list_facts(wanted, day)}
    assignments = {one.pk: one for one in wanted}
    return [OverviewRow(assignments[key[0]], facts[key]) for key in keys if key in facts]
