"""What a member keeps for themselves: read by that member only, so every read names whose it is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from awards.models import AgendaItem, OwnReading, Sitting
from units.models import User
from units.secret_box import SealBrokenError, seal, unseal


@dataclass(frozen=True, slots=True)
class Note:
    """A note opened for its owner. Without `text` it could not be opened: its key is gone."""

    nomination: UUID
    order: int | None
    name: str
    text: str | None


def seal_note(owner: User, name: str, text: str) -> str:
    """Sealed to its owner, with the name of the nominee, which is out of sight once the sitting is over."""
    return seal(json.dumps({"name": name, "text": text}), _purpose(owner))


def open_note(owner: User, reading: OwnReading | None) -> str:
    return (_open(owner, reading)[1] or "") if reading else ""


def list_readings(owner: User, sitting: Sitting) -> dict[UUID, OwnReading]:
    """By nomination."""
    return {one.nomination: one for one in OwnReading.objects.filter(owner=owner, sitting=sitting.pk)}


def count_read(owner: User, sittings: Iterable[Sitting]) -> dict[UUID, int]:
    """How many cases of each sitting the member has read."""
    found = OwnReading.objects.filter(owner=owner, is_read=True, sitting__in=[one.pk for one in sittings])
    return dict(found.order_by().values_list("sitting").annotate(Count("pk")))


def list_notes(owner: User, sitting: Sitting) -> list[Note]:
    """The member's notes of a sitting in the order of its agenda; what left the agenda comes last."""
    orders = dict(AgendaItem.objects.filter(sitting=sitting).values_list("nomination_id", "order"))
    notes = []
    for one in OwnReading.objects.filter(owner=owner, sitting=sitting.pk).exclude(note=""):
        name, text = _open(owner, one)
        notes.append(Note(one.nomination, orders.get(one.nomination), name, text))
    return sorted(notes, key=lambda note: (note.order is None, note.order or 0, note.name))


def days_kept() -> int:
    return int(settings.NOTE_DAYS)


def _open(owner: User, reading: OwnReading) -> tuple[str, str | None]:
    if not reading.note:
        return "", ""
    try:
        said = json.loads(unseal(reading.note, _purpose(owner)))
    except SealBrokenError:
        return "", None
    return said["name"], said["text"]


def _purpose(owner: User) -> str:
    """A row copied under another name would not open there."""
    return f"own-note.{owner.pk}"
