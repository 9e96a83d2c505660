"""The counter against a second one, written from the definitions and sharing nothing with it."""

import json
from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from awards.voting import count, read_sitting, to_json
from tests.awards.chance import make_sitting, naive_count, text_of, without_texts

SITTINGS = 4000


@st.composite
def sittings(draw: st.DrawFn) -> dict[str, Any]:
    return make_sitting(lambda least, most: draw(st.integers(least, most)))


def counted(sitting: dict[str, Any]) -> Any:
    return to_json(count(read_sitting(text_of(sitting))))


@settings(max_examples=300, deadline=None)
@given(sittings())
def test_both_counters_agree(sitting: dict[str, Any]) -> None:
    result = counted(sitting)
    assert all(bad["reason"] for one in result["contests"] for bad in one["invalid"])
    assert without_texts(result) == naive_count(sitting)


def test_both_counters_agree_on_thousands_of_sittings() -> None:
    seen: Counter[str] = Counter()
    for seed in range(SITTINGS):
        sitting = make_sitting(Random(seed).randint)  # noqa: S311  chance, no secret
        result = counted(sitting)
        assert without_texts(result) == naive_count(sitting), f"seed {seed}"
        seen.update(interesting(sitting, result))
    # What chance did not bring about was not compared: each of these decides a result somewhere.
    assert min(seen.values()) > SITTINGS / 50, seen
    assert len(seen) == len(INTERESTING)


INTERESTING = (
    "tied",
    "elected",
    "elected beside tied",
    "no quorum",
    "invalid",
    "invalid in one contest only",
    "written counted",
    "passed without a seat",
    "just reached",
)


def interesting(sitting: dict[str, Any], result: Any) -> set[str]:
    contests = result["contests"]
    rows = [row for one in contests for row in one["candidates"].values()]
    least = sitting["threshold"]
    facts = (
        any(one["tied"] for one in contests),
        any(one["elected"] for one in contests),
        any(one["tied"] and one["elected"] for one in contests),
        not result["quorum_met"],
        any(one["invalid"] for one in contests),
        len({tuple(bad["paper"] for bad in one["invalid"]) for one in contests}) > 1,
        bool(sitting["written"]) and sitting["count_written"],
        result["quorum_met"]
        and any(one["candidates"][name]["passed"] for one in contests for name in one["not_elected"]),
        least is not None and any(exactly(row["share"], least) for row in rows),
    )
    return {word for word, fact in zip(INTERESTING, facts, strict=True) if fact}


def exactly(share: str, least: str) -> bool:
    return not share.endswith("/0") and Fraction(share) == Fraction(least)


@settings(max_examples=100, deadline=None)
@given(sittings(), st.randoms(use_true_random=False))
def test_the_order_of_papers_decides_nothing(sitting: dict[str, Any], random: Any) -> None:
    shuffled = sitting | {"papers": random.sample(sitting["papers"], len(sitting["papers"]))}
    before, after = (count(read_sitting(text_of(one))) for one in (sitting, shuffled))
    assert before.warnings == after.warnings
    for one, other in zip(before.contests, after.contests, strict=True):
        assert (one.candidates, one.elected, one.tied) == (other.candidates, other.elected, other.tied)


@settings(max_examples=100, deadline=None)
@given(sittings())
def test_seats_are_never_exceeded_and_lists_divide_the_candidates(sitting: dict[str, Any]) -> None:
    for result in count(read_sitting(text_of(sitting))).contests:
        seats = result.contest.seats
        lists = (*result.elected, *result.tied, *result.not_elected)
        assert sorted(lists) == sorted(result.contest.candidates)
        if seats is not None:
            assert len(result.elected) <= seats
        if result.tied and seats is not None:
            assert len(result.elected) < seats < len(result.elected) + len(result.tied)


@settings(max_examples=100, deadline=None)
@given(sittings())
def test_one_more_yes_never_harms(sitting: dict[str, Any]) -> None:
    """Turn one "no" or blank into "yes" on a paper that stays valid: its candidate falls in no list."""
    if sitting["kind"] != "approve" or not sitting["papers"]:
        return
    contest = sitting["contests"][0]
    name = contest["candidates"][0]
    before = counted(sitting)["contests"][0]
    more = json.loads(json.dumps(sitting))
    answer = [tuple(pair) for pair in more["papers"][0].get(contest["id"], [])]
    more["papers"] = [
        {contest["id"]: [(name, "yes"), *(pair for pair in answer if pair[0] != name)]},
        *sitting["papers"][1:],
    ]
    after = counted(more | {"written": sitting["written"]})["contests"][0]
    if any(bad["paper"] == 0 for one in (before, after) for bad in one["invalid"]):
        return
    ranks = {"not_elected": 0, "tied": 1, "elected": 2}
    rank_before, rank_after = (next(ranks[key] for key in ranks if name in one[key]) for one in (before, after))
    assert rank_after >= rank_before
