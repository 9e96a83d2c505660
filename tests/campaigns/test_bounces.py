"""Mails that come back: reports of delivery as servers write them, and what becomes of the letter and the address."""

import io
import mailbox
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, message_from_string
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from campaigns.bounces import explain_status, read_bounce
from campaigns.models import Assignment, DigestState, DirectReminder, ReminderDigest, ReminderLetter
from campaigns.selectors.faults import list_faults
from campaigns.services.direct_reminders import remind_now, send_direct_reminder
from campaigns.services.reminders import prepare_letters, send_letter
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, user
from units.models import Letter, LetterState, MailBounce
from units.roles import Role
from units.scoping import maintenance_scope

LETTER = "0b2f6f0e-1111-4222-8333-444455556666"
REPORT = """\
From: MAILER-DAEMON@mx.example.vn
To: thi-dua@example.vn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report}; boundary="ranh-gioi"

--ranh-gioi
Content-Type: text/plain; charset=utf-8

The message could not be delivered.

--ranh-gioi
Content-Type: {status_type}

Reporting-MTA: dns; mx.example.vn
Arrival-Date: Mon, 13 Nov 2023 08:00:00 +0700

Original-Recipient: rfc822;{address}
Final-Recipient: rfc822; hop-thu@noi-khac.example.vn
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--ranh-gioi
Content-Type: {returned_type}

{headers}

--ranh-gioi--
"""


def report(
    kind: str = "digest",
    letter: object = LETTER,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    address: str = "clerk@example.vn",
    headers: str | None = None,
    returned_type: str = "text/rfc822-headers",
    status_type: str = "message/delivery-status",
    report: str = "delivery-status",
) -> str:
    own = f"Message-ID: <{kind}-{letter}@thidua>\nTo: {address}\nSubject: =?utf-8?q?Vi=E1=BB=87c?="
    return REPORT.format(
        report=report,
        action=action,
        status=status,
        address=address,
        headers=own if headers is None else headers,
        returned_type=returned_type,
        status_type=status_type,
    )


@pytest.mark.parametrize("returned_type", ["text/rfc822-headers", "message/rfc822", "message/global-headers"])
@pytest.mark.parametrize("status_type", ["message/delivery-status", "message/global-delivery-status"])
def test_a_failure_names_our_mail_its_status_and_its_address(returned_type: str, status_type: str) -> None:
    text = report(returned_type=returned_type, status_type=status_type)
    for written in (text, text.replace("\n", "\r\n")):
        found = read_bounce(message_from_string(written))
        assert found is not None
        assert (found.kind, str(found.letter), found.status) == ("digest", LETTER, "5.1.1")
        assert found.address == "clerk@example.vn"
        assert found.message_id == f"<digest-{LETTER}@thidua>"


@pytest.mark.parametrize(
    "text",
    [
        report(action="delayed", status="4.4.7"),
        report(action="delivered", status="2.0.0"),
        report(headers="Message-ID: <x@noi-khac>\nTo: a@example.vn"),
        report(headers="Message-ID: <digest-khong-phai-ma@thidua>"),
        report(headers=f"Subject: <digest-{LETTER}@thidua>"),
        report(kind="Ballot"),
        report(report="disposition-notification"),
        "Subject: Xin nghỉ phép\n\nTôi đi vắng.",
        "",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\nkhông có phần nào",
    ],
)
def test_anything_else_is_no_bounce_of_ours(text: str) -> None:
    assert read_bounce(message_from_string(text)) is None


def test_a_wrong_status_and_broken_bytes_are_survived() -> None:
    found = read_bounce(message_from_string(report(status="không rõ")))
    assert found is not None
    assert found.status == "5.0.0"
    assert read_bounce(message_from_bytes(bytes(range(256)) * 20)) is None
    assert explain_status("5.2.2") == "hộp thư đã đầy"
    assert explain_status("5.9.99") == ""


# --- what becomes of it ---------------------------------------------------------------------------


@pytest.fixture
def tree(db: None, settings: Any) -> Iterator[Tree]:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    with maintenance_scope("test rows"):
        tree = Tree()
        obligation(campaign(tree.bureau), "VIEC", tree.branch, last_day=DAY)
        user("clerk", (tree.branch, Role.CLERK))
        user("quantri", (tree.ministry, Role.ADMINISTRATOR))
        yield tree


def post_letter() -> ReminderLetter:
    prepare_letters(day=DAY, at=AT)
    letter = ReminderLetter.objects.get(recipient__username="clerk")
    assert send_letter(letter.pk, day=DAY, at=AT)
    return letter


def run(path: Path) -> str:
    said = io.StringIO()
    call_command("read_bounces", str(path), stdout=said)
    return said.getvalue()


