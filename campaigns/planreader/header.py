"""The frame of a plan: number, issuer, place, day, title, signer, and the time it covers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from campaigns.calendar import month_range
from campaigns.planreader.letters import ACTOR_START, CAPITALISED, CAPITALS
from campaigns.planreader.reading import Citation, Header, Span
from campaigns.planreader.structure import ANNEX
from campaigns.planreader.text import Text

_BLANK: Final = r"[\s.…/_-]"
_NUMBER: Final = re.compile(
    r"(?:^|(?<=\s))số\s*(?::"
    r"|(?=[\d/]))[ ]*(?P<digits>\d*(?:/20\d\d)?)[\s.…]*(?P<mark>[/\-]\s*[^\W\d_][\w\-.]*(?:\s?[/\-]"
    r"\s?[^\W\d_][\w\-.]*)*(?:(?<=-)\s(?-i:[A-ZĐ]{2,})(?!\w))?)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    rf"(?:(?P<place>(?:TP\.?\s*)?{CAPITALISED}(?:[ \-.]{{1,2}}{CAPITALISED}){{0,4}})\s*,\s*)?"
    r"(?:ngày|Ngày)\s*(?P<day>\d{0,2})[\s.…]*(?:tháng|[/.-])\s*(?P<month>\d{0,2})[\s.…]*(?:năm"
    r"|[/.-])\s*(?P<year>\d{4}|20[\s.…]*)"
)
_SHORT_DATE: Final = re.compile(
    rf"(?P<place>(?!Thứ\s|Chủ\s)(?<!Thứ\s)(?<!Chủ\s){CAPITALISED}(?:[ \-.]{{1,2}}{CAPITALISED}){{0,4}})\s*,"
    r"\s*(?P<day>\d{1,2})\s?[/.-]"
    rf"\s?(?P<month>\d{{1,2}})"
    r"\s?[/.-]\s?(?P<year>\d{4})(?!\d)"
)
# As a web page lists it: "Ngày: 17/12/2012", "Ngày ban hành: 17/12/2012".
_LISTED_DATE: Final = re.compile(
    r"(?:^|\n|(?<=\s))Ngày(?:\s+(?:ban\s+hành|ký|văn\s+bản))?\s*:\s*(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})"
    r"\s?[/.-]\s?(?P<year>\d{4})(?!\d)"
)
_DOCUMENT: Final = re.compile(
    r"\s*(?:dự\s+thảo\s+)?(?P<kind>kế\s+hoạch|chương\s+trình|hướng\s+dẫn|thông\s+báo|thể\s+lệ|phương\s+án|đề\s+án"
    r"|chỉ\s+thị|nghị\s+quyết|quy\s+chế|quy\s+định|thư\s+ngỏ|tờ\s+trình|công\s+điện|"
    r"quyết\s+định|điều\s+lệ|công\s+văn|lời\s+phát\s+động|bản\s+phát\s+động|kế\s+hoạch\s+phối\s+hợp)\b"
)
_NATION: Final = re.compile(r"cộng\s+hòa\s+xã\s+hội\s+chủ\s+nghĩa|độc\s+lập\s*-\s*tự\s+do\s*-")
# A decision says "QUYẾT ĐỊNH:" once more behind its grounds.
_GROUNDS: Final = re.compile(r"\s*(?:căn cứ|xét đề nghị)(?!\w)")
_MOTTO: Final = re.compile(
    r"cộng\s+hòa\s+xã\s+hội\s+chủ\s+nghĩa\s+việt\s+nam|độc\s+lập\s*-\s*tự\s+do\s*-\s*hạnh\s+phúc|"
    r"đảng\s+cộng\s+sản\s+việt\s+nam|đoàn\s+tncs\s+hồ\s+chí\s+minh"
)
_BODY_BEGINS: Final = re.compile(
    r"\s*(?:căn cứ|thực hiện|nhằm|để|trên cơ sở|xét|kính gửi|theo|phát huy|hưởng ứng|kính thưa|năm \d{4} là|tiếp tục)\b"
)
_SECTION: Final = re.compile(
    r"\s*(?:(?:phần|mục|chương|điều)\s+(?:[ivx]+|\d+|thứ)[.:]?|[ivx]{1,4}\s*[.)/-]|\d{1,2}\s*[.)/]|a\)|[A-D]\.)(?:\s|$)",
    re.IGNORECASE,
)
_ROLE: Final = (
    "TRƯỞNG|GIÁM ĐỐC|CHỦ TỊCH|CHỦ NHIỆM|BÍ THƯ|CHÁNH|VIỆN TRƯỞNG|HIỆU TRƯỞNG|TỔNG GIÁM ĐỐC|CHÁNH ÁN|THỨ TRƯỞNG|PHÓ|"
    "ỦY VIÊN|UỶ VIÊN|CHÍNH ỦY|CHÍNH UỶ|CHÍNH TRỊ VIÊN|TƯ LỆNH|QUẢN ĐỐC|"
    "TỔNG BIÊN TẬP|ĐẠI DIỆN|THƯ KÝ|ĐIỀU HÀNH|TỔNG CỤC TRƯỞNG|TRƯỞNG BAN|KIỂM SÁT|CỤC TRƯỞNG|BAN THƯỜNG VỤ|CHỈ HUY"
)
_SIGNER_TITLE: Final = re.compile(
    rf"(?:(?:TM|KT|TL|TUQ"
    rf"|Q)\s?\.\s*)?(?<![\w])(?:[{CAPITALS}][{CAPITALS}\-,.]*\s+)*(?:{_ROLE})(?:\s+[{CAPITALS}\-,]+)*(?![{CAPITALS}a-z])"
)
_DEGREES: Final = (
    r"(?:(?:PGS|GS|TS|ThS|Th\.S|BS|BSCK\s?I{1,2}|CKI{1,2}|CN|KS|LS|NGƯT|NGND|TTND|TTƯT|Đại tá|Thượng tá|Trung tá"
    r"|Thiếu tá|Đ/c|"
    r"Ông|Bà)\s*[.:]?\s*)*"
)
_NAME: Final = re.compile(rf"^{_DEGREES}(?P<name>{CAPITALISED}(?:\s+{CAPITALISED}){{1,4}})\s*$")
_NO_NAME: Final = re.compile(r"(?:đã ký|ký tên|nơi nhận|lưu|kính|hội đồng|trường hợp)\b")
_ISSUES: Final = re.compile(
    r"(?<=\s)(?:ban hành|xây dựng|phát động|(?<!ban )tổ chức|triển khai)\s+(?:và\s+\w+\s+\w+\s+)?"
    r"(?:kế hoạch|phong trào|đợt thi đua|chương trình|thông báo|cuộc)"
)
# Organs that are named by the body they lead.
_ORGAN: Final = re.compile(
    r"(?:ban\s+(?:thường\s+vụ|thường\s+trực|chấp\s+hành|cán\s+sự(?:\s+đảng)?|lãnh\s+đạo)|thường\s+trực|đảng\s+đoàn"
    r"|bch|btv|cơ\s+quan\s+thường\s+trực)"
)
# The name of a paper as a web page gives it above the text.
_ANNOUNCED: Final = re.compile(
    r"\s*(?:thông báo|công văn|kế hoạch|hướng dẫn|quyết định|tb|cv|kh|hd)(?:\s*(?::|-)\s*(?:v/v|về việc)?"
    r"|\s+(?:v/v|về việc|về))\s*(?=\w)"
    r"|\s*(?:kế hoạch|hướng dẫn)\s+(?=[^.;:]{20,200}$)"
)
_FEW_WORDS: Final = 4
_BREAKS: Final = ",;:.\n"
_CITING: Final = ("quyết định", "kế hoạch", "thông tư", "công văn", "nghị định")
_COLUMN: Final = re.compile(r"\s{3}|\t|\|")
_DUE_BY: Final = re.compile(r"(?<!\w)(?:trước|đến|hết|từ|nhất|nhất là|vào|hạn)\s*$")
_LEFT_OPEN: Final = re.compile(r"(?:,|\s(?:và|của|về|các|cho|với|theo|thuộc))$")
_FEW_LINES: Final = 45
_LONGEST_NAME: Final = 160
_LONG_LINE: Final = 90
_SHORT_LINE: Final = 60
_LONGEST_TITLE: Final = 400


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int


def read_header(text: Text) -> Header:
    lines = _lines(text)
    document = _document_line(text, lines)
    header_end = lines[document].start if document is not None else _first_section(text, lines)
    header = _issuer(text, header_end, _date(text, header_end, _number(text, header_end, Header())))
    header = _title(text, lines, document, header)
    header = _signer(text, lines, header)
    if header.issuer is None:
        header = replace(header, issuer=_issuer_of_body(text, header))
    return header


def body_start(header: Header) -> int:
    """Where the plan begins to speak, behind its title."""
    return header.title_span.end if header.title_span else 0


def _lines(text: Text) -> list[_Line]:
    ends = (*(start - 1 for start in text.line_starts[1:]), len(text.shown))
    pairs = zip(text.line_starts, ends, strict=True)
    return [_Line(start, end) for start, end in pairs if text.plain[start:end].strip()]


def _document_line(text: Text, lines: list[_Line]) -> int | None:
    """The line in capitals that says what the paper is; one above the letterhead is only the name of a web page."""
    found: list[int] = []
    motto: int | None = None
    for index, line in enumerate(lines[:_FEW_LINES]):
        if _NATION.search(text.low, line.start, line.end) and motto is None:
            motto = index
        words = text.plain[line.start : line.end].strip()
        if _DOCUMENT.match(text.low, line.start, line.end) and words.isupper():
            found.append(index)
        if index and (_SECTION.match(text.plain, line.start, line.end) or _GROUNDS.match(text.low, line.start)):
            break
    below = [index for index in found if motto is not None and index > motto]
    return next(iter(below or found), None)


def _first_section(text: Text, lines: list[_Line]) -> int:
    for line in lines[:_FEW_LINES]:
        if _SECTION.match(text.plain, line.start, line.end) or _BODY_BEGINS.match(text.low, line.start, line.end):
            return line.start
    return lines[min(len(lines), 12) - 1].end if lines else 0


def _number(text: Text, header_end: int, header: Header) -> Header:
    for match in _NUMBER.finditer(text.plain, 0, header_end):
        if text.low[match.start() - 12 : match.start()].strip().endswith(_CITING) or _in_a_sentence(text, match):
            continue
        mark = re.sub(r"\s", "", match["mark"]).rstrip(".-")
        number = match["digits"] + mark if match["digits"] else None
        return replace(header, number=number, number_span=Span(match.start(), match.end()))
    return header


def _date(text: Text, header_end: int, header: Header) -> Header:
    """The line of place and day, in the head; where the head has none, a short line of its own anywhere."""
    start = header.number_span.end if header.number_span else 0
    match = (
        _head_date(text, start, header_end)
        or _head_date(text, 0, header_end)
        or _SHORT_DATE.search(text.plain, 0, header_end)
        or _LISTED_DATE.search(text.plain, 0, header_end)
    )
    if match is None:
        match = next((found for found in _DATE.finditer(text.plain, header_end) if _stands_alone(text, found)), None)
    if match is None:
        return header
    place = match.groupdict().get("place")
    header = replace(header, place=_tidy(place) or None, date_span=Span(match.start(), match.end()))
    year = match["year"].strip()
    if len(year) != 4 or not year.isdigit():  # noqa: PLR2004  digits of a year
        return header
    return _written_day(header, match["day"], match["month"], int(year))


def _in_a_sentence(text: Text, match: re.Match[str]) -> bool:
    """Whether long words stand on both sides of it: the head of a paper has it alone or in a cell."""
    start = text.shown.rfind("\n", 0, match.start()) + 1
    end = text.shown.find("\n", match.end())
    line = text.plain[start : end if end >= 0 else None]
    return (
        len(line.strip()) > 2 * _LONG_LINE
        and not _COLUMN.search(line.strip())
        and not _NATION.search(text.low, start, match.end())
    )


def _head_date(text: Text, start: int, end: int) -> re.Match[str] | None:
    """A day in the middle of a long sentence, or by which something is due, is not the paper's own."""
    for match in _DATE.finditer(text.plain, start, end):
        before = text.plain[text.shown.rfind("\n", 0, match.start()) + 1 : match.start()]
        if _DUE_BY.search(before.lower()) or _in_a_sentence(text, match):
            continue
        if match["place"] or start or len(before.strip()) < _SHORT_LINE or _COLUMN.search(before):
            return match
    return None


