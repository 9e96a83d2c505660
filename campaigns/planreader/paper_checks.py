"""What the paper says of the world: anniversaries, documents that it cites, names, and data of persons."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from campaigns.calendar import short_day
from campaigns.planreader.checking import Checked, warn
from campaigns.planreader.citations import MARKS
from campaigns.planreader.known_days import founding_days
from campaigns.planreader.reading import (
    Citation,
    Code,
    DueKind,
    KnownDocument,
    PlanWarning,
)
from campaigns.planreader.text import fold_words

_PHONE: Final = re.compile(
    r"(?<![\w/.\-])(?:\(?\+?84\)?|0)[\s.\-]?(?:[\dx][\s.\-]?){8,10}(?![\w/])"
    r"|(?<!\w)0\d{2,3}[xX]*[.\s]?[xX]{3}[.\s]?[xX]{3}|(?<!\w)0\d[xX]{2}[.\s]?[xX]{3}"
)


_PHONE_LABEL: Final = re.compile(
    r"(?:sđt|số điện thoại|điện thoại|đt|di động|mobile|tel|hotline|zalo)\s*[.:]?\s*(?:\(?\+?\d|0)"
)


_MAIL: Final = re.compile(r"[\w.+\-]+\s?@\s?[\w\-]+(?:\.[\w\-]+)+")


_YEARS_OF: Final = re.compile(
    r"(?:kỷ niệm|mừng|lần thứ|nhân dịp|nhân)?\s*(?:lần thứ\s+)?(?P<n>\d{1,3})\s*(?:năm\s+"
    r"|(?=ngày truyền thống))(?P<what>[^.;()\d]{4,140})"
)


_PAIR: Final = re.compile(r"(\d{1,2})/(\d{1,2})/+(1[89]\d\d|20\d\d)\s*-\s*(\d{1,2})/(\d{1,2})/+(20\d\d)")


_ANNIVERSARY: Final = re.compile(r"(?P<n>\d{1,3})\s*năm[^.;]{0,160}?\(?\s*$")


_LAW_NAME: Final = re.compile(r"luật\s+thi đua\s*(?P<joint>,|-|và)?\s*khen thưởng")


_LAW_KINDS: Final = {
    "QĐ": "Quyết định",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "NQ": "Nghị quyết",
}


_QUOTED: Final = re.compile(r'"([^"\n]{6,90})"')


def check_anniversaries(read: Checked) -> Iterator[PlanWarning]:
    for block in read.outline.body:
        low = read.text.low[block.start : block.end]
        for match in _PAIR.finditer(low):
            yield from _pair(read, block.start, low, match)
        for match in _YEARS_OF.finditer(low):
            yield from _known_anniversary(read, block.start, low, match)
    yield from _occasion_outside(read)


def _pair(read: Checked, start: int, low: str, match: re.Match[str]) -> Iterator[PlanWarning]:
    spoken = _ANNIVERSARY.search(low, 0, match.start())
    years = int(match[6]) - int(match[3])
    is_same_day = (int(match[1]), int(match[2])) == (int(match[4]), int(match[5]))
    if spoken and (int(spoken["n"]) != years or not is_same_day):
        said = f"{spoken['n']} năm" if int(spoken["n"]) != years else "tròn năm"
        yield warn(
            read,
            Code.ANNIVERSARY_MISMATCH,
            start + match.start(),
            f"Kế hoạch viết {said}, nhưng hai ngày trong ngoặc cách nhau {years} năm"
            + ("" if is_same_day else " và không cùng ngày tháng")
            + ". Sửa lại số năm hoặc ngày.",
        )


def _known_anniversary(read: Checked, start: int, low: str, match: re.Match[str]) -> Iterator[PlanWarning]:
    known = next((day for day in founding_days() if any(words in match["what"][:80] for words in day.words)), None)
    if known is None or _PAIR.search(low[match.start() : match.end() + 60]):
        return
    stop = low.rfind(".", 0, match.start()) + 1
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", low[stop : match.end() + 40])}
    if not years and read.period and read.period.last.year - read.period.first.year < 2:  # noqa: PLR2004  a plan of a year
        years = set(range(read.period.first.year, read.period.last.year + 1))
    if years and known.day.year + int(match["n"]) not in years:
        yield warn(
            read, Code.ANNIVERSARY_MISMATCH, start + match.start("n"),
            f"{known.name} tính từ {short_day(known.day)}: {match['n']} năm là năm "
            f"{known.day.year + int(match['n'])}, không phải năm nêu trong kế hoạch.",
        )  # fmt: skip


def _occasion_outside(read: Checked) -> Iterator[PlanWarning]:
    """A review "on the occasion of" a day that its own month or quarter does not hold."""
    for one in read.obligations:
        if one.due.kind is not DueKind.RANGE or not one.due.first or not one.due.last:
            continue
        if (one.due.last - one.due.first).days > 180:  # noqa: PLR2004  a longer stretch holds most days
            continue
        low = read.text.low[one.span.start : one.span.end]
        pair = _PAIR.search(low)
        if pair is None or not re.search(r"nhân|dịp", low[: pair.start()]):
            continue
        day = _day(int(pair[6]), int(pair[5]), int(pair[4]))
        if day and not one.due.first <= day <= one.due.last:
            yield warn(
                read, Code.ANNIVERSARY_MISMATCH, one.span.start + pair.start(),
                f"Việc gắn với dịp {short_day(day)}, nhưng thời gian thực hiện là {short_day(one.due.first)} - "
                f"{short_day(one.due.last)}. Hỏi lại nơi ban hành theo mốc nào.",
            )  # fmt: skip


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def check_citations(read: Checked) -> Iterator[PlanWarning]:
    seen: dict[str, Citation] = {}
    for citation in read.citations:
        yield from _against_itself(read, citation)
        yield from _against_register(read, citation)
        if citation.number is None:
            continue
        first = seen.setdefault(citation.number, citation)
        if first.date and citation.date and first.date != citation.date:
            yield _mismatch(
                read,
                citation,
                f"{citation.number} ghi ngày {short_day(citation.date)}, ở dòng {first.line} lại ghi "
                f"{short_day(first.date)}.",
            )


def _against_itself(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    """The mark in the number tells the kind of document and the year it was issued."""
    if citation.number is None:
        return
    marks = re.split(r"[/\-]", citation.number.upper())
    kind = next((MARKS[mark] for mark in marks[1:] if mark in _LAW_KINDS), None)
    spoken = citation.kind
    if kind and spoken in _LAW_KINDS.values() and kind != spoken:
        yield _mismatch(read, citation, f"Viết là {spoken}, nhưng ký hiệu {citation.number} là của {kind}.")
    year = re.search(r"/((?:19|20)\d\d)/", citation.number)
    if year and citation.date and citation.date.year != int(year[1]):
        yield _mismatch(
            read, citation, f"Số {citation.number} là của năm {year[1]}, nhưng ngày ghi là {short_day(citation.date)}."
        )
    issued = read.header.issued_on
    if issued and citation.date and citation.date > issued:
        yield _mismatch(
            read, citation, f"{citation.number} ghi ngày {short_day(citation.date)}, sau ngày ban hành kế hoạch."
        )


def _against_register(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    known = read.register.get(_key(citation.number)) if citation.number else None
    if known is not None:
        if known.issued_on and citation.date and known.issued_on != citation.date:
            yield _mismatch(
                read,
                citation,
                f"{citation.number} ghi ngày {short_day(citation.date)}; danh mục văn bản ghi "
                f"{short_day(known.issued_on)}.",
            )
        if _is_misspelt(citation.title, known.subject):
            yield _mismatch(
                read, citation, f"Trích yếu của {citation.number} viết khác danh mục văn bản: «{known.subject}»."
            )
    if citation.kind == "Luật":
        yield from _law(read, citation)


def _is_misspelt(title: str, subject: str) -> bool:
    """The same words with other marks between them; the register's own wording is no fault of a plan."""
    wanted = fold_words(subject)
    if not title or len(wanted.split()) < 4:  # noqa: PLR2004  too little to compare
        return False
    marks = [
        re.sub(r"\s+", "", "".join(re.findall(r"[^\w.\"']", one.lower().replace("-", ","))))
        for one in (title[: len(subject) + 1].rstrip(" .;"), subject)
    ]
    return fold_words(title).startswith(wanted) and (
        marks[0].rstrip(",") != marks[1].rstrip(",") or not _same_places(title, subject)
    )


