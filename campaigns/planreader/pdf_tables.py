"""Tables of a PDF page from the lines drawn around their cells, each row a line with bars as in a DOCX.

A PDF knows no tables: only strokes, thin filled boxes, and letters that stand between them. Three or more upright
lines across the same band make a row; where no line lies above a cell, it goes on from the row above.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_SAME_LINE: Final = 0.45
_SPACE: Final = 0.17
_COLUMN: Final = 2.5
_THIN: Final = 3.0
_NEAR: Final = 2.5
_SHORTEST: Final = 6.0
_FEWEST_UPRIGHTS: Final = 4  # three columns; two are the frame of a head
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Piece:
    x: float
    y: float
    end: float
    size: float
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    low: float
    right: float
    high: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: `at` is its height or its distance from the left, `first` and `last` its ends."""

    is_level: bool
    at: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Row:
    y: float
    words: str


def rules_of(boxes: Iterable[Box], *, is_stroke: bool) -> Iterator[Rule]:
    for box in boxes:
        width, height = box.right - box.left, box.high - box.low
        if height <= _THIN and width >= _SHORTEST:
            yield Rule(True, (box.low + box.high) / 2, box.left, box.right)
        elif width <= _THIN and height >= _SHORTEST:
            yield Rule(False, (box.left + box.right) / 2, box.low, box.high)
        elif is_stroke and width > _THIN and height > _THIN:
            yield from (Rule(True, at, box.left, box.right) for at in (box.low, box.high))
            yield from (Rule(False, at, box.low, box.high) for at in (box.left, box.right))


def find_tables(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[list[Row], list[Piece]]:
    """The rows of all tables, and the pieces that stand in none."""
    levels = [rule for rule in rules if rule.is_level]
    uprights = [rule for rule in rules if not rule.is_level]
    heights = _distinct(rule.at for rule in levels)
    if len(heights) < 2 or len(heights) > _MOST or len(uprights) < _FEWEST_UPRIGHTS:  # noqa: PLR2004  top and bottom
        return [], list(pieces)
    rest = list(pieces)
    rows: list[Row] = []
    above: list[tuple[float, float, str]] = []
    for high, low in itertools.pairwise(sorted(heights, reverse=True)):
        sides = _distinct(rule.at for rule in uprights if rule.last >= high - _NEAR and rule.first <= low + _NEAR)
        if len(sides) < _FEWEST_UPRIGHTS:
            above = []
            continue
        inside = [one for one in rest if low - 1 <= one.y < high and sides[0] - 1 <= one.x < sides[-1]]
        rest = [one for one in rest if one not in inside]
        cells = [
            (left, right, cell_words([one for one in inside if left - 1 <= one.x < right - 1]))
            for left, right in itertools.pairwise(sides)
        ]
        is_new = [_lies_above(levels, left, right, high) for left, right, _ in cells]
        if above and not any(is_new):
            continue
        cells = _joined(rows, cells, is_new, above)
        above = cells
        rows.append(Row(high, "| " + " | ".join(words for _, _, words in cells) + " |"))
    return rows, rest


def _joined(
    rows: list[Row], cells: list[tuple[float, float, str]], is_new: list[bool], above: list[tuple[float, float, str]]
) -> list[tuple[float, float, str]]:
    """A cell over several rows says the same of each; what of it stands lower belongs to the row above too."""
    if not above or len(above) != len(cells) or all(is_new):
        return cells
    whole = [
        cell if new else (cell[0], cell[1], " ".join(filter(None, (over[2], cell[2]))))
        for cell, over, new in zip(cells, above, is_new, strict=True)
    ]
    spans = [over if new else one for one, over, new in zip(whole, above, is_new, strict=True)]
    rows[-1] = Row(rows[-1].y, "| " + " | ".join(words for _, _, words in spans) + " |")
    return whole


def _lies_above(levels: Sequence[Rule], left: float, right: float, high: float) -> bool:
    """Whether lines at this height cover most of the cell's width."""
    covered = sum(
        max(0.0, min(rule.last, right) - max(rule.first, left)) for rule in levels if abs(rule.at - high) <= _NEAR
    )
    return covered * 2 > right - left


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def cell_words(pieces: Sequence[Piece]) -> str:
    return " ".join(" ".join(line_of(row).split()) for row in rows_of(pieces)).replace("|", "/")


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of each line, lines from top to bottom, pieces from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted((one for one in pieces if one.words), key=lambda one: -one.y):
        if rows and abs(rows[-1][0].y - piece.y) < _SAME_LINE * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda one: one.x)
    return rows


def line_of(row: Sequence[Piece]) -> str:
    parts = [row[0].words]
    for before, piece in itertools.pairwise(row):
        gap = piece.x - before.end
        if gap > _COLUMN * piece.size:
            parts.append("    ")
        elif gap > _SPACE * piece.size and not parts[-1].endswith(" "):
            parts.append(" ")
        parts.append(piece.words)
    return "".join(parts).rstrip()