def lines(tree: Tree, at: datetime = AT) -> list[str]:
    return [one["what"] for one in list_faults(tree.ministry, day=DAY, at=at) if "gửi trả" in one["what"]]


def test_a_mailbox_is_read_once_however_often_it_is_read(tree: Tree, tmp_path: Path) -> None:
    letter = post_letter()
    box = mailbox.mbox(tmp_path / "box")
    for text in (report(letter=letter.pk), report(letter=uuid4()), "Subject: khác\n\nchữ", report(letter=letter.pk)):
        box.add(text.encode())
    box.close()
    before = (tmp_path / "box").read_bytes()
    assert "Thư không tới mới: 1; đã ghi từ trước: 1; không phải thư của phần mềm này: 1; thư khác, bỏ qua: 1" in run(
        tmp_path / "box"
    )
    assert "mới: 0; đã ghi từ trước: 2" in run(tmp_path / "box")
    assert (tmp_path / "box").read_bytes() == before
    letter.refresh_from_db()
    assert letter.state == DigestState.BOUNCED
    assert ReminderDigest.objects.get(letter=letter).state == DigestState.BOUNCED
    bounce = MailBounce.objects.get()
    assert (bounce.account, bounce.status, bounce.address) == (letter.recipient, "5.1.1", "clerk@example.vn")


def test_a_maildir_a_single_file_and_a_pipe(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = post_letter()
    box = mailbox.Maildir(tmp_path / "dir")
    box.add(report(letter=letter.pk).encode())
    assert "mới: 1" in run(tmp_path / "dir")
    (tmp_path / "one.eml").write_text(report(letter=letter.pk), encoding="utf-8")
    assert "từ trước: 1" in run(tmp_path / "one.eml")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(letter=letter.pk).encode())))
    assert "từ trước: 1" in run(Path("-"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="không phải thư mục Maildir"):
        run(tmp_path / "empty")
    with pytest.raises(CommandError, match="Không có"):
        run(tmp_path / "bia-dat")


def test_a_reminder_by_hand_and_a_letter_about_an_account(tree: Tree, tmp_path: Path) -> None:
    owed = Assignment.objects.select_related("unit", "obligation__owed_to").get()
    remind_now(owed, actor=actor(tree.bureau, Role.SECRETARIAT), day=DAY)
    reminder = DirectReminder.objects.get()
    send_direct_reminder(reminder.pk, day=DAY)
    letter = Letter.objects.create(recipient="Clerk@Example.vn", subject="x", state=LetterState.SENT)
    box = mailbox.mbox(tmp_path / "box")
    box.add(report("reminder", reminder.pk).encode())
    box.add(report("letter", letter.pk, status="5.2.2").encode())
    box.close()
    assert "mới: 2" in run(tmp_path / "box")
    reminder.refresh_from_db()
    letter.refresh_from_db()
    assert (reminder.state, letter.state) == (DigestState.BOUNCED, LetterState.BOUNCED)
    assert {one.account_id for one in MailBounce.objects.all()} == {reminder.recipient_id}


def test_a_letter_whose_words_went_into_a_later_one_stays_carried(tree: Tree, tmp_path: Path) -> None:
    letter = post_letter()
    ReminderLetter.objects.filter(pk=letter.pk).update(state=DigestState.CARRIED)
    (tmp_path / "one.eml").write_text(report(letter=letter.pk), encoding="utf-8")
    assert "mới: 1" in run(tmp_path / "one.eml")
    letter.refresh_from_db()
    assert letter.state == DigestState.CARRIED


def test_the_operator_hears_of_it_until_the_address_is_mended(tree: Tree, tmp_path: Path, client: Client) -> None:
    letter = post_letter()
    assert lines(tree) == []
    (tmp_path / "one.eml").write_text(report(letter=letter.pk), encoding="utf-8")
    run(tmp_path / "one.eml")
    MailBounce.objects.update(bounced_at=AT)
    (line,) = lines(tree)
    assert "clerk@example.vn" in line
    assert "5.1.1: không có hộp thư này" in line
    assert lines(tree, AT + timedelta(days=8)) == []
    assert not [one for one in list_faults(tree.stranger, day=DAY, at=AT) if "clerk@example.vn" in one["what"]]
    client.force_login(user("quantri2", (tree.ministry, Role.ADMINISTRATOR)))
    assert "Thư không tới: mã 5.1.1" in client.get("/accounts/").content.decode()
    assert "bị gửi trả" in client.get(f"/accounts/{letter.recipient_id}/").content.decode()
    letter.recipient.email = "dung@example.vn"
    letter.recipient.save(update_fields=["email"])
    assert lines(tree) == []
    assert "Thư không tới" not in client.get("/accounts/").content.decode()