def _same_places(title: str, subject: str) -> bool:
    """Whether the commas stand behind the same words."""
    places = [
        [len(re.findall(r"\w+", one[: match.start()])) for match in re.finditer(",", one)] for one in (title, subject)
    ]
    count = len(re.findall(r"\w+", subject))
    return [place for place in places[0] if place < count] == [place for place in places[1] if place < count]


def _law(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    name = _LAW_NAME.search(citation.title.lower())
    if name is None:
        return
    if name["joint"] != ",":
        yield _mismatch(
            read, citation, f"Tên luật viết là «{citation.title}»; tên chính thức là «Luật Thi đua, khen thưởng»."
        )
    laws = [
        known
        for known in read.register.values()
        if known.type == "law" and "thi đua, khen thưởng" in known.subject.lower()
    ]
    days = {known.issued_on for known in laws if known.issued_on}
    if citation.date and days and citation.date not in days and not read.register.get(_key(citation.number)):
        yield _mismatch(
            read, citation, f"Danh mục văn bản không có Luật Thi đua, khen thưởng nào ngày {short_day(citation.date)}."
        )


def _key(number: str | None) -> str:
    return re.sub(r"\s", "", number or "").upper()


def register_by_number(documents: Sequence[KnownDocument]) -> dict[str, KnownDocument]:
    return {_key(document.number): document for document in documents}


def _mismatch(read: Checked, citation: Citation, message: str) -> PlanWarning:
    return warn(
        read, Code.CITATION_MISMATCH, citation.span.start, f"{message} Đối chiếu văn bản gốc.", citation.span.end
    )


def check_names(read: Checked) -> Iterator[PlanWarning]:
    """One name in quotes written in two ways in the same plan."""
    ways: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for block in read.outline.body:
        for match in _QUOTED.finditer(read.text.plain, block.start, block.end):
            words = " ".join(match[1].lower().split())
            key = " ".join(word for word in fold_words(words).split() if word not in {"của", "và", "về"})
            if len(key.split()) < 9:  # noqa: PLR2004  a longer one is a slogan
                ways[key].append((words, match.start(1)))
    for spoken in ways.values():
        first = spoken[0]
        for words, place in spoken[1:]:
            if words != first[0]:
                yield warn(
                    read,
                    Code.CITATION_MISMATCH,
                    place,
                    f"Cùng một tên nhưng viết khác ở dòng {read.text.line_at(first[1])} "
                    f"(«{read.text.quote(first[1], first[1] + len(first[0]))}»). Dùng tên trong danh mục.",
                )
                break


def check_personal_data(read: Checked) -> Iterator[PlanWarning]:
    """Never repeats what it found: the message would spread it."""
    lines: dict[int, tuple[int, set[str]]] = {}
    has_mail = "@" in read.text.low
    for pattern, kind in ((_MAIL, "thư điện tử"), (_PHONE, "số điện thoại"), (_PHONE_LABEL, "số điện thoại")):
        for match in pattern.finditer(read.text.low) if has_mail or pattern is not _MAIL else ():
            line = read.text.line_at(match.start())
            lines.setdefault(line, (match.start(), set()))[1].add(kind)
    for place, kinds in lines.values():
        yield warn(
            read,
            Code.PERSONAL_DATA,
            place,
            f"Văn bản có {' và '.join(sorted(kinds))}. Không nhập vào phần mềm; che đi trước khi chia sẻ văn bản.",
        )
