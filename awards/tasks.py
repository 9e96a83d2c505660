"""Jobs of councils and decisions."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from awards.models import Council
from awards.services import (
    case_letters,
    conferences,
    invitations,
    minutes_letters,
    publications,
    readings,
    sweeping,
)
from campaigns.services.handover import NotOursError
from units.actors import system_actor
from units.clock import now, today
from units.scoping import maintenance_scope
from units.services import outbox


@shared_task
def follow_heads() -> None:
    """Let the seats of every conference follow who heads the member units."""
    with maintenance_scope("A conference's seats follow the heads of units that do not see each other."):
        standing = Council.objects.filter(cluster_year__isnull=False, valid_from__lte=today(), valid_to__gte=today())
        for council in standing.select_related("unit", "cluster_year__cluster"):
            actor = system_actor(council.unit, "đối chiếu người đứng đầu")
            conferences.follow_heads(council, actor=actor, day=today())


@shared_task
def remind_members() -> None:
    """The day before a sitting, from the hour of reminders on; once a member and day."""
    moment = timezone.localtime(now())
    if moment.hour < settings.REMINDER_HOUR:
        return
    with maintenance_scope("Members of every unit's councils are reminded at once."):
        invitations.remind_members(day=moment.date())


@shared_task
def send_invitation_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            invitations.send_invitation_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def sweep_urns(*, ballot: str, outbox_key: str) -> None:
    """After an urn was opened. Doing it twice changes nothing."""
    with maintenance_scope("The tables of urns and ballots are rewritten as a whole, those of every council."):
        sweeping.sweep_urns()
    outbox.finish(outbox_key)


@shared_task
def erase_own_readings() -> None:
    with maintenance_scope("What is kept too long is looked for in every unit at once."):
        readings.erase_expired(day=today())


@shared_task
def send_result_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            publications.send_result_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def send_minutes_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            minutes_letters.send_minutes_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)


@shared_task
def send_case_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            case_letters.send_case_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)
