"""From a plan's words about time to the last day they leave. Pure."""

from campaigns.calendar import (
    Deadline,
    PlanDates,
    before_day,
    day_range,
    month_range,
    occasion,
    quarter_range,
    until_day,
)
from campaigns.plan_parts import Due


def reckon(due: Due, dates: PlanDates) -> Deadline | None:
    """The deadline of a plan's words; None while it waits for an event or names no time."""
    deadline: Deadline | None = None
    if due.type == "before-day" and due.day:
        deadline = before_day(due.day, dates)
    elif due.type == "until-day" and due.day:
        deadline = until_day(due.day, dates)
    elif due.type == "month" and due.year and due.month:
        deadline = month_range(due.year, due.month, dates)
    elif due.type == "quarter" and due.year and due.quarter:
        deadline = quarter_range(due.year, due.quarter, dates)
    elif due.type == "range" and due.first and due.last:
        deadline = day_range(due.first, due.last, dates)
    elif due.type == "occasion" and due.day:
        deadline = occasion(due.day, due.occasion or "", dates)
    return deadline
