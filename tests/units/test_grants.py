"""Guests: what they reach, for how long, who lets them in, and what the trail keeps."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import AT, DAY, person, user
from tests.rights import LAST, Rights, duty, member, office
from units.actors import act_as, system_actor
from units.duties import list_duties
from units.models import AuditEntry, Grant, Membership, Person
from units.refusals import RefusedError
from units.rights_file import read_rights
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.rights import end_dependents, end_grant

pytestmark = pytest.mark.django_db


def on(settings: Any, day: date) -> None:
    settings.DEMONSTRATION_DAY = day.isoformat()


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    on(settings, DAY)


@pytest.fixture
def rights() -> Rights:
    return Rights()


def as_guest(rights: Rights, grant: Grant) -> Client:
    client = Client()
    client.force_login(rights.guest.user)
    client.post(reverse("units:membership-choose"), {"membership": str(grant.pk)})
    return client


def people(rights: Rights) -> tuple[Person, Person, Person]:
    """One in the granted unit, one below it, one beside it."""
    with maintenance_scope("test rows"):
        return person(rights.tree.bureau), person(rights.tree.branch), person(rights.tree.stranger)


def lines(verb: str) -> list[AuditEntry]:
    with maintenance_scope("test rows"):
        return list(AuditEntry.objects.filter(verb=verb).order_by("id"))


# What a guest reaches


def test_a_guest_opens_the_granted_unit_and_what_is_below_it(rights: Rights) -> None:
    here, below, elsewhere = people(rights)
    client = as_guest(rights, rights.grant())
    for one, status in ((here, 200), (below, 200), (elsewhere, 404)):
        assert client.get(reverse("units:person-detail", args=[one.pk])).status_code == status


def test_a_guest_of_one_office_does_not_reach_the_office_above_or_beside(rights: Rights) -> None:
    here, below, _ = people(rights)
    with maintenance_scope("test rows"):
        beside = person(rights.tree.sibling)
    client = as_guest(rights, rights.grant(rights.tree.branch))
    for one, status in ((below, 200), (here, 404), (beside, 404)):
        assert client.get(reverse("units:person-detail", args=[one.pk])).status_code == status


def test_the_second_fence_holds_a_guest_by_raw_sql(rights: Rights) -> None:
    here, below, elsewhere = people(rights)
    rights.grant(rights.tree.branch)
    found = duty(rights.guest.user, "grant")
    assert found is not None
    with unit_scope(found.unit.path), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM units_person")
        assert {row[0] for row in cursor.fetchall()} == {below.pk}
        cursor.execute("UPDATE units_person SET full_name = 'x' WHERE id = ANY(%s)", [[here.pk, elsewhere.pk]])
        assert cursor.rowcount == 0


def test_a_guest_holds_the_permissions_of_the_bundle_and_no_others(rights: Rights) -> None:
    client = as_guest(rights, rights.grant())
    bundle = read_rights().find_bundle("inspection")
    assert bundle is not None
    found = duty(rights.guest.user, "grant")
    assert found is not None
    assert found.actor.permissions == bundle.permissions
    assert found.actor.role is None
    assert client.get(reverse("exemplars:nomination-list")).status_code == 200
    for name in ("exemplars:nomination-add", "units:grant-add", "units:delegation-list", "units:trail"):
        assert client.get(reverse(name)).status_code == 403


def doors_of(client: Client) -> list[str]:
    page = client.get(reverse("units:help")).content.decode()
    return re.findall(r'<a href="([^"]+)"', page[page.index('aria-label="Chính"') : page.index("</nav>")])


@pytest.mark.parametrize("code", ["inspection", "assistance"])
def test_a_guest_is_shown_every_door_that_opens_and_no_other(rights: Rights, code: str) -> None:
    client = as_guest(rights, rights.grant(bundle=read_rights().find_bundle(code)))
    doors = doors_of(client)
    assert {"/decisions/", "/units/", "/nominations/", "/campaigns/"} <= set(doors)
    assert ("/assignments/" in doors) is (code == "inspection")
    assert {door: client.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)


def test_the_door_of_decisions_is_no_guests_for_those_of_the_house(rights: Rights) -> None:
    client = Client()
    client.force_login(rights.clerk.user)
    assert "/decisions/" not in doors_of(client)


def test_the_other_bundle_keeps_personal_records_closed(rights: Rights) -> None:
    here, _, _ = people(rights)
    client = as_guest(rights, rights.grant(bundle=read_rights().find_bundle("assistance")))
    assert client.get(reverse("units:person-detail", args=[here.pk])).status_code == 403


def test_in_their_own_duty_the_guest_reaches_nothing_of_the_granted_unit(rights: Rights) -> None:
    here, _, elsewhere = people(rights)
    rights.grant()
    client = Client()
    client.force_login(rights.guest.user)
    assert client.get(reverse("units:person-detail", args=[here.pk])).status_code == 404
    assert client.get(reverse("units:person-detail", args=[elsewhere.pk])).status_code == 200


def test_the_header_says_in_which_capacity_and_until_when(rights: Rights) -> None:
    client = as_guest(rights, rights.grant())
    page = client.get(reverse("exemplars:nomination-list")).content.decode()
    assert "<strong>Đoàn kiểm tra · Cục THADS tỉnh Thái Nguyên</strong>" in page
    assert "quyền xem của khách, đến hết ngày 20/11/2023" in page
    choices = client.get(reverse("units:membership-list")).content.decode()
    assert "được phép xem theo Quyết định MAU-1/QĐ · đến hết ngày 20/11/2023" in choices


# How long


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (DAY - timedelta(days=1), False),
        (DAY, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_a_grant_stands_from_its_first_day_to_its_last(
    rights: Rights, settings: Any, day: date, *, stands: bool
) -> None:
    rights.grant()
    on(settings, day)
    assert (duty(rights.guest.user, "grant") is not None) is stands


def test_a_page_already_open_cannot_be_asked_again_once_the_grant_has_ended(rights: Rights, settings: Any) -> None:
    here, _, _ = people(rights)
    grant = rights.grant()
    client = as_guest(rights, grant)
    address = reverse("units:person-detail", args=[here.pk])
    assert client.get(address).status_code == 200
    with unit_scope(rights.tree.bureau.path):
        end_grant(grant, reason="Kiểm tra xong", actor=rights.head_actor, at=AT)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("cause", ["office", "account", "granter's unit", "guest's unit"])
def test_what_a_grant_hangs_on_ends_it_although_nobody_wrote_it_down(rights: Rights, settings: Any, cause: str) -> None:
    grant = rights.grant(rights.tree.branch)
    assert duty(rights.guest.user, "grant") is not None
    if cause == "office":
        Membership.objects.filter(pk=rights.guest.pk).update(valid_to=DAY - timedelta(days=1))
    elif cause == "account":
        rights.guest.user.is_active = False
        rights.guest.user.save()
    else:
        dissolved = rights.tree.bureau if cause == "granter's unit" else rights.tree.stranger
        dissolved.valid_to = DAY
        dissolved.save()
        assert duty(rights.guest.user, "grant") is not None  # the last day holds
        on(settings, DAY + timedelta(days=1))
    assert duty(rights.guest.user, "grant") is None
    with maintenance_scope("test rows"):
        assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_a_head_who_leaves_leaves_the_guests_of_the_unit(rights: Rights) -> None:
    rights.grant()
    Membership.objects.filter(pk=rights.head.pk).update(valid_to=DAY - timedelta(days=1))
    assert duty(rights.guest.user, "grant") is not None


@pytest.mark.parametrize(
    ("last_day", "valid_to", "is_ended"),
    [(DAY - timedelta(days=1), LAST, True), (DAY, DAY, False), (LAST, LAST, False)],
)
def test_an_office_that_ends_takes_its_grants_along(
    rights: Rights, last_day: date, valid_to: date, *, is_ended: bool
) -> None:
    grant = rights.grant()
    job = system_actor(rights.tree.stranger, "thử")
    count = end_dependents(rights.guest, last_day=last_day, actor=job)
    assert count == (0 if last_day == LAST else 1)
    with maintenance_scope("test rows"):
        grant.refresh_from_db()
    assert (grant.valid_to, grant.ended_at is not None) == (valid_to, is_ended)
    assert end_dependents(rights.guest, last_day=last_day, actor=job) == 0
    # The unit that had let the guest in reads of it in its own trail.
    assert [one.unit for one in lines("end-grant")] == [rights.tree.bureau] * count


# Who lets in whom


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_to": DAY - timedelta(days=1)}, "trước ngày đầu"),
        ({"valid_from": DAY - timedelta(days=1)}, "ở trước"),
    ],
)
def test_a_period_that_cannot_be_is_refused(rights: Rights, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        rights.grant(**changes)


def test_people_of_the_branch_above_or_below_are_refused(rights: Rights) -> None:
    for place in (rights.tree.bureau, rights.tree.branch, rights.tree.ministry):
        with pytest.raises(RefusedError, match="cùng nhánh"):
            rights.grant(office=member(place, Role.STAFF))


def test_a_unit_beside_or_above_cannot_be_opened(rights: Rights) -> None:
    for place in (rights.tree.stranger, rights.tree.ministry):
        with pytest.raises(RefusedError, match="không cho phép vào"):
            rights.grant(place)


def test_the_same_twice_at_once_is_refused_and_after_the_first_is_allowed(rights: Rights) -> None:
    first = rights.grant()
    with pytest.raises(RefusedError, match="đã được phép vào"):
        rights.grant(valid_from=LAST, valid_to=LAST)
    rights.grant(valid_from=LAST + timedelta(days=1), valid_to=LAST + timedelta(days=1))
    with unit_scope(rights.tree.bureau.path):
        end_grant(first, reason="Xong", actor=rights.head_actor, at=AT)
    rights.grant()


def test_an_office_that_ended_justifies_no_grant(rights: Rights) -> None:
    with pytest.raises(RefusedError, match="không còn tư cách"):
        rights.grant(office=office(user("cu", (rights.tree.stranger, Role.STAFF), ends=DAY - timedelta(days=1))))


def test_neither_guest_nor_deputy_nor_clerk_lets_others_in(rights: Rights) -> None:
    rights.delegation()
    rights.grant()
    other = member(rights.tree.stranger, Role.CLERK)
    for who in (duty(rights.deputy.user, "delegation"), duty(rights.guest.user, "grant")):
        assert who is not None
        with pytest.raises(RefusedError, match="không giao quyền được"):
            rights.grant(office=other, by=who.actor)
    with pytest.raises(RefusedError, match="không giao quyền được"):
        rights.grant(office=other, by=act_as(rights.clerk))


def test_the_unit_below_cannot_send_away_whom_the_unit_above_sent(rights: Rights) -> None:
    grant = rights.grant(rights.tree.branch)
    with unit_scope(rights.tree.branch.path), pytest.raises(RefusedError, match="Liên hệ Cục THADS tỉnh Thái Nguyên"):
        end_grant(grant, reason="x", actor=act_as(rights.below), at=AT)
    with unit_scope(rights.tree.bureau.path):
        end_grant(grant, reason="x", actor=rights.head_actor, at=AT)
        with pytest.raises(RefusedError, match="Đã chấm dứt"):
            end_grant(grant, reason="x", actor=rights.head_actor, at=AT)


# The trail


def test_the_trail_of_both_units_says_that_a_guest_was_let_in_and_sent_away(rights: Rights) -> None:
    grant = rights.grant()
    with unit_scope(rights.tree.bureau.path):
        end_grant(grant, reason="Kiểm tra xong", actor=rights.head_actor, at=AT)
    for verb in ("add-grant", "end-grant"):
        assert [one.unit for one in lines(verb)] == [rights.tree.bureau, rights.tree.stranger]
    client = Client()
    client.force_login(rights.head.user)
    page = client.get(reverse("units:trail-unit", args=[rights.tree.bureau.pk])).content.decode()
    assert "khach Mẫu, tại Cục THADS tỉnh Thái Nguyên, từ 13/11/2023 đến hết 20/11/2023" in page
    assert "Chấm dứt quyền xem của người ngoài: Kiểm tra xong" in page


def test_the_trail_names_the_guest_at_every_opening(rights: Rights) -> None:
    here, _, _ = people(rights)
    grant = rights.grant()
    as_guest(rights, grant).get(reverse("units:person-detail", args=[here.pk]))
    who = "khach Mẫu, Đoàn kiểm tra (Cục THADS tỉnh Cao Bằng), khách tại Cục THADS tỉnh Thái Nguyên"
    (opening,) = lines("open-record")
    assert (opening.actor, opening.actor_label, opening.unit) == (rights.guest.user, who, rights.tree.bureau)
    assert opening.detail == {"grant": str(grant.pk)}
    (taking_up,) = lines("take-up-duty")
    assert (taking_up.actor_label, taking_up.subject_id) == (who, grant.pk)


# guardian


def test_a_grant_is_an_object_permission_of_guardian_on_a_unit(rights: Rights) -> None:
    grant = rights.grant()
    assert (grant.permission.content_type.model, grant.bundle, grant.content_object) == (
        "unit",
        "inspection",
        rights.tree.bureau,
    )


def test_the_tables_that_libraries_bring_for_groups_and_anything_are_closed() -> None:
    for table in ("guardian_userobjectpermission", "guardian_groupobjectpermission", "auth_group"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_or(has_table_privilege(role, %s, 'SELECT, INSERT, UPDATE, DELETE'))"
                " FROM unnest(ARRAY['thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance']) AS role",
                [table],
            )
            assert cursor.fetchone() == (False,)


# Screens


def particulars(rights: Rights, **changes: str) -> dict[str, str]:
    return {
        "username": "khach",
        "unit": str(rights.tree.bureau.pk),
        "bundle": "inspection",
        "citation": "Quyết định MAU-1/QĐ",
        "valid_from": "13/11/2023",
        "valid_to": "20/11/2023",
    } | changes


@pytest.fixture
def head(rights: Rights) -> Client:
    client = Client()
    client.force_login(rights.head.user)
    return client


def test_a_guest_is_let_in_after_a_page_to_check(rights: Rights, head: Client) -> None:
    address = reverse("units:grant-add")
    assert head.get(address).status_code == 200
    check = head.post(address, particulars(rights))
    assert check.status_code == 200
    assert "Kiểm lại trước khi cho phép" in check.content.decode()
    assert "Chuyên viên theo dõi, Cục THADS tỉnh Cao Bằng" in check.content.decode()
    with maintenance_scope("test rows"):
        assert not Grant.objects.exists()
    mended = head.post(address, particulars(rights, mend="1")).content.decode()
    assert 'value="Quyết định MAU-1/QĐ"' in mended
    assert head.post(address, particulars(rights, confirmed="1")).url == reverse("units:grant-list")  # type: ignore[attr-defined]
    found = duty(rights.guest.user, "grant")
    assert found is not None
    assert found.unit == rights.tree.bureau


def test_an_account_with_several_duties_names_the_one_that_justifies(rights: Rights, head: Client) -> None:
    second = Membership.objects.create(
        user=rights.guest.user, unit=rights.tree.ministry, role=Role.STAFF, valid_from=DAY
    )
    page = head.post(reverse("units:grant-add"), particulars(rights))
    assert page.status_code == 422
    assert "Tài khoản này có nhiều tư cách" in page.content.decode()
    chosen = {"office": str(rights.guest.pk), "confirmed": "1"}
    refused = head.post(reverse("units:grant-add"), particulars(rights, **(chosen | {"office": str(second.pk)})))
    assert "cùng nhánh" in refused.content.decode()
    assert head.post(reverse("units:grant-add"), particulars(rights, **chosen)).status_code == 302


@pytest.mark.parametrize("name", ["khong-co", "da-khoa", "khong-nhiem-vu"])
def test_a_name_that_leads_nowhere_is_answered_alike(rights: Rights, head: Client, name: str) -> None:
    user("khong-nhiem-vu")
    locked = user("da-khoa", (rights.tree.stranger, Role.STAFF))
    locked.is_active = False
    locked.save()
    page = head.post(reverse("units:grant-add"), particulars(rights, username=name, confirmed="1"))
    assert page.status_code == 422
    assert "Không có tài khoản đang hoạt động nào mang tên này" in page.content.decode()
    assert f'value="{name}"' in page.content.decode()


def test_a_unit_outside_the_branch_cannot_be_chosen(rights: Rights, head: Client) -> None:
    page = head.post(reverse("units:grant-add"), particulars(rights, unit=str(rights.tree.stranger.pk), confirmed="1"))
    assert page.status_code == 422
    with maintenance_scope("test rows"):
        assert not Grant.objects.exists()


def test_a_guest_is_sent_away_with_a_reason(rights: Rights, head: Client) -> None:
    grant = rights.grant()
    address = reverse("units:grant-end", args=[grant.pk])
    assert head.get(address).status_code == 200
    assert head.post(address, {"reason": " "}).status_code == 422
    assert head.post(address, {"reason": "Kiểm tra xong"}).status_code == 302
    assert duty(rights.guest.user, "grant") is None
    assert head.post(address, {"reason": "Lần nữa"}).status_code == 422


def test_others_do_not_reach_the_pages(rights: Rights) -> None:
    grant = rights.grant()
    end = reverse("units:grant-end", args=[grant.pk])
    for account, statuses in (
        (rights.clerk.user, (200, 403, 403)),
        (member(rights.tree.stranger, Role.HEAD).user, (200, 200, 404)),
        (member(rights.tree.bureau, Role.ADMINISTRATOR).user, (200, 200, 200)),
    ):
        client = Client()
        client.force_login(account)
        found = tuple(
            client.get(one).status_code for one in (reverse("units:grant-list"), reverse("units:grant-add"), end)
        )
        assert found == statuses
    assert Client().get(end).status_code == 302
    assert rights.guest.user.display_name not in client_page(rights.clerk, "units:grant-list")
    assert rights.guest.user.display_name in client_page(rights.head, "units:grant-list")


def client_page(who: Membership, name: str) -> str:
    client = Client()
    client.force_login(who.user)
    return client.get(reverse(name)).content.decode()


def test_changes_need_a_post(rights: Rights, head: Client) -> None:
    assert head.post(reverse("units:grant-list")).status_code == 405
    assert head.delete(reverse("units:grant-end", args=[rights.grant().pk])).status_code == 405


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_list_asks_as_often_for_none_as_for_many(rights: Rights, head: Client, number: int) -> None:
    for place in range(number):
        rights.grant(office=member(rights.tree.stranger, Role.STAFF, f"doan{place}"))
        ended = rights.grant(office=member(rights.tree.stranger, Role.STAFF, f"cu{place}"))
        with unit_scope(rights.tree.bureau.path):
            end_grant(ended, reason="Xong", actor=rights.head_actor, at=AT)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = head.get(reverse("units:grant-list")).content.decode()
    assert page.count("Chấm dứt<span") == number
    assert ("Hiện không có người ngoài nào" in page) is (number == 0)
    assert len(asked) <= 19


def test_a_request_reads_the_duties_in_as_many_queries_for_one_as_for_many(rights: Rights) -> None:
    def ask() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            found = list_duties(rights.guest.user)
        return len(found), len(asked)

    assert ask() == (1, 4)  # in, what is held, out, memberships
    rights.grant()
    assert ask() == (2, 5)
    rights.grant(rights.tree.branch)
    Membership.objects.create(user=rights.guest.user, unit=rights.tree.stranger, role=Role.CLERK, valid_from=DAY)
    assert ask() == (4, 5)
