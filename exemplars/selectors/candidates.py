"""Reads of what the nightly comparison found."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr

from exemplars.models import Candidate, MovementResult, Nomination, QualifyingRun, Standing
from exemplars.selectors.nominations import list_nominations_for
from exemplars.workflow import NominationState
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a unit's branch meet the criteria of a recognition, and how many are one step away."""

    code: str
    name: str
    meets: int
    one_step: int


@dataclass(frozen=True, slots=True)
class Branch:
    """The same of a unit right below, together with everything under it."""

    unit: Unit
    meets: int
    one_step: int


def list_candidates(unit: Unit, year: int, *, recognition: str = "", standing: str = "") -> QuerySet[Candidate]:
    """Of the unit and everything below it: those who meet all first, then by Vietnamese names."""
    found = Candidate.objects.filter(unit_path__gte=unit.path, unit_path__lt=f"{unit.path}~", year=year)
    if recognition:
        found = found.filter(recognition__code=recognition)
    if standing:
        found = found.filter(standing=standing)
    return found.select_related("unit", "recognition").order_by("standing", "sort_key", "pk")


def count_candidates(unit: Unit, year: int) -> list[Tally]:
    """One line for each recognition that has any: one query."""
    rows = (
        list_candidates(unit, year)
        .order_by()
        .values_list("recognition__code", "recognition__name", "standing")
        .annotate(number=Count("pk"))
    )
    numbers: dict[tuple[str, str], dict[str, int]] = {}
    for code, name, standing, number in rows:
        numbers.setdefault((code, name), {})[standing] = number
    return [
        Tally(code, name, one.get(Standing.MEETS, 0), one.get(Standing.ONE_STEP, 0))
        for (code, name), one in sorted(numbers.items(), key=lambda item: item[0][1])
    ]


def count_branches(unit: Unit, year: int, *, recognition: str = "") -> list[Branch]:
    """One line for each unit right below `unit` in whose branch anybody stands: two queries."""
    reach = len(unit.path) + Unit.PATH_STEP
    rows = (
        list_candidates(unit, year, recognition=recognition)
        .exclude(unit_path=unit.path)
        .order_by()
        .values_list(Substr("unit_path", 1, reach), "standing")
        .annotate(number=Count("pk"))
    )
    numbers: dict[str, dict[str, int]] = {}
    for path, standing, number in rows:
        numbers.setdefault(path, {})[standing] = number
    return [
        Branch(one, numbers[one.path].get(Standing.MEETS, 0), numbers[one.path].get(Standing.ONE_STEP, 0))
        for one in Unit.objects.filter(path__in=numbers).order_by("path")
    ]


def find_nominated(candidates: Sequence[Candidate], reader_path: str) -> dict[UUID, UUID]:
    """Of these, which has a nomination that people of the unit at `reader_path` may open: one query."""
    if not candidates:
        return {}
    rows = (
        list_nominations_for(reader_path)
        .exclude(state=NominationState.WITHDRAWN)
        .filter(unit__in={one.unit_id for one in candidates}, year__in={one.year for one in candidates})
        .order_by()
        .values_list("person_id", "collective_id", "recognition_id", "year", "pk")
    )
    known = {(person or collective, title, year): pk for person, collective, title, year, pk in rows}
    found = {one.pk: known.get((one.person_id or one.unit_id, one.recognition_id, one.year)) for one in candidates}
    return {pk: nomination for pk, nomination in found.items() if nomination}


def find_run(root_path: str, year: int) -> QualifyingRun | None:
    """The last comparison of the branch's root; out of sight below it, so only what was found tells there."""
    return QualifyingRun.objects.filter(unit_path=root_path, year=year).first()


def list_movements(unit: Unit) -> list[MovementResult]:
    return list(MovementResult.objects.filter(unit=unit))


def count_nominations(unit: Unit, year: int) -> list[tuple[str, int]]:
    """The unit's own nominations of a year by state, in words."""
    rows = Nomination.objects.filter(unit=unit, year=year).order_by().values_list("state").annotate(number=Count("pk"))
    numbers = dict(rows)
    return [(label, numbers[state]) for state, label in NominationState.choices if state in numbers]
