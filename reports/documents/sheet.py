"""A paper laid out but not yet rendered, and the wording that all papers share."""

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from reports.documents.facts import AttachmentFacts, Letterhead

PLACES = re.compile(r" (?=(?:tỉnh|thành phố|huyện|quận|thị xã|khu vực) )")
LONG_NAMES = re.compile(r" (?=Thi (?:hành|đua))")
LINE_LENGTH = 26
# Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II, khoản 4: days below 10 and the first two months get a leading zero.
MONTHS_WITH_ZERO = (1, 2)


@dataclass(frozen=True, slots=True)
class Sheet:
    """`title` and `note` stand in the contents of a dossier. Several `copies` are alike to the last point."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    copies: int = 1
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a paper in capitals, broken where offices break it: before the place's rank."""

    superior: tuple[str, ...]
    office: tuple[str, ...]
    place: str
    day: str
    number: str


def heading(head: Letterhead, day: date | None, *, number: str = "") -> Heading:
    return Heading(break_name(head.superior), break_name(head.office), head.place, paper_day(day), number)


def open_number(kind: str, head: Letterhead) -> str:
    """A number that the records clerk has yet to write: room for it, then the kind and the issuer."""
    return f"{' ' * 10}/{kind}-{head.abbreviation or '…'}"


def break_name(name: str) -> tuple[str, ...]:
    """ "Tổng cục | Thi hành án dân sự", "Cục Thi hành án dân sự | tỉnh Thái Nguyên": lines that fit the left half."""
    lines: list[str] = []
    for part in PLACES.split(name, maxsplit=1):
        lines += LONG_NAMES.split(part, maxsplit=1) if len(part) > LINE_LENGTH else [part]
    return tuple(line.upper() for line in lines if line)


def paper_day(day: date | None) -> str:
    if day is None:
        return f"ngày {' ' * 6} tháng {' ' * 6} năm {' ' * 8}"
    month = f"{day.month:02d}" if day.month in MONTHS_WITH_ZERO else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def percent(share: str) -> str:
    """ "5/7" as "71,43 %": two decimals, a comma, rounded half up; an empty base has no share."""
    part, base = (int(number) for number in share.split("/"))
    if not base:
        return "–"
    hundredths = int(Fraction(part * 10_000, base) + Fraction(1, 2))
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d} %" if rest else f"{whole} %"


def fraction_words(text: str) -> str:
    """A threshold as people read it: "2/3" stays, "0.9" becomes "90 %"."""
    if "/" in text or not text:
        return text
    return percent(f"{Fraction(text).numerator}/{Fraction(text).denominator}")


def file_note(attachment: AttachmentFacts) -> str:
    """What the contents say of an attachment besides its name: number and day of the paper, kind of file."""
    parts = [attachment.kind]
    if attachment.number:
        parts.append(f"số {attachment.number}")
    if attachment.issued_on:
        parts.append(f"ngày {attachment.issued_on:%d/%m/%Y}")
    return ", ".join(parts)
