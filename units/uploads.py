"""Checking a stranger's file before it is kept: size, name, what its bytes say, and whether it opens."""

import hashlib
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import magic
import pikepdf
from django.conf import settings
from PIL import Image, UnidentifiedImageError

from units.folding import clean_filename
from units.refusals import RefusedError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What may be attached: extensions by the type that the bytes show.
EXTENSIONS = {
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
ALLOWED = "PDF, DOCX, JPG, PNG"
# An office file is a ZIP: entries and unpacked size are bounded before anything is unpacked.
MAX_ZIP_ENTRIES = 2_000
MAX_ZIP_BYTES = 200 * 1024 * 1024
MAX_PIXELS = 60_000_000
# What the readers of the four kinds raise on a broken file.
DAMAGED = (
    pikepdf.PdfError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    UnidentifiedImageError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept. `name` is clean for showing and saving."""

    content: bytes
    name: str
    media_type: str
    sha256: str


def check_upload(file: "UploadedFile[bytes]", *, allowed: str = ALLOWED) -> CheckedFile:
    """Return the file's checked content, or raise `RefusedError` that says what is wrong and what to do.

    `allowed` names the kinds to a person, where the form takes others than evidence does.
    """
    name = clean_filename(file.name or "")
    size = file.size or 0
    limit = settings.EVIDENCE_MAX_BYTES
    if size == 0:
        raise RefusedError(
            f"Tệp «{name}» rỗng (0 byte).",
            why="Có thể tệp chưa được lưu xong trước khi chọn.",
            remedy="Mở tệp trên máy để kiểm tra rồi chọn lại.",
        )
    if size > limit:
        weight = f"{size / 1024 / 1024:.1f}".replace(".", ",")
        raise RefusedError(
            f"Tệp «{name}» nặng {weight} MB, vượt giới hạn {limit // 1024 // 1024} MB.",
            remedy="Quét lại ở độ phân giải 200–300 dpi hoặc tách thành nhiều tệp rồi đính kèm lại.",
        )
    content = file.read()
    media_type = _sniff(content)
    if media_type not in EXTENSIONS or not name.lower().endswith(EXTENSIONS[media_type]):
        raise RefusedError(
            f"Tệp «{name}» không phải là {allowed}, hoặc đuôi tệp không đúng với nội dung.",
            why="Phần mềm xem nội dung bên trong tệp, không chỉ xem tên.",
            remedy=f"Lưu lại tài liệu theo một trong các dạng {allowed} rồi chọn lại.",
        )
    _open(content, media_type, name)
    return CheckedFile(content, name, media_type, hashlib.sha256(content).hexdigest())


def _sniff(content: bytes) -> str:
    media_type = magic.from_buffer(content[:65536], mime=True)
    if media_type in {"application/zip", "application/octet-stream"} and _is_docx(content):
        return DOCX
    return media_type


def _is_docx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _open(content: bytes, media_type: str, name: str) -> None:
    """Open the structure, not only the first bytes: a damaged or booby-trapped file is refused here."""
    damaged = RefusedError(
        f"Tệp «{name}» bị hỏng nên không mở được.",
        remedy="Mở tệp trên máy để kiểm tra, lưu lại thành tệp mới rồi đính kèm.",
    )
    try:
        if media_type == "application/pdf":
            with pikepdf.open(io.BytesIO(content)) as document:
                if not document.pages:
                    raise damaged
        elif media_type == DOCX:
            _open_office(content, name)
        else:
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise RefusedError(
                        f"Ảnh «{name}» quá lớn ({picture.width} × {picture.height} điểm).",
                        remedy="Giảm kích thước ảnh rồi đính kèm lại.",
                    )
                picture.verify()
    except pikepdf.PasswordError as error:
        raise RefusedError(
            f"Tệp «{name}» có mật khẩu nên người thẩm tra không mở được.",
            remedy="Bỏ mật khẩu của tệp rồi đính kèm lại.",
        ) from error
    except Image.DecompressionBombError as error:
        # The library stops before the size can be read here: it stands far above our own limit.
        raise RefusedError(f"Ảnh «{name}» quá lớn.", remedy="Giảm kích thước ảnh rồi đính kèm lại.") from error
    except DAMAGED as error:
        raise damaged from error


def _open_office(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_ZIP_BYTES:
            raise RefusedError(
                f"Tệp «{name}» khi mở ra quá lớn, không giống một văn bản thông thường.",
                remedy="Chép nội dung sang một tệp Word mới rồi đính kèm.",
            )
        if any("vbaProject" in entry for entry in names):
            raise RefusedError(
                f"Tệp «{name}» có chứa macro.", remedy="Lưu lại dưới dạng Word không có macro (.docx) rồi đính kèm."
            )
        if archive.testzip() is not None:
            raise zipfile.BadZipFile


def flush_file(file: Path) -> None:
    """Wait until the file's content, its name and its folder's name are on the disk."""
    for path in (file, file.parent, file.parent.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
