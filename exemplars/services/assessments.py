"""Judging nominations by the rulebook of their year, live for a page or stored for the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from exemplars import rules
from exemplars.models import Assessment, Nomination, RulebookEdition
from exemplars.selectors.facts import gather_cases
from exemplars.selectors.nominations import find_edition


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment together with the edition and the case it came from."""

    assessment: rules.Assessment
    edition: RulebookEdition
    case: rules.Case


@lru_cache(maxsize=64)
def _open_rulebook(document: str) -> rules.Rulebook:
    # An edition never changes, so a parsed one is good for the life of the process.
    return rules.parse_rulebook(document)


def assess_nominations(nominations: Sequence[Nomination], *, day: date) -> dict[UUID, Judged]:
    """Judge nominations with what is known on `day`; one without a rulebook for its year is left out.

    So is one whose person has moved out of sight: part of the record lies elsewhere, and a judgement by half of it
    could be wrong. What was stored last stands, and a unit above both may still judge.
    Queries: those of `gather_cases`, and one for each different campaign, recognition and year.
    """
    nominations = [one for one in nominations if not one.nominee_left]
    cases = gather_cases(nominations, day=day)
    editions: dict[tuple[UUID, str, int], RulebookEdition | None] = {}
    judged: dict[UUID, Judged] = {}
    for one in nominations:
        key = (one.campaign.issuer_id, one.recognition.code, one.year)
        if key not in editions:
            editions[key] = find_edition(one.campaign.issuer, one.recognition.code, one.year)
        edition = editions[key]
        if edition is not None:
            rulebook = _open_rulebook(edition.document)
            case = _as_asked(cases[one.pk], rulebook)
            judged[one.pk] = Judged(rules.assess(rulebook, case), edition, case)
    return judged


def _as_asked(case: rules.Case, rulebook: rules.Rulebook) -> rules.Case:
    """A recognition of a period has no year, although every nomination is made in one."""
    recognition = rulebook.recognition(case.recognition)
    return replace(case, year=None) if recognition is not None and recognition.period else case


def assess_nomination(nomination: Nomination, *, day: date) -> Judged | None:
    return assess_nominations([nomination], day=day).get(nomination.pk)


def list_judgements(nomination: Nomination, *, day: date) -> list[rules.Finding]:
    """The findings that a person's judgement decides: those the unit's head is asked about."""
    judged = assess_nomination(nomination, day=day)
    if judged is None:
        return []
    rulebook = _open_rulebook(judged.edition.document)
    asked = {one.code for one in rulebook.criteria if isinstance(one.predicate, rules.Attested | rules.TrackRecord)}
    return [finding for finding in judged.assessment.findings if finding.code in asked]


def store_assessment(nomination: Nomination, *, occasion: str, day: date, at: datetime) -> Assessment | None:
    """Judge and keep the result with everything it read, so that it can be judged again years later."""
    judged = assess_nomination(nomination, day=day)
    if judged is None:
        return None
    return Assessment.objects.create(
        unit=nomination.unit,
        nomination=nomination,
        edition=judged.edition,
        verdict=judged.assessment.verdict.value,
        question=rules.dump_case(judged.case),
        findings=judged.assessment.to_json()["findings"],
        occasion=occasion,
        assessed_at=at,
    )
