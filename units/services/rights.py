"""Giving and ending rights for a time: grants to guests, delegations of a duty.

Each verb checks who acts, locks the offices concerned, writes, and leaves a line in the trail: of the unit whose rows
are opened, and of the unit whose person goes as a guest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from units.actors import Actor
from units.clock import now, today
from units.following import tell_followers
from units.models import Delegation, DelegationForm, Grant, Membership, Unit
from units.models.rights import signing_lines
from units.refusals import RefusedError
from units.rights_file import Bundle, DelegationScope
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.selectors.rights import list_delegations, list_grants, list_offices
from units.services.audit import record_act, record_on_duty

BELOW = (DelegationForm.BY_ORDER, DelegationForm.BY_AUTHORITY)
LAW = "Nghị định 30/2020/NĐ-CP, Điều 13"


@dataclass(frozen=True, slots=True)
class DelegationTerms:
    """What the paper that delegates says."""

    form: DelegationForm
    scope: DelegationScope
    delegator_title: str
    delegate_title: str
    document_number: str
    document_date: date
    valid_from: date
    valid_to: date

    @property
    def authority(self) -> tuple[str, ...]:
        """The lines above the name on papers signed under it."""
        return signing_lines(self.form, self.delegator_title, self.delegate_title)


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What a guest may see, why, and from day to day."""

    bundle: Bundle
    citation: str
    valid_from: date
    valid_to: date


# Grants


def check_grant(unit: Unit, *, office: Membership, terms: GrantTerms, actor: Actor, day: date) -> None:
    """Refuse a grant that may not be: outside the granter's branch, to somebody whose duty reaches there anyway, in
    the past, or twice at once."""
    _require_own_duty(actor, "units.add_grant")
    if not actor.unit.contains(unit.path) or (unit.valid_to and unit.valid_to < day):
        raise RefusedError(
            f"{actor.unit} không cho phép vào {unit} được.",
            why="Chỉ cho phép vào đơn vị mình và đơn vị cấp dưới đang hoạt động.",
            remedy="Chọn lại đơn vị.",
        )
    _require_period(terms.valid_from, terms.valid_to, first=day)
    if not list_offices(office.user, day).filter(pk=office.pk).exists():
        raise RefusedError(
            "Tài khoản này không còn tư cách đã chọn.", remedy="Nhập lại tên đăng nhập và chọn tư cách đang có."
        )
    if unit.contains(office.unit.path) or office.unit.contains(unit.path):
        raise RefusedError(
            f"{office.user.display_name} công tác tại {office.unit}, cùng nhánh với {unit}.",
            why="Quyền của khách chỉ dành cho người ngoài nhánh; trong nhánh thì quyền theo vai trò.",
            remedy="Đề nghị quản trị đơn vị giao vai trò phù hợp cho tài khoản này.",
        )
    standing = Grant.objects.filter(
        _overlapping(terms.valid_from, terms.valid_to),
        user=office.user,
        content_object=unit,
        permission__codename=terms.bundle.code,
        permission__content_type__app_label="units",
    ).first()
    if standing:
        raise RefusedError(
            f"{office.user.display_name} đã được phép vào {unit} từ {standing.valid_from:%d/%m/%Y} "
            f"đến hết {standing.valid_to:%d/%m/%Y}.",
            why="Hai lần cho phép cùng nội dung không được trùng thời gian.",
            remedy="Chọn thời gian khác, hoặc chấm dứt lần trước rồi lập lại.",
        )


@transaction.atomic
def add_grant(unit: Unit, *, office: Membership, terms: GrantTerms, actor: Actor, day: date, at: datetime) -> Grant:
    """Let the account of `office` work in `unit` and below it, with the permissions of a bundle, for a time.

    Refuses what `check_grant` says. Lasting: a line in the trail of `unit` and of the guest's own unit.
    """
    office = Membership.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=office.pk)
    check_grant(unit, office=office, terms=terms, actor=actor, day=day)
    permission, _ = Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Unit),
        codename=terms.bundle.code,
        defaults={"name": terms.bundle.title},
    )
    grant = Grant(
        user=office.user,
        permission=permission,
        content_object=unit,
        office=office,
        given_by=actor.membership,
        citation=terms.citation,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        made_at=at,
    )
    grant.save(force_insert=True)
    detail = _grant_detail(grant)
    record_act("add-grant", grant, actor=actor, **detail)
    _tell_home("add-grant", grant, actor=actor, **detail)
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, reason: str, actor: Actor, at: datetime) -> Grant:
    """End a grant at once. Refuses one that is over, and one that a unit above gave."""
    _require_own_duty(actor, "units.end_grant")
    grant = list_grants().select_for_update(of=("self",)).get(pk=grant.pk)
    _require_not_over(grant, at)
    giver = grant.given_by.unit
    if not actor.unit.contains(giver.path):
        raise RefusedError(
            f"Quyền này do {giver} cho phép, nên {actor.unit} không chấm dứt được.", remedy=f"Liên hệ {giver}."
        )
    _end(grant, reason=reason, at=at)
    detail = {"guest": grant.user.display_name, "reason": reason}
    record_act("end-grant", grant, actor=actor, **detail)
    _tell_home("end-grant", grant, actor=actor, **detail)
    return grant


