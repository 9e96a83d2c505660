"""Duties: what a plan asks somebody to do by a time, or to hand in without saying when."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from campaigns.planreader import tables
from campaigns.planreader.actors import (
    VERBS,
    addressed_units,
    addressees,
    heading_actor,
    inherited_actor,
    receiver,
    shares_words,
    subject,
)
from campaigns.planreader.dues import Firmness, FoundDue, Frame, find_dues
from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.limits import FoundPages, find_papers_if_any
from campaigns.planreader.reading import NO_DUE, Due, DueKind, Header, Obligation, Period, PlanPhase, Span
from campaigns.planreader.structure import Block, Outline, clauses, is_heading, sentences
from campaigns.planreader.text import Text

_PURPOSE: Final = re.compile(
    r"(?:mục\s+(?:đích|tiêu)|(?:các\s+)?chỉ\s+tiêu(?!\s+\w+\s+đăng)|yêu\s+cầu|quan\s+điểm|ý\s+nghĩa)(?!\w)"
)
_CRITERIA: Final = re.compile(
    r"(?:đối tượng|điều kiện|tiêu chuẩn|tiêu chí|nguyên tắc|phạm vi|cơ cấu|giải thưởng|kinh phí|nguồn kinh phí"
    r"|quyền lợi)(?!\w)"
)
_ACT: Final = re.compile(
    r"(?<!\w)(?:gửi|nộp|báo cáo|trình|đăng ký|hoàn thành|hoàn tất|tổ chức|xây dựng|lập|ban hành|họp|sơ kết|tổng kết"
    r"|đánh giá|"
    r"kiểm tra|phát động|ký kết|ký|triển khai|tiến hành|công bố|khen thưởng|tôn vinh|bình xét|xét|lựa chọn|giới thiệu|"
    r"đề xuất|rà soát|thẩm định|tập huấn|hội nghị|hội thi|cuộc thi|khai mạc|bế mạc|trao|tuyên dương|biểu dương"
    r"|bồi dưỡng|"
    r"hưởng ứng|cử|thành lập|phổ biến|quán triệt|khảo sát|nghiệm thu|bàn giao|chấm|góp ý|bầu|bỏ phiếu|thực hiện"
    r"|đăng tải|"
    r"chuẩn bị|cập nhật|tổng hợp|thông báo|công nhận|diễn ra|suy tôn|tham mưu|tiếp nhận|nhận|tự chấm|ra quân|lễ"
    r"|trưng bày|"
    r"xong|đề nghị|hướng dẫn|viết|dự thi|thi(?!\s+(?:đua|hành|đấu))|giám sát|thống kê|nhập|mở|phân công|lấy ý kiến"
    r"|gặp mặt|hội thảo|tọa đàm|"
    r"tuyên truyền|học tập|chuyển|cung cấp|thu|treo|mở|nghiệm thu|quyết toán|chấm|phê duyệt|xác nhận|trực"
    r"|tuần tra|chăm sóc|thăm|tặng|trồng|quyên góp|vận động|ủng hộ|hiến máu|lắp đặt|sửa chữa|khánh thành"
    r"|giao lưu|tham quan|hội thao|hội khỏe|liên hoan|triển lãm|sinh hoạt|phát thanh|phát sóng|tổng duyệt|sơ khảo"
    r"|chung khảo|vòng|đăng bài|in ấn|trang trí|bảo vệ|ra mắt|bàn giao|rút kinh nghiệm|khởi công|tham gia)(?!\w)"
)
_HOLDS_EVENT: Final = re.compile(
    r"(?<!\w)(?:tổ chức|họp|khai mạc|bế mạc|diễn ra|hội nghị|hội thi|lễ|đại hội|ra quân|tập huấn|chung kết|sơ khảo"
    r"|gặp mặt|"
    r"báo cáo|gửi|nộp|đăng ký|trao|thời gian|thi|chấm)(?!\w)"
)
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
_NO_DUTY: Final = re.compile(
    r"(?:nếu (?:có|phát sinh)|có)\s+(?:[^;.]{0,30}\s)?(?:khó khăn|vướng mắc|vấn đề)|có vướng mắc"
    r"|gửi kèm theo kế hoạch|(?:nghị quyết|quyết định|kế hoạch|chương trình) này đã|\bđã\s+(?:được|gửi|nộp"
    r"|báo cáo|tổ chức|ban hành|hoàn thành)"
)
_NO_TIME: Final = re.compile(
    r"(?:tính|hiệu lực(?:\s+thi\s+hành)?|thành lập|ra đời|sinh|ban hành|ký|công tác|tuyển dụng|thành tích"
    r"|quá trình)\s+(?:kể\s+|tính\s+|đến\s+)?(?:từ|trước|ngày|vào|đến|hết|kể từ)?\s*(?:hết\s+)?(?:ngày\s*)?$"
)
_TIME_LABEL: Final = re.compile(
    r"^\W*(?:(?:về\s+)?(?:thời gian|thời hạn|thời điểm|tiến độ|lộ trình|hạn)(?:\s+\w+){0,8}|(?:hạn|hoàn thành"
    r"|kết thúc|xong))\s*(?::|trước|chậm nhất|là|trong|tháng|quý|từ)"
)
_LABEL_BEFORE: Final = re.compile(r"(?:thời gian|thời hạn|thời điểm|tiến độ|hạn)(?:\s+\w+){0,8}\s*:")
_WHO_LABEL: Final = re.compile(
    r"(?<!\w)(?:(?:đơn vị|cơ quan|bộ phận|cá nhân|phòng|người|phân công|tổ chức|thành phần)\s+(?:chịu trách nhiệm"
    r"|chủ trì|đầu mối|thực hiện|phụ trách|"
    r"tham mưu|nộp|gửi|báo cáo|tổ chức)|chủ trì|đầu mối|phụ trách|chịu trách nhiệm)(?:\s+(?:thực hiện|tham mưu"
    r"|chính|chủ trì))?\s*:\s*(?P<who>[^.;|\n]{2,160})"
)
_ALWAYS: Final = re.compile(
    r":\s*(?:được\s+)?(?:thực hiện\s+)?(?P<how>thường xuyên|liên tục|trong (?:cả )?năm|cả năm|hằng năm"
    r"|hàng năm)[^.;]{0,40}"
)
_SPAN_OF_ALL: Final = re.compile(
    r"\W*(?:phong trào|đợt thi đua|cuộc vận động|tháng cao điểm|kế hoạch này)[^,;.]{0,80}?"
    r"(?:tổ chức|triển khai|thực hiện|phát động|bắt đầu|diễn ra|kéo dài)\s+(?:\w+\s+){0,3}?(?:kể\s+|tính\s+)?từ\s"
)
_OWN_PAPER: Final = re.compile(
    r"(?:[^;:.]{0,80}:\s*)?(?:báo cáo|kế hoạch|hồ sơ|văn bản)[^;,.]{0,160}?\s(?:của"
    r"|do)\s+(?P<who>[^;,.]{3,80}?)\s+(?:gửi|nộp|trình)(?!\w)"
)
_SPLIT: Final = re.compile(r"[;,]\s|\)\s|\svà\s")
# Labels that say no act: what stands behind them is no duty by itself.
_GENERAL: Final = re.compile(
    r"(?:\W*(?:căn cứ|ghi chú|năm|giai đoạn|thời kỳ|phạm vi|đối tượng|chủ đề|kỷ niệm|thời gian|hiệu lực|số liệu|mốc|từ"
    r"|ví dụ|ngày sinh|sinh ngày)(?!\w)|.*(?:thành lập|truyền thống|ngày sinh|hiệu lực)$)"
)
_BRACKETED: Final = re.compile(r"\((?P<who>[^()\d]{4,80})\)\s*[.;]?\s*$")
_YEAR_HEAD: Final = re.compile(r"\W*(?:trong\s+)?năm\s+(?P<y>20\d\d)\s*(?:[:.]|-(?!\s*\d)|$)")
_SENT: Final = re.compile(r"(?:hồ sơ|báo cáo|danh sách|đăng ký|sáng kiến|tác phẩm)[^;.]{0,90}?\s(?:gửi|nộp)(?!\w)")
_PUTS_FORWARD: Final = re.compile(
    r"(?:giới thiệu|đề nghị|chọn|đăng ký|suy tôn|bầu)\s+(?:không quá\s+|tối đa\s+)?\d{1,3}\s"
)
_PAPERS: Final = re.compile(r"(?<!\w)(?:gửi|nộp|trình|hồ sơ|danh sách|báo cáo|biên bản|văn bản)(?!\w)")
_SUPERIOR: Final = re.compile(
    r"(?:bộ|vụ|chính phủ|thủ tướng|tổng cục|ủy ban|ubnd|tỉnh|thành|ban bí thư|trung ương|hội sở|chủ tịch|giám đốc"
    r"|cấp)(?!\w)"
)
_LONGEST_WHAT: Final = 260
_SHORT: Final = 420
_FEW: Final = 3
_SHORT_LEAD: Final = 40
_KINDS: Final = (DueKind.RELATIVE, DueKind.ABSOLUTE, DueKind.RANGE, DueKind.RECURRENT, DueKind.OCCASION)
_YEARS: Final = 180
_AND: Final = re.compile(r"\s*(?:,|;|và|,\s*và)\s*")
_FAR: Final = 90
_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Context:
    outline: Outline
    header: Header
    masked: Sequence[Span]
    frame: Frame
    phases: Sequence[PlanPhase]
    everybody: str | None
    is_letter: bool = False
    """Written to somebody by name: what it asks, it asks of them."""
    speaks_from: int = 0
    """Where the first heading stands; grounds and greetings before it ask nothing."""
    sections: dict[int, str | None] = field(default_factory=dict)
    """What was found of a block's section, by where the block begins: it is asked for each of its clauses."""

    @property
    def text(self) -> Text:
        return self.outline.text


