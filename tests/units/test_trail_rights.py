"""The trail and its chain grow only: what the application's login may not do in the database, in whatever scope."""

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.builders import Tree, actor, person
from units.models import AuditEntry, AuditLink, AuditStream
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.audit import record_act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def entry() -> AuditEntry:
    with maintenance_scope("test rows"):
        tree = Tree()
        return record_act("open-record", person(tree.branch), actor=actor(tree.branch, Role.HEAD))


def test_an_entry_is_linked_although_the_application_may_not_link(entry: AuditEntry) -> None:
    connection.check_constraints()  # what a commit does
    link = AuditLink.objects.get(entry=entry)
    assert AuditStream.objects.get(pk=link.stream).hash == link.hash


@pytest.mark.parametrize("table", ["units_auditentry", "units_auditlink", "units_auditstream"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_of_the_trail_can_be_changed_by_the_application(table: str, act: str) -> None:
    column = "verb" if table == "units_auditentry" else "hash"
    with (
        maintenance_scope("even jobs may not"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table, column, "'x'"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO units_auditlink VALUES (99, 1, 99, 'x', 'x')",
        "INSERT INTO units_auditstream VALUES (1, 99, 'x', 'x')",
        "SELECT units_audit_link(e, 1) FROM units_auditentry e",
        "SELECT units_audit_commit()",
        "SET session_replication_role = replica",
        "ALTER TABLE units_auditentry DISABLE TRIGGER ALL",
    ],
)
def test_places_in_the_chain_cannot_be_forged_by_the_application(statement: str) -> None:
    with (
        maintenance_scope("even jobs may not"),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
