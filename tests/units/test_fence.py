"""The second fence alone: raw SQL, without any manager of ours, under each persona."""

import json
import threading
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from tests.builders import Tree, excellent, move_away, person, user
from units import fence, fence_gate
from units.models import Grading, Person, Posting, Transfer, Unit
from units.scoping import ScopeMissingError, council_scope, maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db


def make_people() -> tuple[Tree, Person, Person]:
    tree = Tree()
    with maintenance_scope("test rows"):
        return tree, person(tree.branch), person(tree.stranger)


def ask(query: str, *values: object) -> list[object]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def people() -> set[object]:
    return set(ask("SELECT id FROM units_person"))


def test_outside_every_scope_the_login_reaches_no_tenant_table() -> None:
    make_people()
    for model in fence.list_tenant_models():
        with pytest.raises(ProgrammingError, match="permission denied"):
            ask(f'SELECT 1 FROM "{model._meta.db_table}"')  # noqa: S608  names of our own tables


def test_each_persona_sees_its_rows_by_raw_sql() -> None:
    tree, ours, theirs = make_people()
    with unit_scope(tree.bureau.path):
        assert people() == {ours.pk}
    with unit_scope(tree.sibling.path):
        assert people() == set()
    with unit_scope(tree.ministry.path):
        assert people() == {ours.pk, theirs.pk}
    with council_scope({"person": frozenset({theirs.pk})}):
        assert people() == {theirs.pk}
    with council_scope({}):
        assert people() == set()
    with maintenance_scope("test"):
        assert people() == {ours.pk, theirs.pk}


def test_a_row_cannot_be_written_into_another_unit() -> None:
    tree, ours, theirs = make_people()
    with unit_scope(tree.branch.path):
        moved = "UPDATE units_person SET unit_id = %s, unit_path = %s"
        added = """
            INSERT INTO units_posting (id, unit_id, unit_path, person_id, position, is_head, valid_from)
            VALUES (gen_random_uuid(), %s, %s, %s, 'x', false, '2023-01-01')
        """
        for statement, values in (
            (moved, [tree.stranger.pk, tree.stranger.path]),
            (added, [tree.stranger.pk, tree.stranger.path, ours.pk]),
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                connection.cursor().execute(statement, values)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM units_person WHERE id = %s", [theirs.pk])
            assert cursor.rowcount == 0
            cursor.execute("UPDATE units_person SET full_name = 'x' WHERE id = %s", [theirs.pk])
            assert cursor.rowcount == 0


def test_a_council_changes_nothing_of_a_dossier() -> None:
    _, ours, _ = make_people()
    with council_scope({"person": frozenset({ours.pk})}):
        for statement in ("UPDATE units_person SET full_name = 'x'", "DELETE FROM units_person"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                ask(statement)


def test_no_persona_empties_a_table() -> None:
    make_people()
    with maintenance_scope("test"), pytest.raises(ProgrammingError):
        ask("TRUNCATE units_person")


def test_an_inner_scope_gives_way_to_the_outer_one() -> None:
    tree, ours, theirs = make_people()
    with unit_scope(tree.stranger.path):
        with unit_scope(tree.branch.path):
            assert people() == {ours.pk}
        assert people() == {theirs.pk}


def test_after_a_failed_statement_the_outer_scope_still_holds() -> None:
    tree, _, theirs = make_people()
    with unit_scope(tree.stranger.path):
        with pytest.raises(DatabaseError), transaction.atomic(), unit_scope(tree.branch.path):
            connection.cursor().execute("SELECT nonsense")
        assert people() == {theirs.pk}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_scope_is_the_sessions_and_ends_with_it() -> None:
    tree, ours, _ = make_people()
    with unit_scope(tree.branch.path):
        assert people() == {ours.pk}
        with pytest.raises(KeyError), transaction.atomic():
            raise KeyError
        assert people() == {ours.pk}
    with pytest.raises(ProgrammingError):
        people()


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_inside_a_scope_comes_back_without_rights() -> None:
    tree, _, _ = make_people()
    with unit_scope(tree.branch.path):
        connection.close()
        with pytest.raises(ProgrammingError, match="permission denied"):
            people()


@pytest.mark.django_db(transaction=True)
def test_a_thousand_scopes_on_a_few_connections_never_mix() -> None:
    tree, ours, theirs = make_people()
    mixed: list[object] = []

    def work(path: str, expected: set[UUID]) -> None:
        try:
            for _ in range(250):
                with transaction.atomic(), unit_scope(path):
                    seen = people()
                if seen != expected:
                    mixed.append(seen)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=arguments)
        for arguments in [(tree.branch.path, {ours.pk}), (tree.stranger.path, {theirs.pk})] * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mixed == []


def test_the_catalogue_shows_no_gap() -> None:
    assert fence_gate.list_gaps() == []


def test_an_unknown_notion_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError):
        council_scope({"secrets": frozenset()})
    with pytest.raises(ScopeMissingError):
        unit_scope("")


