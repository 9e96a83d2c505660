"""Letters about minutes: to those who have to sign, and to the council's secretaries once everybody has."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from awards.models import Minutes, MinutesLetter, MinutesLetterKind, MinutesSignature, MinutesState, SignatureState
from awards.selectors.councils import list_members
from awards.selectors.minutes import AWAITED
from campaigns.models import DigestState
from campaigns.services.mailings import promise_mailings, send_mailing
from units.addresses import address_of
from units.models import User

TASK = "awards.tasks.send_minutes_letter"


def tell_signers(minutes: Minutes) -> int:
    """Promise a letter to everybody whose signature the sent version waits for; return how many. In its transaction."""
    signatures = MinutesSignature.objects.filter(minutes=minutes, state=SignatureState.WAITING)
    people = [one.member.user for one in signatures.select_related("member__user")]
    return _promise(minutes, MinutesLetterKind.TO_SIGN, people)


def tell_secretaries(minutes: Minutes, *, at: datetime) -> int:
    """Promise a letter to who is secretary of the council that day: nobody's signature is missing any more."""
    members = list_members(minutes.sitting.council, localdate(at))
    return _promise(minutes, MinutesLetterKind.COMPLETE, [one.user for one in members if one.is_secretary])


def _promise(minutes: Minutes, kind: MinutesLetterKind, people: Iterable[User]) -> int:
    letters = [
        MinutesLetter(
            unit=minutes.unit,
            minutes=minutes,
            recipient=person,
            kind=kind,
            state=DigestState.WAITING if person.email else DigestState.NO_ADDRESS,
        )
        for person in dict.fromkeys(people)
    ]
    MinutesLetter.objects.bulk_create(letters)
    promise_mailings(TASK, letters)
    return len(letters)


def send_minutes_letter(letter_id: UUID) -> bool:
    """Send one; return whether a mail was handed over now. Who has signed meanwhile, or whose version was recalled, is
    told nothing."""
    found = MinutesLetter.objects.select_related(
        "recipient", "unit", "minutes__sitting__council", "minutes__ballot", "minutes__corrects"
    )
    return send_mailing(found, letter_id, lambda one: _write_mail(one) if _holds_still(one) else None)


def _holds_still(letter: MinutesLetter) -> bool:
    minutes = letter.minutes
    if letter.kind == MinutesLetterKind.COMPLETE:
        return minutes.state == MinutesState.COMPLETE
    owed = MinutesSignature.objects.filter(minutes=minutes, member__user=letter.recipient)
    return minutes.state in AWAITED and owed.exclude(state=SignatureState.SIGNED).exists()


def _write_mail(letter: MinutesLetter) -> EmailMessage:
    minutes = letter.minutes
    begins = "Biên bản chờ ký" if letter.kind == MinutesLetterKind.TO_SIGN else "Biên bản đã ký đủ"
    return EmailMessage(
        subject=f"{begins}: {minutes}, phiên họp {minutes.sitting.held_on:%d/%m/%Y}"[:180],
        body=render_to_string(
            "awards/minutes/letter.txt",
            {
                "letter": letter,
                "minutes": minutes,
                "sitting": minutes.sitting,
                "site": settings.SITE_ADDRESS,
                "path": address_of("awards:minutes-detail", minutes.pk),
            },
        ),
        to=[letter.recipient.email],
        headers=letter.mail_headers,
    )
