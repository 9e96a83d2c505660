"""One page for a cluster's year: who signed the pledge on record, and who filed it as a paper."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Assignment, ClusterMember, ReceivedFiling
from campaigns.selectors.pledges import PledgeRow, list_year_pledges, read_pledge_board
from campaigns.services.expected import expect_obligations, tell_addressee
from campaigns.services.opinions import open_pledge, sign_pledge
from tests.builders import AT, DAY, campaign, obligation
from tests.campaigns.cluster_scene import ClusterScene
from tests.campaigns.test_received_filings import send
from units.models import Unit
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> ClusterScene:
    """The region's pledge is laid for signing, and every member owes it as a paper too."""
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    scene = ClusterScene()
    with maintenance_scope("test rows"):
        plan = campaign(scene.head)
        scene.year.campaigns.add(plan)
        everybody = (scene.head, scene.member, scene.third)
        expect_obligations(
            [obligation(plan, "GIAO-UOC", *everybody, last_day=date(2023, 12, 1), filing="pledge", papers=[])]
        )
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        open_pledge(scene.year, title="Giao ước 2023", text="Thi đua", actor=clerk, at=AT)
    return scene


def sign(scene: ClusterScene, place: Unit) -> None:
    with scene.at(place):
        pledge = list_year_pledges(scene.year, place)[0]
        sign_pledge(pledge, position="Giám đốc", actor=scene.act(place, Role.HEAD), at=AT)


def board(scene: ClusterScene, place: Unit) -> dict[str, PledgeRow]:
    with scene.at(place):
        pledge = list_year_pledges(scene.year, place).first()
        return {row.member.member.code: row for row in read_pledge_board(scene.year, place, pledge)}


def test_the_head_sees_who_signed_and_who_filed_apart(scene: ClusterScene) -> None:
    sign(scene, scene.member)
    send(scene, scene.third, "GIAO-UOC", "3/GU")
    send(scene, scene.head, "GIAO-UOC", "1/GU")
    rows = board(scene, scene.head)
    assert {code: (bool(row.signature), row.is_filed) for code, row in rows.items()} == {
        scene.head.code: (False, True),
        scene.member.code: (True, False),
        scene.third.code: (False, True),
    }
    filing, own = rows[scene.third.code].filing, rows[scene.head.code].submission
    assert filing is not None
    assert own is not None
    assert [one.file.file_name for one in filing.kept] == ["báo cáo năm.pdf"]  # type: ignore[attr-defined]
    assert own.document_number == "1/GU"


def test_a_member_sees_all_signatures_and_its_own_paper_only(scene: ClusterScene) -> None:
    sign(scene, scene.member)
    send(scene, scene.third, "GIAO-UOC")
    send(scene, scene.member, "GIAO-UOC")
    rows = board(scene, scene.third)
    assert rows[scene.member.code].signature is not None
    assert {code for code, row in rows.items() if row.is_filed} == {scene.third.code}


def test_what_was_returned_is_not_filed_and_what_went_another_way_is(scene: ClusterScene) -> None:
    send(scene, scene.third, "GIAO-UOC")
    with maintenance_scope("test rows"):
        ReceivedFiling.objects.update(state="returned", answer="x")
        other = Assignment.objects.select_related("unit", "obligation__owed_to").get(unit=scene.member)
        other.done_at, other.document_number = AT, "9/GU-GIAY"
        other.save()
        tell_addressee(other)
        Assignment.objects.filter(unit=scene.third).update(done_at=None)
        tell_addressee(Assignment.objects.select_related("unit", "obligation__owed_to").get(unit=scene.third))
    rows = board(scene, scene.head)
    assert rows[scene.third.code].is_filed is False
    line = rows[scene.member.code].line
    assert line is not None
    assert line.document_number == "9/GU-GIAY"


def test_the_page_for_head_member_and_stranger(scene: ClusterScene, client: Client) -> None:
    sign(scene, scene.member)
    send(scene, scene.third, "GIAO-UOC", "3/GU")
    address = f"/cluster-years/{scene.year.pk}/pledges/"
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    page = client.get(address).content.decode()
    for words in ("1 / 3 đơn vị đã ký", "1 / 3 đơn vị đã gửi", "3/GU", "báo cáo năm.pdf", "Chưa ký", "Chưa gửi"):
        assert words in page
    assert address in client.get(scene.year.get_absolute_url()).content.decode()
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    page = client.get(address).content.decode()
    assert "1 / 3 đơn vị đã ký" in page
    assert "3/GU" not in page
    client.force_login(scene.act(scene.outsider, Role.CLERK).account)
    page = client.get(address).content.decode()
    assert "không phải thành viên" in page
    assert "Đã ký" not in page


def test_the_page_costs_the_same_for_three_and_for_four(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    address = f"/cluster-years/{scene.year.pk}/pledges/"
    send(scene, scene.third, "GIAO-UOC")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    cost()
    few = cost()
    send(scene, scene.member, "GIAO-UOC")
    ClusterMember.objects.create(year=scene.year, member=scene.outsider)
    assert cost() == few
