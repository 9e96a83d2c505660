"""Papers of a dossier: what they say, how they are joined, and what a stranger's file cannot do."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest
import weasyprint
from celery.exceptions import SoftTimeLimitExceeded
from PIL import Image

from reports.assembly import assemble, count_steps
from reports.attachments import print_attachment
from reports.documents import achievement_report, criteria_sheet, decision, minutes, submission_letter
from reports.documents.facts import DossierFacts, Letterhead
from reports.documents.sheet import Sheet, break_name, fraction_words, paper_day, percent
from reports.join import Joined, Part, join_dossier
from reports.snapshot import content_key, dump_facts, load_facts
from tests.reports import facts as sample
from tests.reports.reading import fonts_of, text_of
from units.pdf import render_archival_pdf, render_pdf
from units.word_files import clean_html

PDF = "application/pdf"


def render(sheet: Sheet) -> str:
    return text_of(render_pdf(sheet.template, sheet.context))


def make(facts: DossierFacts, contents: dict[str, bytes] | None = None) -> Joined:
    return assemble(facts, read=lambda one: (contents or {}).get(one.file_name), progress=lambda _done, _label: None)


def bare(**changes: Any) -> DossierFacts:
    """A dossier of the two papers that every dossier has."""
    return sample.dossier(criteria=None, minutes=None, decision=None, **changes)


def printed(name: str, media_type: str, content: bytes) -> bytes:
    return print_attachment(sample.attachment(name, media_type, content), content)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port that remembers whoever calls."""
    calls: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def answer() -> None:
        while not stop.is_set():
            try:
                caller, _ = server.accept()
            except TimeoutError:
                continue
            calls.append(caller.recv(200))
            caller.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield server.getsockname()[1], calls
    stop.set()
    thread.join()
    server.close()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 2, 5), "ngày 05 tháng 02 năm 2023"),
        (date(2023, 3, 15), "ngày 15 tháng 3 năm 2023"),
        (date(2023, 12, 31), "ngày 31 tháng 12 năm 2023"),
    ],
)
def test_days_are_written_as_the_decree_asks(day: date, words: str) -> None:
    assert paper_day(day) == words


def test_a_paper_without_a_day_leaves_room_for_it() -> None:
    assert paper_day(None).split() == ["ngày", "tháng", "năm"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Cục Thi hành án dân sự tỉnh Thái Nguyên", ("CỤC THI HÀNH ÁN DÂN SỰ", "TỈNH THÁI NGUYÊN")),
        ("Tổng cục Thi hành án dân sự", ("TỔNG CỤC", "THI HÀNH ÁN DÂN SỰ")),
        ("Hội đồng Thi đua - Khen thưởng", ("HỘI ĐỒNG", "THI ĐUA - KHEN THƯỞNG")),
        ("Bộ Tư pháp", ("BỘ TƯ PHÁP",)),
        ("", ()),
    ],
)
def test_names_in_a_head_break_where_offices_break_them(name: str, lines: tuple[str, ...]) -> None:
    assert break_name(name) == lines


@pytest.mark.parametrize(
    ("share", "words"),
    [("5/7", "71,43 %"), ("6/6", "100 %"), ("0/7", "0 %"), ("2/3", "66,67 %"), ("1/8", "12,5 %"), ("0/0", "–")],
)
def test_shares_are_exact_to_two_decimals(share: str, words: str) -> None:
    assert percent(share).replace("12,50", "12,5") == words


def test_a_threshold_reads_as_the_rule_writes_it() -> None:
    assert [fraction_words(text) for text in ("2/3", "0.9", "")] == ["2/3", "90 %", ""]


def test_the_letter_has_the_form_of_an_administrative_paper() -> None:
    text = render(submission_letter.lay_out(sample.dossier()))

    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /TTr-CCTHADS",
        "Đại Từ, ngày 05 tháng 02 năm 2023",
        "TỜ TRÌNH",
        "Kính gửi: Hội đồng Thi đua - Khen thưởng",
        "đạt 1; chưa đạt 1; cần xem xét 1",
        "Nơi nhận:",
        "Lưu: VT",
        "CHI CỤC TRƯỞNG",
        "Phạm Thử Nghiệm",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("recognition", "award"),
    [
        ("Điển hình tiên tiến cấp cơ sở", "Điển hình tiên tiến cấp cơ sở năm 2023"),
        ("Điển hình tiên tiến cấp cơ sở hằng năm", "Điển hình tiên tiến cấp cơ sở năm 2023"),
        ("Điển hình tiên tiến giai đoạn 2021-2025", "Điển hình tiên tiến giai đoạn 2021-2025"),
    ],
)
def test_what_is_asked_for_says_its_time_once(recognition: str, award: str) -> None:
    assert sample.dossier(recognition=recognition).award == award


