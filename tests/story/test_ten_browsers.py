"""Ten members vote in the same moment, one stands aside, one writes from afar, a tie is voted on again; then the count
is checked by a program that is not ours, and the minutes are signed and validated by one that is not ours either.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Download, FilePayload, Page, expect

from awards.signing import add_signature, open_identity
from tests.awards.certificates import PASSWORD, Issued, issue, openssl_verifies
from tests.stack import Stack
from tests.story.region_walk import RegionWalk
from tests.story.test_ballot_kills import shell
from tests.story.test_story import follow, press
from tests.story.voting_ground import CASES, MEMBERS, RULE_TITLE

pytestmark = pytest.mark.browser

CHECKER = Path(__file__).parents[2] / "docs" / "kiem-phieu" / "kiem_phieu.py"
GROUND = "from tests.story.voting_ground import {0}; {0}()"
ASIDE, ABSENT = 10, 11
HOLDERS = (0, 2, 3)  # chair, secretary, first teller: in the order in which they type
PHRASES = tuple(f"bốn từ không liên quan {number}" for number in HOLDERS)
HIDDEN = CASES[3]
# What the ten mark, and the absent member last: the first is chosen, the next two are equal on the last seat, the
# fourth misses its third of all.
FIRST_ROUND = [(0, 1)] * 5 + [(0, 2)] * 4 + [(2, 3), (3,)]
# Whoever stood aside for the fourth votes here, where the fourth does not stand.
SECOND_ROUND = [(1,)] * 7 + [(2,)] * 3 + [(), (2,)]
RECEIVED = "Đã nhận phiếu của đồng chí"


class Room(RegionWalk):
    """A browser for each member and one for the council's desk, opened by the sessions that the ground made."""

    def __init__(self, stack: Stack, pages: Callable[..., Page], pictures: Path, folder: Path) -> None:
        super().__init__(stack, pages, pictures)
        self.ground = json.loads(shell(stack, GROUND.format("write")).splitlines()[-1])
        self.folder = folder
        self.root = issue("Tổ chức chứng thực thử của chuyện")
        self.spread = 0.0
        self.checked: set[str] = set()
        self.desk = self._open(pages, self.ground["desk"])
        self.members = [self._open(pages, session) for session in self.ground["sessions"]]

    def _open(self, pages: Callable[..., Page], session: str) -> Page:
        page = pages()
        page.set_default_timeout(60_000)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.stack.url}])
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def check(self, page: Page, name: str) -> None:
        """Each kind of page once, however often the story comes by."""
        if name not in self.checked:
            self.checked.add(name)
            super().check(page, name)

    def at_sitting(self, number: int) -> Page:
        page = self.members[number]
        page.goto(f"{self.stack.url}/sittings/{self.ground['sitting']}/")
        return page

    def at_desk(self) -> Page:
        self.desk.goto(f"{self.stack.url}/council/sittings/{self.ground['sitting']}/")
        return self.desk

    # Before the ballot

    def stand_aside(self) -> None:
        """A member declares; from then on the dossier is not there for them."""
        page = self.at_sitting(ASIDE)
        case = page.get_by_role("link", name=HIDDEN, exact=True)
        address = f"{self.stack.url}{case.get_attribute('href')}"
        follow(page, "Khai báo không tham gia")
        page.select_option("#id_case", label=f"4. {HIDDEN}")
        page.get_by_label("Có quan hệ gia đình, họ hàng").check()
        page.fill("#id_reason", "Em ruột của người được đề nghị (giả định).")
        self.check(page, "conflict-declared")
        press(page, "Khai báo không tham gia")
        expect(page.locator("#truong-hop")).not_to_contain_text(HIDDEN)
        expect(page.locator("#truong-hop")).to_contain_text(CASES[0])
        expect(page.get_by_text(f"{HIDDEN}, không tham gia: tự khai báo")).to_be_visible()
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        assert HIDDEN not in page.content()

    def call_the_roll(self) -> None:
        page = self.at_desk()
        for seat in page.locator("#diem-danh fieldset").all():
            absent = MEMBERS[ABSENT] in seat.inner_text()
            seat.locator(f"input[value={'absent' if absent else 'present'}]").check()
            if absent:
                seat.locator("input[type=text]").fill("Đi công tác")
        press(page, "Lưu điểm danh")
        expect(page.get_by_text("có mặt 11/12 thành viên")).to_be_visible()

    def prepare(self) -> None:
        page = self.at_desk()
        follow(page, "Lập lượt bỏ phiếu")
        page.fill("#id_title", "Chọn hai điển hình (giả định)")
        page.get_by_label("Chọn không quá số lượng của nhóm").check()
        rule = page.locator("#id_rule option", has_text=RULE_TITLE).get_attribute("value")
        page.select_option("#id_rule", rule)
        page.fill("#id_seats", "2")
        press(page, "Lập và kiểm tra điều kiện")

    def open_ballot(self, base: str) -> None:
        """The check-list says whom it asks and of how many; three people type, each twice."""
        page = self.desk
        expect(page.get_by_text(f"Có mặt {base} thành viên, cần ít nhất 2/3")).to_be_visible()
        expect(page.get_by_text(f"Gửi trên máy trong lúc mở: {MEMBERS[ABSENT]}")).to_be_visible()
        self.check(page, "check-list")
        follow(page, "Tạo khóa và mở")
        fields = page.locator("input[type=password]")
        for number, phrase in enumerate(PHRASES):
            fields.nth(2 * number).fill(phrase)
            fields.nth(2 * number + 1).fill(phrase)
        press(page, "Tạo khóa và mở bỏ phiếu")
        expect(page.get_by_role("heading", name="Ai đã bỏ phiếu")).to_be_visible(timeout=60_000)

    # Voting

    def fill_in(self, page: Page, marked: Sequence[int]) -> None:
        for case in marked:
            page.get_by_label(CASES[case]).check()
        press(page, "Xem lại lựa chọn")

    def vote(self, marks: Sequence[Sequence[int]]) -> set[str]:
        """All press in the same moment; then the absent member sends an opinion. Returns the prints they were shown."""
        pages = self.members[: len(marks) - 1]
        follow(self.at_sitting(0), "Bỏ phiếu kín")
        for page, marked in zip(pages, marks, strict=False):
            if page is not pages[0]:
                page.goto(pages[0].url.replace("/check/", "/"))
            self.fill_in(page, marked)
        self.check(pages[0], "paper-checked")
        moment = time.time() * 1000 + 1500
        for page in pages:
            button = page.locator("main").get_by_role("button", name="Bỏ phiếu", exact=True)
            button.evaluate("(one, at) => { setTimeout(() => one.click(), at - Date.now()) }", moment)
        for page in pages:
            expect(page.get_by_text(RECEIVED)).to_be_visible(timeout=30_000)
        pressed = [page.evaluate("performance.timeOrigin") for page in pages]
        self.spread = max(self.spread, (max(pressed) - min(pressed)) / 1000)
        self.check(pages[9], "received")
        away = self.at_sitting(ABSENT)
        follow(away, "Gửi ý kiến bằng văn bản")
        self.fill_in(away, marks[-1])
        expect(away.get_by_text("gửi ý kiến bằng văn bản của đồng chí")).to_be_visible()
        self.check(away, "opinion")
        press(away, "Bỏ phiếu")
        expect(away.get_by_text(RECEIVED)).to_be_visible()
        return {page.locator(".print code").inner_text() for page in [*pages, away]}

    def refuse_others(self) -> None:
        """Who stands aside gets no paper, and who voted gets no second one."""
        page = self.at_sitting(ASIDE)
        expect(page.get_by_text("Đồng chí không có trong danh sách bỏ phiếu của lượt này.")).to_be_visible()
        follow(page, "Xem tình trạng")
        paper = page.url.removesuffix("result/")
        for number, words in ((ASIDE, "không có trong danh sách bỏ phiếu"), (0, RECEIVED)):
            self.members[number].goto(paper)
            self.refuses(self.members[number], words)

    def count(self, prints: set[str]) -> None:
        """Two of three open the urn; every print that a member was shown is published, and no other."""
        page = self.desk
        page.reload()
        cast = len(prints) - 1
        expect(page.get_by_text(f"Đã nhận {cast}/{cast} phiếu")).to_be_visible()
        press(page, "Đóng bỏ phiếu")
        assert set(page.locator(".prints code").all_inner_texts()) == prints
        fields = page.locator("input[type=password]")
        fields.nth(0).fill(PHRASES[0])
        fields.nth(2).fill(PHRASES[2])
        press(page, "Mở hòm và kiểm phiếu")
        expect(page.get_by_role("heading", name="Kết quả kiểm phiếu")).to_be_visible(timeout=60_000)
        self.check(page, "count")

    def read_result(self, ballot: str, base: str) -> dict[str, tuple[str, str]]:
        """What a member is shown of each case: share and outcome. The files beside it are counted by the checker."""
        page = self.at_sitting(1)
        page.get_by_role("link", name=re.compile(f"^Xem kết quả.*{re.escape(ballot)}$")).click()
        page.wait_for_load_state()
        expect(page.get_by_text(base)).to_be_visible()
        self.check(page, "result")
        shown = read_outcomes(page)
        papers, counts = (
            download(page, "Tải tệp phiếu để kiểm lại", self.folder),
            download(page, "Tải kết quả", self.folder),
        )
        checked = check_count(papers, counts)
        assert checked == [share for share, _ in shown.values()], (checked, shown)
        return shown

    # Minutes

    def write_minutes(self) -> None:
        page = self.at_desk()
        press(page, "Kết thúc phiên họp")
        page = self.at_desk()
        while page.locator("#bien-ban form").count():
            page.locator("#bien-ban form button").first.click()
            page.wait_for_load_state()
            follow(page, "Viết phần lời")
            page.fill("#id_number", "02/BB-MAU")
            if page.locator("#id_began_at").count():
                page.fill("#id_began_at", "08:00")
                page.fill("#id_ended_at", "10:30")
            page.fill("#id_course", "Hội đồng nghe báo cáo từng trường hợp (lời giả định).")
            press(page, "Lưu")
            self.check(page, "minutes-draft")
            press(page, "Gửi ký")
            expect(page.get_by_text("SHA-256 khi gửi ký").first).to_be_visible()
            page = self.at_desk()

    def sign(self, number: int, *, outside: bool = False) -> None:
        """Every minutes that wait for this member: by a file of a certificate, or by a tool of their own."""
        who = issue(MEMBERS[number], self.root)
        page = self.at_sitting(number)
        while page.get_by_role("link", name="Đọc và ký").count():
            follow(page, "Đọc và ký")
            if outside:
                paper = download(page, "Tải biên bản (PDF)", self.folder)
                follow(page, "Tải bản đã ký lên")
                page.set_input_files("#id_signed", files=[signed_outside(paper.read_bytes(), who)])
                press(page, "Kiểm tra và lưu bản đã ký")
            else:
                follow(page, "Ký bằng tệp chứng thư")
                page.set_input_files("#id_certificate", files=[_file("chung-thu.p12", who.bundle())])
                page.fill("#id_password", PASSWORD)
                self.check(page, "minutes-sign")
                press(page, "Ký biên bản")
            expect(page.get_by_text("Đã ký. Chữ ký đã được ghi vào biên bản.")).to_be_visible()
            page = self.at_sitting(number)

    def validate_minutes(self) -> list[list[bool]]:
        """Download every minutes as a member does, and let openssl judge them up to the test's own root."""
        told = []
        page = self.at_sitting(ABSENT)
        for number in range(page.get_by_role("link", name="Xem Biên bản").count()):
            page = self.at_sitting(ABSENT)
            page.get_by_role("link", name="Xem Biên bản").nth(number).click()
            page.wait_for_load_state()
            self.check(page, "minutes-signed")
            paper = download(page, "Tải biên bản (PDF)", self.folder).read_bytes()
            told.append(openssl_verifies(paper, self.root, self.folder))
            assert not any(openssl_verifies(paper.replace(b"/Lang", b"/Lamg", 1), self.root, self.folder))
        return told


