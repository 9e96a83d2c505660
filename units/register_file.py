"""Reader of a register of units: a CSV file of facts, one line per unit, with a note on its source if one is known.

`valid_from` is the first day for which the register vouches for the name and place on the line; it is not the
day on which the unit was founded.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from units.data_file import Reading

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

COLUMNS = (
    "code",
    "parent_code",
    "kind",
    "name",
    "short_name",
    "province",
    "place",
    "has_legal_personality",
    "valid_from",
)
# A file may have this column too.
NOTE = "note"
KINDS = frozenset(
    {
        "bo",
        "tong-cuc",
        "vu",
        "cuc-bo",
        "cuc-thads",
        "thads-tinh",
        "phong",
        "chi-cuc",
        "phong-khu-vuc",
        "so-tu-phap",
        "phong-tu-phap",
        "truong",
        "trung-tam",
        "vien",
    }
)
# A province is empty for the bodies of the ministry, a parent for the root.
MAY_BE_EMPTY = frozenset({"parent_code", "province", NOTE})
CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a unit was called until `valid_to`, that day included."""

    name: str
    short_name: str
    place: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class RegisterRow:
    code: str
    parent_code: str | None
    kind: str
    name: str
    short_name: str
    province: str | None
    place: str
    """The place written before the date on the unit's papers (địa danh)."""
    has_legal_personality: bool
    valid_from: date
    line: int = 0
    note: str = ""
    formers: tuple[FormerName, ...] = ()
    """Earlier names, the oldest first."""


def read_register(path: Path, *, known: Collection[str] = ()) -> list[RegisterRow]:
    """The rows of a register, parents before children whatever their order in the file.

    A parent may be one of `known`, which stand outside the file. Raises `DataFileError` naming every wrong line.
    """
    reading = Reading(path)
    rows = _read_rows(reading)
    reading.finish()
    reading.check_unique("cột «code»", "mã", [row.code for row in rows])
    reading.finish()
    ordered = _order(reading, {row.code: row for row in rows}, known)
    reading.finish()
    return ordered


def _read_rows(reading: Reading) -> list[RegisterRow]:
    table = csv.reader(io.StringIO(reading.text(), newline=""), strict=True)
    header = tuple(next(table, []))
    if header not in (COLUMNS, (*COLUMNS, NOTE)):
        reading.report("dòng 1", f"tiêu đề cột là «{','.join(header)}»; cần «{','.join(COLUMNS)}».")
        return []
    rows: list[RegisterRow] = []
    try:
        for cells in table:
            if len(cells) != len(header):
                reading.report(f"dòng {table.line_num}", f"có {len(cells)} ô; cần {len(header)} ô.")
            else:
                values = dict(zip(header, cells, strict=True))
                rows.append(_read_row(reading, table.line_num, values))
    except csv.Error as error:
        reading.report(f"dòng {table.line_num}", f"không phải CSV hợp lệ ({error}).")
    return rows


def _read_row(reading: Reading, line: int, values: dict[str, str]) -> RegisterRow:
    for column, value in values.items():
        _check_cell(reading, line, column, value)
    if values["kind"] not in KINDS:
        _wrong(reading, line, "kind", values["kind"], f"một trong: {', '.join(sorted(KINDS))}")
    if not CODE.fullmatch(values["code"]):
        _wrong(reading, line, "code", values["code"], "chữ in hoa không dấu, chữ số và gạch nối")
    if values["has_legal_personality"] not in {"yes", "no"}:
        _wrong(reading, line, "has_legal_personality", values["has_legal_personality"], "yes hoặc no")
    return RegisterRow(
        code=values["code"],
        parent_code=values["parent_code"] or None,
        kind=values["kind"],
        name=values["name"],
        short_name=values["short_name"],
        province=values["province"] or None,
        place=values["place"],
        has_legal_personality=values["has_legal_personality"] == "yes",
        valid_from=_read_day(reading, line, values["valid_from"]),
        line=line,
        note=values.get(NOTE, ""),
    )


def _check_cell(reading: Reading, line: int, column: str, value: str) -> None:
    if not value and column not in MAY_BE_EMPTY:
        _wrong(reading, line, column, value, "một giá trị không rỗng")
    if value != value.strip():
        _wrong(reading, line, column, value, "giá trị không có khoảng trắng ở đầu và cuối")
    if not unicodedata.is_normalized("NFC", value):
        _wrong(reading, line, column, value, "chữ Unicode dựng sẵn (NFC)")


def _read_day(reading: Reading, line: int, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        _wrong(reading, line, "valid_from", value, "ngày có thật dạng năm-tháng-ngày, ví dụ 2021-01-01")
        return date.min


def _wrong(reading: Reading, line: int, column: str, value: str, expected: str) -> None:
    reading.report(f"dòng {line}, cột «{column}»", f"giá trị «{value}» không đúng; cần {expected}.")


def _order(reading: Reading, rows: dict[str, RegisterRow], known: Collection[str]) -> list[RegisterRow]:
    placed: dict[str, RegisterRow] = {}
    waiting = dict(rows)
    for row in rows.values():
        if row.parent_code is not None and row.parent_code not in rows and row.parent_code not in known:
            expected = "mã của một đơn vị có trong tệp"
            _wrong(reading, row.line, "parent_code", row.parent_code, expected)
            del waiting[row.code]
    if reading.problems:
        return []
    while waiting:
        ready = [
            row
            for row in waiting.values()
            if row.parent_code is None or row.parent_code in placed or row.parent_code in known
        ]
        if not ready:
            circle = ", ".join(sorted(waiting))
            reading.report("cột «parent_code»", f"các đơn vị {circle} đặt vòng quanh nhau; cần một cây có gốc.")
            return []
        for row in ready:
            placed[row.code] = waiting.pop(row.code)
    return list(placed.values())
