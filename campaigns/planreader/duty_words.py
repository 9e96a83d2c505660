"""One duty in words: who does what, to whom it goes, by which paper."""

import re
from typing import Final

from campaigns.planreader.actors import (
    asked_before,
    heading_actor,
    inherited_actor,
    receiver,
    shares_words,
    subject,
)
from campaigns.planreader.due_shapes import FoundDue
from campaigns.planreader.duty_context import (
    ACT,
    LABEL_BEFORE,
    SHORT,
    TIME_LABEL,
    Context,
)
from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.reading import DueKind, Obligation, Span
from campaigns.planreader.structure import Block, is_heading
from campaigns.planreader.text import Text, memory

_WHO_LABEL: Final = re.compile(
    r"(?<!\w)(?:(?:đơn vị|cơ quan|bộ phận|cá nhân|phòng|người|phân công|tổ chức|thành phần)\s+(?:chịu trách nhiệm"
    r"|chủ trì|đầu mối|thực hiện|phụ trách|"
    r"tham mưu|nộp|gửi|báo cáo|tổ chức)|chủ trì|đầu mối|phụ trách|chịu trách nhiệm)(?:\s+(?:thực hiện|tham mưu"
    r"|chính|chủ trì))?\s*:\s*(?P<who>[^.;|\n]{2,160})"
)


_OWN_PAPER: Final = re.compile(
    r"(?:[^;:.]{0,80}:\s*)?(?:báo cáo|kế hoạch|hồ sơ|văn bản|ý kiến|danh sách|kết quả|đề xuất)[^;,.]{0,160}?\s(?:của"
    r"|do)\s+(?P<who>[^;.]{3,80}?)\s+(?:gửi|nộp|trình)(?!\w)"
)


_BRACKETED: Final = re.compile(r"\((?P<who>[^()\d]{4,80})\)\s*[.;]?\s*$")


_SENT: Final = re.compile(r"(?:hồ sơ|báo cáo|danh sách|đăng ký|sáng kiến|tác phẩm)[^;.]{0,90}?\s(?:gửi|nộp)(?!\w)")


_SUPERIOR: Final = re.compile(
    r"(?:bộ|vụ|chính phủ|thủ tướng|tổng cục|ủy ban|ubnd|tỉnh|thành|ban bí thư|trung ương|hội sở|chủ tịch|giám đốc"
    r"|cấp)(?!\w)"
)


# A sentence that begins with an act goes on about the one of the sentence before it.
_GOES_ON: Final = re.compile(r"(?:gửi|nộp|trình|báo cáo|lập|hoàn thành|tổng hợp)\s")


_LONGEST_WHAT: Final = 260


_TIME_WORDS: Final = 14  # letters of "làm việc" between a count of days and the comma


_AT_HEAD: Final = 3  # letters before a label that stands first


def word_obligation(
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
    is_label = bool(TIME_LABEL.match(text.low[start:end])) or (
        due.start == start and bool(LABEL_BEFORE.match(text.low, start, end))
    )
    quote_start = start
    if is_label and before is not None and end - before[0] < 3 * SHORT:
        quote_start = before[0]
    found = (_behind_event(text, segment, due) if due.start == start else None) or subject(text, start, end)
    labelled = _labelled_who(context, block)
    actor = labelled or (found[0] if found else None) or who
    if actor is None and (is_label or _GOES_ON.match(text.low, start, end)):
        actor = _sentence_actor(text, before)
    actor = (
        actor
        or _bracketed(text, due.end, block.end)
        or _paper_of(text, start, end)
        or inherited_actor(context.outline, block)
        or _own_heading(text, block, due)
    )
    to = receiver(text, start, end, due.start)
    actor = actor or _default_actor(context, to, text.low[start:end], start)
    what = _what(context, block, segment, due, is_label=is_label, before=before)
    place = due.due.span.end - 1 if due.due.span else start
    # The line of the duty is where its sentence begins; the line of its day may be a later one.
    span = Span(min(quote_start, start), max(end, place + 1) if reads_on else end)
    line = text.line_at(start)
    return Obligation(actor, what, to, due.due, (), line, text.quote(span.start, span.end), span)


def _behind_event(text: Text, segment: tuple[int, int], due: FoundDue) -> tuple[str, int] | None:
    """ "Sau khi có quyết định của Bộ trưởng, trong 10 ngày, Văn phòng gửi …": those the event names bear nothing."""
    if due.due.kind is not DueKind.RELATIVE:
        return None
    comma = text.low.find(",", due.end, min(segment[1], due.end + _TIME_WORDS))
    return subject(text, comma + 1, segment[1]) if comma >= 0 else None


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
    """In the words themselves, or a line of its own beside or below them: "- Đơn vị thực hiện: …"."""
    text = context.text
    if not block.cells and (match := _WHO_LABEL.search(text.low, block.start, block.end)):
        return _named(text, match)
    beside = _labelled_child(text, block.parent) if block.parent else None
    return beside if beside is not None else _labelled_child(text, block)


def _labelled_child(text: Text, above: Block) -> str | None:
    """Whom the first line of that kind below a block names; looked for once for all its lines."""
    known, key = memory(text), ("bearer", above.start)
    if key not in known:
        lines = (one for one in above.children if not one.cells and one.end - one.start <= SHORT)
        found = ((one, _WHO_LABEL.search(text.low, one.start, one.end)) for one in lines)
        labels = (_named(text, match) for one, match in found if match and match.start() - one.start <= _AT_HEAD)
        known[key] = next(labels, None)
    named: str | None = known[key]
    return named


def _named(text: Text, match: re.Match[str]) -> str:
    return text.quote(*match.span("who")).strip(" ,")


def _default_actor(context: Context, to: str | None, words: str, place: int) -> str | None:
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
    if header.issuer is None and context.everybody is None:
        return asked_before(context.outline, place)
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
            return cut(": ".join(part for part in (_heading_words(context, block), said) if part))
        return cut(_heading_words(context, block) or (text.quote(*before) if before else text.quote(start, end)))
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
    return cut(words)


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
        if not heading_actor(context.text, above) or ACT.search(words.lower()):
            return words.rstrip(" :.")
    return ""


def _title_part(text: Text, block: Block) -> str:
    colon = text.plain.find(":", block.start, min(block.end, block.start + 130))
    if colon < 0 or LABEL_BEFORE.match(text.low, block.start):
        return ""
    return text.quote(block.start, colon)


def cut(words: str) -> str:
    if len(words) <= _LONGEST_WHAT:
        return words
    return words[:_LONGEST_WHAT].rsplit(" ", 1)[0] + " …"
