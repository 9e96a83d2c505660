"""Times by which something is due, in one stretch of words, each with how firmly the words bind it to an act."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from campaigns.planreader.due_shapes import Firmness, FoundDue, Frame, make_due
from campaigns.planreader.dues_by_day import CLOCK, find_dated, with_year
from campaigns.planreader.dues_by_event import find_counted, find_on_events
from campaigns.planreader.moments import Moment, find_moments
from campaigns.planreader.reading import Due, DueKind, Span
from campaigns.planreader.text import Text

_YEAR_PAIR: Final = re.compile(r"từ năm\s+(?P<a>20\d\d)\s*(?:đến|-)\s*(?:hết\s+)?(?:năm\s+)?(?P<b>20\d\d)")

_YEARLY: Final = r"(?:hằng|hàng|mỗi)\s+(?:năm|quý|tháng|tuần)"
_RECURRENT: Final = re.compile(
    rf"(?P<dated>(?:(?:trước|đến hết|chậm nhất(?: là)?|vào)\s+)?(?:ngày\s+\d{{1,2}}\s*(?:/\s*\d{{1,2}}"
    rf"|tháng\s+\d{{1,2}})?|{CLOCK}?(?:ngày\s+)?(?:thứ\s+\w+|chủ nhật)|tháng\s+\d{{1,2}}|cuối tháng|quý\s+[iv]+"
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
_QUIET_BEFORE: Final = re.compile(
    r"(?:thi đua|phong trào|nhiệm vụ|kế hoạch|được giao|công tác|khen thưởng|tiên tiến|cơ sở|tư pháp|chỉ tiêu|và"
    r"|từng|trong)\s+$"
)
_REPORTS: Final = re.compile(
    r"(?:mở|tổ chức|viết|đăng|phát sóng|cập nhật)\s[^,;]{0,60}$|báo cáo|tổng hợp|gửi|đăng ký|sơ kết|tổng kết"
    r"|đánh giá|bình xét|rà soát|kiểm tra"
)
# "Các phòng, đơn vị hằng tháng lựa chọn, giới thiệu …": between the bearer and the act.
_BEARER_BEFORE: Final = re.compile(
    r"(?<!\w)(?:đơn vị|phòng|cơ quan|địa phương|khoa|trường|ban|sở|huyện|xã|phường|chi bộ|tổ|công đoàn|đoàn|hội"
    r"|hội đồng|bộ phận|trung tâm|chi nhánh|cụm|khối)\s*$"
)
_ACT_BEHIND: Final = re.compile(
    r"\s*(?:gửi|nộp|báo cáo|lập|lựa chọn|giới thiệu|tổ chức|rà soát|đăng ký|đánh giá|sơ kết|tổng kết|tổng hợp"
    r"|bình xét|kiểm tra|xây dựng|chọn|bình chọn)(?!\w)"
)
_TAIL: Final = re.compile(r"\s*(?:$|[;.,)(])")


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
        *find_counted(text, span, moments, frame),
        *_recurrent(text, span),
        *_occasions(text, span, moments, frame),
    ):
        _add(found, due)
    for due in find_dated(text, span, moments, frame):
        _add(found, due)
    for due in find_on_events(text, span):
        _add(found, due)
    return sorted(found, key=lambda one: one.start)


def _add(found: list[FoundDue], due: FoundDue) -> None:
    if not any(due.start < one.end and one.start < due.end for one in found):
        found.append(due)


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
        yield make_due(text, span, match.start(), match.end(), due, firmness)
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
    if _BEARER_BEFORE.search(before) and _ACT_BEHIND.match(text.low, match.end(), span[1]):
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
        yield make_due(text, span, match.start(), end, _dated_occasion(due, inside, frame), firmness)


def bare_day(text: Text, cell: tuple[int, int], frame: Frame) -> Iterator[FoundDue]:
    """A cell for times that holds nothing but "15/3"."""
    for moment in _bare(text, *cell):
        dated = with_year(moment, frame)
        due = Due(DueKind.ABSOLUTE, on=dated.first, span=Span(dated.start, dated.end))
        yield FoundDue(due, dated.start, dated.end, Firmness.TIMED)


def _bare(text: Text, start: int, end: int) -> Iterator[Moment]:
    """ "Ngày truyền thống 28/8": within an occasion two numbers are a day."""
    for match in re.compile(r"(?<![\d/])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])").finditer(text.low, start, end):
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:  # noqa: PLR2004  as a calendar has
            yield Moment(match.start(), match.end(), "day", None, int(match[2]), int(match[1]))


def _dated_occasion(due: Due, inside: list[Moment], frame: Frame) -> Due:
    days = [with_year(moment, frame) for moment in inside if moment.unit == "day"]
    days = [day for day in days if day.first]
    if days:
        return replace(due, on=max(day.first for day in days if day.first))
    longer = [moment for moment in (with_year(one, frame) for one in inside) if moment.first]
    if longer:
        return replace(due, first=longer[-1].first, last=longer[-1].last)
    return due
