"""What day and time it is, in one place. Services receive the day as an argument; only views, tasks and commands ask.

In the demonstration the day is shifted to the one the real plans speak of; the time of day stays true. There a file
may move the day while everything runs, alike for web, worker and beat; a real installation never opens it.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone


def _shift() -> timedelta:
    if not settings.DEMONSTRATION_DAY:
        return timedelta()
    return date.fromisoformat(_read_moved_day() or settings.DEMONSTRATION_DAY) - timezone.localdate()


def _read_moved_day() -> str:
    """The day that the file of the moved clock names; empty without one. Read anew each time: it is one line."""
    if not settings.DEMONSTRATION_CLOCK_FILE or settings.SECURE:
        return ""
    try:
        return Path(settings.DEMONSTRATION_CLOCK_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def now() -> datetime:
    """The instant, by this process's clock. For showing and recording; deadlines ask `database_now`."""
    return timezone.now() + _shift()


def shown_time(at: datetime) -> datetime:
    """An instant that a library wrote by the machine's clock, as this product tells time."""
    return at + _shift()


def today() -> date:
    """Today in Vietnam."""
    return timezone.localdate(now())


def database_now() -> datetime:
    """The instant by the database's clock, inside the running transaction: the one that decides a deadline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0] + _shift()
