"""What a reorganisation moves in each app: counted before it happens, carried over when it does.

The register knows only its own people and accounts. Every app to its right declares its share in its `apps.py`
(`reorganisation_share`), so that a unit that ends leaves nothing behind that somebody still has to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Moved:
    """One kind of thing that moves: how many, the first by name, and what becomes of them.

    `obstacle` says in words why it cannot move now; it may be gone by the day.
    """

    label: str
    number: int
    examples: tuple[str, ...] = ()
    fate: str = ""
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Dotted paths of an app's functions.

    `count(sources, *, on)` lists what `sources`, which end on the day before `on`, would leave behind, as `Moved`.
    `carry(source, heir, *, on, actor)` hands it to the heir, in the transaction that ends the unit.
    `conflicts(sources, heir, *, on)`, where an app has any, lists what the heir will not take because it has its own;
    `heir` is None for a unit that begins with the reorganisation.
    """

    count: str
    carry: str
    conflicts: str = ""


def list_shares() -> Iterator[Share]:
    for config in apps.get_app_configs():
        share = getattr(config, "reorganisation_share", None)
        if share:
            yield share
