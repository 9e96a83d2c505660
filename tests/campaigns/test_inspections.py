"""Inspections from the plan to the result, and the rights of the team for its time."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.checks import check_inspection_terms
from campaigns.inspection_terms import TERMS, ResultTerm, read_inspection_terms
from campaigns.models import (
    AnchorEvent,
    Assignment,
    CalendarDay,
    CalendarDayKind,
    ClusterFile,
    Inspection,
    InspectionNotice,
    InspectionPlan,
    Obligation,
)
from campaigns.selectors.inspections import find_without_result, has_inspection_result
from campaigns.services.anchor_events import correct_anchor_event, record_anchor_event
from campaigns.services.filings import start_submission
from campaigns.services.inspection_ends import correct_inspection_end, end_inspection
from campaigns.services.inspections import (
    ManyOfficesError,
    add_inspection,
    add_team_member,
    announce_inspection_plan,
    create_inspection_plan,
    open_to_inspection,
    send_inspected_report,
    send_inspection_result,
)
from tests.builders import AT, DAY, campaign, obligation, pdf
from tests.campaigns.cluster_scene import ClusterScene
from units.duties import list_duties
from units.models import AuditEntry, Grant, Membership
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db
LAST = DAY + timedelta(days=2)


@pytest.fixture
def scene() -> ClusterScene:
    return ClusterScene()


def make_plan(scene: ClusterScene) -> InspectionPlan:
    """Cao Bằng is inspected by somebody of the head's unit and somebody of Bắc Kạn."""
    clerk, guest = scene.act(scene.head, Role.CLERK), scene.act(scene.third, Role.CLERK)
    with scene.at(scene.head):
        plan = create_inspection_plan(
            scene.year, title="Kiểm tra 2023", number="210/KH", issued_on=DAY, actor=clerk, at=AT
        )
        add_inspection(plan, scene.member, starts_on=DAY, ends_on=LAST, actor=clerk)
        for one in (clerk, guest):
            add_team_member(plan, username=one.account.username, office=None, duty="Thành viên", actor=clerk, day=DAY)
    return plan


def announce(scene: ClusterScene) -> tuple[Inspection, InspectionNotice]:
    plan = make_plan(scene)
    with scene.at(scene.head):
        announce_inspection_plan(plan, actor=scene.act(scene.head, Role.CLERK))
        inspection = Inspection.objects.select_related("plan", "inspected").get()
    with scene.at(scene.member):
        return inspection, InspectionNotice.objects.get()


def open_rights(scene: ClusterScene, notice: InspectionNotice) -> list[str]:
    with scene.at(scene.member):
        return open_to_inspection(notice, actor=scene.act(scene.member, Role.HEAD), day=DAY, at=AT)


def end(scene: ClusterScene, inspection: Inspection, on: date = DAY) -> Inspection:
    with scene.at(scene.head):
        return end_inspection(inspection, ended_on=on, actor=scene.act(scene.head, Role.CLERK), day=LAST, at=AT)


def send(scene: ClusterScene, inspection: Inspection, issued_on: date = LAST) -> Inspection:
    with scene.at(scene.head):
        return send_inspection_result(
            inspection,
            minutes=pdf("biên bản.pdf"),
            result=pdf("kết quả.pdf", pages=2),
            number="225/BC",
            issued_on=issued_on,
            conclusion="Thực hiện tốt.",
            actor=scene.act(scene.head, Role.CLERK),
            at=AT,
        )


def test_only_the_inspected_unit_opens_its_doors_and_only_to_the_team(scene: ClusterScene) -> None:
    inspection, notice = announce(scene)
    guest = scene.act(scene.third, Role.CLERK).account
    assert not [one for one in list_duties(guest) if one.actor.grant]
    assert open_rights(scene, notice) == []
    with scene.at(scene.member):
        grants = list(Grant.objects.all())
    assert {grant.user_id for grant in grants} == {guest.pk, scene.act(scene.head, Role.CLERK).account.pk}
    assert {(grant.valid_from, grant.valid_to, grant.bundle) for grant in grants} == {(DAY, LAST, "inspection")}
    with scene.at(scene.head):
        inspection.refresh_from_db()
        assert inspection.opened_at == AT
        with pytest.raises(InspectionNotice.DoesNotExist):
            InspectionNotice.objects.get()
    with scene.at(scene.member), pytest.raises(RefusedError, match="Đã mở quyền"):
        open_to_inspection(notice, actor=scene.act(scene.member, Role.HEAD), day=DAY, at=AT)


