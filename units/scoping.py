"""Scopes: a tenant query outside one raises, inside one it sees only its own rows.

Two fences stand behind every scope. The first is here: managers that fail closed and narrow each query. The second is
PostgreSQL's (`units.fence`): while a scope is open the connection has stepped into the scope's persona, and row
policies let through only what the scope bounds. Outside every scope the login reaches no tenant table at all.

A scope is entered by the view frame, by a task or by a command, never by a selector. Three personas exist: a unit
with everything below it; a council, which sees only what was put before it; and maintenance, for jobs that serve
every unit at once and that no person can take.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, models
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.db.models.sql.where import AND, OR, WhereNode
from psycopg.pq import TransactionStatus


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
    of a path). `grants` bounds the council persona: for each notion ("nomination", "person", …) the ids put before it;
    its `path` is where its acts are recorded, and `actor` the member who acts.
    """

    persona: Persona
    path: str = ""
    grants: Mapping[str, frozenset[UUID]] = field(default_factory=lambda: MappingProxyType({}))
    actor: UUID | None = None

    @property
    def upper(self) -> str:
        return f"{self.path}~"


# What a council may be granted; each is a setting that the row policies read.
NOTIONS = ("council", "nomination", "person", "collective")
_ROLES = {
    Persona.UNIT: "thidua_unit",
    Persona.COUNCIL: "thidua_council",
    Persona.MAINTENANCE: "thidua_maintenance",
}
_SETTINGS = ("app.lo", "app.hi", "app.actor", *(f"app.granted_{notion}" for notion in NOTIONS), "role")
_STEP_IN = "SELECT " + ", ".join(f"set_config('{name}', %s, %s)" for name in _SETTINGS)

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """Return the scope in force, or raise `ScopeMissingError`."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissingError("A tenant table was queried outside a scope; enter one in the view, task or command.")
    return scope


@contextmanager
def enter_scope(scope: Scope) -> Iterator[Scope]:
    outer = _current.get()
    if scope == outer:
        # The connection acts as this persona already; a round trip each way would change nothing.
        yield scope
        return
    # Inside a transaction the persona ends with it; outside one it is the session's, until this scope ends.
    is_local = connection.in_atomic_block
    _step_into(scope, is_local=is_local)
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
        _step_back(outer, is_local=is_local)


@contextmanager
def supposed_scope(path: str) -> Iterator[Scope]:
    """As if in the scope of the unit at `path`, to work out the SQL of a query there; nothing may be asked in it."""
    scope = Scope(Persona.UNIT, path=path)
    token = _current.set(scope)
    try:
        with connection.execute_wrapper(_refuse_to_ask):
            yield scope
    finally:
        _current.reset(token)


def _refuse_to_ask(*_: object) -> None:
    raise ScopeMissingError("The database was asked in a scope that is only supposed; the SQL may not hang on rows.")


def _step_into(scope: Scope | None, *, is_local: bool) -> None:
    """Let the connection act as the scope's persona, or as the bare login without one: one round trip."""
    grants = scope.grants if scope else {}
    values = (
        scope.path if scope else "",
        scope.upper if scope and scope.path else "",
        str(scope.actor or "") if scope else "",
        *(",".join(map(str, grants.get(notion, ()))) for notion in NOTIONS),
        _ROLES[scope.persona] if scope else "none",
    )
    with connection.cursor() as cursor:
        cursor.execute(_STEP_IN, [argument for value in values for argument in (value, is_local)])


def _step_back(outer: Scope | None, *, is_local: bool) -> None:
    """Leave the persona. A transaction that failed takes it back by itself when it is rolled back."""
    raw = connection.connection
    if raw is None or raw.closed or raw.info.transaction_status == TransactionStatus.INERROR:
        if not is_local:
            connection.close()
        return
    try:
        _step_into(outer, is_local=is_local)
    except DatabaseError:
        # Nobody may go on with a connection whose persona is not known.
        if not is_local:
            connection.close()
        raise


