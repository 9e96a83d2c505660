"""Levels that a plan sets: "100 % bản án được theo dõi", "đạt trên 90 %", "ít nhất 02 sáng kiến", "vượt mức chỉ tiêu".

A share is a level unless it says how many may be put forward (`quotas`), or speaks of votes, money or what was. A count
is one only where a word for the least stands before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.planreader.actors import inherited_actor
from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.reading import PlanIndicator, Quota, Span
from campaigns.planreader.structure import Block, Outline, clauses, is_heading, sentences
from campaigns.planreader.text import Text

PERCENT, COUNT, YES_NO = "percent", "count", "yes-no"
MORE, LESS, EXACT = "more", "less", "exact"

_LEAST: Final = (
    r"(?:ít\s+nhất(?:\s+(?:là|từ))?|tối\s+thiểu(?:\s+(?:là|từ))?|không\s+(?:dưới|thấp\s+hơn|ít\s+hơn)"
    r"|trên|hơn|cao\s+hơn|vượt|từ|≥|>=|>)"
)
_MOST: Final = r"(?:xuống\s+(?:còn\s+)?(?:dưới|không\s+quá)|dưới|thấp\s+hơn|không\s+(?:vượt\s+)?quá|tối\s+đa|≤|<=|<)"
_REACHES: Final = r"(?:(?:phấn\s+đấu\s+)?(?:đạt|bằng|là)(?:\s+(?:tỷ|tỉ)\s+lệ)?)"
_SHARE: Final = re.compile(
    rf"(?:(?P<reach>{_REACHES})\s+)?(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))?\s*(?<![\w/.,])"
    r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:%|phần\s+trăm)(?:\s*\([^()]*\))?"
    r"(?P<back>\s*(?:trở\s+lên|trở\s+xuống))?"
)
_FEWEST: Final = re.compile(
    r"(?:ít\s+nhất(?:\s+(?:là|từ))?|tối\s+thiểu|không\s+dưới)\s+(?:có\s+)?(?P<n>\d{1,4})(?![\w/.,%])\s*"
    r"(?:\(\s*(?:\w+\s*){1,4}\)\s*)?(?P<what>[^\W\d_]+(?:\s+[^\W\d_]+)*)"
)
_ALL_MET: Final = re.compile(
    r"(?:hoàn\s+thành|đạt)\s+(?:(?:và\s+)?vượt(?:\s+mức)?\s+|xuất\s+sắc\s+|toàn\s+diện\s+)?"
    r"(?:(?:toàn\s+bộ|tất\s+cả|mọi)\s+(?:các\s+)?|các\s+)chỉ\s+tiêu(?!\s+(?:và\s+)?(?:thi\s+đua\s+)?đăng\s+ký)[^,;.]{0,80}?"
    r"(?:được\s+giao|đề\s+ra)(?!\w)"
)
_NO_GOAL: Final = re.compile(
    r"(?<!\w)(?:(?:số|bỏ)\s+phiếu(?!\s+(?:điều|khảo))|phiếu\s+(?:bầu|tín|đồng|tán)|kinh\s+phí|ngân\s+sách|mức\s+lương|lương|tiền\s+thưởng|bầu|tán\s+thành|thành\s+viên\s+hội\s+đồng"
    r"|đã\s+đạt|đã\s+được|năm\s+trước\s+đạt|hiện\s+(?:nay|mới)|giảm\s+trừ|được\s+khen|tỷ\s+lệ\s+khen|số\s+điểm|suất)(?!\w)"
)
_OTHER_PART: Final = re.compile(
    r"\W*(?:[^:]{0,60}\s)?(?:khen\s+thưởng|đối\s+tượng|điều\s+kiện|tiêu\s+chuẩn|tiêu\s+chí\s+(?:xét|chấm|công\s+nhận)"
    r"|cơ\s+cấu|kinh\s+phí|bình\s+xét|suy\s+tôn|danh\s+hiệu|hình\s+thức|giải\s+thưởng)(?!\w)"
)
_GOALS: Final = re.compile(r"(?:chỉ\s+tiêu|mục\s+tiêu|mục\s+đích|yêu\s+cầu|nội\s+dung)(?!\w)")
_AWARD: Final = re.compile(
    r"(?<!\w)(?:cờ\s+thi\s+đua|bằng\s+khen|giấy\s+khen|huân\s+chương|chiến\s+sĩ\s+thi\s+đua|lao\s+động\s+tiên\s+tiến"
    r"|tập\s+thể\s+lao\s+động|danh\s+hiệu|đề\s+nghị|giới\s+thiệu|suy\s+tôn|bình\s+chọn|đăng\s+ký)(?!\w)"
)
# Words that only lead up to a level.
_LEAD: Final = re.compile(
    r"^(?:[\W_]|(?:(?:và|thì|được|phấn\s+đấu|bảo\s+đảm|đảm\s+bảo|duy\s+trì|có|nâng|đưa|đạt|chỉ\s+tiêu|mục\s+tiêu"
    r"|đối\s+với|tập\s+trung|phải|cần)(?!\w)))+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"(?:[\s,:(–-]|(?<!\w)(?:và|đạt|là|phải|với|lên|phấn\s+đấu)(?=\W*$))+$")
_WHOLE: Final = re.compile(r"\s*(?:so\s+với|trên|của|/|tổng)\s*(?=\w)")
_STOP: Final = re.compile(r"[;.](?=\s|$)|,\s+(?=[^,;.]{0,90}?\d{1,3}(?:[.,]\d+)?\s*%)|$")
_WHAT_STOP: Final = re.compile(
    r"\s(?:được|trong|cho|và|có|về|đạt|trở|tại|để|ở|là|vào|trước|của|theo|với|cấp|mới|tham|mỗi|mà)(?:\s|$)"
)
# Periods, pages and the like are bounded elsewhere.
_NO_COUNT: Final = re.compile(
    r"(?:ngày|tháng|năm|tuần|quý|giờ|phút|trang|từ|chữ|dòng|đồng|triệu|tỷ|nghìn|điểm|phiếu|bản|bộ|tuổi|phần|thành\s+viên"
    r"|lần\s+liên|m|km|kg|mb)(?!\w)"
)
_EACH: Final = re.compile(r"\W*(?:phấn\s+đấu\s+)?(?:mỗi|từng|các)\s")
_CHANGES: Final = re.compile(r"(?<!\w)(?:giảm|tăng)(?:\s+(?:thêm|được))?$")
_BEFORE_BEARER: Final = re.compile(r"[\W_]*(?:(?:phấn đấu|đối với|mục tiêu|chỉ tiêu)[\s:]+)?")
_REACHES_IT: Final = re.compile(
    r"(?:,\s*|:\s*|(?<=\s))(?:giải quyết|thi hành|xử lý|có|đạt|phấn đấu|bảo đảm|đảm bảo|hoàn thành|thực hiện|duy trì"
    r"|tập trung|nâng|đưa|tăng|giảm|ít nhất|tối thiểu|không|trên|từ|phải|cần|xây dựng|tổ chức|đăng ký|được|tổ chức"
    r"|tiếp nhận|kiểm tra|\d+)(?!\w)"
)
_LONGEST_BEARER: Final = 160
_SHORTEST_TITLE: Final = 12
_HUNDRED: Final = "100"
_REACH: Final = 200
_LONGEST_WHAT: Final = 3


@dataclass(frozen=True, slots=True)
class _Place:
    """A clause, and what the headings above it say: whether of goals, and who acts."""

    outline: Outline
    block: Block
    clause: tuple[int, int]
    is_goal: bool

    @property
    def text(self) -> Text:
        return self.outline.text


def find_indicators(outlined: Outline, quotas: Sequence[Quota]) -> list[PlanIndicator]:
    text = outlined.text
    shares = {(quota.line, quota.at_most) for quota in quotas if quota.is_percent}
    found: list[PlanIndicator] = []
    for block in outlined.body:
        low = outlined.low(block)
        if (
            not (
                "%" in low
                or "phần trăm" in low
                or "ít nhất" in low
                or "tối thiểu" in low
                or "chỉ tiêu" in low
                or "không dưới" in low
            )
            or block.cells
        ):
            continue
        if _is_elsewhere(outlined, block):
            continue
        is_goal = any(_GOALS.search(outlined.low(above)) for above in (block, *block.ancestors()))
        for sentence in sentences(text, block.start, block.end):
            for clause in clauses(text, *sentence):
                found.extend(_of_clause(_Place(outlined, block, clause, is_goal), shares))
    return list({(one.title, one.level, one.who): one for one in reversed(found)}.values())[::-1]


def _is_elsewhere(outlined: Outline, block: Block) -> bool:
    """Under rewards, conditions or money a share asks for nothing to be reached."""
    headings = (above for above in block.ancestors() if is_heading(outlined.text, above))
    return any(_OTHER_PART.match(outlined.text.low, above.start, above.end) for above in headings)


def _of_clause(place: _Place, shares: set[tuple[int, int]]) -> Iterator[PlanIndicator]:
    text, (start, end) = place.text, place.clause
    last = start
    for match in _SHARE.finditer(text.low, start, end):
        if one := _share(place, match, last, shares):
            yield one
        last = match.end()
    if last > start:
        return
    if (count := _FEWEST.search(text.low, start, end)) and (one := _count(place, count)):
        yield one
    elif place.is_goal and (met := _ALL_MET.search(text.low, start, end)):
        yield _indicator(place, text.quote(*met.span()), met.span(), measure=YES_NO, direction=EXACT, level="yes")


def _share(place: _Place, match: re.Match[str], last: int, shares: set[tuple[int, int]]) -> PlanIndicator | None:
    text, (start, end) = place.text, place.clause
    stop = _STOP.search(text.low, match.end(), end)
    behind = stop.start() if stop else end
    around = text.low[max(start, match.start() - _REACH) : behind]
    whole = match["n"].partition(",")[0].partition(".")[0]
    if (text.line_at(match.start("n")), int(whole)) in shares or _NO_GOAL.search(around):
        return None
    # "tối đa 15 % số Lao động tiên tiến" says how many may be put forward, whether or not it was read so.
    if _AWARD.search(around) and (match["most"] or not match["least"]):
        return None
    is_most = bool(match["most"]) or "xuống" in (match["back"] or "")
    is_bound = bool(match["least"] or match["back"] or match["reach"])
    falls = "xuống" in (match["most"] or "")
    if not (is_bound or falls or place.is_goal or match["n"] == _HUNDRED):
        return None
    title = _title(place, match, last, behind)
    if not title:
        return None
    return _indicator(
        place,
        title,
        (max(last, start), behind),
        measure=PERCENT,
        direction=LESS if is_most else MORE,
        level=match["n"].replace(".", ","),
    )


def _title(place: _Place, match: re.Match[str], last: int, behind: int) -> str:
    """What is counted: the words before the level where they name it, and else those behind it."""
    text = place.text
    begin = max(last, _behind_bearer(place))
    led = text.quote(begin, match.start()) if begin < match.start() else ""
    before = _cut(led)
    after = text.quote(match.end(), behind).strip(" ,.;:")
    is_change = bool(_CHANGES.search(before.lower()))
    if match["reach"] or match["least"] or match["most"] or match["back"]:
        is_act = begin > place.clause[0] or is_change or not led.startswith(before)
        is_verb = bool(after) and not _WHOLE.match(after.lower()) and is_act
        if len(before) >= _SHORTEST_TITLE and not is_verb:
            return f"{before} {_of_whole(after)}".strip()
        if before and _WHOLE.match(after.lower()):
            return f"{before} {_of_whole(after)}"
        if before and not after:
            return _under_heading(place, before)
    if not after:
        return _under_heading(place, before) if before else ""
    # "hoàn thành 100 % chỉ tiêu": the verb belongs to what is counted.
    if before and is_change:
        return f"{before} {after}"
    act = before if 0 < len(before.split()) <= 4 and before.lower() == before else ""  # noqa: PLR2004
    return " ".join(filter(None, ("Tỷ lệ", act, after)))


def _of_whole(words: str) -> str:
    """ "… 1,5 % tổng dư nợ": what the share is taken of; nothing where other words follow."""
    if not _WHOLE.match(words.lower()):
        return ""
    return f"trên {words}" if words.lower().startswith("tổng") else words


def _bearer(place: _Place) -> tuple[str, int] | None:
    """Who is named at the head of the clause, and where the name ends."""
    text, (start, end) = place.text, place.clause
    lead = _BEFORE_BEARER.match(text.low, start, end)
    first = lead.end() if lead else start
    if not ACTOR_START.match(text.low, first, end):
        return None
    stop = _REACHES_IT.search(text.low, first, end)
    words = text.quote(first, stop.start()).strip(" ,:-") if stop else ""
    return (words, stop.start()) if stop and words and len(words) < _LONGEST_BEARER else None


def _behind_bearer(place: _Place) -> int:
    found = _bearer(place)
    return found[1] if found else place.clause[0]


def _under_heading(place: _Place, words: str) -> str:
    """ "Về việc: đạt trên 83 %" under "1. Chỉ tiêu thi hành án": short words need those above them."""
    for above in place.block.ancestors():
        if is_heading(place.text, above):
            name = place.text.quote(above.start, above.end).strip(" :.")
            name = name.capitalize() if name.isupper() else name
            return f"{name}: {words[:1].lower()}{words[1:]}"
    return words


def _cut(words: str) -> str:
    return _TAIL.sub("", _LEAD.sub("", words, count=1)) if not _LEAD.fullmatch(words) else ""


def _count(place: _Place, match: re.Match[str]) -> PlanIndicator | None:
    text = place.text
    around = text.low[max(place.clause[0], match.start() - _REACH) : place.clause[1]]
    is_each = bool(_EACH.match(text.low, place.clause[0]))
    if (
        not (place.is_goal or is_each)
        or _NO_COUNT.match(match["what"])
        or _NO_GOAL.search(around)
        or _AWARD.search(around)
    ):
        return None
    stop = _WHAT_STOP.search(f" {match['what']} ")
    noun = match["what"][: stop.start() - 1 if stop and stop.start() else None].split()[:_LONGEST_WHAT]
    if not noun:
        return None
    ends = re.compile(r"[,;.]|$").search(text.low, match.start("what"), place.clause[1])
    last = ends.start() if ends else place.clause[1]
    title = f"Số {text.quote(match.start('what'), last)}"
    span = (place.clause[0], last)
    return _indicator(
        place, title, span, measure=COUNT, direction=MORE, level=str(int(match["n"])), measured_in=" ".join(noun)
    )


def _indicator(
    place: _Place,
    title: str,
    span: tuple[int, int],
    *,
    measure: str,
    direction: str,
    level: str,
    measured_in: str = "",
) -> PlanIndicator:
    text = place.text
    first = span[0] + len(text.plain[span[0] : span[1]]) - len(text.plain[span[0] : span[1]].lstrip(" ,;"))
    found = _bearer(place)
    who = found[0] if found else inherited_actor(place.outline, place.block)
    return PlanIndicator(
        title,
        measure,
        measured_in,
        direction,
        level,
        who,
        text.line_at(first),
        text.quote(first, span[1]),
        Span(first, span[1]),
    )
