"""Jobs of the register."""

from celery import shared_task
from celery.signals import worker_ready

from units.services import outbox


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@worker_ready.connect
def sweep_at_start(**_: object) -> None:
    """Send what piled up while no worker ran, without waiting for the next tick of beat."""
    sweep_outbox.delay()