def _written_day(header: Header, day: str, month: str, year: int) -> Header:
    try:
        if day and month:
            issued_on = date(year, int(month), int(day))
            return replace(header, issued_on=issued_on, earliest_issue=issued_on, latest_issue=issued_on)
        if month:
            span = month_range(year, int(month))
            return replace(header, earliest_issue=span.first_day, latest_issue=span.last_day)
    except ValueError:  # a day or month that the calendar does not have; told as an impossible date
        return header
    return replace(header, earliest_issue=date(year, 1, 1), latest_issue=date(year, 12, 31))


def _stands_alone(text: Text, match: re.Match[str]) -> bool:
    line_start = text.shown.rfind("\n", 0, match.start()) + 1
    line_end = text.shown.find("\n", match.end())
    around = text.plain[line_start : match.start()] + text.plain[match.end() : line_end if line_end >= 0 else None]
    return bool(match["place"]) and len(around.strip()) < 4  # noqa: PLR2004  at most a stop or a bracket


def _tidy(words: str | None) -> str:
    return " ".join((words or "").split())


def _issuer(text: Text, header_end: int, header: Header) -> Header:
    """The last name of a body in capitals above the number; the body above it is its superior."""
    stop = min((span.start for span in (header.number_span, header.date_span) if span), default=header_end)
    names: list[str] = []
    for place in _lines(text):
        if place.start >= stop:
            break
        line = text.plain[place.start : min(place.end, stop)]
        words = re.sub(_MOTTO.pattern, "  ", line, flags=re.IGNORECASE).strip(" -.\t|*")
        words = _tidy(re.split(r"\s{3,}|\t|\|", words)[0])
        if 2 < len(words) < _LONGEST_NAME and words.isupper() and not words.startswith(("SỐ", "DỰ THẢO")):  # noqa: PLR2004  a word
            names.append(words)
    if not names:
        return header
    name = names.pop()
    organ = ""
    if names and _ORGAN.fullmatch(name.lower()):
        organ, name = f"{name} ", names.pop()
    while names and not _begins_name(name, names[-1]):
        name = f"{names.pop()} {name}"
    name = organ + name
    return replace(header, issuer=_as_written(text, name, stop))


