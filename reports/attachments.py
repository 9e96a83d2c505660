"""Prints attachments: each becomes pages of its own, and one that cannot be printed becomes a page that says so."""

import base64
import io
import logging
import zipfile
from collections.abc import Callable, Mapping

import mammoth
import nh3
import pikepdf
from celery.exceptions import SoftTimeLimitExceeded
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from reports.documents.facts import AttachmentFacts
from reports.pdf import render_pdf

logger = logging.getLogger(__name__)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAX_PAGES = 400
MAX_PIXELS = 80_000_000
# 200 dots an inch on A4: more than a printer of an office shows, less than a phone's camera sends.
PRINTED_PIXELS = (1654, 2339)
MAX_UNPACKED = 150 * 1024 * 1024
MAX_HTML = 4_000_000
KEPT_TAGS = {
    *("p", "br", "strong", "em", "b", "i", "u", "s", "sup", "sub", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"),
    *("li", "table", "thead", "tbody", "tr", "th", "td", "img", "blockquote"),
}
KEPT_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
PICTURE_SOURCES = ("data:image/png;base64,", "data:image/jpeg;base64,")


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
    """Take away what a page could do; what it shows stays. Document-level scripts and files are never copied."""
    for key in ("/AA", "/Tabs", "/StructParents"):
        if key in page.obj:
            del page.obj[key]
    if "/Annots" not in page.obj:
        return
    kept = [one for one in page.obj.Annots if str(one.get("/Subtype")) != "/FileAttachment"]
    for annotation in kept:
        for key in ("/A", "/AA", "/Dest", "/Parent"):
            if key in annotation:
                del annotation[key]
    page.obj.Annots = pikepdf.Array(kept)


def _print_picture(facts: AttachmentFacts, content: bytes) -> bytes:
    """Re-encode: what was hidden behind or beside the pixels does not travel on."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise UnprintableError(f"Ảnh {opened.width} × {opened.height} điểm quá lớn để in kèm.")
        upright = ImageOps.exif_transpose(opened)
        picture = Image.new("RGB", upright.size, "white")
        shown = upright.convert("RGBA")
        picture.paste(shown, mask=shown.getchannel("A"))
    is_wide = picture.width > picture.height
    picture.thumbnail(PRINTED_PIXELS[::-1] if is_wide else PRINTED_PIXELS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    source = PICTURE_SOURCES[1] + base64.b64encode(buffer.getvalue()).decode("ascii")
    return render_pdf("reports/paper/picture.html", {"attachment": facts, "source": source, "is_wide": is_wide})


def _print_docx(facts: AttachmentFacts, content: bytes) -> bytes:
    _check_package(content)
    html = mammoth.convert_to_html(io.BytesIO(content)).value
    if len(html) > MAX_HTML:
        raise UnprintableError("Tệp Word quá dài để in kèm.")
    return render_pdf("reports/paper/word_file.html", {"attachment": facts, "body": clean_html(html)})


def _check_package(content: bytes) -> None:
    """Refuse a bomb before any reader unpacks it: too much inside, or XML that declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(member.file_size for member in package.infolist()) > MAX_UNPACKED:
            raise UnprintableError("Tệp Word giải nén ra quá lớn nên không mở.")
        for member in package.infolist():
            if member.filename.endswith((".xml", ".rels")):
                fromstring(package.read(member), forbid_dtd=True)


def clean_html(html: str) -> str:
    """Words, lists, tables and pictures that travel inside; nothing that runs, links or loads."""
    cleaned: str = nh3.clean(
        html,
        tags=KEPT_TAGS,
        attributes=KEPT_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"data"},
        link_rel=None,
    )
    return cleaned


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith(PICTURE_SOURCES):
        return None
    return value


Printer = Callable[[AttachmentFacts, bytes], bytes]
PRINTERS: Mapping[str, Printer] = {
    PDF: _print_pdf,
    DOCX: _print_docx,
    "image/jpeg": _print_picture,
    "image/png": _print_picture,
}
