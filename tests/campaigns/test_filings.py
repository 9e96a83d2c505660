"""What units file: drafted, checked, sent with a receipt, received, returned, sent again."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from campaigns.models import Assignment, Submission, SubmissionPaper
from campaigns.receipt_codes import SIGNS, is_code, make_code, show_code, tidy_code
from campaigns.selectors.filings import days_late, list_exemplars, list_papers, list_submissions_for, list_titles
from campaigns.services.filings import (
    approve_submission,
    receive_submission,
    return_submission,
    save_submission,
    send_submission,
    start_submission,
    withdraw_submission,
)
from campaigns.services.papers import add_paper, remove_paper
from campaigns.services.registrations import register_exemplar, register_title
from campaigns.services.work import answer_extension, request_extension
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, pdf, person, title, user
from tests.reports.facts import word_file, words
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db

SUMMARY = "Báo cáo tóm tắt"
PAPERS = [
    {"name": "Báo cáo đầy đủ", "max_pages": None, "required": True},
    {"name": SUMMARY, "max_pages": 3, "required": True},
    {"name": "Báo cáo tham luận", "max_pages": 2, "required": False},
]


class Desk:
    """A report owed by the branch to the bureau, and who works on it."""

    def __init__(self, *, last_day: date | None = date(2023, 11, 20), **fields: object) -> None:
        self.tree = Tree()
        fields = {"papers": PAPERS} | fields
        obligation(campaign(self.tree.bureau), "BAO-CAO", self.tree.branch, last_day=last_day, **fields)
        self.assignment = Assignment.objects.select_related("obligation__owed_to", "unit").get()
        self.clerk = actor(self.tree.branch, Role.CLERK)
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)

    def draft(self) -> Submission:
        submission = start_submission(self.assignment, actor=self.clerk, at=AT)
        return save_submission(submission, document_number="15/BC", document_date=DAY, message="", actor=self.clerk)

    def complete(self) -> Submission:
        submission = self.draft()
        add_paper(submission, pdf("day du.pdf", pages=9), paper="Báo cáo đầy đủ", actor=self.clerk, at=AT)
        add_paper(submission, pdf("tom tat.pdf", pages=3), paper=SUMMARY, actor=self.clerk, at=AT)
        return submission

    def sent(self, at: datetime = AT) -> Submission:
        return send_submission(self.complete(), actor=self.clerk, at=at)

    def reread(self) -> Assignment:
        return Assignment.objects.get(pk=self.assignment.pk)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with maintenance_scope("tests read every unit"):
        yield Desk()


def docx(paragraphs: int, *, claimed: int | None = None, name: str = "tom tat.docx") -> SimpleUploadedFile:
    text = "Thi hành án dân sự đúng hạn, đúng luật, không để tồn đọng việc kéo dài qua năm sau. " * 6
    extra = {}
    if claimed is not None:
        extra["docProps/app.xml"] = (
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            f"<Pages>{claimed}</Pages></Properties>"
        )
    return SimpleUploadedFile(name, word_file("".join(words(text) for _ in range(paragraphs)), extra=extra))


# --- sending and its receipt ---------------------------------------------------------------------


def test_sending_gives_a_receipt_and_meets_what_was_owed(desk: Desk) -> None:
    submission = desk.sent()
    assignment = desk.reread()
    assert (submission.state, submission.sent_at, assignment.done_at) == ("sent", AT, AT)
    assert (assignment.document_number, assignment.document_date) == ("15/BC", DAY)
    assert is_code(submission.receipt_code)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "start-submission",
        "attach-paper",
        "attach-paper",
        "send-submission",
    ]
    assert AuditEntry.objects.get(verb="send-submission").detail["code"] == submission.shown_code


def test_an_unfinished_one_is_refused_with_all_that_is_missing(desk: Desk) -> None:
    submission = start_submission(desk.assignment, actor=desk.clerk, at=AT)
    with pytest.raises(RefusedError) as refused:
        send_submission(submission, actor=desk.clerk, at=AT)
    for words_ in ("Số, ký hiệu và ngày", "Báo cáo đầy đủ: chưa có tệp", f"{SUMMARY}: chưa có tệp"):
        assert words_ in refused.value.why
    assert "tham luận" not in refused.value.why
    assert desk.reread().done_at is None


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2023, 11, 20, 16, 59, 59, tzinfo=UTC), 0),
        (datetime(2023, 11, 20, 17, 0, tzinfo=UTC), 1),
        (datetime(2023, 11, 23, 3, 0, tzinfo=UTC), 3),
    ],
)
def test_late_is_marked_and_not_refused(desk: Desk, at: datetime, days: int) -> None:
    submission = desk.sent(at)
    assert submission.state == "sent"
    assert days_late(desk.reread().last_day, submission.counted_at) == days


def test_an_extension_given_afterwards_takes_the_mark_away(desk: Desk) -> None:
    asked = request_extension(desk.assignment, until=date(2023, 11, 27), reason="x", actor=desk.clerk, at=AT)
    submission = desk.sent(datetime(2023, 11, 22, 3, 0, tzinfo=UTC))
    assert days_late(desk.reread().last_day, submission.counted_at) == 2
    answer_extension(asked, grant=True, answer="", actor=desk.secretariat, at=AT)
    assert days_late(desk.reread().last_day, submission.counted_at) == 0


def test_what_was_sent_is_not_sent_twice(desk: Desk) -> None:
    submission = desk.sent()
    with pytest.raises(RefusedError, match="Không thể «Gửi»"):
        send_submission(submission, actor=desk.clerk, at=AT)
    with pytest.raises(RefusedError, match="đã được gửi"):
        start_submission(desk.assignment, actor=desk.clerk, at=AT)


def test_opening_a_draft_again_gives_the_one_that_stands(desk: Desk) -> None:
    assert desk.draft().pk == start_submission(desk.assignment, actor=desk.clerk, at=AT).pk
    assert Submission.objects.count() == 1


# --- pages ---------------------------------------------------------------------------------------


def test_a_longer_pdf_is_refused_with_the_count_and_the_clause_and_nothing_is_written(desk: Desk) -> None:
    submission = desk.draft()
    with pytest.raises(RefusedError) as refused:
        add_paper(submission, pdf(pages=5), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert refused.value.what == (
        "Báo cáo tóm tắt dài 5 trang, kế hoạch cho không quá 3 trang A4 (Kế hoạch tháng 02/2023, III.2)."
    )
    assert refused.value.remedy == "Rút gọn rồi tải lên lại."
    assert SubmissionPaper.objects.count() == 0


def test_pages_of_several_files_of_one_paper_are_added(desk: Desk) -> None:
    submission = desk.draft()
    add_paper(submission, pdf(pages=2), paper=SUMMARY, actor=desk.clerk, at=AT)
    longer = SimpleUploadedFile("b.pdf", pdf(pages=2).read() + b"\n")
    with pytest.raises(RefusedError, match=r"dài 4 trang.*Tính cả 2 trang"):
        add_paper(submission, longer, paper=SUMMARY, actor=desk.clerk, at=AT)
    add_paper(submission, pdf("mot.pdf", pages=1), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert list_papers(submission).count() == 2


def test_a_word_file_is_laid_out_and_a_long_one_refused_as_an_estimate(desk: Desk) -> None:
    submission = desk.draft()
    kept = add_paper(submission, docx(8, claimed=4), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert (kept.is_estimated, kept.claimed_pages, kept.claims_otherwise) == (True, 4, True)
    assert kept.pages in (1, 2)
    remove_paper(kept, actor=desk.clerk, at=AT)
    with pytest.raises(RefusedError) as refused:
        add_paper(submission, docx(60), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert "kế hoạch cho không quá 3 trang A4" in refused.value.what
    assert "gửi PDF để có số trang chính xác" in refused.value.why


def test_page_breaks_of_a_word_file_count(desk: Desk) -> None:
    page_break = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    file = SimpleUploadedFile("a.docx", word_file(page_break.join([words("Một dòng")] * 5)))
    with pytest.raises(RefusedError, match="dài 5 trang"):
        add_paper(desk.draft(), file, paper=SUMMARY, actor=desk.clerk, at=AT)


def test_a_word_file_too_long_to_be_counted_is_asked_for_as_pdf(desk: Desk) -> None:
    submission = desk.draft()
    with pytest.raises(RefusedError) as refused:
        add_paper(submission, docx(4_000), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert (refused.value.what, refused.value.remedy) == (
        "Phần mềm không đếm được số trang của tệp «tom tat.docx».",
        "Lưu thành PDF rồi tải lên.",
    )
    # Where no limit hangs on it, nobody counts.
    assert add_paper(submission, docx(4_000), paper="Báo cáo đầy đủ", actor=desk.clerk, at=AT).pages is None


def encrypted() -> bytes:
    import pikepdf

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf().read())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


def with_macro() -> bytes:
    buffer = io.BytesIO(word_file(words("Chữ")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("trong.pdf", b"", "rỗng"),
        ("khoa.pdf", encrypted(), "mật khẩu"),
        ("macro.docx", with_macro(), "macro"),
        ("macro.docm", word_file(words("Chữ")), "không phải là PDF"),
        ("gia.pdf", b"MZ\x90\x00 chuong trinh", "không phải là PDF"),
        ("hong.docx", b"PK\x03\x04", "hỏng|không phải là PDF"),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing(desk: Desk, name: str, content: bytes, told: str) -> None:
    submission = desk.draft()
    with pytest.raises(RefusedError, match=told):
        add_paper(submission, SimpleUploadedFile(name, content), paper=SUMMARY, actor=desk.clerk, at=AT)
    assert SubmissionPaper.objects.count() == 0


def test_a_paper_that_the_plan_does_not_name_goes_without_a_limit(desk: Desk) -> None:
    submission = desk.draft()
    assert add_paper(submission, pdf(pages=40), paper="", actor=desk.clerk, at=AT).pages == 40
    with pytest.raises(RefusedError, match="không có giấy tờ «Bịa»"):
        add_paper(submission, pdf(), paper="Bịa", actor=desk.clerk, at=AT)


# --- receiving, returning, sending again -----------------------------------------------------------


def test_a_return_reopens_the_work_and_the_next_version_carries_the_papers(desk: Desk) -> None:
    first = desk.sent()
    return_submission(first, reasons="Thiếu số liệu quý III", actor=desk.secretariat, at=AT)
    assert desk.reread().done_at is None
    second = start_submission(desk.assignment, actor=desk.clerk, at=AT)
    assert (second.version, list_papers(second).count(), second.document_number) == (2, 2, "15/BC")
    late = datetime(2023, 12, 5, 3, 0, tzinfo=UTC)
    second = send_submission(second, actor=desk.clerk, at=late)
    first.refresh_from_db()
    assert (first.state, first.is_latest, list_papers(first).count()) == ("returned", False, 2)
    # The first was in time, so mending it later makes nobody late.
    assert days_late(desk.reread().last_day, second.counted_at) == 0
    assert second.receipt_code != first.receipt_code
    assert {paper.file.read() for paper in list_papers(first)} == {paper.file.read() for paper in list_papers(second)}


def test_what_was_withdrawn_does_not_count_for_the_deadline(desk: Desk) -> None:
    withdraw_submission(desk.sent(), actor=desk.clerk)
    assert desk.reread().done_at is None
    again = start_submission(desk.assignment, actor=desk.clerk, at=AT)
    again = send_submission(again, actor=desk.clerk, at=datetime(2023, 11, 22, 3, 0, tzinfo=UTC))
    assert days_late(desk.reread().last_day, again.counted_at) == 2


def test_what_was_received_is_not_withdrawn_but_returned(desk: Desk) -> None:
    submission = receive_submission(desk.sent(), actor=desk.secretariat, at=AT)
    with pytest.raises(RefusedError, match="đã được tiếp nhận"):
        withdraw_submission(submission, actor=desk.clerk)
    assert return_submission(submission, reasons="x", actor=desk.secretariat, at=AT).state == "returned"


def test_a_return_needs_reasons(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="Chưa ghi lý do"):
        return_submission(desk.sent(), reasons="  ", actor=desk.secretariat, at=AT)


def test_a_report_is_received_and_never_approved(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="Chỉ bản đăng ký"):
        approve_submission(desk.sent(), actor=desk.secretariat, at=AT)


def test_only_the_one_who_is_owed_receives(desk: Desk) -> None:
    submission = desk.sent()
    for place in (desk.tree.branch, desk.tree.stranger):
        with pytest.raises(RefusedError, match="Việc này thuộc Cục THADS tỉnh Thái Nguyên"):
            receive_submission(submission, actor=actor(place, Role.SECRETARIAT), at=AT)
    assert receive_submission(submission, actor=actor(desk.tree.ministry, Role.SECRETARIAT), at=AT).received_at == AT


def test_the_database_holds_one_latest_version(desk: Desk) -> None:
    submission = desk.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            unit=submission.unit,
            assignment=submission.assignment,
            version=2,
            drafted_by=desk.clerk.account,
            drafted_at=AT,
        )


# --- registrations -------------------------------------------------------------------------------


def test_titles_are_registered_as_data_and_approved() -> None:
    with maintenance_scope("tests read every unit"):
        desk = Desk(kind="registration", papers=[])
        fighter, flag = title("CSTDCS", name="Chiến sĩ thi đua cơ sở"), title("CTD", subject="collective")
        one, other = person(desk.tree.branch, "Nông Văn Mẫu"), person(desk.tree.sibling, "Hà Thị Mẫu")
        submission = desk.draft()
        common = {"actor": desk.clerk, "day": DAY}
        register_title(submission, title=fighter, quantity=1, people=[], collectives=[], **common)
        register_title(submission, title=fighter, quantity=2, people=[one], collectives=[], **common)
        register_title(submission, title=flag, quantity=1, people=[], collectives=[desk.tree.branch], **common)
        with pytest.raises(RefusedError, match="Hà Thị Mẫu không thuộc"):
            register_title(submission, title=fighter, quantity=2, people=[other], collectives=[], **common)
        with pytest.raises(RefusedError, match="Đã chọn 2 tên"):
            register_title(
                submission, title=fighter, quantity=1, people=[one, person(desk.tree.branch)], collectives=[], **common
            )
        with pytest.raises(RefusedError, match="chỉ dành cho tập thể"):
            register_title(submission, title=flag, quantity=1, people=[one], collectives=[], **common)
        lines = [
            (str(line.title), line.quantity, [str(x) for x in line.subjects.all()]) for line in list_titles(submission)
        ]
        assert sorted(lines) == [
            ("CTD", 1, ["Chi cục THADS huyện Đại Từ"]),
            ("Chiến sĩ thi đua cơ sở", 2, ["Nông Văn Mẫu"]),
        ]
        submission = send_submission(submission, actor=desk.clerk, at=AT)
        with pytest.raises(RefusedError, match="không còn sửa được"):
            register_title(submission, title=flag, quantity=2, people=[], collectives=[], **common)
        approved = approve_submission(submission, actor=desk.secretariat, at=AT)
        assert (approved.state, approved.received_at) == ("approved", AT)
        with pytest.raises(RefusedError, match="Không thể «Trả lại»"):
            return_submission(approved, reasons="x", actor=desk.secretariat, at=AT)


def test_exemplars_are_registered_and_carried_into_the_next_version() -> None:
    with maintenance_scope("tests read every unit"):
        desk = Desk(kind="registration", filing="exemplar-registration", papers=[])
        head, stranger = person(desk.tree.branch, "Lý Văn Mẫu", is_head=True), person(desk.tree.sibling)
        submission = desk.draft()
        with pytest.raises(RefusedError, match="chưa có dòng nào"):
            send_submission(submission, actor=desk.clerk, at=AT)
        given = {
            "scope": "field",
            "field": "Tiếp công dân",
            "quantity": 2,
            "activities": "Kèm cặp",
            "actor": desk.clerk,
        }
        with pytest.raises(RefusedError, match="không thuộc"):
            register_exemplar(submission, responsible=stranger, day=DAY, **given)
        register_exemplar(submission, responsible=head, day=DAY, **given)
        sent = send_submission(submission, actor=desk.clerk, at=AT)
        return_submission(sent, reasons="Nêu rõ hơn", actor=desk.secretariat, at=AT)
        again = start_submission(desk.assignment, actor=desk.clerk, at=AT)
        assert [(str(one), one.responsible_name) for one in list_exemplars(again)] == [
            ("Theo lĩnh vực Tiếp công dân", "Lý Văn Mẫu")
        ]
        assert len(list_exemplars(sent)) == 1


# --- codes ---------------------------------------------------------------------------------------


def test_a_code_betrays_every_wrong_sign_and_every_swap() -> None:
    code = make_code()
    assert is_code(code)
    assert tidy_code(f" {show_code(code).lower()} ") == code
    for place, right in enumerate(code):
        wrong = [code[:place] + sign + code[place + 1 :] for sign in SIGNS if sign != right]
        assert not any(map(is_code, wrong))
        for other in range(place + 1, len(code)):
            signs = list(code)
            signs[place], signs[other] = signs[other], signs[place]
            assert is_code("".join(signs)) == (right == code[other])


@pytest.mark.parametrize("code", ["", "A", "0" * 9, "234567892345", "ÁÁÁÁÁÁÁÁÁ"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert not is_code(code)


# --- pages, through the door -----------------------------------------------------------------------


def test_from_the_work_to_the_receipt_in_pages(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk()
    client.force_login(user("clerk", (desk.tree.branch, Role.CLERK)))
    page = client.get(desk.assignment.get_absolute_url()).content.decode()
    assert "Soạn và gửi" in page
    answer = client.post(reverse("campaigns:submission-start", args=[desk.assignment.pk]))
    with maintenance_scope("test rows"):
        submission = Submission.objects.get()
    edit = reverse("campaigns:submission-edit", args=[submission.pk])
    assert answer.headers["Location"] == edit
    add = reverse("campaigns:paper-add", args=[submission.pk])
    refused = client.post(add, {"paper": SUMMARY, "file": pdf(pages=5)})
    assert refused.status_code == 422
    assert "dài 5 trang, kế hoạch cho không quá 3 trang A4" in refused.content.decode()
    for paper in PAPERS[:2]:
        assert client.post(add, {"paper": paper["name"], "file": pdf()}).status_code == 302
    saved = {"document_number": "15/BC", "document_date": "10/11/2023", "message": "", "check": "1"}
    assert client.post(edit, saved).headers["Location"].endswith("/check/")
    check = client.get(reverse("campaigns:submission-check", args=[submission.pk])).content.decode()
    assert "15/BC, ngày 10/11/2023" in check
    client.post(reverse("campaigns:submission-send", args=[submission.pk]))
    with maintenance_scope("test rows"):
        submission.refresh_from_db()
    receipt = client.get(submission.get_absolute_url()).content.decode()
    assert submission.shown_code in receipt
    checked = client.get(reverse("campaigns:receipt-check"), {"code": submission.shown_code.lower()}).content.decode()
    assert "Mã đúng" in checked
    assert client.get(edit).status_code == 302


def test_the_one_who_is_owed_reads_what_was_sent_and_no_draft(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk()
        submission = desk.complete()
        paper = list_papers(submission)[0]
    secretariat = user("secretariat", (desk.tree.bureau, Role.SECRETARIAT))
    client.force_login(secretariat)
    address = submission.get_absolute_url()
    download = reverse("campaigns:paper-download", args=[paper.pk])
    assert [client.get(address).status_code, client.get(download).status_code] == [404, 404]
    with maintenance_scope("test rows"):
        send_submission(submission, actor=desk.clerk, at=AT)
    assert "Tiếp nhận" in client.get(address).content.decode()
    file = client.get(download)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Type"] == "application/octet-stream"
    returned = reverse("campaigns:submission-return", args=[submission.pk])
    assert client.post(returned, {"reasons": ""}).status_code == 422
    assert client.post(returned, {"reasons": "Thiếu bảng số liệu"}).status_code == 302
    with unit_scope(desk.tree.branch.path):
        verbs = list(AuditEntry.objects.order_by("-id").values_list("verb", flat=True)[:3])
    assert verbs == ["return-submission", "download-paper", "open-submission"]
    client.force_login(user("clerk", (desk.tree.branch, Role.CLERK)))
    work = client.get(desk.assignment.get_absolute_url()).content.decode()
    assert "Thiếu bảng số liệu" in work
    assert "Bị trả lại, cần sửa và gửi lại" in client.get("/assignments/").content.decode()
    assert "Soạn bản mới (lần 2)" in work


def test_strangers_find_nothing(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk()
        submission = desk.sent()
        paper = list_papers(submission)[0]
    client.force_login(user("stranger", (desk.tree.stranger, Role.SECRETARIAT)))
    for name, pk in (
        ("submission-detail", submission.pk),
        ("submission-return", submission.pk),
        ("paper-download", paper.pk),
    ):
        assert client.get(reverse(f"campaigns:{name}", args=[pk])).status_code == 404
    page = client.get(reverse("campaigns:receipt-check"), {"code": submission.receipt_code}).content.decode()
    assert "Không có bản nộp nào mang mã này" in page
    wrong = submission.receipt_code[:-1] + ("2" if submission.receipt_code[-1] != "2" else "3")
    assert "ít nhất một ký tự sai" in client.get(reverse("campaigns:receipt-check"), {"code": wrong}).content.decode()
    with unit_scope(desk.tree.stranger.path):
        assert not list_submissions_for(desk.tree.stranger.path).exists()


def test_titles_through_the_page(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk(kind="registration", papers=[])
        fighter, one = title("CSTDCS", name="Chiến sĩ thi đua cơ sở"), person(desk.tree.branch, "Nông Văn Mẫu")
        submission = desk.draft()
    client.force_login(user("clerk", (desk.tree.branch, Role.CLERK)))
    register = reverse("campaigns:title-register", args=[submission.pk])
    refused = client.post(register, {"title-title": fighter.pk, "title-quantity": "0"})
    assert refused.status_code == 422
    assert "Ghi một số từ 1 trở lên" in refused.content.decode()
    filled = {"title-title": fighter.pk, "title-quantity": "2", "title-people": [one.pk]}
    assert client.post(register, filled).status_code == 302
    page = client.get(
        reverse("campaigns:submission-edit", args=[submission.pk]), {"title": fighter.pk}
    ).content.decode()
    assert "Nông Văn Mẫu" in page
    assert "checked" in page


def test_exemplars_through_the_page(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk(kind="registration", filing="exemplar-registration", papers=[])
        head = person(desk.tree.branch, "Lý Văn Mẫu", is_head=True)
        submission = desk.draft()
    client.force_login(user("clerk", (desk.tree.branch, Role.CLERK)))
    address = reverse("campaigns:exemplar-register", args=[submission.pk])
    line = {"exemplar-scope": "field", "exemplar-quantity": "1", "exemplar-activities": "x"}
    filled = line | {"exemplar-responsible": head.pk}
    refused = client.post(address, filled)
    assert refused.status_code == 422
    assert "Ghi lĩnh vực của điển hình" in refused.content.decode()
    assert client.post(address, filled | {"exemplar-field": "Hoà giải"}).status_code == 302
    page = client.get(reverse("campaigns:submission-edit", args=[submission.pk])).content.decode()
    assert "Hoà giải" in page


def test_moments_of_the_deadline_are_those_of_vietnam() -> None:
    last = date(2023, 11, 20)
    instant = datetime(2023, 11, 20, 17, 0, tzinfo=UTC)
    assert [
        days_late(last, instant - timedelta(microseconds=1)),
        days_late(last, instant),
        days_late(None, instant),
    ] == [
        0,
        1,
        0,
    ]
