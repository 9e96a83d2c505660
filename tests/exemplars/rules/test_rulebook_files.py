"""Rulebooks as files from outside: broken ones refused with their place, whole ones written as they were read."""

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from exemplars.rulebook_files import RULEBOOKS, read_standard_ladders
from exemplars.rules import (
    Citation,
    Quota,
    Rounding,
    RulebookError,
    hash_of,
    parse_rulebook,
    read_rulebook_file,
    reckon_cap,
    write_document,
)

WHOLE = (RULEBOOKS / "danh-hieu-2017.toml").read_text(encoding="utf-8")
VALUES: dict[str, Any] = tomllib.loads(WHOLE)


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.toml")), ids=lambda path: path.stem)
def test_what_is_written_reads_as_the_same_rulebook(path: Path) -> None:
    read = read_rulebook_file(path.read_bytes())
    kept = json.loads(json.dumps(read.values, sort_keys=True))  # as the database keeps it, in another order
    again = read_rulebook_file(write_document(kept).encode())
    assert again.rulebook == read.rulebook
    assert again.rulebook.edition_hash == hash_of(kept) == parse_rulebook(path.read_text("utf-8")).edition_hash


@pytest.mark.parametrize("text", ['a "b" \\ c', "hai\ndòng\tthụt", "x\u007fy", "2023-12-31", "[[criterion]]", "#", "'"])
def test_any_text_survives(text: str) -> None:
    document = WHOLE.replace(json.dumps(VALUES["title"], ensure_ascii=False), json.dumps(text))
    values = VALUES | {"title": text}
    assert tomllib.loads(write_document(values))["title"] == text
    assert document != WHOLE


def copy() -> dict[str, Any]:
    values: dict[str, Any] = tomllib.loads(WHOLE)
    return values


Break = Callable[[dict[str, Any]], None]


def put(path: list[str | int], value: object) -> Break:
    def change(values: dict[str, Any]) -> None:
        place: Any = values
        for step in path[:-1]:
            place = place[step]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    return change


def broken() -> Iterator[tuple[str, list[str | int], object]]:
    """Every required key away, of another type, and empty; every choice wrong; unknown keys everywhere."""
    first: list[tuple[list[str | int], object]] = [
        (["code"], 7),
        (["title"], ["x"]),
        (["valid_from"], "hôm nay"),
        (["valid_from"], date(1066, 1, 1)),
        (["valid_to"], date(2010, 1, 1)),
        (["edition"], 0),
        (["edition"], 10**30),
        (["plan"], "x"),
        (["plan", "issued_month"], "2023-13"),
        (["plan", "issuer"], 3),
        (["criterion"], []),
        (["criterion"], "x"),
        (["criterion", 0], "x"),
        (["criterion", 0, "applies_to"], []),
        (["criterion", 0, "applies_to"], ["nobody"]),
        (["criterion", 0, "only_if"], "sometimes"),
        (["criterion", 0, "predicate"], {"kind": "eval"}),
        (["criterion", 0, "predicate"], {"kind": "all-of", "parts": []}),
        (["criterion", 0, "predicate"], {"kind": "grading", "at_least": "splendid"}),
        (["criterion", 0, "predicate"], {"kind": "held-title", "title": "LDTT", "times": 0}),
        (["criterion", 0, "predicate"], {"kind": "held-title", "title": "LDTT", "times": "3"}),
        (["criterion", 0, "predicate"], {"kind": "held-title", "title": "LDTT", "times": 10**9}),
        (["criterion", 0, "predicate"], {"kind": "held-title", "title": "LDTT", "consecutive": 1}),
        (
            ["criterion", 0, "predicate"],
            {"kind": "held-title", "title": "LDTT", "consecutive": True, "within_years": 3},
        ),
        (["criterion", 0, "predicate"], {"kind": "initiative", "times": 1, "levels": []}),
        (["criterion", 0, "predicate"], {"kind": "initiative", "times": 1, "levels": ["moon"]}),
        (["criterion", 0, "predicate"], {"kind": "leave", "fewer_than_days": -1}),
        (["criterion", 0, "predicate"], {"kind": "leave", "fewer_than_days": 40, "not_counted": ["nap"]}),
        (["criterion", 0, "predicate"], {"kind": "service-time"}),
        (["criterion", 0, "predicate"], {"kind": "not-dissolved", "really": True}),
        (["criterion", 0, "predicate"], {"kind": "proposed", "by": []}),
        (["criterion", 0, "label"], "x" * 5000),
        (["criterion", 0, "label"], "a\u0000b"),
        (["criterion", 0, "label"], "   "),
        (["recognition", 0, "criteria"], ["KHONG-CO"]),
        (["recognition", 0, "criteria"], []),
        (["recognition", 0, "period"], {"first_day": date(2023, 1, 1)}),
        (["recognition", 0, "period"], {"first_day": date(2023, 1, 2), "last_day": date(2023, 1, 1)}),
        (["quota", 0, "percent"], 0),
        (["quota", 0, "percent"], 101),
        (["quota", 0, "rounding"], "sideways"),
        (["quota", 0, "at_least_one"], "yes"),
        (["ladder", 0, "kind"], "rope"),
        (["ladder", 0, "steps"], []),
        (["ladder", 0, "employment"], ["pirate"]),
    ]
    yield from ((f"{number}-wrong", path, value) for number, (path, value) in enumerate(first))
    tables: list[list[str | int]] = [[], ["plan"], ["criterion", 0], ["recognition", 0], ["quota", 0], ["ladder", 0]]
    for table in tables:
        yield f"unknown-{table}", [*table, "la"], "x"
    for path in (
        *(["code"], ["title"], ["valid_from"], ["plan"], ["criterion"], ["recognition"]),
        *(["criterion", 0, key] for key in ("code", "label", "applies_to", "citation", "predicate", "remedy")),
        *(["recognition", 0, key] for key in ("code", "label", "criteria")),
        *(["quota", 0, key] for key in ("title", "label", "base", "percent", "rounding", "citation")),
        *(["ladder", 0, key] for key in ("kind", "steps", "source", "valid_from")),
    ):
        yield f"without-{path}", list(path), None


