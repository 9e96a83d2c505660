"""Reads a TOML document strictly and refuses clearly: the line, the key, what was found, what was expected.

Nothing is guessed: a key that is missing, of another type, empty, or not in the form is refused. The same
readers take JSON (days as ISO text), so that a stored snapshot and a file written by hand have one form.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Never, TypeVar

_Option = TypeVar("_Option", bound=StrEnum)
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]")
_KEY: Final = re.compile(r"\s*([\w\-]+(?:\.[\w\-]+)*)\s*=")
_LONGEST_SHOWN: Final = 80  # letters of a text, bits of a number, in a refusal
_SYNTAX_PLACE: Final = re.compile(r"line (\d+), column (\d+)")


class DocumentError(ValueError):
    """A document that does not fit its form, said so that its author can mend it."""

    def __init__(self, key: str, found: str, expected: str, line: int | None = None) -> None:
        self.key, self.found, self.expected, self.line = key, found, expected, line
        place = ", ".join(part for part in (f"dòng {line}" if line else "", f"khóa “{key}”" if key else "") if part)
        where = place[:1].upper() + place[1:] or "Văn bản"
        super().__init__(f"{where}: gặp {found}; cần {expected}.")


@dataclass(slots=True)
class Section:
    """One table of a document, reading its keys by name and remembering which were asked for.

    ``close`` refuses what nobody asked for, so a misspelt key never passes as an absent one.
    """

    values: Mapping[str, object]
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.values

    def text(self, key: str) -> str:
        value = self._value(key, "một đoạn chữ")
        if not isinstance(value, str):
            self.refuse(key, "một đoạn chữ trong ngoặc kép")
        if not value.strip():
            self.refuse(key, "một đoạn chữ không rỗng")
        return value

    def text_or(self, key: str, default: str) -> str:
        """For what a source may leave blank: absent and empty mean the default."""
        return self.text(key) if key in self and self.values[key] != "" else default

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.values[key] if key in self else default
        if not isinstance(value, bool):
            self.refuse(key, "true hoặc false")
        return value

    def integer(self, key: str) -> int:
        value = self._value(key, "một số nguyên")
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, "một số nguyên")
        return value

    def decimal(self, key: str) -> Decimal:
        """A number, also as text with a decimal point, as JSON keeps it."""
        value = self._value(key, "một số")
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            self.refuse(key, "một số")
        try:
            number = Decimal(value)
        except ArithmeticError:
            self.refuse(key, "một số, phần lẻ sau dấu chấm, ví dụ 98.5")
        if not number.is_finite():
            self.refuse(key, "một số hữu hạn")
        return number

    def year(self, key: str) -> int:
        year = self.integer(key)
        if not date.min.year < year < date.max.year:
            self.refuse(key, "một năm dương lịch")
        return year

    def day(self, key: str) -> date:
        value = self._value(key, "một ngày, ví dụ 2023-12-31")
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.refuse(key, "một ngày có thật, ví dụ 2023-12-31")
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(key, "một ngày không kèm giờ, ví dụ 2023-12-31")
        return value

    def day_or_none(self, key: str) -> date | None:
        return self.day(key) if key in self else None

    def choice(self, key: str, options: type[_Option]) -> _Option:
        text = self.text(key)
        try:
            return options(text)
        except ValueError:
            self.refuse(key, one_of(options))

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.items(key)
        if not all(isinstance(item, str) and item.strip() for item in items):
            self.refuse(key, "một danh sách các đoạn chữ không rỗng")
        return tuple(str(item) for item in items)

    def choices(self, key: str, options: type[_Option]) -> tuple[_Option, ...]:
        try:
            return tuple(options(text) for text in self.texts(key))
        except ValueError:
            self.refuse(key, f"một danh sách, mỗi mục là {one_of(options)}")

    def items(self, key: str) -> list[object]:
        value = self._value(key, "một danh sách trong ngoặc vuông")
        if not isinstance(value, list):
            self.refuse(key, "một danh sách trong ngoặc vuông")
        return value

    def section(self, key: str, *, shorthand: str = "") -> "Section":
        """A table; with ``shorthand`` a bare text stands for a table that has only that key."""
        value = self._value(key, "một bảng khóa = giá trị")
        table = {shorthand: value} if shorthand and isinstance(value, str) else value
        if not isinstance(table, dict):
            self.refuse(key, "một bảng khóa = giá trị")
        return self._below(table, self._path_of(key))

    def sections(self, key: str, *, shorthand: str = "") -> "list[Section]":
        """A list of tables, each with the same shorthand."""
        found: list[Section] = []
        for number, item in enumerate(self.items(key), 1):
            table = {shorthand: item} if shorthand and isinstance(item, str) else item
            if not isinstance(table, dict):
                self.refuse(key, "một danh sách các bảng khóa = giá trị")
            found.append(self._below(table, f"{self._path_of(key)}[{number}]"))
        return found

    def close(self) -> None:
        for key in self.values:
            if key not in self._asked:
                raise DocumentError(
                    self._path_of(key),
                    "khóa không có trong mẫu",
                    one_of(sorted(self._asked)),
                    self.line_of(self._path_of(key)),
                )

    def refuse(self, key: str, expected: str) -> Never:
        found = _shown(self.values[key]) if key in self.values else "không có gì"
        path = self._path_of(key)
        raise DocumentError(path, found, expected, self.line_of(path)) from None

    def _value(self, key: str, expected: str) -> object:
        if key not in self:
            self.refuse(key, expected)
        return self.values[key]

    def _below(self, values: Mapping[str, object], path: str) -> "Section":
        return Section(values, path, self.lines)

    def _path_of(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def line_of(self, path: str) -> int | None:
        """The line of the key, or of the nearest table around it; the first line where no table is around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get("")


