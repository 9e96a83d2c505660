"""Keeping clusters: who belongs in a year, by which decision, contact points, and clusters that plans bring along.

Who belongs is public and kept by staff of one root (`Cluster.keeper`). A unit that joins later is given the copies
that members already hold.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.models import (
    Campaign,
    Cluster,
    ClusterContact,
    ClusterKind,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    HandoverState,
)
from campaigns.plan_parts import PlannedCluster
from campaigns.selectors.clusters import MOST_DEPUTIES, find_handover, list_member_units
from campaigns.services.crossing import both_sides, require_membership
from units.actors import Actor
from units.folding import nfc
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act, record_on_duty, record_unit_act

CONTACT_FIELDS = ("full_name", "position", "email", "phone")


def _require_keeper(cluster: Cluster, actor: Actor) -> None:
    if actor.unit.pk != cluster.keeper_id:
        raise RefusedError(
            f"{actor.unit} không quản lý {cluster}.",
            why=f"Danh sách thành viên do {cluster.keeper} ghi theo quyết định.",
            remedy=f"Gửi đề nghị tới {cluster.keeper}.",
        )


@transaction.atomic
def create_cluster(*, code: str, name: str, kind: ClusterKind, actor: Actor) -> Cluster:
    """Begin a cluster kept by the actor's root. Refuses a unit that is no root, and a code that is taken."""
    if not actor.unit.is_root:
        raise RefusedError(
            f"{actor.unit} không lập khu vực, cụm, khối được.",
            why="Việc này do cơ quan đứng đầu hệ thống thực hiện.",
            remedy="Gửi đề nghị lên cơ quan đó.",
        )
    try:
        with transaction.atomic():
            cluster = Cluster.objects.create(code=code, name=nfc(name).strip(), kind=kind, keeper=actor.unit)
    except IntegrityError as error:
        raise RefusedError(f"Mã «{code}» đã dùng.", remedy="Chọn mã khác, hoặc mở khu vực, cụm, khối đã có.") from error
    record_on_duty("create-cluster", actor=actor, cluster=cluster.name)
    return cluster


@transaction.atomic
def create_cluster_year(cluster: Cluster, *, year: int, values: Mapping[str, Any], actor: Actor) -> ClusterYear:
    """Begin a year of the cluster under its decision, with the members of the year before and no head yet."""
    _require_keeper(cluster, actor)
    try:
        with transaction.atomic():
            fresh = ClusterYear.objects.create(cluster=cluster, year=year, **_clean(values))
    except IntegrityError as error:
        raise RefusedError(f"{cluster} đã có năm {year}.", remedy="Mở năm đó để sửa.") from error
    before = cluster.years.filter(year__lt=year).order_by("-year").first()
    if before:
        standing = [unit for unit in list_member_units(before) if unit.valid_to is None]
        ClusterMember.objects.bulk_create([ClusterMember(year=fresh, member=unit) for unit in standing])
    record_on_duty("create-cluster-year", actor=actor, cluster=str(fresh))
    return fresh


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: nfc(value).strip() if isinstance(value, str) else value for key, value in values.items()}


@transaction.atomic
def edit_cluster_year(year: ClusterYear, values: Mapping[str, Any], *, actor: Actor) -> ClusterYear:
    """Write the decision of a year."""
    _require_keeper(year.cluster, actor)
    for name, value in _clean(values).items():
        setattr(year, name, value)
    year.save(update_fields=list(values))
    record_on_duty("edit-cluster-year", actor=actor, cluster=str(year), number=year.decision_number)
    return year


@transaction.atomic
def add_cluster_member(year: ClusterYear, unit: Unit, *, actor: Actor, day: date) -> ClusterMember:
    """Let a unit belong to the cluster that year. Refuses an ended unit and one that belongs to it already."""
    _require_keeper(year.cluster, actor)
    if unit.valid_to and unit.valid_to < day:
        raise RefusedError(
            f"{unit.name} đã kết thúc từ hết ngày {unit.valid_to:%d/%m/%Y}.", remedy="Chọn đơn vị kế thừa."
        )
    try:
        with transaction.atomic():
            member = ClusterMember.objects.create(year=year, member=unit)
    except IntegrityError as error:
        raise RefusedError(f"{unit} đã là thành viên của {year}.", remedy="Không cần thêm lại.") from error
    _share_contacts_with(year, unit)
    record_unit_act("join-cluster", unit, actor=actor, cluster=str(year))
    return member


