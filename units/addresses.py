"""Addresses of pages, worked out once for each view.

Django's `reverse` asks for the language, the prefix and every candidate at each call: a list of fifty rows with its
navigation spent a sixth of its time there. What it says of one key tells what it says of any other of that kind.
"""

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

# A key that stands in no address by itself, for each kind of key; the same whatever its value.
_SAMPLES: dict[type, object] = {UUID: UUID("5a1dbf0c-0000-4000-8000-7c4e9a3b6d21"), int: 7_419_630_258_147}


def address_of(view: str, *keys: object) -> str:
    """What `reverse(view, args=keys)` says."""
    kinds = tuple(map(type, keys))
    # Few kinds, few views and one prefix: nothing here grows with the rows.
    return (
        _shape(view, kinds, get_script_prefix()) % keys if all(map(_SAMPLES.get, kinds)) else reverse(view, args=keys)
    )


@cache
def _shape(view: str, kinds: tuple[type, ...], _prefix: str) -> str:
    """The address with a place for each key."""
    address = reverse(view, args=[_SAMPLES[kind] for kind in kinds]).replace("%", "%%")
    for kind in set(kinds):
        address = address.replace(str(_SAMPLES[kind]), "%s")
    return address
