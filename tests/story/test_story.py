"""The main job, end to end: seven steps, nine people, real servers, a real worker, a real browser."""

import email
import io
import os
from collections.abc import Callable
from email import policy
from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.builders import pdf
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
NOMINEE = "Lường Thị Mẫu"
ABSENT = "Quách Văn Thử"
PRESENT = (
    "cuctruong.thainguyen",
    "uyvien1.thainguyen",
    "uyvien2.thainguyen",
    "uyvien3.thainguyen",
    "thuky.thainguyen",
    "kiemphieu.thainguyen",
)
PHRASES = ("núi xanh nước biếc một", "núi xanh nước biếc hai", "núi xanh nước biếc ba")


def file(name: str, pages: int = 1) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(pages=pages).read()}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def check_page(page: Page, what: str) -> None:
    """Nothing on the page keeps out those who use a screen reader or no mouse."""
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found if one["impact"] != "minor"]
    assert serious == [], (what, serious)


class Walk:
    """The seven steps; each leaves the installation as the next one finds it."""

    def __init__(self, stack: Stack, sign_in: SignIn, pictures: Path) -> None:
        self.stack, self.sign_in, self.pictures = stack, sign_in, pictures
        self.faults: list[str] = []

    def enter(self, account: str) -> Page:
        page = self.sign_in(account)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.faults.append(message.text)
                if "Content Security Policy" in message.text or "Refused to" in message.text
                else None
            ),
        )
        return page

    def picture(self, page: Page, name: str) -> None:
        check_page(page, name)
        if "SCREENS_DIR" in os.environ:  # drawing takes long, so only for somebody who looks
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=self.pictures / f"{name}.png")

    def open_nomination(self, account: str) -> Page:
        page = self.enter(account)
        page.goto(f"{self.stack.url}/nominations/?q=luong+thi+mau")
        page.locator("tbody").get_by_role("link", name=NOMINEE).click()
        page.wait_for_load_state()
        return page

    def step_1_the_clerk_writes(self) -> None:
        page = self.enter("canbo.daitu")
        expect(page.get_by_text("còn 7 ngày")).to_be_visible()
        check_page(page, "assignments")
        follow(page, "Lập đề nghị mới")
        page.select_option("#id_nominee", label=NOMINEE)
        press(page, "Tạo bản nháp")
        page.fill("#id_duties", "Chấp hành viên phụ trách 6 xã (nhiệm vụ giả định).")
        page.fill("#id_achievements", "Giải quyết xong 98 % số việc có điều kiện (số liệu giả định).")
        expect(page.locator("#da-luu")).to_contain_text("Đã lưu lúc")
        wait_until(
            lambda: page.locator("#da-luu input[name=version]").input_value() != "1", what="the draft to be saved"
        )
        page.close()  # the browser is closed without a click; the draft stays
        page = self.sign_in_again("canbo.daitu")
        page.goto(f"{self.stack.url}/nominations/?q=luong+thi+mau")
        page.locator("tbody").get_by_role("link", name=NOMINEE).click()
        follow(page, "Sửa tiếp")
        expect(page.locator("#id_duties")).to_have_value("Chấp hành viên phụ trách 6 xã (nhiệm vụ giả định).")
        page.fill("#id_initiatives", "Bảng theo dõi thời hạn xác minh dùng chung (sáng kiến giả định).")
        press(page, "Lưu bản nháp")
        page.select_option("#id_kind", "initiative")
        page.fill("#id_issued_on", "20/10/2023")
        page.set_input_files("#id_file", files=[file("đơn đề nghị.pdf")])
        press(page, "Đính kèm")
        expect(page.get_by_role("link", name="Tải về đơn đề nghị.pdf")).to_be_visible()
        for words in ("Đạt", "Cần xem xét", "II.2.2.1"):
            expect(page.locator("#doi-chieu").get_by_text(words).first).to_be_visible()
        self.picture(page, "1-clerk-writes")
        press(page, "Kiểm lại rồi trình")
        press(page, "Trình thủ trưởng")
        expect(page.get_by_text("Chờ thủ trưởng duyệt").first).to_be_visible()

    def sign_in_again(self, account: str) -> Page:
        page = self.sign_in(f"{account}")
        if page.is_closed():
            page = page.context.new_page()
            page.set_default_timeout(60_000)
        return page

    def step_2_head_and_secretariat(self) -> None:
        page = self.open_nomination("thutruong.daitu")
        for radio in page.locator("input[type=radio][value=yes]").all():
            radio.check()
        press(page, "Lưu xác nhận")
        press(page, "Duyệt và chuyển cấp trên")
        page = self.open_nomination("thuongtruc.thainguyen")
        follow(page, "Trả lại bổ sung")
        page.fill("#id_evidence", "Cần quyết định công nhận, không phải đơn đề nghị.")
        page.fill("#id_achievements", "Nêu so với năm trước.")
        check_page(page, "return")
        press(page, "Trả lại bổ sung")
        page = self.open_clerk()
        follow(page, "Sửa và gửi lại")
        expect(page.get_by_text("đề nghị bổ sung 2 chỗ")).to_be_visible()
        self.picture(page, "2-clerk-mends")
        page.fill("#id_achievements", "Giải quyết xong 98 % số việc có điều kiện, tăng 4 % so với 2022 (giả định).")
        press(page, "Lưu bản nháp")
        page.set_input_files("#id_file", files=[file("quyết định công nhận sáng kiến.pdf", pages=2)])
        press(page, "Đính kèm")
        press(page, "Kiểm lại rồi trình")
        press(page, "Trình thủ trưởng")
        page = self.open_nomination("thutruong.daitu")
        press(page, "Duyệt và chuyển cấp trên")
        page = self.open_nomination("thuongtruc.thainguyen")
        press(page, "Đưa vào trình Hội đồng")
        expect(page.get_by_text("Trình Hội đồng").first).to_be_visible()

    def open_clerk(self) -> Page:
        page = self.sign_in_again("canbo.daitu")
        page.goto(f"{self.stack.url}/nominations/?q=luong+thi+mau")
        page.locator("tbody").get_by_role("link", name=NOMINEE).click()
        page.wait_for_load_state()
        return page

    def step_3_the_council_votes(self) -> None:
        secretary = self.enter("thuongtruc.thainguyen")
        secretary.goto(f"{self.stack.url}/council/sittings/")
        secretary.locator("a[href$='/sittings/add/']").first.click()
        secretary.fill("#id_title", "Xét điển hình tiên tiến cấp cơ sở năm 2023")
        secretary.fill("#id_held_on", "13/11/2023")
        secretary.fill("#id_place", "Phòng họp Cục")
        secretary.locator("main form button[type=submit]").click()
        # What is counted at once, and not waited for, must stand on the page that was asked for.
        expect(secretary.get_by_text("Đã lập phiên họp")).to_be_visible()
        waiting = secretary.get_by_role("button", name="Đưa vào chương trình")
        for left in reversed(range(waiting.count())):
            press(secretary, "Đưa vào chương trình")
            expect(waiting).to_have_count(left)
        for seat in secretary.locator("#diem-danh fieldset").all():
            absent = ABSENT in seat.inner_text()
            seat.locator(f"input[value={'absent' if absent else 'present'}]").check()
            if absent:
                seat.locator("input[type=text]").fill("Đi công tác")
        press(secretary, "Lưu điểm danh")
        expect(secretary.get_by_text("có mặt 6/7 thành viên")).to_be_visible()
        check_page(secretary, "sitting")
        follow(secretary, "Lập lượt bỏ phiếu")
        secretary.fill("#id_title", "Điển hình tiên tiến cấp cơ sở 2023")
        secretary.locator("#id_rule option").nth(1).evaluate("option => option.selected = true")
        secretary.locator("main form button[type=submit]").click()
        follow(secretary, "Tạo khóa và mở")
        fields = secretary.locator("input[type=password]")
        for number, phrase in enumerate(PHRASES):
            fields.nth(2 * number).fill(phrase)
            fields.nth(2 * number + 1).fill(phrase)
        check_page(secretary, "ceremony")
        secretary.locator("main form button[type=submit]").first.click()
        expect(secretary.get_by_role("heading", name="Ai đã bỏ phiếu")).to_be_visible(timeout=60_000)
        for number, account in enumerate(PRESENT):
            self.vote(account, "yes" if number else "no", first=number == 0)
        expect(secretary.locator("#turnout")).to_contain_text("6", timeout=15_000)
        check_page(secretary, "turnout")
        press(secretary, "Đóng bỏ phiếu")
        fields = secretary.locator("input[type=password]")
        fields.nth(0).fill(PHRASES[0])
        fields.nth(2).fill(PHRASES[2])
        secretary.locator("main form:has(input[type=password]) button[type=submit]").click()
        expect(secretary.get_by_text("5/7").first).to_be_visible(timeout=60_000)
        self.picture(secretary, "3b-count")

    def vote(self, account: str, choice: str, *, first: bool) -> None:
        page = self.enter(account)
        if page.get_by_role("link", name="Phiên họp").count() == 0:
            page.goto(f"{self.stack.url}/memberships/")
            row = page.locator("form.pick", has_text="Thành viên Hội đồng")
            if row.get_by_role("button").count():
                row.get_by_role("button").click()
        page.goto(f"{self.stack.url}/sittings/")
        follow(page, "Xét điển hình tiên tiến cấp cơ sở năm 2023")
        if first:
            page.locator("tbody").get_by_role("link", name=NOMINEE).click()
            expect(page.get_by_text("Khen thưởng").first).to_be_visible()
            self.picture(page, "3a-review")
            page.go_back()
        follow(page, "Bỏ phiếu kín")
        for case in page.locator("fieldset.paper").all():
            case.locator(f"input[value={choice}]").check()
        if first:
            check_page(page, "paper")
        press(page, "Xem lại lựa chọn")
        page.locator("main").get_by_role("button", name="Bỏ phiếu", exact=True).click()
        expect(page.get_by_text("Đã nhận phiếu của đồng chí")).to_be_visible()

    def step_4_the_decision(self) -> None:
        page = self.enter("vanthu.thainguyen")
        page.goto(f"{self.stack.url}/decisions/")
        page.locator("a[href*='/decisions/issue/']").first.click()
        page.fill("#id_number", "45/QĐ-CTHADS")
        page.fill("#id_signed_on", "13/11/2023")
        page.fill("#id_signer_name", "Nguyễn Văn Thử")
        page.fill("#id_signer_title", "Cục trưởng")
        check_page(page, "decision form")
        page.locator("main form button[type=submit]").first.click()
        expect(page.get_by_text("45/QĐ-CTHADS").first).to_be_visible()
        follow(page, "Công bố")
        press(page, "Công bố và báo kết quả")
        expect(page.get_by_text("Đã công bố.")).to_be_visible()
        page = self.open_clerk()
        expect(page.get_by_text("Đã công nhận").first).to_be_visible()
        expect(page.get_by_text("45/QĐ-CTHADS, 13/11/2023")).to_be_visible()
        self.picture(page, "4-honour")

    def step_5_the_dossier(self) -> None:
        page = self.open_nomination("thuongtruc.thainguyen")
        self.stack.kill_worker()
        press(page, "Lập hồ sơ PDF")
        address = page.url
        expect(page.get_by_text("Có thể rời trang này")).to_be_visible()
        self.picture(page, "5-dossier")
        page.goto(self.stack.url)
        again = self.open_nomination("thuongtruc.thainguyen")
        press(again, "Lập hồ sơ PDF")
        assert again.url == address, "asking twice makes one job"
        self.stack.start_worker()
        expect(again.get_by_role("link", name="Tải hồ sơ (PDF)")).to_be_visible(timeout=90_000)
        with again.expect_download() as waiting:
            again.get_by_role("link", name="Tải hồ sơ (PDF)").click()
        document = pikepdf.open(io.BytesIO(Path(waiting.value.path()).read_bytes()))
        # Cover, letter, report, criteria, minutes, decision, and three attached pages.
        assert len(document.pages) >= 9
        with document.open_outline() as outline:
            titles = " ".join(one.title for one in outline.root)
        for paper in (
            "Tờ trình",
            "Báo cáo thành tích",
            "tiêu chuẩn",
            "Biên bản",
            "Quyết định",
            "công nhận sáng kiến.pdf",
        ):
            assert paper in titles

    def step_6_the_report(self) -> None:
        page = self.enter("chuyenvien.bo")
        page.goto(f"{self.stack.url}/reports/campaigns/TNG-DHTT-2023/")
        expect(page.get_by_role("link", name="Thái Nguyên").first).to_be_visible()
        self.picture(page, "6-report")
        page.locator("tfoot a").last.click()
        expect(page.locator("tbody tr").first).to_be_visible()
        page.go_back()
        for name, start in (("Tải Excel", b"PK"), ("Tải PDF", b"%PDF")):
            with page.expect_download() as waiting:
                page.get_by_role("link", name=name).click()
            assert Path(waiting.value.path()).read_bytes().startswith(start)

    def step_7_the_reminder(self) -> None:
        def letters() -> list[email.message.EmailMessage]:
            files = sorted(self.stack.mail_dir.glob("*.eml"))
            return [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]

        wait_until(lambda: sum(one["To"] == "canbo.daitu@example.vn" for one in letters()) > 1, 120, what="the digest")
        ours = [one for one in letters() if one["To"] == "canbo.daitu@example.vn"]
        texts = [body.get_content() for one in ours if (body := one.get_body(("plain",)))]
        assert sum("ngày mai" in text for text in texts) == 1
        # The other letter tells of the decision that was published.
        assert len(texts) == 2
        page = self.sign_in_again("canbo.daitu")
        page.goto(f"{self.stack.url}/mail/")
        expect(page.get_by_text("Gửi tới canbo.daitu@example.vn")).to_have_count(2)
        self.picture(page, "7-reminder")


