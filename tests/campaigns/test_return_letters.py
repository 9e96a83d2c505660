"""A unit whose filing comes back is told once, by mail and among its reminders, with the reason and the way back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from campaigns.models import DigestState, ReturnLetter, Submission
from campaigns.services.filings import return_submission, send_submission, start_submission
from campaigns.tasks import send_return_letter
from tests.builders import AT, DAY, actor, user
from tests.campaigns.test_filing_board import Desk
from units.models import Membership, OutboxMessage
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db
REASON = "Thiếu số liệu quý IV <b>"


@pytest.fixture
def desk(settings: Any) -> Iterator[Desk]:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    with maintenance_scope("test rows"):
        desk = Desk()
        user("an", (desk.tree.branch, Role.CLERK))
        user("binh", (desk.tree.branch, Role.CLERK))
        user("truong", (desk.tree.branch, Role.HEAD))
        user("noi-nhan", (desk.tree.bureau, Role.CLERK))
        yield desk


def give_back(desk: Desk) -> Submission:
    return return_submission(desk.send(0), reasons=REASON, actor=desk.secretariat, at=AT)  # type: ignore[arg-type]


def run_promises() -> None:
    for message in OutboxMessage.objects.filter(task="campaigns.tasks.send_return_letter", done_at__isnull=True):
        send_return_letter(**message.arguments, outbox_key=message.key)


def told() -> list[str]:
    return sorted(address for one in mail.outbox for address in one.to)


def test_every_clerk_of_the_unit_is_told_once_and_nobody_of_the_addressee(desk: Desk) -> None:
    submission = give_back(desk)
    run_promises()
    run_promises()
    # The account that filed is a clerk of the unit as well.
    filed_by = submission.drafted_by.email
    assert told() == sorted({"an@example.vn", "binh@example.vn", filed_by})
    text = mail.outbox[0].body
    for words in (REASON, "Việc BAO-CAO", submission.shown_code, "Soạn bản mới", "lần 1"):
        assert words in text
    assert submission.assignment.get_absolute_url() in text
    assert set(ReturnLetter.objects.values_list("state", flat=True)) == {DigestState.SENT}
    assert not OutboxMessage.objects.filter(task__endswith="send_return_letter", done_at__isnull=True).exists()


def test_a_second_return_of_the_same_version_is_refused_and_tells_nobody(desk: Desk) -> None:
    submission = give_back(desk)
    number = ReturnLetter.objects.count()
    with pytest.raises(RefusedError):
        return_submission(submission, reasons="lần nữa", actor=desk.secretariat, at=AT)
    assert ReturnLetter.objects.count() == number
    second = give_back(desk)
    assert second.version == 2
    # The account that filed anew became a clerk of the unit as well.
    assert ReturnLetter.objects.filter(submission=second).count() == number + 1


def test_what_a_killed_worker_left_is_not_sent_again(desk: Desk) -> None:
    give_back(desk)
    ReturnLetter.objects.filter(recipient__username="an").update(state=DigestState.SENDING)
    run_promises()
    assert "an@example.vn" not in told()
    assert "binh@example.vn" in told()


def test_what_was_sent_anew_before_the_mail_is_not_told(desk: Desk) -> None:
    give_back(desk)
    desk.send(0)
    run_promises()
    assert told() == []
    assert set(ReturnLetter.objects.values_list("state", flat=True)) == {DigestState.DROPPED}


def test_a_clerk_who_left_hears_nothing_and_a_unit_without_clerks_tells_its_head(desk: Desk) -> None:
    submission = desk.send(0)
    Membership.objects.filter(unit=desk.tree.branch, role=Role.CLERK).update(valid_to=DAY - timedelta(days=1))
    return_submission(submission, reasons="x", actor=desk.secretariat, at=AT)  # type: ignore[arg-type]
    run_promises()
    assert told() == ["truong@example.vn"]


def test_who_has_no_address_reads_it_in_the_product_until_it_is_sent_anew(desk: Desk, client: Client) -> None:
    clerk = user("khong-thu", (desk.tree.branch, Role.CLERK))
    clerk.email = ""
    clerk.save(update_fields=["email"])
    give_back(desk)
    assert ReturnLetter.objects.get(recipient=clerk).state == DigestState.NO_ADDRESS
    client.force_login(clerk)
    page = client.get("/reminders/").content.decode()
    assert "Bản nộp bị trả lại" in page
    assert "Thiếu số liệu quý IV &lt;b&gt;" in page
    assert "1 nhắc việc chưa đọc" in page
    client.post("/reminders/mark-read/")
    read = client.get("/reminders/").content.decode()
    assert "nhắc việc chưa đọc" not in read
    assert "Bản nộp bị trả lại" in read
    owed = desk.owed(0)
    mine = actor(desk.tree.branch, Role.CLERK)
    with unit_scope(desk.tree.branch.path):
        send_submission(start_submission(owed, actor=mine, at=AT), actor=mine, at=AT)
    assert "Bản nộp bị trả lại" not in client.get("/reminders/").content.decode()
