"""Times by which something is due, in one stretch of words, each with how firmly the words bind it to an act."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.moments import Moment, find_moments
from campaigns.planreader.reading import Due, DueKind, Period, Span
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


_CLOCK: Final = r"(?:\d{1,2}\s*(?:giờ|h|g|:)\s*(?:\d{1,2})?\s*(?:phút|'|p)?\s*,?\s*)"
_SLACK: Final = rf"(?:\s*(?:là|vào|đến|trong|hết|cuối|thời điểm|hạn|khoảng|của|thứ \w+|chủ nhật|,|:|{_CLOCK}))*\s*$"
_BEFORE: Final = re.compile(r"trước" + _SLACK)
_LATEST: Final = re.compile(r"(?:chậm nhất|muộn nhất|trễ nhất|không quá|không muộn hơn|hạn cuối|hạn chót|hạn)" + _SLACK)
_UNTIL: Final = re.compile(r"(?:đến hết|cho đến|hết|đến|tới|kết thúc)" + _SLACK)
_WITHIN: Final = re.compile(
    r"(?:hoàn thành|xong|hoàn tất|trong|vào|tổ chức|dự kiến|ngay|khoảng|diễn ra|khai mạc|bắt đầu|cuối|đầu|giữa|"
    r"trung tuần|thượng tuần|hạ tuần|tuần (?:thứ )?\w+|trong vòng|sáng|chiều|tối|buổi|ngay trong)(?:\s+của)?" + _SLACK
)
_LABEL: Final = re.compile(
    r"(?:thời gian|thời hạn|thời điểm|hạn|tiến độ|lộ trình|mốc)(?:\s+\w+){0,8}\s*(?:\([^()]*\)\s*)?:[\s\w,-]{0,30}$"
)
_RANGE_JOIN: Final = re.compile(
    r"\s*,?\s*(?:(?:và\s+)?kết\s+thúc(?:\s+vào)?|(?:cho\s+)?(?:(?:và\s+)?(?:đến|tới)(?:\s+(?:hết|cuối|giữa))?|-))\s*"
)
_FROM: Final = re.compile(r"(?:kể từ|tính từ|bắt đầu từ|từ)\s*(?:đầu|giữa|cuối|hết)?\s*$")
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
_YEAR_PAIR: Final = re.compile(r"từ năm\s+(?P<a>20\d\d)\s*(?:đến|-)\s*(?:hết\s+)?(?:năm\s+)?(?P<b>20\d\d)")
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_COUNTS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười lăm": 15, "mười hai": 12, "hai mươi": 20, "ba mươi": 30,
}  # fmt: skip
_MEETINGS: Final = (
    r"(?:ngày|hội nghị|phiên họp|kỳ họp|cuộc họp|buổi|lễ|đại hội|thời hạn|thời điểm|hội thi|hội thao|đợt|kỳ|lúc|giờ)"
)
_LENGTH: Final = (
    rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})\s*(?:\([^()]{{1,20}}\)\s*)?"
    r"(?P<u>ngày|tuần|tháng)(?P<w>\s+làm việc)?(?:\s*\(\s*(?P<x>ngày làm việc|làm việc)\s*\))?"
)
_ANY_LENGTH: Final = re.compile(
    rf"(?:\d|\)|{'|'.join(_COUNTS)})\s*(?:ngày|tuần|tháng)\s*[(,]?\s*(?:làm việc|kể|tính|sau|từ|trước|so với"
    rf"|diễn|tiếp|kế)"
    rf"|(?:sau khi|kể từ|trước khi|trước đó|sau đó|trước (?:mỗi |từng )?{_MEETINGS})"
)
_STRICT: Final = (
    r"(?:(?:chậm nhất|muộn nhất|trong vòng|trong thời hạn|trong thời gian|trong|sau|không quá|quá|tối đa|thời hạn|"
    r"trước ít nhất|ít nhất)\s*(?:là|sau|trong|vòng|không quá|tối đa|:)?\s*(?:là\s+)?)"
)
_EVENT: Final = r"(?P<anchor>[^.;:,()]{3,200})"
_AFTER: Final = re.compile(
    rf"(?P<s>{_STRICT})?{_LENGTH}\s*,?\s*(?:,\s*)?(?P<dir>kể từ|tính từ|sau|từ|trước)(?=\s)\s*(?:ngày\s+|khi\s+"
    rf"|thời điểm\s+|lúc\s+)*{_EVENT}"
)
_ANCHOR_FIRST: Final = re.compile(rf"(?:sau khi|kể từ (?:ngày|khi)|ngay sau khi)\s+{_EVENT},?\s*{_STRICT}{_LENGTH}")
_AHEAD: Final = re.compile(
    rf"trước\s+(?:ít nhất\s+)?{_LENGTH}\s*(?:so với|tính đến|trước|diễn ra)\s*(?:ngày\s+)?{_EVENT}"
)
_BEFORE_EVENT: Final = re.compile(
    rf"trước\s+(?:khi\s+|ngày\s+|(?=(?:mỗi |từng )?{_MEETINGS}))(?P<anchor>[^\W\d][^.;:,()\d]{{2,60}}?)\s+"
    rf"(?:ít nhất\s+|tối thiểu\s+|chậm nhất\s+)?{_LENGTH}"
)
# Counted from the step before it: "trong 10 ngày tiếp theo", "trước đó 15 ngày".
_NEXT: Final = re.compile(rf"(?P<s>{_STRICT})?{_LENGTH}\s+(?P<anchor>tiếp theo|kế tiếp|tiếp sau|sau đó)(?!\w)")
_EARLIER: Final = re.compile(rf"(?P<anchor>(?P<dir>trước|sau) đó)\s+(?:ít nhất\s+|tối thiểu\s+)?{_LENGTH}")
_ON_EVENT: Final = re.compile(
    r"(?P<lead>ngay\s+sau\s+khi|sau\s+khi|ngay\s+sau|khi\s+có|đúng\s+(?:thời\s+gian|thời\s+hạn|tiến\s+độ)\s+theo|"
    r"sau\s+(?:mỗi|từng)|kết\s+thúc\s+(?:mỗi|từng))\s+(?P<anchor>[^.;:,()]{3,160})"
)
_YEARLY: Final = r"(?:hằng|hàng|mỗi)\s+(?:năm|quý|tháng|tuần)"
_RECURRENT: Final = re.compile(
    rf"(?P<dated>(?:(?:trước|đến hết|chậm nhất(?: là)?|vào)\s+)?(?:ngày\s+\d{{1,2}}\s*(?:/\s*\d{{1,2}}"
    rf"|tháng\s+\d{{1,2}})?|{_CLOCK}?(?:ngày\s+)?(?:thứ\s+\w+|chủ nhật)|tháng\s+\d{{1,2}}|cuối tháng|quý\s+[iv]+"
    rf"|tuần \w+)"
    rf"\s*(?:,\s*)?(?:của\s+)?(?:{_YEARLY}|tháng (?:cuối|đầu)(?: mỗi| của| hằng| hàng)? quý"
    rf"|(?<=\d )(?:của\s+)?tháng (?:kế tiếp|tiếp theo|liền kề"
    rf"|sau liền kề|kế|sau)(?!\w)))"
    rf"|(?P<periodic>định\s+kỳ(?:\s*(?:là|,|theo)?\s*(?:{_YEARLY}|\(?(?:0?[136]|sáu|ba|một)\s+(?:tháng|năm|quý"
    rf"|lần)(?:\s+(?:đầu|cuối)\s+năm)?|cuối\s+năm|(?:quý|tháng|năm|tuần)\b(?!\s+\d))(?:\s*(?:,|và|/"
    rf"|hoặc)(?=\s*(?:hằng|hàng|năm|cuối|một|0?1\s|\d|quý|6)))?)*)"
    r"|(?P<often>\d{1,2}\s+lần\s*/\s*(?:tuần|tháng|quý|năm)|(?:mỗi\s+)?\d{1,2}\s+(?:tháng|tuần)\s+(?:một|0?1)\s+lần"
    r"|(?:\d{1,2}\s+)?(?:tháng|tuần|quý|năm)\s*/\s*lần|(?:một|hai|ba)\s+lần\s*/\s*(?:tuần|tháng|quý|năm)"
    r"|mỗi\s+(?:tuần|tháng|quý|năm)\s+(?:một|hai|ba|\d{1,2})\s+lần)"
    rf"|(?P<plain>{_YEARLY})"
    r"|(?P<halves>báo cáo\s+(?:định kỳ\s+)?(?:công tác\s+|kết quả\s+)?(?:hằng\s+|hàng\s+)?(?:quý|tháng|0?6 tháng"
    r"|sáu tháng)(?:\s*(?:,|và)\s*(?:0?6 tháng|sáu tháng|năm|cuối năm|01 năm|một năm|9 tháng)(?!\s*\d))+)"
)
# Without one of these nothing comes again; looked for first, because the rest costs much.
_AGAIN: Final = re.compile(r"h[ằà]ng |mỗi |định\s+kỳ|lần|cuối|đầu|báo cáo|tháng (?:kế|tiếp|liền|sau)")
_OCCASION: Final = re.compile(
    r"(?:vào\s+)?(?:nhân\s+)?(?:dịp|nhân\s+(?=kỷ niệm|ngày))\s*(?P<name>[^;.]{3,240}?)(?=[;.]|$"
    r"|,\s(?!\d{1,2}/\d{1,2}/)|\s+để\s|\s+nhằm\s)"
    r"|(?:trước|sau)\s+(?:dịp\s+)?(?P<feast>tết\s+(?:nguyên đán|dương lịch|trung thu|cổ truyền|âm lịch|nguyên tiêu)?"
    r"(?:\s*(?:năm\s+)?(?:20\d\d|(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\s+\w+(?:\s+20\d\d)?))?)"
)
_LINK: Final = re.compile(r"\s+(?:các|những|mỗi|từng|thì|phải|để|do|và gửi|gửi|đề nghị)\s")
_QUIET_BEFORE: Final = re.compile(
    r"(?:thi đua|phong trào|nhiệm vụ|kế hoạch|được giao|công tác|khen thưởng|tiên tiến|cơ sở|tư pháp|chỉ tiêu|và"
    r"|từng|trong)\s+$"
)
_REPORTS: Final = re.compile(
    r"(?:mở|tổ chức|viết|đăng|phát sóng|cập nhật)\s[^,;]{0,60}$|báo cáo|tổng hợp|gửi|đăng ký|sơ kết|tổng kết"
    r"|đánh giá|bình xét|rà soát|kiểm tra"
)
_OWN_ISSUE: Final = re.compile(
    r"(?:kế hoạch|quyết định|văn bản|công văn|hướng dẫn|thông báo|chỉ thị"
    r"|chương trình) này\s+(?:được\s+)?(?:ký\s+)?(?:ban hành|ký)"
)
_ACT_AHEAD: Final = re.compile(
    r"(?:sơ kết|tổng kết|nghiệm thu|hoàn thành|hoàn tất|khai mạc|bế mạc|công bố|phát động|tổ chức|trao giải|xét duyệt"
    r"|thẩm định|bảo vệ|báo cáo|họp|kết thúc|bắt đầu)\s*$"
)
_TAIL: Final = re.compile(r"\s*(?:$|[;.,)(])")


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


def find_dues(text: Text, span: tuple[int, int], masked: Sequence[Span], frame: Frame) -> list[FoundDue]:
    """Every due in the stretch, the words of citations left out, in the order of the text; none overlap."""
    start, end = span
    moments = [
        moment
        for moment in find_moments(text, start, end)
        if not any(mask.start <= moment.start < mask.end for mask in masked)
    ]
    found: list[FoundDue] = []
    for due in (
        *_relative(text, span, moments, frame),
        *_recurrent(text, span),
        *_occasions(text, span, moments, frame),
    ):
        _add(found, due)
    for due in _dated(text, span, moments, frame):
        _add(found, due)
    for due in _on_events(text, span):
        _add(found, due)
    return sorted(found, key=lambda one: one.start)


def _add(found: list[FoundDue], due: FoundDue) -> None:
    if not any(due.start < one.end and one.start < due.end for one in found):
        found.append(due)


def _dated(text: Text, span: tuple[int, int], moments: list[Moment], frame: Frame) -> Iterator[FoundDue]:
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
        yield _found(text, span, match.start(), match.end(), Due(DueKind.RANGE, first=first, last=last), Firmness.TIMED)


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
        yield _found(text, span, match.start(), match.end(), due, Firmness.TIMED)


def _range(text: Text, span: tuple[int, int], first: Moment, last: Moment, frame: Frame) -> FoundDue:
    last = _with_year(last, frame)
    if first.year is None and last.year is not None:
        year = last.year
        if (first.month, first.day) > (last.month, last.day) and first.unit == last.unit:
            year -= 1
        first = first.in_year(year)
    lead = _FROM.search(text.low, max(span[0], first.start - 24), first.start)
    start = lead.start() if lead else first.start
    due = Due(DueKind.RANGE, first=first.first, last=last.last)
    return _found(text, span, start, last.end, due, Firmness.TIMED if lead else Firmness.LOOSE)


def _with_year(moment: Moment, frame: Frame) -> Moment:
    if moment.year is not None or moment.problem is not None:
        return moment
    month = moment.month * {"quarter": 3, "half": 6}.get(moment.unit, 1)
    return moment.in_year(frame.year_of(month))


def _single(text: Text, span: tuple[int, int], moment: Moment, frame: Frame) -> FoundDue:
    moment = _with_year(moment, frame)
    if moment.unit == "day":
        return _day(text, span, moment)
    before = (max(span[0], moment.start - 60), moment.start)
    if lead := _FROM.search(text.low, *before):  # "từ tháng 3" without an end
        return _found(text, span, lead.start(), moment.end, Due(DueKind.RANGE, first=moment.first), Firmness.LOOSE)
    for lead_in in (_BEFORE, _LATEST):
        if lead := lead_in.search(text.low, *before):
            return _before_stretch(text, span, moment, lead.start(), is_before=lead_in is _BEFORE)
    due, start = _stretch(text, span, moment)
    lead = _WITHIN.search(text.low, *before)
    ahead = text.low[before[0] : start]
    opens = not re.search(r"\w\s*$", ahead) or start == span[0] or bool(_ACT_AHEAD.search(ahead))
    is_head = start == span[0] and text.low.startswith(":", moment.end)  # "Năm 2025: sơ kết …"
    firmness = Firmness.TIMED if lead or (opens and moment.unit != "year") or is_head else Firmness.NONE
    return _found(text, span, lead.start() if lead else start, moment.end, due, firmness)


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
    return _found(text, span, start, moment.end, due, Firmness.FIRM)


def _day(text: Text, span: tuple[int, int], moment: Moment) -> FoundDue:
    day = moment.first
    before = (max(span[0], moment.start - 60), moment.start)
    if lead := _FROM.search(text.low, *before):  # a beginning without an end
        return _found(text, span, lead.start(), moment.end, Due(DueKind.RANGE, first=day), Firmness.LOOSE)
    pair = _DAY_PAIR.search(text.low, *before)
    if pair and day and (first := _pair_start(pair, day)):
        return _found(text, span, pair.start(), moment.end, Due(DueKind.RANGE, first=first, last=day), Firmness.TIMED)
    for lead_in, firmness in (
        (_BEFORE, Firmness.FIRM),
        (_LATEST, Firmness.FIRM),
        (_UNTIL, Firmness.FIRM),
        (_WITHIN, Firmness.TIMED),
    ):
        if lead := lead_in.search(text.low, *before):
            due = Due(DueKind.ABSOLUTE, on=day, excludes_named_day=lead_in is _BEFORE)
            return _found(text, span, lead.start(), moment.end, due, firmness)
    # The form "trước 20/11" has eaten its own lead-in.
    return _found(text, span, moment.start, moment.end, Due(DueKind.ABSOLUTE, on=day), Firmness.LOOSE)


def _pair_start(pair: re.Match[str], last: date) -> date | None:
    """The first of "từ ngày 15 đến ngày 20/3/2024" and "từ 15/3-20/4/2024"."""
    month = int(pair["m"]) if pair["m"] else last.month
    try:
        first = date(last.year, month, int(pair["d"]))
        return first if first <= last else first.replace(year=last.year - 1) if pair["m"] else None
    except ValueError:
        return None


def _found(text: Text, span: tuple[int, int], start: int, end: int, due: Due, firmness: Firmness) -> FoundDue:
    if label := _LABEL.search(text.low, max(span[0], start - 110), start):
        start, firmness = label.start(), Firmness.FIRM
    return FoundDue(replace(due, span=Span(start, end)), start, end, firmness)


def _relative(text: Text, span: tuple[int, int], moments: list[Moment], frame: Frame) -> Iterator[FoundDue]:
    if not _ANY_LENGTH.search(text.low, *span):
        return
    for pattern in (_ANCHOR_FIRST, _AHEAD, _BEFORE_EVENT, _AFTER, _NEXT, _EARLIER):
        for match in pattern.finditer(text.low, *span):
            if any(moment.start <= match.start("n") < moment.end for moment in moments):
                continue
            if pattern is _AFTER and not _counts_from(match):
                continue
            yield _counted(text, span, match, frame, ahead=pattern in (_AHEAD, _BEFORE_EVENT))


def _counts_from(match: re.Match[str]) -> bool:
    """ "Báo cáo 6 tháng trước ngày 15/6" counts no months; "5 ngày từ" is no deadline without a word for one."""
    if match["dir"] == "từ":
        return bool(match["s"])
    return match["dir"] != "trước" or (match["u"] != "tháng" and not match["anchor"][0].isdigit())


def _counted(text: Text, span: tuple[int, int], match: re.Match[str], frame: Frame, *, ahead: bool) -> FoundDue:
    count = int(match["n"]) if match["n"].isdigit() else _COUNTS[match["n"]]
    days = count * {"ngày": 1, "tuần": 7, "tháng": 30}[match["u"]]
    anchor_end = _anchor_end(text, match)
    ahead = ahead or match.groupdict().get("dir") == "trước"
    days = -days if ahead else days
    anchor = text.quote(match.start("anchor"), anchor_end)
    on = _counted_day(text, match, anchor, days, frame)
    is_working = bool(match["w"] or match["x"])
    due = Due(DueKind.RELATIVE, on=None if is_working else on, days=days, working_days=is_working, anchor=anchor)
    return _found(text, span, match.start(), max(anchor_end, match.end("u")), due, Firmness.FIRM)


def _anchor_end(text: Text, match: re.Match[str]) -> int:
    """The event ends where a new bearer of duties begins to act."""
    start, end = match.span("anchor")
    for link in _LINK.finditer(text.low, start, end):
        if re.search(r"(?:hạn|việc|ngày)$", text.low[start : link.start()]):
            continue
        actor = ACTOR_START.match(text.low, link.start() + 1)
        if link.group().strip() == "đề nghị" and not ACTOR_START.match(text.low, link.end()):
            continue
        if link.group().strip() in {"thì", "phải", "để", "và gửi", "gửi", "đề nghị"} or (
            actor
            and re.search(
                r"\s(?:gửi|báo cáo|lập|hoàn thành|xây dựng|tổ chức|nộp|có trách nhiệm|phải|tổng hợp)\s",
                text.low[actor.end() : end],
            )
        ):
            end = link.start()
            break
    return end - (len(text.low[start:end]) - len(text.low[start:end].rstrip()))


def _counted_day(text: Text, match: re.Match[str], anchor: str, days: int, frame: Frame) -> date | None:
    """The day, where the event is the plan's own issue or a day on paper."""
    moments = [moment for moment in find_moments(text, *match.span("anchor")) if moment.unit == "day" and moment.first]
    low = anchor.lower()
    start = moments[0].first if moments and moments[0].start - match.start("anchor") < 8 else None  # noqa: PLR2004  "ngày "
    if (
        start is None
        and re.match(r"(?:ký\s*)?(?:ban hành|ký)\b", low)
        and re.search(r"kế hoạch|văn bản|hướng dẫn này|ban hành$|ký$", low)
    ) or (start is None and _OWN_ISSUE.match(low)):
        start = frame.issued_on
    return start + timedelta(days=days) if start else None


