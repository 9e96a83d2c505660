"""Work that comes again: every month, quarter, half-year or year of the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from campaigns.calendar.deadlines import Deadline, DeadlineKind, PlanDates, cautions_of, month_end
from campaigns.calendar.words import short_day

_ROMAN: Final = ("I", "II", "III", "IV")


class Every(IntEnum):
    """How many months lie between two occurrences; each divides the year, so occurrences end with its months."""

    MONTH = 1
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of many: what it is called, and its own deadline."""

    label: str
    deadline: Deadline


def list_occurrences(
    every: Every, first_day: date, last_day: date, *, until: int | None = None, plan: PlanDates | None = None
) -> list[Occurrence]:
    """The occurrences whose last day lies from `first_day` to `last_day`, both included, in order.

    Each is due by the end of its last month, or by the end of day `until` of that month (of the month's last day where
    the month is shorter).
    """
    if until is not None and not 1 <= until <= 31:  # noqa: PLR2004  days of a month
        raise ValueError(f"Ngày trong tháng phải từ 1 đến 31, không phải {until}.")
    plan = plan or PlanDates()
    return [
        occurrence
        for year in range(first_day.year, last_day.year + 1)
        for occurrence in _occurrences_of(every, year, until, plan)
        if first_day <= occurrence.deadline.last_day <= last_day
    ]


def _occurrences_of(every: Every, year: int, until: int | None, plan: PlanDates) -> Iterator[Occurrence]:
    for month in range(every, 13, every):
        end = month_end(year, month)
        last_day = end.replace(day=min(until or end.day, end.day))
        label = _label(every, year, month)
        phrase = f"định kỳ, {label}: đến hết ngày {short_day(last_day)}"
        yield Occurrence(
            label,
            Deadline(
                DeadlineKind.RECURRENT,
                phrase,
                last_day,
                last_day,
                date(year, month - every + 1, 1),
                tuple(cautions_of(plan, last_day)),
            ),
        )


def _label(every: Every, year: int, month: int) -> str:
    match every:
        case Every.MONTH:
            return f"tháng {month:02}/{year}"
        case Every.QUARTER:
            return f"Quý {_ROMAN[month // 3 - 1]}/{year}"
        case Every.HALF_YEAR:
            return f"6 tháng {'đầu' if month == Every.HALF_YEAR else 'cuối'} năm {year}"
        case Every.YEAR:
            return f"năm {year}"
