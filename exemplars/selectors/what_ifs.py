"""Reads of a sandbox: what does not fit in it, what replaying a part of the tree by it shows, and the results."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db.models import CharField, F, QuerySet, Sum, Value
from django.db.models.functions import Length, Substr

from exemplars import rules
from exemplars.models import RulebookEdition, WhatIf, WhatIfState, WhatIfUnit
from exemplars.selectors.editions import open_rulebook
from exemplars.selectors.facts import Asked, gather_cases
from exemplars.selectors.nominations import list_nominations_for
from exemplars.selectors.qualifying import Someone, list_nominees
from exemplars.selectors.rulebooks import find_surroundings
from exemplars.workflow import NominationState
from units.models import Person, Unit

AT_ONCE = 200  # units whose lines are held and named together
WORTH = {"unmet": 0, "undetermined": 1, "met": 2}


def list_what_ifs(unit: Unit) -> QuerySet[WhatIf]:
    """Sandboxes of the unit itself; those of units below are their own affair."""
    return WhatIf.objects.filter(unit=unit).select_related("unit", "edition__issuer")


def find_running(unit: Unit, account: UUID) -> WhatIf | None:
    return WhatIf.objects.filter(unit=unit, asked_by=account, state=WhatIfState.RUNNING).first()


# The sandbox


def in_use(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """The content without criteria that no recognition asks any more, and the number that each one left had before."""
    asked = {code for one in content["recognition"] for code in one.get("criteria", [])}
    kept = [number for number, one in enumerate(content["criterion"], 1) if one.get("code") in asked]
    return {**content, "criterion": [content["criterion"][number - 1] for number in kept]}, kept


def find_known(unit: Unit) -> rules.Surroundings:
    """What the checks compare with; other editions are no matter, since nothing is published."""
    return replace(find_surroundings(unit), editions=())


def list_sandbox_problems(content: Mapping[str, Any], known: rules.Surroundings) -> list[rules.Problem]:
    """The checks of a draft. A criterion taken out of every recognition is one that the sandbox does without."""
    used, numbers = in_use(content)
    return [
        replace(one, number=numbers[one.number - 1]) if one.part == "criterion" else one
        for one in rules.list_problems(used, known)
    ]


def open_edition(edition: RulebookEdition) -> rules.Rulebook:
    """As it is published, its interval set aside: the comparison asks about other years on purpose."""
    return replace(open_rulebook(edition.document), valid_from=date.min, valid_to=None)


@dataclass(frozen=True)
class Pair:
    """The same recognition as it is and as supposed. `was` and `now` are the times looked at; `year` for an annual one.

    `caps`: the quota on this recognition, as it is and as supposed.
    """

    before: rules.Rulebook
    after: rules.Rulebook
    recognition: str
    year: int
    was: rules.Span
    now: rules.Span
    is_annual_before: bool
    is_annual_after: bool
    caps: tuple[rules.Quota | None, rules.Quota | None]

    @property
    def needs_two_questions(self) -> bool:
        return self.was != self.now or self.is_annual_before != self.is_annual_after


def open_pair(what_if: WhatIf, recognition: str, year: int) -> Pair | None:
    """Both rulebooks, or None where one of them has no such recognition. The content must be sound."""
    before = open_edition(what_if.edition)
    after = rules.read_rulebook(rules.Section(in_use(what_if.content)[0]))
    old, new = before.recognition(recognition), after.recognition(recognition)
    if old is None or new is None:
        return None
    was, now = (one.span(None if one.period else year) for one in (old, new))
    assert was is not None  # noqa: S101  the year was given where one is asked for
    assert now is not None  # noqa: S101  likewise
    caps = [next((one for one in book.quotas if one.title == recognition), None) for book in (before, after)]
    return Pair(
        before,
        after,
        recognition,
        year,
        was,
        now,
        is_annual_before=old.period is None,
        is_annual_after=new.period is None,
        caps=(caps[0], caps[1]),
    )


# The replay


@dataclass
class UnitOutcome:
    unit: UUID
    judged: int = 0
    base: int | None = None
    cap_was: int | None = None
    cap_now: int | None = None
    gained: int = 0
    lost: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        return bool(self.changes) or self.cap_was != self.cap_now


class Outcome(NamedTuple):
    """`counts` and `criteria` are those of `WhatIf`, for this part."""

    units: list[UnitOutcome]
    counts: Counter[str]
    criteria: dict[str, list[int]]


def replay_units(pair: Pair, units: Sequence[Unit], *, reader_path: str, day: date) -> Outcome:
    """Everybody of the units judged twice: the queries of `gather_cases` and two more, however many they are.

    What people have said in nominations that lie in sight counts in both.
    """
    nominees = sorted(
        list_nominees(units, day), key=lambda who: (who.person is not None, who.sort_key, str(who.person))
    )
    before, after = _ask_twice(pair, nominees, _find_nominated(pair, units, reader_path))
    cases = gather_cases([*before.values(), *(one for one in after.values() if one is not None)], day=day)
    found = {unit.pk: UnitOutcome(unit.pk) for unit in units}
    counts: Counter[str] = Counter()
    criteria: dict[str, list[int]] = {}
    bases: Counter[UUID] = Counter()
    for place, who in enumerate(nominees):
        case = cases[before[place].key]
        other = after[place]
        then = case if other is None else cases[other.key]
        bases[who.unit] += _holds_base(pair, case)
        was, now = _judge(pair.before, case), _judge(pair.after, then)
        if not was and not now:
            continue
        if not was or not now:
            counts["unjudged"] += 1
            continue
        found[who.unit].judged += 1
        _compare(who, was, now, found[who.unit], counts, criteria)
    for unit in found.values():
        _cap(unit, pair, bases[unit.unit])
    return Outcome([one for one in found.values() if one.is_told], counts, criteria)


def _ask_twice(
    pair: Pair, nominees: Sequence[Someone], nominated: Mapping[tuple[UUID, UUID | None], UUID]
) -> tuple[dict[int, Asked], dict[int, Asked | None]]:
    """Each one's question as it is, and the supposed one where it looks at another time."""
    before: dict[int, Asked] = {}
    after: dict[int, Asked | None] = {}
    for place, who in enumerate(nominees):
        before[place] = Asked(
            key=uuid4(),
            recognition=pair.recognition,
            span=pair.was,
            year=pair.year if pair.is_annual_before else None,
            unit=who.unit,
            person=who.person,
            employment=who.employment,
            nomination=nominated.get((who.unit, who.person)),
        )
        after[place] = (
            replace(before[place], key=uuid4(), span=pair.now, year=pair.year if pair.is_annual_after else None)
            if pair.needs_two_questions
            else None
        )
    return before, after


