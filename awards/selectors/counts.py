"""A count laid out for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.models import Ballot, BallotKind, Denominator, TieRule
from awards.terms import (
    Candidate,
    ContestTerms,
    Terms,
    contests_of,
    name_candidates,
    scale_words,
    terms_of,
    tie_of,
    with_comma,
)
from awards.voting import mean_of


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one case as people read them: "1254,5" on 15 papers, a mean of "83,63", which is 1254,5 : 15."""

    points: str
    papers: int
    mean: str
    division: str
    is_rounded: bool


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
    score: Score | None = None
    """In a ballot that gives points; `yes` and `no` are nothing there."""

    @property
    def figures(self) -> str:
        """The result in half a sentence, as minutes and lists of cases print it."""
        if self.score is None:
            return f"đồng ý {self.share} ({self.percent})"
        return f"trung bình {self.score.mean} điểm ({self.score.division})"


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
    scale: str = ""
    """Which points could be given, in words; empty where none were."""


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
        scale=scale_words(asked),
    )


def _line(candidate: Candidate, counted: Mapping[str, Any], outcome: tuple[str, str]) -> CountLine:
    tally = counted["candidates"][candidate["id"]]
    return CountLine(
        name=candidate["name"],
        unit=candidate["unit"],
        recognition=candidate["recognition"],
        yes=tally.get("yes", 0),
        no=tally.get("no", 0),
        blank=tally["blank"],
        share=tally["share"],
        percent=_percent(tally["share"]),
        outcome=outcome[0],
        tone=outcome[1],
        score=describe_score(tally, counted["denominator"]) if "points" in tally else None,
    )


def describe_score(tally: Mapping[str, Any], denominator: int) -> Score:
    """Lay out the points of a counted case. The mean is rounded half up to two decimals and decides nothing."""
    mean, points = mean_of(tally["points"], denominator), with_comma(tally["points"])
    return Score(
        points=points,
        papers=tally["papers"],
        mean=str(mean) if mean else "–",
        division=f"{points} : {denominator}",
        is_rounded=bool(mean and mean.is_rounded),
    )


def _outcome(terms: Terms, counted: Mapping[str, Any], key: str, *, quorum_met: bool) -> tuple[str, str]:
    if not quorum_met:
        return "Không đủ số thành viên", "open"
    if key in counted["elected"]:
        return ("Được đề nghị" if terms.get("is_proposal") else "Đạt"), "met"
    if key in counted["tied"]:
        equal = "Bằng điểm" if terms["kind"] == BallotKind.SCORE else "Bằng phiếu"
        if tie_of(terms) == TieRule.NOBODY:
            return f"{equal}, không chọn", "unmet"
        return f"{equal}, cần vòng hai", "open"
    return ("Không được đề nghị" if terms.get("is_proposal") else "Không đạt"), "unmet"


def _percent(share: str) -> str:
    """A share as people read it, cut (never rounded up) to one decimal, so that it cannot seem to reach a threshold."""
    yes, _, base = share.partition("/")
    if base == "0":
        return "0 %"
    tenths = int(yes) * 1000 // int(base)
    return f"{tenths // 10},{tenths % 10} %".replace(",0 %", " %")
