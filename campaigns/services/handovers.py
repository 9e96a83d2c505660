"""The yearly hand-over of a cluster: announced for a day, carried out on it, once.

It moves rows between two units of different branches, so it runs in the scope that sees every unit; who belongs and
who leads was decided in public before. What is finished stays with the old head as its archive.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from campaigns.models import (
    Assignment,
    ClusterFile,
    ClusterHandover,
    ClusterPledge,
    ClusterYear,
    ExpectedWork,
    HandoverState,
    Inspection,
    InspectionNotice,
    InspectionPlan,
    InspectionTeamMember,
    Obligation,
    OpinionAnswer,
    OpinionRequest,
    OpinionRound,
    PledgeSignature,
    ScoreEntry,
    ScoreSheet,
)
from campaigns.selectors.clusters import (
    Obstacle,
    OpenWork,
    count_handed_over,
    find_acting_head,
    find_handover,
    find_handover_obstacles,
    find_head,
    find_open_work,
)
from campaigns.services.crossing import both_sides
from campaigns.services.expected import expect_obligations
from units.actors import Actor, system_actor
from units.models import Unit
from units.refusals import RefusedError
from units.services import outbox
from units.services.audit import record_on_duty, record_unit_act

JOB = "bàn giao đơn vị trưởng đến ngày"
TECHNICAL_FAILURE = (
    "Hệ thống gặp lỗi khi bàn giao nên chưa chuyển gì. Lỗi đã vào nhật ký kỹ thuật; phần mềm sẽ tự thử lại."
)


def _refuse(obstacle: Obstacle) -> RefusedError:
    return RefusedError(obstacle.what, why=obstacle.why, remedy=obstacle.remedy)


@transaction.atomic
def announce_handover(
    from_year: ClusterYear, to_year: ClusterYear, *, on: date, actor: Actor, day: date, at: datetime
) -> ClusterHandover:
    """Announce the day on which the work of one year passes to the head of a later one.

    Refuses whoever does not keep the cluster, a day that has passed, a second hand-over of the same year, and what
    `find_handover_obstacles` finds.
    """
    cluster = from_year.cluster
    if actor.unit.pk != cluster.keeper_id:
        raise RefusedError(f"{actor.unit} không quản lý {cluster}.", remedy=f"Gửi đề nghị tới {cluster.keeper}.")
    if on < day:
        raise RefusedError(f"Ngày bàn giao {on:%d/%m/%Y} đã qua.", remedy="Ghi hôm nay hoặc một ngày sau hôm nay.")
    standing = find_handover(from_year)
    if standing:
        raise RefusedError(
            f"{from_year} đã có lịch bàn giao ngày {standing.on:%d/%m/%Y}.",
            why="Công việc của một năm chỉ bàn giao một lần.",
            remedy="Hủy lịch cũ trước khi công bố lịch mới; nếu đã bàn giao thì không cần làm gì thêm.",
        )
    if to_year.cluster_id != from_year.cluster_id or to_year.year <= from_year.year:
        raise RefusedError("Năm nhận phải là một năm sau, của cùng khu vực, cụm, khối.", remedy="Chọn lại năm nhận.")
    obstacles = find_handover_obstacles(from_year, to_year, on)
    if obstacles:
        raise _refuse(obstacles[0])
    handover = ClusterHandover.objects.create(
        from_year=from_year, to_year=to_year, on=on, announced_by=actor.label, announced_at=at
    )
    record_on_duty("announce-handover", actor=actor, cluster=str(from_year), on=on.isoformat())
    for head in _heads(handover):
        record_unit_act("expect-handover", head, actor=actor, cluster=str(from_year), on=on.isoformat())
    return handover


def _heads(handover: ClusterHandover) -> list[Unit]:
    found = {head.pk: head for head in (find_head(handover.from_year), find_head(handover.to_year)) if head}
    return list(found.values())


@transaction.atomic
def cancel_handover(handover: ClusterHandover, *, actor: Actor) -> ClusterHandover:
    """Give an announced hand-over up before it happens; nothing moves."""
    handover = (
        ClusterHandover.objects.select_for_update(of=("self",))
        .select_related("from_year__cluster__keeper")
        .get(pk=handover.pk)
    )
    if handover.from_year.cluster.keeper_id != actor.unit.pk or handover.state != HandoverState.ANNOUNCED:
        raise RefusedError(
            "Lịch bàn giao này không hủy được.",
            why=f"Tình trạng hiện nay: {handover.get_state_display().lower()}.",
            remedy="Tải lại trang để xem tình trạng mới nhất.",
        )
    handover.state = HandoverState.CANCELLED
    handover.save(update_fields=["state"])
    record_on_duty("cancel-handover", actor=actor, cluster=str(handover.from_year))
    return handover


@transaction.atomic
def promise_due(*, day: date) -> int:
    """Promise every announced hand-over whose day has come, one try a day; a second beat changes nothing."""
    due = ClusterHandover.objects.filter(state=HandoverState.ANNOUNCED, on__lte=day)
    handovers = [one for one in due if one.failed_at is None or one.failed_at.date() < day]
    for one in handovers:
        outbox.promise(
            f"cluster-handover:{one.pk}:{day.isoformat()}", "campaigns.tasks.apply_handover", handover_id=one.pk
        )
    return len(handovers)


def apply_due(handover_id: int, *, day: date, at: datetime) -> bool:
    """Carry out an announced hand-over whose day has come; say whether it happened now.

    What refuses it is kept with it in words, and nothing moves. In the scope that sees every unit.
    """
    try:
        with transaction.atomic():
            handover = (
                ClusterHandover.objects.select_for_update(of=("self",))
                .select_related("from_year__cluster__keeper", "to_year__cluster")
                .get(pk=handover_id)
            )
            if handover.state != HandoverState.ANNOUNCED or handover.on > day:
                return False
            obstacles = find_handover_obstacles(handover.from_year, handover.to_year, handover.on)
            if obstacles:
                raise _refuse(obstacles[0])
            _apply(handover, at=at)
    except RefusedError as refusal:
        note_failure(handover_id, str(refusal), at=at)
        return False
    return True


@transaction.atomic
def note_failure(handover_id: int, words: str, *, at: datetime) -> None:
    """Keep why the last try moved nothing, for the keeper to read."""
    ClusterHandover.objects.filter(pk=handover_id, state=HandoverState.ANNOUNCED).update(failure=words, failed_at=at)


def _apply(handover: ClusterHandover, *, at: datetime) -> None:
    year = handover.from_year
    old, new = find_acting_head(year), find_head(handover.to_year)
    assert old is not None and new is not None  # noqa: PT018, S101  obstacles were looked for
    outcome = [asdict(moved) for moved in count_handed_over(year, handover.on)]
    if old.pk != new.pk:
        move_open_work(find_open_work(year, old, handover.on), new)
    handover.state, handover.applied_at, handover.outcome = HandoverState.APPLIED, at, outcome
    handover.failure, handover.failed_at = "", None
    handover.save(update_fields=["state", "applied_at", "outcome", "failure", "failed_at"])
    actor = system_actor(year.cluster.keeper, JOB)
    on = handover.on.isoformat()
    record_unit_act("hand-over-cluster", old, actor=actor, cluster=str(year), to=new.short_name, on=on)
    record_unit_act("take-over-cluster", new, actor=actor, cluster=str(year), source=old.short_name, on=on)


def move_open_work(work: OpenWork, new: Unit) -> None:
    """Let `new` hold everything of `work`, and let the members' copies name it. In the scope that sees every unit."""
    home: dict[str, Any] = {"unit": new, "unit_path": new.path}
    # Asked before anything moves: each question looks at the old head's rows.
    plans, rounds = list(work.plans), list(work.rounds)
    sheets, pledges = list(work.sheets), list(work.pledges)
    received = _keys(work.received)
    owed = list(work.owed_itself)
    work.owed_here.update(**home)
    Obligation.objects.filter(pk__in=received).update(owed_to=new)
    for assignment in owed:
        Assignment.objects.filter(pk=assignment.pk).update(**home)
        assignment.extension_requests.update(**home)
        ExpectedWork.objects.filter(assignment=assignment.pk).update(ower=new)
    # What the old head owes as a member is out of the new one's sight now; what the new one owes is its own.
    ExpectedWork.objects.filter(unit=new, ower=new).delete()
    expect_obligations(list(Obligation.objects.filter(pk__in=received)))
    _move_inspections(plans, home, new)
    ScoreSheet.objects.filter(pk__in=[one.pk for one in sheets]).update(**home)
    ScoreEntry.objects.filter(sheet__in=sheets).update(**home)
    OpinionRound.objects.filter(pk__in=[one.pk for one in rounds]).update(**home)
    OpinionAnswer.objects.filter(round__in=rounds).update(**home)
    OpinionRequest.objects.filter(round__in=[one.pk for one in rounds]).update(head=new)
    _move_files([one.draft_id for one in rounds], home)
    _pass_pledges(pledges, new)


