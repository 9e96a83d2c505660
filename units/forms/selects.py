"""How a choice is written into a page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_SELECTED = mark_safe(" selected")


class PlainSelect(forms.Select):
    """A select that writes its options at one go: Django renders three templates for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002  Django's own signature
        chosen, parts = self.format_value(value), []
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                group = format_html('<optgroup label="{}">\n{}\n</optgroup>', key, _write_options(label, chosen))
                parts.append(group)
            else:
                parts.append(_write_options([(key, label)], chosen))
        attributes = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        options = format_html_join("\n", "{}", ((one,) for one in parts))
        return format_html("<select{}>\n{}\n</select>", attributes, options)


def _write_options(choices: Iterable[tuple[Any, Any]], chosen: list[str]) -> SafeString:
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((key, _SELECTED if str(key) in chosen else "", label) for key, label in choices),
    )
