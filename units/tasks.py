"""Jobs of the register."""

from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from units.clock import today
from units.scoping import maintenance_scope, unit_scope
from units.services import outbox


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@worker_ready.connect
def sweep_at_start(**_: object) -> None:
    """Send what piled up while no worker ran, without waiting for the next tick of beat."""
    sweep_outbox.delay()


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
