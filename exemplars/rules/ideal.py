"""The best nominee there could be: what even they do not meet, nobody ever meets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from campaigns.measures import EXACT, YES, YES_NO
from exemplars.rules.engine import NotApplicableError, assess
from exemplars.rules.facts import (
    Attestation,
    Body,
    Case,
    EligibleTitle,
    Employment,
    Facts,
    Grading,
    HonourHeld,
    InitiativeHeld,
    Level,
    MovementResult,
    Nominee,
    NomineeKind,
    PastRecognition,
    Proposal,
    Service,
    TargetResult,
)
from exemplars.rules.findings import Status
from exemplars.rules.ladders import LadderKind
from exemplars.rules.questions import Predicate, Span
from exemplars.rules.rulebook import Recognition, Rulebook
from exemplars.rules.target_predicates import TargetsReached

_YEARS_BACK: Final = 50
_YEARS_TRIED: Final = 8


@dataclass(frozen=True, slots=True)
class KnownTitle:
    """A title, commendation or recognition of the catalogue: for whom it is, and at which level it is given."""

    name: str
    kinds: frozenset[NomineeKind]
    level: Level
    is_recognition: bool = False


def find_hopeless(rulebook: Rulebook, titles: Mapping[str, KnownTitle]) -> dict[str, str]:
    """Codes of criteria that the best nominee of no kind, in no recognition and year meets, with the reason."""
    reasons: dict[str, str] = {}
    met: set[str] = set()
    for recognition in rulebook.recognitions:
        for kind in NomineeKind:
            for year in _years(rulebook, recognition):
                case = _ideal_case(rulebook, recognition, kind, year, titles)
                try:
                    findings = assess(rulebook, case).findings
                except NotApplicableError:
                    continue  # no criteria for this kind
                for finding in findings:
                    if finding.status is Status.MET:
                        met.add(finding.code)
                    else:
                        reasons.setdefault(finding.code, finding.reason)
    return {code: reason for code, reason in reasons.items() if code not in met}


def _years(rulebook: Rulebook, recognition: Recognition) -> Iterable[int | None]:
    if recognition.period is not None:
        return [None]
    first = rulebook.valid_from.year
    last = rulebook.valid_to.year if rulebook.valid_to else first + _YEARS_TRIED
    return [year for year in range(first, min(last, first + _YEARS_TRIED) + 1) if rulebook.in_force(date(year, 12, 31))]


def _ideal_case(
    rulebook: Rulebook, recognition: Recognition, kind: NomineeKind, year: int | None, titles: Mapping[str, KnownTitle]
) -> Case:
    span = recognition.span(year)
    assert span is not None  # noqa: S101  the year was chosen to fit
    is_person = kind is NomineeKind.PERSON
    nominee = Nominee(kind, Employment.CIVIL_SERVANT, heads_unit=True) if is_person else Nominee(kind)
    unit = _ideal_facts(rulebook, recognition, NomineeKind.COLLECTIVE, span, titles)
    return Case(
        recognition=recognition.code,
        as_of=span.last_day + timedelta(days=1),
        nominee=nominee,
        facts=_ideal_facts(rulebook, recognition, kind, span, titles),
        year=year,
        unit=unit if is_person else Facts(),
    )


def _ideal_facts(
    rulebook: Rulebook, recognition: Recognition, kind: NomineeKind, span: Span, titles: Mapping[str, KnownTitle]
) -> Facts:
    years = range(span.first_day.year - _YEARS_BACK, span.last_day.year + 1)
    ladders = rulebook.ladders
    fitting = {code: one for code, one in titles.items() if kind in one.kinds}
    steps = [code for code in ladders.codes(LadderKind.TITLE) if code in fitting]
    best = {
        kind_of: next(iter(ladders.codes(kind_of)[::-1]), "") for kind_of in (LadderKind.GRADING, LadderKind.MOVEMENT)
    }
    codes = set(titles) | {one.code for one in rulebook.recognitions}
    # What is asked for is not held yet: nobody has it before it is given.
    past = [
        PastRecognition(code, year)
        for code in codes
        for year in years
        if not (code == recognition.code and year in span.years)
    ]
    return Facts(
        gradings=tuple(Grading(year, best[LadderKind.GRADING]) for year in years),
        eligible_titles=tuple(EligibleTitle(code, year) for code in steps for year in span.years),
        honours=tuple(HonourHeld(code, one.level, year) for code, one in fitting.items() for year in years),
        discipline=(),
        attested=tuple(Attestation(criterion.code) for criterion in rulebook.criteria),
        recognitions=tuple(past),
        proposed_by=tuple(Proposal(body) for body in Body),
        movement_results=tuple(MovementResult(year, best[LadderKind.MOVEMENT]) for year in years),
        initiatives=tuple(InitiativeHeld(level, year) for level in Level for year in years for _ in range(3)),
        service=(Service(date(years[0], 1, 1)),),
        leave=(),
        reviews=(),
        dissolutions=(),
        same_achievement=(),
        targets=tuple(
            TargetResult(year, one.indicator, "", YES_NO, EXACT, YES, YES, campaign=one.campaign)
            for criterion in rulebook.criteria
            for one in _asked_targets(criterion.predicate)
            for year in span.years
        ),
    )


def _asked_targets(predicate: Predicate) -> Iterable[TargetsReached]:
    if isinstance(predicate, TargetsReached):
        yield predicate
    parts: tuple[Predicate, ...] = getattr(predicate, "parts", ())
    for part in parts:
        yield from _asked_targets(part)