def test_rights_end_at_once_with_the_inspection(scene: ClusterScene) -> None:
    inspection, notice = announce(scene)
    open_rights(scene, notice)
    end(scene, inspection)
    with scene.at(scene.member):
        assert not Grant.objects.filter(ended_at__isnull=True).exists()
        assert AuditEntry.objects.filter(verb="end-grant").count() == 2
        notice.refresh_from_db()
        assert notice.ended_on == DAY
    with scene.at(scene.third):
        # The unit of the guest reads it in its own trail.
        assert AuditEntry.objects.filter(verb="end-grant").count() == 1


def test_rights_given_otherwise_stay(scene: ClusterScene) -> None:
    """A grant of the same person for the same unit, which this inspection did not give."""
    inspection, notice = announce(scene)
    open_rights(scene, notice)
    with scene.at(scene.member):
        other = Grant.objects.first()
        assert other is not None
        InspectionNotice.objects.update(grants=[key for key in notice.grants if key != other.pk])
        notice.refresh_from_db()
    with scene.at(scene.member):
        kept = set(InspectionNotice.objects.get().grants)
    end(scene, inspection)
    with scene.at(scene.member):
        assert set(Grant.objects.filter(ended_at__isnull=False).values_list("pk", flat=True)) == kept


def test_who_of_the_team_is_no_guest_is_told(scene: ClusterScene) -> None:
    plan = make_plan(scene)
    own = scene.act(scene.member, Role.CLERK)
    with scene.at(scene.head):
        clerk = scene.act(scene.head, Role.CLERK)
        add_team_member(plan, username=own.account.username, office=None, duty="x", actor=clerk, day=DAY)
        announce_inspection_plan(plan, actor=clerk)
    with scene.at(scene.member):
        notice = InspectionNotice.objects.get()
    skipped = open_rights(scene, notice)
    assert len(skipped) == 1
    assert "cùng nhánh" in skipped[0]


def test_a_team_needs_somebody_of_the_heads_own_unit(scene: ClusterScene) -> None:
    plan = make_plan(scene)
    with scene.at(scene.head):
        clerk = scene.act(scene.head, Role.CLERK)
        plan.team.filter(office__unit=scene.head).delete()
        with pytest.raises(RefusedError, match="chưa có ai"):
            announce_inspection_plan(plan, actor=clerk)
        plan.inspections.all().delete()
        with pytest.raises(RefusedError, match="chưa có đơn vị nào"):
            announce_inspection_plan(plan, actor=clerk)


def test_an_account_with_two_offices_is_asked_which(scene: ClusterScene) -> None:
    plan = make_plan(scene)
    clerk = scene.act(scene.head, Role.CLERK)
    account = scene.act(scene.outsider, Role.CLERK).account
    second = Membership.objects.create(user=account, unit=scene.third, role=Role.HEAD, valid_from=date(2020, 1, 1))
    with scene.at(scene.head):
        with pytest.raises(ManyOfficesError) as asked:
            add_team_member(plan, username=account.username, office=None, duty="x", actor=clerk, day=DAY)
        assert len(asked.value.offices) == 2
        member = add_team_member(plan, username=account.username, office=second, duty="x", actor=clerk, day=DAY)
        assert member.office == second
        # An office of somebody else is not taken.
        other = scene.act(scene.member, Role.HEAD).membership
        named = scene.act(scene.outsider, Role.HEAD).account.username
        got = add_team_member(plan, username=named, office=other, duty="x", actor=clerk, day=DAY)
        assert got.office != other
        with pytest.raises(RefusedError, match="Không tìm thấy tài khoản"):
            add_team_member(plan, username="khong-co", office=None, duty="x", actor=clerk, day=DAY)


