"""The tree of units as people walk it, and finding a unit by today's name or by a former one.

Units are public: these reads see every unit of the installation and need no scope.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from units.folding import fold
from units.models import Succession, SuccessionKind, Unit, UnitName

BRANCH_SIZE = 50
RESULT_SIZE = 20
# A successor may itself have been merged since; a chain longer than this is told as far as it was followed.
MAX_STEPS = 10


@dataclass
class Node:
    """A unit in the tree. `page` holds the part of its branch that is open; `chain` says that it is only the way
    down to the unit that was asked for.
    """

    unit: Unit
    count: int = 0
    is_open: bool = False
    is_ended: bool = False
    children: "list[Node]" = field(default_factory=list)
    page: "Page[Unit] | None" = None
    chain: bool = False


def standing(day: date) -> Q:
    """Units that have not come to their end before `day`; one that begins later is announced already."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=day)


def list_children(unit: Unit | None, *, ended: bool, day: date) -> QuerySet[Unit]:
    """The units right below `unit`, or the roots; ended ones only when asked for."""
    found = Unit.objects.filter(parent=unit)
    return (found if ended else found.filter(standing(day))).order_by("path")


def count_children(units: Iterable[Unit], *, ended: bool, day: date) -> dict[UUID, int]:
    """How many units stand right below each: one query for a whole page."""
    found = Unit.objects.filter(parent__in=[unit.pk for unit in units])
    if not ended:
        found = found.filter(standing(day))
    return dict(found.order_by().values_list("parent_id").annotate(number=Count("pk")))


def _nodes(units: Sequence[Unit], *, ended: bool, day: date) -> list[Node]:
    counts = count_children(units, ended=ended, day=day)
    return [Node(one, counts.get(one.pk, 0), is_ended=bool(one.valid_to and one.valid_to < day)) for one in units]


def open_branch(unit: Unit, *, page: str | None, ended: bool, day: date) -> Node:
    """A node with one page of its branch."""
    found = Paginator(list_children(unit, ended=ended, day=day), BRANCH_SIZE).get_page(page)
    (node,) = _nodes([unit], ended=ended, day=day)
    node.is_open, node.page = True, found
    node.children = _nodes(list(found.object_list), ended=ended, day=day)
    return node


def shut_branch(unit: Unit, *, ended: bool, day: date) -> Node:
    (node,) = _nodes([unit], ended=ended, day=day)
    return node


def _list_lineage(unit: Unit) -> list[Unit]:
    """The units above `unit`, the root first. Follows the tree of today, which for an ended unit is that of its
    last day: its custody may lie elsewhere.
    """
    above: list[Unit] = []
    step = unit
    if unit.valid_to is None:
        found = {one.path: one for one in Unit.objects.filter(path__in=unit.paths_above[:-1])}
        return [found[path] for path in unit.paths_above[:-1] if path in found]
    while step.parent_id and len(above) < MAX_STEPS:
        step = Unit.objects.get(pk=step.parent_id)
        above.insert(0, step)
    return above


def walk_down_to(node: Node, *, ended: bool, day: date) -> Node:
    """Hang `node` below the units above it; returns the root. Siblings on the way stay folded away."""
    above = _nodes(_list_lineage(node.unit), ended=ended, day=day)
    for one in reversed(above):
        one.is_open, one.chain, one.children = True, True, [node]
        node = one
    return node


@dataclass(frozen=True)
class Found:
    """A unit that a search found. `former` is the name that was meant when today's does not match; `now` are the
    units that took its place when it has ended.
    """

    unit: Unit
    above: Sequence[Unit]
    former: UnitName | None = None
    now: Sequence[Unit] = ()

    @property
    def way(self) -> str:
        return " › ".join(one.short_name for one in self.above)


def _matches(words: Sequence[str], column: str) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(**{f"{column}__holds": word})
    return condition


def search_units(text: str, *, ended: bool, day: date, below: str = "") -> QuerySet[Unit]:
    """Units whose name, today's or a former one, holds every word of `text` in any order, without diacritics.

    A name that begins with the text comes first.
    """
    words = fold(text).split()
    if not words:
        return Unit.objects.none()
    former = UnitName.objects.filter(_matches(words, "folded_name")).values("unit_id")
    found = Unit.objects.below(below) if below else Unit.objects.all()
    found = found.filter(_matches(words, "folded_name") | Q(pk__in=former))
    if not ended:
        found = found.filter(standing(day))
    begins = Case(
        When(folded_name__startswith=fold(text), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return found.order_by(begins, Length("path"), "path")


def count_ended(text: str, *, day: date) -> int:
    """How many ended units a search would find besides."""
    return search_units(text, ended=True, day=day).exclude(standing(day)).count()


def describe_found(units: Sequence[Unit], text: str, *, day: date) -> list[Found]:
    """A page of results with what stands above each, the former name that was meant, and what became of it."""
    words = fold(text).split()
    paths = {path for unit in units for path in unit.paths_above[:-1]}
    above = {one.path: one for one in Unit.objects.filter(path__in=paths)}
    former = _find_former(units, words)
    successors = find_successors([unit for unit in units if unit.valid_to and unit.valid_to < day])
    return [
        Found(
            unit,
            [above[path] for path in unit.paths_above[:-1] if path in above],
            former.get(unit.pk),
            successors.get(unit.pk, ()),
        )
        for unit in units
    ]


def _find_former(units: Sequence[Unit], words: Sequence[str]) -> dict[UUID, UnitName]:
    """For units whose name of today does not match, the latest name that does."""
    other = [unit.pk for unit in units if not all(word in unit.folded_name for word in words)]
    names = UnitName.objects.filter(_matches(words, "folded_name"), unit__in=other).order_by("valid_from")
    return {name.unit_id: name for name in names}


def find_successors(units: Iterable[Unit]) -> dict[UUID, list[Unit]]:
    """What stands today in the place of each ended unit, followed through later mergers: a query for each step."""
    ways: dict[UUID, list[Unit]] = {}
    open_ends = {unit.pk: {unit.pk} for unit in units}
    for _ in range(MAX_STEPS):
        if not open_ends:
            break
        links = Succession.objects.filter(from_unit__in={pk for ends in open_ends.values() for pk in ends})
        links = links.exclude(kind__in=(SuccessionKind.RENAME, SuccessionKind.MOVE)).select_related("to_unit")
        after: dict[UUID, list[Unit]] = {}
        for link in links:
            after.setdefault(link.from_unit_id, []).append(link.to_unit)
        following: dict[UUID, set[UUID]] = {}
        for start, ends in open_ends.items():
            for one in (one for end in ends for one in after.get(end, ())):
                if one.valid_to is None:
                    if one not in ways.setdefault(start, []):
                        ways[start].append(one)
                else:
                    following.setdefault(start, set()).add(one.pk)
        open_ends = following
    return ways