BROKEN = list(broken())


def test_there_are_enough_broken_ones() -> None:
    assert len(BROKEN) >= 50


@pytest.mark.parametrize(("path", "value"), [pytest.param(path, value, id=name) for name, path, value in BROKEN])
def test_a_broken_rulebook_is_refused_with_its_place_and_what_was_expected(
    path: list[str | int], value: object
) -> None:
    values = copy()
    put(path, value)(values)
    with pytest.raises(RulebookError) as refused:
        read_rulebook_file(write_document(values).encode())
    error = refused.value
    assert error.line is not None
    assert error.key
    assert error.expected
    assert str(error).startswith("Dòng ")
    # The key named is the one broken, or one above or below it.
    names = [str(step) for step in path if isinstance(step, str)]
    assert names[0] in error.key or error.key in ("criterion", "recognition[1].criteria", "ladder")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * 200_001, "byte"),
        (b"\xff\xfe", "UTF-8"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "TOML"),
        (b"a = " + b"[" * 20 + b"]" * 20, "lồng hơn"),
        (b"a = [" + b"1," * 300 + b"]", "300 mục"),
        (b"a = 1.5", "số nguyên"),
        (b"a = 2023-01-01T00:00:00", "số nguyên"),
        (b"a = " + b"9" * 5000, "TOML"),
        (b'a = "b', "TOML"),
        (b"a = 1\na = 2", "TOML"),
        (b"", "ladder"),
    ],
)
def test_what_is_no_rulebook_at_all_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(RulebookError, match=words):
        read_rulebook_file(content)


def test_too_many_values_are_refused() -> None:
    rows = ",".join("[" + ",".join("1" for _ in range(150)) + "]" for _ in range(150))
    with pytest.raises(RulebookError, match="giá trị"):
        read_rulebook_file(f"a = [{rows}]".encode())


def test_the_ladders_of_a_new_rulebook_are_those_in_force() -> None:
    assert {one["kind"] for one in read_standard_ladders()} == {"title", "grading", "movement", "discipline"}


# --- caps ----------------------------------------------------------------------------------------------------------


def quota(rounding: Rounding, *, percent: int = 15, at_least_one: bool = False) -> Quota:
    return Quota("CSTDCS", "x", "LDTT", percent, rounding, Citation("a", "b"), at_least_one)


@pytest.mark.parametrize(
    ("rounding", "base", "number"),
    [
        (Rounding.DOWN, 9, 1),
        (Rounding.NEAREST, 9, 1),
        (Rounding.UP, 9, 2),
        (Rounding.DOWN, 10, 1),
        (Rounding.NEAREST, 10, 2),
        (Rounding.UP, 20, 3),
        (Rounding.DOWN, 20, 3),
        (Rounding.DOWN, 6, 0),
        (Rounding.DOWN, 0, 0),
    ],
)
def test_a_cap_is_rounded_as_its_rule_says(rounding: Rounding, base: int, number: int) -> None:
    assert reckon_cap(quota(rounding), base).number == number


def test_a_cap_shows_its_arithmetic_and_the_least() -> None:
    assert reckon_cap(quota(Rounding.DOWN), 9).words == "15% của 9 là 1,35, làm tròn xuống thành 1."
    assert reckon_cap(quota(Rounding.DOWN), 20).words == "15% của 20 là 3."
    least = quota(Rounding.DOWN, at_least_one=True)
    assert reckon_cap(least, 6) == type(reckon_cap(least, 6))(
        1, "15% của 6 là 0,9, làm tròn xuống thành 0, tối thiểu 1."
    )
    assert reckon_cap(least, 0).number == 0
    with pytest.raises(ValueError, match="âm"):
        reckon_cap(least, -1)
