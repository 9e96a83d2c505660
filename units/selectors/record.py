"""Reads of people and their record."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from units.models import Honour, Person, Posting


def list_people(path: str) -> QuerySet[Person]:
    """People who work at the unit at `path` itself, in Vietnamese order of names."""
    return Person.objects.filter(unit_path=path)


def find_posting(person: Person, day: date) -> Posting | None:
    """The post a person held on `day`; the one they head first when there are several."""
    return (
        Posting.objects.filter(person=person, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("-is_head", "-valid_from", "pk")
        .first()
    )


def list_standing_honours() -> QuerySet[Honour]:
    """The ledger in sight without entries that were corrected or taken back: what counts, titles loaded."""
    return Honour.objects.filter(stands=True).select_related("title")


def list_honours(*, person: UUID | None = None, collective: UUID | None = None) -> QuerySet[Honour]:
    """What one person or one unit holds, newest first, titles loaded."""
    about = {"person": person} if person else {"collective": collective}
    return list_standing_honours().filter(**about)


def list_ledger(*, person: UUID | None = None, collective: UUID | None = None) -> QuerySet[Honour]:
    """Every entry about one person or one unit, newest first, with what became of it: titles and revocations loaded."""
    about = {"person": person} if person else {"collective": collective}
    return Honour.objects.filter(**about).select_related("title", "revocation", "superseded_by")
