"""Counts whose SQL is worked out once: the text of the query set each time, with the values of the moment."""

from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from psycopg.types.json import Jsonb

from tests.builders import DAY, Tree, actor, person
from units import prepared
from units.frame import Desk, list_doors
from units.models import Person, Unit
from units.paging import read_together, scalar_count, scalar_key
from units.prepared import Asked
from units.roles import Role
from units.scoping import ScopeMissingError, council_scope, maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db


def people_of(unit: Unit, born_before: date, names: list[str]) -> QuerySet[Person]:
    return Person.objects.filter(
        unit=unit, unit_path__gte=unit.path, birth_date__lt=born_before, full_name__in=names
    ).order_by("sort_key")


def by_what_is_known(unit: Unit) -> QuerySet[Person]:
    return Person.objects.filter(unit__in=list(Unit.objects.below(unit.path)))


def called(words: str) -> QuerySet[Person]:
    return Person.objects.filter(full_name__contains=words)


def known_as(code: str | None) -> QuerySet[Person]:
    return Person.objects.exclude(full_name=code or "")


@pytest.fixture
def tree() -> Tree:
    with maintenance_scope("test rows"):
        return Tree()


def test_each_scope_is_asked_with_its_own_bounds_and_values(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        ours, theirs = person(tree.branch), person(tree.stranger)
        Person.objects.update(birth_date=date(1980, 1, 1))
    for scope, unit, one, number in (
        (tree.branch, tree.branch, ours, 1),
        (tree.bureau, tree.branch, ours, 1),
        (tree.stranger, tree.stranger, theirs, 1),
        (tree.stranger, tree.branch, ours, 0),
    ):
        asked = Asked(people_of, (unit, date(2030, 1, 1), [one.full_name]))
        with unit_scope(scope.path):
            assert asked.count(5) == (scalar_count(asked.rows(), 5)[0], list(scalar_count(asked.rows(), 5)[1]))
            assert read_together([asked.count(5), asked.key()]) == (number, one.pk if number else None)
    nobody = Asked(people_of, (tree.branch, date(1900, 1, 1), [ours.full_name]))
    with unit_scope(tree.branch.path):
        assert read_together([nobody.count(5), Asked(people_of, (tree.branch, DAY, [])).count(5)]) == (0, 0)
    with council_scope({}):
        assert read_together([Asked(people_of, (tree.branch, DAY, [ours.full_name])).count(5)]) == (0,)


@pytest.mark.parametrize(("build", "given"), [(called, ("Mẫu",)), (known_as, (None,))])
def test_what_hangs_on_more_than_the_values_is_worked_out_each_time(build: Any, given: tuple[Any, ...]) -> None:
    asked = Asked(build, given)
    with unit_scope("0001"):
        sql, parameters = asked.count(5)
        plain = scalar_count(asked.rows(), 5)
        assert (sql, list(parameters)) == (plain[0], list(plain[1]))
        assert not is_spelled(asked)


def test_a_selector_that_asks_the_database_is_refused() -> None:
    with unit_scope("0001"), pytest.raises(ScopeMissingError):
        Asked(by_what_is_known, (Unit(path="0001"),)).count(5)


def told_apart(scalar: Any) -> tuple[str, list[Any]]:
    """SQL and parameters; the driver's wrapper of JSON knows no equality of its own."""
    return scalar[0], [one.obj if isinstance(one, Jsonb) else one for one in scalar[1]]


def is_spelled(asked: Asked) -> bool:
    try:
        prepared._spell(asked.build, 5, tuple(map(prepared._kind, asked.given)))
    except LookupError:
        return False
    return True


def test_what_the_navigation_counts_is_what_its_selectors_say(tree: Tree, settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    compared = 0
    for who in (actor(place, role) for place in (tree.branch, tree.bureau) for role in Role):
        with unit_scope(who.unit.path):
            told = [import_string(door.waiting)(who) for door in list_doors(who) if door.waiting]
            for kind in (kind for desk in told if isinstance(desk, Desk) for kind in desk.kinds):
                for ours, plain in (
                    (kind.found.count(7), scalar_count(kind.found.rows(), 7)),
                    (kind.found.key(), scalar_key(kind.found.rows())),
                ):
                    assert told_apart(ours) == told_apart(plain)
                    compared += 1
                assert is_spelled(kind.found), kind.found.build.__qualname__
    assert compared > len(Role)
