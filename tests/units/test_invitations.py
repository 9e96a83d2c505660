"""From an invitation to an account: one link, one use, and nothing told to whoever only guesses."""

import io
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.builders import Tree, user
from tests.units.factors import PASSWORD, account_with_password, link_in, read_letters, sign_in
from units.clock import today
from units.models import AuditEntry, Invitation, Letter, Membership, User
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

NEW = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def no_earlier_tries(servers: object) -> None:
    cache.clear()


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def office(tree: Tree) -> Client:
    client = Client()
    client.force_login(user("quantri", (tree.bureau, Role.ADMINISTRATOR)))
    return client


def invite(office: Client, email: str = "Moi.Den@example.vn", *, unit: str = "DAI-TU", role: Role = Role.CLERK) -> str:
    """Invite somebody and return the link that comes by mail."""
    form = {"display_name": "Lò Thị Mới Mẫu", "email": email, "unit": unit, "role": role.value}
    page = office.post("/accounts/invite/", form | {"valid_from": f"{today():%d/%m/%Y}"})
    assert page.status_code == 302, page.content.decode()
    return link_in(read_letters()[-1])


def test_an_invitation_becomes_an_account_that_works(office: Client, tree: Tree) -> None:
    link = invite(office)
    visitor = Client()
    page = visitor.get(link, follow=True)
    assert page.request["PATH_INFO"] == "/invitations/accept/"
    assert "Chi cục THADS huyện Đại Từ mời" in page.content.decode()
    done = visitor.post("/invitations/accept/", NEW, follow=True)
    assert "Đã mở tài khoản. Tên đăng nhập: moi.den" in done.content.decode()
    account = User.objects.get(email="moi.den@example.vn")
    assert [(one.unit, one.role) for one in account.memberships.all()] == [(tree.branch, Role.CLERK)]
    assert EmailAddress.objects.get(user=account).verified
    for name in ("moi.den", "MOI.DEN@example.vn"):
        assert sign_in(name).get("/assignments/").status_code == 200
    with maintenance_scope("test rows"):
        verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs == ["invite-account", "accept-invitation"]


def test_a_link_is_good_once(office: Client) -> None:
    link = invite(office)
    for client in (Client(), Client()):
        client.get(link)
        page = client.post("/invitations/accept/", NEW)
    assert page.status_code == 422
    assert "không còn hiệu lực" in page.content.decode()
    assert User.objects.filter(email="moi.den@example.vn").count() == 1


def test_a_link_expires_is_replaced_and_withdrawn(office: Client) -> None:
    first = invite(office)
    with maintenance_scope("test rows"):
        invitation = Invitation.objects.get()
        assert invitation.token_hash not in first
    assert office.post(reverse("units:invitation-resend", args=[invitation.pk])).status_code == 302
    second = link_in(read_letters()[-1])
    assert second != first
    assert Client().get(first, follow=True).status_code == 422
    assert Client().get(second, follow=True).status_code == 200
    with maintenance_scope("test rows"):
        Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(second, follow=True).status_code == 422
    assert "Hết hạn" in office.get("/accounts/invitations/").content.decode()
    office.post(reverse("units:invitation-resend", args=[invitation.pk]))
    third = link_in(read_letters()[-1])
    assert office.post(reverse("units:invitation-withdraw", args=[invitation.pk])).status_code == 302
    assert Client().get(third, follow=True).status_code == 422
    again = office.post(reverse("units:invitation-resend", args=[invitation.pk]))
    assert again.status_code == 422
    assert "đã thu hồi" in again.content.decode()


def test_an_invitation_ends_with_the_right_of_whoever_sent_it(office: Client) -> None:
    link = invite(office)
    Membership.objects.filter(user__username="quantri").update(ended_on=today())
    visitor = Client()
    visitor.get(link)
    assert visitor.post("/invitations/accept/", NEW).status_code == 422
    assert not User.objects.filter(email="moi.den@example.vn").exists()