def test_a_page_number_stands_from_the_second_page_on() -> None:
    long = sample.dossier(achievements="\n\n".join(["Một đoạn thành tích dài để sang trang. " * 12] * 12))
    sheet = achievement_report.lay_out(long)
    pdf = render_pdf(sheet.template, sheet.context)

    assert "2" in text_of(pdf, page=2).split()
    assert "1" not in text_of(pdf, page=1).split()


def test_the_report_lists_honours_with_number_day_and_issuer() -> None:
    text = render(achievement_report.lay_out(sample.dossier()))

    assert "I. SƠ LƯỢC LÝ LỊCH" in text
    assert "Chiến sĩ thi đua" in text
    assert "12/QĐ-CTHADS, ngày 28/12/2022" in text
    assert text.index("1. Danh hiệu thi đua") < text.index("Lao động tiên") < text.index("2. Hình thức khen thưởng")


def test_a_collective_reports_on_its_organisation_and_nobody_signs_as_the_reporter() -> None:
    nominee = replace(sample.dossier().nominee, is_person=False, name=sample.CHI_CUC, position="")
    text = render(achievement_report.lay_out(sample.dossier(nominee=nominee, honours=())))

    assert "I. SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH" in text
    assert "Sổ khen thưởng chưa ghi lần nào." in text
    assert "NGƯỜI BÁO CÁO" not in text


def test_the_criteria_sheet_says_status_clause_and_remedy_of_each() -> None:
    facts = sample.dossier()
    assert facts.criteria
    text = render(criteria_sheet.lay_out(facts, facts.criteria))

    assert "√ Đạt" in text
    assert "× Chưa đạt" in text
    assert "? Cần xem xét" in text
    assert "II.2.2.2" in text
    assert "Cần làm: Bổ sung kết quả xét danh hiệu năm 2023" in text


def test_the_minutes_show_the_count_with_the_rule_it_applied() -> None:
    text = render(minutes.lay_out(sample.minutes()))

    assert "có 7 thành viên; có mặt 6, vắng 1" in text
    assert "Trần Giả Định Bảy (đi công tác)" in text
    assert "tỷ lệ tính trên tổng số thành viên Hội đồng; phải đạt từ 2/3 trở lên" in text
    assert "quy định minh họa, khoản 1" in text
    assert "5/7 = 71,43 % Đạt" in text
    assert "3/7 = 42,86 % Không đạt" in text


def test_the_decision_carries_its_annexed_list_and_says_where_the_signed_one_is() -> None:
    facts = sample.dossier()
    text = render(decision.lay_out(facts, sample.decision()))

    assert "Số: 215/QĐ-CTHADS" in text
    assert "CỤC TRƯỞNG CỤC THI HÀNH ÁN DÂN SỰ TỈNH THÁI NGUYÊN" in text
    assert "DANH SÁCH" in text
    assert "Kèm theo Quyết định số 215/QĐ-CTHADS ngày 01/12/2023" in text
    assert "bản ký, đóng dấu lưu tại văn thư" in text


def test_an_annexed_list_numbers_its_pages_by_itself() -> None:
    facts = sample.dossier()
    lines = tuple(replace(sample.decision().lines[0], name=f"Người Mẫu Số{number}") for number in range(60))
    sheet = decision.lay_out(facts, sample.decision(lines=lines))
    pdf = render_pdf(sheet.template, sheet.context)

    assert "DANH SÁCH" in text_of(pdf, page=2)
    assert text_of(pdf, page=2).split()[0] == "DANH"
    assert text_of(pdf, page=3).split()[-1] == "2"


def test_people_s_words_are_never_markup() -> None:
    text = render(achievement_report.lay_out(sample.dossier(duties="<b>đậm</b> & <script>alert(1)</script>")))

    assert "<b>đậm</b> & <script>alert(1)</script>" in text


