"""One unit's indicators through the years."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.models import Indicator
from campaigns.selectors.target_facts import TargetFact
from campaigns.selectors.targets import later_of, list_facts, list_reports
from units.models import Unit


@dataclass(frozen=True, slots=True)
class YearOfIndicator:
    """One year of an indicator: of the whole year and of its halves, where a report of that time is owed."""

    year: int
    whole: TargetFact | None
    halves: tuple[TargetFact, ...]


@dataclass(frozen=True, slots=True)
class IndicatorHistory:
    """One indicator of a unit through the years, the newest year first; `indicator` is the newest year's."""

    indicator: Indicator
    years: tuple[YearOfIndicator, ...]

    @property
    def facts(self) -> list[TargetFact]:
        """Newest year first; within a year the whole year before its halves."""
        return [fact for one in self.years for fact in (*((one.whole,) if one.whole else ()), *one.halves)]


def read_history(unit: Unit, day: date) -> list[IndicatorHistory]:
    """Every indicator that `unit` reports or reported, by the title it has today; constant queries."""
    best: dict[tuple[str, int, int], TargetFact] = {}
    for fact in list_facts(list_reports([unit.pk]), day):
        key = fact.code, fact.year, fact.half
        best[key] = later_of(best.get(key), fact)
    by_code: dict[str, dict[int, dict[int, TargetFact]]] = defaultdict(lambda: defaultdict(dict))
    for (code, year, half), fact in best.items():
        by_code[code][year][half] = fact
    found = [_history_of(years) for years in by_code.values()]
    return sorted(found, key=lambda one: (one.indicator.campaign_id, one.indicator.pk))


def _history_of(years: Mapping[int, Mapping[int, TargetFact]]) -> IndicatorHistory:
    ordered = sorted(years, reverse=True)
    return IndicatorHistory(
        next(iter(years[ordered[0]].values())).indicator,
        tuple(
            YearOfIndicator(
                year, years[year].get(0), tuple(years[year][half] for half in (2, 1) if half in years[year])
            )
            for year in ordered
        ),
    )
