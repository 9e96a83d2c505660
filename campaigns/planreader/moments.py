"""Days, months, quarters and years as plans write them, with what is wrong with the way they are written."""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from campaigns.calendar import month_range, quarter_range
from campaigns.planreader.reading import Code
from campaigns.planreader.text import Text

_CENTURY: Final = 2000
_OLDEST: Final = 1900
_YEAR_DIGITS: Final = 4
_ROMAN: Final = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
}
_MONTH_WORDS: Final = {
    "giêng": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}
_SEPARATOR: Final = r"\s{0,2}[/.\-]\s{0,2}"
_LOOSE: Final = r"\s{0,2}(?:[/.\-]\s{0,2}){1,3}"
_DAY_WORD: Final = r"(?:ngày\s+(?:mồng\s+|mùng\s+)?)?"
_OF_YEAR: Final = r"(?:\s*(?:[,/.\-]\s*)?năm\s+|\s{0,2}[/.\-]\s{0,2})"
_SPOKEN_DAY: Final = (
    r"(?P<d1>(?<![\w/])(?<!tuần )(?<!tuần thứ )\d{1,2})\s*tháng\s*(?P<m1>\d{1,2})(?!\d)"
    rf"(?:{_OF_YEAR}(?P<y1>\d{{4}})(?!\d))?"
)
_FORMS: Final = re.compile(
    "|".join(
        (
            # ngày 20 tháng 02 năm 2023, ngày 20 tháng 02/2023, ngày 20 tháng 02, ngày 20/02 năm 2023
            _SPOKEN_DAY,
            rf"(?P<d2>(?<![\w/])\d{{1,2}}){_SEPARATOR}(?P<m2>\d{{1,2}})\s*,?\s*năm\s+(?P<y2>\d{{4}})(?!\d)",
            # 20/02/2023, 20-02-2023, 20.02.2023, 20/02/23; also with too many marks or digits
            rf"(?P<d3>(?<![\w/])\d{{1,2}})(?P<s3>{_LOOSE})(?P<m3>\d{{1,2}})(?P<t3>{_LOOSE})(?P<y3>\d{{2,6}})(?![\w/])",
            # 20/022023, 2O/02/2023
            (
                r"(?P<bad>(?<![\w/])(?:\d{1,2}/\d{6}|(?=[\dol]*[ol])[\dol]{1,2}/[\dol]{1,2}/20[\dol]{2}"
                r"|\d{1,2}/(?=[\dol]*[ol])[\dol]{1,2}/20[\dol]{2})(?![\w/]))"
            ),
            # tháng 9/2021, tháng 02 năm 2021
            (
                rf"tháng\s+(?P<m4>\d{{1,2}}"
                rf"|{'|'.join(sorted(_MONTH_WORDS, key=len, reverse=True))})(?!\w){_OF_YEAR}(?P<y4>\d{{4}})(?!\d)"
            ),
            # Quý I/2022, quý 1 năm 2022, quý II
            rf"quý\s+(?P<q5>iv|iii|ii|i|[1-4]|một|hai|ba|tư)(?!\w)(?:{_OF_YEAR}(?P<y5>\d{{4}})(?!\d))?",
            r"(?P<half>6|06|sáu)\s+tháng\s+(?P<which>đầu|cuối)(?:\s+(?:của\s+)?năm)?(?:\s+(?P<y6>\d{4})(?!\d))?",
            # 9/2021
            r"(?P<m7>(?<![\w/.\-])\d{1,2})/(?P<y7>(?:19|20)\d\d)(?![\w/])",
            # ngày 20/02, dịp 11/6; "24/7" and "1/2" are not days unless a word says so
            (
                r"(?:(?:ngày|đến|trước|hết|dịp|từ|(?:chậm|muộn|trễ) nhất(?: là)?|hạn cuối|vào|sáng|chiều"
                r"|tối)\s+)(?P<d8>\d{1,2})\s?[/\-]\s?(?P<m8>\d{1,2})(?![\w/]|[.\-]\d)"
                r"(?:\s*,?\s*năm\s+(?P<y8>\d{4})(?!\d))?"
            ),
            # từ 20.11 đến 30.11: with points only where both have two digits
            r"(?:(?:ngày|đến|trước|hết|dịp|từ)\s+)(?P<d11>[0-3]\d)\.(?P<m11>[01]\d)(?![\w/]|[.\-]\d)",
            r"ngày\s+(?P<d12>[1-9])\.(?P<m12>1[0-2]|0?[1-9])(?![\w/]|[.\-]\d)",
            # tháng 9
            r"tháng\s+(?P<m9>1[0-2]|0?[1-9])(?![\w/]|\s?-\s?\d|\.\d)",
            r"năm\s+(?P<y10>(?:19|20)\d\d)(?![\w/]|\s{0,2}-\s{0,2}\d)",
        )
    )
)
_LEAD: Final = re.compile(r"(?:ngày|mồng|mùng)\s+$")
_ALL_MALFORMED: Final = re.compile(r"\d{1,2}\s?/\s?/\s?\d")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of whole days that words name. `year` is None where the words leave it out.

    `day`, `month`: as written; `unit` is "day", "month", "quarter", "half" or "year". `first` and `last` are None
    while the year is open and for a day that the calendar does not have.
    """

    start: int
    end: int
    unit: str
    year: int | None
    month: int = 1
    day: int = 1
    problem: Code | None = None

    @property
    def first(self) -> date | None:
        return self._bounds()[0]

    @property
    def last(self) -> date | None:
        return self._bounds()[1]

    def _bounds(self) -> tuple[date | None, date | None]:
        if self.year is None or not _OLDEST <= self.year < 2 * _CENTURY or self.problem is Code.IMPOSSIBLE_DATE:
            return None, None
        if self.unit == "day":
            day = date(self.year, self.month, self.day)
            return day, day
        if self.unit == "month":
            month = month_range(self.year, self.month)
            return month.first_day, month.last_day
        if self.unit == "quarter":
            quarter = quarter_range(self.year, self.month)
            return quarter.first_day, quarter.last_day
        if self.unit == "half":
            return (
                (date(self.year, 1, 1), date(self.year, 6, 30))
                if self.month == 1
                else (date(self.year, 7, 1), date(self.year, 12, 31))
            )
        return date(self.year, 1, 1), date(self.year, 12, 31)

    def in_year(self, year: int | None) -> "Moment":
        if self.year is not None or year is None:
            return self
        problem = self.problem
        if self.unit == "day" and not _exists(year, self.month, self.day):
            problem = Code.IMPOSSIBLE_DATE
        return replace(self, year=year, problem=problem)


def find_moments(text: Text, start: int, end: int) -> list[Moment]:
    """In the order of the text, none overlapping. Read once for a text: every reader of it asks many times."""
    found, starts = _all_moments(text)
    first = bisect_left(starts, start)
    last = bisect_left(starts, end, first)
    return [moment for moment in found[first:last] if moment.end <= end]


@lru_cache(maxsize=2)
def _all_moments(text: Text) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
    """Every moment, and where each begins."""
    found = tuple(_moments(text, 0, len(text.low)))
    return found, tuple(moment.start for moment in found)


def _moments(text: Text, start: int, end: int) -> Iterator[Moment]:
    for match in _FORMS.finditer(text.low, start, end):
        found = match.groupdict()
        if found["bad"]:
            yield _mended(match)
            continue
        moment = _read(match, found)
        if moment is not None:
            yield _with_lead(text, moment, start)


def _with_lead(text: Text, moment: Moment, start: int) -> Moment:
    """The word "ngày" before a day belongs to it."""
    if moment.unit != "day":
        return moment
    lead = _LEAD.search(text.low, max(start, moment.start - 14), moment.start)
    if lead is None:
        return moment
    return Moment(lead.start(), moment.end, "day", moment.year, moment.month, moment.day, moment.problem)


def _read(match: re.Match[str], found: dict[str, str | None]) -> Moment | None:
    for number in ("1", "2", "3", "8", "11", "12"):
        if found[f"d{number}"]:
            return _day(match, number)
    for number in ("4", "7", "9"):
        if found[f"m{number}"]:
            return _month(match, found[f"m{number}"] or "", found.get(f"y{number}"))
    if found["q5"]:
        return Moment(match.start(), match.end(), "quarter", _int(found["y5"]), _ROMAN[found["q5"]])
    if found["half"]:
        return Moment(match.start(), match.end(), "half", _int(found["y6"]), 1 if found["which"] == "đầu" else 2)
    return Moment(match.start(), match.end(), "year", _int(found["y10"]))


def _month(match: re.Match[str], word: str, year: str | None) -> Moment:
    month = int(word) if word.isdigit() else _MONTH_WORDS[word]
    if not 1 <= month <= 12:  # noqa: PLR2004  months of a year
        return Moment(match.start(), match.end(), "day", _int(year), problem=Code.IMPOSSIBLE_DATE)
    return Moment(match.start(), match.end(), "month", _int(year), month)


def _day(match: re.Match[str], number: str) -> Moment | None:
    day, month = int(match[f"d{number}"]), int(match[f"m{number}"])
    written = match.groupdict().get(f"y{number}")
    year = _int(written)
    problem = None
    if number == "3":
        if not _looks_like_date(match, day, month):
            return None
        problem = _malformed(match)
        if written and len(written) == 2:  # noqa: PLR2004  a short year
            year = _CENTURY + int(written)
    # The eighth form begins with the word before the day.
    start = match.start(f"d{number}")
    if not _exists(year or 2000, month, day) or (written and len(written) not in {2, _YEAR_DIGITS}):
        wrong = problem or Code.IMPOSSIBLE_DATE
        unread = year if problem is None else None
        return Moment(start, match.end(), "day", unread, problem=wrong)
    return Moment(start, match.end(), "day", year, month, day, problem)


def _looks_like_date(match: re.Match[str], day: int, month: int) -> bool:
    """Numbered headings, prices and versions also are three numbers with points between them."""
    year = match["y3"]
    if len(year) == _YEAR_DIGITS and year.startswith(("19", "20")):
        return True
    if "/" in match["s3"] and "/" in match["t3"]:
        return day <= 31 or month <= 12  # noqa: PLR2004  as a calendar has
    return False


def _malformed(match: re.Match[str]) -> Code | None:
    marks = [re.sub(r"\s", "", match["s3"]), re.sub(r"\s", "", match["t3"])]
    if any(len(mark) > 1 for mark in marks) or len(match["y3"]) not in {2, _YEAR_DIGITS}:
        return Code.MALFORMED_DATE
    return None


def _mended(match: re.Match[str]) -> Moment:
    """A slip of the typist that can still be read: letters for digits, a lost mark."""
    digits = re.sub(r"\D", "", match["bad"].replace("o", "0").replace("l", "1"))
    parts = match["bad"].replace("o", "0").replace("l", "1").split("/")
    if len(parts) == 2:  # noqa: PLR2004  the mark before the year is lost
        parts = [parts[0], parts[1][:2], parts[1][2:]]
    day, month, year = (int(part) for part in parts)
    if not digits or not _exists(year, month, day) or not _OLDEST <= year < 2 * _CENTURY:
        return Moment(match.start(), match.end(), "day", None, problem=Code.MALFORMED_DATE)
    return Moment(match.start(), match.end(), "day", year, month, day, Code.MALFORMED_DATE)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1]  # noqa: PLR2004  months of a year


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def malformed_elsewhere(text: Text, seen: list[Moment]) -> Iterator[int]:
    """Doubled marks that no reading could take for a day."""
    for match in _ALL_MALFORMED.finditer(text.low):
        if not any(moment.start <= match.start() < moment.end for moment in seen):
            yield match.start()
