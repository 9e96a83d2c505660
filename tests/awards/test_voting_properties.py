"""The counter against a second one, written from the definitions and sharing nothing with it."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from awards.voting import count, parse_sitting, to_json

VOTES = st.sampled_from(["yes", "yes", "no", "blank"])
RATIOS = st.one_of(
    st.tuples(st.integers(0, 12), st.integers(1, 12))
    .filter(lambda pair: pair[0] <= pair[1])
    .map("{0[0]}/{0[1]}".format),
    st.integers(0, 100).map(lambda percent: str(Decimal(percent) / 100)),
)


@st.composite
def sittings(draw: st.DrawFn) -> dict[str, Any]:
    members = draw(st.integers(1, 16))
    present = draw(st.integers(members // 2, members))
    issued = draw(st.integers(max(0, present - 2), present))
    kind = draw(st.sampled_from(["approve", "choose"]))
    contests = [
        {
            "id": name,
            "title": name,
            "seats": draw(st.one_of(st.none(), st.integers(1, 3))),
            "candidates": draw(st.permutations("abcde"))[: draw(st.integers(1, 5))],
        }
        for name in ["so", "cuc"][: draw(st.integers(1, 2))]
    ]
    papers = st.lists(paper_of(kind, contests), max_size=issued, min_size=min(issued, draw(st.integers(0, 16))))
    return {
        "members": members,
        "present": present,
        "issued": issued,
        "quorum": draw(RATIOS),
        "denominator": draw(st.sampled_from(["members", "present", "valid"])),
        "threshold": draw(st.one_of(st.none(), RATIOS)),
        "kind": kind,
        "blank_is_valid": draw(st.booleans()),
        "count_written": draw(st.booleans()),
        "contests": contests,
        "papers": draw(papers),
        "written": draw(st.lists(paper_of(kind, contests), max_size=members - present)),
    }


def paper_of(kind: str, contests: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    def answer(candidates: list[str]) -> st.SearchStrategy[Any]:
        # A stranger among the names now and then; mostly papers that count.
        names = st.sampled_from([*candidates * 4, "x"])
        if kind == "choose":
            return st.lists(names, max_size=3)
        return st.dictionaries(names, VOTES)

    return st.fixed_dictionaries({}, optional={item["id"]: answer(item["candidates"]) for item in contests})


def naive_reaches(part: int, whole: int, ratio: str) -> bool:
    """Compare part/whole >= ratio by whole numbers only."""
    if "/" in ratio:
        above, below = (int(number) for number in ratio.split("/"))
    else:
        digits = ratio.partition(".")[2]
        above, below = int(ratio.replace(".", "")), 10 ** len(digits)
    return part * below >= above * whole


def naive_validity(data: dict[str, Any], contest: dict[str, Any], paper: dict[str, Any]) -> bool:
    answer = paper.get(contest["id"], [])
    names = list(answer)
    wanted = names if data["kind"] == "choose" else [name for name in names if answer[name] == "yes"]
    said = names if data["kind"] == "choose" else [name for name in names if answer[name] != "blank"]
    return (
        all(name in contest["candidates"] for name in names)
        and len(set(names)) == len(names)
        and (contest["seats"] is None or len(wanted) <= contest["seats"])
        and (bool(said) or data["blank_is_valid"])
    )


def naive_votes(data: dict[str, Any], contest: dict[str, Any], valid: list[dict[str, Any]]) -> dict[str, list[int]]:
    votes = {}
    for name in contest["candidates"]:
        answers = [paper.get(contest["id"], {}) for paper in valid]
        if data["kind"] == "choose":
            chosen = sum(1 for answer in answers if name in answer)
            votes[name] = [chosen, 0, len(valid) - chosen]
        else:
            said = [answer.get(name, "blank") for answer in answers]
            votes[name] = [sum(1 for vote in said if vote == wanted) for wanted in ("yes", "no", "blank")]
    return votes


def naive_contest(data: dict[str, Any], contest: dict[str, Any]) -> dict[str, Any]:
    everything = data["papers"] + (data["written"] if data["count_written"] else [])
    validity = [naive_validity(data, contest, paper) for paper in everything]
    votes = naive_votes(data, contest, [paper for paper, good in zip(everything, validity, strict=True) if good])
    whole = {
        "members": data["members"],
        "present": data["present"] + len(everything) - len(data["papers"]),
        "valid": sum(validity),
    }[data["denominator"]]
    passed = {
        name
        for name, (yes, _, _) in votes.items()
        if (yes >= 1 if data["threshold"] is None else whole > 0 and naive_reaches(yes, whole, data["threshold"]))
    }
    seats = contest["seats"] or len(contest["candidates"])
    quorum = naive_reaches(data["present"], data["members"], data["quorum"])
    elected, tied = [], []
    for name in contest["candidates"]:
        if name not in passed or not quorum:
            continue
        rivals = [votes[other][0] - votes[name][0] for other in passed if other != name]
        if sum(1 for lead in rivals if lead >= 0) < seats:
            elected.append(name)
        elif sum(1 for lead in rivals if lead > 0) < seats:
            tied.append(name)
    return {
        "id": contest["id"],
        "issued": data["issued"],
        "received": len(data["papers"]),
        "valid": sum(validity),
        "invalid": [index for index, good in enumerate(validity) if not good],
        "denominator": whole,
        "candidates": {
            name: {
                "yes": yes,
                "no": no,
                "blank": blank,
                "share": f"{yes}/{whole}",
                "passed": name in passed,
            }
            for name, (yes, no, blank) in votes.items()
        },
        "elected": elected,
        "tied": tied,
        "not_elected": [name for name in contest["candidates"] if name not in elected + tied],
    }


@settings(max_examples=1500, deadline=None)
@given(sittings())
def test_both_counters_agree(data: dict[str, Any]) -> None:
    result: Any = to_json(count(parse_sitting(data)))
    assert result["quorum_met"] is naive_reaches(data["present"], data["members"], data["quorum"])
    for counted, contest in zip(result["contests"], data["contests"], strict=True):
        assert all(invalid["reason"] for invalid in counted["invalid"])
        counted["invalid"] = [invalid["paper"] for invalid in counted["invalid"]]
        assert counted == naive_contest(data, contest)


@settings(max_examples=200, deadline=None)
@given(sittings(), st.randoms(use_true_random=False))
def test_the_order_of_papers_decides_nothing(data: dict[str, Any], random: Any) -> None:
    shuffled = data | {"papers": random.sample(data["papers"], len(data["papers"]))}
    before, after = (count(parse_sitting(item)) for item in (data, shuffled))
    assert before.warnings == after.warnings
    for one, other in zip(before.contests, after.contests, strict=True):
        assert (one.candidates, one.elected, one.tied) == (other.candidates, other.elected, other.tied)


@settings(max_examples=200, deadline=None)
@given(sittings())
def test_seats_are_never_exceeded_and_lists_divide_the_candidates(data: dict[str, Any]) -> None:
    for result in count(parse_sitting(data)).contests:
        seats = result.contest.seats
        lists = (*result.elected, *result.tied, *result.not_elected)
        assert sorted(lists) == sorted(result.contest.candidates)
        if seats is not None:
            assert len(result.elected) <= seats
        if result.tied and seats is not None:
            assert len(result.elected) < seats < len(result.elected) + len(result.tied)