def _share_contacts_with(year: ClusterYear, unit: Unit) -> None:
    """Lay with a new member what the others hold of each other's contact points."""
    with both_sides():
        ClusterContact.objects.bulk_create(
            ClusterContact(
                unit=unit, year=year, member=own.member, **{name: getattr(own, name) for name in CONTACT_FIELDS}
            )
            for own in ClusterContact.objects.filter(year=year).select_related("unit", "member")
            if own.unit_id == own.member_id and own.unit_id != unit.pk
        )


@transaction.atomic
def remove_cluster_member(member: ClusterMember, *, actor: Actor) -> None:
    """Take a unit out of the year. What it knows of the others' contact points, and they of its own, is deleted."""
    year = member.year
    _require_keeper(year.cluster, actor)
    _require_not_handed_over(year, member)
    with both_sides():
        contacts = ClusterContact.objects.filter(year=year)
        contacts.filter(unit=member.member).delete()
        contacts.filter(member=member.member).delete()
    record_unit_act("leave-cluster", member.member, actor=actor, cluster=str(year))
    member.delete()


def _require_not_handed_over(year: ClusterYear, member: ClusterMember) -> None:
    handover = find_handover(year)
    if handover and member.role == ClusterRole.HEAD:
        raise RefusedError(
            f"{member.member} là đơn vị trưởng và đã có lịch bàn giao ngày {handover.on:%d/%m/%Y}.",
            why="Công việc của năm chuyển từ đơn vị này sang đơn vị trưởng mới.",
            remedy="Hủy lịch bàn giao trước, hoặc giữ nguyên đơn vị trưởng.",
        )


@transaction.atomic
def choose_cluster_role(member: ClusterMember, role: ClusterRole, *, actor: Actor) -> ClusterMember:
    """Name a member head, deputy or neither. A new head takes the place of the former; a third deputy is refused."""
    year = ClusterYear.objects.select_for_update(of=("self",)).select_related("cluster__keeper").get(pk=member.year_id)
    _require_keeper(year.cluster, actor)
    if role == ClusterRole.HEAD:
        former = year.members.filter(role=ClusterRole.HEAD).select_related("member").exclude(pk=member.pk).first()
        if former:
            _require_not_handed_over(year, former)
            former.role = ClusterRole.MEMBER
            former.save(update_fields=["role"])
    elif member.role == ClusterRole.HEAD:
        _require_not_handed_over(year, member)
    deputies = year.members.filter(role=ClusterRole.DEPUTY).exclude(pk=member.pk).count()
    if role == ClusterRole.DEPUTY and deputies >= MOST_DEPUTIES:
        raise RefusedError(
            f"{year} đã có {MOST_DEPUTIES} phó.",
            why="Mỗi khu vực, cụm, khối có một trưởng và nhiều nhất hai phó.",
            remedy="Đổi một phó hiện nay thành thành viên trước.",
        )
    member.role = role
    member.save(update_fields=["role"])
    record_unit_act("choose-cluster-role", member.member, actor=actor, cluster=str(year), role=role.label)
    return member


# Contact points


@transaction.atomic
def edit_contact_point(year: ClusterYear, values: Mapping[str, str], *, actor: Actor) -> ClusterContact:
    """Write whom to call at the actor's unit, here and on the copy of every other member.

    Refuses a unit that does not belong to the cluster that year, and a year that is over.
    """
    require_membership(year, actor.unit)
    cleaned = {name: nfc(values.get(name, "")).strip() for name in CONTACT_FIELDS}
    own, _ = ClusterContact.objects.update_or_create(
        unit=actor.unit,
        year=year,
        member=actor.unit,
        defaults=cleaned,
        create_defaults=cleaned | {"unit_path": actor.unit.path},
    )
    others = [unit for unit in list_member_units(year) if unit.pk != actor.unit.pk]
    with both_sides():
        ClusterContact.objects.filter(year=year, member=actor.unit, unit__in=others).delete()
        ClusterContact.objects.bulk_create(
            ClusterContact(unit=unit, year=year, member=actor.unit, **cleaned) for unit in others
        )
    record_act("edit-contact-point", own, actor=actor)
    return own