def _begins_name(name: str, above: str) -> bool:
    """Whether the line is a name by itself, or goes on from the one above: "ỦY BAN NHÂN DÂN" / "TỈNH …"."""
    if re.match(r"(?:các|tỉnh|thành phố|huyện|quận|thị xã|phường|xã|thị trấn|và|vùng|khu vực \w+$)\b", name.lower()):
        return bool(re.match(r"(?:đảng bộ|tỉnh|thành phố)", above.lower()))
    return bool(ACTOR_START.match(name.lower()))


def _as_written(text: Text, name: str, start: int) -> str:
    """The name in the small and capital letters of the plan's own sentences, as far as they have its words."""
    words = " ".join(name.lower().split()).split(" ")
    parts: list[str] = []
    while words:
        for count in range(len(words), 0, -1):
            found = _spoken(text, " ".join(words[:count]), start, is_long=count > 1)
            if found or count == 1:
                parts.append(found or (words[0] if words[0] in _SMALL_WORDS else words[0].capitalize()))
                words = words[count:]
                break
    joined = " ".join(parts)
    return joined[:1].upper() + joined[1:]


_SMALL_WORDS: Final = frozenset(
    ["tỉnh", "huyện", "quận", "thị", "xã", "phường", "thành", "phố", "các", "và", "của", "vùng", "ty", "cổ", "phần"]
)


