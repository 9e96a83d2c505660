"""What plans asked of units and what their yearly reports said, as facts for the rules."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from campaigns.selectors.target_facts import TargetFact
from campaigns.selectors.targets import list_yearly_facts
from exemplars import rules

Targets = Mapping[UUID, list[rules.TargetResult]]


def gather_targets(units: Collection[UUID], years: Collection[int], *, day: date) -> Targets:
    """By unit, for any number of them: one query where no plan asks them anything, else six.

    Of the unit itself alone: what another unit reported before a merger was asked of that one.
    """
    found: dict[UUID, list[rules.TargetResult]] = defaultdict(list)
    for fact in list_yearly_facts(units, years, day=day) if units else ():
        found[fact.unit_id].append(_as_result(fact))
    return found


def pick_targets(found: Targets, unit: UUID, span: rules.Span) -> tuple[rules.TargetResult, ...] | None:
    """Those of the years of a span; None where none is in sight, because nobody can tell whether there is another."""
    return tuple(one for one in found.get(unit, ()) if one.year in span.years) or None


def _as_result(fact: TargetFact) -> rules.TargetResult:
    indicator = fact.indicator
    return rules.TargetResult(
        year=fact.year,
        indicator=fact.code,
        title=indicator.title,
        measure=indicator.measure,
        direction=indicator.direction,
        level=fact.level,
        value=fact.value,
        measured_in=indicator.measured_in,
        campaign=indicator.campaign.code,
        source=rules.Source(decision=fact.document_number, on=fact.reported_on),
    )
