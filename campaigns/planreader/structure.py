"""Paragraphs of a plan under their headings, sentences of a paragraph, cells of a table's row.

A file knows only lines: a paragraph may be one line, many of a fixed width, or broken by the end of a page. What
begins with a mark of a list is a new paragraph; what goes on in small letters, or inside an open bracket, is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from campaigns.planreader.letters import CAPITALS, SMALLS
from campaigns.planreader.text import Text, memory

_PARAGRAPH_RANK: Final = 6
_BULLET_RANK: Final = 7
_MARKS: Final = (
    (0, re.compile(r"(?:phần|chương)\s+(?:thứ\s+)?(?:[ivx]+|\d+|nhất|hai|ba|tư)\b\s*[.:]?", re.IGNORECASE)),
    (1, re.compile(r"(?:mục\s+|MỤC\s+|Mục\s+)?[IVX]{1,5}\s*[.)/:-](?=\s|\w)(?!\w*-\w)")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}[.)]?(?![\d/])\s*")),
    (3, re.compile(r"\d{1,2}\.\d{1,2}(?:[.)](?!\d)|(?=\s))\s*")),
    # Paragraphs with numbers stand below an article.
    (1.5, re.compile(r"[Đđ]iều\s+\d{1,3}\s*[.:)](?!\d)\s*")),
    (2, re.compile(r"\d{1,2}\s*(?:[.)]|/-?(?=\s))(?!\d)\s*")),
    (2, re.compile(rf"\d{{1,2}}\s?-(?=\s*[{CAPITALS}][{SMALLS}])\s*|\(\d{{1,2}}\)\s+")),
    (5, re.compile(rf"[a-zđA-HKLĐ]\s*[).](?=\s)\s*|[a-zđ]\)\s*|[a-zđ]-\s+|[a-zđ],\s+(?=[{CAPITALS}])")),
)
_BULLET: Final = re.compile("(?:[-+*•·▪●◦○■□✓✔➢➤→‣∙o](?=\\s)|[-–—•·▪●◦➢✓](?=\\S)|[\uf02d\uf0b7\uf0a7\uf0d8\uf0fc])\\s*")
_NESTED: Final = "+○◦o"
_STARS: Final = "*●■❖▪"
_SHORT_NAME: Final = 110
_FOOT: Final = re.compile(r"nơi\s+(?:nhận|gửi)\b")
# What stands behind the signature and still belongs to the plan.
ANNEX: Final = re.compile(
    r"\s*(?:phụ\s+lục|bảng\s+(?:phân\s+công|tiến\s+độ|kế\s+hoạch)|biểu\s+(?:phân\s+công"
    r"|tiến\s+độ)|danh\s+mục\s+(?:công\s+việc|nhiệm\s+vụ))(?!\w)"
)
_ENDS: Final = tuple(".;:!?…")
_ABBREVIATIONS: Final = frozenset({"tp", "tx", "ths", "ts", "pgs", "gs", "bs", "đc", "tm", "kt", "tl", "tuq", "st"})
_MAX_HEADING: Final = 260
_WIDE: Final = 140
_NARROW: Final = 45
_FULL: Final = 0.75
# Words after which no paragraph ends.
_LEFT_OPEN: Final = re.compile(
    r"(?:,|\s(?:và|của|về|các|ngày|trước|đến|từ|cho|với|tại|theo|là|để|trong|số|tháng|thuộc|gồm|do|bởi))$"
)
_POINTS: Final = re.compile(r"[.?!…;()]")
_BRACKETS: Final = re.compile(r"[()]")
_LETTER: Final = re.compile(r"[^\W_]")
_PAGE_NUMBER: Final = re.compile(r"(?:trang\s*)?-?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*-?")
_AFTER_BRACKET: Final = re.compile(r"\)\s+[A-ZĐ]\w+(?:\s+\w+){1,6}\s+(?:gửi|báo cáo|xây dựng|tổ chức|lập)\b")
_LAST_WORD: Final = re.compile(r"[\w/]*$")
_TABLE_CELLS: Final = 3


@dataclass(slots=True)
class Block:
    """A paragraph without its mark; `parent` is the heading or lead-in above it."""

    start: int
    end: int
    line: int
    rank: float
    parent: "Block | None" = None
    cells: tuple[tuple[int, int], ...] = ()
    in_foot: bool = False
    last_line_length: int = 0
    mark: str = ""
    children: list["Block"] = field(default_factory=list)
    # Once all blocks hang where they belong: whether it is a heading, and where what stands below it ends.
    heading: bool | None = None
    reach: int | None = None

    def ancestors(self) -> Iterator["Block"]:
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


@dataclass(frozen=True)
class Outline:
    text: Text
    blocks: tuple[Block, ...]

    @cached_property
    def body(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if not block.in_foot)

    def low(self, block: Block) -> str:
        return self.text.low[block.start : block.end]

    def plain(self, block: Block) -> str:
        return self.text.plain[block.start : block.end]


def outline(text: Text, body_start: int = 0) -> Outline:
    """The blocks from `body_start` on, each with its parent."""
    blocks = _hang(list(_blocks(text, body_start)), text)
    return Outline(text, tuple(blocks))


def _blocks(text: Text, body_start: int) -> Iterator[Block]:
    width = wrap_width(text)
    current: Block | None = None
    blank, in_foot = False, False
    for number, line_start in enumerate(text.line_starts, 1):
        line_end = text.line_starts[number] - 1 if number < len(text.line_starts) else len(text.shown)
        start, end = _trim(text.plain, line_start, line_end)
        if start < body_start:
            continue
        if start >= end or _is_page_number(text, start, end):
            blank = True
            continue
        in_foot = (in_foot or bool(_FOOT.match(text.low, start))) and not ANNEX.match(text.low, start)
        block = _new_block(text, start, end, number, in_foot=in_foot)
        if current is not None and _goes_on(text, current, block, blank=blank, width=width):
            current.end, current.last_line_length = end, end - start
        else:
            if current is not None:
                yield current
            current = block
        blank = False
    if current is not None:
        yield current


def _is_page_number(text: Text, start: int, end: int) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(text.low[start:end]))


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    if start >= end:
        return start, end
    words = plain[start:end]
    kept = words.lstrip()
    start += len(words) - len(kept)
    return start, start + len(kept.rstrip())


def _new_block(text: Text, start: int, end: int, number: int, *, in_foot: bool) -> Block:
    cells = _cells(text, start, end)
    if cells:
        return Block(start, end, number, _PARAGRAPH_RANK, cells=cells, in_foot=in_foot, last_line_length=end - start)
    rank, body = _mark(text, start, end)
    mark = text.plain[start:body].strip()
    return Block(body, end, number, rank, in_foot=in_foot, last_line_length=end - start, mark=mark)


def _mark(text: Text, start: int, end: int) -> tuple[float, int]:
    """The rank of a paragraph and where its words begin."""
    for rank, mark in _MARKS:
        if (match := mark.match(text.plain, start, end)) and match.end() < end:
            return rank, _trim(text.plain, match.end(), end)[0]
    place, rank = start, _PARAGRAPH_RANK
    # The bullet is looked for in what people see: markup marks look like bullets too.
    while match := _BULLET.match(text.shown, place, end):
        rank = _BULLET_RANK + (text.shown[place] in _NESTED)
        if text.shown[place] in _STARS and not text.plain[start:end].endswith((*_ENDS, ",")):
            rank = _PARAGRAPH_RANK  # the name of a small section
        place = match.end()
    return rank, min(_trim(text.plain, place, end)[0], end)


def _cells(text: Text, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The cells of a row written with bars or tabs; nothing for a line that is no row."""
    line = text.plain[start:end]
    is_framed = line.startswith("|") and line.endswith("|")
    mark = "|" if line.count("|") >= _TABLE_CELLS - 1 else "\t"
    if line.count(mark) < _TABLE_CELLS - 1:
        return ()
    cells, place = [], start
    for piece in line.split(mark):
        cells.append(_trim(text.plain, place, place + len(piece)))
        place += len(piece) + 1
    if mark == "|" and line.startswith("|"):
        cells = cells[1:]
    if mark == "|" and line.endswith("|"):
        cells = cells[:-1]
    return tuple(cells) if len(cells) >= _TABLE_CELLS - (mark == "|" and is_framed) else ()


