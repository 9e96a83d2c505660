"""Indicators among the items of a draft: what is missing, how they are said, and the way to a planned indicator.

`data` of such an item:

    title, code ("" until the launch names it by its title), measure, measured_in, direction, half_year, yearly,
    who (the plan's words), targets: `{"kind", "unit", "level"}`, each for a kind of unit, a unit, or with neither
    for everybody; `level` as people write it, None where a value is only followed

Pure.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from campaigns.measures import (
    COUNT,
    EXACT,
    LESS,
    MORE,
    NUMBER,
    PERCENT,
    YES_NO,
    WrongValueError,
    parse_value,
    show_target,
)
from campaigns.plan_bearers import KnownUnit, find_bearers
from campaigns.plan_indicators import PlannedIndicator, PlannedTarget
from campaigns.planreader import PlanIndicator
from units.folding import fold

MEASURE_WORDS: Final = {
    PERCENT: "Tỷ lệ phần trăm",
    COUNT: "Số lượng (số nguyên)",
    NUMBER: "Số có phần lẻ",
    YES_NO: "Có hoặc không",
}
DIRECTION_WORDS: Final = {MORE: "Càng nhiều càng tốt", LESS: "Càng ít càng tốt", EXACT: "Đúng bằng mức giao"}
REPORT_WORDS: Final = {"none": "không", "optional": "nếu có số liệu", "required": "bắt buộc"}
_LONGEST_CODE: Final = 40
_LONGEST_TITLE: Final = 300


def blank_indicator() -> dict[str, Any]:
    words = dict.fromkeys(("title", "code", "measured_in", "direction", "who"), "")
    return words | {"measure": PERCENT, "half_year": "optional", "yearly": "required", "targets": []}


def read_data(one: PlanIndicator, units: Sequence[KnownUnit]) -> dict[str, Any]:
    """An indicator as the plan says it; for everybody where it names nobody whom we know for sure."""
    kinds, named = find_bearers(one.who or "", units)
    targets = [{"kind": kind, "unit": "", "level": one.level} for kind in kinds]
    targets += [{"kind": "", "unit": code, "level": one.level} for code in named]
    return blank_indicator() | {
        "title": (one.title[:1].upper() + one.title[1:])[:_LONGEST_TITLE],
        "measure": one.measure,
        "measured_in": one.measured_in[:_LONGEST_CODE],
        "direction": one.direction,
        "who": one.who or "",
        "targets": targets or [{"kind": "", "unit": "", "level": one.level}],
    }


def indicator_gaps(data: Mapping[str, Any]) -> list[str]:
    measure, targets = data["measure"], data["targets"]
    gaps = [] if data["title"] else ["Chưa ghi tên chỉ tiêu."]
    if measure in (COUNT, NUMBER) and not data["measured_in"]:
        gaps.append("Chưa ghi đơn vị tính của chỉ tiêu.")
    if measure != YES_NO and data["direction"] not in DIRECTION_WORDS:
        gaps.append("Chưa chọn hướng của chỉ tiêu.")
    if {data["half_year"], data["yearly"]} == {"none"}:
        gaps.append("Chỉ tiêu phải có trong ít nhất một loại báo cáo.")
    if not targets:
        gaps.append("Chưa ghi mức giao, hoặc giao cho ai theo dõi.")
    if len({(one["kind"], one["unit"]) for one in targets}) < len(targets):
        gaps.append("Có hai mức giao cho cùng một nơi.")
    return gaps + [words for one in targets if (words := _wrong_level(measure, one["level"]))]


def _wrong_level(measure: str, level: str | None) -> str:
    try:
        _level(measure, level)
    except WrongValueError as wrong:
        return f"Mức giao «{level}» không đúng. {wrong}"
    return ""


def _level(measure: str, level: str | None) -> Decimal | None:
    return parse_value(measure, level) if level else None


def target_words(data: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """A level in words; what cannot be read yet as it is written."""
    try:
        level = _level(data["measure"], one["level"])
    except WrongValueError:
        return str(one["level"])
    if level is None:
        return "chỉ theo dõi"
    unit = "%" if data["measure"] == PERCENT else data["measured_in"]
    return show_target(data["measure"], data["direction"], level, unit)


def code_of_title(title: str) -> str:
    """The same title in another year's plan is the same indicator, so that figures stand side by side."""
    words = re.sub(r"[^A-Z0-9]+", "-", fold(title).upper()).strip("-")
    if len(words) <= _LONGEST_CODE:
        return words or "CHI-TIEU"
    mark = hashlib.sha256(words.encode()).hexdigest()[:6].upper()
    return f"{words[: _LONGEST_CODE - 7].rstrip('-')}-{mark}"


def plan_indicator(data: Mapping[str, Any], clause: str) -> PlannedIndicator:
    measure = data["measure"]
    return PlannedIndicator(
        code=data["code"] or code_of_title(data["title"]),
        title=data["title"],
        measure=measure,
        measured_in=data["measured_in"] if measure in (COUNT, NUMBER) else "",
        direction=EXACT if measure == YES_NO else data["direction"],
        half_year=data["half_year"],
        yearly=data["yearly"],
        clause=clause,
        targets=tuple(
            PlannedTarget(
                (one["kind"],) if one["kind"] else (),
                (one["unit"],) if one["unit"] else (),
                _level(measure, one["level"]),
            )
            for one in data["targets"]
        ),
    )
