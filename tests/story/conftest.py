"""People at their own browsers, and the pictures of what they see."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.stack import Stack

PASSWORD = "trinh-dien-2023"


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures go: a scratch folder, or the one named by SCREENS_DIR when the guides' pictures are renewed."""
    folder = Path(os.environ.get("SCREENS_DIR") or settings.TEST_SCRATCH / "screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def sign_in(stack: Stack, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open an account in a browser of its own; a second call for the same account returns to the same browser."""
    pages: dict[str, Page] = {}

    def enter(account: str, **options: object) -> Page:
        if account not in pages:
            page = pages[account] = open_page(**options)
            page.set_default_timeout(60_000)
            page.goto(f"{stack.url}/sign-in/")
            page.fill("#id_login", account)
            page.fill("#id_password", PASSWORD)
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return pages[account]

    return enter
