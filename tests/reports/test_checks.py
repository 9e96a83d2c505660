"""What the settings must say before certificates are printed."""

import base64
from typing import Any

import pytest
from django.core.checks import run_checks

KEY = base64.b64encode(bytes(range(32))).decode()


def told() -> set[str]:
    return {one.id or "" for one in run_checks(include_deployment_checks=True, databases=[])} & {
        "reports.E001",
        "reports.E002",
        "reports.W001",
    }


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([KEY], set()),
        (["ngắn"], {"reports.E001"}),
        ([KEY, "public:ngắn"], {"reports.E001"}),
        ([], {"reports.W001"}),
        ([" "], {"reports.W001"}),
    ],
)
def test_keys_are_read_at_the_start(settings: Any, keys: list[str], expected: set[str]) -> None:
    settings.CERTIFICATE_KEYS = keys
    assert told() == expected


@pytest.mark.parametrize(("size", "is_wrong"), [(-1, True), (0, True), (1, False)])
def test_a_file_holds_at_least_one_certificate(settings: Any, size: int, is_wrong: bool) -> None:
    settings.CERTIFICATE_KEYS = [KEY]
    settings.CERTIFICATES_A_PART = size
    assert told() == ({"reports.E002"} if is_wrong else set())
