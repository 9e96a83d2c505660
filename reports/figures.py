"""The numbers of a campaign, as plain values: one shape for the page, the workbook and the paper."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Self


class Measure(StrEnum):
    """What is counted; each is a column, a filter of the rows behind it, and a rule said in words."""

    OWED = "owed"
    NOMINATED = "nominated"
    QUALIFIED = "qualified"
    ACCEPTED = "accepted"
    RECOGNISED = "recognised"
    UNSENT = "unsent"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def rule(self) -> str:
        return RULES[self]


LABELS = {
    Measure.OWED: "Phải gửi",
    Measure.NOMINATED: "Đã đề nghị",
    Measure.QUALIFIED: "Đủ tiêu chuẩn",
    Measure.ACCEPTED: "Trình Hội đồng",
    Measure.RECOGNISED: "Được công nhận",
    Measure.UNSENT: "Chưa gửi",
}
RULES = {
    Measure.OWED: "Số việc “gửi đề nghị” mà kế hoạch bắt buộc đơn vị làm.",
    Measure.NOMINATED: "Số đề nghị đã trình thủ trưởng trở đi; không tính bản nháp và đề nghị đã rút.",
    Measure.QUALIFIED: "Số đề nghị đã trình mà lần đối chiếu gần nhất đạt mọi tiêu chuẩn.",
    Measure.ACCEPTED: "Số đề nghị đã được đưa ra Hội đồng, kể cả khi Hội đồng đã kết luận.",
    Measure.RECOGNISED: "Số đề nghị đã có quyết định công nhận.",
    Measure.UNSENT: "Số việc phải gửi chưa hoàn thành: đơn vị chưa chuyển đề nghị lên cấp trên, chưa báo đã gửi giấy.",
}


@dataclass(frozen=True, slots=True)
class Figures:
    owed: int = 0
    nominated: int = 0
    qualified: int = 0
    accepted: int = 0
    recognised: int = 0
    unsent: int = 0

    def __add__(self, other: Self) -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __bool__(self) -> bool:
        return self != Figures()

    @property
    def sent_percent(self) -> int | None:
        """Whole percent of what is owed and was sent, rounded down so that 100 means all; None when nothing is owed."""
        return (self.owed - self.unsent) * 100 // self.owed if self.owed else None

    def of(self, measure: Measure) -> int:
        number: int = getattr(self, measure.value)
        return number


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one unit; `is_own` means the office itself without what lies below it."""

    code: str
    name: str
    is_own: bool
    figures: Figures

    @property
    def cells(self) -> list[tuple[Measure, int]]:
        return [(measure, self.figures.of(measure)) for measure in Measure]


@dataclass(frozen=True, slots=True)
class Branch:
    """A province's body and the units below it, counted apart: `line` is not made by adding `children`."""

    line: Line
    children: tuple[Line, ...]

    @property
    def agrees(self) -> bool:
        return add(self.children) == self.line.figures


@dataclass(frozen=True, slots=True)
class CampaignSummary:
    """The numbers of one campaign as one unit may see them, counted at `as_of`."""

    code: str
    campaign: str
    phase: str
    phase_title: str
    plan: str
    unit: str
    superior: str
    place: str
    as_of: datetime
    branches: tuple[Branch, ...]

    @property
    def total(self) -> Figures:
        return add(tuple(branch.line for branch in self.branches))

    @property
    def agreeing(self) -> int:
        return sum(branch.agrees for branch in self.branches)

    @property
    def agrees(self) -> bool:
        return self.agreeing == len(self.branches)

    def branch(self, code: str) -> Branch | None:
        return next((branch for branch in self.branches if branch.line.code == code), None)


def add(lines: tuple[Line, ...]) -> Figures:
    total = Figures()
    for line in lines:
        total += line.figures
    return total


def cells(figures: Figures) -> list[tuple[Measure, int]]:
    return [(measure, figures.of(measure)) for measure in Measure]
