"""What becomes of a unit: the one place that applies a rename, a move, a merger, a split or a dissolution.

Each change closes what ends on the day before `on` and opens what begins on `on`: dated names, placements, the unit's
own last day, and `Succession`, which says what became of whom and under which decision. `Unit.path` is moved last: a
unit that ended hangs below the one that keeps its archive, and the database carries every row of the subtree along
(composite keys with ON UPDATE CASCADE, which run as the owner of each table, so no persona needs more rights). The
trail stays verifiable, because its chain covers an entry's unit and never its path.

Units that still stand below a unit that ends come under the one that keeps its archive, as a move of their own.

Nothing here asks what day it is: whoever plans for a day to come calls on that day. All of it runs in one transaction
and needs a scope that holds the units named, or maintenance; the actor's unit must stand above all of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from units.actors import Actor
from units.folding import fold, nfc
from units.models import Placement, Succession, SuccessionKind, Unit, UnitName
from units.refusals import RefusedError
from units.services.audit import record_unit_acts
from units.services.custody import Custody, give_paths

_CHANGED_FIELDS = ("name", "short_name", "folded_name", "place", "parent_id", "path", "valid_to")


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What becomes of one unit. Made by `renaming`, `moving`, `merging`, `splitting` and `dissolving`.

    `successors` are those that a merger, split or dissolution leads to; `keeper` takes the archive (the unit itself
    when it lives on after a part was split off). A `citation` of its own goes before that of the whole batch.
    """

    kind: SuccessionKind
    unit: Unit
    successors: tuple[Unit, ...] = ()
    keeper: Unit | None = None
    parent: Unit | None = None
    name: str = ""
    short_name: str = ""
    place: str = ""
    carries_record: bool | None = None
    citation: str = ""

    @property
    def ends_unit(self) -> bool:
        return self.keeper is not None and self.keeper.pk != self.unit.pk

    @property
    def named(self) -> list[Unit]:
        """Every unit that the change speaks of, the changed one first."""
        return [self.unit, *self.successors, *filter(None, (self.keeper, self.parent))]


def renaming(unit: Unit, *, name: str, short_name: str, place: str = "", citation: str = "") -> Change:
    """The unit goes on under another name; without a `place` it keeps its own."""
    return Change(
        SuccessionKind.RENAME,
        unit,
        name=nfc(name),
        short_name=nfc(short_name),
        place=nfc(place) or unit.place,
        citation=citation,
    )


def moving(unit: Unit, *, parent: Unit, citation: str = "") -> Change:
    """The unit goes on under another parent."""
    return Change(SuccessionKind.MOVE, unit, parent=parent, citation=citation)


def merging(unit: Unit, *, into: Unit, carries_record: bool | None = None, citation: str = "") -> Change:
    """The unit ends and `into`, which stands already or was founded for it, takes its place."""
    return Change(
        SuccessionKind.MERGE, unit, successors=(into,), keeper=into, carries_record=carries_record, citation=citation
    )


def splitting(
    unit: Unit,
    *,
    into: Sequence[Unit],
    keeper: Unit | None = None,
    carries_record: bool | None = None,
    citation: str = "",
) -> Change:
    """The unit becomes several. `keeper` takes the archive: one of `into` (the first without one given), or the unit
    itself, which then lives on beside what was split off."""
    return Change(
        SuccessionKind.SPLIT,
        unit,
        successors=tuple(into),
        keeper=keeper or into[0],
        carries_record=carries_record,
        citation=citation,
    )


def dissolving(unit: Unit, *, keeper: Unit, citation: str = "") -> Change:
    """The unit ends without a successor in its work; `keeper` takes its archive."""
    return Change(
        SuccessionKind.DISSOLVE, unit, successors=(keeper,), keeper=keeper, carries_record=False, citation=citation
    )


def rename_unit(
    unit: Unit, *, name: str, short_name: str, place: str = "", on: date, citation: str, actor: Actor
) -> list[Succession]:
    """See `renaming` and `apply_changes`."""
    change = renaming(unit, name=name, short_name=short_name, place=place)
    return apply_changes([change], on=on, citation=citation, actor=actor)


def move_unit(unit: Unit, *, parent: Unit, on: date, citation: str, actor: Actor) -> list[Succession]:
    """See `moving` and `apply_changes`."""
    return apply_changes([moving(unit, parent=parent)], on=on, citation=citation, actor=actor)


