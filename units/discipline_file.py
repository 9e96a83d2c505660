"""Reader of the ladders of discipline: which forms exist for whom, from when to when, and how long each counts."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from units.data_file import Entry, Reading, check_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

DISCIPLINE = Path(__file__).parent / "data" / "discipline.toml"
EMPLOYMENTS = frozenset({"civil-servant", "public-employee", "contract"})


@dataclass(frozen=True, slots=True)
class DisciplineForm:
    code: str
    label: str
    lapses_after_months: int | None
    """None: the decision does not lapse."""

    def last_day(self, decided_on: date) -> date | None:
        """The last day on which a decision of `decided_on` counts."""
        if self.lapses_after_months is None:
            return None
        month = decided_on.month - 1 + self.lapses_after_months
        year, month = decided_on.year + month // 12, month % 12 + 1
        day = min(decided_on.day, calendar.monthrange(year, month)[1])
        return date(year, month, day) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DisciplineLadder:
    code: str
    employment: str
    valid_from: date
    valid_to: date | None
    citation: str
    confirmed: bool
    note: str | None
    forms: tuple[DisciplineForm, ...]
    """Lightest first."""

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def form(self, code: str) -> DisciplineForm | None:
        return next((form for form in self.forms if form.code == code), None)


def read_discipline(path: Path = DISCIPLINE) -> list[DisciplineLadder]:
    """The ladders in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    ladders = [_read_ladder(entry) for entry in top.entries("ladder")]
    top.finish()
    reading.check_unique("[[ladder]]", "code", [ladder.code for ladder in ladders])
    _check_days(reading, ladders)
    reading.finish()
    return ladders


def _read_ladder(entry: Entry) -> DisciplineLadder:
    ladder = DisciplineLadder(
        code=entry.text("code"),
        employment=entry.choice("employment", EMPLOYMENTS),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        note=entry.optional_text("note"),
        forms=tuple(_read_form(form) for form in entry.entries("form")),
    )
    check_interval(entry, ladder.valid_from, ladder.valid_to, last_key="valid_to")
    if not ladder.forms:
        entry.report("form", "còn thiếu; cần các hình thức từ nhẹ đến nặng.")
    if not ladder.confirmed and ladder.note is None:
        entry.report("note", "còn thiếu; mục chưa xác nhận cần nói phần nào còn bỏ ngỏ.")
    entry.reading.check_unique(entry.where, "code", [form.code for form in ladder.forms])
    entry.finish()
    return ladder


def _read_form(entry: Entry) -> DisciplineForm:
    form = DisciplineForm(entry.text("code"), entry.text("label"), entry.optional_whole("lapses_after_months"))
    entry.finish()
    return form


def _check_days(reading: Reading, ladders: Sequence[DisciplineLadder]) -> None:
    """Of two ladders for the same people on the same day nobody could say which one holds."""
    for place, first in enumerate(ladders):
        for second in ladders[place + 1 :]:
            if first.employment == second.employment and (
                first.in_force(second.valid_from) or second.in_force(first.valid_from)
            ):
                reading.report(f"[[ladder]] {second.code}", f"trùng ngày áp dụng với «{first.code}».")


@cache
def list_ladders() -> tuple[DisciplineLadder, ...]:
    """The shipped ladders, read once."""
    return tuple(read_discipline())


def find_ladder(employment: str, day: date) -> DisciplineLadder | None:
    """The ladder that holds for people of `employment` on `day`."""
    return next((one for one in list_ladders() if one.employment == employment and one.in_force(day)), None)


def lapses_on(employment: str, form: str, decided_on: date) -> date | None:
    """The last day on which a decision counts by the rule of its day; None: it does not lapse."""
    ladder = find_ladder(employment, decided_on)
    found = ladder.form(form) if ladder else None
    return found.last_day(decided_on) if found else None


def form_label(code: str) -> str:
    """The words for a code; one that no ladder knows stands for itself."""
    return next((form.label for ladder in list_ladders() for form in ladder.forms if form.code == code), code)
