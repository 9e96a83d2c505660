"""Minutes write themselves from what the product knows, hold what must hold, and change no more once signed."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from awards.models import Ballot, Minutes, MinutesSignature, MinutesState, SigningWay, Tally
from awards.selectors.minutes import find_gaps
from awards.selectors.minutes_facts import find_faults, gather_minutes
from awards.services.conflicts import declare_conflict
from awards.services.minutes import correct_minutes, draft_minutes, recall_minutes, send_minutes, write_minutes
from awards.services.minutes_signing import confirm_ink, record_ink
from awards.services.sittings import close_sitting
from reports.views.minutes import render_minutes_paper
from tests.awards.room import Room, signed_in
from tests.builders import AT, actor
from tests.reports.reading import fonts_of, text_of
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role

HOURS = {"began_at": "08:00", "ended_at": "11:30"}
VOTES = [("yes", "yes"), ("yes", "no"), ("yes", "no"), ("yes", "blank"), ("yes", "yes"), ("no", "no")]


@pytest.fixture(autouse=True)
def files(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]


@pytest.fixture
def held(room: Room) -> Room:
    """A sitting that voted on two cases and is over."""
    room.ballot_held = room.counted(*VOTES)  # type: ignore[attr-defined]
    close_sitting(room.sitting, actor=room.secretariat)
    return room


def count_of(room: Room) -> Ballot:
    return Ballot.objects.get(pk=room.ballot_held.pk)  # type: ignore[attr-defined]


def draft(room: Room, *, ballot: Ballot | None = None) -> Minutes:
    minutes = draft_minutes(room.sitting, ballot=ballot, actor=room.secretariat)
    hours = {} if ballot else HOURS
    return write_minutes(
        minutes,
        number="02/BB-HĐTĐKT",
        course="Thư ký báo cáo chương trình.",
        opinions="Đề nghị biểu dương thêm.",
        actor=room.secretariat,
        **hours,  # type: ignore[arg-type]
    )


def sent(room: Room, *, ballot: Ballot | None = None) -> Minutes:
    minutes = draft(room, ballot=ballot)
    return send_minutes(minutes, render=render_minutes_paper, actor=room.secretariat, at=AT)


def kept(minutes: Minutes) -> bytes:
    return Path(minutes.file.path).read_bytes()


def sign_in_ink(room: Room, minutes: Minutes) -> None:
    signatures = list(minutes.signatures.all())
    scan = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(scan)
    record_ink(
        minutes,
        signatures=signatures,
        file=SimpleUploadedFile("quet.pdf", scan.getvalue()),
        actor=room.secretariat,
        at=AT,
    )
    for one in signatures:
        confirm_ink(one, actor=room.as_actor(one.member), at=AT)


def test_the_minutes_of_a_meeting_say_roll_quorum_cases_and_nobody_s_vote(held: Room) -> None:
    paper = kept(sent(held))
    words = text_of(paper)
    assert "có 7 thành viên; có mặt 6, vắng 1. Vắng: " in words
    assert f"Vắng: {held.members[6].user.display_name} (lý do: Đi công tác)." in words
    assert "từ 08 giờ 00 phút đến 11 giờ 30 phút" in words
    assert "Số thành viên tối thiểu: 2/3 tổng số, tức 5 thành viên (" in words
    assert "phát ra: 6; thu vào: 6." in words
    for nomination in held.nominations:
        assert nomination.nominee_name in words
    assert "Bỏ phiếu: đạt, đồng ý 5/7 (71,4 %)" in words
    assert "Bỏ phiếu: không đạt, đồng ý 2/7 (28,5 %)" in words
    assert "Thư ký báo cáo chương trình." in words
    assert "Đề nghị biểu dương thêm." in words
    # Who sat there is named once in the roll and once where they sign or were away; nowhere beside a vote.
    assert words.count(held.members[4].user.display_name) == 1


def test_the_paper_is_an_archive_s_with_its_fonts_title_and_language(held: Room) -> None:
    paper = kept(sent(held, ballot=count_of(held)))
    assert all(fonts_of(paper).values())
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert document.open_metadata().get("pdfaid:part") == "3"
        assert document.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
        assert str(document.Root.Lang) == "vi"
        assert "Biên bản kiểm phiếu" in str(document.docinfo.Title)
    words = text_of(paper)
    teller = held.members[3]
    assert f"{teller.user.display_name}, Trưởng phòng, Ủy viên Hội đồng." in words
    assert AuditEntry.objects.get(verb="count-ballot").detail["papers_hash"] in words.replace(" ", "")
    assert [one.member for one in MinutesSignature.objects.all()] == [teller]


def test_a_conflict_is_said_with_its_ground_and_without_its_reason(room: Room) -> None:
    item = room.sitting.agenda.get(nomination=room.nominations[1])
    declare_conflict(
        item, member=room.members[4], ground="kinship", reason="chị vợ của tôi", actor=room.as_actor(room.members[4])
    )
    close_sitting(room.sitting, actor=room.secretariat)
    words = text_of(kept(sent(room)))
    assert f"{room.members[4].user.display_name} không tham gia xét {room.nominations[1].nominee_name}" in words
    assert "chị vợ" not in words
    assert "Không bỏ phiếu tại phiên này" in words


def test_a_count_that_does_not_add_up_is_not_sent(held: Room) -> None:
    ballot = count_of(held)
    tally = Tally.objects.get(ballot=ballot)
    tally.result["contests"][0]["candidates"][str(held.nominations[0].pk)]["no"] += 1
    tally.save()
    minutes = draft(held, ballot=ballot)
    with pytest.raises(RefusedError) as refused:
        send_minutes(minutes, render=render_minutes_paper, actor=held.secretariat, at=AT)
    assert "đếm lại từ các lá phiếu không ra kết quả đã ghi" in refused.value.why
    assert "khác mã băm mà nhật ký ghi lúc kiểm phiếu" in refused.value.why
    assert "cộng lại không bằng số phiếu hợp lệ" in refused.value.why
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.DRAFT


def test_terms_changed_behind_a_count_are_noticed(held: Room) -> None:
    ballot = count_of(held)
    ballot.terms["members"] = 6
    ballot.save()
    assert find_faults(gather_minutes(draft(held, ballot=ballot))) == [
        "Lượt «Bỏ phiếu»: tệp phiếu không theo đúng điều kiện đã chốt khi mở."
    ]


def test_hours_and_signers_are_asked_for(held: Room) -> None:
    minutes = draft(held)
    write_minutes(minutes, number="", course="", opinions="", actor=held.secretariat)
    assert find_faults(gather_minutes(Minutes.objects.get(pk=minutes.pk))) == ["Chưa ghi giờ bắt đầu, giờ kết thúc."]


def test_minutes_wait_for_the_end_of_what_they_tell(room: Room) -> None:
    with pytest.raises(RefusedError, match="Phiên họp chưa kết thúc"):
        draft_minutes(room.sitting, ballot=None, actor=room.secretariat)
    with pytest.raises(RefusedError, match="chưa kiểm phiếu"):
        draft_minutes(room.sitting, ballot=room.ballot(), actor=room.secretariat)


def test_before_a_signature_a_version_is_recalled_and_the_next_takes_its_words(held: Room) -> None:
    first = sent(held)
    following = recall_minutes(first, actor=held.secretariat)
    assert (following.version, following.state, following.course) == (2, "draft", "Thư ký báo cáo chương trình.")
    assert Minutes.objects.get(pk=first.pk).state == MinutesState.RECALLED
    with pytest.raises(RefusedError, match="đã được lập"):
        draft_minutes(held.sitting, ballot=None, actor=held.secretariat)


def test_after_a_signature_nothing_changes_and_a_correction_follows(held: Room) -> None:
    minutes = sent(held)
    before = kept(minutes)
    sign_in_ink(held, minutes)
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.COMPLETE
    with pytest.raises(RefusedError, match="lập biên bản điều chỉnh"):
        recall_minutes(minutes, actor=held.secretariat)
    with pytest.raises(RefusedError):
        write_minutes(minutes, number="", course="khác", opinions="", actor=held.secretariat)
    correction = correct_minutes(minutes, reason="Ghi thiếu một ý kiến", actor=held.secretariat)
    send_minutes(correction, render=render_minutes_paper, actor=held.secretariat, at=AT)
    words = text_of(kept(Minutes.objects.get(pk=correction.pk)))
    assert "BIÊN BẢN ĐIỀU CHỈNH" in words
    assert "Lý do: Ghi thiếu một ý kiến." in words
    assert kept(minutes) == before
    with pytest.raises(RefusedError, match="đã có bản sau"):
        correct_minutes(minutes, reason="Nữa", actor=held.secretariat)


def test_a_decision_hears_of_minutes_that_are_not_signed(held: Room) -> None:
    ballot = count_of(held)
    assert find_gaps(ballot) == [
        "biên bản kiểm phiếu của lượt này: chưa lập",
        "biên bản họp Hội đồng: chưa lập",
    ]
    page = signed_in(held.records).get(reverse("awards:decision-issue", args=[ballot.pk]))
    assert "Biên bản chưa ký đủ" in page.content.decode()
    sign_in_ink(held, sent(held, ballot=ballot))
    assert find_gaps(ballot) == ["biên bản họp Hội đồng: chưa lập"]


def test_the_secretariat_goes_from_the_sitting_to_the_sent_paper(held: Room) -> None:
    client = signed_in(held.secretariat)
    sitting = reverse("awards:council-sitting-detail", args=[held.sitting.pk])
    assert client.get(sitting).content.decode().count("Lập biên bản<") == 2
    client.post(reverse("awards:minutes-draft", args=[held.sitting.pk]), {"ballot": ""})
    minutes = Minutes.objects.get()
    detail = reverse("awards:council-minutes-detail", args=[minutes.pk])
    refused = client.post(reverse("reports:minutes-send", args=[minutes.pk]))
    assert refused.status_code == 422
    assert "Chưa ghi giờ bắt đầu" in refused.content.decode()
    asked = client.get(reverse("awards:minutes-write", args=[minutes.pk])).content.decode()
    assert "Viết phần lời: Biên bản họp Hội đồng" in asked
    assert asked.count("(phải có khi gửi ký)") == 2
    wrong = client.post(
        reverse("awards:minutes-write", args=[minutes.pk]), {"began_at": "9:00", "ended_at": "8:00", "course": "Giữ"}
    )
    assert (wrong.status_code, "Giữ" in wrong.content.decode()) == (422, True)
    saved = client.post(reverse("awards:minutes-write", args=[minutes.pk]), {"began_at": "8:00", "ended_at": "9:00"})
    assert saved["Location"] == detail
    preview = client.get(reverse("reports:minutes-preview", args=[minutes.pk]))
    assert "DỰ THẢO" in text_of(preview.content)
    assert preview["Content-Disposition"].startswith("attachment")
    client.post(reverse("reports:minutes-send", args=[minutes.pk]))
    page = client.get(detail).content.decode()
    assert "Rút lại để sửa" in page
    assert held.members[2].user.display_name in page
    paper = client.get(reverse("awards:council-minutes-paper", args=[minutes.pk]))
    assert paper["Content-Disposition"].startswith("attachment")
    minutes.refresh_from_db()
    assert b"".join(paper) == kept(minutes)  # type: ignore[arg-type]
    assert [one.verb for one in AuditEntry.objects.filter(subject_id=minutes.pk)] == [
        *("draft-minutes", "write-minutes", "send-minutes", "download-minutes")
    ]


def test_members_read_what_was_sent_and_no_draft_and_others_nothing(held: Room) -> None:
    count = draft(held, ballot=count_of(held))
    meeting = sent(held)
    member = signed_in(held.members[5])
    page = member.get(reverse("awards:sitting-detail", args=[held.sitting.pk])).content.decode()
    assert reverse("awards:minutes-detail", args=[meeting.pk]) in page
    assert reverse("awards:minutes-detail", args=[count.pk]) not in page
    assert member.get(reverse("awards:minutes-detail", args=[count.pk])).status_code == 404
    detail = member.get(reverse("awards:minutes-detail", args=[meeting.pk])).content.decode()
    assert "Đồng chí cần ký" not in detail
    assert member.get(reverse("awards:minutes-sign", args=[meeting.pk])).status_code == 404
    chair = signed_in(held.members[0]).get(reverse("awards:minutes-detail", args=[meeting.pk])).content.decode()
    assert "Đồng chí cần ký với tư cách chủ trì phiên họp" in chair
    assert '1<span class="hidden"> giấy mời, biên bản chờ trả lời, ký' in chair
    assert "biên bản chờ đồng chí ký" in signed_in(held.members[0]).get(reverse("awards:sitting-list")).content.decode()
    for stranger in (actor(held.tree.branch, Role.CLERK), actor(held.tree.bureau, Role.CLERK)):
        answer = signed_in(stranger).get(reverse("awards:minutes-paper", args=[meeting.pk]))
        assert answer.status_code == 403


def test_ink_counts_when_its_person_says_so(held: Room) -> None:
    minutes = sent(held)
    secretary, chair = minutes.signatures.all()
    client = signed_in(held.secretariat)
    picture = SimpleUploadedFile("quet.docx", b"PK khong phai")
    address = reverse("awards:ink-record", args=[minutes.pk])
    refused = client.post(address, {"file": picture, "people": [str(secretary.pk)]})
    assert refused.status_code == 422
    scan = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(scan)
    client.post(
        address,
        {"file": SimpleUploadedFile("quet.pdf", scan.getvalue()), "people": [str(secretary.pk), str(chair.pk)]},
    )
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SIGNING
    signed_in(held.members[2]).post(reverse("awards:ink-confirm", args=[minutes.pk]))
    signed_in(held.members[0]).post(reverse("awards:ink-deny", args=[minutes.pk]))
    secretary.refresh_from_db()
    chair.refresh_from_db()
    assert (secretary.state, secretary.way, chair.state) == ("signed", SigningWay.INK, "waiting")
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SIGNING
    scanned = signed_in(held.members[5]).get(reverse("awards:minutes-scan", args=[minutes.scans.get().pk]))
    assert scanned["Content-Disposition"].startswith("attachment")
