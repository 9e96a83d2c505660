"""Two Cục become one on 1/7/2025, walked in a browser: planned before, done by beat and worker on the day."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from config import serve
from tests.reports.reading import text_of
from tests.stack import Stack, wait_until
from tests.story.conftest import PASSWORD
from tests.story.test_story import check_page, file, follow, press

pytestmark = pytest.mark.browser

BEFORE, THE_DAY, AFTER = "2025-06-20", "2025-07-01", "2025-08-15"
BAC_KAN = "Cục Thi hành án dân sự tỉnh Bắc Kạn"
THAI_NGUYEN = "Cục Thi hành án dân sự tỉnh Thái Nguyên"
HEIR = "Thi hành án dân sự tỉnh Thái Nguyên"
PERSON = "Nông Thị Sáp Nhập"

# What the demonstration has none of: an administrator of the ministry, and in Bắc Kạn a clerk, somebody with a
# record of 2023, and the task of nominating. All of them are invented.
GROUND = f"""
from datetime import date
from campaigns.models import Assignment, Obligation
from units.models import Grading, Membership, Posting, Unit, User
from units.scoping import maintenance_scope
from units.services.people import add_person

def account(name, unit, role):
    user = User.objects.create_user(name, {PASSWORD!r}, display_name="Người Giả Định", email=name + "@example.vn")
    Membership.objects.create(user=user, unit=unit, role=role, valid_from=date(2021, 1, 1))

with maintenance_scope("the ground of a story"):
    backan = Unit.objects.get(code="CTHADS-BKA")
    account("quantri.sapxep", Unit.objects.get(code="BTP"), "administrator")
    account("canbo.backan", backan, "clerk")
    person = add_person(backan, {PERSON!r}, staff_code="MAU-BK-1", gender="female", employment="civil-servant")
    Posting.objects.create(unit=backan, person=person, position="Chấp hành viên", valid_from=date(2021, 1, 1))
    Grading.objects.create(
        unit=backan, person=person, year=2023, grade="excellent", decision_number="MAU-23", decided_on=date(2023, 12, 5)
    )
    duty = Obligation.objects.filter(
        kind="nomination", campaign__code="TNG-DHTT-2023", phase__closes_on__gte=date(2025, 7, 1)
    ).first()
    Assignment.objects.create(unit=backan, obligation=duty, last_day=date(2025, 12, 1))
