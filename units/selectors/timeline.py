"""The life of a unit in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from units.models import Placement, Succession, SuccessionKind, Unit, UnitName
from units.selectors.tree import standing


@dataclass(frozen=True)
class Milestone:
    """What happened to a unit on a day: the words, the units they speak of as they were called then, and the papers."""

    on: date
    words: str
    units: Sequence[tuple[Unit, str]] = ()
    after: str = ""
    citation: str = ""


_K = SuccessionKind
# Words for the unit to which it happened, and for the unit that came out of it.
_LEAVING = {
    _K.MERGE: "Sáp nhập, hợp nhất vào",
    _K.SPLIT: "Chia, tách thành",
    _K.DISSOLVE: "Giải thể; lưu giữ hồ sơ:",
}
_COMING = {
    _K.MERGE: ("Thành lập trên cơ sở hợp nhất", "Nhận sáp nhập"),
    _K.SPLIT: ("Thành lập do chia, tách từ", "Nhận một phần tách ra từ"),
    _K.DISSOLVE: ("Thành lập và nhận hồ sơ của đơn vị giải thể:", "Nhận hồ sơ của đơn vị giải thể:"),
}


class _Names:
    """What each of several units was called on any day: one query."""

    def __init__(self, units: Iterable[Unit]) -> None:
        names: defaultdict[Any, list[UnitName]] = defaultdict(list)
        for name in UnitName.objects.filter(unit__in={unit.pk for unit in units}).order_by("valid_from"):
            names[name.unit_id].append(name)
        self.names: Mapping[Any, list[UnitName]] = names

    def on(self, unit: Unit, day: date) -> str:
        before = [name for name in self.names[unit.pk] if name.valid_from <= day]
        return before[-1].name if before else unit.name


def list_milestones(unit: Unit) -> list[Milestone]:
    """Everything recorded of `unit`, the oldest first. The number of queries is constant."""
    links = list(
        Succession.objects.filter(Q(from_unit=unit) | Q(to_unit=unit))
        .select_related("from_unit", "to_unit")
        .order_by("on", "pk")
    )
    placements = list(unit.placements.select_related("parent").order_by("valid_from"))
    involved = [unit, *(one for link in links for one in (link.from_unit, link.to_unit))]
    names = _Names([*involved, *(place.parent for place in placements if place.parent)])
    grouped: dict[tuple[date, str, bool, str], list[Succession]] = defaultdict(list)
    for link in links:
        grouped[(link.on, link.kind, link.from_unit_id == unit.pk, link.citation)].append(link)
    told = [_tell(unit, group, placements, names) for group in grouped.values()]
    if not any(milestone.on == unit.valid_from for milestone in told):
        told.append(Milestone(unit.valid_from, f"Được ghi vào hệ thống với tên «{names.on(unit, unit.valid_from)}»"))
    return sorted(told, key=lambda milestone: milestone.on)


def _tell(unit: Unit, group: Sequence[Succession], placements: Sequence[Placement], names: _Names) -> Milestone:
    first = group[0]
    kind, citation = _K(first.kind), first.citation
    if kind is _K.RENAME:
        words = f"Đổi tên thành «{names.on(unit, first.on)}»"
        return Milestone(first.on, words, citation=citation)
    if kind is _K.MOVE:
        place = next((one for one in placements if one.valid_from == first.on), None)
        parents = [(place.parent, names.on(place.parent, first.on))] if place and place.parent else []
        return Milestone(first.on, "Chuyển về trực thuộc", parents, citation=citation)
    if first.from_unit_id == unit.pk:
        into = [(link.to_unit, names.on(link.to_unit, first.on)) for link in group]
        return Milestone(first.on, _LEAVING[kind], into, citation=citation)
    founded, joined = _COMING[kind]
    # The last day under the old name is the one before.
    out_of = [(link.from_unit, names.on(link.from_unit, link.from_unit.valid_to or first.on)) for link in group]
    return Milestone(first.on, founded if unit.valid_from == first.on else joined, out_of, citation=citation)


def list_archive(unit: Unit, *, day: date) -> QuerySet[Unit]:
    """Ended units whose rows `unit` keeps, the last to end first."""
    return Unit.objects.below(unit.path).exclude(pk=unit.pk).exclude(standing(day)).order_by("-valid_to", "path")
