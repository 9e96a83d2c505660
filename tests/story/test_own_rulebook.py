"""A unit writes its own criteria in a browser, and a ministry asks what other criteria would mean."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.story.region_walk import RegionWalk
from tests.story.test_story import follow, press
from tests.units.workbooks import read_file

pytestmark = pytest.mark.browser

WRITER, HEAD, OFFICER = "thuongtruc.thainguyen", "cuctruong.thainguyen", "chuyenvien.bo"
TITLE = "Tiêu chuẩn điển hình của Cục từ năm 2026 (giả định)"
PLAN = "Kế hoạch giả định về điển hình tiên tiến từ năm 2026"
NEVER = "Không thể đạt"


class OwnRulebook(RegionWalk):
    """The steps in order; each leaves the installation as the next one finds it."""

    def begin(self) -> None:  # type: ignore[override]
        page = self.open(WRITER, "/rulebooks/")
        follow(page, "Soạn bản mới")
        page.fill("#id_title", TITLE)
        press(page, "Lập bản nháp")
        follow(page, "Sửa phần đầu")
        page.fill("#id_valid_from", "01/01/2026")
        page.fill("#id_plan_title", PLAN)
        page.fill("#id_plan_number", "01/KH-MAU")
        page.fill("#id_plan_issued_month", "2025-12")
        press(page, "Lưu")
        follow(page, "Thêm hình thức")
        page.select_option("#id_code", "grassroots-annual")
        press(page, "Lưu")
        self.draft = page.url.removeprefix(self.stack.url)

    def add_criterion(self, page: Page, kind: str, **typed: str) -> None:
        page.select_option("#id_kind", kind)
        press(page, "Thêm và điền tiếp")
        for name, value in typed.items():
            page.fill(f"#id_{name}", value)
        page.fill("#id_clause", "mục II")
        page.fill("#id_remedy", "Phấn đấu ở năm sau (lời giả định).")

    def write_criteria(self) -> None:
        page = self.open(WRITER, self.draft)
        self.add_criterion(page, "recognised", label="Đã được công nhận cấp cơ sở trong chính năm xét (lời giả định)")
        page.select_option("#id_p_recognition", "grassroots-annual")
        press(page, "Lưu tiêu chuẩn")
        expect(page.get_by_text(re.compile(NEVER)).first).to_be_visible()
        expect(page.get_by_role("button", name="Thử trên đề nghị đã có")).to_have_count(0)
        self.check(page, "own-rulebook-refused")
        # Mended: one of two conditions is enough.
        page.get_by_role("link", name=re.compile("^Sửa TC-1")).click()
        page.select_option("#id_kind", "any-of")
        page.fill("#id_label", "Có sáng kiến, hoặc xếp loại xuất sắc (lời giả định)")
        press(page, "Lưu tiêu chuẩn")
        press(page, "Bỏ điều kiện 1")
        for kind in ("initiative", "grading"):
            page.select_option("#part_kind", kind)
            press(page, "Thêm điều kiện và điền tiếp")
            if kind == "initiative":
                page.fill("#id_p_times", "1")
                page.get_by_label("Bộ", exact=True).check()
            else:
                page.select_option("#id_p_at_least", "excellent")
            press(page, "Lưu điều kiện")
        self.check(page, "own-rulebook-conditions")
        page = self.open(WRITER, self.draft)
        self.add_criterion(page, "service-time", label="Công tác đủ mười năm (lời giả định)")
        page.fill("#id_p_months", "480")
        press(page, "Lưu tiêu chuẩn")
        expect(page.get_by_text(re.compile(NEVER))).to_have_count(0)

    def try_draft(self) -> None:
        page = self.open(WRITER, self.draft)
        press(page, "Thử trên đề nghị đã có")
        expect(page.get_by_role("heading", name=re.compile(r"đề nghị năm \d{4}$"))).to_be_visible()
        expect(page.get_by_text(re.compile(r"không xét → ")).first).to_be_visible()
        self.check(page, "own-rulebook-trial")
        page.goto(f"{self.stack.url}{self.draft}")
        expect(page.get_by_role("button", name="Ban hành")).to_have_count(0)

    def publish(self) -> None:
        page = self.open(HEAD, self.draft)
        press(page, "Ban hành")
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        self.edition = page.url.removeprefix(self.stack.url)

    def suppose(self) -> None:
        page = self.open(OFFICER, "/rulebooks/?show=below")
        follow(page, "trong các cơ quan THADS tỉnh Thái Nguyên")
        press(page, "Thử giả định")
        page.get_by_role("link", name=re.compile("^Sửa G2")).first.click()
        page.select_option("#id_p_at_least", "completed")
        press(page, "Lưu tiêu chuẩn")
        self.check(page, "what-if-sandbox")
        page.select_option("#id_recognition", "grassroots-annual")
        press(page, "Đối chiếu mọi người, tập thể")
        expect(page.get_by_text("Đã đối chiếu xong")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("G2", exact=True).first).to_be_visible()
        self.check(page, "what-if-results")

    def take_home(self) -> None:
        page = self.sign_in(OFFICER)
        with page.expect_download() as started:
            page.get_by_role("link", name="Tải bảng Excel: từng người").click()
        _, table = read_file(Path(started.value.path()))
        gained = int(page.locator("#ket-qua dd").first.inner_text())
        assert gained > 0
        assert sum(row[4] == "Được" for row in table[1:]) == gained
        assert all("G2" in row[5] for row in table[1:])


def test_a_unit_writes_its_criteria_and_a_ministry_asks_what_if(
    stack: Stack, sign_in: Callable[..., Page], pictures: Path
) -> None:
    walk = OwnRulebook(stack, sign_in, pictures)
    settled = "SELECT (SELECT count(*) FROM exemplars_rulebookedition), (SELECT count(*) FROM exemplars_assessment)"
    walk.begin()
    walk.write_criteria()
    walk.try_draft()
    walk.publish()
    before = stack.ask(settled)
    walk.suppose()
    walk.take_home()
    assert stack.ask(settled) == before
    assert walk.faults == []
