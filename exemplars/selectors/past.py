"""The record of many people and units, read at once and turned into facts for the rules.

Readings, where plans and the law are silent:

- A unit that was renamed or moved is the same unit. Of units that merged into it, or of which it was split off, years
  (gradings, eligibility, movements) count as far as the succession says so (`carries_record`).
- Over a period, honours and recognitions of units that merged into it count for the successor, unless the succession
  says that their record does not, or the dated reading of that day (`MergerReading`) says otherwise. Of a unit from
  which it was only split off they count when somebody decided so; else, as after a merger of a day without a reading,
  they leave open what the new unit holds.
- Discipline counts against the unit in which the person held a post on the day of the decision. Whether it follows a
  merger is a dated reading: as shipped, and without one, it does not, whoever managed those people then was another
  unit.
- Eligibility for a title is known for a year once any finding about that year stands.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Value

from exemplars import rules
from exemplars.models import MovementResult
from exemplars.selectors.achievements import Award, Texts, compare
from exemplars.selectors.among import among
from exemplars.selectors.posts import Post, read_posts
from exemplars.selectors.readings import MergerReadings, read_merger_readings
from exemplars.selectors.standing import Standing
from units.models import (
    AwardTitle,
    DisciplinaryAction,
    Grading,
    Honour,
    Posting,
    TitleEligibility,
    TitleKind,
)
from units.selectors.organisation import Ancestor, find_ancestors

Attested = tuple[rules.Attestation, ...] | None
Proposed = tuple[rules.Proposal, ...] | None


class _Line(NamedTuple):
    """One line of a record; `value` is a code: of the grade, the title, the result.

    `holds` only for eligibility; `nomination` only for an honour that came from one.
    """

    year: int
    decision: str
    on: date
    value: Any
    holds: bool = True
    nomination: UUID | None = None

    @property
    def source(self) -> rules.Source:
        return rules.Source(decision=self.decision, on=self.on)


class _Title(NamedTuple):
    code: str
    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Action:
    """A disciplinary decision and the units that managed the person on its day."""

    form: str
    on: date
    decision: str
    person: UUID
    managed_by: frozenset[UUID]

    def fact(self, of: rules.DisciplineOf) -> rules.Discipline:
        return rules.Discipline(of, self.form, self.on, rules.Source(decision=self.decision, on=self.on))


Lines = Mapping[UUID, list[_Line]]
_NONE: Collection[Any] = ()


class Record:
    """The record of some people and units, by subject. A subject is a person or a unit; their ids never meet."""

    def __init__(self, people: set[UUID], units: set[UUID], posts: Iterable[Post], day: date) -> None:
        self._standing = Standing(people, units, posts, day)
        self._texts: Texts = {}
        self._ancestors: Mapping[UUID, list[Ancestor]] = find_ancestors(units) if units else {}
        has_merged = any(one.is_merged for found in self._ancestors.values() for one in found)
        self._mergers = read_merger_readings() if has_merged else MergerReadings()
        before = {one.unit for found in self._ancestors.values() for one in found if one.carries_record is not False}
        titles = {pk: _Title(*rest) for pk, *rest in AwardTitle.objects.values_list("pk", "code", "level", "kind")}
        about = among("person_id", people) | among("collective_id", units | before)
        self._gradings = _by_subject(Grading.objects.filter(about), "grade")
        self._eligibilities = _by_subject(
            TitleEligibility.objects.filter(about), "title_id", "is_eligible", names=titles
        )
        honours = Honour.objects.filter(about, stands=True).annotate(holds=Value(True))
        self._honours = _by_subject(honours, "title_id", "holds", "source", names=titles)
        self._movements = _read_movements(units | before)
        self._own_discipline: dict[UUID, list[_Action]] = defaultdict(list)
        self._staff_discipline: dict[UUID, list[_Action]] = defaultdict(list)
        for action in _read_discipline(people, units | self._followed_by_discipline()):
            self._own_discipline[action.person].append(action)
            for unit in action.managed_by:
                self._staff_discipline[unit].append(action)

    def name_awarded(self, subject: UUID, span: rules.Span) -> list[UUID]:
        """Nominations that led to honours of this time: what they say is compared with what is asked now."""
        return [one.nomination for one in self._awards(self._honours.get(subject, _NONE), span) if one.nomination]

    def tell_achievements(self, texts: Texts) -> None:
        self._texts = texts

    def facts_of_person(
        self,
        person: UUID,
        span: rules.Span,
        attested: Attested = None,
        proposed: Proposed = None,
        nomination: UUID | None = None,
    ) -> rules.Facts:
        discipline = self._own_discipline.get(person, _NONE)
        return self._facts(
            person,
            span,
            honours=self._honours.get(person, _NONE),
            discipline=tuple(action.fact(rules.DisciplineOf.NOMINEE) for action in discipline),
            attested=attested,
            proposed=proposed,
            nomination=nomination,
            standing=self._standing.of_person(person, span),
        )

    def facts_of_unit(
        self,
        unit: UUID,
        span: rules.Span,
        attested: Attested = None,
        proposed: Proposed = None,
        nomination: UUID | None = None,
    ) -> rules.Facts:
        discipline = [*self._staff_discipline.get(unit, _NONE), *self._carried_discipline(unit)]
        facts = self._facts(
            unit,
            span,
            honours=self._honours_of_unit(unit, span),
            discipline=tuple(action.fact(rules.DisciplineOf.STAFF) for action in discipline),
            attested=attested,
            proposed=proposed,
            nomination=nomination,
            standing=self._standing.of_unit(unit),
        )
        movements = tuple(
            rules.MovementResult(line.year, line.value, line.source) for line in self._yearly(self._movements, unit)
        )
        return self._leave_open(replace(facts, movement_results=movements or None), unit, span)

    def _leave_open(self, facts: rules.Facts, unit: UUID, span: rules.Span) -> rules.Facts:
        """What nobody has decided about the units before this one is unknown, never unmet."""
        undecided = [one for one in self._ancestors.get(unit, ()) if one.carries_record is None]
        # A year that began before a merger was partly another unit's; whether that counts nobody has decided.
        if any(one.on > span.first_day for one in undecided):
            own = {line.year for line in self._eligibilities.get(unit, _NONE)}
            if not own.issuperset(span.years):
                facts = replace(facts, eligible_titles=None)
        is_period = len(span.years) > 1
        unread = [one for one in undecided if not one.is_merged or (is_period and self._mergers.on(one.on) is None)]
        lines = (line for one in unread for line in _before(self._honours, one))
        if not facts.honours and any(line.year in span.years for line in lines):
            facts = replace(facts, honours=None, recognitions=facts.recognitions or None)
        return facts

    def _honours_of_unit(self, unit: UUID, span: rules.Span) -> list[_Line]:
        is_period = len(span.years) > 1
        lines = list(self._honours.get(unit, _NONE))
        for one in self._ancestors.get(unit, ()):
            reading = self._mergers.on(one.on)
            follow = one.is_merged and is_period and reading is not None and reading.honours_of_a_period
            if one.carries_record or (one.carries_record is None and follow):
                lines += _before(self._honours, one)
        return lines

    def _followed_by_discipline(self) -> set[UUID]:
        return {one.unit for found in self._ancestors.values() for one in found if self._discipline_follows(one)}

    def _discipline_follows(self, one: Ancestor) -> bool:
        reading = self._mergers.on(one.on) if one.is_merged else None
        return reading is not None and reading.discipline

    def _carried_discipline(self, unit: UUID) -> list[_Action]:
        """Of units that merged into this one, decisions before their merger, where the reading of its day says so."""
        return [
            action
            for one in self._ancestors.get(unit, ())
            if self._discipline_follows(one)
            for action in self._staff_discipline.get(one.unit, ())
            if action.on < one.on
        ]

    @staticmethod
    def _awards(honours: Iterable[_Line], span: rules.Span) -> list[Award]:
        return [
            Award(line.value.code, line.year, line.nomination, line.source)
            for line in honours
            if line.year in span.years and line.value.kind != TitleKind.RECOGNITION
        ]

    def _carried(self, rows: Lines, subject: UUID) -> list[_Line]:
        """The subject's lines and, of the years before a merger, those of ancestors whose years count for it."""
        lines = list(rows.get(subject, _NONE))
        for one in self._ancestors.get(subject, ()):
            if one.carries_record:
                lines += _before(rows, one)
        return lines

    def _yearly(self, rows: Lines, subject: UUID) -> list[_Line]:
        """One for each year: the subject's own; else its ancestors', unless they say different things."""
        own = {line.year: line for line in rows.get(subject, _NONE)}
        if subject not in self._ancestors:
            return list(own.values())
        by_year: dict[int, list[_Line]] = defaultdict(list)
        for line in self._carried(rows, subject):
            by_year[line.year].append(line)
        return [
            own.get(year, lines[0])
            for year, lines in by_year.items()
            if year in own or len({line.value for line in lines}) == 1
        ]

    def _facts(
        self,
        subject: UUID,
        span: rules.Span,
        *,
        honours: Collection[_Line],
        discipline: tuple[rules.Discipline, ...],
        attested: Attested,
        proposed: Proposed,
        nomination: UUID | None,
        standing: Mapping[str, Any],
    ) -> rules.Facts:
        found = self._carried(self._eligibilities, subject)
        same, is_all = compare(self._awards(honours, span), nomination, self._texts)
        partly: frozenset[str] = standing.get("partly", frozenset())
        if same and not is_all:
            partly |= {"same_achievement"}
        return rules.Facts(
            gradings=tuple(
                rules.Grading(line.year, line.value, line.source) for line in self._yearly(self._gradings, subject)
            ),
            # A line that says "no" is knowledge; a year without any line nobody has looked at yet.
            eligible_titles=tuple(
                rules.EligibleTitle(line.value.code, line.year, line.source) for line in found if line.holds
            )
            if {line.year for line in found}.issuperset(span.years)
            else None,
            honours=tuple(
                rules.HonourHeld(line.value.code, rules.Level(line.value.level), line.year, line.source)
                for line in honours
                if line.value.kind != TitleKind.RECOGNITION
            ),
            discipline=discipline,
            attested=attested,
            recognitions=tuple(
                rules.PastRecognition(line.value.code, line.year, line.source)
                for line in honours
                if line.value.kind == TitleKind.RECOGNITION
            ),
            proposed_by=proposed,
            same_achievement=same if same or is_all else None,
            **{**standing, "partly": partly},
        )


