"""What a plan says, each item with the sentence it came from. Values only; nothing here decides anything."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Code(StrEnum):
    """What a person should look at before the plan becomes a campaign."""

    DATE_BEFORE_ISSUE = "date-before-issue"
    YEAR_OUTSIDE_PLAN = "year-outside-plan"
    IMPOSSIBLE_DATE = "impossible-date"
    MALFORMED_DATE = "malformed-date"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MISSING_ANCHOR = "missing-anchor"
    NO_PRODUCING_STEP = "no-producing-step"
    MISSING_DEADLINE = "missing-deadline"
    ORDER_CONFLICT = "order-conflict"
    UNCOVERED_INTERVAL = "uncovered-interval"
    ANNIVERSARY_MISMATCH = "anniversary-mismatch"
    CITATION_MISMATCH = "citation-mismatch"
    MISSING_NUMBER = "missing-number"
    MISSING_DATE = "missing-date"
    MISSING_SIGNER = "missing-signer"
    PERSONAL_DATA = "personal-data"


class DueKind(StrEnum):
    ABSOLUTE = "absolute"
    RANGE = "range"
    RELATIVE = "relative"
    OCCASION = "occasion"
    RECURRENT = "recurrent"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `PlanReading.text`, the end exclusive."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        return self.start <= place < self.end


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of the plan's text under its number, "II.2.a"; without a label where none was read."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Due:
    """A time as the plan states it. `kind` is None where the plan states none.

    `on` is the day the words name, for "trước ngày X" X itself. `first` and `last` bound a range, the years of a
    recurrent duty, or the year of an occasion. `days` counts from `anchor`; it is negative for days before it.
    """

    kind: DueKind | None = None
    on: date | None = None
    first: date | None = None
    last: date | None = None
    days: int | None = None
    working_days: bool = False
    anchor: str | None = None
    excludes_named_day: bool = False
    """"Trước ngày X": by the words, X is too late."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PageLimit:
    paper: str
    at_most: int


@dataclass(frozen=True, slots=True)
class Obligation:
    who: str | None
    what: str
    owed_to: str | None
    due: Due
    page_limits: tuple[PageLimit, ...]
    line: int
    quote: str
    span: Span
    warnings: tuple[Code, ...] = ()
    papers_if_any: tuple[str, ...] = ()
    """Papers that the plan marks «(nếu có)», with a limit of pages or without."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`is_percent`: `at_most` is a share, and `group` then begins with "%"."""

    title: str | None
    group: str | None
    at_most: int
    line: int
    quote: str
    span: Span
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    """A level that the plan sets. `measure` and `direction` are values of `campaigns.measures`, `level` as people
    write it ("98,5", "yes")."""

    title: str
    measure: str
    measured_in: str
    direction: str
    level: str
    who: str | None
    line: int
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class PlanPhase:
    name: str
    first: date | None
    last: date | None
    line: int
    quote: str
    span: Span
    dates: Span
    """The words for the two days alone."""


@dataclass(frozen=True, slots=True)
class Citation:
    """`kind` in the plan's words ("Quyết định"); a law may have a name instead of a number."""

    kind: str
    number: str | None
    date: date | None
    line: int
    quote: str
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class PlanWarning:
    code: Code
    line: int
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Header:
    number: str | None = None
    issuer: str | None = None
    place: str | None = None
    issued_on: date | None = None
    title: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    number_span: Span | None = None
    date_span: Span | None = None
    title_span: Span | None = None
    signer_span: Span | None = None
    earliest_issue: date | None = None
    """The plan cannot be older: its day, the first day of its month, or the youngest document it cites."""
    latest_issue: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The time a plan says it covers."""

    first: date
    last: date
    span: Span
    is_exact: bool = True
    """A school year has no fixed ends."""


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """An entry of the register of legal documents, as far as citations are compared with it."""

    number: str
    type: str
    issued_on: date | None
    subject: str


@dataclass(frozen=True, slots=True)
class PlanReading:
    text: str
    """The plan as it was read; every span is a stretch of it, every line number one of its lines."""
    header: Header
    period: Period | None
    obligations: tuple[Obligation, ...]
    quotas: tuple[Quota, ...]
    phases: tuple[PlanPhase, ...]
    citations: tuple[Citation, ...]
    warnings: tuple[PlanWarning, ...]
    indicators: tuple[PlanIndicator, ...] = ()
    clauses: tuple[Clause, ...] = ()


NO_DUE: Final = Due()
