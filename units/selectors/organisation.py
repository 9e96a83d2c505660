"""Units as of a day: what they were called, under whom they stood, what became of them.

A unit's own fields are those of today or of its last day; a paper, a report or a rule about another day asks here.
A unit written without its history (no dated name or placement) answers with its own fields.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q

from units.models import Placement, Succession, SuccessionKind, Unit, UnitName


class NameLike(Protocol):
    """A unit's name on a day: a `UnitName` that held then, or the unit itself."""

    name: str
    short_name: str
    place: str


def _holding(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Chronicle:
    """Names and places of some units through time, read once: two queries, for any number of days."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.pk: unit for unit in units}
        self._placements: dict[UUID, list[Placement]] = defaultdict(list)
        placements = Placement.objects.filter(unit__in=self._units).select_related("parent") if self._units else ()
        for row in sorted(placements, key=lambda row: row.valid_from):
            self._placements[row.unit_id].append(row)
        # The unit's own parent answers for a unit written without its history.
        parents = [row.parent_id for row in placements] + [unit.parent_id for unit in self._units.values()]
        self._names = _read_names({*self._units, *filter(None, parents)})

    def name(self, unit: Unit, day: date) -> NameLike:
        """What the unit was called on `day`; before its first and after its last name the nearest stands in."""
        return _pick(self._names[unit.pk], day) or unit

    def above(self, unit: Unit, day: date) -> Unit | None:
        """Under which unit it stood on `day`; after it ended, the last one; None for a root or before it began."""
        rows = [row for row in self._placements[unit.pk] if row.valid_from <= day]
        if self._placements[unit.pk]:
            return rows[-1].parent if rows else None
        return unit.parent if unit.valid_from <= day else None


def _read_names(units: Iterable[UUID]) -> dict[UUID, list[UnitName]]:
    rows: dict[UUID, list[UnitName]] = defaultdict(list)
    for row in UnitName.objects.filter(unit__in=units).order_by("valid_from"):
        rows[row.unit_id].append(row)
    return rows


def _pick(names: list[UnitName], day: date) -> UnitName | None:
    begun = [row for row in names if row.valid_from <= day]
    return begun[-1] if begun else next(iter(names), None)


def names_on(units: Iterable[Unit], day: date) -> dict[UUID, NameLike]:
    """What each unit was called on `day`: one query however many they are.

    Before a unit's first name and after its last one the nearest of them stands in: a paper dated after a unit ended
    can only call it by its last name.
    """
    found = {unit.pk: unit for unit in units}
    rows = _read_names(found) if found else {}
    return {pk: _pick(rows.get(pk, []), day) or unit for pk, unit in found.items()}


def name_on(unit: Unit, day: date) -> NameLike:
    """What the unit was called on `day`; see `names_on`."""
    return names_on([unit], day)[unit.pk]


def parent_on(unit: Unit, day: date) -> Unit | None:
    """Under which unit it stood on `day`; None for a root, and for a unit that did not stand then."""
    return Chronicle([unit]).above(unit, day) if stands_on(unit, day) else None


def list_above_on(unit: Unit, day: date) -> list[UUID]:
    """Ids of the units above on `day`, the nearest first, the unit itself before them: at most two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up (unit, step) AS (SELECT %s::uuid, 0 UNION ALL "
            "SELECT p.parent_id, up.step + 1 FROM up JOIN units_placement p ON p.unit_id = up.unit "
            "AND p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to >= %s) "
            "WHERE p.parent_id IS NOT NULL AND up.step < 30) SELECT unit FROM up ORDER BY step",
            [unit.pk, day, day],
        )
        found = [row[0] for row in cursor.fetchall()]
    if len(found) > 1:
        return found
    # Written without its history, or a root: the path says all there is.
    return list(Unit.objects.filter(path__in=unit.paths_above).order_by("-path").values_list("pk", flat=True))


def stands_on(unit: Unit, day: date) -> bool:
    """Whether the unit exists on `day`, its last day included."""
    return unit.valid_from <= day and (unit.valid_to is None or unit.valid_to >= day)


class UnitRow(NamedTuple):
    pk: UUID
    code: str
    kind: str
    path: str


@dataclass(frozen=True)
class TreeOn:
    """The units of a branch of custody, each under the unit above which it stood on a day.

    A unit that did not stand on the day hangs where its path is: below whoever keeps its rows. A unit whose unit
    above lies outside the branch is a top of its own.
    """

    units: Mapping[UUID, UnitRow]
    above: Mapping[UUID, UUID | None]
    standing: frozenset[UUID]
    is_custody: bool
    """Whether the day's tree is the one of today's paths."""

    def chain(self, pk: UUID) -> list[UnitRow]:
        """From the top down to the unit, itself included."""
        found: list[UnitRow] = []
        at: UUID | None = pk
        while at is not None:
            found.append(self.units[at])
            at = self.above[at]
        return found[::-1]

    def below(self, top: UUID) -> set[UUID]:
        """Ids of the unit and of everything under it."""
        children: dict[UUID | None, list[UUID]] = defaultdict(list)
        for pk, above in self.above.items():
            children[above].append(pk)
        found: set[UUID] = set()
        waiting = [top]
        while waiting:
            one = waiting.pop()
            found.add(one)
            waiting += children[one]
        return found


def read_tree(path: str, day: date) -> TreeOn:
    """The tree of `day` among the units that hang below `path` today: two queries."""
    rows = Unit.objects.below(path).values_list("pk", "code", "kind", "path", "valid_from", "valid_to")
    units, standing = {}, set()
    for pk, code, kind, at, since, until in rows:
        units[pk] = UnitRow(pk, code, kind, at)
        if since <= day and (until is None or until >= day):
            standing.add(pk)
    by_path = {row.path: row.pk for row in units.values()}
    custody = {pk: by_path.get(row.path[: -Unit.PATH_STEP]) for pk, row in units.items()}
    placed = Placement.objects.filter(_holding(day), unit__path__gte=path, unit__path__lt=f"{path}~")
    above = custody | {
        unit: parent if parent in units else None
        for unit, parent in placed.order_by().values_list("unit_id", "parent_id")
        if unit in standing
    }
    return TreeOn(units, above, frozenset(standing), is_custody=above == custody)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A unit that came before: what became of it on `on`, and whether its years count for the unit asked about.

    `is_merged` says that it went into the other whole, by mergers alone; a part that was split off did not.
    """

    unit: UUID
    on: date
    carries_record: bool | None
    is_merged: bool


def successor_of(unit: Unit, day: date) -> Unit | None:
    """The unit that stands on `day` in the place of `unit`: itself while it stands, else whoever keeps its archive.

    Follows a chain of mergers; None when the unit has not begun, or nothing is on record of what became of it.
    """
    if unit.valid_from > day:
        return None
    seen = {unit.pk}
    while not stands_on(unit, day):
        # A split has several successors: the one that keeps the archive is the one the unit hangs below today.
        heirs = [
            row.to_unit
            for row in Succession.objects.filter(from_unit=unit, on__lte=day)
            .exclude(kind__in=[SuccessionKind.RENAME, SuccessionKind.MOVE])
            .select_related("to_unit")
        ]
        heirs.sort(key=lambda heir: unit.path.startswith(heir.path), reverse=True)
        if not heirs or heirs[0].pk in seen:
            return None
        unit = heirs[0]
        seen.add(unit.pk)
    return unit


def ancestors_of(units: Iterable[Unit]) -> Mapping[UUID, list[Ancestor]]:
    """The units that went into each unit, with theirs, the nearest first: one query; see `find_ancestors`."""
    return find_ancestors(unit.pk for unit in units)


def find_ancestors(units: Iterable[UUID]) -> Mapping[UUID, list[Ancestor]]:
    """`ancestors_of` for units known by their ids.

    A rename or a move is no ancestor: the unit is the same. Where several steps lie between, years are carried only
    when every step carries them, and not when any does not; else it is unknown.
    """
    into: dict[UUID, list[tuple[UUID, date, bool | None, bool]]] = defaultdict(list)
    rows = Succession.objects.filter(kind__in=[SuccessionKind.MERGE, SuccessionKind.SPLIT])
    for to, source, on, carries, kind in rows.order_by("on").values_list(
        "to_unit_id", "from_unit_id", "on", "carries_record", "kind"
    ):
        into[to].append((source, on, carries, kind == SuccessionKind.MERGE))
    return {unit: _climb(unit, into) for unit in units}


def _climb(unit: UUID, into: Mapping[UUID, list[tuple[UUID, date, bool | None, bool]]]) -> list[Ancestor]:
    ancestors: dict[UUID, Ancestor] = {}
    waiting: list[tuple[UUID, bool | None, bool]] = [(unit, True, True)]
    while waiting:
        at, carried, merged = waiting.pop(0)
        for source, on, carries, is_merger in into.get(at, ()):
            if source not in ancestors and source != unit:
                both = _all_carry((carried, carries))
                ancestors[source] = Ancestor(source, on, both, merged and is_merger)
                waiting.append((source, both, merged and is_merger))
    return list(ancestors.values())


def _all_carry(steps: tuple[bool | None, ...]) -> bool | None:
    if False in steps:
        return False
    return None if None in steps else True


def lineage(unit: Unit) -> list[Unit]:
    """The unit and all that went into it by merger or split, the nearest first: for archives and long records."""
    ancestors = ancestors_of([unit])[unit.pk]
    units = Unit.objects.in_bulk([one.unit for one in ancestors])
    return [unit, *(units[one.unit] for one in ancestors)]
