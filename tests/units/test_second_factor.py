"""The second factor: who needs one, how it is set up and used, and what the database keeps of it."""

import contextlib
import re
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.builders import Tree, user
from tests.units.factors import PASSWORD, account_with_password, read_letters, set_totp_up, sign_in, totp
from units import adapters
from units.checks import check_second_factor_required, check_second_factor_roles
from units.models import AuditEntry, User
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.sign_in import LIMITS, SECOND_FACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(servers: object, settings: object) -> None:
    cache.clear()
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]


@pytest.fixture
def tree() -> Tree:
    return Tree()


def member(tree: Tree, name: str, role: Role) -> User:
    return account_with_password(user(name, (tree.bureau, role)))


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_that_decide_wait_for_it_and_the_others_do_not(tree: Tree, role: Role) -> None:
    client = sign_in(member(tree, "one", role).username)
    page = client.get("/help/")
    if role.value in project.SECOND_FACTOR_ROLES:
        assert page.status_code == 403
        assert "cần xác thực hai yếu tố" in page.content.decode()
        assert "/accounts/me/second-factor/codes/add/" in page.content.decode()
    else:
        assert page.status_code == 200


def test_a_council_page_waits_as_well(tree: Tree) -> None:
    client = sign_in(member(tree, "uyvien", Role.MEMBER).username)
    assert "cần xác thực hai yếu tố" in client.get("/sittings/").content.decode()


