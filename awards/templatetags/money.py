"""Sums and multiples in words."""

from decimal import Decimal

from django import template

from campaigns.measures import show_value

register = template.Library()


@register.filter
def dong(amount: int) -> str:
    """ "1.350.000 đồng"."""
    return show_value("", Decimal(amount), "đồng")


@register.filter
def times(multiple: Decimal) -> str:
    """ "4,5"."""
    return show_value("", multiple)
