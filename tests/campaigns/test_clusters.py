"""Clusters: who belongs, contact points, what members owe to a head who is not above them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import (
    Assignment,
    Campaign,
    ClusterContact,
    ClusterHandover,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    ExpectedWork,
    ExtensionRequest,
    Obligation,
)
from campaigns.plan_file import read_shipped_plans
from campaigns.selectors.clusters import find_acting_head, find_head, list_contacts, list_expected
from campaigns.services.clusters import (
    add_cluster_member,
    choose_cluster_role,
    clear_contacts,
    create_cluster,
    create_cluster_year,
    delete_contact_point,
    edit_contact_point,
    found_cluster,
    remove_cluster_campaign,
    remove_cluster_member,
    tie_campaign,
)
from campaigns.services.expected import expect_obligations, tell_addressees
from campaigns.services.expected_extensions import answer_expected_extension
from campaigns.services.launch import launch_campaign
from campaigns.services.work import complete_assignment, request_extension
from tests.builders import AT, DAY, Tree, campaign, obligation, user
from tests.campaigns.cluster_scene import ClusterScene
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.register import load_register

pytestmark = pytest.mark.django_db
CONTACT = {"full_name": "Nông Văn Mẫu", "position": "Chánh Văn phòng", "email": "mau@example.vn", "phone": ""}


@pytest.fixture
def scene() -> ClusterScene:
    return ClusterScene()


def test_the_plan_of_a_region_brings_its_cluster_along() -> None:
    with maintenance_scope("a plan is launched for every unit at once"):
        load_register(list_north_2021())
        for plan in read_shipped_plans():
            launch_campaign(plan, day=DAY)
        year = ClusterYear.objects.get(cluster__code="KVTD-MNPB", year=2021)
        head = find_head(year)
        assert head is not None
        assert head.code == "STP-YBI"
        assert year.members.count() == 28
        assert set(year.members.filter(role="deputy").values_list("member__code", flat=True)) == {
            "STP-TQU",
            "CTHADS-LCA",
        }
        # Every other member's registration is a line of the head's; the head's own is its own assignment.
        owed = ExpectedWork.objects.filter(obligation__code="MNPB-2021-DANG-KY")
        assert owed.count() == 27
        assert set(owed.values_list("unit__code", flat=True)) == {"STP-YBI"}
        # And what the region owes to the ministry's department is a line there.
        assert ExpectedWork.objects.filter(obligation__code="MNPB-2021-BC-6-THANG-KV", unit__code="VU-TDKT").exists()
        # A plan of one branch needs no such lines.
        assert not ExpectedWork.objects.filter(obligation__campaign__code="TNG-DHTT-2023").exists()


def test_a_year_that_its_keeper_changed_is_addressed_as_it_stands() -> None:
    with maintenance_scope("a plan is launched for every unit at once"):
        load_register(list_north_2021())
        plan = next(one for one in read_shipped_plans() if one.cluster)
        assert plan.cluster is not None
        units = {unit.code: unit for unit in Unit.objects.filter(code__in=plan.cluster.members)}
        found_cluster(plan.cluster, units)
        ClusterMember.objects.get(member__code="STP-PTH").delete()
        launch_campaign(plan, day=DAY)
        registered = Assignment.objects.filter(obligation__code="MNPB-2021-DANG-KY")
        assert registered.count() == 27
        assert not registered.filter(unit__code="STP-PTH").exists()


# Keeping


def test_a_year_begins_with_the_members_of_the_one_before(scene: ClusterScene) -> None:
    keeper = scene.act(scene.ministry, Role.STAFF)
    values = {"decision_number": "MAU-1/QĐ"}
    fresh = scene.as_unit(
        scene.ministry, lambda: create_cluster_year(scene.cluster, year=2024, values=values, actor=keeper)
    )
    assert set(fresh.members.values_list("member__code", "role")) == {
        ("CTHADS-TNG", "member"),
        ("CTHADS-CBA", "member"),
        ("STP-BKA", "member"),
    }
    with pytest.raises(RefusedError, match="đã có năm 2024"):
        create_cluster_year(scene.cluster, year=2024, values={}, actor=keeper)


def test_only_the_root_that_keeps_it_changes_a_cluster(scene: ClusterScene) -> None:
    stranger = scene.act(scene.member, Role.STAFF)
    with pytest.raises(RefusedError, match="không lập"):
        create_cluster(code="X", name="X", kind="block", actor=stranger)
    with pytest.raises(RefusedError, match="không quản lý"):
        add_cluster_member(scene.year, scene.outsider, actor=stranger, day=DAY)


def test_one_head_and_at_most_two_deputies(scene: ClusterScene) -> None:
    keeper = scene.act(scene.ministry, Role.STAFF)
    fourth = scene.as_unit(
        scene.ministry, lambda: add_cluster_member(scene.year, scene.outsider, actor=keeper, day=DAY)
    )
    places = {one.member.code: one for one in scene.year.members.select_related("member")}
    with scene.at(scene.ministry):
        choose_cluster_role(places["CTHADS-CBA"], ClusterRole.DEPUTY, actor=keeper)
        choose_cluster_role(places["STP-BKA"], ClusterRole.DEPUTY, actor=keeper)
        with pytest.raises(RefusedError, match="đã có 2 phó"):
            choose_cluster_role(fourth, ClusterRole.DEPUTY, actor=keeper)
        choose_cluster_role(fourth, ClusterRole.HEAD, actor=keeper)
    assert scene.year.members.get(role="head").member == scene.outsider
    assert scene.year.members.get(member=scene.head).role == "member"


def test_a_member_is_not_added_twice(scene: ClusterScene) -> None:
    keeper = scene.act(scene.ministry, Role.STAFF)
    with pytest.raises(RefusedError, match="đã là thành viên"):
        scene.as_unit(scene.ministry, lambda: add_cluster_member(scene.year, scene.member, actor=keeper, day=DAY))


# Contact points


def test_a_contact_point_is_seen_by_members_and_nobody_else(scene: ClusterScene) -> None:
    clerk = scene.act(scene.member, Role.CLERK)
    scene.as_unit(scene.member, lambda: edit_contact_point(scene.year, CONTACT, actor=clerk))
    for place in (scene.head, scene.member, scene.third):
        with scene.at(place):
            assert [one.email for one in list_contacts(scene.year, place)] == ["mau@example.vn"]
    with scene.at(scene.outsider):
        assert not ClusterContact.objects.exists()
    outsider = scene.act(scene.outsider, Role.CLERK)
    with pytest.raises(RefusedError, match="không phải thành viên"):
        scene.as_unit(scene.outsider, lambda: edit_contact_point(scene.year, CONTACT, actor=outsider))


def test_a_changed_contact_point_replaces_every_copy(scene: ClusterScene) -> None:
    clerk = scene.act(scene.member, Role.CLERK)
    for phone in ("", "cơ quan"):
        scene.as_unit(
            scene.member, lambda phone=phone: edit_contact_point(scene.year, CONTACT | {"phone": phone}, actor=clerk)
        )
    assert scene.everywhere(lambda: set(ClusterContact.objects.values_list("phone", flat=True))) == {"cơ quan"}
    assert scene.everywhere(ClusterContact.objects.count) == 3
    scene.as_unit(scene.member, lambda: delete_contact_point(scene.year, actor=clerk))
    assert scene.everywhere(ClusterContact.objects.count) == 0


def test_who_joins_learns_the_contact_points_and_who_leaves_forgets_them(scene: ClusterScene) -> None:
    clerk, keeper = scene.act(scene.member, Role.CLERK), scene.act(scene.ministry, Role.STAFF)
    scene.as_unit(scene.member, lambda: edit_contact_point(scene.year, CONTACT, actor=clerk))
    joined = scene.as_unit(
        scene.ministry, lambda: add_cluster_member(scene.year, scene.outsider, actor=keeper, day=DAY)
    )
    with scene.at(scene.outsider):
        assert ClusterContact.objects.get().member == scene.member
    scene.as_unit(scene.ministry, lambda: remove_cluster_member(joined, actor=keeper))
    with scene.at(scene.outsider):
        assert not ClusterContact.objects.exists()


@pytest.mark.parametrize(("day", "left"), [(date(2023, 12, 31), 3), (date(2024, 1, 1), 0)])
def test_contact_points_end_with_their_year(scene: ClusterScene, day: date, left: int) -> None:
    clerk = scene.act(scene.member, Role.CLERK)
    scene.as_unit(scene.member, lambda: edit_contact_point(scene.year, CONTACT, actor=clerk))
    scene.everywhere(lambda: clear_contacts(day=day))
    assert scene.everywhere(ClusterContact.objects.count) == left


# What members owe


def owed(scene: ClusterScene) -> Assignment:
    """The member owes a report to the head, which is not above it."""
    with maintenance_scope("test rows"):
        one = campaign(scene.head)
        duty = obligation(one, "BC-KV", scene.member, scene.third, last_day=date(2023, 11, 20))
        scene.year.campaigns.add(one)
        expect_obligations([duty])
        return Assignment.objects.select_related("obligation__owed_to", "unit").get(unit=scene.member, obligation=duty)


def test_the_head_sees_who_sent_and_cannot_open_the_member(scene: ClusterScene) -> None:
    assignment = owed(scene)
    with scene.at(scene.head):
        assert not Assignment.objects.filter(unit=scene.member).exists()
        assert [one.done_at for one in list_expected(scene.head)] == [None, None]
    clerk = scene.act(scene.member, Role.CLERK)
    scene.as_unit(
        scene.member,
        lambda: complete_assignment(assignment, document_number="15/BC", document_date=DAY, actor=clerk, at=AT),
    )
    with scene.at(scene.head):
        sent = list_expected(scene.head).get(ower=scene.member)
        assert (sent.done_at, sent.document_number) == (AT, "15/BC")
        assert list_expected(scene.head).get(ower=scene.third).done_at is None
    with scene.at(scene.third):
        assert not ExpectedWork.objects.exists()


def test_a_day_set_for_all_reaches_the_head(scene: ClusterScene) -> None:
    assignment, day = owed(scene), date(2023, 12, 15)
    with maintenance_scope("a day is set for every unit at once"):
        Assignment.objects.filter(obligation=assignment.obligation).update(last_day=day)
    tell_addressees(assignment.obligation)
    with scene.at(scene.head):
        assert [one.last_day for one in list_expected(scene.head)] == [day, day]


@pytest.mark.parametrize(("grant", "last_day"), [(True, date(2023, 11, 27)), (False, date(2023, 11, 20))])
def test_the_head_answers_a_members_request_for_time(scene: ClusterScene, grant: bool, last_day: date) -> None:
    assignment, clerk = owed(scene), scene.act(scene.member, Role.CLERK)
    scene.as_unit(
        scene.member,
        lambda: request_extension(assignment, until=date(2023, 11, 27), reason="Thiếu người", actor=clerk, at=AT),
    )
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    with scene.at(scene.head):
        asked = list_expected(scene.head).get(ower=scene.member)
        assert (asked.until, asked.reason) == (date(2023, 11, 27), "Thiếu người")
        answer_expected_extension(asked, grant=grant, answer="x", actor=secretariat, at=AT)
        asked.refresh_from_db()
        assert (asked.request, asked.last_day) == (None, last_day)
        with pytest.raises(RefusedError, match="Không còn đề nghị"):
            answer_expected_extension(asked, grant=True, answer="", actor=secretariat, at=AT)
    with scene.at(scene.member):
        assert Assignment.objects.get().last_day == last_day
        assert ExtensionRequest.objects.get().state == ("granted" if grant else "declined")
        assert AuditEntry.objects.filter(verb="grant-extension" if grant else "decline-extension").exists()


# Screens


def sign_in(client: Client, scene: ClusterScene, place: Unit, role: Role) -> None:
    client.force_login(scene.act(place, role).account)


def test_the_public_page_is_open_and_contacts_only_to_members(scene: ClusterScene, client: Client) -> None:
    clerk = scene.act(scene.member, Role.CLERK)
    scene.as_unit(scene.member, lambda: edit_contact_point(scene.year, CONTACT, actor=clerk))
    address = scene.year.get_absolute_url()
    sign_in(client, scene, scene.head, Role.CLERK)
    assert "mau@example.vn" in client.get(address).content.decode()
    for place, role in ((scene.outsider, Role.CLERK), (scene.ministry, Role.CLERK), (scene.head, Role.STAFF)):
        sign_in(client, scene, place, role)
        page = client.get(address)
        assert page.status_code == 200
        assert "Cục THADS tỉnh Cao Bằng" in page.content.decode()
        assert "mau@example.vn" not in page.content.decode()


def test_staff_of_the_root_keep_a_cluster_on_the_screens(scene: ClusterScene, client: Client) -> None:
    sign_in(client, scene, scene.ministry, Role.STAFF)
    made = client.post("/clusters/add/", {"name": "Khối  thi đua mẫu", "kind": "block", "code": "KHOI-MAU"})
    assert made.status_code == 302
    taken = client.post("/clusters/add/", {"name": "Khác", "kind": "block", "code": "KHOI-MAU"})
    assert taken.status_code == 422
    assert "đã dùng" in taken.content.decode()
    assert "Khối thi đua mẫu" in client.get("/clusters/KHOI-MAU/").content.decode()
    assert client.post("/clusters/KHOI-MAU/years/add/", {"year": "2024"}).status_code == 302
    year = ClusterYear.objects.get(cluster__code="KHOI-MAU")
    wrong = client.post(f"/cluster-years/{year.pk}/members/add/", {"member": "KHONG-CO"})
    assert wrong.status_code == 422
    assert "KHONG-CO" in wrong.content.decode()
    assert client.post(f"/cluster-years/{year.pk}/members/add/", {"member": "CTHADS-LSO"}).status_code == 302
    member = year.members.get()
    assert client.post(f"/cluster-members/{member.pk}/role/", {"role": "head"}).status_code == 302
    decided = {"decision_number": "MAU-7/QĐ", "decided_on": "02/01/2024", "decision_issuer": "Bộ Tư pháp"}
    assert client.post(f"/cluster-years/{year.pk}/edit/", decided).status_code == 302
    page = client.get(year.get_absolute_url()).content.decode()
    assert "MAU-7/QĐ ngày 02/01/2024" in page
    assert client.post(f"/cluster-members/{member.pk}/remove/").status_code == 302
    assert client.get(f"/cluster-members/{member.pk}/remove/").status_code == 405
    assert not year.members.exists()


def test_staff_of_the_root_say_which_campaigns_are_the_work_of_a_year(scene: ClusterScene, client: Client) -> None:
    sign_in(client, scene, scene.ministry, Role.STAFF)
    plan = campaign(scene.head)
    of_others = Campaign.objects.create(
        code="NGOAI",
        title="Phong trào của đơn vị ngoài khu vực",
        kind="cluster",
        issuer=scene.outsider,
        plan_name="Kế hoạch mẫu",
        opens_on=date(2023, 1, 1),
        closes_on=date(2023, 12, 31),
    )
    page = scene.year.get_absolute_url()
    add, remove = f"{page}campaigns/add/", f"{page}campaigns/remove/"
    assert plan.title in client.get(add).content.decode()
    assert of_others.title not in client.get(add).content.decode()
    assert client.post(add, {"campaign": of_others.pk}).status_code == 422
    assert client.post(add, {"campaign": plan.pk}).status_code == 302
    assert list(scene.year.campaigns.all()) == [plan]
    assert plan.title in client.get(page).content.decode()
    assert client.post(remove, {"campaign": "KHONG-CO"}).status_code == 404
    assert client.post(remove, {"campaign": plan.code}).status_code == 302
    assert not scene.year.campaigns.exists()
    assert Campaign.objects.filter(pk=plan.pk).exists()
    verbs = scene.everywhere(lambda: set(AuditEntry.objects.values_list("verb", flat=True)))
    assert {"add-cluster-campaign", "remove-cluster-campaign"} <= verbs


def test_the_work_of_a_year_that_was_handed_over_is_not_changed(scene: ClusterScene, client: Client) -> None:
    plan, other = campaign(scene.head), scene.add_year(2024, scene.member)
    ClusterHandover.objects.create(
        from_year=scene.year, to_year=other, on=DAY, state="applied", announced_by="Mẫu", announced_at=AT
    )
    tie_campaign(scene.year, plan)
    sign_in(client, scene, scene.ministry, Role.STAFF)
    page = scene.year.get_absolute_url()
    answer = client.post(f"{page}campaigns/remove/", {"campaign": plan.code})
    assert answer.status_code == 422
    assert "đã bàn giao từ ngày 13/11/2023" in answer.content.decode()
    assert scene.year.campaigns.exists()
    with scene.at(scene.head), pytest.raises(RefusedError, match="không quản lý"):
        remove_cluster_campaign(scene.year, plan, actor=scene.act(scene.head, Role.STAFF))


def test_nobody_else_keeps_it(scene: ClusterScene, client: Client) -> None:
    sign_in(client, scene, scene.head, Role.STAFF)
    assert client.get("/clusters/add/").status_code == 403
    assert client.get(f"/cluster-years/{scene.year.pk}/edit/").status_code == 403
    sign_in(client, scene, scene.ministry, Role.CLERK)
    assert client.get(f"/cluster-years/{scene.year.pk}/edit/").status_code == 403


def test_the_list_of_what_is_owed_filters_and_goes_out(scene: ClusterScene, client: Client) -> None:
    owed(scene)
    sign_in(client, scene, scene.head, Role.SECRETARIAT)
    page = client.get("/expected-work/").content.decode()
    assert "Sở Tư pháp tỉnh Bắc Kạn" in page
    assert "Không có việc nào ở tình trạng này" in client.get("/expected-work/?state=done").content.decode()
    assert client.get("/expected-work/workbook/?state=open")["Content-Type"].startswith("application/vnd")


def test_pages_cost_the_same_for_one_and_for_three(scene: ClusterScene, client: Client) -> None:
    sign_in(client, scene, scene.head, Role.CLERK)
    addresses = ("/clusters/", scene.cluster.get_absolute_url(), scene.year.get_absolute_url(), "/expected-work/")
    costs: dict[str, set[int]] = {address: set() for address in addresses}
    owed(scene)
    first = Obligation.objects.get(code="BC-KV")
    for number in range(3):
        with maintenance_scope("test rows"):
            obligation(first.campaign, f"V-{number}", scene.member, last_day=None)
            expect_obligations(list(Obligation.objects.filter(code=f"V-{number}")))
            place = Unit.objects.create(
                code=f"THEM-{number}",
                kind="cuc-thads",
                name=f"Cục thêm {number}",
                short_name=f"Thêm {number}",
                folded_name=f"them {number}",
                place="X",
                has_legal_personality=True,
                parent=scene.ministry,
                path=f"0001010{number}",
                valid_from=date(2010, 1, 1),
            )
            ClusterMember.objects.create(year=scene.year, member=place)
            scene.add_year(2010 + number, scene.head)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            costs[address].add(len(queries))
    assert {address: len(spent) for address, spent in costs.items()} == dict.fromkeys(addresses, 1), costs


def test_empty_lists_teach(client: Client) -> None:
    tree = Tree()
    client.force_login(user("clerk", (tree.branch, Role.CLERK)))
    assert "Chưa có khu vực, cụm, khối nào" in client.get("/clusters/").content.decode()
    assert "Không có đơn vị ngoài nhánh nào" in client.get("/expected-work/").content.decode()


def test_the_acting_head_is_the_head_until_a_handover(scene: ClusterScene) -> None:
    assert find_acting_head(scene.year) == scene.head
    assert reverse("campaigns:cluster-year-detail", args=[scene.year.pk]) == scene.year.get_absolute_url()