def _recurrent(text: Text, span: tuple[int, int]) -> Iterator[FoundDue]:
    if not _AGAIN.search(text.low, *span):
        return
    years = _YEAR_PAIR.search(text.low, *span)
    bounds = (
        (date(int(years["a"]), 1, 1), date(int(years["b"]), 12, 31))
        if years and years["a"] <= years["b"]
        else (None, None)
    )
    for match in _RECURRENT.finditer(text.low, *span):
        firmness = _recurrence(text, span, match)
        if firmness is None:
            continue
        anchor = text.quote(*match.span())
        due = Due(DueKind.RECURRENT, anchor=anchor, first=bounds[0], last=bounds[1], span=Span(*match.span()))
        yield _found(text, span, match.start(), match.end(), due, firmness)
        if years and firmness:
            yield FoundDue(due, years.start(), years.end(), firmness)


def _recurrence(text: Text, span: tuple[int, int], match: re.Match[str]) -> Firmness | None:
    """ "Hằng năm" is a time when it stands alone; in "phong trào thi đua hằng năm" it describes the noun."""
    if match["dated"]:
        return Firmness.FIRM
    if match["periodic"] or match["halves"] or match["often"]:
        return Firmness.TIMED
    before = text.low[span[0] : match.start()].rstrip("-+ ")
    if not before.strip() or before.rstrip().endswith((",", ";", ":", "(")) or re.search(r"\bvà\s*$", before):
        return Firmness.TIMED
    is_last = bool(_TAIL.match(text.low, match.end(), span[1]) or match.end() >= span[1])
    if (
        is_last
        and _REPORTS.search(before)
        and not re.search(r"(?:thi đua|phong trào|nhiệm vụ|tiên tiến|chỉ tiêu|được giao)\s*$", before)
    ):
        return Firmness.TIMED
    return None


