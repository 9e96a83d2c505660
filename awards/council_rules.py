"""Reader of the dated rules about councils besides voting: composition, notice, substitutes, conferences."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from awards.dated_rules import Rule, finish, in_force, read_rule
from units.data_file import Entry, Reading

COUNCIL_RULES = Path(__file__).parent / "data" / "council_rules.toml"


@dataclass(frozen=True, slots=True)
class CompositionRule(Rule):
    """How many of each at least."""

    chairs: int
    deputies: int
    secretaries: int
    tellers: int


@dataclass(frozen=True, slots=True)
class NoticeRule(Rule):
    """How many whole days lie at least between the sending of an invitation and the sitting."""

    days: int


@dataclass(frozen=True, slots=True)
class SubstituteRule(Rule):
    """Whether whoever stands in for a member at a sitting votes there."""

    has_vote: bool


@dataclass(frozen=True, slots=True)
class ConferenceRule(Rule):
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
    return in_force(read_council_rules().compositions, day)


def find_notice(day: date) -> NoticeRule | None:
    return in_force(read_council_rules().notices, day)


def find_substitute_rule(day: date) -> SubstituteRule | None:
    return in_force(read_council_rules().substitutes, day)


def find_conference_rule(day: date) -> ConferenceRule | None:
    return in_force(read_council_rules().conferences, day)


def _read_composition(entry: Entry) -> CompositionRule:
    rule = CompositionRule(
        chairs=entry.whole("chairs", lowest=0),
        deputies=entry.whole("deputies", lowest=0),
        secretaries=entry.whole("secretaries", lowest=0),
        tellers=entry.whole("tellers", lowest=0),
        **read_rule(entry),
    )
    return finish(entry, rule)


def _read_notice(entry: Entry) -> NoticeRule:
    return finish(entry, NoticeRule(days=entry.whole("days", lowest=0), **read_rule(entry)))


def _read_substitute(entry: Entry) -> SubstituteRule:
    return finish(entry, SubstituteRule(has_vote=entry.flag("has_vote"), **read_rule(entry)))


def _read_conference(entry: Entry) -> ConferenceRule:
    return finish(entry, ConferenceRule(votes_on_own_unit=entry.flag("votes_on_own_unit"), **read_rule(entry)))
