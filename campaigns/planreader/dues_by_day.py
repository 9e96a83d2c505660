"""Times that the calendar names: a day, a month, a quarter, a range of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from campaigns.planreader.due_shapes import Firmness, FoundDue, Frame, make_due
from campaigns.planreader.moments import Moment
from campaigns.planreader.reading import Due, DueKind
from campaigns.planreader.text import Text

CLOCK: Final = r"(?:\d{1,2}\s*(?:giờ|h|g|:)\s*(?:\d{1,2})?\s*(?:phút|'|p)?\s*,?\s*)"


_SLACK: Final = rf"(?:\s*(?:là|vào|đến|trong|hết|cuối|thời điểm|hạn|khoảng|của|thứ \w+|chủ nhật|,|:|{CLOCK}))*\s*$"


_BEFORE: Final = re.compile(r"trước" + _SLACK)


_LATEST: Final = re.compile(r"(?:chậm nhất|muộn nhất|trễ nhất|không quá|không muộn hơn|hạn cuối|hạn chót|hạn)" + _SLACK)


_UNTIL: Final = re.compile(r"(?:đến hết|cho đến|hết|đến|tới|kết thúc)" + _SLACK)


_WITHIN: Final = re.compile(
    r"(?:hoàn thành|xong|hoàn tất|trong|vào|tổ chức|dự kiến|ngay|khoảng|diễn ra|khai mạc|bắt đầu|cuối|đầu|giữa|"
    r"trung tuần|thượng tuần|hạ tuần|tuần (?:thứ )?\w+|trong vòng|sáng|chiều|tối|buổi|ngay trong)(?:\s+của)?" + _SLACK
)


_RANGE_JOIN: Final = re.compile(
    r"(?:\s*\((?:thứ \w+|chủ nhật)\))?\s*,?\s*"
    r"(?:(?:và\s+)?kết\s+thúc(?:\s+vào)?|(?:cho\s+)?(?:(?:và\s+)?(?:đến|tới)(?:\s+(?:hết|cuối|giữa))?|-))\s*"
)


_FROM: Final = re.compile(
    rf"(?:kể từ|tính từ|bắt đầu từ|từ)\s*(?:đầu|giữa|cuối|hết|(?:buổi\s+)?(?:sáng|chiều|tối)|{CLOCK})?\s*$"
)


_DAY_PAIR: Final = re.compile(
    r"(?:từ\s+)?(?:ngày\s+)?(?<![\d/.])(?P<d>\d{1,2})(?:\s*[/.]\s*(?P<m>\d{1,2}))?\s*(?:-|đến|tới|và)\s*(?:hết\s+)?$"
)


_MONTH_PAIR: Final = re.compile(
    r"tháng\s+(?P<m>\d{1,2})\s*(?:-|đến|tới|,|và)\s*$|(?:từ\s+)(?P<n>\d{1,2})\s*(?:-|đến)\s*$"
)


_QUARTER_PAIR: Final = re.compile(
    r"quý\s+(?P<q>iii|ii|i|[1-3])\s*(?:-|đến|tới|,|và)\s*(?:quý\s+)?(?P<r>iv|iii|ii|[2-4])(?:\s*[/,]?\s*(?:năm\s+)?(?P<y>20\d\d))?"
)


_MONTH_LIST: Final = re.compile(
    r"tháng\s+(?P<a>\d{1,2})(?:\s*,\s*\d{1,2}){0,6}\s*(?:,|và|,\s*và)\s*(?:tháng\s+)?(?P<b>\d{1,2})(?![\d.])"
    r"(?!\s*/\s*\d{1,2}(?!\d))(?:\s*(?:/|năm)\s*(?P<y>20\d\d))?"
)


_NEXT_YEAR: Final = re.compile(r"\s*(?:của\s+)?năm\s+(?:sau|kế tiếp|tiếp theo|liền kề|kế)(?!\w)(?:\s+liền kề)?")


_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


_ACT_AHEAD: Final = re.compile(
    r"(?:sơ kết|tổng kết|nghiệm thu|hoàn thành|hoàn tất|khai mạc|bế mạc|công bố|phát động|tổ chức|trao giải|xét duyệt"
    r"|thẩm định|bảo vệ|báo cáo|họp|kết thúc|bắt đầu)\s*$"
)


def find_dated(text: Text, span: tuple[int, int], moments: list[Moment], frame: Frame) -> Iterator[FoundDue]:
    yield from _pairs_of_quarters(text, span, frame)
    yield from _lists_of_months(text, span, frame)
    index = 0
    while index < len(moments):
        first = moments[index]
        if index + 1 < len(moments) and _RANGE_JOIN.fullmatch(text.low, first.end, moments[index + 1].start):
            yield _range(text, span, first, moments[index + 1], frame)
            index += 2
        else:
            yield _single(text, span, first, frame)
            index += 1


def _pairs_of_quarters(text: Text, span: tuple[int, int], frame: Frame) -> Iterator[FoundDue]:
    for match in _QUARTER_PAIR.finditer(text.low, *span):
        year = int(match["y"]) if match["y"] else frame.year_of(_ROMAN[match["r"]] * 3)
        first = Moment(match.start(), match.end(), "quarter", year, _ROMAN[match["q"]]).first
        last = Moment(match.start(), match.end(), "quarter", year, _ROMAN[match["r"]]).last
        yield make_due(
            text, span, match.start(), match.end(), Due(DueKind.RANGE, first=first, last=last), Firmness.TIMED
        )


def _lists_of_months(text: Text, span: tuple[int, int], frame: Frame) -> Iterator[FoundDue]:
    """ "Trong các tháng 02, 3, 4 năm 2024" is from the first to the last."""
    for match in _MONTH_LIST.finditer(text.low, *span):
        months = int(match["a"]), int(match["b"])
        year = int(match["y"]) if match["y"] else frame.year_of(months[1])
        if not 1 <= months[0] < months[1] <= 12:  # noqa: PLR2004  months of a year
            continue
        if "," not in match.group() and months[1] > months[0] + 1:
            continue  # "tháng 4 và tháng 9": two times, not all between them
        first, last = (Moment(match.start(), match.end(), "month", year, month) for month in months)
        due = Due(DueKind.RANGE, first=first.first, last=last.last)
        yield make_due(text, span, match.start(), match.end(), due, Firmness.TIMED)


def _range(text: Text, span: tuple[int, int], first: Moment, last: Moment, frame: Frame) -> FoundDue:
    last = with_year(last, frame)
    if first.year is None and last.year is not None:
        year = last.year
        if (first.month, first.day) > (last.month, last.day) and first.unit == last.unit:
            year -= 1
        first = first.in_year(year)
    lead = _FROM.search(text.low, max(span[0], first.start - 24), first.start)
    start = lead.start() if lead else first.start
    due = Due(DueKind.RANGE, first=first.first, last=last.last)
    return make_due(text, span, start, last.end, due, Firmness.TIMED if lead else Firmness.LOOSE)


def with_year(moment: Moment, frame: Frame) -> Moment:
    if moment.year is not None or moment.problem is not None:
        return moment
    month = moment.month * {"quarter": 3, "half": 6}.get(moment.unit, 1)
    return moment.in_year(frame.year_of(month))


def _of_next_year(text: Text, span: tuple[int, int], moment: Moment, frame: Frame) -> Moment:
    """ "Trước ngày 15/01 năm sau", in a plan of one year."""
    period = frame.period
    if moment.year is not None or period is None or period.first.year != period.last.year:
        return moment
    behind = _NEXT_YEAR.match(text.low, moment.end, span[1])
    return replace(moment, end=behind.end()).in_year(period.first.year + 1) if behind else moment


def _single(text: Text, span: tuple[int, int], moment: Moment, frame: Frame) -> FoundDue:
    moment = with_year(_of_next_year(text, span, moment, frame), frame)
    if moment.unit == "day":
        return _day(text, span, moment)
    before = (max(span[0], moment.start - 60), moment.start)
    if lead := _FROM.search(text.low, *before):  # "từ tháng 3" without an end
        return make_due(text, span, lead.start(), moment.end, Due(DueKind.RANGE, first=moment.first), Firmness.LOOSE)
    for lead_in in (_BEFORE, _LATEST):
        if lead := lead_in.search(text.low, *before):
            return _before_stretch(text, span, moment, lead.start(), is_before=lead_in is _BEFORE)
    due, start = _stretch(text, span, moment)
    lead = _WITHIN.search(text.low, *before)
    ahead = text.low[before[0] : start]
    opens = not re.search(r"\w\s*$", ahead) or start == span[0] or bool(_ACT_AHEAD.search(ahead))
    is_head = start == span[0] and text.low.startswith(":", moment.end)  # "Năm 2025: sơ kết …"
    firmness = Firmness.TIMED if lead or (opens and moment.unit != "year") or is_head else Firmness.NONE
    return make_due(text, span, lead.start() if lead else start, moment.end, due, firmness)


def _stretch(text: Text, span: tuple[int, int], moment: Moment) -> tuple[Due, int]:
    """A month or quarter; "tháng 3-5/2024" and "cuối tháng 5" say more."""
    before = text.low[max(span[0], moment.start - 20) : moment.start]
    first, last, start = moment.first, moment.last, moment.start
    if moment.unit == "month" and first and last:
        pair = _MONTH_PAIR.search(before)
        if pair and 1 <= int(pair["m"] or pair["n"]) <= 12:  # noqa: PLR2004  months of a year
            month = int(pair["m"] or pair["n"])
            year = first.year if month <= first.month else first.year - 1
            first, start = date(year, month, 1), start - len(before) + pair.start()
        elif decade := re.search(r"(thượng|trung|hạ) tuần\s*$", before):
            first, last = _decade(first, last, decade[1])
        elif week := re.search(
            r"tuần\s+(?:thứ\s+)?([1-4]|nhất|hai|ba|tư|đầu|cuối)(?:\s+(?:tiên\s+)?(?:của\s+)?)?\s*$", before
        ):
            first, last = _week(first, last, week[1])
            start = start - len(before) + week.start()
        elif re.search(r"cuối\s*$", before):
            first = last - timedelta(days=9)
        elif re.search(r"đầu\s*$", before):
            last = first + timedelta(days=9)
    if moment.unit == "year" and first and last and (part := re.search(r"(đầu|giữa|cuối)\s*$", before)):
        first, last = _part_of_year(first, part[1])
    return Due(DueKind.RANGE, first=first, last=last), start


def _week(first: date, last: date, which: str) -> tuple[date, date]:
    """The seven days that a count of weeks means; "tuần cuối" the last seven of the month."""
    if which == "cuối":
        return last - timedelta(days=6), last
    number = {"nhất": 1, "đầu": 1, "hai": 2, "ba": 3, "tư": 4}.get(which) or int(which)
    return first + timedelta(days=7 * number - 7), first + timedelta(days=7 * number - 1)


def _part_of_year(first: date, which: str) -> tuple[date, date]:
    starts, ends = {"đầu": ((1, 1), (3, 31)), "giữa": ((5, 1), (8, 31)), "cuối": ((10, 1), (12, 31))}[which]
    return date(first.year, *starts), date(first.year, *ends)


def _decade(first: date, last: date, which: str) -> tuple[date, date]:
    """The third of a month: "trung tuần" is its eleventh to twentieth day."""
    if which == "thượng":
        return first, first.replace(day=10)
    return (first.replace(day=11), first.replace(day=20)) if which == "trung" else (first.replace(day=21), last)


def _before_stretch(text: Text, span: tuple[int, int], moment: Moment, start: int, *, is_before: bool) -> FoundDue:
    """ "Trước tháng 6/2024" ends with May; "chậm nhất trong Quý I" with the quarter."""
    if is_before and not re.search(r"(?:hết|cuối|trong)\s*$", text.low[start : moment.start]):
        last = moment.first - timedelta(days=1) if moment.first else None
        due = Due(DueKind.ABSOLUTE, on=last)
    else:
        due = Due(DueKind.RANGE, first=moment.first, last=moment.last)
    return make_due(text, span, start, moment.end, due, Firmness.FIRM)


def _day(text: Text, span: tuple[int, int], moment: Moment) -> FoundDue:
    day = moment.first
    before = (max(span[0], moment.start - 60), moment.start)
    if lead := _FROM.search(text.low, *before):  # a beginning without an end
        return make_due(text, span, lead.start(), moment.end, Due(DueKind.RANGE, first=day), Firmness.LOOSE)
    pair = _DAY_PAIR.search(text.low, *before)
    if pair and day and (first := _pair_start(pair, day)):
        return make_due(text, span, pair.start(), moment.end, Due(DueKind.RANGE, first=first, last=day), Firmness.TIMED)
    for lead_in, firmness in (
        (_BEFORE, Firmness.FIRM),
        (_LATEST, Firmness.FIRM),
        (_UNTIL, Firmness.FIRM),
        (_WITHIN, Firmness.TIMED),
    ):
        if lead := lead_in.search(text.low, *before):
            due = Due(DueKind.ABSOLUTE, on=day, excludes_named_day=lead_in is _BEFORE)
            return make_due(text, span, lead.start(), moment.end, due, firmness)
    # The form "trước 20/11" has eaten its own lead-in.
    return make_due(text, span, moment.start, moment.end, Due(DueKind.ABSOLUTE, on=day), Firmness.LOOSE)


def _pair_start(pair: re.Match[str], last: date) -> date | None:
    """The first of "từ ngày 15 đến ngày 20/3/2024" and "từ 15/3-20/4/2024"."""
    month = int(pair["m"]) if pair["m"] else last.month
    try:
        first = date(last.year, month, int(pair["d"]))
        return first if first <= last else first.replace(year=last.year - 1) if pair["m"] else None
    except ValueError:
        return None
