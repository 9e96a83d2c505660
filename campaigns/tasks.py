"""Jobs of campaigns."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaigns.services import clusters, direct_reminders, handovers, reminders, return_letters
from campaigns.services.handover import NotOursError
from units.clock import now, today
from units.scoping import maintenance_scope
from units.services import outbox


@shared_task
def prepare_reminders() -> None:
    moment = timezone.localtime(now())
    reminders.feel_pulse("worker", at=moment)
    if moment.hour < settings.REMINDER_HOUR:
        return
    with maintenance_scope("Reminders are prepared for every unit at once."):
        reminders.prepare_letters(day=moment.date(), at=moment)


@shared_task
def send_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            reminders.send_letter(UUID(letter_id), day=today(), at=now())
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def send_direct_reminder(*, reminder_id: str, outbox_key: str) -> None:
    with maintenance_scope("A reminder is sent by the system, in no unit's name."):
        try:
            direct_reminders.send_direct_reminder(UUID(reminder_id), day=today())
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def send_return_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            return_letters.send_return_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def promise_handovers() -> None:
    handovers.promise_due(day=today())


@shared_task
def apply_handover(*, handover_id: int, outbox_key: str) -> None:
    """Carry out a hand-over that is due. A defect leaves everything where it was, with a word for the keeper."""
    try:
        with outbox.effect(outbox_key) as is_open:
            if is_open:
                with maintenance_scope("A hand-over moves rows between two units that do not see each other."):
                    handovers.apply_due(handover_id, day=today(), at=now())
    except Exception:
        handovers.note_failure(handover_id, handovers.TECHNICAL_FAILURE, at=now())
        raise


@shared_task
def clear_cluster_contacts() -> None:
    with maintenance_scope("Contact points of a year that is over are deleted at every member at once."):
        clusters.clear_contacts(day=today())
