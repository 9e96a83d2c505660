"""Jobs of nominations and criteria."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from exemplars.services import qualifying
from units.clock import now
from units.models import Unit
from units.scoping import maintenance_scope, unit_scope
from units.services import outbox

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
