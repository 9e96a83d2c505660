"""Dated readings: brought in from their file, added at the top, and counting from the next question on."""

import io
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars.models import MergerReading, SpecialCaseReading
from exemplars.reading_file import READINGS, read_readings
from exemplars.selectors.facts import gather_cases
from exemplars.services.assessments import store_assessment
from exemplars.services.nominations import create_nomination
from exemplars.services.readings import add_reading, edit_reading, load_readings
from exemplars.services.special_cases import find_decider
from tests import builders
from tests.builders import AT, DAY, Tree, actor, person
from tests.exemplars.test_facts import PERIOD, ask, case_of, disciplined, honoured
from tests.exemplars.test_nominations import Story
from units.data_file import DataFileError
from units.models import AuditEntry, Succession, SuccessionKind, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

MERGED_ON = date(2023, 6, 1)
MERGER_EDIT, CASE_EDIT = "exemplars:merger-reading-edit", "exemplars:special-case-reading-edit"
MERGER_ADD, CASE_ADD = "exemplars:merger-reading-add", "exemplars:special-case-reading-add"


@pytest.fixture
def tree(db: None) -> Iterator[Tree]:
    with maintenance_scope("tests read every unit"):
        load_readings()
        yield Tree()


def merge(old: Unit, new: Unit, on: date = MERGED_ON) -> None:
    Succession.objects.create(from_unit=old, to_unit=new, on=on, kind=SuccessionKind.MERGE, citation="MAU")


def edition(first: date, last: date | None = None, **fields: Any) -> MergerReading:
    values = {"honours_of_a_period": False, "discipline": True, "citation": "MAU", "note": "Mẫu"} | fields
    return MergerReading(valid_from=first, valid_to=last, **values)


def staff_discipline(unit: Unit) -> int:
    return len(case_of(unit, PERIOD).facts.discipline or ())


def typed(**changes: str) -> dict[str, str]:
    return {
        "honours_of_a_period": "no",
        "discipline": "yes",
        "valid_from": "01/06/2023",
        "valid_to": "",
        "citation": "Công văn mẫu số 1",
        "note": "Theo ý kiến mẫu",
        "confirmed": "on",
    } | changes


def desk_of(unit: Unit) -> Client:
    client = Client()
    client.force_login(actor(unit, Role.SECRETARIAT).account)
    return client


# --- the file --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loading_adds_what_is_missing_and_keeps_what_an_office_wrote() -> None:
    MergerReading.objects.create(
        valid_from=date(2024, 1, 1), honours_of_a_period=False, discipline=True, citation="X", note="X"
    )
    out = io.StringIO()
    call_command("load_readings", stdout=out)
    # The days of the shipped reading of mergers are taken; there is one of special cases for each level.
    assert "Đã thêm 5 cách hiểu" in out.getvalue()
    SpecialCaseReading.objects.filter(level="state").update(decided_by="top")
    assert load_readings() == 0
    assert MergerReading.objects.count() == 1
    assert dict(SpecialCaseReading.objects.values_list("level", "decided_by")) == {
        "sector": "top",
        "ministry": "top",
        "grassroots": "addressee",
        "province": "addressee",
        "state": "top",
    }
    assert not any(one.confirmed for one in read_readings())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"sector", "ministry"', '"sector", "grassroots"', "cấp cơ sở"),
        ('"sector", "ministry"', '"branch"', "levels"),
        ('levels = ["sector", "ministry"]\n', "", "levels"),
        ("discipline = false\n", "", "discipline"),
        ('decided_by = "top"', 'decided_by = "nobody"', "decided_by"),
    ],
    ids=["twice", "no such level", "no level", "not said", "no such decider"],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "readings.toml"
    file.write_text(READINGS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=told):
        read_readings(file)


@pytest.mark.django_db
def test_the_deployment_check_tells_that_nothing_was_loaded() -> None:
    def ask_check() -> list[str]:
        found = run_checks(tags=["database"], databases=["default"], include_deployment_checks=True)
        return [one.msg for one in found if one.id == "exemplars.W001"]

    assert ask_check() == ["Chưa nạp cách hiểu khi quy định để ngỏ."]
    load_readings()
    assert ask_check() == []


