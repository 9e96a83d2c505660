"""A rulebook file from outside: bounded before it is read, read strictly, and never kept when it does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from exemplars.rules.document import DocumentError, Section, read_document
from exemplars.rules.rulebook import Rulebook, RulebookError, read_rulebook

MOST_BYTES: Final = 200_000
MOST_DEPTH: Final = 10
MOST_VALUES: Final = 20_000
MOST_LETTERS: Final = 4_000
MOST_ENTRIES: Final = 200
MOST_EDITIONS: Final = 9_999
YEARS: Final = range(1945, 2201)


@dataclass(frozen=True, slots=True)
class FileRead:
    """`values` are plain, as JSON keeps them: days as ISO text."""

    values: dict[str, object]
    rulebook: Rulebook


def read_rulebook_file(content: bytes) -> FileRead:
    """Raises RulebookError with the line, the key and what was expected there."""
    if len(content) > MOST_BYTES:
        raise RulebookError("", f"một tệp {len(content)} byte", f"một tệp không quá {MOST_BYTES} byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RulebookError("", "chữ không theo mã UTF-8", "một tệp TOML lưu bằng mã UTF-8", line) from None
    try:
        root = read_document(text)
        _Bounds(root).check()
        rulebook = read_rulebook(root)
    except DocumentError as error:
        raise RulebookError(error.key, error.found, error.expected, error.line) from None
    plain = _plain(root.values)
    assert isinstance(plain, dict)  # noqa: S101  the root is a table
    return FileRead(plain, rulebook)


class _Bounds:
    """Walks the values without recursion of its own: how deep, how many, how long, and what cannot be kept."""

    def __init__(self, root: Section) -> None:
        self.root = root
        self.number = 0

    def check(self) -> None:
        waiting: list[tuple[str, object, int]] = [("", self.root.values, 0)]
        while waiting:
            path, value, depth = waiting.pop()
            self.number += 1
            if self.number > MOST_VALUES:
                self._refuse("", f"hơn {MOST_VALUES} giá trị", "một bản quy định gọn hơn")
            if depth > MOST_DEPTH:
                self._refuse(path, f"bảng lồng hơn {MOST_DEPTH} tầng", f"không quá {MOST_DEPTH} tầng")
            if isinstance(value, Mapping):
                waiting += [(f"{path}.{key}" if path else key, item, depth + 1) for key, item in value.items()]
            elif isinstance(value, list):
                self._check_list(path, value)
                waiting += [(f"{path}[{number}]", item, depth + 1) for number, item in enumerate(value, 1)]
            else:
                self._check_one(path, value)

    def _check_list(self, path: str, value: list[object]) -> None:
        if len(value) > MOST_ENTRIES:
            self._refuse(path, f"danh sách {len(value)} mục", f"không quá {MOST_ENTRIES} mục")

    def _check_one(self, path: str, value: object) -> None:
        if isinstance(value, str):
            if len(value) > MOST_LETTERS:
                self._refuse(path, f"một đoạn {len(value)} chữ", f"không quá {MOST_LETTERS} chữ")
            if any(ord(letter) < ord(" ") and letter not in "\n\t" for letter in value):
                self._refuse(path, "ký tự điều khiển", "chữ đọc được")
        elif isinstance(value, (float, Decimal, datetime, time)):
            self._refuse(path, str(value)[:40], "chữ, số nguyên, ngày, true hoặc false")
        elif isinstance(value, date) and value.year not in YEARS:
            self._refuse(path, str(value), f"một ngày từ năm {YEARS[0]} đến năm {YEARS[-1]}")
        elif path == "edition" and isinstance(value, int) and not 1 <= value <= MOST_EDITIONS:
            self._refuse(path, "một số không dùng được", f"số thứ tự của bản, từ 1 đến {MOST_EDITIONS}")

    def _refuse(self, path: str, found: str, expected: str) -> None:
        raise DocumentError(path, found, expected, self.root.line_of(path))


def _plain(value: object) -> object:
    """Depth was bounded before."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
