"""Where an item of a draft stands among its pages."""

from django import template

from campaigns.selectors.plan_drafts import page_of_item

register = template.Library()


@register.filter
def item_page(order: int) -> int:
    return page_of_item(order)