# --- what is judged by them ------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "follows"), [(date(2023, 6, 2), False), (MERGED_ON, True)], ids=["eve", "day"])
def test_an_edition_counts_at_once_for_mergers_from_its_day_on(tree: Tree, first: date, *, follows: bool) -> None:
    disciplined(person(tree.branch), tree.branch, date(2023, 3, 1))
    honoured(tree.branch, "BKB", 2022, level="ministry", kind="commendation")
    merge(tree.branch, tree.sibling)
    assert staff_discipline(tree.sibling) == 0
    assert len(case_of(tree.sibling, PERIOD).facts.honours or ()) == 1
    add_reading(edition(first), actor=actor(tree.ministry, Role.SECRETARIAT))
    assert staff_discipline(tree.sibling) == follows
    assert len(case_of(tree.sibling, PERIOD).facts.honours or ()) == (not follows)


def test_without_an_edition_honours_stay_open_and_discipline_does_not_follow(tree: Tree) -> None:
    MergerReading.objects.update(valid_to=date(2023, 5, 31))
    disciplined(person(tree.branch), tree.branch, date(2023, 3, 1))
    merge(tree.branch, tree.sibling)
    assert case_of(tree.sibling, PERIOD).facts.honours == ()
    honoured(tree.branch, "BKB", 2022, level="ministry", kind="commendation")
    facts = case_of(tree.sibling, PERIOD).facts
    assert (facts.honours, facts.discipline) == (None, ())


def test_what_was_stored_keeps_the_reading_of_its_day(tree: Tree) -> None:
    disciplined(person(tree.branch), tree.branch, date(2023, 3, 1))
    merge(tree.branch, tree.sibling)
    plan = builders.campaign(tree.bureau, tree.sibling)
    clerk = actor(tree.sibling, Role.CLERK)
    one = create_nomination(
        plan, recognition=builders.recognition(), year=2023, nominee=tree.sibling, actor=clerk, day=DAY, at=AT
    )
    stored = store_assessment(one, occasion="submit", day=DAY, at=AT)
    add_reading(edition(MERGED_ON), actor=actor(tree.ministry, Role.SECRETARIAT))
    again = store_assessment(one, occasion="submit", day=DAY, at=AT)
    assert stored is not None
    assert again is not None
    assert stored.question != again.question
    out = io.StringIO()
    call_command("replay_assessments", stdout=out)
    assert out.getvalue().strip() == "Đã đối chiếu lại 2 kết quả, 0 kết quả khác."


def test_the_queries_depend_on_neither_mergers_nor_editions(tree: Tree) -> None:
    def asked(*units: Unit) -> int:
        with CaptureQueriesContext(connection) as made:
            gather_cases([ask(one, PERIOD) for one in units], day=DAY)
        return len(made)

    MergerReading.objects.update(discipline=True)
    for unit in (tree.branch, tree.sibling):
        disciplined(person(unit), unit, date(2023, 3, 1))
    without = asked(tree.sibling)
    merge(tree.branch, tree.sibling)
    one = asked(tree.sibling)
    assert one == without + 1
    MergerReading.objects.update(valid_to=date(2020, 12, 31))
    for year in (2021, 2022, 2023):
        edition(date(year, 1, 1), date(year, 12, 31)).save()
        merge(builders.unit(f"CU-{year}", f"00010001{year}"), tree.bureau, date(year, 6, 1))
    assert asked(tree.sibling, tree.bureau, tree.ministry) == one


@pytest.mark.parametrize(("level", "place"), [("sector", "ministry"), ("grassroots", "bureau")])
def test_who_decides_a_special_case_is_a_dated_reading(db: None, level: str, place: str) -> None:
    with maintenance_scope("test rows"):
        load_readings()
        story = Story()
        nomination = story.create(story.nominee)
        nomination.recognition = builders.title("DHTT", level=level, kind="recognition", subject="both")
        assert find_decider(nomination, DAY) == getattr(story.tree, place)


