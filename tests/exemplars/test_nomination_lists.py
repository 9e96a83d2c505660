"""Lists of nominations in pieces: what waits stands on top, nothing is lost or shown twice, numbers are bounded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exemplars.models import Nomination
from exemplars.selectors.nominations import (
    NamedFirst,
    WaitingFirst,
    ask_waiting,
    count_by_state,
    find_subjects,
    list_nominations_for,
    narrow_nominations,
)
from exemplars.workflow import NominationState
from tests.builders import AT, Tree, actor, campaign, person, recognition, user
from units.actors import Actor
from units.models import Unit
from units.paging import BoundedPaginator, count_in_words
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db


class Desk:
    """A branch with a nomination in each state, the older the later in the list, and some of its neighbours."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.author = user("nguoi.lap")
        self.made = 0
        with maintenance_scope("test rows"):
            self.plan = campaign(self.tree.bureau, self.tree.branch)
            for state in NominationState.values * 2:
                self.nominate(self.tree.branch, state)
            self.nominate(self.tree.sibling, "draft")
            self.nominate(self.tree.sibling, "forwarded", name="Lò Mẫu Sương")
            self.nominate(self.tree.stranger, "forwarded", name="Lò Mẫu Sương")

    def nominate(self, unit: Unit, state: str, *, name: str = "Lường Thị Mẫu") -> None:
        self.made += 1
        Nomination.objects.create(
            unit=unit,
            campaign=self.plan,
            recognition=recognition(),
            year=2023,
            person=person(unit, name),
            state=state,
            created_by=self.author,
            created_at=AT,
            saved_at=AT - timedelta(hours=self.made),
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def pages(rows: WaitingFirst | NamedFirst, size: int) -> list[Nomination]:
    paginator = BoundedPaginator(rows, size)
    return [one for number in paginator.page_range for one in paginator.page(number).object_list]


def first_waiting(who: Actor, *, words: str = "", are_few: bool = True) -> WaitingFirst | NamedFirst:
    path = who.unit.path
    found = narrow_nominations(list_nominations_for(path), path, find_subjects(words, path), "")
    return NamedFirst(found, who, most=100, are_few=are_few) if words else WaitingFirst(found, who, known=found.count())


@pytest.mark.parametrize(("words", "are_few"), [("", True), ("lường mẫu", True), ("lường mẫu", False)])
@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("role", [Role.CLERK, Role.RECORDS])
def test_pages_put_together_are_the_list_with_what_waits_on_top(
    desk: Desk, role: Role, size: int, words: str, are_few: bool
) -> None:
    who = actor(desk.tree.branch, role)
    with unit_scope(who.unit.path):
        shown = pages(first_waiting(who, words=words, are_few=are_few), size)
        asked = ask_waiting(who)
        waiting = {one.pk for one in asked.rows()} if asked else set()
        everything = list(list_nominations_for(who.unit.path))
        assert shown == sorted(everything, key=lambda one: one.pk not in waiting)
        assert {one.pk for one in shown if one.waits} == waiting  # type: ignore[attr-defined]
        assert len(waiting) == (0 if role is Role.RECORDS else 2)


def test_a_page_asks_the_same_number_of_queries_however_long_it_is(desk: Desk) -> None:
    who = actor(desk.tree.bureau, Role.SECRETARIAT)
    numbers = set()
    with unit_scope(who.unit.path):
        for size in (3, 8):
            with CaptureQueriesContext(connection) as queries:
                list(BoundedPaginator(first_waiting(who), size).page(2))
            numbers.add(len(queries))
    assert len(numbers) == 1


def test_numbers_by_state_are_those_of_the_list(desk: Desk) -> None:
    for unit in (desk.tree.branch, desk.tree.bureau, desk.tree.ministry, desk.tree.stranger):
        with unit_scope(unit.path), CaptureQueriesContext(connection) as queries:
            counts = count_by_state(unit)
            assert len(queries) == 1
            seen = list(list_nominations_for(unit.path).values_list("state", flat=True))
        assert counts == {state.value: seen.count(state) for state in NominationState}


def test_a_state_that_is_not_shown_above_is_not_shown_by_asking_for_it(desk: Desk) -> None:
    path = desk.tree.bureau.path
    with unit_scope(path):
        assert not narrow_nominations(list_nominations_for(path), path, None, "draft").exists()


@pytest.mark.parametrize(
    ("words", "number"), [("sương lò", 1), ("dinh hoa", 1), ("lo suong cao bang", 0), ("uong", 0), ("đại từ", 14)]
)
def test_words_name_a_person_or_a_unit(desk: Desk, words: str, number: int) -> None:
    path = desk.tree.bureau.path
    with unit_scope(path):
        found = narrow_nominations(list_nominations_for(path), path, find_subjects(words, path), "")
        assert found.count() == number


def test_words_that_many_units_share_find_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.tree.bureau.path

    def ask() -> list[Nomination]:
        with unit_scope(path):
            return list(narrow_nominations(list_nominations_for(path), path, find_subjects("chi cuc huyen", path), ""))

    few = ask()
    monkeypatch.setattr("exemplars.selectors.nominations.FEW_UNITS", 1)
    assert ask() == few
    assert len(few) == 15


@pytest.mark.parametrize(
    ("most", "total", "count", "is_cut"), [(14, "14", 14, False), (13, "hơn 13", 13, True), (100, "14", 14, False)]
)
def test_a_long_list_says_that_there_is_more(desk: Desk, most: int, total: str, count: int, *, is_cut: bool) -> None:
    path = desk.tree.branch.path
    with unit_scope(path):
        listed = list_nominations_for(path).exclude(state__in=["draft", "withdrawn"])
        paginator = BoundedPaginator(listed, 5, most=most)
        assert (paginator.total, paginator.count, paginator.is_cut) == (total, count, is_cut)
        assert paginator.num_pages == 3
        assert len(paginator.page(3)) == count - 10


def test_numbers_are_written_as_people_write_them() -> None:
    assert [count_in_words(number) for number in (0, 999, 1000, 10_000, 10_001)] == [
        *("0", "999", "1.000", "10.000", "hơn 10.000")
    ]