@transaction.atomic
def close_grants(keys: Iterable[UUID], *, reason: str, actor: Actor, at: datetime) -> int:
    """End grants at once because what they were given for is over, whoever says so; those that are over stay as they
    are. Returns how many ended. The caller has checked that the cause is the actor's to end.
    """
    ended = 0
    with maintenance_scope("rights given for a common work end in units that the one who ends it does not see"):
        standing = list_grants().select_for_update(of=("self",)).filter(pk__in=list(keys), ended_at__isnull=True)
        for grant in standing.filter(valid_to__gte=localdate(at)):
            _end(grant, reason=reason, at=at)
            detail = {"guest": grant.user.display_name, "reason": reason}
            record_act("end-grant", grant, actor=actor, **detail)
            record_act("end-grant", grant.office, actor=actor, **detail)
            ended += 1
    return ended


def _grant_detail(grant: Grant) -> dict[str, str]:
    return {
        "guest": grant.user.display_name,
        "place": grant.unit.short_name,
        "since": grant.valid_from.isoformat(),
        "until": grant.valid_to.isoformat(),
    }


def _tell_home(verb: str, grant: Grant, *, actor: Actor, **detail: Any) -> None:
    """The unit that the guest comes from reads in its own trail that its person goes elsewhere."""
    with maintenance_scope("the guest's own unit stands outside the granter's branch"):
        record_act(verb, grant.office, actor=actor, **detail)


# Delegations


def check_delegation(
    delegator: Membership, *, delegate: Membership, terms: DelegationTerms, actor: Actor, day: date
) -> None:
    """Refuse a delegation that may not be: by whom it is not theirs to make, to whom the law does not allow, for a
    duty or a time that does not stand, or beside another one."""
    _require_delegator(delegator, actor)
    _require_delegate(delegator, delegate, terms.form, actor)
    for office, whose in ((delegator, "Người giao"), (delegate, "Người được giao")):
        if not list_offices(office.user, day).filter(pk=office.pk).exists():
            raise RefusedError(f"{whose} không còn giữ nhiệm vụ đã chọn.", remedy="Tải lại trang và chọn lại.")
    if terms.scope.role != delegator.role or (terms.form == DelegationForm.COVER) != (delegator.role == Role.CLERK):
        raise RefusedError(
            f"Hình thức hoặc phạm vi không hợp với nhiệm vụ {delegator.get_role_display()}.",
            why="KT., TL., TUQ. dành cho nhiệm vụ của thủ trưởng; cán bộ thi đua thì giao làm thay, không ký văn bản.",
            remedy="Chọn lại hình thức và phạm vi.",
        )
    if terms.document_date > day or terms.valid_from < terms.document_date:
        raise RefusedError(
            "Ngày văn bản giao phải không sau hôm nay và không sau ngày bắt đầu.",
            why="Việc giao chỉ có hiệu lực từ khi có văn bản.",
            remedy="Xem lại ngày trên văn bản.",
        )
    _require_period(terms.valid_from, terms.valid_to, first=terms.document_date)
    if terms.valid_to < day:
        raise RefusedError("Thời gian giao đã qua.", remedy="Ghi ngày cuối từ hôm nay trở đi.")
    _require_alone(delegator, terms)


