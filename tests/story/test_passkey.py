"""A passkey in a real browser with an authenticator of its own: added, used as a second factor, used alone, removed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.story.conftest import PASSWORD

ACCOUNT = "quantri.thainguyen"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def type_password(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.fill("#id_login", ACCOUNT)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_a_passkey_from_the_first_touch_to_the_last(stack: Stack, open_page: Callable[..., Page]) -> None:
    site = stack.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number
    page = open_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    type_password(page, site)
    page.goto(f"{site}/accounts/me/second-factor/passkeys/add/")
    page.fill("#id_password", PASSWORD)
    press(page, "Tiếp tục")
    press(page, "Thêm khóa truy cập")
    expect(page.get_by_role("heading", name="Mã dự phòng")).to_be_visible()

    press(page, "Đăng xuất")
    type_password(page, site)
    expect(page.get_by_role("heading", name="Xác thực hai yếu tố")).to_be_visible()
    press(page, "Dùng khóa truy cập")
    expect(page.get_by_role("heading", name="Tài khoản", exact=True)).to_be_visible()

    press(page, "Đăng xuất")
    press(page, "Đăng nhập bằng khóa truy cập")
    expect(page.get_by_role("heading", name="Tài khoản", exact=True)).to_be_visible()

    # The demonstration's accounts are shared: others sign in with this one after the test.
    page.goto(f"{site}/accounts/me/second-factor/")
    page.get_by_role("link", name="Bỏ Khóa truy cập 1").click()
    page.fill("#id_password", PASSWORD)
    press(page, "Tiếp tục")
    press(page, "Bỏ khóa truy cập")
    expect(page.get_by_text("Đã bỏ khóa truy cập.")).to_be_visible()
    assert complaints == []
