"""What a ballot asks, what a paper says and what a count finds, as plain values.

One form serves both kinds of ballot: a chosen name is a mark of "yes", so every rule about papers
is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    APPROVE = "approve"
    """Agree or disagree with each candidate."""
    CHOOSE = "choose"
    """Name the candidates one supports, at most as many as there are seats."""


class Vote(StrEnum):
    YES = "yes"
    NO = "no"
    BLANK = "blank"


class Denominator(StrEnum):
    """What a candidate's share is a share of."""

    MEMBERS = "members"
    PRESENT = "present"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Mark:
    candidate: str
    vote: Vote


Marks = tuple[Mark, ...]
"""Marks in one contest as they were written; a name may stand twice, which makes the paper invalid."""

Paper = Mapping[str, Marks]
"""Marks by contest; a contest left out is blank."""


@dataclass(frozen=True, slots=True)
class Contest:
    """One question of a ballot: a group of candidates who compete for the same seats."""

    id: str
    title: str
    seats: int | None
    """`None`: no limit, all who pass are elected."""
    candidates: tuple[str, ...]
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    """The candidates for asking whether one is among them; every paper asks for each of its names."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(self.candidates))


@dataclass(frozen=True, slots=True)
class PaperRules:
    """All that decides whether a paper is valid; frozen when the ballot opens."""

    kind: Kind
    blank_is_valid: bool
    contests: tuple[Contest, ...]


@dataclass(frozen=True, slots=True)
class CountInput:
    """A closed ballot: the rules applied to it, the numbers of the sitting and the opened papers."""

    members: int
    present: int
    issued: int
    quorum: Fraction
    denominator: Denominator
    threshold: Fraction | None
    """`None`: one "yes" is enough."""
    count_written: bool
    rules: PaperRules
    papers: tuple[Paper, ...]
    written: tuple[Paper, ...]
    """Opinions sent in writing by absent members."""

    @property
    def counted_papers(self) -> tuple[Paper, ...]:
        """Papers in the order that numbers them in a result: those cast, then the written ones."""
        return self.papers + self.written if self.count_written else self.papers


@dataclass(frozen=True, slots=True)
class InvalidPaper:
    paper: int
    """Position among the counted papers, from 0."""
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateTally:
    yes: int
    no: int
    blank: int
    denominator: int
    passed: bool

    @property
    def share(self) -> str:
        """Not reduced: people compare its two numbers with the ones they counted."""
        return f"{self.yes}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class ContestResult:
    """`elected`, `tied` and `not_elected` divide the candidates among them, in the ballot's order."""

    contest: Contest
    issued: int
    received: int
    """Papers out of the urn; written opinions are not among them, though `valid` counts them."""
    valid: int
    invalid: tuple[InvalidPaper, ...]
    denominator: int
    candidates: Mapping[str, CandidateTally]
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    not_elected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountResult:
    quorum_met: bool
    contests: tuple[ContestResult, ...]
    warnings: tuple[str, ...]