def merge_units(
    units: Iterable[Unit],
    *,
    into: Unit,
    carries_record: bool | None = None,
    on: date,
    citation: str,
    actor: Actor,
) -> list[Succession]:
    """See `merging` and `apply_changes`."""
    changes = [merging(unit, into=into, carries_record=carries_record) for unit in units]
    return apply_changes(changes, on=on, citation=citation, actor=actor)


def split_unit(
    unit: Unit,
    *,
    into: Sequence[Unit],
    keeper: Unit | None = None,
    carries_record: bool | None = None,
    on: date,
    citation: str,
    actor: Actor,
) -> list[Succession]:
    """See `splitting` and `apply_changes`."""
    change = splitting(unit, into=into, keeper=keeper, carries_record=carries_record)
    return apply_changes([change], on=on, citation=citation, actor=actor)


def dissolve_unit(unit: Unit, *, keeper: Unit, on: date, citation: str, actor: Actor) -> list[Succession]:
    """See `dissolving` and `apply_changes`."""
    return apply_changes([dissolving(unit, keeper=keeper)], on=on, citation=citation, actor=actor)


@transaction.atomic
def found_units(units: Sequence[Unit], *, on: date) -> None:
    """Write new units, unsaved and with their `parent` set, as standing from `on`, with first name and placement.

    Parents among them come before their children; a parent that stands already must do so on that day. The number of
    queries does not depend on the number of units.
    """
    new = {unit.pk for unit in units}
    for parent in {unit.parent.pk: unit.parent for unit in units if unit.parent}.values():
        if parent.pk not in new:
            _require_standing(parent, on)
    for unit in units:
        unit.valid_from = on
        unit.folded_name = fold(f"{unit.name} {unit.short_name}")
    write_units(units)


def write_units(units: Sequence[Unit]) -> None:
    """Write unsaved units with free paths, first names and first placements, each from its own first day."""
    give_paths(units)
    Unit.objects.bulk_create(units)
    UnitName.objects.bulk_create(_name_of(unit) for unit in units)
    Placement.objects.bulk_create(_placement_of(unit) for unit in units)


@transaction.atomic
def apply_changes(changes: Sequence[Change], *, on: date, citation: str, actor: Actor) -> list[Succession]:
    """Apply every change as of `on`, in one transaction, and return what was written of each unit's fate.

    Refuses (`RefusedError`, nothing changed) a unit that does not stand on the day before, or whose name or place
    has changed on the day or later; a successor or parent that does not stand on the day, or stands below the unit;
    two changes that contradict each other; a unit outside the actor's. The number of queries does not depend on the
    number of changes. The `Unit` objects passed in are brought up to date.
    """
    batch = _Batch(changes, on, citation, actor)
    batch.check()
    successions = batch.write()
    for change in changes:
        for unit in change.named:
            _copy(batch.units[unit.pk], unit)
    return successions


