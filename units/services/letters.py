"""Letters about accounts: promised with the data they speak of, sent at most once, erased after."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from units.models import Letter, LetterState
from units.secret_box import seal, unseal
from units.services import outbox

PURPOSE = "letter"
BROKEN_OFF = timedelta(days=1)


@transaction.atomic
def post_letter(recipient: str, subject: str, body: str) -> Letter:
    """Promise a letter. A mail server that is away delays it; nothing is lost."""
    letter = Letter.objects.create(
        recipient=recipient, subject=" ".join(subject.split()), sealed_body=seal(body, PURPOSE)
    )
    outbox.promise(f"letter:{letter.pk}", "units.tasks.send_letter", letter_id=str(letter.pk))
    return letter


def erase_broken_off() -> int:
    """Erase the bodies of letters whose sending broke off a day ago: those are never sent again."""
    return (
        Letter.objects.filter(state=LetterState.SENDING, created_at__lt=Now() - BROKEN_OFF)
        .exclude(sealed_body="")
        .update(sealed_body="")
    )


def send_letter(letter_id: UUID, *, at: datetime) -> bool:
    """Send one letter; return whether it was handed over now.

    `SENDING` commits before the mail server is called: a worker killed after that sends no second copy.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != LetterState.WAITING:
            return False
        letter.state = LetterState.SENDING
        letter.save(update_fields=["state"])
    try:
        EmailMessage(
            subject=letter.subject,
            body=unseal(letter.sealed_body, PURPOSE),
            to=[letter.recipient],
            headers={"Message-ID": f"<letter-{letter.pk}@thidua>", "Auto-Submitted": "auto-generated"},
        ).send()
    except outbox.NOT_HANDED_OVER:
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.WAITING)
        raise
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, sent_at=at, sealed_body="")
    return True
