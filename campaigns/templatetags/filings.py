"""Words and tones of what units file."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField, Form

from campaigns.selectors.board import BoardState
from campaigns.selectors.filings import PaperWanted

register = template.Library()

TONES = {
    "received": "met",
    "approved": "met",
    "recorded": "met",
    "sent": "open",
    "draft": "open",
    "returned": "unmet",
    "overdue": "unmet",
}


@register.filter
def filing_tone(state: str) -> str:
    return TONES.get(state, "")


@register.filter
def board_label(state: str) -> str:
    return BoardState(state).label


@register.filter
def sent_late(row: Any) -> int:
    """By how many days a row of the board was sent after its last day."""
    if row.last_day is None or row.sent_on is None:
        return 0
    return max(int((row.sent_on - row.last_day).days), 0)


@register.filter
def has_estimate(wanted: Iterable[PaperWanted]) -> bool:
    """Whether a page count is only an estimate."""
    return any(paper.is_estimated and paper.pages for one in wanted for paper in one.files)


@register.filter
def name_choices(form: Form) -> list[BoundField]:
    """The fields of a title's line that are lists of names."""
    return [form["people"], form["collectives"]]
