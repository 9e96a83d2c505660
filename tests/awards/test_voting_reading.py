"""What cannot be counted is refused with its place."""

import json
from typing import Any

import pytest

from awards.voting import CountRefusedError, count, parse_rules, parse_sitting, read_sitting, to_json
from awards.voting.json_text import LARGEST_FILE


def sitting(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "members": 7,
        "present": 6,
        "issued": 6,
        "quorum": "2/3",
        "denominator": "members",
        "threshold": "4/5",
        "kind": "approve",
        "blank_is_valid": False,
        "count_written": True,
        "contests": [{"id": "g", "title": "Nhóm", "seats": None, "candidates": ["a", "b"]}],
        "papers": [{"g": {"a": "yes"}}],
        "written": [],
    }
    return base | changes


def one_contest(**changes: Any) -> dict[str, Any]:
    contest: dict[str, Any] = {"id": "g", "title": "Nhóm", "seats": None, "candidates": ["a", "b"]}
    return {"contests": [contest | changes]}


PAPER = {"g": {"a": "yes"}}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"members": 0}, "members"),
        ({"members": "7"}, "members"),
        ({"members": 7.0}, "members"),
        ({"members": True}, "members"),
        ({"members": 10**9}, "members"),
        ({"members": -7}, "members"),
        ({"present": -1}, "present"),
        ({"present": 8, "issued": 6}, "present"),
        ({"issued": 7}, "issued"),
        ({"issued": None}, "issued"),
        ({"issued": 1, "papers": [PAPER] * 2}, "papers"),
        ({"written": [PAPER] * 2}, "written"),
        ({"quorum": None}, "quorum"),
        ({"quorum": 0.5}, "quorum"),
        ({"quorum": "3/2"}, "quorum"),
        ({"threshold": 0.8}, "threshold"),
        ({"threshold": 1}, "threshold"),
        ({"threshold": "80%"}, "threshold"),
        ({"threshold": "0,8"}, "threshold"),
        ({"threshold": "1.01"}, "threshold"),
        ({"threshold": "1/0"}, "threshold"),
        ({"threshold": "0"}, "threshold"),
        ({"threshold": "0/5"}, "threshold"),
        ({"threshold": "0.0"}, "threshold"),
        ({"threshold": ""}, "threshold"),
        ({"threshold": False}, "threshold"),
        ({"threshold": "1.000000000000000001"}, "threshold"),
        ({"threshold": "-1/2"}, "threshold"),
        ({"threshold": " 1/2"}, "threshold"),
        ({"threshold": "1e-1"}, "threshold"),
        ({"threshold": "٤/٥"}, "threshold"),
        ({"denominator": "all"}, "denominator"),
        ({"kind": "rank"}, "kind"),
        ({"kind": None}, "kind"),
        ({"blank_is_valid": 0}, "blank_is_valid"),
        ({"count_written": "yes"}, "count_written"),
        ({"contests": []}, "contests"),
        ({"contests": {}}, "contests"),
        ({"contests": ["g"]}, "contests[0]"),
        ({"contests": one_contest()["contests"] * 2}, "contests"),
        (one_contest(id=""), "contests[0].id"),
        (one_contest(id=" \n"), "contests[0].id"),
        (one_contest(candidates=["a", " "]), "contests[0].candidates[1]"),
        (one_contest(candidates="ab"), "contests[0].candidates"),
        (one_contest(seats=True), "contests[0].seats"),
        (one_contest(seats=2.0), "contests[0].seats"),
        (one_contest(id="\ud800"), "contests[0].id"),
        (one_contest(title=1), "contests[0].title"),
        (one_contest(seats=0), "contests[0].seats"),
        (one_contest(seats="4"), "contests[0].seats"),
        (one_contest(candidates=[]), "contests[0].candidates"),
        (one_contest(candidates=["a", "a"]), "contests[0].candidates"),
        (one_contest(candidates=["a", 2]), "contests[0].candidates[1]"),
        (one_contest(seat=4), "contests[0]"),
        ({"contests": [{"id": "g", "title": "", "candidates": ["a"]}]}, "contests[0]"),
        ({"treshold": "1/2"}, "toàn tệp"),
        ({"papers": None}, "papers"),
        ({"papers": [PAPER, ["a"]]}, "papers[1]"),
        ({"papers": [PAPER, {"x": {}}]}, "papers[1]"),
        ({"papers": [{"g": ["a"]}]}, "papers[0].g"),
        ({"papers": [{"g": None}]}, "papers[0].g"),
        ({"papers": [{"g": {"a": "maybe"}}]}, "papers[0].g.a"),
        ({"papers": [{"g": {"a": True}}]}, "papers[0].g.a"),
        ({"written": [{"g": {"a": "Yes"}}]}, "written[0].g.a"),
        ({"kind": "choose"}, "papers[0].g"),
        ({"kind": "choose", "papers": [{"g": "a"}]}, "papers[0].g"),
        ({"kind": "choose", "papers": [{"g": ["a", 1]}]}, "papers[0].g[1]"),
    ],
)
def test_a_misfit_is_refused_at_its_place(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(CountRefusedError) as refusal:
        parse_sitting(sitting(**changes))
    assert refusal.value.where == where
    assert str(refusal.value) == f"{where}: {refusal.value.why}"


@pytest.mark.parametrize("key", sorted(sitting().keys() - {"issued", "written"}))
def test_whatever_decides_the_result_must_be_said(key: str) -> None:
    data = sitting()
    del data[key]
    with pytest.raises(CountRefusedError, match=f"thiếu {key}"):
        parse_sitting(data)


@pytest.mark.parametrize("data", [None, [], "x", 3, {1: 2}])
def test_something_else_than_an_object_is_refused(data: object) -> None:
    with pytest.raises(CountRefusedError, match="toàn tệp"):
        parse_sitting(data)


def test_issued_is_present_and_a_title_is_the_id_when_left_out() -> None:
    data = sitting(contests=[{"id": "g", "seats": None, "candidates": ["a"]}])
    del data["issued"]
    del data["written"]
    parsed = parse_sitting(data)
    assert (parsed.issued, parsed.written, parsed.rules.contests[0].title) == (6, (), "g")


def test_the_limits_themselves_are_accepted() -> None:
    parse_sitting(sitting(present=7, issued=7, papers=[PAPER] * 7))
    parse_sitting(sitting(present=5, issued=5, papers=[PAPER] * 5, written=[PAPER] * 2))


def test_a_candidate_written_twice_in_the_text_makes_the_paper_invalid() -> None:
    text = json.dumps(sitting()).replace('{"a": "yes"}', '{"a": "yes", "a": "no"}')
    result: Any = to_json(count(read_sitting(text)))
    assert result["contests"][0]["invalid"] == [{"paper": 0, "reason": "có tên ghi nhiều lần: a"}]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"members": 7', '"members": 7, "members": 9', "toàn tệp"),
        ('"id": "g"', '"id": "g", "id": "h"', "contests[0]"),
        ('{"g": {"a": "yes"}}', '{"g": {"a": "yes"}, "g": {"b": "yes"}}', "papers[0]"),
    ],
)
def test_a_key_written_twice_elsewhere_is_refused(old: str, new: str, where: str) -> None:
    text = json.dumps(sitting())
    assert old in text
    with pytest.raises(CountRefusedError) as refusal:
        read_sitting(text.replace(old, new))
    assert refusal.value.where == where


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "dòng 1, cột 1"),
        ('{\n "members": 7,,\n}', "dòng 2, cột 15"),
        (b"\xff\xfe\x00", "dòng 1"),
        ('{\n "kind": "ch\u1ecdn"}'.encode("utf-16"), "dòng 1"),
        (b'{\n "kind": "\xe0"}', "dòng 2"),
        (json.dumps(sitting()).encode("utf-8-sig"), "dòng 1, cột 1"),
        ("{} {}", "dòng 1, cột 4"),
        (b" " * (LARGEST_FILE + 1), "toàn tệp"),
        ("[" * 100_000, "toàn tệp"),
    ],
)
def test_text_that_is_no_json_is_refused(text: str | bytes, where: str) -> None:
    with pytest.raises(CountRefusedError) as refusal:
        read_sitting(text)
    assert refusal.value.where.startswith(where)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "9" * 5000, "1e400", "7.0", "-7", "70e-1"])
