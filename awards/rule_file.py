"""Readers of the two files of dated rules: how ballots are counted, and who may sign."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from awards.voting import Denominator
from units.data_file import Entry, Reading, check_interval
from units.models import DelegationForm

VOTING_RULES = Path(__file__).parent / "data" / "voting_rules.toml"
SIGNING_RULES = Path(__file__).parent / "data" / "signing_rules.toml"

SHARE = re.compile(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class VotingRuleRow:
    code: str
    title: str
    quorum: str
    denominator: str
    threshold: str
    count_written: bool
    blank_is_valid: bool
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class DelegatedSigningRule:
    """In which forms (KT., TL., TUQ.) another may sign a decision for the head, from day to day inclusive."""

    code: str
    forms: tuple[str, ...]
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SigningRule:
    """What a unit needs to sign decisions at base level, from day to day inclusive."""

    code: str
    requires_legal_personality: bool
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_voting_rules(path: Path = VOTING_RULES) -> list[VotingRuleRow]:
    """Every way of counting, in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    rows = [_read_voting_rule(entry) for entry in top.entries("rule")]
    top.finish()
    reading.check_unique("[[rule]]", "code, valid_from", [f"{row.code}, {row.valid_from}" for row in rows])
    reading.finish()
    return rows


@dataclass(frozen=True, slots=True)
class SigningRules:
    units: tuple[SigningRule, ...]
    delegated: tuple[DelegatedSigningRule, ...]


@cache
def read_signing_file(path: Path = SIGNING_RULES) -> SigningRules:
    reading = Reading(path)
    top = reading.toml()
    rules = SigningRules(
        units=tuple(_read_signing_rule(entry) for entry in top.entries("rule")),
        delegated=tuple(_read_delegated_rule(entry) for entry in top.entries("delegated")),
    )
    top.finish()
    reading.finish()
    return rules


def read_signing_rules(path: Path = SIGNING_RULES) -> tuple[SigningRule, ...]:
    return read_signing_file(path).units


def find_signing_rule(day: date) -> SigningRule | None:
    """The rule in force on the day of signing."""
    return next((rule for rule in read_signing_rules() if rule.holds_on(day)), None)


def find_delegated_rule(day: date) -> DelegatedSigningRule | None:
    """What holds on the day of signing when another signs for the head."""
    return next((rule for rule in read_signing_file().delegated if rule.holds_on(day)), None)


def _read_delegated_rule(entry: Entry) -> DelegatedSigningRule:
    row = DelegatedSigningRule(
        code=entry.text("code"),
        forms=entry.choices("forms", [one.value for one in DelegationForm if one != DelegationForm.COVER]),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _read_voting_rule(entry: Entry) -> VotingRuleRow:
    row = VotingRuleRow(
        code=entry.text("code"),
        title=entry.text("title"),
        quorum=_share(entry, "quorum"),
        denominator=entry.choice("denominator", [one.value for one in Denominator]),
        threshold=_share(entry, "threshold"),
        count_written=entry.flag("count_written"),
        blank_is_valid=entry.flag("blank_is_valid"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _read_signing_rule(entry: Entry) -> SigningRule:
    row = SigningRule(
        code=entry.text("code"),
        requires_legal_personality=entry.flag("requires_legal_personality"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _share(entry: Entry, key: str) -> str:
    text = entry.text(key)
    if text and not (SHARE.fullmatch(text) and Fraction(text) <= 1):
        entry.report(key, f"giá trị «{text}» không đúng; cần một phân số không quá 1, ví dụ 2/3.")
    return text
