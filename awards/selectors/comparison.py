"""Cases of a sitting side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from awards.models import AgendaItem
from awards.selectors.crossing import FrozenHonour, list_frozen_honours
from exemplars.models import Assessment, Evidence, Nomination
from exemplars.rules import Citation, Finding, read_findings
from units.models import Honour, Initiative
from units.selectors.record import list_standing_honours


@dataclass(frozen=True, slots=True)
class Column:
    item: AgendaItem
    assessment: Assessment | None
    honours: tuple[Honour | FrozenHonour, ...]
    initiatives: tuple[Initiative, ...]
    files: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with each case and what was found of it; None where it does not apply."""

    code: str
    label: str
    citation: Citation
    pairs: tuple[tuple[Column, Finding | None], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    columns: tuple[Column, ...]
    criteria: tuple[Criterion, ...]


def compare_cases(items: Sequence[AgendaItem]) -> Comparison:
    """In the order given; a constant number of queries."""
    nominations = [item.nomination for item in items]
    assessments = _latest_assessments(nominations)
    frozen = list_frozen_honours(nominations)
    honours = _by_nominee(list_standing_honours().filter(_about(nominations)))
    initiatives: dict[UUID | None, list[Initiative]] = defaultdict(list)
    for one in Initiative.objects.filter(person__in=[one.person_id for one in nominations if one.person_id]):
        initiatives[one.person_id].append(one)
    standing = Evidence.objects.filter(nomination__in=nominations, removed_at__isnull=True).order_by()
    files = dict(standing.values_list("nomination").annotate(Count("pk")))
    columns = tuple(
        Column(
            item,
            assessments.get(item.nomination_id),
            frozen.get(item.nomination_id, ())
            if item.nomination.is_crossed
            else tuple(honours[_nominee(item.nomination)]),
            tuple(initiatives[item.nomination.person_id]),
            files.get(item.nomination_id, 0),
        )
        for item in items
    )
    return Comparison(columns, _criteria(columns))


def _criteria(columns: Sequence[Column]) -> tuple[Criterion, ...]:
    """Every criterion that any of the cases was held to, in the order of its first case."""
    found = [
        {one.code: one for one in read_findings(column.assessment.findings)} if column.assessment else {}
        for column in columns
    ]
    first: dict[str, Finding] = {}
    for findings in found:
        for code, one in findings.items():
            first.setdefault(code, one)
    return tuple(
        Criterion(
            code,
            one.label,
            one.citation,
            tuple((column, findings.get(code)) for column, findings in zip(columns, found, strict=True)),
        )
        for code, one in first.items()
    )


def _latest_assessments(nominations: Sequence[Nomination]) -> dict[UUID, Assessment]:
    newest = (
        Assessment.objects.filter(nomination__in=nominations)
        .order_by("nomination_id", "-assessed_at", "-pk")
        .distinct("nomination_id")
        .defer("question")
    )
    return {one.nomination_id: one for one in newest}


def _about(nominations: Sequence[Nomination]) -> Q:
    people = [one.person_id for one in nominations if one.person_id]
    collectives = [one.collective_id for one in nominations if one.collective_id]
    return Q(person__in=people) | Q(collective__in=collectives)


def _nominee(about: Nomination | Honour) -> UUID | None:
    return about.person_id or about.collective_id


def _by_nominee(honours: QuerySet[Honour]) -> dict[UUID | None, list[Honour]]:
    found: dict[UUID | None, list[Honour]] = defaultdict(list)
    for one in honours:
        found[_nominee(one)].append(one)
    return found