def _occasions(text: Text, span: tuple[int, int], moments: list[Moment], frame: Frame) -> Iterator[FoundDue]:
    for match in _OCCASION.finditer(text.low, *span):
        start, end = match.span("feast" if match["feast"] else "name")
        inside = [moment for moment in moments if start <= moment.start <= end + 2] or list(_bare(text, start, end))
        if inside:
            end = max(end, inside[-1].end)
        if text.plain[start:end].count("(") > text.plain[start:end].count(")") and text.plain[end : end + 1] == ")":
            end += 1
        due = Due(DueKind.OCCASION, anchor=text.quote(start, end).strip(" ,"))
        firmness = Firmness.FIRM if match["feast"] else Firmness.TIMED
        yield _found(text, span, match.start(), end, _dated_occasion(due, inside, frame), firmness)


def bare_day(text: Text, cell: tuple[int, int], frame: Frame) -> Iterator[FoundDue]:
    """A cell for times that holds nothing but "15/3"."""
    for moment in _bare(text, *cell):
        dated = _with_year(moment, frame)
        due = Due(DueKind.ABSOLUTE, on=dated.first, span=Span(dated.start, dated.end))
        yield FoundDue(due, dated.start, dated.end, Firmness.TIMED)


def _bare(text: Text, start: int, end: int) -> Iterator[Moment]:
    """ "Ngày truyền thống 28/8": within an occasion two numbers are a day."""
    for match in re.compile(r"(?<![\d/])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])").finditer(text.low, start, end):
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:  # noqa: PLR2004  as a calendar has
            yield Moment(match.start(), match.end(), "day", None, int(match[2]), int(match[1]))


def _dated_occasion(due: Due, inside: list[Moment], frame: Frame) -> Due:
    days = [_with_year(moment, frame) for moment in inside if moment.unit == "day"]
    days = [day for day in days if day.first]
    if days:
        return replace(due, on=max(day.first for day in days if day.first))
    longer = [moment for moment in (_with_year(one, frame) for one in inside) if moment.first]
    if longer:
        return replace(due, first=longer[-1].first, last=longer[-1].last)
    return due


def _on_events(text: Text, span: tuple[int, int]) -> Iterator[FoundDue]:
    """An event without a count of days: weak, and only where nothing else times the act."""
    for match in _ON_EVENT.finditer(text.low, *span):
        anchor_end = _anchor_end(text, match)
        lead = " ".join(match["lead"].split())
        anchor = text.quote(match.start("anchor"), anchor_end)
        if lead.startswith(("kết thúc", "đúng")):
            anchor = text.quote(match.start() if lead.startswith("kết") else match.start("anchor"), anchor_end)
        due = Due(DueKind.RELATIVE, anchor=anchor, span=Span(match.start(), anchor_end))
        yield FoundDue(due, match.start(), anchor_end, Firmness.LOOSE)
