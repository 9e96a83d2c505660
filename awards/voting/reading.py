"""Reads a closed ballot and refuses, with place and reason, whatever does not fit.

Only `issued`, `written` and a contest's `title` may be left out: everything that decides the result
must be said, and an unknown key is refused so that a misspelt one cannot pass for a missing one.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from awards.voting.json_text import LONGEST_QUOTE, WHOLE_FILE, CountRefusedError, JsonObject, load_json, quote
from awards.voting.shapes import (
    MOST_DECIMALS,
    Contest,
    CountInput,
    Denominator,
    Kind,
    Mark,
    Marks,
    Paper,
    PaperRules,
    Scale,
    Vote,
)

SITTING_KEYS = (
    "members",
    "present",
    "quorum",
    "denominator",
    "threshold",
    "kind",
    "blank_is_valid",
    "count_written",
    "contests",
    "papers",
)
SITTING_OPTIONAL_KEYS = ("issued", "written")
RULES_KEYS = ("kind", "blank_is_valid", "contests")
CONTEST_KEYS = ("id", "seats", "candidates")
CONTEST_OPTIONAL_KEYS = ("title",)
SCALE_KEYS = ("max_score", "step")
"""Keys of a contest in a "score" ballot, where they must stand, and in no other."""

FRACTION = re.compile(r"[0-9]{1,9}(/[0-9]{1,9}|\.[0-9]{1,18})?")
DECIMAL = re.compile(rf"[0-9]{{1,9}}(\.[0-9]{{1,{MOST_DECIMALS}}})?")
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: JSON can spell it, no text can hold it."""

MOST = 999_999_999
LISTED = 5
"""Names of keys that one refusal spells out."""

Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=StrEnum)


def read_sitting(text: str | bytes) -> CountInput:
    """Parse the JSON text of a closed ballot, seeing repeated keys too."""
    return parse_sitting(load_json(text))


def parse_sitting(data: object) -> CountInput:
    """Check a closed ballot against the format and its invariants, or raise `CountRefusedError`."""
    sitting = _mapping(data, WHOLE_FILE)
    _check_keys(sitting, WHOLE_FILE, SITTING_KEYS, SITTING_OPTIONAL_KEYS)
    present = _integer(sitting["present"], "present", least=0)
    threshold = sitting["threshold"]
    rules = _rules(sitting)
    parsed = CountInput(
        members=_integer(sitting["members"], "members", least=1),
        present=present,
        issued=_integer(sitting.get("issued", present), "issued", least=0),
        quorum=_fraction(sitting["quorum"], "quorum"),
        denominator=_choice(Denominator, sitting["denominator"], "denominator"),
        threshold=None if threshold is None else _threshold(threshold),
        count_written=_boolean(sitting["count_written"], "count_written"),
        rules=rules,
        papers=_papers(rules, sitting["papers"], "papers"),
        written=_papers(rules, sitting.get("written", []), "written"),
    )
    _check_numbers(parsed)
    return parsed


def parse_rules(data: object) -> PaperRules:
    """Read a ballot's rules of validity alone: `kind`, `blank_is_valid` and `contests`."""
    ballot = _mapping(data, WHOLE_FILE)
    _check_keys(ballot, WHOLE_FILE, RULES_KEYS, ())
    return _rules(ballot)


def parse_paper(rules: PaperRules, data: object, where: str) -> Paper:
    """Read the shape of one paper; whether its marks are valid is not judged here."""
    paper = _mapping(data, where)
    known = {contest.id for contest in rules.contests}
    marks: dict[str, Marks] = {}
    for contest_id, value in paper.items():
        if contest_id not in known:
            raise CountRefusedError(where, f"không có nội dung bầu {quote(contest_id)} trong lượt bỏ phiếu này.")
        marks[contest_id] = READ_MARKS[rules.kind](value, f"{where}.{contest_id}")
    return marks


