"""Who signs for a unit: the head, or the one who stands in for the head under a delegation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from units.actors import Actor
from units.models import Delegation, Membership, Posting, Unit, UnitKind
from units.roles import Role
from units.selectors.transfers import identify

# Who heads an office of each kind, for the line above a signature when no post is recorded.
HEADS: Mapping[str, str] = {
    UnitKind.MINISTRY: "Bộ trưởng",
    UnitKind.GENERAL_DEPARTMENT: "Tổng cục trưởng",
    UnitKind.DEPARTMENT: "Vụ trưởng",
    UnitKind.BUREAU: "Cục trưởng",
    UnitKind.PROVINCIAL_ENFORCEMENT: "Cục trưởng",
    UnitKind.PROVINCIAL_ENFORCEMENT_2025: "Trưởng",
    UnitKind.OFFICE: "Trưởng phòng",
    UnitKind.REGIONAL_OFFICE: "Trưởng phòng",
    UnitKind.JUSTICE_OFFICE: "Trưởng phòng",
    UnitKind.INSTITUTE: "Viện trưởng",
    UnitKind.DISTRICT_ENFORCEMENT: "Chi cục trưởng",
    UnitKind.JUSTICE_DEPARTMENT: "Giám đốc",
    UnitKind.SCHOOL: "Hiệu trưởng",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """Right or post, one line each as papers print them, and the name."""

    authority: tuple[str, ...]
    name: str

    def freeze(self, *, day: date, delegation: Delegation | None = None) -> dict[str, Any]:
        """As plain values, kept beside what was signed on `day`: later changes of posts and names do not reach it."""
        values: dict[str, Any] = {"authority": list(self.authority), "name": self.name, "on": day.isoformat()}
        return values | ({"delegation": str(delegation.pk)} if delegation else {})


def find_head(unit: Unit, day: date) -> Signer:
    """The head on `day`: by the post on record, else by the account that acts as head, else a line left open."""
    posting = (
        Posting.objects.filter(unit=unit, is_head=True, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .first()
    )
    known = identify(posting.person_id) if posting else None
    if posting and known:
        return Signer((posting.position,), known.full_name)
    head = Membership.objects.on(day).filter(unit=unit, role=Role.HEAD).select_related("user").first()
    return Signer((HEADS.get(unit.kind, "Thủ trưởng đơn vị"),), head.user.display_name if head else "")


def stand_in_signer(delegation: Delegation) -> Signer:
    """Who signs under a delegation; its accounts must be loaded."""
    return Signer(delegation.authority, delegation.delegate.user.display_name)


def freeze_signature(actor: Actor, day: date) -> dict[str, Any]:
    """The signature of what `actor` approves for their unit on `day`, as it stays."""
    if actor.delegation:
        return stand_in_signer(actor.delegation).freeze(day=day, delegation=actor.delegation)
    return find_head(actor.unit, day).freeze(day=day)
