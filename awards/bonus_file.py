"""Reader of the shipped figures of bonus money."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from awards.dated_rules import Cited, finish, read_cited
from units.data_file import Entry, Reading
from units.models import TitleSubject

BONUS_FIGURES = Path(__file__).parent / "data" / "bonus_figures.toml"
MULTIPLE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class FigureRow(Cited):
    note: str


@dataclass(frozen=True, slots=True)
class BaseRow(FigureRow):
    amount: int
    round_up_to: int
    rounding_citation: str


@dataclass(frozen=True, slots=True)
class PrincipleRow(FigureRow):
    within_days: int


@dataclass(frozen=True, slots=True)
class RateRow(FigureRow):
    title: str
    subject: str
    multiple: Decimal


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


def _read_figure(entry: Entry) -> dict[str, Any]:
    """The fields of `FigureRow`."""
    return {"note": entry.optional_text("note") or "", **read_cited(entry)}


def _read_base(entry: Entry) -> BaseRow:
    row = BaseRow(
        amount=entry.whole("amount"),
        round_up_to=entry.whole("round_up_to"),
        rounding_citation=entry.text("rounding_citation"),
        **_read_figure(entry),
    )
    return finish(entry, row)


def _read_rate(entry: Entry) -> RateRow:
    row = RateRow(
        title=entry.text("title"),
        subject=entry.choice("subject", [TitleSubject.PERSON.value, TitleSubject.COLLECTIVE.value]),
        multiple=_multiple(entry),
        **_read_figure(entry),
    )
    return finish(entry, row)


def _multiple(entry: Entry) -> Decimal:
    text = entry.text("multiple")
    if MULTIPLE.fullmatch(text) and Decimal(text) > 0:
        return Decimal(text)
    if text:
        entry.report("multiple", f"giá trị «{text}» không đúng; cần một số lớn hơn 0, ví dụ 1.5.")
    return Decimal(1)


def _read_principle(entry: Entry) -> PrincipleRow:
    return finish(entry, PrincipleRow(within_days=entry.whole("within_days", lowest=0), **_read_figure(entry)))