def test_what_waits_shows_nothing_of_the_unit_and_lets_another_duty_be_chosen(tree: Tree) -> None:
    account = account_with_password(user("hai", (tree.bureau, Role.ADMINISTRATOR), (tree.branch, Role.CLERK)))
    client = sign_in(account.username)
    page = client.get("/accounts/").content.decode()
    assert 'aria-label="Chính"' not in page
    other = account.memberships.get(role=Role.CLERK)
    assert client.post("/memberships/choose/", {"membership": str(other.pk)}).status_code == 302
    assert client.get("/help/").status_code == 200
    assert client.get("/accounts/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_the_duty_at_once_and_is_told(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    set_totp_up(client)
    assert client.get("/accounts/").status_code == 200
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/accounts/me/recovery-codes/").content.decode())
    assert len(codes) == 10
    assert "Đã bật ứng dụng mã" in [letter.subject for letter in read_letters()]
    with maintenance_scope("test rows"):
        assert AuditEntry.objects.get(verb="add-second-factor").actor == account


def test_signing_in_then_asks_for_the_code(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    secret = set_totp_up(sign_in(account.username))
    client = sign_in(account.username)
    assert client.get("/accounts/").url.startswith("/sign-in/")  # type: ignore[attr-defined]
    wrong = client.post("/sign-in/second-factor/", {"code": "000000"})
    assert "Mã không đúng" in wrong.content.decode()
    assert client.post("/sign-in/second-factor/", {"code": totp(secret, ahead=1)}).status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_a_code_is_good_once(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    code = totp(set_totp_up(sign_in(account.username)), ahead=1)
    first, second = sign_in(account.username), sign_in(account.username)
    assert first.post("/sign-in/second-factor/", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-factor/", {"code": code}).status_code == 200


def test_guessing_codes_waits_and_says_how_long(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    secret = set_totp_up(sign_in(account.username))
    for _ in range(LIMITS[SECOND_FACTOR].tries):
        sign_in(account.username).post("/sign-in/second-factor/", {"code": "000000"})
    client = sign_in(account.username)
    told = client.post("/sign-in/second-factor/", {"code": totp(secret, ahead=1)}).content.decode()
    assert "Chờ 5 phút" in told


def test_a_recovery_code_opens_once(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    set_totp_up(client)
    code = re.findall(r"<code>(\d{8})</code>", client.get("/accounts/me/recovery-codes/").content.decode())[0]
    first, second = sign_in(account.username), sign_in(account.username)
    assert first.post("/sign-in/second-factor/", {"code": code}).status_code == 302
    assert first.get("/accounts/").status_code == 200
    assert second.post("/sign-in/second-factor/", {"code": code}).status_code == 200


def test_the_database_keeps_no_readable_secret(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    page = client.post(
        "/accounts/me/confirm/",
        {"password": PASSWORD, "next": "/accounts/me/second-factor/codes/add/"},
        follow=True,
    )
    pending = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert pending
    assert all(pending[1] not in session.session_data for session in account.sessions.all())
    client.post("/accounts/me/second-factor/codes/add/", {"code": totp(pending[1])})
    kept = {one.type: one.data for one in Authenticator.objects.filter(user=account)}
    assert kept["totp"]["secret"].startswith("gAAAA")
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")


def test_the_last_way_stays_while_the_role_needs_one(tree: Tree) -> None:
    client = sign_in(member(tree, "quantri", Role.ADMINISTRATOR).username)
    set_totp_up(client)
    page = client.post("/accounts/me/second-factor/codes/remove/")
    assert page.status_code == 422
    assert "chưa gỡ được cách duy nhất còn lại" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_somebody_without_such_a_role_may_take_it_away(tree: Tree) -> None:
    client = sign_in(member(tree, "canbo", Role.CLERK).username)
    set_totp_up(client)
    assert client.post("/accounts/me/second-factor/codes/remove/").status_code == 302
    assert not Authenticator.objects.exists()


def test_the_setting_up_asks_for_the_password_again(tree: Tree) -> None:
    client = Client()
    client.force_login(member(tree, "quantri", Role.ADMINISTRATOR))
    page = client.get("/accounts/me/second-factor/codes/add/")
    assert page.url.startswith("/accounts/me/confirm/")  # type: ignore[attr-defined]
    told = client.post("/accounts/me/confirm/", {"password": "sai"}).content.decode()
    assert "Mật khẩu không đúng" in told


def test_nobody_removes_somebody_elses_passkey(tree: Tree) -> None:
    other = member(tree, "khac", Role.CLERK)
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Khóa", "credential": {}})
    client = sign_in(member(tree, "canbo", Role.CLERK).username)
    assert client.post(f"/accounts/me/second-factor/passkeys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_a_real_installation_without_the_requirement_is_warned_of(settings: object) -> None:
    settings.SECURE, settings.REQUIRE_SECOND_FACTOR = True, False  # type: ignore[attr-defined]
    assert [found.id for found in check_second_factor_required(None)] == ["units.W002"]
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    assert check_second_factor_required(None) == []


@pytest.mark.parametrize(
    ("roles", "is_required", "found"),
    [
        (["administrator", "records"], True, []),
        ([], True, ["units.W003"]),
        ([], False, []),
        (["adminstrator"], True, ["units.E007"]),
        (["adminstrator"], False, ["units.E007"]),
    ],
)
def test_a_list_of_roles_that_guards_nobody_is_told(
    roles: list[str], is_required: bool, found: list[str], settings: object
) -> None:
    settings.REQUIRE_SECOND_FACTOR, settings.SECOND_FACTOR_ROLES = is_required, roles  # type: ignore[attr-defined]
    assert [one.id for one in check_second_factor_roles(None)] == found


REPLACE = "/accounts/me/second-factor/codes/replace/"


def new_phone(client: Client) -> str:
    """Open the page, scan; return the secret that the new phone now holds and the server waits for."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", client.get(REPLACE).content.decode())
    assert found
    return found[1]


def test_a_phone_is_replaced_by_whoever_holds_the_old_one(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    old = set_totp_up(client)
    new = new_phone(client)
    answer = client.post(REPLACE, {"code": totp(new), "current": totp(old)})
    assert answer.url == "/accounts/me/second-factor/"  # type: ignore[attr-defined]
    assert Authenticator.objects.filter(user=account, type="totp").count() == 1
    assert client.get("/accounts/").status_code == 200
    again = sign_in(account.username)
    assert "Mã không đúng" in again.post("/sign-in/second-factor/", {"code": totp(old, ahead=1)}).content.decode()
    assert again.post("/sign-in/second-factor/", {"code": totp(new, ahead=1)}).status_code == 302
    assert "Ứng dụng mã đã chuyển sang điện thoại khác" in [letter.subject for letter in read_letters()]
    with maintenance_scope("test rows"):
        assert AuditEntry.objects.get(verb="replace-second-factor").actor == account


def test_a_lost_phone_is_replaced_with_a_recovery_code(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    set_totp_up(client)
    code = re.findall(r"<code>(\d{8})</code>", client.get("/accounts/me/recovery-codes/").content.decode())[0]
    new = new_phone(client)
    assert client.post(REPLACE, {"code": totp(new), "current": code}).status_code == 302
    later = sign_in(account.username)
    assert later.post("/sign-in/second-factor/", {"code": code}).status_code == 200
    assert later.post("/sign-in/second-factor/", {"code": totp(new, ahead=1)}).status_code == 302


def test_a_wrong_code_of_either_phone_leaves_the_old_one_in_place(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    old = set_totp_up(client)
    before = Authenticator.objects.get(user=account, type="totp").data
    new = new_phone(client)
    wrong_new = client.post(REPLACE, {"code": "000000", "current": totp(old, ahead=1)})
    assert (wrong_new.status_code, wrong_new.context["form"].errors.keys()) == (422, {"code"})
    wrong_old = client.post(REPLACE, {"code": totp(new), "current": "000000"})
    assert (wrong_old.status_code, wrong_old.context["form"].errors.keys()) == (422, {"current"})
    assert Authenticator.objects.get(user=account, type="totp").data == before
    # The old phone's code was not used up beside a wrong new one.
    assert client.post(REPLACE, {"code": totp(new), "current": totp(old, ahead=1)}).status_code == 302


def test_guessing_the_old_phones_code_beside_a_right_new_one_waits(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    client = sign_in(account.username)
    old = set_totp_up(client)
    new = new_phone(client)
    for _ in range(LIMITS[SECOND_FACTOR].tries):
        client.post(REPLACE, {"code": totp(new), "current": "000000"})
    told = client.post(REPLACE, {"code": totp(new), "current": totp(old, ahead=1)})
    assert "Chờ 5 phút" in told.content.decode()
    assert told.status_code == 422


def test_a_phone_is_replaced_only_after_the_password_and_only_where_one_is(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    fresh = Client()
    fresh.force_login(account)
    assert fresh.get(REPLACE).url.startswith("/accounts/me/confirm/")  # type: ignore[attr-defined]
    assert fresh.post(REPLACE, {"code": "1", "current": "1"}).status_code == 302
    answer = sign_in(account.username).post(
        "/accounts/me/confirm/", {"password": PASSWORD, "next": REPLACE}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/accounts/me/second-factor/codes/add/"


def test_the_last_passkey_stays_while_the_role_needs_one(tree: Tree) -> None:
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    key = Authenticator.objects.create(user=account, type="webauthn", data={"name": "Khóa", "credential": {}})
    client = Client()
    client.force_login(account)
    told = client.post(f"/accounts/me/second-factor/passkeys/{key.pk}/remove/", follow=True).content.decode()
    assert "chưa gỡ được cách duy nhất còn lại" in told
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_removals_at_once_leave_one_way(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would find the other's factor still there, were they not made to wait for each other."""
    account = member(tree, "quantri", Role.ADMINISTRATOR)
    first = sign_in(account.username)
    set_totp_up(first)
    key = Authenticator.objects.create(user=account, type="webauthn", data={"name": "Khóa", "credential": {}})
    both = threading.Barrier(2)
    counted = adapters.list_factors

    def slow(one: User) -> list[Authenticator]:
        found = counted(one)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        return found

    monkeypatch.setattr(adapters, "list_factors", slow)

    def remove(address: str) -> None:
        try:
            client = Client()
            client.cookies = first.cookies.copy()
            client.post(address)
        finally:
            connection.close()

    addresses = (
        "/accounts/me/second-factor/codes/remove/",
        f"/accounts/me/second-factor/passkeys/{key.pk}/remove/",
    )
    threads = [threading.Thread(target=remove, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Authenticator.objects.filter(user=account).exclude(type="recovery_codes").count() == 1
