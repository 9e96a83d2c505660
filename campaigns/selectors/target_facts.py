"""One value of an indicator against its level, and how it is said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import TextChoices

from campaigns.measures import is_met, show_change, show_target, show_value
from campaigns.models import (
    Indicator,
    IndicatorTarget,
)

HALVES = ("cả năm", "6 tháng đầu năm", "6 tháng cuối năm")


class TargetStanding(TextChoices):
    MET = "met", "Đạt"
    UNMET = "unmet", "Chưa đạt"
    MISSING = "missing", "Chưa báo cáo"
    NO_LEVEL = "no-level", "Chỉ theo dõi"


@dataclass(frozen=True, slots=True)
class TargetFact:
    """One indicator of one unit in one year (or half of it): what was reported, asked, and reported a year before.

    `value` is None while no standing report holds it; `target` is the level that applied on the day that counts for the
    report, or on the day asked about while there is none, and None where nothing was ever asked. `later`: a level that
    applies to reports after this one. `is_required`: the plan wants it in every such report.
    """

    unit_id: UUID
    assignment_id: UUID
    indicator: Indicator
    year: int
    half: int
    value: Decimal | None = None
    note: str = ""
    target: IndicatorTarget | None = None
    later: IndicatorTarget | None = None
    before: Decimal | None = None
    is_required: bool = False
    submission_id: UUID | None = None
    reported_on: date | None = None
    document_number: str = ""  # of the report

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def level(self) -> Decimal | None:
        return self.target.level if self.target else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None while value or level is not known."""
        return is_met(self.indicator.direction, self.value, self.level)

    @property
    def standing(self) -> TargetStanding:
        if self.value is None:
            return TargetStanding.MISSING
        return {True: TargetStanding.MET, False: TargetStanding.UNMET, None: TargetStanding.NO_LEVEL}[self.met]

    @property
    def standing_words(self) -> str:
        """The result in words; a half-year's figure short of the level has the rest of the year to meet it."""
        if self.half and self.standing == TargetStanding.UNMET:
            return "Chưa đạt mức năm"
        return str(self.standing.label)

    @property
    def shown_value(self) -> str:
        return "" if self.value is None else self.show(self.value)

    @property
    def shown_before(self) -> str:
        return "" if self.before is None else self.show(self.before)

    @property
    def shown_target(self) -> str:
        return show_level(self.indicator, self.level)

    @property
    def shown_change(self) -> str:
        if self.value is None:
            return ""
        return show_change(self.indicator.measure, self.value, self.before, self.indicator.unit_words)

    @property
    def shown_later(self) -> str:
        return show_level(self.indicator, self.later.level) if self.later else ""

    @property
    def period(self) -> str:
        return show_period(self.year, self.half)

    def show(self, value: Decimal) -> str:
        return show_value(self.indicator.measure, value, self.indicator.unit_words)


def show_level(indicator: Indicator, level: Decimal | None) -> str:
    """A level in words; where none is set the indicator is only followed."""
    if level is None:
        return "chỉ theo dõi"
    return show_target(indicator.measure, indicator.direction, level, indicator.unit_words)


def show_period(year: int, half: int) -> str:
    return f"{HALVES[half]} {year}" if half else f"năm {year}"
