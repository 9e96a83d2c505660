"""Points as people write them."""

from decimal import Decimal

from django import template

from campaigns.scoring import show_points

register = template.Library()


@register.filter
def points(value: Decimal | None) -> str:
    """With a decimal comma and without idle zeros; nothing for a column that nobody filled."""
    return "" if value is None else show_points(value)
