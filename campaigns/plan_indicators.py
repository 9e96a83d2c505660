"""Reader of the indicators of a plan's file, with their targets.

[[indicator]]
code = "AN-HC"              the same code in another year's plan is the same indicator
title = "…"
measure = "percent"         or "count", "number" (both with `measured_in`), "yes-no"
direction = "more"          or "less", "exact"; yes or no has none
half_year = "optional"      or "required", "none"; `yearly` alike
yearly = "required"
clause = "II.1.1"

[[indicator.target]]
kinds = ["chi-cuc"]         or `units`; without either for everybody
level = "98.5"              as text, or "yes"; left out where a value is only followed
"""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.measures import COUNT, DIRECTIONS, EXACT, NUMBER, PERCENT, YES_NO, WrongValueError, parse_value
from units.data_file import Entry
from units.register_file import KINDS as UNIT_KINDS

MEASURES = frozenset({PERCENT, COUNT, NUMBER, YES_NO})
DUTIES = frozenset({"none", "optional", "required"})


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A level for kinds of unit and named units, or with neither for everybody; None where it is only followed."""

    kinds: tuple[str, ...]
    units: tuple[str, ...]
    level: Decimal | None


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    code: str
    title: str
    measure: str
    measured_in: str
    direction: str
    half_year: str
    yearly: str
    clause: str
    targets: tuple[PlannedTarget, ...]


def read_indicator(entry: Entry) -> PlannedIndicator:
    measure = entry.choice("measure", MEASURES)
    indicator = PlannedIndicator(
        code=entry.text("code").upper(),
        title=entry.text("title"),
        measure=measure,
        measured_in=entry.text("measured_in") if measure in (COUNT, NUMBER) else "",
        direction=EXACT if measure == YES_NO else entry.choice("direction", DIRECTIONS),
        half_year=entry.choice("half_year", DUTIES),
        yearly=entry.choice("yearly", DUTIES),
        clause=entry.text("clause"),
        targets=tuple(_read_target(one, measure) for one in entry.entries("target", named_by="level")),
    )
    if {indicator.half_year, indicator.yearly} == {"none"}:
        entry.report("yearly", "chỉ tiêu không có trong báo cáo nào; cần ít nhất một loại báo cáo.")
    entry.finish()
    return indicator


def _read_target(entry: Entry, measure: str) -> PlannedTarget:
    target = PlannedTarget(
        kinds=entry.choices("kinds", UNIT_KINDS), units=entry.texts("units"), level=_read_level(entry, measure)
    )
    entry.finish()
    return target


def _read_level(entry: Entry, measure: str) -> Decimal | None:
    """Levels are written as text, so that a file never passes through binary fractions."""
    typed = entry.optional_text("level")
    if typed is None:
        return None
    try:
        return parse_value(measure, typed)
    except WrongValueError as wrong:
        entry.report("level", f"giá trị «{typed}» không đúng; cần mức giao theo cách tính. {wrong}")
        return None