def _before(rows: Lines, one: Ancestor) -> list[_Line]:
    """The ancestor's lines from before it was merged or split."""
    return [
        line
        for line in rows.get(one.unit, _NONE)
        if line.year < one.on.year or (line.year == one.on.year and line.on < one.on)
    ]


def _by_subject(rows: Any, *columns: str, names: Mapping[int, _Title] | None = None) -> Lines:
    """Plain tuples, because a row object costs many times what its few values do."""
    found: dict[UUID, list[_Line]] = defaultdict(list)
    read = rows.order_by("-year", "pk").values_list(
        "person_id", "collective_id", "year", "decision_number", "decided_on", *columns
    )
    for person, collective, year, decision, on, value, *rest in read:
        found[person or collective].append(_Line(year, decision, on, names[value] if names else value, *rest))
    return found


def _read_movements(units: Collection[UUID]) -> Lines:
    found: dict[UUID, list[_Line]] = defaultdict(list)
    rows = MovementResult.objects.filter(among("unit_id", units)).order_by("-year")
    for unit, year, decision, on, result in rows.values_list(
        "unit_id", "year", "decision_number", "decided_on", "result"
    ):
        found[unit].append(_Line(year, decision, on, result))
    return found


def _read_discipline(people: set[UUID], units: set[UUID]) -> Iterator[_Action]:
    """Decisions about the people, and about whoever held a post in one of the units on the day: two queries."""
    held = Posting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("decided_on")),
        among("unit_id", units),
        person=OuterRef("person"),
        valid_from__lte=OuterRef("decided_on"),
    )
    about = among("person_id", people) | (among("unit_id", units) | Exists(held) if units else Q())
    rows = list(
        DisciplinaryAction.objects.filter(about)
        .order_by("-decided_on", "pk")
        .values_list("form", "decided_on", "decision_number", "person_id", "unit_id")
    )
    posts: dict[UUID, list[Post]] = defaultdict(list)
    for post in read_posts(among("person_id", {row[3] for row in rows})) if rows else ():
        posts[post.person].append(post)
    for form, on, decision, person, unit in rows:
        managed = frozenset(post.unit for post in posts[person] if post.holds_on(on))
        # Without a post on record of that day the unit that keeps the decision is where it happened.
        yield _Action(form, on, decision, person, managed or frozenset([unit]))
