"""Which edition of a rulebook judges what: chosen by the day of the achievement, never by today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from exemplars import rules
from exemplars.models import RulebookEdition
from units.models import Unit
from units.selectors.organisation import list_above_on

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


@lru_cache(maxsize=64)
def open_rulebook(document: str) -> rules.Rulebook:
    # An edition never changes, so a parsed one is good for the life of the process.
    return rules.parse_rulebook(document)


@dataclass(frozen=True, slots=True)
class Judge:
    """An edition opened for one recognition and year: `span` is the time it looks at."""

    edition: RulebookEdition
    rulebook: rules.Rulebook
    recognition: rules.Recognition
    span: rules.Span

    def applies_to(self, kind: rules.NomineeKind) -> bool:
        """Whether the recognition has any criterion for this kind of nominee; one without would be no judgement."""
        return any(kind in one.applies_to for one in self.rulebook.criteria if one.code in self.recognition.criteria)

    @property
    def period(self) -> rules.Span | None:
        return self.recognition.period


def find_judge(issuer: Unit, recognition: str, year: int) -> Judge | None:
    """The latest edition of the nearest unit at or above `issuer` that judges the recognition for that year.

    The units above are those of the last day looked at, so that criteria which a unit published before it ended still
    judge the years for which it did. At most three queries, and two where nobody has published any.
    """
    return choose_judge(list_editions([recognition]), issuer, recognition, year)


def list_editions(recognitions: Iterable[str] | None) -> list[RulebookEdition]:
    """Editions of every issuer that judge one of the recognitions, or any; the latest first. They are few."""
    rows = RulebookEdition.objects.order_by("-valid_from", "-edition", "pk")
    if recognitions is None:
        return list(rows)
    wanted = set(recognitions)
    return [edition for edition in rows if wanted.intersection(edition.recognitions)]


def choose_judge(editions: Sequence[RulebookEdition], issuer: Unit, recognition: str, year: int) -> Judge | None:
    fitting = [judge for one in editions if (judge := open_for(one, recognition, year))]
    if not fitting:
        return None
    places: dict[date, list[UUID]] = {}
    near: list[tuple[int, int, Judge]] = []
    for order, judge in enumerate(fitting):
        day = judge.span.last_day
        above = places[day] if day in places else places.setdefault(day, list_above_on(issuer, day))
        if judge.edition.issuer_id in above:
            near.append((above.index(judge.edition.issuer_id), order, judge))
    return min(near, key=lambda one: one[:2])[2] if near else None


def open_for(edition: RulebookEdition, recognition: str, year: int) -> Judge | None:
    """The edition opened for that recognition and year, or None where it says nothing about them."""
    if recognition not in edition.recognitions:
        return None
    rulebook = open_rulebook(edition.document)
    found = rulebook.recognition(recognition)
    if found is None:
        return None
    span = found.span(None if found.period else year)
    if span is None or year not in span.years or not rulebook.in_force(span.last_day):
        return None
    return Judge(edition, rulebook, found, span)