def test_only_the_head_plans_and_only_members_are_inspected(scene: ClusterScene) -> None:
    stranger = scene.act(scene.member, Role.CLERK)
    with scene.at(scene.member), pytest.raises(RefusedError, match="không chủ trì"):
        create_inspection_plan(scene.year, title="x", number="1", issued_on=DAY, actor=stranger, at=AT)
    plan = make_plan(scene)
    with scene.at(scene.head):
        clerk = scene.act(scene.head, Role.CLERK)
        with pytest.raises(RefusedError, match="không phải thành viên"):
            add_inspection(plan, scene.outsider, starts_on=DAY, ends_on=DAY, actor=clerk)
        with pytest.raises(RefusedError, match="đã có trong kế hoạch"):
            add_inspection(plan, scene.member, starts_on=DAY, ends_on=DAY, actor=clerk)
        announce_inspection_plan(plan, actor=clerk)
        with pytest.raises(RefusedError, match="đã gửi các đơn vị"):
            add_inspection(plan, scene.third, starts_on=DAY, ends_on=DAY, actor=clerk)


@pytest.mark.parametrize(
    ("ended_on", "due"),
    [
        # The tenth day is a Thursday; and one that is a Saturday gives way to Monday.
        (date(2023, 11, 13), date(2023, 11, 23)),
        (date(2023, 11, 15), date(2023, 11, 27)),
    ],
)
def test_the_result_is_due_ten_days_after_and_overdue_the_day_after_that(
    scene: ClusterScene, ended_on: date, due: date
) -> None:
    inspection, _ = announce(scene)
    ended = end(scene, inspection, on=ended_on)
    assert ended.result_due == due
    assert [ended.is_overdue(day) for day in (due, due + timedelta(days=1))] == [False, True]
    late = send(scene, ended, issued_on=due)
    assert late.is_overdue(due + timedelta(days=1)) is False


@pytest.mark.parametrize(
    ("term", "due"),
    [
        # Monday 13/11 and the days after: a weekend lies in between.
        (ResultTerm(DAY, 7, counts_working_days=False, citation="KH mẫu"), date(2023, 11, 20)),
        (ResultTerm(DAY, 7, counts_working_days=True, citation="KH mẫu"), date(2023, 11, 22)),
        (None, date(2023, 11, 23)),
    ],
)
def test_a_plan_says_within_how_many_days_and_the_dated_file_where_it_does_not(
    scene: ClusterScene, term: ResultTerm | None, due: date
) -> None:
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        plan = create_inspection_plan(scene.year, title="x", number="1", issued_on=DAY, term=term, actor=clerk, at=AT)
        add_inspection(plan, scene.member, starts_on=DAY, ends_on=LAST, actor=clerk)
        add_team_member(plan, username=clerk.account.username, office=None, duty="x", actor=clerk, day=DAY)
        announce_inspection_plan(plan, actor=clerk)
        assert plan.result_citation == (term or read_inspection_terms().find_term(DAY)).citation
        ended = end_inspection(Inspection.objects.get(), ended_on=DAY, actor=clerk, day=LAST, at=AT)
    assert ended.result_due == due


def test_a_term_holds_from_its_day_on(tmp_path: Path) -> None:
    told = TERMS.read_text(encoding="utf-8")
    later = '[[term]]\nfrom = 2030-01-01\nresult_days = 15\nworking_days = true\ncitation = "Văn bản giả định"\n'
    (tmp_path / "terms.toml").write_text(f"{told}\n{later}", encoding="utf-8")
    terms = read_inspection_terms(tmp_path / "terms.toml")
    asked = [terms.find_term(day).days for day in (date(2000, 1, 1), date(2029, 12, 31), date(2030, 1, 1))]
    assert asked == [10, 10, 15]


def test_a_bundle_that_does_not_exist_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_inspection_terms(None) == []
    wrong = tmp_path / "terms.toml"
    wrong.write_text(TERMS.read_text(encoding="utf-8").replace('"inspection"', '"thanh-tra"'), encoding="utf-8")
    monkeypatch.setattr("campaigns.checks.TERMS", wrong)
    (told,) = check_inspection_terms(None)
    assert "không có gói quyền «thanh-tra»" in told.msg


