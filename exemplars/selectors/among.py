"""Rows of any of many keys: one array as one parameter.

`__in` makes a parameter of every key, which Django prepares and psycopg then looks for one by one: two in five calls
of judging a branch, and an eighth of its processor time. PostgreSQL reads both forms as the same condition.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q


class _Among(Func):
    """`column = ANY(keys)`."""

    output_field = BooleanField()

    def __init__(self, column: Any, keys: Collection[UUID] = (), **extra: Any) -> None:
        super().__init__(column, **extra)
        self.keys = list(keys)

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        (column,) = self.get_source_expressions()
        sql, params = compiler.compile(column)
        return f"{sql} = ANY(%s::uuid[])", [*params, self.keys]


def among(column: str, keys: Collection[UUID]) -> Q:
    """Rows whose `column`, such as "person_id", is one of the keys. Without keys nothing is asked, as with `__in`."""
    return Q(_Among(F(column), keys)) if keys else Q(pk__in=())