def read_outcomes(page: Page) -> dict[str, tuple[str, str]]:
    """Share and outcome of each case, as the table of a count shows them."""
    return {
        row.locator("strong").inner_text(): (
            row.locator("td[data-label='Tỷ lệ']").inner_text().split()[0],
            row.locator("td[data-label='Kết quả']").inner_text(),
        )
        for row in page.locator("tbody tr:has(td[data-label='Tỷ lệ'])").all()
    }


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    found: Download = waiting.value
    path = folder / f"{time.monotonic_ns()}-{found.suggested_filename}"
    found.save_as(path)
    return path


def _file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


def signed_outside(paper: bytes, who: Issued) -> FilePayload:
    """What a token's tool makes of the downloaded file."""
    identity = open_identity(who.bundle(), PASSWORD, at=who.certificate.not_valid_before_utc)
    # In a thread of its own: this one belongs to Playwright's loop of events.
    with ThreadPoolExecutor(1) as tool:
        signed = tool.submit(add_signature, paper, identity, field="NgoaiMayChu", reason="").result()
    return _file("da-ky.pdf", signed)


def check_count(papers: Path, counts: Path) -> list[str]:
    """The shares that the stand-alone checker counts; it must say that the published result is the same."""
    for more in ([], ["--json"]):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", CHECKER, papers, counts, *more], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert more or done.stdout.rstrip().endswith("KHỚP với kết quả đã công bố"), done.stdout
    contests = json.loads(done.stdout)["contests"]
    return [one["share"] for contest in contests for one in contest["candidates"].values()]


