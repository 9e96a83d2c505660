"""Whether an award has honoured the very achievement of a nomination already.

Reading: an honour tells its achievement by the nomination it came from. The same words about the achievements are the
same achievement, other words another one. An honour of the same time that came from no nomination, or from one whose
words are not in sight, may have honoured it: then people are asked. Recognitions as an exemplar are no awards and do
not count; nor does the honour that the nomination itself led to.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from exemplars import rules
from exemplars.models import Nomination


class Award(NamedTuple):
    title: str
    year: int
    nomination: UUID | None
    source: rules.Source


Texts = Mapping[UUID, str]


def read_texts(nominations: Iterable[UUID]) -> Texts:
    """What nominations say about the achievements, in one spelling: one query."""
    wanted = set(nominations)
    rows = Nomination.objects.filter(pk__in=wanted).values_list("pk", "achievements") if wanted else ()
    return {pk: " ".join(text.split()).casefold() for pk, text in rows}


def compare(
    awards: Iterable[Award], nomination: UUID | None, texts: Texts
) -> tuple[tuple[rules.SameAchievement, ...], bool]:
    """The awards for the same achievement, and whether that is all there may be."""
    asked = texts.get(nomination, "") if nomination else ""
    same: list[rules.SameAchievement] = []
    is_all = True
    for one in awards:
        if nomination and one.nomination == nomination:
            continue
        told = texts.get(one.nomination, "") if one.nomination else ""
        if not asked or not told:
            is_all = False
        elif told == asked:
            same.append(rules.SameAchievement(one.title, one.year, one.source))
    return tuple(same), is_all
