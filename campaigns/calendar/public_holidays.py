"""Public holidays of Việt Nam: Tết by the lunar calendar, days in lieu, and working days that were swapped.

The library `holidays` computes them by Bộ luật Lao động, Điều 112, and keeps the swaps that were announced up to its
release. What is decided each year later than that stands in a table that a root keeps (`CalendarDay`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days on which offices are closed, with the reason, and days of a weekend on which they are open."""

    off: Mapping[date, str]
    worked: frozenset[date]


@cache
def list_public_holidays(first_year: int, last_year: int) -> DaysOff:
    """From 1 January of `first_year` to 31 December of `last_year`."""
    # A day may be exchanged for one of the year before or after.
    known = holidays.country_holidays("VN", years=range(first_year - 1, last_year + 2), language="vi")
    within = {day: known[day] for day in sorted(known) if first_year <= day.year <= last_year}
    worked = frozenset(day for day in known.weekend_workdays if first_year <= day.year <= last_year)
    return DaysOff(within, worked - within.keys())