def find_obligations(
    outline: Outline, header: Header, masked: Sequence[Span], frame: Frame, phases: Sequence[PlanPhase]
) -> list[Obligation]:
    addressed = addressees(outline)
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
    if any(heading.end <= phase.span.start < _last(heading) for phase in phases):
        return True
    acts = set(_ACT.findall(one.what.lower()))
    below = (other for other in found if heading.end <= other.span.start < _last(heading) and other.due.kind)
    return any(acts & set(_ACT.findall(other.what.lower())) for other in below)


def _first_heading(outline: Outline) -> int:
    return next((block.start for block in outline.body if block.rank <= 2 and is_heading(outline.text, block)), 0)  # noqa: PLR2004


def _of_block(context: Context, block: Block) -> Iterator[Obligation]:
    if _section(context, block) is None and _is_title_line(context, block):
        return
    dated = list(_dated_of_block(context, block))
    yield from dated
    if not dated:
        yield from _undated_of_block(context, block)


def _is_title_line(context: Context, block: Block) -> bool:
    span = context.header.title_span
    return span is not None and block.start < span.end


def _section(context: Context, block: Block) -> str | None:
    """ "purpose" or "criteria" where a heading above says so."""
    if block.start not in context.sections:
        context.sections[block.start] = _find_section(context, block)
    return context.sections[block.start]


