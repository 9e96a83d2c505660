"""A small chart of columns as numbers for a drawing: years from left to right, each with a column and its target.

Knows decimals only; the template writes them as SVG attributes, so no style and no script is needed. Every number of
the drawing stands in a table beside it too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

MOST_COLUMNS: Final = 6
_TOP, _FOOT, _PLOT = 20, 22, 130
_LETTER, _NARROWEST, _EDGE = 8, 58, 6


@dataclass(frozen=True, slots=True)
class Point:
    """One column: what stands under it, its value as a number and in words, its target, whether that is met."""

    label: str
    value: Decimal | None
    shown: str
    level: Decimal | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands, as whole units of the drawing; `level` is the height of its target, if it has one."""

    point: Point
    x: int
    width: int
    y: int
    height: int
    middle: int
    shown_y: int
    left: int
    right: int
    level: int | None

    @property
    def tone(self) -> str:
        """The stylesheet's class: shape and words tell the same, a colour never stands alone."""
        return {True: "met", False: "unmet", None: "followed"}[self.point.met]


@dataclass(frozen=True, slots=True)
class Chart:
    columns: tuple[Column, ...]
    width: int
    height: int
    base: int
    foot: int

    @property
    def words(self) -> str:
        """What a screen reader says of the drawing."""
        return "; ".join(f"{one.point.label}: {one.point.shown or 'chưa có số liệu'}" for one in self.columns)


def draw(points: Sequence[Point]) -> Chart | None:
    """The last few points as columns; None where no value is there to draw."""
    points = points[-MOST_COLUMNS:]
    numbers = [one for point in points for one in (point.value, point.level) if one is not None]
    if all(point.value is None for point in points):
        return None
    highest, lowest = max(*numbers, Decimal(0)), min(*numbers, Decimal(0))
    # Where everything is nothing the columns stand on the ground, as they do beside others.
    highest = highest if highest > lowest else Decimal(1)
    span = highest - lowest

    def down(value: Decimal) -> int:
        return _TOP + int((highest - value) * _PLOT / span)

    base = down(Decimal(0))
    slot = max(_NARROWEST, *(len(point.shown) * _LETTER + _EDGE for point in points))
    columns = tuple(_column(point, number * slot, slot, base, down) for number, point in enumerate(points))
    height = _TOP + _PLOT + _FOOT + (_TOP if lowest < 0 else 0)
    return Chart(columns, slot * len(points), height, base, height - _EDGE)


def _column(point: Point, left: int, slot: int, base: int, down: Callable[[Decimal], int]) -> Column:
    top = down(point.value) if point.value is not None else base
    width = slot * 3 // 5
    level = None if point.level is None else down(point.level)
    is_below = point.value is not None and point.value < 0
    # A number above its column, and above the line of a target that lies where it would stand.
    above = level if level is not None and top - _TOP < level < top else top
    return Column(
        point=point,
        x=left + (slot - width) // 2,
        width=width,
        y=min(top, base),
        height=abs(base - top),
        middle=left + slot // 2,
        shown_y=top + _TOP - _EDGE if is_below else above - _EDGE,
        left=left + _EDGE // 2,
        right=left + slot - _EDGE // 2,
        level=level,
    )
