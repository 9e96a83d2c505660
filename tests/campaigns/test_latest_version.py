"""What the database keeps beside a unit's obligation of its latest version."""

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.models import Assignment, Submission
from campaigns.services.carrying import carry_assignment
from config import embedded
from tests.builders import DAY, Tree, campaign, obligation, user
from units.models import Unit, User
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db

NOTHING = (None, "", None)
# An hour before midnight in UTC is the next morning in the offices.
LATE = datetime(2023, 11, 9, 23, 0, tzinfo=UTC)


@pytest.fixture
def tree() -> Tree:
    with maintenance_scope("test rows"):
        tree = Tree()
        obligation(campaign(tree.bureau), "BAO-CAO", tree.branch, tree.sibling, last_day=DAY)
        user("clerk", (tree.branch, Role.CLERK))
        return tree


@pytest.fixture
def everywhere() -> Iterator[None]:
    with maintenance_scope("test"):
        yield


def owed(place: Unit) -> Assignment:
    with maintenance_scope("test"):
        return Assignment.objects.get(unit=place)


def kept(place: Unit) -> tuple[object, str, date | None]:
    one = owed(place)
    return one.latest_id, one.latest_state, one.latest_counted_on


def version(place: Unit, number: int = 1, state: str = "draft", **fields: object) -> Submission:
    one = owed(place)
    return Submission(
        unit=one.unit,
        unit_path=one.unit_path,
        assignment=one,
        version=number,
        state=state,
        drafted_by=User.objects.get(username="clerk"),
        drafted_at=LATE,
        **fields,
    )


def sent(place: Unit, number: int = 1) -> Submission:
    code = f"{number:04d}{place.path}"[-12:]
    return version(place, number, "sent", sent_at=LATE, counted_at=LATE, receipt_code=code)


@pytest.mark.usefixtures("everywhere")
def test_it_follows_what_is_written_changed_and_erased(tree: Tree) -> None:
    assert kept(tree.branch) == NOTHING
    first = version(tree.branch)
    first.save()
    assert kept(tree.branch) == (first.pk, "draft", None)
    handed_in = {"state": "sent", "sent_at": LATE, "counted_at": LATE, "receipt_code": "1"}
    Submission.objects.filter(pk=first.pk).update(**handed_in)
    assert kept(tree.branch) == (first.pk, "sent", date(2023, 11, 10))
    Submission.objects.filter(pk=first.pk).update(is_latest=False)
    assert kept(tree.branch) == NOTHING
    second = version(tree.branch, 2)
    second.save()
    assert kept(tree.branch) == (second.pk, "draft", None)
    second.delete()
    assert kept(tree.branch) == NOTHING
    Submission.objects.filter(pk=first.pk).update(is_latest=True)
    Submission.objects.filter(pk=first.pk).update(assignment=owed(tree.sibling))
    assert (kept(tree.branch), kept(tree.sibling)) == (NOTHING, (first.pk, "sent", date(2023, 11, 10)))


@pytest.mark.usefixtures("everywhere")
def test_many_versions_written_at_once_count_each_for_its_own(tree: Tree) -> None:
    rows = [sent(tree.branch), sent(tree.sibling)]
    Submission.objects.bulk_create(rows)
    assert [kept(place)[:2] for place in (tree.branch, tree.sibling)] == [(one.pk, "sent") for one in rows]


def test_the_unit_itself_and_those_above_are_followed(tree: Tree) -> None:
    one = sent(tree.branch)
    with unit_scope(tree.branch.path):
        one.save()
    with unit_scope(tree.bureau.path):
        Submission.objects.filter(pk=one.pk).update(state="received")
    assert kept(tree.branch) == (one.pk, "received", date(2023, 11, 10))


def test_nobody_files_for_what_is_owed_out_of_their_sight(tree: Tree) -> None:
    one = sent(tree.branch)
    one.unit, one.unit_path = tree.sibling, tree.sibling.path
    with (
        unit_scope(tree.sibling.path),
        pytest.raises(DatabaseError, match="nobody in scope owes"),
        transaction.atomic(),
    ):
        one.save()
    assert kept(tree.branch) == NOTHING


@pytest.mark.usefixtures("everywhere")
def test_work_passed_on_keeps_it(tree: Tree) -> None:
    one = sent(tree.branch)
    one.save()
    before = kept(tree.branch)
    carry_assignment(owed(tree.branch), tree.stranger)
    assert kept(tree.stranger) == before


@pytest.mark.django_db(transaction=True)
def test_the_migration_fills_in_what_stands(tree: Tree, servers: embedded.Services) -> None:
    with maintenance_scope("test rows"):
        sent(tree.branch).save()
    expected = kept(tree.branch)
    migration = importlib.import_module("campaigns.migrations.0015_latest_version")
    address = servers.owner_url.replace(f"{embedded.OWNER_ROLE}@", "postgres@")
    with psycopg.connect(address) as administrator:  # never commits
        administrator.execute("SET lock_timeout = '10s'")
        administrator.execute(
            "UPDATE campaigns_assignment SET latest_id = NULL, latest_state = '', latest_counted_on = NULL"
        )
        administrator.execute("SET ROLE thidua_owner")
        for statement in migration.FILL:
            administrator.execute(statement)
        administrator.execute("RESET ROLE")
        query = "SELECT latest_id, latest_state, latest_counted_on FROM campaigns_assignment WHERE unit_id = %s"
        found = [administrator.execute(query, [place.pk]).fetchone() for place in (tree.branch, tree.sibling)]
        administrator.rollback()
    assert found == [expected, NOTHING]
    assert expected[1] == "sent"


def test_what_the_database_keeps_needs_no_more_rights_than_the_writers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE oid = 'keep_latest_version()'::regprocedure")
        assert cursor.fetchone() == (False,)
