"""Readers of the two catalogues every app cites: award titles and legal documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from units.data_file import Entry, Reading, check_interval
from units.models.organisation import UnitKind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

AWARD_TITLES = Path(__file__).parent / "data" / "award_titles.toml"
TITLE_AUTHORITIES = Path(__file__).parent / "data" / "title_authorities.toml"
LEGAL_DOCUMENTS = Path(__file__).parent / "data" / "legal_documents.toml"

KINDS = frozenset({"emulation-title", "commendation", "recognition"})
SUBJECTS = frozenset({"person", "collective", "both"})
CYCLES = frozenset({"yearly", "period", "by-achievement", "career"})
LEVELS = frozenset({"grassroots", "ministry", "sector", "province", "state"})
CONFIDENCES = frozenset({"confirmed", "unconfirmed"})
DOCUMENT_TYPES = frozenset({"law", "decree", "circular", "decision", "directive", "plan", "official-letter"})


@dataclass(frozen=True, slots=True)
class AwardTitleRow:
    code: str
    name: str
    kind: str
    subject: str
    cycle: str
    ladder: str
    rank: int
    """Place on the ladder, 1 lowest; two entries may share a rank."""
    level: str
    decider: str
    valid_from: date
    valid_to: date | None
    citation: str
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class TitleAuthorityRow:
    """Who decides some titles in a time."""

    code: str
    titles: tuple[str, ...]
    decider: str
    requires_legal_personality: bool
    unit_kinds: tuple[str, ...]
    is_outside: bool
    valid_from: date
    valid_to: date | None
    citation: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class LegalDocumentRow:
    number: str
    type: str
    issuer: str
    issued_on: date | None
    subject: str
    valid_from: date | None
    valid_to: date | None
    confirmed: bool
    note: str | None


def read_award_titles(path: Path = AWARD_TITLES) -> list[AwardTitleRow]:
    """The catalogue in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    rows = [_read_title(entry) for entry in top.entries("title")]
    top.finish()
    reading.check_unique("[[title]]", "code", [row.code for row in rows])
    _check_ladders(reading, rows)
    reading.finish()
    return rows


def _read_title(entry: Entry) -> AwardTitleRow:
    row = AwardTitleRow(
        code=entry.text("code"),
        name=entry.text("name"),
        kind=entry.choice("kind", KINDS),
        subject=entry.choice("subject", SUBJECTS),
        cycle=entry.choice("cycle", CYCLES),
        ladder=entry.text("ladder"),
        rank=entry.whole("rank"),
        level=entry.choice("level", LEVELS),
        decider=entry.text("decider"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
        citation=entry.text("citation"),
        confidence=entry.choice("confidence", CONFIDENCES),
        note=entry.optional_text("note"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    if row.confidence == "unconfirmed" and row.note is None:
        entry.report("note", "còn thiếu; mục «unconfirmed» cần nói phần nào chưa được xác nhận.")
    entry.finish()
    return row


def _check_ladders(reading: Reading, rows: list[AwardTitleRow]) -> None:
    """Ranks count without gaps, and a ladder holds one kind: "trở lên" is meaningless otherwise."""
    ladders: dict[str, list[AwardTitleRow]] = defaultdict(list)
    for row in rows:
        ladders[row.ladder].append(row)
    for ladder, members in ladders.items():
        ranks = {row.rank for row in members}
        if ranks != set(range(1, len(ranks) + 1)):
            found = ", ".join(str(rank) for rank in sorted(ranks))
            reading.report(f"bậc thang «{ladder}»", f"các bậc là {found}; cần đếm từ 1 và không bỏ bậc.")
        kinds = {row.kind for row in members}
        if len(kinds) > 1:
            found = ", ".join(sorted(kinds))
            reading.report(f"bậc thang «{ladder}»", f"có các loại {found}; cần một loại duy nhất.")


def read_title_authorities(path: Path = TITLE_AUTHORITIES) -> list[TitleAuthorityRow]:
    """Who decides what, in file order. Raises `DataFileError` naming every wrong key."""
    codes = [row.code for row in read_award_titles()]
    reading = Reading(path)
    top = reading.toml()
    rows = [_read_authority(entry, codes) for entry in top.entries("authority")]
    top.finish()
    reading.check_unique("[[authority]]", "code", [row.code for row in rows])
    for place, first in enumerate(rows):
        for second in rows[place + 1 :]:
            doubled = set(first.titles) & set(second.titles)
            if doubled and _overlap(first, second):
                reading.report(f"[[authority]] {second.code}", f"trùng ngày với «{first.code}» ở {', '.join(doubled)}.")
    reading.finish()
    return rows


def _overlap(first: TitleAuthorityRow, second: TitleAuthorityRow) -> bool:
    return (first.valid_to is None or second.valid_from <= first.valid_to) and (
        second.valid_to is None or first.valid_from <= second.valid_to
    )


def _read_authority(entry: Entry, codes: Collection[str]) -> TitleAuthorityRow:
    row = TitleAuthorityRow(
        code=entry.text("code"),
        titles=entry.choices("titles", codes),
        decider=entry.text("decider"),
        requires_legal_personality=entry.flag("requires_legal_personality"),
        unit_kinds=entry.choices("unit_kinds", UnitKind.values),
        is_outside=entry.flag("is_outside", otherwise=False),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def read_legal_documents(path: Path = LEGAL_DOCUMENTS) -> list[LegalDocumentRow]:
    """The register in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    rows = [_read_document(entry) for entry in top.entries("document", named_by="number")]
    top.finish()
    reading.check_unique("[[document]]", "number", [row.number for row in rows])
    reading.finish()
    return rows


def _read_document(entry: Entry) -> LegalDocumentRow:
    row = LegalDocumentRow(
        number=entry.text("number"),
        type=entry.choice("type", DOCUMENT_TYPES),
        issuer=entry.text("issuer"),
        issued_on=entry.optional_day("issued_on"),
        subject=entry.text("subject"),
        valid_from=entry.optional_day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
        confirmed=entry.flag("confirmed"),
        note=entry.optional_text("note"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    if row.issued_on and row.valid_from and row.valid_from < row.issued_on:
        entry.report("valid_from", f"có hiệu lực trước ngày ban hành {row.issued_on:%d/%m/%Y}; cần từ ngày đó.")
    unconfirmed = entry.has("confirmed") and not row.confirmed
    if (unconfirmed or row.issued_on is None) and row.note is None:
        entry.report("note", "còn thiếu; văn bản chưa xác nhận hoặc chưa rõ ngày cần nói điều gì còn bỏ ngỏ.")
    entry.finish()
    return row
