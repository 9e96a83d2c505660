"""Times that wait for an event: recorded, corrected, refused; and work that comes again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AnchorEvent, Assignment, Campaign, ExtensionRequest, ExtensionState, Obligation
from campaigns.plan_file import PLANS, read_plan, read_shipped_plans
from campaigns.selectors.anchor_events import list_overdue_anchor_events
from campaigns.selectors.days_off import find_days_off
from campaigns.services.anchor_events import correct_anchor_event, record_anchor_event
from campaigns.services.days_off import add_calendar_day
from campaigns.services.launch import launch_campaign
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, user
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def everything() -> object:
    with maintenance_scope("tests read every unit"):
        yield


@pytest.fixture
def tree() -> Tree:
    return Tree()


def waiting(tree: Tree, days: int = 5, *, working: bool = False) -> AnchorEvent:
    """A campaign of the bureau in which two branches and a foreign bureau wait for the launch meeting."""
    one = campaign(tree.bureau)
    event = AnchorEvent.objects.create(
        campaign=one, code="hoi-nghi", title="Hội nghị phát động", expected_on=date(2023, 11, 1)
    )
    with maintenance_scope("test rows"):
        duty = obligation(one, "SAU-HOI-NGHI", tree.branch, tree.sibling, tree.stranger, last_day=None)
    Obligation.objects.filter(pk=duty.pk).update(anchor_event=event, days_after=days, counts_working_days=working)
    return event


def last_days() -> set[date | None]:
    with maintenance_scope("test rows"):
        return set(Assignment.objects.filter(obligation__code="SAU-HOI-NGHI").values_list("last_day", flat=True))


def record(event: AnchorEvent, tree: Tree, day: date = date(2023, 11, 8)) -> AnchorEvent:
    clerk = actor(tree.bureau, Role.CLERK)
    with unit_scope(tree.bureau.path):
        return record_anchor_event(event, happened_on=day, note="", actor=clerk, day=DAY, at=AT)


def test_recording_gives_everybody_who_waits_the_last_day(tree: Tree) -> None:
    """8/11/2023 and 5 days: Monday 13/11. Also those who are nobody below the one who records."""
    event = waiting(tree)
    assert last_days() == {None}
    record(event, tree)
    assert last_days() == {date(2023, 11, 13)}
    assert Obligation.objects.get(code="SAU-HOI-NGHI").last_day == date(2023, 11, 13)
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="record-anchor-event")
        assert set(Assignment.objects.values_list("deadline_version", flat=True)) == {1}
    assert (entry.detail["on"], entry.detail["number"], entry.unit) == ("2023-11-08", 3, tree.bureau)


def test_days_off_count_as_they_were_decided(tree: Tree) -> None:
    event = waiting(tree, 3, working=True)
    admin = actor(tree.ministry, Role.ADMINISTRATOR)
    for day, kind in ((date(2023, 11, 9), "off"), (date(2023, 11, 11), "worked")):
        with unit_scope(tree.ministry.path):
            add_calendar_day(day=day, kind=kind, name="Hoán đổi", citation="QĐ mẫu", actor=admin, at=AT)
    record(event, tree)
    # Friday 10, Saturday 11 (worked), Monday 13.
    assert last_days() == {date(2023, 11, 13)}


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2023, 11, 14), "ở sau hôm nay"), (date(2020, 12, 31), "trước khi phong trào bắt đầu")],
)
def test_a_day_that_cannot_be_is_refused(tree: Tree, day: date, words: str) -> None:
    event = waiting(tree)
    with pytest.raises(RefusedError, match=words):
        record(event, tree, day)
    assert last_days() == {None}


def test_only_who_issued_the_campaign_records(tree: Tree) -> None:
    event = waiting(tree)
    for place in (tree.branch, tree.stranger, tree.ministry):
        with pytest.raises(RefusedError, match="không ghi nhận được"):
            record_anchor_event(event, happened_on=DAY, note="", actor=actor(place, Role.CLERK), day=DAY, at=AT)


def test_a_second_record_is_a_correction_with_a_reason(tree: Tree) -> None:
    event = waiting(tree)
    record(event, tree)
    with pytest.raises(RefusedError, match="đã được ghi nhận"):
        record(event, tree, date(2023, 11, 7))
    with pytest.raises(RefusedError, match="đúng là ngày đang ghi"):
        correct(event, tree, date(2023, 11, 8))
    correct(event, tree, date(2023, 11, 10))
    # Five days after Friday the 10th.
    assert last_days() == {date(2023, 11, 15)}
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="correct-anchor-event")
    assert (entry.detail["before"], entry.detail["on"], entry.detail["reason"]) == ("2023-11-08", "2023-11-10", "Nhầm")


def correct(event: AnchorEvent, tree: Tree, day: date) -> None:
    clerk = actor(tree.bureau, Role.CLERK)
    with unit_scope(tree.bureau.path):
        correct_anchor_event(event, happened_on=day, reason="Nhầm", actor=clerk, day=DAY, at=AT)


def test_a_longer_extension_stands_and_a_shorter_one_does_not(tree: Tree) -> None:
    event = waiting(tree)
    record(event, tree)
    with maintenance_scope("test rows"):
        for place, until in ((tree.branch, date(2023, 11, 30)), (tree.sibling, date(2023, 11, 14))):
            assignment = Assignment.objects.get(unit=place, obligation__code="SAU-HOI-NGHI")
            ExtensionRequest.objects.create(
                unit=place,
                assignment=assignment,
                asked_by=user(f"ask.{place.code}"),
                asked_at=AT,
                until=until,
                reason="x",
                state=ExtensionState.GRANTED,
            )
            Assignment.objects.filter(pk=assignment.pk).update(last_day=until)
    correct(event, tree, date(2023, 11, 10))
    with maintenance_scope("test rows"):
        found = dict(Assignment.objects.filter(obligation__code="SAU-HOI-NGHI").values_list("unit__code", "last_day"))
    assert found == {
        "DAI-TU": date(2023, 11, 30),
        "DINH-HOA": date(2023, 11, 15),
        "CTHADS-CBA": date(2023, 11, 15),
    }


def test_an_event_that_nobody_recorded_is_found_when_its_day_has_passed(tree: Tree) -> None:
    event = waiting(tree)
    below = Unit.objects.below(tree.ministry.path)
    assert list(list_overdue_anchor_events(below, date(2023, 11, 1))) == []
    assert list(list_overdue_anchor_events(below, date(2023, 11, 2))) == [event]
    record(event, tree)
    assert list(list_overdue_anchor_events(below, date(2023, 11, 2))) == []


# --- pages ----------------------------------------------------------------------------------------


def signed(place: Unit, role: Role = Role.CLERK) -> Client:
    client = Client()
    client.force_login(user(f"{role}.{place.code}", (place, role)))
    return client


def test_the_page_says_what_is_waited_for_and_then_the_day(tree: Tree) -> None:
    event = waiting(tree)
    with maintenance_scope("test rows"):
        assignment = Assignment.objects.get(unit=tree.branch, obligation__code="SAU-HOI-NGHI")
    clerk = signed(tree.branch)
    for address in (assignment.get_absolute_url(), reverse("campaigns:assignment-list")):
        assert "Chờ ghi nhận sự kiện «Hội nghị phát động»" in clerk.get(address).content.decode()
    owner = signed(tree.bureau)
    address = reverse("campaigns:anchor-event-record", args=[event.pk])
    page = owner.get(reverse("campaigns:campaign-detail", args=[event.campaign.code])).content.decode()
    assert address in page
    refused = owner.post(address, {"happened_on": "14/11/2023", "note": "Biên bản 12"})
    assert refused.status_code == 422
    assert "Biên bản 12" in refused.content.decode()
    assert owner.post(address, {"happened_on": "08/11/2023", "note": "Biên bản 12"}).status_code == 302
    page = clerk.get(assignment.get_absolute_url()).content.decode()
    assert "diễn ra ngày 08/11/2023" in page
    assert "Hạn đến hết Thứ Hai, 13/11/2023" in page
    correct_at = reverse("campaigns:anchor-event-correct", args=[event.pk])
    assert owner.get(address).headers["Location"] == correct_at
    assert owner.post(correct_at, {"happened_on": "10/11/2023", "reason": ""}).status_code == 422
    assert owner.post(correct_at, {"happened_on": "10/11/2023", "reason": "Ghi nhầm"}).status_code == 302


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECRETARIAT])
def test_others_find_no_event_to_record(tree: Tree, role: Role) -> None:
    address = reverse("campaigns:anchor-event-record", args=[waiting(tree).pk])
    for place in (tree.branch, tree.stranger, tree.ministry):
        assert signed(place, role).post(address, {"happened_on": "08/11/2023"}).status_code == 404
    assert signed(tree.bureau, Role.HEAD).post(address, {"happened_on": "08/11/2023"}).status_code == 403
    assert last_days() == {None}


def test_the_campaign_page_costs_the_same_for_many_events(tree: Tree) -> None:
    event = waiting(tree)
    owner, costs = signed(tree.bureau), []
    address = reverse("campaigns:campaign-detail", args=[event.campaign.code])
    owner.get(address)
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            owner.get(address)
        costs.append(len(queries))
        AnchorEvent.objects.create(campaign=event.campaign, code=f"x{number}", title="Sự kiện khác")
    assert len(set(costs)) == 1


def test_the_table_of_days_off_is_kept_at_a_root(tree: Tree) -> None:
    values = {"day": "02/01/2024", "kind": "off", "name": "Nghỉ hoán đổi", "citation": "QĐ mẫu 1/QĐ-TTg"}
    address, listed = reverse("campaigns:calendar-day-add"), reverse("campaigns:calendar-day-list")
    assert signed(tree.bureau, Role.ADMINISTRATOR).post(address, values).status_code == 403
    assert signed(tree.ministry, Role.CLERK).post(address, values).status_code == 403
    admin = signed(tree.ministry, Role.ADMINISTRATOR)
    assert "Chưa ghi ngày nào" in admin.get(listed).content.decode()
    assert admin.post(address, values | {"name": ""}).status_code == 422
    assert admin.post(address, values).status_code == 302
    again = admin.post(address, values)
    assert again.status_code == 422
    assert "đã có trong bảng" in again.content.decode()
    assert find_days_off(2024, 2024).off[date(2024, 1, 2)] == "Nghỉ hoán đổi"
    page = signed(tree.stranger).get(listed).content.decode()
    assert "Nghỉ hoán đổi" in page
    assert "Giao thừa Tết Nguyên Đán" in page
    from campaigns.models import CalendarDay

    remove = reverse("campaigns:calendar-day-remove", args=[CalendarDay.objects.get().pk])
    assert admin.get(remove).status_code == 405
    assert admin.post(remove).status_code == 302
    assert date(2024, 1, 2) not in find_days_off(2024, 2024).off
    with maintenance_scope("test rows"):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"add-calendar-day", "remove-calendar-day"} <= verbs


# --- launching ------------------------------------------------------------------------------------


def test_the_region_waits_for_its_two_events(everything: None) -> None:
    load_register(list_north_2021())
    launch_campaign(next(plan for plan in read_shipped_plans() if plan.code.startswith("KVTD")), day=DAY)
    events = {event.code: event for event in AnchorEvent.objects.all()}
    assert {code: event.expected_on for code, event in events.items()} == {
        "hoi-nghi-phat-dong-thi-dua": date(2021, 6, 30),
        "MNPB-2021-KIEM-TRA": date(2021, 9, 30),
    }
    report = Obligation.objects.get(code="MNPB-2021-BC-KIEM-TRA")
    assert (report.anchor_event, report.days_after) == (events["MNPB-2021-KIEM-TRA"], 10)
    assert report.waits_for_event


def test_what_comes_again_is_one_obligation_for_each_time(everything: None, tmp_path: Path) -> None:
    load_register(list_north_2021())
    source = PLANS / "cthads-thai-nguyen-2023.toml"
    text = source.read_text(encoding="utf-8")
    text = text.replace(
        'due = { type = "month", year = 2023, month = 11 }',
        'due = { type = "recurrent", every = "half-year", until = 20 }',
    ).replace(
        'due = { type = "until-day", day = 2023-11-14 }',
        'due = { type = "range", first = 2023-11-01, last = 2023-11-14 }',
    )
    path = tmp_path / source.name
    path.write_text(text, encoding="utf-8")
    launch_campaign(read_plan(path), day=DAY)
    again = Obligation.objects.filter(code__startswith="TNG-2023-GUONG-SANG")
    assert again.count() == 10
    assert again.order_by("last_day").values_list("code", "last_day")[1] == (
        "TNG-2023-GUONG-SANG-2",
        date(2021, 12, 20),
    )
    assert "6 tháng cuối năm 2021" in again.get(code="TNG-2023-GUONG-SANG-2").title
    assert Assignment.objects.filter(obligation__in=again).count() == 10
    assert Obligation.objects.get(code="TNG-2023-BAO-CAO-NAM").last_day == date(2023, 11, 14)
    assert Campaign.objects.count() == 1
