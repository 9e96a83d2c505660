"""Reader of the file of dated readings: which way a thing is taken where plans and the law leave it open.

What holds is in the database (`exemplars.models.readings`); the file only brings in what an office begins with.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exemplars.models import DatedReading, MergerReading, SpecialCaseDecider, SpecialCaseReading, TitleLevel
from units.data_file import Entry, Reading, check_interval

READINGS = Path(__file__).parent / "data" / "readings.toml"


def read_readings(path: Path = READINGS) -> list[DatedReading]:
    """Every reading of the file, unsaved; of special cases one for each level. Raises `DataFileError`."""
    reading = Reading(path)
    top = reading.toml()
    found: list[DatedReading] = [_read_merger(entry) for entry in top.entries("merger")]
    for entry in top.entries("special_case", named_by="decided_by"):
        found += _read_special_cases(entry)
    top.finish()
    keys = [", ".join(map(str, (one, one.valid_from))) for one in found]
    reading.check_unique("tệp", "cách hiểu, valid_from", keys)
    reading.finish()
    return found


def _read_held(entry: Entry) -> dict[str, Any]:
    first, last = entry.day("valid_from"), entry.optional_day("valid_to")
    check_interval(entry, first, last, last_key="valid_to")
    return {
        "valid_from": first,
        "valid_to": last,
        "citation": entry.text("citation"),
        "note": entry.text("note"),
        "confirmed": entry.flag("confirmed"),
    }


def _read_merger(entry: Entry) -> MergerReading:
    found = MergerReading(
        honours_of_a_period=entry.flag("honours_of_a_period"), discipline=entry.flag("discipline"), **_read_held(entry)
    )
    entry.finish()
    return found


def _read_special_cases(entry: Entry) -> Iterator[SpecialCaseReading]:
    levels = entry.choices("levels", TitleLevel.values)
    decided_by, held = entry.choice("decided_by", SpecialCaseDecider.values), _read_held(entry)
    entry.finish()
    if not levels:
        entry.report("levels", "còn thiếu; cần ít nhất một cấp.")
    for level in levels:
        yield SpecialCaseReading(level=level, decided_by=decided_by, **held)