"""


# A reorganisation cannot be undone, so this story has an installation of its own.
@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    home = settings.TEST_SCRATCH / "stack-2025"
    home.mkdir(mode=0o755)
    installation = Stack(home)
    try:
        installation.start()
        installation.manage("shell", "-c", GROUND)
        turn_clock(installation, BEFORE, "web")
        yield installation
    finally:
        installation.close()


def turn_clock(stack: Stack, day: str, *names: str) -> None:
    """Another day comes: the processes, all or those named, start anew with it, as after a restart of the machine."""
    names = names or ("web", "worker", "beat")
    for name in names:
        stack.stop_process(name)
    stack.environment["DEMONSTRATION_DAY"] = day
    for name in names:
        stack.start_process(name)
    assert serve.wait_until_ready(stack.port)


def choose(page: Page, name: str) -> None:
    page.locator("li.pick", has_text=name).first.get_by_role("button").click()
    page.wait_for_load_state()


def plan_merger(page: Page, url: str) -> str:
    page.goto(f"{url}/units/")
    follow(page, "Sắp xếp tổ chức")
    follow(page, "Lập việc sắp xếp")
    page.locator("input[value=merge]").check()
    press(page, "Tiếp tục")
    address = page.url
    for words, name in (("bac kan cuc", BAC_KAN), ("cuc thai nguyen tinh", THAI_NGUYEN)):
        page.goto(f"{address}?q={words}")
        choose(page, name)
    check_page(page, "units")
    follow(page, "Tiếp: sau sắp xếp")
    page.fill("#id_name", HEIR)
    page.fill("#id_short_name", "THADS tỉnh Thái Nguyên")
    page.fill("#id_code", "THADS-TNG-2025")
    page.select_option("#id_kind", "thads-tinh")
    page.fill("#id_place", "Thái Nguyên")
    page.get_by_label("Có tư cách pháp nhân").check()
    press(page, "Lưu đơn vị mới")
    check_page(page, "results")
    follow(page, "Tiếp: ngày và quyết định")
    page.fill("#id_on", "01/07/2025")
    page.fill("#id_decision_number", "MAU-7/QĐ-BTP")
    page.fill("#id_decided_on", "15/06/2025")
    page.fill("#id_issuer", "Bộ trưởng Bộ Tư pháp")
    check_page(page, "decision")
    press(page, "Lưu và xem trước")
    return page.url


def nominate_collective(page: Page, url: str) -> str:
    """A draft that names Cục Bắc Kạn itself, while it still stands."""
    page.goto(f"{url}/nominations/add/")
    page.select_option("#id_nominee", label=BAC_KAN)
    page.fill("#id_year", "2023")
    press(page, "Tạo bản nháp")
    for field in ("duties", "achievements", "initiatives"):
        page.fill(f"#id_{field}", "Nội dung giả định")
    press(page, "Lưu bản nháp")
    page.set_input_files("#id_file", files=[file("biên bản họp.pdf")])
    press(page, "Đính kèm")
    return page.url.split("#")[0]


def test_bac_kan_and_thai_nguyen_become_one(stack: Stack, sign_in: Callable[..., Page]) -> None:
    clerk = sign_in("canbo.backan")
    draft = nominate_collective(clerk, stack.url)

    officer = sign_in("quantri.sapxep")
    plan = plan_merger(officer, stack.url)
    for words in (PERSON, "Những gì sẽ chuyển", "Đơn vị bên dưới chuyển đi đâu", "Đề nghị đang làm"):
        expect(officer.get_by_text(words).first).to_be_visible()
    check_page(officer, "preview")
    press(officer, "Xác nhận kế hoạch")
    expect(officer.get_by_text("Chờ đến ngày").first).to_be_visible()

    turn_clock(stack, THE_DAY)

    def is_applied() -> bool:
        officer.goto(plan)
        return officer.get_by_text("Đã thực hiện").count() > 0

    wait_until(is_applied, 150, what="the plan to be applied by beat and worker")
    check_page(officer, "applied")
    turn_clock(stack, AFTER, "web")

    # The clerk goes on in the heir, which keeps the archive of both.
    clerk.goto(f"{stack.url}/units/")
    expect(clerk.locator(".as strong")).to_have_text("Cán bộ thi đua · THADS tỉnh Thái Nguyên")
    follow(clerk, HEIR)
    archive = clerk.locator("#luu-tru")
    expect(archive.get_by_role("link", name=BAC_KAN)).to_be_visible()
    expect(archive.get_by_role("link", name=THAI_NGUYEN)).to_be_visible()
    expect(clerk.get_by_text("Thành lập trên cơ sở hợp nhất")).to_be_visible()
    check_page(clerk, "heir")
    archive.get_by_role("link", name=BAC_KAN).click()
    expect(clerk.get_by_text("kết thúc hoạt động từ hết ngày 30/06/2025")).to_be_visible()

    # A draft that names the dissolved unit came along, and goes no further.
    clerk.goto(draft)
    press(clerk, "Kiểm lại rồi trình")
    press(clerk, "Trình thủ trưởng")
    expect(clerk.get_by_text("Thông tư 15/2025/TT-BNV").first).to_be_visible()
    # A new one can name the heir and its people, never the unit that is gone.
    clerk.goto(f"{stack.url}/nominations/add/")
    nominees = clerk.locator("#id_nominee option").all_inner_texts()
    assert PERSON in nominees
    assert HEIR in nominees
    assert BAC_KAN not in nominees

    # The paper on 2023 knows the units of 2023 only.
    ministry = sign_in("chuyenvien.bo")
    ministry.goto(f"{stack.url}/reports/campaigns/TNG-DHTT-2023/?phase=2023")
    expect(ministry.get_by_text(THAI_NGUYEN).first).to_be_visible()
    paper = ministry.request.get(f"{stack.url}/reports/campaigns/TNG-DHTT-2023/paper/?phase=2023").body()
    words = text_of(paper)
    assert THAI_NGUYEN in words
    assert HEIR not in words.replace(THAI_NGUYEN, "")
