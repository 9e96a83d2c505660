"""How many pages a paper may have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.reading import PageLimit
from campaigns.planreader.structure import Block, Outline
from campaigns.planreader.text import Text

_WORDS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_COUNT: Final = rf"(?P<n>\d{{1,4}}|{'|'.join(_WORDS)})(?:\s*\(\s*(?:\w+\s*){{1,4}}\))?"
_AT_MOST: Final = (
    r"(?:không\s+(?:vượt\s+)?quá|không\s+(?:nhiều|lớn|dài)\s+hơn|tối\s+đa(?:\s+(?:là|không\s+quá))?"
    r"|nhiều\s+nhất(?:\s+là)?|"
    r"giới\s+hạn(?:\s+trong)?|gói\s+gọn\s+trong|≤|<=)"
)
_PAGES: Final = re.compile(
    rf"(?P<limit>{_AT_MOST}|\(|dài|từ|khoảng|trong|dung lượng|độ dài|:|(?<=trang a4),|(?<=trang),|(?<=tập thể),"
    rf"|(?<=cá nhân),)\s*(?:từ\s+|khoảng\s+|là\s+"
    rf"|:\s*)?(?:(?P<low>\d{{1,3}})\s*(?:-|đến)\s*)?{_COUNT}\s*trang(?!\s+(?:web|thông tin|trí|phục|bị|mạng|tin"
    rf"|điện tử))"
)
_PAPERS: Final = re.compile(
    r"(?:(?:bản\s+|bài\s+)?(?:báo cáo|tham luận|tóm tắt|thuyết minh|bài viết|bài dự thi|bài|bản|hồ sơ|đề cương"
    r"|tờ trình|"
    r"văn bản|sáng kiến|kế hoạch|biên bản|phiếu|thu hoạch|tác phẩm|giới thiệu|mô tả|đề án|đơn(?!\s+vị)))(?!\w)"
)
# "(với truyện ngắn không quá …)": a paper that only its own bracket or sentence names.
_NAMED: Final = re.compile(
    r"[(.;]\s*(?:đối với|với|riêng)\s+(?P<name>[^\W\d][^,;:().\d]{3,60}?)(?:\s+(?:có|dài|độ dài|dung lượng))*\s*$"
)
_PAPER_STOP: Final = re.compile(r"[;:()\n]|,(?!\s*khen thưởng)|\s(?:và|gồm|gửi kèm|kèm theo)\s")
_SAME_NAME: Final = 30
_IF_ANY: Final = re.compile(r"\(\s*nếu\s+có\s*\)|(?<=\s)nếu\s+có(?=\s*[;,.)]|$)")
_LIST_STOP: Final = re.compile(r"[;:()\n,]|\s(?:và|gồm|gửi kèm|kèm theo|kèm)\s")
_LISTED: Final = re.compile(
    rf"{_PAPERS.pattern}|(?:bảng|biểu|phụ lục|danh sách|hình ảnh|ảnh|video|phim|tài liệu|minh chứng|giấy|chứng từ"
    r"|quyết định|văn bản)(?!\w)"
)
_BEHIND_LIMIT: Final = 8
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class FoundPages:
    limit: PageLimit
    start: int
    end: int
    block: Block


def _number(words: str) -> int:
    return int(words) if words.isdigit() else _WORDS[words]


def find_page_limits(outline: Outline) -> Iterator[FoundPages]:
    text = outline.text
    for block in outline.body:
        for match in _PAGES.finditer(text.low, block.start, block.end):
            if (
                match["limit"] in {"từ", "trong", ":", "dài", "khoảng", "("}
                and not match["low"]
                and not _is_length(text, match)
            ) or (match["limit"] == "," and not text.low[block.start : match.start()].count("trang")):
                continue
            paper = _paper(text, block, match.start())
            yield FoundPages(PageLimit(paper, _number(match["n"])), match.start(), match.end(), block)


def find_papers_if_any(outline: Outline, limits: Sequence[FoundPages]) -> Iterator[FoundPages]:
    """Papers marked «(nếu có)», by the name that their limit of pages has; the limit here is 0."""
    text = outline.text
    for block in outline.body:
        for match in _IF_ANY.finditer(text.low, block.start, block.end):
            limited = [one for one in limits if 0 <= match.start() - one.end < _BEHIND_LIMIT and one.block is block]
            paper = limited[-1].limit.paper if limited else _paper_before(text, block, match.start())
            if paper:
                yield FoundPages(PageLimit(paper, 0), match.start(), match.end(), block)


def _paper_before(text: Text, block: Block, end: int) -> str:
    """The paper right before the mark; nothing where other words stand between."""
    start = max(block.start, end - _LONGEST_NAME)
    stops = [stop.end() for stop in _LIST_STOP.finditer(text.plain, start, end)]
    found = _LISTED.search(text.low, stops[-1] if stops else start, end)
    return text.quote(found.start(), end).strip(" -,") if found else ""


def _is_length(text: Text, match: re.Match[str]) -> bool:
    """Only "A4" or a word for length makes a bare count of pages a limit."""
    around = text.low[max(0, match.start() - 25) : match.end() + 14]
    return bool(re.search(r"a4|dung lượng|độ dài|dài|khổ giấy", around))


def _paper(text: Text, block: Block, end: int) -> str:
    """The paper last named before the limit; the heading's where the sentence names none."""
    start = max(block.start, end - 200)
    if (named := _NAMED.search(text.low, start, end)) and not ACTOR_START.match(text.low, named.start("name")):
        return text.quote(*named.span("name"))
    papers = list(_PAPERS.finditer(text.low, start, end))
    if not papers:
        above = block.parent
        return _heading_paper(text, above) if above is not None else "văn bản"
    first = len(papers) - 1
    # "báo cáo tóm tắt", "bản tóm tắt thành tích": neighbouring nouns are one name.
    while (
        first
        and not _PAPER_STOP.search(text.plain, papers[first - 1].end(), papers[first].start())
        and papers[first].start() - papers[first - 1].end() < _SAME_NAME
    ):
        first -= 1
    begin = papers[first].start()
    stop = _PAPER_STOP.search(text.plain, begin, end)
    name = text.quote(begin, stop.start() if stop else end)
    return re.split(
        r"\s(?:có\s+)?(?:độ dài|dung lượng|dài|khoảng|được|phải|trình bày|đánh máy|không|tối đa|gửi|mỗi"
        r"|của(?=\s*$)|của mỗi|của từng)(?:\s|$)",
        name,
    )[0].strip(" -,")


def _heading_paper(text: Text, block: Block) -> str:
    match = _PAPERS.search(text.low, block.start, block.end)
    if not match:
        return "văn bản"
    stop = _PAPER_STOP.search(text.plain, match.start(), block.end)
    return text.quote(match.start(), stop.start() if stop else block.end)
