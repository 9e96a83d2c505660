"""The dated readings, as they stand in the database now: an edition that was added counts for the next question."""

from dataclasses import dataclass
from datetime import date

from exemplars.models import DatedReading, MergerReading, SpecialCaseReading, TitleLevel
from units.selectors.people import in_force


@dataclass(frozen=True, slots=True)
class MergerReadings:
    """Every edition, for many mergers of different days."""

    editions: tuple[MergerReading, ...] = ()

    def on(self, day: date) -> MergerReading | None:
        """What holds for a merger of that day, or None where nobody has said."""
        return next((one for one in self.editions if one.holds_on(day)), None)


def read_merger_readings() -> MergerReadings:
    """One query, asked anew for each batch that is judged."""
    return MergerReadings(tuple(MergerReading.objects.all()))


def find_special_case_reading(level: str, day: date) -> SpecialCaseReading | None:
    return SpecialCaseReading.objects.filter(in_force(day), level=level).first()


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is left open: its editions, the newest first, and the one that holds on the day asked about."""

    label: str
    level: str
    editions: tuple[DatedReading, ...]
    holding: DatedReading | None


def describe_readings(day: date) -> tuple[Matter, list[Matter]]:
    """Mergers, and the special cases of each level: two queries."""
    mergers = tuple(MergerReading.objects.all())
    cases = tuple(SpecialCaseReading.objects.all())
    by_level = [
        _describe(label, value, tuple(one for one in cases if one.level == value), day)
        for value, label in TitleLevel.choices
    ]
    return _describe("", "", mergers, day), by_level


def _describe(label: str, level: str, editions: tuple[DatedReading, ...], day: date) -> Matter:
    return Matter(label, level, editions, next((one for one in editions if one.holds_on(day)), None))
