"""Jobs of the register."""

from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from units.clock import now, today
from units.scoping import maintenance_scope
from units.services import letters, memberships, outbox
from units.sessions import SessionStore


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


@worker_ready.connect
def sweep_at_start(**_: object) -> None:
    """Send what piled up while no worker ran, without waiting for the next tick of beat."""
    sweep_outbox.delay()
