"""The duties in which a person may act today: memberships, delegations and grants, as one notion.

A duty decides the scope, so duties are read before any scope is open; this is the one place that does so, for one
account. It looks at rows only: what ended, or hangs on an office that ended, is not in the list, whether or not
somebody wrote its end down.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from units.actors import Actor, act_as
from units.clock import today
from units.models import Delegation, DelegationForm, Grant, Membership, Unit, User
from units.rights_file import read_rights
from units.roles import Role
from units.scoping import maintenance_scope
from units.selectors.rights import list_held

LABEL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of an account. `pk` is the key of the row behind it and names the duty in forms and in the session.

    `title` is its name in words, `note` says on whose behalf or why; `valid_to` is the last day, when there is one.
    """

    pk: UUID
    actor: Actor
    title: str
    note: str = ""
    valid_to: date | None = None

    @property
    def unit(self) -> Unit:
        return self.actor.unit


def list_memberships(user: User) -> list[Membership]:
    """The memberships in force today; asked again at each request, so that a right ended ends at once.

    A seat in the council of another unit comes last: nobody lands there when signing in.
    """
    found = list(user.memberships.on(today()).select_related("unit").order_by())
    homes = {one.unit_id for one in found if one.role != Role.MEMBER}

    def place(one: Membership) -> tuple[bool, str, str]:
        return bool(homes) and one.role == Role.MEMBER and one.unit_id not in homes, one.unit.path, one.role

    return sorted(found, key=place)


def list_duties(user: User) -> list[Duty]:
    """Everything in which `user` may act today: own duties first, then delegated ones, then grants.

    Two queries for those who hold memberships only, at most four for others, whatever their number.
    """
    day = today()
    with maintenance_scope("the duties of one account decide its scope, so no scope can be open yet"):
        delegations, grants = list_held(user, day)
    found = [
        *map(_own, list_memberships(user)),
        *map(_delegated, delegations),
        *map(_granted, grants),
    ]
    return [duty for duty in found if duty is not None]


def find_duty(duties: list[Duty], chosen: object) -> Duty | None:
    """The chosen duty among those in force, or the first one."""
    return next((one for one in duties if str(one.pk) == chosen), duties[0] if duties else None)


def _own(membership: Membership) -> Duty:
    return Duty(membership.pk, act_as(membership), Role(membership.role).label, valid_to=membership.valid_to)


def _delegated(delegation: Delegation) -> Duty | None:
    """A duty of another; None when the role is no longer the one that was delegated."""
    scope = read_rights().find_scope(delegation.scope)
    delegator, delegate = delegation.delegator, delegation.delegate
    if scope is None or scope.role != delegator.role:
        return None
    principal = f"{delegator.user.display_name}, {scope.role.label}, {delegation.unit.short_name}"
    form = "" if delegation.form == DelegationForm.COVER else f"{delegation.form} "
    standing_in_for = delegator.user.display_name
    title = f"{form}{scope.role.label}"
    actor = Actor(
        unit=delegation.unit,
        user=delegate.user,
        role=scope.role,
        label=_fit(f"{delegate.user.display_name}, {form}thay mặt {principal}"),
        permissions=scope.permissions,
        title=title,
        delegation=delegation,
        standing_in_for=standing_in_for,
        valid_to=delegation.valid_to,
    )
    return Duty(delegation.pk, actor, title, f"thay mặt {standing_in_for}", delegation.valid_to)


def _granted(grant: Grant) -> Duty | None:
    bundle = read_rights().find_bundle(grant.bundle)
    if bundle is None:
        return None
    actor = Actor(
        unit=grant.unit,
        user=grant.user,
        role=None,
        label=_fit(
            f"{grant.user.display_name}, {bundle.title} ({grant.office.unit.short_name}), "
            f"khách tại {grant.unit.short_name}"
        ),
        permissions=bundle.permissions,
        title=bundle.title,
        grant=grant,
        valid_to=grant.valid_to,
    )
    return Duty(grant.pk, actor, bundle.title, f"được phép xem theo {grant.citation}", grant.valid_to)


def _fit(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"
