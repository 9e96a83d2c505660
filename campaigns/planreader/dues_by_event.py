"""Times that are counted from an event, or fall on one."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from campaigns.planreader.due_shapes import Firmness, FoundDue, Frame, make_due
from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.moments import Moment, find_moments
from campaigns.planreader.reading import Due, DueKind, Span
from campaigns.planreader.text import Text

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
    rf"(?P<s>{_STRICT})?{_LENGTH}\s*[,(]?\s*(?:,\s*)?(?P<dir>kể từ|tính từ|sau|từ|trước)(?=\s)\s*(?:ngày\s+|khi\s+"
    rf"|thời điểm\s+|lúc\s+)*{_EVENT}"
)


_ANCHOR_FIRST: Final = re.compile(rf"(?:sau khi|kể từ (?:ngày|khi)|ngay sau khi)\s+{_EVENT},?\s*{_STRICT}{_LENGTH}")


# An event named by a list: "sau khi có quyết định của Chủ tịch nước, Bộ trưởng, trong thời hạn 10 ngày, …".
_LONG_ANCHOR_FIRST: Final = re.compile(
    rf"(?:sau khi|kể từ (?:ngày|khi)|ngay sau khi)\s+(?P<anchor>[^.;:()]{{3,240}}?),?\s+"
    rf"(?:trong(?: thời hạn| vòng| thời gian)?|chậm nhất|không quá)\s*(?:là\s+|sau\s+|không quá\s+|tối đa\s+)*{_LENGTH}"
)


# "Sau 01 tuần rà soát danh sách, các khoa gửi lại …": counted from the act that is named before the comma.
_LENGTH_FIRST: Final = re.compile(
    rf"(?<!\w)sau\s+{_LENGTH}\s+(?P<anchor>(?!kể|tính|sau|từ|trước|đầu|cuối|tiếp|kế|đó|khi|làm)[^\W\d][^.;:,()]{{3,120}})"
    r",(?=\s)"
)


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


_LINK: Final = re.compile(r"\s+(?:các|những|mỗi|từng|thì|phải|để|do|và gửi|gửi|đề nghị)\s")


_OWN_ISSUE: Final = re.compile(
    r"(?:kế hoạch|quyết định|văn bản|công văn|hướng dẫn|thông báo|chỉ thị"
    r"|chương trình) này\s+(?:được\s+)?(?:ký\s+)?(?:ban hành|ký)"
)


# "…, trường hợp đột xuất trước 03 ngày": counted from the event that the case beside it names.
_OF_SAME_EVENT: Final = re.compile(
    rf"(?:không quá|tối đa|trong vòng|trong thời hạn|chậm nhất|trước|sau)\s+(?:là\s+)?{_LENGTH}(?=\s*(?:[,.;]|$))"
)


_OTHER_CASE: Final = re.compile(r"[,;]\s+(?:còn\s+)?(?:trường hợp|riêng|đối với)\s")


_COUNTED: Final = (_ANCHOR_FIRST, _LONG_ANCHOR_FIRST, _AHEAD, _BEFORE_EVENT, _AFTER, _NEXT, _EARLIER)


def find_counted(text: Text, span: tuple[int, int], moments: list[Moment], frame: Frame) -> Iterator[FoundDue]:
    patterns = _COUNTED if _ANY_LENGTH.search(text.low, *span) else ()
    if text.low.find("sau ", *span) >= 0:
        patterns = (*patterns, _LENGTH_FIRST)
    for pattern in patterns:
        for match in pattern.finditer(text.low, *span):
            if any(moment.start <= match.start("n") < moment.end for moment in moments):
                continue
            if pattern is _AFTER and not _counts_from(match):
                continue
            if pattern is _LENGTH_FIRST and not ACTOR_START.match(text.low, match.end() + 1):
                continue
            found = _counted(text, span, match, frame, ahead=pattern in (_AHEAD, _BEFORE_EVENT))
            yield found
            yield from _other_cases(text, span, found)


def _other_cases(text: Text, span: tuple[int, int], found: FoundDue) -> Iterator[FoundDue]:
    """Counts that leave out the event because the case before or behind them has named it."""
    if not found.due.days or not _OTHER_CASE.search(text.low, *span):
        return
    for match in _OF_SAME_EVENT.finditer(text.low, *span):
        is_behind = match.start() >= found.end
        between = (found.end, match.start()) if is_behind else (match.end(), found.start)
        if between[0] > between[1] or not _OTHER_CASE.search(text.low, *between):
            continue
        days = _days(match) * (1 if found.due.days > 0 else -1)
        due = Due(DueKind.RELATIVE, days=days, working_days=bool(match["w"] or match["x"]), anchor=found.due.anchor)
        yield make_due(text, span, match.start(), match.end(), due, Firmness.FIRM)


def _days(match: re.Match[str]) -> int:
    count = int(match["n"]) if match["n"].isdigit() else _COUNTS[match["n"]]
    return count * {"ngày": 1, "tuần": 7, "tháng": 30}[match["u"]]


def _counts_from(match: re.Match[str]) -> bool:
    """ "Báo cáo 6 tháng trước ngày 15/6" counts no months; "5 ngày từ" is no deadline without a word for one."""
    if match["dir"] == "từ":
        return bool(match["s"])
    return match["dir"] != "trước" or (match["u"] != "tháng" and not match["anchor"][0].isdigit())


def _counted(text: Text, span: tuple[int, int], match: re.Match[str], frame: Frame, *, ahead: bool) -> FoundDue:
    days = _days(match)
    anchor_end = _anchor_end(text, match)
    ahead = ahead or match.groupdict().get("dir") == "trước"
    days = -days if ahead else days
    anchor = text.quote(match.start("anchor"), anchor_end)
    on = _counted_day(text, match, anchor, days, frame)
    is_working = bool(match["w"] or match["x"])
    due = Due(DueKind.RELATIVE, on=None if is_working else on, days=days, working_days=is_working, anchor=anchor)
    end = max(anchor_end, match.end("u"), match.end("w"), match.end("x"))
    firmness = Firmness.TIMED if match.re is _LENGTH_FIRST else Firmness.FIRM
    return make_due(text, span, match.start(), end, due, firmness)


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


def find_on_events(text: Text, span: tuple[int, int]) -> Iterator[FoundDue]:
    """An event without a count of days: weak, and only where nothing else times the act."""
    for match in _ON_EVENT.finditer(text.low, *span):
        anchor_end = _anchor_end(text, match)
        lead = " ".join(match["lead"].split())
        anchor = text.quote(match.start("anchor"), anchor_end)
        if lead.startswith(("kết thúc", "đúng")):
            anchor = text.quote(match.start() if lead.startswith("kết") else match.start("anchor"), anchor_end)
        due = Due(DueKind.RELATIVE, anchor=anchor, span=Span(match.start(), anchor_end))
        yield FoundDue(due, match.start(), anchor_end, Firmness.LOOSE)
