"""Which tables an answer looked a key up in, read off the statements that were sent while it was made.

So nobody has to say what an address or a choice of a form refers to: a key that exists nowhere is sent once, and the
tables in which it was looked for are the ones whose keys are worth trying.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

# What stands before a key's place in a statement: `"table"."column" =`, also as a member of a list.
_COMPARED = re.compile(r'"(\w+)"\."(\w+)"(?:::\w+)?\s*(?:=|IN\s*\()\s*\(?\s*$', re.IGNORECASE)


@dataclass
class Heard:
    """Labels of the models whose keys were compared with one of the keys listened for."""

    keys: frozenset[str]
    labels: set[str] = field(default_factory=set)

    def hear(self, statement: str, values: Sequence[Any]) -> None:
        before = ""
        for piece, value in zip(statement.split("%s"), values, strict=False):
            before = before if piece.strip() == "," else piece
            if str(value) in self.keys and (found := _COMPARED.search(before)):
                self.labels.update(_referred(*found.groups()))


@contextmanager
def hearing(*keys: object) -> Iterator[Heard]:
    heard = Heard(frozenset(str(key) for key in keys))

    def wrap(execute: Any, statement: Any, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's own
        if isinstance(values, (list, tuple)) and not many:
            heard.hear(str(statement), values)
        return execute(statement, values, many, context)

    with connection.execute_wrapper(wrap):
        yield heard


def _referred(table: str, column: str) -> Iterator[str]:
    """The model whose key a column holds: the table itself by a key or code of its own, another by a foreign key."""
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001  Django documents _meta as public
        if meta.db_table != table:
            continue
        for one in meta.concrete_fields:
            if one.column == column:
                target = one.related_model if isinstance(one, models.ForeignKey) else model if one.unique else None
                if isinstance(target, type):
                    yield target._meta.label_lower  # noqa: SLF001
