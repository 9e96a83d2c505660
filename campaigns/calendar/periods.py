"""Stretches of time beside one another: which overlap, which days none covers, how long a campaign lasts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from campaigns.calendar.words import short_day

Stretch = tuple[str, date, date]
Days = tuple[date, date]

# The bands of the yearly statistics on campaigns, by whole years.
_BANDS: Final = ((5, "Từ 05 năm trở lên"), (3, "Từ 03 năm đến dưới 05 năm"), (1, "Từ 01 năm đến dưới 03 năm"))
_ONE_DAY: Final = timedelta(days=1)


def move_years(day: date, years: int) -> date:
    """The same day so many years later; 29/2 becomes 28/2 where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def find_duration_band(opens_on: date, closes_on: date) -> str:
    """In which band of the statistics the time from `opens_on` to `closes_on` falls; both days count."""
    after = closes_on + _ONE_DAY
    if after == move_years(opens_on, 1):
        return "01 năm"
    return next((words for years, words in _BANDS if after >= move_years(opens_on, years)), "Dưới 01 năm")


def is_whole(first: date, last: date, opens_on: date, closes_on: date) -> bool:
    """Whether a stretch is the campaign's whole time, which may stand beside the stretches it falls into."""
    return (first, last) == (opens_on, closes_on)


def list_overlaps(stretches: Iterable[Stretch]) -> list[tuple[Stretch, Stretch]]:
    """Pairs of neighbours that share a day; the later of each pair is held against the one that ends last before."""
    found: list[tuple[Stretch, Stretch]] = []
    standing: Stretch | None = None
    for one in sorted(stretches, key=lambda stretch: (stretch[1], stretch[2])):
        if standing is not None and one[1] <= standing[2]:
            found.append((standing, one))
        if standing is None or one[2] > standing[2]:
            standing = one
    return found


def describe_overlap(one: Stretch, other: Stretch) -> str:
    return f"Đợt «{one[0]}» ({_days(one)}) và đợt «{other[0]}» ({_days(other)}) chồng lên nhau."


def _days(stretch: Stretch) -> str:
    return f"{short_day(stretch[1])} – {short_day(stretch[2])}"


def list_uncovered(opens_on: date, closes_on: date, stretches: Sequence[Days]) -> list[Days]:
    """The days from `opens_on` to `closes_on` that lie in no stretch. Nothing is uncovered where there is none."""
    if not stretches:
        return []
    after = closes_on + _ONE_DAY
    edges = [(opens_on, opens_on - _ONE_DAY), *sorted(stretches), (after, after)]
    found, covered = [], edges[0][1]
    for (_, last), (first, _) in pairwise(edges):
        covered = max(covered, last)
        if covered + _ONE_DAY < first and covered < closes_on:
            found.append((covered + _ONE_DAY, min(first - _ONE_DAY, closes_on)))
    return found
