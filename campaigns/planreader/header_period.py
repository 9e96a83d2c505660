"""The stretch of time that a plan is for, as its head says it."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Final

from campaigns.planreader.moments import find_moments
from campaigns.planreader.reading import Header, Period, Span
from campaigns.planreader.text import Text

_PERIOD: Final = re.compile(
    r"giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(?P<a>20\d\d)\s*(?:-|đến|tới)\s*(?:năm\s+)?(?P<b>20\d\d)|"
    r"từ năm\s+(?P<c>20\d\d)\s*(?:-|đến|tới)\s*(?:năm\s+)?(?P<d>20\d\d)|"
    r"(?P<school>năm học)\s+(?P<e>20\d\d)\s*-\s*(?P<f>20\d\d)|"
    r"(?:các\s+)?năm\s+(?P<g>20\d\d)\s*-\s*(?P<h>20\d\d)"
)


def read_period(text: Text, header: Header) -> Period | None:
    """The time in the title; else the stretch of years that the plan names most often, else the year it was issued."""
    if header.title_span:
        found = _periods(text, header.title_span.start, header.title_span.end) or _moment_period(
            text, header.title_span
        )
        if found:
            return found[0]
    spoken = _periods(text, 0, len(text.low))
    counted = Counter((period.first, period.last) for period in spoken)
    if counted:
        (first, last), _ = counted.most_common(1)[0]
        if header.earliest_issue is None or (
            first.year <= header.earliest_issue.year + 1 and last >= header.earliest_issue
        ):
            return next(period for period in spoken if (period.first, period.last) == (first, last))
    return None


def _periods(text: Text, start: int, end: int) -> list[Period]:
    found = []
    for match in _PERIOD.finditer(text.low, start, end):
        years = [int(match[key]) for key in "abcdefgh" if match[key]]
        span = Span(match.start(), match.end())
        if match["school"]:
            found.append(Period(date(years[0], 8, 1), date(years[1], 8, 31), span, is_exact=False))
        elif years[0] <= years[1]:
            found.append(Period(date(years[0], 1, 1), date(years[1], 12, 31), span))
    return found


def _moment_period(text: Text, span: Span) -> list[Period]:
    """A day in a title is an anniversary, so only longer stretches count; the shortest of them says most."""
    moments = [moment for moment in find_moments(text, span.start, span.end) if moment.unit != "day" and moment.first]
    periods = [
        Period(moment.first, moment.last, Span(moment.start, moment.end))
        for moment in moments
        if moment.first and moment.last
    ]
    return sorted(periods, key=lambda period: period.last - period.first or timedelta())[:1]