# --- the screens -----------------------------------------------------------------------------------


@pytest.fixture
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.mark.usefixtures("autumn_of_2023")
def test_the_top_adds_an_edition_and_the_open_one_ends_the_day_before(tree: Tree) -> None:
    desk, address = desk_of(tree.ministry), reverse(MERGER_ADD)
    assert "đối chiếu lại khi mở trang lần tới" in desk.get(address).content.decode()
    wrong = desk.post(address, typed(discipline="", valid_to="31/05/2023"))
    assert wrong.status_code == 422
    for part in ("Chưa chọn", "từ ngày 01/06/2023 trở đi", "Công văn mẫu số 1"):
        assert part in wrong.content.decode()
    assert desk.post(address, typed()).status_code == 302
    new, old = MergerReading.objects.all()
    assert (new.discipline, new.honours_of_a_period, new.confirmed, new.valid_to) == (True, False, True, None)
    assert (old.discipline, old.valid_to) == (False, date(2023, 5, 31))
    told = AuditEntry.objects.get(verb="add-reading").detail
    assert told == {"reading": "Đơn vị sáp nhập", "since": "2023-06-01", "citation": "Công văn mẫu số 1"}
    page = desk.get(reverse("exemplars:reading-list")).content.decode()
    assert "kỷ luật trước ngày sáp nhập <strong>tính cho đơn vị mới</strong>" in page
    assert "đến 31/05/2023" in page
    assert page.count("Đã được xác nhận") == 1


@pytest.mark.usefixtures("autumn_of_2023")
def test_days_of_another_edition_are_refused_and_nothing_moves(tree: Tree) -> None:
    desk = desk_of(tree.ministry)
    case = {"level": "state", "decided_by": "top"}
    # The edition that stands is open and began earlier; one of another level is in nobody's way.
    assert desk.post(reverse(CASE_ADD), typed(**case)).status_code == 302
    page = desk.post(reverse(CASE_ADD), typed(**case, valid_from="01/01/2023", valid_to="01/07/2023"))
    assert page.status_code == 422
    assert "khoảng ngày đã có bản khác" in page.content.decode()
    held = SpecialCaseReading.objects.filter(level="state").values_list("decided_by", "valid_to")
    assert list(held) == [("top", None), ("addressee", date(2023, 5, 31))]
    assert set(SpecialCaseReading.objects.exclude(level="state").values_list("valid_to", flat=True)) == {None}


@pytest.mark.usefixtures("autumn_of_2023")
def test_an_edition_is_mended_until_it_was_confirmed(tree: Tree) -> None:
    desk, one = desk_of(tree.ministry), MergerReading.objects.get()
    address, first = reverse(MERGER_EDIT, args=[one.pk]), f"{one.valid_from:%d/%m/%Y}"
    assert address in desk.get(reverse("exemplars:reading-list")).content.decode()
    page = desk.get(address).content.decode()
    assert 'name="confirmed" id="id_confirmed" checked' not in " ".join(page.split())
    assert one.citation in page
    assert desk.post(address, typed(valid_from=first, confirmed="")).status_code == 422  # without a reason
    said = {"valid_from": first, "reason": "Theo văn bản mẫu"}
    assert desk.post(address, typed(**said, confirmed="")).status_code == 302
    one.refresh_from_db()
    assert (one.discipline, one.confirmed, one.edit_reason) == (True, False, "Theo văn bản mẫu")
    told = AuditEntry.objects.get(verb="edit-reading").detail
    assert "kỷ luật trước ngày sáp nhập từ «không» thành «có»" in told["what"]
    assert desk.post(address, typed(**said)).status_code == 302
    assert address not in desk.get(reverse("exemplars:reading-list")).content.decode()
    assert desk.post(address, typed(**said, discipline="no")).status_code == 422
    one.refresh_from_db()
    assert (one.discipline, one.confirmed) == (True, True)


