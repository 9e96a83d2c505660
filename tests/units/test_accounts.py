"""What an administrator may do to accounts, and what nobody may."""

import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.builders import Tree, person, user
from tests.units.factors import PASSWORD, account_with_password, read_letters
from units.clock import today
from units.folding import name_sort_key
from units.models import AuditEntry, Membership, Unit, User
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


class Office:
    """A bureau with its administrator, a clerk below, and a stranger beside."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.root = user("quantri.bo", (self.tree.ministry, Role.ADMINISTRATOR))
        self.administrator = user("quantri", (self.tree.bureau, Role.ADMINISTRATOR))
        self.clerk = user("canbo", (self.tree.branch, Role.CLERK))
        self.stranger = user("nguoi.la", (self.tree.stranger, Role.CLERK))
        self.client = signed(self.administrator)


def signed(account: User) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def office() -> Office:
    return Office()


def duty(unit: Unit, role: Role = Role.HEAD, **more: str) -> dict[str, str]:
    return {"unit": unit.code, "role": role.value, "valid_from": f"{today():%d/%m/%Y}"} | more


def act(name: str, one: User | Membership) -> str:
    return reverse(f"units:{name}", args=[one.pk])


def test_the_list_shows_the_own_subtree_and_no_duty_outside_it(office: Office) -> None:
    Membership.objects.create(
        user=office.clerk, unit=office.tree.stranger, role=Role.STAFF, valid_from=date(2020, 1, 1)
    )
    page = office.client.get("/accounts/").content.decode()
    assert "canbo Mẫu" in page
    assert "nguoi.la" not in page
    assert "quantri.bo" not in page
    assert "Chuyên viên theo dõi, Cục THADS tỉnh Cao Bằng" not in page
    detail = office.client.get(act("account-detail", office.clerk)).content.decode()
    assert "Cao Bằng" not in detail


def test_the_list_costs_the_same_for_one_and_for_many(office: Office) -> None:
    costs = []
    for number in range(3):
        user(f"them{number}", (office.tree.branch, Role.CLERK), (office.tree.sibling, Role.HEAD))
        with CaptureQueriesContext(connection) as queries:
            assert office.client.get("/accounts/").status_code == 200
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_the_list_is_paged_and_narrowed(office: Office) -> None:
    for number in range(51):
        user(f"nhieu{number:02}", (office.tree.branch, Role.CLERK))
    first = office.client.get("/accounts/").content.decode()
    assert "Trang 1 / 2" in first
    found = office.client.get("/accounts/?term=nhieu07").content.decode()
    assert "nhieu07" in found
    assert "nhieu08" not in found
    assert "canbo Mẫu" not in office.client.get("/accounts/?role=administrator").content.decode()
    assert "Không có tài khoản nào khớp" in office.client.get("/accounts/?state=closed").content.decode()
    assert office.client.get("/accounts/?role=khac").status_code == 422


def test_accounts_are_found_without_diacritics_and_sorted_by_given_name(office: Office) -> None:
    for number, name in enumerate(("Trần Thị Ân", "Đặng Văn Hòa", "Lý Thị Ấn", "An Văn Bình")):
        one = user(f"ten{number}", (office.tree.branch, Role.CLERK))
        one.display_name = name
        one.save(update_fields=["display_name", "folded_name", "sort_key"])
    page = office.client.get("/accounts/?role=clerk").content.decode()
    shown = sorted((page.index(f">{name}</a>"), name) for name in ("Trần Thị Ân", "Đặng Văn Hòa", "Lý Thị Ấn"))
    assert [name for _, name in shown] == ["Trần Thị Ân", "Lý Thị Ấn", "Đặng Văn Hòa"]
    for words in ("hoa dang", "ĐẶNG", "Hoà", "ten1", "TEN1@example"):
        found = office.client.get("/accounts/", {"term": words}).content.decode()
        assert "Đặng Văn Hòa</a>" in found
        assert "Trần Thị Ân</a>" not in found


def test_accounts_from_before_get_their_folded_names() -> None:
    one = user("cu")
    User.objects.filter(pk=one.pk).update(display_name="Đặng Văn Hòa", folded_name="", sort_key="")
    import_module("units.migrations.0014_lists").fill_names(apps, None)
    one.refresh_from_db()
    assert (one.folded_name, one.sort_key) == ("dang van hoa", name_sort_key("Đặng Văn Hòa"))


PAGES = (
    "account-detail",
    "membership-grant",
    "account-deactivate",
    "account-activate",
    "second-factor-reset",
    "email-change",
)


@pytest.mark.parametrize("page", PAGES)
def test_an_account_outside_the_subtree_is_not_found(office: Office, page: str) -> None:
    for one in (office.stranger, office.root):
        assert office.client.get(act(page, one)).status_code == 404
        assert office.client.post(act(page, one), {"reason": "x"}).status_code in {404, 405}
    assert signed(office.root).get(act(page, office.stranger)).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_reaches_any_of_it(office: Office, role: Role) -> None:
    client = signed(user("khac", (office.tree.bureau, role)))
    for page in PAGES:
        assert client.get(act(page, office.clerk)).status_code == 403
    for name in ("account-list", "account-invite", "invitation-list"):
        assert client.get(reverse(f"units:{name}")).status_code == 403


def test_a_visitor_is_sent_to_sign_in(office: Office) -> None:
    for page in PAGES:
        assert Client().get(act(page, office.clerk)).url.startswith("/sign-in/")  # type: ignore[attr-defined]


def test_what_changes_something_is_not_done_by_its_address(office: Office) -> None:
    for page in PAGES[1:]:
        office.client.get(act(page, office.clerk))
    office.client.get(act("membership-end", office.clerk.memberships.get()))
    office.clerk.refresh_from_db()
    assert office.clerk.is_active
    assert Membership.objects.on(today()).filter(user=office.clerk).count() == 1


def test_a_granted_duty_is_in_force_told_and_in_the_trail(office: Office) -> None:
    done = office.client.post(act("membership-grant", office.clerk), duty(office.tree.sibling))
    assert done.status_code == 302, done.content.decode()
    granted = office.clerk.memberships.get(unit=office.tree.sibling)
    assert granted in Membership.objects.on(today())
    assert [letter.to for letter in read_letters()] == [["canbo@example.vn"]]
    head = signed(user("thutruong", (office.tree.bureau, Role.HEAD)))
    trail = head.get(reverse("units:trail-unit", args=[office.tree.sibling.pk])).content.decode()
    assert f"Giao tư cách: Thủ trưởng đơn vị, từ ngày {today():%d/%m/%Y}" in trail
    assert "tư cách của canbo Mẫu" in trail


def refused(client: Client, address: str, data: dict[str, str], words: str) -> None:
    before = list(Membership.objects.order_by("pk").values_list("pk", "ended_on", "valid_to"))
    page = client.post(address, data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert list(Membership.objects.order_by("pk").values_list("pk", "ended_on", "valid_to")) == before


def test_nobody_grants_outside_the_own_subtree(office: Office) -> None:
    grant = act("membership-grant", office.clerk)
    refused(office.client, grant, duty(office.tree.stranger), "Không có đơn vị nào như vậy")
    refused(office.client, grant, duty(office.tree.ministry), "Không có đơn vị nào như vậy")


def test_nobody_changes_their_own_rights(office: Office) -> None:
    own = office.administrator
    words = "không ai tự đổi quyền của chính mình"
    for role, _ in Role.offered():
        refused(office.client, act("membership-grant", own), duty(office.tree.branch, Role(role)), words)
    mine = own.memberships.get()
    refused(office.client, act("membership-end", mine), {"reason": "x"}, words)
    refused(office.client, act("account-deactivate", own), {"reason": "x"}, words)
    refused(office.client, act("second-factor-reset", own), {"reason": "x"}, words)
    refused(office.client, act("account-unlink", own), {"reason": "x"}, words)
    invited = {"display_name": "Tôi Mẫu", "email": "QuanTri@example.vn"} | duty(office.tree.bureau)
    refused(office.client, reverse("units:account-invite"), invited, words)


def test_the_same_duty_is_not_given_twice(office: Office) -> None:
    again = duty(office.tree.branch, Role.CLERK)
    refused(office.client, act("membership-grant", office.clerk), again, "đang có tư cách này")


def test_a_duty_taken_away_may_be_given_again_the_same_day(office: Office) -> None:
    for _ in range(2):
        assert office.client.post(act("membership-grant", office.clerk), duty(office.tree.sibling)).status_code == 302
        one = office.clerk.memberships.get(unit=office.tree.sibling, ended_on=None)
        assert office.client.post(act("membership-end", one), {"reason": "Giao nhầm"}).status_code == 302


def test_an_ended_duty_is_refused_at_the_next_click(office: Office) -> None:
    clerk = signed(office.clerk)
    assert clerk.get("/assignments/").status_code == 200
    one = office.clerk.memberships.get()
    assert office.client.post(act("membership-end", one), {"reason": "Chuyển công tác"}).status_code == 302
    assert clerk.get("/assignments/").status_code == 403
    with maintenance_scope("test rows"):
        line = AuditEntry.objects.get(verb="end-membership")
    assert (line.subject_id, line.detail["reason"]) == (one.pk, "Chuyển công tác")
    assert "Lý do: Chuyển công tác" in str(read_letters()[-1].body)
    refused(office.client, act("membership-end", one), {"reason": "x"}, "đã kết thúc từ trước")


def test_a_duty_outside_the_subtree_is_not_found(office: Office) -> None:
    for account in (office.stranger, office.root):
        one = account.memberships.get()
        assert office.client.post(act("membership-end", one), {"reason": "x"}).status_code == 404
        assert one in Membership.objects.on(today())


def test_a_closed_account_is_out_at_once_and_cannot_come_back(office: Office) -> None:
    clerk = signed(account_with_password(office.clerk))
    assert clerk.get("/assignments/").status_code == 200
    assert office.client.post(act("account-deactivate", office.clerk), {"reason": "Nghỉ việc"}).status_code == 302
    assert clerk.get("/assignments/").url.startswith("/sign-in/")  # type: ignore[attr-defined]
    assert not office.clerk.sessions.exists()
    again = Client()
    assert again.post("/sign-in/", {"login": "canbo", "password": PASSWORD}).url == "/sign-in/inactive/"  # type: ignore[attr-defined]
    assert again.get("/help/").status_code == 302
    assert office.client.post(act("account-activate", office.clerk), {"reason": "Trở lại"}).status_code == 302
    assert Client().post("/sign-in/", {"login": "canbo", "password": PASSWORD}).url == "/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["account-deactivate", "second-factor-reset"])
def test_a_whole_account_is_touched_only_when_all_of_it_lies_below(office: Office, page: str) -> None:
    Authenticator.objects.create(user=office.clerk, type="totp", data={"secret": "x"})
    Membership.objects.create(
        user=office.clerk, unit=office.tree.stranger, role=Role.STAFF, valid_from=date(2020, 1, 1)
    )
    refused(office.client, act(page, office.clerk), {"reason": "x"}, "ngoài phạm vi quản trị")
    assert Authenticator.objects.filter(user=office.clerk).exists()
    assert signed(office.root).post(act(page, office.clerk), {"reason": "x"}).status_code == 302


def test_a_lost_phone_is_forgotten_and_its_owner_told(office: Office) -> None:
    Authenticator.objects.create(user=office.clerk, type="totp", data={"secret": "x"})
    clerk = signed(office.clerk)
    assert clerk.get("/help/").status_code == 200
    address = act("second-factor-reset", office.clerk)
    assert office.client.post(address, {"reason": ""}).status_code == 422
    assert office.client.post(address, {"reason": "Mất điện thoại"}).status_code == 302
    assert not Authenticator.objects.filter(user=office.clerk).exists()
    assert clerk.get("/help/").status_code == 302
    assert "Lý do: Mất điện thoại" in str(read_letters()[-1].body)
    with maintenance_scope("test rows"):
        assert AuditEntry.objects.get(verb="reset-second-factor").detail == {"reason": "Mất điện thoại"}


def test_the_last_administrator_of_a_root_stays(office: Office) -> None:
    second = user("quantri.bo.hai", (office.tree.ministry, Role.ADMINISTRATOR))
    first = signed(office.root)
    one = second.memberships.get()
    assert first.post(act("membership-end", one), {"reason": "x"}).status_code == 302
    # Whoever acts is never the one who goes, so the last one is reached only by somebody whose own right just ended.
    third = user("quantri.bo.ba", (office.tree.ministry, Role.ADMINISTRATOR))
    Membership.objects.filter(user=third).update(valid_to=today() - timedelta(days=1))
    from units.actors import act_as
    from units.refusals import RefusedError
    from units.scoping import unit_scope
    from units.services.accounts import deactivate_account, end_membership

    ended = act_as(Membership.objects.select_related("unit", "user").get(user=third))
    last = office.root.memberships.get()
    with unit_scope(office.tree.ministry.path):
        with pytest.raises(RefusedError, match="quản trị cuối cùng"):
            end_membership(last, reason="x", day=today(), actor=ended)
        with pytest.raises(RefusedError, match="quản trị cuối cùng"):
            deactivate_account(office.root, reason="x", day=today(), actor=ended)


def test_a_person_of_the_register_is_tied_by_code_and_only_where_they_work(office: Office) -> None:
    with maintenance_scope("test rows"):
        here, beside = person(office.tree.branch), person(office.tree.sibling, "Nông Văn Thử")
    grant = act("membership-grant", office.clerk)
    wrong = duty(office.tree.branch, person=beside.staff_code)
    refused(office.client, grant, wrong, "công tác ở đơn vị khác")
    assert office.client.post(grant, duty(office.tree.branch, person=here.staff_code)).status_code == 302
    assert office.clerk.memberships.get(role=Role.HEAD).person_id == here.pk


@pytest.mark.parametrize(
    ("text", "code"),
    [("dai-tu", "DAI-TU"), ("dinh hoa", "DINH-HOA"), ("Chi cục THADS huyện Đại Từ (DAI-TU)", "DAI-TU")],
)
def test_a_unit_is_found_by_code_or_by_a_part_of_its_name(office: Office, text: str, code: str) -> None:
    form = duty(office.tree.branch) | {"unit": text}
    assert office.client.post(act("membership-grant", office.clerk), form).status_code == 302
    assert office.clerk.memberships.filter(unit__code=code, role=Role.HEAD).exists()


def test_several_units_that_match_are_named(office: Office) -> None:
    form = duty(office.tree.branch) | {"unit": "chi cuc thads"}
    page = office.client.post(act("membership-grant", office.clerk), form)
    assert page.status_code == 422
    assert "(DAI-TU)" in page.content.decode()
    assert "(DINH-HOA)" in page.content.decode()


def test_a_closed_unit_gets_no_new_duty_beyond_its_last_day(office: Office) -> None:
    Unit.objects.filter(pk=office.tree.sibling.pk).update(valid_to=today() + timedelta(days=30))
    grant = act("membership-grant", office.clerk)
    refused(office.client, grant, duty(office.tree.sibling), "đơn vị thôi hoạt động trước khi")


def test_a_role_is_changed_in_one_click_and_the_page_says_which_is_on(office: Office) -> None:
    two = user("hai.vai", (office.tree.branch, Role.CLERK), (office.tree.sibling, Role.HEAD))
    client = signed(two)
    other = two.memberships.get(role=Role.HEAD)
    page = client.get("/help/").content.decode()
    assert f'value="{other.pk}"' in page
    assert "<strong>Cán bộ thi đua · Chi cục THADS huyện Đại Từ</strong>" in page
    after = client.post("/memberships/choose/", {"membership": str(other.pk)}, follow=True)
    assert after.status_code == 200
    assert "<strong>Thủ trưởng đơn vị · Chi cục THADS huyện Định Hóa</strong>" in after.content.decode()


def test_many_duties_are_chosen_on_a_page_of_their_own(office: Office) -> None:
    places = (office.tree.branch, office.tree.sibling, office.tree.bureau)
    many = user("nhieu.vai", *[(place, role) for place in places for role in (Role.CLERK, Role.HEAD, Role.STAFF)])
    page = signed(many).get("/help/").content.decode()
    assert '<a href="/memberships/">Đổi tư cách</a>' in page


def test_the_last_sign_in_is_told_by_the_products_clock(office: Office, settings: object) -> None:
    settings.DEMONSTRATION_DAY = "2023-11-13"  # type: ignore[attr-defined]
    User.objects.filter(pk=office.clerk.pk).update(last_login=timezone.now())
    assert "Đăng nhập 13/11/2023" in office.client.get("/accounts/").content.decode()
    detail = office.client.get(f"/accounts/{office.clerk.pk}/").content.decode()
    assert re.search(r"Đăng nhập lần cuối</dt><dd>\d\d:\d\d 13/11/2023", detail)


def test_another_address_counts_once_its_letter_was_answered(office: Office) -> None:
    office.clerk.set_password(PASSWORD)
    office.clerk.save()
    address, old = act("email-change", office.clerk), office.clerk.email
    EmailAddress.objects.create(user=office.clerk, email=old, verified=True, primary=True)
    assert office.client.post(address, {"email": "sai", "reason": "x"}).status_code == 422
    refused(office.client, address, {"email": old.upper(), "reason": "x"}, "đang là địa chỉ")
    assert office.client.post(address, {"email": "Moi@Example.vn", "reason": "Địa chỉ cũ hỏng"}).status_code == 302
    told, asked = read_letters()[-2:]
    assert [told.to, asked.to] == [[old], ["moi@example.vn"]]
    assert "Lý do: Địa chỉ cũ hỏng" in str(told.body)
    page = office.client.get(act("account-detail", office.clerk)).content.decode()
    assert "moi@example.vn chờ chủ tài khoản xác nhận" in page
    entry = {"login": "moi@example.vn", "password": PASSWORD}
    assert Client().post("/sign-in/", entry).status_code == 200
    count = len(read_letters())
    Client().post("/password-reset/", {"email": "moi@example.vn"})
    assert old not in {one.to[0] for one in read_letters()[count:]}
    assert not any("/password-reset/" in str(one.body) for one in read_letters()[count:])
    link = re.search(r"/email-confirm/\S+", str(asked.body))
    assert link
    assert Client().post(link[0]).status_code == 302
    office.clerk.refresh_from_db()
    assert office.clerk.email == "moi@example.vn"
    assert Client().post("/sign-in/", entry).status_code == 302
    with maintenance_scope("test rows"):
        assert AuditEntry.objects.get(verb="change-email").detail == {"reason": "Địa chỉ cũ hỏng"}


def test_an_address_is_changed_only_where_all_of_the_account_lies_below_and_never_ones_own(office: Office) -> None:
    sent = {"email": "moi@example.vn", "reason": "x"}
    refused(office.client, act("email-change", office.administrator), sent, "của chính mình")
    Membership.objects.create(
        user=office.clerk, unit=office.tree.stranger, role=Role.STAFF, valid_from=date(2020, 1, 1)
    )
    refused(office.client, act("email-change", office.clerk), sent, "ngoài phạm vi quản trị")
    assert not EmailAddress.objects.filter(email="moi@example.vn").exists()
