"""Writing people so that they can be found and sorted."""

from datetime import date
from typing import Any

from units.folding import fold, name_sort_key, nfc
from units.models import Person, Unit


def add_person(unit: Unit, full_name: str, **fields: Any) -> Person:
    """Write a person with the folded and sorting forms of the name; the name is stored composed (NFC)."""
    name = " ".join(nfc(full_name).split())
    return Person.objects.create(
        unit=unit, full_name=name, folded_name=fold(name), sort_key=name_sort_key(name), **fields
    )


def describe_person(person: Person, day: date) -> str:
    """The post that goes beside the name on a paper of `day`."""
    from units.selectors.record import find_posting

    posting = find_posting(person, day)
    return posting.position if posting else person.get_employment_display()
