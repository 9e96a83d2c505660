"""A count laid out for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.models import Ballot, Denominator, TieRule
from awards.terms import Candidate, ContestTerms, Terms, contests_of, name_candidates, terms_of, tie_of


@dataclass(frozen=True, slots=True)
class CountLine:
    """One case of a count as a page shows it."""

    name: str
    unit: str
    recognition: str
    yes: int
    no: int
    blank: int
    share: str
    percent: str
    outcome: str
    tone: str


@dataclass(frozen=True, slots=True)
class CountGroup:
    """One group of cases that shared seats."""

    title: str
    seats: int | None
    lines: tuple[CountLine, ...]
    valid: int
    invalid: int
    elected: int
    is_tied: bool


@dataclass(frozen=True, slots=True)
class CountPage:
    groups: tuple[CountGroup, ...]
    warnings: tuple[str, ...]
    quorum_met: bool
    received: int
    written: int
    issued: int
    denominator_words: str
    next_round: bool
    """Whether a tie calls for another round; else the rule leaves it at that."""

    @property
    def lines(self) -> tuple[CountLine, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def has_tie(self) -> bool:
        return any(group.is_tied for group in self.groups)


def describe_count(ballot: Ballot) -> CountPage:
    """The count laid out for people. The ballot is counted and its tally loaded."""
    terms = terms_of(ballot)
    result = ballot.tally.result
    groups = tuple(
        _group(terms, asked, counted, quorum_met=result["quorum_met"])
        for asked, counted in zip(contests_of(terms), result["contests"], strict=True)
    )
    first = result["contests"][0]
    return CountPage(
        groups=groups,
        warnings=tuple(name_candidates(warning, terms) for warning in result["warnings"]),
        quorum_met=result["quorum_met"],
        received=first["received"],
        written=len(ballot.tally.count_input.get("written", [])),
        issued=first["issued"],
        denominator_words=Denominator(terms["rule"]["denominator"]).label,
        next_round=tie_of(terms) != TieRule.NOBODY,
    )


def _group(terms: Terms, asked: ContestTerms, counted: Mapping[str, Any], *, quorum_met: bool) -> CountGroup:
    candidates = {one["id"]: one for one in terms["candidates"]}
    return CountGroup(
        title=asked["title"],
        seats=asked["seats"],
        lines=tuple(
            _line(candidates[key], counted, _outcome(terms, counted, key, quorum_met=quorum_met))
            for key in asked["candidates"]
        ),
        valid=counted["valid"],
        invalid=len(counted["invalid"]),
        elected=len(counted["elected"]),
        is_tied=bool(counted["tied"]),
    )


def _line(candidate: Candidate, counted: Mapping[str, Any], outcome: tuple[str, str]) -> CountLine:
    tally = counted["candidates"][candidate["id"]]
    return CountLine(
        name=candidate["name"],
        unit=candidate["unit"],
        recognition=candidate["recognition"],
        yes=tally["yes"],
        no=tally["no"],
        blank=tally["blank"],
        share=tally["share"],
        percent=_percent(tally["share"]),
        outcome=outcome[0],
        tone=outcome[1],
    )


def _outcome(terms: Terms, counted: Mapping[str, Any], key: str, *, quorum_met: bool) -> tuple[str, str]:
    if not quorum_met:
        return "Không đủ số thành viên", "open"
    if key in counted["elected"]:
        return ("Được đề nghị" if terms.get("is_proposal") else "Đạt"), "met"
    if key in counted["tied"]:
        return (
            ("Bằng phiếu, không chọn", "unmet")
            if tie_of(terms) == TieRule.NOBODY
            else ("Bằng phiếu, cần vòng hai", "open")
        )
    return ("Không được đề nghị" if terms.get("is_proposal") else "Không đạt"), "unmet"


def _percent(share: str) -> str:
    """A share as people read it, cut (never rounded up) to one decimal, so that it cannot seem to reach a threshold."""
    yes, _, base = share.partition("/")
    if base == "0":
        return "0 %"
    tenths = int(yes) * 1000 // int(base)
    return f"{tenths // 10},{tenths % 10} %".replace(",0 %", " %")
