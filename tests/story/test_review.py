"""Two members read before a sitting, on a laptop and on a phone, and follow the secretary through it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.story.test_story import check_page

pytestmark = pytest.mark.browser
WORDS = "Hỏi thêm về sáng kiến (ghi chép thử)"


def as_member(page: Page, stack: Stack) -> Page:
    if page.get_by_role("link", name="Phiên họp").count() == 0:
        page.goto(f"{stack.url}/memberships/")
        row = page.locator("form.pick", has_text="Thành viên Hội đồng")
        if row.get_by_role("button").count():
            row.get_by_role("button").click()
            page.wait_for_load_state()
    return page


def check_folding(phone: Page) -> None:
    """The navigation is folded on a phone, and unfolds."""
    fold, entry = phone.get_by_role("button", name="Các mục"), phone.get_by_role("link", name="Hướng dẫn", exact=True)
    expect(entry).to_be_hidden()
    fold.click()
    expect(entry).to_be_visible()
    fold.click()
    expect(entry).to_be_hidden()


def test_reading_before_and_following_in_a_sitting(stack: Stack, sign_in: Callable[..., Page], pictures: Path) -> None:
    code = "from tests.story.review_ground import write; write()"
    sitting = stack.manage("shell", "--no-imports", "-v0", "-c", code).strip().splitlines()[-1]
    page, phone = as_member(sign_in("uyvien1.thainguyen"), stack), as_member(sign_in("uyvien2.thainguyen"), stack)
    phone.set_viewport_size({"width": 390, "height": 844})
    faults: list[str] = []
    for one in (page, phone):
        one.on("pageerror", lambda error: faults.append(str(error)))
        one.on("console", lambda said: faults.append(said.text) if "Refused to" in said.text else None)

    def picture(one: Page, name: str) -> None:
        check_page(one, name)
        if "SCREENS_DIR" in os.environ:  # drawing takes long, so only for somebody who looks
            one.screenshot(path=pictures / f"{name}.png", full_page=True)

    # The list, and the first case with a page of its paper as a picture.
    address = f"{stack.url}/sittings/{sitting}/"
    page.goto(address)
    picture(page, "review-list")
    page.get_by_role("link", name="Bắt đầu đọc").click()
    page.get_by_role("link", name="Xem tại đây bien-ban-hai-trang.pdf").click()
    drawn = page.get_by_alt_text("Trang 1 của bien-ban-hai-trang.pdf")
    drawn.scroll_into_view_if_needed()
    expect(drawn).to_have_js_property("complete", value=True)
    assert drawn.evaluate("one => one.naturalWidth") > 500
    picture(page, "review-case")
    # A note, which another member does not find.
    page.locator("#id_note").fill(WORDS)
    page.get_by_role("button", name="Lưu ghi chép").click()
    expect(page.get_by_text("Đã lưu ghi chép.")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value(WORDS)
    case = page.url.partition("?")[0].partition("#")[0]
    phone.goto(case)
    expect(phone.locator("#id_note")).to_have_value("")
    check_folding(phone)
    phone.get_by_role("link", name="Minh chứng").click()
    phone.get_by_role("link", name="Xem tại đây bien-ban-hai-trang.pdf").click()
    expect(phone.get_by_alt_text("Trang 1 của")).to_be_visible()
    picture(phone, "review-case-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    # From case to case by keys; then two cases side by side.
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: case not in url)
    page.goto(address)
    expect(page.get_by_text("đã đọc 2 trên")).to_be_visible()
    for box in page.locator("tbody input[type=checkbox]").all()[:2]:
        box.check()
    page.get_by_role("button", name="So sánh các trường hợp đã chọn").click()
    expect(page.locator("table.compared thead th")).to_have_count(3)
    picture(page, "review-compare")
    phone.goto(page.url)
    picture(phone, "review-compare-phone")
    follow_the_secretary(stack, sign_in("thuongtruc.thainguyen"), page, phone, sitting)
    picture(phone, "review-follow-phone")
    assert faults == []


def follow_the_secretary(stack: Stack, secretary: Page, page: Page, phone: Page, sitting: str) -> None:
    """Whoever follows is taken along; whoever writes is not torn away; whoever stopped stays, and comes back."""

    def lead(number: int) -> None:
        secretary.goto(f"{stack.url}/council/sittings/{sitting}/")
        secretary.locator("#dang-xet-chon").select_option(index=number)
        secretary.get_by_role("button", name="Chuyển", exact=True).click()
        secretary.wait_for_load_state()

    for one in (page, phone):
        one.goto(f"{stack.url}/sittings/{sitting}/")
    lead(1)
    for one in (page, phone):
        one.get_by_role("link", name="Tới trường hợp đang xét").click(timeout=20_000)
        expect(one.locator(".lead")).to_contain_text("Màn hình theo thư ký")
    first = page.url
    phone.get_by_role("link", name="Tự xem").click()
    page.locator("#id_note").fill("đang viết dở")
    lead(2)
    expect(phone.get_by_role("link", name="Tới trường hợp đang xét")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(5_000)  # longer than between two questions
    assert page.url == first
    page.get_by_role("button", name="Lưu ghi chép").click()
    page.wait_for_url(lambda url: url.partition("?")[0] != first.partition("?")[0], timeout=20_000)
    expect(page.locator(".lead")).to_contain_text("trường hợp số 2")
    phone.get_by_role("link", name="Tới trường hợp đang xét").click()
    phone.wait_for_url(lambda url: page.url.partition("?")[0] in url)
