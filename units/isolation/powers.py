"""What belongs to no single table: views, functions, sequences, and rights that would make the policies void."""

import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection

from units.fence import COUNCIL, UNIT
from units.isolation.asking import FORBIDDEN, Asker
from units.isolation.rows import MARKER, PREFIX, Place
from units.isolation.tables import Table
from units.isolation.tally import Tally
from units.isolation.world import Standing, World, spread


def _catalogue(asker_query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asker_query)
        return list(cursor.fetchall())


def try_views(standing: Standing, asker: Asker, tally: Tally) -> None:
    """Views and tables of other servers show nobody's rows."""
    views = _catalogue(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    for (view,) in views:
        answer = asker.ask(f"SELECT v::text FROM {view} v")  # noqa: S608  names out of the catalogue, quoted by it
        tally.note("view", f"{view} từ {standing.name}", leaked=answer.names(standing.sees))


def try_functions(world: World, standing: Standing, asker: Asker, tally: Tally) -> None:
    """Functions that run with their owner's rights, called with what names strangers."""
    functions = _catalogue(
        "SELECT p.oid::regproc::text, array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    strangers = spread(world.foreign(standing))
    for name, types in functions:
        for words in itertools.chain([(PREFIX, str(uuid.uuid4()))], *(_names_of(place) for place in strangers)):
            arguments = ", ".join(_argument(kind) for kind in types)
            values = [words[0] if "text" in kind or "char" in kind else words[1] for kind in types if _is_named(kind)]
            answer = asker.ask(f"SELECT f::text FROM {name}({arguments}) f", *values)  # noqa: S608
            sent = {value.lower() for value in values}
            leaked = any(
                found.group(1).lower() not in standing.sees and found.group(0).lower() not in sent
                for found in MARKER.finditer(answer.text)
            )
            tally.note("function", f"{name}({', '.join(types)}) từ {standing.name}", leaked=leaked)


def _names_of(place: Place) -> list[tuple[str, str]]:
    """Pairs of a text and a key that name a place: its path with its own key, a word of it with a row's."""
    row = next(iter(place.rows.values()))
    return [(place.unit.path, str(place.unit.pk)), (f"{PREFIX}{place.code}", str(row.pk))]


def _is_named(kind: str) -> bool:
    return "text" in kind or "char" in kind or kind == "uuid"


def _argument(kind: str) -> str:
    if _is_named(kind):
        return f"%s::{kind}"
    return f"100::{kind}" if "int" in kind or kind == "numeric" else f"NULL::{kind}"


def try_sequences(standing: Standing, asker: Asker, tally: Tally) -> None:
    """Numbers that only grow tell how much others write."""
    sequences = _catalogue(
        "SELECT DISTINCT s.oid::regclass::text FROM pg_class s"
        " JOIN pg_depend d ON d.objid = s.oid AND d.refobjsubid > 0"
        " JOIN pg_class t ON t.oid = d.refobjid AND t.relrowsecurity WHERE s.relkind = 'S'"
    )
    for (sequence,) in sequences:
        for query in (f"SELECT last_value FROM {sequence}", f"SELECT setval('{sequence}', 1)"):  # noqa: S608
            answer = asker.ask(query)
            tally.note("sequence", f"{query} từ {standing.name}", leaked=not answer.is_refused)


_POWERS = (
    "CREATE TABLE public.isolation_probe (x int)",
    "CREATE TEMPORARY TABLE isolation_probe (x int)",
    "CREATE SCHEMA isolation_probe",
    "CREATE VIEW public.isolation_probe AS SELECT 1",
    "CREATE FUNCTION public.isolation_probe() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE isolation_probe",
    "ALTER ROLE thidua_login BYPASSRLS",
    "ALTER ROLE thidua_unit BYPASSRLS",
    "SET LOCAL ROLE thidua_owner",
    "SET LOCAL ROLE postgres",
    "SET LOCAL ROLE pg_read_all_data",
    "SET LOCAL ROLE pg_database_owner",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT * FROM pg_authid",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SET session_replication_role = replica",
)


def try_powers(standing: Standing, asker: Asker, tally: Tally) -> None:
    """What would make the policies void."""
    for query in _POWERS:
        answer = asker.ask(query)
        # A role that this server does not have is refused as well, in another way.
        leaked = answer.state not in (FORBIDDEN, "22023", "42704")
        tally.note("power", f"{query} từ {standing.name}", leaked=leaked)


def try_other_roles(world: World, standing: Standing, tables: Sequence[Table], asker: Asker, tally: Tally) -> None:
    """Stepping from one persona into another without its bounds shows nothing new.

    The maintenance persona is left out: raw SQL of the application's login can take it, which is why the fences are
    no wall against injected SQL. That no page takes it for a person is tried in `addresses`.
    """
    for role in (UNIT, COUNCIL, "none"):
        for table in tables:
            answer = asker.ask_in_turn(
                (f"SET LOCAL ROLE {role}", ()),
                (f'SELECT t::text FROM "{table.name}" t', ()),  # noqa: S608  names of our own tables
            )
            leaked = answer.names(_reach(world, standing)) or (role == "none" and not answer.is_refused)
            tally.note("other-role", f"{table.name} từ {standing.name} sang vai {role}", leaked=leaked)


def _reach(world: World, standing: Standing) -> frozenset[str]:
    """What the bounds in force let through when only the role is changed: they stay set for the transaction."""
    path = standing.scope.path if standing.scope else ""
    return world.within(path) if path else frozenset()
