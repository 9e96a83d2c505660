"""The end of an inspection: entered once, told to the inspected unit, and to the campaign that counts times from it.

The day stands in three places (the head's row, the inspected unit's copy, the event of the campaign) and is written
here alone, so that they never differ.
"""

from datetime import date, datetime

from django.db import transaction

from campaigns.calendar import days_after, short_day, working_days_after
from campaigns.models import Inspection, InspectionNotice, InspectionPlan, PlanState
from campaigns.selectors.days_off import dates_from
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.services.anchor_events import lay_anchor_event, move_anchor_event
from campaigns.services.crossing import both_sides
from campaigns.services.inspections import lock_running
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act
from units.services.rights import close_grants


@transaction.atomic
def end_inspection(inspection: Inspection, *, ended_on: date, actor: Actor, day: date, at: datetime) -> Inspection:
    """Record the day on which the inspection of a unit ended. The team's rights there end at once.

    The result is due within the days that the plan gives. With the last unit of the plan its event is recorded. Refuses
    a day to come, one before the inspection began, and a second end.
    """
    inspection = lock_running(inspection, actor)
    if inspection.ended_on:
        raise RefusedError(
            f"Đã ghi kết thúc ngày {short_day(inspection.ended_on)}.",
            remedy="Nếu ngày đó ghi sai, dùng Đính chính ngày kết thúc và nêu lý do.",
        )
    notice = _write_end(inspection, ended_on, day)
    said = {"on": ended_on.isoformat(), "due": inspection.result_due.isoformat() if inspection.result_due else ""}
    record_act("end-inspection", inspection, actor=actor, **said)
    with both_sides():
        record_act("end-inspection", notice, actor=actor, **said)
        close_grants(notice.grants, reason=f"kết thúc kiểm tra ngày {short_day(ended_on)}", actor=actor, at=at)
    _tell_campaign(inspection.plan, reason="", actor=actor, day=day, at=at)
    return inspection


@transaction.atomic
def correct_inspection_end(
    inspection: Inspection, *, ended_on: date, reason: str, actor: Actor, day: date, at: datetime
) -> Inspection:
    """Replace a wrongly recorded end, also at the inspected unit and in the campaign's event; its times move with it.

    Refuses a day after the report on the result.
    """
    inspection = lock_running(inspection, actor, (PlanState.ANNOUNCED, PlanState.DONE))
    before, reason = inspection.ended_on, nfc(reason).strip()
    if before is None:
        raise RefusedError("Chưa ghi kết thúc nên chưa có gì để đính chính.", remedy="Ghi ngày kết thúc trước.")
    if before == ended_on:
        raise RefusedError(
            f"Ngày {short_day(ended_on)} đúng là ngày đang ghi.", remedy="Ghi ngày đúng, hoặc quay lại mà không lưu."
        )
    if inspection.result_on and inspection.result_on < ended_on:
        raise RefusedError(
            f"Báo cáo kết quả ghi ngày {short_day(inspection.result_on)}, trước ngày kết thúc này.",
            remedy="Xem lại ngày trong biên bản kiểm tra.",
        )
    notice = _write_end(inspection, ended_on, day)
    said = {"before": before.isoformat(), "on": ended_on.isoformat(), "reason": reason}
    record_act("correct-inspection-end", inspection, actor=actor, **said)
    with both_sides():
        record_act("correct-inspection-end", notice, actor=actor, **said)
    _tell_campaign(inspection.plan, reason=reason, actor=actor, day=day, at=at)
    return inspection


def _write_end(inspection: Inspection, ended_on: date, day: date) -> InspectionNotice:
    """The day on both sides and the last day of the result. Returns the inspected unit's side."""
    if not inspection.starts_on <= ended_on <= day:
        raise RefusedError(
            f"Ngày kết thúc phải từ {short_day(inspection.starts_on)} đến hôm nay, {short_day(day)}.",
            why="Việc kiểm tra không kết thúc trước khi bắt đầu và không ghi trước cho ngày chưa tới.",
            remedy="Ghi lại ngày, hoặc quay lại vào ngày kết thúc.",
        )
    plan = inspection.plan
    count = working_days_after if plan.counts_working_days else days_after
    due = count(plan.result_days, ended_on, "kết thúc kiểm tra", dates_from(ended_on)).last_day
    inspection.ended_on, inspection.result_due = ended_on, due
    inspection.save(update_fields=["ended_on", "result_due"])
    with both_sides():
        notices = InspectionNotice.objects.select_for_update(of=("self",)).select_related("unit")
        notice = notices.get(inspection=inspection.pk)
        notice.ended_on = ended_on
        notice.save(update_fields=["ended_on"])
    return notice


def _tell_campaign(plan: InspectionPlan, *, reason: str, actor: Actor, day: date, at: datetime) -> None:
    """The plan's event happened on the day on which its last inspection ended; nothing while one of them goes on.

    A head that took the plan over does not keep the campaign of the former one, who then records the event.
    """
    event = plan.anchor_event
    if event is None or event.campaign.issuer not in list_kept_issuers(actor.unit):
        return
    ends = list(plan.inspections.values_list("ended_on", flat=True))
    days = [one for one in ends if one is not None]
    if not days or len(days) < len(ends):
        return
    last = max(days)
    if event.happened_on is None:
        lay_anchor_event(event, happened_on=last, note=plan.citation, actor=actor, day=day, at=at)
    elif event.happened_on != last:
        why = reason or f"Kết thúc kiểm tra theo {plan.citation}"
        move_anchor_event(event, happened_on=last, reason=why, actor=actor, day=day, at=at)
