"""Finding people by words: what is found, and that the function behind it opens nothing beyond the scope."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, transaction

from config import embedded
from tests.builders import Tree, person
from units import fence_gate
from units.models import Person
from units.scoping import ScopeMissingError, council_scope, maintenance_scope, unit_scope
from units.selectors.search import MOST_FOUND, keep_named, search_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    tree = Tree()
    with maintenance_scope("test rows"):
        person(tree.branch, "Lường Thị Mẫu Hòa")
        person(tree.branch, "Đặng Mẫu Anh")
        person(tree.sibling, "Lường Mẫu Hoàng")
        person(tree.stranger, "Lường Mẫu Hoa")
    return tree


def find(term: str, path: str, *, below: str = "") -> list[str]:
    with unit_scope(path):
        ids = search_people(term, below=below).ids
        names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "full_name"))
        return [names[pk] for pk in ids]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("luong", ["Lường Thị Mẫu Hòa", "Lường Mẫu Hoàng"]),
        ("LƯỜNG", ["Lường Thị Mẫu Hòa", "Lường Mẫu Hoàng"]),
        ("hoà mẫu lường", ["Lường Thị Mẫu Hòa"]),
        ("hoa thi", ["Lường Thị Mẫu Hòa"]),
        ("luong ho", ["Lường Thị Mẫu Hòa", "Lường Mẫu Hoàng"]),
        ("ho luong", []),  # only the last word may be a beginning
        ("đặng", ["Đặng Mẫu Anh"]),
        ("uong", []),
        ("MAU-1", ["Đặng Mẫu Anh"]),
        ("mau- luong", []),
        ("", []),
        (" \t ", []),
        ("'", []),
        ("\\' | ! & ( :*", []),
        ("l\0uong", ["Lường Thị Mẫu Hòa", "Lường Mẫu Hoàng"]),
        ("x" * 5000, []),
    ],
)
def test_words_find_names_and_codes_in_any_order(tree: Tree, term: str, names: list[str]) -> None:
    assert find(term, tree.bureau.path) == names


def test_a_search_ends_at_the_scope(tree: Tree) -> None:
    assert find("luong", tree.stranger.path) == ["Lường Mẫu Hoa"]
    assert find("luong", tree.branch.path) == ["Lường Thị Mẫu Hòa"]
    assert len(find("luong", tree.ministry.path)) == 3


def test_a_branch_narrows_the_scope_and_never_widens_it(tree: Tree) -> None:
    assert find("luong", tree.bureau.path, below=tree.sibling.path) == ["Lường Mẫu Hoàng"]
    assert find("luong", tree.bureau.path, below=tree.stranger.path) == []
    assert find("luong", tree.branch.path, below=tree.ministry.path) == ["Lường Thị Mẫu Hòa"]


def test_no_more_are_named_than_asked_for(tree: Tree) -> None:
    with unit_scope(tree.bureau.path):
        found = search_people("mau", at_most=2)
        assert len(found.ids) == 2
        assert found.is_cut
        assert not search_people("mau", at_most=3).is_cut


def test_the_function_itself_stops_at_its_bound(tree: Tree) -> None:
    with unit_scope(tree.branch.path):
        Person.objects.bulk_create(
            Person(unit=tree.branch, staff_code=f"N-{number}", folded_name="tran mau", sort_key=f"{number:05d}")
            for number in range(MOST_FOUND + 50)
        )
        assert len(ask("tran", at_most=1_000_000)) == MOST_FOUND + 1
        assert ask("tran", at_most=-1) == []
        assert search_people("tran", at_most=1_000_000).is_cut


def ask(term: str, *, at_most: int = 50, below: str = "") -> list[object]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM search_people(%s, %s, %s)", [term, at_most, below])
        return [row[0] for row in cursor.fetchall()]


def test_by_raw_sql_a_unit_finds_nothing_foreign(tree: Tree) -> None:
    with maintenance_scope("test"):
        ours = set(Person.objects.filter(unit=tree.branch).values_list("pk", flat=True))
    with unit_scope(tree.branch.path):
        for below in ("", "0", tree.ministry.path, tree.stranger.path, "~", "00010001~"):
            assert set(ask("mau", below=below)) <= ours
        assert set(ask("mau")) == ours


def test_by_raw_sql_nobody_else_may_search(tree: Tree) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for function"):
        ask("mau")
    with council_scope({"person": frozenset()}), pytest.raises(ProgrammingError, match="permission denied"):
        ask("mau")
    with maintenance_scope("test"), pytest.raises(ProgrammingError, match="permission denied"):
        ask("mau")


def test_without_bounds_the_function_finds_nothing(tree: Tree) -> None:
    with unit_scope(tree.branch.path), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.lo', '', true), set_config('app.hi', '', true)")
        assert ask("mau") == []


def test_outside_a_units_scope_the_selector_finds_nothing(tree: Tree) -> None:
    with pytest.raises(ScopeMissingError):
        search_people("mau")
    with maintenance_scope("test"):
        assert search_people("mau").ids == []
    with council_scope({}):
        assert search_people("mau").ids == []


# --- the gate -----------------------------------------------------------------------------------------------------


@contextmanager
def changed(*, by: str, undone_by: str) -> Iterator[None]:
    """A change that an administrator made, for the time of a test."""
    database = settings.TEST_DATABASE_NAME
    embedded.run_sql(settings.TEST_SERVERS_HOME, by, database=database)
    try:
        yield
    finally:
        embedded.run_sql(settings.TEST_SERVERS_HOME, undone_by, database=database)


SECOND = """
CREATE FUNCTION peep() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER {settings}
AS $$ SELECT full_name::text FROM public.units_person $$;
ALTER FUNCTION peep() OWNER TO {owner};
REVOKE ALL ON FUNCTION peep() FROM PUBLIC;
{grant}
"""
PATH = "SET search_path = pg_catalog, pg_temp"


@pytest.mark.parametrize(
    ("owner", "path", "grant", "gap"),
    [
        ("thidua_definer", PATH, "", "vượt qua chính sách theo dòng mà không nằm trong danh sách"),
        ("postgres", PATH, "", "vượt qua chính sách theo dòng mà không nằm trong danh sách"),
        ("thidua_owner", "", "", "không cố định search_path"),
        ("thidua_owner", "SET search_path = pg_temp, public", "", "không để pg_temp sau cùng"),
        ("thidua_owner", PATH, "GRANT EXECUTE ON FUNCTION peep() TO PUBLIC;", "ai cũng gọi được"),
        ("thidua_owner", PATH, "GRANT EXECUTE ON FUNCTION peep() TO thidua_council;", "peep() bởi thidua_council"),
        ("thidua_owner", PATH, "GRANT EXECUTE ON FUNCTION peep() TO thidua_unit;", "peep() bởi thidua_unit"),
    ],
)
def test_the_gate_refuses_any_other_function_of_such_power(owner: str, path: str, grant: str, gap: str) -> None:
    made = SECOND.format(owner=owner, settings=path, grant=grant)
    with changed(by=made, undone_by="DROP FUNCTION peep()"):
        assert gap in "; ".join(fence_gate.list_gaps())
    assert fence_gate.list_gaps() == []


@pytest.mark.parametrize("role", ["thidua_login", "thidua_council", "thidua_maintenance"])
def test_the_gate_sees_a_search_opened_to_others(role: str) -> None:
    name = "search_people(text,integer,text)"
    given = f"GRANT EXECUTE ON FUNCTION {name} TO {role}"
    with changed(by=given, undone_by=f"REVOKE EXECUTE ON FUNCTION {name} FROM {role}"):
        assert f"{name} bởi {role}" in "; ".join(fence_gate.list_gaps())


def test_the_gate_sees_a_right_to_write_of_the_definer() -> None:
    with changed(
        by="GRANT UPDATE ON units_person TO thidua_definer",
        # Which takes the right to the few columns along that it is to have.
        undone_by="REVOKE UPDATE ON units_person FROM thidua_definer;"
        "GRANT UPDATE (posted_until, headed_until, posted_from) ON units_person TO thidua_definer",
    ):
        assert "UPDATE units_person" in "; ".join(fence_gate.list_gaps())


def test_the_login_cannot_act_as_the_definer() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SET ROLE thidua_definer")


@pytest.mark.parametrize("term", ["tran mau", "MAU tr", "n-0 tran m", "tran khong", "xa tran", "tr%n", "trần_mẫu"])
def test_words_that_very_many_share_keep_just_whom_the_search_names(tree: Tree, term: str) -> None:
    with unit_scope(tree.branch.path):
        Person.objects.bulk_create(
            Person(unit=tree.branch, staff_code=f"N-0{number}", folded_name=name, sort_key=f"{number:05d}")
            for number, name in enumerate(["tran mau"] * (MOST_FOUND + 50) + ["tran mau xa", "xa mau tran"])
        )
        kept = set(keep_named(Person.objects.all(), term).values_list("pk", flat=True))
        words = term.casefold().replace("ầ", "a").replace("ẫ", "a").split()
        for one in Person.objects.all():
            own = [*one.folded_name.split(), one.staff_code.lower()]
            is_named = all(word in own for word in words[:-1]) and any(part.startswith(words[-1]) for part in own)
            assert (one.pk in kept) == is_named
