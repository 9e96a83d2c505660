"""Words of nominations in templates."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template

from exemplars.workflow import STEPS, NominationState

register = template.Library()

# A returned nomination stands again at the first step; a declined one at the last.
PLACE = {
    NominationState.RETURNED: NominationState.DRAFT,
    NominationState.WITHDRAWN: NominationState.DRAFT,
    NominationState.DECLINED: NominationState.RECOGNISED,
}


@register.filter
def day_words(value: date | str | None) -> str:
    """A day as dd/mm/yyyy, whether it comes from the database or from stored JSON."""
    if not value:
        return ""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day:%d/%m/%Y}"


@register.filter
def tally(findings: Sequence[Any]) -> str:
    """How many criteria stand where: "2 đạt · 4 cần xem xét"."""
    counts = Counter(str(finding.status) for finding in findings)
    words = (("met", "đạt"), ("undetermined", "cần xem xét"), ("unmet", "chưa đạt"))
    return " · ".join(f"{counts[status]} {word}" for status, word in words if counts[status])


@register.inclusion_tag("exemplars/steps.html")
def steps(state: str) -> dict[str, object]:
    """The way of a nomination with the present step marked."""
    order = [step for step, _ in STEPS]
    here = order.index(PLACE.get(NominationState(state), NominationState(state)))
    over = state in (NominationState.RECOGNISED, NominationState.DECLINED)
    return {
        "steps": [
            {"label": label, "done": number < here or over, "here": number == here and not over}
            for number, (_, label) in enumerate(STEPS)
        ]
    }