@transaction.atomic
def delete_contact_point(year: ClusterYear, *, actor: Actor) -> None:
    """Take the unit's contact point back, from every member's copy too."""
    own = ClusterContact.objects.filter(year=year, unit=actor.unit, member=actor.unit).select_related("unit").first()
    if own is None:
        raise RefusedError("Đơn vị chưa ghi đầu mối liên lạc nào cho năm này.", remedy="Không cần làm gì thêm.")
    record_act("delete-contact-point", own, actor=actor)
    with both_sides():
        ClusterContact.objects.filter(year=year, member=actor.unit).delete()


def clear_contacts(*, day: date) -> int:
    """Delete contact points of years that are over; return how many rows went. In the scope that sees every unit."""
    number, _ = ClusterContact.objects.filter(year__year__lt=day.year).delete()
    return number


# Clusters that plans bring along


@transaction.atomic
def found_cluster(planned: PlannedCluster, units: Mapping[str, Unit]) -> ClusterYear:
    """The cluster and year of a plan, written from it when they do not stand yet. `units` are its members by code.

    A year that stands already is left as its keeper has it.
    """
    head = units[planned.head]
    keeper = Unit.objects.get(path=head.paths_above[0])
    cluster, _ = Cluster.objects.get_or_create(
        code=planned.code, defaults={"name": planned.name, "kind": planned.kind, "keeper": keeper}
    )
    year, is_new = ClusterYear.objects.get_or_create(cluster=cluster, year=planned.year)
    if is_new:
        ClusterMember.objects.bulk_create(
            ClusterMember(year=year, member=units[code], role=_role_in(planned, code)) for code in planned.members
        )
    return year


def _role_in(planned: PlannedCluster, code: str) -> ClusterRole:
    if code == planned.head:
        return ClusterRole.HEAD
    return ClusterRole.DEPUTY if code in planned.deputies else ClusterRole.MEMBER


def tie_campaign(year: ClusterYear, campaign: Campaign) -> None:
    """Say that the campaign is the year's work, so that a hand-over knows what to move."""
    year.campaigns.add(campaign)


@transaction.atomic
def add_cluster_campaign(year: ClusterYear, campaign: Campaign, *, actor: Actor) -> None:
    """Take a campaign up as the year's work; what it asks the head for goes to a new head at the hand-over."""
    year = _lock_kept(year, actor)
    _require_not_moved(year)
    tie_campaign(year, campaign)
    record_on_duty("add-cluster-campaign", actor=actor, cluster=str(year), campaign=campaign.title)


@transaction.atomic
def remove_cluster_campaign(year: ClusterYear, campaign: Campaign, *, actor: Actor) -> None:
    """Say that the campaign is not the year's work after all. Nothing of the campaign itself changes."""
    year = _lock_kept(year, actor)
    _require_not_moved(year)
    year.campaigns.remove(campaign)
    record_on_duty("remove-cluster-campaign", actor=actor, cluster=str(year), campaign=campaign.title)


def _lock_kept(year: ClusterYear, actor: Actor) -> ClusterYear:
    locked = ClusterYear.objects.select_for_update(of=("self",)).select_related("cluster__keeper").get(pk=year.pk)
    _require_keeper(locked.cluster, actor)
    return locked


def _require_not_moved(year: ClusterYear) -> None:
    handover = find_handover(year)
    if handover and handover.state == HandoverState.APPLIED:
        raise RefusedError(
            f"{year} đã bàn giao từ ngày {handover.on:%d/%m/%Y}.",
            why="Việc của các phong trào trong năm đã chuyển theo danh sách lúc bàn giao.",
            remedy=f"Ghi phong trào vào {handover.to_year} nếu là việc của năm đó.",
        )
