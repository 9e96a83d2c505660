"""What follows when somebody changes their own second factor in allauth's pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from units.actors import act_as
from units.clock import today
from units.models import Membership, User
from units.scoping import maintenance_scope
from units.second_factor import mark_second_factor
from units.services.audit import record_act


@receiver(authenticator_added)
def use_at_once(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """What was just set up was used to set it up: the session counts as having it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        mark_second_factor(request, user, id=authenticator.pk, type=authenticator.type, reauthenticated=True)
        with _duties(user) as duties:
            for duty in duties:
                record_act("add-second-factor", duty, actor=act_as(duty))


@receiver(authenticator_removed)
def note_removal(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        with _duties(user) as duties:
            for duty in duties:
                record_act("remove-second-factor", duty, actor=act_as(duty))


@contextmanager
def _duties(user: User) -> Iterator[list[Membership]]:
    """One duty of each unit in which the account has any; the trail of each is told."""
    found = {one.unit_id: one for one in user.memberships.on(today()).select_related("unit", "user")}
    with maintenance_scope("An account may have duties in several units, and each of them is told."):
        yield list(found.values())
