"""What follows when a duty ends. The register knows nothing of seats in councils, so apps to its right say it.

An app names a function in its `apps.py` (`duty_follower`, a dotted path): `follow(membership, *, last_day, actor)` is
called in the transaction in which a duty ends, or its account is closed, after `last_day`; in the scope that sees
every unit, because what hangs on a duty may lie elsewhere.
"""

from datetime import date

from django.apps import apps
from django.utils.module_loading import import_string

from units.actors import Actor
from units.models import Membership


def tell_followers(membership: Membership, *, last_day: date, actor: Actor) -> None:
    for config in apps.get_app_configs():
        follower = getattr(config, "duty_follower", "")
        if follower:
            import_string(follower)(membership, last_day=last_day, actor=actor)
