"""Files of strangers: what is kept, and what each refused one is told."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.builders import pdf
from units.refusals import RefusedError
from units.uploads import DOCX, check_upload


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, kind)
    return buffer.getvalue()


def office(*, macro: bool = False, entries: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        if macro:
            archive.writestr("word/vbaProject.bin", b"\x00")
        for number in range(entries):
            archive.writestr(f"x/{number}", b"")
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (201 * 1024 * 1024))
    return buffer.getvalue()


def vast(side: int) -> bytes:
    """A picture of a few hundred bytes that claims `side` × `side` points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


def unreadable() -> bytes:
    """An office file whose packing the reader does not know."""
    content = bytearray(office())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.rindex(mark) + offset
        content[place : place + 2] = (99).to_bytes(2, "little")
    return bytes(content)


def locked() -> bytes:
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(buffer, encryption=pikepdf.Encryption(user="x", owner="y"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("quyết định.pdf", pdf().read(), "application/pdf"),
        ("Ảnh.JPG", picture("JPEG"), "image/jpeg"),
        ("ảnh.png", picture("PNG"), "image/png"),
        ("báo cáo.docx", office(), DOCX),
    ],
)
def test_the_four_kinds_are_kept_under_their_names(name: str, content: bytes, media_type: str) -> None:
    checked = check_upload(SimpleUploadedFile(name, content))
    assert (checked.name, checked.media_type, checked.content) == (name, media_type, content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rỗng.pdf", b"", "rỗng"),
        ("chữ.pdf", b"xin chao", "không phải là PDF"),
        ("đổi đuôi.pdf", picture("PNG"), "đuôi tệp không đúng"),
        ("chương trình.docx", b"MZ" + b"\x00" * 200, "không phải là PDF"),
        ("trang.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải là PDF"),
        ("cụt.pdf", pdf().read()[:120], "hỏng"),
        ("cụt.png", picture("PNG")[:40], "hỏng"),
        ("khóa.pdf", locked(), "mật khẩu"),
        ("macro.docx", office(macro=True), "macro"),
        ("nhiều.docx", office(entries=2_001), "quá lớn"),
        ("bom.docx", bomb(), "quá lớn"),
        ("gói lạ.docx", unreadable(), "hỏng"),
        ("rộng.png", vast(8_000), "quá lớn"),
        ("rộng hơn.png", vast(60_000), "quá lớn"),
    ],
)
def test_a_bad_file_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    with pytest.raises(RefusedError) as told:
        check_upload(SimpleUploadedFile(name, content))
    assert words in str(told.value)
    assert told.value.remedy


def test_a_file_over_the_limit_is_refused(settings: object) -> None:
    settings.EVIDENCE_MAX_BYTES = 100  # type: ignore[attr-defined]
    paper = SimpleUploadedFile("báo cáo.quý 1.pdf", b"%PDF-1.7" + b"\0" * 1_572_864)
    with pytest.raises(RefusedError, match=r"«báo cáo\.quý 1\.pdf» nặng 1,5 MB, vượt giới hạn"):
        check_upload(paper)


def test_a_name_of_300_vietnamese_letters_is_cut_and_keeps_its_ending() -> None:
    checked = check_upload(pdf("ộ" * 300 + ".pdf"))
    assert checked.name.endswith("ộ.pdf")
    assert len(checked.name.encode()) <= 255


def test_a_name_that_hides_its_ending_is_made_plain() -> None:
    assert check_upload(pdf("bản\u202efdp.pdf")).name == "bảnfdp.pdf"
