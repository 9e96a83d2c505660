"""Word files before a council: laid out anew, with what is missing named; hostile ones end in words."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.cache import cache
from PIL import Image

from awards.models import AgendaItem
from exemplars.models import Evidence
from tests.awards.room import Room, signed_in
from tests.awards.test_review_pictures import attach, named, pages_of, picture_of
from tests.word import OFFICE, SPACES, box, drawing, picture, table, word_file, words
from units import page_pictures
from units.word_pages import lay_out_word

pytestmark = pytest.mark.django_db

STYLES = (
    '<w:style w:type="paragraph" w:styleId="Goc"><w:name w:val="Gốc"/><w:pPr><w:jc w:val="right"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Con"><w:name w:val="Con"/><w:basedOn w:val="Goc"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
)
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy this machine is says nothing about a file."""
    monkeypatch.setattr(page_pictures, "WAIT_SECONDS", 300)
    monkeypatch.setattr(page_pictures, "WAIT_LAYING_OUT_SECONDS", 300)


def swap(item: AgendaItem, one: Evidence, content: bytes) -> str:
    """Put bytes that no upload lets in under a kept file; return the address of its pages."""
    Path(one.file.path).write_bytes(content)
    Evidence.objects.filter(pk=one.pk).update(sha256=hashlib.sha256(content).hexdigest())
    return pages_of(item, one)


def edges(pdf: bytes, text: str) -> tuple[float, float]:
    """Where a word begins and ends on the first page, as parts of its width."""
    page = pypdfium2.PdfDocument(pdf)[0]
    letters = page.get_textpage()
    found = letters.search(text).get_next()
    assert found is not None, text
    first, number = found
    return letters.get_charbox(first)[0] / page.get_width(), letters.get_charbox(first + number - 1)[
        2
    ] / page.get_width()


def test_words_stand_where_the_file_puts_them() -> None:
    body = "".join(
        (
            words("Giữa", side="center"),
            words("Phải"),
            words("Thừa", style="Con"),
            words("Đầu", style="H1", side="center"),
            words("Đậm", form='<w:b/><w:u w:val="single"/>'),
            table("Trái", "Ô", ruled=False),
            words("đều hai bên " * 40, side="both"),
        )
    )
    pdf = lay_out_word(word_file(body, styles=STYLES)).pdf
    left, right = 30 / 210, 1 - 15 / 210
    for centred in ("Giữa", "Đầu"):
        begins, ends = edges(pdf, centred)
        assert (begins + ends) / 2 == pytest.approx((left + right) / 2, abs=0.01)
    assert edges(pdf, "Phải")[0] == pytest.approx(left, abs=0.01)
    assert edges(pdf, "Thừa")[1] == pytest.approx(right, abs=0.01)
    page = pypdfium2.PdfDocument(pdf)[0]
    letters = page.get_textpage()
    seen = [place for place, letter in enumerate(letters.get_text_range()) if letter.strip()]
    farthest = max(letters.get_charbox(place)[2] for place in seen) / page.get_width()
    assert farthest == pytest.approx(right, abs=0.001)
    fonts = {one.get_font().get_base_name() for one in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT])}
    assert any("Bold" in font for font in fonts)
    lines = [one.get_bounds() for one in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
    # The underline alone: a table without rules gets none.
    assert len(lines) == 1


def test_a_council_looks_at_a_word_file_and_is_told_what_is_missing(room: Room) -> None:
    body = "".join(
        (
            words("Báo cáo thành tích"),
            table("Một", "Hai", ruled=True),
            picture('r:embed="red"'),
            picture('r:embed="broken"'),
            drawing('<c:chart r:id="c1"/>'),
            drawing('<c:chart r:id="c2"/>'),
            drawing("<dgm:relIds/>"),
            box("Trong khung", with_older_form=True),
            box("Mất", with_older_form=False),
        )
    )
    footer = f"<w:ftr {SPACES}>{words('Lưu hành nội bộ')}</w:ftr>"
    item, one = attach(room, named("don.docx", word_file(body, parts={"word/footer1.xml": footer})))
    client = signed_in(room.members[0])
    page = client.get(pages_of(item, one)).content.decode()
    assert "do phần mềm dàn lại" in page
    assert "2 biểu đồ; 1 sơ đồ SmartArt; 1 khung chữ; 1 ảnh; 1 đầu trang, chân trang." in page
    assert "Chữ trong 1 khung chữ hiện ngay sau" in page
    answer = client.get(picture_of(item, one), {"w": "720"})
    assert answer["Content-Type"] == "image/webp"
    shown = Image.open(io.BytesIO(answer.content)).convert("RGB")
    colours: Any = shown.getcolors(10**6)
    red = sum(number for number, (r, g, b) in colours if r > 200 and g < 80 and b < 80)
    # 400 by 100 pixels of ninety-six to the inch, on a sheet drawn 720 wide.
    assert red == pytest.approx(400 * 100 * (720 / 793.7) ** 2, rel=0.05)


def test_the_sheets_are_laid_out_once_and_kept_sealed(
    room: Room, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    item, one = attach(room, named("don.docx", word_file(words("Chữ của đơn vị mẫu"))))
    client = signed_in(room.members[0])
    assert client.get(pages_of(item, one)).status_code == 200
    key = f"laid-out:{one.sha256}:{page_pictures.DRAWING}"
    kept = cache.get(key)
    assert page_pictures._unsealed(kept, one.sha256)
    # Sheets of another file under its name are none.
    assert page_pictures._unsealed(kept, "0" * 64) is None
    assert b"%PDF" not in str(kept).encode()
    monkeypatch.setattr(page_pictures.sys, "executable", "/no/such/program")
    assert client.get(pages_of(item, one)).status_code == 200


def entity() -> bytes:
    document = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {SPACES}>&e;</w:document>'
    return word_file("", parts={"word/document.xml": document})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LOCKED, "có mật khẩu"),
        (b"PK\x03\x04" + bytes(90), "bị hỏng"),
        (entity(), "bị hỏng"),
        (word_file("", parts={"word/x.xml": b"0" * (151 * 1024 * 1024)}), "quá dài, hoặc khi mở ra quá lớn"),
        (word_file(words("a") * 6_000), "quá dài, hoặc khi mở ra quá lớn"),
    ],
    ids=["locked", "broken", "entity", "bomb", "long"],
)
def test_what_cannot_be_read_is_said_and_stays_a_download(room: Room, content: bytes, said: str) -> None:
    item, one = attach(room, named("don.docx", word_file(words("x"))))
    answer = signed_in(room.members[0]).get(swap(item, one, content))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Tải tệp về" in page


def test_nothing_is_fetched_and_nothing_runs(tmp_path: Path) -> None:
    near = tmp_path / "near.png"
    Image.new("RGB", (40, 10), "red").save(near)
    style = '<w:r><w:t>&lt;img src="file:///etc/hostname"&gt;&lt;script&gt;</w:t></w:r>'
    body = f"<w:p>{style}</w:p>" + picture('r:link="outside"')
    # A file may bring its own rules for its reader; they are not taken.
    mapped = {"mammoth/style-map": "p => script", "word/vbaProject.bin": b"x"}
    laid = lay_out_word(word_file(body, link=near.as_uri(), parts=mapped))
    assert laid.unseen == {"picture": 1}
    page = pypdfium2.PdfDocument(laid.pdf)[0]
    assert "<script>" in page.get_textpage().get_text_bounded()
    assert not list(page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    assert OFFICE not in page.get_textpage().get_text_bounded()