def _find_section(context: Context, block: Block) -> str | None:
    if block.start < context.speaks_from:
        return "purpose"
    for above in (block, *block.ancestors()):
        if above is block and not is_heading(context.text, block):
            continue
        if above.rank > 5 and above is not block:  # noqa: PLR2004  lead-ins are no headings
            continue
        if _PURPOSE.match(context.text.low, above.start):
            return "purpose"
        if _CRITERIA.match(context.text.low, above.start):
            return "criteria"
    return None


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
            for segment, due in _segments(context, clause):
                goes_on = _is_due(context, block, segment, due) or (goes_on and _repeats(context, segment, due))
                if not goes_on:
                    continue
                obligation = _obligation(context, block, segment, due, before, who)
                if last is not None and segment[0] > part[0] and not _ACT.search(context.text.low, *segment):
                    obligation = _like(context.text, last, obligation)
                who, last = obligation.who, obligation
                yield obligation
        if last is not None and (again := _at_the_same_time(context, block, sentence, last)):
            yield again
        before = sentence


def _like(text: Text, before: Obligation, one: Obligation) -> Obligation:
    """ "Báo cáo 6 tháng (trước 15/6), năm (trước 30/11)": the second names no act of its own."""
    span = Span(before.span.start, one.span.end)
    what = _cut(f"{before.what}; {one.what.rpartition(': ')[2]}")
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
    if not words.startswith("đồng thời") or not _HANDS_IN.search(words) or _NO_DUTY.search(words):
        return None
    if sentence[0] <= last.span.start or find_dues(context.text, sentence, context.masked, context.frame):
        return None
    due = FoundDue(last.due, sentence[1], sentence[1], Firmness.TIMED)
    return _obligation(context, block, sentence, due, None, last.who, reads_on=False)


