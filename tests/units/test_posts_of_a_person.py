"""What the database keeps beside a person of their posts, and the lists that are read from it."""

import importlib
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from config import embedded
from tests.builders import Tree, move_away, person
from units import fence
from units.models import Person, Posting, Unit
from units.scoping import maintenance_scope, unit_scope
from units.selectors.people import list_people

pytestmark = pytest.mark.django_db

DAY = date(2023, 11, 13)
NEVER = (None, None, None)


@pytest.fixture
def tree() -> Tree:
    with maintenance_scope("test rows"):
        return Tree()


@pytest.fixture
def everywhere() -> Iterator[None]:
    with maintenance_scope("test"):
        yield


def nobody_posted(place: Unit, name: str = "Lường Thị Mẫu") -> Person:
    one = person(place, name)
    one.postings.all().delete()
    return one


def posted(one: Person, since: date, until: date | None = None, *, is_head: bool = False) -> Posting:
    return Posting.objects.create(
        unit=one.unit, person=one, position="Chuyên viên", is_head=is_head, valid_from=since, valid_to=until
    )


def kept(one: Person) -> tuple[date | None, date | None, date | None]:
    with maintenance_scope("test"):
        return Person.objects.values_list("posted_until", "headed_until", "posted_from").get(pk=one.pk)


def year(number: int) -> date:
    return date(number, 1, 1)


@pytest.mark.usefixtures("everywhere")
def test_it_follows_what_is_written_changed_and_erased(tree: Tree) -> None:
    one, other = nobody_posted(tree.branch), nobody_posted(tree.branch)
    assert kept(one) == NEVER
    first = posted(one, year(2015), year(2018), is_head=True)
    assert kept(one) == (year(2018), year(2018), year(2015))
    second = posted(one, year(2019))
    assert kept(one) == (date.max, year(2018), year(2019))
    Posting.objects.filter(pk=second.pk).update(valid_to=year(2021))
    assert kept(one) == (year(2021), year(2018), year(2019))
    Posting.objects.filter(pk=second.pk).update(is_head=True)
    assert kept(one) == (year(2021), year(2021), year(2019))
    Posting.objects.filter(pk=second.pk).update(valid_from=year(2010))
    assert kept(one) == (year(2021), year(2021), year(2015))
    Posting.objects.filter(pk=second.pk).update(person=other)
    assert (kept(one), kept(other)) == ((year(2018), year(2018), year(2015)), (year(2021), year(2021), year(2010)))
    first.delete()
    assert (kept(one), kept(other)) == (NEVER, (year(2021), year(2021), year(2010)))


@pytest.mark.usefixtures("everywhere")
def test_many_posts_written_at_once_count_for_each_of_their_people(tree: Tree) -> None:
    people = [nobody_posted(tree.branch) for _ in range(4)]
    Posting.objects.bulk_create(
        Posting(unit=tree.branch, person=one, position="Chuyên viên", valid_from=year(2010 + since), is_head=since == 3)
        for one in people[:3]
        for since in (1, 3)
    )
    assert [kept(one) for one in people] == [(date.max, date.max, year(2013))] * 3 + [NEVER]
    Posting.objects.filter(person__in=people[:2]).delete()
    assert [kept(one)[0] for one in people] == [None, None, date.max, None]


