"""PostgreSQL or Redis away in the middle of a step: a clear page, nothing half-written, and work goes on after."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.builders import pdf
from tests.stack import Stack

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]


@pytest.fixture(autouse=True)
def servers_come_back(stack: Stack) -> Iterator[None]:
    yield
    stack.start_database()
    stack.start_redis()


@pytest.fixture
def draft(stack: Stack, sign_in: SignIn) -> Iterator[Page]:
    """A clerk's page with a filled draft; withdrawn afterwards, so that the next test may nominate the same person."""
    page = sign_in("canbo.daitu", java_script_enabled=False)
    page.goto(f"{stack.url}/nominations/add/")
    people = page.locator("#id_nominee optgroup[label='Cá nhân'] option").all_inner_texts()
    page.select_option("#id_nominee", label=people[-1])
    page.get_by_role("button", name="Tạo bản nháp").click()
    for field in ("duties", "achievements", "initiatives"):
        page.fill(f"#id_{field}", "trước khi gián đoạn")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.set_input_files("#id_file", files=[{"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}])
    page.get_by_role("button", name="Đính kèm").click()
    address = page.url.split("#")[0]
    yield page
    stack.start_database()
    page.goto(address)
    page.locator("summary", has_text="Rút đề nghị").click()
    page.get_by_role("button", name="Rút đề nghị").click()


def expect_outage(page: Page) -> None:
    expect(page.get_by_role("heading", name="Hệ thống tạm thời gián đoạn")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("chưa được ghi lại")).to_be_visible()


def test_saving_without_the_database_loses_nothing_that_was_saved(stack: Stack, draft: Page) -> None:
    draft.fill("#id_duties", "trong lúc gián đoạn")
    stack.stop_database()
    draft.get_by_role("button", name="Lưu bản nháp").click()
    expect_outage(draft)
    stack.start_database()
    draft.go_back()
    draft.reload()
    expect(draft.locator("#id_duties")).to_have_value("trước khi gián đoạn")
    draft.fill("#id_duties", "sau khi gián đoạn")
    draft.get_by_role("button", name="Lưu bản nháp").click()
    expect(draft.locator("#id_duties")).to_have_value("sau khi gián đoạn")


def test_attaching_without_the_database_leaves_no_row(stack: Stack, draft: Page) -> None:
    draft.set_input_files(
        "#id_file", files=[{"name": "b.pdf", "mimeType": "application/pdf", "buffer": pdf(pages=3).read()}]
    )
    stack.stop_database()
    draft.get_by_role("button", name="Đính kèm").click()
    expect_outage(draft)
    stack.start_database()
    draft.go_back()
    draft.reload()
    expect(draft.locator("#minh-chung .files li")).to_have_count(1)


def test_submitting_without_the_database_moves_nothing(stack: Stack, draft: Page) -> None:
    draft.get_by_role("button", name="Kiểm lại rồi trình").click()
    stack.stop_database()
    draft.get_by_role("button", name="Trình thủ trưởng").click()
    expect_outage(draft)
    stack.start_database()
    draft.goto(f"{stack.url}/nominations/?state=draft")
    expect(draft.locator("tbody tr")).to_have_count(1)


def test_reading_without_the_database_says_so_and_comes_back(stack: Stack, sign_in: SignIn) -> None:
    page = sign_in("chuyenvien.bo")
    stack.stop_database()
    for address in ("/reports/", "/nominations/", "/"):
        page.goto(f"{stack.url}{address}")
        expect_outage(page)
    stack.start_database()
    page.goto(f"{stack.url}/reports/campaigns/TNG-DHTT-2023/")
    expect(page.get_by_role("link", name="Tải Excel")).to_be_visible()


def test_without_redis_a_dossier_is_promised_and_made_when_it_returns(stack: Stack, sign_in: SignIn) -> None:
    page = sign_in("thuongtruc.thainguyen")
    stack.stop_redis()
    page.goto(f"{stack.url}/nominations/?q=dinh+hoa&state=accepted")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Lập hồ sơ PDF").click()
    expect(page.get_by_text("Có thể rời trang này")).to_be_visible(timeout=20_000)
    stack.start_redis()
    expect(page.get_by_role("link", name="Tải hồ sơ (PDF)")).to_be_visible(timeout=90_000)
