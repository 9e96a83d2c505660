"""What every dated entry of the shipped files has: the text that it stands on, and the days on which it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from units.data_file import Entry, check_interval


@dataclass(frozen=True, slots=True)
class Cited:
    """Something that holds from day to day inclusive, with the text that it stands on."""

    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def source(self) -> str:
        """The citation as pages show it."""
        return self.citation if self.confirmed else f"chưa xác nhận: {self.citation}"


@dataclass(frozen=True, slots=True)
class Rule(Cited):
    code: str


R = TypeVar("R", bound=Cited)


def in_force(rules: Iterable[R], day: date) -> R | None:
    return next((rule for rule in rules if rule.holds_on(day)), None)


def read_cited(entry: Entry) -> dict[str, Any]:
    """The fields of `Cited`."""
    return {
        "citation": entry.text("citation"),
        "confirmed": entry.flag("confirmed"),
        "valid_from": entry.day("valid_from"),
        "valid_to": entry.optional_day("valid_to"),
    }


def read_rule(entry: Entry) -> dict[str, Any]:
    """The fields of `Rule`."""
    return {"code": entry.text("code"), **read_cited(entry)}


def finish(entry: Entry, row: R) -> R:
    """The row, once its days were checked and no key of its entry is left over."""
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row