def test_the_screen_does_not_tell_whether_an_address_has_an_account(office: Client, tree: Tree) -> None:
    user("co.roi", (tree.stranger, Role.CLERK))
    pages = []
    for email in ("co.roi@example.vn", "chua.co@example.vn"):
        invite(office, email)
        pages.append(office.get("/accounts/invitations/").content.decode().replace(email, "…"))
    known, unknown = (re.sub(r'"[^"]*/invitations/[^"]*"|csrfmiddlewaretoken.*?>', "", page) for page in pages)
    assert known.count("Chờ đến") == 1
    assert unknown.count("Chờ đến") == 2
    assert "co.roi" not in office.get("/accounts/").content.decode()


def test_somebody_with_an_account_takes_the_duty_up_signed_in(office: Client, tree: Tree) -> None:
    known = account_with_password(user("co.roi", (tree.stranger, Role.CLERK)))
    link = invite(office, known.email, role=Role.HEAD)
    visitor = Client()
    page = visitor.get(link, follow=True).content.decode()
    assert "Địa chỉ này đã có tài khoản" in page
    assert "password1" not in page
    assert visitor.post("/invitations/accept/", NEW).status_code == 403
    visitor.post("/sign-in/", {"login": "co.roi", "password": PASSWORD, "next": "/invitations/accept/"})
    visitor.get(link)
    done = visitor.post("/invitations/accept/", follow=True)
    assert "Đã nhận tư cách Thủ trưởng đơn vị" in done.content.decode()
    assert known.memberships.filter(unit=tree.branch, role=Role.HEAD).exists()


def test_somebody_elses_link_gives_nothing(office: Client, tree: Tree) -> None:
    link = invite(office, user("co.roi", (tree.stranger, Role.CLERK)).email, role=Role.HEAD)
    thief = Client()
    thief.force_login(user("khac", (tree.sibling, Role.CLERK)))
    assert "Đang đăng nhập bằng tài khoản khác" in thief.get(link, follow=True).content.decode()
    assert thief.post("/invitations/accept/").status_code == 403
    assert not Membership.objects.filter(role=Role.HEAD).exists()


def test_a_weak_or_different_password_is_refused_in_words(office: Client) -> None:
    visitor = Client()
    visitor.get(invite(office))
    short = visitor.post("/invitations/accept/", {"password1": "ngan", "password2": "ngan"})
    assert short.status_code == 422
    other = visitor.post("/invitations/accept/", {"password1": PASSWORD, "password2": f"{PASSWORD}x"})
    assert "Hai lần nhập mật khẩu mới khác nhau" in other.content.decode()
    assert not User.objects.filter(email="moi.den@example.vn").exists()


def test_two_people_with_one_name_get_two(office: Client) -> None:
    for number, email in enumerate(("an.nguyen@mot.example.vn", "an.nguyen@hai.example.vn")):
        visitor = Client()
        visitor.get(invite(office, email))
        visitor.post("/invitations/accept/", NEW)
        assert User.objects.get(email=email).username == ("an.nguyen", "an.nguyen2")[number]


def test_an_invitation_of_another_subtree_is_not_found(office: Client, tree: Tree) -> None:
    beside = Client()
    beside.force_login(user("quantri.caobang", (tree.stranger, Role.ADMINISTRATOR)))
    invite(office)
    with maintenance_scope("test rows"):
        invitation = Invitation.objects.get()
    assert "Lò Thị Mới Mẫu" not in beside.get("/accounts/invitations/").content.decode()
    for name in ("invitation-resend", "invitation-withdraw"):
        address = reverse(f"units:{name}", args=[invitation.pk])
        assert beside.post(address).status_code == 404
        assert office.get(address).status_code == 405