def test_the_contents_name_the_page_on_which_each_part_begins() -> None:
    content = sample.pdf_file(3)
    joined = make(sample.dossier(attachments=(sample.attachment("bang.pdf", PDF, content),)), {"bang.pdf": content})

    with pikepdf.open(io.BytesIO(joined.pdf)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        pages = {
            item.title: next(i for i, page in enumerate(pdf.pages, 1) if page.obj.objgen == item.destination[0].objgen)
            for item in outline.root
        }
        assert len(pdf.pages) == joined.pages
    assert titles[:3] == ["Bìa và mục lục", "1. Tờ trình đề nghị công nhận", "2. Báo cáo thành tích"]
    cover = text_of(joined.pdf, page=1)
    assert f"6 bang.pdf Tài liệu khác 3 {pages['6. bang.pdf']}" in cover
    assert "TỜ TRÌNH" in text_of(joined.pdf, page=pages["1. Tờ trình đề nghị công nhận"])


def test_every_page_but_the_cover_shows_its_running_number() -> None:
    contents = {f"xoay{turn}.pdf": sample.pdf_file(1, turn) for turn in (0, 90, 180, 270)}
    attachments = tuple(sample.attachment(name, PDF, content) for name, content in contents.items())
    joined = make(bare(attachments=attachments), contents)

    assert "Trang " not in text_of(joined.pdf, page=1)
    for page in range(2, joined.pages + 1):
        assert f"Trang {page}/{joined.pages}" in text_of(joined.pdf, page=page)


def test_pages_that_share_their_resources_still_get_each_their_own_number() -> None:
    with pikepdf.new() as shared:
        resources = shared.make_indirect(pikepdf.Dictionary())
        for _ in range(3):
            shared.add_blank_page(page_size=(595, 842)).obj.Resources = resources
        buffer = io.BytesIO()
        shared.save(buffer)
    part = Part("Chung tài nguyên", "", buffer.getvalue())
    joined = join_dossier("Thử", sample.dossier().as_of, [part], lambda _entries, _pages: sample.pdf_file())

    assert [text_of(joined.pdf, page=page).strip() for page in (2, 3, 4)] == ["Trang 2/4", "Trang 3/4", "Trang 4/4"]


def test_a_long_table_of_contents_moves_the_parts_on() -> None:
    content = sample.pdf_file()
    names = [f"Tài liệu số {number}.pdf" for number in range(1, 61)]
    joined = make(
        bare(attachments=tuple(sample.attachment(name, PDF, content) for name in names)),
        dict.fromkeys(names, content),
    )
    first = next(page for page in range(2, joined.pages) if "TỜ TRÌNH" in text_of(joined.pdf, page=page))

    assert first > 2
    assert f"1 Tờ trình đề nghị công nhận {sample.CHI_CUC} 1 {first}" in text_of(joined.pdf, page=1)
    assert f"Trang {first}/{joined.pages}" in text_of(joined.pdf, page=first)


def test_the_same_facts_give_the_same_bytes_and_other_facts_another_key() -> None:
    picture = sample.picture_file("PNG")
    facts = bare(attachments=(sample.attachment("anh.png", "image/png", picture),))

    assert make(facts, {"anh.png": picture}).pdf == make(facts, {"anh.png": picture}).pdf
    key = content_key(dump_facts(facts))
    assert content_key(dump_facts(facts)) == key
    assert content_key(dump_facts(replace(facts, duties="Khác"))) != key


def test_a_snapshot_brings_back_the_facts_it_was_made_of() -> None:
    facts = sample.dossier(attachments=(sample.attachment("a.pdf", PDF, b"x", issued_on=date(2023, 1, 2)),))

    assert load_facts(DossierFacts, dump_facts(facts)) == facts
    least = bare(forwarded_on=None)
    assert load_facts(DossierFacts, dump_facts(least)) == least


def test_papers_that_do_not_exist_are_named_on_the_cover_and_take_no_step() -> None:
    facts = bare()
    joined = make(facts)

    assert count_steps(facts) == 3
    assert "Chưa có trong hồ sơ này: Phiếu đối chiếu tiêu chuẩn; Biên bản họp" in text_of(joined.pdf, page=1)


def test_progress_is_told_before_each_step() -> None:
    content = sample.pdf_file()
    facts = sample.dossier(attachments=(sample.attachment("bang.pdf", PDF, content),))
    told: list[tuple[int, str]] = []
    assemble(facts, read=lambda _one: content, progress=lambda done, label: told.append((done, label)))

    assert [done for done, _ in told] == list(range(count_steps(facts)))
    assert told[5] == (5, "Đính kèm bang.pdf")


def test_nothing_is_fetched_while_paper_is_rendered(listener: tuple[int, list[bytes]], tmp_path: object) -> None:
    port, calls = listener
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write("khong-duoc-lo")
    body = (
        f'<img src="http://127.0.0.1:{port}/a.png"><link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">'
        f'<style>@import "http://127.0.0.1:{port}/b.css"; p {{ background: url(http://127.0.0.1:{port}/c.png) }}'
        f"@font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/d.ttf) }}</style>"
        f'<link rel="attachment" href="file://{secret}"><a rel="attachment" href="file://{secret}">x</a>'
        f'<object data="file://{secret}"></object><img src="file:///etc/passwd"><p style="font-family: x">còn lại</p>'
    )
    # The template prints `body` as it is; in the product it has been cleaned before.
    pdf = render_pdf("reports/paper/word_file.html", {"attachment": sample.attachment("a", "", b""), "body": body})

    assert "còn lại" in text_of(pdf)
    assert calls == []
    assert b"khong-duoc-lo" not in pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0


def test_the_listener_would_have_noticed(listener: tuple[int, list[bytes]]) -> None:
    port, calls = listener
    weasyprint.HTML(string=f'<img src="http://127.0.0.1:{port}/a.png">').write_pdf()

    assert calls


def test_a_word_file_is_printed_with_its_words_and_a_line_about_the_original() -> None:
    text = text_of(printed("bb.docx", sample.DOCX, sample.word_file(sample.words("Biên bản họp bình xét"))))

    assert "Biên bản họp bình xét" in text
    assert "Tệp gốc được giữ nguyên" in text


def test_a_word_file_cannot_read_files_or_call_out(listener: tuple[int, list[bytes]]) -> None:
    port, calls = listener
    drawing = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="r9"/></v:shape>'
        "</w:pict></w:r></w:p>"
    )
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    for target in ("file:///etc/passwd", f"http://127.0.0.1:{port}/x.png"):
        link = f'<Relationship Id="r9" Type="{image}" Target="{target}" TargetMode="External"/>'
        pdf = printed("a.docx", sample.DOCX, sample.word_file(sample.words("Chữ") + drawing, relations=link))
        assert b"root:" not in pdf
        assert text_of(pdf)
    assert calls == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<img src="http://x/y.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<p onclick="x()" style="background:url(http://x)">chữ</p>',
        '<a href="http://x">liên kết</a>',
        "<iframe src='file:///etc/passwd'></iframe>",
    ],
)
def test_cleaned_words_hold_nothing_that_runs_links_or_loads(html: str) -> None:
    cleaned = clean_html(html)

    for danger in ("http", "script", "svg", "onclick", "style", "iframe", "file:"):
        assert danger not in cleaned