def test_entering_the_scope_that_holds_already_costs_nothing() -> None:
    tree, _, _ = make_people()
    with unit_scope(tree.branch.path), CaptureQueriesContext(connection) as queries:
        with unit_scope(tree.branch.path):
            pass
        assert len(queries) == 0


def rows(table: str) -> int:
    return len(ask(f"SELECT id FROM {table}"))  # noqa: S608  names of our own tables


def test_a_record_stays_where_it_was_written_and_is_read_where_the_person_works() -> None:
    tree, ours, _ = make_people()
    with maintenance_scope("test rows"):
        excellent(ours)
        for target in (tree.branch, tree.stranger):
            Person.objects.filter(pk=ours.pk).update(unit=target, unit_path=target.path)
    for place in (tree.branch, tree.stranger):
        with unit_scope(place.path):
            assert rows("units_grading") == 1
            assert Grading.objects.count() == 1
    with unit_scope(tree.sibling.path):
        assert rows("units_grading") == 0
        assert Grading.objects.count() == 0


def test_only_the_unit_that_wrote_a_record_changes_it() -> None:
    tree, ours, _ = make_people()
    with maintenance_scope("test rows"):
        excellent(ours)
        Person.objects.filter(pk=ours.pk).update(unit=tree.stranger, unit_path=tree.stranger.path)
    for place, changed in ((tree.stranger, 0), (tree.branch, 1)):
        with unit_scope(place.path), connection.cursor() as cursor:
            cursor.execute("UPDATE units_grading SET grade = 'good'")
            assert cursor.rowcount == changed
            cursor.execute("DELETE FROM units_titleeligibility")
            assert cursor.rowcount == changed