@pytest.mark.parametrize("key", ["members", "present"])
def test_a_number_that_is_none_is_refused_where_it_stands(number: str, key: str) -> None:
    text = json.dumps(sitting()).replace(f'"{key}": {sitting()[key]}', f'"{key}": {number}')
    with pytest.raises(CountRefusedError) as refusal:
        read_sitting(text)
    assert refusal.value.where == key


def test_a_refusal_repeats_what_the_file_says_short_and_harmless() -> None:
    with pytest.raises(CountRefusedError) as refusal:
        parse_sitting(sitting(**{"\x1b[2J" + "x" * 1000: 1}))
    assert "“\\u001b[2J" in refusal.value.why
    assert len(refusal.value.why) < 400


def test_text_and_data_read_alike() -> None:
    data = sitting(written=[{"g": {"b": "no"}}])
    assert read_sitting(json.dumps(data).encode()) == parse_sitting(data)


def test_rules_alone_are_the_rules_of_the_sitting() -> None:
    data = sitting()
    rules = parse_rules({key: data[key] for key in ("kind", "blank_is_valid", "contests")})
    assert rules == parse_sitting(data).rules
    with pytest.raises(CountRefusedError, match="khóa không thuộc mẫu: “members”"):
        parse_rules({"kind": "approve", "blank_is_valid": True, "contests": [], "members": 3})
