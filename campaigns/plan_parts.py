"""What a plan entered as data is made of: citations, times, who owes, papers, obligations, quotas, clusters."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from campaigns.plan_bearers import ClusterPart


@dataclass(frozen=True, slots=True)
class Citation:
    plan: str
    clause: str

    def __str__(self) -> str:
        return f"{self.plan}, {self.clause}"


@dataclass(frozen=True, slots=True)
class Due:
    """A time as the plan states it; which fields are set follows from `type`.

    `before-day`: `day` itself is too late by the words. `until-day`: `day` still counts. `month`, `quarter`:
    with `year`. `range`: `first` to `last`. `days-after`: `days` (`working`: of work) from `after`, which
    `after_obligation` brings about if set. `recurrent`: once `every` month, quarter, half-year or year of the campaign,
    by the end of day `until` of its last month if set. `occasion`: `occasion`, with `day` if the calendar fixes
    it. `unstated`: nothing. `read_as` is our reading of a `day` that cannot be right; until the issuer confirms it,
    it is a proposal.
    """

    type: str
    day: date | None = None
    read_as: date | None = None
    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    days: int | None = None
    after: str | None = None
    after_obligation: str | None = None
    occasion: str | None = None
    first: date | None = None
    last: date | None = None
    working: bool = False
    every: str | None = None
    until: int | None = None

    def written_span(self) -> tuple[date, date] | None:
        """First and last calendar day the words name, both inclusive; None if they name none."""
        if self.day is not None:
            return self.day, self.day
        if self.first is not None and self.last is not None:
            return self.first, self.last
        if self.year is None:
            return None
        last_month = self.month or (self.quarter or 4) * 3
        first_month = self.month or last_month - 2
        last_day = monthrange(self.year, last_month)[1]
        return date(self.year, first_month, 1), date(self.year, last_month, last_day)


@dataclass(frozen=True, slots=True)
class Owers:
    """Units of `kinds` in the subtree of `within`, and `units`, and those whom `cluster` names by their place."""

    kinds: tuple[str, ...]
    within: str | None
    units: tuple[str, ...]
    cluster: ClusterPart | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    max_pages: int | None
    required: bool


@dataclass(frozen=True, slots=True)
class PlannedObligation:
    code: str
    title: str
    kind: str
    phase: str | None
    awards: tuple[str, ...]
    """What a nomination under this obligation may ask for."""
    optional: bool
    owed_by: Owers
    owed_to: str
    copies_to: tuple[str, ...]
    papers: tuple[Paper, ...]
    due: Due
    phrase: str | None
    """The plan's own words for the time; None where the plan has none."""
    set_by_office: bool
    """The plan gives no day; the office set the one in `due`, and `note` says so."""
    citation: Citation
    warnings: tuple[str, ...]
    note: str | None
    filing: str | None = None
    """What is filed, where the kind does not say enough."""
    indicators: bool = True
    """A half-year or yearly report holds the unit's indicators; one about others does not."""


@dataclass(frozen=True, slots=True)
class PlannedQuota:
    code: str
    title: str
    award: str
    unit_kinds: tuple[str, ...]
    at_most: int | None
    among: tuple[str, ...]
    """Codes of the quotas whose winners alone may be chosen; empty if any unit may."""
    tentative: bool
    """The plan calls the number an intention (dự kiến)."""
    phrase: str
    citation: Citation
    percent: int | None = None
    """A share of `percent_of` in place of `at_most`, made whole by `rounding` (`campaigns.shares`)."""
    percent_of: str = ""
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCluster:
    code: str
    name: str
    kind: str
    year: int
    head: str
    deputies: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    citation: Citation
    text: str
