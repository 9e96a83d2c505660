"""What a table looks like: its columns, what each holds, and the words by which a header is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from units.folding import fold

_IN_BRACKETS = re.compile(r"\([^)]*\)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


class FieldKind(StrEnum):
    TEXT = "text"
    DAY = "day"
    YEAR = "year"
    CHOICE = "choice"
    FLAG = "flag"


def plain(text: str) -> str:
    """The form in which headers and choices are compared: no case, marks, punctuation or remarks in brackets."""
    return " ".join(_NOT_A_WORD.sub(" ", fold(_IN_BRACKETS.sub(" ", text))).split())


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One column. `is_code` marks identifiers, in which a leading zero counts."""

    key: str
    title: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    is_code: bool = False
    max_length: int = 200
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    example: str = ""

    @cached_property
    def headers(self) -> frozenset[str]:
        return frozenset(plain(text) for text in (self.title, *self.aliases))

    @cached_property
    def by_word(self) -> Mapping[str, str]:
        """Values by every word that stands for them."""
        return {
            plain(word): choice.value
            for choice in self.choices
            for word in (choice.value, choice.label, *choice.aliases)
        }


@dataclass(frozen=True)
class Layout:
    """A table: `code` names it in addresses, `title` in words."""

    code: str
    title: str
    fields: tuple[Field, ...]
    sheet: str = "Dữ liệu"

    @cached_property
    def by_header(self) -> Mapping[str, Field]:
        return {header: field for field in self.fields for header in field.headers}
