"""The frozen terms of a ballot: what was fixed at opening, read back wherever the ballot is shown, cast or counted."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NotRequired, TypedDict

from awards.models import Ballot, BallotKind, TieRule, VotingRule
from awards.voting import CountInput, PaperRules, Vote, decimal_text, parse_rules, parse_sitting

TWICE = ";"
"""Between two answers that a form sent for one case; no single answer has it, and no paper accepts both."""
CONTEST = "agenda"
"""The id of the one contest of a ballot without groups."""


class Candidate(TypedDict):
    id: str
    order: int
    name: str
    unit: str
    recognition: str


class Holder(TypedDict):
    id: str
    name: str
    duty: str


class ScaleTerms(TypedDict, total=False):
    """Which points may be given, as exact decimals; only where points are given."""

    max_score: str
    step: str


class RuleTerms(ScaleTerms):
    code: str
    title: str
    quorum: str
    denominator: str
    threshold: str | None
    count_written: bool
    blank_is_valid: bool
    citation: str
    confirmed: bool
    tie: NotRequired[str]


class ContestTerms(ScaleTerms):
    """One group of cases that share seats."""

    id: str
    title: str
    seats: int | None
    candidates: list[str]


class Excluded(TypedDict):
    """A member who takes no part in the ballot, with the cases and the grounds, in words."""

    id: str
    name: str
    cases: list[str]
    grounds: list[str]


class Named(TypedDict):
    id: str
    name: str


class Terms(TypedDict):
    """What `Ballot.terms` holds once the ballot is open.

    `members` and `present` are those who take part: whoever has a conflict of interest stands in `excluded` and in
    neither number. Terms frozen before ballots had groups hold `seats` and no `contests`. `absentees` may send an
    opinion from afar, of those in `envelopes` a closed envelope is there; both only where written opinions count.
    """

    ballot: str
    council: str
    title: str
    held_on: str
    kind: str
    rule: RuleTerms
    seats: int | None
    members: int
    present: int
    candidates: list[Candidate]
    contests: NotRequired[list[ContestTerms]]
    excluded: NotRequired[list[Excluded]]
    follows: NotRequired[str]
    parent: NotRequired[str]
    is_proposal: NotRequired[bool]
    electorate: list[str]
    holders: list[Holder]
    absentees: NotRequired[list[Named]]
    envelopes: NotRequired[list[Named]]
    on_paper: NotRequired[bool]
    paper_reason: NotRequired[str]
    tellers: NotRequired[list[Named]]


def terms_of(ballot: Ballot) -> Terms:
    terms: Terms = ballot.terms
    return terms


def hash_json(value: object) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def paper_rules(terms: Terms) -> PaperRules:
    """What decides whether a paper of this ballot is valid."""
    return parse_rules(_rules_json(terms))


def count_json(
    terms: Terms, papers: Sequence[object], *, written: Sequence[object] = (), issued: int | None = None
) -> dict[str, Any]:
    """The file of a count, in the format of the stand-alone checker."""
    rule = terms["rule"]
    return {
        "members": terms["members"],
        "present": terms["present"],
        "issued": len(terms["electorate"]) if issued is None else issued,
        "quorum": rule["quorum"],
        "denominator": rule["denominator"],
        "threshold": rule["threshold"],
        "count_written": rule["count_written"],
        **_rules_json(terms),
        "papers": list(papers),
        **({"written": list(written)} if written else {}),
    }


def count_input(terms: Terms, papers: Sequence[object]) -> CountInput:
    return parse_sitting(count_json(terms, papers))


def ids_of(people: Iterable[Named]) -> set[str]:
    return {one["id"] for one in people}


def expected_envelopes(terms: Terms) -> int:
    return len(terms.get("envelopes", []))


def name_candidates(text: str, terms: Terms) -> str:
    """Put names where the counter speaks of candidates by their ids."""
    for candidate in terms["candidates"]:
        text = text.replace(candidate["id"], candidate["name"])
    return text


def contests_of(terms: Terms) -> list[ContestTerms]:
    """The groups of a ballot; one with every case where the terms were frozen before ballots had groups."""
    everything = [candidate["id"] for candidate in terms["candidates"]]
    one: ContestTerms = {"id": CONTEST, "title": terms["title"], "seats": terms["seats"], "candidates": everything}
    return terms.get("contests") or [one]


def tie_of(terms: Terms) -> str:
    return terms["rule"].get("tie", TieRule.SECOND_ROUND.value)


def scale_terms(rule: VotingRule) -> ScaleTerms:
    """The scale of a rule for points as it is frozen; empty for every other rule."""
    if not rule.max_score or not rule.step:
        return {}
    return {"max_score": decimal_text(Fraction(rule.max_score)), "step": decimal_text(Fraction(rule.step))}


def scale_words(scale: ScaleTerms) -> str:
    """ "từ 0 đến 100 điểm, bậc 0,5"; nothing where no points are given."""
    if "max_score" not in scale or "step" not in scale:
        return ""
    return f"từ 0 đến {with_comma(scale['max_score'])} điểm, bậc {with_comma(scale['step'])}"


def least_mean(threshold: str, max_score: str) -> str:
    """The mean to be reached, exactly: "50 trên 100" for a half of 100; "2/3 của 100" where no decimal is."""
    mean = Fraction(threshold) * Fraction(max_score)
    text = decimal_text(mean)
    most = with_comma(max_score)
    return f"{with_comma(text)} trên {most}" if Fraction(text) == mean else f"{threshold} của {most}"


def with_comma(number: str) -> str:
    """An exact decimal as people here write it."""
    return number.replace(".", ",")


def typed_points(answer: str) -> str:
    """Points as somebody typed them, with the point of a file for the comma of a hand. Nothing is judged."""
    return answer.strip().replace(",", ".")


def lay_paper(terms: Terms, choices: Mapping[str, str]) -> dict[str, Any]:
    """Put the answers by case, as a form sends them, into their contests.

    Nothing is judged and nothing is dropped: an answer about an unknown case, a word that is none and an answer given
    twice stand in the paper, for the reader of papers to refuse.
    """
    contests = contests_of(terms)
    place = {candidate: one["id"] for one in contests for candidate in one["candidates"]}
    chooses, scores = terms["kind"] == BallotKind.CHOOSE, terms["kind"] == BallotKind.SCORE
    paper: dict[str, Any] = {one["id"]: [] if chooses else {} for one in contests}
    for candidate, answer in choices.items():
        contest = place.get(candidate, contests[0]["id"])
        if chooses:
            paper[contest] += [
                candidate if word == Vote.YES.value else f"{candidate}: {word}" for word in answer.split(TWICE)
            ]
        elif scores:
            # An empty box gives no points, which is not the same as giving 0; a strange name is kept for the refusal.
            if typed_points(answer) or candidate not in place:
                paper[contest][candidate] = typed_points(answer)
        else:
            paper[contest][candidate] = answer
    return paper


def _rules_json(terms: Terms) -> dict[str, Any]:
    return {
        "kind": terms["kind"],
        "blank_is_valid": terms["rule"]["blank_is_valid"],
        "contests": [dict(one) for one in contests_of(terms)],
    }