def read_document(text: str) -> Section:
    """The root of a TOML document, its text in the composed form of Unicode."""
    text = unicodedata.normalize("NFC", text)
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    # Besides its own error tomllib lets through: a number too long to convert, and tables nested too deeply.
    except (ValueError, ArithmeticError, RecursionError) as error:
        place = _SYNTAX_PLACE.search(str(error))  # absent when the text ends too early
        column = f" ở cột {place[2]}" if place else ""
        line = int(place[1]) if place else text.count("\n") + 1
        raise DocumentError(
            _key_at(text, line),
            f"chỗ không đúng cú pháp TOML{column}",
            'các dòng khóa = giá trị và các đầu mục như [[case]]; ngày viết 2023-12-31, chữ viết trong "…"',
            line,
        ) from None
    return Section(values, lines=_line_numbers(text))


def one_of(options: Iterable[str]) -> str:
    return "một trong: " + ", ".join(options)


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > _LONGEST_SHOWN:
            return "một số quá lớn"
        case str():
            return f"“{value[:_LONGEST_SHOWN]}…”" if len(value) > _LONGEST_SHOWN else f"“{value}”"
        case list():
            return f"danh sách {len(value)} mục"
        case dict():
            return "một bảng"
    return str(value)


def _key_at(text: str, line: int) -> str:
    """The key that a broken line begins with, or the last one before it."""
    lines = _line_numbers("\n".join(text.splitlines()[:line]))
    return max(filter(None, lines), key=lambda path: lines[path], default="")


def _line_numbers(text: str) -> dict[str, int]:
    """Where each table and each key at the head of a line stands; tomllib does not tell."""
    lines = {"": 1}
    counts: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _resolve(header[2].split("."), counts, opens_item=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines


def _resolve(parts: list[str], counts: Counter[str], *, opens_item: bool) -> str:
    """The path of a header with the number of every array item on the way: ``case[2].facts``."""
    path = ""
    for place, part in enumerate(parts, 1):
        path = f"{path}.{part}" if path else part
        if opens_item and place == len(parts):
            counts[path] += 1
        if counts[path]:
            path = f"{path}[{counts[path]}]"
    return path
