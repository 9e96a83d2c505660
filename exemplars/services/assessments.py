"""Judging nominations by the rulebook of their year, live for a page or stored for the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from exemplars import rules
from exemplars.models import Assessment, Nomination, RulebookEdition
from exemplars.selectors.editions import Judge, choose_judge, list_editions, open_rulebook
from exemplars.selectors.facts import ask_for, gather_cases


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment together with the edition and the case it came from."""

    assessment: rules.Assessment
    edition: RulebookEdition
    case: rules.Case


def assess_nominations(nominations: Sequence[Nomination], *, day: date) -> dict[UUID, Judged]:
    """Judge nominations with what is known on `day`; one without a rulebook for its year is left out.

    So is one whose person has moved out of sight: part of the record lies elsewhere, and a judgement by half of it
    could be wrong. What was stored last stands, and a unit above both may still judge.
    Queries: those of `gather_cases`, one for the editions and one for each different issuer.
    """
    nominations = [one for one in nominations if not one.nominee_left]
    judges = _find_judges(nominations)
    asked = [ask_for(one, judges[one.pk].period) for one in nominations if one.pk in judges]
    cases = gather_cases(asked, day=day)
    return {
        key: Judged(rules.assess(judges[key].rulebook, case), judges[key].edition, case) for key, case in cases.items()
    }


def _find_judges(nominations: Sequence[Nomination]) -> dict[UUID, Judge]:
    editions = list_editions({one.recognition.code for one in nominations}) if nominations else []
    known: dict[tuple[UUID, str, int], Judge | None] = {}
    found: dict[UUID, Judge] = {}
    for one in nominations:
        key = (one.campaign.issuer_id, one.recognition.code, one.year)
        if key not in known:
            known[key] = choose_judge(editions, one.campaign.issuer, one.recognition.code, one.year)
        judge = known[key]
        kind = rules.NomineeKind.PERSON if one.is_for_person else rules.NomineeKind.COLLECTIVE
        if judge is not None and judge.applies_to(kind):
            found[one.pk] = judge
    return found


def assess_nomination(nomination: Nomination, *, day: date) -> Judged | None:
    return assess_nominations([nomination], day=day).get(nomination.pk)


def list_judgements(nomination: Nomination, *, day: date) -> list[rules.Finding]:
    """The findings that a person's judgement decides: those the unit's head is asked about."""
    return pick_judgements(assess_nomination(nomination, day=day))


def pick_judgements(judged: Judged | None) -> list[rules.Finding]:
    """The same of what was judged already."""
    if judged is None:
        return []
    rulebook = open_rulebook(judged.edition.document)
    asked = {one.code for one in rulebook.criteria if rules.asks_people(one.predicate)}
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
