"""From a file to its text: plain text, DOCX, or a PDF that holds text. Whatever else comes is refused with words."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from campaigns.planreader.pdf_text import PdfError, pdf_text
from campaigns.planreader.tables import heads_columns
from units.imports.legacy_fonts import is_tcvn3, is_vni

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_XML: Final = 30 * 1024 * 1024
MAX_RATIO: Final = 200
MAX_LETTERS: Final = 600_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ParseError,
    RuntimeError,
    KeyError,
    OSError,
)
_SAVE_AS: Final = "Mở tệp bằng Word, lưu lại dạng .docx, rồi chọn lại tệp mới."
_FEW_LETTERS: Final = 20
_MOST_CONTROLS: Final = 0.02
_DEEPEST: Final = 40


class UnreadablePlanError(ValueError):
    """A file that cannot be read as a plan. The words are for the person: what, why, and what to do next."""


def read_file(path: Path) -> str:
    """The text of the file at `path`, told apart by its content, not by its name."""
    name = path.name
    if path.is_dir():
        raise UnreadablePlanError(f"«{path}» là thư mục, không phải tệp. Chọn một tệp kế hoạch trong thư mục đó.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadablePlanError(
                f"Tệp «{name}» nặng hơn {MAX_BYTES // 1024 // 1024} MB. Xóa ảnh trong tệp rồi thử lại."
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadablePlanError(f"Không tìm thấy tệp «{path}». Kiểm tra lại đường dẫn và tên tệp.") from error
    except OSError as error:
        raise UnreadablePlanError(f"Không mở được tệp «{path}» ({error.strerror}). Kiểm tra quyền đọc tệp.") from error
    return read_content(content, name)


def read_content(content: bytes, name: str) -> str:
    """The text of a file's bytes; `name` only serves the messages."""
    if len(content) > MAX_BYTES:
        raise UnreadablePlanError(
            f"Tệp «{name}» nặng hơn {MAX_BYTES // 1024 // 1024} MB. Xóa ảnh trong tệp rồi thử lại."
        )
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise UnreadablePlanError(f"Tệp «{name}» rỗng, không có chữ nào. Mở tệp trên máy để kiểm tra rồi chọn lại.")
    if content.startswith(b"PK"):
        text = _docx(content, name)
    elif b"%PDF-" in content[:1024]:
        text = _pdf(content, name)
    elif content.startswith(_OLE):
        text = _ole(content, name)
    else:
        text = _plain(content, name)
    return _checked(text, name)


def _checked(text: str, name: str) -> str:
    if len(text) > MAX_LETTERS:
        raise UnreadablePlanError(
            f"Tệp «{name}» dài hơn một kế hoạch thông thường ({MAX_LETTERS} chữ). Tách riêng phần kế hoạch rồi thử lại."
        )
    if is_tcvn3(text) or is_vni(text):
        raise UnreadablePlanError(
            f"Tệp «{name}» dùng bảng mã cũ (TCVN3 hoặc VNI), nên chữ có dấu không đọc được. Chuyển tệp sang Unicode "
            f"bằng công cụ chuyển mã, rồi chọn lại."
        )
    if sum(char.isalpha() for char in text) < _FEW_LETTERS:
        raise UnreadablePlanError(f"Tệp «{name}» gần như không có chữ. Kiểm tra đã chọn đúng tệp kế hoạch chưa.")
    return text


def _plain(content: bytes, name: str) -> str:
    text = _decoded(content, name)
    controls = sum(char < " " and char not in "\n\r\t\f\v" for char in text)
    if controls > len(text) * _MOST_CONTROLS:
        raise UnreadablePlanError(
            f"Tệp «{name}» không phải văn bản (TXT), DOCX hay PDF, nên không đọc được. Chọn tệp kế hoạch ở một "
            f"trong ba dạng đó."
        )
    return text


def _decoded(content: bytes, name: str) -> str:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        old = content.decode("cp1252", errors="replace")
        if b"\0" in content[:4096]:
            raise UnreadablePlanError(
                f"Tệp «{name}» không phải văn bản (TXT), DOCX hay PDF, nên không đọc được. Chọn tệp kế hoạch ở một "
                f"trong ba dạng đó."
            ) from error
        kind = " Chữ trong tệp giống bảng mã cũ TCVN3 hoặc VNI." if is_tcvn3(old) or is_vni(old) else ""
        raise UnreadablePlanError(
            f"Tệp «{name}» không ở bảng mã UTF-8, nên chữ có dấu không đọc được.{kind} Lưu lại tệp với bảng mã "
            f"UTF-8, rồi chọn lại."
        ) from error


def _ole(content: bytes, name: str) -> str:
    if _ENCRYPTED_STREAM in content:
        raise UnreadablePlanError(f"Tệp «{name}» có mật khẩu nên không đọc được. Bỏ mật khẩu của tệp rồi chọn lại.")
    raise UnreadablePlanError(f"Tệp «{name}» là tệp Word đời cũ (.doc). {_SAVE_AS}")


