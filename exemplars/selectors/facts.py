"""What is known about nominees, gathered for any number of nominations in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from exemplars import rules
from exemplars.models import Attestation, Nomination
from units.models import DisciplinaryAction, Grading, Posting, TitleEligibility, TitleKind
from units.selectors.record import list_standing_honours


def gather_cases(nominations: Sequence[Nomination], *, day: date) -> dict[UUID, rules.Case]:
    """For each nomination the case that the rules judge, as known on `day`. Seven queries, whatever the number.

    Person, collective and unit of the nominations must be loaded.
    """
    people = {one.person_id for one in nominations if one.person_id}
    units = {one.collective_id or one.unit_id for one in nominations}
    heads = _find_heads(people, day)
    record = _Record(people, units)
    attested = _gather_attestations(nominations)
    return {
        one.pk: _build_case(one, record, attested[one.pk], heads_unit=(one.person_id, one.unit_id) in heads, day=day)
        for one in nominations
    }


def _find_heads(people: Iterable[UUID], day: date) -> set[tuple[UUID, UUID]]:
    """Who heads which unit on `day`."""
    return set(
        Posting.objects.filter(person__in=people, is_head=True, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .values_list("person_id", "unit_id")
    )


def _gather_attestations(nominations: Iterable[Nomination]) -> dict[UUID, list[rules.Attestation]]:
    attested: dict[UUID, list[rules.Attestation]] = defaultdict(list)
    for row in Attestation.objects.filter(nomination__in=[one.pk for one in nominations]):
        source = rules.Source(decision=row.grounds, on=localdate(row.attested_at), by=row.attested_label)
        attested[row.nomination_id].append(rules.Attestation(row.criterion, holds=row.holds, source=source))
    return attested


class _Record:
    """The record of some people and units, by subject id. A subject is a person or a unit; their ids never meet."""

    def __init__(self, people: set[Any], units: set[Any]) -> None:
        about = Q(person__in=people) | Q(collective__in=units)
        self.gradings = _by_subject(Grading.objects.filter(about))
        self.eligibilities = _by_subject(TitleEligibility.objects.filter(about).select_related("title"))
        self.honours = _by_subject(list_standing_honours().filter(about))
        self.discipline: dict[UUID, list[DisciplinaryAction]] = defaultdict(list)
        self.staff_discipline: dict[UUID, list[DisciplinaryAction]] = defaultdict(list)
        for action in DisciplinaryAction.objects.filter(Q(person__in=people) | Q(unit__in=units)):
            self.discipline[action.person_id].append(action)
            self.staff_discipline[action.unit_id].append(action)

    def facts_of_person(self, person: UUID, attested: list[rules.Attestation]) -> rules.Facts:
        own = [_discipline(action, rules.DisciplineOf.NOMINEE) for action in self.discipline[person]]
        return self._facts(person, own, attested)

    def facts_of_unit(self, unit: UUID, attested: list[rules.Attestation]) -> rules.Facts:
        staff = [_discipline(action, rules.DisciplineOf.STAFF) for action in self.staff_discipline[unit]]
        return self._facts(unit, staff, attested)

    def _facts(
        self, subject: UUID, discipline: list[rules.Discipline], attested: list[rules.Attestation]
    ) -> rules.Facts:
        honours = self.honours[subject]
        eligibilities = self.eligibilities[subject]
        return rules.Facts(
            gradings=tuple(rules.Grading(row.year, row.grade, _source(row)) for row in self.gradings[subject]),
            # No line at all means that nobody has looked yet; a line that says "no" is knowledge.
            eligible_titles=tuple(
                rules.EligibleTitle(row.title.code, row.year, _source(row)) for row in eligibilities if row.is_eligible
            )
            if eligibilities
            else None,
            honours=tuple(
                rules.HonourHeld(row.title.code, rules.Level(row.title.level), row.year, _source(row))
                for row in honours
                if row.title.kind != TitleKind.RECOGNITION
            ),
            discipline=tuple(discipline),
            attested=tuple(attested) or None,
            recognitions=tuple(
                rules.PastRecognition(row.title.code, row.year, _source(row))
                for row in honours
                if row.title.kind == TitleKind.RECOGNITION
            ),
        )


def _by_subject(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id or row.collective_id].append(row)
    return found


def _source(row: Any) -> rules.Source:
    return rules.Source(decision=row.decision_number, on=row.decided_on)


def _discipline(action: DisciplinaryAction, of: rules.DisciplineOf) -> rules.Discipline:
    source = rules.Source(decision=action.decision_number, on=action.decided_on)
    return rules.Discipline(of=of, form=action.form, on=action.decided_on, source=source)


def _build_case(
    nomination: Nomination, record: _Record, attested: list[rules.Attestation], *, heads_unit: bool, day: date
) -> rules.Case:
    if nomination.person is not None:
        return rules.Case(
            recognition=nomination.recognition.code,
            year=nomination.year,
            as_of=day,
            nominee=rules.Nominee(
                rules.NomineeKind.PERSON, rules.Employment(nomination.person.employment), heads_unit=heads_unit
            ),
            facts=record.facts_of_person(nomination.person.pk, attested),
            unit=record.facts_of_unit(nomination.unit_id, []) if heads_unit else rules.NOTHING_KNOWN,
        )
    assert nomination.collective_id is not None  # noqa: S101  the database holds one of the two
    return rules.Case(
        recognition=nomination.recognition.code,
        year=nomination.year,
        as_of=day,
        nominee=rules.Nominee(rules.NomineeKind.COLLECTIVE),
        facts=record.facts_of_unit(nomination.collective_id, attested),
    )