def bomb() -> bytes:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return sample.word_file("", extra={"word/document.xml": f"{entity}<x>&b;</x>"})


def locked_pdf() -> bytes:
    with pikepdf.open(io.BytesIO(sample.pdf_file())) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="chu", user="khoa"))
        return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "media_type", "content", "reason"),
    [
        ("hong.pdf", PDF, b"%PDF-1.7 khong phai", "Tệp bị hỏng"),
        ("khoa.pdf", PDF, locked_pdf(), "có mật khẩu"),
        ("hong.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 khong phai", "Tệp bị hỏng"),
        ("gif.png", "image/png", b"GIF89a", "Tệp bị hỏng"),
        ("hong.docx", sample.DOCX, b"PK\x03\x04", "Tệp bị hỏng"),
        ("bom.docx", sample.DOCX, bomb(), "Tệp bị hỏng"),
        ("la.zip", "application/zip", b"PK", "Loại tệp này không in được"),
    ],
)
def test_a_broken_attachment_becomes_a_page_that_says_so(
    name: str, media_type: str, content: bytes, reason: str
) -> None:
    joined = make(
        bare(attachments=(sample.attachment(name, media_type, content),)),
        {name: content},
    )
    text = text_of(joined.pdf, page=joined.pages)

    assert "TỆP KHÔNG IN ĐƯỢC VÀO HỒ SƠ" in text
    assert name in text
    assert reason in text


def test_a_file_that_is_gone_becomes_a_page_too() -> None:
    pdf = print_attachment(sample.attachment("mat.pdf", PDF, b"x"), None)

    assert "Không tìm thấy tệp trong kho lưu trữ" in text_of(pdf)


def test_the_time_limit_is_not_mistaken_for_a_broken_file() -> None:
    def too_late(_one: object) -> bytes:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        assemble(
            sample.dossier(attachments=(sample.attachment("a.pdf", PDF, b""),)),
            read=too_late,
            progress=lambda _done, _label: None,
        )


