"""Inspections inside a cluster, from the plan to the result.

The head plans and concludes; the inspected unit is told by a copy. Rights to look around there are never the head's
to take: the inspected unit's own head opens them for the team, as dated grants (`units.services.rights`), and they
end at once when the inspection does.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns.calendar import short_day
from campaigns.inspection_terms import ResultTerm, read_inspection_terms
from campaigns.models import (
    AnchorEvent,
    ClusterYear,
    Inspection,
    InspectionNotice,
    InspectionPlan,
    InspectionTeamMember,
    PlanState,
)
from campaigns.selectors.clusters import find_acting_head
from campaigns.selectors.inspections import list_inspections, list_notices, list_plan_events, list_plans
from campaigns.services.crossing import both_sides, copy_file, keep_file, require_head, require_membership
from campaigns.services.team_sheets import drop_team_sheets, lay_team_sheets, list_team
from units.actors import Actor
from units.clock import today
from units.folding import nfc
from units.models import Membership, Unit, User
from units.refusals import RefusedError
from units.selectors.rights import list_offices
from units.services.audit import record_act
from units.services.rights import GrantTerms, add_grant

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def lock_plan(plan: InspectionPlan, actor: Actor, *states: PlanState) -> InspectionPlan:
    plan = list_plans().select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.unit_id != actor.unit.pk:
        raise RefusedError(f"Kế hoạch này do {plan.unit} theo dõi.", remedy=f"Liên hệ {plan.unit}.")
    if plan.state not in states:
        raise RefusedError(
            f"Kế hoạch «{plan.get_state_display().lower()}» nên không làm được bước này.",
            remedy="Tải lại trang để xem tình trạng mới nhất.",
        )
    return plan


# The head's side


@transaction.atomic
def create_inspection_plan(
    year: ClusterYear,
    *,
    title: str,
    number: str,
    issued_on: date,
    actor: Actor,
    at: datetime,
    term: ResultTerm | None = None,
    anchor_event: AnchorEvent | None = None,
) -> InspectionPlan:
    """Begin a plan of inspection. Refuses whoever does not lead the year's work.

    `term`: within how many days after an inspection its result is due; without one, what holds on `issued_on`.
    `anchor_event`: what is recorded when the last of the plan's inspections ended.
    """
    require_head(year, find_acting_head(year), actor.unit)
    if anchor_event and not list_plan_events(year, actor.unit).filter(pk=anchor_event.pk).exists():
        raise RefusedError(
            f"Kế hoạch kiểm tra không ghi nhận được sự kiện «{anchor_event.title}».",
            why="Sự kiện đã được ghi nhận, đã gắn với kế hoạch kiểm tra khác, hoặc thuộc phong trào khác.",
            remedy="Chọn sự kiện khác, hoặc không gắn sự kiện nào.",
        )
    term = term or read_inspection_terms().find_term(issued_on)
    plan = InspectionPlan.objects.create(
        unit=actor.unit,
        year=year,
        title=nfc(title).strip(),
        number=nfc(number).strip(),
        issued_on=issued_on,
        result_days=term.days,
        counts_working_days=term.counts_working_days,
        result_citation=nfc(term.citation).strip(),
        anchor_event=anchor_event,
        created_at=at,
    )
    record_act("create-inspection-plan", plan, actor=actor, number=plan.number)
    return plan


@transaction.atomic
def add_inspection(plan: InspectionPlan, unit: Unit, *, starts_on: date, ends_on: date, actor: Actor) -> Inspection:
    """Plan the inspection of one member. Refuses a unit outside the cluster, and one that is planned already."""
    plan = lock_plan(plan, actor, PlanState.DRAFT)
    require_membership(plan.year, unit)
    try:
        with transaction.atomic():
            return Inspection.objects.create(
                unit=plan.unit, plan=plan, inspected=unit, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError as error:
        raise RefusedError(
            f"{unit} đã có trong kế hoạch.", remedy="Bỏ dòng cũ rồi thêm lại nếu cần đổi ngày."
        ) from error


@transaction.atomic
def remove_inspection(inspection: Inspection, *, actor: Actor) -> None:
    """Take a unit out of a plan that was not sent yet."""
    lock_plan(inspection.plan, actor, PlanState.DRAFT)
    inspection.delete()


@transaction.atomic
def add_team_member(
    plan: InspectionPlan, *, username: str, office: Membership | None, duty: str, actor: Actor, day: date
) -> InspectionTeamMember:
    """Name somebody of the team by their account. With several offices, `office` says by which one they come.

    The same answer for an account that does not exist and for one without an office: nobody browses foreign accounts.
    """
    plan = lock_plan(plan, actor, PlanState.DRAFT)
    account = User.objects.filter(username=username.strip(), is_active=True).first()
    offices = list(list_offices(account, day)) if account else []
    if not offices:
        raise RefusedError(
            f"Không tìm thấy tài khoản «{username}» đang có tư cách làm việc.",
            why="Tên đăng nhập phải đúng từng chữ.",
            remedy="Hỏi lại người đó tên đăng nhập.",
        )
    chosen = next((one for one in offices if office and one.pk == office.pk), None)
    if chosen is None and len(offices) > 1:
        raise ManyOfficesError(offices)
    chosen = chosen or offices[0]
    try:
        with transaction.atomic():
            member = InspectionTeamMember.objects.create(
                unit=plan.unit,
                plan=plan,
                office=chosen,
                full_name=chosen.user.display_name,
                office_name=f"{chosen.get_role_display()}, {chosen.unit.short_name}",
                duty=nfc(duty).strip(),
            )
    except IntegrityError as error:
        raise RefusedError(f"{chosen.user.display_name} đã ở trong Đoàn.", remedy="Không cần thêm lại.") from error
    record_act("add-team-member", plan, actor=actor, who=member.full_name)
    return member


class ManyOfficesError(RefusedError):
    """The account has several offices; the person chooses one of `offices` and sends again."""

    def __init__(self, offices: list[Membership]) -> None:
        super().__init__(
            "Tài khoản này có nhiều tư cách.",
            why="Quyền xem của Đoàn kiểm tra gắn với một tư cách và hết cùng tư cách ấy.",
            remedy="Chọn tư cách rồi thêm lại.",
        )
        self.offices = offices


@transaction.atomic
def remove_team_member(member: InspectionTeamMember, *, actor: Actor) -> None:
    """Take somebody out of the team of a plan that was not sent yet."""
    plan = lock_plan(member.plan, actor, PlanState.DRAFT)
    record_act("remove-team-member", plan, actor=actor, who=member.full_name)
    member.delete()


@transaction.atomic
def announce_inspection_plan(plan: InspectionPlan, *, actor: Actor) -> InspectionPlan:
    """Send the plan: each unit gets a copy of what concerns it. From then on it is not changed.

    Refuses a plan without units, and a team without anybody of the head's own unit, who would write the minutes.
    """
    plan = lock_plan(plan, actor, PlanState.DRAFT)
    inspections = list(plan.inspections.select_related("inspected"))
    team = list(plan.team.select_related("office__unit"))
    if not inspections:
        raise RefusedError("Kế hoạch chưa có đơn vị nào.", remedy="Thêm ít nhất một đơn vị được kiểm tra.")
    if not any(one.office.unit_id == plan.unit_id for one in team):
        raise RefusedError(
            f"Đoàn kiểm tra chưa có ai của {plan.unit}.",
            why="Biên bản, kết quả và cột điểm của Đoàn do người của đơn vị chủ trì ghi.",
            remedy="Thêm một thành viên của đơn vị vào Đoàn.",
        )
    told = [
        {"office": str(one.office_id), "name": one.full_name, "from": one.office_name, "duty": one.duty} for one in team
    ]
    plan.state = PlanState.ANNOUNCED
    plan.save(update_fields=["state"])
    record_act("announce-inspection-plan", plan, actor=actor, number=plan.number, units=len(inspections))
    with both_sides():
        for one in inspections:
            notice = InspectionNotice.objects.create(
                unit=one.inspected,
                inspection=one.pk,
                year=plan.year,
                head=plan.unit,
                citation=plan.citation,
                team=told,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
            )
            record_act("receive-inspection-notice", notice, actor=actor, source=plan.unit.short_name)
    for one in inspections:
        lay_team_sheets(plan.year, one.inspected, day=today())
    return plan


def lock_running(
    inspection: Inspection, actor: Actor, states: tuple[PlanState, ...] = (PlanState.ANNOUNCED,)
) -> Inspection:
    plan = lock_plan(inspection.plan, actor, *states)
    locked = list_inspections().select_for_update(of=("self",)).get(pk=inspection.pk)
    locked.plan = plan
    return locked


@transaction.atomic
def send_inspection_result(
    inspection: Inspection,
    *,
    minutes: "UploadedFile[bytes]",
    result: "UploadedFile[bytes]",
    number: str,
    issued_on: date,
    conclusion: str,
    actor: Actor,
    at: datetime,
) -> Inspection:
    """Send minutes and result to the inspected unit; late is marked, never refused. Sent once, not changed after."""
    inspection = lock_running(inspection, actor)
    if inspection.ended_on is None:
        raise RefusedError("Chưa ghi ngày kết thúc kiểm tra.", remedy="Ghi ngày kết thúc trước, rồi gửi kết quả.")
    if inspection.sent_at:
        raise RefusedError("Kết quả đã gửi.", why=f"Báo cáo số {inspection.result_number}.", remedy="Không gửi lại.")
    if issued_on < inspection.ended_on:
        raise RefusedError(
            f"Báo cáo kết quả ghi ngày {short_day(issued_on)}, trước khi kết thúc kiểm tra.",
            remedy="Xem lại ngày trên báo cáo.",
        )
    inspection.minutes = keep_file(minutes, actor.unit, at=at)
    inspection.result = keep_file(result, actor.unit, at=at)
    said: dict[str, Any] = {
        "result_number": nfc(number).strip(),
        "result_on": issued_on,
        "conclusion": nfc(conclusion).strip(),
    }
    _write(inspection, **said, sent_at=at)
    inspection.save(update_fields=["minutes", "result"])
    record_act("send-inspection-result", inspection, actor=actor, number=inspection.result_number)
    with both_sides():
        notice = (
            InspectionNotice.objects.select_for_update(of=("self",))
            .select_related("unit")
            .get(inspection=inspection.pk)
        )
        notice.minutes = copy_file(inspection.minutes, notice.unit, at=at)
        notice.result = copy_file(inspection.result, notice.unit, at=at)
        notice.save(update_fields=["minutes", "result"])
        _write(notice, **said, result_at=at)
        record_act("receive-inspection-result", notice, actor=actor, number=inspection.result_number)
    if not list_team(inspection.plan.year, inspection.inspected).exists():
        drop_team_sheets(inspection.plan.year, inspection.inspected)
    plan = inspection.plan
    if not plan.inspections.filter(sent_at__isnull=True).exists():
        plan.state = PlanState.DONE
        plan.save(update_fields=["state"])
    return inspection


def _write(row: Inspection | InspectionNotice, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


# The inspected unit's side


def _lock_notice(notice: InspectionNotice, actor: Actor) -> InspectionNotice:
    notice = list_notices().select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.unit_id != actor.unit.pk:
        raise RefusedError(f"Việc này do {notice.unit} làm.", remedy=f"Liên hệ {notice.unit}.")
    if notice.ended_on:
        raise RefusedError(
            f"Việc kiểm tra đã kết thúc ngày {short_day(notice.ended_on)}.",
            remedy="Nếu cần bổ sung tài liệu, gửi trực tiếp đơn vị chủ trì.",
        )
    return notice


@transaction.atomic
def open_to_inspection(notice: InspectionNotice, *, actor: Actor, day: date, at: datetime) -> list[str]:
    """Let the team look into the unit until the inspection's last day. Returns who was not let in, and why.

    Whoever of the team works in the unit's own branch needs no such right. Refuses a time that is over and a team
    of whom nobody could be let in.
    """
    notice = _lock_notice(notice, actor)
    if notice.opened_at:
        raise RefusedError("Đã mở quyền xem cho Đoàn kiểm tra.", remedy="Không cần mở lại.")
    if notice.ends_on < day:
        raise RefusedError(
            f"Thời gian kiểm tra đã qua từ hết ngày {short_day(notice.ends_on)}.",
            remedy=f"Liên hệ {notice.head} nếu việc kiểm tra được dời ngày.",
        )
    terms = GrantTerms(read_inspection_terms().bundle, notice.citation, max(day, notice.starts_on), notice.ends_on)
    given, skipped = [], []
    for one in notice.team:
        office = Membership.objects.select_related("user", "unit").filter(pk=UUID(one["office"])).first()
        if office is None:
            continue
        try:
            given.append(add_grant(notice.unit, office=office, terms=terms, actor=actor, day=day, at=at).pk)
        except RefusedError as refusal:
            skipped.append(refusal.what)
    if not given:
        raise RefusedError(
            "Không mở được quyền xem cho ai trong Đoàn.",
            why=" ".join(skipped),
            remedy=f"Báo {notice.head} xem lại thành phần Đoàn.",
        )
    notice.grants, notice.opened_at = given, at
    notice.save(update_fields=["grants", "opened_at"])
    record_act("open-to-inspection", notice, actor=actor, number=len(given))
    with both_sides():
        Inspection.objects.filter(pk=notice.inspection).update(opened_at=at)
    return skipped


@transaction.atomic
def send_inspected_report(
    notice: InspectionNotice, file: "UploadedFile[bytes]", *, actor: Actor, at: datetime
) -> InspectionNotice:
    """Send the unit's written report to the head. A later one takes the place of the former until the end."""
    notice = _lock_notice(notice, actor)
    notice.report, notice.reported_at = keep_file(file, actor.unit, at=at), at
    notice.save(update_fields=["report", "reported_at"])
    record_act("send-inspected-report", notice, actor=actor)
    with both_sides():
        inspection = Inspection.objects.select_for_update(of=("self",)).select_related("unit").get(pk=notice.inspection)
        inspection.report = copy_file(notice.report, inspection.unit, at=at)
        inspection.save(update_fields=["report"])
        record_act("receive-inspected-report", inspection, actor=actor)
    return notice
