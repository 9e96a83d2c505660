"""The public catalogues: what everybody reads, and what a root may mend."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import DAY, Tree, user
from units.catalogue_file import read_title_authorities
from units.models import AuditEntry, AwardTitle, LegalDocument, Membership, Unit
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.register import load_catalogues

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def tree() -> Tree:
    load_catalogues()
    return Tree()


def signed(place: Unit, role: Role) -> Client:
    client = Client()
    client.force_login(user(f"account{Membership.objects.count()}", (place, role)))
    return client


MENDED = {
    "name": "Tập thể Lao động xuất sắc",
    "decider": "Bộ trưởng",
    "rank": "2",
    "citation": "Luật 06/2022/QH15, Điều 27",
    "note": "",
    "confirmed": "on",
    "reason": "Đã xem toàn văn",
}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_signed_in_reads_the_catalogue(tree: Tree, role: Role) -> None:
    client = signed(tree.branch, role)
    text = client.get(reverse("units:title-list")).content.decode()
    assert text.index("Lao động tiên tiến") < text.index("Chiến sĩ thi đua cơ sở") < text.index("thi đua toàn quốc")
    assert "nghĩa là X hoặc bậc cao hơn trong cùng thang" in text
    assert "chưa đối chiếu" in text
    assert "đơn vị ban hành phải có tư cách pháp nhân" in text
    assert ">Sửa<" not in text
    assert "06/2022/QH15" in client.get(reverse("units:document-list")).content.decode()
    assert Client().get(reverse("units:title-list")).status_code == 302


def test_the_catalogue_costs_the_same_whatever_it_holds(tree: Tree) -> None:
    client, costs = signed(tree.branch, Role.CLERK), []
    client.get(reverse("units:title-list"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("units:title-list"))
        costs.append(len(queries))
        with maintenance_scope("test rows"):
            AwardTitle.objects.filter(code__startswith="HC").delete()
    assert len(set(costs)) == 1


def test_an_unconfirmed_value_is_mended_at_the_root_and_the_file_leaves_it_alone(tree: Tree) -> None:
    title = AwardTitle.objects.get(code="TTLDXS")
    client = signed(tree.ministry, Role.ADMINISTRATOR)
    address = reverse("units:title-edit", args=[title.pk])
    assert client.post(address, MENDED | {"reason": ""}).status_code == 422
    assert client.post(address, MENDED).status_code == 302
    load_catalogues()
    title.refresh_from_db()
    assert (title.decider, title.confirmed, title.edit_reason) == ("Bộ trưởng", True, "Đã xem toàn văn")
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="edit-title")
    assert "từ «Bộ trưởng Bộ Tư pháp» thành «Bộ trưởng»" in entry.detail["what"]
    page = client.post(address, MENDED)
    assert page.status_code == 422
    assert "đã được đối chiếu với văn bản gốc nên không sửa được" in page.content.decode()


def test_a_document_is_mended_alike(tree: Tree) -> None:
    document = LegalDocument.objects.filter(confirmed=False).first()
    assert document is not None
    values = {"issuer": "Chính phủ", "subject": "Nội dung mẫu", "reason": "Đã xem"}
    client = signed(tree.ministry, Role.ADMINISTRATOR)
    assert client.post(reverse("units:document-edit", args=[document.pk]), values).status_code == 302
    load_catalogues()
    document.refresh_from_db()
    assert document.subject == "Nội dung mẫu"
    with maintenance_scope("test rows"):
        assert AuditEntry.objects.filter(verb="edit-document").count() == 1


def test_below_the_root_nothing_shared_is_mended(tree: Tree) -> None:
    title = AwardTitle.objects.get(code="TTLDXS")
    address = reverse("units:title-edit", args=[title.pk])
    page = signed(tree.bureau, Role.ADMINISTRATOR).post(address, MENDED)
    assert page.status_code == 403
    assert signed(tree.ministry, Role.CLERK).post(address, MENDED).status_code == 403
    title.refresh_from_db()
    assert title.edited_at is None


def test_every_statutory_title_has_somebody_who_decides_it_today(tree: Tree) -> None:
    decided = {code for row in read_title_authorities() if row.valid_to is None for code in row.titles}
    assert decided == set(AwardTitle.objects.exclude(kind="recognition").values_list("code", flat=True))


def test_loading_twice_changes_nothing(tree: Tree) -> None:
    before = list(AwardTitle.objects.values()), AwardTitle.objects.get(code="GK").authorities.count()
    load_catalogues()
    assert (list(AwardTitle.objects.values()), AwardTitle.objects.get(code="GK").authorities.count()) == before


def test_the_command_loads_the_catalogues_and_says_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        call_command("load_catalogues")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[1]
    assert f"{AwardTitle.objects.count()} danh hiệu" in said[0]
