"""Units × indicators of one plan for those above: met, unmet, not reported. One row for each report and indicator.

The database joins, compares and counts, so that a plan of ten thousand units is paged like one of ten. What a row
says is said by `selectors.targets` too; a test holds the two together.

The standings are statements written by hand, one that counts and one that lists. Asked by the query builder, each row
looked for its level by itself among all that were set, a fifth of a millisecond a row; put together as wholes, the
levels are joined once. What is read of tenant tables comes from query sets all the same, each narrowed by the scope in
force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from campaigns.measures import LESS, MORE
from campaigns.models import (
    Assignment,
    Campaign,
    FilingKind,
    Indicator,
    IndicatorValue,
    Obligation,
    ReportDuty,
)
from campaigns.selectors.target_facts import TargetFact, TargetStanding
from campaigns.selectors.targets import list_possible_reports, read_facts
from campaigns.workflow import STANDING
from units.models import Unit

Key = tuple[UUID, int]
"""Of a row: its assignment and its indicator."""
Found = tuple[UUID, int, str]
"""Of a row: its key and how it stands."""

# How many reports are read for a page: a fourth more than should do, and some.
LEEWAY = 1.25
LEAST_READ = 200

# A level holds from its day until the next one for the same; of two of one day the later written.
_LEVELS = """
WITH level AS (
    SELECT t.id, t.indicator_id, t.addressee_id, t.unit_kind, t.level, t.applies_from,
        lead(t.applies_from) OVER (
            PARTITION BY t.indicator_id, t.addressee_id, t.unit_kind ORDER BY t.applies_from, t.id
        ) AS until
    FROM campaigns_indicatortarget t JOIN campaigns_indicator i ON i.id = t.indicator_id
    WHERE i.campaign_id = %(campaign)s
)
"""
# What is asked of a unit of some kind on some day for an indicator. Of `r`: unit_id, kind, filing, counted_on.
_ASKED = """
    LEFT JOIN level own ON own.indicator_id = i.id AND own.addressee_id = r.unit_id
        AND own.applies_from <= r.counted_on AND (own.until > r.counted_on OR own.until IS NULL)
    LEFT JOIN level kind ON kind.indicator_id = i.id AND kind.unit_kind = r.kind AND kind.addressee_id IS NULL
        AND kind.applies_from <= r.counted_on AND (kind.until > r.counted_on OR kind.until IS NULL)
    LEFT JOIN level every ON every.indicator_id = i.id AND every.unit_kind = '' AND every.addressee_id IS NULL
        AND every.applies_from <= r.counted_on AND (every.until > r.counted_on OR every.until IS NULL)
    CROSS JOIN LATERAL (
        SELECT coalesce(own.id, kind.id, every.id) IS NOT NULL
                AND (i.ended_on IS NULL OR i.ended_on > r.counted_on)
                AND CASE r.filing WHEN %(half)s THEN i.half_year ELSE i.yearly END <> %(none)s AS is_asked,
            CASE WHEN own.id IS NOT NULL THEN own.level WHEN kind.id IS NOT NULL THEN kind.level ELSE every.level END
                AS level
    ) g
    WHERE i.campaign_id = %(campaign)s AND (%(indicator)s::bigint IS NULL OR i.id = %(indicator)s)
