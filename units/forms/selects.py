"""How a choice is written into a page."""

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """A select that writes its options at one go: Django renders three templates for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002  Django's own signature
        chosen, lines = self.format_value(value), []
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                options = "\n".join(_write_option(one, words, chosen) for one, words in label)
                lines.append(f'<optgroup label="{conditional_escape(key)}">\n{options}\n</optgroup>')
            else:
                lines.append(_write_option(key, label, chosen))
        attributes = flatatt({"name": name} | self.build_attrs(self.attrs, attrs))
        # Joined by hand: there may be a thousand, and each part is escaped where it is written.
        return format_html("<select{}>\n{}\n</select>", attributes, SafeString("\n".join(lines)))


def _write_option(key: Any, label: Any, chosen: list[str]) -> str:
    selected = " selected" if str(key) in chosen else ""
    return f'<option value="{_escape(key)}"{selected}>{_escape(label)}</option>'


def _escape(words: Any) -> str:
    """`conditional_escape`, whose detours cost more than the rest of an option where it is given plain words."""
    return conditional_escape(words) if hasattr(words, "__html__") else escape(str(words))
