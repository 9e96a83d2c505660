"""What the frame says: where one lands, what waits, in which duty one works, and that something was done."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars.models import Nomination
from tests.builders import DAY, Tree, person, user
from tests.exemplars.test_nominations import Story
from units.models import Membership
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: object) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]


@pytest.fixture
def story() -> Story:
    with maintenance_scope("test rows"):
        return Story()


@pytest.fixture
def tree() -> Tree:
    with maintenance_scope("test rows"):
        return Tree()


def build(make: Callable[[], Nomination]) -> Nomination:
    with maintenance_scope("test rows"):
        return make()


def signed(name: str, *duties: tuple[object, Role]) -> Client:
    client = Client()
    client.force_login(user(name, *duties))  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.CLERK, "/assignments/"),
        (Role.HEAD, "/assignments/"),
        (Role.SECRETARIAT, "/assignments/"),
        (Role.RECORDS, "/decisions/"),
        (Role.MEMBER, "/sittings/"),
        (Role.STAFF, "/reports/"),
    ],
)
def test_each_role_lands_on_the_page_of_its_work(role: Role, home: str) -> None:
    assert signed("one", (Tree().branch, role)).get("/").url == home  # type: ignore[attr-defined]


def test_the_head_is_told_what_waits_and_the_clerk_is_not(story: Story) -> None:
    build(story.submitted)
    page = signed("head", (story.tree.branch, Role.HEAD)).get("/assignments/").content.decode()
    assert "<strong>1</strong> đề nghị chờ thủ trưởng duyệt" in page
    assert 'href="/nominations/?state=submitted"' in page
    for name, place, role in (
        ("clerk", story.tree.branch, Role.CLERK),
        ("beside", story.tree.sibling, Role.HEAD),
        ("above", story.tree.bureau, Role.HEAD),
    ):
        assert "chờ thủ trưởng duyệt" not in signed(name, (place, role)).get("/assignments/").content.decode()


def test_a_returned_nomination_waits_for_its_own_clerk(story: Story) -> None:
    nomination = build(story.forwarded)
    secretariat = signed("secretariat", (story.tree.bureau, Role.SECRETARIAT))
    assert "đề nghị chờ Thường trực thẩm tra." in secretariat.get("/assignments/").content.decode()
    secretariat.post(f"{nomination.get_absolute_url()}return/", {"duties": "Ghi rõ"})
    assert "chờ Thường trực thẩm tra." not in secretariat.get("/assignments/").content.decode()
    clerk = signed("clerk", (story.tree.branch, Role.CLERK))
    assert "đề nghị bị trả lại, chờ sửa và trình lại." in clerk.get("/assignments/").content.decode()


def test_what_waits_stands_on_top_of_the_list(story: Story) -> None:
    with maintenance_scope("test rows"):
        waiting = story.submitted()
        newer = person(story.tree.branch, "Nông Văn Thử")
        draft = story.create(newer)
        Nomination.objects.filter(pk=draft.pk).update(saved_at="2023-12-01T00:00:00Z")
    page = signed("head", (story.tree.branch, Role.HEAD)).get("/nominations/").content.decode()
    assert page.index(waiting.nominee_name) < page.index("Nông Văn Thử")
    assert page.count("chờ đồng chí</span>") == 1
    above = signed("clerk", (story.tree.branch, Role.CLERK)).get("/nominations/").content.decode()
    assert above.index("Nông Văn Thử") < above.index(waiting.nominee_name)
    assert "chờ đồng chí</span>" not in above


def test_the_navigation_costs_the_same_for_one_and_for_three(story: Story) -> None:
    client = signed("head", (story.tree.branch, Role.HEAD))
    costs = []
    for number in range(3):
        with maintenance_scope("test rows"):
            nominee = person(story.tree.branch, f"Nông Văn Thử {number}")
            Nomination.objects.filter(pk=story.create(nominee).pk).update(state="submitted")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/assignments/").status_code == 200
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_a_deed_is_confirmed_once(story: Story) -> None:
    nomination = build(story.filled)
    client = signed("clerk", (story.tree.branch, Role.CLERK))
    page = client.post(f"{nomination.get_absolute_url()}submit/", follow=True)
    assert "Đã trình thủ trưởng." in page.content.decode()
    assert "Đã trình thủ trưởng." not in client.get(nomination.get_absolute_url()).content.decode()


def test_a_confirmation_stays_with_the_duty_and_the_person(story: Story) -> None:
    nomination = build(story.filled)
    duties = (story.tree.branch, Role.CLERK), (story.tree.sibling, Role.HEAD)
    client = signed("two-duties", *duties)
    client.post(f"{nomination.get_absolute_url()}submit/")
    other = Membership.objects.get(user__username="two-duties", unit=story.tree.sibling)
    page = client.post("/memberships/choose/", {"membership": str(other.pk)}, follow=True).content.decode()
    assert "Đã trình thủ trưởng." not in page
    assert "Từ bây giờ làm việc với tư cách Thủ trưởng đơn vị" in page
    client.post("/memberships/choose/", {"membership": str(other.pk)})
    client.post("/sign-out/")
    client.force_login(user("next-person", (story.tree.branch, Role.CLERK)))
    assert "Từ bây giờ" not in client.get("/nominations/").content.decode()


def test_only_a_person_with_several_duties_is_offered_another(story: Story) -> None:
    words = "<summary>Đổi tư cách</summary>"
    one = signed("one", (story.tree.branch, Role.CLERK))
    two = signed("two", (story.tree.branch, Role.CLERK), (story.tree.sibling, Role.CLERK))
    assert words not in one.get("/nominations/").content.decode()
    assert words in two.get("/nominations/").content.decode()


def test_a_nomination_says_what_comes_next(story: Story) -> None:
    nomination = build(story.submitted)
    address = nomination.get_absolute_url()
    head = signed("head", (story.tree.branch, Role.HEAD)).get(address).content.decode()
    assert "đồng chí xác nhận các tiêu chuẩn cần nhận định" in head
    clerk = signed("clerk", (story.tree.branch, Role.CLERK)).get(address).content.decode()
    assert "thủ trưởng đơn vị duyệt và chuyển cấp trên." in clerk


def test_an_empty_box_is_named_in_plain_words(story: Story) -> None:
    client = signed("clerk", (story.tree.branch, Role.CLERK))
    page = client.post("/nominations/add/", {"year": ""})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Chưa điền mục này." in text
    assert "Trường này" not in text


def test_a_refused_page_offers_the_way_to_another_duty(story: Story) -> None:
    page = signed("records", (story.tree.branch, Role.RECORDS)).get("/nominations/add/")
    assert page.status_code == 403
    assert 'href="/memberships/"' in page.content.decode()


def test_a_home_with_several_kinds_of_work_has_one_main_button(story: Story) -> None:
    with maintenance_scope("test rows"):
        story.forwarded()
        another = story.create(person(story.tree.branch, "Nông Văn Thử"))
        Nomination.objects.filter(pk=another.pk).update(state="accepted")
    page = signed("secretariat", (story.tree.bureau, Role.SECRETARIAT)).get("/assignments/").content.decode()
    assert page.count("Mở danh sách") == 2
    assert page.count('class="btn main"') == 1


def test_the_navigation_counts_what_waits_to_a_bound_and_says_that_there_is_more(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with maintenance_scope("test rows"):
        story.forwarded()
        for name in ("Nông Văn Thử", "Lường Thị Mẫu"):
            another = story.create(person(story.tree.branch, name))
            Nomination.objects.filter(pk=another.pk).update(state="accepted")
    client = signed("secretariat", (story.tree.bureau, Role.SECRETARIAT))
    words = "đề nghị chờ tiếp nhận hoặc đưa vào chương trình phiên họp"
    assert f'<span class="count">2<span class="hidden"> {words}' in client.get("/assignments/").content.decode()
    for module in ("units.paging", "units.frame"):
        monkeypatch.setattr(f"{module}.MOST_WAITING", 1)
    page = client.get("/assignments/").content.decode()
    assert f'<span class="count">hơn 1<span class="hidden"> {words}' in page
    assert f"<strong>hơn 1</strong> {words}" in page


@pytest.mark.parametrize(
    ("url_name", "role", "door"),
    [
        ("units:transfer-list", Role.CLERK, "units:person-list"),
        ("units:import-add", Role.CLERK, "units:person-list"),
        ("units:past-decision-create", Role.CLERK, "units:person-list"),
        ("units:honour-list", Role.CLERK, "units:person-list"),
        ("units:honour-list", Role.RECORDS, "units:person-list"),
        ("units:my-account", Role.ADMINISTRATOR, None),
    ],
)
def test_the_navigation_marks_the_door_behind_which_a_page_stands(
    tree: Tree, url_name: str, role: Role, door: str | None
) -> None:
    page = signed("someone", (tree.branch, role)).get(reverse(url_name))
    marked = re.findall(r'href="([^"]*)" aria-current="\w+"', page.content.decode())
    assert marked == ([reverse(door)] if door else [])


def test_the_trail_of_a_unit_stands_behind_its_own_door_alone(tree: Tree) -> None:
    page = signed("someone", (tree.branch, Role.HEAD)).get(reverse("units:trail-unit", args=[tree.branch.pk]))
    assert re.findall(r'href="([^"]*)" aria-current="\w+"', page.content.decode()) == [reverse("units:trail")]
