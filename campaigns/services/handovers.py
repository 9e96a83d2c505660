"""The yearly hand-over of a cluster: announced for a day, carried out on it, once.

It moves rows between two units of different branches, so it runs in the scope that sees every unit; who belongs and
who leads was decided in public before. What is finished stays with the old head as its archive.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from campaigns.handing_over import list_handover_shares
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
    ReceivedFiling,
    ReceivedPaper,
    ScoreEntry,
    ScoreSheet,
    SheetSide,
)
from campaigns.selectors.clusters import (
    Obstacle,
    OpenWork,
    count_handed_over,
    find_acting_head,
    find_deputies,
    find_handover,
    find_handover_obstacles,
    find_head,
    find_open_work,
    heads_elsewhere,
    list_obligations_of_heads,
)
from campaigns.services.carrying import carry_assignment, name_sender
from campaigns.services.crossing import both_sides
from campaigns.services.expected import expect_obligations
from campaigns.services.filing_copies import lay_missing
from campaigns.services.team_sheets import lay_team_sheets
from campaigns.workflow import SubmissionState
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
    handovers = [one for one in due if one.failed_at is None or timezone.localdate(one.failed_at) < day]
    outbox.promise_each(
        "campaigns.tasks.apply_handover",
        {f"cluster-handover:{one.pk}:{day.isoformat()}": {"handover_id": one.pk} for one in handovers},
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
    actor = system_actor(year.cluster.keeper, JOB)
    if old.pk != new.pk:
        open_work = find_open_work(year, old, handover.on)
        received = list(open_work.received)
        move_open_work(open_work, new, actor=actor, at=at)
        _pass_copies(received, year, handover.to_year)
        _owe_as_head(year, old, new)
        for share in list_handover_shares():
            import_string(share.carry)(year, old, new, actor=actor, at=at)
    handover.state, handover.applied_at, handover.outcome = HandoverState.APPLIED, at, outcome
    handover.failure, handover.failed_at = "", None
    handover.save(update_fields=["state", "applied_at", "outcome", "failure", "failed_at"])
    on = handover.on.isoformat()
    record_unit_act("hand-over-cluster", old, actor=actor, cluster=str(year), to=new.short_name, on=on)
    record_unit_act("take-over-cluster", new, actor=actor, cluster=str(year), source=old.short_name, on=on)


def move_open_work(work: OpenWork, new: Unit, *, actor: Actor, at: datetime) -> None:
    """Let `new` hold everything of `work`, and let the members' copies name it. In the scope that sees every unit."""
    home: dict[str, Any] = {"unit": new, "unit_path": new.path}
    # Asked before anything moves: each question looks at the old head's rows.
    plans, rounds = list(work.plans), list(work.rounds)
    sheets, pledges = list(work.sheets), list(work.pledges)
    received = _keys(work.received)
    owed, filings = list(work.owed_itself), _keys(work.filings)
    _keep_lines(work.owed_here, home)
    move_filings(filings, home)
    Obligation.objects.filter(pk__in=received).update(owed_to=new)
    for assignment in owed:
        _pass_assignment(assignment, new)
    # What the old head owes as a member is out of the new one's sight now; what the new one owes is its own.
    ExpectedWork.objects.filter(unit=new, ower=new).delete()
    ReceivedFiling.objects.filter(unit=new, sender=new).delete()
    obligations = list(Obligation.objects.filter(pk__in=received))
    expect_obligations(obligations)
    lay_missing(obligations, (SubmissionState.SENT,), actor=actor, at=at)
    _move_inspections(plans, home, new)
    for one in sheets:
        ScoreSheet.objects.filter(year=one.year_id, about=one.about_id, unit=new, side=SheetSide.TEAM).delete()
    ScoreSheet.objects.filter(pk__in=[one.pk for one in sheets]).update(**home)
    ScoreEntry.objects.filter(sheet__in=sheets).update(**home)
    OpinionRound.objects.filter(pk__in=[one.pk for one in rounds]).update(**home)
    OpinionAnswer.objects.filter(round__in=rounds).update(**home)
    OpinionRequest.objects.filter(round__in=[one.pk for one in rounds]).update(head=new)
    _move_files([one.draft_id for one in rounds], home)
    _pass_pledges(pledges, new)
    # Those of the team who work in the old head's unit go on scoring from there.
    for one in sheets:
        lay_team_sheets(one.year, one.about, day=timezone.localdate(at))


def _keep_lines(lines: QuerySet[ExpectedWork], home: dict[str, Any]) -> None:
    """By their keys: which lines are open is told by rows that move as well."""
    ExpectedWork.objects.filter(pk__in=_keys(lines)).update(**home)


def move_filings(filings: list[Any], home: dict[str, Any]) -> None:
    """Received filings with their papers. A copy that the new head held as a deputy gives way to the addressee's."""
    moved = ReceivedFiling.objects.filter(pk__in=filings)
    submissions = list(moved.values_list("submission", flat=True))
    doubled = ReceivedFiling.objects.filter(unit=home["unit"], submission__in=submissions)
    ReceivedPaper.objects.filter(filing__in=list(doubled)).delete()
    doubled.delete()
    papers = ReceivedPaper.objects.filter(filing__in=filings)
    _move_files(list(papers.values_list("file", flat=True)), home)
    papers.update(**home)
    moved.update(**home)


def _pass_assignment(assignment: Assignment, new: Unit) -> None:
    """Whoever owes the same already, as head of another cluster, does it once; what was handed in stays where it is."""
    same = Assignment.objects.filter(obligation=assignment.obligation_id, unit=new).first()
    if same is None:
        carry_assignment(assignment, new)
        name_sender(assignment, new)
    elif assignment.done_at is None:
        Assignment.objects.filter(pk=assignment.pk).update(merged_into=same)
        ExpectedWork.objects.filter(assignment=assignment.pk).delete()


def _pass_copies(obligations: list[Obligation], from_year: ClusterYear, to_year: ClusterYear) -> None:
    """Where the deputies of the one year had copies, those of the other get them from now on."""
    old, new = find_deputies(from_year), find_deputies(to_year)
    for obligation in obligations:
        leaving = [unit for unit in old if obligation.copies_to.filter(pk=unit.pk).exists()]
        if leaving:
            obligation.copies_to.remove(*leaving)
            obligation.copies_to.add(*new)


def _owe_as_head(year: ClusterYear, old: Unit, new: Unit) -> None:
    """What all heads owe is owed by the new one too, while the old one goes on owing it as head of another cluster."""
    if not heads_elsewhere(old, year):
        return
    open_here = {"assignments__unit": old, "assignments__done_at": None, "assignments__merged_into": None}
    fresh = []
    for obligation in list_obligations_of_heads(year).filter(**open_here):
        _, is_new = Assignment.objects.get_or_create(
            obligation=obligation, unit=new, defaults={"last_day": obligation.last_day}
        )
        fresh += [obligation] if is_new else []
    expect_obligations(fresh)


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