def test_a_record_cannot_lie_about_where_the_person_works() -> None:
    tree, ours, _ = make_people()
    with unit_scope(tree.branch.path), pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO units_posting (id, unit_id, unit_path, holder_path, person_id, position, is_head, valid_from) "
            "VALUES (gen_random_uuid(), %s, %s, %s, %s, 'x', false, '2023-01-01')",
            [tree.branch.pk, tree.branch.path, tree.stranger.path, ours.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_a_lie_about_where_the_person_works_is_never_committed() -> None:
    tree, ours, _ = make_people()
    with unit_scope(tree.branch.path):
        with pytest.raises(IntegrityError, match="units_grading_holder_fence"), transaction.atomic():
            connection.cursor().execute("SET CONSTRAINTS units_grading_holder_fence DEFERRED")
            about("units_grading", tree.branch, Person(id=ours.pk, unit_path=tree.stranger.path))
            assert rows("units_grading") == 1
        assert rows("units_grading") == 0


def about(table: str, writer: Unit, whom: Person) -> list[object]:
    """A row of the writer's own about somebody, which tells the truth about where they work."""
    columns, values = {
        "units_posting": ("position, is_head, valid_from", "'x', false, '2015-01-01'"),
        "units_grading": ("year, grade, decision_number, decided_on", "2015, 'good', '1', '2015-12-31'"),
        "units_disciplinaryaction": ("form, decision_number, decided_on", "'reprimand', '1', '2015-12-31'"),
        "units_circumstance": (
            "kind, first_day, last_day, decision_number",
            "'sick', '2015-01-01', '2015-12-31', ''",
        ),
        "units_initiative": (
            "work, title, year, level, share, effect, decision_number, decided_on, issuer",
            "gen_random_uuid(), 'x', 2015, 'grassroots', 100, '', '1', '2015-12-31', 'x'",
        ),
    }[table]
    return ask(
        f"INSERT INTO {table} (id, unit_id, unit_path, person_id, holder_path, {columns}) "  # noqa: S608  our own names
        f"VALUES (gen_random_uuid(), %s, %s, %s, %s, {values}) RETURNING id",
        writer.pk,
        writer.path,
        whom.pk,
        whom.unit_path,
    )


PERSONAL = ("units_posting", "units_grading", "units_disciplinaryaction", "units_circumstance", "units_initiative")


@pytest.mark.parametrize("table", PERSONAL)
def test_nobody_writes_into_the_record_of_a_stranger(table: str) -> None:
    """Not even with the right key and the truth about where the person works; and no answer says that they exist.

    Nor by a lie while the keys of paths wait, which would be gone before they ask.
    """
    tree, ours, theirs = make_people()
    nobody = Person(id=uuid4(), unit_path=tree.stranger.path)
    with unit_scope(tree.branch.path):
        ask(f"SET CONSTRAINTS {table}_holder_fence DEFERRED")
        said = set()
        for whom in (theirs, nobody, Person(id=theirs.pk, unit_path=tree.branch.path)):
            with pytest.raises(ProgrammingError, match="no unit in scope knows") as refused:
                about(table, tree.branch, whom)
            said.add(str(refused.value))
        assert len(said) == 1
        assert about(table, tree.branch, ours)
    for scope in (unit_scope(tree.ministry.path), maintenance_scope("test")):
        with scope, transaction.atomic():
            assert about(table, tree.branch, theirs)
            transaction.set_rollback(True)
    with council_scope({"person": frozenset({theirs.pk})}), pytest.raises(ProgrammingError, match="permission denied"):
        about(table, tree.branch, theirs)


@pytest.mark.parametrize("table", PERSONAL)
def test_no_row_is_turned_to_a_stranger(table: str) -> None:
    tree, ours, theirs = make_people()
    turned = f"UPDATE {table} SET person_id = %s, holder_path = %s"  # noqa: S608  our own names
    with unit_scope(tree.branch.path):
        about(table, tree.branch, ours)
        with pytest.raises(ProgrammingError, match="no unit in scope knows"), transaction.atomic():
            connection.cursor().execute(turned, [theirs.pk, theirs.unit_path])
        with connection.cursor() as cursor:
            cursor.execute(turned, [ours.pk, ours.unit_path])
            assert cursor.rowcount == rows(table)


@pytest.mark.parametrize("table", ["units_pastservice", "units_transfer"])
def test_no_unit_makes_itself_a_tie_to_a_stranger(table: str) -> None:
    """Otherwise it would be known by a row of its own making."""
    tree, ours, theirs = make_people()
    with maintenance_scope("test rows"):
        move_away(ours, tree.sibling)
        clerk = user("van-thu")
        Transfer.objects.create(
            unit=tree.sibling,
            person=ours,
            person_name="x",
            receiving=tree.branch,
            position="x",
            last_day=date(2024, 1, 1),
            decision_number="1",
            decided_on=date(2024, 1, 1),
            proposed_by=clerk,
            proposed_at=now(),
        )
    copied = f"""
        INSERT INTO {table} SELECT (jsonb_populate_record(t, %s::jsonb)).* FROM {table} t RETURNING id
    """  # noqa: S608  our own names
    with maintenance_scope("the unit of the row that is copied"):
        (home,) = ask(f"SELECT unit_id FROM {table}")  # noqa: S608  our own names
    unit = Unit.objects.get(pk=home)
    with unit_scope(unit.path):
        with pytest.raises(ProgrammingError, match="no unit in scope knows"), transaction.atomic():
            ask(copied, json.dumps({"id": str(uuid4()), "person_id": str(theirs.pk)}))
        with pytest.raises(ProgrammingError, match="no unit in scope knows"), transaction.atomic():
            ask(f"UPDATE {table} SET person_id = %s RETURNING id", theirs.pk)  # noqa: S608  our own names


def test_the_unit_that_somebody_left_goes_on_writing_about_their_time_there() -> None:
    tree, ours, _ = make_people()
    with maintenance_scope("test rows"):
        move_away(ours, tree.stranger)
        ours.refresh_from_db()
    for tie in ("units_posting", "units_pastservice"):
        with maintenance_scope("one tie is enough, and each is one"), transaction.atomic():
            other = {"units_posting": "units_pastservice", "units_pastservice": "units_posting"}[tie]
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {other} WHERE unit_path = %s", [tree.branch.path])  # noqa: S608
            with unit_scope(tree.branch.path):
                assert rows(tie)
                assert about("units_grading", tree.branch, ours)
                with connection.cursor() as cursor:
                    cursor.execute("UPDATE units_grading SET grade = 'completed', person_id = person_id")
                    assert cursor.rowcount == 1
            transaction.set_rollback(True)
    with unit_scope(tree.sibling.path), pytest.raises(ProgrammingError, match="no unit in scope knows"):
        about("units_grading", tree.sibling, ours)


def test_a_row_stays_writable_when_the_tie_is_gone() -> None:
    """Only who a row is about is asked, and only when that is said."""
    tree, ours, _ = make_people()
    with maintenance_scope("test rows"):
        excellent(ours)
        Person.objects.filter(pk=ours.pk).update(unit=tree.stranger, unit_path=tree.stranger.path)
        Posting.objects.all().delete()
    with unit_scope(tree.branch.path):
        grading = Grading.objects.get()
        grading.decision_number = "sửa"
        grading.save()
        assert ask("SELECT decision_number FROM units_grading") == ["sửa"]


@pytest.mark.django_db(transaction=True)
def test_a_moved_unit_carries_the_records_of_its_people() -> None:
    # Rows that stand. Those that were written in the transaction of the move need `Custody.write`.
    tree, ours, _ = make_people()
    with maintenance_scope("test rows"):
        excellent(ours)
        Unit.objects.filter(pk=tree.branch.pk).update(path="000100020001")
    with unit_scope(tree.stranger.path):
        assert ours.pk in people()
        assert rows("units_grading") == 1
        assert ask("SELECT holder_path FROM units_grading") == ["000100020001"]
