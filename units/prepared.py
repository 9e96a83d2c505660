"""Queries that every page asks, whose SQL is worked out once.

To work out the SQL of all that the navigation counts took a third of the time of a page, for a text in which only the
values differ from one request to the next. What is kept here is that text with a place for each value. The values, and
the bounds of the scope in force, are put in anew each time; rows are never kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet, UUIDField
from psycopg.types.json import Jsonb

from units.models import Unit
from units.paging import Scalar, scalar_count, scalar_key
from units.scoping import Persona, current_scope, supposed_scope

Build = Callable[..., QuerySet[Any]]
# What stands for a value while the SQL is worked out, twice with other ones. Small numbers, for the smallest columns.
_STAND_INS: dict[type, Callable[[int], object]] = {
    UUID: lambda number: UUID(int=number),
    date: lambda number: date.fromordinal(500_000 + 400 * number),
    int: lambda number: 10_000 + number,
    str: lambda number: f"\ufffe{number}",
}
_APART = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query set, as the function that builds it and what it is given: rows, plain values, or lists of these.

    The function hands on what it is given, and asks nothing: what it would decide by a value or by the database, it
    would decide once for all. Of a row it may use the key, of a unit the path as well.
    """

    build: Build
    given: tuple[Any, ...] = ()

    def rows(self) -> QuerySet[Any]:
        return self.build(*self.given)

    def count(self, most: int) -> Scalar:
        """`units.paging.scalar_count` of the query set."""
        return self._fill(most)

    def key(self) -> Scalar:
        """`units.paging.scalar_key` of the query set."""
        return self._fill(0)

    def _fill(self, most: int) -> Scalar:
        scope = current_scope()
        if scope.persona is not Persona.UNIT:
            return _scalar(self.rows(), most)
        try:
            sql, places = _spell(self.build, most, tuple(map(_kind, self.given)))
        except LookupError:
            return _scalar(self.rows(), most)  # costs more and says the same
        values = [scope.path, scope.upper, *(one for value in self.given for one in _values(value))]
        return sql, [values[place.index] if place.index is not None else place.constant for place in places]


@dataclass(frozen=True, slots=True)
class _Place:
    """A parameter of the SQL: always the same, or one of the values given."""

    constant: object = None
    index: int | None = None


def _scalar(rows: QuerySet[Any], most: int) -> Scalar:
    return scalar_count(rows, most) if most else scalar_key(rows)


def _kind(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(map(_kind, value))
    if isinstance(value, Model) or type(value) in _STAND_INS:
        return value.__class__
    raise LookupError(f"The SQL may differ from one {value.__class__.__name__} to another.")


def _values(value: Any) -> Iterator[Any]:
    """What may stand in the SQL for a value: its parts, its key, a unit's path and the end of its range."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _values(one)
    elif isinstance(value, Model):
        yield value.pk
        if isinstance(value, Unit):
            yield from (value.path, f"{value.path}~")
    else:
        yield value


def _stand_in(kind: Any, numbers: Iterator[int]) -> Any:
    if isinstance(kind, tuple):
        return [_stand_in(one, numbers) for one in kind]
    if not issubclass(kind, Model):
        return _STAND_INS[kind](next(numbers))
    key = UUID if isinstance(kind._meta.pk, UUIDField) else int  # noqa: SLF001  Django documents _meta as public
    row = kind(pk=_stand_in(key, numbers))
    if isinstance(row, Unit):
        row.path = _stand_in(str, numbers)
    return row


@cache
def _spell(build: Build, most: int, kinds: tuple[Any, ...]) -> tuple[str, tuple[_Place, ...]]:
    """The SQL of a unit's persona, and what stands at each of its places; few functions, few kinds of values."""
    (sql, ours, stood), (again, theirs, stood_again) = (
        _spell_once(build, most, kinds, numbers) for numbers in (count(1), count(1 + _APART))
    )
    pairs = list(zip(stood, stood_again, strict=True))
    places = [
        _Place(constant=one) if _are_same(one, other) else _Place(index=pairs.index((one, other)))
        for one, other in zip(ours, theirs, strict=True)
        if _are_same(one, other) or (one, other) in pairs
    ]
    if sql != again or len(places) != len(ours):
        raise LookupError(f"{build.__qualname__} does not hand on just what it is given.")
    return sql, tuple(places)


def _are_same(one: Any, other: Any) -> bool:
    """Two parameters that put the same value in; the driver's wrapper of JSON knows no equality of its own."""
    if isinstance(one, Jsonb) and isinstance(other, Jsonb):
        return bool(one.obj == other.obj)
    return bool(one == other)


def _spell_once(build: Build, most: int, kinds: tuple[Any, ...], numbers: Iterator[int]) -> tuple[str, Any, list[Any]]:
    path = str(_stand_in(str, numbers))
    given = [_stand_in(kind, numbers) for kind in kinds]
    with supposed_scope(path) as scope:
        sql, parameters = _scalar(build(*given), most)
    return sql, parameters, [scope.path, scope.upper, *(one for value in given for one in _values(value))]