class _Batch:
    """The changes of one day, applied together: first all are checked, then written table by table."""

    def __init__(self, changes: Sequence[Change], on: date, citation: str, actor: Actor) -> None:
        self.on, self.citation, self.actor = on, citation, actor
        self.eve = on - timedelta(days=1)
        named = {unit.pk for change in changes for unit in change.named}
        # Two reorganisations at once would find the same free path, so the second waits for the first at the root.
        list(Unit.objects.select_for_update(no_key=True).filter(path=actor.unit.path[: Unit.PATH_STEP]))
        locked = Unit.objects.select_for_update(no_key=True)
        self.units = {unit.pk: unit for unit in locked.filter(pk__in=named).order_by("pk")}
        self.custody = Custody()
        self.changes = [self._own(change) for change in changes]
        self.changes += self._followers()
        self.ending = [change for change in self.changes if change.ends_unit]
        self.ended = {change.unit.pk for change in self.ending}

    def _own(self, change: Change) -> Change:
        """The same change, speaking of the locked rows."""
        return replace(
            change,
            unit=self.units[change.unit.pk],
            successors=tuple(self.units[unit.pk] for unit in change.successors),
            keeper=self.units[change.keeper.pk] if change.keeper else None,
            parent=self.units[change.parent.pk] if change.parent else None,
        )

    def _followers(self) -> list[Change]:
        """Moves of units that still stand directly below one that ends, unless they have a fate of their own."""
        keepers = {change.unit.pk: change.keeper for change in self.changes if change.ends_unit}
        decided = {change.unit.pk for change in self.changes if change.kind is not SuccessionKind.RENAME}
        below = {child: keepers[above] for above in keepers for child in self.custody.below(above)}
        standing = Unit.objects.existing_on(self.on).select_for_update(no_key=True)
        followers = []
        for unit in standing.filter(pk__in=below.keys() - decided).order_by("path"):
            keeper = below[unit.pk]
            if keeper and keeper.pk != unit.pk:
                followers.append(moving(self.units.setdefault(unit.pk, unit), parent=keeper))
        return followers

    def _of_kind(self, kind: SuccessionKind) -> list[Change]:
        return [change for change in self.changes if change.kind is kind]

    def check(self) -> None:
        for unit in self.units.values():
            if not self.actor.unit.contains(unit.path):
                raise RefusedError(
                    f"{unit.name} nằm ngoài hệ thống của {self.actor.unit.name}.",
                    why="Chỉ sắp xếp được các đơn vị trực thuộc.",
                    remedy="Chọn đơn vị trong hệ thống của mình.",
                )
        self._check_once()
        for change in self.changes:
            _require_standing(change.unit, self.eve)
            self._check_receivers(change)
        self._check_nothing_later(UnitName, "tên")
        self._check_nothing_later(Placement, "cơ quan quản lý")

    def _check_once(self) -> None:
        kinds = Counter((change.unit.pk, change.kind) for change in self.changes)
        changes = Counter(change.unit.pk for change in self.changes)
        for change in self.changes:
            pk = change.unit.pk
            if kinds[pk, change.kind] > 1 or (pk in self.ended and changes[pk] > 1):
                raise RefusedError(
                    f"{change.unit.name} được sắp xếp hai lần trong cùng một ngày.",
                    why="Hai cách sắp xếp trái nhau thì không biết theo cách nào.",
                    remedy="Giữ lại một cách sắp xếp cho đơn vị này.",
                )

    def _check_receivers(self, change: Change) -> None:
        for receiver in change.named[1:]:
            if receiver.pk in self.ended:
                raise RefusedError(
                    f"{receiver.name} thôi hoạt động trong chính lần sắp xếp này nên không nhận {change.unit.name}.",
                    why="Đơn vị nhận phải còn hoạt động từ ngày sắp xếp.",
                    remedy="Chọn một đơn vị còn hoạt động sau ngày sắp xếp.",
                )
            _require_standing(receiver, self.on)
        receiver = change.parent or change.keeper or change.unit
        if receiver.pk == change.unit.pk and change.kind in (SuccessionKind.RENAME, SuccessionKind.SPLIT):
            return
        if change.unit.pk in self.custody.up(receiver.pk):
            raise RefusedError(
                f"{receiver.name} là chính {change.unit.name} hoặc trực thuộc đơn vị này nên không nhận được.",
                why="Một đơn vị không thể đứng dưới cấp dưới của mình.",
                remedy="Chuyển đơn vị nhận sang cơ quan khác trước, hoặc chọn đơn vị nhận khác.",
            )

    def _check_nothing_later(self, model: type[UnitName] | type[Placement], what: str) -> None:
        rows = model._default_manager.filter(unit__in=self._touched(model), valid_from__gte=self.on)  # noqa: SLF001
        for unit, since in rows.order_by().values_list("unit_id", "valid_from")[:1]:
            raise RefusedError(
                f"{self.units[unit].name} đã đổi {what} từ ngày {since:%d/%m/%Y}.",
                why=f"Không thể sắp xếp lùi về ngày {self.on:%d/%m/%Y}, trước lần đổi đó.",
                remedy=f"Chọn ngày sắp xếp sau ngày {since:%d/%m/%Y}.",
            )

    def _touched(self, model: type[UnitName] | type[Placement]) -> dict[UUID, Unit]:
        """Units whose name, or whose placement, is not the same from the day on."""
        kind = SuccessionKind.RENAME if model is UnitName else SuccessionKind.MOVE
        return {change.unit.pk: change.unit for change in (*self._of_kind(kind), *self.ending)}

    def write(self) -> list[Succession]:
        renamed, moved, ending = (
            self._of_kind(SuccessionKind.RENAME),
            self._of_kind(SuccessionKind.MOVE),
            self.ending,
        )
        self._close(UnitName, _name_of)
        self._close(Placement, _placement_of)
        for change in renamed:
            unit = change.unit
            unit.name, unit.short_name, unit.place = change.name, change.short_name, change.place
            unit.folded_name = fold(f"{unit.name} {unit.short_name}")
        for change in moved:
            change.unit.parent = change.parent
            self.custody.move(change.unit.pk, self._pk(change.parent))
        for change in ending:
            change.unit.valid_to = self.eve
            self.custody.move(change.unit.pk, self._pk(change.keeper))
        UnitName.objects.bulk_create(_name_of(change.unit, since=self.on) for change in renamed)
        Placement.objects.bulk_create(_placement_of(change.unit, since=self.on) for change in moved)
        Unit.objects.bulk_update(
            [change.unit for change in renamed], ["name", "short_name", "folded_name", "place"], batch_size=200
        )
        Unit.objects.bulk_update([change.unit for change in moved], ["parent"], batch_size=500)
        Unit.objects.filter(pk__in=[change.unit.pk for change in ending]).update(valid_to=self.eve)
        self.custody.write()
        for unit in self.units.values():
            unit.path = self.custody.path(unit.pk)
        return self._record()

    @staticmethod
    def _pk(unit: Unit | None) -> UUID:
        assert unit is not None  # noqa: S101  a move has a parent, an end has a keeper
        return unit.pk

    def _close(self, model: type[UnitName] | type[Placement], row_of: Any) -> None:
        """End what holds on the eve. A unit written without its history gets it now, from its own fields."""
        touched = self._touched(model)
        rows = model._default_manager.filter(unit__in=touched)  # noqa: SLF001
        known = set(rows.values_list("unit_id", flat=True))
        rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=self.eve)).update(valid_to=self.eve)
        missing = [row_of(unit) for pk, unit in touched.items() if pk not in known]
        for row in missing:
            row.valid_to = self.eve
            if isinstance(row, Placement) and row.parent_id is None:
                row.parent_id = self.custody.above(row.unit_id)
        model._default_manager.bulk_create(missing)  # noqa: SLF001

    def _record(self) -> list[Succession]:
        successions = Succession.objects.bulk_create(
            Succession(
                from_unit=change.unit,
                to_unit=successor,
                on=self.on,
                kind=change.kind,
                citation=change.citation or self.citation,
                carries_record=change.carries_record,
            )
            for change in self.changes
            for successor in change.successors or (change.unit,)
        )
        record_unit_acts(
            [(f"{change.kind.value}-unit", change.unit, self._detail(change)) for change in self.changes],
            actor=self.actor,
        )
        return successions

    def _detail(self, change: Change) -> dict[str, str]:
        receivers = change.successors or tuple(filter(None, (change.parent,)))
        return {
            "on": self.on.isoformat(),
            "name": change.name,
            "to": ", ".join(unit.short_name for unit in receivers),
            "citation": change.citation or self.citation,
        }


def _name_of(unit: Unit, *, since: date | None = None) -> UnitName:
    return UnitName(
        unit=unit,
        name=unit.name,
        short_name=unit.short_name,
        place=unit.place,
        valid_from=since or unit.valid_from,
    )


def _placement_of(unit: Unit, *, since: date | None = None) -> Placement:
    return Placement(unit=unit, parent_id=unit.parent_id, valid_from=since or unit.valid_from)


def _copy(source: Unit, target: Unit) -> None:
    for name in _CHANGED_FIELDS:
        setattr(target, name, getattr(source, name))


def _require_standing(unit: Unit, day: date) -> None:
    if unit.valid_from <= day and (unit.valid_to is None or unit.valid_to >= day):
        return
    if unit.valid_from > day:
        why = f"Đơn vị này hoạt động từ ngày {unit.valid_from:%d/%m/%Y}."
    else:
        why = f"Đơn vị này thôi hoạt động sau ngày {unit.valid_to:%d/%m/%Y}."
    raise RefusedError(
        f"{unit.name} không hoạt động vào ngày {day:%d/%m/%Y} nên không sắp xếp được.",
        why=why,
        remedy="Chọn ngày khác, hoặc chọn đơn vị còn hoạt động vào ngày đó.",
    )
