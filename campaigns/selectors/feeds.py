"""What a personal calendar shows."""

from datetime import date

from campaigns.models import Assignment, CalendarFeed
from campaigns.models.work import live_on
from units.models import Membership, User
from units.roles import Role, list_permissions
from units.scoping import unit_scope
from units.second_factor import needs_second_factor

VIEW = "campaigns.view_assignment"


def find_feed(token_hash: str) -> CalendarFeed | None:
    """The feed of somebody whose account is open."""
    return CalendarFeed.objects.select_related("user").filter(token_hash=token_hash, user__is_active=True).first()


def list_feed_assignments(user: User, *, day: date) -> list[Assignment] | None:
    """Open work of the units in which `user` holds a duty today, or None without any such duty.

    An address is no second factor: a duty that acts only after one shows nothing here. Each unit is read in its own
    scope, and only the unit's own work, not that of units below.
    """
    units = {
        one.unit_id: one.unit
        for one in Membership.objects.on(day).filter(user=user).select_related("unit").order_by("unit__path")
        if VIEW in list_permissions(Role(one.role)) and not needs_second_factor(one.role)
    }
    if not units:
        return None
    found: list[Assignment] = []
    for unit in units.values():
        with unit_scope(unit.path):
            found += (
                Assignment.objects.filter(
                    live_on(day), unit=unit, done_at__isnull=True, merged_into__isnull=True, last_day__isnull=False
                )
                .select_related("unit", "obligation__campaign", "obligation__owed_to")
                .order_by("last_day", "pk")
            )
    return found
