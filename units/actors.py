"""Who acts: a person in one of their duties, or a named job of the system."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from units.models import Delegation, Grant, Membership, Unit, User
from units.roles import Role, list_permissions


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name something happens. `user` is None for a job of the system, `role` also for a guest.

    Behind a person stands one duty: a `membership`, a `delegation` (then `role` is the delegated one and
    `standing_in_for` names whose), or a `grant`. `permissions` are resolved once, when the duty is taken up.
    """

    unit: Unit
    user: User | None
    role: Role | None
    label: str
    membership: Membership | None = None
    permissions: frozenset[str] = frozenset()
    title: str = ""
    delegation: Delegation | None = None
    grant: Grant | None = None
    standing_in_for: str = ""
    valid_to: date | None = None

    @property
    def account(self) -> User:
        """The account behind the act, for what only people do; a job of the system has none and raises."""
        if self.user is None:
            raise LookupError(f"{self.label} is no person.")
        return self.user

    @property
    def duty(self) -> Membership | Delegation | Grant | None:
        """The row behind the duty in which a person acts."""
        return self.membership or self.delegation or self.grant

    @property
    def duty_id(self) -> UUID | None:
        return self.duty.pk if self.duty else None

    def may(self, permission: str) -> bool:
        return permission in self.permissions


def act_as(membership: Membership) -> Actor:
    """The actor of a membership; its user and unit must be loaded."""
    role = Role(membership.role)
    return Actor(
        unit=membership.unit,
        user=membership.user,
        role=role,
        label=f"{membership.user.display_name}, {role.label}, {membership.unit.short_name}",
        membership=membership,
        permissions=list_permissions(role),
        title=role.label,
        valid_to=membership.valid_to,
    )


def system_actor(unit: Unit, job: str) -> Actor:
    """A job that acts on behalf of `unit`; `job` is its Vietnamese name in the trail."""
    return Actor(unit=unit, user=None, role=None, label=f"Hệ thống: {job}")