def _find_nominated(pair: Pair, units: Sequence[Unit], reader_path: str) -> dict[tuple[UUID, UUID | None], UUID]:
    """The latest nomination of each person and each unit for that recognition and year, as far as in sight."""
    if not units:
        return {}
    seen = list_nominations_for(reader_path).exclude(state=NominationState.WITHDRAWN)
    rows = seen.filter(
        recognition__code=pair.recognition,
        year=pair.year,
        unit_path__gte=units[0].path,
        unit_path__lte=units[-1].path,
    )
    return {(unit, person): pk for pk, unit, person in rows.order_by("pk").values_list("pk", "unit_id", "person_id")}


def _judge(rulebook: rules.Rulebook, case: rules.Case) -> dict[str, str]:
    """The status of each criterion with the verdict under no code; empty where there are no criteria for the kind."""
    try:
        found = rules.assess(rulebook, case)
    except rules.NotApplicableError:
        return {}
    return {"": found.verdict.value} | {one.code: one.status.value for one in found.findings}


def _compare(
    who: Someone,
    was: Mapping[str, str],
    now: Mapping[str, str],
    unit: UnitOutcome,
    counts: Counter[str],
    criteria: dict[str, list[int]],
) -> None:
    turned = [
        [code, was.get(code, ""), now.get(code, "")]
        for code in dict.fromkeys([*now, *was])
        if code and was.get(code) != now.get(code)
    ]
    for code, old, new in turned:
        # A criterion that is not asked stands in nobody's way.
        is_better = WORTH.get(new, 2) > WORTH.get(old, 2)
        criteria.setdefault(code, [0, 0])[0 if is_better else 1] += WORTH.get(new, 2) != WORTH.get(old, 2)
    counts["judged"] += 1
    if was[""] == now[""]:
        counts["same"] += 1
        return
    is_gain = WORTH[now[""]] > WORTH[was[""]]
    counts["gained" if is_gain else "lost"] += 1
    unit.gained += is_gain
    unit.lost += not is_gain
    person = str(who.person) if who.person else None
    unit.changes.append({"person": person, "was": was[""], "now": now[""], "criteria": turned})


