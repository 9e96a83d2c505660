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
    March a report closes the year before. The half follows from the last day, because the report on the first half is
    often work of the second: from April to September it is the first half's, later or in the next year the second's.
    Without a day it is the half that the phase lies in, or else the first one.
    """
    spans = [one for one in (phase, (opens_on, closes_on)) if one and one[0].year == one[1].year]
    if spans:
        year = spans[0][0].year
    elif last_day:
        year = last_day.year - (last_day.month <= _LAST_MONTH_OF_CLOSING)
    else:
        year = (phase or (opens_on, closes_on))[0].year
    return Reported(year, _half(last_day, phase, year) if is_half_year else 0)


def _half(last_day: date | None, phase: tuple[date, date] | None, year: int) -> int:
    if last_day is not None:
        return 1 if last_day.year == year and last_day.month <= _LAST_MONTH_OF_FIRST_HALF else 2
    return 2 if phase and phase[0].month > 6 else 1  # noqa: PLR2004  July begins the second half
