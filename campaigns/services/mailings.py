"""Mails that are promised by themselves: a reminder by hand, a word about a returned filing, an invitation."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from campaigns.models import DigestState, Mailing
from campaigns.services.handover import send_once
from units.services import outbox

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=Mailing)


def promise_mailings(task: str, letters: Iterable[Mailing], *, argument: str = "letter_id") -> None:
    """Promise the sending of every written letter that has an address, all in one statement."""
    waiting = [one for one in letters if one.state == DigestState.WAITING]
    outbox.promise_each(task, {f"{one.mail_kind}:{one.pk}": {argument: str(one.pk)} for one in waiting})


def send_mailing(found: QuerySet[M], pk: UUID, write: Callable[[M], EmailMessage | None]) -> bool:
    """Send one mailing of `found`; return whether the mail server took it now.

    `write` returns None when there is nothing left to say; then it is dropped. A worker killed before the text is on
    its way changes nothing; one killed after it leaves `SENDING`, and no second mail goes out.
    """
    with transaction.atomic():
        mailing = found.select_for_update(of=("self",)).get(pk=pk)
        if mailing.state != DigestState.WAITING:
            logger.warning("mailing_not_sent_again", extra={"state": mailing.state})
            return False
        mail = write(mailing)
        if mail is None:
            _settle(type(mailing), pk, DigestState.DROPPED, was=DigestState.WAITING)
            return False
    send_once(mail, partial(_settle, type(mailing), pk))
    return True


def _settle(model: type[Mailing], pk: UUID, state: DigestState, *, was: DigestState) -> bool:
    tried: dict[str, Any] = {"handed_over_at": Now()}
    times = {DigestState.SENDING: tried, DigestState.REFUSED: tried, DigestState.SENT: {"sent_at": Now()}}
    return bool(model.objects.filter(pk=pk, state=was).update(state=state, **times.get(state, {})))
