"""The tag `url`, which stands in every row of every list, by `units.addresses`."""

from typing import Any

from django import template
from django.template import defaulttags
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from units.addresses import address_of

register = template.Library()


class AddressNode(defaulttags.URLNode):
    def render(self, context: template.Context) -> str:
        if self.kwargs or self.asvar:
            return str(super().render(context))
        view, keys = self.view_name.resolve(context), [key.resolve(context) for key in self.args]
        try:
            address = address_of(view, *keys)
        except NoReverseMatch:
            return str(super().render(context))  # which also knows the present namespace
        return str(conditional_escape(address)) if context.autoescape else address


@register.tag
def url(parser: Any, token: Any) -> AddressNode:
    """Django's own tag, written the same way."""
    plain = defaulttags.url(parser, token)
    return AddressNode(plain.view_name, plain.args, plain.kwargs, plain.asvar)
