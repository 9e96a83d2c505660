"""What every check of a plan sees, and how it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.planreader.moments import Moment, find_moments
from campaigns.planreader.reading import (
    Citation,
    Code,
    Due,
    Header,
    KnownDocument,
    Obligation,
    Period,
    PlanPhase,
    PlanWarning,
    Span,
)
from campaigns.planreader.structure import Outline
from campaigns.planreader.text import Text


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything read, as the checks see it."""

    outline: Outline
    header: Header
    period: Period | None
    obligations: tuple[Obligation, ...]
    phases: tuple[PlanPhase, ...]
    citations: tuple[Citation, ...]
    moments: tuple[Moment, ...]
    register: Mapping[str, KnownDocument]
    holidays: Mapping[date, str]

    @property
    def text(self) -> Text:
        return self.outline.text


def warn(read: Checked, code: Code, place: int, message: str, end: int | None = None) -> PlanWarning:
    return PlanWarning(code, read.text.line_at(place), message, Span(place, end if end is not None else place + 1))


def day_place(read: Checked, due: Due, fallback: int) -> int:
    """Where the day itself stands: a sentence may be broken over lines."""
    if due.span is None:
        return fallback
    inside = find_moments(read.text, due.span.start, due.span.end)
    wanted = [moment for moment in inside if moment.first == due.on or moment.last == due.last]
    return (wanted or inside)[-1].start if inside else due.span.start
