"""The conference of the region of 2021: heads of units, one vote a unit, choose the flags of the sector in three groups
and then, among those chosen only, whom to propose for the flag of the Government. The cases come from the members, and
what was voted goes back to them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.story.conference_ground import HEADS, STANDING
from tests.story.region_walk import RegionWalk
from tests.story.test_ballot_kills import shell
from tests.story.test_story import follow, press
from tests.story.test_ten_browsers import check_count, download, read_outcomes

pytestmark = pytest.mark.browser

CONVENED, HELD = date(2021, 12, 6), date(2021, 12, 8)
SITTING = "Bỏ phiếu Cờ thi đua năm 2021 (giả định)"
PHRASES = ("cùng nhau thi đua yêu nước một", "cùng nhau thi đua yêu nước hai", "cùng nhau thi đua yêu nước ba")
GROUND = "from tests.story.conference_ground import write; write()"
CASE = "Sở Tư pháp Tuyên Quang"
Marks = Sequence[Sequence[int]]
"""Of each group of the paper, the cases marked, by their place in it."""

# Five mark the first of each group and two the last, so that no group is tied and every quota bites.
MANY: Marks = (range(4), range(4), range(13))
FEW: Marks = (range(1, 5), range(1, 5), range(2, 15))
TOO_MANY: Marks = (range(5), range(4), range(14))
SECTOR = [MANY] * 5 + [FEW] * 2
# Among the twenty-one chosen, on one list: four for the second and sixth, three for the sixth and ninth.
GOVERNMENT: Sequence[Marks] = [((1, 5),)] * 4 + [((5, 8),)] * 3


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """An installation in the December of the region's year."""
    home = settings.TEST_SCRATCH / "stack-conference"
    home.mkdir(mode=0o755)
    installation = Stack(home)
    installation.environment |= {"DEMONSTRATION_DAY": CONVENED.isoformat()}
    try:
        installation.start("load_voting_rules")
        yield installation
    finally:
        installation.close()


