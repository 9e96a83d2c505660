"""Who has to sign minutes is told once, and their secretaries when all have."""

import pytest
from django.core import mail
from django.urls import reverse

from awards.models import CaseLetter, InvitationLetter, Minutes, MinutesLetter, MinutesState, ResultLetter
from awards.services.minutes import recall_minutes, send_minutes
from awards.services.minutes_signing import confirm_ink, record_ink
from awards.tasks import send_minutes_letter
from campaigns.bounces import read_bounce
from campaigns.models import DigestState, DirectReminder, ReturnLetter
from campaigns.selectors.mailings import list_mailing_models
from campaigns.services.bounces import Noted, note_bounce
from reports.views.minutes import render_minutes_paper
from tests.awards.room import Room, signed_in
from tests.awards.test_minutes_signing import minutes
from tests.builders import AT, pdf
from units.models import MailBounce, OutboxMessage

__all__ = ["minutes"]
pytestmark = pytest.mark.django_db


def run_promises() -> list[str]:
    """Who was written to; a second run of every task sends nothing."""
    mail.outbox.clear()
    for _ in range(2):
        for message in OutboxMessage.objects.filter(task="awards.tasks.send_minutes_letter"):
            send_minutes_letter(**message.arguments, outbox_key=message.key)
    return [one.to[0] for one in mail.outbox]


def sign_all(minutes: Minutes, room: Room) -> None:
    rows = list(minutes.signatures.select_related("member"))
    record_ink(minutes, signatures=rows, file=pdf("bien-ban-ky-muc.pdf"), actor=room.secretariat, at=AT)
    for one in rows:
        confirm_ink(one, actor=room.as_actor(one.member), at=AT)


def test_signers_are_told_once_and_the_secretary_when_all_have_signed(minutes: Minutes, room: Room) -> None:
    signers = [one.member.user.email for one in minutes.signatures.select_related("member__user")]
    assert sorted(run_promises()) == sorted(signers)
    first = mail.outbox[0]
    assert first.subject.startswith("Biên bản chờ ký: Biên bản họp Hội đồng")
    assert reverse("awards:minutes-detail", args=[minutes.pk]) in first.body
    # The line stands on the desk until they have signed.
    chair = next(one.member for one in minutes.signatures.select_related("member__user") if one.member.seat == "chair")
    desk = signed_in(chair).get(reverse("awards:sitting-list")).content.decode()
    assert "giấy mời, biên bản chờ trả lời, ký" in desk
    sign_all(minutes, room)
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.COMPLETE
    assert run_promises() == [one.user.email for one in room.members if one.is_secretary]
    assert mail.outbox[0].subject.startswith("Biên bản đã ký đủ")
    assert "giấy mời, biên bản chờ" not in signed_in(chair).get(reverse("awards:sitting-list")).content.decode()


def test_a_recalled_version_asks_nobody_and_the_next_one_asks_anew(minutes: Minutes, room: Room) -> None:
    second = recall_minutes(minutes, actor=room.secretariat)
    assert run_promises() == []
    send_minutes(second, render=render_minutes_paper, actor=room.secretariat, at=AT)
    assert len(run_promises()) == 2
    assert MinutesLetter.objects.filter(state=DigestState.DROPPED).count() == 2


def test_who_signed_before_the_letter_went_out_is_not_asked(minutes: Minutes, room: Room) -> None:
    sign_all(minutes, room)
    assert run_promises() == [one.user.email for one in room.members if one.is_secretary]


def test_every_kind_of_letter_that_comes_back_is_noted(minutes: Minutes) -> None:
    assert {one.mail_kind: one for one in list_mailing_models()} == {
        "reminder": DirectReminder,
        "returned": ReturnLetter,
        "invited": InvitationLetter,
        "result": ResultLetter,
        "minutes": MinutesLetter,
        "case": CaseLetter,
    }
    run_promises()
    (sent, other) = mail.outbox
    assert sent.extra_headers["Message-ID"] != other.extra_headers["Message-ID"]
    assert _note(sent.extra_headers["Message-ID"], sent.to[0]) == Noted.NEW
    assert _note(sent.extra_headers["Message-ID"], sent.to[0]) == Noted.KNOWN
    assert MailBounce.objects.get().address == sent.to[0]
    assert MinutesLetter.objects.get(state=DigestState.BOUNCED).recipient.email == sent.to[0]
    assert _note(sent.extra_headers["Message-ID"].replace("minutes", "ballot"), sent.to[0]) == Noted.FOREIGN


def _note(message_id: str, address: str) -> Noted:
    from email import message_from_string

    from tests.campaigns.test_bounces import report

    bounce = read_bounce(message_from_string(report(headers=f"Message-ID: {message_id}\nTo: {address}")))
    assert bounce is not None
    return note_bounce(bounce, at=AT)
