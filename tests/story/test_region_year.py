"""A region's year, 2021, walked in browsers day by day, while beat and worker remind people by the moved clock.

The plan arrives as a document and is launched from it; members register, sign a pledge and report, one too long and
one late; a member is inspected and scored; the conference is prepared; the next head takes over. What people are told
by mail is held, line by line, against a list written by hand (`region_letters.py`).
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from campaigns.plan_file import read_shipped_plans
from tests.stack import Stack, wait_until
from tests.story.region_letters import (
    HALF_YEAR,
    INSPECTED,
    LAUNCH,
    REGION_YEAR,
    REGISTER,
    YEAR,
    list_expected,
    list_sent,
)
from tests.story.region_walk import RegionWalk, file
from tests.story.test_story import follow, press

pytestmark = pytest.mark.browser

PLAN = Path(__file__).parent / "papers" / "region-year-2021.txt"
CAMPAIGN = "/campaigns/STP-YBI-184-KH-KVTD-2021/"
STAFF = "chuyenvien.bo"
YEN_BAI, YEN_BAI_HEAD, STANDING = "canbo.yenbai", "giamdoc.yenbai", "thuongtruc.yenbai"
TUYEN_QUANG, TUYEN_QUANG_HEAD = "canbo.tuyenquang", "giamdoc.tuyenquang"
LAO_CAI, LAO_CAI_HEAD = "canbo.laocai", "cuctruong.laocai"
MEMBERS = next(plan.cluster.members for plan in read_shipped_plans() if plan.cluster)
OTHER = "Tài liệu khác"  # a paper that the plan does not name
INSPECTED_UNIT = "Cục THADS tỉnh Lào Cai"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """An installation whose minute lasts two seconds: beat comes round often enough for a year."""
    home = settings.TEST_SCRATCH / "stack-2021"
    home.mkdir(mode=0o755)
    installation = Stack(home)
    installation.environment |= {"DEMONSTRATION_DAY": "2021-02-28", "BEAT_MINUTE_SECONDS": "2"}
    try:
        installation.start("shell", "--no-imports", "-c", "from tests.story.region_ground import write; write()")
        yield installation
    finally:
        installation.close()


class Year(RegionWalk):
    """The steps in the order of the year; each leaves the installation as the next one finds it."""

    # March: the plan

    def launch_by_document(self) -> None:
        page = self.open(STAFF, "/campaigns/")
        page.goto(f"{self.stack.url}/plan-drafts/add/")
        page.set_input_files("#id_file", files=[str(PLAN)])
        press(page, "Đọc kế hoạch")
        expect(page.get_by_text("Hạn 20/02/2021 đứng trước ngày ban hành").first).to_be_visible()
        expect(page.get_by_text("Năm 2020 nằm ngoài thời gian của kế hoạch").first).to_be_visible()
        self.check(page, "year-01-draft")
        draft = page.url
        follow(page, "Xem và sửa phần đầu")
        page.fill("#id_issuer", "STP-YBI")
        page.select_option("#id_kind", "regular")
        page.locator("#id_cluster_year option", has_text="2021").evaluate("option => option.selected = true")
        press(page, "Lưu phần đầu")
        self.mend(page, "Gửi bản đăng ký danh hiệu", title=REGISTER, members=True, last_day="15/03/2021")
        self.mend(page, "Phát động thi đua bằng văn bản", title=LAUNCH, last_day="10/03/2021", due="before-day")
        self.mend(
            page, "Gửi báo cáo sơ kết 6 tháng", title=HALF_YEAR, members=True, filing="half-year-report", full=True
        )
        self.mend(page, "Gửi báo cáo tổng kết năm 2021", title=YEAR, members=True, filing="yearly-report")
        page.goto(f"{draft}?show=pending")
        waiting = page.get_by_role("button", name=re.compile(r"^Nhận .*dòng \d+$"))
        while waiting.count():
            waiting.first.click()
            page.wait_for_load_state()
        expect(page.get_by_text(re.compile(r"^0 chờ xem · \d+ đã nhận · 0 đã bỏ"))).to_be_visible()
        press(page, "Lập phong trào")
        expect(page).to_have_url(f"{self.stack.url}{CAMPAIGN}")
        self.picture(page, "year-02-campaign")
        page = self.open_year(STAFF)
        self.picture(page, "year-02b-year")
        expect(page.locator("main").get_by_text("Sở Tư pháp Yên Bái phát động").first).to_be_visible()

    def mend(
        self,
        page: Page,
        words: str,
        *,
        title: str,
        members: bool = False,
        last_day: str = "",
        due: str = "until-day",
        filing: str = "",
        full: bool = False,
    ) -> None:
        """Put one item right: how the work is called, the members who owe it, the day on which it can be done."""
        page.locator("article", has_text=words).first.get_by_role("link", name="Sửa").click()
        page.fill("#id_title", title)
        if members:
            # The reader cannot know who belongs to the region, and takes every kind of unit below the ministry.
            page.locator("input[name=kinds]").evaluate_all("all => all.forEach(one => one.checked = false)")
            page.fill("#id_units", "\n".join(MEMBERS))
        if last_day:
            page.check(f"input[name=due_type][value={due}]")
            page.fill("#id_day", last_day)
        if filing:
            page.select_option("#id_filing", filing)
        if full:
            row = page.locator("input[name^=paper_]").evaluate_all("all => all.findIndex(one => !one.value)")
            page.fill(f"#id_paper_{row}", "Báo cáo đầy đủ")
        press(page, "Lưu và nhận mục này")

    # March: registrations, the launch, the pledge

    def register_and_pledge(self) -> None:
        for account in (YEN_BAI, TUYEN_QUANG, LAO_CAI):
            page = self.begin(account, REGISTER)
            page.select_option("#id_title-title", index=1)
            page.fill("#id_title-quantity", "2")
            press(page, "Ghi danh hiệu")
            self.send(page, f"MAU-1/{account}", "08/03/2021")
        self.picture(page, "year-03-registration")
        self.complete(LAUNCH, "MAU-184/KH-KVTĐ", "08/03/2021")
        page = self.open_year(YEN_BAI)
        follow(page, "Gửi giao ước để ký")
        page.fill("#id_title", "Giao ước thi đua năm 2021")
        page.fill("#id_text", "Các thành viên cùng thi đua hoàn thành chỉ tiêu năm 2021 (nội dung giả định).")
        press(page, "Gửi tới các thành viên")
        for account, position in (
            (YEN_BAI_HEAD, "Giám đốc"),
            (TUYEN_QUANG_HEAD, "Giám đốc"),
            (LAO_CAI_HEAD, "Cục trưởng"),
        ):
            page = self.open_year(account)
            follow(page, "Giao ước thi đua năm 2021")
            page.fill("#id_position", position)
            page.check("#id_is_sure")
            press(page, "Ký giao ước")
        expect(page.get_by_text("3 / 28 đơn vị đã ký")).to_be_visible()
        self.check(page, "year-04-pledge")
        # The conference that a deadline is counted from is recorded; five days on is a Saturday.
        self.record("Tổ chức Hội nghị phát động thi đua", "08/03/2021")
        page = self.begin(YEN_BAI, "ký kết giao ước")
        expect(page.get_by_text("hạn đến hết 15/03/2021").first).to_be_visible()
        self.attach(page, OTHER)
        self.send(page, "MAU-9/BC-KVTĐ", "08/03/2021")

    def complete(self, title: str, number: str, day: str) -> None:
        page = self.open(YEN_BAI, "/assignments/")
        follow(page, title)
        page.fill("#id_document_number", number)
        page.fill("#id_document_date", day)
        press(page, "Ghi nhận đã gửi")
        expect(page.get_by_text("Đã ghi nhận văn bản đã gửi")).to_be_visible()

    def record(self, event: str, day: str) -> None:
        page = self.open(YEN_BAI, CAMPAIGN)
        follow(page, f"Ghi nhận {event}")
        page.fill("#id_happened_on", day)
        press(page, "Ghi nhận sự kiện")

    # June: half-year reports, one too long and one late

    def report_half_year(self) -> None:
        page = self.begin(TUYEN_QUANG, HALF_YEAR)
        self.attach(page, "Báo cáo tóm tắt", pages=4)
        self.refuses(page, "dài 4 trang", "không quá 3 trang A4", "Kế hoạch số 184/KH-KVTĐ ngày 28/02/2021")
        self.check(page, "year-05-too-long")
        self.attach(page, "Báo cáo tóm tắt", pages=3)
        self.attach(page, "Báo cáo đầy đủ", pages=6)
        self.send(page, "MAU-20/BC-STP", "18/06/2021")
        self.report(YEN_BAI, HALF_YEAR, "18/06/2021", "Báo cáo tóm tắt", "Báo cáo đầy đủ")

    def report(self, account: str, title: str, day: str, *papers: str) -> Page:
        page = self.begin(account, title)
        for paper in papers:
            self.attach(page, paper)
        self.send(page, f"MAU-20/BC-{account}", day)
        return page

    def report_late(self) -> None:
        page = self.open(LAO_CAI, "/reminders/")
        expect(page.get_by_text(HALF_YEAR).first).to_be_visible()
        self.picture(page, "year-06-reminders")
        page = self.report(LAO_CAI, HALF_YEAR, "21/06/2021", "Báo cáo tóm tắt", "Báo cáo đầy đủ")
        expect(page.get_by_text("gửi muộn 2 ngày").first).to_be_visible()
        self.picture(page, "year-07-late")
        self.report(YEN_BAI, "Gửi báo cáo sơ kết của Khu vực", "21/06/2021", OTHER)
        page = self.open(STANDING, "/expected-work/?state=done")
        expect(page.locator("tbody tr", has_text=INSPECTED_UNIT)).to_have_count(2)
        self.picture(page, "year-08-expected")

    # September: the inspection

    def plan_inspection(self) -> None:
        page = self.open_year(YEN_BAI)
        follow(page, "Lập kế hoạch kiểm tra")
        page.fill("#id_title", "Kiểm tra thực hiện phong trào năm 2021")
        page.fill("#id_number", "MAU-210/KH-KVTĐ")
        page.fill("#id_issued_on", "06/09/2021")
        press(page, "Lập")
        follow(page, "Kiểm tra thực hiện phong trào năm 2021")
        page.locator("#id_inspected option", has_text=INSPECTED_UNIT).evaluate("option => option.selected = true")
        page.fill("#id_starts_on", "13/09/2021")
        page.fill("#id_ends_on", "15/09/2021")
        press(page, "Thêm đơn vị")
        for account, duty in ((YEN_BAI, "Thư ký"), (TUYEN_QUANG, "Trưởng đoàn")):
            page.fill("#id_username", account)
            page.fill("#id_duty", duty)
            press(page, "Thêm vào Đoàn")
        press(page, "Gửi các đơn vị")
        self.check(page, "year-09-inspection-plan")
        page = self.open_year(LAO_CAI_HEAD)
        follow(page, "MAU-210/KH-KVTĐ")
        press(page, "Mở quyền xem cho Đoàn")
        page = self.open_year(LAO_CAI)
        follow(page, "MAU-210/KH-KVTĐ")
        page.set_input_files("#id_file", files=[file("báo cáo của đơn vị.pdf", 2)])
        press(page, "Gửi báo cáo")
        self.check(page, "year-10-notice")

    def inspect(self) -> None:
        """The team looks into the unit for as long as the inspection lasts, and not a moment longer."""
        page = self.open(TUYEN_QUANG, "/memberships/")
        page.locator("form", has_text=INSPECTED_UNIT).get_by_role("button").first.click()
        page.goto(f"{self.stack.url}/assignments/")
        expect(page.locator(".as strong")).to_contain_text("Lào Cai")
        expect(page.get_by_text("MAU-1/canbo.laocai")).to_be_visible()
        page = self.open_inspection()
        expect(page.get_by_text("báo cáo của đơn vị.pdf").first).to_be_visible()
        page.fill("#id_ended_on", "14/09/2021")
        press(page, "Ghi kết thúc")
        expect(page.get_by_text("hết ngày 24/09/2021")).to_be_visible()
        page = self.open(TUYEN_QUANG, "/assignments/")
        expect(page.locator(".as strong")).to_contain_text("Tuyên Quang")
        expect(page.get_by_text("MAU-1/canbo.laocai")).to_have_count(0)
        # The end was entered with the inspection; the campaign knows it from there.
        page = self.open(YEN_BAI, CAMPAIGN)
        expect(page.get_by_role("row", name=re.compile("^Kết thúc kiểm tra"))).to_contain_text("14/09/2021")
        self.complete("Tổ chức kiểm tra việc thực hiện phong trào", "MAU-210/KH-KVTĐ", "14/09/2021")

    def open_inspection(self) -> Page:
        page = self.open_year(YEN_BAI)
        follow(page, "Kiểm tra thực hiện phong trào năm 2021")
        follow(page, "Lào Cai")
        return page

    def tell_result(self) -> None:
        page = self.open_inspection()
        page.fill("#id_number", "MAU-225/BC-KVTĐ")
        page.fill("#id_issued_on", "17/09/2021")
        page.fill("#id_conclusion", "Đơn vị thực hiện đủ nội dung giao ước (kết luận giả định).")
        page.set_input_files("#id_minutes", files=[file("biên bản.pdf")])
        page.set_input_files("#id_result", files=[file("kết quả.pdf")])
        press(page, "Gửi kết quả")
        expect(page.get_by_text("Đã có kết quả").first).to_be_visible()
        self.check(page, "year-11-inspection")
        self.report(YEN_BAI, INSPECTED, "17/09/2021", OTHER)
        page = self.open_year(LAO_CAI)
        follow(page, "MAU-210/KH-KVTĐ")
        expect(page.get_by_text("Đơn vị thực hiện đủ nội dung giao ước")).to_be_visible()
        expect(page.get_by_role("link", name="biên bản.pdf")).to_be_visible()

    # November: yearly reports and score sheets

    def report_year(self) -> None:
        papers = ("Báo cáo tóm tắt", "Báo cáo tham luận")
        page = self.begin(TUYEN_QUANG, YEAR)
        self.attach(page, "Báo cáo tham luận", pages=3)
        self.refuses(page, "dài 3 trang", "không quá 2 trang A4")
        for paper in papers:
            self.attach(page, paper)
        self.send(page, "MAU-40/BC-STP", "08/11/2021")
        for account in (YEN_BAI, LAO_CAI):
            self.report(account, YEAR, "08/11/2021", *papers)

    def score_oneself(self) -> None:
        page = self.open_year(LAO_CAI)
        follow(page, "Lập bảng chấm điểm")
        press(page, "Lập bảng")
        follow(page, "Mở bảng chấm điểm năm 2021")
        follow(page, "Tự chấm điểm")
        for name, points in (("CM-1", "50"), ("CM-2", "30"), ("CM-3", "30"), ("XD-1", "30"), ("XD-2", "20")):
            self.give(page, name, points, "Số liệu giả định")
        for name, points in (("TD-1", "15"), ("TD-2", "12,5"), ("TD-3", "10")):
            self.give(page, name, points, "Số liệu giả định")
        press(page, "Lưu điểm")
        page = self.open_year(LAO_CAI_HEAD)
        follow(page, "Mở bảng chấm điểm năm 2021")
        press(page, "Gửi đơn vị chủ trì")
        expect(page.get_by_text("Đã gửi tới đơn vị chủ trì")).to_be_visible()

    def give(self, page: Page, item: str, points: str, words: str = "") -> None:
        page.fill(f"#id_points_{item}", points)
        page.fill(f"#id_words_{item}", words)

    # December: scores are settled, the conference is prepared, the next head takes over

    def score(self) -> None:
        """Each column says why it differs from the one before; without a reason it is not taken."""
        page = self.open_sheet(YEN_BAI)
        follow(page, "Chấm cột Đoàn kiểm tra")
        self.give(page, "CM-1", "40")
        press(page, "Lưu điểm")
        self.refuses(page, "Điểm khác 50 của cột trước: ghi lý do")
        self.check(page, "year-12-column")
        self.give(page, "CM-1", "40", "Một chỉ tiêu không đạt, theo biên bản kiểm tra (giả định).")
        press(page, "Lưu điểm")
        page = self.open_sheet(STANDING)
        follow(page, "Chấm cột Thường trực")
        self.give(page, "TD-3", "8", "Thiếu minh chứng (giả định).")
        press(page, "Lưu điểm")
        follow(page, "Chấm cột Hội đồng")
        self.give(page, "CM-1", "45", "Hội đồng ghi nhận chỉ tiêu hoàn thành một phần (giả định).")
        press(page, "Lưu điểm")
        press(page, "Chốt điểm")
        page = self.open_year(LAO_CAI)
        follow(page, "Mở bảng chấm điểm năm 2021")
        for words in ("197,5", "187,5", "185,5", "190,5", "Thiếu minh chứng (giả định)."):
            expect(page.get_by_text(words).first).to_be_visible()
        self.check(page, "year-13-sheet")

    def open_sheet(self, account: str) -> Page:
        page = self.open_year(account)
        follow(page, "Bảng chấm điểm đã nhận, xếp hạng")
        follow(page, "Lào Cai")
        return page

    def prepare_conference(self) -> None:
        self.report(YEN_BAI, "Trình Bộ Tư pháp kế hoạch", "01/12/2021", OTHER)
        page = self.open_year(YEN_BAI)
        follow(page, "Gửi dự thảo lấy ý kiến")
        page.fill("#id_title", "Dự thảo báo cáo tổng kết năm 2021 của Khu vực")
        page.fill("#id_last_day", "08/12/2021")
        page.set_input_files("#id_file", files=[file("dự thảo.pdf", 2)])
        press(page, "Gửi tới các thành viên")
        page = self.open_year(TUYEN_QUANG)
        follow(page, "Dự thảo báo cáo tổng kết năm 2021 của Khu vực")
        page.check("input[name=verdict][value=other]")
        press(page, "Gửi ý kiến")
        self.refuses(page, "Chưa ghi nội dung ý kiến")
        page.fill("#id_words", "Bổ sung số liệu của hai đơn vị (giả định).")
        press(page, "Gửi ý kiến")
        page = self.open_year(YEN_BAI)
        follow(page, "Dự thảo báo cáo tổng kết năm 2021 của Khu vực")
        expect(page.get_by_text("1 / 27 đơn vị đã trả lời")).to_be_visible()
        expect(page.get_by_text("Bổ sung số liệu của hai đơn vị")).to_be_visible()
        self.picture(page, "year-13b-opinions")

    def confer(self) -> None:
        self.complete("Tổ chức Hội nghị tổng kết", "MAU-300/BB-KVTĐ", "13/12/2021")
        self.report(YEN_BAI, REGION_YEAR, "13/12/2021", OTHER)
        page = self.open(STAFF, "/clusters/KVTD-MNPB/years/add/")
        page.fill("#id_year", "2022")
        page.fill("#id_decision_number", "MAU-2400/QĐ-BTP")
        page.fill("#id_decided_on", "10/12/2021")
        press(page, "Thêm năm")
        page = self.open_year(STAFF, 2022)
        follow(page, "Vai trò của Sở Tư pháp Tuyên Quang")
        page.check("input[name=role][value=head]")
        press(page, "Lưu")
        page = self.open_year(STAFF)
        follow(page, "Công bố bàn giao")
        open_work = [
            int(page.locator("tr", has_text=f"Việc thành viên {state}").locator("td").nth(1).inner_text())
            for state in ("chưa gửi", "đã gửi, chờ nhận")
        ]
        assert sum(open_work) == 81
        page.fill("#id_on", "14/12/2021")
        self.check(page, "year-14-announce")
        press(page, "Công bố")
        expect(page.get_by_text("chuyển cho đơn vị trưởng năm 2022 từ ngày 14/12/2021")).to_be_visible()

    def hand_over(self) -> None:
        def is_done() -> bool:
            return self.open_year(STAFF).get_by_text("Đã bàn giao").count() > 0

        wait_until(is_done, 120, what="beat and worker to hand the region over")
        page = self.open_year(TUYEN_QUANG)
        expect(page.get_by_text("Việc của đơn vị trưởng").first).to_be_visible()
        self.check(page, "year-15-new-head")
        page = self.open(TUYEN_QUANG, "/expected-work/?state=late")
        expect(page.get_by_text("75 việc quá hạn")).to_be_visible()
        page = self.open(YEN_BAI, "/expected-work/?state=open")
        expect(page.get_by_text("Không có việc nào ở tình trạng này")).to_be_visible()


def test_a_year_of_a_region(stack: Stack, sign_in: Callable[..., Page], pictures: Path) -> None:
    year = Year(stack, sign_in, pictures)
    year.day_comes(date(2021, 3, 1))
    year.launch_by_document()
    year.day_comes(date(2021, 3, 8))
    year.register_and_pledge()
    year.day_comes(date(2021, 6, 12))
    year.day_comes(date(2021, 6, 18))
    year.report_half_year()
    year.day_comes(date(2021, 6, 21))
    year.report_late()
    year.day_comes(date(2021, 9, 6))
    year.plan_inspection()
    year.day_comes(date(2021, 9, 14))
    year.inspect()
    year.day_comes(date(2021, 9, 17))
    year.tell_result()
    year.day_comes(date(2021, 11, 8))
    year.report_year()
    year.score_oneself()
    year.day_comes(date(2021, 12, 1))
    year.score()
    year.prepare_conference()
    year.day_comes(date(2021, 12, 13))
    year.confer()
    year.day_comes(date(2021, 12, 14))
    year.hand_over()
    assert list_sent(stack.mail_dir) == list_expected(date(2021, 12, 31)), "nothing came later, and nothing twice"
    assert year.faults == []
    for name in ("web", "worker"):
        assert "Traceback" not in stack.log(name)
