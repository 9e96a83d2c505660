"""The shortest rights for a time: a guest from another branch, and a deputy who stands in."""

from datetime import date
from typing import Any

from tests.builders import AT, DAY, Tree, user
from units.actors import Actor, act_as
from units.duties import Duty, list_duties
from units.models import Delegation, DelegationForm, Grant, Membership, Unit, User
from units.rights_file import read_rights
from units.roles import Role
from units.scoping import unit_scope
from units.services.rights import DelegationTerms, GrantTerms, add_delegation, add_grant

FIRST, LAST = date(2023, 11, 10), date(2023, 11, 20)


def office(account: User, role: Role | None = None) -> Membership:
    found = Membership.objects.select_related("user", "unit").filter(user=account)
    return found.get(role=role) if role else found.get()


def member(place: Unit, role: Role, name: str = "") -> Membership:
    return office(user(name or f"{role.value}{User.objects.count()}", (place, role)))


class Rights:
    """A tree with a head, a clerk and a deputy at the Cục, a head below it, and an officer of a foreign Cục."""

    def __init__(self) -> None:
        self.tree = Tree()
        for one, parent in (
            (self.tree.bureau, self.tree.ministry),
            (self.tree.stranger, self.tree.ministry),
            (self.tree.branch, self.tree.bureau),
            (self.tree.sibling, self.tree.bureau),
        ):
            one.parent = parent
            one.save(update_fields=["parent"])
        self.head = member(self.tree.bureau, Role.HEAD, "thutruong")
        self.clerk = member(self.tree.bureau, Role.CLERK, "canbo")
        self.deputy = member(self.tree.bureau, Role.STAFF, "cappho")
        self.below = member(self.tree.branch, Role.HEAD, "captruong")
        self.guest = member(self.tree.stranger, Role.STAFF, "khach")

    @property
    def head_actor(self) -> Actor:
        return act_as(self.head)

    def grant(self, place: Unit | None = None, *, by: Actor | None = None, **changes: Any) -> Grant:
        values: dict[str, Any] = {
            "bundle": read_rights().find_bundle("inspection"),
            "citation": "Quyết định MAU-1/QĐ",
            "valid_from": DAY,
            "valid_to": LAST,
        }
        giver = by or self.head_actor
        about = {"office": changes.pop("office", self.guest), "day": changes.pop("day", DAY)}
        with unit_scope(giver.unit.path):
            return add_grant(
                place or self.tree.bureau, terms=GrantTerms(**(values | changes)), actor=giver, at=AT, **about
            )

    def delegation(
        self,
        delegator: Membership | None = None,
        *,
        delegate: Membership | None = None,
        by: Actor | None = None,
        day: date = DAY,
        **changes: Any,
    ) -> Delegation:
        one = delegator or self.head
        code = changes.pop("scope", "clerk-all" if one.role == Role.CLERK else "head-all")
        values: dict[str, Any] = {
            "form": DelegationForm.COVER if one.role == Role.CLERK else DelegationForm.DEPUTY,
            "scope": read_rights().find_scope(code),
            "delegator_title": "Cục trưởng",
            "delegate_title": "Phó Cục trưởng",
            "document_number": "12/QĐ-MAU",
            "document_date": FIRST,
            "valid_from": FIRST,
            "valid_to": LAST,
        }
        giver = by or self.head_actor
        with unit_scope(giver.unit.path):
            return add_delegation(
                one,
                delegate=delegate or self.deputy,
                terms=DelegationTerms(**(values | changes)),
                actor=giver,
                day=day,
                at=AT,
            )


def duty(account: User, kind: str) -> Duty | None:
    """The duty of an account that hangs on a "delegation" or a "grant", when it stands today."""
    return next((one for one in list_duties(account) if getattr(one.actor, kind)), None)
