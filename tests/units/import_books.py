"""Workbooks as clerks and others make them."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

PEOPLE = ("STT", "Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính", "Đối tượng", "Đơn vị")


def person_row(number: int, name: str = "Nông Văn Mẫu", **cells: Any) -> list[Any]:
    row = {"birth": "05/11/1985", "gender": "Nam", "employment": "Công chức", "unit": "", "code": f"MAU-{number:05d}"}
    row |= cells
    return [number, row["code"], name, row["birth"], row["gender"], row["employment"], row["unit"]]


def book(
    rows: Sequence[Sequence[Any]],
    *,
    header: Sequence[str] = PEOPLE,
    sheet: str = "Dữ liệu",
    above: int = 0,
    change: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """A workbook with one table; `change` receives the book and the sheet before they are closed."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = made.add_worksheet(sheet)
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    for index in range(above):
        page.write_string(index, 0, f"Dòng mở đầu {index}")
    for number, row in enumerate([header, *rows], start=above):
        for column, cell in enumerate(row):
            if hasattr(cell, "year"):
                page.write_datetime(number, column, cell, day)
            elif cell is not None:
                page.write(number, column, cell)
    if change:
        change(made, page)
    made.close()
    return buffer.getvalue()


def rezip(content: bytes, **changes: bytes | None) -> bytes:
    """The same archive with parts replaced, added, or left out (None); "__" in a name stands for "/"."""
    wanted = {name.replace("__", "/").replace("_DOT_", "."): part for name, part in changes.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in wanted:
                new.writestr(entry.filename, old.read(entry))
        for name, part in wanted.items():
            if part is not None:
                new.writestr(name, part)
    return buffer.getvalue()
