"""Reader of the dated rule that a unit which was dissolved is not rewarded."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from units.data_file import Entry, Reading, check_interval

RULES = Path(__file__).parent / "data" / "dissolved_units.toml"


@dataclass(frozen=True, slots=True)
class DissolvedUnitRule:
    """In force from day to day inclusive; `words` say what `citation` orders."""

    code: str
    words: str
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def read_rules(path: Path = RULES) -> tuple[DissolvedUnitRule, ...]:
    reading = Reading(path)
    top = reading.toml()
    rules = tuple(_read_rule(entry) for entry in top.entries("rule"))
    top.finish()
    reading.finish()
    return rules


def find_rule(day: date) -> DissolvedUnitRule | None:
    """The rule in force on the day on which the question is asked."""
    return next((rule for rule in read_rules() if rule.holds_on(day)), None)


def _read_rule(entry: Entry) -> DissolvedUnitRule:
    rule = DissolvedUnitRule(
        code=entry.text("code"),
        words=entry.text("words"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, rule.valid_from, rule.valid_to, last_key="valid_to")
    entry.finish()
    return rule