def _pdf(content: bytes, name: str) -> str:
    try:
        text = pdf_text(content)
    except PdfError as error:
        raise UnreadablePlanError(f"Tệp «{name}»: {error}") from error
    if sum(char.isalpha() for char in text) < _FEW_LETTERS:
        raise UnreadablePlanError(
            f"Tệp PDF «{name}» chỉ có ảnh quét, không có chữ để đọc. Dùng bản Word của kế hoạch, hoặc nhận dạng chữ "
            f"(OCR) rồi chọn lại."
        )
    return text


def _docx(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = _main_part(archive, name)
            body = defusedxml.ElementTree.fromstring(part, forbid_dtd=True).find(f"{_WORD}body")
    except DefusedXmlException as error:
        raise UnreadablePlanError(
            f"Tệp «{name}» chứa khai báo mà tệp Word thông thường không có, nên không được mở. {_SAVE_AS}"
        ) from error
    except (*_DAMAGED, ValueError) as error:
        if isinstance(error, UnreadablePlanError):
            raise
        raise UnreadablePlanError(f"Tệp «{name}» bị hỏng nên không đọc được. {_SAVE_AS}") from error
    if body is None:
        raise UnreadablePlanError(f"Tệp «{name}» không có nội dung văn bản. {_SAVE_AS}")
    return "\n".join(_lines(body, 0))


def _main_part(archive: zipfile.ZipFile, name: str) -> bytes:
    entries = {entry.filename: entry for entry in archive.infolist()}
    if any(entry.flag_bits & 1 for entry in entries.values()):
        raise UnreadablePlanError(f"Tệp «{name}» có mật khẩu nên không đọc được. Bỏ mật khẩu của tệp rồi chọn lại.")
    main = entries.get("word/document.xml")
    if main is None:
        raise UnreadablePlanError(f"Tệp «{name}» không phải tệp Word (.docx). {_SAVE_AS}")
    if main.file_size > MAX_XML or main.file_size > MAX_RATIO * max(main.compress_size, 1) + 1024 * 1024:
        raise UnreadablePlanError(f"Tệp «{name}» khi mở ra quá lớn, không giống một kế hoạch. {_SAVE_AS}")
    with archive.open(main) as stream:
        part = stream.read(MAX_XML + 1)
    if len(part) > MAX_XML:
        raise UnreadablePlanError(f"Tệp «{name}» khi mở ra quá lớn, không giống một kế hoạch. {_SAVE_AS}")
    return part


def _lines(parent: Element, depth: int) -> Iterator[str]:
    """Paragraphs and rows of tables in the order of the page."""
    if depth > _DEEPEST:
        return
    for element in parent:
        if element.tag == f"{_WORD}p":
            yield from _words(element).split("\n")
        elif element.tag == f"{_WORD}tbl":
            yield from _table(element, depth)
        elif element.tag in {
            f"{_WORD}sdt",
            f"{_WORD}sdtContent",
            f"{_WORD}ins",
            f"{_WORD}smartTag",
            f"{_WORD}customXml",
        }:
            yield from _lines(element, depth + 1)


def _table(table: Element, depth: int) -> Iterator[str]:
    """A row is a line with bars between its cells. A table of two columns is the frame of a head or foot: no bars,
    unless its first row heads tasks or quotas."""
    above: list[list[str]] = []
    fewest = 3
    for row in table.iter(f"{_WORD}tr"):
        cells = [list(_lines(cell, depth + 1)) for cell in row.findall(f"{_WORD}tc")]
        # A cell over several rows is written once, in the first of them; it says the same of all.
        for index, element in enumerate(row.findall(f"{_WORD}tc")):
            merged = element.find(f"{_WORD}tcPr/{_WORD}vMerge")
            is_below = merged is not None and merged.get(f"{_WORD}val") != "restart"
            if is_below and len(above) == len(cells):
                cells[index] = above[index]
        if not above and len(cells) == fewest - 1 and heads_columns([" ".join(cell) for cell in cells]):
            fewest -= 1
        above = cells
        if len(cells) < fewest:  # read one after the other
            for cell in cells:
                yield from cell
        else:
            yield (
                "| "
                + " | ".join(
                    re.sub(r"\s*\|\s*", " / ", " ".join(line for line in cell if line.strip())) for cell in cells
                )
                + " |"
            )


def _words(paragraph: Element) -> str:
    parts: list[str] = []
    is_listed = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None
    for element in paragraph.iter():
        if element.tag == f"{_WORD}t":
            parts.append(element.text or "")
        elif element.tag in {f"{_WORD}tab", f"{_WORD}ptab"}:
            parts.append("\t")
        elif element.tag in {f"{_WORD}br", f"{_WORD}cr"}:
            parts.append("\n")
        elif element.tag == f"{_WORD}noBreakHyphen":
            parts.append("-")
    words = "".join(parts)
    # Word keeps the marks of automatic lists elsewhere; that it is a list matters, its number does not.
    return f"- {words}" if is_listed and words.strip() and not re.match(r"\s*[-+•\d]", words) else words
