"""What becomes of a unit: names and placements are closed, the path moves with every row, the trail stays whole."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from units.actors import Actor, system_actor
from units.models import AuditEntry, Grading, Person, Placement, Succession, Unit, UnitName
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.selectors.chain import verify_chain
from units.services import succession
from units.services.audit import record_act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("posts_hold")]

ON = date(2025, 7, 1)
EVE = date(2025, 6, 30)
CITATION = "QĐ MAU-1/QĐ-BTP"


class Merger(builders.Tree):
    """Bộ → Cục Thái Nguyên with two Chi cục; Cục Cao Bằng beside it; and a new unit founded for both."""

    def __init__(self) -> None:
        super().__init__()
        self.actor = builders.actor(self.ministry, Role.ADMINISTRATOR)
        self.terms = {"on": ON, "citation": CITATION, "actor": self.actor}

    def found(self, code: str, parent: Unit) -> Unit:
        unit = Unit(
            code=code,
            kind="thads-tinh",
            name=f"THADS {code}",
            short_name=f"THADS {code}",
            place="Thái Nguyên",
            has_legal_personality=True,
            parent=parent,
        )
        succession.found_units([unit], on=ON)
        return unit


@pytest.fixture
def tree() -> Merger:
    return Merger()


def names_of(unit: Unit) -> list[tuple[str, date, date | None]]:
    return list(UnitName.objects.filter(unit=unit).values_list("name", "valid_from", "valid_to"))


def placements_of(unit: Unit) -> list[tuple[Unit | None, date, date | None]]:
    return [(row.parent, row.valid_from, row.valid_to) for row in Placement.objects.filter(unit=unit)]


def test_a_new_unit_has_a_free_path_its_first_name_and_placement(tree: Merger) -> None:
    new = tree.found("MOI", tree.ministry)
    assert new.path == "00010003"
    assert names_of(new) == [("THADS MOI", ON, None)]
    assert placements_of(new) == [(tree.ministry, ON, None)]


def test_a_rename_closes_one_name_and_opens_the_other(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        succession.rename_unit(tree.bureau, name="Cục Mới", short_name="Cục Mới", place="Bắc Kạn", **tree.terms)
    assert names_of(tree.bureau) == [
        ("Cục THADS tỉnh Thái Nguyên", date(2010, 1, 1), EVE),
        ("Cục Mới", ON, None),
    ]
    saved = Unit.objects.get(pk=tree.bureau.pk)
    assert (saved.name, saved.place, saved.folded_name, saved.valid_to) == (
        "Cục Mới",
        "Bắc Kạn",
        "cuc moi cuc moi",
        None,
    )
    (fate,) = Succession.objects.all()
    assert (fate.from_unit, fate.to_unit, fate.on, fate.kind) == (tree.bureau, tree.bureau, ON, "rename")


def test_a_move_carries_the_subtree_and_its_rows(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        person = builders.person(tree.branch)
        succession.move_unit(tree.branch, parent=tree.stranger, **tree.terms)
    assert tree.branch.path == "000100020001"
    with unit_scope(tree.stranger.path):
        assert list(Person.objects.all()) == [person]
    with unit_scope(tree.bureau.path):
        assert list(Person.objects.all()) == []
    assert placements_of(tree.branch) == [(tree.bureau, date(2010, 1, 1), EVE), (tree.stranger, ON, None)]


def test_a_merger_hands_the_archive_of_both_to_the_new_unit(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        one, other = builders.person(tree.bureau), builders.person(tree.stranger, "Nông Văn Mẫu")
        new = tree.found("MOI", tree.ministry)
        succession.merge_units([tree.bureau, tree.stranger], into=new, **tree.terms)
    with unit_scope(new.path):
        assert set(Person.objects.all()) == {one, other}
    assert Unit.objects.get(pk=tree.bureau.pk).valid_to == EVE
    assert names_of(tree.bureau) == [("Cục THADS tỉnh Thái Nguyên", date(2010, 1, 1), EVE)]
    assert {(row.from_unit, row.to_unit, row.kind) for row in Succession.objects.exclude(kind="move")} == {
        (tree.bureau, new, "merge"),
        (tree.stranger, new, "merge"),
    }


def test_units_still_standing_below_come_under_the_successor(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        new = tree.found("MOI", tree.ministry)
        succession.merge_units([tree.bureau], into=new, **tree.terms)
    branch = Unit.objects.get(pk=tree.branch.pk)
    assert (branch.parent, branch.valid_to) == (new, None)
    assert branch.path[: Unit.PATH_STEP * 2] == new.path
    assert len(branch.path) == Unit.PATH_STEP * 3
    assert placements_of(tree.branch) == [(tree.bureau, date(2010, 1, 1), EVE), (new, ON, None)]


def test_units_with_a_fate_of_their_own_are_not_moved_too(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        new = tree.found("MOI", tree.ministry)
        office = tree.found("PHONG-1", new)
        changes = [
            succession.merging(tree.bureau, into=new),
            succession.merging(tree.branch, into=office),
            succession.dissolving(tree.sibling, keeper=office),
        ]
        succession.apply_changes(changes, **tree.terms)
    assert [unit.path[:12] for unit in (tree.branch, tree.sibling)] == [office.path] * 2
    assert Succession.objects.filter(kind="move").count() == 0


def test_a_split_leaves_the_archive_with_its_keeper(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        person = builders.person(tree.branch)
        first, second = tree.found("MOT", tree.bureau), tree.found("HAI", tree.bureau)
        succession.split_unit(tree.branch, into=[first, second], keeper=second, **tree.terms)
    with unit_scope(second.path):
        assert list(Person.objects.all()) == [person]
    assert {row.to_unit for row in Succession.objects.filter(from_unit=tree.branch)} == {first, second}


def test_a_unit_that_lost_a_part_lives_on(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        part = tree.found("MOT", tree.bureau)
        succession.split_unit(tree.branch, into=[part], keeper=tree.branch, **tree.terms)
    assert Unit.objects.get(pk=tree.branch.pk).valid_to is None
    assert tree.branch.path == "000100010001"


def test_a_unit_may_be_renamed_and_moved_on_one_day(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        succession.apply_changes(
            [
                succession.renaming(tree.branch, name="Tên Mới", short_name="Tên Mới"),
                succession.moving(tree.branch, parent=tree.stranger),
            ],
            **tree.terms,
        )
    saved = Unit.objects.get(pk=tree.branch.pk)
    assert (saved.name, saved.parent) == ("Tên Mới", tree.stranger)


def test_a_dissolved_units_own_archive_follows_its_keeper_again(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        person = builders.person(tree.branch)
        succession.dissolve_unit(tree.branch, keeper=tree.sibling, **tree.terms)
        terms = tree.terms | {"on": date(2026, 1, 1)}
        succession.dissolve_unit(tree.sibling, keeper=tree.stranger, **terms)
    with unit_scope(tree.stranger.path):
        assert list(Person.objects.all()) == [person]


def test_the_trail_stays_whole_after_a_move_and_says_what_happened(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        person = builders.person(tree.branch)
        record_act("open-record", person, actor=tree.actor)
        succession.move_unit(tree.branch, parent=tree.stranger, **tree.terms)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with maintenance_scope("The whole chain is walked."):
        paths = list(AuditEntry.objects.order_by("id").values_list("verb", "unit_path"))
        verification = verify_chain()
    assert paths == [("open-record", "000100020001"), ("move-unit", "000100020001")]
    assert (verification.entries, verification.breaches) == (2, ())


def test_rows_about_the_unit_itself_move_too(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        Grading.objects.create(
            unit=tree.branch,
            collective=tree.branch,
            year=2024,
            grade="good",
            decision_number="MAU-1",
            decided_on=date(2024, 12, 1),
        )
        succession.merge_units([tree.branch], into=tree.sibling, **tree.terms)
    with unit_scope(tree.sibling.path):
        assert Grading.objects.get().collective == tree.branch


def test_queries_do_not_depend_on_the_number_of_units(tree: Merger) -> None:
    def merge(*units: Unit) -> int:
        new = tree.found(f"MOI-{len(units)}", tree.ministry)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            succession.merge_units(units, into=new, **tree.terms)
        return len(queries)

    others = [builders.unit(f"CC-{n}", f"0001000200{n:02d}") for n in range(10, 13)]
    with unit_scope(tree.ministry.path):
        assert merge(tree.branch) == merge(*others)


def refusal(tree: Merger, *changes: succession.Change, on: date = ON, actor: Actor | None = None) -> str:
    with unit_scope(tree.ministry.path), pytest.raises(RefusedError) as caught:
        succession.apply_changes(changes, on=on, citation=CITATION, actor=actor or tree.actor)
    assert Succession.objects.filter(on=on).count() == 0
    return caught.value.what


def test_a_unit_that_is_gone_is_refused(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        succession.dissolve_unit(tree.branch, keeper=tree.sibling, **tree.terms)
    what = refusal(tree, succession.moving(tree.branch, parent=tree.stranger), on=date(2026, 1, 1))
    assert what == "Chi cục THADS huyện Đại Từ không hoạt động vào ngày 31/12/2025 nên không sắp xếp được."


def test_a_successor_that_is_gone_is_refused(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        succession.dissolve_unit(tree.branch, keeper=tree.sibling, **tree.terms)
    what = refusal(tree, succession.merging(tree.sibling, into=tree.branch), on=date(2026, 1, 1))
    assert what == "Chi cục THADS huyện Đại Từ không hoạt động vào ngày 01/01/2026 nên không sắp xếp được."


def test_a_successor_that_ends_on_the_same_day_is_refused(tree: Merger) -> None:
    what = refusal(
        tree,
        succession.merging(tree.branch, into=tree.sibling),
        succession.dissolving(tree.sibling, keeper=tree.bureau),
    )
    assert what.startswith("Chi cục THADS huyện Định Hóa thôi hoạt động trong chính lần sắp xếp này")


def test_a_unit_cannot_come_below_its_own_subordinate(tree: Merger) -> None:
    what = refusal(tree, succession.moving(tree.bureau, parent=tree.branch))
    assert what.startswith("Chi cục THADS huyện Đại Từ là chính Cục THADS tỉnh Thái Nguyên hoặc trực thuộc")
    what = refusal(tree, succession.merging(tree.bureau, into=tree.branch))
    assert what.startswith("Chi cục THADS huyện Đại Từ là chính Cục THADS tỉnh Thái Nguyên hoặc trực thuộc")


def test_two_fates_on_one_day_are_refused(tree: Merger) -> None:
    what = refusal(
        tree,
        succession.merging(tree.branch, into=tree.sibling),
        succession.renaming(tree.branch, name="Khác", short_name="Khác"),
    )
    assert what == "Chi cục THADS huyện Đại Từ được sắp xếp hai lần trong cùng một ngày."


def test_a_day_before_a_later_name_is_refused(tree: Merger) -> None:
    with unit_scope(tree.ministry.path):
        succession.rename_unit(tree.branch, name="Mới", short_name="Mới", **tree.terms)
    what = refusal(tree, succession.renaming(tree.branch, name="Khác", short_name="Khác"), on=date(2025, 1, 1))
    assert what == "Mới đã đổi tên từ ngày 01/07/2025."


def test_a_unit_outside_the_actors_is_refused(tree: Merger) -> None:
    actor = system_actor(tree.bureau, "sắp xếp")
    what = refusal(tree, succession.moving(tree.branch, parent=tree.stranger), actor=actor)
    assert what == "Cục THADS tỉnh Cao Bằng nằm ngoài hệ thống của Cục THADS tỉnh Thái Nguyên."
