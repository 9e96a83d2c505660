"""Recording that an event took place: every time counted from it then has its last day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from campaigns.calendar import RelativeDue, short_day
from campaigns.models import AnchorEvent, Assignment, Campaign, ExtensionState, Obligation
from campaigns.selectors.days_off import dates_of
from campaigns.selectors.inspections import find_plan_of
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.services.expected import tell_addressees
from units.actors import Actor
from units.refusals import RefusedError
from units.scoping import maintenance_scope
from units.services.audit import record_unit_act


@transaction.atomic
def record_anchor_event(
    event: AnchorEvent, *, happened_on: date, note: str, actor: Actor, day: date, at: datetime
) -> AnchorEvent:
    """Record the day of an event for the first time, and give every obligation that waits for it its last day.

    Refuses an event that a plan of inspection records: that day is entered there, once.
    """
    _refuse_planned(_lock(event, actor), actor)
    return lay_anchor_event(event, happened_on=happened_on, note=note, actor=actor, day=day, at=at)


def _refuse_planned(event: AnchorEvent, actor: Actor) -> None:
    plan = find_plan_of(event, actor.unit)
    if plan is not None:
        raise RefusedError(
            f"Sự kiện «{event.title}» được ghi nhận từ kế hoạch kiểm tra «{plan.title}».",
            why="Ngày kết thúc kiểm tra chỉ ghi một lần, ở việc kiểm tra từng đơn vị; sự kiện đi theo ngày đó.",
            remedy="Ghi hoặc đính chính ngày kết thúc ở kế hoạch kiểm tra.",
            way_out=(plan.get_absolute_url(), "Mở kế hoạch kiểm tra"),
        )


@transaction.atomic
def lay_anchor_event(
    event: AnchorEvent, *, happened_on: date, note: str, actor: Actor, day: date, at: datetime
) -> AnchorEvent:
    """`record_anchor_event` for whatever makes the event known by itself."""
    event = _lock(event, actor)
    if event.happened_on is not None:
        raise RefusedError(
            f"Sự kiện «{event.title}» đã được ghi nhận, diễn ra ngày {short_day(event.happened_on)}.",
            why="Thời hạn của các việc đã được tính từ ngày này.",
            remedy="Nếu ngày đó ghi sai, dùng Đính chính và nêu lý do.",
        )
    _check_day(event, happened_on, day)
    event.happened_on, event.note = happened_on, note
    event.recorded_at, event.recorded_by = at, actor.account
    event.save(update_fields=["happened_on", "note", "recorded_at", "recorded_by"])
    moved = _count_from(event, happened_on, at)
    record_unit_act(
        "record-anchor-event",
        event.campaign.issuer,
        actor=actor,
        event=event.title,
        campaign=event.campaign.code,
        on=happened_on.isoformat(),
        number=moved,
    )
    return event


@transaction.atomic
def correct_anchor_event(
    event: AnchorEvent, *, happened_on: date, reason: str, actor: Actor, day: date, at: datetime
) -> AnchorEvent:
    """Replace a day that was recorded wrongly. Last days are counted anew, forwards or back, with the reason kept."""
    _refuse_planned(_lock(event, actor), actor)
    return move_anchor_event(event, happened_on=happened_on, reason=reason, actor=actor, day=day, at=at)


@transaction.atomic
def move_anchor_event(
    event: AnchorEvent, *, happened_on: date, reason: str, actor: Actor, day: date, at: datetime
) -> AnchorEvent:
    """`correct_anchor_event` for whatever makes the event known by itself."""
    event = _lock(event, actor)
    if event.happened_on is None:
        raise RefusedError(
            f"Sự kiện «{event.title}» chưa được ghi nhận nên chưa có gì để đính chính.",
            remedy="Ghi nhận sự kiện trước.",
        )
    if event.happened_on == happened_on:
        raise RefusedError(
            f"Ngày {short_day(happened_on)} đúng là ngày đang ghi.",
            why="Đính chính là thay bằng một ngày khác.",
            remedy="Ghi ngày đúng, hoặc quay lại mà không lưu.",
        )
    _check_day(event, happened_on, day)
    before = event.happened_on
    event.happened_on, event.note, event.version = happened_on, reason, event.version + 1
    event.recorded_at, event.recorded_by = at, actor.account
    event.save(update_fields=["happened_on", "note", "version", "recorded_at", "recorded_by"])
    moved = _count_from(event, happened_on, at)
    record_unit_act(
        "correct-anchor-event",
        event.campaign.issuer,
        actor=actor,
        event=event.title,
        campaign=event.campaign.code,
        before=before.isoformat(),
        on=happened_on.isoformat(),
        reason=reason,
        number=moved,
    )
    return event


def _lock(event: AnchorEvent, actor: Actor) -> AnchorEvent:
    event = AnchorEvent.objects.select_for_update(of=("self",)).select_related("campaign__issuer").get(pk=event.pk)
    issuer = event.campaign.issuer
    if issuer not in list_kept_issuers(actor.unit):
        raise RefusedError(
            f"{actor.unit} không ghi nhận được sự kiện này.",
            why=f"Phong trào do {issuer} phát động, nên nơi đó ghi nhận.",
            remedy=f"Liên hệ {issuer}.",
        )
    return event


def _check_day(event: AnchorEvent, happened_on: date, day: date) -> None:
    campaign: Campaign = event.campaign
    if happened_on > day:
        raise RefusedError(
            f"Ngày {short_day(happened_on)} ở sau hôm nay, nên chưa ghi nhận được.",
            why="Thời hạn chỉ tính từ ngày sự kiện đã diễn ra.",
            remedy="Ghi nhận sau khi sự kiện diễn ra.",
        )
    if happened_on < campaign.opens_on:
        raise RefusedError(
            f"Ngày {short_day(happened_on)} ở trước khi phong trào bắt đầu.",
            why=f"Phong trào bắt đầu ngày {short_day(campaign.opens_on)}.",
            remedy="Xem lại ngày trong biên bản hoặc văn bản về sự kiện.",
        )


def _count_from(event: AnchorEvent, happened_on: date, at: datetime) -> int:
    """Give obligations of the event and their assignments their last day; return how many assignments moved.

    An assignment with a granted extension beyond the new last day keeps it.
    """
    plan, moved = dates_of(event.campaign), 0
    # The units that owe are the whole cluster's or the whole branch's, seldom below the issuer alone.
    with maintenance_scope("An event sets the last day of every unit that waits for it."):
        for obligation in Obligation.objects.select_for_update().filter(anchor_event=event).order_by("pk"):
            due = RelativeDue(obligation.days_after or 1, event.title, obligation.counts_working_days)
            deadline = due.reckon(happened_on, plan)
            obligation.last_day = deadline.last_day
            obligation.warnings = [caution.text for caution in deadline.cautions]
            obligation.save(update_fields=["last_day", "warnings"])
            moved += _move_assignments(obligation, deadline.last_day, at)
            tell_addressees(obligation)
    return moved


def _move_assignments(obligation: Obligation, last_day: date, at: datetime) -> int:
    extended = Q(extension_requests__state=ExtensionState.GRANTED, extension_requests__until__gt=last_day)
    kept = Assignment.objects.filter(extended, obligation=obligation).values("pk")
    return (
        Assignment.objects.filter(obligation=obligation)
        .exclude(pk__in=kept)
        .exclude(last_day=last_day, last_day__isnull=False)
        .update(last_day=last_day, deadline_version=F("deadline_version") + 1, deadline_moved_at=at)
    )