def _keys(rows: Iterable[Any]) -> list[Any]:
    return [one.pk for one in rows]


def _move_files(files: Iterable[Any], home: dict[str, Any]) -> None:
    ClusterFile.objects.filter(pk__in=[one for one in files if one]).update(**home)


def _move_inspections(plans: list[InspectionPlan], home: dict[str, Any], new: Unit) -> None:
    inspections = list(Inspection.objects.filter(plan__in=plans))
    InspectionPlan.objects.filter(pk__in=_keys(plans)).update(**home)
    InspectionTeamMember.objects.filter(plan__in=plans).update(**home)
    Inspection.objects.filter(pk__in=_keys(inspections)).update(**home)
    InspectionNotice.objects.filter(inspection__in=_keys(inspections)).update(head=new)
    _move_files([key for one in inspections for key in (one.report_id, one.minutes_id, one.result_id)], home)


def _pass_pledges(pledges: list[ClusterPledge], new: Unit) -> None:
    """The new head leads the pledge from now on; every copy, the old head's among them, stays where it is."""
    for one in pledges:
        ClusterPledge.objects.filter(pledge=one.pledge).update(head=new)
        one.head = new
        if not ClusterPledge.objects.filter(pledge=one.pledge, unit=new).exists():
            copy_pledge(one, new)


def copy_pledge(pledge: ClusterPledge, unit: Unit) -> ClusterPledge:
    """The pledge as `unit` holds it, with the signatures so far. In the scope that sees every unit."""
    signatures = list(pledge.signatures.select_related("member"))
    fresh = ClusterPledge.objects.create(
        unit=unit,
        pledge=pledge.pledge,
        year_id=pledge.year_id,
        head_id=pledge.head_id,
        title=pledge.title,
        text=pledge.text,
        opened_at=pledge.opened_at,
    )
    PledgeSignature.objects.bulk_create(
        PledgeSignature(
            unit=unit,
            copy=fresh,
            member=one.member,
            signed_by=one.signed_by,
            position=one.position,
            signed_at=one.signed_at,
        )
        for one in signatures
    )
    return fresh


def preview_handover(year: ClusterYear, on: date) -> list[dict[str, Any]]:
    """What would move on `on`, in numbers, for the announcement's page: seen from outside both heads' branches."""
    with both_sides():
        return [asdict(moved) for moved in count_handed_over(year, on)]
