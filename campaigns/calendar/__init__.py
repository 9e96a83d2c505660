"""Deadline arithmetic of plans: from a phrase to the last day it leaves, and what a reader should be told.

Pure: no Django, no clock, no database. Today's date, the plan's own dates and the days off come in as arguments;
`public_holidays` gives those that can be computed.
"""

from campaigns.calendar.deadlines import (
    Caution,
    CautionCode,
    Deadline,
    DeadlineKind,
    PlanDates,
    RelativeDue,
    before_day,
    day_off,
    day_range,
    days_after,
    month_range,
    occasion,
    quarter_range,
    until_day,
    working_days_after,
)
from campaigns.calendar.periods import (
    describe_overlap,
    find_duration_band,
    is_whole,
    list_overlaps,
    list_uncovered,
    move_years,
)
from campaigns.calendar.public_holidays import DaysOff, list_public_holidays
from campaigns.calendar.recurring import Every, Occurrence, list_occurrences
from campaigns.calendar.reminding import (
    CHOOSABLE_NOTICE_DAYS,
    USUAL_NOTICE_DAYS,
    first_live_day,
    step_in_force,
)
from campaigns.calendar.reported import Reported, find_reported
from campaigns.calendar.words import (
    OFFICE_ZONE,
    closing_instant,
    days_left_phrase,
    short_day,
    weekday_name,
)

__all__ = [
    "CHOOSABLE_NOTICE_DAYS",
    "OFFICE_ZONE",
    "USUAL_NOTICE_DAYS",
    "Caution",
    "CautionCode",
    "DaysOff",
    "Deadline",
    "DeadlineKind",
    "Every",
    "Occurrence",
    "PlanDates",
    "RelativeDue",
    "Reported",
    "before_day",
    "closing_instant",
    "day_off",
    "day_range",
    "days_after",
    "days_left_phrase",
    "describe_overlap",
    "find_duration_band",
    "find_reported",
    "first_live_day",
    "is_whole",
    "list_occurrences",
    "list_overlaps",
    "list_public_holidays",
    "list_uncovered",
    "month_range",
    "move_years",
    "occasion",
    "quarter_range",
    "short_day",
    "step_in_force",
    "until_day",
    "weekday_name",
    "working_days_after",
]
