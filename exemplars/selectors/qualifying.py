"""Judging everybody of some units at once, whether anybody has put them forward or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef

from exemplars import rules
from exemplars.models import Candidate, RulebookEdition, Standing
from exemplars.selectors.editions import Judge, list_editions, open_for
from exemplars.selectors.facts import Asked, gather_cases
from units.models import AwardTitle, Person, Posting, Unit
from units.selectors.organisation import TreeOn, read_tree
from units.selectors.people import in_force


class Someone(NamedTuple):
    """Who may be put forward: a person of a unit, or with `person` None the unit itself."""

    unit: UUID
    person: UUID | None
    name: str
    sort_key: str
    employment: str

    @property
    def kind(self) -> rules.NomineeKind:
        return rules.NomineeKind.PERSON if self.person else rules.NomineeKind.COLLECTIVE


@dataclass(frozen=True, slots=True)
class Found:
    who: Someone
    judge: Judge
    findings: tuple[rules.Finding, ...]


@dataclass
class Judges:
    """Which edition judges whom below a root: one query for the editions, two for each last day looked at."""

    root_path: str
    editions: Sequence[RulebookEdition] = field(default_factory=lambda: list_editions(None))
    _trees: dict[date, TreeOn] = field(default_factory=dict)
    _known: dict[tuple[UUID, int], list[Judge]] = field(default_factory=dict)

    def list_for(self, unit: UUID, year: int) -> list[Judge]:
        """For each recognition the edition of the nearest unit at or above `unit` that judges that year."""
        key = (unit, year)
        if key not in self._known:
            codes = dict.fromkeys(code for one in self.editions for code in one.recognitions)
            found = (self._nearest(unit, code, year) for code in codes)
            self._known[key] = [judge for judge in found if judge is not None]
        return self._known[key]

    def _nearest(self, unit: UUID, code: str, year: int) -> Judge | None:
        fitting = [judge for one in self.editions if (judge := open_for(one, code, year))]
        best: tuple[int, Judge] | None = None
        for judge in fitting:
            tree = self._tree(judge.span.last_day)
            chain = [row.pk for row in reversed(tree.chain(unit))] if unit in tree.units else []
            if judge.edition.issuer_id in chain:
                near = chain.index(judge.edition.issuer_id)
                if best is None or near < best[0]:
                    best = (near, judge)
        return best[1] if best else None

    def _tree(self, day: date) -> TreeOn:
        if day not in self._trees:
            self._trees[day] = read_tree(self.root_path, day)
        return self._trees[day]


def list_units_between(first: str, last: str, day: date) -> list[Unit]:
    """Units that stand on `day`, from one path to another in tree order."""
    return list(Unit.objects.existing_on(day).filter(path__gte=first, path__lte=last).order_by("path"))


def list_nominees(units: Sequence[Unit], day: date) -> list[Someone]:
    """The units and everybody who holds a post on `day` and works in one of them: one query."""
    if not units:
        return []
    held = Posting.objects.filter(in_force(day), person=OuterRef("pk"))
    people = Person.objects.filter(
        Exists(held), unit_path__gte=units[0].path, unit_path__lte=units[-1].path, unit__in=units
    ).order_by()
    found = [Someone(unit.pk, None, unit.short_name, unit.folded_name, "") for unit in units]
    found += map(Someone._make, people.values_list("unit_id", "pk", "full_name", "sort_key", "employment"))
    return found


def judge_everybody(nominees: Sequence[Someone], judges: Judges, *, year: int, day: date) -> Iterator[Found]:
    """Each nominee by each recognition that has criteria for them: the queries of `gather_cases`, however many."""
    asked: list[Asked] = []
    about: dict[UUID, tuple[Someone, Judge]] = {}
    for who in nominees:
        for judge in judges.list_for(who.unit, year):
            if judge.applies_to(who.kind):
                one = Asked(
                    key=uuid4(),
                    recognition=judge.recognition.code,
                    span=judge.span,
                    year=None if judge.period else year,
                    unit=who.unit,
                    person=who.person,
                    employment=who.employment,
                )
                asked.append(one)
                about[one.key] = (who, judge)
    for key, case in gather_cases(asked, day=day).items() if asked else ():
        who, judge = about[key]
        yield Found(who, judge, rules.assess(judge.rulebook, case).findings)


def is_checkable(judge: Judge, kind: rules.NomineeKind) -> bool:
    """Whether the record can answer any criterion at all; where people judge everything, nobody is found."""
    codes = judge.recognition.criteria
    return any(
        one.code in codes and kind in one.applies_to and not isinstance(one.predicate, rules.Attested)
        for one in judge.rulebook.criteria
    )


def find_candidate(found: Found, titles: dict[str, AwardTitle], *, year: int, day: date) -> Candidate | None:
    """A line for who meets all that the record can answer or lacks one of it; None for everybody else.

    What is lost for good is no step away from anything.
    """
    title = titles.get(found.judge.recognition.code)
    if title is None or not is_checkable(found.judge, found.who.kind):
        return None
    short = [one for one in found.findings if _is_short(one)]
    if len(short) > 1 or any(one.status is rules.Status.UNMET and one.first_possible is None for one in short):
        return None
    missing = short[0] if short else None
    return Candidate(
        unit_id=found.who.unit,
        person_id=found.who.person,
        nominee_name=found.who.name,
        sort_key=found.who.sort_key,
        recognition=title,
        year=year,
        edition=found.judge.edition,
        standing=Standing.ONE_STEP if missing else Standing.MEETS,
        missing=missing.code if missing else "",
        missing_label=missing.label[:400] if missing else "",
        first_possible=missing.first_possible if missing else None,
        waiting=[one.code for one in found.findings if one.awaits is rules.Awaits.PEOPLE],
        found_on=day,
    )


def _is_short(one: rules.Finding) -> bool:
    """Unmet, or a fact is lacking; what only waits for a person's judgement is not."""
    return one.status is rules.Status.UNMET or one.awaits is rules.Awaits.RECORD
