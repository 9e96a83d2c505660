"""A member's own marks of reading and notes. None of it leaves a line in the trail: nobody else may learn of it."""

from datetime import date, timedelta

from django.db import transaction

from awards.models import AgendaItem, OwnReading, Sitting, SittingState
from awards.selectors.readings import days_kept, seal_note
from units.actors import Actor


def mark_read(item: AgendaItem, *, actor: Actor) -> None:
    _keep(item, actor, is_read=True)


def take_back_reading(item: AgendaItem, *, actor: Actor) -> None:
    """The case counts as not read until it is opened again."""
    OwnReading.objects.filter(owner=actor.account, sitting=item.sitting_id, nomination=item.nomination_id).update(
        is_read=False
    )


def write_note(item: AgendaItem, text: str, *, actor: Actor) -> None:
    """Keep the words instead of what was there; none erase it."""
    _keep(item, actor, note=seal_note(actor.account, item.nomination.nominee_name, text) if text else "")


def erase_notes(sitting: Sitting, *, actor: Actor) -> int:
    """Erase all notes of a sitting, also of one that is over; return how many there were."""
    return OwnReading.objects.filter(owner=actor.account, sitting=sitting.pk).exclude(note="").update(note="")


@transaction.atomic
def erase_expired(*, day: date) -> None:
    """Set the last day of what belongs to sittings that are over, or are no more, and delete what is past its own."""
    planned = Sitting.objects.filter(state=SittingState.PLANNED).values("pk")
    over = OwnReading.objects.filter(remove_on__isnull=True).exclude(sitting__in=planned)
    over.update(remove_on=day + timedelta(days=days_kept()))
    OwnReading.objects.filter(remove_on__lte=day).delete()


def _keep(item: AgendaItem, actor: Actor, **values: object) -> None:
    unit = item.unit
    row = OwnReading(unit=unit, owner=actor.account, sitting=item.sitting_id, nomination=item.nomination_id, **values)
    OwnReading.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["owner", "sitting", "nomination"],
        update_fields=list(values),
    )
