"""Reader of the dated rules about councils besides voting: composition, notice, substitutes, conferences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from units.data_file import Entry, Reading, check_interval

COUNCIL_RULES = Path(__file__).parent / "data" / "council_rules.toml"


@dataclass(frozen=True, slots=True)
class Dated:
    """A rule from day to day inclusive, with the text that it stands on."""

    code: str
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
class CompositionRule(Dated):
    """How many of each at least."""

    chairs: int
    deputies: int
    secretaries: int
    tellers: int


@dataclass(frozen=True, slots=True)
class NoticeRule(Dated):
    """How many whole days lie at least between the sending of an invitation and the sitting."""

    days: int


@dataclass(frozen=True, slots=True)
class SubstituteRule(Dated):
    """Whether whoever stands in for a member at a sitting votes there."""

    has_vote: bool


@dataclass(frozen=True, slots=True)
class ConferenceRule(Dated):
    """Whether the head who sits for a unit in a cluster's conference votes when that unit stands."""

    votes_on_own_unit: bool


@dataclass(frozen=True, slots=True)
class CouncilRules:
    compositions: tuple[CompositionRule, ...]
    notices: tuple[NoticeRule, ...]
    substitutes: tuple[SubstituteRule, ...]
    conferences: tuple[ConferenceRule, ...]


@cache
def read_council_rules(path: Path = COUNCIL_RULES) -> CouncilRules:
    """Every rule, in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    rules = CouncilRules(
        compositions=tuple(_read_composition(entry) for entry in top.entries("composition")),
        notices=tuple(_read_notice(entry) for entry in top.entries("notice")),
        substitutes=tuple(_read_substitute(entry) for entry in top.entries("substitute")),
        conferences=tuple(_read_conference(entry) for entry in top.entries("conference")),
    )
    top.finish()
    reading.finish()
    return rules


def find_composition(day: date) -> CompositionRule | None:
    return _in_force(read_council_rules().compositions, day)


def find_notice(day: date) -> NoticeRule | None:
    return _in_force(read_council_rules().notices, day)


def find_substitute_rule(day: date) -> SubstituteRule | None:
    return _in_force(read_council_rules().substitutes, day)


def find_conference_rule(day: date) -> ConferenceRule | None:
    return _in_force(read_council_rules().conferences, day)


D = TypeVar("D", bound=Dated)


def _in_force(rules: Iterable[D], day: date) -> D | None:
    return next((rule for rule in rules if rule.holds_on(day)), None)


def _read_composition(entry: Entry) -> CompositionRule:
    rule = CompositionRule(
        chairs=entry.whole("chairs", lowest=0),
        deputies=entry.whole("deputies", lowest=0),
        secretaries=entry.whole("secretaries", lowest=0),
        tellers=entry.whole("tellers", lowest=0),
        **_dated(entry),
    )
    return _finish(entry, rule)


def _read_notice(entry: Entry) -> NoticeRule:
    return _finish(entry, NoticeRule(days=entry.whole("days", lowest=0), **_dated(entry)))


def _read_substitute(entry: Entry) -> SubstituteRule:
    return _finish(entry, SubstituteRule(has_vote=entry.flag("has_vote"), **_dated(entry)))


def _read_conference(entry: Entry) -> ConferenceRule:
    return _finish(entry, ConferenceRule(votes_on_own_unit=entry.flag("votes_on_own_unit"), **_dated(entry)))


def _dated(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.text("code"),
        "citation": entry.text("citation"),
        "confirmed": entry.flag("confirmed"),
        "valid_from": entry.day("valid_from"),
        "valid_to": entry.optional_day("valid_to"),
    }


def _finish(entry: Entry, rule: D) -> D:
    check_interval(entry, rule.valid_from, rule.valid_to, last_key="valid_to")
    entry.finish()
    return rule