def test_a_decided_day_off_moves_the_day_by_which_the_result_is_due(scene: ClusterScene) -> None:
    CalendarDay.objects.create(
        day=date(2023, 11, 23),
        kind=CalendarDayKind.OFF,
        name="Nghỉ hoán đổi (giả định)",
        citation="Quyết định mẫu",
        recorded_at=AT,
        recorded_by=scene.act(scene.head, Role.CLERK).account,
    )
    inspection, _ = announce(scene)
    assert end(scene, inspection, on=date(2023, 11, 13)).result_due == date(2023, 11, 24)


def test_an_inspection_does_not_end_before_it_begins_or_in_the_future(scene: ClusterScene) -> None:
    inspection, _ = announce(scene)
    for on in (DAY - timedelta(days=1), LAST + timedelta(days=1)):
        with pytest.raises(RefusedError, match="Ngày kết thúc"):
            end(scene, inspection, on=on)
    end(scene, inspection)
    with pytest.raises(RefusedError, match="Đã ghi kết thúc"):
        end(scene, inspection)


def test_papers_reach_the_other_side_as_copies_of_their_own(scene: ClusterScene) -> None:
    inspection, notice = announce(scene)
    with scene.at(scene.member):
        send_inspected_report(notice, pdf("báo cáo.pdf"), actor=scene.act(scene.member, Role.CLERK), at=AT)
    with pytest.raises(RefusedError, match="Chưa ghi ngày kết thúc"):
        send(scene, inspection)
    send(scene, end(scene, inspection))
    with scene.at(scene.member):
        held = InspectionNotice.objects.select_related("result", "minutes", "report").get()
        assert held.result is not None
        assert held.minutes is not None
        assert (held.result_number, held.conclusion, held.result_at) == ("225/BC", "Thực hiện tốt.", AT)
        assert {one.unit for one in ClusterFile.objects.select_related("unit")} == {scene.member}
        assert held.result.file.read()[:5] == b"%PDF-"
        with pytest.raises(RefusedError, match="đã kết thúc"):
            send_inspected_report(notice, pdf(), actor=scene.act(scene.member, Role.CLERK), at=AT)
    with scene.at(scene.head):
        assert ClusterFile.objects.count() == 3
        assert InspectionPlan.objects.get().state == "done"
        with pytest.raises(RefusedError, match="có đủ kết quả"):
            send(scene, inspection)


def test_whether_a_unit_has_a_result(scene: ClusterScene) -> None:
    inspection, _ = announce(scene)

    def ask(place: object, year: int = 2023) -> bool | None:
        with scene.at(scene.ministry):
            return has_inspection_result(place, year)  # type: ignore[arg-type]

    assert [ask(scene.member), ask(scene.third), ask(scene.outsider), ask(scene.member, 2022)] == [
        False,
        False,
        None,
        None,
    ]
    send(scene, end(scene, inspection))
    assert [ask(scene.member), ask(scene.third)] == [True, False]
    places = (scene.head, scene.member, scene.third, scene.outsider)
    asked = {(one.pk, year) for one in places for year in (2022, 2023)}
    without = scene.everywhere(lambda: find_without_result(asked))
    assert without == {(scene.head.pk, 2023), (scene.third.pk, 2023)}
    assert find_without_result([]) == set()


def test_a_guest_of_the_team_is_offered_no_address_that_is_closed_to_them(
    scene: ClusterScene, client: Client, settings: Any
) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    open_rights(scene, announce(scene)[1])
    clerk, guest = scene.act(scene.member, Role.CLERK), scene.act(scene.third, Role.CLERK).account
    with scene.at(scene.member):
        duty = obligation(campaign(scene.ministry), "BAO-CAO", scene.member, last_day=DAY)
        owed = Assignment.objects.get(obligation=duty)
        start_submission(owed, actor=clerk, at=AT)
    client.force_login(guest)
    (granted,) = [one for one in list_duties(guest) if one.actor.grant]
    client.post(reverse("units:membership-choose"), {"membership": granted.pk})
    shown = client.get(owed.get_absolute_url()).content.decode()
    assert "Lần 1" in shown
    assert 'href="/submissions/' not in shown
    client.force_login(clerk.account)
    assert 'href="/submissions/' in client.get(owed.get_absolute_url()).content.decode()


