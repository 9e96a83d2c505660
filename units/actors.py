"""Who acts: a person in one of their duties, or a named job of the system."""

from dataclasses import dataclass

from units.models import Membership, Unit, User
from units.roles import Role, list_permissions


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name something happens. `user` and `role` are None for a job of the system."""

    unit: Unit
    user: User | None
    role: Role | None
    label: str
    membership: Membership | None = None

    @property
    def account(self) -> User:
        """The account behind the act, for what only people do; a job of the system has none and raises."""
        if self.user is None:
            raise LookupError(f"{self.label} is no person.")
        return self.user

    def may(self, permission: str) -> bool:
        return self.role is not None and permission in list_permissions(self.role)


def act_as(membership: Membership) -> Actor:
    """The actor of a membership; its user and unit must be loaded."""
    role = Role(membership.role)
    return Actor(
        unit=membership.unit,
        user=membership.user,
        role=role,
        label=f"{membership.user.display_name}, {role.label}, {membership.unit.short_name}",
        membership=membership,
    )


def system_actor(unit: Unit, job: str) -> Actor:
    """A job that acts on behalf of `unit`; `job` is its Vietnamese name in the trail."""
    return Actor(unit=unit, user=None, role=None, label=f"Hệ thống: {job}")
