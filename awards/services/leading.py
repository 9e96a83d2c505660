"""The secretary changes when and where a sitting is held, and leads everybody through its cases."""

from datetime import date, time

from django.db import transaction
from django.db.models import Q

from awards.models import AgendaItem, Attendance, Ballot, BallotState, CouncilMember, Sitting, SittingState
from awards.selectors.councils import list_agenda, list_members, list_ready_nominations
from awards.services.seats import keep_duties_of
from awards.services.sittings import lock_planned, order_agenda
from exemplars.models import Nomination
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


@transaction.atomic
def change_sitting(
    sitting: Sitting,
    *,
    title: str,
    held_on: date,
    place: str,
    starts_at: time | None,
    online_at: str,
    actor: Actor,
    day: date,
) -> Sitting:
    """Hold a sitting otherwise. On another day it has that day's members, and its substitutes go along.

    Members who were invited are told only when the invitation is sent again. Refused once a ballot was opened.
    """
    sitting = lock_planned(sitting)
    if held_on != sitting.held_on:
        _require_no_ballot(sitting)
        _move_substitutes(sitting, held_on, actor=actor, day=day)
    sitting.title, sitting.held_on, sitting.place = title, held_on, place
    sitting.starts_at, sitting.online_at = starts_at, online_at
    sitting.save(update_fields=["title", "held_on", "place", "starts_at", "online_at"])
    members = list_members(sitting.council, held_on)
    Attendance.objects.filter(sitting=sitting).exclude(member__in=members).delete()
    record_act("change-sitting", sitting, actor=actor, held_on=held_on.isoformat())
    return sitting


def _require_no_ballot(sitting: Sitting) -> None:
    if Ballot.objects.filter(sitting=sitting).exclude(state__in=(BallotState.DRAFT, BallotState.VOID)).exists():
        raise RefusedError(
            "Phiên họp đã có lượt bỏ phiếu nên không đổi ngày được.",
            why="Danh sách người bỏ phiếu được chốt theo thành viên của ngày họp.",
            remedy="Lập một phiên họp mới cho các trường hợp còn lại.",
        )


def _move_substitutes(sitting: Sitting, held_on: date, *, actor: Actor, day: date) -> None:
    others = Sitting.objects.filter(council=sitting.council, held_on=held_on, state=SittingState.PLANNED)
    substitutes = CouncilMember.objects.filter(for_sitting=sitting, valid_to=sitting.held_on)
    moved = list(substitutes.select_related("user", "unit", "council"))
    if moved and others.exclude(pk=sitting.pk).exists():
        raise RefusedError(
            f"Hội đồng đã có một phiên họp ngày {held_on:%d/%m/%Y}.",
            why="Phiên họp này có người thay, và người thay giữ ghế theo ngày họp.",
            remedy="Chọn ngày khác, hoặc bỏ người thay trước.",
        )
    for one in moved:
        one.valid_from, one.valid_to = min(one.valid_from, held_on), held_on
        one.save(update_fields=["valid_from", "valid_to"])
    keep_duties_of(moved, day=day, actor=actor, reason=f"Phiên họp chuyển sang ngày {held_on:%d/%m/%Y}")


@transaction.atomic
def discuss_case(sitting: Sitting, item: AgendaItem | None, *, actor: Actor) -> Sitting:
    """Lead every member's screen to a case, or to none. Allowed while a ballot is open: it changes nothing in it."""
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("unit").get(pk=sitting.pk)
    if sitting.state != SittingState.PLANNED:
        raise RefusedError("Phiên họp đã kết thúc.", remedy="Tải lại trang để xem kết quả.")
    sitting.under_discussion = item
    sitting.save(update_fields=["under_discussion"])
    record_act("discuss-case", sitting, actor=actor, order=item.order if item else 0)
    return sitting


@transaction.atomic
def fill_agenda(sitting: Sitting, *, campaign: int | None, recognition: int | None, actor: Actor) -> int:
    """Put every accepted nomination, of a campaign and recognition where given, last on the agenda; return how many."""
    sitting = lock_planned(sitting)
    wanted = Q()
    if campaign is not None:
        wanted &= Q(campaign=campaign)
    if recognition is not None:
        wanted &= Q(recognition=recognition)
    # Locked first and looked at again after: two sittings may not take one at once.
    ready = list_ready_nominations(sitting).filter(wanted).values_list("pk", flat=True)
    locked = Nomination.cases.select_for_update(of=("self",)).filter(pk__in=list(ready)).order_by("pk")
    list(locked.values_list("pk", flat=True))
    cases = list(list_ready_nominations(sitting).filter(wanted))
    last = max((one.order for one in list_agenda(sitting)), default=0)
    AgendaItem.objects.bulk_create(
        AgendaItem(unit=sitting.unit, unit_path=sitting.unit.path, sitting=sitting, nomination=one, order=order)
        for order, one in enumerate(cases, start=last + 1)
    )
    record_act("fill-agenda", sitting, actor=actor, cases=len(cases))
    return len(cases)


def move_agenda_item(item: AgendaItem, steps: int, *, actor: Actor) -> None:
    """Move a case one place up (-1) or down (1); at the end of the list nothing happens."""
    items = list(list_agenda(item.sitting))
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    other = place + steps
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
        order_agenda(item.sitting, places={one.pk: number for number, one in enumerate(items)}, actor=actor)