def _check_keys(data: Mapping[str, object], where: str, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    missing = [key for key in required if key not in data]
    if missing:
        raise CountRefusedError(where, f"thiếu {', '.join(missing)}. Bổ sung rồi đếm lại.")
    unknown = [key for key in data if key not in required and key not in optional]
    if unknown:
        raise CountRefusedError(
            where,
            f"có khóa không thuộc mẫu: {', '.join(quote(key) for key in unknown[:LISTED])}. "
            f"Các khóa được dùng: {', '.join(required + optional)}.",
        )


def _check_numbers(sitting: CountInput) -> None:
    received = len(sitting.papers)
    absent = sitting.members - sitting.present
    if sitting.present > sitting.members:
        raise CountRefusedError("present", f"có mặt {sitting.present}, nhiều hơn tổng số {sitting.members} thành viên.")
    if sitting.issued > sitting.present:
        raise CountRefusedError(
            "issued", f"phát ra {sitting.issued} phiếu, nhiều hơn {sitting.present} thành viên có mặt."
        )
    if received > sitting.issued:
        raise CountRefusedError("papers", f"thu vào {received} phiếu, nhiều hơn {sitting.issued} phiếu phát ra.")
    if len(sitting.written) > absent:
        raise CountRefusedError(
            "written", f"có {len(sitting.written)} ý kiến bằng văn bản, nhiều hơn {absent} thành viên vắng."
        )


def _rules(data: Mapping[str, object]) -> PaperRules:
    kind = _choice(Kind, data["kind"], "kind")
    contests = _each(data["contests"], "contests", lambda contest, place: _contest(contest, place, kind))
    if not contests:
        raise CountRefusedError("contests", "chưa có nội dung bầu nào. Cần ít nhất một nội dung.")
    _check_distinct([contest.id for contest in contests], "contests")
    return PaperRules(
        kind=kind,
        blank_is_valid=_boolean(data["blank_is_valid"], "blank_is_valid"),
        contests=contests,
    )


def _contest(value: object, where: str, kind: Kind) -> Contest:
    data = _mapping(value, where)
    scored = kind is Kind.SCORE
    _check_keys(data, where, CONTEST_KEYS + (SCALE_KEYS if scored else ()), CONTEST_OPTIONAL_KEYS)
    contest_id = _name(data["id"], f"{where}.id")
    title = _text(data.get("title", contest_id), f"{where}.title")
    seats = data["seats"]
    candidates = _each(data["candidates"], f"{where}.candidates", _name)
    if not candidates:
        raise CountRefusedError(f"{where}.candidates", "danh sách bầu trống. Cần ít nhất một tên.")
    _check_distinct(candidates, f"{where}.candidates")
    return Contest(
        id=contest_id,
        title=title.strip() or contest_id,
        seats=None if seats is None else _integer(seats, f"{where}.seats", least=1),
        candidates=candidates,
        scale=_scale(data, where) if scored else None,
    )


def _scale(data: Mapping[str, object], where: str) -> Scale:
    most, step = (_points_above_nothing(data[key], f"{where}.{key}") for key in SCALE_KEYS)
    if most % step:
        raise CountRefusedError(
            f"{where}.step", "điểm tối đa phải là một số nguyên lần bậc điểm, nếu không thì không ai đạt được."
        )
    return Scale(most, step)


def _papers(rules: PaperRules, value: object, where: str) -> tuple[Paper, ...]:
    return _each(value, where, lambda paper, place: parse_paper(rules, paper, place))


def _chosen_marks(value: object, where: str) -> Marks:
    return tuple(Mark(name, Vote.YES) for name in _each(value, where, _text))


def _approval_marks(value: object, where: str) -> Marks:
    if not isinstance(value, Mapping):
        raise CountRefusedError(where, "phải là một đối tượng {tên: yes, no hoặc blank}.")
    pairs = value.pairs if isinstance(value, JsonObject) else tuple(value.items())
    return tuple(
        Mark(_text(name, where), _choice(Vote, vote, f"{where}.{name[:LONGEST_QUOTE]}")) for name, vote in pairs
    )


def _score_marks(value: object, where: str) -> Marks:
    """Points as they stand. What is no exact number spoils its paper in this contest, and not the whole file."""
    if not isinstance(value, Mapping):
        raise CountRefusedError(where, "phải là một đối tượng {tên: điểm}.")
    pairs = value.pairs if isinstance(value, JsonObject) else tuple(value.items())
    return tuple(Mark(_text(name, where), Vote.YES, read_points(points)) for name, points in pairs)


READ_MARKS: Mapping[Kind, Callable[[object, str], Marks]] = {
    Kind.CHOOSE: _chosen_marks,
    Kind.APPROVE: _approval_marks,
    Kind.SCORE: _score_marks,
}


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise CountRefusedError(where, "phải là một đối tượng {khóa: giá trị}.")
    if isinstance(value, JsonObject) and len(value.pairs) != len(value):
        _check_distinct([key for key, _ in value.pairs], where)
    return value


def _each(value: object, where: str, read: Callable[[object, str], Item]) -> tuple[Item, ...]:
    if not isinstance(value, list | tuple):
        raise CountRefusedError(where, "phải là một danh sách [ … ].")
    return tuple(read(item, f"{where}[{index}]") for index, item in enumerate(value))


def _check_distinct(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CountRefusedError(where, f"{quote(name)} xuất hiện hai lần. Mỗi tên chỉ ghi một lần.")
        seen.add(name)


def _name(value: object, where: str) -> str:
    name = _text(value, where)
    if not name.strip():
        raise CountRefusedError(where, "không được để trống. Ghi tên hoặc mã.")
    return name


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or SURROGATE.search(value):
        raise CountRefusedError(where, "phải là chữ đặt trong dấu nháy.")
    return value


def _integer(value: object, where: str, *, least: int) -> int:
    # A JSON true is an int to Python, and 13.0 would bring in a float.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
        raise CountRefusedError(where, f"phải là số nguyên từ {least} đến {MOST}, không đặt trong dấu nháy.")
    return value


def _boolean(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise CountRefusedError(where, "phải là true hoặc false.")
    return value


def _choice(choices: type[Choice], value: object, where: str) -> Choice:
    if isinstance(value, str):
        with suppress(ValueError):
            return choices(value)
    raise CountRefusedError(where, f"phải là một trong: {', '.join(choices)}.")


def read_points(value: object) -> Fraction | None:
    """Take text such as "87.5", or a whole number; a JSON number with a point has already lost its exact value."""
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Fraction(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST:
        return Fraction(value)
    return None


def _points_above_nothing(value: object, where: str) -> Fraction:
    points = read_points(value)
    if points is None or points <= 0:
        raise CountRefusedError(
            where,
            f"phải là số lớn hơn 0, không quá {MOST_DECIMALS} chữ số thập phân; số lẻ đặt trong dấu nháy, "
            "ví dụ 100 hoặc “0.5”.",
        )
    return points


def _threshold(value: object) -> Fraction:
    """Refuse a threshold of nothing: it would elect those for whom nobody voted. `null` says "one vote is enough"."""
    threshold = _fraction(value, "threshold")
    if threshold == 0:
        raise CountRefusedError("threshold", "phải lớn hơn 0. Không đặt tỷ lệ thì ghi null.")
    return threshold


def _fraction(value: object, where: str) -> Fraction:
    """Take only text: a JSON number such as 0.8 has already lost its exact value."""
    refusal = CountRefusedError(
        where, "phải là phân số hoặc số thập phân từ 0 đến 1 đặt trong dấu nháy, ví dụ “2/3” hoặc “0.8”."
    )
    if not isinstance(value, str) or not FRACTION.fullmatch(value):
        raise refusal
    below = value.partition("/")[2]
    if below and int(below) == 0:
        raise refusal
    fraction = Fraction(value)
    if fraction > 1:
        raise refusal
    return fraction
