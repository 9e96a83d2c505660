"""A paper before it is cast."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.voting import (
    PaperRules,
    clean_paper,
    count,
    largest_paper,
    paper_cautions,
    paper_problems,
    parse_rules,
    parse_sitting,
    to_json,
)

SCALE = {"max_score": 10, "step": "0.5"}


def rules(kind: str, *, blank_is_valid: bool = False) -> PaperRules:
    groups = [
        {"id": "so", "title": "Khối Sở Tư pháp", "seats": 2, "candidates": ["a", "b", "c"]},
        {"id": "cuc", "title": "Khối Cục", "seats": None, "candidates": ["a", "d"]},
    ]
    if kind == "score":
        groups = [one | SCALE for one in groups]
    return parse_rules({"kind": kind, "blank_is_valid": blank_is_valid, "contests": groups})


CHOOSE = rules("choose")
APPROVE = rules("approve")


@pytest.mark.parametrize(
    ("paper_rules", "paper"),
    [
        (CHOOSE, {"so": ["a", "c"], "cuc": ["d", "a"]}),
        (CHOOSE, {}),
        (CHOOSE, {"so": []}),
        (APPROVE, {"so": {"a": "yes", "b": "yes", "c": "no"}, "cuc": {}}),
        (APPROVE, {"so": {"a": "blank"}}),
    ],
)
def test_a_good_paper_has_no_problem(paper_rules: PaperRules, paper: object) -> None:
    assert paper_problems(paper_rules, paper) == []


def test_a_problem_names_its_contest_and_what_to_do() -> None:
    assert paper_problems(CHOOSE, {"so": ["a", "b", "c"]}) == [
        "Khối Sở Tư pháp: đã chọn 3, chỉ được chọn tối đa 2. Sửa lại lựa chọn ở nội dung này."
    ]


@pytest.mark.parametrize(
    ("paper_rules", "paper", "words"),
    [
        (CHOOSE, {"so": ["x"]}, ["có tên ngoài danh sách: x"]),
        (CHOOSE, {"so": ["d"]}, ["có tên ngoài danh sách: d"]),
        (CHOOSE, {"so": ["a", "a"]}, ["có tên ghi nhiều lần: a"]),
        (CHOOSE, {"so": ["x"], "cuc": ["y"]}, ["Khối Sở Tư pháp", "Khối Cục"]),
        (APPROVE, {"so": {"a": "yes", "b": "yes", "c": "yes"}}, ["tối đa 2"]),
        (APPROVE, {"cuc": {"b": "no"}}, ["có tên ngoài danh sách: b"]),
        (CHOOSE, {"khac": []}, ["không đúng mẫu"]),
        (CHOOSE, {"so": {"a": "yes"}}, ["không đúng mẫu"]),
        (CHOOSE, {"so": "a"}, ["không đúng mẫu"]),
        (CHOOSE, {"so": [1]}, ["không đúng mẫu"]),
        (CHOOSE, ["a"], ["không đúng mẫu"]),
        (CHOOSE, None, ["không đúng mẫu"]),
        (APPROVE, {"so": ["a"]}, ["không đúng mẫu"]),
        (APPROVE, {"so": {"a": "có"}}, ["không đúng mẫu"]),
    ],
)
def test_each_problem_is_said_once(paper_rules: PaperRules, paper: object, words: list[str]) -> None:
    problems = paper_problems(paper_rules, paper)
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))


def test_a_blank_contest_is_a_caution_that_says_its_effect() -> None:
    [caution] = paper_cautions(CHOOSE, {"so": ["a"]})
    assert caution.startswith("Khối Cục:")
    assert "không hợp lệ" in caution
    [caution] = paper_cautions(rules("choose", blank_is_valid=True), {"so": ["a"]})
    assert "vẫn được tính là phiếu hợp lệ" in caution


@pytest.mark.parametrize(
    ("paper_rules", "variants"),
    [
        (CHOOSE, [{"so": ["c", "a"]}, {"so": ["a", "c"], "cuc": []}, {"cuc": [], "so": ["c", "a"]}]),
        (
            APPROVE,
            [
                {"so": {"b": "no"}},
                {"so": {"a": "blank", "b": "no"}},
                {"cuc": {"d": "blank"}, "so": {"b": "no"}},
            ],
        ),
    ],
)
def test_papers_that_mean_the_same_become_the_same(paper_rules: PaperRules, variants: list[Any]) -> None:
    assert len({json.dumps(clean_paper(paper_rules, paper)) for paper in variants}) == 1


def test_a_paper_with_a_problem_has_no_clean_form() -> None:
    with pytest.raises(ValueError, match="without problems"):
        clean_paper(CHOOSE, {"so": ["x"]})


NAMES = st.sampled_from(["a", "b", "c", "d", "x"])
CHOSEN = st.dictionaries(st.sampled_from(["so", "cuc"]), st.lists(NAMES, max_size=4))
APPROVED = st.dictionaries(
    st.sampled_from(["so", "cuc"]), st.dictionaries(NAMES, st.sampled_from(["yes", "no", "blank"]))
)
POINTS = st.sampled_from(["0", "09.50", 10, "10.5", "0.3", "9,5", "", None, 7.5])
SCORED = st.dictionaries(st.sampled_from(["so", "cuc"]), st.dictionaries(NAMES, POINTS))
PAPERS = st.one_of(
    st.tuples(st.just("choose"), CHOSEN), st.tuples(st.just("approve"), APPROVED), st.tuples(st.just("score"), SCORED)
)


def one_paper(kind: str, paper: object, *, blank_is_valid: bool) -> Any:
    contests = [
        {"id": item.id, "title": item.title, "seats": item.seats, "candidates": list(item.candidates)}
        | (SCALE if kind == "score" else {})
        for item in CHOOSE.contests
    ]
    return to_json(
        count(
            parse_sitting(
                {
                    "members": 3,
                    "present": 1,
                    "quorum": "0",
                    "denominator": "valid",
                    "threshold": None,
                    "kind": kind,
                    "blank_is_valid": blank_is_valid,
                    "count_written": False,
                    "contests": contests,
                    "papers": [paper],
                }
            )
        )
    )


@given(PAPERS)
def test_what_may_be_cast_is_what_the_count_takes(case: tuple[str, Any]) -> None:
    kind, paper = case
    invalid = [bool(item["invalid"]) for item in one_paper(kind, paper, blank_is_valid=True)["contests"]]
    assert bool(paper_problems(rules(kind), paper)) is any(invalid)


@given(case=PAPERS, blank=st.booleans())
def test_cleaning_changes_neither_the_count_nor_the_room(case: tuple[str, Any], *, blank: bool) -> None:
    kind, paper = case
    paper_rules = rules(kind)
    if paper_problems(paper_rules, paper):
        return
    clean = clean_paper(paper_rules, paper)
    assert clean_paper(paper_rules, clean) == clean
    assert one_paper(kind, clean, blank_is_valid=blank) == one_paper(kind, paper, blank_is_valid=blank)
    assert len(json.dumps(clean)) <= len(json.dumps(largest_paper(paper_rules)))
