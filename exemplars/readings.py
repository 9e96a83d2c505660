"""Reader of the dated readings: which way a thing is taken where plans and the law leave it open."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from exemplars.rules import Level
from units.data_file import Entry, Reading, check_interval

READINGS = Path(__file__).parent / "data" / "readings.toml"
TOP, ADDRESSEE = "top", "addressee"


@dataclass(frozen=True, slots=True)
class Held:
    """From day to day inclusive; `citation` is what was looked at, `note` says what is taken from it."""

    valid_from: date
    valid_to: date | None
    citation: str
    note: str
    confirmed: bool

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class MergerReading:
    """Whether these follow a unit that merges into another one on a day of `held`."""

    held: Held
    honours_of_a_period: bool = False
    discipline: bool = False


@dataclass(frozen=True, slots=True)
class SpecialCaseReading:
    """Who decides special cases of titles of these levels."""

    held: Held
    decided_by: str
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Readings:
    mergers: tuple[MergerReading, ...]
    special_cases: tuple[SpecialCaseReading, ...]


@cache
def read_readings(path: Path) -> Readings:
    reading = Reading(path)
    top = reading.toml()
    found = Readings(
        tuple(_read_merger(entry) for entry in top.entries("merger")),
        tuple(_read_special_case(entry) for entry in top.entries("special_case", named_by="decided_by")),
    )
    top.finish()
    reading.finish()
    return found


def find_merger_reading(day: date) -> MergerReading | None:
    """What holds for a merger of that day; None where no reading covers it, and then nothing follows."""
    return next((one for one in read_readings(READINGS).mergers if one.held.holds_on(day)), None)


def find_special_case_reading(level: str, day: date) -> SpecialCaseReading | None:
    found = (one for one in read_readings(READINGS).special_cases if level in one.levels)
    return next((one for one in found if one.held.holds_on(day)), None)


def _read_held(entry: Entry) -> Held:
    held = Held(
        entry.day("valid_from"),
        entry.optional_day("valid_to"),
        entry.text("citation"),
        entry.text("note"),
        entry.flag("confirmed"),
    )
    check_interval(entry, held.valid_from, held.valid_to, last_key="valid_to")
    return held


def _read_merger(entry: Entry) -> MergerReading:
    found = MergerReading(_read_held(entry), entry.flag("honours_of_a_period"), entry.flag("discipline"))
    entry.finish()
    return found


def _read_special_case(entry: Entry) -> SpecialCaseReading:
    levels = frozenset(entry.choices("levels", [one.value for one in Level]))
    found = SpecialCaseReading(_read_held(entry), entry.choice("decided_by", (TOP, ADDRESSEE)), levels)
    entry.finish()
    return found
