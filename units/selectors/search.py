"""Finding people by words, past the row policies and inside the scope.

PostgreSQL may not use an index of words under a row policy, so one function of the database looks past the policies
and bounds itself by the scope in force (`units.fence.BOUNDED_FUNCTIONS`).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Lower, StrIndex

from units.folding import fold
from units.models import Person
from units.scoping import Persona, current_scope

# More people than this are no answer to a search: whoever asks adds a word.
MOST_FOUND = 1000
_LONGEST_TERM = 120


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in Vietnamese order of names; `is_cut` says that more people match than are named."""

    ids: list[UUID]
    is_cut: bool


def search_people(term: str, *, at_most: int = MOST_FOUND, below: str = "") -> Found:
    """People of the unit scope in force whose name and staff code have all words of `term`.

    Words come in any order and without regard to case and diacritics; the last one may be the beginning of a word.
    `below` narrows the scope to the branch at that path. At most `at_most` ids, never more than `MOST_FOUND`; an empty
    term finds nobody, and so does any scope but a unit's.
    """
    folded = fold(term)[:_LONGEST_TERM]
    if not folded or current_scope().persona is not Persona.UNIT:
        return Found([], is_cut=False)
    limit = min(at_most, MOST_FOUND)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM search_people(%s, %s, %s)", [folded, limit + 1, below])
        ids = [row[0] for row in cursor.fetchall()]
    return Found(ids[:limit], is_cut=len(ids) > limit)


def keep_named(people: QuerySet[Person], term: str, *, below: str = "") -> QuerySet[Person]:
    """Keep the people whom `search_people` would find, however many they are; an empty term keeps all.

    Few are kept by their ids. Words that a thousand people share are compared row by row: whoever reads in order of
    names meets a page of them soon.
    """
    words = fold(term)[:_LONGEST_TERM].split()
    if not words:
        return people
    found = search_people(term, below=below)
    if not found.is_cut:
        return people.filter(pk__in=found.ids)
    space = Value(" ")
    people = people.alias(words=Concat(space, F("folded_name"), space, Lower("staff_code"), space))
    for number, word in enumerate(words, start=1):
        # Not LIKE: of an expression the planner takes that to be rare, and would read and sort everybody.
        place = StrIndex("words", Value(f" {word}" if number == len(words) else f" {word} "))
        people = people.alias(**{f"place_{number}": place}).filter(**{f"place_{number}__gt": 0})
    return people