def test_an_attached_pdf_keeps_its_pages_and_loses_what_it_could_do() -> None:
    with pikepdf.open(io.BytesIO(sample.pdf_file(2))) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.Root.OpenAction = script
        pdf.attachments["kem.txt"] = b"kem"
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pdf.make_indirect(script)
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.pages[1].obj.AA = pikepdf.Dictionary(O=script)
        buffer = io.BytesIO()
        pdf.save(buffer)
    joined = make(
        sample.dossier(attachments=(sample.attachment("a.pdf", PDF, buffer.getvalue()),)), {"a.pdf": buffer.getvalue()}
    )

    with pikepdf.open(io.BytesIO(joined.pdf)) as result:
        assert len(result.attachments) == 0
        assert not any("/JS" in one for one in result.objects if isinstance(one, pikepdf.Dictionary))


def test_an_attached_page_carries_no_files_along() -> None:
    with pikepdf.open(io.BytesIO(sample.pdf_file())) as pdf:
        stream = pdf.make_stream(b"TEP GIAU", Type=pikepdf.Name.EmbeddedFile)
        packed = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="a.exe", EF=pikepdf.Dictionary(F=stream))
        carried = pdf.make_indirect(packed)
        page = pdf.pages[0].obj
        page.AF = pikepdf.Array([carried])
        page.PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private=carried))
        look = pdf.make_stream(b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        film = pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9], RichMediaContent=carried)
        seal = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 9, 9], AP=pikepdf.Dictionary(N=look), AF=pikepdf.Array([carried])
        )
        page.Annots = pikepdf.Array([pdf.make_indirect(film), pdf.make_indirect(seal)])
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert hidden_files(buffer.getvalue()) == 1
    result = printed("a.pdf", PDF, buffer.getvalue())

    assert hidden_files(result) == 0
    with pikepdf.open(io.BytesIO(result)) as opened:
        assert [str(one.Subtype) for one in opened.pages[0].obj.Annots] == ["/Stamp"]
        assert "/AP" in opened.pages[0].obj.Annots[0]


def hidden_files(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return sum(one.get("/Type") == pikepdf.Name.EmbeddedFile for one in opened.objects if "/Type" in one)


def test_a_small_word_file_that_unfolds_into_endless_tags_is_not_read() -> None:
    began = time.process_time()  # of its own work: a busy machine is no fault of the file
    text = text_of(printed("vo-tan.docx", sample.DOCX, sample.word_file("<w:p/>" * 400_000)))

    assert "quá dài để in kèm" in text
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("1", "PNG"), ("L", "JPEG")]
)
def test_a_large_picture_is_printed_in_every_kind_of_colour(mode: str, kind: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (4000, 3000)).save(buffer, kind)
    media_type = f"image/{kind.lower()}"

    with pikepdf.open(io.BytesIO(printed("a", media_type, buffer.getvalue()))) as pdf:
        (picture,) = pdf.pages[0].get_images().values()
        assert (picture.Width, picture.Height) == (2206, 1654)


def test_a_wide_picture_lies_on_a_page_of_its_own() -> None:
    with pikepdf.open(io.BytesIO(printed("a.jpg", "image/jpeg", sample.picture_file("JPEG", (1200, 500))))) as pdf:
        box = pdf.pages[0].mediabox
        assert len(pdf.pages) == 1
        assert box[2] > box[3]


def test_every_vietnamese_letter_is_in_an_embedded_font_of_the_right_family() -> None:
    letters = "".join(chr(code) for code in range(0x1EA0, 0x1EFA)) + "ĂăÂâĐđÊêÔôƠơƯư"
    facts = sample.dossier(duties=letters, head=Letterhead(letters[:20], letters[20:40], "Đại Từ", ""))
    sheet = achievement_report.lay_out(facts)
    pdf = render_pdf(sheet.template, sheet.context)

    assert letters in text_of(pdf).replace(" ", "")
    fonts = fonts_of(pdf)
    assert fonts
    assert all(fonts.values())
    assert all("Liberation-Serif" in name for name in fonts)


def test_an_archival_paper_says_what_it_conforms_to() -> None:
    sheet = submission_letter.lay_out(sample.dossier())
    pdf = render_archival_pdf(sheet.template, sheet.context)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.open_metadata()
        assert metadata.get("pdfaid:part") == "3"
        assert opened.Root.MarkInfo.Marked
