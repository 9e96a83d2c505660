"""Reader of the dated data that say which unit is which body of "được … bình xét, đề nghị"."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from exemplars.rules import Body
from units.data_file import Entry, Reading, check_interval
from units.models import Unit, UnitKind

BODIES = Path(__file__).parent / "data" / "proposing_bodies.toml"


@dataclass(frozen=True, slots=True)
class ProposingBody:
    """All units of `kind`, or the one unit with `code`, are this body from day to day inclusive."""

    body: Body
    kind: str
    code: str
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def is_unit(self, unit: Unit, day: date) -> bool:
        holds = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return holds and (unit.code == self.code if self.code else unit.kind == self.kind)


@cache
def read_bodies(path: Path = BODIES) -> tuple[ProposingBody, ...]:
    reading = Reading(path)
    top = reading.toml()
    bodies = tuple(_read_body(entry) for entry in top.entries("body"))
    top.finish()
    reading.finish()
    return bodies


def find_body(unit: Unit, day: date) -> Body | None:
    """Which body `unit` is on that day, or None when it proposes to no minister."""
    return next((one.body for one in read_bodies() if one.is_unit(unit, day)), None)


def _read_body(entry: Entry) -> ProposingBody:
    code = entry.optional_text("unit") or ""
    found = ProposingBody(
        body=Body(entry.choice("body", [one.value for one in Body]) or Body.BUREAU),
        kind="" if code else entry.choice("kind", list(UnitKind.values)),
        code=code,
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, found.valid_from, found.valid_to, last_key="valid_to")
    entry.finish()
    return found
