"""A paper that is written in several forms of one page: what was typed in one is kept when another is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.story.test_story import check_page, file, follow, press

pytestmark = pytest.mark.browser


def test_figures_and_words_survive_each_other_s_buttons(stack: Stack, sign_in: Callable[..., Page]) -> None:
    page = sign_in("canbo.daitu")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{stack.url}/assignments/")
    follow(page, "Báo cáo kết quả xây dựng điển hình tiên tiến năm 2023")
    press(page, "Soạn")
    figure, number = page.locator("[name=indicator-value_1]"), page.locator("#id_document_number")
    # A paper is uploaded while figures and the letter's number are only typed.
    figure.fill("84,5")
    number.fill("MAU-77/BC")
    page.set_input_files("[name=file]", files=[file("báo cáo.pdf")])
    press(page, "Tải tệp lên")
    expect(page.get_by_role("link", name="Tải về báo cáo.pdf")).to_be_visible()
    expect(figure).to_have_value("84,5")
    expect(number).to_have_value("MAU-77/BC")
    # What cannot be kept stops the other form, says so beside itself, and loses nothing.
    figure.fill("chín mươi")
    page.fill("#id_document_date", "13/11/2023")
    page.get_by_role("button", name="Kiểm lại trước khi gửi").click()
    said = page.locator("#chi-tieu [role=alert]")
    expect(said).to_contain_text("Bấm «Lưu số liệu»")
    expect(said).to_be_focused()
    expect(page.locator("#id_document_date")).to_have_value("13/11/2023")
    check_page(page, "unsaved figures")
    press(page, "Lưu số liệu")
    expect(page.get_by_text("Ghi một số từ 0 đến 1000").first).to_be_visible()
    expect(page.locator("#id_document_date")).to_have_value("13/11/2023")
    figure.fill("85")
    press(page, "Kiểm lại trước khi gửi")
    expect(page.get_by_text("85 %")).to_be_visible()
    follow(page, "Sửa")
    # Throwing the draft away keeps nothing first.
    press(page, "Bỏ bản đang soạn")
    assert asked == []
