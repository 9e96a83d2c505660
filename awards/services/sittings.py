"""Preparing a sitting: when and where, which cases in which order, who is there."""

from collections.abc import Mapping
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from awards.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotState,
    Council,
    Sitting,
    SittingState,
    WrittenEnvelope,
)
from awards.selectors.councils import list_agenda, list_members, list_ready_nominations
from awards.services.withdrawals import withdraw_for_present
from exemplars.models import Nomination
from units.actors import Actor
from units.clock import now
from units.refusals import RefusedError
from units.services.audit import record_act

RUNNING = (BallotState.OPEN, BallotState.CLOSED)


@transaction.atomic
def add_sitting(
    council: Council,
    *,
    title: str,
    held_on: date,
    place: str,
    actor: Actor,
    starts_at: time | None = None,
    online_at: str = "",
) -> Sitting:
    """Convene a council. The day decides which members it has."""
    sitting = Sitting.objects.create(
        unit=council.unit,
        council=council,
        title=title,
        held_on=held_on,
        place=place,
        starts_at=starts_at,
        online_at=online_at,
    )
    record_act("add-sitting", sitting, actor=actor, held_on=held_on.isoformat())
    return sitting


def lock_planned(sitting: Sitting) -> Sitting:
    """Lock a sitting whose agenda and attendance may still change, or refuse.

    While a ballot is under way nothing changes: its terms were taken from here.
    """
    locked = Sitting.objects.select_for_update(of=("self",)).select_related("council", "unit").get(pk=sitting.pk)
    if locked.state == SittingState.CLOSED:
        raise RefusedError("Phiên họp đã kết thúc nên không thay đổi được.", remedy="Lập một phiên họp mới nếu cần.")
    if Ballot.objects.filter(sitting=locked, state__in=RUNNING).exists():
        raise RefusedError(
            "Đang có lượt bỏ phiếu chưa kiểm phiếu, nên chương trình và điểm danh được giữ nguyên.",
            why="Danh sách bầu và danh sách người bỏ phiếu đã chốt khi mở lượt bỏ phiếu.",
            remedy="Đóng và kiểm phiếu trước, rồi thay đổi cho lượt sau.",
        )
    return locked


@transaction.atomic
def add_agenda_item(sitting: Sitting, nomination: Nomination, *, actor: Actor) -> AgendaItem:
    """Put an accepted nomination last on the agenda. Refused when it left that state or another sitting has it."""
    sitting = lock_planned(sitting)
    # The nomination is locked too: two sittings may not take it at once.
    Nomination.cases.select_for_update(of=("self",)).get(pk=nomination.pk)
    if not list_ready_nominations(sitting).filter(pk=nomination.pk).exists():
        raise RefusedError(
            f"Chưa đưa được {nomination.nominee_name} vào chương trình.",
            why="Đề nghị không còn ở trạng thái trình Hội đồng, hoặc đã nằm trong chương trình một phiên họp.",
            remedy="Tải lại trang để xem danh sách hiện nay.",
        )
    last = AgendaItem.objects.filter(sitting=sitting).aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem.objects.create(unit=sitting.unit, sitting=sitting, nomination=nomination, order=last + 1)
    record_act("add-agenda-item", sitting, actor=actor, nomination=str(nomination.pk))
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, actor: Actor) -> None:
    """Take a case off the agenda. Refused once a count has spoken of it."""
    sitting = lock_planned(item.sitting)
    if _was_counted(sitting, item.nomination_id):
        raise RefusedError(
            "Trường hợp này đã được kiểm phiếu trong phiên họp nên không bỏ ra được.",
            remedy="Kết quả đã kiểm giữ nguyên; nếu cần xét lại, trao đổi với Thường trực Hội đồng.",
        )
    item.delete()
    record_act("remove-agenda-item", sitting, actor=actor, nomination=str(item.nomination_id))


def _was_counted(sitting: Sitting, nomination: UUID) -> bool:
    counted = Ballot.objects.filter(sitting=sitting, state=BallotState.COUNTED)
    return any(str(nomination) in {one["id"] for one in ballot.terms["candidates"]} for ballot in counted)


@transaction.atomic
def order_agenda(sitting: Sitting, *, places: Mapping[UUID, int], actor: Actor) -> None:
    """Order the agenda by the places given; equal places keep their former order. Numbers run from 1 afterwards."""
    sitting = lock_planned(sitting)
    items = sorted(list_agenda(sitting), key=lambda item: (places.get(item.pk, item.order), item.order))
    for order, item in enumerate(items, start=1):
        item.order = order
    AgendaItem.objects.bulk_update(items, ["order"])
    record_act("order-agenda", sitting, actor=actor)


@transaction.atomic
def record_attendance(sitting: Sitting, *, absences: Mapping[UUID, str], actor: Actor) -> list[WrittenEnvelope]:
    """Write who is there: every member of the day, those in `absences` with their reason as away.

    A closed envelope of somebody who is there is given back unread: one member, one voice. Returns those given back.
    """
    sitting = lock_planned(sitting)
    members = list(list_members(sitting.council, sitting.held_on))
    Attendance.objects.filter(sitting=sitting).exclude(member__in=members).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(
                unit=sitting.unit,
                unit_path=sitting.unit.path,
                sitting=sitting,
                member=member,
                is_present=member.pk not in absences,
                reason=absences.get(member.pk, ""),
            )
            for member in members
        ],
        update_conflicts=True,
        unique_fields=["sitting", "member"],
        update_fields=["is_present", "reason"],
    )
    back = withdraw_for_present(sitting, actor=actor, at=now())
    record_act("record-attendance", sitting, actor=actor, present=len(members) - len(absences), members=len(members))
    return back


@transaction.atomic
def close_sitting(sitting: Sitting, *, actor: Actor) -> Sitting:
    """End a sitting: from now on its members see results, no dossiers. Refused while a ballot waits."""
    sitting = lock_planned(sitting)
    if Ballot.objects.filter(sitting=sitting, state=BallotState.DRAFT).exists():
        raise RefusedError(
            "Còn lượt bỏ phiếu đang chuẩn bị.", remedy="Mở và kiểm phiếu lượt đó, hoặc hủy nó, rồi kết thúc phiên họp."
        )
    sitting.state = SittingState.CLOSED
    sitting.save(update_fields=["state"])
    record_act("close-sitting", sitting, actor=actor)
    return sitting
