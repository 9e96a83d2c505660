"""Database rules of tenant tables that Django's migrations cannot spell, as operations for migration files."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def fence_unit_path(*tables: str) -> migrations.RunSQL:
    """Tie `(unit_id, unit_path)` to the unit: a lying path is impossible, and a moved unit carries its rows along."""
    forward: list[Any] = []
    backward: list[Any] = []
    for table in tables:
        name = f"{table}_unit_path_fence"
        forward.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (unit_id, unit_path) '
            "REFERENCES units_unit (id, path) ON UPDATE CASCADE"
        )
        backward.append(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    return migrations.RunSQL(forward, backward)


def follow_person(*tables: str) -> migrations.RunSQL:
    """Tie `holder_path` to the unit where the row's person works, so that it is true and moves with the person.

    Rows that stand already are filled in first; for that the owner may pass the row policies, which `apply_fence`
    forces again after the migration.

    The key may wait, and waits in one place only: while units move (`units/services/custody.py`, which says why).
    """
    forward: list[Any] = ["ALTER TABLE units_person NO FORCE ROW LEVEL SECURITY"]
    backward: list[Any] = []
    for table in tables:
        key, check = f"{table}_holder_fence", f"{table}_holder_of_a_person"
        forward += [
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            (
                f'UPDATE "{table}" AS line SET holder_path = person.unit_path FROM units_person AS person '  # noqa: S608
                "WHERE person.id = line.person_id"
            ),
            # Foreign keys that wait for the end of the transaction would hold the table against what follows.
            "SET CONSTRAINTS ALL IMMEDIATE",
            (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{key}" FOREIGN KEY (person_id, holder_path) '
                "REFERENCES units_person (id, unit_path) ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE"
            ),
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{check}" CHECK ((person_id IS NULL) = (holder_path IS NULL))',
        ]
        backward += [
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{key}"',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{check}"',
        ]
    return migrations.RunSQL(forward, backward)


def write_rows(write: Callable[[Any, BaseDatabaseSchemaEditor], None], *fenced: str) -> migrations.RunPython:
    """Let `write(apps, schema_editor)` change rows in the middle of a migration; the way back leaves them.

    Row policies bind the owner too: for the tables named in `fenced` they are lifted until `apply_fence` forces them
    again after the migration, and a statement that a policy would still keep from rows fails instead of missing them.

    Foreign keys and triggers that wait for the end of the transaction are settled afterwards: while they wait, no
    later operation may alter a table that was written.
    """

    def write_and_settle(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in fenced:
            schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute("SET LOCAL row_security = off")
        write(apps, schema_editor)
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")
        schema_editor.execute("SET LOCAL row_security = on")

    return migrations.RunPython(write_and_settle, migrations.RunPython.noop)


def append_only(table: str) -> migrations.RunSQL:
    """Leave the application's login nothing but INSERT and SELECT on `table`."""
    role = settings.DATABASE_LOGIN_ROLE
    return migrations.RunSQL(
        [f'REVOKE ALL ON "{table}" FROM "{role}"', f'GRANT SELECT, INSERT ON "{table}" TO "{role}"'],
        [f'GRANT UPDATE, DELETE ON "{table}" TO "{role}"'],
    )


def read_only(*tables: str) -> migrations.RunSQL:
    """Leave the application's login nothing but SELECT: what stands there is written by triggers alone."""
    role = settings.DATABASE_LOGIN_ROLE
    return migrations.RunSQL(
        [f'REVOKE ALL ON "{table}" FROM "{role}"; GRANT SELECT ON "{table}" TO "{role}"' for table in tables],
        [f'GRANT INSERT, UPDATE, DELETE ON "{table}" TO "{role}"' for table in tables],
    )


def keep_from_login(*functions: str) -> migrations.RunSQL:
    """Take from the login what the owner's default rights gave it: functions that only triggers call."""
    return migrations.RunSQL(
        f'REVOKE ALL ON FUNCTION {", ".join(functions)} FROM "{settings.DATABASE_LOGIN_ROLE}"', migrations.RunSQL.noop
    )