def _holds_base(pair: Pair, case: rules.Case) -> bool:
    """Whether somebody counts in the base of the cap on this recognition: eligible for, or given, that title."""
    quota = pair.caps[1] or pair.caps[0]
    if quota is None:
        return False
    holds = rules.TitleEligible(quota.base).judge(rules.Question("", pair.was, pair.before.ladders, case))
    return holds.status is rules.Status.MET


def _cap(unit: UnitOutcome, pair: Pair, base: int) -> None:
    was, now = pair.caps
    if was is None and now is None:
        return
    unit.base = base
    unit.cap_was = rules.reckon_cap(was, base).number if was else None
    unit.cap_now = rules.reckon_cap(now, base).number if now else None


# The results


class Branch(NamedTuple):
    """A unit right below the one looked at, with everything below it."""

    unit: Unit
    judged: int
    gained: int
    lost: int
    base: int | None
    cap_was: int | None
    cap_now: int | None


def sum_branches(what_if: WhatIf, unit: Unit) -> list[Branch]:
    """The units right below `unit` where anything differs, in the order of the tree. Two queries."""
    depth = len(unit.path) + Unit.PATH_STEP
    rows = (
        WhatIfUnit.objects.filter(what_if=what_if, about__path__startswith=unit.path)
        .alias(depth=Length("about__path"))
        .filter(depth__gt=len(unit.path))
        .annotate(branch=Substr("about__path", Value(1), Value(depth), output_field=CharField()))
        .order_by("branch")
        .values_list("branch")
        .annotate(*(Sum(name) for name in ("judged", "gained", "lost", "base", "cap_was", "cap_now")))
    )
    sums = {branch: numbers for branch, *numbers in rows}
    found = {one.path: one for one in Unit.objects.filter(path__in=sums)}
    return [Branch(found[path], *numbers) for path, numbers in sums.items() if path in found]


def name_changes(told: Sequence[tuple[Unit, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Lines with their unit and the names of whoever lies in sight now, empty for the others: one query."""
    people = Person.objects.filter(pk__in=[one["person"] for _, one in told if one["person"]])
    names = {str(pk): name for pk, name in people.values_list("pk", "full_name")}
    return [
        one | {"unit": unit, "name": names.get(one["person"], "") if one["person"] else unit.short_name}
        for unit, one in told
    ]


def list_outcomes(what_if: WhatIf) -> QuerySet[WhatIfUnit]:
    return WhatIfUnit.objects.filter(what_if=what_if).select_related("about").order_by(F("about__path"))


def name_all(what_if: WhatIf) -> Iterator[dict[str, Any]]:
    """Each line in sight with its unit, a few hundred units at a time."""
    outcomes = list_outcomes(what_if).exclude(changes=[]).iterator(AT_ONCE)
    while batch := list(islice(outcomes, AT_ONCE)):
        yield from (
            line
            for line in name_changes([(one.about, change) for one in batch for change in one.changes])
            if line["name"]
        )
