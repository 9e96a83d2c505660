"""Exact decimals as people here write them."""

from django import template

from awards.terms import least_mean, with_comma

register = template.Library()


@register.filter
def comma(number: str) -> str:
    """ "0,5" for "0.5"."""
    return with_comma(number)


@register.filter
def of_scale(threshold: str, max_score: str) -> str:
    """The mean that a threshold asks for on a scale."""
    return least_mean(threshold, max_score)
