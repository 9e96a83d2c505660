"""The frozen terms of a ballot: what was fixed at opening, read back wherever the ballot is shown, cast or counted."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypedDict

from awards.models import Ballot
from awards.voting import CountInput, PaperRules, parse_rules, parse_sitting

CONTEST = "agenda"
"""All cases of one ballot stand in one contest; their seats are shared."""


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


class RuleTerms(TypedDict):
    code: str
    title: str
    quorum: str
    denominator: str
    threshold: str
    count_written: bool
    blank_is_valid: bool
    citation: str
    confirmed: bool


class Terms(TypedDict):
    """What `Ballot.terms` holds once the ballot is open."""

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
    electorate: list[str]
    holders: list[Holder]


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


def count_json(terms: Terms, papers: Sequence[object]) -> dict[str, Any]:
    """The file of a count, in the format of the stand-alone checker."""
    rule = terms["rule"]
    return {
        "members": terms["members"],
        "present": terms["present"],
        "issued": len(terms["electorate"]),
        "quorum": rule["quorum"],
        "denominator": rule["denominator"],
        "threshold": rule["threshold"],
        "count_written": rule["count_written"],
        **_rules_json(terms),
        "papers": list(papers),
    }


def count_input(terms: Terms, papers: Sequence[object]) -> CountInput:
    return parse_sitting(count_json(terms, papers))


def name_candidates(text: str, terms: Terms) -> str:
    """Put names where the counter speaks of candidates by their ids."""
    for candidate in terms["candidates"]:
        text = text.replace(candidate["id"], candidate["name"])
    return text


def _rules_json(terms: Terms) -> dict[str, Any]:
    return {
        "kind": terms["kind"],
        "blank_is_valid": terms["rule"]["blank_is_valid"],
        "contests": [
            {
                "id": CONTEST,
                "title": terms["title"],
                "seats": terms["seats"],
                "candidates": [candidate["id"] for candidate in terms["candidates"]],
            }
        ],
    }
