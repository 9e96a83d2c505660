"""Reader of the dated data that say from which day on the register is complete about something.

Without such a word an empty record is no knowledge: what nobody wrote down may still have been.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from units.data_file import Entry, Reading, check_interval

RECORDS = Path(__file__).parent / "data" / "kept_records.toml"
FACTS = ("service", "leave", "reviews")


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """About `fact` everything is on record from day to day inclusive; `citation` is the paper that says so."""

    fact: str
    citation: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def read_records(path: Path) -> tuple[KeptRecord, ...]:
    reading = Reading(path)
    top = reading.toml()
    records = tuple(_read_record(entry) for entry in top.entries("record", named_by="fact"))
    top.finish()
    reading.finish()
    return records


def is_complete(fact: str, since: date) -> bool:
    """Whether the register holds all about `fact` from `since` on, the day of the question or the first one looked at.

    Of service `since` is the first post's day: from a day on which every post is written, nothing lies before it.
    """
    return any(one.fact == fact and one.holds_on(since) for one in read_records(RECORDS))


def _read_record(entry: Entry) -> KeptRecord:
    record = KeptRecord(
        fact=entry.choice("fact", FACTS),
        citation=entry.text("citation"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, record.valid_from, record.valid_to, last_key="valid_to")
    entry.finish()
    return record