def wrap_width(text: Text) -> int:
    """The width at which an editor broke the lines; 0 where a line is a whole paragraph."""
    lengths = sorted(len(line.strip()) for line in text.shown.split("\n") if line.strip())
    if len(lengths) < 8:  # noqa: PLR2004  too few lines to tell
        return 0
    width = lengths[len(lengths) * 9 // 10]
    return width if _NARROW <= width <= _WIDE and lengths[-1] <= width * 1.5 else 0


def _goes_on(text: Text, before: Block, block: Block, *, blank: bool, width: int) -> bool:
    """Whether a line belongs to the paragraph before it."""
    if block.cells or before.cells or block.rank != _PARAGRAPH_RANK or block.in_foot:
        return False
    first = next((char for char in text.plain[block.start : block.end] if char.isalnum()), "")
    words = text.plain[before.start : before.end]
    is_open = words.count("(") > words.count(")")
    if words.endswith(_ENDS) and not is_open:
        return False
    if first.islower() or is_open or _LEFT_OPEN.search(words):
        return True
    if first.isdigit() and not blank:
        return True
    is_full = bool(width) and before.last_line_length >= width * _FULL
    return not blank and is_full and not words.isupper()


def _hang(blocks: list[Block], text: Text) -> list[Block]:
    stack: list[Block] = []
    for block in blocks:
        while stack and not _may_hold(stack[-1], block, text):
            stack.pop()
        if stack:
            block.parent = stack[-1]
            stack[-1].children.append(block)
        stack.append(block)
    return blocks


def _may_hold(above: Block, block: Block, text: Text) -> bool:
    if above.rank >= block.rank:
        return False
    # A plain paragraph or bullet holds what follows only when it announces it.
    if above.rank < _PARAGRAPH_RANK or text.plain[above.end - 1] == ":":
        return True
    is_name = above.end - above.start < _SHORT_NAME and text.plain[above.end - 1].isalnum() and not above.cells
    return is_name and above.rank == _PARAGRAPH_RANK and block.rank >= _BULLET_RANK


def is_heading(text: Text, block: Block) -> bool:
    """A numbered line that names what stands below it rather than saying it."""
    if block.heading is None:
        block.heading = _is_heading(text, block)
    return block.heading


def _is_heading(text: Text, block: Block) -> bool:
    if block.cells or block.rank > _BULLET_RANK or not block.children:
        return False
    words = text.plain[block.start : block.end]
    if block.rank >= _PARAGRAPH_RANK:
        return words.endswith(":")
    return len(words) < _MAX_HEADING and not words.endswith((".", ";"))


def sentences(text: Text, start: int, end: int) -> tuple[tuple[int, int], ...]:
    return _remembered(text, start, end, clause_marks=False)


def clauses(text: Text, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The parts of a sentence between semicolons; those inside brackets do not count."""
    return _remembered(text, start, end, clause_marks=True)


def _remembered(text: Text, start: int, end: int, *, clause_marks: bool) -> tuple[tuple[int, int], ...]:
    known, key = memory(text), ("pieces", start, end, clause_marks)
    if key not in known:
        known[key] = tuple(_pieces(text, start, end, clause_marks=clause_marks))
    pieces: tuple[tuple[int, int], ...] = known[key]
    return pieces


def _pieces(text: Text, start: int, end: int, *, clause_marks: bool) -> Iterator[tuple[int, int]]:
    if clause_marks and text.plain.find(";", start, end) < 0:
        yield from _piece(text, start, end)
        return
    closed = _brackets(text.plain, start, end)
    first, behind = start, start
    for match in _POINTS.finditer(text.plain, start, end):
        place = match.start()
        if place < behind:
            continue
        if place in closed:
            place = behind = closed[place]
        if text.plain[place] == ";" if clause_marks else _ends_sentence(text, place):
            yield from _piece(text, first, place + 1)
            first = place + 1
    yield from _piece(text, first, end)


def _piece(text: Text, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _trim(text.plain, start, end)
    if _LETTER.search(text.plain, start, end):
        yield start, end


def _brackets(plain: str, start: int, end: int) -> dict[int, int]:
    """Place of each opening bracket that is closed → place of the closing one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKETS.finditer(plain, start, end):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            pairs[opened.pop()] = match.start()
    return pairs


def _ends_sentence(text: Text, place: int) -> bool:
    plain = text.plain
    if plain[place] == ")":  # a bracket, then a new sentence without a stop between them
        return bool(_AFTER_BRACKET.match(plain[place : place + 90]))
    if plain[place] not in ".?!…":
        return False
    rest = plain[place + 1 : place + 6]
    if rest and not rest[0].isspace():
        return False
    follows = rest.strip()[:1]
    if follows and not (follows.isupper() or follows in "(\"'-+" or follows.isdigit()):
        return False
    before = _LAST_WORD.search(plain[max(0, place - 12) : place])
    word = before.group().lower().replace("/", "") if before else ""
    return not (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()))