class Conference(RegionWalk):
    """The desk of the leading unit, and the seven heads, each at their own browser."""

    def __init__(self, stack: Stack, pages: Callable[..., Page], pictures: Path, folder: Path) -> None:
        super().__init__(stack, pages, pictures)
        self.folder = folder
        ground = json.loads(shell(stack, GROUND).splitlines()[-1])
        self.desk = self._open(pages, ground["desk"])
        self.heads = [self._open(pages, ground["heads"][code]) for code in HEADS]

    def _open(self, pages: Callable[..., Page], session: str) -> Page:
        page = pages()
        page.set_default_timeout(60_000)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.stack.url}])
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    # Convening

    def convene(self) -> None:
        page = self.desk
        page.goto(f"{self.stack.url}/councils/")
        follow(page, "Lập Hội nghị")
        page.fill("#id_number", "300/GM-KVTĐ")
        page.fill("#id_decided_on", f"{CONVENED:%d/%m/%Y}")
        press(page, "Lập Hội nghị")
        expect(page.get_by_text("7 người")).to_be_visible()
        self.council = page.url
        press(page, "Cập nhật người đứng đầu")
        expect(page.get_by_text("chưa có tài khoản thủ trưởng")).to_have_count(21)
        self.check(page, "conference")
        for code, duty in ((HEADS[1], "#id_is_secretary"), (HEADS[2], "#id_is_teller")):
            page.goto(self.council)
            page.get_by_role("link", name=f"Thay đổi của thutruong.{code.lower()} Mẫu").click()
            page.wait_for_load_state()
            page.check(duty)
            page.fill("#id_valid_from", "07/12/2021")
            page.fill("#id_document", "301/GM-KVTĐ")
            page.locator("main form button[type=submit]").click()
            page.wait_for_load_state()

    # Cases come

    def send(self) -> None:
        """The head who keeps the minutes sends their unit's case; it is returned once, and sent again."""
        head, desk = self.heads[1], self.desk
        head.goto(f"{self.stack.url}/conferences/")
        self.check(head, "conferences")
        follow(head, "năm 2021")
        self._press_send(head, "case-send")
        desk.goto(self.council)
        follow(desk, "Trường hợp các đơn vị gửi")
        self.arrivals = desk.url
        expect(desk.get_by_text(f"{sum(STANDING.values())} trường hợp chờ tiếp nhận")).to_be_visible()
        expect(desk.locator("#chua-gui").get_by_text("Sở Tư pháp tỉnh Phú Thọ")).to_be_visible()
        self.check(desk, "cases-received")
        desk.locator("table").get_by_role("link", name=CASE).click()
        desk.wait_for_load_state()
        self.check(desk, "case-received")
        follow(desk, "Trả lại")
        desk.fill("#id_reason", "Ghi rõ số liệu thi đua của năm 2021.")
        press(desk, "Trả lại đơn vị gửi")
        head.reload()
        expect(head.get_by_text("Ghi rõ số liệu thi đua của năm 2021.")).to_be_visible()
        self.check(head, "case-returned")
        self._press_send(head, "case-sent-again")
        desk.goto(self.arrivals)
        press(desk, "Tiếp nhận các trường hợp đã chọn")
        expect(desk.get_by_text(f"Đã tiếp nhận {sum(STANDING.values())} trường hợp")).to_be_visible()

    def _press_send(self, head: Page, picture: str) -> None:
        follow(head, "Gửi lên Hội nghị")
        self.check(head, picture)
        press(head, "Gửi lên Hội nghị")
        expect(head.get_by_text("Đã gửi, chờ tiếp nhận")).to_be_visible()

    def tell(self) -> None:
        """What was voted goes back to the members, each of whom reads its own."""
        desk, head = self.desk, self.heads[1]
        desk.goto(self.sitting)
        press(desk, "Gửi kết quả về các đơn vị")
        expect(desk.get_by_text(f"Đã gửi kết quả của {sum(STANDING.values())} trường hợp")).to_be_visible()
        self.check(desk, "results-told")
        head.goto(f"{self.stack.url}/memberships/")
        head.locator("form.pick", has_text="Thủ trưởng đơn vị").get_by_role("button").click()
        head.wait_for_load_state()
        head.goto(f"{self.stack.url}/conferences/")
        follow(head, "năm 2021")
        self.check(head, "results-at-home")
        head.locator("#da-gui").get_by_role("link", name=CASE).first.click()
        head.wait_for_load_state()
        shown = head.locator("#ket-qua tbody td:nth-child(n+3)").all_inner_texts()
        assert [" ".join(one.split()) for one in shown] == [
            "đồng ý 7/7 (100 %)",
            "Được suy tôn",
            "đồng ý 0/7 (0 %)",
            "Không được đề nghị",
        ]
        self.check(head, "result-of-a-case")
        follow(head, "Mở đề nghị gốc")
        expect(head.get_by_text("Chờ Thường trực thẩm tra").first).to_be_visible()
        expect(head.get_by_text("được suy tôn, đồng ý 7/7")).to_be_visible()

    def assemble(self) -> None:
        """The day comes; the cases are put before the conference, and everybody is there."""
        self.stack.move_clock(HELD)
        page = self.desk
        page.goto(self.council)
        follow(page, "Lập phiên họp")
        page.fill("#id_title", SITTING)
        page.fill("#id_held_on", f"{HELD:%d/%m/%Y}")
        page.fill("#id_place", "Yên Bái")
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()
        self.sitting = page.url
        press(page, "Đưa tất cả vào chương trình")
        expect(page.get_by_text(f"{sum(STANDING.values())} trường hợp").first).to_be_visible()
        for seat in page.locator("#diem-danh fieldset").all():
            seat.locator("input[value=present]").check()
        press(page, "Lưu điểm danh")
        expect(page.get_by_text("có mặt 7/7 thành viên")).to_be_visible()

    # Ballots

    def select_rule(self, words: str) -> None:
        rule = self.desk.locator("#id_rule option", has_text=words).get_attribute("value")
        self.desk.select_option("#id_rule", rule)

    def prepare_sector_flag(self) -> None:
        """Three groups with the numbers of the plan, laid out by the kinds of units."""
        page = self.desk
        follow(page, "Lập lượt bỏ phiếu")
        page.fill("#id_title", "Cờ thi đua ngành Tư pháp năm 2021")
        page.get_by_label("Chọn không quá số lượng của nhóm").check()
        page.get_by_label("Theo loại đơn vị").check()
        self.select_rule("Cờ thi đua ngành Tư pháp")
        press(page, "Lập và kiểm tra điều kiện")
        self.check(page, "groups")
        press(page, "Lưu các nhóm")
        for group in ("Sở Tư pháp, được chọn không quá 4", "Cục Thi hành án dân sự, được chọn không quá 4"):
            expect(page.get_by_text(group)).to_be_visible()
        expect(page.get_by_text("Chi cục Thi hành án dân sự, được chọn không quá 13")).to_be_visible()
        expect(page.get_by_text("Không có thành viên nào phải đứng ngoài")).to_be_visible()

    def prepare_government_flag(self) -> None:
        """Only those chosen may be asked about; the result before it stays as it is."""
        page = self.desk
        page.goto(self.sitting)
        follow(page, "Lập lượt trong số đã được chọn")
        page.fill("#id_title", "Đề nghị Cờ thi đua của Chính phủ năm 2021")
        page.get_by_label("Chọn trong số đó để đề nghị cấp trên").check()
        self.select_rule("Cờ thi đua của Chính phủ")
        page.fill("#id_seats", "2")
        self.check(page, "winners-ballot")
        press(page, "Lập và kiểm tra điều kiện")
        follow(page, "Tới lượt bỏ phiếu")
        expect(page.get_by_text("21 trường hợp để bỏ phiếu")).to_be_visible()

    def open_ballot(self) -> None:
        page = self.desk
        expect(page.get_by_text("Có mặt 7/7 thành viên")).to_be_visible()
        follow(page, "Tạo khóa và mở")
        fields = page.locator("input[type=password]")
        for number, phrase in enumerate(PHRASES):
            fields.nth(2 * number).fill(phrase)
            fields.nth(2 * number + 1).fill(phrase)
        press(page, "Tạo khóa và mở bỏ phiếu")
        expect(page.get_by_role("heading", name="Ai đã bỏ phiếu")).to_be_visible(timeout=60_000)

    def sit_down(self) -> None:
        """Each head changes from the duty at home to the seat in the conference."""
        for page in self.heads:
            page.goto(f"{self.stack.url}/memberships/")
            page.locator("form.pick", has_text="Thành viên Hội đồng").get_by_role("button").click()
            page.wait_for_load_state()

    def mark(self, page: Page, marks: Marks) -> None:
        for group, places in enumerate(marks):
            boxes = page.locator("fieldset.paper").nth(group).locator("input[type=checkbox]")
            for place, box in enumerate(boxes.all()):
                box.set_checked(place in places)
        press(page, "Xem lại lựa chọn")

    def vote(self, papers: Sequence[Marks], *, too_many: Marks, refused: Sequence[str]) -> None:
        """Seven vote; the first begins with too many, is told where, and finds their marks as they were."""
        first, *others = self.heads
        first.goto(f"{self.stack.url}/sittings/")
        follow(first, SITTING)
        follow(first, "Bỏ phiếu kín")
        paper = first.url
        self.mark(first, too_many)
        self.refuses(first, "Chưa nhận phiếu của đồng chí", *refused)
        expect(first.locator("input[type=checkbox]:checked")).to_have_count(sum(map(len, too_many)))
        self.check(first, f"too-many-{len(too_many)}")
        for page in others:
            page.goto(paper)
        for page, marks in zip(self.heads, papers, strict=True):
            self.mark(page, marks)
            press(page, "Bỏ phiếu")
            expect(page.get_by_text("Đã nhận phiếu của đồng chí")).to_be_visible()

    def count(self) -> None:
        page = self.desk
        page.reload()
        press(page, "Đóng bỏ phiếu")
        fields = page.locator("input[type=password]")
        fields.nth(0).fill(PHRASES[0])
        fields.nth(1).fill(PHRASES[1])
        press(page, "Mở hòm và kiểm phiếu")
        expect(page.get_by_role("heading", name="Kết quả kiểm phiếu")).to_be_visible(timeout=60_000)

    def read_result(self, ballot: str) -> list[tuple[str, str]]:
        """What a head of another unit reads, case by case; the checker counts the files beside it."""
        page = self.heads[6]
        page.goto(f"{self.stack.url}/sittings/")
        follow(page, SITTING)
        follow(page, f"Xem kết quả {ballot}")
        shown = list(read_outcomes(page).values())
        self.check(page, f"result-{len(shown)}")
        files = [download(page, name, self.folder) for name in ("Tải tệp phiếu để kiểm lại", "Tải kết quả")]
        assert check_count(files[0], files[1]) == [share for share, _ in shown]
        return shown


