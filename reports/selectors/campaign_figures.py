"""Counts a campaign's nominations by province and by unit, and lists the rows behind each number.

Rows are grouped by the head of their unit's path, in SQL, so the number of queries depends on nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from campaigns.models import Assignment, Campaign, Obligation, ObligationKind, Phase
from exemplars.models import Assessment, Nomination
from exemplars.workflow import NominationState
from reports.figures import Branch, CampaignSummary, Figures, Line, Measure
from reports.selectors.dossiers import name_plan
from units.models import Unit, UnitKind

_S = NominationState
NOMINATED = (_S.SUBMITTED, _S.RETURNED, _S.FORWARDED, _S.ACCEPTED, _S.RECOGNISED, _S.DECLINED)
BEFORE_COUNCIL = (_S.ACCEPTED, _S.RECOGNISED, _S.DECLINED)
MET = "met"
# What a plan only allows is not owed.
OWED = Q(obligation__kind=ObligationKind.NOMINATION, obligation__is_optional=False, merged_into__isnull=True)
# Forwarding the first nomination completes what a unit owes; so does a paper sent outside this software.
UNSENT = Q(done_at__isnull=True)
ALL = "all"
# The bodies by which the sector speaks of "provinces"; a school stands beside them.
PROVINCE_KINDS = (UnitKind.PROVINCIAL_ENFORCEMENT, UnitKind.JUSTICE_DEPARTMENT, UnitKind.SCHOOL)
STEP = Unit.PATH_STEP


@dataclass(frozen=True, slots=True)
class Slice:
    """A campaign, or one phase of it: what is owed in the phase, and what was put forward for its awards and years."""

    campaign: Campaign
    phases: tuple[Phase, ...]
    phase: Phase | None = None
    awards: frozenset[str] = frozenset()


def slice_campaign(campaign: Campaign, *, phase: str, day: date) -> Slice:
    """The slice that `phase` names: a code, "all", or nothing for the shortest phase that `day` lies in. One query.

    Raises `Phase.DoesNotExist` for a code that is none of the campaign's.
    """
    awards: dict[Phase, set[str]] = defaultdict(set)
    owed = Obligation.objects.filter(campaign=campaign, kind=ObligationKind.NOMINATION, phase__isnull=False)
    for obligation in owed.select_related("phase").order_by("phase__opens_on", "phase__code"):
        if obligation.phase:
            awards[obligation.phase] |= set(obligation.awards)
    phases = tuple(awards)
    if phase == ALL:
        return Slice(campaign, phases)
    if phase:
        chosen = next((one for one in phases if one.code == phase), None)
        if chosen is None:
            raise Phase.DoesNotExist
    else:
        running = [one for one in phases if one.opens_on <= day <= one.closes_on]
        chosen = min(running, key=lambda one: one.closes_on - one.opens_on, default=None)
    return Slice(campaign, phases, chosen, frozenset(awards[chosen]) if chosen else frozenset())


def list_campaigns() -> QuerySet[Campaign]:
    """Campaigns in which somebody in scope owes or put forward a nomination."""
    return Campaign.objects.filter(
        Exists(Assignment.objects.filter(OWED, obligation__campaign=OuterRef("pk")))
        | Exists(Nomination.objects.filter(campaign=OuterRef("pk")))
    ).select_related("issuer")


def summarise(part: Slice, *, viewer: Unit, as_of: datetime) -> CampaignSummary:
    """The numbers below `viewer`, whose scope is open: five queries, whatever the rows."""
    units = {unit.path: unit for unit in Unit.objects.below(viewer.path)}
    heads = [path for path, unit in units.items() if unit.kind in PROVINCE_KINDS] or [viewer.path]
    coarse = max(len(path) for path in heads)
    by_branch = _fold(_count(part, coarse), lambda path: _branch_of(path, heads, units))
    by_unit = _fold(_count(part, coarse + STEP), lambda path: _child_of(path, heads, units))
    children: dict[str, list[str]] = defaultdict(list)
    for path in by_unit:
        children[_branch_of(path, heads, units)].append(path)
    branches = tuple(
        Branch(
            line=_line(units[path], figures, is_own=False),
            children=tuple(
                _line(units[child], by_unit[child], is_own=child == path) for child in sorted(children[path])
            ),
        )
        for path, figures in sorted(by_branch.items())
        if figures
    )
    return CampaignSummary(
        code=part.campaign.code,
        campaign=part.campaign.title,
        phase=part.phase.code if part.phase else ALL,
        phase_title=part.phase.title if part.phase else "",
        plan=name_plan(part.campaign),
        unit=viewer.name,
        superior=viewer.parent.name if viewer.parent else "",
        place=viewer.place,
        as_of=as_of,
        branches=branches,
    )


def list_rows(part: Slice, measure: Measure, *, below: str = "", own: str = "") -> QuerySet[Any]:
    """The nominations, or for what is owed and not sent the assignments, that a number counts.

    `below` keeps a unit with everything under it, `own` the unit alone.
    """
    rows = _owed_rows(part, measure) if measure in (Measure.OWED, Measure.UNSENT) else _put_forward(part, measure)
    if own:
        return rows.filter(unit_path=own)
    return rows.filter(unit_path__gte=below, unit_path__lt=f"{below}~") if below else rows


def _owed_rows(part: Slice, measure: Measure) -> QuerySet[Assignment]:
    rows = _assignments(part)
    if measure is Measure.UNSENT:
        rows = rows.filter(UNSENT)
    return rows.select_related("unit", "obligation").order_by("unit_path", "last_day", "pk")


def _put_forward(part: Slice, measure: Measure) -> QuerySet[Nomination]:
    return (
        _nominations(part)
        .filter(MEASURES[measure])
        .select_related("unit", "person", "collective", "recognition")
        .order_by("unit_path", "person__sort_key", "pk")
    )


MEASURES: Mapping[Measure, Q] = {
    Measure.NOMINATED: Q(state__in=NOMINATED),
    Measure.QUALIFIED: Q(state__in=NOMINATED, verdict=MET),
    Measure.ACCEPTED: Q(state__in=BEFORE_COUNCIL),
    Measure.RECOGNISED: Q(state=_S.RECOGNISED),
}


def _assignments(part: Slice) -> QuerySet[Assignment]:
    rows: QuerySet[Assignment] = Assignment.objects.filter(OWED, obligation__campaign=part.campaign)
    return rows.filter(obligation__phase=part.phase) if part.phase else rows


def _nominations(part: Slice) -> QuerySet[Nomination]:
    """With the verdict of the latest assessment of each."""
    latest = Assessment.objects.filter(nomination=OuterRef("pk")).order_by("-assessed_at", "-pk")
    rows: QuerySet[Nomination] = Nomination.objects.filter(campaign=part.campaign).annotate(
        verdict=Subquery(latest.values("verdict")[:1])
    )
    if part.phase is None:
        return rows
    years = (part.phase.opens_on.year, part.phase.closes_on.year)
    return rows.filter(recognition__code__in=part.awards, year__range=years)


def _count(part: Slice, length: int) -> dict[str, Figures]:
    """Figures by the first `length` characters of the path: two queries."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    owed = (
        _assignments(part)
        .annotate(head=Substr("unit_path", 1, length))
        .order_by()
        .values("head")
        .annotate(owed=Count("pk"), unsent=Count("pk", filter=UNSENT))
    )
    put_forward = (
        _nominations(part)
        .annotate(head=Substr("unit_path", 1, length))
        .order_by()
        .values("head")
        .annotate(**{measure.value: Count("pk", filter=rule) for measure, rule in MEASURES.items()})
    )
    # Their types name their own columns; here they are all numbers by the head of a path.
    rows = cast("list[dict[str, Any]]", [*owed, *put_forward])
    for row in rows:
        found[row.pop("head")] |= row
    return {head: Figures(**numbers) for head, numbers in found.items()}


def _fold(counted: Mapping[str, Figures], owner: Any) -> dict[str, Figures]:
    folded: dict[str, Figures] = defaultdict(Figures)
    for path, figures in counted.items():
        folded[owner(path)] += figures
    return folded


def _branch_of(path: str, heads: list[str], units: Mapping[str, Unit]) -> str:
    """The province's body above `path`; an office outside every province stands for itself."""
    above = next((path[:end] for end in range(len(path), 0, -STEP) if path[:end] in set(heads)), None)
    return above or _nearest(path, units)


def _child_of(path: str, heads: list[str], units: Mapping[str, Unit]) -> str:
    """The unit one level below its branch, or the branch's own office."""
    branch = _branch_of(path, heads, units)
    return _nearest(path[: len(branch) + STEP], units)


def _nearest(path: str, units: Mapping[str, Unit]) -> str:
    return next(path[:end] for end in range(len(path), 0, -STEP) if path[:end] in units)


def _line(unit: Unit, figures: Figures, *, is_own: bool) -> Line:
    name = f"{unit.name} (cơ quan)" if is_own else unit.name
    return Line(code=unit.code, name=name, is_own=is_own, figures=figures)
