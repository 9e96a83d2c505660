"""Every list of the register as a workbook: the list's own rows, filters and right, and a line in the trail."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import AT, DAY, Tree, excellent, move_away, person, title, user
from tests.rights import Rights
from tests.units import workbooks
from units.models import (
    AuditEntry,
    AwardTitle,
    DisciplinaryAction,
    Grading,
    Invitation,
    LegalDocument,
    Membership,
    Person,
    Reorganisation,
    Transfer,
    TransferOffer,
    Unit,
)
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def tree() -> Tree:
    return Tree()


def build(make: Callable[[], Any]) -> Any:
    with maintenance_scope("test rows"):
        return make()


def signed(place: Unit, role: Role = Role.CLERK) -> Client:
    client = Client()
    client.force_login(user(f"account{Membership.objects.count()}", (place, role)))
    return client


def sheet(client: Client, name: str, *arguments: Any, **query: Any) -> tuple[str, list[list[Any]]]:
    """The line that states scope and filters, and the rows below the header."""
    response = client.get(reverse(f"units:{name}", args=arguments), query)
    assert response.status_code == 200
    lines, table = workbooks.read(response)
    return str(lines[1][0]), [row for row in table[1:] if any(row)]


def first(rows: list[list[Any]]) -> list[Any]:
    return [row[0] for row in rows]


def transfer(one: Person, to: Unit) -> None:
    terms = {
        "position": "Chuyên viên",
        "last_day": date(2023, 10, 31),
        "decision_number": "MAU-9/QĐ",
        "decided_on": date(2023, 10, 1),
        "proposed_at": AT,
    }
    sent = Transfer.objects.create(
        unit=one.unit, person=one, person_name=one.full_name, receiving=to, proposed_by=user("x" * 9), **terms
    )
    TransferOffer.objects.create(
        unit=to,
        transfer=sent.pk,
        releasing=one.unit,
        full_name=one.full_name,
        staff_code=one.staff_code,
        employment=one.employment,
        **terms,
    )


def test_people_go_out_narrowed_as_on_the_page_and_leave_a_line(tree: Tree) -> None:
    build(lambda: [person(tree.branch, "Lường Thị Mẫu", is_head=True), person(tree.sibling, "Trần Văn Thí Dụ")])
    build(lambda: person(tree.stranger, "Nông Văn Xa"))
    client = signed(tree.bureau)
    about, rows = sheet(client, "person-list-workbook")
    assert first(rows) == ["Trần Văn Thí Dụ", "Lường Thị Mẫu"]
    assert rows[1][2:5] == ["Chấp hành viên", "Có", "Chi cục THADS huyện Đại Từ"]
    about, rows = sheet(client, "person-list-workbook", unit="DAI-TU", head="yes")
    assert first(rows) == ["Lường Thị Mẫu"]
    assert "Người đứng đầu: Là người đứng đầu" in about
    details = build(lambda: list(AuditEntry.objects.filter(verb="export-list").values_list("detail", flat=True)))
    assert [one["rows"] for one in details] == [2, 1]


def test_a_filter_that_is_none_leads_back_to_the_page(tree: Tree) -> None:
    response = signed(tree.branch).get("/people/workbook/", {"unit": "khong-co"})
    assert response.status_code == 302
    assert response["Location"] == "/people/?unit=khong-co"


def test_units_go_out_by_branch_or_by_words_with_their_marks(tree: Tree) -> None:
    tree.sibling.note = "Giả định: ngày lập chưa có văn bản."
    tree.sibling.valid_to = date(2023, 1, 31)
    tree.sibling.save()
    client = signed(tree.branch, Role.MEMBER)
    assert first(sheet(client, "unit-list-workbook")[1]) == ["DAI-TU"]
    about, rows = sheet(client, "unit-list-workbook", open=str(tree.bureau.pk))
    assert first(rows) == ["CTHADS-TNG", "DAI-TU"]
    assert "Cục THADS tỉnh Thái Nguyên và các đơn vị bên dưới" in about
    _, rows = sheet(client, "unit-list-workbook", open=str(tree.bureau.pk), ended="1")
    assert rows[2][0] == "DINH-HOA"
    assert rows[2][-1] == "Giả định: ngày lập chưa có văn bản."
    assert first(sheet(client, "unit-list-workbook", q="cao bang")[1]) == ["CTHADS-CBA"]


def test_the_record_of_a_person_goes_out_with_discipline_only_for_its_readers(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    build(lambda: excellent(one))
    build(
        lambda: DisciplinaryAction.objects.create(
            unit=tree.branch, person=one, form="canh-cao", decision_number="MAU-KL", decided_on=date(2022, 1, 6)
        )
    )
    parts = first(sheet(signed(tree.branch), "person-detail-workbook", one.pk)[1])
    assert parts == ["Chức vụ", "Xếp loại", "Xét danh hiệu", "Kỷ luật"]
    assert "Kỷ luật" not in first(sheet(signed(tree.branch, Role.STAFF), "person-detail-workbook", one.pk)[1])
    assert build(lambda: AuditEntry.objects.filter(verb="open-record", subject_id=one.pk).count()) == 2
    assert signed(tree.sibling).get(f"/people/{one.pk}/workbook/").status_code == 404


def test_the_record_of_a_unit_goes_out(tree: Tree) -> None:
    build(
        lambda: Grading.objects.create(
            unit=tree.branch,
            collective=tree.branch,
            year=2022,
            grade="good",
            decision_number="MAU-3",
            decided_on=date(2022, 12, 1),
        )
    )
    _, rows = sheet(signed(tree.bureau), "unit-record-workbook", tree.branch.pk)
    assert [row[:3] for row in rows] == [["Xếp loại", 2022.0, "Hoàn thành tốt nhiệm vụ"]]
    assert signed(tree.sibling).get(f"/units/{tree.branch.pk}/record/workbook/").status_code == 404


def test_catalogues_go_out_for_everybody(tree: Tree) -> None:
    title("CSTDCS", name="Chiến sĩ thi đua cơ sở", ladder="person-titles")
    title("THEM", name="Danh hiệu thử", ladder="")
    LegalDocument.objects.create(number="01/MAU", kind="plan", issuer="Cục mẫu", subject="Mẫu", note="chưa thấy gốc")
    client = signed(tree.branch, Role.MEMBER)
    _, rows = sheet(client, "title-list-workbook")
    assert len(rows) == AwardTitle.objects.count()
    assert [row[2] for row in rows].index("Chiến sĩ thi đua cơ sở") < [row[2] for row in rows].index("Danh hiệu thử")
    _, rows = sheet(client, "document-list-workbook")
    assert ["01/MAU", "Kế hoạch", "Mẫu"] in [row[:3] for row in rows]


def test_both_lists_of_transfers_go_out_and_so_do_those_who_left(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    build(lambda: transfer(one, tree.stranger))
    _, rows = sheet(signed(tree.branch), "transfer-list-workbook")
    assert [row[:2] for row in rows] == [["Chuyển đi", "Lường Thị Mẫu"]]
    _, rows = sheet(signed(tree.stranger), "transfer-list-workbook")
    assert [row[:2] for row in rows] == [["Chuyển đến", "Lường Thị Mẫu"]]
    build(lambda: move_away(one, tree.stranger))
    _, rows = sheet(signed(tree.branch), "past-service-list-workbook", q="luong mau")
    assert rows[0][4] == "Cục THADS tỉnh Cao Bằng"
    assert sheet(signed(tree.branch), "past-service-list-workbook", q="khong ai")[1] == []
    assert sheet(signed(tree.sibling), "past-service-list-workbook")[1] == []


def test_accounts_and_invitations_go_out_for_their_administrator(tree: Tree) -> None:
    user("canbo", (tree.branch, Role.CLERK))
    user("nguoi.la", (tree.stranger, Role.CLERK))
    client = signed(tree.bureau, Role.ADMINISTRATOR)
    _, rows = sheet(client, "account-list-workbook", role="clerk")
    assert [row[1] for row in rows] == ["canbo"]
    assert rows[0][3] == "Cán bộ thi đua, Chi cục THADS huyện Đại Từ"
    later = {"created_at": AT, "valid_from": DAY, "role": Role.CLERK, "invited_by": None}
    build(
        lambda: [
            Invitation.objects.create(
                unit=tree.branch, email="a@example.vn", display_name="Mời Mẫu", token_hash="a", **later,
                expires_at=datetime(2099, 1, 1, tzinfo=UTC),
            ),
            Invitation.objects.create(
                unit=tree.stranger, email="b@example.vn", display_name="Mời Xa", token_hash="b", **later,
                expires_at=AT + timedelta(days=7),
            ),
        ]
    )  # fmt: skip
    _, rows = sheet(client, "invitation-list-workbook")
    assert [(row[0], row[-1]) for row in rows] == [("Mời Mẫu", "Đang chờ")]


def test_rights_for_a_time_go_out_with_what_became_of_them() -> None:
    rights = Rights()
    rights.grant()
    rights.delegation()
    head, clerk = Client(), Client()
    head.force_login(rights.head.user)
    clerk.force_login(rights.clerk.user)
    _, rows = sheet(head, "grant-list-workbook")
    assert [(row[0], row[8]) for row in rows] == [("khach Mẫu", "Đang có hiệu lực")]
    assert sheet(clerk, "grant-list-workbook")[1] == []
    _, rows = sheet(clerk, "delegation-list-workbook")
    assert [(row[4], row[8]) for row in rows] == [("12/QĐ-MAU", "Đang có hiệu lực")]


def test_reorganisations_go_out_at_the_top_alone(tree: Tree) -> None:
    build(
        lambda: Reorganisation.objects.create(
            unit=tree.ministry, kind="merge", created_by=user("quantri.bo"), created_at=AT
        )
    )
    _, rows = sheet(signed(tree.ministry, Role.ADMINISTRATOR), "reorganisation-list-workbook")
    assert [(row[0], row[-1]) for row in rows] == [("Sáp nhập, hợp nhất", "Đang soạn")]
    assert signed(tree.bureau, Role.ADMINISTRATOR).get("/reorganisations/workbook/").status_code == 403


REFUSED = {
    "person-list": Role.MEMBER,
    "honour-list": Role.MEMBER,
    "account-list": Role.CLERK,
    "invitation-list": Role.CLERK,
    "transfer-list": Role.STAFF,
    "past-service-list": Role.STAFF,
    "delegation-list": Role.STAFF,
    "reorganisation-list": Role.CLERK,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_asks_for_the_right_of_its_list(name: str, tree: Tree) -> None:
    client = signed(tree.bureau, REFUSED[name])
    assert client.get(reverse(f"units:{name}")).status_code == 403
    assert client.get(reverse(f"units:{name}-workbook")).status_code == 403


PAGES = {
    "person-list": Role.CLERK,
    "unit-list": Role.CLERK,
    "title-list": Role.CLERK,
    "account-list": Role.ADMINISTRATOR,
    "past-service-list": Role.CLERK,
    "transfer-list": Role.CLERK,
    "honour-list": Role.CLERK,
}


@pytest.mark.parametrize("name", PAGES)
def test_workbooks_cost_the_same_for_one_row_and_for_three(name: str, tree: Tree) -> None:
    client, costs = signed(tree.bureau, PAGES[name]), []
    for number in (1, 3):
        for extra in range(number):
            one = build(lambda: person(tree.branch))
            build(lambda one=one: excellent(one))
            user(f"them{number}{extra}", (tree.branch, Role.CLERK), (tree.sibling, Role.HEAD))
            left = build(lambda: person(tree.sibling))
            build(lambda left=left: move_away(left, tree.stranger))
            title(f"T{number}{extra}")
        with CaptureQueriesContext(connection) as queries:
            workbooks.read(client.get(reverse(f"units:{name}-workbook")))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_every_list_offers_its_workbook_with_the_filters(tree: Tree) -> None:
    build(lambda: person(tree.branch))
    text = signed(tree.bureau).get("/people/", {"q": "mau", "below": "branch"}).content.decode()
    assert 'href="workbook/?q=mau&amp;below=branch"' in text


def link(client: Client, page: str, to: str) -> bool:
    return f'href="{to}' in client.get(page).content.decode()


def test_pages_lead_to_each_other(tree: Tree) -> None:
    clerk, officer = signed(tree.bureau), signed(tree.bureau, Role.ADMINISTRATOR)
    reader = signed(tree.bureau, Role.RECORDS)
    assert link(clerk, "/people/", "/imports/")
    assert not link(reader, "/people/", "/imports/")
    assert link(officer, "/units/", "/imports/")
    assert not link(clerk, "/units/", "/imports/")
    assert link(clerk, "/people/", "/honours/")
    page = f"/units/{tree.branch.pk}/"
    assert link(clerk, page, f"/units/{tree.branch.pk}/record/")
    assert link(clerk, page, "/people/?unit=DAI-TU")
    assert link(officer, page, "/delegations/")
    assert link(officer, page, "/grants/")
    assert not link(reader, page, "/grants/")
    assert not link(clerk, f"/units/{tree.stranger.pk}/", f"/units/{tree.stranger.pk}/record/")
    assert link(clerk, f"/units/{tree.branch.pk}/honours/create/", "/titles/")
    assert link(clerk, f"/units/{tree.branch.pk}/record/", "/honours/?unit=DAI-TU")