@pytest.fixture
def conference(stack: Stack, open_page: Callable[..., Page], pictures: Path, tmp_path: Path) -> Conference:
    return Conference(stack, open_page, pictures, tmp_path)


def outcomes(votes: Sequence[int], word: str, *, least: int) -> list[tuple[str, str]]:
    """What a table says of cases with so many votes of seven; from `least` on they are chosen."""
    return [(f"{one}/7", word if one >= least else f"Không {word[0].lower()}{word[1:]}") for one in votes]


def test_the_region_chooses_its_flags_in_groups_and_then_among_the_winners(conference: Conference) -> None:
    conference.convene()
    conference.send()
    conference.assemble()
    conference.prepare_sector_flag()
    conference.open_ballot()
    conference.sit_down()
    told = ("Sở Tư pháp: đã chọn 5, chỉ được chọn tối đa 4", "đã chọn 14, chỉ được chọn tối đa 13")
    conference.vote(SECTOR, too_many=TOO_MANY, refused=told)
    conference.count()
    sector = conference.read_result("Cờ thi đua ngành Tư pháp năm 2021")
    votes = [5, 7, 7, 7, 2, 0, *[5, 7, 7, 7, 2], *[5, 5], *[7] * 11, *[2, 2]]
    assert sector == outcomes(votes, "Đạt", least=5)
    conference.prepare_government_flag()
    conference.open_ballot()
    conference.vote(GOVERNMENT, too_many=((0, 1, 2),), refused=("đã chọn 3, chỉ được chọn tối đa 2",))
    conference.count()
    government = conference.read_result("Đề nghị Cờ thi đua của Chính phủ năm 2021")
    chosen = {1: 4, 5: 7, 8: 3}
    assert government == outcomes([chosen.get(place, 0) for place in range(21)], "Được đề nghị", least=4)
    conference.tell()
    assert conference.faults == []
    assert "Traceback" not in conference.stack.log("web")
