"""Readers of the files of dated rules: how ballots are counted, who may sign, and who stands too close to a case."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from awards.dated_rules import Rule, finish, in_force, read_rule
from awards.models import BallotKind, TieRule
from awards.models.ballots import every_kind
from awards.voting import Denominator, Kind
from awards.voting.reading import read_points
from units.data_file import Entry, Reading, check_interval
from units.models import DelegationForm, UnitKind

VOTING_RULES = Path(__file__).parent / "data" / "voting_rules.toml"
SIGNING_RULES = Path(__file__).parent / "data" / "signing_rules.toml"
CONFLICT_RULES = Path(__file__).parent / "data" / "conflict_rules.toml"

EVERY_KIND = tuple(kind.value for kind in Kind)
SHARE = re.compile(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}|[01](\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class VotingRuleRow:
    code: str
    title: str
    quorum: str
    denominator: str
    threshold: str | None
    max_score: str | None
    step: str | None
    kinds: list[str]
    tie: str
    groups: list[dict[str, object]]
    count_written: bool
    blank_is_valid: bool
    citation: str
    confirmed: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class SmallUnitRule(Rule):
    """Up to how many people a unit counts as small."""

    most: int


@dataclass(frozen=True, slots=True)
class DelegatedSigningRule(Rule):
    """In which forms (KT., TL., TUQ.) another may sign a decision for the head."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigningRule(Rule):
    """What a unit needs to sign decisions at base level."""

    requires_legal_personality: bool


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
    return in_force(read_signing_rules(), day)


def find_delegated_rule(day: date) -> DelegatedSigningRule | None:
    """What holds on the day of signing when another signs for the head."""
    return in_force(read_signing_file().delegated, day)


@cache
def read_small_unit_rules(path: Path = CONFLICT_RULES) -> tuple[SmallUnitRule, ...]:
    reading = Reading(path)
    top = reading.toml()
    rules = tuple(_read_small_unit_rule(entry) for entry in top.entries("small_unit"))
    top.finish()
    reading.finish()
    return rules


def find_small_unit_rule(day: date) -> SmallUnitRule | None:
    """From how few people on a shared unit excludes a member, on the day of the sitting."""
    return in_force(read_small_unit_rules(), day)


def _read_small_unit_rule(entry: Entry) -> SmallUnitRule:
    return finish(entry, SmallUnitRule(most=entry.whole("most"), **read_rule(entry)))


def _read_delegated_rule(entry: Entry) -> DelegatedSigningRule:
    forms = entry.choices("forms", [one.value for one in DelegationForm if one != DelegationForm.COVER])
    return finish(entry, DelegatedSigningRule(forms=forms, **read_rule(entry)))


def _read_voting_rule(entry: Entry) -> VotingRuleRow:
    kinds = list(entry.choices("kinds", EVERY_KIND)) or every_kind()
    row = VotingRuleRow(
        code=entry.text("code"),
        title=entry.text("title"),
        quorum=_share(entry, "quorum"),
        denominator=entry.choice("denominator", [one.value for one in Denominator]),
        threshold=_threshold(entry),
        max_score=entry.text("max_score") if entry.has("max_score") else None,
        step=entry.text("step") if entry.has("step") else None,
        kinds=kinds,
        tie=entry.choice("tie", TieRule.values) if entry.has("tie") else TieRule.SECOND_ROUND.value,
        groups=[_read_group(group) for group in entry.entries("group", named_by="id")],
        count_written=entry.flag("count_written"),
        blank_is_valid=entry.flag("blank_is_valid"),
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    for key, problem in scale_problems(row.kinds, row.max_score, row.step).items():
        entry.report(key, problem)
    check_interval(entry, row.valid_from, row.valid_to, last_key="valid_to")
    entry.finish()
    return row


def _read_signing_rule(entry: Entry) -> SigningRule:
    needs = entry.flag("requires_legal_personality")
    return finish(entry, SigningRule(requires_legal_personality=needs, **read_rule(entry)))


def _read_group(entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {
        "id": entry.text("id"),
        "title": entry.text("title"),
        "seats": entry.whole("seats"),
        "kinds": list(entry.choices("kinds", UnitKind.values)),
    }
    entry.finish()
    return row


def _threshold(entry: Entry) -> str | None:
    """Without the key one vote is enough; a share of nothing would elect those for whom nobody voted."""
    if not entry.has("threshold"):
        return None
    text = _share(entry, "threshold")
    if text and SHARE.fullmatch(text) and Fraction(text) == 0:
        entry.report("threshold", "phải lớn hơn 0. Không đặt tỷ lệ thì bỏ khóa này.")
    return text


def _share(entry: Entry, key: str) -> str:
    text = entry.text(key)
    if text and not is_share(text):
        entry.report(key, f"giá trị «{text}» không đúng; cần phân số hoặc số thập phân không quá 1, ví dụ 2/3 hay 0.8.")
    return text


def is_share(text: str) -> bool:
    """Whether the counter reads `text` as an exact share of at most one."""
    return SHARE.fullmatch(text) is not None and Fraction(text) <= 1


def scale_problems(kinds: Collection[str], max_score: str | None, step: str | None) -> dict[str, str]:
    """What is wrong with the scale of a rule, by field; empty when it fits the kinds that the rule serves."""
    if BallotKind.SCORE not in kinds:
        given = {"max_score": max_score, "step": step}
        return {key: "chỉ ghi khi cách tính dùng để chấm điểm." for key, value in given.items() if value}
    if len(set(kinds)) > 1:
        return {"kinds": "cách tính điểm không dùng chung với cách đếm phiếu; lập cách tính riêng."}
    most, least = read_points(max_score), read_points(step)
    wrong = {"max_score": most, "step": least}
    problems = {key: "phải là số lớn hơn 0, ví dụ 100 hoặc 0.5." for key, value in wrong.items() if not value}
    if most and least and most % least:
        problems["step"] = "điểm tối đa phải là một số nguyên lần bậc điểm."
    return problems