@transaction.atomic
def add_delegation(
    delegator: Membership, *, delegate: Membership, terms: DelegationTerms, actor: Actor, day: date, at: datetime
) -> Delegation:
    """Record that `delegate` stands in for `delegator`, under a paper. Refuses what `check_delegation` says.

    From its first day the delegate may act in the duty, and papers of those days may be signed under it.
    """
    locked = {
        one.pk: one
        for one in Membership.objects.select_for_update(of=("self",))
        .filter(pk__in=[delegator.pk, delegate.pk])
        .select_related("user", "unit")
        .order_by("pk")
    }
    delegator, delegate = locked[delegator.pk], locked[delegate.pk]
    check_delegation(delegator, delegate=delegate, terms=terms, actor=actor, day=day)
    delegation = Delegation.objects.create(
        unit=delegator.unit,
        delegator=delegator,
        delegate=delegate,
        form=terms.form,
        scope=terms.scope.code,
        delegator_title=terms.delegator_title if terms.form != DelegationForm.COVER else "",
        delegate_title=terms.delegate_title if terms.form != DelegationForm.COVER else "",
        document_number=terms.document_number,
        document_date=terms.document_date,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        made_at=at,
    )
    record_act(
        "add-delegation",
        delegation,
        actor=actor,
        delegator=delegator.user.display_name,
        since=terms.valid_from.isoformat(),
        until=terms.valid_to.isoformat(),
        document=terms.document_number,
    )
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, reason: str, actor: Actor, at: datetime) -> Delegation:
    """End a delegation at once. Refuses one that is over, and a clerk who ends another's."""
    _require_own_duty(actor, "units.end_delegation")
    delegation = list_delegations().select_for_update(of=("self",)).get(pk=delegation.pk)
    _require_not_over(delegation, at)
    _require_delegator(delegation.delegator, actor, permission="units.end_delegation")
    _end(delegation, reason=reason, at=at)
    record_act(
        "end-delegation", delegation, actor=actor, delegator=delegation.delegator.user.display_name, reason=reason
    )
    return delegation


def _require_delegator(delegator: Membership, actor: Actor, *, permission: str = "units.add_delegation") -> None:
    """Whose duty it is to say: one's own, a clerk's by the head of the unit, anyone's by the branch's administrator."""
    duty = _require_own_duty(actor, permission)
    if delegator.role not in (Role.HEAD, Role.CLERK):
        raise RefusedError(
            f"Nhiệm vụ {delegator.get_role_display()} không giao cho người khác được.",
            why="Chỉ nhiệm vụ của thủ trưởng và của cán bộ thi đua giao lại được.",
        )
    is_own = delegator.pk == duty.pk
    is_own_clerk = actor.role == Role.HEAD and delegator.role == Role.CLERK and delegator.unit_id == actor.unit.pk
    is_below = actor.role == Role.ADMINISTRATOR and actor.unit.contains(delegator.unit.path)
    if not (is_own or is_own_clerk or is_below):
        raise RefusedError(
            f"Tư cách đang làm việc không quyết định được việc giao nhiệm vụ của {delegator.user.display_name}.",
            why="Thủ trưởng giao nhiệm vụ của mình và của cán bộ thi đua trong đơn vị; quản trị đơn vị ghi nhận "
            "theo văn bản của đơn vị mình và cấp dưới.",
            remedy="Đề nghị thủ trưởng đơn vị đó hoặc quản trị đơn vị thực hiện.",
        )


def _require_delegate(delegator: Membership, delegate: Membership, form: DelegationForm, actor: Actor) -> None:
    if delegate.user_id == delegator.user_id:
        raise RefusedError("Người giao và người được giao là một.", remedy="Chọn người khác.")
    if delegate.user_id == actor.account.pk:
        raise RefusedError(
            "Không tự ghi nhận việc giao nhiệm vụ cho chính mình.",
            remedy="Đề nghị thủ trưởng hoặc một quản trị khác của đơn vị ghi nhận.",
        )
    if form in BELOW:
        is_fit = delegate.role == Role.HEAD and delegate.unit.parent_id == delegator.unit_id
        who = f"thủ trưởng một đơn vị trực thuộc {delegator.unit}"
    else:
        is_fit = delegate.unit_id == delegator.unit_id
        who = f"người của {delegator.unit}"
    if not is_fit:
        raise RefusedError(
            f"{delegate.user.display_name} không nhận hình thức {form.label} được.",
            why=f"Người nhận phải là {who} ({LAW}).",
            remedy="Chọn lại người được giao hoặc hình thức.",
        )


