"""The first fence: closed outside a scope, exact inside one; and the keys beneath it."""

from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.builders import Tree, person
from units.models import AuditEntry, Grant, Person, TenantModel
from units.roles import Role
from units.scoping import ScopeMissingError, council_scope, maintenance_scope, unit_scope
from units.services.audit import record_act
from units.services.custody import Custody

pytestmark = pytest.mark.django_db


def make_people() -> tuple[Tree, Person, Person]:
    tree = Tree()
    with maintenance_scope("test rows"):
        return tree, person(tree.branch), person(tree.stranger)


def test_a_tenant_query_outside_every_scope_raises() -> None:
    make_people()
    with pytest.raises(ScopeMissingError):
        Person.objects.count()


def test_a_unit_sees_itself_and_below_and_nothing_beside() -> None:
    tree, ours, theirs = make_people()
    with unit_scope(tree.bureau.path):
        assert list(Person.objects.all()) == [ours]
    with unit_scope(tree.sibling.path):
        assert list(Person.objects.all()) == []
    with unit_scope(tree.ministry.path):
        assert set(Person.objects.all()) == {ours, theirs}


def test_a_sibling_whose_path_continues_ours_in_another_level_is_not_ours() -> None:
    tree, ours, _ = make_people()
    with unit_scope(tree.branch.path):
        assert set(Person.objects.values_list("unit_path", flat=True)) == {ours.unit_path}
        assert not Person.objects.filter(unit=tree.stranger).exists()


def test_a_council_sees_only_what_was_put_before_it() -> None:
    tree, ours, _ = make_people()
    with council_scope({"person": frozenset({ours.pk})}):
        assert list(Person.objects.all()) == [ours]
    with council_scope({}):
        assert list(Person.objects.all()) == []
        assert list(AuditEntry.objects.all()) == []
    assert tree


@pytest.mark.parametrize("enter", [lambda: unit_scope(""), lambda: maintenance_scope("")])
def test_a_scope_without_bounds_or_reason_is_refused(enter: object) -> None:
    with pytest.raises(ScopeMissingError):
        enter()  # type: ignore[operator]


def test_leaving_a_scope_closes_it_even_after_an_error() -> None:
    tree, _, _ = make_people()
    with pytest.raises(KeyError), unit_scope(tree.bureau.path):
        raise KeyError
    with pytest.raises(ScopeMissingError):
        Person.objects.exists()


def test_a_lying_path_is_impossible() -> None:
    tree, ours, _ = make_people()
    with (
        maintenance_scope("only the key beneath the fences is tried"),
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE units_person SET unit_path = %s WHERE id = %s", [tree.stranger.path, ours.pk])


def test_a_moved_unit_carries_its_rows() -> None:
    tree, ours, _ = make_people()
    custody = Custody()
    custody.move(tree.branch.pk, tree.stranger.pk)
    custody.write()
    with unit_scope(tree.stranger.path):
        assert ours in Person.objects.all()


def test_every_tenant_table_has_a_random_key_and_the_fence_on_its_path() -> None:
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel) or model in (AuditEntry, Grant)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND confupdtype = 'c' AND conname LIKE '%_unit_path_fence'"
        )
        fenced = {table for (table,) in cursor.fetchall()}
        cursor.execute(
            "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE attname = 'unit_path' AND relkind = 'r'"
        )
        carrying = {table for (table,) in cursor.fetchall()}
    assert fenced == tables == carrying


def test_the_trail_can_be_written_and_read_but_not_changed() -> None:
    from tests.builders import actor

    tree, ours, _ = make_people()
    with unit_scope(tree.branch.path):
        record_act("open-record", ours, actor=actor(tree.branch, Role.HEAD))
        assert AuditEntry.objects.get().verb == "open-record"
    for enter, statement in product(
        (lambda: unit_scope(tree.branch.path), lambda: maintenance_scope("nobody may change the trail")),
        ("UPDATE units_auditentry SET verb = 'x'", "DELETE FROM units_auditentry"),
    ):
        with enter(), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_application_cannot_change_the_schema() -> None:
    for statement in ("CREATE TABLE x (y int)", "DROP TABLE units_person", "TRUNCATE units_person"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_name_is_stored_composed_and_found_without_diacritics() -> None:
    tree = Tree()
    with maintenance_scope("test rows"):
        one = person(tree.branch, "Nguye\u0302\u0303n Thị  Hoà")
    assert one.full_name == "Nguyễn Thị Hoà"
    assert one.folded_name == "nguyen thi hoa"