"""
_JUDGED = """CASE
        WHEN g.level IS NULL THEN %(no_level)s
        WHEN v.value = g.level OR (g.direction = %(more)s AND v.value > g.level)
            OR (g.direction = %(less)s AND v.value < g.level) THEN %(met)s
        ELSE %(unmet)s END"""
_LISTED = f"""{_LEVELS}, report AS ({{reports}}), said AS (SELECT * FROM ({{said}}) v {{near}}), stated AS (
    SELECT r.*, i.id AS indicator_id,
        CASE WHEN v.id IS NOT NULL THEN {_JUDGED.replace("g.direction", "i.direction")}
            WHEN g.is_asked THEN %(missing)s END AS standing
    FROM report r CROSS JOIN campaigns_indicator i
    LEFT JOIN said v ON v.submission_id = r.version_id AND v.indicator_id = i.id
    {_ASKED}
)
SELECT id, indicator_id, standing FROM stated
WHERE standing IS NOT NULL AND (%(standing)s = '' OR standing = %(standing)s)
ORDER BY unit_path, due, obligation_id, indicator_id, id LIMIT %(most)s OFFSET %(start)s
"""  # noqa: S608  our own texts
# Values of the first units only, where only the first reports are read: else all of them are, to join a few.
_NEAR = "WHERE v.unit_path <= (SELECT max(unit_path) FROM report)"
# To count, it is worked out once for all reports of which the same is asked: of units of a kind, or of one unit with
# levels of its own, for the same filing, between two days on which anything changes. These four make up the number of
# a part, and each value looks up what its part is asked. Worked out for each report it took twice as long.
_COUNTED = f"""{_LEVELS}, own AS MATERIALIZED (
    SELECT addressee_id, row_number() OVER () AS number FROM level WHERE addressee_id IS NOT NULL GROUP BY 1
), scale AS MATERIALIZED (
    SELECT kinds, days, cardinality(kinds) + 1 AS of_kinds, cardinality(days) + 1 AS of_days
    FROM (
        SELECT ARRAY(SELECT DISTINCT unit_kind::text FROM level WHERE unit_kind <> '') AS kinds,
            ARRAY(
                SELECT applies_from FROM level
                UNION SELECT ended_on FROM campaigns_indicator WHERE campaign_id = %(campaign)s AND ended_on IS NOT NULL
                ORDER BY 1
            ) AS days
    ) one
), report AS MATERIALIZED (
    SELECT r.version_id,
        ((coalesce(own.number, 0) * s.of_days + width_bucket(r.counted_on, s.days)) * s.of_kinds
            + coalesce(array_position(s.kinds, r.kind::text), 0)) * 2 + (r.filing = %(half)s)::int AS part
    FROM ({{reports}}) r CROSS JOIN scale s LEFT JOIN own ON own.addressee_id = r.unit_id
), part AS (
    SELECT p.part, p.number, own.addressee_id AS unit_id, s.kinds[p.part / 2 %% s.of_kinds] AS kind,
        CASE p.part %% 2 WHEN 1 THEN %(half)s ELSE '' END AS filing,
        coalesce(s.days[p.part / 2 / s.of_kinds %% s.of_days], '-infinity') AS counted_on
    FROM (SELECT part, count(*) AS number FROM report GROUP BY part) p CROSS JOIN scale s
    LEFT JOIN own ON own.number = p.part / 2 / s.of_kinds / s.of_days
), asked AS MATERIALIZED (
    SELECT r.part, r.number, i.id AS indicator_id, i.direction, g.is_asked, g.level
    FROM part r CROSS JOIN campaigns_indicator i
    {_ASKED}
), tallied AS (
    SELECT g.indicator_id, g.is_asked, {_JUDGED} AS standing, count(*) AS number
    FROM (
        SELECT v.indicator_id, v.value, r.part FROM report r JOIN ({{said}}) v ON v.submission_id = r.version_id
        WHERE r.version_id IS NOT NULL OFFSET 0  -- joined first: it leaves fewer rows than what is asked of all
    ) v JOIN asked g ON g.part = v.part AND g.indicator_id = v.indicator_id
    GROUP BY 1, 2, 3
)
SELECT indicator_id, standing, sum(number)::bigint FROM tallied GROUP BY 1, 2
UNION ALL
SELECT indicator_id, %(missing)s, sum(number)::bigint - coalesce(
    (SELECT sum(t.number)::bigint FROM tallied t WHERE t.indicator_id = asked.indicator_id AND t.is_asked), 0
)
FROM asked WHERE is_asked GROUP BY 1
UNION ALL
SELECT NULL, '', count(*) FROM report
"""  # noqa: S608  our own texts


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
        self._reports = 0

    def count(self, indicators: Sequence[Indicator]) -> list[IndicatorCount]:
        """The standings of each indicator, in one query; indicators without a row are left out."""
        counted: dict[int, dict[str, int]] = {}
        for indicator, standing, number in self._ask(_COUNTED):
            if indicator is None:
                self._reports = number
            elif number:
                counted.setdefault(indicator, {one.value: 0 for one in TargetStanding})[standing] = number
        return [IndicatorCount(one, counted[one.pk]) for one in indicators if one.pk in counted]

    def list_keys(self) -> list[Found]:
        """All rows in their order, each with its standing."""
        return self._list()

    def list_part(self, part: slice, *, known: int) -> list[Found]:
        """The rows of a part among `known` ones, once they were counted.

        Read in their order are as many reports as should hold the part if its rows lie evenly among all; where they
        do not, all are.
        """
        start, stop = part.start or 0, min(part.stop, known)
        if start >= stop:
            return []
        near = int(stop * self._reports * LEEWAY / known) + LEAST_READ
        found = self._list(start, stop - start, near) if near < self._reports else []
        return found if len(found) == stop - start else self._list(start, stop - start)

    def _list(self, start: int = 0, most: int | None = None, near: int | None = None) -> list[Found]:
        """`near`: among so many of the first reports; else among all."""
        return self._ask(_LISTED, near=near, standing=self._by.standing, most=most, start=start)

    def _ask(self, wanted: str, *, near: int | None = None, **more: str | int | None) -> list[Any]:
        try:
            reports, said = (_spell(rows, name) for name, rows in self._tenant_rows(near).items())
        except EmptyResultSet:  # a plan that asks for no report
            return []
        given = {
            "campaign": self._campaign.pk,
            "indicator": self._by.indicator.pk if self._by.indicator else None,
            "half": str(FilingKind.HALF_YEAR),
            "none": str(ReportDuty.NONE),
            "more": str(MORE),
            "less": str(LESS),
            **{one.name.lower(): one.value for one in TargetStanding},
        }
        sql = wanted.replace("{near}", _NEAR if near else "")
        sql = sql.replace("{reports}", reports[0]).replace("{said}", said[0])
        with connection.cursor() as cursor:
            cursor.execute(sql, given | reports[1] | said[1] | more)
            return list(cursor.fetchall())

    @cached_property
    def _owed(self) -> list[int]:
        """Reports by their keys: the planner knows how many owe which, and cannot tell it from a plan's."""
        if self._by.obligation:
            return [self._by.obligation.pk]
        return list(list_reports_of(self._campaign).order_by().values_list("pk", flat=True))

    @cached_property
    def _followed(self) -> list[int]:
        if self._by.indicator:
            return [self._by.indicator.pk]
        return list(self._campaign.indicators.order_by().values_list("pk", flat=True))

    def _tenant_rows(self, near: int | None) -> dict[str, "QuerySet[Any]"]:
        """Reports with what was sent for them and stands, and what that says: each as narrow as it can be.

        What stands is the latest version: nobody begins another one before it is returned or withdrawn. `near` keeps
        the first of the reports in the order of the rows.
        """
        reports: QuerySet[Any] = Assignment.objects.filter(obligation__in=self._owed, merged_into__isnull=True)
        said = IndicatorValue.objects.filter(indicator__in=self._followed)
        if self._by.branch:
            path = self._by.branch.path
            branch = {"unit_path__gte": path, "unit_path__lt": f"{path}~"}
            reports, said = reports.filter(**branch), said.filter(**branch)
        stands = Q(latest_state__in=STANDING)
        reports = reports.annotate(
            due=F("obligation__last_day"),
            filing=F("obligation__filing"),
            kind=F("unit__kind"),
            version_id=Case(When(stands, then="latest_id")),
            counted_on=Case(When(stands, then="latest_counted_on"), default=Value(self._day)),
        ).values("id", "unit_id", "unit_path", "obligation_id", "due", "filing", "kind", "version_id", "counted_on")
        return {
            "reports": reports.order_by("unit_path", "due", "obligation_id")[:near] if near else reports.order_by(),
            "said": said.order_by().values("id", "unit_path", "submission_id", "indicator_id", "value"),
        }


