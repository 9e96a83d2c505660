"""What every table and its references look like to whoever probes them."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from units.isolation.rows import MARKER
from units.isolation.world import World
from units.scoping import follows_person, maintenance_scope, ties_person


@dataclass(frozen=True)
class Table:
    """A tenant table with the row of each place, as the database itself spells it."""

    name: str
    key: str
    text: str
    rows: dict[str, dict[str, Any]]
    references: dict[str, str]
    paths: list[tuple[str, ...]]
    # Whether a row may only be about a person whom its unit knows.
    ties_person: bool

    def within(self, path: str) -> int:
        """How many rows the unit at `path` may see: its own, and those about people who work there today."""
        return sum(any(one.startswith(path) for one in row) for row in self.paths)

    def pk(self, code: str) -> Any:
        return self.rows[code][self.key]

    def copied(self, code: str, **changes: Any) -> str:
        """The row of a place as JSON under a key of its own, with changes."""
        fresh = str(uuid.uuid4()) if isinstance(self.pk(code), str) else self.pk(code) + 1_000_000_000
        return json.dumps({**self.rows[code], self.key: fresh, **changes})


def describe_tables(world: World) -> list[Table]:
    with maintenance_scope("the rows that others try to reach are read once"), connection.cursor() as cursor:
        return [_describe(cursor, world, model) for model in world.tables]


def _describe(cursor: CursorWrapper, world: World, model: type[models.Model]) -> Table:
    meta = model._meta  # noqa: SLF001  Django documents _meta as public
    key = str(meta.pk.column)
    rows = {}
    for code, place in world.places.items():
        cursor.execute(f'SELECT to_jsonb(t) FROM "{meta.db_table}" t WHERE "{key}" = %s', [place.rows[model].pk])  # noqa: S608
        (found,) = cursor.fetchone()
        rows[code] = json.loads(found) if isinstance(found, str) else found
    sample = next(iter(rows.values()))
    text = next((name for name, value in sample.items() if isinstance(value, str) and MARKER.search(value)), "")
    columns = "ARRAY[unit_path, holder_path]" if follows_person(model) else "ARRAY[unit_path]"
    cursor.execute(
        f'SELECT {columns}::text[] FROM "{meta.db_table}" WHERE unit_path = ANY(%s)',  # noqa: S608  our own names
        [[place.unit.path for place in world.places.values()]],
    )
    paths = [tuple(filter(None, found)) for (found,) in cursor.fetchall()]
    return Table(meta.db_table, key, text, rows, _references(cursor, meta.db_table), paths, ties_person(model))


def _references(cursor: CursorWrapper, table: str) -> dict[str, str]:
    """Single-column foreign keys to tenant tables: column to the constraint's name."""
    cursor.execute(
        """
        SELECT a.attname, k.conname FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.confrelid AND t.relrowsecurity
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.conrelid = %s::regclass AND cardinality(k.conkey) = 1 AND k.condeferrable
        """,
        [f'"{table}"'],
    )
    return dict(cursor.fetchall())
