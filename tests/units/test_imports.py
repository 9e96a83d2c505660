"""From a workbook to the register: previewed without a trace, written once as a whole, taken back as a whole."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import embedded
from tests.builders import DAY, Tree, actor, move_away, person, title, unit, user
from tests.units.import_books import PEOPLE, book, person_row
from tests.units.test_record_pages import build
from tests.units.test_spreadsheets import signed
from tests.units.workbooks import read
from units.actors import Actor
from units.models import (
    AuditEntry,
    DisciplinaryAction,
    Grading,
    Honour,
    ImportBatch,
    ImportKind,
    ImportLine,
    ImportState,
    Membership,
    OutboxMessage,
    PastService,
    Person,
    Placement,
    Posting,
    Unit,
    UnitName,
    Verdict,
)
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.importing import batches
from units.services.importing.batches import confirm_import, judge_import, receive_import, write_import
from units.services.importing.template_book import make_template
from units.services.importing.undoing import undo_import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("posts_hold")]

# Seconds: as long as a busy machine may take to come to a point that it always comes to.
PATIENCE = 60
POSTINGS = ("Mã cán bộ", "Họ và tên", "Chức vụ", "Là người đứng đầu", "Từ ngày", "Đến ngày", "Đơn vị")
GRADINGS = ("Mã cán bộ", "Đơn vị", "Năm", "Xếp loại", "Số quyết định", "Ngày quyết định")
HONOURS = (
    "Mã cán bộ",
    "Đơn vị",
    "Danh hiệu",
    "Năm thành tích",
    "Số quyết định",
    "Ngày quyết định",
    "Cơ quan ban hành",
    "Chức vụ khi được khen",
)
UNITS = ("Mã đơn vị", "Loại đơn vị", "Tên đơn vị", "Tên gọi tắt", "Đơn vị cấp trên", "Địa danh", "Từ ngày")


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any, tmp_path: Path) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def clerk(tree: Tree) -> Iterator[Actor]:
    """The clerk of the bureau, in whose scope the test runs."""
    one = actor(tree.bureau, Role.CLERK)
    with unit_scope(tree.bureau.path):
        yield one


def receive(kind: ImportKind, content: bytes, by: Actor) -> ImportBatch:
    return receive_import(kind, content, "tệp.xlsx", actor=by, day=DAY)


def people(rows: list[list[Any]], by: Actor) -> ImportBatch:
    return receive(ImportKind.PEOPLE, book(rows), by)


def confirm(batch: ImportBatch, by: Actor, *, all_or_none: bool = False) -> ImportBatch:
    return confirm_import(batch, all_or_none=all_or_none, actor=by, day=DAY)


def verdicts(batch: ImportBatch) -> list[str]:
    return list(ImportLine.objects.filter(batch=batch).order_by("number").values_list("verdict", flat=True))


def reasons(batch: ImportBatch) -> list[str]:
    return [note["words"] for line in ImportLine.objects.filter(batch=batch) for note in line.notes]


# --- preview ---


def test_a_preview_judges_every_row_and_writes_nothing_to_the_register(tree: Tree, clerk: Actor) -> None:
    standing = person(tree.bureau, "Lường Thị Mẫu")
    rows = [
        person_row(1),
        person_row(2, "Lường Thị Mẫu", code=standing.staff_code, gender="Nam", birth=None),
        person_row(3, "Lường Thị Mẫu", code=standing.staff_code, gender="Nữ", birth=None),
        person_row(4, gender="?"),
    ]
    batch = people(rows[:2] + rows[3:], clerk)
    assert verdicts(batch) == [Verdict.NEW, Verdict.CHANGE, Verdict.REFUSED]
    assert batch.counts == {"new": 1, "change": 1, "same": 0, "refused": 1}
    line = ImportLine.objects.get(batch=batch, verdict="change")
    assert line.changes == [["Giới tính", "Nữ", "Nam"]]
    assert verdicts(people([rows[2]], clerk)) == [Verdict.SAME]
    standing.refresh_from_db()
    assert (Person.objects.count(), standing.gender) == (1, "female")


def test_rows_of_one_file_about_one_person_are_refused_after_the_first(clerk: Actor) -> None:
    batch = people([person_row(1), person_row(2), person_row(1, "Nông Văn Khác")], clerk)
    assert verdicts(batch) == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED]
    assert reasons(batch) == ["trùng với dòng 2 của tệp; giữ lại một dòng."]


def test_an_empty_cell_erases_nothing(tree: Tree, clerk: Actor) -> None:
    one = person(tree.bureau)
    Person.objects.update(birth_date=date(1980, 1, 1))
    batch = people([person_row(1, one.full_name, code=one.staff_code, birth=None, gender="Nữ")], clerk)
    assert verdicts(batch) == [Verdict.SAME]


def test_a_person_known_in_another_unit_below_is_to_be_moved_not_added(tree: Tree, clerk: Actor) -> None:
    one = person(tree.branch)
    batch = people([person_row(1, one.full_name, code=one.staff_code)], clerk)
    assert verdicts(batch) == [Verdict.REFUSED]
    assert "điều chuyển" in reasons(batch)[0]


def test_the_preview_costs_the_same_queries_for_one_and_for_fifty_rows(clerk: Actor) -> None:
    costs = []
    for start, many in ((100, 1), (200, 50)):
        with CaptureQueriesContext(connection) as queries:
            people([person_row(start + number) for number in range(many)], clerk)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_unit_outside_the_branch_and_one_that_is_nowhere_get_the_same_words(tree: Tree, clerk: Actor) -> None:
    with maintenance_scope("a foreign person stands there"):
        foreign = person(tree.stranger)
    batch = people([person_row(1, unit=tree.stranger.code), person_row(2, unit="KHONG-CO")], clerk)
    first, second = reasons(batch)
    assert verdicts(batch) == [Verdict.REFUSED] * 2
    assert first.replace(tree.stranger.code, "X") == second.replace("KHONG-CO", "X")
    rows = [[code, "", "Chấp hành viên", "", "01/01/2020", "", ""] for code in (foreign.staff_code, "KHONG-CO")]
    first, second = reasons(receive(ImportKind.POSTINGS, book(rows, header=POSTINGS), clerk))
    assert first.replace(foreign.staff_code, "X") == second.replace("KHONG-CO", "X")


# --- writing ---


def test_a_confirmed_batch_is_written_with_folded_names_and_a_line_in_the_trail(tree: Tree, clerk: Actor) -> None:
    batch = people([person_row(1, "Nông Văn Đức"), person_row(2, unit="Chi cục THADS huyện Đại Từ")], clerk)
    assert confirm(batch, clerk).state == ImportState.DONE
    one = Person.objects.get(staff_code="MAU-00001")
    assert (one.unit, one.folded_name, one.birth_date) == (tree.bureau, "nong van duc", date(1985, 11, 5))
    assert one.sort_key
    assert Person.objects.get(staff_code="MAU-00002").unit_path == tree.branch.path
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["upload-import", "confirm-import", "write-import"]


def test_valid_rows_only_or_none_at_all_as_chosen(clerk: Actor) -> None:
    batch = people([person_row(1), person_row(2, gender="?")], clerk)
    with pytest.raises(RefusedError, match="còn 1 dòng không nhận"):
        confirm(batch, clerk, all_or_none=True)
    assert Person.objects.count() == 0
    assert confirm(batch, clerk).state == ImportState.DONE
    assert Person.objects.count() == 1


def test_a_second_confirmation_changes_nothing(clerk: Actor) -> None:
    batch = people([person_row(1)], clerk)
    confirm(batch, clerk)
    again = confirm(ImportBatch.objects.get(pk=batch.pk), clerk)
    assert (again.state, Person.objects.count()) == (ImportState.DONE, 1)
    assert AuditEntry.objects.filter(verb="write-import").count() == 1


def test_a_register_that_changed_since_the_preview_is_shown_before_anything_is_written(
    tree: Tree, clerk: Actor
) -> None:
    first, second = people([person_row(1), person_row(2)], clerk), people([person_row(1), person_row(3)], clerk)
    confirm(first, clerk)
    shown = confirm(second, clerk)
    assert (shown.state, shown.confirmed_at) == (ImportState.PREVIEW, None)
    assert "sổ đã thay đổi ở 1 dòng" in shown.failure
    assert [(line.was, line.verdict) for line in ImportLine.objects.filter(batch=shown)] == [
        ("new", "same"),
        ("", "new"),
    ]
    assert Person.objects.count() == 2
    assert confirm(shown, clerk).state == ImportState.DONE
    assert Person.objects.count() == 3


def test_postings_are_added_changed_and_kept_from_overlapping(tree: Tree, clerk: Actor) -> None:
    one = person(tree.branch)  # "Chấp hành viên" from 01/01/2020 on
    rows = [
        [one.staff_code, one.full_name, "Chấp hành viên", "", "01/01/2020", "30/06/2023", ""],
        [one.staff_code, "", "Chi cục trưởng", "Có", "01/07/2023", "", "Chi cục THADS huyện Đại Từ"],
        [one.staff_code, "", "chấp hành viên", "", "01/01/2021", "", ""],
        [one.staff_code, "Nông Văn Khác", "Thư ký", "", "01/01/2019", "31/12/2019", ""],
        [one.staff_code, "", "Thư ký", "", "01/01/2019", "31/12/2018", ""],
    ]
    batch = receive(ImportKind.POSTINGS, book(rows, header=POSTINGS), clerk)
    assert verdicts(batch) == ["change", "new", "refused", "refused", "refused"]
    assert ImportLine.objects.get(batch=batch, number=2).changes == [["Đến ngày", "chưa có", "30/06/2023"]]
    confirm(batch, clerk)
    posts = {post.position: post for post in Posting.objects.all()}
    assert posts["Chấp hành viên"].valid_to == date(2023, 6, 30)
    assert (posts["Chi cục trưởng"].is_head, posts["Chi cục trưởng"].unit) == (True, tree.branch)


def test_gradings_of_people_and_of_units(tree: Tree, clerk: Actor) -> None:
    one = person(tree.branch)
    Grading.objects.create(
        unit=one.unit, person=one, year=2022, grade="good", decision_number="MAU-1", decided_on=date(2022, 12, 20)
    )
    rows = [
        [one.staff_code, "", 2022, "Hoàn thành xuất sắc nhiệm vụ", "MAU-1", "20/12/2022"],
        ["", tree.branch.code, 2022, "hoan thanh tot nhiem vu", "MAU-2", "20/12/2022"],
        [one.staff_code, "", 2023, "Hoàn thành nhiệm vụ", "MAU-3", "20/12/2023"],
        [one.staff_code, "", 2021, "Hoàn thành nhiệm vụ", "MAU-4", "20/12/2020"],
        ["", "", 2021, "Hoàn thành nhiệm vụ", "MAU-5", "20/12/2021"],
    ]
    batch = receive(ImportKind.GRADINGS, book(rows, header=GRADINGS), clerk)
    assert verdicts(batch) == ["change", "new", "refused", "refused", "refused"]
    assert "ở sau hôm nay" in reasons(batch)[0]
    confirm(batch, clerk)
    assert Grading.objects.get(person=one).grade == "excellent"
    assert Grading.objects.get(collective=tree.branch).grade == "good"


def test_a_grading_that_another_unit_gave_is_refused_when_it_differs(tree: Tree) -> None:
    one, by = came_from(tree.sibling, tree.branch), actor(tree.branch, Role.CLERK)
    rows = [
        [one.staff_code, "", 2021, "Hoàn thành tốt nhiệm vụ", "MAU-1", "20/12/2021"],
        [one.staff_code, "", 2022, "Hoàn thành nhiệm vụ", "MAU-2", "20/12/2022"],
        [one.staff_code, "", 2023, "Hoàn thành nhiệm vụ", "MAU-3", "01/11/2023"],
    ]
    with unit_scope(tree.branch.path):
        batch = receive(ImportKind.GRADINGS, book(rows, header=GRADINGS), by)
        assert verdicts(batch) == ["same", "refused", "new"]
        assert f"do {tree.sibling.name} ghi, khác ở: Xếp loại" in reasons(batch)[0]
        # Judged again under the lock, where the other unit's lines cannot be held, the verdicts are the same.
        assert confirm(batch, by).state == ImportState.DONE
        kept = Grading.objects.order_by("year").values_list("year", "grade", "unit")
        assert list(kept) == [
            (2021, "good", tree.sibling.pk),
            (2022, "good", tree.sibling.pk),
            (2023, "completed", tree.branch.pk),
        ]


def test_an_honour_of_an_earlier_unit_keeps_the_post_held_there(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        title("CSTDCS")
    one, by = came_from(tree.sibling, tree.branch), actor(tree.branch, Role.CLERK)
    with unit_scope(tree.branch.path):
        batch = receive(ImportKind.HONOURS, book([honour_row(one.staff_code)], header=HONOURS), by)
        assert verdicts(batch) == ["new"]
        assert confirm(batch, by).state == ImportState.DONE
        assert Honour.objects.get().subject_position == "Chấp hành viên"


def came_from(earlier: Unit, now: Unit) -> Person:
    """Somebody graded twice at `earlier` who has moved to `now`."""

    def moved() -> Person:
        one = person(earlier)
        for year in (2021, 2022):
            Grading.objects.create(
                unit=earlier,
                person=one,
                year=year,
                grade="good",
                decision_number=f"MAU-{year - 2020}",
                decided_on=date(year, 12, 20),
            )
        move_away(one, now)
        return Person.objects.get(pk=one.pk)

    return build(moved)


def honour_row(code: str, **cells: Any) -> list[Any]:
    row = {
        "unit": "",
        "title": "CSTDCS",
        "number": "MAU-9/QĐ",
        "on": "20/12/2022",
        "issuer": "Cục Mẫu",
        "post": "",
    } | cells
    return [code, row["unit"], row["title"], 2022, row["number"], row["on"], row["issuer"], row["post"]]


def test_an_honour_freezes_name_post_and_the_units_name_of_its_day(tree: Tree, clerk: Actor) -> None:
    title("CSTDCS", name="Chiến sĩ thi đua cơ sở")
    one = person(tree.branch)
    for name, since in (("Chi cục tên cũ", date(2010, 1, 1)), ("Chi cục tên mới", date(2023, 1, 1))):
        UnitName.objects.create(unit=tree.branch, name=name, short_name=name, place="Nơi Mẫu", valid_from=since)
    batch = receive(ImportKind.HONOURS, book([honour_row(one.staff_code)], header=HONOURS), clerk)
    confirm(batch, clerk)
    honour = Honour.objects.get()
    frozen = (honour.subject_name, honour.subject_position, honour.subject_unit)
    assert frozen == ("Lường Thị Mẫu", "Chấp hành viên", "Chi cục tên cũ")
    again = receive(ImportKind.HONOURS, book([honour_row(one.staff_code)], header=HONOURS), clerk)
    assert verdicts(again) == [Verdict.SAME]


def test_an_honour_that_stands_is_never_changed_by_a_file(tree: Tree, clerk: Actor) -> None:
    title("CSTDCS")
    title("TTLDXS", subject="collective")
    one = person(tree.branch)
    confirm(receive(ImportKind.HONOURS, book([honour_row(one.staff_code)], header=HONOURS), clerk), clerk)
    rows = [
        honour_row(one.staff_code, issuer="Bộ Mẫu"),
        honour_row(one.staff_code, number="MAU-10/QĐ"),
        honour_row(one.staff_code, title="TTLDXS"),
        honour_row("", unit=tree.branch.code, title="TTLDXS"),
        honour_row(one.staff_code, title="KHONG-CO"),
    ]
    batch = receive(ImportKind.HONOURS, book(rows, header=HONOURS), clerk)
    assert verdicts(batch) == ["refused", "new", "refused", "new", "refused"]
    words = " ".join(reasons(batch))
    assert "đính chính" in words
    assert "kiểm tra có phải là một lần khen" in words
    assert "không dành cho cá nhân" in words


def unit_row(code: str, parent: str = "", **cells: Any) -> list[Any]:
    row = {"name": f"Phòng {code}", "kind": "Phòng", "since": "01/01/2020"} | cells
    return [code, row["kind"], row["name"], row["name"], parent, "Nơi Mẫu", row["since"]]


def test_units_are_added_with_their_names_and_places_parents_in_any_order(tree: Tree) -> None:
    administrator = actor(tree.bureau, Role.ADMINISTRATOR)
    rows = [
        unit_row("P-2", "P-1"),
        unit_row("P-1"),
        unit_row("P-3", tree.stranger.code),
        unit_row("P-4", "KHONG-CO"),
        unit_row("P-5", "P-6"),
        unit_row("P-6", "P-5"),
        unit_row(tree.stranger.code),
        unit_row(tree.branch.code, name="Tên khác"),
    ]
    with unit_scope(tree.bureau.path):
        batch = receive(ImportKind.UNITS, book(rows, header=UNITS), administrator)
        assert verdicts(batch) == ["new", "new", *["refused"] * 6]
        assert "vòng tròn" in " ".join(reasons(batch))
        assert confirm(batch, administrator).state == ImportState.DONE
        child, parent = Unit.objects.get(code="P-2"), Unit.objects.get(code="P-1")
        assert (child.parent, parent.path) == (parent, "000100010003")
        assert child.path.startswith(parent.path)
        assert Placement.objects.get(unit=child).parent == parent
        assert UnitName.objects.get(unit=child).name == "Phòng P-2"
        undo_import(batch, actor=administrator)
    assert not Unit.objects.filter(code__startswith="P-").exists()


# --- the way back ---


def test_a_batch_is_undone_as_a_whole_and_changes_get_their_former_values(tree: Tree, clerk: Actor) -> None:
    one = person(tree.bureau)
    batch = people([person_row(1), person_row(2, "Lường Thị Tên Mới", code=one.staff_code, gender="Nữ")], clerk)
    confirm(batch, clerk)
    one.refresh_from_db()
    assert one.full_name == "Lường Thị Tên Mới"
    undone = undo_import(batch, actor=clerk)
    one.refresh_from_db()
    assert (undone.state, Person.objects.count()) == (ImportState.UNDONE, 1)
    assert (one.full_name, one.folded_name, one.birth_date) == ("Lường Thị Mẫu", "luong thi mau", None)
    assert undo_import(batch, actor=clerk).state == ImportState.UNDONE
    assert AuditEntry.objects.filter(verb="undo-import").count() == 1


def test_what_was_written_upon_it_stands_in_the_way_and_is_named(tree: Tree, clerk: Actor) -> None:
    first = people([person_row(1)], clerk)
    confirm(first, clerk)
    post = [["MAU-00001", "", "Thư ký", "", "01/01/2020", "", ""]]
    second = receive(ImportKind.POSTINGS, book(post, header=POSTINGS), clerk)
    confirm(second, clerk)
    one = Person.objects.get()
    account = user("tai-khoan", (tree.bureau, Role.CLERK))
    Membership.objects.filter(user=account).update(person=one)
    with pytest.raises(RefusedError) as caught:
        undo_import(first, actor=clerk)
    assert caught.value.why.endswith("1 chức vụ, 1 tư cách làm việc của tài khoản.")
    undo_import(second, actor=clerk)
    Membership.objects.filter(user=account).update(person=None)
    assert undo_import(first, actor=clerk).state == ImportState.UNDONE


def test_a_table_of_which_the_clerk_may_not_know_is_not_named(clerk: Actor) -> None:
    batch = people([person_row(1)], clerk)
    confirm(batch, clerk)
    one = Person.objects.get()
    DisciplinaryAction.objects.create(
        unit=one.unit, person=one, form="x", decision_number="MAU-1", decided_on=date(2023, 1, 1)
    )
    with pytest.raises(RefusedError) as caught:
        undo_import(batch, actor=clerk)
    assert caught.value.why.endswith("1 dữ liệu khác.")


def test_a_row_changed_since_stands_in_the_way(clerk: Actor) -> None:
    batch = people([person_row(1)], clerk)
    confirm(batch, clerk)
    Person.objects.update(gender="female")
    with pytest.raises(RefusedError, match="đã có thay đổi ở: 1 cán bộ"):
        undo_import(batch, actor=clerk)
    Person.objects.update(gender="male")
    assert undo_import(batch, actor=clerk).state == ImportState.UNDONE


def test_what_another_unit_holds_stands_in_the_way_without_being_shown(tree: Tree, clerk: Actor) -> None:
    batch = people([person_row(1)], clerk)
    confirm(batch, clerk)
    one = Person.objects.get()
    with maintenance_scope("another unit keeps a row about the person"):
        worked = {"full_name": "x", "staff_code": "x", "gender": "male", "employment": "contract"}
        PastService.objects.create(
            unit=tree.stranger, person=one, moved_to=one.unit, last_day=date(2023, 1, 1), decision_number="x", **worked
        )
    with pytest.raises(RefusedError, match="Dữ liệu ở nơi khác"):
        undo_import(batch, actor=clerk)
    assert Person.objects.count() == 1


# --- jobs ---


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of more than two rows go to a job; the limit is a number of the module, not behaviour."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)


def run(key: Callable[[ImportBatch], str], job: Callable[..., None], batch: ImportBatch) -> ImportBatch:
    with unit_scope(batch.unit.path):
        job(batch.pk, outbox_key=key(batch), day=DAY)
        return ImportBatch.objects.get(pk=batch.pk)


def test_a_long_table_is_judged_and_written_by_jobs_that_may_run_twice(clerk: Actor, few_at_once: None) -> None:
    batch = people([person_row(number) for number in range(5)], clerk)
    assert (batch.state, OutboxMessage.objects.count()) == (ImportState.READING, 1)
    for _ in range(2):
        batch = run(batches.judge_key, judge_import, batch)
        assert (batch.state, batch.rows_done, batch.counts["new"]) == (ImportState.PREVIEW, 5, 5)
    batch = confirm(batch, clerk)
    assert (batch.state, Person.objects.count()) == (ImportState.WRITING, 0)
    for _ in range(2):
        batch = run(batches.write_key, write_import, batch)
        assert (batch.state, Person.objects.count()) == (ImportState.DONE, 5)
    assert OutboxMessage.objects.filter(done_at__isnull=False).count() == 2


def test_a_judgement_that_was_cut_off_is_begun_again(clerk: Actor, few_at_once: None) -> None:
    batch = people([person_row(number) for number in range(5)], clerk)
    half = [
        batches.line_of(row)
        for row in batches.read_sheet(book([person_row(0)]), "a.xlsx", batches.layout_of("people")).rows
    ]
    ImportLine.objects.bulk_create(list(batches.judge_lines(batch, half, day=DAY)))
    batch = run(batches.judge_key, judge_import, batch)
    assert (batch.state, ImportLine.objects.filter(batch=batch).count()) == (ImportState.PREVIEW, 5)


@pytest.mark.django_db(transaction=True)
def test_a_job_killed_while_it_writes_leaves_nothing_and_the_next_one_writes_all(few_at_once: None) -> None:
    """Its connection is killed by the server while it waits in the middle of its transaction."""
    tree = Tree()
    clerk = actor(tree.bureau, Role.CLERK)
    with unit_scope(tree.bureau.path):
        batch = people([person_row(number) for number in range(5)], clerk)
    batch = run(batches.judge_key, judge_import, batch)
    with unit_scope(tree.bureau.path):
        batch = confirm(batch, clerk)
    failed: list[str] = []

    def work() -> None:
        try:
            run(batches.write_key, write_import, batch)
        except Exception as error:  # noqa: BLE001  the kind does not matter: the connection is gone
            failed.append(type(error).__name__)
        finally:
            connection.close()

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        # The job comes as far as the table of people and waits there.
        owner.execute("LOCK TABLE units_person IN ACCESS EXCLUSIVE MODE")
        worker = threading.Thread(target=work)
        worker.start()
        victim = _wait_for_the_one_that_waits()
        embedded.run_sql(settings.TEST_SERVERS_HOME, f"SELECT pg_terminate_backend({victim})")
        worker.join(timeout=PATIENCE)
    assert failed
    with maintenance_scope("test looks"):
        assert (Person.objects.count(), ImportBatch.objects.get().state) == (0, ImportState.WRITING)
    batch = run(batches.write_key, write_import, batch)
    with maintenance_scope("test looks"):
        assert (Person.objects.count(), batch.state) == (5, ImportState.DONE)


def _wait_for_the_one_that_waits() -> int:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as watcher:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = watcher.execute(
                "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'units_person'::regclass"
            ).fetchone()
            if found:
                return int(found[0])
            time.sleep(0.05)
    raise AssertionError("the job never reached the table")


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_confirm_at_once_add_each_person_once() -> None:
    tree = Tree()
    clerks = [actor(tree.bureau, Role.CLERK), actor(tree.bureau, Role.CLERK)]
    with unit_scope(tree.bureau.path):
        both = [people([person_row(number) for number in range(20)], one) for one in clerks]
    start = threading.Barrier(2)

    def work(number: int) -> None:
        try:
            start.wait()
            with unit_scope(tree.bureau.path):
                confirm(both[number], clerks[number])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with maintenance_scope("test looks"):
        assert Person.objects.count() == 20
        states = sorted(ImportBatch.objects.values_list("state", flat=True))
        assert states == [ImportState.DONE, ImportState.PREVIEW]


# --- rights and pages ---


def upload(client: Client, kind: str, content: bytes, name: str = "canbo.xlsx") -> Any:
    return client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("born", "cell", "words"),
    [
        ("1985-11-05", "05/11/1985", "1 người cùng họ tên và ngày sinh"),
        (None, "05/11/1985", "1 người cùng họ tên mà chưa đủ ngày sinh để phân biệt"),
        ("1985-11-05", "", "1 người cùng họ tên mà chưa đủ ngày sinh để phân biệt"),
        ("1990-01-01", "05/11/1985", ""),
    ],
)
def test_a_namesake_is_shown_before_the_clerk_confirms(tree: Tree, born: str | None, cell: str, words: str) -> None:
    with maintenance_scope("test rows"):
        for place in (tree.branch, tree.stranger):
            other = person(place, "Nông Văn Mẫu")
            Person.objects.filter(pk=other.pk).update(birth_date=born)
    client = signed("clerk", (tree.bureau, Role.CLERK))
    sent = upload(client, "people", book([person_row(1, birth=cell), person_row(2, name="Ai Khác Mẫu")]))
    page = client.get(sent.url).content.decode()
    assert "Ghi 2 dòng vào sổ" in page
    assert ("1 dòng cần xem" in page) is bool(words)
    assert ("cần xem, trong sổ đã có" in page) is bool(words)
    assert words in page
    doubtful = client.get(f"{sent.url}?verdict=doubt").content.decode()
    assert ("MAU-00001" in doubtful) is bool(words)
    assert "MAU-00002" not in doubtful


def test_a_namesake_may_be_written_knowingly_and_known_people_raise_no_doubt(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        person(tree.branch, "Nông Văn Mẫu")
    client = signed("clerk", (tree.branch, Role.CLERK))
    table = book([person_row(1)])
    sent = upload(client, "people", table)
    assert client.post(f"{sent.url}confirm/", {"mode": "all"}).status_code == 302
    with maintenance_scope("test rows"):
        assert Person.objects.filter(folded_name="nong van mau").count() == 2
    again = upload(client, "people", table)
    assert "dòng cần xem" not in client.get(again.url).content.decode()


def test_a_clerk_walks_from_the_template_to_the_register_and_back(tree: Tree) -> None:
    client = signed("clerk", (tree.branch, Role.CLERK))
    template = client.get("/imports/templates/people/")
    assert "attachment" in template["Content-Disposition"]
    assert "Chọn «Nhập tệp mới»" in client.get("/imports/").content.decode()
    sent = upload(client, "people", book([person_row(1), person_row(2, gender="?")]))
    page = client.get(sent.url).content.decode()
    assert "Ghi 1 dòng vào sổ" in page
    assert "<strong>E3</strong>" in page
    only_refused = client.get(f"{sent.url}?verdict=refused").content.decode()
    assert "MAU-00002" in only_refused
    assert "MAU-00001" not in only_refused
    table = read(client.get(f"{sent.url}workbook/?verdict=refused"))[1]
    assert table[1][:2] == [3, "Không nhận"]
    done = client.post(f"{sent.url}confirm/", {"mode": "valid"}, follow=True).content.decode()
    assert "Đã ghi vào sổ." in done
    assert "Hoàn tác 1 dòng" in done
    back = client.post(f"{sent.url}undo/", follow=True).content.decode()
    assert "Đã hoàn tác" in back
    with maintenance_scope("test looks"):
        assert Person.objects.count() == 0
    assert "canbo.xlsx" in client.get("/imports/").content.decode()
    assert read(client.get("/imports/workbook/"))[1][1][2] == "canbo.xlsx"


def test_a_bad_file_is_refused_on_the_page_and_not_kept(tree: Tree) -> None:
    client = signed("clerk", (tree.branch, Role.CLERK))
    page = upload(client, "people", b"no workbook")
    assert page.status_code == 422
    assert "không phải là tệp Excel" in page.content.decode()
    assert "checked" in page.content.decode()
    with maintenance_scope("test looks"):
        assert not ImportBatch.objects.exists()


def test_nothing_to_write_and_a_mode_that_is_none_are_refused(tree: Tree) -> None:
    client = signed("clerk", (tree.branch, Role.CLERK))
    sent = upload(client, "people", book([person_row(1, gender="?")]))
    assert client.post(f"{sent.url}confirm/", {"mode": "valid"}).status_code == 422
    assert client.post(f"{sent.url}confirm/", {"mode": "x"}).status_code == 422
    assert client.post(f"{sent.url}undo/").status_code == 422
    assert client.get(f"{sent.url}confirm/").status_code == 405


def test_clerks_import_records_and_administrators_units(tree: Tree) -> None:
    clerk = signed("clerk", (tree.branch, Role.CLERK))
    administrator = signed("administrator", (tree.branch, Role.ADMINISTRATOR))
    units = book([unit_row("P-1")], header=UNITS)
    assert upload(clerk, "units", units).status_code == 422
    assert upload(administrator, "people", book([person_row(1)])).status_code == 422
    assert clerk.get("/imports/templates/units/").status_code == 404
    sent = upload(administrator, "units", units)
    assert sent.status_code == 302
    # One unit's clerk and administrator see their own kinds only.
    assert clerk.get(sent.url).status_code == 404
    for role in (Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF, Role.MEMBER):
        assert signed(f"one-{role}", (tree.branch, role)).get("/imports/").status_code == 403


@pytest.mark.parametrize("place", ["sibling", "bureau", "stranger"])
def test_a_batch_is_its_own_units(tree: Tree, place: str) -> None:
    sent = upload(signed("clerk", (tree.branch, Role.CLERK)), "people", book([person_row(1)]))
    other = signed("other", (getattr(tree, place), Role.CLERK))
    assert other.get(sent.url).status_code == 404
    assert other.get(f"{sent.url}workbook/").status_code == 404
    assert other.post(f"{sent.url}confirm/", {"mode": "valid"}).status_code == 404
    assert other.post(f"{sent.url}undo/").status_code == 404
    assert "canbo.xlsx" not in other.get("/imports/").content.decode()


def test_a_moving_batch_shows_how_far_it_is(tree: Tree, few_at_once: None) -> None:
    client = signed("clerk", (tree.branch, Role.CLERK))
    sent = upload(client, "people", book([person_row(number) for number in range(4)]))
    assert "Đã đối chiếu 0 trên 4 dòng" in client.get(sent.url).content.decode()
    part = client.get(sent.url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert client.post(f"{sent.url}confirm/", {"mode": "valid"}).status_code == 422


def test_every_template_comes_back_as_an_empty_table_and_its_example_is_skipped() -> None:
    title("CSTDCS", name="Chiến sĩ thi đua cơ sở")
    for kind, handler in batches.HANDLERS.items():
        layout = handler.layout()
        with pytest.raises(RefusedError, match="không có dòng nào"):
            batches.read_sheet(make_template(layout), f"{kind}.xlsx", layout)


def test_the_people_template_filled_in_is_read(tree: Tree, clerk: Actor) -> None:
    assert [one.title for one in batches.layout_of("people").fields] == list(PEOPLE)
    unit("X", "000100010009")
    assert verdicts(people([person_row(1, unit="X")], clerk)) == [Verdict.NEW]
