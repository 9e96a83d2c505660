"""Jobs of the register."""

import logging
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from units.clock import now, today
from units.models import Unit
from units.scoping import maintenance_scope, unit_scope
from units.services import letters, memberships, outbox, reorganisations, retention
from units.sessions import SessionStore

logger = logging.getLogger(__name__)


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@shared_task
def send_letter(*, letter_id: str, outbox_key: str) -> None:
    letters.send_letter(UUID(letter_id), at=now())
    outbox.finish(outbox_key)


@shared_task
def end_memberships_without_posting() -> None:
    with maintenance_scope("People and their duties are compared for every unit at once."):
        memberships.end_memberships_without_posting(day=today())


@shared_task
def clear_sessions() -> None:
    """Rows of sessions that are over; they open nothing, and nobody needs them."""
    SessionStore.clear_expired()


@shared_task
def erase_expired() -> None:
    """Terms of keeping: files of imports, offers that came to nothing, letters broken off."""
    letters.erase_broken_off()
    with maintenance_scope("What is kept too long is looked for in every unit at once."):
        retention.erase_expired(at=now())


@worker_ready.connect
def sweep_at_start(**_: object) -> None:
    """Send what piled up while no worker ran, without waiting for the next tick of beat."""
    sweep_outbox.delay()


@shared_task
def promise_reorganisations() -> None:
    with maintenance_scope("Reorganisations of every root are looked for at once."):
        reorganisations.promise_due(day=today())


@shared_task
def apply_reorganisation(*, reorganisation_id: str, root_id: str, outbox_key: str) -> None:
    """Apply what is due within its own root. A defect leaves the plan as it was, with a word for the officer."""
    key = UUID(reorganisation_id)
    try:
        with outbox.effect(outbox_key) as is_open:
            if is_open:
                with unit_scope(Unit.objects.get(pk=root_id).path):
                    reorganisations.apply_due(key, day=today(), at=now())
    except Exception:
        with unit_scope(Unit.objects.get(pk=root_id).path):
            reorganisations.note_failure(key, reorganisations.TECHNICAL_FAILURE, at=now())
        raise


@shared_task
def judge_import(*, batch: str, outbox_key: str) -> None:
    from units.services.importing.batches import judge_import as judge

    pk = UUID(batch)
    with unit_scope(_path_of(pk)):
        judge(pk, outbox_key=outbox_key, day=today())


@shared_task
def write_import(*, batch: str, outbox_key: str) -> None:
    from units.services.importing.batches import write_import as write

    pk = UUID(batch)
    with unit_scope(_path_of(pk)):
        write(pk, outbox_key=outbox_key, day=today())


def _path_of(pk: UUID) -> str:
    from units.models import ImportBatch

    with maintenance_scope("a job learns from its own row for which unit it works"):
        return ImportBatch.objects.values_list("unit_path", flat=True).get(pk=pk)
