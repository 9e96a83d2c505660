"""Promises that survive: a job is a row written with the data it serves; Redis only shortens the wait."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from smtplib import SMTPConnectError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from units.models import OutboxMessage

logger = logging.getLogger(__name__)

# Longer than the longest task may run, so that a message is not sent again while its task still works.
LEASE = timedelta(minutes=6)
# Four hours at one try a lease; after that a person must look.
MAX_TRIES = 40
# A mail was not handed over in these cases, so trying again cannot send it twice.
NOT_HANDED_OVER = (ConnectionRefusedError, TimeoutError, SMTPConnectError, SMTPSenderRefused, SMTPRecipientsRefused)


def promise(key: str, task: str, **arguments: Any) -> None:
    """Promise that `task` will run with `arguments` (ids only) once the transaction commits. The same key: one job."""
    if not connection.in_atomic_block:
        raise RuntimeError("A promise is made inside the transaction of the data it serves.")
    made = OutboxMessage.objects.bulk_create(
        [OutboxMessage(key=key, task=task, arguments=arguments)], ignore_conflicts=True
    )
    transaction.on_commit(partial(_send, made[0].key, task, arguments))


def _send(key: str, task: str, arguments: dict[str, Any]) -> None:
    """Hand the message to Redis; when Redis is away the sweeper will."""
    try:
        current_app.send_task(task, kwargs={**arguments, "outbox_key": key})
    except (OperationalError, OSError):
        logger.warning("outbox_not_published", extra={"task": task})
        return
    OutboxMessage.objects.filter(key=key, done_at__isnull=True).update(sent_at=Now(), tries=F("tries") + 1)


def sweep() -> int:
    """Send again what was promised and is neither done nor under way; return how many were sent."""
    stale = Q(sent_at__isnull=True, created_at__lt=Now() - timedelta(seconds=3)) | Q(sent_at__lt=Now() - LEASE)
    waiting = list(
        OutboxMessage.objects.filter(stale, done_at__isnull=True, tries__lt=MAX_TRIES).values_list(
            "key", "task", "arguments"
        )[:500]
    )
    for key, task, arguments in waiting:
        _send(key, task, arguments)
    return len(waiting)


@contextmanager
def effect(key: str) -> Iterator[bool]:
    """Run the database effect of a message exactly once.

    Yields whether the effect is still to be done; a second runner waits for the first and then gets False. The mark
    "done" commits together with the effect. A failure is remembered with the message and raised again.
    """
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.select_for_update().filter(key=key, done_at__isnull=True).first()
            yield message is not None
            if message is not None:
                OutboxMessage.objects.filter(key=key).update(done_at=Now(), last_error="")
    except Exception as error:
        OutboxMessage.objects.filter(key=key).update(last_error=type(error).__name__)
        raise


def finish(key: str) -> None:
    """Mark a message done whose effect lies outside the database and keeps its own state."""
    OutboxMessage.objects.filter(key=key).update(done_at=Now(), last_error="")
