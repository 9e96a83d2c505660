"""Days as people say them."""

from datetime import date

from django import template

from campaigns.calendar import days_left_phrase, weekday_name

register = template.Library()


@register.filter
def days_left(last_day: date, day: date) -> str:
    """How long until the end of `last_day`, seen from `day`."""
    return days_left_phrase(last_day, day)


@register.filter
def weekday(day: date) -> str:
    return weekday_name(day)