def test_the_letter_waits_for_the_mail_server_and_keeps_no_link_after(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core import mail

    def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as server:
        server.setattr(mail.EmailMessage, "send", away)
        with pytest.raises(ConnectionRefusedError):
            invite(office)
    letter = Letter.objects.get()
    assert letter.state == "waiting"
    assert "invitations" not in letter.sealed_body
    read_letters()
    letter.refresh_from_db()
    assert (letter.state, letter.sealed_body) == ("sent", "")


def test_an_administrator_invited_again_gets_a_new_link_and_the_old_one_ends(tree: Tree) -> None:
    again = io.StringIO()
    call_command("create_administrator", "BTP", "quan.tri@example.vn", "Quản Trị Mẫu", stdout=io.StringIO())
    old = link_in(read_letters()[-1])
    call_command("create_administrator", "BTP", "Quan.Tri@example.vn", "Tên Khác Mẫu", stdout=again)
    new = link_in(read_letters()[-1])
    assert "đường dẫn cũ không còn hiệu lực" in again.getvalue()
    assert "Quản Trị Mẫu" in again.getvalue()
    assert new != old
    assert Client().get(old, follow=True).status_code == 422
    assert Client().get(new, follow=True).status_code == 200
    with maintenance_scope("test rows"):
        assert Invitation.objects.count() == 1
        assert AuditEntry.objects.filter(verb="resend-invitation").count() == 1


def test_a_seat_in_a_council_is_not_offered_by_invitation(office: Client, tree: Tree) -> None:
    page = office.get("/accounts/invite/").content.decode()
    assert "Thành viên Hội đồng" not in page
    form = {"display_name": "Lò Thị Mới Mẫu", "email": "a@example.vn", "unit": "DAI-TU", "role": "member"}
    assert office.post("/accounts/invite/", form | {"valid_from": f"{today():%d/%m/%Y}"}).status_code == 422
    other = user("khac", (tree.branch, Role.CLERK))
    page = office.get(f"/accounts/{other.pk}/memberships/grant/").content.decode()
    assert "Thành viên Hội đồng" not in page
    with maintenance_scope("test rows"):
        assert not Invitation.objects.exists()


def test_the_first_administrator_is_invited_from_the_command_line(tree: Tree) -> None:
    said = io.StringIO()
    call_command("create_administrator", "BTP", "quan.tri@example.vn", "Quản Trị Mẫu", stdout=said)
    assert "quan.tri@example.vn" in said.getvalue()
    assert "/invitations/" not in said.getvalue()
    visitor = Client()
    visitor.get(link_in(read_letters()[-1]))
    visitor.post("/invitations/accept/", NEW)
    assert visitor.get("/accounts/").status_code == 200
    with pytest.raises(CommandError, match="Không có đơn vị"):
        call_command("create_administrator", "KHONG-CO", "a@example.vn", "A Mẫu")
    with pytest.raises(CommandError, match="không phải là địa chỉ thư"):
        call_command("create_administrator", "BTP", "khong-phai-thu", "A Mẫu")


def test_the_link_is_printed_where_no_mail_server_stands_yet(tree: Tree) -> None:
    said = io.StringIO()
    call_command("create_administrator", "BTP", "quan.tri@example.vn", "Quản Trị Mẫu", "--print-link", stdout=said)
    found = re.search(r"https?://\S+?(/invitations/\S+)", said.getvalue())
    assert found
    assert Client().get(found[1], follow=True).status_code == 200


@pytest.mark.parametrize("name", ["account_signup", "socialaccount_signup", "socialaccount_connections", "mfa_trust"])
def test_no_page_of_sign_up_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/signup/", "/sign-up/", "/accounts/3rdparty/", "/accounts/login/"]
)
def test_addresses_of_allauth_that_are_not_ours_are_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


