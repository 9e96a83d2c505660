"""Targets as a criterion: reached or by how much not, open without a report, never worse for a better figure."""

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import COLLECTIVE, RULEBOOK, with_facts

from exemplars.rules import Judgement, Question, Section, Span, Status, TargetResult, parse_rulebook
from exemplars.rules.checks import Surroundings, list_problems
from exemplars.rules.predicates import read_predicate

MET, UNMET, UNKNOWN = Status.MET, Status.UNMET, Status.UNDETERMINED
WORTH = {UNMET: 0, UNKNOWN: 1, MET: 2}


def target(level: object = "95", value: object = "96.5", **more: Any) -> TargetResult:
    words = {"year": 2023, "indicator": "VIEC", "title": "Xong về việc", "measure": "percent", "direction": "more"}
    numbers = {key: None if one is None else Decimal(str(one)) for key, one in (("level", level), ("value", value))}
    return TargetResult(**(words | numbers | {"campaign": "kh-2023"} | more))  # type: ignore[arg-type]


def judge(predicate: dict[str, Any], *targets: TargetResult, year: int | None = 2023, known: bool = True) -> Judgement:
    case = replace(with_facts(COLLECTIVE, targets=targets if known else None), year=year)
    span = Span(date(2023, 1, 1), date(2023, 12, 31)) if year else Span(date(2022, 1, 1), date(2025, 12, 31))
    one = read_predicate(Section({"kind": "targets-reached"} | predicate), RULEBOOK.ladders)
    return one.judge(Question("C", span, RULEBOOK.ladders, case))


LESS = {"direction": "less", "measure": "count", "measured_in": "vụ"}
EXACT = {"direction": "exact", "measure": "number"}
EIGHTY: dict[str, Any] = {"at_least_percent": 80}
CASES: dict[str, tuple[dict[str, Any], tuple[TargetResult, ...], Status]] = {
    "met": ({}, (target(), target(3, 3, **LESS)), MET),
    "one short, one silent": ({}, (target(95, 92), target(value=None)), UNMET),
    "one silent": ({}, (target(), target(value=None)), UNKNOWN),
    "none set": ({}, (), UNKNOWN),
    "only followed": ({}, (target(level=None),), UNKNOWN),
    "of another year": ({}, (target(year=2022, value=1),), UNKNOWN),
    "of another indicator": ({"indicator": "TIEN"}, (target(), target(95, 1)), UNKNOWN),
    "of the plan named alone": ({"campaign": "kh-2023"}, (target(), target(95, 1, campaign="khac")), MET),
    "a share is enough": (EIGHTY, (target(95, 76),), MET),
    "less than the share": (EIGHTY, (target(95, "75.99"),), UNMET),
    "a share of a ceiling": (EIGHTY, (target(10, 12, **LESS),), MET),
    "over the share of a ceiling": (EIGHTY, (target(10, 13, **LESS),), UNMET),
    "exact within the share": (EIGHTY, (target(10, "11.5", **EXACT),), MET),
    "exact": ({}, (target(10, "9.99", **EXACT),), UNMET),
    "more than the level": ({"at_least_percent": 120}, (target(50, 59),), UNMET),
    "a level below zero": (EIGHTY, (target(-10, -12, measure="number"),), MET),
}


@pytest.mark.parametrize("name", CASES)
def test_targets_are_judged(name: str) -> None:
    predicate, targets, status = CASES[name]
    answer = judge(predicate, *targets)
    assert answer.status is status
    assert answer.remedy if status is UNKNOWN else True
    assert (answer.missing and answer.chance) if status is UNMET else True


def test_by_how_much_and_which_report_said_so() -> None:
    answer = judge({}, target(95, 92), target(3, 5, title="Khiếu nại", **LESS))
    assert answer.missing == "«Xong về việc» năm 2023: thiếu 3 điểm phần trăm; «Khiếu nại» năm 2023: vượt 2 vụ"
    assert "báo cáo 92 %, cần từ 95 % trở lên" in answer.reason
    assert answer.evidence[0].text == "Xong về việc năm 2023: báo cáo 92 %, mức giao từ 95 % trở lên"


def test_nobody_knows_is_open_and_a_period_asks_each_year_that_is_over() -> None:
    assert judge({}, known=False).status is UNKNOWN
    # Asked on 31/12/2023, so 2022 and 2023 of the period are over.
    assert judge({}, target(year=2022), year=None).status is UNKNOWN
    assert judge({}, target(year=2022), target(), year=None).status is MET
    lost = judge({}, target(year=2022, value=90), target(), year=None)
    assert lost.status is UNMET
    assert lost.chance is not None
    assert lost.chance.day is None


numbers = st.decimals(-50, 150, places=2)


@given(
    st.sampled_from(["more", "less", "exact"]),
    st.sampled_from(["percent", "count", "number"]),
    numbers,
    numbers,
    st.decimals(0, 50, places=2),
    st.integers(1, 300),
)
def test_a_better_figure_never_hurts(
    direction: str, measure: str, level: Decimal, value: Decimal, by: Decimal, share: int
) -> None:
    toward = min(by, abs(level - value)) * (1 if value < level else -1)
    better = value + {"more": by, "less": -by, "exact": toward}[direction]
    words = {"direction": direction, "measure": measure}
    other = target(value=None, indicator="TIEN")
    for rest in ((), (other,)):
        before = judge({"at_least_percent": share}, target(level, value, **words), *rest)
        after = judge({"at_least_percent": share}, target(level, better, **words), *rest)
        assert WORTH[after.status] >= WORTH[before.status]
    # A higher share never helps.
    stricter = judge({"at_least_percent": min(share + 20, 300)}, target(level, value, **words))
    assert WORTH[stricter.status] <= WORTH[judge({"at_least_percent": share}, target(level, value, **words)).status]


BOOK = """
code = "thu"
title = "Thử"
valid_from = 2023-01-01
ladder = []
plan = { issuer = "x", title = "X", number = "1", issued_month = "2023-01" }
[[recognition]]
code = "grassroots-annual"
label = "Thử"
criteria = ["T"]
[[criterion]]
code = "T"
label = "Đạt chỉ tiêu"
applies_to = ["WHOM"]
citation = { document = "X", clause = "1" }
predicate = { kind = "targets-reached", indicator = "VIEC", at_least_percent = 90 }
remedy = "Phấn đấu."
"""


@pytest.mark.parametrize(("whom", "fits"), [("collective", True), ("person", False)])
def test_a_person_alone_cannot_be_asked_and_a_unit_can_reach_it(whom: str, fits: bool) -> None:
    values = dict(parse_values(BOOK.replace("WHOM", whom)))
    known = Surroundings(titles={}, documents={})
    words = " ".join(one.words for one in list_problems(values, known) if one.part == "criterion")
    assert ("chỉ hỏi được tập thể" in words) is not fits
    assert "Không thể đạt" not in words or not fits


def parse_values(text: str) -> dict[str, Any]:
    parse_rulebook(text)
    return tomllib.loads(text)
