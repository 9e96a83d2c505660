"""Reads of people and their record."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from units.models import Honour, Person, Posting, Unit
from units.selectors.organisation import stands_on
from units.selectors.people import in_force


def list_nominable(unit: Unit, day: date) -> QuerySet[Person]:
    """People who hold a post on `day` and work at `unit` itself, in Vietnamese order of names; a unit that has ended
    by then has none.
    """
    if not stands_on(unit, day):
        return Person.objects.none()
    held = Posting.objects.filter(in_force(day), person=OuterRef("pk"))
    return Person.objects.filter(Exists(held), unit_path=unit.path)


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
    return Honour.objects.filter(**about).select_related("title", "unit", "revocation", "superseded_by")
