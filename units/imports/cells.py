"""What one cell says: text, a day, a year, one of a list, or yes and no. Doubt is a refusal, never a guess."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from units.folding import nfc
from units.imports.layout import Field, FieldKind, plain

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]00:00(?::00)?)?")
_MONTH_AND_YEAR = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{4}")
_YEARS = range(1900, 2101)
_SERIALS = range(3_000, 80_000)  # 1908 to 2119; smaller numbers would as well be years
_CENTURY = 50  # two digits below it are of this century
_1900, _1904 = date(1899, 12, 30), date(1904, 1, 1)
_MONTHS = 12
_YES = frozenset({"co", "x", "yes", "y", "1", "true", "dung", "la"})
_NO = frozenset({"", "khong", "no", "n", "0", "false", "sai"})
IN_ERROR = "ô đang báo lỗi của Excel (như #N/A, #REF!); ghi giá trị thật vào ô."
WRITE_SO = "Ghi dạng ngày/tháng/năm, ví dụ 05/11/2023."


class CellError(ValueError):
    """What is wrong with a cell, in words for the person."""


def clean(value: str) -> str:
    """Composed letters, single spaces, and none of the characters that cannot be seen."""
    text = nfc(value)
    if not text.isprintable():
        spaced = (" " if char.isspace() else char for char in text)
        text = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    return " ".join(text.split())


def as_text(value: Any) -> str:
    """A cell as a person would read it aloud."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def read_cell(field: Field, value: Any, *, counts_from_1904: bool = False) -> Any:
    """The value of a cell for `field`, "" or None when it is empty; raises `CellError`."""
    text = as_text(value)
    if not text and field.kind is not FieldKind.FLAG:
        if field.is_required:
            raise CellError("chưa có giá trị.")
        return None if field.kind in (FieldKind.DAY, FieldKind.YEAR) else ""
    if field.kind is FieldKind.DAY:
        return read_day(value, counts_from_1904=counts_from_1904)
    return _READERS[field.kind](field, value, text)


def _read_text(field: Field, value: Any, text: str) -> str:
    if isinstance(value, date | timedelta) or not isinstance(value, str | int | float | bool):
        raise CellError(
            f"Excel đã tự đổi thành ngày ({text}); định dạng ô là Văn bản (Text) rồi gõ lại đúng như trên giấy."
        )
    if len(text) > field.max_length:
        raise CellError(f"dài {len(text)} ký tự, tối đa {field.max_length}; rút gọn lại.")
    return text


def _read_year(_field: Field, _value: Any, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in _YEARS:
        raise CellError(f"«{text}» không phải là năm; ghi bốn chữ số, ví dụ 2023.")
    return int(text)


def _read_choice(field: Field, _value: Any, text: str) -> str:
    try:
        return field.by_word[plain(text)]
    except KeyError:
        shown = [choice.label for choice in field.choices]
        listed = "; ".join(shown) if len(shown) <= 8 else "xem trang «Danh mục» của mẫu"  # noqa: PLR2004  fits a line
        raise CellError(f"«{text}» không có trong danh mục. Chỉ nhận: {listed}.") from None


def _read_flag(_field: Field, _value: Any, text: str) -> bool:
    word = plain(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(f"«{text}» không hiểu được; ghi Có hoặc Không.")


_READERS: Mapping[FieldKind, Callable[[Field, Any, str], Any]] = {
    FieldKind.TEXT: _read_text,
    FieldKind.YEAR: _read_year,
    FieldKind.CHOICE: _read_choice,
    FieldKind.FLAG: _read_flag,
}


def read_day(value: Any, *, counts_from_1904: bool = False) -> date:
    """A day from a date cell, from text with the day first or in ISO form, or from Excel's count of days."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        if value.year not in _YEARS:
            raise CellError(f"năm {value.year} ngoài khoảng 1900–2100. {WRITE_SO}")
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_of_number(value, counts_from_1904=counts_from_1904)
    return _day_of_text(clean(str(value)))


def _day_of_number(value: float, *, counts_from_1904: bool) -> date:
    if int(value) in _SERIALS:
        return (_1904 if counts_from_1904 else _1900) + timedelta(days=int(value))
    raise CellError(f"«{as_text(value)}» chỉ là một số, không rõ ngày nào. {WRITE_SO}")


def _day_of_text(text: str) -> date:
    if text.isascii() and text.isdigit():
        return _day_of_number(int(text[:12]), counts_from_1904=False)
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _make_day(text, int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        if _MONTH_AND_YEAR.fullmatch(text):
            raise CellError(f"«{text}» chỉ có tháng và năm, thiếu ngày. {WRITE_SO}")
        raise CellError(f"«{text}» không phải là ngày. {WRITE_SO}")
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    if len(found[3]) == 2:  # noqa: PLR2004  two digits
        year += 2000 if year < _CENTURY else 1900
    if month > _MONTHS >= day:
        raise CellError(f"«{text}» không rõ đâu là ngày, đâu là tháng. {WRITE_SO}")
    return _make_day(text, year, month, day)


def _make_day(text: str, year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise CellError(f"năm {year} ngoài khoảng 1900–2100. {WRITE_SO}")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(f"«{text}» không có trong lịch. {WRITE_SO}") from None


def day_typed_first(value: Any) -> int | None:
    """The first number of a day typed as text, which tells in which order the file's author writes."""
    found = _DAY_FIRST.fullmatch(clean(value)) if isinstance(value, str) else None
    return int(found[1]) if found else None
