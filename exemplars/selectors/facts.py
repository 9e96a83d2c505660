"""What is known about nominees, gathered for any number of them in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from exemplars import rules
from exemplars.models import Attestation, Nomination, Proposal
from exemplars.selectors.achievements import Texts, read_texts
from exemplars.selectors.among import among
from exemplars.selectors.past import Record
from exemplars.selectors.posts import Post, read_posts
from exemplars.selectors.target_facts import Targets, gather_targets, pick_targets
from units.scoping import Persona, current_scope


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the record: whom it is about, for which recognition, over which time.

    `unit` is the collective itself, or where the person is put forward. `year` is None for a recognition of a period.
    `nomination` brings what people have said: attestations and proposals hang on it.
    """

    key: UUID
    recognition: str
    span: rules.Span
    year: int | None
    unit: UUID
    person: UUID | None = None
    employment: str = ""
    nomination: UUID | None = None


def ask_for(nomination: Nomination, period: rules.Span | None = None) -> Asked:
    """The question that a nomination puts; its person must be loaded. `period` where the recognition has one."""
    year = nomination.year
    return Asked(
        key=nomination.pk,
        recognition=nomination.recognition.code,
        span=period or rules.Span(date(year, 1, 1), date(year, 12, 31)),
        year=None if period else year,
        unit=nomination.collective_id or nomination.unit_id,
        person=nomination.person_id,
        employment=nomination.person.employment if nomination.person else "",
        nomination=nomination.pk,
    )


def gather_cases(asked: Sequence[Asked], *, day: date) -> dict[UUID, rules.Case]:
    """For each question the case that the rules judge, as known on `day`: fourteen queries, whatever the number, one
    more where awards of the same time came from other nominations, one where a unit took in another one, and five
    where plans ask units for figures.

    What the register does not know stays unknown. Whoever heads a unit is told by the post held on `day`, or on the
    last day of the time asked about when that is over; of a unit out of sight nothing is known.
    """
    people = {one.person for one in asked if one.person}
    posts = list(read_posts(among("person_id", people))) if people else []
    heads = _find_heads((post for post in posts if post.is_head), asked, day)
    units = {one.unit for one in asked if one.person is None} | {
        post.unit for post in heads.values() if _is_in_sight(post.unit_path)
    }
    record = Record(people, units, posts, day)
    record.tell_achievements(_read_achievements(asked, record))
    said = _gather_said([one.nomination for one in asked if one.nomination])
    targets = gather_targets(units, {year for one in asked for year in one.span.years}, day=day)
    return {one.key: _build_case(one, record, targets, said, heads.get(one.key), day) for one in asked}


def _read_achievements(asked: Sequence[Asked], record: Record) -> Texts:
    """Only where a nomination is asked about and an award of its time came from another one."""
    awarded = {one.nomination: record.name_awarded(one.person or one.unit, one.span) for one in asked if one.nomination}
    compared = [nomination for nomination, found in awarded.items() if nomination and set(found) - {nomination}]
    return read_texts([*compared, *(one for found in awarded.values() for one in found)] if compared else [])


def _find_heads(posts: Iterable[Post], asked: Sequence[Asked], day: date) -> dict[UUID, Post]:
    """Which unit each nominee headed on the day that counts; the unit that asks comes before another one."""
    held: dict[UUID, list[Post]] = {}
    for post in posts:
        held.setdefault(post.person, []).append(post)
    found: dict[UUID, Post] = {}
    for one in asked:
        on = min(day, one.span.last_day)
        holding = [post for post in held.get(one.person, ()) if post.holds_on(on)] if one.person else []
        if holding:
            found[one.key] = min(holding, key=lambda post: (post.unit != one.unit, post.valid_from, post.unit.hex))
    return found


def _is_in_sight(path: str) -> bool:
    scope = current_scope()
    if scope.persona is Persona.UNIT:
        return path.startswith(scope.path)
    return scope.persona is Persona.MAINTENANCE


@dataclass(slots=True)
class _Said:
    """What people have said about a nomination; None where nobody has."""

    attested: list[rules.Attestation] = field(default_factory=list)
    proposed: list[rules.Proposal] = field(default_factory=list)


def _gather_said(nominations: Sequence[UUID]) -> dict[UUID | None, _Said]:
    said: dict[UUID | None, _Said] = {}
    if not nominations:
        return said
    for row in Attestation.objects.filter(among("nomination_id", nominations)):
        source = rules.Source(decision=row.grounds, on=localdate(row.attested_at), by=row.attested_label)
        attestation = rules.Attestation(row.criterion, holds=row.holds, source=source)
        said.setdefault(row.nomination_id, _Said()).attested.append(attestation)
    for one in Proposal.objects.filter(among("nomination_id", nominations)):
        source = rules.Source(decision=one.number, on=one.proposed_on, by=one.body_name)
        said.setdefault(one.nomination_id, _Said()).proposed.append(rules.Proposal(rules.Body(one.body), source))
    return said


def _build_case(
    one: Asked, record: Record, targets: Targets, said: dict[UUID | None, _Said], heads: Post | None, day: date
) -> rules.Case:
    spoken = said.get(one.nomination) or _Said()
    people = (tuple(spoken.attested) or None, tuple(spoken.proposed) or None, one.nomination)
    if one.person is None:
        return rules.Case(
            recognition=one.recognition,
            year=one.year,
            as_of=day,
            nominee=rules.Nominee(rules.NomineeKind.COLLECTIVE),
            facts=_with_targets(record.facts_of_unit(one.unit, one.span, *people), targets, one.unit, one.span),
        )
    knows_unit = heads is not None and _is_in_sight(heads.unit_path)
    return rules.Case(
        recognition=one.recognition,
        year=one.year,
        as_of=day,
        nominee=rules.Nominee(rules.NomineeKind.PERSON, rules.Employment(one.employment), heads_unit=heads is not None),
        facts=record.facts_of_person(one.person, one.span, *people),
        unit=_with_targets(record.facts_of_unit(heads.unit, one.span), targets, heads.unit, one.span)
        if heads and knows_unit
        else rules.NOTHING_KNOWN,
    )


def _with_targets(facts: rules.Facts, targets: Targets, unit: UUID, span: rules.Span) -> rules.Facts:
    found = pick_targets(targets, unit, span)
    return facts if found is None else replace(facts, targets=found)
