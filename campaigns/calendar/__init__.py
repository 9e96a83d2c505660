"""Deadline arithmetic of plans: from a phrase to the last day it leaves, and what a reader should be told.

Pure: no Django, no clock, no database. Today's date, the plan's own dates and the public holidays come in
as arguments.
"""

from campaigns.calendar.deadlines import (
    Caution,
    CautionCode,
    Deadline,
    DeadlineKind,
    PlanDates,
    before_day,
    days_after,
    month_range,
    occasion,
    quarter_range,
    until_day,
)
from campaigns.calendar.words import (
    OFFICE_ZONE,
    closing_instant,
    days_left_phrase,
    short_day,
    weekday_name,
)

__all__ = [
    "OFFICE_ZONE",
    "Caution",
    "CautionCode",
    "Deadline",
    "DeadlineKind",
    "PlanDates",
    "before_day",
    "closing_instant",
    "days_after",
    "days_left_phrase",
    "month_range",
    "occasion",
    "quarter_range",
    "short_day",
    "until_day",
    "weekday_name",
]
