"""When something that is due is worth a word."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

# Days before the last day on which to remind; 0 is the last day itself.
USUAL_NOTICE_DAYS: Final = (7, 3, 1, 0)
CHOOSABLE_NOTICE_DAYS: Final = (30, 14, 7, 3, 1, 0)
_WEEK: Final = 7
REMINDED_AFTER_END: Final = timedelta(days=92)
"""How long open work is spoken of once its campaign has closed and its last day has passed; then it is history."""


def step_in_force(days_left: int, notice_days: Collection[int], *, daily_when_late: bool = False) -> int | None:
    """The reminder that is due with `days_left`: the latest one whose day has come, or None while none has.

    Named by the number of days left on its own day, so that one that was missed is given later, once, and two that
    were missed are given as one. What is late is reminded on the first day after and then every week, or every day.
    """
    if days_left < 0:
        return days_left if daily_when_late else -1 - (-days_left - 1) // _WEEK * _WEEK
    return min((day for day in notice_days if day >= days_left), default=None)


def first_live_day(day: date) -> date:
    """The earliest close or last day by which work that is still open on `day` is not history yet."""
    return day - REMINDED_AFTER_END
