"""Reading of the data files an installation loads: every mistake named by file and place, all at once.

Knows TOML and plain values only. The readers beside it give the values a meaning.
"""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


class DataFileError(ValueError):
    """A data file that cannot be loaded; `problems` holds one Vietnamese sentence per mistake."""

    def __init__(self, problems: Collection[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Reading:
    """One file being read. Problems are collected, so that a person mends the file in one go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def report(self, where: str, problem: str) -> None:
        self.problems.append(f"{self.path.name}: {where}: {problem}")

    def finish(self) -> None:
        """Raise `DataFileError` if anything was reported; values read before this call cannot be trusted."""
        if self.problems:
            raise DataFileError(self.problems)

    def text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self.report(f"byte {error.start}", "tệp không phải UTF-8. Hãy lưu lại tệp theo bảng mã UTF-8.")
        except OSError as error:
            self.report("tệp", f"không mở được ({error.strerror}). Hãy kiểm tra đường dẫn và quyền đọc.")
        raise DataFileError(self.problems)

    def toml(self) -> Entry:
        text = self.text()
        try:
            return Entry(self, "đầu tệp", tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            self.report("cú pháp", f"không phải TOML hợp lệ ({error}). Hãy sửa đúng chỗ đã nêu.")
        raise DataFileError(self.problems)

    def check_unique(self, where: str, key: str, values: Collection[str]) -> None:
        seen: set[str] = set()
        for value in values:
            if value in seen:
                self.report(where, f"{key} «{value}» xuất hiện hơn một lần; mỗi giá trị chỉ được dùng một lần.")
            seen.add(value)


class Entry:
    """One table of a file. A wrong value is reported and a stand-in returned; the reading then refuses."""

    def __init__(self, reading: Reading, where: str, values: Mapping[str, object]) -> None:
        self.reading = reading
        self.where = where
        self._values = values
        self._read: set[str] = set()

    def report(self, key: str, problem: str) -> None:
        self.reading.report(f"{self.where}, khóa «{key}»", problem)

    def has(self, key: str) -> bool:
        return key in self._values

    def _take(self, key: str, *, required: bool, expected: str) -> object:
        self._read.add(key)
        value = self._values.get(key)
        if value is None and required:
            self.report(key, f"còn thiếu; cần {expected}.")
        return value

    def _wrong(self, key: str, value: object, expected: str) -> None:
        self.report(key, f"giá trị «{value}» không đúng; cần {expected}.")

    def optional_text(self, key: str, *, required: bool = False) -> str | None:
        expected = "một chuỗi chữ không rỗng"
        value = self._take(key, required=required, expected=expected)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, value, expected)
            return None
        return self._clean(key, value)

    def _clean(self, key: str, value: str) -> str:
        if value != value.strip():
            self._wrong(key, value, "chuỗi không có khoảng trắng ở đầu và cuối")
        if not unicodedata.is_normalized("NFC", value):
            self._wrong(key, value, "chữ Unicode dựng sẵn (NFC)")
        return value

    def text(self, key: str) -> str:
        return self.optional_text(key, required=True) or ""

    def choice(self, key: str, allowed: Collection[str]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self._wrong(key, value, f"một trong: {', '.join(sorted(allowed))}")
        return value

    def optional_day(self, key: str, *, required: bool = False) -> date | None:
        expected = "ngày dạng năm-tháng-ngày, ví dụ 2023-02-20"
        value = self._take(key, required=required, expected=expected)
        if value is None:
            return None
        # A TOML date-time is a date to Python; a time of day has no meaning in these files.
        if not isinstance(value, date) or isinstance(value, datetime):
            self._wrong(key, value, expected)
            return None
        return value

    def day(self, key: str) -> date:
        return self.optional_day(key, required=True) or date.min

    def optional_whole(self, key: str, *, lowest: int = 1, required: bool = False) -> int | None:
        expected = f"số nguyên từ {lowest} trở lên"
        value = self._take(key, required=required, expected=expected)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            self._wrong(key, value, expected)
            return None
        return value

    def whole(self, key: str, *, lowest: int = 1) -> int:
        return self.optional_whole(key, lowest=lowest, required=True) or lowest

    def flag(self, key: str, *, otherwise: bool | None = None) -> bool:
        """`otherwise` answers for a missing key; without it the key must stand."""
        value = self._take(key, required=otherwise is None, expected="true hoặc false")
        if value is None:
            return bool(otherwise)
        if not isinstance(value, bool):
            self._wrong(key, value, "true hoặc false")
            return False
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; a missing key is an empty list."""
        value = self._take(key, required=False, expected="danh sách chuỗi chữ")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self._wrong(key, value, "danh sách chuỗi chữ không rỗng")
            return ()
        items = tuple(self._clean(key, item) for item in value)
        self.reading.check_unique(f"{self.where}, khóa «{key}»", "giá trị", items)
        return items

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        items = self.texts(key)
        for item in items:
            if item not in allowed:
                self._wrong(key, item, f"một trong: {', '.join(sorted(allowed))}")
        return items

    def optional_entry(self, key: str, *, required: bool = False) -> Entry | None:
        value = self._take(key, required=required, expected=f"một bảng [{key}]")
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong(key, value, f"một bảng [{key}]")
            return None
        return Entry(self.reading, f"{self.where}, [{key}]" if self._nested() else f"[{key}]", value)

    def entry(self, key: str) -> Entry:
        """The table `key`; a missing one is reported and an empty one returned."""
        return self.optional_entry(key, required=True) or Entry(self.reading, f"[{key}]", {})

    def entries(self, key: str, *, named_by: str = "code") -> list[Entry]:
        """The tables of an array, each named in messages by its own `named_by` or by its place."""
        value = self._take(key, required=False, expected=f"các bảng [[{key}]]")
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong(key, value, f"các bảng [[{key}]]")
            return []
        prefix = f"{self.where}, " if self._nested() else ""
        return [
            Entry(self.reading, f"{prefix}[[{key}]] {item.get(named_by) or f'thứ {place}'}", item)
            for place, item in enumerate(value, start=1)
        ]

    def _nested(self) -> bool:
        return self.where.startswith("[")

    def finish(self) -> None:
        """Report keys nobody read: a misspelt optional key would otherwise be lost in silence."""
        for key in self._values:
            if key not in self._read:
                self.report(key, f"không có trong mẫu; các khóa được dùng: {', '.join(sorted(self._read))}.")


def check_interval(entry: Entry, first: date | None, last: date | None, *, last_key: str) -> None:
    """Both ends are inclusive days; an open end is allowed. A stand-in for a wrong day is told elsewhere."""
    if first is not None and last is not None and date.min != last < first:
        entry.report(
            last_key,
            f"ngày cuối {last:%d/%m/%Y} trước ngày đầu {first:%d/%m/%Y}; cần từ ngày đầu trở đi.",
        )
