"""Prints attachments: each becomes pages of its own, and one that cannot be printed becomes a page that says so."""

import base64
import io
import logging
from collections.abc import Callable, Mapping

import pikepdf
from celery.exceptions import SoftTimeLimitExceeded
from PIL import Image, ImageOps

from reports.documents.facts import AttachmentFacts
from units.pdf import render_pdf
from units.word_files import PICTURE_SOURCES, WordFileError, read_word_file

logger = logging.getLogger(__name__)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAX_PAGES = 400
MAX_PIXELS = 80_000_000
# 200 dots an inch on A4: more than a printer of an office shows, less than a phone's camera sends.
PRINTED_PIXELS = (1654, 2339)
# What makes a page look as it does, and nothing that acts, loads or carries files along.
PAGE_KEYS = {
    *("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"),
    "/Annots",
}
# An annotation is shown by its appearance; kinds that play, embed or run are left out whole.
ANNOTATION_KEYS = {"/Type", "/Subtype", "/Rect", "/F", "/AP", "/AS", "/Contents", "/C", "/CA", "/Border", "/BS"}
STILL_ANNOTATIONS = {
    *("/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline"),
    *("/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Widget", "/Link"),
}


class UnprintableError(ValueError):
    """Why a file cannot be printed, in words for the reader of the dossier."""


def print_attachment(facts: AttachmentFacts, content: bytes | None) -> bytes:
    """The pages of one attachment; `content` is None when the stored file is missing or is not the one recorded."""
    try:
        return _print(facts, content)
    except SoftTimeLimitExceeded:
        raise
    except UnprintableError as error:
        return _unprintable(facts, str(error))
    except Exception:  # a stranger's file may break a reader in any way; the dossier goes on
        logger.exception("attachment_unprintable", extra={"media_type": facts.media_type})
        return _unprintable(facts, "Tệp bị hỏng hoặc không đúng định dạng nên không đọc được.")


def _print(facts: AttachmentFacts, content: bytes | None) -> bytes:
    if content is None:
        raise UnprintableError("Không tìm thấy tệp trong kho lưu trữ, hoặc tệp đã bị thay đổi so với khi nộp.")
    printer = PRINTERS.get(facts.media_type)
    if printer is None:
        raise UnprintableError("Loại tệp này không in được vào hồ sơ.")
    return printer(facts, content)


def _unprintable(facts: AttachmentFacts, reason: str) -> bytes:
    return render_pdf("reports/paper/unprintable.html", {"attachment": facts, "reason": reason})


def _print_pdf(_facts: AttachmentFacts, content: bytes) -> bytes:
    try:
        source = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise UnprintableError("Tệp PDF có mật khẩu nên không mở được.") from error
    with source, pikepdf.new() as printed:
        if not source.pages:
            raise UnprintableError("Tệp PDF không có trang nào.")
        if len(source.pages) > MAX_PAGES:
            raise UnprintableError(f"Tệp PDF có {len(source.pages)} trang, quá {MAX_PAGES} trang nên không in kèm.")
        printed.pages.extend(source.pages)
        for page in printed.pages:
            _disarm(page)
        buffer = io.BytesIO()
        printed.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def _disarm(page: pikepdf.Page) -> None:
    """Keep what a page shows, drop what it could do. Document-level scripts and files are never copied."""
    _keep(page.obj, PAGE_KEYS)
    if "/Annots" not in page.obj:
        return
    kept = [one for one in page.obj.Annots if str(one.get("/Subtype")) in STILL_ANNOTATIONS]
    for annotation in kept:
        _keep(annotation, ANNOTATION_KEYS)
    page.obj.Annots = pikepdf.Array(kept)


def _keep(dictionary: pikepdf.Object, wanted: set[str]) -> None:
    for key in set(dictionary.keys()) - wanted:
        del dictionary[key]


def _print_picture(facts: AttachmentFacts, content: bytes) -> bytes:
    """Re-encode: what was hidden behind or beside the pixels does not travel on."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise UnprintableError(f"Ảnh {opened.width} × {opened.height} điểm quá lớn để in kèm.")
        picture = _shrink(opened)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    is_wide = picture.width > picture.height
    source = PICTURE_SOURCES[1] + base64.b64encode(buffer.getvalue()).decode("ascii")
    return render_pdf("reports/paper/picture.html", {"attachment": facts, "source": source, "is_wide": is_wide})


def _shrink(opened: Image.Image) -> Image.Image:
    """The picture upright, on white, no larger than it is printed. Made small first: a large one costs gigabytes."""
    if opened.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        opened = opened.convert("RGBA")
    opened.thumbnail((max(PRINTED_PIXELS), max(PRINTED_PIXELS)))
    shown = ImageOps.exif_transpose(opened).convert("RGBA")
    picture = Image.new("RGB", shown.size, "white")
    picture.paste(shown, mask=shown.getchannel("A"))
    picture.thumbnail(PRINTED_PIXELS[::-1] if picture.width > picture.height else PRINTED_PIXELS)
    return picture


def _print_docx(facts: AttachmentFacts, content: bytes) -> bytes:
    try:
        body = read_word_file(content)
    except WordFileError as error:
        raise UnprintableError(str(error)) from error
    return render_pdf("reports/paper/word_file.html", {"attachment": facts, "body": body})


Printer = Callable[[AttachmentFacts, bytes], bytes]
PRINTERS: Mapping[str, Printer] = {
    PDF: _print_pdf,
    DOCX: _print_docx,
    "image/jpeg": _print_picture,
    "image/png": _print_picture,
}
