"""Ending the duties of accounts with the posting they came from."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from units.actors import Actor
from units.models import Membership, Person, Unit


@transaction.atomic
def end_memberships(person: Person, unit: Unit, *, last_day: date, actor: Actor) -> int:  # noqa: ARG001
    """End the memberships tied to `person` in `unit` after `last_day`; return how many were ended."""
    tied = Membership.objects.select_for_update().filter(person=person, unit=unit)
    begun = tied.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day), valid_from__lte=last_day)
    withdrawn, _ = tied.filter(valid_from__gt=last_day).delete()
    return begun.update(valid_to=last_day) + withdrawn
