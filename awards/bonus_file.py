"""Reader of the shipped figures of bonus money."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from units.data_file import Entry, Reading, check_interval
from units.models import TitleSubject

BONUS_FIGURES = Path(__file__).parent / "data" / "bonus_figures.toml"
MULTIPLE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class BaseRow:
    amount: int
    round_up_to: int
    rounding_citation: str
    citation: str
    confirmed: bool
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PrincipleRow:
    within_days: int
    citation: str
    confirmed: bool
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class RateRow:
    title: str
    subject: str
    multiple: Decimal
    citation: str
    confirmed: bool
    note: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class BonusFigures:
    bases: tuple[BaseRow, ...]
    principles: tuple[PrincipleRow, ...]
    rates: tuple[RateRow, ...]


def read_bonus_figures(path: Path = BONUS_FIGURES) -> BonusFigures:
    """Every figure in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    figures = BonusFigures(
        bases=tuple(_read_base(entry) for entry in top.entries("base", named_by="valid_from")),
        principles=tuple(_read_principle(entry) for entry in top.entries("highest_only", named_by="valid_from")),
        rates=tuple(_read_rate(entry) for entry in top.entries("rate", named_by="title")),
    )
    top.finish()
    reading.check_unique("[[base]]", "valid_from", [str(one.valid_from) for one in figures.bases])
    reading.check_unique("[[highest_only]]", "valid_from", [str(one.valid_from) for one in figures.principles])
    reading.check_unique(
        "[[rate]]",
        "title, subject, valid_from",
        [f"{one.title}, {one.subject}, {one.valid_from}" for one in figures.rates],
    )
    reading.finish()
    return figures


def _read_base(entry: Entry) -> BaseRow:
    row = BaseRow(
        amount=entry.whole("amount"),
        round_up_to=entry.whole("round_up_to"),
        rounding_citation=entry.text("rounding_citation"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        note=entry.optional_text("note") or "",
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _read_rate(entry: Entry) -> RateRow:
    row = RateRow(
        title=entry.text("title"),
        subject=entry.choice("subject", [TitleSubject.PERSON.value, TitleSubject.COLLECTIVE.value]),
        multiple=_multiple(entry),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        note=entry.optional_text("note") or "",
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _multiple(entry: Entry) -> Decimal:
    text = entry.text("multiple")
    if MULTIPLE.fullmatch(text) and Decimal(text) > 0:
        return Decimal(text)
    if text:
        entry.report("multiple", f"giá trị «{text}» không đúng; cần một số lớn hơn 0, ví dụ 1.5.")
    return Decimal(1)


def _read_principle(entry: Entry) -> PrincipleRow:
    row = PrincipleRow(
        within_days=entry.whole("within_days", lowest=0),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        note=entry.optional_text("note") or "",
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row
