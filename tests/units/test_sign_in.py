"""Signing in by guessing: slow, and never telling which names exist."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from config import settings as product
from tests.builders import Tree, user
from units.forms.account import client_address
from units.models import User
from units.roles import Role
from units.services.sign_in import ADDRESS, LIMITS, TRIES, count_try, waiting_words

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


def test_the_product_keeps_passwords_by_hard_work(clerk: User, settings: Any) -> None:
    """Every other test keeps them by light work (`tests/hashing.py`)."""
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    clerk.set_password(RIGHT)
    clerk.save()
    assert re.match(r"argon2\$argon2id\$v=19\$m=102400,t=2,p=8\$", clerk.password)
    assert sign_in(clerk.username, "sai").status_code == 200  # type: ignore[attr-defined]
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


def test_a_person_signs_in_by_address_as_well(clerk: User) -> None:
    assert sign_in("CanBo.Doan@example.vn", RIGHT).status_code == 302  # type: ignore[attr-defined]


def test_an_office_that_guesses_waits_as_a_whole_and_its_successes_are_not_counted(clerk: User) -> None:
    for number in range(LIMITS[ADDRESS].tries):
        count_try(ADDRESS, "127.0.0.1") if number else sign_in(clerk.username, RIGHT)
    told = sign_in("ai.do", "sai")
    assert "không đúng" in told.content.decode()  # type: ignore[attr-defined]
    told = sign_in(clerk.username, RIGHT)
    assert "Từ mạng này" in told.content.decode()  # type: ignore[attr-defined]
    assert "Chờ 5 phút" in told.content.decode()  # type: ignore[attr-defined]


def test_without_redis_guessing_is_still_limited(clerk: User, settings: object) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "units.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert "Chờ 5 phút" in guess(clerk.username, TRIES + 1)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [(0, "9.9.9.9", "127.0.0.1"), (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"), (2, "5.5.5.5, 6.6.6.6, 9.9.9.9", "6.6.6.6")],
)
def test_the_address_is_the_one_our_own_proxies_saw(
    settings: object, proxies: int, forwarded: str, counted: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == counted


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 giây"), (59, "59 giây"), (60, "1 phút"), (61, "2 phút")])
def test_a_wait_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert waiting_words(seconds) == words
