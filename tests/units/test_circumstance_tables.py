"""Leave and reviews of a whole branch: taken in from a workbook, listed, and given out as one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import DAY, Tree, actor, move_away, person
from tests.units import workbooks
from tests.units.import_books import book
from tests.units.test_imports import confirm, reasons, verdicts
from tests.units.test_record_pages import build, read, signed
from units.actors import Actor
from units.models import Circumstance, ImportBatch, ImportKind, ImportLine, ImportState, Person
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import unit_scope
from units.services.importing.batches import receive_import
from units.services.importing.ground import Ground
from units.services.importing.undoing import undo_import

pytestmark = pytest.mark.django_db
HEADER = ("Mã cán bộ", "Họ và tên", "Nội dung", "Từ ngày", "Đến hết ngày", "Số văn bản")


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any, tmp_path: Path) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def clerk(tree: Tree) -> Iterator[Actor]:
    one = actor(tree.branch, Role.CLERK)
    with unit_scope(tree.branch.path):
        yield one


def receive(rows: list[list[Any]], by: Actor) -> ImportBatch:
    return receive_import(ImportKind.CIRCUMSTANCES, book(rows, header=HEADER), "nghi.xlsx", actor=by, day=DAY)


def spell(one: Person, kind: str = "sick", first: date = date(2023, 3, 1), last: date | None = None) -> Circumstance:
    return Circumstance.objects.create(unit=one.unit, person=one, kind=kind, first_day=first, last_day=last)


def test_what_may_be_changed_is_held_before_it_is_read(tree: Tree, clerk: Actor) -> None:
    """Read first, a line that somebody deletes while the lock is waited for would be changed into nothing."""
    spell(person(tree.branch), last=date(2023, 3, 31))
    with CaptureQueriesContext(connection) as caught:
        found = Ground(tree.branch, DAY, is_writing=True).held(Circumstance.objects.order_by("first_day"))
    assert len(found) == 1
    asked = [one["sql"] for one in caught if "units_circumstance" in one["sql"]]
    assert ["FOR UPDATE" in one for one in asked] == [True, False]


def test_each_row_is_judged_written_once_and_taken_back_as_a_whole(tree: Tree, clerk: Actor) -> None:
    one = person(tree.branch)
    spell(one, last=date(2023, 3, 31))
    code = one.staff_code
    rows = [
        [code, "", "Nghỉ ốm", "01/03/2023", "15/04/2023", "MAU-1"],
        [code, "", "Thai sản", "01/04/2024", "30/09/2024", ""],  # leave may lie ahead
        [code, "", "Đang xác minh đơn thư", "01/11/2023", "", ""],
        [code, "", "Nghỉ ốm", "15/03/2023", "31/03/2023", ""],
        [code, "", "Nghỉ ốm", "01/03/2023", "15/04/2023", "MAU-1"],
        [code, "", "Nghỉ ốm", "01/06/2023", "", ""],
        [code, "", "Đi học", "01/06/2023", "31/05/2023", ""],
        [code, "", "Đang xác minh đơn thư", "01/12/2023", "", ""],
        [code, "Nông Văn Khác", "Đi học", "01/07/2023", "30/07/2023", ""],
    ]
    batch = receive(rows, clerk)
    assert verdicts(batch) == ["change", "new", "new", "new", *["refused"] * 5]
    told = reasons(batch)
    for words in ("chồng lên «Nghỉ ốm»", "trùng với dòng 2", "phải có ngày cuối", "ở trước ngày đầu", "ở sau hôm nay"):
        assert sum(words in note for note in told) == 1, words
    changes = ImportLine.objects.get(batch=batch, number=2).changes
    assert changes == [["Đến hết ngày", "31/03/2023", "15/04/2023"], ["Số văn bản", "chưa có", "MAU-1"]]
    assert Circumstance.objects.count() == 1
    assert confirm(batch, clerk).state == ImportState.DONE
    assert Circumstance.objects.count() == 4
    assert undo_import(batch, actor=clerk).state == ImportState.UNDONE
    assert [(row.last_day, row.decision_number) for row in Circumstance.objects.all()] == [(date(2023, 3, 31), "")]


def test_a_line_that_another_unit_keeps_is_refused_when_it_differs(tree: Tree) -> None:
    def moved() -> Person:
        one = person(tree.sibling)
        spell(one, last=date(2023, 3, 31))
        move_away(one, tree.branch)
        return Person.objects.get(pk=one.pk)

    one, clerk = build(moved), actor(tree.branch, Role.CLERK)
    rows = [
        [one.staff_code, "", "Nghỉ ốm", "01/03/2023", "30/04/2023", ""],
        [one.staff_code, "", "Đi học", "01/05/2023", "30/06/2023", ""],
    ]
    with unit_scope(tree.branch.path):
        batch = receive(rows, clerk)
        assert verdicts(batch) == ["refused", "new"]
        assert f"do {tree.sibling.name} ghi, khác ở: Đến hết ngày" in reasons(batch)[0]
        # Judged again under the lock, where the other unit's line cannot be held, the verdict is the same.
        assert confirm(batch, clerk).state == ImportState.DONE
        assert sorted(Circumstance.objects.values_list("kind", "unit")) == [
            ("sick", tree.sibling.pk),
            ("study", tree.branch.pk),
        ]


def test_a_row_changed_by_hand_stands_in_the_way_of_taking_back(tree: Tree, clerk: Actor) -> None:
    one = person(tree.branch)
    batch = receive([[one.staff_code, "", "Nghỉ ốm", "01/03/2023", "15/04/2023", ""]], clerk)
    confirm(batch, clerk)
    Circumstance.objects.update(last_day=date(2023, 4, 1))
    with pytest.raises(RefusedError, match="1 đợt nghỉ, việc bị xem xét"):
        undo_import(batch, actor=clerk)


def test_a_table_costs_the_same_queries_for_one_row_and_for_thirty(tree: Tree, clerk: Actor) -> None:
    one, costs = person(tree.branch), []
    for year, many in ((2020, 1), (2021, 30)):
        rows = [
            [one.staff_code, "", "Đi học", f"{day:02d}/01/{year}", f"{day:02d}/01/{year}", ""]
            for day in range(1, many + 1)
        ]
        with CaptureQueriesContext(connection) as queries:
            confirm(receive(rows, clerk), clerk)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_only_who_writes_such_lines_hands_the_table_in(tree: Tree) -> None:
    template = reverse("units:import-template", args=["circumstances"])
    assert signed(tree.branch).get(template).status_code == 200
    assert signed(tree.branch, Role.ADMINISTRATOR).get(template).status_code == 404
    assert "?kind=circumstances" in read(signed(tree.branch), "circumstance-list")
    assert "?kind=circumstances" not in read(signed(tree.branch, Role.HEAD), "circumstance-list")


def cells(client: Client, **query: Any) -> list[list[Any]]:
    page = client.get(reverse("units:circumstance-list-workbook"), query)
    return [row for row in workbooks.read(page)[1][1:] if any(row)]


def test_the_list_is_of_who_works_in_the_branch_and_is_narrowed(tree: Tree) -> None:
    def rows() -> None:
        ours, gone = person(tree.branch, "Lường Thị Mẫu"), person(tree.branch, "Nông Văn Đi")
        spell(ours, last=date(2023, 3, 31))
        spell(ours, "complaint", date(2022, 11, 1))
        spell(ours, "maternity", date(2024, 1, 1), date(2024, 6, 30))
        spell(gone, last=date(2023, 3, 31))
        move_away(gone, tree.stranger)

    build(rows)
    clerk = signed(tree.bureau)
    first = {"sick": "01/03/2023", "complaint": "01/11/2022", "maternity": "01/01/2024"}
    for query, kinds in (
        ({}, {"sick", "complaint", "maternity"}),
        ({"state": "going-on"}, {"complaint"}),
        ({"state": "over"}, {"sick"}),
        ({"state": "coming"}, {"maternity"}),
        ({"year": "2023"}, {"sick", "complaint"}),
        ({"kind": "sick"}, {"sick"}),
    ):
        text = read(clerk, "circumstance-list", **query)
        assert {kind for kind, day in first.items() if day in text} == kinds
        assert len(cells(clerk, **query)) == len(kinds)
        assert "Nông Văn Đi" not in text
    assert "Không có dòng nào khớp" in read(clerk, "circumstance-list", unit="DAI-TU", kind="study")
    for role in (Role.STAFF, Role.SECRETARIAT, Role.ADMINISTRATOR):
        read(signed(tree.bureau, role), "circumstance-list", status=403)


def test_the_list_costs_the_same_for_one_and_for_three(tree: Tree) -> None:
    client, costs = signed(tree.bureau, Role.HEAD), []
    for number in (1, 2):
        build(lambda number=number: [spell(person(tree.branch), last=DAY) for _ in range(number)])
        for name in ("circumstance-list", "circumstance-list-workbook"):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(reverse(f"units:{name}"))
            assert page.status_code == 200
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
