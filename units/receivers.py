"""What follows when somebody changes their own second factor in allauth's pages."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from units.clock import today
from units.models import User
from units.second_factor import mark_second_factor
from units.services.accounts import record_own_change


@receiver(authenticator_added)
def use_at_once(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """What was just set up was used to set it up: the session counts as having it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        mark_second_factor(request, user, id=authenticator.pk, type=authenticator.type, reauthenticated=True)
        record_own_change("add-second-factor", user, day=today())


@receiver(authenticator_removed)
def note_removal(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_own_change("remove-second-factor", user, day=today())