def test_the_way_through_the_screens(scene: ClusterScene, client: Client) -> None:
    clerk, boss = scene.act(scene.head, Role.CLERK), scene.act(scene.member, Role.HEAD)
    client.force_login(clerk.account)
    wrong = client.post(f"/cluster-years/{scene.year.pk}/inspection-plans/add/", {"title": "Kiểm tra"})
    assert wrong.status_code == 422
    assert "Kiểm tra" in wrong.content.decode()
    values = {"title": "Kiểm tra 2023", "number": "210/KH", "issued_on": "13/11/2023"}
    values |= {"result_days": "5", "counting": "working", "result_citation": "KH 210, mục III"}
    assert client.post(f"/cluster-years/{scene.year.pk}/inspection-plans/add/", values).status_code == 302
    with scene.at(scene.head):
        plan = InspectionPlan.objects.get()
    address = plan.get_absolute_url()
    chosen = {"inspected": str(scene.member.pk), "starts_on": "14/11/2023", "ends_on": "13/11/2023"}
    assert "Ngày cuối ở trước" in client.post(f"{address}units/add/", chosen).content.decode()
    far = date.today() + timedelta(days=5)  # noqa: DTZ011  the screens ask the machine's own day
    chosen |= {"starts_on": "13/11/2023", "ends_on": f"{far:%d/%m/%Y}"}
    assert client.post(f"{address}units/add/", chosen).status_code == 302
    team = {"username": clerk.account.username, "duty": "Trưởng đoàn"}
    assert client.post(f"{address}team/add/", team).status_code == 302
    assert client.post(f"{address}announce/").status_code == 302
    assert client.get(f"{address}workbook/").status_code == 200
    with scene.at(scene.member):
        notice = InspectionNotice.objects.get()
    client.force_login(boss.account)
    assert "Kiểm tra tại đơn vị" in client.get(scene.year.get_absolute_url()).content.decode()
    assert "Mở quyền xem cho Đoàn" in client.get(notice.get_absolute_url()).content.decode()
    assert client.post(f"{notice.get_absolute_url()}open/").status_code == 302
    assert client.post(f"{notice.get_absolute_url()}report/", {"file": pdf("bc.pdf")}).status_code == 302
    client.force_login(clerk.account)
    with scene.at(scene.head):
        inspection = Inspection.objects.get()
    page = inspection.get_absolute_url()
    assert "bc.pdf" in client.get(page).content.decode()
    assert client.post(f"{page}end/", {"ended_on": "12/11/2023"}).status_code == 422
    assert client.post(f"{page}end/", {"ended_on": "13/11/2023"}).status_code == 302
    assert "hết ngày 20/11/2023, chậm nhất 5 ngày làm việc" in client.get(page).content.decode()
    assert "Quá hạn gửi kết quả" in client.get(address).content.decode()
    result = {"number": "225/BC", "issued_on": "20/11/2023", "conclusion": "Tốt", "minutes": pdf(), "result": pdf()}
    assert client.post(f"{page}result/", result).status_code == 302
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    shown = client.get(notice.get_absolute_url()).content.decode()
    assert "225/BC" in shown
    with scene.at(scene.member):
        kept = ClusterFile.objects.exclude(file_name="bc.pdf").first()
        assert kept is not None
    assert client.get(f"/cluster-files/{kept.pk}/")["Content-Disposition"].startswith("attachment")
    # Neither side's pages open for the other, nor for a third.
    for place in (scene.head, scene.third):
        client.force_login(scene.act(place, Role.CLERK).account)
        assert client.get(notice.get_absolute_url()).status_code == 404
        assert client.get(f"/cluster-files/{kept.pk}/").status_code == 404
    assert client.get(page).status_code == 404


# The end is entered once


def planned_event(scene: ClusterScene) -> tuple[AnchorEvent, InspectionPlan]:
    """A plan for two units, whose end starts the time of something that a member owes."""
    with maintenance_scope("test rows"):
        one = campaign(scene.head)
        scene.year.campaigns.add(one)
        event = AnchorEvent.objects.create(campaign=one, code="KET-THUC", title="Kết thúc kiểm tra")
        owed = obligation(one, "SAU-KT", scene.head, last_day=None)
        Obligation.objects.filter(pk=owed.pk).update(anchor_event=event, days_after=10)
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        plan = create_inspection_plan(
            scene.year, title="Kiểm tra", number="210/KH", issued_on=DAY, actor=clerk, at=AT, anchor_event=event
        )
        for unit in (scene.member, scene.third):
            add_inspection(plan, unit, starts_on=DAY, ends_on=LAST, actor=clerk)
        add_team_member(plan, username=clerk.account.username, office=None, duty="Trưởng đoàn", actor=clerk, day=DAY)
        announce_inspection_plan(plan, actor=clerk)
    return event, plan


