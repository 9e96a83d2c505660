"""The file before it is read: is it an Excel workbook, is it whole, and can it be unpacked without harm?

An .xlsx is a ZIP archive. Everything is judged from its directory first; then each part is unpacked once, in pieces,
to see that the directory did not lie. Only then do other readers see the file.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from units.refusals import RefusedError

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 200
_SMALL = 1024 * 1024  # below this no ratio is a danger
_PIECE = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ParseError, RuntimeError)
SAVE_AS = "Mở tệp bằng Excel, chọn Lưu thành (Save As), chọn loại «Excel Workbook (*.xlsx)», rồi chọn lại tệp mới."


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook and where its XML lies."""

    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Container:
    """A checked workbook. `counts_from_1904` is the other of Excel's two calendars."""

    content: bytes
    sheets: tuple[SheetPart, ...]
    counts_from_1904: bool

    def read_part(self, part: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(part)


def open_container(content: bytes, name: str) -> Container:
    """Check the file and find its sheets, or raise `RefusedError`."""
    _check_beginning(content, name)
    with _whole(name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        _check_kind(entries, name)
        _check_sizes(entries, name)
        _unpack_once(archive, entries)
        sheets, counts_from_1904 = _find_sheets(archive)
    return Container(content, sheets, counts_from_1904)


@contextmanager
def _whole(name: str) -> Iterator[None]:
    try:
        yield
    except DefusedXmlException as error:
        raise RefusedError(
            f"Tệp «{name}» chứa khai báo mà tệp Excel thông thường không có, nên không được mở.", remedy=SAVE_AS
        ) from error
    except (*_DAMAGED, KeyError, ValueError) as error:
        raise RefusedError(f"Tệp «{name}» bị hỏng nên không đọc được.", remedy=SAVE_AS) from error


def _check_beginning(content: bytes, name: str) -> None:
    if not content:
        raise RefusedError(f"Tệp «{name}» rỗng (0 byte).", remedy="Mở tệp trên máy để kiểm tra rồi chọn lại.")
    if len(content) > MAX_BYTES:
        raise RefusedError(
            f"Tệp «{name}» nặng hơn {MAX_BYTES // 1024 // 1024} MB.",
            remedy="Xóa ảnh và các trang không cần trong tệp, hoặc chia thành nhiều tệp, rồi chọn lại.",
        )
    if content.startswith(_OLE):
        if _ENCRYPTED_STREAM in content:
            raise RefusedError(
                f"Tệp «{name}» có mật khẩu nên không đọc được.", remedy="Bỏ mật khẩu của tệp rồi chọn lại."
            )
        raise RefusedError(f"Tệp «{name}» là tệp Excel đời cũ (.xls).", remedy=SAVE_AS)
    if not content.startswith(b"PK"):
        raise RefusedError(
            f"Tệp «{name}» không phải là tệp Excel (.xlsx).",
            why="Phần mềm xem nội dung bên trong tệp, không chỉ xem tên.",
            remedy=SAVE_AS,
        )


def _check_kind(entries: list[zipfile.ZipInfo], name: str) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError(f"Tệp «{name}» có mật khẩu nên không đọc được.", remedy="Bỏ mật khẩu của tệp rồi chọn lại.")
    if any("vbaproject" in one.lower() for one in names) or name.lower().endswith((".xlsm", ".xltm")):
        raise RefusedError(f"Tệp «{name}» có chứa macro nên không được nhận.", remedy=SAVE_AS)
    if "xl/workbook.xml" not in names:
        raise RefusedError(
            f"Tệp «{name}» không phải là tệp Excel (.xlsx).",
            why="Bên trong tệp không có bảng tính dạng này.",
            remedy=SAVE_AS,
        )
    if not name.lower().endswith(".xlsx"):
        raise RefusedError(
            f"Đuôi của tệp «{name}» không đúng với nội dung bên trong, là bảng tính .xlsx.", remedy=SAVE_AS
        )


def _check_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    """From the directory alone: nothing is unpacked yet."""
    is_bomb = (
        len(entries) > MAX_ENTRIES
        or len({entry.filename for entry in entries}) != len(entries)
        or sum(entry.file_size for entry in entries) > MAX_UNPACKED
        or any(
            entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1) for entry in entries
        )
    )
    if is_bomb:
        raise RefusedError(
            f"Tệp «{name}» khi mở ra quá lớn, không giống một danh sách thông thường.",
            remedy="Chép riêng bảng cần nhập sang một tệp Excel mới, hoặc chia thành nhiều tệp, rồi chọn lại.",
        )


def _unpack_once(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack every part as far as the directory says; a part that goes on, or whose sum differs, is damaged."""
    for entry in entries:
        with archive.open(entry) as part:
            head = part.read(_PIECE)
            if entry.filename.endswith((".xml", ".rels")) and re.search(rb"<!DOCTYPE|<!ENTITY", head):
                raise defusedxml.DTDForbidden(entry.filename, None, None)
            while part.read(_PIECE):
                pass


def _find_sheets(archive: zipfile.ZipFile) -> tuple[tuple[SheetPart, ...], bool]:
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in defusedxml.ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    book = defusedxml.ElementTree.fromstring(archive.read("xl/workbook.xml"))
    properties = book.find(f"{_MAIN}workbookPr")
    calendar = properties.get("date1904", "") if properties is not None else ""
    names = set(archive.namelist())
    sheets = []
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            sheets.append(SheetPart(sheet.get("name", ""), part, sheet.get("state", "visible") == "visible"))
    return tuple(sheets), calendar in {"1", "true"}