@pytest.mark.usefixtures("autumn_of_2023")
def test_a_mended_edition_keeps_its_level_and_out_of_the_days_of_others(tree: Tree) -> None:
    desk = desk_of(tree.ministry)
    case = {"level": "state", "decided_by": "top"}
    assert desk.post(reverse(CASE_ADD), typed(**case, confirmed="")).status_code == 302
    new = SpecialCaseReading.objects.get(level="state", valid_from=MERGED_ON)
    address = reverse(CASE_EDIT, args=[new.pk])
    page = desk.post(address, typed(decided_by="top", valid_from="31/05/2023", reason="Mẫu"))
    assert page.status_code == 422
    assert "khoảng ngày đã có bản khác" in page.content.decode()
    sent = {"level": "sector", "decided_by": "addressee", "valid_to": "31/12/2024", "reason": "Mẫu"}
    assert desk.post(address, typed(**sent)).status_code == 302
    new.refresh_from_db()
    assert (new.level, new.decided_by, new.valid_to) == ("state", "addressee", date(2024, 12, 31))
    told = AuditEntry.objects.get(verb="edit-reading").detail["what"]
    assert "«Cơ quan cao nhất của hệ thống» thành «Đơn vị nhận đề nghị»" in told


@pytest.mark.django_db(transaction=True)
def test_of_two_first_editions_for_the_same_days_one_stands() -> None:
    with maintenance_scope("tests read every unit"):
        top = actor(Tree().ministry, Role.SECRETARIAT)
    begin, results = threading.Barrier(2), []

    def add(first: date) -> None:
        try:
            with unit_scope(top.unit.path):
                begin.wait(timeout=20)
                add_reading(edition(first), actor=top)
            results.append("added")
        except RefusedError as refusal:
            results.append(refusal.what)
        finally:
            connection.close()

    # The later one would else find the earlier one neither standing nor in its way.
    threads = [threading.Thread(target=add, args=(day,)) for day in (MERGED_ON, date(2023, 1, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    spans = list(MergerReading.objects.order_by("valid_from").values_list("valid_from", "valid_to"))
    if len(spans) == 2:  # the earlier one came first, and ended for the later one
        assert results == ["added", "added"]
        assert spans == [(date(2023, 1, 1), date(2023, 5, 31)), (MERGED_ON, None)]
    else:
        assert sorted(results) == ["Chưa thêm được cách hiểu: khoảng ngày đã có bản khác.", "added"]
        assert spans == [(MERGED_ON, None)]


def test_below_the_top_readings_are_only_read(tree: Tree) -> None:
    desk = desk_of(tree.bureau)
    assert "Thêm bản mới" not in desk.get(reverse("exemplars:reading-list")).content.decode()
    for name in (MERGER_ADD, CASE_ADD):
        assert desk.post(reverse(name), typed()).status_code == 403
    one = MergerReading.objects.get()
    assert desk.post(reverse(MERGER_EDIT, args=[one.pk]), typed(reason="Mẫu")).status_code == 403
    values = {"valid_from": one.valid_from, "valid_to": None, "discipline": True}
    with pytest.raises(RefusedError, match="cấp cao nhất"):
        edit_reading(one, values, reason="Mẫu", actor=actor(tree.bureau, Role.SECRETARIAT), at=AT)
    with pytest.raises(RefusedError, match="cấp cao nhất"):
        add_reading(edition(MERGED_ON), actor=actor(tree.bureau, Role.SECRETARIAT))
    assert MergerReading.objects.count() == 1


def test_where_nothing_was_loaded_the_page_says_so_and_offers_the_form(tree: Tree) -> None:
    MergerReading.objects.all().delete()
    SpecialCaseReading.objects.all().delete()
    desk = desk_of(tree.ministry)
    page = desk.get(reverse("exemplars:reading-list")).content.decode()
    assert "Chưa nạp cách hiểu nào" in page
    assert page.count("chưa trình theo diện đặc biệt được") == 5
    assert "?level=province" in page
    assert '<option value="province" selected>' in desk.get(f"{reverse(CASE_ADD)}?level=province").content.decode()
