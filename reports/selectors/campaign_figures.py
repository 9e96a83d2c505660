"""Counts a campaign's nominations by province and by unit, and lists the rows behind each number.

A report on a time that is over shows the units of its last day under the names and in the tree of that day, whatever
has been merged since; of a campaign that still runs, those of today. Rows are grouped in SQL, by the head of their
unit's path, or by unit where the tree of the day is another than today's; the number of queries depends on nothing.
A nomination counts for the unit that put it forward while that one stood, and from then on for its heir.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Substr
from django.utils.timezone import localdate

from campaigns.models import Assignment, Campaign, Obligation, ObligationKind, Phase
from exemplars.models import Assessment, Nomination
from exemplars.workflow import NominationState
from reports.figures import Branch, CampaignSummary, Figures, Line, Measure
from reports.selectors.letterheads import name_plan
from units.models import Unit, UnitKind
from units.selectors.organisation import TreeOn, names_on, read_tree

_S = NominationState
NOMINATED = (_S.SUBMITTED, _S.RETURNED, _S.FORWARDED, _S.ACCEPTED, _S.RECOGNISED, _S.DECLINED, _S.REVOKED)
BEFORE_COUNCIL = (_S.ACCEPTED, _S.RECOGNISED, _S.DECLINED, _S.REVOKED)
MET = "met"
# What a plan only allows is not owed.
OWED = Q(obligation__kind=ObligationKind.NOMINATION, obligation__is_optional=False, merged_into__isnull=True)
# Forwarding the first nomination completes what a unit owes; so does a paper sent outside this software.
UNSENT = Q(done_at__isnull=True)
ALL = "all"
# The bodies by which the sector speaks of "provinces"; a school stands beside them.
PROVINCE_KINDS = (
    UnitKind.PROVINCIAL_ENFORCEMENT,
    UnitKind.PROVINCIAL_ENFORCEMENT_2025,
    UnitKind.JUSTICE_DEPARTMENT,
    UnitKind.SCHOOL,
)
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


def report_day(part: Slice, as_of: date) -> date:
    """The day whose units the report shows: its time's last day, or `as_of` while that time runs."""
    return min(as_of, part.phase.closes_on if part.phase else part.campaign.closes_on)


def summarise(part: Slice, *, viewer: Unit, as_of: datetime) -> CampaignSummary:
    """The numbers below `viewer`, whose scope is open: ten queries, whatever the rows."""
    today = localdate(as_of)
    day = report_day(part, today)
    tree = read_tree(viewer.path, day)
    layout = _Layout(tree, viewer)
    counted = _count_units(part, tree, day)
    by_branch = _fold(_count_heads(part, layout, day) if tree.is_custody else counted, layout.branch_of)
    by_unit = _fold(counted, layout.child_of)
    children: dict[UUID, list[UUID]] = defaultdict(list)
    for pk in by_unit:
        children[layout.branch_of(pk)].append(pk)
    names = names_on(Unit.objects.filter(pk__in={*by_branch, *by_unit}), day)

    def line(pk: UUID, figures: Figures, *, is_own: bool = False) -> Line:
        name = f"{names[pk].name} (cơ quan)" if is_own else names[pk].name
        return Line(code=tree.units[pk].code, name=name, is_own=is_own, figures=figures)

    branches = tuple(
        Branch(
            line=line(pk, figures),
            children=tuple(
                line(child, by_unit[child], is_own=child == pk) for child in sorted(children[pk], key=layout.order)
            ),
        )
        for pk, figures in sorted(by_branch.items(), key=lambda pair: layout.order(pair[0]))
        if figures
    )
    # The paper itself is made today, by the office as it is called today.
    superior = viewer.parent
    heads = names_on(filter(None, (viewer, superior)), today)
    return CampaignSummary(
        code=part.campaign.code,
        campaign=part.campaign.title,
        phase=part.phase.code if part.phase else ALL,
        phase_title=part.phase.title if part.phase else "",
        plan=name_plan(part.campaign),
        unit=heads[viewer.pk].name,
        superior=heads[superior.pk].name if superior else "",
        place=heads[viewer.pk].place,
        as_of=as_of,
        branches=branches,
    )


def find_branch_units(part: Slice, unit: Unit, *, viewer: Unit, as_of: datetime) -> set[UUID]:
    """Ids of the units that the report counts under `unit`: those below it on the day of the report."""
    return read_tree(viewer.path, report_day(part, localdate(as_of))).below(unit.pk)


def name_units(rows: Iterable[Any], day: date) -> list[Any]:
    """The rows, each given `unit_name`, and a nomination `named`, as of `day`: one query whatever their number."""
    rows = list(rows)
    collectives = [one.collective for one in rows if getattr(one, "collective", None)]
    counted = {one.pk: _counted_unit(one, day) for one in rows}
    names = names_on([*counted.values(), *collectives], day)
    for one in rows:
        one.unit_name = names[counted[one.pk].pk].name
        if isinstance(one, Nomination):
            named = names[one.collective_id].short_name if one.collective_id else one.nominee_name
            one.named = named  # type: ignore[attr-defined]  # for the page and the workbook
    return rows