@pytest.fixture
def room(stack: Stack, open_page: Callable[..., Page], pictures: Path, tmp_path: Path) -> Iterator[Room]:
    yield Room(stack, open_page, pictures, tmp_path)
    shell(stack, GROUND.format("clear_away"))


def test_ten_vote_at_once_and_everything_published_holds(room: Room, record_property: Callable[..., None]) -> None:
    before = len(room.stack.log("web"))
    room.stand_aside()
    room.call_the_roll()
    room.prepare()
    room.open_ballot("10/11")
    prints = room.vote(FIRST_ROUND)
    room.refuse_others()
    room.count(prints)
    first = room.read_result("Chọn hai điển hình (giả định)", "(11 thành viên, có mặt 10)")
    assert first == {
        CASES[0]: ("9/11", "Đạt"),
        CASES[1]: ("5/11", "Bằng phiếu, cần vòng hai"),
        CASES[2]: ("5/11", "Bằng phiếu, cần vòng hai"),
        CASES[3]: ("2/11", "Không đạt"),
    }
    press(room.at_desk(), "Lập vòng sau")
    room.open_ballot("11/12")
    room.count(room.vote(SECOND_ROUND))
    second = room.read_result("(vòng 2)", "(12 thành viên, có mặt 11)")
    assert second == {CASES[1]: ("7/12", "Đạt"), CASES[2]: ("4/12", "Không đạt")}
    room.write_minutes()
    for number in (0, 2, 4):
        room.sign(number)
    room.sign(3, outside=True)
    assert room.validate_minutes() == [[True, True]] * 3
    record_property("ten pressed within, seconds", round(room.spread, 3))
    assert room.faults == []
    assert "Traceback" not in room.stack.log("web")[before:]
