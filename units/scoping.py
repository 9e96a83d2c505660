"""The first fence between units: a tenant query outside a scope raises, inside one it sees only its own rows.

A scope is entered by the view frame, by a task or by a command, never by a selector. Three personas exist: a unit
with everything below it; a council, which sees only what was put before it; and maintenance, for jobs that serve
every unit at once and that no person can take.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models


class ScopeMissingError(RuntimeError):
    """A tenant table was asked outside every scope. This is a defect of the caller, never of the person."""


class Persona(StrEnum):
    UNIT = "unit"
    COUNCIL = "council"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen now.

    `path` bounds the unit persona: rows from `path` up to but excluding `path + "~"` ("~" sorts after every character
    of a path). `grants` bounds the council persona: for each notion ("nomination", "person", …) the ids put before it.
    """

    persona: Persona
    path: str = ""
    grants: Mapping[str, frozenset[UUID]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def upper(self) -> str:
        return f"{self.path}~"


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """Return the scope in force, or raise `ScopeMissingError`."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissingError("A tenant table was queried outside a scope; enter one in the view, task or command.")
    return scope


@contextmanager
def enter_scope(scope: Scope) -> Iterator[Scope]:
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def unit_scope(path: str) -> AbstractContextManager[Scope]:
    """Enter the scope of the unit at `path` and of everything below it."""
    if not path:
        raise ScopeMissingError("A unit scope needs a path; an empty one would see every root.")
    return enter_scope(Scope(Persona.UNIT, path=path))


def council_scope(grants: Mapping[str, frozenset[UUID]]) -> AbstractContextManager[Scope]:
    """Enter the scope of a council: only the rows whose ids were granted, by notion."""
    return enter_scope(Scope(Persona.COUNCIL, grants=MappingProxyType(dict(grants))))


def maintenance_scope(reason: str) -> AbstractContextManager[Scope]:
    """Enter the scope that sees every row. For jobs only; `reason` says in the code why one unit is not enough."""
    if not reason:
        raise ScopeMissingError("Work that sees every unit says why.")
    return enter_scope(Scope(Persona.MAINTENANCE))


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    def visible(self, scope: Scope) -> Self:
        """Keep the rows that `scope` may see. A model that grants nothing to a council shows a council nothing."""
        if scope.persona is Persona.MAINTENANCE:
            return self
        if scope.persona is Persona.UNIT:
            return self.filter(unit_path__gte=scope.path, unit_path__lt=scope.upper)
        lookups: Mapping[str, str] = getattr(self.model, "council_lookups", {})
        granted = models.Q(pk__in=[])
        for notion, lookup in lookups.items():
            granted |= models.Q(**{f"{lookup}__in": scope.grants.get(notion, frozenset())})
        return self.filter(granted)


class ScopedManager(models.Manager[M]):
    """The only manager of a tenant table: it fails closed."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db).visible(current_scope())


class UnitPathField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """The path of the row's unit, copied at insert and kept true by a composite foreign key in the database.

    C collation, so that a prefix is a range of the index.
    """

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"max_length": 120, "db_collation": "C", "editable": False}
        super().__init__(**(defaults | options))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  Django's own signature
        if add:
            setattr(model_instance, self.attname, model_instance.unit.path)  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)