def _counted_unit(row: Any, day: date) -> Unit:
    origin: Unit | None = row.origin if isinstance(row, Nomination) else None
    return origin if origin and (origin.valid_to is None or origin.valid_to >= day) else row.unit


def list_rows(
    part: Slice, measure: Measure, *, day: date = date.max, units: Collection[UUID] | None = None
) -> QuerySet[Any]:
    """The nominations, or for what is owed and not sent the assignments, that a number counts.

    With `units` those that a report of `day` counts for one of them, by default one of units as they are now.
    """
    if measure in (Measure.OWED, Measure.UNSENT):
        owed = _owed_rows(part, measure)
        return owed if units is None else owed.filter(unit__in=units)
    rows = _put_forward(part, measure)
    if units is None:
        return rows
    return rows.annotate(counted=_put_forward_by("unit_id", "origin_id", day)).filter(counted__in=units)


def _owed_rows(part: Slice, measure: Measure) -> QuerySet[Assignment]:
    rows = _assignments(part)
    if measure is Measure.UNSENT:
        rows = rows.filter(UNSENT)
    return rows.select_related("unit", "obligation").order_by("unit_path", "last_day", "pk")


def _put_forward(part: Slice, measure: Measure) -> QuerySet[Nomination]:
    return (
        _nominations(part)
        .filter(MEASURES[measure])
        .select_related("unit", "origin", "person", "collective", "recognition")
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


def _put_forward_by(unit: str, origin: str, day: date) -> Case:
    """A column of the unit that counts on `day`: `origin` of the one that put it forward, `unit` of its heir."""
    return Case(When(Q(origin=None) | Q(origin__valid_to__lt=day), then=F(unit)), default=F(origin))


def _count(part: Slice, owing: Any, proposing: Any) -> dict[Any, Figures]:
    """Figures by a key: `owing` is its expression over assignments, `proposing` over nominations. Two queries."""
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    owed = (
        _assignments(part)
        .annotate(head=owing)
        .order_by()
        .values("head")
        .annotate(owed=Count("pk"), unsent=Count("pk", filter=UNSENT))
    )
    put_forward = (
        _nominations(part)
        .annotate(head=proposing)
        .order_by()
        .values("head")
        .annotate(**{measure.value: Count("pk", filter=rule) for measure, rule in MEASURES.items()})
    )
    # Their types name their own columns; here they are all numbers by one key.
    rows = cast("list[dict[str, Any]]", [*owed, *put_forward])
    for row in rows:
        found[row.pop("head")] |= row
    return {head: Figures(**numbers) for head, numbers in found.items()}


def _count_units(part: Slice, tree: TreeOn, day: date) -> dict[UUID, Figures]:
    counted = _count(part, F("unit_id"), _put_forward_by("unit_id", "origin_id", day))
    return {pk: figures for pk, figures in counted.items() if pk in tree.units}


def _count_heads(part: Slice, layout: "_Layout", day: date) -> dict[UUID, Figures]:
    """Counted apart from the units' own numbers, so that a disagreement between the two levels would show."""
    length = layout.depth * STEP
    path = _put_forward_by("unit_path", "origin__path", day)
    counted = _count(part, Substr("unit_path", 1, length), Substr(path, 1, length))
    found: dict[UUID, Figures] = defaultdict(Figures)
    for path, figures in counted.items():
        found[layout.at(path)] += figures
    return found


def _fold(counted: Mapping[UUID, Figures], owner: Callable[[UUID], UUID]) -> dict[UUID, Figures]:
    folded: dict[UUID, Figures] = defaultdict(Figures)
    for pk, figures in counted.items():
        folded[owner(pk)] += figures
    return folded


class _Layout:
    """Which line of the report a unit's numbers belong to, in the tree of the report's day."""

    def __init__(self, tree: TreeOn, viewer: Unit) -> None:
        self.tree = tree
        provinces = {pk for pk, row in tree.units.items() if row.kind in PROVINCE_KINDS and pk in tree.standing}
        self.heads = provinces or {viewer.pk}
        self.depth = max(len(tree.units[pk].path) // STEP for pk in self.heads)
        self._paths = {row.path: pk for pk, row in tree.units.items()}
        self._deepest = max(len(tree.chain(pk)) for pk in self.heads)

    def branch_of(self, pk: UUID) -> UUID:
        """The province's body above; a unit outside every province stands for itself, no deeper than provinces do."""
        chain = self.tree.chain(pk)
        above = next((row.pk for row in reversed(chain) if row.pk in self.heads), None)
        return above or chain[: self._deepest][-1].pk

    def child_of(self, pk: UUID) -> UUID:
        """The unit one level below its branch, or the branch's own office."""
        chain = [row.pk for row in self.tree.chain(pk)]
        return chain[: chain.index(self.branch_of(pk)) + 2][-1]

    def at(self, path: str) -> UUID:
        """The unit at the head of a path, or the nearest above it."""
        return next(self._paths[path[:end]] for end in range(len(path), 0, -STEP) if path[:end] in self._paths)

    def order(self, pk: UUID) -> str:
        return self.tree.units[pk].path