def _spoken(text: Text, wanted: str, start: int, *, is_long: bool) -> str:
    place = text.low.find(wanted, start)
    while place >= 0:
        found = text.plain[place : place + len(wanted)]
        is_whole = (
            not text.low[place - 1 : place].isalnum()
            and not text.low[place + len(wanted) : place + len(wanted) + 1].isalnum()
        )
        if is_whole and not found.isupper() and (is_long or found.islower()):
            return found
        place = text.low.find(wanted, place + 1)
    return ""


_SUBJECT: Final = re.compile(r"(?:^|(?<=\s{3})|(?<=\|)|(?<=\t))\s*[\x22']?\s*(?:v\s?/\s?v|về việc)\s*:?\s*")


def _subject(text: Text, lines: list[_Line], header: Header) -> Header:
    """What a letter is about: the words behind "V/v" under its number, over as many lines as they take."""
    near = list(enumerate(lines[:_FEW_LINES]))
    number = header.number_span.start if header.number_span else 0
    # Below the number first: a page may say it above the letterhead too.
    for index, line in sorted(near, key=lambda one: one[1].end < number):
        match = _SUBJECT.search(text.low[line.start : line.end])
        if match is None:
            continue
        start = line.start + match.end()
        first = re.split(r"\s{3,}|\t|\|", text.plain[start : line.end])[0]
        end, words = start + len(first.rstrip()), first
        for below in lines[index + 1 : index + 4]:
            column = re.split(r"\s{3,}|\t|\|", text.plain[below.start : below.end].strip())[0]
            is_open = bool(_LEFT_OPEN.search(words.rstrip().lower()))
            goes_on = words.isupper() and column.isupper() and not ACTOR_START.match(column.lower())
            begins = column[:1].islower() or is_open or goes_on
            if not begins or _BODY_BEGINS.match(column.lower()) or _DATE.search(column):
                break
            place = text.plain.index(column, below.start)
            end, words = place + len(column), f"{words} {column}"
        title = " ".join(words.split()).strip(' -."')
        return replace(header, title=title, title_span=Span(start, end)) if title else header
    return header


