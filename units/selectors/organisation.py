"""Reads of units through time."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from units.models import Unit, UnitName


def names_on(units: Iterable[Unit], day: date) -> dict[UUID, UnitName | Unit]:
    """What each unit was called on `day`, by its id: the name of that day, else the unit itself. One query."""
    known = {unit.pk: unit for unit in units}
    names = UnitName.objects.filter(unit__in=known, valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )
    found: dict[UUID, UnitName | Unit] = dict(known)
    found.update({name.unit_id: name for name in names})
    return found


def name_on(unit: Unit, day: date) -> UnitName | Unit:
    """What one unit was called on `day`."""
    return names_on([unit], day)[unit.pk]