def test_the_main_job_from_the_clerk_to_the_ministry(stack: Stack, sign_in: SignIn, pictures: Path) -> None:
    before = {name: len(stack.log(name)) for name in ("web", "worker")}
    walk = Walk(stack, sign_in, pictures)
    walk.step_1_the_clerk_writes()
    walk.step_2_head_and_secretariat()
    walk.step_3_the_council_votes()
    walk.step_4_the_decision()
    walk.step_5_the_dossier()
    walk.step_6_the_report()
    walk.step_7_the_reminder()
    assert walk.faults == []
    for name, length in before.items():
        assert "Traceback" not in stack.log(name)[length:]


def test_a_clerk_without_javascript_writes_and_submits(stack: Stack, sign_in: SignIn) -> None:
    page = sign_in("canbo.dinhhoa", java_script_enabled=False)
    page.goto(f"{stack.url}/nominations/add/")
    person = page.locator("#id_nominee optgroup[label='Cá nhân'] option")
    taken = page.context.new_page()
    taken.goto(f"{stack.url}/nominations/")
    names = [name for name in person.all_inner_texts() if name not in taken.locator("tbody").inner_text()]
    page.select_option("#id_nominee", label=names[0])
    press(page, "Tạo bản nháp")
    for field in ("duties", "achievements", "initiatives"):
        page.fill(f"#id_{field}", "Nội dung giả định")
    press(page, "Lưu bản nháp")
    page.set_input_files("#id_file", files=[file("minh chứng.pdf")])
    press(page, "Đính kèm")
    expect(page.get_by_role("link", name="Tải về minh chứng.pdf")).to_be_visible()
    expect(page.locator("#doi-chieu").get_by_text("Cần xem xét").first).to_be_visible()
    press(page, "Kiểm lại rồi trình")
    press(page, "Trình thủ trưởng")
    expect(page.get_by_text("Chờ thủ trưởng duyệt").first).to_be_visible()
