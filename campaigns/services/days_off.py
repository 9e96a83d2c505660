"""Keeping the table of days off and working days."""

from datetime import date, datetime

from django.db import transaction

from campaigns.calendar import short_day
from campaigns.models import CalendarDay, CalendarDayKind
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_unit_act


@transaction.atomic
def add_calendar_day(*, day: date, kind: str, name: str, citation: str, actor: Actor, at: datetime) -> CalendarDay:
    """Record that a day is off, or worked. It counts for what is computed from now on; no last day moves by itself."""
    made, is_new = CalendarDay.objects.get_or_create(
        day=day,
        defaults={"kind": kind, "name": name, "citation": citation, "recorded_at": at, "recorded_by": actor.account},
    )
    if not is_new:
        raise RefusedError(
            f"Ngày {short_day(day)} đã có trong bảng.",
            why=f"Đang ghi là {made.get_kind_display().lower()}: {made.name}, theo {made.citation}.",
            remedy="Bỏ dòng cũ trước, rồi ghi lại.",
        )
    record_unit_act(
        "add-calendar-day",
        actor.unit,
        actor=actor,
        day=day.isoformat(),
        what=CalendarDayKind(kind).label,
        name=name,
        citation=citation,
    )
    return made


@transaction.atomic
def remove_calendar_day(one: CalendarDay, *, actor: Actor) -> None:
    """Take a line out of the table; the day is again what the computed calendar says."""
    record_unit_act(
        "remove-calendar-day", actor.unit, actor=actor, day=one.day.isoformat(), name=one.name, citation=one.citation
    )
    one.delete()
