"""Publishing a decision: from its day on everybody with the right reads it, and those it speaks of are told once."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from awards.models import Decision, ResultLetter
from awards.selectors.announcements import Told, describe_paper, find_told
from awards.services.revocations import require_issuer
from campaigns.models import DigestState
from campaigns.services.mailings import promise_mailings, send_mailing
from units.actors import Actor
from units.addresses import address_of
from units.clock import today
from units.models import Membership
from units.refusals import RefusedError
from units.scoping import maintenance_scope
from units.services.audit import record_act

TASK = "awards.tasks.send_result_letter"


@transaction.atomic
def publish_decision(decision: Decision, *, published_on: date, actor: Actor, at: datetime) -> Decision:
    """Publish it and promise a letter to each person it speaks of; return it.

    Refuses another unit than the issuer, a decision published before, and a day that cannot be.
    """
    decision = Decision.objects.select_for_update(of=("self",)).select_related("unit").get(pk=decision.pk)
    require_issuer(decision, actor, published_on)
    if decision.published_on is not None:
        raise RefusedError(
            f"Quyết định số {decision.number} đã công bố ngày {decision.published_on:%d/%m/%Y}.",
            remedy="Không cần công bố lại; đơn vị và cá nhân đã được báo.",
        )
    _require_day(decision, published_on, at)
    decision.published_on = published_on
    decision.save(update_fields=["published_on"])
    told = _promise_letters(decision, published_on, find_told(decision, today()))
    record_act("publish-decision", decision, actor=actor, on=published_on.isoformat(), told=told)
    return decision


def _require_day(decision: Decision, published_on: date, at: datetime) -> None:
    if published_on < decision.signed_on:
        raise RefusedError(
            f"Ngày công bố {published_on:%d/%m/%Y} trước ngày ký {decision.signed_on:%d/%m/%Y}.",
            remedy="Ghi ngày công bố từ ngày ký trở đi.",
        )
    if published_on > localdate(at):
        raise RefusedError(
            f"Ngày công bố {published_on:%d/%m/%Y} ở sau hôm nay.",
            why="Công bố xong là đơn vị, cá nhân được báo ngay.",
            remedy="Đến ngày đó hãy công bố.",
        )


def _promise_letters(decision: Decision, published_on: date, told: list[Told]) -> int:
    paper = describe_paper(decision)
    letters = [
        ResultLetter(
            unit=one.unit,
            unit_path=one.unit.path,
            decision=decision,
            published_on=published_on,
            paper=paper,
            recipient=one.user,
            own=one.own,
            won=one.won,
            lost=one.lost,
            state=DigestState.WAITING if one.user.email else DigestState.NO_ADDRESS,
        )
        for one in told
    ]
    # Somebody recognised may work elsewhere by now, beyond the issuer's sight.
    with maintenance_scope("A result is laid before each person in the unit where they act."):
        ResultLetter.objects.bulk_create(letters)
    promise_mailings(TASK, letters)
    return len(letters)


def send_result_letter(letter_id: UUID) -> bool:
    """Send one; return whether a mail was handed over now. Who acts in that unit no more is told nothing."""
    found = ResultLetter.objects.select_related("recipient", "unit")
    return send_mailing(found, letter_id, lambda one: _write_mail(one) if _holds_still(one) else None)


def _holds_still(letter: ResultLetter) -> bool:
    standing = Membership.objects.on(today()).filter(user=letter.recipient, unit=letter.unit)
    return letter.recipient.is_active and standing.exists()


def _write_mail(letter: ResultLetter) -> EmailMessage:
    paper = letter.paper
    kind = "Thu hồi khen thưởng" if paper["revokes"] else "Kết quả xét khen thưởng"
    context = {
        "letter": letter,
        "paper": paper,
        "site": settings.SITE_ADDRESS,
        "path": address_of("awards:result-list"),
    }
    return EmailMessage(
        subject=f"{kind}: Quyết định số {paper['number']}"[:180],
        body=render_to_string("awards/result_letter.txt", context),
        to=[letter.recipient.email],
        headers=letter.mail_headers,
    )


@transaction.atomic
def mark_results_read(*, actor: Actor, at: datetime) -> int:
    """Mark every result in scope that was told to the actor as read; return how many."""
    return ResultLetter.objects.filter(recipient=actor.account, read_at__isnull=True).update(read_at=at)
