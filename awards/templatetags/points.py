"""Exact decimals as people here write them."""

from django import template

from awards.terms import with_comma

register = template.Library()


@register.filter
def comma(number: str) -> str:
    """ "0,5" for "0.5"."""
    return with_comma(number)
