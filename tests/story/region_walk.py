"""How people of a region's year work the screens, and how a day comes."""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from tests.builders import pdf
from tests.stack import Stack, wait_until
from tests.story.region_letters import list_expected, list_sent
from tests.story.test_story import check_page, follow, press

OFFICE = ZoneInfo("Asia/Ho_Chi_Minh")
NARROW = ViewportSize(width=390, height=844)
USUAL = ViewportSize(width=1366, height=768)


def file(name: str, pages: int = 1) -> FilePayload:
    return FilePayload(name=name, mimeType="application/pdf", buffer=pdf(pages=pages).read())


class RegionWalk:
    """Each person at their own browser; the clock, the worker and the mail catcher beside them."""

    def __init__(self, stack: Stack, sign_in: Callable[..., Page], pictures: Path) -> None:
        self.stack, self.sign_in, self.pictures = stack, sign_in, pictures
        self.faults: list[str] = []
        self.listened: set[str] = set()
        self.bookmarks: dict[int, str] = {}

    # Days

    def day_comes(self, day: date) -> None:
        """Move the clock, and wait until beat and worker have told everybody what is due; nobody else is told."""
        self.stack.move_clock(day)
        wanted = list_expected(day)
        first = self.pulse()
        wait_until(
            lambda: self.pulse_day() == day and self.pulse() != first and self.is_settled(len(wanted)),
            120,
            what=f"the letters of {day}",
        )
        assert list_sent(self.stack.mail_dir) == wanted

    def pulse(self) -> datetime | None:
        """When beat and worker last looked for what is due, by the moved clock."""
        rows = self.stack.ask("SELECT seen_at FROM campaigns_workerpulse WHERE name = 'worker'")
        return rows[0][0] if rows else None

    def pulse_day(self) -> date | None:
        seen = self.pulse()
        return seen.astimezone(OFFICE).date() if seen else None

    def is_settled(self, letters: int) -> bool:
        """Whether so many letters, or more, were written and none of them waits."""
        sent = [state == "sent" for (state,) in self.stack.ask("SELECT state FROM campaigns_reminderletter")]
        return len(sent) >= letters and all(sent)

    # Screens

    def open(self, account: str, path: str) -> Page:
        page = self.sign_in(account)
        if account not in self.listened:
            self.listened.add(account)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(f"{self.stack.url}{path}")
        return page

    def open_year(self, account: str, number: int = 2021) -> Page:
        """The page of a year of the region: found once, by the way that a person goes, and kept as a bookmark."""
        if number not in self.bookmarks:
            page = self.open(account, "/clusters/KVTD-MNPB/")
            page.locator("main").get_by_role("link", name=str(number)).first.click()
            page.wait_for_load_state()
            self.bookmarks[number] = page.url.removeprefix(self.stack.url)
            return page
        return self.open(account, self.bookmarks[number])

    def check(self, page: Page, name: str) -> None:
        """Nobody is kept out of the page, and it fits a telephone."""
        check_page(page, name)
        page.set_viewport_size(NARROW)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(USUAL)
        assert width <= NARROW["width"], f"{name} is {width} pixels wide on a telephone"
        self.picture(page, name)

    def picture(self, page: Page, name: str) -> None:
        """The page as a desk and a telephone show it; long pages take long to draw, so only for somebody who looks."""
        if "SCREENS_DIR" not in os.environ:
            return
        page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        page.set_viewport_size(NARROW)
        page.screenshot(path=self.pictures / f"{name}-narrow.png", full_page=True)
        page.set_viewport_size(USUAL)

    # Filing

    def begin(self, account: str, title: str) -> Page:
        page = self.open(account, "/assignments/")
        follow(page, title)
        press(page, "Soạn và gửi")
        return page

    def attach(self, page: Page, paper: str, *, pages: int = 1) -> None:
        """Hand in a file of so many pages, as one of the papers in the list; some plans name none."""
        page.locator("#id_paper option", has_text=paper).first.evaluate("option => option.selected = true")
        page.set_input_files("#id_file", files=[file(f"{paper}, {pages} trang.pdf", pages)])
        press(page, "Tải tệp lên")

    def send(self, page: Page, number: str, day: str) -> None:
        page.fill("#id_document_number", number)
        page.fill("#id_document_date", day)
        press(page, "Kiểm lại trước khi gửi")
        page.locator("form[action$='/send/'] button").click()
        expect(page.get_by_text("Biên nhận").first).to_be_visible()

    def refuses(self, page: Page, *words: str) -> None:
        """The page says why not, with all these words."""
        notice = page.get_by_role("alert").first
        for one in words:
            expect(notice).to_contain_text(one)
