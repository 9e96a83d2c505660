"""The log knows requests, not what people looked for, nor when anybody voted."""

import logging
import sys

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError

from config.logs import QuietVotes, formatter, keep_private


def test_what_was_searched_for_and_with_what_stays_out() -> None:
    kept = keep_private(None, "info", {"request": "GET /nominations/?q=mau", "user_agent": "x", "code": 200})
    assert kept == {"request": "GET /nominations/", "code": 200}


@pytest.mark.parametrize("action", ["check", "cast"])
def test_the_addresses_of_voting_leave_no_line(action: str) -> None:
    with pytest.raises(structlog.DropEvent):
        keep_private(None, "info", {"request": f"POST /ballots/8a/{action}/"})


LINKS = [
    "/invitations/q1kQ2-mJ0y5Qm0pJ7s_4b8Zt3xJmY7oK2bYtq0w9c8E/",
    "/password-reset/0e5f3c1a9d7b4e2f8a6c-d1x2y3-5f4e3d2c1b0a/",
    "/email-confirm/MTIz:1uX2yZ:abcdefghijklmnopqrstuvwxyz012345/",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_opens_an_account_is_cut(link: str) -> None:
    place, secret = link.split("/")[1:3]
    kept = keep_private(None, "info", {"request": f"GET {link}"})
    refused = formatter(json=True).format(record(f"Too Many Requests: {link}"))
    assert kept == {"request": f"GET /{place}/…/"}
    assert secret not in refused
    assert place in refused


def test_reading_a_result_is_logged() -> None:
    assert keep_private(None, "info", {"request": "GET /ballots/8a/result/"})


def record(text: str, level: int = logging.ERROR, *, failed: bool = False) -> logging.LogRecord:
    return logging.LogRecord("django.request", level, __file__, 1, text, (), sys.exc_info() if failed else None)


def fail_with_values() -> None:
    passphrase = "bốn từ không ai được đọc"
    try:
        {}[len(passphrase)]
    except KeyError as first:
        raise IntegrityError("duplicate key\nDETAIL:  Key (full_name)=(Lường Thị\nMẫu) exists.") from first


@pytest.mark.parametrize("json", [True, False])
def test_a_failure_is_told_with_its_place_and_without_values(json: bool) -> None:
    try:
        fail_with_values()
    except IntegrityError as error:
        told = formatter(json=json).format(record(f"Task raised {error!r}", failed=True))
    assert "fail_with_values" in told
    assert "KeyError" in told
    assert "duplicate key" in told
    for secret in ("bốn từ không ai được đọc", "Lường Thị", "Mẫu"):
        assert secret not in told


def test_what_follows_a_chained_failure_is_still_told() -> None:
    try:
        try:
            fail_with_values()
        except IntegrityError as error:
            raise RuntimeError("the second") from error
    except RuntimeError:
        told = formatter(json=True).format(record("x", failed=True))
    assert "the second" in told
    assert "Lường Thị" not in told


def test_refused_papers_leave_no_line_and_defects_do() -> None:
    quiet = QuietVotes()
    assert not quiet.filter(record("Conflict: /sittings/ballots/8a/cast/", logging.WARNING))
    assert quiet.filter(record("Internal Server Error: /sittings/ballots/8a/cast/"))
    assert quiet.filter(record("Not Found: /sittings/ballots/8a/", logging.WARNING))
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["quiet_votes"]
