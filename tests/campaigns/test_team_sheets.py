"""Members of an inspection team who work in other units score on copies, for the time of the inspection."""

from decimal import Decimal

import pytest
from django.test import Client

from campaigns.models import Inspection, ScoreColumn, ScoreSheet
from campaigns.services import scores as service
from campaigns.services.inspection_ends import end_inspection
from campaigns.services.inspections import (
    add_inspection,
    add_team_member,
    announce_inspection_plan,
    create_inspection_plan,
    send_inspection_result,
)
from campaigns.services.scores import load_score_templates
from tests.builders import AT, DAY, pdf
from tests.campaigns.cluster_scene import ClusterScene
from tests.campaigns.test_handovers import announce as announce_handover
from tests.campaigns.test_handovers import apply
from tests.campaigns.test_scores import full, sent
from units.models import Unit
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> ClusterScene:
    load_score_templates()
    return ClusterScene()


def inspect(scene: ClusterScene, *units: Unit) -> None:
    """The head's clerk, and a clerk of a unit outside the cluster, inspect `units`."""
    clerk, guest = scene.act(scene.head, Role.CLERK), scene.act(scene.outsider, Role.CLERK)
    with scene.at(scene.head):
        plan = create_inspection_plan(scene.year, title="Kiểm tra", number="1", issued_on=DAY, actor=clerk, at=AT)
        for one in units:
            add_inspection(plan, one, starts_on=DAY, ends_on=DAY, actor=clerk)
        for member in (clerk, guest):
            add_team_member(plan, username=member.account.username, office=None, duty="x", actor=clerk, day=DAY)
        announce_inspection_plan(plan, actor=clerk)


def conclude(scene: ClusterScene, about: Unit) -> None:
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        inspection = Inspection.objects.get(inspected=about)
        inspection = end_inspection(inspection, ended_on=DAY, actor=clerk, day=DAY, at=AT)
        send_inspection_result(
            inspection, minutes=pdf(), result=pdf(), number="1", issued_on=DAY, conclusion="x", actor=clerk, at=AT
        )


def team_sheet(scene: ClusterScene, place: Unit | None = None) -> ScoreSheet | None:
    place = place or scene.outsider
    with scene.at(place):
        return ScoreSheet.objects.filter(unit=place, side="team").first()


@pytest.mark.parametrize("sheet_first", [True, False])
def test_a_copy_lies_there_once_both_plan_and_sheet_were_sent(scene: ClusterScene, *, sheet_first: bool) -> None:
    steps = [lambda: sent(scene, scene.member), lambda: inspect(scene, scene.member)]
    first, second = steps if sheet_first else steps[::-1]
    first()
    assert team_sheet(scene) is None
    second()
    copy = team_sheet(scene)
    assert copy is not None
    assert (copy.about, copy.total_self, copy.total_inspection) == (scene.member, Decimal(200), None)
    with scene.at(scene.outsider):
        assert copy.entries.filter(column=ScoreColumn.SELF).count() == 8
        # The sheet of nobody else.
        assert ScoreSheet.objects.count() == 1


def test_what_is_scored_there_stands_on_the_heads_sheet_and_the_other_way_round(scene: ClusterScene) -> None:
    at_head = sent(scene, scene.member)
    inspect(scene, scene.member)
    copy, guest = team_sheet(scene), scene.act(scene.outsider, Role.CLERK)
    assert copy is not None
    with scene.at(scene.outsider):
        with pytest.raises(RefusedError, match="chưa có lý do"):
            service.score_by_inspection(copy, full("CM-1", "5"), actor=guest)
        scored = service.score_by_inspection(copy, full("CM-1", "5", "Thiếu minh chứng"), actor=guest)
        assert scored.total_inspection == Decimal(195)
    with scene.at(scene.head):
        at_head.refresh_from_db()
        assert at_head.total_inspection == Decimal(195)
        assert at_head.entries.get(item="CM-1", column="inspection").reason == "Thiếu minh chứng"
        service.score_by_inspection(at_head, full(), actor=scene.act(scene.head, Role.CLERK))
    with scene.at(scene.outsider):
        copy.refresh_from_db()
        assert copy.total_inspection == Decimal(200)
    # Once the standing body went on from it, the team's column stays.
    with scene.at(scene.head):
        service.score_by_standing_body(at_head, full(), actor=scene.act(scene.head, Role.SECRETARIAT))
    with scene.at(scene.outsider), pytest.raises(RefusedError, match="không sửa được nữa"):
        service.score_by_inspection(copy, full(), actor=guest)


def test_only_the_named_person_scores_there(scene: ClusterScene) -> None:
    sent(scene, scene.member)
    inspect(scene, scene.member)
    copy, colleague = team_sheet(scene), scene.act(scene.outsider, Role.SECRETARIAT)
    assert copy is not None
    with scene.at(scene.outsider), pytest.raises(RefusedError, match="không ở trong Đoàn"):
        service.score_by_inspection(copy, full(), actor=colleague)


def test_the_copy_ends_with_the_result(scene: ClusterScene) -> None:
    sent(scene, scene.member)
    sent(scene, scene.third)
    inspect(scene, scene.member, scene.third)
    conclude(scene, scene.member)
    left = team_sheet(scene)
    assert left is not None
    assert left.about == scene.third
    conclude(scene, scene.third)
    assert team_sheet(scene) is None


def test_a_sheet_that_is_taken_back_is_taken_from_the_team_too(scene: ClusterScene) -> None:
    sent(scene, scene.member)
    inspect(scene, scene.member)
    with scene.at(scene.member):
        own = ScoreSheet.objects.get(side="member")
        service.withdraw_score_sheet(own, actor=scene.act(scene.member, Role.HEAD))
    assert team_sheet(scene) is None


def test_after_a_handover_the_old_heads_people_go_on_and_the_new_heads_have_no_copy(scene: ClusterScene) -> None:
    sent(scene, scene.third)
    inspect(scene, scene.third)
    assert team_sheet(scene, scene.head) is None
    apply(announce_handover(scene))
    copy, clerk = team_sheet(scene, scene.head), scene.act(scene.head, Role.CLERK)
    assert copy is not None
    with scene.at(scene.head):
        service.score_by_inspection(copy, full(), actor=clerk)
    with scene.at(scene.member):
        assert ScoreSheet.objects.get(side="head").total_inspection == Decimal(200)
    assert team_sheet(scene, scene.member) is None


def test_the_way_through_the_screens(scene: ClusterScene, client: Client) -> None:
    sent(scene, scene.member)
    inspect(scene, scene.member)
    copy = team_sheet(scene)
    assert copy is not None
    client.force_login(scene.act(scene.outsider, Role.CLERK).account)
    assert copy.get_absolute_url() in client.get(scene.year.get_absolute_url()).content.decode()
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "thành viên Đoàn kiểm tra" in page
    address = f"{copy.get_absolute_url()}inspection/"
    assert address in page
    assert client.get(address).status_code == 200
    assert client.get(f"{copy.get_absolute_url()}council/").status_code == 403
    client.force_login(scene.act(scene.third, Role.CLERK).account)
    assert client.get(copy.get_absolute_url()).status_code == 404
