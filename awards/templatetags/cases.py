"""Words and tones of cases that cross to a conference."""

from django import template

from awards.models import CaseFiling, FilingState, ReceivedCase
from awards.selectors.crossing import is_chosen

register = template.Library()
TONES = {FilingState.RECEIVED: "met", FilingState.RETURNED: "unmet", FilingState.ANNOUNCED: "met"}


@register.filter
def case_tone(state: str) -> str:
    return TONES.get(FilingState(state), "" if state == FilingState.WITHDRAWN else "open")


@register.filter
def was_chosen(case: CaseFiling | ReceivedCase) -> bool:
    return is_chosen(case)
