"""Counting points: what adds up, what a share is a share of, who is elected, and which papers do not count."""

from fractions import Fraction
from typing import Any

import pytest

from awards.voting import count, mean_of, parse_rules, parse_sitting, to_json
from awards.voting.papers import clean_paper, largest_paper, paper_cautions, paper_problems

CONTEST = {
    "id": "g",
    "title": "Sáng kiến",
    "seats": None,
    "candidates": ["a", "b", "c"],
    "max_score": 10,
    "step": "0.5",
}


def contest(papers: list[Any], **changes: Any) -> Any:
    asked = CONTEST | {key: changes.pop(key) for key in ("seats", "max_score", "step") if key in changes}
    sitting = {
        "members": 5,
        "present": 4,
        "issued": 4,
        "quorum": "2/3",
        "denominator": "valid",
        "threshold": None,
        "kind": "score",
        "blank_is_valid": False,
        "count_written": True,
        "contests": [asked],
        "papers": [{"g": paper} for paper in papers],
    }
    return to_json(count(parse_sitting(sitting | changes)))["contests"][0]


def test_points_are_added_exactly_and_a_share_is_of_the_most_that_was_to_be_had() -> None:
    result = contest([{"a": "9.5", "b": 10, "c": 0}, {"a": "9.5", "b": "10.0"}, {"a": "09", "b": "7.5"}])
    assert result["candidates"] == {
        "a": {"points": "28", "papers": 3, "blank": 0, "share": "280/300", "passed": True},
        "b": {"points": "27.5", "papers": 3, "blank": 0, "share": "275/300", "passed": True},
        "c": {"points": "0", "papers": 1, "blank": 2, "share": "0/300", "passed": False},
    }
    assert (result["elected"], result["not_elected"]) == (["a", "b"], ["c"])


@pytest.mark.parametrize(
    ("denominator", "share", "passed"),
    [("members", "300/500", False), ("present", "300/500", False), ("valid", "300/400", True)],
)
def test_the_mean_is_over_what_the_rule_says(denominator: str, share: str, *, passed: bool) -> None:
    """Three tens and a blank on four papers, one of them an absent member's opinion."""
    papers = [{"a": 10}, {"a": "10"}, {"b": 1}]
    found = contest(papers, denominator=denominator, threshold="3/4", written=[{"g": {"a": 10}}])["candidates"]["a"]
    assert (found["points"], found["blank"], found["share"], found["passed"]) == ("30", 1, share, passed)


def test_a_threshold_is_reached_to_the_last_tenth_and_not_by_a_rounded_mean() -> None:
    papers = [{"a": "6.7"}, {"a": "6.7"}, {"a": "6.6"}]
    # 20/3 is 6,67 rounded, and still below 66.7 % of the most.
    assert contest(papers, step="0.1", threshold="2/3")["candidates"]["a"]["passed"] is True
    assert contest(papers, step="0.1", threshold="0.667")["candidates"]["a"]["passed"] is False


def test_seats_go_to_the_most_points_and_a_tie_on_the_last_elects_only_those_above() -> None:
    result = contest([{"a": 10, "b": 4, "c": "4.0"}, {"a": 1, "b": "3.5", "c": "3.5"}], seats=2)
    assert (result["elected"], result["tied"], result["not_elected"]) == (["a"], ["b", "c"], [])
    # However many are scored, no paper is invalid for it: points are not choices.
    assert result["invalid"] == []


def test_without_a_threshold_one_point_passes_and_nothing_does_not() -> None:
    rows = contest([{"a": "0.5", "b": 0}])["candidates"]
    assert [rows[name]["passed"] for name in "abc"] == [True, False, False]


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ({"a": "10.5"}, "ngoài khoảng từ 0 đến 10: a"),
        ({"a": -1}, "ngoài khoảng"),
        ({"a": "9.3"}, "không đúng bậc 0,5: a"),
        ({"a": "chín"}, "không phải là số"),
        ({"a": "9,5"}, "không phải là số"),
        ({"a": "-1"}, "không phải là số"),
        ({"a": 9.5}, "không phải là số"),
        ({"a": True}, "không phải là số"),
        ({"a": None}, "không phải là số"),
        ({"a": {"b": 1}}, "không phải là số"),
        ({"a": 1, "x": 1}, "có tên ngoài danh sách: x"),
        ({}, "phiếu trắng"),
    ],
)
def test_a_paper_beside_the_scale_does_not_count(paper: dict[str, Any], reason: str) -> None:
    result = contest([{"b": 5}, paper])
    assert [one["paper"] for one in result["invalid"]] == [1]
    assert reason in result["invalid"][0]["reason"]
    assert result["candidates"]["a"]["points"] == "0"
    assert result["valid"] == 1


def test_a_wholly_blank_paper_counts_where_the_rule_says_so() -> None:
    result = contest([{"a": 10}, {}], blank_is_valid=True)
    assert (result["valid"], result["candidates"]["a"]["share"]) == (2, "100/200")


def test_what_all_papers_score_alike_tells_each_of_them() -> None:
    sitting = {"members": 9, "present": 9, "quorum": "0", "denominator": "valid", "threshold": None, "kind": "score"}
    sitting |= {"blank_is_valid": False, "count_written": False, "contests": [CONTEST]}
    same = [{"g": {"a": "8.0", "b": number % 3}} for number in range(6)]
    warnings = count(parse_sitting(sitting | {"papers": same})).warnings
    assert any("giống nhau đối với a nên" in warning for warning in warnings)


def test_a_mean_is_rounded_half_up_and_says_so() -> None:
    assert [str(mean_of(points, 8)) for points in ("669", "0", "8", "668.92")] == ["83,63", "0,00", "1,00", "83,62"]
    mean = mean_of("669", 8)
    assert mean is not None
    assert (mean.exact, mean.is_rounded) == (Fraction(669, 8), True)
    assert mean_of("10", 0) is None


def rules(**scale: Any) -> Any:
    return parse_rules({"kind": "score", "blank_is_valid": False, "contests": [CONTEST | scale]})


def test_papers_that_mean_the_same_become_the_same_and_none_is_longer_than_the_longest() -> None:
    asked = rules()
    variants = [{"g": {"b": "09.50", "a": 10}}, {"g": {"a": "10.0", "b": "9.5"}}]
    assert [clean_paper(asked, one) for one in variants] == [{"g": {"a": "10", "b": "9.5"}}] * 2
    assert list(clean_paper(asked, variants[0])["g"]) == ["a", "b"]
    assert largest_paper(asked) == {"g": {"a": "99.9", "b": "99.9", "c": "99.9"}}
    assert largest_paper(rules(max_score="7.5", step="2.5")) == {"g": dict.fromkeys("abc", "9.9")}
    assert largest_paper(rules(max_score=100, step=20)) == {"g": dict.fromkeys("abc", "999")}


def test_a_member_is_told_what_is_wrong_and_what_a_blank_means() -> None:
    [problem] = paper_problems(rules(), {"g": {"a": "11", "b": "10"}})
    assert problem.startswith("Sáng kiến: điểm ngoài khoảng từ 0 đến 10: a.")
    assert "11" not in problem
    [caution] = paper_cautions(rules(), {"g": {}})
    assert "chưa chấm điểm trường hợp nào" in caution
