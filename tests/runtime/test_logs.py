"""The log knows requests, not what people looked for, nor when anybody voted."""

import pytest
import structlog

from config.logs import keep_private


def test_what_was_searched_for_and_with_what_stays_out() -> None:
    kept = keep_private(None, "info", {"request": "GET /nominations/?q=mau", "user_agent": "x", "code": 200})
    assert kept == {"request": "GET /nominations/", "code": 200}


@pytest.mark.parametrize("action", ["check", "cast"])
def test_the_addresses_of_voting_leave_no_line(action: str) -> None:
    with pytest.raises(structlog.DropEvent):
        keep_private(None, "info", {"request": f"POST /ballots/8a/{action}/"})


def test_reading_a_result_is_logged() -> None:
    assert keep_private(None, "info", {"request": "GET /ballots/8a/result/"})
