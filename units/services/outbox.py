"""Promises that survive: a job is a row written with the data it serves; Redis only shortens the wait."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice, takewhile
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
# So few that the sweeper does not think the first ones forgotten while the last are still being sent.
NOTED_AT_ONCE = 200
# A mail was not handed over in these cases, so trying again cannot send it twice.
NOT_HANDED_OVER = (ConnectionRefusedError, TimeoutError, SMTPConnectError, SMTPSenderRefused, SMTPRecipientsRefused)


def promise(key: str, task: str, **arguments: Any) -> None:
    """Promise that `task` will run with `arguments` (ids only) once the transaction commits. The same key: one job."""
    promise_each(task, {key: arguments})


def promise_each(task: str, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """`promise` one run of `task` for each key with its arguments: one statement for all of them."""
    if not connection.in_atomic_block:
        raise RuntimeError("A promise is made inside the transaction of the data it serves.")
    # In one order, so that two who promise the same keys at once wait and do not cross.
    messages = [OutboxMessage(key=key, task=task, arguments=dict(wanted[key])) for key in sorted(wanted)]
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    if messages:
        transaction.on_commit(partial(_send_each, task, {key: dict(one) for key, one in wanted.items()}))


def _send_each(task: str, wanted: dict[str, dict[str, Any]]) -> None:
    """Hand the messages to Redis and note it by the hundred; what it does not take the sweeper will send."""
    keys = iter(wanted)
    while part := list(islice(keys, NOTED_AT_ONCE)):
        sent = list(takewhile(lambda key: _publish(key, task, wanted[key]), part))
        with transaction.atomic():
            # One that a worker holds already is under way: to wait for its end would keep the others waiting too.
            free = OutboxMessage.objects.select_for_update(skip_locked=True).filter(key__in=sent, done_at__isnull=True)
            OutboxMessage.objects.filter(key__in=free.values("key")).update(sent_at=Now(), tries=F("tries") + 1)
        if len(sent) < len(part):
            return


def _publish(key: str, task: str, arguments: dict[str, Any]) -> bool:
    """Whether Redis took the message."""
    try:
        current_app.send_task(task, kwargs={**arguments, "outbox_key": key})
    except (OperationalError, OSError):
        logger.warning("outbox_not_published", extra={"task": task})
        return False
    return True


def sweep() -> int:
    """Send again what was promised and is neither done nor under way; return how many were sent.

    What a worker holds at this moment is under way, whether or not its sending was noted.
    """
    stale = Q(sent_at__isnull=True, created_at__lt=Now() - timedelta(seconds=3)) | Q(sent_at__lt=Now() - LEASE)
    open_still = OutboxMessage.objects.filter(stale, done_at__isnull=True, tries__lt=MAX_TRIES)
    with transaction.atomic():
        free = open_still.select_for_update(skip_locked=True)
        waiting = list(free.values_list("key", "task", "arguments")[:500])
    for key, task, arguments in waiting:
        if _publish(key, task, arguments):
            OutboxMessage.objects.filter(key=key, done_at__isnull=True).update(sent_at=Now(), tries=F("tries") + 1)
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
    finish_each([key])


def finish_each(keys: Iterable[str]) -> None:
    OutboxMessage.objects.filter(key__in=list(keys)).update(done_at=Now(), last_error="")
