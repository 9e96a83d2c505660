"""Days as offices say them."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OFFICE_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def closing_instant(last_day: date) -> datetime:
    """The first instant that is too late: "hết ngày D" ends when D+1 begins in Vietnam.

    Exclusive, so that an act is in time exactly when its instant is smaller.
    """
    return datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=OFFICE_ZONE)


def short_day(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def weekday_name(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def days_left_phrase(last_day: date, today: date) -> str:
    """How far a last day is, counted in calendar days; the last day itself is still in time."""
    days = (last_day - today).days
    if days < 0:
        return f"quá hạn {-days} ngày"
    if days == 0:
        return "hôm nay"
    if days == 1:
        return "ngày mai"
    return f"còn {days} ngày"