def test_a_unit_that_mends_its_own_line_about_somebody_out_of_its_sight_is_followed(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        one = nobody_posted(tree.branch)
        old = posted(one, year(2015), year(2018))
        move_away(one, tree.stranger)
        one.refresh_from_db()
        posted(one, year(2019), is_head=True)
    with unit_scope(tree.branch.path):
        assert not Person.objects.filter(pk=one.pk).exists()
        assert Posting.objects.filter(pk=old.pk).update(is_head=True, valid_to=year(2017)) == 1
        assert kept(one) == (date.max, date.max, year(2019))
        posted_before = Posting.objects.create(
            unit=tree.branch, person=one, position="Văn thư", valid_from=year(2012), valid_to=year(2013)
        )
        posted_before.delete()
        old.delete()
    assert kept(one) == (date.max, date.max, year(2019))
    with unit_scope(tree.stranger.path):
        Posting.objects.filter(person=one).update(valid_to=year(2020))
    assert kept(one) == (year(2020), year(2020), year(2019))
    with unit_scope(tree.branch.path):
        Posting.objects.create(
            unit=tree.branch, person=one, position="Văn thư", valid_from=year(2021), valid_to=year(2022)
        )
    assert kept(one) == (year(2022), year(2020), year(2021))


@pytest.mark.usefixtures("everywhere")
def test_a_move_changes_nothing_of_it(tree: Tree) -> None:
    one = person(tree.branch)
    before = kept(one)
    move_away(one, tree.stranger)
    Unit.objects.filter(pk=tree.stranger.pk).update(path="00010009")
    assert (kept(one), Posting.objects.get(person=one).holder_path) == (before, "00010009")


# First and last year of each post, and whether it is one as head; years far ahead are planned ones.
LIVES: dict[str, list[tuple[int, int | None, bool]]] = {
    "never": [],
    "open": [(2015, None, False)],
    "open head": [(2015, None, True)],
    "ended": [(2015, 2018, False)],
    "ended head": [(2015, 2018, True)],
    "ended twice": [(2010, 2012, True), (2015, 2018, False)],
    "head once, goes on": [(2010, 2012, True), (2013, None, False)],
    "gap, then again": [(2010, 2012, False), (2020, None, True)],
    "planned only": [(2024, None, False)],
    "planned head only": [(2024, None, True)],
    "ended, planned": [(2010, 2012, True), (2024, None, True)],
    "open, planned head": [(2010, None, False), (2024, 2025, True)],
    "until the plan": [(2010, 2024, True), (2024, None, False)],
    "head and more at once": [(2010, 2030, False), (2015, 2020, True), (2012, 2013, False)],
}
DAYS = [date(2009, 12, 31), year(2010), year(2012), date(2014, 7, 1), year(2018), date(2018, 1, 2), DAY, year(2031)]


@pytest.mark.parametrize("day", DAYS)
def test_lists_say_of_any_day_what_the_posts_say(tree: Tree, day: date) -> None:
    with maintenance_scope("test rows"):
        for name, posts in LIVES.items():
            one = nobody_posted(tree.branch, name)
            for since, until, is_head in posts:
                posted(one, year(since), year(until) if until else None, is_head=is_head)

    def holding(posts: list[tuple[int, int | None, bool]]) -> list[bool]:
        return [head for since, until, head in posts if year(since) <= day <= (year(until) if until else date.max)]

    def listed(**filters: object) -> set[str]:
        with unit_scope(tree.bureau.path):
            return {one.full_name for one in list_people(tree.bureau, day=day, **filters)}  # type: ignore[arg-type]

    def those(keep: Callable[[list[tuple[int, int | None, bool]]], bool]) -> set[str]:
        return {name for name, posts in LIVES.items() if keep(posts)}

    assert listed(standing="working") == those(lambda posts: bool(holding(posts)))
    assert listed(standing="left") == those(lambda posts: bool(posts) and not holding(posts))
    assert listed(standing="unposted") == {"never"}
    assert listed(heads=True) == those(lambda posts: any(holding(posts)))
    assert listed(heads=False) == those(lambda posts: not any(holding(posts)))
    with unit_scope(tree.bureau.path):
        rows = {one.full_name: one for one in list_people(tree.bureau, day=day)}
    assert {name for name, one in rows.items() if one.was_posted} == set(LIVES) - {"never"}  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_a_time_both_count(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        one = nobody_posted(tree.branch)
    written, waits = threading.Event(), threading.Event()

    def write_second() -> None:
        try:
            written.wait(60)
            with transaction.atomic(), unit_scope(tree.branch.path):
                waits.set()
                posted(one, year(2015), year(2016), is_head=True)
        finally:
            connection.close()

    second = threading.Thread(target=write_second)
    second.start()
    with transaction.atomic(), unit_scope(tree.branch.path):
        posted(one, year(2020))
        written.set()
        waits.wait(60)
        second.join(0.5)
        assert second.is_alive()  # it waits for the person
    second.join(60)
    assert kept(one) == (date.max, year(2016), year(2020))


def test_nobody_may_call_it(tree: Tree) -> None:
    with (
        unit_scope(tree.branch.path),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT keep_posts_of_person()")


@pytest.mark.django_db(transaction=True)
def test_the_migration_fills_in_what_stands(tree: Tree, servers: embedded.Services) -> None:
    with maintenance_scope("test rows"):
        people = [nobody_posted(tree.branch), person(tree.branch, is_head=True), person(tree.stranger)]
        posted(people[2], DAY, DAY + timedelta(days=1))
    expected = [kept(one) for one in people]
    migration = importlib.import_module("units.migrations.0017_posts_of_a_person")
    address = servers.owner_url.replace(f"{embedded.OWNER_ROLE}@", "postgres@")
    with psycopg.connect(address) as administrator:  # never commits
        administrator.execute("SET lock_timeout = '10s'")
        administrator.execute("UPDATE units_person SET posted_until = NULL, headed_until = NULL, posted_from = NULL")
        administrator.execute("SET ROLE thidua_owner")
        for statement in migration.FILL:
            administrator.execute(statement)
        administrator.execute("RESET ROLE")
        query = "SELECT posted_until, headed_until, posted_from FROM units_person WHERE id = %s"
        found = [administrator.execute(query, [one.pk]).fetchone() for one in people]
        administrator.rollback()
    assert found == expected == [NEVER, (date.max, date.max, year(2020)), (date.max, None, DAY)]


def test_what_the_fence_lets_be_written_is_what_the_model_says_is_kept() -> None:
    kept_columns = {one.table: one.columns for one in fence.KEEPING_FUNCTIONS.values()}
    assert kept_columns == {Person._meta.db_table: Person.kept_by_database}
