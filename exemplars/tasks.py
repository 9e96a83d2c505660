"""Jobs of nominations and criteria."""

import logging
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError
from django.utils import timezone

from exemplars.models import WhatIf
from exemplars.services import qualifying, what_ifs
from units.clock import now, today
from units.models import Unit
from units.scoping import maintenance_scope, unit_scope
from units.services import outbox

logger = logging.getLogger(__name__)

# From this hour on the night's comparison is promised; a machine that was off at night catches up in the morning.
NIGHT_HOUR = 1


@shared_task
def promise_qualifying() -> None:
    moment = timezone.localtime(now())
    if moment.hour < NIGHT_HOUR:
        return
    with maintenance_scope("The roots of every sector are looked for at once."):
        qualifying.promise_runs(day=moment.date(), at=moment)


@shared_task
def qualify_part(*, run: str, root: str, first: str, last: str, outbox_key: str) -> None:
    with outbox.effect(outbox_key) as is_open:
        if is_open:
            with unit_scope(Unit.objects.get(pk=root).path):
                qualifying.qualify_part(UUID(run), first=first, last=last, at=now())


@shared_task
def replay_what_if_part(*, what_if: str, first: str, last: str, outbox_key: str) -> None:
    """One part of a replay. A defect stops the whole with a word for the officer; a lost database is tried again."""
    pk = UUID(what_if)
    with maintenance_scope("a job learns from its own row for which unit it works"):
        path = WhatIf.objects.filter(pk=pk).values_list("unit_path", flat=True).first()
    if path is None:
        outbox.finish(outbox_key)
        return
    try:
        with outbox.effect(outbox_key) as is_open:
            if is_open:
                with unit_scope(path):
                    what_ifs.replay_part(pk, first=first, last=last, at=now())
    except DatabaseError:
        raise
    except SoftTimeLimitExceeded:
        _fail_what_if(pk, path, what_ifs.TOO_LONG, outbox_key)
    except Exception:
        logger.exception("what_if_failed")
        _fail_what_if(pk, path, what_ifs.BROKEN_OFF, outbox_key)


def _fail_what_if(pk: UUID, path: str, words: str, outbox_key: str) -> None:
    with outbox.effect(outbox_key) as is_open:
        if is_open:
            with unit_scope(path):
                what_ifs.fail_what_if(pk, words, at=now())


@shared_task
def erase_what_ifs() -> None:
    with maintenance_scope("What is kept too long is looked for in every unit at once."):
        what_ifs.erase_expired(day=today())
