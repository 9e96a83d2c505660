"""What is known about a nominee: plain values, gathered elsewhere, judged here.

One distinction runs through everything: ``None`` means *nobody knows* and an empty tuple means *known to be
none*. A list named in ``partly`` is true and may be longer. Gradings and movement results are asked year by year:
a year that is not there is not known.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from campaigns.measures import PERCENT, show_value


class NomineeKind(StrEnum):
    PERSON = "person"
    COLLECTIVE = "collective"

    @property
    def label(self) -> str:
        return "cá nhân" if self is NomineeKind.PERSON else "tập thể"


class Employment(StrEnum):
    CIVIL_SERVANT = "civil-servant"
    PUBLIC_EMPLOYEE = "public-employee"
    CONTRACT = "contract"

    @property
    def label(self) -> str:
        return {
            Employment.CIVIL_SERVANT: "công chức",
            Employment.PUBLIC_EMPLOYEE: "viên chức",
            Employment.CONTRACT: "người lao động",
        }[self]


class Level(StrEnum):
    """Who bestowed an honour."""

    GRASSROOTS = "grassroots"
    MINISTRY = "ministry"
    SECTOR = "sector"
    PROVINCE = "province"
    STATE = "state"


class Body(StrEnum):
    """Who reviews and proposes to the minister."""

    BUREAU = "cuc"
    DIRECTORATE = "tong-cuc"
    SCHOOL = "truong"

    @property
    def label(self) -> str:
        return {Body.BUREAU: "Cục THADS", Body.DIRECTORATE: "Tổng cục THADS", Body.SCHOOL: "Trường"}[self]


class DisciplineOf(StrEnum):
    NOMINEE = "nominee"
    STAFF = "staff"  # under the collective's direct management on that day


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: the paper, its day, the person who vouches. What is not known stays empty."""

    decision: str = ""
    on: date | None = None
    by: str = ""


NO_SOURCE = Source()


@dataclass(frozen=True, slots=True)
class Grading:
    year: int
    grade: str
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class EligibleTitle:
    """Somebody found the nominee eligible to be considered for a title; that is not yet the title."""

    title: str
    year: int
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class HonourHeld:
    """A title or an award, for the achievement of ``year``; the decision may be of a later day."""

    title: str
    level: Level
    year: int
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Discipline:
    of: DisciplineOf
    form: str
    on: date
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's judgement on the criterion of this code; ``holds`` false is a judgement too."""

    code: str
    holds: bool = True
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class PastRecognition:
    """``year`` is the year of an annual recognition; one of a period needs none."""

    recognition: str
    year: int | None = None
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Proposal:
    body: Body
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class MovementResult:
    year: int
    result: str
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class InitiativeHeld:
    """An initiative or a study that a body of this level has recognised, for ``year``."""

    level: Level
    year: int
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Service:
    """Time in the service of the nominee, both days inclusive; no last day: still serving."""

    since: date
    until: date | None = None
    source: Source = NO_SOURCE


class LeaveKind(StrEnum):
    MATERNITY = "maternity"
    RESCUE = "rescue"  # hurt while saving people or property
    STUDY = "study"
    SICK = "sick"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            LeaveKind.MATERNITY: "thai sản",
            LeaveKind.RESCUE: "bị thương khi cứu người, cứu tài sản",
            LeaveKind.STUDY: "đi học",
            LeaveKind.SICK: "ốm",
            LeaveKind.OTHER: "lý do khác",
        }[self]


@dataclass(frozen=True, slots=True)
class Leave:
    """Both days inclusive."""

    kind: LeaveKind
    first_day: date
    last_day: date
    source: Source = NO_SOURCE

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("Ngày cuối của đợt nghỉ không thể trước ngày đầu.")


@dataclass(frozen=True, slots=True)
class Review:
    """A disciplinary review, an inspection or the verifying of a complaint; no last day: still going on."""

    since: date
    until: date | None = None
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Dissolution:
    """The collective is dissolved from that day on."""

    on: date
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class SameAchievement:
    """An award that has honoured this very achievement already."""

    title: str
    year: int
    source: Source = NO_SOURCE


# Lists of which more may be true than what is told: with them alone one can tell that something is, not that it is not.
MAY_BE_PARTLY: Final = frozenset({"initiatives", "service", "leave", "reviews", "same_achievement"})


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What a plan asks of a unit for a year, and what its yearly report says; `source` is that report.

    `measure` and `direction` are the words of `campaigns.measures`. No `level`: only followed; no `value`: not yet
    reported.
    """

    year: int
    indicator: str
    title: str
    measure: str
    direction: str
    level: Decimal | None = None
    value: Decimal | None = None
    measured_in: str = ""
    campaign: str = ""
    source: Source = NO_SOURCE

    @property
    def unit_words(self) -> str:
        return "%" if self.measure == PERCENT else self.measured_in

    @property
    def shown_value(self) -> str:
        return "" if self.value is None else show_value(self.measure, self.value, self.unit_words)


@dataclass(frozen=True, slots=True)
class Facts:
    """``partly`` names the lists of which some is known and more may be."""

    gradings: tuple[Grading, ...] | None = None
    eligible_titles: tuple[EligibleTitle, ...] | None = None
    honours: tuple[HonourHeld, ...] | None = None
    discipline: tuple[Discipline, ...] | None = None
    attested: tuple[Attestation, ...] | None = None
    recognitions: tuple[PastRecognition, ...] | None = None
    proposed_by: tuple[Proposal, ...] | None = None
    movement_results: tuple[MovementResult, ...] | None = None
    initiatives: tuple[InitiativeHeld, ...] | None = None
    service: tuple[Service, ...] | None = None
    leave: tuple[Leave, ...] | None = None
    reviews: tuple[Review, ...] | None = None
    dissolutions: tuple[Dissolution, ...] | None = None
    same_achievement: tuple[SameAchievement, ...] | None = None
    targets: tuple[TargetResult, ...] | None = None
    partly: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for yearly in (self.gradings, self.movement_results):
            if yearly and len({fact.year for fact in yearly}) != len(yearly):
                raise ValueError("Mỗi năm chỉ có một kết quả xếp loại và một kết quả phong trào.")


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Nominee:
    kind: NomineeKind
    employment: Employment | None = None
    heads_unit: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One nominee, one recognition: everything that a verdict depends on besides the rulebook.

    ``year`` is the year of an annual recognition; a recognition of a period has none. ``as_of`` is the day
    on which the question is asked. ``unit`` is what is known about the unit that the nominee heads.
    """

    recognition: str
    as_of: date
    nominee: Nominee
    facts: Facts
    year: int | None = None
    unit: Facts = NOTHING_KNOWN