def days_of(scene: ClusterScene, event: AnchorEvent) -> tuple[date | None, date | None]:
    event.refresh_from_db()
    with scene.at(scene.head):
        return event.happened_on, Assignment.objects.get(obligation__code="SAU-KT").last_day


def test_the_end_of_the_last_inspection_is_the_event_and_correcting_the_one_corrects_the_other(
    scene: ClusterScene,
) -> None:
    event, plan = planned_event(scene)
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        first, second = plan.inspections.select_related("plan", "inspected")
    end(scene, first, on=DAY + timedelta(days=1))
    assert days_of(scene, event) == (None, None)
    end(scene, second, on=DAY)
    happened_on, last_day = days_of(scene, event)
    assert happened_on == DAY + timedelta(days=1)
    assert last_day is not None

    def correct(inspection: Inspection, on: date) -> None:
        with scene.at(scene.head):
            correct_inspection_end(inspection, ended_on=on, reason="Ghi nhầm", actor=clerk, day=LAST, at=AT)

    correct(second, LAST)
    moved_on, moved = days_of(scene, event)
    assert moved_on == LAST
    assert moved
    assert moved > last_day
    with scene.at(second.inspected):
        assert InspectionNotice.objects.get(inspection=second.pk).ended_on == LAST
    # Whoever comes by the event's own page is led to where the day was entered.
    with scene.at(scene.head):
        for act, more in ((record_anchor_event, {"note": ""}), (correct_anchor_event, {"reason": "x"})):
            with pytest.raises(RefusedError, match="từ kế hoạch kiểm tra"):
                act(event, happened_on=DAY, actor=clerk, day=LAST, at=AT, **more)  # type: ignore[operator]
        with pytest.raises(RefusedError, match="đang ghi"):
            correct(second, LAST)
        assert AuditEntry.objects.filter(verb="correct-inspection-end").count() == 1
        with pytest.raises(RefusedError, match="không ghi nhận được sự kiện"):
            create_inspection_plan(
                scene.year, title="Hai", number="2", issued_on=DAY, actor=clerk, at=AT, anchor_event=event
            )


def test_the_pages_offer_the_event_and_lead_to_the_plan(scene: ClusterScene, client: Client, settings: Any) -> None:
    settings.DEMONSTRATION_DAY = LAST.isoformat()
    event, plan = planned_event(scene)
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    add = reverse("campaigns:inspection-plan-create", args=[scene.year.pk])
    assert "Sự kiện được ghi nhận" not in client.get(add).content.decode()
    with maintenance_scope("test rows"):
        AnchorEvent.objects.create(campaign=event.campaign, code="HAI", title="Kết thúc đợt kiểm tra thứ hai")
    page = client.get(add).content.decode()
    assert "selected>Kết thúc đợt kiểm tra thứ hai" in page
    with scene.at(scene.head):
        inspection = plan.inspections.select_related("plan", "inspected").first()
    assert inspection
    address = f"/inspections/{inspection.pk}/end/correct/"
    assert client.get(address).status_code == 302
    end(scene, inspection)
    assert "Đính chính ngày kết thúc" in client.get(f"/inspections/{inspection.pk}/").content.decode()
    assert client.post(address, {"ended_on": f"{DAY:%d/%m/%Y}", "reason": "x"}).status_code == 422
    assert client.post(address, {"ended_on": f"{LAST:%d/%m/%Y}", "reason": "x"}).status_code == 302
    staff = scene.act(scene.head, Role.SECRETARIAT)
    client.force_login(staff.account)
    answer = client.get(reverse("campaigns:anchor-event-record", args=[event.pk]))
    assert answer.headers["Location"] == plan.get_absolute_url()
