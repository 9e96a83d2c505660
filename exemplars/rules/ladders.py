"""Ladders: what "trở lên" means, as dated data.

A ladder orders codes from low to high and says from when to when the order holds, and for discipline on whom.
The same word may stand on several ladders (khiển trách stands on three), which is why a comparison asks every
ladder in force and answers only when they agree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from exemplars.rules.document import Section
from exemplars.rules.facts import Employment


class LadderKind(StrEnum):
    TITLE = "title"
    GRADING = "grading"
    DISCIPLINE = "discipline"
    MOVEMENT = "movement"  # the result of a unit in an emulation movement


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """``employment`` empty: for everybody. Both days inclusive; no last day: still in force."""

    kind: LadderKind
    steps: tuple[Step, ...]  # low to high
    source: str
    valid_from: date
    valid_to: date | None = None
    employment: tuple[Employment, ...] = ()
    _ranks: Mapping[str, int] = field(init=False, repr=False, compare=False)  # looked up for every fact of everybody

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ranks", {step.code: rank for rank, step in enumerate(self.steps)})

    def rank(self, code: str) -> int | None:
        return self._ranks.get(code)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Ladders:
    items: tuple[Ladder, ...]
    # Asked for every fact of everybody; kept beside the items, from which they follow.
    _of_kind: Mapping[LadderKind, tuple[Ladder, ...]] = field(init=False, repr=False, compare=False)
    _labels: Mapping[LadderKind, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = {kind: tuple(ladder for ladder in self.items if ladder.kind is kind) for kind in LadderKind}
        object.__setattr__(self, "_of_kind", kinds)
        steps = {kind: [step for ladder in ladders for step in ladder.steps] for kind, ladders in kinds.items()}
        # The first ladder that knows a code names it.
        labels = {kind: {step.code: step.label for step in reversed(found)} for kind, found in steps.items()}
        object.__setattr__(self, "_labels", labels)

    def reaches(
        self, kind: LadderKind, code: str, floor: str, *, on: date, employment: Employment | None = None
    ) -> bool | None:
        """Whether ``code`` stands at or above ``floor`` on that day.

        None when no ladder in force holds both, or when ladders that may apply disagree.
        """
        answer: bool | None = None
        for ladder in self._applying(kind, on, employment):
            rank, least = ladder.rank(code), ladder.rank(floor)
            if rank is not None and least is not None:
                if answer is not None and answer is not (rank >= least):
                    return None
                answer = rank >= least
        return answer

    def shortfall(self, kind: LadderKind, code: str, floor: str, *, on: date) -> int | None:
        """How many steps ``code`` stands below ``floor`` on that day; None when it does not, or nobody can say."""
        for ladder in self._applying(kind, on, None):
            rank, least = ladder.rank(code), ladder.rank(floor)
            if rank is not None and least is not None and rank < least:
                return least - rank
        return None

    def hold_both(self, kind: LadderKind, code: str, other: str) -> bool:
        """Whether some ladder, of whatever time, holds the two, so that they can be compared at all."""
        return any(
            ladder.kind is kind and ladder.rank(code) is not None and ladder.rank(other) is not None
            for ladder in self.items
        )

    def codes(self, kind: LadderKind) -> list[str]:
        """Every code of a kind at any time, each once, in the order of the document."""
        found = (step.code for ladder in self.items if ladder.kind is kind for step in ladder.steps)
        return list(dict.fromkeys(found))

    def label(self, kind: LadderKind, code: str) -> str:
        """The words for a code; a code that no ladder knows stands for itself."""
        return self._labels[kind].get(code, code)

    def _applying(self, kind: LadderKind, on: date, employment: Employment | None) -> Iterator[Ladder]:
        for ladder in self._of_kind[kind]:
            fits = not ladder.employment or employment is None or employment in ladder.employment
            if fits and ladder.in_force(on):
                yield ladder


def read_ladder(section: Section) -> Ladder:
    steps = tuple(_read_step(step) for step in section.sections("steps"))
    if not steps or len({step.code for step in steps}) != len(steps):
        section.refuse("steps", "các bậc từ thấp đến cao, mỗi mã một lần")
    ladder = Ladder(
        kind=section.choice("kind", LadderKind),
        steps=steps,
        source=section.text("source"),
        valid_from=section.day("valid_from"),
        valid_to=section.day_or_none("valid_to"),
        employment=section.choices("employment", Employment) if "employment" in section else (),
    )
    if ladder.valid_to is not None and ladder.valid_to < ladder.valid_from:
        section.refuse("valid_to", "ngày không sớm hơn valid_from")
    section.close()
    return ladder


def _read_step(section: Section) -> Step:
    step = Step(section.text("code"), section.text("label"))
    section.close()
    return step