def list_reports_of(campaign: Campaign) -> QuerySet[Obligation]:
    """The half-year and yearly reports of a plan that hold its indicators."""
    return list_possible_reports(campaign).filter(holds_indicators=True)


def _spell(rows: "QuerySet[Any]", name: str) -> tuple[str, dict[str, Any]]:
    """The SQL of a query set with a name for each of its values."""
    sql, values = rows.query.sql_with_params()
    given = {f"{name}_{number}": value for number, value in enumerate(values)}
    return sql % tuple(f"%({one})s" for one in given), given


class OverviewPage:
    """Rows for a paginator, `known` of them: each slice is read as facts, with the names of their units and reports."""

    def __init__(self, found: Overview, day: date, *, known: int) -> None:
        self._found, self._day, self._known = found, day, known

    def count_up_to(self, most: int) -> int:
        return min(self._known, most)

    def __getitem__(self, part: slice) -> list["OverviewRow"]:
        found = self._found.list_part(part, known=self._known)
        return read_rows([(pk, indicator) for pk, indicator, _ in found], self._day)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    assignment: Assignment
    fact: TargetFact


def read_rows(keys: Sequence[Key], day: date) -> list[OverviewRow]:
    """The facts of some rows of the overview, in their order; six queries for any number of rows."""
    wanted = Assignment.objects.filter(pk__in={pk for pk, _ in keys}).select_related(
        "unit", "obligation__campaign", "obligation__phase"
    )
    assignments = {one.pk: one for one in wanted}
    facts = {(one.assignment_id, one.indicator.pk): one for one in read_facts(list(assignments.values()), day)}
    return [OverviewRow(assignments[key[0]], facts[key]) for key in keys if key in facts]
