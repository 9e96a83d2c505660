"""Duties: what a plan asks somebody to do by a time, or to hand in without saying when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from campaigns.planreader import tables
from campaigns.planreader.actors import (
    VERB_HEAD,
    VERBS,
    addressed_units,
    addressees,
    asked_bodies,
    heading_actor,
    inherited_actor,
    subject,
)
from campaigns.planreader.due_shapes import Firmness, FoundDue, Frame
from campaigns.planreader.dues import find_dues
from campaigns.planreader.duty_context import (
    ACT,
    NO_DUTY,
    SHORT,
    TIME_LABEL,
    Context,
    last_of,
    section_of,
)
from campaigns.planreader.duty_times import announces, find_segments, is_due
from campaigns.planreader.duty_words import cut, word_obligation
from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.reading import NO_DUE, Due, DueKind, Header, Obligation, Period, PlanPhase, Span
from campaigns.planreader.structure import Block, Outline, clauses, is_heading, sentences
from campaigns.planreader.text import Text

_HANDS_IN: Final = re.compile(
    r"(?<!\w)(?:(?:gửi|nộp|trình)\s[^;]{0,160}?(?:kế hoạch|báo cáo|hồ sơ|danh sách|đăng ký|dự thảo|biên bản|văn bản"
    r"|đề nghị|tờ trình|lấy ý kiến|bản|phiếu|sản phẩm|tác phẩm|bài|tin|thông tin|kết quả|phê duyệt)"
    r"|(?:kế hoạch|báo cáo|hồ sơ|danh sách|đăng ký|dự thảo|biên bản|văn bản|đề nghị|tờ trình|phiếu|bài viết|kết quả"
    r"|tham luận)[^;]{0,200}?\s(?:gửi|nộp|trình)(?!\w)"
    r"|báo cáo\s[^;,]{0,90}?\s(?:về|cho|lên)\s+(?:sở|ban|cục|tổng cục|ủy ban|ubnd|bộ|vụ|phòng|văn phòng|hội đồng"
    r"|thường trực|trường|đảng ủy|huyện|tỉnh|thành|hội sở|liên đoàn|giám đốc|cụm|khối|khu vực|trưởng|đoàn|công đoàn"
    r"|chủ tịch|bệnh viện)"
    r"|lập\s+(?:hồ sơ|danh sách|báo cáo)|chuẩn bị\s+(?:báo cáo|hồ sơ|tài liệu)"
    r"|giới thiệu\s+[^;]{0,40}?(?:điển hình|gương|tập thể|cá nhân|nhân tố)|đăng ký\s+(?:danh hiệu|thi đua|điển hình"
    r"|chỉ tiêu|mô hình|tham gia))"
)
_ALWAYS: Final = re.compile(
    r":\s*(?:được\s+)?(?:thực hiện\s+)?(?P<how>thường xuyên|liên tục|trong (?:cả )?năm|cả năm|hằng năm"
    r"|hàng năm)[^.;]{0,40}"
)
_YEAR_HEAD: Final = re.compile(r"\W*(?:trong\s+)?năm\s+(?P<y>20\d\d)\s*(?:[:.]|-(?!\s*\d)|$)")
_PUTS_FORWARD: Final = re.compile(
    r"(?:giới thiệu|đề nghị|chọn|đăng ký|suy tôn|bầu)\s+(?:không quá\s+|tối đa\s+)?\d{1,3}\s"
)
_PAPERS: Final = re.compile(r"(?<!\w)(?:gửi|nộp|trình|hồ sơ|danh sách|báo cáo|biên bản|văn bản)(?!\w)")
_PAPER_HEAD: Final = re.compile(
    r"\W*(?:báo cáo|bản|bảng|hồ sơ|danh sách|biên bản|tờ trình|phiếu|kết quả|kế hoạch|văn bản)(?!\w)"
)
_DOES: Final = re.compile(r"(?<!\w)(?:gửi|nộp|báo cáo|trình|đăng ký|lập|đề nghị|giới thiệu)(?!\w)")
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_STRETCH_HEAD: Final = re.compile(r"\W*từ\s(?:ngày\s+|tháng\s+)?\d[^:;]{0,60}?(?:đến|tới|-)[^:;]{0,40}:\s")
_SHORT_LEAD: Final = 40


def find_obligations(
    outline: Outline, header: Header, masked: Sequence[Span], frame: Frame, phases: Sequence[PlanPhase]
) -> list[Obligation]:
    addressed = addressees(outline) or asked_bodies(outline)
    everybody = addressed or addressed_units(outline)
    context = Context(outline, header, masked, frame, phases, everybody, addressed is not None, _first_heading(outline))
    found: list[Obligation] = []
    named: list[tuple[Block, Obligation]] = []
    columns: tables.Columns | None = None
    for block in outline.body:
        if block.cells:
            heads = tables.columns_of(outline.text, block, is_first=columns is None)
            columns = heads or columns
            if columns and not heads:
                found.extend(tables.row_obligations(outline.text, block, columns, masked, frame))
            continue
        columns = None
        here = list(_of_block(context, block))
        found.extend(here)
        if is_heading(outline.text, block):
            named += [(block, one) for one in here]
    told = [one for block, one in named if _is_told_below(block, one, found, phases)]
    return [one for one in found if not any(one is other for other in told)] if told else found


def _is_told_below(heading: Block, one: Obligation, found: Sequence[Obligation], phases: Sequence[PlanPhase]) -> bool:
    """ "3. Sơ kết 6 tháng đầu năm", and below it who reports by when: the heading names that duty and is none itself.

    Nor is one whose time falls into phases below. A heading with a day of its own says more than what stands below it.
    """
    if one.due.kind in {DueKind.ABSOLUTE, DueKind.RELATIVE}:
        return False
    if any(heading.end <= phase.span.start < last_of(heading) for phase in phases):
        return True
    acts = set(ACT.findall(one.what.lower()))
    below = (other for other in found if heading.end <= other.span.start < last_of(heading) and other.due.kind)
    return any(acts & set(ACT.findall(other.what.lower())) for other in below)


def _first_heading(outline: Outline) -> int:
    return next((block.start for block in outline.body if block.rank <= 2 and is_heading(outline.text, block)), 0)  # noqa: PLR2004


def _of_block(context: Context, block: Block) -> Iterator[Obligation]:
    if section_of(context, block) is None and _is_title_line(context, block):
        return
    dated = list(_dated_of_block(context, block))
    yield from dated
    if not dated:
        yield from _undated_of_block(context, block)


def _is_title_line(context: Context, block: Block) -> bool:
    span = context.header.title_span
    return span is not None and block.start < span.end


def _dated_of_block(context: Context, block: Block) -> Iterator[Obligation]:
    context = _in_its_year(context, block)
    who: str | None = None
    last: Obligation | None = None
    before: tuple[int, int] | None = None
    for sentence in sentences(context.text, block.start, block.end):
        goes_on = False
        clause = None
        for part in clauses(context.text, *sentence):
            before, clause = clause or before, part
            if (
                last is None
                and _PAPER_HEAD.match(context.text.low, *sentence)
                and _PAPER_HEAD.match(context.text.low, *part)
            ):
                clause = (sentence[0], part[1])  # papers one after the other, and by when all of them
            elif last is None or last.span.start < sentence[0]:
                clause = _with_its_list(context, sentence, part)
            if part[0] == sentence[0] and _STRETCH_HEAD.match(context.text.low, *part):
                clause = (part[0], _end_of_list(context, sentence, part))
            for segment, due in find_segments(context, clause):
                goes_on = is_due(context, block, segment, due) or (goes_on and _repeats(context, segment, due))
                if not goes_on:
                    continue
                obligation = word_obligation(context, block, segment, due, before, who)
                if last is not None and segment[0] > part[0] and not ACT.search(context.text.low, *segment):
                    obligation = _like(context.text, last, obligation)
                who, last = obligation.who, obligation
                yield obligation
        if last is not None and (again := _at_the_same_time(context, block, sentence, last)):
            yield again
        before = sentence


def _with_its_list(context: Context, sentence: tuple[int, int], part: tuple[int, int]) -> tuple[int, int]:
    """ "Các phòng báo cáo việc A; việc B; việc C trước ngày …" and "Phòng A; Phòng B gửi trước ngày …" are one duty:
    a clause without an act, or the one behind a list of bearers, begins where its sentence does."""
    text, whole = context.text, (sentence[0], part[1])
    if part[0] == sentence[0] or part[0] - sentence[0] > 2 * SHORT or not (named := subject(text, *whole)):
        return part
    acts_before = _DOES.search(text.low, sentence[0], part[0])
    if named[1] > part[0]:
        return whole if ACTOR_START.match(text.low, part[0]) else part
    own = _BRACKETS.sub("", text.low[part[0] : part[1]])
    return whole if acts_before and not ACT.search(own) and not VERB_HEAD.match(own) else part


def _end_of_list(context: Context, sentence: tuple[int, int], part: tuple[int, int]) -> int:
    """ "Từ ngày … đến ngày …: các khoa phổ biến; họp bình xét; …": all done in those days, up to another time."""
    end = part[1]
    for other in clauses(context.text, *sentence):
        if other[0] <= part[0]:
            continue
        if find_dues(context.text, other, context.masked, context.frame) or not ACT.search(context.text.low, *other):
            break
        end = other[1]
    return end


def _like(text: Text, before: Obligation, one: Obligation) -> Obligation:
    """ "Báo cáo 6 tháng (trước 15/6), năm (trước 30/11)": the second names no act of its own."""
    span = Span(before.span.start, one.span.end)
    what = cut(f"{before.what}; {one.what.rpartition(': ')[2]}")
    return replace(one, what=what, span=span, quote=text.quote(span.start, span.end), who=before.who)


def _in_its_year(context: Context, block: Block) -> Context:
    """ "Năm 2026: tổng kết trong quý III": times of a paragraph under a year are of that year."""
    for above in (block, *block.ancestors()):
        if match := _YEAR_HEAD.match(context.text.low, above.start, above.end):
            year = int(match["y"])
            span = Span(*match.span("y"))
            period = Period(date(year, 1, 1), date(year, 12, 31), span)
            return replace(context, frame=replace(context.frame, period=period))
    return context


def _repeats(context: Context, segment: tuple[int, int], due: FoundDue) -> bool:
    """The same duty for others by another day: "…, Đợt II trước ngày …", "…; ngày … đối với cấp huyện"."""
    if due.due.kind is not DueKind.ABSOLUTE:
        return False
    lead = context.text.low[segment[0] : due.start].strip(" -+(")
    return len(lead) < _SHORT_LEAD and (due.firmness is Firmness.FIRM or not lead)


def _at_the_same_time(context: Context, block: Block, sentence: tuple[int, int], last: Obligation) -> Obligation | None:
    """ "Đồng thời, …" asks for another paper by the time of the sentence before it."""
    words = context.text.low[sentence[0] : sentence[1]]
    if not words.startswith("đồng thời") or not _HANDS_IN.search(words) or NO_DUTY.search(words):
        return None
    if sentence[0] <= last.span.start or find_dues(context.text, sentence, context.masked, context.frame):
        return None
    due = FoundDue(last.due, sentence[1], sentence[1], Firmness.TIMED)
    return word_obligation(context, block, sentence, due, None, last.who, reads_on=False)


def _undated_of_block(context: Context, block: Block) -> Iterator[Obligation]:
    """At most one for a paragraph: it is told to have no deadline, so one line is enough."""
    if (
        block.rank <= 1
        or section_of(context, block) is not None
        or _is_footnote(context, block)
        or announces(context, block)
    ):
        return
    text = context.text
    if always := _ALWAYS.search(text.low, block.start, block.end):
        if TIME_LABEL.match(text.low, block.start):
            due = Due(DueKind.RECURRENT, anchor=text.quote(*always.span("how")), span=Span(*always.span("how")))
            found = FoundDue(due, always.start("how"), always.end("how"), Firmness.FIRM)
            yield word_obligation(context, block, (block.start, block.end), found, None, None)
        return
    for sentence in sentences(text, block.start, block.end):
        for clause in clauses(text, *sentence):
            words = text.low[clause[0] : clause[1]]
            if not _HANDS_IN.search(words) or NO_DUTY.search(words) or not _is_order(context, block, clause):
                continue
            if _PUTS_FORWARD.search(words) and not _PAPERS.search(words):
                continue  # a quota; the papers about it are asked for elsewhere
            if (phased := _phase_due(context, block)) is not None:
                yield word_obligation(
                    context, block, clause, FoundDue(phased, clause[0], clause[0], Firmness.TIMED), None, None
                )
            else:
                none = FoundDue(NO_DUE, clause[1], clause[1], Firmness.LOOSE)
                yield word_obligation(context, block, clause, none, None, None)
            return


def _is_footnote(context: Context, block: Block) -> bool:
    return context.text.plain[block.start] == "(" or is_heading(context.text, block)


def _is_order(context: Context, block: Block, clause: tuple[int, int]) -> bool:
    """Somebody is told to do it: a bearer in the clause or above, or a verb at its head."""
    text = context.text
    if subject(text, *clause) or inherited_actor(context.outline, block) or heading_actor(text, block):
        return True
    head = re.match(r"\W*(?:đồng thời,?\s+)?(\w+(?:\s+\w+)?)", text.low[clause[0] : clause[1]])
    return head is not None and any(head[1].startswith(verb) for verb in VERBS)


def _phase_due(context: Context, block: Block) -> Due | None:
    """Under the heading of a phase its days hold for what is to be done."""
    for above in (block, *block.ancestors()):
        for phase in context.phases:
            if above.start <= phase.span.start < above.end and phase.first and phase.last:
                return Due(DueKind.RANGE, first=phase.first, last=phase.last, span=phase.dates)
    return None
