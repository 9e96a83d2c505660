"""Which times of a clause belong to which of its parts, and whether a time is a duty's at all."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from campaigns.planreader.due_shapes import Firmness, FoundDue
from campaigns.planreader.dues import find_dues
from campaigns.planreader.duty_context import (
    ACT,
    FAR,
    FEW,
    LABEL_BEFORE,
    NO_DUTY,
    SHORT,
    TIME_LABEL,
    YEARS,
    Context,
    section_of,
)
from campaigns.planreader.reading import Due, DueKind
from campaigns.planreader.structure import Block
from campaigns.planreader.text import Text

_HOLDS_EVENT: Final = re.compile(
    r"(?<!\w)(?:tổ chức|họp|khai mạc|bế mạc|diễn ra|hội nghị|hội thi|lễ|đại hội|ra quân|tập huấn|chung kết|sơ khảo"
    r"|gặp mặt|"
    r"báo cáo|gửi|nộp|đăng ký|trao|thời gian|thi|chấm)(?!\w)"
)


_NO_TIME: Final = re.compile(
    r"(?:tính|số liệu|hiệu lực(?:\s+thi\s+hành)?|thành lập|ra đời|sinh|(?<!và )ban hành"
    r"|(?<!đăng )ký(?!\s+(?:trước|xong))"
    r"|(?<!tổng kết )(?<!sơ kết )công tác|tuyển dụng|thành tích"
    r"|quá trình)\s+(?:kể\s+|tính\s+|đến\s+)?(?:từ|trước|ngày|vào|đến|hết|kể từ)?\s*(?:hết\s+)?(?:ngày\s*)?$"
)


_SPAN_OF_ALL: Final = re.compile(
    r"\W*(?:phong trào|đợt thi đua|cuộc vận động|tháng cao điểm|kế hoạch này)[^,;.]{0,80}?"
    r"(?:tổ chức|triển khai|thực hiện|phát động|bắt đầu|diễn ra|kéo dài)\s+(?:\w+\s+){0,3}?(?:kể\s+|tính\s+)?từ\s"
)


_REASON: Final = re.compile(r"\W*(?:do|vì|bởi)\s+(?:đây|đó|vậy|tính chất|điều kiện)(?!\w)")


_ANNOUNCES: Final = re.compile(r"(?<!\w)(?:thông báo|hướng dẫn|ban hành)(?!\w)")


_SPLIT: Final = re.compile(r"[;,]\s|\)\s|\svà\s")


# Labels that say no act: what stands behind them is no duty by itself.
_GENERAL: Final = re.compile(
    r"(?:\W*(?:căn cứ|ghi chú|năm|giai đoạn|thời kỳ|phạm vi|đối tượng|chủ đề|kỷ niệm|thời gian|hiệu lực|số liệu|mốc|từ"
    r"|ví dụ|ngày sinh|sinh ngày)(?!\w)|.*(?:thành lập|truyền thống|ngày sinh|hiệu lực)$)"
)


_KINDS: Final = (DueKind.RELATIVE, DueKind.ABSOLUTE, DueKind.RANGE, DueKind.RECURRENT, DueKind.OCCASION)


_AND: Final = re.compile(r"\s*(?:,|;|và|,\s*và)\s*")


_MOST_LISTED: Final = 20


def find_segments(context: Context, clause: tuple[int, int]) -> Iterator[tuple[tuple[int, int], FoundDue]]:
    """A clause with two firm times says two duties; otherwise its firmest time is the one."""
    dues = [
        due
        for due in find_dues(context.text, clause, context.masked, context.frame)
        if not any(phase.dates.start < due.end and due.start < phase.dates.end for phase in context.phases)
    ]
    dues = [
        due
        for due in dues
        if due.firmness and not _NO_TIME.search(context.text.low, max(clause[0], due.start - 40), due.start)
    ]
    firm = [due for due in dues if due.firmness is Firmness.FIRM]
    if len(firm) < 2:  # noqa: PLR2004  two times
        firm = _separate(context.text, dues)
    if len(firm) < 2 and (days := _listed(context.text, dues)):  # noqa: PLR2004  two times
        yield from ((clause, day) for day in days)
        return
    if len(firm) < 2:  # noqa: PLR2004  two times
        dues = [_yearly(context.text, due, dues) for due in dues]
        if dues:
            yield clause, min(dues, key=lambda due: (-due.firmness, _order(due.due), due.start))
        return
    start = clause[0]
    for index, due in enumerate(firm):
        end = _boundary(context.text, due, firm[index + 1]) if index + 1 < len(firm) else clause[1]
        yield (start, end), due
        start = end


def _separate(text: Text, dues: Sequence[FoundDue]) -> list[FoundDue]:
    """Times of one clause that each have an act of their own: "sơ kết vào Quý II, tổng kết vào Quý IV"."""
    timed = [
        due
        for due in dues
        if (due.firmness >= Firmness.TIMED and due.due.kind in {DueKind.ABSOLUTE, DueKind.RANGE})
        or (due.firmness is Firmness.FIRM and due.due.kind is DueKind.RELATIVE)
    ]
    kept = timed[:1]
    for due in timed[1:]:
        between = text.low[kept[-1].end : min(due.start, kept[-1].end + SHORT)]
        if re.match(r"\s*(?:\([^()]*\)\s*)?(?:[,;)]|và\s)", between) and ACT.search(between):
            kept.append(due)
    return kept


def _listed(text: Text, dues: Sequence[FoundDue]) -> list[FoundDue]:
    """Days told one after the other: "03/3/2024 và 24/3/2024"."""
    days = [due for due in dues if due.due.kind is DueKind.ABSOLUTE]
    gaps = (text.low[one.end : other.start] for one, other in itertools.pairwise(days))
    is_list = 1 < len(days) <= _MOST_LISTED and all(_AND.fullmatch(gap) for gap in gaps)
    return [replace(day, firmness=days[0].firmness) for day in days] if is_list and len(days) == len(dues) else []


def _yearly(text: Text, due: FoundDue, dues: Sequence[FoundDue]) -> FoundDue:
    """A day without a year beside "hằng năm" comes again every year."""
    if due.due.kind is not DueKind.ABSOLUTE or due.due.span is None:
        return due
    again = next((one for one in dues if one.due.kind is DueKind.RECURRENT and "năm" in (one.due.anchor or "")), None)
    if again is None or re.search(r"20\d\d", text.low[due.start : due.end]):
        return due
    anchor = f"{text.quote(due.start, due.end)} {again.due.anchor}".lower()
    return replace(due, due=Due(DueKind.RECURRENT, anchor=anchor, span=due.due.span))


def _order(due: Due) -> int:
    if due.kind is DueKind.RANGE and due.first and due.last and (due.last - due.first).days > YEARS:
        return len(_KINDS) - 1
    return _KINDS.index(due.kind) if due.kind else len(_KINDS)


def _boundary(text: Text, due: FoundDue, after: FoundDue) -> int:
    bracket = re.compile(r"\s*\([^()]*\)").match(text.plain, due.end, after.start)
    start = bracket.end() if bracket else due.end
    if bracket and not _SPLIT.search(text.plain, start, after.start):
        return start
    split = _SPLIT.search(text.plain, start, after.start)
    if bracket and split and split.start() - start > 3:  # noqa: PLR2004  words, not the mark itself, follow the bracket
        return start
    return split.end() if split else start


def is_due(context: Context, block: Block, segment: tuple[int, int], due: FoundDue) -> bool:
    words = context.text.low[segment[0] : segment[1]]
    section = section_of(context, block)
    if due.due.kind is DueKind.RANGE and due.due.last is None and _is_past(context, due.due.first):
        return False  # "số liệu tính từ …": a beginning that lies behind
    is_weak = due.firmness is not Firmness.FIRM
    if (
        _REASON.match(words)
        or _SPAN_OF_ALL.match(words)
        or (is_weak and (NO_DUTY.search(words) or announces(context, block)))
    ):
        return False
    if section is not None:
        return (
            due.firmness is Firmness.FIRM
            and due.due.kind in {DueKind.ABSOLUTE, DueKind.RELATIVE}
            and bool(ACT.search(words))
        )
    has_act = bool(ACT.search(words))
    if due.firmness is Firmness.FIRM:
        is_label = bool(TIME_LABEL.search(words) or LABEL_BEFORE.search(words))
        return has_act or is_label or due.due.kind is DueKind.RECURRENT
    if _is_labelled(context, block, due):
        return True
    return has_act and (
        _is_timed(context, segment, due) if due.firmness is Firmness.TIMED else _is_loose(context, words, due)
    )


def announces(context: Context, block: Block) -> bool:
    """ "… thông báo kế hoạch năm 2024 như sau:" says what the paper is about; the duties stand below."""
    words = context.text.low[block.start : block.end].rstrip()
    return words.endswith(("như sau:", "như sau.", "như sau")) and bool(_ANNOUNCES.search(words))


def _is_past(context: Context, day: date | None) -> bool:
    earliest = context.header.earliest_issue
    return bool(day and earliest and day < earliest)


def _is_labelled(context: Context, block: Block, due: FoundDue) -> bool:
    """ "Vòng chung khảo: từ ngày … đến ngày …": a line that names an act and its time, and nothing else."""
    text = context.text
    before = text.plain[block.start : due.start].rstrip()
    rest = text.low[due.end : block.end].strip(" .;/)")
    name = before.rstrip(":").strip()
    is_alone = not rest or bool(re.match(r"(?:tại|ở|do|\(|,)\s?", rest))
    return (
        before.endswith(":")
        and ":" not in name
        and FEW < len(name) < FAR
        and is_alone
        and not _GENERAL.match(name.lower())
        and due.due.kind in {DueKind.ABSOLUTE, DueKind.RANGE}
    )


def _is_timed(context: Context, segment: tuple[int, int], due: FoundDue) -> bool:
    """A whole year is the time of an act only at the head of a clause; a past stretch never."""
    low = context.text.low
    kind = due.due.kind
    if kind is DueKind.RANGE and due.due.first and due.due.last and (due.due.last - due.due.first).days > YEARS:
        head = low[segment[0] : due.start].strip(" -+")
        is_spoken = bool(re.match(r"(?:kể |tính |bắt đầu )?từ", low[due.start : due.end]))
        if (
            not is_spoken
            and len(head) > FEW
            and not re.search(
                r"(?:(?:sơ kết|tổng kết|hoàn thành)[^,;.]{0,30}(?:vào|trong)|hoàn thành|xong|từ)\s+năm\W*$",
                low[segment[0] : due.start + 22].split("năm")[0] + "năm",
            )
        ):
            return False
    if kind is DueKind.OCCASION:
        return (
            bool(
                ACT.search(low, segment[0], due.start)
                or re.search(r"giới thiệu|hoàn thành|đại hội", low[segment[0] : due.start])
            )
            or low[segment[0] : due.start].strip(" -+") == ""
        )
    earliest = context.header.earliest_issue
    last = due.due.last or due.due.on
    is_past = bool(kind is DueKind.RANGE and earliest and last and last < earliest)
    return not (
        is_past
        and re.search(
            r"(?<!\w)đã(?!\w)|kết quả đạt|thành tích|vừa qua|thời gian qua|những năm", low[segment[0] : segment[1]]
        )
    )


def _is_loose(context: Context, words: str, due: FoundDue) -> bool:
    if due.due.kind is DueKind.RELATIVE:
        return bool(
            re.search(r"báo cáo|gửi|nộp|tổ chức|hướng dẫn|tổng kết|sơ kết|lập|bình xét|đăng ký|thông báo", words)
        )
    if due.due.kind not in {DueKind.ABSOLUTE, DueKind.RANGE}:
        return False
    earliest = context.header.earliest_issue
    last, first = due.due.last or due.due.on, due.due.first
    if last is None or (earliest and last < earliest):
        return False
    if first and (last - first).days > 3 * 366:
        return False
    beside = context.text.low[max(0, due.start - FAR) : due.start].rpartition("), ")[2] + words[-FAR:].partition(")")[2]
    is_named = re.search(r"kỷ niệm|ngày truyền thống|giai đoạn", words)
    is_last = due.due.kind is DueKind.ABSOLUTE and not words[words.rfind(context.text.low[due.start : due.end]) :][
        due.end - due.start :
    ].strip(" .;")
    return bool(is_last or _HOLDS_EVENT.search(words)) and not (is_named and is_named.group() in (beside or words))
