"""Lists as Excel workbooks. What people typed is text and never a formula; the file is whole before it is sent.

`answer_workbook` takes its rows from an iterator and keeps none of them: the workbook grows in a temporary file while
the caller's scope and transaction are open, and only the finished file outlives them. Rows come one at a time, so a
list of a hundred thousand costs no more memory than one of ten.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from rustpy_xlsxwriter import Format, write_worksheet

from units.clock import now
from units.folding import clean_filename

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER_ROW = 3
# The format's own limits: characters in a cell, rows in a sheet.
MAX_CELL = 32_767
MAX_ROWS = 1_048_576 - HEADER_ROW - 1
CHUNK = 2_000  # rows that a caller's query fetches at a time
_SHEET_NAME = "Danh sách"
_PAGE = {
    "landscape": True,
    "paper_size": 9,
    "fit_to_pages": (1, 0),
    "repeat_rows": HEADER_ROW,
    "footer": "&RTrang &P/&N",
}

Cell = str | int | float | Decimal | bool | date | datetime | None


class CellKind(StrEnum):
    """How a column is shown; days and moments are real dates, so that Excel sorts and filters them."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


_FORMATS = {CellKind.NUMBER: "0", CellKind.DAY: "dd/mm/yyyy", CellKind.MOMENT: "hh:mm dd/mm/yyyy"}
_WIDTHS = {CellKind.TEXT: 28, CellKind.NUMBER: 10, CellKind.DAY: 13, CellKind.MOMENT: 18}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its title, what it holds, and its width in characters (by kind when 0)."""

    title: str
    kind: CellKind = CellKind.TEXT
    width: int = 0


class WorkbookResponse(FileResponse):
    """A finished workbook on its way to the person; `rows_written` is how many rows it holds."""

    rows_written: int


def answer_workbook(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, about: str = ""
) -> WorkbookResponse:
    """A list as a download. `name` is its heading and its file's name; `about` says its scope and its filters.

    Reads `rows` to the end before it returns, inside the caller's scope. A list longer than a sheet can be raises.
    """
    titles = [column.title for column in columns]
    if len(set(titles)) != len(titles):
        raise ValueError("Two columns of a workbook share a title.")
    counted = _Counted(columns, rows)
    moment = timezone.localtime(now())
    stated = f"Số liệu lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}"
    file: IO[bytes] = tempfile.NamedTemporaryFile(prefix="thidua-", suffix=".xlsx")  # noqa: SIM115  sent, then closed
    try:
        _write(file.name, columns, counted, (name, ". ".join(filter(None, (about.rstrip("."), stated)))))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response = WorkbookResponse(
        file, as_attachment=True, filename=clean_filename(f"{name} {moment:%Y-%m-%d}.xlsx"), content_type=XLSX
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.rows_written = counted.number
    return response


class _Counted:
    """Rows as records, counted as they pass; an empty list still gets its header."""

    def __init__(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        self.columns, self.rows = columns, rows
        self.number = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        titles = [column.title for column in self.columns]
        for row in self.rows:
            self.number += 1
            if self.number > MAX_ROWS:
                raise OverflowError("The list is longer than a sheet.")
            yield dict(zip(titles, map(_cell, row), strict=True))
        if not self.number:
            yield dict.fromkeys(titles)


def _cell(value: Cell) -> Any:
    if isinstance(value, str):
        return value[:MAX_CELL] or None
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        # Excel knows no zones: the time of the wall clock in Vietnam.
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return float(value) if isinstance(value, Decimal) else value


def _write(path: str, columns: Sequence[Column], records: Iterable[dict[str, Any]], lines: tuple[str, str]) -> None:
    last = max(len(columns) - 1, 1)  # a merged range has two cells at least
    title = Format().set_bold().set_font_size(14)
    plain = Format().set_text_wrap().set_align("top")
    head = Format().set_bold().set_text_wrap().set_border("thin").set_background_color("#E8EBF1")
    write_worksheet(
        iter(records),
        path,
        sheet_name=_SHEET_NAME,
        header_row=HEADER_ROW,
        merge_ranges=[
            (0, 0, 0, last, lines[0][:MAX_CELL], title),
            (1, 0, 1, last, lines[1][:MAX_CELL], plain),
        ],
        row_heights={1: 30.0},
        header_format=head,
        freeze_row=HEADER_ROW + 1,
        autofilter=True,
        column_widths=[column.width or _WIDTHS[column.kind] for column in columns],
        column_formats={
            column.title: Format().set_num_format(_FORMATS[column.kind])
            for column in columns
            if column.kind in _FORMATS
        },
        page_setup=_PAGE,
    )
