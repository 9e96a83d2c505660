"""Which duties need a second factor, and whether this session has used one."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from units.models import Membership, User

METHOD = "mfa"


class SecondFactorMissingError(Exception):
    """A duty was chosen that nobody may act in before a second factor was used in this session."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


def needs_second_factor(role: str) -> bool:
    return settings.REQUIRE_SECOND_FACTOR and role in settings.SECOND_FACTOR_ROLES


def used_second_factor(request: HttpRequest) -> bool:
    return any(record.get("method") == METHOD for record in get_authentication_records(request, request.user))


def used_second_factor_within(request: HttpRequest, seconds: int) -> bool:
    """Whether a second factor was used in this session not longer ago than that."""
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == METHOD and time.time() - one["at"] < seconds for one in records)


def mark_second_factor(request: HttpRequest, user: User, **detail: object) -> None:
    """Note in the session that a second factor was used; `detail` says which."""
    record_authentication(request, user, METHOD, **detail)


def list_factors(user: User) -> list[Authenticator]:
    """What the account may use as a second factor; recovery codes alone are none."""
    return list(
        Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("created_at")
    )
