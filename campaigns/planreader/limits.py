"""Numbers that bound something: pages of a paper, and how many may be put forward."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from campaigns.planreader.reading import PageLimit, Quota, Span
from campaigns.planreader.structure import Block, Outline, clauses, sentences
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
    rf"(?P<limit>{_AT_MOST}|\(|dài|từ|khoảng|trong|dung lượng|độ dài|:)\s*(?:từ\s+|khoảng\s+|là\s+"
    rf"|:\s*)?(?:(?P<low>\d{{1,3}})\s*(?:-|đến)\s*)?{_COUNT}\s*trang(?!\s+(?:web|thông tin|trí|phục|bị|mạng|tin"
    rf"|điện tử))"
)
_PAPERS: Final = re.compile(
    r"(?:(?:bản\s+|bài\s+)?(?:báo cáo|tham luận|tóm tắt|thuyết minh|bài viết|bài dự thi|bài|bản|hồ sơ|đề cương"
    r"|tờ trình|"
    r"văn bản|sáng kiến|kế hoạch|biên bản|phiếu|thu hoạch|tác phẩm|giới thiệu|mô tả|đề án|đơn))(?!\w)"
)
_PAPER_STOP: Final = re.compile(r"[;:()\n]|,(?!\s*khen thưởng)|\s(?:và|gồm|gửi kèm|kèm theo)\s")
_UNITS: Final = (
    "tập thể", "cá nhân", "đơn vị", "hộ gia đình", "hộ", "suất", "giải", "cờ", "bằng khen", "giấy khen", "gương",
    "điển hình",
    "mô hình", "đồng chí", "chi đoàn", "chi hội", "trường hợp", "người", "công chức", "viên chức", "cán bộ",
    "đoàn viên",
    "danh hiệu", "sáng kiến", "tác phẩm", "đội", "phòng", "khoa", "chi cục", "cục", "sở", "chi nhánh", "công ty",
    "cơ sở",
    "thôn", "xã", "phường", "lớp", "sinh viên", "giảng viên", "nhân viên", "hội viên", "lao động", "cơ quan",
    "doanh nghiệp",
    "hồ sơ", "bác sĩ", "điều dưỡng", "học sinh", "giáo viên", "trường", "tổ", "bộ môn", "đại biểu", "đề tài",
    "kỷ niệm chương",
)  # fmt: skip
_UNIT: Final = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!\w)"
_QUOTA: Final = re.compile(
    rf"{_AT_MOST}\s*(?:là\s+)?(?:{_COUNT}\s*(?P<unit>%|phần trăm|(?=(?:{_UNIT}))))"
    rf"|(?P<each>(?:mỗi|từng)\s+[^.;\d]{{2,70}}?(?:đề nghị|giới thiệu|lựa chọn|chọn|bình chọn|đề xuất|cử|xét"
    rf"|suy tôn|bình xét|đăng ký|tặng|bầu|đề cử"
    rf"|gửi)[^.;\d]{{0,50}}?)(?P<m>\d{{1,3}})(?:\s*\([^()]{{1,15}}\))?\s*(?={_UNIT})"
)
_MORE: Final = re.compile(rf"(?:,|;|\s+và|\s+hoặc|/)\s*(?:không quá\s+)?{_COUNT}\s*(?={_UNIT})")
_GROUP: Final = re.compile(rf"\s*(?P<group>{_UNIT}[^,;.()\d]{{0,120}})")
_GROUP_STOP: Final = re.compile(
    r"\s(?:để|và|được|là|có|đề nghị|trình|gửi|trước|vào|theo|nhất|đạt|/|tham dự|tham gia|mỗi)(?:\s|$)"
)
_TITLE: Final = re.compile(
    r'"(?P<quoted>[^"\n]{4,90})"|(?P<bare>(?:cờ thi đua|bằng khen|giấy khen|huân chương|chiến sĩ thi đua|'
    r"lao động tiên tiến|"
    r"lao động xuất sắc|tập thể lao động|kỷ niệm chương|điển hình tiên tiến|bằng lao động|cờ truyền thống"
    r"|đơn vị quyết thắng|danh hiệu|"
    r'người tốt,? việc tốt|giải thưởng|tuyên dương)[^,;.:()"\n\d]{0,60})'
)
_TITLE_STOP: Final = re.compile(
    r"\s(?:cho|đối với|không quá|tối đa|được|mỗi|để|với|dự kiến|theo|là|và|tặng|trong|thuộc diện|không vượt|xét"
    r"|bỏ phiếu|gồm|trên)(?:\s|$)"
)
_SAME_NAME: Final = 30
_BLOCK_GROUP: Final = re.compile(
    r"(?:đối với\s+)?(?P<group>(?:khối|nhóm|cụm)\s+[^,;.:()]{2,80}?)(?=\s+(?:dự kiến|bỏ phiếu|lựa chọn|bình xét"
    r"|không quá|tối đa|được|chọn|đề nghị)|[:,])"
)


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
            ):
                continue
            paper = _paper(text, block, match.start())
            yield FoundPages(PageLimit(paper, _number(match["n"])), match.start(), match.end(), block)


def _is_length(text: Text, match: re.Match[str]) -> bool:
    """Only "A4" or a word for length makes a bare count of pages a limit."""
    around = text.low[max(0, match.start() - 25) : match.end() + 14]
    return bool(re.search(r"a4|dung lượng|độ dài|dài|khổ giấy", around))


def _paper(text: Text, block: Block, end: int) -> str:
    """The paper last named before the limit; the heading's where the sentence names none."""
    start = max(block.start, end - 200)
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
        r"\s(?:có\s+)?(?:độ dài|dung lượng|dài|khoảng|được|phải|trình bày|đánh máy|không|tối đa|gửi|mỗi)(?:\s|$)", name
    )[0].strip(" -,")


