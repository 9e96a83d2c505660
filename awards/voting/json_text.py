"""Reads JSON text without losing what plain reading loses: repeated keys, foreign encodings, sheer size."""

import json
from collections.abc import Iterable
from math import inf

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; the papers of 1,000 voters on 1,000 cases take two thirds of it."""
LONGEST_NUMBER = 18
LONGEST_QUOTE = 60
BYTE_ORDER_MARK = "\ufeff"
WHOLE_FILE = "toàn tệp"


class CountRefusedError(ValueError):
    """The input cannot be counted; `where` is a path into it, `why` a sentence for its author."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class JsonObject(dict[str, object]):
    """A JSON object that remembers keys written twice, which a plain `dict` silently drops."""

    def __init__(self, pairs: Iterable[tuple[str, object]]) -> None:
        self.pairs = tuple(pairs)
        super().__init__(self.pairs)


def load_json(text: str | bytes) -> object:
    """Parse JSON. No number is judged here: what is not a short whole number is a float, for its reader to refuse."""
    try:
        return json.loads(_decode(text), object_pairs_hook=JsonObject, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise CountRefusedError(
            f"dòng {error.lineno}, cột {error.colno}",
            "nội dung không đúng cú pháp JSON. Kiểm tra dấu phẩy, dấu ngoặc và dấu nháy tại chỗ này.",
        ) from error
    except RecursionError as error:
        raise CountRefusedError(
            WHOLE_FILE, "tệp lồng quá nhiều lớp ngoặc nên không đọc được. Mẫu chỉ có năm lớp; tải lại tệp gốc."
        ) from error


def quote(text: str) -> str:
    """Put what a file says into a message: shortened, and with nothing in it that a screen would obey."""
    shown = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return "“" + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in shown) + "”"


def _decode(text: str | bytes) -> str:
    if len(text) > LARGEST_FILE:
        raise CountRefusedError(
            WHOLE_FILE, f"tệp lớn hơn {LARGEST_FILE // 2**20} MiB. Kiểm tra có chọn nhầm tệp không."
        )
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise CountRefusedError(
                f"dòng {line}", "tệp không phải văn bản UTF-8. Lưu lại tệp theo bảng mã UTF-8."
            ) from error
    if text.startswith(BYTE_ORDER_MARK):
        raise CountRefusedError(
            "dòng 1, cột 1",
            "tệp mở đầu bằng dấu BOM, tức là đã bị một chương trình khác lưu lại và không còn đúng mã băm. "
            "Dùng tệp gốc, hoặc lưu lại theo UTF-8 không có BOM.",
        )
    return text


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else inf
