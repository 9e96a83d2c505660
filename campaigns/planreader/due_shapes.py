"""A time that was found, how firmly it is meant, and the frame of days in which it is understood."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Final

from campaigns.planreader.reading import Due, Period, Span
from campaigns.planreader.text import Text


class Firmness(IntEnum):
    """How much a time says by itself that something is due then."""

    NONE = 0  # a year or month that describes something
    LOOSE = 1  # a day or stretch is named; only an act beside it makes it a due
    TIMED = 2  # "trong Quý I", "vào dịp", "hằng năm": a time of an act
    FIRM = 3  # "trước ngày", "chậm nhất", "Thời hạn:"


@dataclass(frozen=True, slots=True)
class FoundDue:
    due: Due
    start: int
    end: int
    firmness: Firmness


_LABEL: Final = re.compile(
    r"(?:thời gian|thời hạn|thời điểm|hạn|tiến độ|lộ trình|mốc)(?:\s+\w+){0,8}\s*(?:\([^()]*\)\s*)?:[\s\w,-]{0,30}$"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a time that leaves out its year is read by."""

    issued_on: date | None = None
    earliest_issue: date | None = None
    period: Period | None = None

    def year_of(self, month: int) -> int | None:
        """The year of the plan in which a month without a year lies."""
        known = self.issued_on or self.earliest_issue
        if self.period and self.period.first.year == self.period.last.year:
            return self.period.first.year
        if self.period and not self.period.is_exact:
            return self.period.first.year if month >= self.period.first.month else self.period.last.year
        if known is None:
            return None
        return known.year if month >= known.month else known.year + 1


def make_due(text: Text, span: tuple[int, int], start: int, end: int, due: Due, firmness: Firmness) -> FoundDue:
    if label := _LABEL.search(text.low, max(span[0], start - 110), start):
        start, firmness = label.start(), Firmness.FIRM
    return FoundDue(replace(due, span=Span(start, end)), start, end, firmness)
