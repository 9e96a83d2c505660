"""What a clerk prints from the browser begins on the first sheet."""

from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_a_long_table_begins_below_the_heading_and_goes_on(stack: Stack, sign_in: Callable[..., Page]) -> None:
    page = sign_in("chuyenvien.bo")
    page.goto(f"{stack.url}/reports/campaigns/TNG-DHTT-2023/")
    sheets = pypdfium2.PdfDocument(page.pdf(format="A4"))
    first = sheets[0].get_textpage().get_text_range()
    assert "tổng hợp" in first
    assert "Chi cục Thi hành án dân sự huyện Định Hóa" in " ".join(first.split())
    assert "Đang làm việc với tư cách" not in first