def _title(text: Text, lines: list[_Line], document: int | None, header: Header) -> Header:
    if document is None:
        named = _subject(text, lines, header)
        return named if named.title else _headless_title(text, lines, header)
    first = lines[document]
    kind = _DOCUMENT.match(text.low, first.start, first.end)
    start, end = (kind.end() if kind else first.end), first.end
    if not text.plain[start:end].strip():
        start = end
    for line in lines[document + 1 : document + 8]:
        is_first = not text.plain[start:end].strip()
        if _ends_title(text, line, is_first=is_first):
            break
        start, end = (line.start if is_first else start), line.end
    title = text.quote(start, end).strip(" -–—.")
    if not title:
        return replace(header, title_span=Span(first.start, first.end))
    return replace(header, title=title, title_span=Span(start, end))


def _headless_title(text: Text, lines: list[_Line], header: Header) -> Header:
    """Without a line for the kind: what stands in capitals below number and day, or "Thông báo về việc …" on top."""
    head = max((span.end for span in (header.number_span, header.date_span) if span), default=0)
    for line in lines[:_FEW_LINES]:
        words = text.plain[line.start : line.end].strip()
        if _BODY_BEGINS.match(text.low, line.start, line.end) or _SECTION.match(text.plain, line.start, line.end):
            break
        is_capital = words.isupper() and 0 < head < line.start and not _NATION.search(words.lower())
        is_named = bool(_ANNOUNCED.match(text.low, line.start, line.end)) and not words.endswith((":", ";"))
        if (is_capital and len(words.split()) > _FEW_WORDS and not ACTOR_START.match(words.lower())) or is_named:
            named = _ANNOUNCED.match(text.low, line.start, line.end)
            start = named.end() if named else line.start
            title = text.quote(start, line.end).strip(" -–—.")
            return replace(header, title=title, title_span=Span(start, line.end))
    return header


def _ends_title(text: Text, line: _Line, *, is_first: bool) -> bool:
    words = text.plain[line.start : line.end].strip()
    if (
        _SECTION.match(text.plain, line.start, line.end)
        or len(words) > _LONGEST_TITLE
        or not any(c.isalpha() for c in words)
        or words.startswith("|")
    ):
        return True
    return not is_first and (
        bool(_BODY_BEGINS.match(text.low, line.start, line.end))
        or words.endswith((";", ":"))
        or (words.endswith(".") and len(words) > _LONG_LINE)
    )


