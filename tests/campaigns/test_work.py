"""What units owe: a plan launched, work completed, more time asked and given."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.calendar import closing_instant
from campaigns.models import Assignment, Campaign, ExtensionRequest
from campaigns.plan_file import read_shipped_plans
from campaigns.selectors.work import list_open_assignments
from campaigns.services.launch import UnknownUnitError, launch_campaign
from campaigns.services.work import answer_extension, complete_assignment, request_extension, require_in_time
from tests.builders import AT, DAY, Tree, actor, campaign, excellent, obligation, person, user
from units.actors import system_actor
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_register
from units.services.succession import dissolve_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def everything() -> object:
    with maintenance_scope("tests read every unit"):
        yield


def owed(tree: Tree, last_day: date | None = date(2023, 11, 20)) -> Assignment:
    obligation(campaign(tree.bureau), "BAO-CAO", tree.branch, last_day=last_day)
    return Assignment.objects.select_related("obligation__owed_to", "unit").get(unit=tree.branch)


def test_the_real_plans_become_work_for_the_units_they_address(everything: None) -> None:
    load_register(list_north_2021())
    for plan in read_shipped_plans():
        launch_campaign(plan, day=DAY)
    nominate = Assignment.objects.filter(obligation__code="TNG-2023-XET-CO-SO")
    assert nominate.count() == 9 + 4
    assert set(nominate.values_list("last_day", flat=True)) == {date(2023, 11, 20)}
    plan_due = Assignment.objects.filter(obligation__code="TNG-2023-KE-HOACH").first()
    assert plan_due is not None
    assert plan_due.last_day == date(2023, 2, 19)
    assert "trước ngày 20/02/2023" in plan_due.obligation.phrase
    region = Assignment.objects.filter(obligation__campaign__code__startswith="KVTD")
    assert region.filter(obligation__kind="registration").count() == 28


def test_launching_twice_changes_nothing(everything: None) -> None:
    load_register(list_north_2021())
    plan = read_shipped_plans()[0]
    launch_campaign(plan, day=DAY)
    before = Assignment.objects.count()
    launch_campaign(plan, day=DAY)
    assert Assignment.objects.count() == before


def test_only_units_that_stand_on_the_day_are_addressed(everything: None) -> None:
    load_register(list_north_2021())
    ministry, keeper = (Unit.objects.get(code=code) for code in ("BTP", "CTHADS-TNG"))
    dissolve_unit(
        Unit.objects.get(code="CC-TNG-DAI-TU"),
        keeper=keeper,
        on=date(2023, 7, 1),
        citation="MAU",
        actor=system_actor(ministry, "thử"),
    )
    launch_campaign(next(plan for plan in read_shipped_plans() if plan.code == "TNG-DHTT-2023"), day=DAY)
    addressed = Assignment.objects.filter(obligation__code="TNG-2023-XET-CO-SO").values_list("unit__code", flat=True)
    assert len(addressed) == 8 + 4
    assert "CC-TNG-DAI-TU" not in addressed


def test_a_plan_that_names_a_unit_which_is_gone_is_refused_whole(everything: None) -> None:
    load_register(list_north_2021())
    Unit.objects.filter(code="STP-BKA").update(valid_to=date(2023, 6, 30))
    with pytest.raises(UnknownUnitError, match=r"STP-BKA.*không hoạt động vào ngày 13/11/2023"):
        launch_campaign(next(plan for plan in read_shipped_plans() if plan.code.startswith("KVTD")), day=DAY)
    assert Assignment.objects.count() == 0


def test_a_plan_that_names_an_unknown_unit_is_refused_whole(everything: None) -> None:
    with pytest.raises(UnknownUnitError, match="CTHADS-TNG"):
        launch_campaign(next(plan for plan in read_shipped_plans() if plan.code == "TNG-DHTT-2023"), day=DAY)
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize(
    ("instant", "in_time"),
    [
        (closing_instant(date(2023, 11, 20)) - timedelta(microseconds=1), True),
        (closing_instant(date(2023, 11, 20)), False),
    ],
)
def test_a_deadline_ends_with_its_last_instant(tree: Tree, everything: None, instant: datetime, in_time: bool) -> None:
    assignment = owed(tree)
    if in_time:
        require_in_time(assignment, at=instant)
    else:
        with pytest.raises(RefusedError, match="gia hạn"):
            require_in_time(assignment, at=instant)


def test_late_work_is_recorded_and_not_refused(tree: Tree, everything: None) -> None:
    assignment = owed(tree, last_day=date(2023, 2, 19))
    complete_assignment(
        assignment, document_number="15/KH", document_date=DAY, actor=actor(tree.branch, Role.CLERK), at=AT
    )
    assignment.refresh_from_db()
    assert assignment.done_at == AT
    assert AuditEntry.objects.get().verb == "complete"


def test_work_without_a_date_follows_the_order_of_the_plan(tree: Tree, everything: None) -> None:
    plan = campaign(tree.bureau)
    codes = [f"VIEC-{number}" for number in range(8)]
    for code in codes:
        obligation(plan, code, tree.branch, last_day=None)
    assert [one.obligation.code for one in list_open_assignments(tree.branch)] == codes


def test_work_is_completed_once(tree: Tree, everything: None) -> None:
    assignment, clerk = owed(tree), actor(tree.branch, Role.CLERK)
    complete_assignment(assignment, document_number="15/KH", document_date=DAY, actor=clerk, at=AT)
    with pytest.raises(RefusedError, match="15/KH"):
        complete_assignment(assignment, document_number="16/KH", document_date=DAY, actor=clerk, at=AT)


def test_a_nomination_is_not_completed_by_hand(tree: Tree, everything: None) -> None:
    campaign(tree.bureau, tree.branch)
    with pytest.raises(RefusedError, match="chuyển lên cấp trên"):
        complete_assignment(
            Assignment.objects.get(),
            document_number="1",
            document_date=DAY,
            actor=actor(tree.branch, Role.CLERK),
            at=AT,
        )


def test_time_is_asked_once_and_granting_moves_the_last_day(tree: Tree, everything: None) -> None:
    assignment, clerk = owed(tree), actor(tree.branch, Role.CLERK)
    request = request_extension(assignment, until=date(2023, 11, 27), reason="Thiếu người", actor=clerk, at=AT)
    with pytest.raises(RefusedError, match="đang chờ trả lời"):
        request_extension(assignment, until=date(2023, 11, 28), reason="Nữa", actor=clerk, at=AT)
    assignment.refresh_from_db()
    assert assignment.last_day == date(2023, 11, 20)
    secretariat = actor(tree.bureau, Role.SECRETARIAT)
    answer_extension(request, grant=True, answer="Đồng ý", actor=secretariat, at=AT)
    assignment.refresh_from_db()
    assert assignment.last_day == date(2023, 11, 27)
    with pytest.raises(RefusedError, match="đã được trả lời"):
        answer_extension(request, grant=False, answer="", actor=secretariat, at=AT)


def test_a_declined_request_moves_nothing_and_another_may_be_made(tree: Tree, everything: None) -> None:
    assignment, clerk = owed(tree), actor(tree.branch, Role.CLERK)
    request = request_extension(assignment, until=date(2023, 11, 27), reason="x", actor=clerk, at=AT)
    answer_extension(request, grant=False, answer="Không", actor=actor(tree.bureau, Role.SECRETARIAT), at=AT)
    assignment.refresh_from_db()
    assert assignment.last_day == date(2023, 11, 20)
    request_extension(assignment, until=date(2023, 11, 27), reason="y", actor=clerk, at=AT)


@pytest.mark.parametrize("until", [date(2023, 11, 20), date(2023, 11, 1)])
def test_more_time_must_be_later(tree: Tree, everything: None, until: date) -> None:
    with pytest.raises(RefusedError, match="20/11/2023"):
        request_extension(owed(tree), until=until, reason="x", actor=actor(tree.branch, Role.CLERK), at=AT)


@pytest.mark.parametrize("typed", ["31/02/2023", "2023-13-01", "hôm qua", "31/12/2999"])
def test_an_impossible_date_is_told_and_nothing_is_written(tree: Tree, client: Client, typed: str) -> None:
    with maintenance_scope("test rows"):
        assignment = owed(tree)
    client.force_login(user("clerk", (tree.branch, Role.CLERK)))
    page = client.post(
        reverse("campaigns:assignment-complete", args=[assignment.pk]),
        {"document_number": "15/KH", "document_date": typed},
    )
    assert page.status_code == 422
    assert "Ngày" in page.content.decode()
    with unit_scope(tree.branch.path):
        assert Assignment.objects.get().done_at is None


def test_work_of_another_unit_is_not_found(tree: Tree, client: Client) -> None:
    with maintenance_scope("test rows"):
        assignment = owed(tree)
    client.force_login(user("clerk", (tree.sibling, Role.CLERK)))
    for name in ("assignment-detail", "assignment-complete", "extension-request"):
        address = reverse(f"campaigns:{name}", args=[assignment.pk])
        response = client.get(address) if name == "assignment-detail" else client.post(address)
        assert response.status_code == 404


def test_the_one_who_is_owed_answers_and_a_stranger_cannot(tree: Tree, client: Client) -> None:
    with maintenance_scope("test rows"):
        request = request_extension(
            owed(tree), until=date(2023, 11, 27), reason="x", actor=actor(tree.branch, Role.CLERK), at=AT
        )
    address = reverse("campaigns:extension-answer", args=[request.pk])
    client.force_login(user("stranger", (tree.stranger, Role.SECRETARIAT)))
    assert client.get(address).status_code == 404
    client.force_login(user("secretariat", (tree.bureau, Role.SECRETARIAT)))
    assert "Trả lời đề nghị gia hạn" in client.get(address).content.decode()
    assert client.post(address, {"grant": "yes", "answer": ""}).status_code == 302
    with maintenance_scope("test rows"):
        assert ExtensionRequest.objects.get().state == "granted"


def test_nobody_gives_more_time_to_themselves(tree: Tree, client: Client) -> None:
    with maintenance_scope("test rows"):
        obligation(campaign(tree.ministry), "BAO-CAO", tree.bureau, last_day=date(2023, 11, 20))
        own = Assignment.objects.get(unit=tree.bureau)
        asked = request_extension(
            own, until=date(2023, 11, 27), reason="Thiếu người", actor=actor(tree.bureau, Role.CLERK), at=AT
        )
    client.force_login(user("secretariat", (tree.bureau, Role.SECRETARIAT)))
    assert "Đề nghị gia hạn chờ trả lời" not in client.get("/assignments/").content.decode()
    answer = client.post(reverse("campaigns:extension-answer", args=[asked.pk]), {"grant": "yes"})
    assert answer.status_code == 422
    assert "Việc này gửi về Bộ Tư pháp, nên nơi đó trả lời" in answer.content.decode()
    with maintenance_scope("test rows"):
        assert Assignment.objects.get(unit=tree.bureau).last_day == date(2023, 11, 20)
    client.force_login(user("ministry", (tree.ministry, Role.SECRETARIAT)))
    assert "Đề nghị gia hạn chờ trả lời" in client.get("/assignments/").content.decode()


def test_more_time_has_an_end(tree: Tree, everything: None) -> None:
    with pytest.raises(RefusedError, match="31/12/9999 quá xa"):
        request_extension(owed(tree), until=date.max, reason="x", actor=actor(tree.branch, Role.CLERK), at=AT)


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECRETARIAT])
def test_the_list_costs_the_same_for_one_and_for_three(tree: Tree, client: Client, role: Role) -> None:
    one = campaign(tree.bureau)
    client.force_login(user("reader", (tree.bureau, role)))
    costs = []
    for number in range(3):
        with maintenance_scope("test rows"):
            duty = obligation(one, f"VIEC-{number}", tree.bureau, tree.branch, last_day=date(2023, 12, 1 + number))
            theirs = Assignment.objects.get(obligation=duty, unit=tree.branch)
            clerk = actor(tree.branch, Role.CLERK)
            request_extension(theirs, until=date(2023, 12, 30), reason="x", actor=clerk, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/assignments/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


def test_plans_and_records_cost_the_same_for_one_and_for_three(tree: Tree, client: Client) -> None:
    one = campaign(tree.bureau)
    with maintenance_scope("test rows"):
        who = person(tree.branch)
    client.force_login(user("reader", (tree.branch, Role.CLERK)))
    addresses = {
        "list": "/campaigns/",
        "plan": f"/campaigns/{one.code}/",
        "record": reverse("units:person-detail", args=[who.pk]),
    }
    costs: dict[str, list[int]] = {name: [] for name in addresses}
    for number in range(3):
        with maintenance_scope("test rows"):
            obligation(one, f"VIEC-{number}", last_day=None)
            Campaign.objects.create(
                code=f"KHAC-{number}",
                title="Khác",
                kind="regular",
                issuer=tree.bureau,
                plan_name="KH",
                opens_on=DAY,
                closes_on=DAY,
            )
            excellent(who, year=2020 + number)
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            costs[name].append(len(queries))
    assert {name: len(set(spent)) for name, spent in costs.items()} == dict.fromkeys(costs, 1), costs


def test_empty_lists_teach(tree: Tree, client: Client) -> None:
    client.force_login(user("clerk", (tree.branch, Role.CLERK)))
    assert "không còn việc nào" in client.get("/assignments/").content.decode()
    assert "Chưa có phong trào" in client.get("/campaigns/").content.decode()
    assert "Chưa có đề nghị nào" in client.get("/nominations/").content.decode()