class TestReset:
    def ask(self, email: str) -> tuple[int, str]:
        page = Client().post("/password-reset/", {"email": email}, follow=True)
        return page.status_code, re.sub(r"csrfmiddlewaretoken.*?>", "", page.content.decode())

    def test_the_answer_is_the_same_for_everybody(self, tree: Tree) -> None:
        account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        assert self.ask("canbo@example.vn") == self.ask("khong.co@example.vn")
        assert [letter.recipient for letter in Letter.objects.all()] == ["canbo@example.vn"]

    def test_the_link_sets_a_password_once_and_ends_every_session(self, tree: Tree) -> None:
        account = account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        old = sign_in("canbo")
        self.ask(account.email)
        link = link_in(read_letters()[-1])
        visitor = Client()
        page = visitor.get(link, follow=True)
        assert link.split("-")[-1].strip("/") not in page.request["PATH_INFO"]
        fresh = "năm từ hoàn toàn khác"
        done = visitor.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh}, follow=True)
        assert "Đã đổi mật khẩu" in done.content.decode()
        assert old.get("/help/").status_code == 302
        assert sign_in("canbo", fresh).get("/help/").status_code == 200
        assert "không còn hiệu lực" in Client().get(link, follow=True).content.decode()
        assert read_letters()[-1].subject == "Mật khẩu đã được đặt lại"

    def test_a_closed_account_gets_no_letter(self, tree: Tree) -> None:
        User.objects.filter(pk=user("canbo", (tree.branch, Role.CLERK)).pk).update(is_active=False)
        self.ask("canbo@example.vn")
        assert not Letter.objects.exists()

    def test_asking_again_and_again_waits_for_any_address(self, tree: Tree) -> None:
        account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        for email in ("canbo@example.vn", "khong.co@example.vn"):
            answers = [self.ask(email)[1] for _ in range(4)]
            assert "hoặc chờ 60 phút" in answers[-1]
            assert "hoặc chờ" not in answers[-2]


class TestOwnAccount:
    def test_a_changed_password_ends_the_other_sessions(self, tree: Tree) -> None:
        account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        here, there = sign_in("canbo"), sign_in("canbo")
        fresh = {"password1": "năm từ hoàn toàn khác", "password2": "năm từ hoàn toàn khác"}
        wrong = here.post("/accounts/me/password/", {"oldpassword": "sai"} | fresh)
        assert "Mật khẩu hiện tại không đúng" in wrong.content.decode()
        done = here.post("/accounts/me/password/", {"oldpassword": PASSWORD} | fresh, follow=True)
        assert "Đã đổi mật khẩu" in done.content.decode()
        assert here.get("/help/").status_code == 200
        assert there.get("/help/").status_code == 302

    def test_a_new_address_counts_after_its_letter_was_answered(self, tree: Tree) -> None:
        account = account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
        client = sign_in("canbo")
        client.post("/accounts/me/confirm/", {"password": PASSWORD})
        client.post("/accounts/me/email/", {"email": "moi@example.vn", "action_add": "1"})
        account.refresh_from_db()
        assert account.email == "canbo@example.vn"
        letter = read_letters()[-1]
        assert letter.to == ["moi@example.vn"]
        confirmed = client.post(link_in(letter), follow=True)
        assert confirmed.status_code == 200
        account.refresh_from_db()
        assert account.email == "moi@example.vn"
        assert any(one.to == ["canbo@example.vn"] and "đã đổi" in one.subject for one in read_letters())

    def test_an_address_of_somebody_else_is_not_told_and_never_taken(self, tree: Tree) -> None:
        other = user("khac", (tree.branch, Role.CLERK))
        EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
        account_with_password(user("canbo", (tree.branch, Role.CLERK)))
        client = sign_in("canbo")
        client.post("/accounts/me/confirm/", {"password": PASSWORD})
        page = client.post("/accounts/me/email/", {"email": other.email, "action_add": "1"}, follow=True)
        assert f"Đã gửi thư xác nhận tới {other.email}" in page.content.decode()
        link = link_in(read_letters()[-1])
        assert "đang thuộc tài khoản khác" in client.get(link).content.decode()
        client.post(link)
        assert EmailAddress.objects.get(email=other.email, verified=True).user == other


def test_what_expires_is_counted_from_the_sending(office: Client, settings: object) -> None:
    settings.INVITATION_DAYS = 2  # type: ignore[attr-defined]
    invite(office)
    with maintenance_scope("test rows"):
        left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(hours=47) < left <= timedelta(hours=48)
