"""What a session leaves in the database, and what it is worth to a reader."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.builders import Tree, user
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
    victim.post(reverse("units:sign-in"), {"username": account.username, "password": "bốn từ không liên quan"})
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