def unit_scope(path: str) -> AbstractContextManager[Scope]:
    """Enter the scope of the unit at `path` and of everything below it."""
    if not path:
        raise ScopeMissingError("A unit scope needs a path; an empty one would see every root.")
    return enter_scope(Scope(Persona.UNIT, path=path))


def council_scope(
    grants: Mapping[str, frozenset[UUID]], *, path: str = "", actor: UUID | None = None
) -> AbstractContextManager[Scope]:
    """Enter the scope of a council: only the rows whose ids were granted, by notion.

    `path` is the council's unit, below which its acts may be recorded, and `actor` the member who acts.
    """
    unknown = set(grants) - set(NOTIONS)
    if unknown:
        raise LookupError(f"No council is ever granted {', '.join(sorted(unknown))}.")
    return enter_scope(Scope(Persona.COUNCIL, path=path, grants=MappingProxyType(dict(grants)), actor=actor))


def maintenance_scope(reason: str) -> AbstractContextManager[Scope]:
    """Enter the scope that sees every row. For jobs only; `reason` says in the code why one unit is not enough."""
    if not reason:
        raise ScopeMissingError("Work that sees every unit says why.")
    return enter_scope(Scope(Persona.MAINTENANCE))


@cache
def path_fields(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    """The columns of which one has to lie in a unit's range for the row to be read there."""
    found = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
    return tuple(found[name] for name in ("unit_path", "holder_path") if name in found)


def follows_person(model: type[models.Model]) -> bool:
    """Whether the unit where the row's person works today may read it beside the unit that wrote it."""
    return len(path_fields(model)) > 1


def ties_person(model: type[models.Model]) -> bool:
    """Whether a row would be read by the unit of its person, or give the unit that writes it a hold on that person.

    Such a row may only be about somebody whom the unit knows.
    """
    return follows_person(model) or getattr(model, "is_tie_to_person", False)


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    def visible(self, scope: Scope) -> Self:
        """Keep the rows that `scope` may see. A model that grants nothing to a council shows a council nothing."""
        if scope.persona is Persona.MAINTENANCE:
            return self
        own_of: str = getattr(self.model, "own_of", "")
        if own_of:
            is_somebody = scope.persona is Persona.COUNCIL and scope.actor is not None
            return self.filter(**{own_of: scope.actor}) if is_somebody else self.none()
        if scope.persona is Persona.UNIT:
            return self._within(scope)
        lookups: Mapping[str, str] = getattr(self.model, "council_lookups", {})
        granted = models.Q(pk__in=[])
        for notion, lookup in lookups.items():
            granted |= models.Q(**{f"{lookup}__in": scope.grants.get(notion, frozenset())})
        return self.filter(granted)

    def _within(self, scope: Scope) -> Self:
        """`filter(unit_path__gte=scope.path, unit_path__lt=scope.upper)`, or in the same range of `holder_path`.

        Put together from its parts: this stands before every query of a tenant table, and resolving the names of the
        two columns anew took as long as all that a page filters by itself.
        """
        narrowed = self._chain()  # type: ignore[attr-defined]  # how every method of a query set begins
        alias = narrowed.query.get_initial_alias()
        ranges: list[Any] = [
            [GreaterThanOrEqual(column, scope.path), LessThan(column, scope.upper)]
            for column in (path.get_col(alias) for path in path_fields(self.model))
        ]
        own: Any = WhereNode(ranges[0]) if len(ranges) == 1 else WhereNode([WhereNode(one) for one in ranges], OR)
        narrowed.query.where.add(own, AND)
        return narrowed  # type: ignore[no-any-return]


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


class HolderPathField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """The path of the unit where the row's person works today; null on a row about a collective.

    Copied at insert; a composite foreign key to the person keeps it true when the person moves to another unit and
    when that unit itself moves.
    """

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"max_length": 120, "db_collation": "C", "editable": False, "null": True}
        super().__init__(**(defaults | options))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  Django's own signature
        if add:
            person = model_instance.person  # type: ignore[attr-defined]
            setattr(model_instance, self.attname, person.unit_path if person else None)
        return super().pre_save(model_instance, add)
