"""Documents that a plan cites: their kind, number, date and the words that name them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from campaigns.planreader.moments import find_moments
from campaigns.planreader.reading import Citation, Span
from campaigns.planreader.text import Text

KINDS: Final = (
    "nghị quyết liên tịch", "thông tư liên tịch", "nghị quyết", "nghị định", "quyết định", "thông tư", "chỉ thị",
    "kế hoạch", "hướng dẫn", "công văn", "chương trình", "thông báo", "kết luận", "quy định", "quy chế", "công điện",
    "tờ trình", "báo cáo", "đề án", "văn bản", "pháp lệnh", "bộ luật", "luật", "hiến pháp", "thông tri",
    "quy chế phối hợp",
)  # fmt: skip
_NUMBER: Final = (
    r"\d{1,6}(?:\s?/\s?(?:19|20)\d\d)?\s?[/\-]\s?[A-ZĐa-zđ][\w\-.&]*"
    r"(?:(?<=-)\s[A-ZĐ]{2,}\w{0,2}(?!\w)|\s?[/\-]\s?[A-ZĐ][\w\-.]*)*"
)
_CITED: Final = re.compile(rf"(?<![\w/.])(?P<number>{_NUMBER})")
_KIND_BEFORE: Final = re.compile(
    rf"(?<!\w)(?P<kind>{'|'.join(sorted(KINDS, key=len, reverse=True))})\s+(?:liên tịch\s+)?(?:số\s*:?\s*)?$"
)
_WORD_BEFORE: Final = re.compile(r"(?<!\w)số\s*:?\s*$")
_LAW: Final = re.compile(
    r"(?P<kind>luật)\s+(?P<name>thi đua\s*(?:,|-|và)?\s*khen thưởng|[A-ZĐ][\w ,]{3,80}?)"
    r"(?=\s*(?:số|ngày|năm|\(|;|\.|$|được|và các|do|của|quy định|theo|sửa đổi))",
    re.IGNORECASE,
)
_NO_LAW: Final = re.compile(r"(?:gia|sư|khoa|học|pháp|lệ|định)(?!\w)")
_LAW_NUMBER: Final = re.compile(r"\s*(?:\(?\s*số\s*:?\s*)?(?P<number>\d{1,3}/(?:19|20)\d\d/QH\d{1,2})")
_DATED: Final = re.compile(r"[\s,)(]*(?:đã được .{0,40}?)?(?:ban hành\s+)?(?:ngày|năm)\s*$")
_TITLE: Final = re.compile(
    r"\s*(?:của\s+(?P<issuer>[^;.]{2,80}?)\s+)?(?:về việc|v/v|về|ban hành|quy định|hướng dẫn)\s+", re.IGNORECASE
)
_MAX_TITLE: Final = 260
_NEAR: Final = 14


def find_citations(text: Text, start: int = 0) -> list[Citation]:
    """Every place that cites, from `start` on, in the order of the text."""
    found: list[Citation] = []
    taken: list[tuple[int, int]] = []
    for match in _CITED.finditer(text.plain, start):
        _take(found, taken, _citation(text, match))
    for match in _LAW.finditer(text.plain, start):
        is_law = match["kind"][0] == "L" or match["name"].lower().startswith("thi đua")
        if is_law and not _NO_LAW.match(match["name"].lower()):
            _take(found, taken, _law(text, match))
    return sorted(found, key=lambda citation: citation.span.start)


def _take(found: list[Citation], taken: list[tuple[int, int]], citation: Citation | None) -> None:
    if citation is None:
        return
    span = (citation.span.start, citation.span.end)
    if any(span[0] < end and start < span[1] for start, end in taken):
        return
    taken.append(span)
    found.append(citation)


def _citation(text: Text, match: re.Match[str]) -> Citation | None:
    number = re.sub(r"\s", "", match["number"]).rstrip(".-/")
    before = (max(0, match.start() - 48), match.start())
    named = _KIND_BEFORE.search(text.low, *before)
    kind = named["kind"] if named else _kind_of(number)
    if not kind or not any(char.isupper() for char in number):
        return None
    word = named or _WORD_BEFORE.search(text.low, *before)
    start = word.start() if word else match.start()
    end = match.start("number") + len(match["number"].rstrip(" .-/"))
    day, end = _date_after(text, end)
    return Citation(
        kind[0].upper() + kind[1:].lower(), number, day, text.line_at(start), text.quote(start, end), Span(start, end),
        _title_after(text, end),
    )  # fmt: skip


def _law(text: Text, match: re.Match[str]) -> Citation:
    end = match.end("name")
    number = None
    if numbered := _LAW_NUMBER.match(text.plain, end):
        number, end = numbered["number"], numbered.end()
    day, end = _date_after(text, end)
    name = text.quote(match.start(), match.end("name")).rstrip(" ,")
    return Citation(
        "Luật", number, day, text.line_at(match.start()), text.quote(match.start(), end), Span(match.start(), end), name
    )


def _date_after(text: Text, end: int) -> tuple[date | None, int]:
    """The day that follows the number, and where the citation then ends."""
    for moment in find_moments(text, end, min(end + 45, len(text.low))):
        between = text.low[end : moment.start]
        if (
            moment.unit == "day"
            and len(between) < _NEAR
            and not re.search(r"[;.\d]|[^\W\d]{8}", between.replace("ban hành", ""))
        ):
            return moment.first, moment.end
        break
    return None, end


def _title_after(text: Text, end: int) -> str:
    stop = re.compile(r"[;.]|$").search(text.plain, end, min(end + _MAX_TITLE, len(text.plain)))
    last = stop.start() if stop else min(end + _MAX_TITLE, len(text.plain))
    match = _TITLE.match(text.plain, end, last)
    return text.quote(match.end(), last) if match else ""


def _kind_of(number: str) -> str:
    marks = re.split(r"[/\-]", number.upper())
    return next((kind for mark, kind in MARKS.items() if mark in marks), "")


MARKS: Final = {
    "QĐ": "Quyết định",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "HD": "Hướng dẫn",
    "KL": "Kết luận",
    "QH13": "Luật", "QH14": "Luật", "QH15": "Luật", "QH16": "Luật", "QH12": "Luật", "QH11": "Luật",
}  # fmt: skip


def masks(citations: list[Citation]) -> Iterator[Span]:
    """Stretches whose dates belong to other documents."""
    for citation in citations:
        yield citation.span
