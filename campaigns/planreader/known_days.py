"""Days that offices celebrate, by the words that name them, for checking "kỷ niệm N năm"."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data" / "founding_days.toml"


@dataclass(frozen=True, slots=True)
class FoundingDay:
    name: str
    day: date
    words: tuple[str, ...]
    """Each is enough, in small letters, within a few words of the count of years."""


@lru_cache(maxsize=1)
def founding_days() -> tuple[FoundingDay, ...]:
    entries = tomllib.loads(DATA.read_text(encoding="utf-8"))["day"]
    return tuple(FoundingDay(entry["name"], entry["day"], tuple(entry["words"])) for entry in entries)


def fixed_holidays(years: range) -> dict[date, str]:
    """The days off that stand still in the calendar. Tết and Giỗ Tổ follow the moon: the caller adds them."""
    return {
        date(year, month, day): name
        for year in years
        for month, day, name in (
            (1, 1, "Tết Dương lịch"),
            (4, 30, "Ngày Chiến thắng"),
            (5, 1, "Ngày Quốc tế Lao động"),
            (9, 2, "Quốc khánh"),
        )
    }
