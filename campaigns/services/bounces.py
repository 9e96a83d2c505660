"""Noting that a mail of ours came back: on its letter, and for who has to mend the address."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from campaigns.bounces import Bounce
from campaigns.models import DigestState, ReminderDigest, ReminderLetter
from campaigns.selectors.mailings import list_mailing_models
from units.models import Letter, LetterState, MailBounce, User

# Whatever was handed over may come back; a letter whose words went into a later one stays as it is.
_GONE_OUT = (DigestState.SENDING, DigestState.SENT)


class Noted(StrEnum):
    NEW = "new"
    KNOWN = "known"
    FOREIGN = "foreign"  # names no letter of this installation


@transaction.atomic
def note_bounce(bounce: Bounce, *, at: datetime) -> Noted:
    """Mark the letter as bounced and keep the status with its address, once for a mail. Needs a scope that sees all."""
    found = _mark_letter(bounce) if bounce.kind == "letter" else _mark_mailing(bounce)
    if found is None:
        return Noted.FOREIGN
    account, address = found
    _, is_new = MailBounce.objects.get_or_create(
        message_id=bounce.message_id,
        defaults={"account": account, "address": address, "status": bounce.status, "bounced_at": at},
    )
    return Noted.NEW if is_new else Noted.KNOWN


def _mark_mailing(bounce: Bounce) -> tuple[User, str] | None:
    models: dict[str, Any] = {"digest": ReminderLetter} | {one.mail_kind: one for one in list_mailing_models()}
    model = models.get(bounce.kind)
    if model is None:
        return None
    row = model.objects.select_for_update(of=("self",)).select_related("recipient").filter(pk=bounce.letter).first()
    if row is None:
        return None
    if row.state in _GONE_OUT:
        model.objects.filter(pk=row.pk).update(state=DigestState.BOUNCED)
        if bounce.kind == "digest":
            ReminderDigest.objects.filter(letter=row.pk).update(state=DigestState.BOUNCED)
    # The account may have another address by now; then this is about the former one.
    return row.recipient, bounce.address or row.recipient.email


def _mark_letter(bounce: Bounce) -> tuple[User | None, str] | None:
    letter = Letter.objects.select_for_update().filter(pk=bounce.letter).first()
    if letter is None:
        return None
    if letter.state in (LetterState.SENDING, LetterState.SENT):
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.BOUNCED)
    accounts = list(User.objects.filter(email__iexact=letter.recipient)[:2])
    return (accounts[0] if len(accounts) == 1 else None), letter.recipient
