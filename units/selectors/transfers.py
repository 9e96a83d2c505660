"""Reads of transfers and of those who worked here before."""

from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from units.actors import Actor
from units.addresses import address_of
from units.folding import fold
from units.frame import Desk, Rows
from units.models import Grading, Honour, PastService, Person, Posting, Transfer, TransferOffer, TransferState
from units.prepared import Asked
from units.scoping import maintenance_scope

_OPEN_FIRST = Case(When(state=TransferState.OFFERED, then=Value(0)), default=Value(1), output_field=IntegerField())


def list_offers() -> QuerySet[TransferOffer]:
    """People whom other units offer to units in scope; those that wait for an answer first, then the newest."""
    return TransferOffer.objects.select_related("unit", "releasing").order_by(_OPEN_FIRST, "-proposed_at", "pk")


def list_transfers() -> QuerySet[Transfer]:
    """People whom units in scope let go to others, those without an answer first, then the newest."""
    return Transfer.objects.select_related("unit", "receiving").order_by(_OPEN_FIRST, "-proposed_at", "pk")


def find_open_transfer(person: Person) -> Transfer | None:
    return Transfer.objects.filter(person=person, state=TransferState.OFFERED).select_related("receiving").first()


def list_past_services(words: str = "") -> QuerySet[PastService]:
    """Those who worked in units of the scope and work elsewhere now, in Vietnamese order of names."""
    found = PastService.objects.select_related("unit", "moved_to")
    for word in fold(words).split():
        found = found.filter(Q(folded_name__contains=word) | Q(staff_code__icontains=word))
    return found


def list_own_postings(past: PastService) -> QuerySet[Posting]:
    """The posts held in the unit itself or below it."""
    return Posting.objects.filter(person=past.person_id, **_of_the_unit(past)).select_related("unit")


def list_own_gradings(past: PastService) -> QuerySet[Grading]:
    return Grading.objects.filter(person=past.person_id, **_of_the_unit(past))


def list_own_honours(past: PastService) -> QuerySet[Honour]:
    return Honour.objects.filter(person=past.person_id, **_of_the_unit(past)).select_related("title")


def _of_the_unit(past: PastService) -> dict[str, str]:
    return {"unit_path__gte": past.unit_path, "unit_path__lt": f"{past.unit_path}~"}


def identify(person: UUID | None) -> Person | PastService | None:
    """Who this is: the present row when it is in sight, else as the unit knew them on their last day there."""
    if person is None:
        return None
    return (
        Person.objects.filter(pk=person).select_related("unit").first()
        or PastService.objects.filter(person=person).select_related("unit").order_by("-last_day").first()
    )


def find_anywhere(person: UUID | None) -> Person:
    """The person's present row wherever it is, for writing a line that follows them: never to be shown."""
    if person is None:
        raise LookupError("A line about a collective follows nobody.")
    with maintenance_scope("an award decided here is read where the person works now"):
        return Person.objects.select_related("unit").get(pk=person)


def find_waiting_offers(actor: Actor) -> Desk | None:
    """People who wait to be received in the actor's own unit or below it."""
    if not actor.may("units.confirm_transfer"):
        return None
    offers = Rows(Asked(_list_open_offers), address_of("units:transfer-list"))
    return Desk("cán bộ chuyển đến đang chờ tiếp nhận", (offers,))


def _list_open_offers() -> QuerySet[TransferOffer]:
    return TransferOffer.objects.filter(state=TransferState.OFFERED)
