"""What the migrations made is what the models say, asked of PostgreSQL's own catalogue.

Migrating renders less than Django would (`units/migration_rendering.py`), so its outcome is compared with tables
that Django makes from the models of today, beside the migrated ones and thrown away again.
"""

import os
import re
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models

# Others keep to their own releases: Django itself never changed the numbers of its table of groups.
OWN_APPS = {"units", "campaigns", "exemplars", "awards", "reports"}
COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
        pg_get_expr(d.adbin, d.adrelid), co.collname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation co ON co.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT r.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    WHERE c.connamespace = current_schema()::regnamespace AND c.contype <> 'n' AND c.contype <> 't'
"""
INDEXES = """
    SELECT r.relname, regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX .* ON .*? USING', 'INDEX USING')
    FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid WHERE r.relnamespace = current_schema()::regnamespace
"""


def managed_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]


def statements_of_the_models() -> list[str]:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        # Through tables come with the models that they tie.
        for model in managed_models():
            if not model._meta.auto_created:
                editor.create_model(model)
        return [*editor.collected_sql, *(f"{one};" for one in editor.deferred_sql)]


def seen_from(cursor: psycopg.Cursor[Any], *schemas: str) -> dict[str, set[tuple[Any, ...]]]:
    cursor.execute(f"SET LOCAL search_path = {', '.join(schemas)}".encode())
    return {
        what: set(cursor.execute(query.encode()).fetchall())
        for what, query in (("columns", COLUMNS), ("constraints", CONSTRAINTS), ("indexes", INDEXES))
    }


def rows_of(tables: set[str], rows: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return {row for row in rows if row[0] in tables}


def said(rows: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Without casts and brackets: a schema that was dumped and restored spells them otherwise."""
    return {(table, re.sub(r"::[a-z ]+(\[\])?|[()]", "", words)) for table, words in rows}


@pytest.mark.django_db
def test_the_migrated_tables_are_those_of_the_models() -> None:
    statements = statements_of_the_models()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE SCHEMA drawn")
        cursor.execute("SET LOCAL search_path = drawn, public")
        for statement in statements:
            cursor.execute(statement.encode())
        drawn, migrated = seen_from(cursor, "drawn", "public"), seen_from(cursor, "public")
        owner.rollback()
    own = {model._meta.db_table for model in managed_models() if model._meta.app_label in OWN_APPS}
    assert own <= {row[0] for row in migrated["columns"]}
    drawn, migrated = ({what: rows_of(own, rows) for what, rows in one.items()} for one in (drawn, migrated))
    assert drawn["columns"] ^ migrated["columns"] == set()
    assert said(drawn["constraints"]) - said(migrated["constraints"]) == set()
    assert said(drawn["indexes"]) - said(migrated["indexes"]) == set()
    # What models cannot say: the fences' keys, and the index of the search.
    more = said(migrated["constraints"]) - said(drawn["constraints"])
    assert {row for row in more if "unit_path" not in row[1] and "holder_path" not in row[1]} == set()
    assert {row[0] for row in said(migrated["indexes"]) - said(drawn["indexes"])} == {"units_person"}