def _segments(context: Context, clause: tuple[int, int]) -> Iterator[tuple[tuple[int, int], FoundDue]]:
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
        between = text.low[kept[-1].end : min(due.start, kept[-1].end + _SHORT)]
        if re.match(r"\s*(?:\([^()]*\)\s*)?(?:[,;)]|và\s)", between) and _ACT.search(between):
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
    if due.kind is DueKind.RANGE and due.first and due.last and (due.last - due.first).days > _YEARS:
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


def _is_due(context: Context, block: Block, segment: tuple[int, int], due: FoundDue) -> bool:
    words = context.text.low[segment[0] : segment[1]]
    section = _section(context, block)
    if due.due.kind is DueKind.RANGE and due.due.last is None and _is_past(context, due.due.first):
        return False  # "số liệu tính từ …": a beginning that lies behind
    if _SPAN_OF_ALL.match(words) or (_NO_DUTY.search(words) and due.firmness is not Firmness.FIRM):
        return False
    if section is not None:
        return (
            due.firmness is Firmness.FIRM
            and due.due.kind in {DueKind.ABSOLUTE, DueKind.RELATIVE}
            and bool(_ACT.search(words))
        )
    has_act = bool(_ACT.search(words))
    if due.firmness is Firmness.FIRM:
        is_label = bool(_TIME_LABEL.search(words) or _LABEL_BEFORE.search(words))
        return has_act or is_label or due.due.kind is DueKind.RECURRENT
    if _is_labelled(context, block, due):
        return True
    return has_act and (
        _is_timed(context, segment, due) if due.firmness is Firmness.TIMED else _is_loose(context, words, due)
    )


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
        and _FEW < len(name) < _FAR
        and is_alone
        and not _GENERAL.match(name.lower())
        and due.due.kind in {DueKind.ABSOLUTE, DueKind.RANGE}
    )


