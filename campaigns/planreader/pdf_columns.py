"""Tables of a PDF page without drawn lines: columns by where their words stand, each row a line with bars.

Only below a row whose words head a table of tasks or of quotas. What overlaps two columns, or stands alone behind a
gap, ends the table.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from campaigns.planreader.pdf_tables import Piece, Row, cell_words, rows_of
from campaigns.planreader.tables import heads_columns

_APART: Final = 1.1  # of the size of letters: cells stand further from each other than words do
_NEW_LINE: Final = 2.1
_FEWEST_COLUMNS: Final = 2
_FEWEST_ROWS: Final = 2


@dataclass(slots=True)
class _Segment:
    pieces: list[Piece]

    @property
    def left(self) -> float:
        return self.pieces[0].x

    @property
    def right(self) -> float:
        return max(piece.end for piece in self.pieces)


@dataclass(slots=True)
class _Column:
    left: float
    right: float


@dataclass(slots=True)
class _TableRow:
    y: float
    cells: dict[int, list[Piece]] = field(default_factory=dict)


def find_columns(pieces: Sequence[Piece]) -> tuple[list[Row], list[Piece]]:
    """The rows of all tables without lines, and the pieces that stand in none."""
    lines = [_segments(row) for row in rows_of(pieces)]
    rows: list[Row] = []
    taken: set[int] = set()
    place = 0
    while place < len(lines):
        found = _read_table(lines, place) if _is_head(lines[place]) else None
        if found is None:
            place += 1
            continue
        table, after = found
        rows += table
        taken |= {id(piece) for line in lines[place:after] for one in line for piece in one.pieces}
        place = after
    return rows, [piece for piece in pieces if id(piece) not in taken] if taken else list(pieces)


def _segments(row: Sequence[Piece]) -> list[_Segment]:
    segments: list[_Segment] = []
    for piece in (one for one in row if one.words.strip()):
        if segments and piece.x - segments[-1].right <= _APART * piece.size:
            segments[-1].pieces.append(piece)
        else:
            segments.append(_Segment([piece]))
    return segments


def _is_head(line: Sequence[_Segment]) -> bool:
    return len(line) >= _FEWEST_COLUMNS and heads_columns([cell_words(one.pieces) for one in line])


def _read_table(lines: Sequence[Sequence[_Segment]], start: int) -> tuple[list[Row], int] | None:
    """The rows from the head on, and the line behind them."""
    columns = [_Column(one.left, one.right) for one in lines[start]]
    table = [_TableRow(lines[start][0].pieces[0].y, {at: list(one.pieces) for at, one in enumerate(lines[start])})]
    place = start + 1
    while place < len(lines):
        line = lines[place]
        gap = lines[place - 1][0].pieces[0].y - line[0].pieces[0].y
        is_far = gap > _NEW_LINE * line[0].pieces[0].size
        cells = _place(columns, line) if not (is_far and len(line) == 1) else None
        if cells is None:
            break
        # A line without words in the first column goes on with the cells above it.
        if 0 in cells or is_far:
            table.append(_TableRow(line[0].pieces[0].y))
        for at, segment in cells.items():
            table[-1].cells.setdefault(at, []).extend(segment.pieces)
        place += 1
    while len(table) > 1 and len(table[-1].cells) == 1:
        place -= _lines_of(table.pop())
    if len(table) <= _FEWEST_ROWS:
        return None
    return [_as_row(row, len(columns)) for row in table], place


def _lines_of(row: _TableRow) -> int:
    return len(rows_of([piece for pieces in row.cells.values() for piece in pieces]))


def _place(columns: list[_Column], line: Sequence[_Segment]) -> dict[int, _Segment] | None:
    """Which segment stands in which column; nothing where one would stand in two. Columns grow by what they hold."""
    found: dict[int, _Segment] = {}
    grown = [_Column(one.left, one.right) for one in columns]
    for segment in line:
        at = min(range(len(columns)), key=lambda index: _distance(columns[index], segment))
        if at in found:
            return None
        found[at] = segment
        grown[at].left = min(grown[at].left, segment.left)
        grown[at].right = max(grown[at].right, segment.right)
    if any(one.right >= other.left for one, other in itertools.pairwise(grown)):
        return None
    columns[:] = grown
    return found


def _distance(column: _Column, segment: _Segment) -> float:
    return max(column.left - segment.right, segment.left - column.right, 0.0) or -min(
        column.right - segment.left, segment.right - column.left
    )


def _as_row(row: _TableRow, width: int) -> Row:
    words = [cell_words(row.cells.get(at, [])) for at in range(width)]
    return Row(row.y, "| " + " | ".join(words) + " |")
