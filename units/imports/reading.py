"""A sheet as rows of values: the table is found by its header, each fault is told with its cell."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import python_calamine

from units.imports import legacy_fonts
from units.imports.cells import IN_ERROR, CellError, as_text, day_typed_first, read_cell
from units.imports.container import Container, SheetPart, open_container
from units.imports.layout import Field, FieldKind, Layout, plain
from units.refusals import RefusedError

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
HEADER_WITHIN = 15  # lines above the table: a title, a unit, a day
SHOWN = 5  # cells named in one message
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/])>(?:<(?:\w+:)?(f)\b)?")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_EXAMPLE = "vi du"
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Note:
    """Words about one cell ("B7"); `cell` is empty when they are about the whole row."""

    cell: str
    words: str


@dataclass(slots=True)
class ReadRow:
    """One row of the table. `values` by field key; `cells` names the cell of each key; `typed` keeps what was there."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The table of one sheet. `remarks` are about the file as a whole; `skipped` counts examples left out."""

    name: str
    rows: tuple[ReadRow, ...]
    remarks: tuple[str, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the reader of values does not tell: how far the sheet goes, formulas, errors, hidden rows, merged cells."""

    last_row: int
    last_column: int
    cells: int
    formulas: frozenset[str]
    errors: frozenset[str]
    hidden: frozenset[int]
    merged: tuple[tuple[int, int, int, int], ...]


def read_sheet(content: bytes, name: str, layout: Layout) -> ReadSheet:
    """Read the table that `layout` describes, or raise `RefusedError` when the file as a whole cannot be used."""
    container = open_container(content, name)
    found = _find_table(container, name, layout)
    rows, skipped = _read_rows(found, layout)
    _convert_old_letters(rows)
    _read_values(rows, found, counts_from_1904=container.counts_from_1904)
    _refuse_swapped_days(rows, found.columns)
    remarks = list(_remark(rows, found))
    return ReadSheet(found.sheet.name, tuple(one.row for one in rows), tuple(remarks), skipped)


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: SheetPart
    lines: Sequence[Sequence[Any]]
    header: int  # index of the header's line
    columns: Mapping[int, Field]  # by index of the column
    marks: _Marks


@dataclass(slots=True)
class _RawRow:
    row: ReadRow
    raw: dict[int, Any]


def _find_table(container: Container, name: str, layout: Layout) -> _Table:
    """The sheet of the layout's name, else the first visible one whose header fits."""
    visible = [sheet for sheet in container.sheets if sheet.is_visible]
    ordered = sorted(visible, key=lambda sheet: plain(sheet.name) != plain(layout.sheet))
    missing: list[tuple[int, str, list[str]]] = []
    for sheet in ordered:
        marks = _scan(container.read_part(sheet.part))
        _check_extent(sheet, marks)
        lines = _read_lines(container, sheet, name)
        header = _find_header(lines, layout)
        columns = _name_columns(sheet, lines[header], layout) if lines else {}
        absent = [one.title for one in layout.fields if one.is_required and one not in columns.values()]
        if columns and not absent:
            table = _Table(sheet, lines, header, columns, marks)
            _check_merged(table)
            return table
        missing.append((-len(columns), sheet.name, absent))
    raise _no_table(name, layout, missing)


def _no_table(name: str, layout: Layout, missing: list[tuple[int, str, list[str]]]) -> RefusedError:
    remedy = "Tải mẫu ở trang này, chép số liệu vào đúng cột của mẫu rồi chọn lại; không đổi tên cột."
    if not missing:
        return RefusedError(f"Tệp «{name}» không có trang tính nào đang hiện.", remedy=remedy)
    found, sheet, absent = min(missing)
    if not found:
        sheets = ", ".join(f"«{one}»" for _, one, _ in missing[:SHOWN])
        return RefusedError(
            f"Không thấy bảng «{layout.title}» trong tệp «{name}».",
            why=f"Đã tìm dòng tiêu đề ở {HEADER_WITHIN} dòng đầu của trang {sheets}.",
            remedy=remedy,
        )
    return RefusedError(
        f"Trang «{sheet}» của tệp thiếu cột: {', '.join(f'«{title}»' for title in absent)}.", remedy=remedy
    )


def _scan(xml: bytes) -> _Marks:
    last_row = last_column = cells = 0
    formulas, errors = set(), set()
    for cells, cell in enumerate(_CELL.finditer(xml), start=1):  # noqa: B007  the last number is kept
        reference = _REFERENCE.search(cell[1])
        if reference is None:
            continue
        column, row = _column_number(reference[1]), int(reference[2])
        last_row, last_column = max(last_row, row), max(last_column, column)
        if cell[2]:
            formulas.add((reference[1] + reference[2]).decode())
        if b't="e"' in cell[1]:
            errors.add((reference[1] + reference[2]).decode())
    hidden = {int(number[1]) for row in _HIDDEN.finditer(xml) if (number := _ROW_NUMBER.search(row[0]))}
    merged = tuple(
        (_column_number(one[1]), int(one[2]), _column_number(one[3]), int(one[4])) for one in _MERGED.finditer(xml)
    )
    return _Marks(last_row, last_column, cells, frozenset(formulas), frozenset(errors), frozenset(hidden), merged)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """A, B, …, Z, AA: the name of a column, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _check_extent(sheet: SheetPart, marks: _Marks) -> None:
    """Before any reader lays the sheet out in memory: one cell far away would make it enormous."""
    if marks.last_row > MAX_ROWS + HEADER_WITHIN:
        raise RefusedError(
            f"Trang «{sheet.name}» có ô ở tới dòng {marks.last_row}; mỗi lần nhập nhiều nhất {MAX_ROWS} dòng.",
            remedy="Chia thành nhiều tệp; nếu bảng ngắn hơn thế, xóa hẳn các dòng thừa phía dưới bảng rồi lưu lại.",
        )
    if marks.cells > MAX_CELLS:
        raise RefusedError(
            f"Trang «{sheet.name}» có hơn {MAX_CELLS} ô có giá trị.", remedy="Chia thành nhiều tệp rồi nhập từng tệp."
        )
    if marks.last_column > MAX_COLUMNS:
        raise RefusedError(
            f"Trang «{sheet.name}» có ô ở tới cột {column_letters(marks.last_column)}.",
            remedy="Xóa hẳn các cột thừa bên phải bảng rồi lưu lại.",
        )


def _read_lines(container: Container, sheet: SheetPart, name: str) -> list[list[Any]]:
    damaged = RefusedError(f"Tệp «{name}» bị hỏng nên không đọc được.", remedy="Mở tệp bằng Excel, lưu lại rồi chọn.")
    try:
        with python_calamine.load_workbook(io.BytesIO(container.content)) as book:
            return book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False, nrows=MAX_ROWS + HEADER_WITHIN)
    except python_calamine.CalamineError as error:
        raise damaged from error
    except BaseException as error:
        # A panic of the reader does not derive from Exception.
        if type(error).__name__ == "PanicException":
            raise damaged from None
        raise


def _find_header(lines: Sequence[Sequence[Any]], layout: Layout) -> int:
    """Index of the line among the first that names most columns."""
    known = [
        sum(isinstance(cell, str) and plain(cell) in layout.by_header for cell in line)
        for line in lines[:HEADER_WITHIN]
    ]
    return known.index(max(known)) if known else 0


def _name_columns(sheet: SheetPart, header: Sequence[Any], layout: Layout) -> dict[int, Field]:
    columns: dict[int, Field] = {}
    for index, cell in enumerate(header):
        named = layout.by_header.get(plain(cell)) if isinstance(cell, str) else None
        if named is None:
            continue
        twin = next((other for other, field_ in columns.items() if field_ is named), None)
        if twin is not None:
            raise RefusedError(
                f"Trang «{sheet.name}» có hai cột «{named.title}»: "
                f"{column_letters(twin + 1)} và {column_letters(index + 1)}.",
                remedy="Xóa hoặc đổi tên một cột rồi chọn lại.",
            )
        columns[index] = named
    return columns


def _check_merged(table: _Table) -> None:
    first, last = min(table.columns) + 1, max(table.columns) + 1
    within = [
        f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
        for left, top, right, bottom in table.marks.merged
        if bottom > table.header and left <= last and right >= first
    ]
    if within:
        raise RefusedError(
            f"Trong bảng có ô gộp: {_name_some(within)}.",
            why="Khi gộp, chỉ ô đầu còn giữ giá trị nên không biết các dòng sau là gì.",
            remedy="Bỏ gộp ô (Unmerge Cells), điền đủ giá trị vào từng ô rồi chọn lại.",
        )


def _name_some(cells: Sequence[str]) -> str:
    rest = len(cells) - SHOWN
    return ", ".join(cells[:SHOWN]) + (f" và {rest} chỗ khác" if rest > 0 else "")


def _read_rows(table: _Table, layout: Layout) -> tuple[list[_RawRow], int]:
    """The rows below the header that hold something in a known column; examples of the template are left out."""
    rows, skipped = [], 0
    for index, line in enumerate(table.lines[table.header + 1 :], start=table.header + 1):
        raw = {column: line[column] for column in table.columns if column < len(line)}
        typed = {column: as_text(value) for column, value in raw.items()}
        if not any(typed.values()):
            continue
        if any(_is_example(cell) for cell in line):
            skipped += 1
            continue
        row = ReadRow(index + 1)
        for column, one in table.columns.items():
            row.cells[one.key] = f"{column_letters(column + 1)}{row.number}"
            row.typed[one.key] = typed.get(column, "")
        rows.append(_RawRow(row, raw))
    if not rows:
        raise RefusedError(
            f"Bảng «{layout.title}» trong tệp không có dòng nào dưới dòng tiêu đề.",
            remedy="Điền ít nhất một dòng (dòng «Ví dụ» không được tính) rồi chọn lại.",
        )
    if len(rows) > MAX_ROWS:
        raise RefusedError(
            f"Bảng có {len(rows)} dòng; mỗi lần nhập nhiều nhất {MAX_ROWS} dòng.", remedy="Chia thành nhiều tệp."
        )
    return rows, skipped


def _is_example(cell: Any) -> bool:
    return isinstance(cell, str) and cell[:1] in "Vv" and plain(cell).startswith(_EXAMPLE)


def _convert_old_letters(rows: Sequence[_RawRow]) -> None:
    """Turn TCVN3 into Unicode and say so; VNI is only recognised. A short word that could be either follows its row."""
    for one in rows:
        texts = {column: value for column, value in one.raw.items() if isinstance(value, str)}
        vni = [column for column, text in texts.items() if legacy_fonts.is_vni(text)]
        old = [column for column, text in texts.items() if column not in vni and legacy_fonts.is_tcvn3(text)]
        for column in vni:
            one.row.faults.append(
                Note(
                    f"{column_letters(column + 1)}{one.row.number}",
                    "chữ gõ theo phông VNI (VNI-Times, VNI-Helve …), không đọc được. Trong Excel chọn các ô này, "
                    "chép vào UniKey (Ctrl+Shift+F6), đổi từ «VNI Windows» sang «Unicode» rồi dán lại.",
                )
            )
            one.raw[column] = None
        if not old:
            continue
        for column in (column for column, text in texts.items() if legacy_fonts.may_be_old(text)):
            if column in vni:
                continue
            one.raw[column] = legacy_fonts.from_tcvn3(texts[column])
            shown = as_text(one.raw[column])
            one.row.warnings.append(
                Note(
                    f"{column_letters(column + 1)}{one.row.number}",
                    f"chữ gõ theo phông TCVN3 (.VnTime, .VnArial …) đã được đổi sang Unicode thành «{shown}»; "
                    "đối chiếu lại với giấy.",
                )
            )


def _read_values(rows: Sequence[_RawRow], table: _Table, *, counts_from_1904: bool) -> None:
    for one in rows:
        row = one.row
        faulty = {note.cell for note in row.faults}
        if row.number in table.marks.hidden:
            row.warnings.append(Note("", "dòng này đang bị ẩn trong tệp nhưng vẫn được đọc."))
        for column, field_ in table.columns.items():
            cell = row.cells[field_.key]
            if cell in table.marks.errors:
                row.faults.append(Note(cell, f"{field_.title}: {IN_ERROR}"))
                continue
            if cell in table.marks.formulas:
                words = f"là công thức; lấy giá trị đã tính sẵn «{row.typed[field_.key]}», không tính lại."
                row.warnings.append(Note(cell, words))
            if cell in faulty:
                continue
            try:
                row.values[field_.key] = read_cell(field_, one.raw.get(column), counts_from_1904=counts_from_1904)
            except CellError as error:
                row.faults.append(Note(cell, f"{field_.title}: {error}"))


def _refuse_swapped_days(rows: Sequence[_RawRow], columns: Mapping[int, Field]) -> None:
    """Days that Excel may have swapped with their months.

    Where Excel expects the month first it turns "05/11/2023" into 11 May, and leaves "25/11/2023" as text because
    there is no month 25. So a column whose text days all start above 12, and whose true dates all lie below 13, was
    typed there: those dates may be wrong, and nobody can tell from the file.
    """
    for column, field_ in columns.items():
        if field_.kind is not FieldKind.DAY:
            continue
        typed_first = [first for one in rows if (first := day_typed_first(one.raw.get(column))) is not None]
        dates = [(one, value) for one in rows if isinstance(value := one.raw.get(column), date)]
        if not typed_first or min(typed_first) <= _MONTHS or any(day.day > _MONTHS for _, day in dates):
            continue
        for one, day in dates:
            one.row.values.pop(field_.key, None)
            words = (
                f"{field_.title}: Excel đọc là {day:%d/%m/%Y}, nhưng trong cột có ngày khác còn là chữ, nên có thể "
                "Excel đã đổi chỗ ngày và tháng. Định dạng cả cột là Văn bản (Text) rồi ghi lại ngày/tháng/năm."
            )
            one.row.faults.append(Note(one.row.cells[field_.key], words))


def _remark(rows: Sequence[_RawRow], table: _Table) -> Iterable[str]:
    """What concerns the file as a whole."""
    numbers = Counter(
        field_.title
        for one in rows
        for column, field_ in table.columns.items()
        if field_.is_code and isinstance(one.raw.get(column), int | float)
    )
    for title, count in numbers.items():
        yield (
            f"Cột «{title}» có {count} ô là số: nếu mã có số 0 ở đầu thì Excel đã bỏ mất số 0. "
            "Định dạng cột là Văn bản (Text) rồi gõ lại."
        )
    if table.sheet.name and plain(table.sheet.name) != plain("Dữ liệu"):
        yield f"Bảng được đọc từ trang «{table.sheet.name}»."
