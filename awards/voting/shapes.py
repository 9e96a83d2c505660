"""What a ballot asks, what a paper says and what a count finds, as plain values.

One form serves all kinds of ballot: a chosen name is a mark of "yes", and a score is one that carries its points,
so every rule about papers is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

MOST_DECIMALS = 6
"""Digits after the point that points may have; so few that a person can add them up."""


class Kind(StrEnum):
    APPROVE = "approve"
    """Agree or disagree with each candidate."""
    CHOOSE = "choose"
    """Name the candidates one supports, at most as many as there are seats."""
    SCORE = "score"
    """Give each candidate points from 0 to a maximum, in whole steps."""


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
    points: Fraction | None = None
    """In a "score" ballot, with a vote of "yes"; `None` there is an answer that is no exact number."""


Marks = tuple[Mark, ...]
"""Marks in one contest as they were written; a name may stand twice, which makes the paper invalid."""

Paper = Mapping[str, Marks]
"""Marks by contest; a contest left out is blank."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Which points a candidate may be given: 0, `step`, twice `step`, … up to `most`, a whole number of steps."""

    most: Fraction
    step: Fraction

    @property
    def decimals(self) -> int:
        """How many digits after the point the points on this scale need at most."""
        return len(decimal_text(self.step).partition(".")[2])


def decimal_text(value: Fraction) -> str:
    """Write a number of at most `MOST_DECIMALS` decimals in the one form it has: no needless zero, no exponent."""
    whole, rest = divmod(value * 10**MOST_DECIMALS, 10**MOST_DECIMALS)
    return f"{whole}.{int(rest):0{MOST_DECIMALS}}".rstrip("0").removesuffix(".")


def decimal_words(value: Fraction) -> str:
    """The same as people here write it, with a comma."""
    return decimal_text(value).replace(".", ",")


@dataclass(frozen=True, slots=True)
class Contest:
    """One question of a ballot: a group of candidates who compete for the same seats."""

    id: str
    title: str
    seats: int | None
    """`None`: no limit, all who pass are elected."""
    candidates: tuple[str, ...]
    scale: Scale | None = None
    """In a "score" ballot, and in no other."""
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
    """`None`: one "yes", or one point, is enough."""
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

    @property
    def weight(self) -> Fraction:
        """By this, candidates who passed are ranked for the seats."""
        return Fraction(self.yes)

    @property
    def is_unanimous(self) -> bool:
        """Whether every valid paper says the same, so that the tally tells what each of them says."""
        return self.yes + self.no + self.blank in (self.yes, self.no)


@dataclass(frozen=True, slots=True)
class ScoreTally:
    """What a candidate got in a "score" ballot. The most that was to be had is `denominator` times the maximum."""

    scores: tuple[Fraction, ...]
    blank: int
    denominator: int
    scale: Scale
    passed: bool

    @property
    def points(self) -> Fraction:
        return sum(self.scores, Fraction(0))

    @property
    def papers(self) -> int:
        """How many valid papers gave points, 0 points too."""
        return len(self.scores)

    @property
    def share(self) -> str:
        """Points of the most that was to be had, not reduced; two whole numbers, so in the scale's smallest digit."""
        unit = 10**self.scale.decimals
        return f"{self.points * unit}/{self.denominator * self.scale.most * unit}"

    @property
    def weight(self) -> Fraction:
        return self.points

    @property
    def is_unanimous(self) -> bool:
        return not self.blank and len(set(self.scores)) == 1


Tally = CandidateTally | ScoreTally


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
    candidates: Mapping[str, Tally]
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    not_elected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountResult:
    quorum_met: bool
    contests: tuple[ContestResult, ...]
    warnings: tuple[str, ...]
