"""Paths: who keeps whose rows today. Every free path is given here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models.functions import Length

from units.models import Unit
from units.scoping import follows_person

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def next_path(parent: Unit | None) -> str:
    """A free path below `parent`, or for a new root: one after the highest that stands there."""
    prefix = parent.path if parent else ""
    depth = len(prefix) + Unit.PATH_STEP
    last = (
        Unit.objects.below(prefix)
        .annotate(depth=Length("path"))
        .filter(depth=depth)
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    return prefix + path_step(_number(last) + 1 if last else 1)


def path_step(number: int) -> str:
    """One level of a path: `number` from 1 in base 36, four characters."""
    characters = []
    for _ in range(Unit.PATH_STEP):
        number, digit = divmod(number, len(DIGITS))
        characters.append(DIGITS[digit])
    if number:
        raise OverflowError("A unit has more children than a path can number.")
    return "".join(reversed(characters))


def _number(path: str) -> int:
    return int(path[-Unit.PATH_STEP :], len(DIGITS))


class Custody:
    """The tree of paths in memory, for giving many free paths and for many moves: one query, one statement.

    A path that was given or left here is not given again, so paths never meet on the way.
    """

    def __init__(self) -> None:
        self._paths = dict(Unit.objects.order_by("path").values_list("pk", "path"))
        known = {path: pk for pk, path in self._paths.items()}
        self._above: dict[UUID, UUID | None] = {}
        self._below: dict[UUID | None, list[UUID]] = defaultdict(list)
        self._step: dict[UUID, str] = {}
        # Where a path begins whose unit above is not on record.
        self._base: dict[UUID, str] = {}
        self._highest: dict[UUID | None, int] = defaultdict(int)
        for pk, path in self._paths.items():
            above = known.get(path[: -Unit.PATH_STEP])
            self._place(pk, above, path[-Unit.PATH_STEP :])
            if above is None:
                self._base[pk] = path[: -Unit.PATH_STEP]

    def _place(self, pk: UUID, above: UUID | None, step: str) -> None:
        self._above[pk], self._step[pk] = above, step
        self._below[above].append(pk)
        self._highest[above] = max(self._highest[above], _number(step))

    def add(self, pk: UUID, above: UUID | None) -> str:
        """Give a new unit a free path below `above`."""
        self._place(pk, above, path_step(self._highest[above] + 1))
        return self.path(pk)

    def move(self, pk: UUID, above: UUID) -> None:
        """Hang a unit with everything below it under `above`."""
        self._below[self._above[pk]].remove(pk)
        self._base.pop(pk, None)
        self._place(pk, above, path_step(self._highest[above] + 1))

    def below(self, pk: UUID) -> list[UUID]:
        """What hangs directly below, in the order of paths."""
        return self._below[pk]

    def above(self, pk: UUID) -> UUID | None:
        return self._above[pk]

    def up(self, pk: UUID) -> Iterator[UUID]:
        """The unit and all above it, upwards."""
        at: UUID | None = pk
        while at is not None:
            yield at
            at = self._above[at]

    def path(self, pk: UUID) -> str:
        steps = list(self.up(pk))
        return self._base.get(steps[-1], "") + "".join(self._step[one] for one in reversed(steps))

    def write(self) -> None:
        """Write every path that changed, in one statement; the database carries all rows of moved units along.

        In which order it carries the tables is nobody's choice: it follows the numbers that the keys were made under,
        and a restored backup has others. A personal row that this transaction wrote is checked again as soon as its
        `unit_path` moves, and refused when its person comes later. So these keys wait for the statement's end, no
        longer, and then look at every row that was carried.
        """
        changed = {pk: path for pk, old in self._paths.items() if (path := self.path(pk)) != old}
        if not changed:
            return
        tables = [model._meta.db_table for model in apps.get_models() if follows_person(model)]  # noqa: SLF001
        keys = ", ".join(f'"{table}_holder_fence"' for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {keys} DEFERRED")
            cursor.execute(
                "UPDATE units_unit SET path = new.path FROM unnest(%s::uuid[], %s::text[]) AS new (id, path) "
                "WHERE units_unit.id = new.id",
                [list(changed), list(changed.values())],
            )
            cursor.execute(f"SET CONSTRAINTS {keys} IMMEDIATE")
        self._paths |= changed


def give_paths(units: Iterable[Unit]) -> None:
    """Give each unsaved unit a free path below its `parent`; parents among them come before their children."""
    custody = Custody()
    for unit in units:
        unit.path = custody.add(unit.pk, unit.parent_id)
