import pytest
from playwright.sync_api import Page

from tests.stack import Stack


@pytest.mark.browser
def test_the_first_page_opens_in_vietnamese_without_a_complaint_of_the_browser(
    stack: Stack, browser_page: Page
) -> None:
    complaints: list[str] = []
    browser_page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    browser_page.on("pageerror", lambda problem: complaints.append(str(problem)))
    answer = browser_page.goto(stack.url)
    assert answer is not None
    assert answer.status == 200
    assert browser_page.locator("html").get_attribute("lang") == "vi"
    assert browser_page.evaluate("navigator.language") == "vi-VN"
    assert complaints == []
