"""Phases of a campaign: a numbered stretch with its first and last day."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from campaigns.planreader.due_shapes import Firmness, FoundDue, Frame
from campaigns.planreader.dues import find_dues
from campaigns.planreader.reading import Due, DueKind, PlanPhase, Span
from campaigns.planreader.structure import Block, Outline, sentences
from campaigns.planreader.text import Text

_NAME: Final = re.compile(
    r"(?:các\s+)?(?P<name>(?:đợt|giai đoạn|bước|kỳ|chặng|vòng|lượt)\s+(?:thi đua\s+)?(?:cao điểm\s+)?(?:thứ\s+|số\s+)?"
    r"(?:\d{1,2}(?![\d/])|[ivx]{1,4}(?!\w)|một|hai|ba|bốn|nhất|nhì|tư|năm(?=\s*[:(\-])|đầu|cuối))"
)
_OPENS: Final = re.compile(r"^[\W\d_]*(?:thời gian\s+)?$")
# A campaign of one stretch: "Đợt thi đua bắt đầu từ ngày … và kết thúc vào ngày …".
_FROM_TO: Final = (
    r"(?=\s+(?:được\s+)?(?:tổ chức|triển khai|thực hiện|phát động|bắt đầu|diễn ra|kéo dài|tính)"
    r"[^.;]{0,40}?(?:từ\s|vào\s+ngày)|\s*:?\s+(?:[^.;:]{0,25},\s)?(?:từ\s|(?:ngày\s+)?\d{1,2}[/.]\d))"
)
_CAMPAIGN: Final = r"đợt thi đua(?: đặc biệt| cao điểm| này)?|đợt cao điểm|tháng cao điểm|cao điểm thi đua"
_STRETCH: Final = re.compile(rf"(?:thời gian\s+(?:của\s+)?)?(?P<name>{_CAMPAIGN}){_FROM_TO}")
# A section of its own tells the time of the whole.
_ONLY: Final = re.compile(
    rf"(?:thời gian\s+(?:của\s+)?)?(?P<name>{_CAMPAIGN}|thời gian(?: thực hiện| tổ chức| thi đua)?){_FROM_TO}"
)
_WHOLE_YEARS: Final = re.compile(
    r"\s*[(:,]?\s*(?:từ\s+)?(?:năm\s+)?(?P<a>20\d\d)(?:\s*(?:-|đến)\s*(?:hết\s+)?(?:năm\s+)?(?P<b>20\d\d))?(?=\s*[):;,.]|\s*$)"
)
_FIGURES: Final = re.compile(r"(?:số liệu|kết quả)\s+(?:tính\s+|lấy\s+)?$")
_LISTED: Final = 2
_LEAD_IN: Final = re.compile(r"(?:như sau|thông báo|sau đây|cụ thể|sau)\s*:$")
_BESIDE: Final = 30
_ENOUGH: Final = 2


def find_phases(outline: Outline, masked: Sequence[Span], frame: Frame) -> list[PlanPhase]:
    found: list[PlanPhase] = []
    for block in outline.body:
        found.extend(_phases_of(outline, block, masked, frame, _NAME))
    if not found:
        text = outline.text
        for block in outline.body:
            is_section = block.rank < _LISTED or all(
                _LEAD_IN.search(text.low, above.start, above.end) for above in block.ancestors()
            )
            found.extend(_phases_of(outline, block, masked, frame, _ONLY if is_section else _STRETCH))
    return found


def _phases_of(
    outline: Outline, block: Block, masked: Sequence[Span], frame: Frame, named: re.Pattern[str]
) -> Iterator[PlanPhase]:
    text = outline.text
    names = [match for match in named.finditer(text.low, block.start, block.end) if _opens(outline, block, match)]
    for index, match in enumerate(names):
        end = names[index + 1].start() if index + 1 < len(names) else block.end
        dues = [due for due in find_dues(text, (match.start(), end), masked, frame) if not _counts(text, due)]
        due = _years(text, match.end(), end) or _stretch(dues)
        if due is not None and _is_step(match, due):
            continue
        if due is None and index + 1 == len(names):
            due = _below(outline, block, masked, frame)
        if due is None:
            continue
        stop = next(
            (s_end for s_start, s_end in sentences(text, match.start(), end) if s_end >= due.end), max(end, due.end)
        )
        span = Span(match.start(), stop)
        first = due.due.first
        last = due.due.last or due.due.on
        name = text.quote(*match.span("name"))
        quote = text.quote(span.start, span.end)
        yield PlanPhase(name, first, last, text.line_at(due.start), quote, span, Span(due.start, due.end))


def _years(text: Text, start: int, end: int) -> FoundDue | None:
    """ "Giai đoạn 1 (2021-2023)": whole years right behind the name."""
    match = _WHOLE_YEARS.match(text.low, start, end)
    if match is None:
        return None
    first, last = int(match["a"]), int(match["b"] or match["a"])
    if first > last:
        return None
    span = Span(match.start("a"), match.end("b") if match["b"] else match.end("a"))
    due = Due(DueKind.RANGE, first=date(first, 1, 1), last=date(last, 12, 31), span=span)
    return FoundDue(due, span.start, span.end, Firmness.TIMED)


def _is_step(match: re.Match[str], due: FoundDue) -> bool:
    """A step of a procedure has a deadline, not a stretch of its own right behind its name."""
    if not match["name"].startswith(("bước", "lượt")):
        return False
    return due.due.kind is not DueKind.RANGE or due.start - match.end() > _BESIDE


def _counts(text: Text, due: FoundDue) -> bool:
    """ "Đợt II báo cáo các số liệu từ tháng 1 đến tháng 6": what the figures are of, not when the phase is."""
    return bool(_FIGURES.search(text.low, max(0, due.start - _BESIDE), due.start))


def _opens(outline: Outline, block: Block, match: re.Match[str]) -> bool:
    """At the beginning of a paragraph or clause; elsewhere the words only mention a phase."""
    before = outline.text.low[block.start : match.start()]
    if _OPENS.match(before):
        return True
    is_clause = bool(re.search(r"[;:.(,]\s*[-+]?\s*$|\bvà\s+$", before))
    follows = outline.text.low[match.end() : match.end() + 90]
    return is_clause and bool(re.match(r"[^.;]{0,60}?(?:từ|:|\(|trong)", follows)) and bool(re.search(r"\d", follows))


def _stretch(dues: Sequence[FoundDue]) -> FoundDue | None:
    ranges = [due for due in dues if due.due.kind is DueKind.RANGE and due.due.first and due.due.last]
    if ranges:
        return ranges[0]
    days = [due for due in dues if due.due.kind is DueKind.ABSOLUTE and due.due.on]
    return days[0] if days else None


def _below(outline: Outline, block: Block, masked: Sequence[Span], frame: Frame) -> FoundDue | None:
    """A phase named in a heading, its days in the line below."""
    for child in block.children[:2]:
        low = outline.low(child)
        if re.match(r"(?:thời gian|từ ngày|từ tháng|bắt đầu|tổ chức từ)", low):
            return _stretch(find_dues(outline.text, (child.start, child.end), masked, frame))
    return None
