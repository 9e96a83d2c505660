"""Which time a half-year or yearly report speaks of: the plan says when it is due, seldom of what."""

from dataclasses import dataclass
from datetime import date
from typing import Final

# A report that is due in these months closes the year before.
_LAST_MONTH_OF_CLOSING: Final = 3
_LAST_MONTH_OF_FIRST_HALF: Final = 9


@dataclass(frozen=True, slots=True)
class Reported:
    """A calendar year, or one of its halves (`half` is 1 or 2, and 0 for the whole year)."""

    year: int
    half: int = 0


def find_reported(
    last_day: date | None,
    opens_on: date,
    closes_on: date,
    *,
    is_half_year: bool,
    phase: tuple[date, date] | None = None,
) -> Reported:
    """What a report of a campaign speaks of.

    A phase, or else a campaign, within one calendar year says the year. Otherwise the last day does: until the end of
    March a report closes the year before. The half follows from a phase of at most six months, else from the last day:
    April to September is the first half, what is later or closes the year before is the second. Without any day it is
    the first half of the first year.
    """
    spans = [one for one in (phase, (opens_on, closes_on)) if one and one[0].year == one[1].year]
    if spans:
        year = spans[0][0].year
    elif last_day:
        year = last_day.year - (last_day.month <= _LAST_MONTH_OF_CLOSING)
    else:
        year = (phase or (opens_on, closes_on))[0].year
    return Reported(year, _half(last_day, spans[0] if spans else None, year) if is_half_year else 0)


def _half(last_day: date | None, span: tuple[date, date] | None, year: int) -> int:
    if span and _is_late(span[0]) == _is_late(span[1]):
        return 2 if _is_late(span[0]) else 1
    if last_day is None:
        return 1
    return 1 if last_day.year == year and last_day.month <= _LAST_MONTH_OF_FIRST_HALF else 2


def _is_late(day: date) -> bool:
    return day.month > 6  # noqa: PLR2004  July begins the second half
