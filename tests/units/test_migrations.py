"""Upgrades of a database that holds rows: what is written half-way must not stop, or miss, what follows."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, migrations, transaction
from django.db.migrations.loader import MigrationLoader

from tests.builders import Tree, campaign, phase
from units.migration_operations import write_rows
from units.scoping import maintenance_scope, unit_scope

OURS = ("units", "campaigns", "exemplars", "awards", "reports")


def test_every_migration_writes_rows_through_the_one_operation() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    plain = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS
        for operation in migration.operations
        if isinstance(operation, migrations.RunPython)
        and not operation.code.__qualname__.startswith(write_rows.__name__)
    ]
    assert plain == []


@pytest.mark.django_db
def test_what_waits_for_the_end_is_settled_at_once() -> None:
    def write(_apps: Any, editor: Any) -> None:
        editor.execute("UPDATE campaigns_phase SET campaign_id = -1")

    phase(campaign(Tree().bureau), "dau", date(2023, 1, 1), date(2023, 6, 30))
    with (
        maintenance_scope("an upgrade sees every row"),
        connection.schema_editor(atomic=False) as editor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        write_rows(write).code(apps, editor)


@pytest.mark.django_db
def test_rows_behind_a_policy_stop_the_upgrade_instead_of_being_missed() -> None:
    def write(_apps: Any, editor: Any) -> None:
        editor.execute("UPDATE exemplars_nomination SET position = position")

    with (
        unit_scope(Tree().bureau.path),
        connection.schema_editor(atomic=False) as editor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        write_rows(write).code(apps, editor)
