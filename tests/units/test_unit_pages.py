"""Pages of units: the tree, the search, one unit through time, and what an administrator writes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.builders import Tree, actor, user
from units.models import AuditEntry, Placement, Unit, UnitName
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.custody import path_step
from units.services.succession import found_units, merge_units, rename_unit

pytestmark = pytest.mark.django_db

ON = date(2023, 7, 1)
CITATION = "Quyết định số MAU-1/QĐ-BTP ngày 20/6/2023"


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = "2023-11-13"
    cache.clear()


@pytest.fixture
def tree() -> Tree:
    with maintenance_scope("test rows"):
        tree = Tree()
        for unit in Unit.objects.all():
            history(unit)
        return tree


def history(unit: Unit) -> None:
    UnitName.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, place=unit.place, valid_from=unit.valid_from
    )
    Placement.objects.create(unit=unit, parent=unit.parent, valid_from=unit.valid_from)


def signed(unit: Unit, role: Role = Role.CLERK) -> Client:
    client = Client()
    client.force_login(user(f"{role.value}.{unit.code}", (unit, role)))
    return client


def text(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def many(parent: Unit, number: int, *, first: int = 0) -> None:
    Unit.objects.bulk_create(
        Unit(
            code=f"CON-{index}",
            kind="phong",
            name=f"Phòng mẫu {index:04}",
            short_name=f"Phòng {index:04}",
            folded_name=f"phong mau {index:04}",
            place="Thái Nguyên",
            has_legal_personality=False,
            parent=parent,
            path=parent.path + path_step(1000 + index),
            valid_from=date(2020, 1, 1),
        )
        for index in range(first, first + number)
    )


def merge_sibling(tree: Tree) -> None:
    """Định Hóa ended and Đại Từ keeps its archive."""
    with maintenance_scope("test rows"):
        merge_units(
            [tree.sibling], into=tree.branch, on=ON, citation=CITATION, actor=actor(tree.ministry, Role.ADMINISTRATOR)
        )


# The tree


def test_a_visitor_signs_in_first() -> None:
    assert Client().get("/units/").status_code == 302


@pytest.mark.parametrize("role", list(Role))
def test_every_role_opens_the_tree_at_its_own_unit_with_those_above(tree: Tree, role: Role) -> None:
    page = text(signed(tree.branch, role), "/units/")
    assert page.index("Bộ Tư pháp") < page.index("Cục THADS tỉnh Thái Nguyên") < page.index("đơn vị của đồng chí")
    # Neighbours on the way stay folded away until somebody asks for them.
    assert tree.stranger.name not in page
    assert "Xem đủ 2 đơn vị" in page


def test_a_branch_opens_as_a_page_and_with_htmx_in_place(tree: Tree) -> None:
    client, address = signed(tree.branch), f"/units/?open={tree.ministry.pk}"
    whole = text(client, address)
    assert "<html" in whole
    assert tree.stranger.name in whole
    part = text(client, address, hx_request="true")
    assert "<html" not in part
    assert part.strip().startswith("<li")
    assert tree.stranger.name in part
    shut = text(client, f"/units/?shut={tree.ministry.pk}", hx_request="true")
    assert tree.stranger.name not in shut
    assert 'aria-expanded="false"' in shut


@pytest.mark.parametrize("query", ["open=khong-phai", "open=00000000-0000-0000-0000-000000000000", "page=xyz", "q=%00"])
def test_a_crooked_address_shows_a_tree_all_the_same(tree: Tree, query: str) -> None:
    assert signed(tree.branch).get(f"/units/?{query}").status_code == 200


def test_a_unit_with_nothing_below_says_so(tree: Tree) -> None:
    assert "Không có đơn vị nào bên dưới" in text(signed(tree.branch), "/units/")


def test_a_thousand_units_below_come_in_pages(tree: Tree) -> None:
    many(tree.bureau, 1000)
    page = text(signed(tree.bureau), f"/units/?open={tree.bureau.pk}")
    assert "1002 đơn vị" in page
    assert page.count('class="unit"') == 50 + 2  # the ministry, the bureau, and a page of its branch
    assert "Trang 1 / 21" in page
    assert "Phòng mẫu 0999" in text(signed(tree.sibling), f"/units/?open={tree.bureau.pk}&page=21")


def test_the_number_of_queries_does_not_depend_on_the_number_of_units(tree: Tree) -> None:
    client = signed(tree.bureau)
    many(tree.bureau, 2)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = ["/units/", "/units/?q=phong", f"/units/{tree.bureau.pk}/"]
    few = [count(address) for address in addresses]
    many(tree.bureau, 40, first=2)
    assert [count(address) for address in addresses] == few


def test_an_ended_unit_is_hidden_until_asked_for(tree: Tree) -> None:
    merge_sibling(tree)
    client = signed(tree.bureau)
    assert tree.sibling.name not in text(client, "/units/")
    assert "kết thúc 30/06/2023" in text(client, "/units/?ended=1")


# The search


@pytest.mark.parametrize("words", ["dai tu", "từ ĐẠI", "TU chi dai", "Đại"])
def test_search_ignores_diacritics_case_and_order(tree: Tree, words: str) -> None:
    page = text(signed(tree.stranger), f"/units/?q={words}")
    assert "1 đơn vị" in page
    assert "Chi cục THADS huyện Đại Từ" in page
    assert "Bộ Tư pháp › Cục THADS tỉnh Thái Nguyên" in page


def test_search_with_no_match_says_what_to_try(tree: Tree) -> None:
    assert "Không có đơn vị nào khớp" in text(signed(tree.branch), "/units/?q=khong+he+co")


def test_a_former_name_is_found_and_told(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        who = actor(tree.ministry, Role.ADMINISTRATOR)
        rename_unit(
            tree.branch, name="Phòng THADS khu vực 7", short_name="Phòng KV 7", on=ON, citation=CITATION, actor=who
        )
    page = text(signed(tree.bureau), "/units/?q=huyen+dai+tu")
    assert "Tên trước đây: Chi cục THADS huyện Đại Từ (đến 30/06/2023), nay là Phòng THADS khu vực 7" in page


def test_an_ended_unit_is_found_on_demand_with_what_it_became(tree: Tree) -> None:
    merge_sibling(tree)
    client = signed(tree.bureau)
    page = text(client, "/units/?q=dinh+hoa")
    assert "Còn 1 đơn vị đã kết thúc khớp với từ tìm" in page
    page = text(client, "/units/?q=dinh+hoa&ended=1")
    assert "kết thúc 30/06/2023" in page
    assert "Nay là" in page
    assert tree.branch.name in page


def test_results_come_in_pages(tree: Tree) -> None:
    many(tree.bureau, 45)
    client = signed(tree.bureau)
    assert "Trang 1 / 3" in text(client, "/units/?q=mau+phong")
    assert "Trang 3 / 3" in text(client, "/units/?q=mau+phong&page=3")


# One unit


def test_a_unit_tells_its_life_and_keeps_the_archive(tree: Tree) -> None:
    merge_sibling(tree)
    page = text(signed(tree.stranger), f"/units/{tree.branch.pk}/")
    assert "Từ 01/07/2023" in page
    assert "Nhận sáp nhập" in page
    assert CITATION in page
    assert "Đơn vị đã kết thúc, hồ sơ do đơn vị này giữ" in page
    ended = text(signed(tree.bureau), f"/units/{tree.sibling.pk}/")
    assert "kết thúc hoạt động từ hết ngày 30/06/2023" in ended
    assert "Sáp nhập, hợp nhất vào" in ended


def test_a_succession_is_told_under_the_name_of_its_day(tree: Tree) -> None:
    merge_sibling(tree)
    with maintenance_scope("test rows"):
        who = actor(tree.ministry, Role.ADMINISTRATOR)
        later = ON + timedelta(days=60)
        rename_unit(tree.branch, name="Chi cục Đại Hóa", short_name="Đại Hóa", on=later, citation=CITATION, actor=who)
    page = text(signed(tree.bureau), f"/units/{tree.sibling.pk}/")
    assert f">{'Chi cục THADS huyện Đại Từ'}</a>" in page
    assert "Chi cục Đại Hóa" in page  # what it is now


def test_links_of_a_unit_lead_only_where_the_viewer_may_go(tree: Tree) -> None:
    trail = f"/units/{tree.branch.pk}/trail/"
    assert trail in text(signed(tree.bureau, Role.STAFF), f"/units/{tree.branch.pk}/")
    assert trail not in text(signed(tree.stranger, Role.STAFF), f"/units/{tree.branch.pk}/")
    assert trail not in text(signed(tree.branch, Role.CLERK), f"/units/{tree.branch.pk}/")
    edit = f"/units/{tree.branch.pk}/edit/"
    assert edit in text(signed(tree.bureau, Role.ADMINISTRATOR), f"/units/{tree.branch.pk}/")
    assert edit not in text(signed(tree.stranger, Role.ADMINISTRATOR), f"/units/{tree.branch.pk}/")


def test_an_unknown_unit_is_not_found(tree: Tree) -> None:
    assert signed(tree.branch).get("/units/00000000-0000-0000-0000-000000000000/").status_code == 404


# Writing


def particulars(**changed: str) -> dict[str, str]:
    return {
        "name": "Phòng Nghiệp vụ mẫu",
        "short_name": "Phòng NV",
        "code": "TNG-NV",
        "kind": "phong",
        "place": "Thái Nguyên",
        "province": "Thái Nguyên",
        "on": "01/10/2023",
    } | changed


def test_an_administrator_sets_up_a_unit_below(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    assert client.get("/units/create/").status_code == 200
    response = client.post(f"/units/create/?parent={tree.branch.pk}", particulars())
    unit = Unit.objects.get(code="TNG-NV")
    assert response.url == f"/units/{unit.pk}/"
    assert unit.parent == tree.branch
    assert unit.path.startswith(tree.branch.path)
    assert unit.names.get().valid_from == unit.placements.get().valid_from == date(2023, 10, 1)
    with maintenance_scope("test"):
        entry = AuditEntry.objects.get(subject_id=unit.pk)
    assert entry.verb == "create-unit"
    assert "Phòng Nghiệp vụ mẫu" in text(signed(tree.stranger), "/units/?q=nghiep+vu")


def test_a_taken_code_is_refused_with_what_was_typed_kept(tree: Tree) -> None:
    response = signed(tree.bureau, Role.ADMINISTRATOR).post("/units/create/", particulars(code="DAI-TU"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "đã có đơn vị khác dùng" in page
    assert "Phòng Nghiệp vụ mẫu" in page


def test_a_form_left_empty_answers_with_what_is_missing(tree: Tree) -> None:
    response = signed(tree.bureau, Role.ADMINISTRATOR).post("/units/create/", {})
    assert response.status_code == 422
    assert "Chưa điền mục này" in response.content.decode()


def test_an_administrator_reaches_no_unit_of_others(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    assert client.post(f"/units/create/?parent={tree.stranger.pk}", particulars()).status_code == 404
    assert client.get(f"/units/{tree.stranger.pk}/edit/").status_code == 404
    assert client.get(f"/units/{tree.ministry.pk}/edit/").status_code == 404
    assert client.post(f"/units/{tree.stranger.pk}/rename/", {}).status_code == 404


@pytest.mark.parametrize("address", ["/units/create/", "/units/{}/edit/", "/units/{}/rename/"])
def test_others_may_not_write(tree: Tree, address: str) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert signed(tree.branch, role).get(address.format(tree.branch.pk)).status_code == 403


def correction(unit: Unit, **changed: str) -> dict[str, str]:
    return {
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "place": unit.place,
        "province": unit.province,
        "has_legal_personality": "on",
        "reason": "Ghi thiếu dấu so với quyết định thành lập",
    } | changed


def test_a_correction_keeps_the_day_and_says_why(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    fields = correction(tree.branch, name="Chi cục Thi hành án dân sự huyện Đại Từ")
    assert client.post(f"/units/{tree.branch.pk}/edit/", fields).status_code == 302
    tree.branch.refresh_from_db()
    name = tree.branch.names.get()
    assert name.name == tree.branch.name == "Chi cục Thi hành án dân sự huyện Đại Từ"
    assert name.valid_from == tree.branch.valid_from
    assert "thi hanh an dan su" in tree.branch.folded_name
    assert "thi hanh an dan su" in name.folded_name
    with maintenance_scope("test"):
        entry = AuditEntry.objects.get(subject_id=tree.branch.pk, verb="edit-unit")
    assert entry.detail["reason"] == fields["reason"]
    assert entry.detail["before"] == {"name": "Chi cục THADS huyện Đại Từ"}
    shown = signed(tree.bureau, Role.HEAD).get(f"/units/{tree.branch.pk}/trail/").content.decode()
    assert "Chi cục THADS huyện Đại Từ → Chi cục Thi hành án dân sự huyện Đại Từ" in shown


def test_a_correction_without_change_or_reason_is_refused(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    address = f"/units/{tree.branch.pk}/edit/"
    response = client.post(address, correction(tree.branch))
    assert response.status_code == 422
    assert "Chưa có gì thay đổi" in response.content.decode()
    assert client.post(address, correction(tree.branch, name="Tên khác", reason="")).status_code == 422


def test_a_dated_rename_leaves_the_former_name_its_days(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    fields = {"name": "Phòng THADS khu vực 7", "short_name": "KV 7", "place": "Đại Từ", "citation": CITATION}
    address = f"/units/{tree.branch.pk}/rename/"
    assert client.get(address).status_code == 200
    response = client.post(address, fields | {"on": "01/01/2025"})
    assert response.status_code == 422
    assert "còn ở phía trước" in response.content.decode()
    assert client.post(address, fields | {"on": "01/07/2023"}).status_code == 302
    names = list(tree.branch.names.order_by("valid_from").values_list("name", "valid_to"))
    assert names == [("Chi cục THADS huyện Đại Từ", date(2023, 6, 30)), ("Phòng THADS khu vực 7", None)]


def test_what_changes_something_is_not_done_by_address(tree: Tree) -> None:
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    assert client.post("/units/").status_code == 405
    assert client.post(f"/units/{tree.branch.pk}/").status_code == 405
    assert client.put(f"/units/{tree.branch.pk}/edit/").status_code == 405


def test_names_written_in_bulk_are_found_too(tree: Tree) -> None:
    unit = Unit(
        code="MOI", kind="phong", name="Đơn vị Bắc Kạn", short_name="BK", place="X", has_legal_personality=False,
        parent=tree.ministry,
    )  # fmt: skip
    with maintenance_scope("test rows"):
        found_units([unit], on=ON)
    assert UnitName.objects.get(unit=unit).folded_name == "don vi bac kan bk"
    assert builders.fold(unit.name) in unit.folded_name
