"""What follows when a nomination is given back to be mended. Apps further on may hold it as it was, so they say it.

An app names a function in its `apps.py` (`return_follower`, a dotted path): `follow(nomination, *, actor, at)` is
called in the transaction of the return, in the scope in force, the nomination locked.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import import_string

from units.actors import Actor

if TYPE_CHECKING:
    from exemplars.models import Nomination


def tell_followers(nomination: "Nomination", *, actor: Actor, at: datetime) -> None:
    for config in apps.get_app_configs():
        follower = getattr(config, "return_follower", "")
        if follower:
            import_string(follower)(nomination, actor=actor, at=at)
