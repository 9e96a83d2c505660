"""What a session leaves in the database, and what it is worth to a reader."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import Tree, unit, user
from units.devices import describe_device
from units.models import AccountSession as Session
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(user("canbo.phien", (Tree().branch, Role.CLERK)))
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("units:membership-list")).status_code == 200


def test_a_reader_of_the_table_cannot_enter(clerk: Client) -> None:
    assert is_in(clerk)
    row = Session.objects.get()
    assert row.session_key != clerk.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(clerk: Client) -> None:
    copy = Client()
    copy.cookies["sessionid"] = clerk.cookies["sessionid"].value
    assert is_in(copy)
    clerk.post(reverse("units:sign-out"))
    assert not is_in(copy)
    assert not Session.objects.exists()


def test_a_planted_key_does_not_become_the_session() -> None:
    account = user("canbo.moi", (Tree().branch, Role.CLERK))
    account.set_password("bốn từ không liên quan")
    account.save()
    victim = Client()
    victim.cookies["sessionid"] = "k" * 32
    victim.post(reverse("units:sign-in"), {"login": account.username, "password": "bốn từ không liên quan"})
    assert victim.cookies["sessionid"].value != "k" * 32
    assert is_in(victim)


def test_changing_the_duty_keeps_one_session(clerk: Client) -> None:
    before = clerk.cookies["sessionid"].value
    page = clerk.get(reverse("units:membership-list"))
    chosen = page.context["duties"][0].pk
    clerk.post(reverse("units:membership-choose"), {"membership": str(chosen)})
    assert clerk.cookies["sessionid"].value != before
    assert is_in(clerk)
    assert Session.objects.count() == 1


def aged(clerk: Client, **fields: timedelta) -> None:
    """Let the session have begun, or been seen, so long ago."""
    Session.objects.update(**{name: timezone.now() - age for name, age in fields.items()})


def test_a_session_ends_when_nobody_used_it(clerk: Client, settings: object) -> None:
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)  # type: ignore[attr-defined]
    aged(clerk, seen_at=idle - timedelta(minutes=1))
    assert is_in(clerk)
    assert timezone.now() - Session.objects.get().seen_at < timedelta(minutes=11)
    aged(clerk, seen_at=idle + timedelta(minutes=11))
    assert not is_in(clerk)


def test_a_session_ends_however_busy_it_is(settings: object) -> None:
    account = user("canbo.ban", (Tree().branch, Role.CLERK), (unit("KHAC", "0009"), Role.CLERK))
    account.set_password("bốn từ không liên quan")
    account.save()
    client = Client()
    client.post("/sign-in/", {"login": account.username, "password": "bốn từ không liên quan"})
    began = Session.objects.get().began_at
    other = account.memberships.last()
    assert other
    client.post("/memberships/choose/", {"membership": str(other.pk)})
    row = Session.objects.get()
    assert row.began_at == began
    assert row.expire_date <= began + timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)


def test_a_role_with_a_second_factor_waits_less(settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    tree = Tree()
    found = {}
    for role in (Role.CLERK, Role.RECORDS):
        account = user(role.value, (tree.branch, role))
        account.set_password("bốn từ không liên quan")
        account.save()
        Client().post("/sign-in/", {"login": account.username, "password": "bốn từ không liên quan"})
        found[role] = Session.objects.get(account=account).idle_seconds
    assert found == {Role.CLERK: 7200, Role.RECORDS: 3600}


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_a_person_sees_where_they_are_signed_in_and_ends_it() -> None:
    account = user("canbo.nhieu", (Tree().branch, Role.CLERK))
    account.set_password("bốn từ không liên quan")
    account.save()
    here, there = Client(), Client(headers={"user-agent": FIREFOX})
    for client in (here, there):
        client.post("/sign-in/", {"login": account.username, "password": "bốn từ không liên quan"})
    page = here.get("/accounts/me/sessions/").content.decode()
    assert "Firefox trên Linux" in page
    assert page.count("✓ Phiên này") == 1
    assert "127.0.0.1" not in page
    other = Session.objects.get(device="Firefox trên Linux")
    address = reverse("units:session-end", args=[other.session_key])
    assert here.get(address).status_code == 405
    assert here.post(address).status_code == 302
    assert not is_in(there)
    assert is_in(here)


def test_nobody_ends_somebody_elses_session(clerk: Client) -> None:
    thief = Client()
    thief.force_login(user("ke.khac"))
    row = Session.objects.get(account__username="canbo.phien")
    assert thief.post(reverse("units:session-end", args=[row.session_key])).status_code == 404
    assert is_in(clerk)


def test_all_others_end_at_once() -> None:
    account = user("canbo.nhieu", (Tree().branch, Role.CLERK))
    clients = [Client() for _ in range(3)]
    for client in clients:
        client.force_login(account)
    page = clients[0].post("/accounts/me/sessions/end-others/", follow=True).content.decode()
    assert "Đã kết thúc 2 phiên đăng nhập khác" in page
    assert [is_in(client) for client in clients] == [True, False, False]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge trên Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 coc_coc_browser/124.0 Chrome/118.0 Safari/537.36",
            "Cốc Cốc trên Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari trên iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome trên Android"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_a_device_is_said_in_words(line: str, words: str) -> None:
    assert describe_device(line) == words
