"""What the yearly hand-over of a cluster moves in the apps to the right of campaigns.

Each such app declares its share in its `apps.py` (`handover_share`), as it does for a reorganisation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True, slots=True)
class HandoverShare:
    """Dotted paths of an app's functions, called in the scope that sees every unit.

    `count(year, head)` lists, as `units.reorganising.Moved`, what `head` holds of the year's work and what becomes of
    it. `carry(year, old, new, *, actor, at)` moves just that, in the transaction of the hand-over.
    """

    count: str
    carry: str


def list_handover_shares() -> Iterator[HandoverShare]:
    for config in apps.get_app_configs():
        share = getattr(config, "handover_share", None)
        if share:
            yield share