def _is_timed(context: Context, segment: tuple[int, int], due: FoundDue) -> bool:
    """A whole year is the time of an act only at the head of a clause; a past stretch never."""
    low = context.text.low
    kind = due.due.kind
    if kind is DueKind.RANGE and due.due.first and due.due.last and (due.due.last - due.due.first).days > _YEARS:
        head = low[segment[0] : due.start].strip(" -+")
        is_spoken = bool(re.match(r"(?:kể |tính |bắt đầu )?từ", low[due.start : due.end]))
        if (
            not is_spoken
            and len(head) > _FEW
            and not re.search(
                r"(?:(?:sơ kết|tổng kết|hoàn thành)[^,;.]{0,30}(?:vào|trong)|hoàn thành|xong|từ)\s+năm\W*$",
                low[segment[0] : due.start + 22].split("năm")[0] + "năm",
            )
        ):
            return False
    if kind is DueKind.OCCASION:
        return (
            bool(
                _ACT.search(low, segment[0], due.start)
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
    beside = (
        context.text.low[max(0, due.start - _FAR) : due.start].rpartition("), ")[2] + words[-_FAR:].partition(")")[2]
    )
    is_named = re.search(r"kỷ niệm|ngày truyền thống|giai đoạn", words)
    is_last = due.due.kind is DueKind.ABSOLUTE and not words[words.rfind(context.text.low[due.start : due.end]) :][
        due.end - due.start :
    ].strip(" .;")
    return bool(is_last or _HOLDS_EVENT.search(words)) and not (is_named and is_named.group() in (beside or words))


def _obligation(
    context: Context,
    block: Block,
    segment: tuple[int, int],
    due: FoundDue,
    before: tuple[int, int] | None,
    who: str | None,
    *,
    reads_on: bool = True,
) -> Obligation:
    text = context.text
    start, end = segment
    is_label = bool(_TIME_LABEL.match(text.low[start:end])) or (
        due.start == start and bool(_LABEL_BEFORE.match(text.low, start, end))
    )
    quote_start = start
    if is_label and before is not None and end - before[0] < 3 * _SHORT:
        quote_start = before[0]
    found = subject(text, start, end)
    labelled = _labelled_who(context, block)
    actor = labelled or (found[0] if found else None) or who or (_sentence_actor(text, before) if is_label else None)
    actor = (
        actor
        or _bracketed(text, due.end, block.end)
        or _paper_of(text, start, end)
        or inherited_actor(context.outline, block)
        or _own_heading(text, block, due)
    )
    to = receiver(text, start, end, due.start)
    actor = actor or _default_actor(context, to, text.low[start:end])
    what = _what(context, block, segment, due, is_label=is_label, before=before)
    place = due.due.span.end - 1 if due.due.span else start
    # The line of the duty is where its sentence begins; the line of its day may be a later one.
    span = Span(min(quote_start, start), max(end, place + 1) if reads_on else end)
    line = text.line_at(start)
    return Obligation(actor, what, to, due.due, (), line, text.quote(span.start, span.end), span)


def _bracketed(text: Text, start: int, end: int) -> str | None:
    """ "Phát động thi đua trong toàn trường (Hiệu trưởng)."."""
    match = _BRACKETED.search(text.plain, start, end)
    if match is None or not ACTOR_START.match(text.low, match.start("who")):
        return None
    return text.quote(*match.span("who"))


def _paper_of(text: Text, start: int, end: int) -> str | None:
    """ "Báo cáo tổng kết của Cụm gửi về …": whose paper it is, sends it."""
    match = _OWN_PAPER.match(text.low, start, end)
    if match is None:
        return None
    first = max(text.low.rfind(" của ", match.start(), match.end("who")) + 5, match.start("who"))
    return text.quote(first, match.end("who")) if ACTOR_START.match(text.low, first) else None


def _own_heading(text: Text, block: Block, due: FoundDue) -> str | None:
    """ "- Văn phòng Sở: tổng hợp, báo cáo trước ngày …"."""
    actor = heading_actor(text, block)
    return actor if actor and block.start + len(actor) < due.start else None


def _sentence_actor(text: Text, sentence: tuple[int, int] | None) -> str | None:
    found = subject(text, *sentence) if sentence else None
    return found[0] if found else None


def _labelled_who(context: Context, block: Block) -> str | None:
    """A line of its own beside the time: "- Đơn vị thực hiện: …"."""
    text = context.text
    siblings = [block, *(block.parent.children if block.parent else ()), *block.children]
    for sibling in siblings:
        if sibling.cells or (sibling is not block and sibling.end - sibling.start > _SHORT):
            continue
        if match := _WHO_LABEL.search(text.low, sibling.start, sibling.end):
            if sibling is not block and match.start() - sibling.start > 3:  # noqa: PLR2004  a label stands first
                continue
            return text.quote(*match.span("who")).strip(" ,")
    return None


def _default_actor(context: Context, to: str | None, words: str) -> str | None:
    """Papers that go to the issuer or to an office of it come from all it addresses; the rest it does itself."""
    header = context.header
    if context.is_letter:
        return context.everybody
    inner = ("văn phòng", "phòng", "thường trực", "trưởng", "hội đồng", "ban", "tổ", "bộ phận")
    if re.search(
        r"(?:ở|tại|của|trong) (?:các )?(?:cơ quan, )?(?:đơn vị|khoa|phòng|chi nhánh|lớp|tổ|địa phương)(?!\w)", words
    ):
        return context.everybody or header.issuer
    if to and (to.lower().startswith(inner) or shares_words(to, header.issuer)):
        return context.everybody or header.issuer
    is_asked = to is None and context.everybody and _SENT.search(words)
    if is_asked or (to and not _SUPERIOR.match(to.lower()) and context.everybody):
        return context.everybody
    return header.issuer or context.everybody


def _what(
    context: Context,
    block: Block,
    segment: tuple[int, int],
    due: FoundDue,
    *,
    is_label: bool,
    before: tuple[int, int] | None,
) -> str:
    text = context.text
    start, end = segment
    if is_label:
        label = re.match(r"[^:]{0,80}", text.plain[start:end])
        said = " ".join(label.group().split()) if label and ":" in text.plain[start:end] else ""
        if said and not re.fullmatch(
            r"\W*(?:thời gian|thời hạn|thời điểm|tiến độ|hạn)(?:\s+(?:thực hiện|hoàn thành|tổ chức|dự kiến|là))*",
            said.lower(),
        ):
            return _cut(": ".join(part for part in (_heading_words(context, block), said) if part))
        return _cut(_heading_words(context, block) or (text.quote(*before) if before else text.quote(start, end)))
    found = subject(text, start, end)
    first = found[1] if found and found[1] < due.start else start
    words = text.quote(first, due.start) + " " + text.quote(due.end, end)
    words = re.sub(r"\(\W*\)", "", re.sub(r"\s+([,;.)])", r"\1", " ".join(words.split()))).strip(" ,;.:-")
    words = re.sub(r"(?:\s+(?:trong|vào|là|từ|đến|xong|trước|hết|và))+$", "", words)
    title = _clause_title(text, block, start)
    if title and title.lower() not in words.lower():
        words = f"{title}: {words}"
    if len(words) < 25 and (above := _heading_words(context, block)) and above.lower() not in words.lower():  # noqa: PLR2004  says nothing alone
        words = f"{above}: {words}"
    return _cut(words)


def _clause_title(text: Text, block: Block, start: int) -> str:
    """The words before a colon that name what the paragraph is about."""
    colon = text.plain.find(":", block.start, min(block.end, block.start + 130))
    if colon < 0 or (start <= block.start and colon < block.start) or heading_actor(text, block):
        return ""
    return text.quote(block.start, colon)


def _heading_words(context: Context, block: Block) -> str:
    for above in (block, *block.ancestors()):
        if above is block and not (is_heading(context.text, above) or _title_part(context.text, above)):
            continue
        words = _title_part(context.text, above) or context.text.quote(above.start, above.end)
        if not heading_actor(context.text, above) or _ACT.search(words.lower()):
            return words.rstrip(" :.")
    return ""


def _title_part(text: Text, block: Block) -> str:
    colon = text.plain.find(":", block.start, min(block.end, block.start + 130))
    if colon < 0 or _LABEL_BEFORE.match(text.low, block.start):
        return ""
    return text.quote(block.start, colon)


def _cut(words: str) -> str:
    if len(words) <= _LONGEST_WHAT:
        return words
    return words[:_LONGEST_WHAT].rsplit(" ", 1)[0] + " …"


def _undated_of_block(context: Context, block: Block) -> Iterator[Obligation]:
    """At most one for a paragraph: it is told to have no deadline, so one line is enough."""
    if block.rank <= 1 or _section(context, block) is not None or _is_footnote(context, block):
        return
    text = context.text
    if always := _ALWAYS.search(text.low, block.start, block.end):
        if _TIME_LABEL.match(text.low, block.start):
            due = Due(DueKind.RECURRENT, anchor=text.quote(*always.span("how")), span=Span(*always.span("how")))
            found = FoundDue(due, always.start("how"), always.end("how"), Firmness.FIRM)
            yield _obligation(context, block, (block.start, block.end), found, None, None)
        return
    for sentence in sentences(text, block.start, block.end):
        for clause in clauses(text, *sentence):
            words = text.low[clause[0] : clause[1]]
            if not _HANDS_IN.search(words) or _NO_DUTY.search(words) or not _is_order(context, block, clause):
                continue
            if _PUTS_FORWARD.search(words) and not _PAPERS.search(words):
                continue  # a quota; the papers about it are asked for elsewhere
            if (phased := _phase_due(context, block)) is not None:
                yield _obligation(
                    context, block, clause, FoundDue(phased, clause[0], clause[0], Firmness.TIMED), None, None
                )
            else:
                none = FoundDue(NO_DUE, clause[1], clause[1], Firmness.LOOSE)
                yield _obligation(context, block, clause, none, None, None)
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


def with_pages(obligations: list[Obligation], found: Sequence[FoundPages], outline: Outline) -> list[Obligation]:
    """Every limit of pages goes to the duty whose papers it bounds: in its words, its paragraph, or nearest to it."""
    kept, context_text = list(obligations), outline.text
    for pages in found:
        index = _owner(kept, pages)
        index = _beside(kept, pages, outline) if index is None else index
        if index is None:
            span = Span(
                *next(
                    (
                        s
                        for s in sentences(context_text, pages.block.start, pages.block.end)
                        if s[0] <= pages.start < s[1]
                    ),
                    (pages.block.start, pages.block.end),
                )
            )
            actor = None
            kept.append(
                Obligation(
                    actor,
                    pages.limit.paper,
                    None,
                    NO_DUE,
                    (pages.limit,),
                    context_text.line_at(pages.start),
                    context_text.quote(span.start, span.end),
                    span,
                )
            )
            continue
        owner = kept[index]
        if pages.limit not in owner.page_limits:
            kept[index] = replace(
                owner,
                page_limits=(*owner.page_limits, pages.limit),
                span=_reach(owner, pages),
                quote=_requote(owner, pages, context_text),
            )
    for paper in find_papers_if_any(outline, found):
        if (index := _owner(kept, paper)) is not None and paper.limit.paper not in kept[index].papers_if_any:
            kept[index] = replace(kept[index], papers_if_any=(*kept[index].papers_if_any, paper.limit.paper))
    return sorted(kept, key=lambda one: one.span.start)


def _reach(owner: Obligation, pages: FoundPages) -> Span:
    inside = pages.block.start <= owner.span.start < pages.block.end
    if inside and owner.span.end <= pages.start < owner.span.end + _SHORT:
        return Span(owner.span.start, pages.end)
    return owner.span


def _requote(owner: Obligation, pages: FoundPages, text: Text) -> str:
    span = _reach(owner, pages)
    return text.quote(span.start, span.end)


def _owner(obligations: Sequence[Obligation], pages: FoundPages) -> int | None:
    holding = [index for index, one in enumerate(obligations) if one.span.holds(pages.start)]
    if holding:
        return holding[-1]
    block = pages.block
    while block is not None:
        inside = [index for index, one in enumerate(obligations) if block.start <= one.span.start < _last(block)]
        before = [index for index in inside if obligations[index].span.start < pages.start]
        if before or inside:
            return before[-1] if before else inside[0]
        if block.parent is None or block.rank <= 1:
            break
        block = block.parent
    return _of_same_paper(obligations, pages)


def _of_same_paper(obligations: Sequence[Obligation], pages: FoundPages) -> int | None:
    """The duty that hands in the paper of that very name, wherever the plan asks for it."""
    paper = pages.limit.paper.lower()
    named = [index for index, one in enumerate(obligations) if paper in one.what.lower() and one.due.kind]
    if not named or len(paper.split()) < _FEW:
        return None
    return named[-1] if obligations[named[-1]].span.start < pages.start else named[0]


def _beside(obligations: Sequence[Obligation], pages: FoundPages, outline: Outline) -> int | None:
    """The duty of the neighbouring paragraph that hands in the file of which the paper is a part."""
    place = next(index for index, block in enumerate(outline.blocks) if block is pages.block)
    near = [block for block in outline.blocks[max(0, place - 1) : place + 2] if block is not pages.block]
    for index, one in enumerate(obligations):
        is_near = any(block.start <= one.span.start < block.end for block in near)
        if is_near and re.search(r"hồ sơ|báo cáo", one.what.lower()) and one.due.kind:
            return index
    return None


def _last(block: Block) -> int:
    return max([block.end, *(_last(child) for child in block.children)])
