"""Words, tones and drawings of indicators."""

from django import template

from campaigns.charts import Chart, Point, draw
from campaigns.measures import show_value
from campaigns.models import Indicator, IndicatorTarget, Measure
from campaigns.selectors.target_facts import show_level
from campaigns.selectors.target_history import IndicatorHistory
from campaigns.selectors.targets import name_addressee

register = template.Library()

TONES = {"met": "met", "unmet": "unmet", "missing": "open", "no-level": ""}


@register.filter
def standing_tone(standing: str) -> str:
    return TONES.get(standing, "")


@register.filter
def level_words(target: IndicatorTarget, indicator: Indicator) -> str:
    """The level of a target in words."""
    return show_level(indicator, target.level)


@register.filter
def addressee_words(target: IndicatorTarget) -> str:
    words = name_addressee(target)
    return words[0].upper() + words[1:]


@register.filter
def chart(history: IndicatorHistory) -> Chart | None:
    """The whole years of an indicator as columns, the oldest first; nothing for yes or no."""
    if history.indicator.measure == Measure.YES_NO:
        return None
    whole = [one.whole for one in reversed(history.years) if one.whole]
    return draw(
        [
            Point(
                label=str(one.year),
                value=one.value,
                shown="" if one.value is None else show_value(one.indicator.measure, one.value),
                level=one.level,
                met=one.met,
            )
            for one in whole
        ]
    )
