"""Signing in through an identity provider that really runs: who gets in, and who does not."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from config import serve
from tests.builders import Tree, user
from tests.stack import REPOSITORY
from tests.units.factors import account_with_password, read_letters, set_totp_up, sign_in, totp
from units.models import AuditEntry, Unit, User
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.sign_in import LIMITS, LINK_ADDRESS

pytestmark = pytest.mark.django_db

CLIENT_ID, SECRET = "thidua", "mat-khau-cua-ung-dung"
PEOPLE = [
    {"sub": "001", "email": "canbo@example.vn", "email_verified": True},
    {"sub": "002", "email": "canbo@example.vn", "email_verified": False},
    {"sub": "003", "email": "canbo@example.vn", "email_verified": "false"},
    {"sub": "004", "email": "khong.co@example.vn", "email_verified": True},
    {"sub": "005", "email": "canbo@example.vn", "email_verified": True, "forged": True},
    {"sub": "006", "email": "canbo@example.vn", "email_verified": True, "other_sub": "001"},
    {"sub": "007", "email": "canbo@example.vn", "email_verified": True, "amr": ["pwd", "otp"]},
    {"sub": "008", "email": "Chua.Xac.Nhan@example.vn", "email_verified": True},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = serve.free_port()
    command = [sys.executable, "-m", "tests.units.provider", str(port), CLIENT_ID, SECRET, *map(json.dumps, PEOPLE)]
    with subprocess.Popen(command, cwd=REPOSITORY) as process:  # noqa: S603 — our own command
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        yield address
        process.terminate()


@pytest.fixture(autouse=True)
def configured(issuer: str, servers: object, settings: object) -> None:
    cache.clear()
    settings.OIDC_ISSUER = issuer  # type: ignore[attr-defined]
    settings.OIDC_NAME = "tài khoản Bộ"  # type: ignore[attr-defined]
    app = {"provider_id": "oidc", "name": "x", "client_id": CLIENT_ID, "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = {  # type: ignore[attr-defined]
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app | {"settings": {"server_url": issuer}}]}
    }


@pytest.fixture
def clerk() -> User:
    account = account_with_password(user("canbo", (Tree().branch, Role.CLERK)))
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def come_in(subject: str) -> tuple[Client, str]:
    """Press the button, let the provider know the person, come back; return what stands on the page then."""
    client = Client()
    away = client.post("/sign-in/with/oidc/")
    assert away.status_code == 302, away.content.decode()

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(f"{away.url}&login_hint={subject}", timeout=5)  # type: ignore[attr-defined]
    except urllib.error.HTTPError as answer:
        back = answer.headers["Location"]
    page = client.get(back.replace("http://testserver", ""), follow=True)
    return client, page.content.decode()


def is_in(client: Client) -> bool:
    return client.get("/help/").status_code == 200


def test_the_button_stands_where_a_provider_is_configured(settings: object) -> None:
    assert "Đăng nhập bằng tài khoản Bộ" in Client().get("/sign-in/").content.decode()
    settings.OIDC_ISSUER = ""  # type: ignore[attr-defined]
    assert "sign-in/with" not in Client().get("/sign-in/").content.decode()
    assert Client().post("/sign-in/with/oidc/").status_code == 404


def test_only_a_button_leads_there() -> None:
    assert Client().get("/sign-in/with/oidc/").status_code == 405


def test_every_other_name_is_answered_alike_however_often_it_is_asked() -> None:
    client = Client()
    answers = {
        (answer.status_code, answer.content)
        for number in range(LIMITS[LINK_ADDRESS].tries + 2)
        for answer in (client.post(f"/sign-in/with/khac-{number}/"), client.get(f"/sign-in/with/{number}/callback/"))
    }
    assert answers == {(404, client.get("/khong-co/").content)}


def test_a_known_verified_address_comes_in_and_the_subject_is_kept(clerk: User) -> None:
    client, _ = come_in("001")
    assert is_in(client)
    assert SocialAccount.objects.get(user=clerk).uid == "001"
    clerk.refresh_from_db()
    assert clerk.has_usable_password()
    # From now on the subject counts, whatever the address here.
    EmailAddress.objects.filter(user=clerk).update(email="doi.roi@example.vn")
    User.objects.filter(pk=clerk.pk).update(email="doi.roi@example.vn")
    again, _ = come_in("001")
    assert is_in(again)


@pytest.mark.parametrize("subject", ["002", "003", "004"])
def test_an_unverified_or_unknown_address_does_not(clerk: User, subject: str) -> None:
    client, page = come_in(subject)
    assert not is_in(client)
    assert "chưa gắn với tài khoản nào ở đây" in page
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_address_that_was_never_verified_here_does_not(clerk: User) -> None:
    other = account_with_password(user("khac"))
    User.objects.filter(pk=other.pk).update(email="chua.xac.nhan@example.vn")
    client, _ = come_in("008")
    assert not is_in(client)
    other.refresh_from_db()
    assert other.has_usable_password()


@pytest.mark.parametrize("subject", ["005", "006"])
def test_a_forged_token_or_a_second_person_does_not(clerk: User, subject: str) -> None:
    client, page = come_in(subject)
    assert not is_in(client)
    assert "trả lời không hợp lệ" in page


def test_a_closed_account_does_not(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    client, page = come_in("001")
    assert not is_in(client)
    assert "Tài khoản đã ngừng hoạt động" in page


def test_an_answer_that_nobody_asked_for_does_not(clerk: User) -> None:
    page = Client().get("/sign-in/with/oidc/callback/?code=x&state=y", follow=True)
    assert "Chưa đăng nhập được" in page.content.decode()


def test_a_provider_that_is_away_is_said_in_words(clerk: User, settings: object) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]  # type: ignore[attr-defined]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    page = Client().post("/sign-in/with/oidc/", follow=True)
    assert "máy chủ xác thực không trả lời" in page.content.decode()


def test_the_second_factor_is_asked_for_all_the_same(clerk: User, settings: object) -> None:
    secret = set_totp_up(sign_in("canbo"))
    client, page = come_in("001")
    assert not is_in(client)
    assert "Mã xác thực" in page
    client.post("/sign-in/second-factor/", {"code": totp(secret, ahead=1)})
    assert is_in(client)


def test_the_providers_second_factor_counts_only_where_an_office_says_so(clerk: User, settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    clerk.memberships.update(role=Role.RECORDS)
    _, page = come_in("007")
    assert "cần xác thực hai yếu tố" in page
    settings.OIDC_SECOND_FACTOR_AMR = ["otp", "hwk"]  # type: ignore[attr-defined]
    client, _ = come_in("007")
    assert is_in(client)
    plain, page = come_in("001")
    assert "cần xác thực hai yếu tố" in page
    assert not is_in(plain)


def bind(account: User) -> SocialAccount:
    return SocialAccount.objects.create(user=account, provider="oidc", uid="001")


def unlinked(verb: str) -> list[AuditEntry]:
    with maintenance_scope("test rows"):
        return list(AuditEntry.objects.filter(verb=verb))


def test_people_unbind_themselves_and_the_password_still_opens(clerk: User) -> None:
    come_in("001")
    client = sign_in(clerk.username)
    assert "Đăng nhập qua tài khoản Bộ" in client.get("/accounts/me/").content.decode()
    assert client.get("/accounts/me/provider/unlink/").status_code == 405
    page = client.post("/accounts/me/provider/unlink/", follow=True).content.decode()
    assert "Đã bỏ gắn." in page
    assert "Đăng nhập qua tài khoản Bộ" not in page
    assert not SocialAccount.objects.exists()
    assert is_in(sign_in(clerk.username))
    assert [entry.actor for entry in unlinked("unlink-provider")] == [clerk]
    assert "Tài khoản không còn gắn với máy chủ xác thực" in [letter.subject for letter in read_letters()]
    assert client.post("/accounts/me/provider/unlink/").status_code == 422


def test_nobody_unbinds_the_only_way_in(clerk: User) -> None:
    clerk.set_unusable_password()
    clerk.save()
    bind(clerk)
    client = Client()
    client.force_login(clerk)
    told = client.post("/accounts/me/provider/unlink/")
    assert told.status_code == 422
    assert "tài khoản chưa có mật khẩu" in told.content.decode()
    assert "/accounts/me/password/" in told.content.decode()
    assert SocialAccount.objects.filter(user=clerk).exists()
    assert unlinked("unlink-provider") == []


def test_nobody_unbinds_somebody_else_by_the_own_page(clerk: User) -> None:
    bind(clerk)
    other = account_with_password(user("khac", (Unit.objects.get(code="DINH-HOA"), Role.CLERK)))
    assert sign_in(other.username).post("/accounts/me/provider/unlink/").status_code == 422
    assert SocialAccount.objects.filter(user=clerk).exists()


def test_an_administrator_unbinds_an_account_of_the_branch_with_a_reason(clerk: User) -> None:
    bind(clerk)
    at_work = sign_in(clerk.username)
    administrator = user("quantri", (Unit.objects.get(code="CTHADS-TNG"), Role.ADMINISTRATOR))
    office = Client()
    office.force_login(administrator)
    address = f"/accounts/{clerk.pk}/unlink/"
    assert address in office.get(f"/accounts/{clerk.pk}/").content.decode()
    assert office.post(address, {"reason": ""}).status_code == 422
    assert SocialAccount.objects.exists()
    assert office.post(address, {"reason": "Gắn nhầm người"}).status_code == 302
    assert not SocialAccount.objects.exists()
    assert not is_in(at_work)
    assert [entry.detail["reason"] for entry in unlinked("unlink-account")] == ["Gắn nhầm người"]
    assert address not in office.get(f"/accounts/{clerk.pk}/").content.decode()
    assert office.post(address, {"reason": "Lần nữa"}).status_code == 422


def test_an_administrator_elsewhere_and_a_clerk_unbind_nobody(clerk: User) -> None:
    bind(clerk)
    for account, status in (
        (user("quantri.cb", (Unit.objects.get(code="CTHADS-CBA"), Role.ADMINISTRATOR)), 404),
        (user("canbo.khac", (Unit.objects.get(code="CTHADS-TNG"), Role.CLERK)), 403),
    ):
        client = Client()
        client.force_login(account)
        assert client.post(f"/accounts/{clerk.pk}/unlink/", {"reason": "x"}).status_code == status
    assert SocialAccount.objects.filter(user=clerk).exists()