def _require_alone(delegator: Membership, terms: DelegationTerms) -> None:
    """One person stands in at a time, so that every paper says without doubt under which delegation it was signed."""
    standing = list_delegations().filter(_overlapping(terms.valid_from, terms.valid_to), delegator=delegator).first()
    if standing:
        raise RefusedError(
            f"Nhiệm vụ này đã giao cho {standing.delegate.user.display_name} từ {standing.valid_from:%d/%m/%Y} "
            f"đến hết {standing.valid_to:%d/%m/%Y}.",
            why="Trong một thời gian, một nhiệm vụ chỉ giao cho một người.",
            remedy="Chọn thời gian khác, hoặc chấm dứt lần giao trước.",
        )
    if delegator.valid_to and terms.valid_to > delegator.valid_to:
        raise RefusedError(
            f"Nhiệm vụ của người giao chỉ đến hết ngày {delegator.valid_to:%d/%m/%Y}.",
            remedy="Ghi ngày cuối không sau ngày đó.",
        )


# What both have in common


@transaction.atomic
def end_dependents(membership: Membership, *, last_day: date, actor: Actor) -> int:
    """End what hangs on an office that ends after `last_day`: grants held by it, delegations from it and to it.

    Called by whatever ends a membership; apps to the right are told as well. What would outlast `last_day` gets it as
    its last day; what has no day left ends at once. Reading does not depend on this: it writes the end down and tells
    the units concerned. Returns how many rights ended.
    """
    at, day = now(), today()
    with maintenance_scope("rights that hang on an office lie in other units than the office"):
        outlasting = Q(ended_at__isnull=True, valid_to__gt=last_day)
        held = list_grants().select_for_update(of=("self",)).filter(outlasting, office=membership)
        delegated = (
            list_delegations()
            .select_for_update(of=("self",))
            .filter(outlasting, Q(delegator=membership) | Q(delegate=membership))
        )
        rights: list[tuple[str, Grant | Delegation]] = [
            *(("end-grant", one) for one in held),
            *(("end-delegation", one) for one in delegated),
        ]
        for verb, right in rights:
            reason = f"nhiệm vụ làm căn cứ kết thúc ngày {last_day:%d/%m/%Y}"
            _cut(right, last_day=last_day, day=day, at=at, reason=reason)
            record_act(verb, right, actor=actor, reason=reason)
        tell_followers(membership, last_day=last_day, actor=actor)
    return len(rights)


def record_taking_up(actor: Actor) -> None:
    """A line in the trail of the unit when a guest or a delegate begins to work there."""
    if actor.membership is None:
        with transaction.atomic(), unit_scope(actor.unit.path):
            record_on_duty("take-up-duty", actor=actor)


def _cut(right: Grant | Delegation, *, last_day: date, day: date, at: datetime, reason: str) -> None:
    if right.valid_from > last_day or last_day < day:
        _end(right, reason=reason, at=at)
        return
    right.valid_to, right.end_reason = last_day, reason
    right.save(update_fields=["valid_to", "end_reason"])


def _end(right: Grant | Delegation, *, reason: str, at: datetime) -> None:
    right.ended_at, right.end_reason = at, reason
    right.save(update_fields=["ended_at", "end_reason"])


def _overlapping(first: date, last: date) -> Q:
    return Q(ended_at__isnull=True, valid_from__lte=last, valid_to__gte=first)


def _require_own_duty(actor: Actor, permission: str) -> Membership:
    """Only a membership of one's own gives rights on: never a delegated duty, never a guest's."""
    if actor.membership is None or not actor.may(permission):
        raise RefusedError(
            "Tư cách đang làm việc không giao quyền được.",
            why="Người được giao thay và khách không giao tiếp cho người khác.",
            remedy="Đổi sang tư cách của chính mình có nhiệm vụ này.",
        )
    return actor.membership


def _require_period(first_day: date, last_day: date, *, first: date) -> None:
    if last_day < first_day:
        raise RefusedError("Ngày cuối ở trước ngày đầu.", remedy="Đổi một trong hai ngày.")
    if first_day < first:
        raise RefusedError(
            f"Ngày đầu {first_day:%d/%m/%Y} ở trước {first:%d/%m/%Y}.", remedy=f"Ghi từ {first:%d/%m/%Y} trở đi."
        )


def _require_not_over(right: Grant | Delegation, at: datetime) -> None:
    if right.ended_at or right.valid_to < localdate(at):
        raise RefusedError("Đã chấm dứt hoặc hết thời gian rồi.", remedy="Tải lại trang để xem tình trạng mới nhất.")
