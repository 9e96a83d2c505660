"""The ledger of honours of a branch: what stands, what was corrected or taken back, its filters and its pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import DAY, Tree, move_away, person, title, user
from tests.units import workbooks
from units.models import AwardTitle, Honour, HonourRevocation, Membership, Person, Unit
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db
PAPER = {"decision_number": "MAU-1/QĐ", "decided_on": date(2023, 1, 6), "issuer": "Cục THADS tỉnh Thái Nguyên"}


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


def build(make: Callable[[], Any]) -> Any:
    with maintenance_scope("test rows"):
        return make()


def signed(place: Unit, role: Role = Role.CLERK) -> Client:
    client = Client()
    client.force_login(user(f"account{Membership.objects.count()}", (place, role)))
    return client


def honour(one: Person | Unit, name: str = "", **changes: Any) -> Honour:
    unit = one.unit if isinstance(one, Person) else one
    about = {"person": one} if isinstance(one, Person) else {"collective": one}
    values = PAPER | {
        "title": title("LDTT", name="Lao động tiên tiến"),
        "year": 2022,
        "subject_name": name or str(one),
        "subject_unit": unit.name,
    }
    return Honour.objects.create(unit=unit, **about, **(values | changes))


class Scene:
    """In one Chi cục an honour that stands, one corrected and one taken back, beside it one of a collective."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.flag: AwardTitle = title("TTLDTT", name="Tập thể tiên tiến", subject="collective")
        self.one = person(self.tree.branch, "Lường Thị Mẫu")
        honour(self.one, "Đang Giữ", year=2020)
        wrong = honour(self.one, "Ghi Sai", year=2021, stands=False)
        honour(self.one, "Ghi Lại", year=2021, supersedes=wrong, correction_reason="sai tên")
        taken = honour(self.one, "Bị Tước", stands=False)
        HonourRevocation.objects.create(
            unit=taken.unit, person=self.one, honour=taken, kind="stripped", reason="khai sai thành tích", **PAPER
        )
        honour(self.tree.sibling, "Tập Thể Mẫu", title=self.flag)
        honour(self.tree.stranger, "Nơi Khác", title=self.flag)
        self.names = ["Đang Giữ", "Ghi Sai", "Ghi Lại", "Bị Tước", "Tập Thể Mẫu", "Nơi Khác"]

    def shown(self, client: Client, **query: Any) -> set[str]:
        page = client.get("/honours/", query)
        assert page.status_code == 200
        text = page.content.decode()
        return {name for name in self.names if name in text}


@pytest.fixture
def scene() -> Scene:
    return build(Scene)


def test_the_ledger_holds_every_entry_of_the_branch(scene: Scene) -> None:
    assert scene.shown(signed(scene.tree.bureau)) == set(scene.names) - {"Nơi Khác"}
    assert scene.shown(signed(scene.tree.sibling)) == {"Tập Thể Mẫu"}
    assert scene.shown(signed(scene.tree.stranger)) == {"Nơi Khác"}


def test_what_stands_no_longer_is_struck_through_and_says_why(scene: Scene) -> None:
    text = signed(scene.tree.bureau).get("/honours/").content.decode()
    assert text.count("<s>Lao động tiên tiến</s>") == 2
    assert "Đã đính chính. Lý do: sai tên" in text
    assert "Tước danh hiệu: Quyết định MAU-1/QĐ" in text
    assert "Dòng đính chính. Lý do: sai tên" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"year": "2021"}, {"Ghi Sai", "Ghi Lại"}),
        ({"title": "TTLDTT"}, {"Tập Thể Mẫu"}),
        ({"subject": "person"}, {"Đang Giữ", "Ghi Sai", "Ghi Lại", "Bị Tước"}),
        ({"subject": "collective"}, {"Tập Thể Mẫu"}),
        ({"state": "standing"}, {"Đang Giữ", "Ghi Lại", "Tập Thể Mẫu"}),
        ({"state": "corrected"}, {"Ghi Sai"}),
        ({"state": "revoked"}, {"Bị Tước"}),
        ({"unit": "DINH-HOA"}, {"Tập Thể Mẫu"}),
        ({"unit": "DAI-TU", "state": "revoked", "year": "2020"}, set()),
    ],
)
def test_the_ledger_and_its_workbook_are_narrowed_alike(scene: Scene, query: dict[str, str], found: set[str]) -> None:
    client = signed(scene.tree.bureau)
    assert scene.shown(client, **query) == found
    _, table = workbooks.read(client.get("/honours/workbook/", query))
    assert {row[0] for row in table[1:] if row[0]} == found


def test_a_filter_that_is_none_is_told(scene: Scene) -> None:
    client = signed(scene.tree.bureau)
    page = client.get("/honours/", {"title": "khong-co"})
    assert page.status_code == 422
    assert "Chọn một mục trong danh sách." in page.content.decode()
    assert client.get("/honours/workbook/", {"year": "x"})["Location"] == "/honours/?year=x"


def test_an_honour_of_somebody_who_left_stays_without_a_link(scene: Scene) -> None:
    build(lambda: move_away(scene.one, scene.tree.stranger))
    client = signed(scene.tree.branch)
    assert scene.shown(client) == {"Đang Giữ", "Ghi Sai", "Ghi Lại", "Bị Tước"}
    assert f"/people/{scene.one.pk}/" not in client.get("/honours/").content.decode()
    assert f"/people/{scene.one.pk}/" in signed(scene.tree.stranger).get("/honours/").content.decode()


def test_an_empty_ledger_says_where_entries_come_from() -> None:
    text = signed(Tree().branch).get("/honours/").content.decode()
    assert "Sổ khen thưởng chưa ghi lần nào" in text


def test_many_entries_come_in_pages_at_the_same_cost(scene: Scene) -> None:
    client, costs = signed(scene.tree.bureau), []
    for number in (1, 60):
        build(lambda number=number: [honour(scene.one, f"Dòng {index}") for index in range(number)])
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/honours/").content.decode()
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert "Trang 1 / 3" in page
    assert "66 dòng" in page
