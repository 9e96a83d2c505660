"""Signing in by guessing: slow, and never telling which names exist."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.builders import Tree, user
from units.models import User
from units.roles import Role
from units.services.sign_in import TRIES

pytestmark = pytest.mark.django_db

RIGHT = "bốn từ không liên quan"


@pytest.fixture(autouse=True)
def no_earlier_tries(servers: object) -> None:
    cache.clear()


@pytest.fixture
def clerk() -> User:
    account = user("canbo.doan", (Tree().branch, Role.CLERK))
    account.set_password(RIGHT)
    account.save()
    return account


def sign_in(name: str, password: str) -> object:
    return Client().post(reverse("units:sign-in"), {"login": name, "password": password})


def guess(name: str, times: int) -> str:
    for _ in range(times):
        page = sign_in(name, "sai")
    return page.content.decode()  # type: ignore[attr-defined]


def test_after_ten_wrong_passwords_even_the_right_one_waits(clerk: User) -> None:
    assert "không đúng" in guess(clerk.username, TRIES)
    told = sign_in(clerk.username, RIGHT)
    assert "Chờ 5 phút" in told.content.decode()  # type: ignore[attr-defined]
    assert sign_in("nguoi.khac", "sai").status_code == 200  # type: ignore[attr-defined]


def test_nine_mistakes_are_forgiven_by_the_right_password(clerk: User) -> None:
    for _ in range(2):
        guess(clerk.username, TRIES - 1)
        assert sign_in(clerk.username, RIGHT).status_code == 302  # type: ignore[attr-defined]


def test_a_name_that_does_not_exist_waits_just_the_same(clerk: User) -> None:
    assert "Chờ 5 phút" in guess("khong.co", TRIES + 1)


def test_without_redis_people_still_sign_in(clerk: User, settings: object) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "units.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    assert "không đúng" in guess(clerk.username, 1)
    assert sign_in(clerk.username, RIGHT).status_code == 302  # type: ignore[attr-defined]


def test_what_redis_holds_names_nobody(clerk: User) -> None:
    guess(clerk.username, 1)
    client = cache._cache.get_client(None)  # type: ignore[attr-defined]
    keys = [key.decode() for key in client.keys("*sign-in*")]
    assert len(keys) == 4  # how often and until when, for the name and for the address
    assert not [key for key in keys if clerk.username in key or "127.0.0.1" in key]
