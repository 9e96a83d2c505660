"""Reminders: the right days, one mail a day, and none twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from campaigns.models import Campaign, DigestState, ReminderDigest
from campaigns.services.reminders import prepare_digests, send_digest
from campaigns.tasks import prepare_reminders
from campaigns.tasks import send_digest as send_task
from tests.builders import AT, DAY, Tree, campaign, obligation, user
from units.models import OutboxMessage
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with maintenance_scope("tests read every unit"):
        yield


def owe(*days_left: int) -> Tree:
    tree = Tree()
    one = campaign(tree.bureau)
    for number, days in enumerate(days_left):
        obligation(one, f"VIEC-{number}", tree.branch, last_day=DAY + timedelta(days=days))
    user("clerk", (tree.branch, Role.CLERK))
    return tree


@pytest.mark.parametrize(("days", "reminded"), [(8, 0), (7, 1), (6, 0), (2, 0), (1, 1), (0, 0), (-1, 1), (-300, 1)])
def test_a_week_a_day_and_lateness_are_reminded(days: int, reminded: int) -> None:
    owe(days)
    assert prepare_digests(day=DAY) == reminded


def test_everything_due_goes_into_one_mail() -> None:
    owe(7, 1, -3)
    prepare_digests(day=DAY)
    send_digest(ReminderDigest.objects.get().pk, at=AT)
    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.vn"]
    assert [words in letter.body for words in ("còn 7 ngày", "ngày mai", "quá hạn 3 ngày")] == [True] * 3


def test_the_same_day_makes_no_second_digest_and_the_next_day_does() -> None:
    owe(-1)
    assert [prepare_digests(day=DAY), prepare_digests(day=DAY), prepare_digests(day=DAY + timedelta(days=1))] == [
        1,
        0,
        1,
    ]
    assert OutboxMessage.objects.count() == 2


def test_work_that_is_done_reminds_nobody() -> None:
    from campaigns.models import Assignment

    owe(1)
    Assignment.objects.update(done_at=AT)
    assert prepare_digests(day=DAY) == 0


def test_a_campaign_that_is_over_reminds_nobody() -> None:
    owe(-3)
    Campaign.objects.update(closes_on=DAY - timedelta(days=1))
    assert prepare_digests(day=DAY) == 0


def test_a_clerk_whose_duty_ended_gets_nothing() -> None:
    tree = owe()
    obligation(campaign_of(tree), "KHAC", tree.sibling, last_day=DAY)
    user("gone", (tree.sibling, Role.CLERK), ends=date(2022, 1, 1))
    assert prepare_digests(day=DAY + timedelta(days=1)) == 0


def campaign_of(tree: Tree) -> object:
    return tree.bureau.campaigns.get()


def test_a_digest_left_by_a_killed_worker_is_not_sent_again() -> None:
    owe(1)
    prepare_digests(day=DAY)
    ReminderDigest.objects.update(state=DigestState.SENDING)
    assert send_digest(ReminderDigest.objects.get().pk, at=AT) is False
    assert mail.outbox == []


class Refusing(BaseEmailBackend):
    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError


class Vanishing(BaseEmailBackend):
    def send_messages(self, messages: object) -> int:
        raise SMTPServerDisconnected


def test_when_no_mail_server_answers_the_digest_waits(settings: object) -> None:
    owe(1)
    prepare_digests(day=DAY)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"  # type: ignore[attr-defined]
    with pytest.raises(ConnectionRefusedError):
        send_digest(ReminderDigest.objects.get().pk, at=AT)
    assert ReminderDigest.objects.get().state == DigestState.WAITING


def test_when_the_mail_server_vanishes_in_between_nothing_is_sent_twice(settings: object) -> None:
    owe(1)
    prepare_digests(day=DAY)
    settings.EMAIL_BACKEND = f"{__name__}.Vanishing"  # type: ignore[attr-defined]
    with pytest.raises(SMTPServerDisconnected):
        send_digest(ReminderDigest.objects.get().pk, at=AT)
    assert ReminderDigest.objects.get().state == DigestState.SENDING


def test_the_tasks_prepare_send_and_mark_the_promise_kept(settings: object) -> None:
    owe(1)
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]
    settings.REMINDER_HOUR = 24  # type: ignore[attr-defined]
    prepare_reminders()
    assert not ReminderDigest.objects.exists()
    settings.REMINDER_HOUR = 0  # type: ignore[attr-defined]
    prepare_reminders()
    digest = ReminderDigest.objects.get()
    send_task(digest_id=str(digest.pk), outbox_key=f"digest:{digest.pk}")
    digest.refresh_from_db()
    assert digest.state == DigestState.SENT
    assert OutboxMessage.objects.get().done_at is not None
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{digest.pk}@thidua>"