def _heading_paper(text: Text, block: Block) -> str:
    match = _PAPERS.search(text.low, block.start, block.end)
    if not match:
        return "văn bản"
    stop = _PAPER_STOP.search(text.plain, match.start(), block.end)
    return text.quote(match.start(), stop.start() if stop else block.end)


def find_quotas(outline: Outline) -> list[Quota]:
    text = outline.text
    found: list[Quota] = []
    for block in outline.body:
        title = ""
        for sentence in sentences(text, block.start, block.end):
            title = _title_in(text, *sentence) or title or _title_above(outline, block)
            for clause in clauses(text, *sentence):
                found.extend(_quotas_of(text, clause, sentence, title))
    return _unique(found)


def _unique(found: list[Quota]) -> list[Quota]:
    seen: set[tuple[object, ...]] = set()
    kept = []
    for quota in found:
        key = (quota.title, quota.group, quota.at_most, quota.line)
        if key not in seen:
            seen.add(key)
            kept.append(quota)
    return kept


def _quotas_of(text: Text, clause: tuple[int, int], sentence: tuple[int, int], title: str) -> Iterator[Quota]:
    place = clause[0]
    while match := _QUOTA.search(text.low, place, clause[1]):
        place = match.end()
        near = _title_in(text, clause[0], match.start()) or title
        if match["n"] and match["unit"] in {"%", "phần trăm"}:
            yield _share(text, match, sentence, near)
            continue
        count = _number(match["n"] or match["m"])
        group, place = _group(text, match.end(), clause[1])
        yield _quota(text, near, _with_block(text, clause[0], match, group), count, match.start(), sentence)
        while more := _MORE.match(text.low, place, sentence[1]):
            group, place = _group(text, more.end(), sentence[1])
            yield _quota(
                text, near, _with_block(text, clause[0], match, group), _number(more["n"]), more.start(), sentence
            )


def _group(text: Text, start: int, end: int) -> tuple[str, int]:
    match = _GROUP.match(text.low, start, end)
    if match is None:
        return "", start
    stop = _GROUP_STOP.search(text.low, match.start("group"), match.end())
    if "trong số" in match["group"]:  # chosen among others: whom among, in full
        stop = re.compile(r"[,;.]|\s(?:để|trình|gửi)\s|$").search(text.low, match.start("group"), end)
    last = stop.start() if stop else match.end()
    return text.quote(match.start("group"), last).strip(" -"), last


def _with_block(text: Text, start: int, match: re.Match[str], group: str) -> str:
    """For whom: the group itself, or where it only says "tập thể", the block of bodies named before it."""
    if match.groupdict().get("each"):
        bearer = re.match(
            r"(?:mỗi|từng|các)\s+[^,;.]{2,60}?(?=\s+(?:được|đề nghị|giới thiệu|lựa chọn|chọn|bình|đề xuất|cử|xét"
            r"|suy|đăng ký))",
            match["each"],
        )
        return f"{group} ({text.quote(match.start(), match.start() + bearer.end())})" if bearer else group
    if group.lower() not in {"tập thể", "cá nhân", "đơn vị", "cơ quan", ""}:
        return group
    blocks = list(_BLOCK_GROUP.finditer(text.low, start, match.start()))
    if not blocks:
        return group
    name = text.quote(*blocks[-1].span("group"))
    return f"{group} {name}".strip()


def _share(text: Text, match: re.Match[str], sentence: tuple[int, int], title: str) -> Quota:
    spelt = re.compile(r"\s*\([^()]*\)").match(text.plain, match.end(), sentence[1])
    start = spelt.end() if spelt else match.end()
    end = re.compile(r"[;.(]|,\s|$").search(text.plain, start, sentence[1])
    of_what = text.quote(start, end.start() if end else sentence[1])
    return _quota(text, title, f"% {of_what}".strip(), _number(match["n"]), match.start(), sentence, is_percent=True)


def _quota(
    text: Text, title: str, group: str, count: int, place: int, sentence: tuple[int, int], *, is_percent: bool = False
) -> Quota:
    return Quota(
        title or None, group or None, count, text.line_at(place), text.quote(*sentence), Span(*sentence), is_percent
    )


def _title_in(text: Text, start: int, end: int) -> str:
    """The first award named; a name in quotes says it best."""
    names = list(_TITLE.finditer(text.low, start, end))
    for match in names:
        if match["quoted"]:
            return text.quote(*match.span("quoted"))
    for match in names:
        stop = _TITLE_STOP.search(text.low, match.start(), match.end())
        return text.quote(match.start(), stop.start() if stop else match.end()).strip(" -")
    return ""


def _title_above(outline: Outline, block: Block) -> str:
    for above in block.ancestors():
        if title := _title_in(outline.text, above.start, above.end):
            return title
    return ""
