"""Finding people and units in sight, by filters and by what a clerk types."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from units.folding import fold
from units.models import Person, Posting, Unit
from units.selectors.search import keep_named

NAMED = " – "  # between a code and a name in what a list offers


def in_force(day: date) -> Q:
    """Rows with `valid_from` and `valid_to` that hold on `day`, both ends included."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def find_people(
    unit: Unit,
    *,
    day: date,
    below: bool = True,
    words: str = "",
    employment: str = "",
    gender: str = "",
    heads: bool | None = None,
    standing: str = "",
) -> QuerySet[Person]:
    """People of `unit`, or of its branch, in Vietnamese order of given names.

    `words` are those of the name, without regard to diacritics and in any order, and of the staff code; the last one
    may be a beginning. `standing` is `working` with a post on `day`, `left` without one any more, `unposted` with none
    ever written, as after a list of people came in from a workbook.
    """
    branch = Q(unit_path__gte=unit.path, unit_path__lt=f"{unit.path}~")
    people = Person.objects.filter(branch if below else Q(unit_path=unit.path)).select_related("unit")
    people = keep_named(people, words, below=unit.path)
    if employment:
        people = people.filter(employment=employment)
    if gender:
        people = people.filter(gender=gender)
    if heads is not None:
        people = _keep_heads(people, day, heads=heads)
    if standing:
        people = _keep_standing(people, standing, day)
    return people


def list_people(unit: Unit, *, day: date, **filters: Any) -> QuerySet[Person]:
    """Those of `find_people`, each with `position`, the post held on `day` (a head's first), and their unit loaded.

    One query whatever their number; `was_posted` tells those who left from those who were never posted.
    """
    return with_posts(find_people(unit, day=day, **filters), day=day)


# Who holds a post on a day stands beside the person (`Person.posted_until`), but for the few with a post that begins
# after that day: theirs are looked at, and the order of the conditions sees to it that nobody else's are.


def _any_of(held: QuerySet[Posting]) -> Coalesce:
    """Whether there is any of `held`. Not EXISTS: of that the planner would make a table of everybody's posts."""
    return Coalesce(Subquery(held.order_by().values(found=Value(True))[:1]), Value(False))


def _keep_standing(people: QuerySet[Person], standing: str, day: date) -> QuerySet[Person]:
    if standing == "unposted":
        return people.filter(posted_until__isnull=True)
    people = people.alias(holds=_any_of(Posting.objects.filter(in_force(day), person=OuterRef("pk"))))
    later = Q(posted_from__gt=day)
    if standing == "left":
        return people.filter(Q(posted_until__lt=day) | (later & Q(holds=False)))
    return people.filter(Q(posted_until__gte=day) & (~later | Q(holds=True)))


def _keep_heads(people: QuerySet[Person], day: date, *, heads: bool) -> QuerySet[Person]:
    held = Posting.objects.filter(in_force(day), person=OuterRef("pk"), is_head=True)
    people = people.alias(holds=_any_of(held))
    later = Q(posted_from__gt=day)
    if heads:
        return people.filter(Q(headed_until__gte=day) & (~later | Q(holds=True)))
    return people.filter(Q(headed_until__isnull=True) | Q(headed_until__lt=day) | (later & Q(holds=False)))


def with_posts(people: QuerySet[Person], *, day: date) -> QuerySet[Person]:
    """Add what `list_people` tells of each one's post."""
    posted = Posting.objects.filter(person=OuterRef("pk"))
    first = posted.filter(in_force(day)).order_by("-is_head", "-valid_from", "pk")
    return people.annotate(
        position=Subquery(first.values("position")[:1]),
        is_head=Subquery(first.values("is_head")[:1]),
        was_posted=Q(posted_until__isnull=False),
    )


def find_duplicates(full_name: str, birth_date: date | None, staff_code: str) -> list[Person]:
    """People in sight who may be the same: same name and birth date, or the same staff code. Units loaded."""
    same = Q(staff_code__iexact=staff_code)
    if birth_date:
        same |= Q(folded_name=fold(full_name), birth_date=birth_date)
    return list(Person.objects.filter(same).select_related("unit")[:5])


def find_units(path: str, words: str) -> list[Unit]:
    """Units at or below `path` that `words` name: by code or full name when one does exactly, else all with the words.

    At most six, so that a clerk who typed too little is told some of them.
    """
    typed = words.split(NAMED, maxsplit=1)[0].strip()
    branch = Unit.objects.below(path)
    exact = list(branch.filter(Q(code__iexact=typed) | Q(name__iexact=typed) | Q(short_name__iexact=typed))[:6])
    if exact:
        return exact
    for word in fold(typed).split():
        branch = branch.filter(folded_name__holds=word)
    return list(branch[:6]) if typed else []


def match_people(typed: Iterable[str]) -> dict[str, list[Person]]:
    """For each text the people in sight whom it names, by staff code or full name. One query, units loaded."""
    wanted = {text: text.split(NAMED)[0].strip() for text in typed}
    codes, names = {one.upper() for one in wanted.values()}, {fold(one) for one in wanted.values()}
    by_code: dict[str, list[Person]] = defaultdict(list)
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(
        Q(staff_code__in=codes | set(wanted.values())) | Q(folded_name__in=names)
    ).select_related("unit"):
        by_code[person.staff_code.upper()].append(person)
        by_name[person.folded_name].append(person)
    return {text: by_code[one.upper()] or by_name[fold(one)] for text, one in wanted.items()}


def match_units(path: str, typed: Iterable[str]) -> dict[str, list[Unit]]:
    """For each text the units at or below `path` whom it names, by code or by name. One query."""
    wanted = {text: text.split(NAMED)[0].strip() for text in typed}
    about = Q(pk__in=[])
    for one in wanted.values():
        about |= Q(code__iexact=one) | Q(folded_name__contains=fold(one))
    units = list(Unit.objects.below(path).filter(about)) if wanted else []
    return {text: _best(units, one) for text, one in wanted.items()}


def _best(units: Sequence[Unit], typed: str) -> list[Unit]:
    """The units that `typed` names exactly, else those that hold it."""
    flat = fold(typed)
    exact = [
        one for one in units if one.code.lower() == typed.lower() or flat in (fold(one.name), fold(one.short_name))
    ]
    return exact or [one for one in units if flat and flat in one.folded_name]


def postings_on(people: Iterable[Person], day: date) -> dict[UUID, Posting]:
    """The post each person held on `day`, the one they headed first; units loaded. One query."""
    found: dict[UUID, Posting] = {}
    rows = Posting.objects.filter(in_force(day), person__in=people).select_related("unit")
    for posting in rows.order_by("-is_head", "-valid_from", "pk"):
        found.setdefault(posting.person_id, posting)
    return found


def find_other_head(unit: Unit, valid_from: date, valid_to: date | None, *, besides: Posting | None) -> Posting | None:
    """Somebody else's post as head of `unit` in some part of the days given; its person loaded."""
    heads = Posting.objects.filter(unit=unit, is_head=True).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    )
    if valid_to:
        heads = heads.filter(valid_from__lte=valid_to)
    if besides:
        heads = heads.exclude(pk=besides.pk)
    return heads.select_related("person").first()
