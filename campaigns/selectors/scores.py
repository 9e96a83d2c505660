"""Reads of score sheets: the sheet as a table of items by columns, and where the sheets of a year stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.db.models import QuerySet

from campaigns.models import ClusterYear, ScoreColumn, ScoreEntry, ScoreSheet, ScoreTemplate, SheetSide, SheetState
from campaigns.scoring import ScoreGroup, ScoreItem, ScoreTable, rank, read_table_text, subtotals
from campaigns.selectors.targets import read_year_facts
from units.models import Unit

COLUMNS = tuple(ScoreColumn)


@lru_cache(maxsize=16)
def _parse(document: str) -> ScoreTable:
    return read_table_text(document)


def read_template(template: ScoreTemplate) -> ScoreTable:
    """The template's table; a published document never changes, so it is read once."""
    return _parse(template.document)


def list_templates(year: int) -> QuerySet[ScoreTemplate]:
    """Templates that may be used for a year, the newest version first."""
    begun = ScoreTemplate.objects.filter(first_year__lte=year)
    return begun.exclude(last_year__lt=year).order_by("code", "-version")


def list_sheets() -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.select_related("unit", "about", "year__cluster", "template")


def list_received_sheets(year: ClusterYear, unit: Unit) -> QuerySet[ScoreSheet]:
    """The sheets of a year that `unit` received as head."""
    return list_sheets().filter(unit=unit, year=year, side=SheetSide.HEAD)


@dataclass(frozen=True, slots=True)
class Cell:
    """One item in one column; `entry` is None while nobody scored it there. `differs`: from the column before."""

    column: ScoreColumn
    entry: ScoreEntry | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """`reported`: what the unit reported of the item's indicator, in words (`read_reported`)."""

    item: ScoreItem
    cells: tuple[Cell, ...]
    reported: Mapping[str, str] | None = None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """What columns said about differences: the column's name and its words."""
        return [(cell.column.label, cell.entry.reason) for cell in self.cells if cell.entry and cell.entry.reason]

    @property
    def evidence(self) -> str:
        own = self.cells[0].entry
        return own.evidence if own else ""


@dataclass(frozen=True, slots=True)
class Block:
    group: ScoreGroup
    lines: tuple[Line, ...]
    sums: tuple[Decimal | None, ...]


def read_reported(sheet: ScoreSheet, day: date) -> dict[str, dict[str, str]]:
    """What the unit reported of the indicators that items name, by the item's code, as words.

    While the unit drafts its sheet it is read from the reports; a sheet that was sent keeps what stood then, because
    who looks at it does not see the unit's reports.
    """
    if sheet.state != SheetState.DRAFT:
        return dict(sheet.reported)
    named = {item.code: item.indicator for item in read_template(sheet.template).items if item.indicator}
    facts = read_year_facts(sheet.about, sheet.year.year, day) if named else {}
    return {
        item: {
            "value": fact.shown_value,
            "target": fact.shown_target,
            "period": fact.period,
            "standing": fact.standing.value,
            "words": fact.standing_words,
        }
        for item, code in named.items()
        if (fact := facts.get(code))
    }


def read_sheet(sheet: ScoreSheet, reported: Mapping[str, Mapping[str, str]]) -> list[Block]:
    """The sheet group by group with all its columns: one query. `reported` is what `read_reported` says."""
    table = read_template(sheet.template)
    entries = {(one.item, one.column): one for one in sheet.entries.all()}
    filled = [column for column in COLUMNS if sheet.total(column) is not None]
    sums = {
        column: subtotals(table, {item: one.points for (item, where), one in entries.items() if where == column})
        for column in filled
    }
    return [
        Block(
            group,
            tuple(Line(item, _cells(item, entries), reported.get(item.code)) for item in group.items),
            tuple(sums[column][group.code] if column in sums else None for column in COLUMNS),
        )
        for group in table.groups
    ]


def _cells(item: ScoreItem, entries: dict[tuple[str, str], ScoreEntry]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    before: ScoreEntry | None = None
    for column in COLUMNS:
        entry = entries.get((item.code, column))
        cells.append(Cell(column, entry, bool(entry and before and entry.points != before.points)))
        before = entry or before
    return tuple(cells)


def find_previous(sheet: ScoreSheet, column: ScoreColumn) -> ScoreColumn | None:
    """The nearest column before `column` that is filled: what it is compared with."""
    before = COLUMNS[: COLUMNS.index(column)]
    return next((one for one in reversed(before) if sheet.total(one) is not None), None)


def find_following(sheet: ScoreSheet, column: ScoreColumn) -> ScoreColumn | None:
    """A later column that is filled already: it was scored against this one."""
    after = COLUMNS[COLUMNS.index(column) + 1 :]
    return next((one for one in after if sheet.total(one) is not None), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet and its place among units of its kind. `is_tied`: others share the place."""

    sheet: ScoreSheet
    place: int | None
    is_tied: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    kind: str
    lines: tuple[Placed, ...]


def rank_sheets(sheets: Sequence[ScoreSheet]) -> list[Ranking]:
    """Sheets by kind of unit, the best first by the council's total; ties share a place. Others have none yet.

    Kinds compete apart, because quotas are given to each kind.
    """
    by_kind = sorted(sheets, key=lambda one: one.about.kind)
    found = []
    for kind, group in groupby(by_kind, key=lambda one: one.about.get_kind_display()):
        rows = list(group)
        places = rank([one.total_council for one in rows])
        lines = [
            Placed(one, place, place is not None and places.count(place) > 1)
            for one, place in zip(rows, places, strict=True)
        ]
        lines.sort(key=lambda one: (one.place is None, one.place or 0, one.sheet.about.path))
        found.append(Ranking(kind, tuple(lines)))
    return found
