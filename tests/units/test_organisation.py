"""Units as of a day: names, places, successors and what went into whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from units.actors import system_actor
from units.models import Placement, Unit
from units.scoping import unit_scope
from units.selectors.organisation import (
    Ancestor,
    Chronicle,
    ancestors_of,
    lineage,
    list_above_on,
    name_on,
    names_on,
    parent_on,
    read_tree,
    successor_of,
)
from units.services import succession

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)
EVE = date(2025, 6, 30)
BEFORE = date(2023, 12, 31)


@pytest.fixture
def tree() -> builders.Tree:
    return builders.Tree()


def found(tree: builders.Tree, code: str, parent: Unit, on: date = ON) -> Unit:
    unit = Unit(code=code, kind="thads-tinh", name=code, short_name=code, place="X", parent=parent)
    unit.has_legal_personality = True
    succession.found_units([unit], on=on)
    return unit


def apply(tree: builders.Tree, *changes: succession.Change, on: date = ON) -> None:
    with unit_scope(tree.ministry.path):
        succession.apply_changes(changes, on=on, citation="MAU", actor=system_actor(tree.ministry, "thử"))


def test_a_name_changes_with_its_day(tree: builders.Tree) -> None:
    apply(tree, succession.renaming(tree.branch, name="Mới", short_name="Mới", place="Nơi mới"))
    assert [name_on(tree.branch, day).name for day in (BEFORE, EVE, ON)] == [
        "Chi cục THADS huyện Đại Từ",
        "Chi cục THADS huyện Đại Từ",
        "Mới",
    ]
    assert [name_on(tree.branch, day).place for day in (EVE, ON)] == ["Thái Nguyên", "Nơi mới"]


def test_before_the_first_and_after_the_last_name_the_nearest_stands_in(tree: builders.Tree) -> None:
    apply(tree, succession.dissolving(tree.branch, keeper=tree.sibling))
    assert name_on(tree.branch, date(2026, 1, 1)).name == "Chi cục THADS huyện Đại Từ"
    assert name_on(tree.branch, date(2000, 1, 1)).name == "Chi cục THADS huyện Đại Từ"


def test_names_ask_one_query_for_any_number(tree: builders.Tree) -> None:
    apply(tree, succession.renaming(tree.branch, name="Mới", short_name="Mới"))
    for units in ([tree.branch], [tree.branch, tree.sibling, tree.bureau]):
        with CaptureQueriesContext(connection) as queries:
            names_on(units, ON)
        assert len(queries) == 1


def test_a_place_changes_with_its_day(tree: builders.Tree) -> None:
    Unit.objects.filter(pk=tree.branch.pk).update(parent=tree.bureau)
    tree.branch.refresh_from_db()
    apply(tree, succession.moving(tree.branch, parent=tree.stranger))
    assert [parent_on(tree.branch, day) for day in (EVE, ON)] == [tree.bureau, tree.stranger]
    assert parent_on(tree.branch, date(2000, 1, 1)) is None
    assert parent_on(tree.ministry, ON) is None


def test_a_chronicle_answers_for_any_day_with_two_queries(tree: builders.Tree) -> None:
    apply(tree, succession.moving(tree.branch, parent=tree.stranger))
    apply(tree, succession.renaming(tree.stranger, name="Mới", short_name="Mới"), on=date(2026, 1, 1))
    with CaptureQueriesContext(connection) as queries:
        chronicle = Chronicle([tree.branch])
        above = [chronicle.above(tree.branch, day) for day in (BEFORE, ON)]
        names = [chronicle.name(tree.stranger, day).name for day in (ON, date(2026, 1, 1))]
    assert above == [tree.bureau, tree.stranger]
    assert names == ["Cục THADS tỉnh Cao Bằng", "Mới"]
    assert len(queries) == 2


def test_the_units_above_are_those_of_the_day(tree: builders.Tree) -> None:
    new = found(tree, "MOI", tree.ministry)
    apply(tree, succession.merging(tree.bureau, into=new))
    tree.branch.refresh_from_db()
    assert list_above_on(tree.branch, ON) == [tree.branch.pk, new.pk, tree.ministry.pk]
    assert list_above_on(tree.branch, BEFORE) == [tree.branch.pk, tree.bureau.pk, tree.ministry.pk]
    assert list_above_on(tree.stranger, ON) == [tree.stranger.pk, tree.ministry.pk]


def test_a_successor_is_found_through_a_chain(tree: builders.Tree) -> None:
    apply(tree, succession.merging(tree.branch, into=tree.sibling))
    new = found(tree, "MOI", tree.bureau, on=date(2026, 1, 1))
    apply(tree, succession.merging(tree.sibling, into=new), on=date(2026, 1, 1))
    tree.branch.refresh_from_db()
    assert [successor_of(tree.branch, day) for day in (EVE, ON, date(2026, 1, 1))] == [tree.branch, tree.sibling, new]
    assert successor_of(new, EVE) is None


def test_of_a_split_unit_the_keeper_is_the_successor(tree: builders.Tree) -> None:
    one, two = found(tree, "MOT", tree.bureau), found(tree, "HAI", tree.bureau)
    apply(tree, succession.splitting(tree.branch, into=[one, two], keeper=two))
    tree.branch.refresh_from_db()
    assert successor_of(tree.branch, ON) == two


def test_a_lineage_has_what_went_into_a_unit_and_says_whether_years_count(tree: builders.Tree) -> None:
    apply(tree, succession.merging(tree.branch, into=tree.sibling, carries_record=True))
    apply(tree, succession.merging(tree.sibling, into=tree.stranger), on=date(2026, 1, 1))
    apply(tree, succession.renaming(tree.stranger, name="Mới", short_name="Mới"), on=date(2026, 2, 1))
    assert ancestors_of([tree.stranger, tree.sibling]) == {
        tree.stranger.pk: [
            Ancestor(tree.sibling.pk, date(2026, 1, 1), None, is_merged=True),
            Ancestor(tree.branch.pk, ON, None, is_merged=True),
        ],
        tree.sibling.pk: [Ancestor(tree.branch.pk, ON, True, is_merged=True)],
    }
    assert lineage(tree.stranger) == [tree.stranger, tree.sibling, tree.branch]


def test_a_dissolved_unit_is_nobodys_ancestor(tree: builders.Tree) -> None:
    apply(tree, succession.dissolving(tree.branch, keeper=tree.sibling))
    assert lineage(tree.sibling) == [tree.sibling]


def test_the_tree_of_a_day_is_that_of_its_placements(tree: builders.Tree) -> None:
    new = found(tree, "MOI", tree.ministry)
    apply(tree, succession.merging(tree.bureau, into=new), succession.merging(tree.branch, into=tree.sibling))
    then, now = read_tree(tree.ministry.path, BEFORE), read_tree(tree.ministry.path, ON)
    assert [row.code for row in then.chain(tree.branch.pk)] == ["BTP", "CTHADS-TNG", "DAI-TU"]
    assert [row.code for row in now.chain(tree.branch.pk)] == ["BTP", "MOI", "DINH-HOA", "DAI-TU"]
    assert then.below(tree.bureau.pk) == {tree.bureau.pk, tree.branch.pk, tree.sibling.pk}
    assert (then.is_custody, now.is_custody) == (False, True)


def test_the_tree_of_the_successor_has_the_old_tops(tree: builders.Tree) -> None:
    new = found(tree, "MOI", tree.ministry)
    apply(tree, succession.merging(tree.bureau, into=new), succession.merging(tree.stranger, into=new))
    seen = read_tree(new.path, BEFORE)
    assert {row.code for pk in seen.standing for row in seen.chain(pk)[:1]} == {"CTHADS-TNG", "CTHADS-CBA"}


def test_placements_are_whole_days(tree: builders.Tree) -> None:
    apply(tree, succession.moving(tree.branch, parent=tree.stranger))
    days = [(row.valid_from, row.valid_to) for row in Placement.objects.filter(unit=tree.branch)]
    assert days == [(date(2010, 1, 1), EVE), (ON, None)]