def _signer(text: Text, lines: list[_Line], header: Header) -> Header:
    """The office and the name below the text; a list of receivers may stand beside or between them."""
    last = header.title_span.end if header.title_span else 0
    lines = _before_annex(text, lines)
    cells = [cell for line in lines[-40:] if line.start >= last for cell in _columns(text, line)]
    start = _foot(text, cells)
    office: Span | None = None
    name: Span | None = None
    for cell in cells[start:]:
        words = text.plain[cell.start : cell.end].strip()
        title = _SIGNER_TITLE.search(text.plain, cell.start, cell.end)
        if title and len(words) < 120:  # noqa: PLR2004  no office is so long
            office = Span(office.start if office else title.start(), title.end())
        elif (found := _name(words)) and (office or not found.isupper()):
            place = text.plain.find(found, cell.start)
            name = Span(place, place + len(found))
    return replace(
        header,
        signer=text.quote(name.start, name.end) if name else None,
        signer_title=_tidy(text.plain[office.start : office.end]) if office else None,
        signer_span=name or office,
    )


def _before_annex(text: Text, lines: list[_Line]) -> list[_Line]:
    """The lines up to the first annex behind a list of receivers; all where there is none."""
    has_foot = False
    for index, line in enumerate(lines):
        has_foot = has_foot or bool(re.match(r"\s*nơi (?:nhận|gửi)", text.low[line.start : line.end]))
        if has_foot and ANNEX.match(text.low, line.start, line.end):
            return lines[:index]
    return lines


def _columns(text: Text, line: _Line) -> list[Span]:
    spans, place = [], line.start
    for piece in re.split(r"(\s{3,}|\t+|\|)", text.plain[line.start : line.end]):
        if piece.strip(" \t|"):
            spans.append(Span(place, place + len(piece)))
        place += len(piece)
    return spans


def _foot(text: Text, cells: list[Span]) -> int:
    """The first cell behind the last sentence of the plan."""
    for index in range(len(cells) - 1, -1, -1):
        words = text.plain[cells[index].start : cells[index].end].rstrip()
        if words.endswith(("./.", "/.")):
            return index + 1
    for index, cell in enumerate(cells):
        if re.match(r"\s*nơi (?:nhận|gửi)", text.low[cell.start : cell.end]):
            return max(0, index - 6)
    return max(0, len(cells) - 6)


def _name(words: str) -> str:
    match = _NAME.match(words.strip(" ()"))
    if not match or _NO_NAME.match(words.lower()) or (match["name"].isupper() and len(match["name"].split()) < 2):  # noqa: PLR2004
        return ""
    is_office = ACTOR_START.match(match["name"].lower()) and not match["name"].startswith("Đoàn ")  # a family name too
    return "" if is_office else match["name"]


def _issuer_of_body(text: Text, header: Header) -> str | None:
    start = body_start(header)
    for match in _ISSUES.finditer(text.low, start, start + 6000):
        first = max(start, *(text.shown.rfind(mark, start, match.start()) + 1 for mark in _BREAKS))
        first += len(text.low[first : match.start()]) - len(text.low[first : match.start()].lstrip(" -"))
        first += 4 if text.low.startswith("nay ", first) else 0
        if match.start() - first < _LONGEST_NAME and ACTOR_START.match(text.low, first, match.start()):
            found = text.quote(first, match.start())
            found = re.sub(r"\s*\((?:sau đây|gọi tắt|viết tắt)[^)]*\)|\s+(?:vừa|đã|đang|sẽ)$", "", found)
            return found if found[0].isupper() else None
    return None


def with_issue_bounds(header: Header, citations: Sequence[Citation]) -> Header:
    """A plan is not older than what it cites. A citation younger than the plan's own day is a mistake elsewhere."""
    if header.earliest_issue is not None:
        return header
    days = [citation.date for citation in citations if citation.date]
    return replace(header, earliest_issue=max(days)) if days else header
