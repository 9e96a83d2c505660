"""The yearly hand-over: announced, carried out on its day once, refused in words; and a unit that ends."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from campaigns.calendar import OFFICE_ZONE
from campaigns.models import (
    Assignment,
    ClusterHandover,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    ExpectedWork,
    Inspection,
    InspectionNotice,
    InspectionPlan,
    Obligation,
    OpinionAnswer,
    OpinionRequest,
    OpinionRound,
    ScoreEntry,
    ScoreSheet,
    ScoreTemplate,
)
from campaigns.selectors.clusters import find_acting_head
from campaigns.selectors.scores import read_template
from campaigns.services.clusters import choose_cluster_role
from campaigns.services.expected import expect_obligations
from campaigns.services.handovers import announce_handover, apply_due, cancel_handover, promise_due
from campaigns.services.inspections import add_inspection, add_team_member, announce_inspection_plan
from campaigns.services.inspections import create_inspection_plan as create_plan
from campaigns.services.opinions import answer_opinion, ask_opinion
from campaigns.services.reorganisation import carry_over
from campaigns.services.scores import (
    Score,
    create_score_sheet,
    load_score_templates,
    score_self,
    send_score_sheet,
)
from campaigns.tasks import apply_handover, promise_handovers
from tests.builders import AT, DAY, campaign, obligation, pdf
from tests.campaigns.cluster_scene import ClusterScene
from units.actors import system_actor
from units.models import AuditEntry, OutboxMessage, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 1)


@pytest.fixture
def scene() -> ClusterScene:
    return ClusterScene()


def announce(scene: ClusterScene, new: Unit | None = None, on: date = ON) -> ClusterHandover:
    """The work of 2023 goes from Thái Nguyên to the head of 2024."""
    later = scene.add_year(2024, new or scene.member)
    keeper = scene.act(scene.ministry, Role.STAFF)
    return scene.as_unit(
        scene.ministry, lambda: announce_handover(scene.year, later, on=on, actor=keeper, day=DAY, at=AT)
    )


def fill(scene: ClusterScene) -> None:
    """One of each kind that is open at the head, and a line that is finished."""
    with maintenance_scope("test rows"):
        one = campaign(scene.head)
        scene.year.campaigns.add(one)
        everybody = obligation(one, "CHUNG", scene.head, scene.member, scene.third, last_day=date(2023, 12, 1))
        own = obligation(one, "RIENG", scene.head, last_day=date(2024, 2, 1))
        Obligation.objects.filter(pk=own.pk).update(owed_to=scene.ministry)
        own.refresh_from_db()
        done = obligation(one, "XONG", scene.member, last_day=date(2023, 3, 1))
        Assignment.objects.filter(obligation=done).update(done_at=AT)
        expect_obligations([everybody, own, done])
        load_score_templates()
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        plan = create_plan(scene.year, title="Kiểm tra", number="1/KH", issued_on=DAY, actor=clerk, at=AT)
        add_inspection(plan, scene.member, starts_on=DAY, ends_on=DAY, actor=clerk)
        add_team_member(plan, username=clerk.account.username, office=None, duty="Trưởng đoàn", actor=clerk, day=DAY)
        announce_inspection_plan(plan, actor=clerk)
        ask_opinion(
            scene.year, pdf(), title="Dự thảo", about="", last_day=date(2024, 1, 15), actor=clerk, day=DAY, at=AT
        )
    with scene.at(scene.third):
        mine = scene.act(scene.third, Role.CLERK)
        sheet = create_score_sheet(scene.year, ScoreTemplate.objects.get(), actor=mine)
        items = read_template(sheet.template).items
        score_self(sheet, {item.code: Score(item.maximum) for item in items}, actor=mine)
        send_score_sheet(sheet, actor=scene.act(scene.third, Role.HEAD), at=AT)


def apply(handover: ClusterHandover, day: date = ON) -> bool:
    with maintenance_scope("a hand-over moves rows between two branches"):
        return apply_due(handover.pk, day=day, at=AT)


def test_open_work_moves_and_what_is_done_stays(scene: ClusterScene) -> None:
    fill(scene)
    handover = announce(scene)
    assert find_acting_head(scene.year) == scene.head
    assert apply(handover) is True
    assert find_acting_head(scene.year) == scene.member
    with scene.at(scene.member):
        assert InspectionPlan.objects.get().unit == scene.member
        assert Inspection.objects.get().inspected == scene.member
        assert OpinionRound.objects.get().title == "Dự thảo"
        assert OpinionAnswer.objects.count() == 2
        assert ScoreSheet.objects.get(side="head").about == scene.third
        assert ScoreEntry.objects.filter(sheet__side="head").count() == 8
        # The old head owes its own part to the new one now; the region's own report came along.
        assert set(ExpectedWork.objects.values_list("ower__code", "obligation__code")) == {
            ("STP-BKA", "CHUNG"),
            ("CTHADS-TNG", "CHUNG"),
        }
        assert set(Assignment.objects.filter(unit=scene.member).values_list("obligation__code", flat=True)) == {
            "CHUNG",
            "RIENG",
            "XONG",
        }
    with scene.at(scene.head):
        assert set(Assignment.objects.filter(unit=scene.head).values_list("obligation__code", flat=True)) == {"CHUNG"}
        assert ExpectedWork.objects.get().obligation.code == "XONG"
        assert not InspectionPlan.objects.exists()
    with scene.at(scene.third):
        assert OpinionRequest.objects.get().head == scene.member
    assert Obligation.objects.get(code="CHUNG").owed_to == scene.member
    assert Obligation.objects.get(code="XONG").owed_to == scene.head
    handover.refresh_from_db()
    counted = {one["label"]: one["number"] for one in handover.outcome}
    assert counted["Việc thành viên chưa gửi"] == 2
    assert counted["Việc thành viên đã gửi, chờ nhận"] == 0
    assert counted["Bảng chấm điểm chưa chốt"] == 1
    with scene.at(scene.ministry):
        assert set(AuditEntry.objects.filter(verb__endswith="over-cluster").values_list("verb", flat=True)) == {
            "hand-over-cluster",
            "take-over-cluster",
        }


def test_the_exchange_goes_on_with_the_new_head(scene: ClusterScene) -> None:
    fill(scene)
    apply(announce(scene))
    with scene.at(scene.third):
        request = OpinionRequest.objects.get()
        answer_opinion(request, verdict="agree", words="", actor=scene.act(scene.third, Role.CLERK), at=AT)
    with scene.at(scene.member):
        assert OpinionAnswer.objects.get(member=scene.third).answered_at == AT
    with scene.at(scene.head):
        assert not OpinionAnswer.objects.exists()


def test_the_right_to_lead_passes_with_the_work(scene: ClusterScene) -> None:
    fill(scene)
    apply(announce(scene))
    old, new = scene.act(scene.head, Role.CLERK), scene.act(scene.member, Role.CLERK)
    with scene.at(scene.head), pytest.raises(RefusedError, match="Cao Bằng đang chủ trì"):
        create_plan(scene.year, title="x", number="2/KH", issued_on=DAY, actor=old, at=AT)
    with scene.at(scene.member):
        create_plan(scene.year, title="x", number="2/KH", issued_on=DAY, actor=new, at=AT)
        assert InspectionPlan.objects.filter(unit=scene.member).count() == 2


def test_beat_promises_it_once_a_day_and_carries_it_out_once(scene: ClusterScene) -> None:
    fill(scene)
    handover = announce(scene)
    assert promise_due(day=date(2023, 12, 31)) == 0
    assert promise_due(day=ON) == 1
    assert promise_due(day=ON) == 1
    message = OutboxMessage.objects.get(task="campaigns.tasks.apply_handover")
    assert message.arguments == {"handover_id": handover.pk}
    assert apply(handover) is True
    assert apply(handover) is False
    assert promise_due(day=ON) == 0
    with scene.at(scene.ministry):
        assert AuditEntry.objects.filter(verb="take-over-cluster").count() == 1


def test_the_task_marks_its_promise_done(scene: ClusterScene) -> None:
    """By the machine's own clock, which stands long after the announced day."""
    handover = announce(scene)
    promise_handovers()
    message = OutboxMessage.objects.get(task="campaigns.tasks.apply_handover")
    for _ in range(2):
        apply_handover(handover_id=handover.pk, outbox_key=message.key)
    message.refresh_from_db()
    handover.refresh_from_db()
    assert message.done_at is not None
    assert handover.state == "applied"


def test_what_cannot_be_is_kept_in_words_and_moves_nothing(scene: ClusterScene) -> None:
    fill(scene)
    handover = announce(scene)
    ClusterMember.objects.filter(year=handover.to_year, role="head").update(role="member")
    assert apply(handover) is False
    handover.refresh_from_db()
    assert handover.state == "announced"
    assert "chưa có đơn vị trưởng" in handover.failure
    with scene.at(scene.head):
        assert InspectionPlan.objects.count() == 1
    # Not tried again on the day of the failure, but on the next one.
    assert promise_due(day=AT.date()) == 0
    ClusterMember.objects.filter(year=handover.to_year, member=scene.third).update(role="head")
    assert promise_due(day=ON) == 1
    assert apply(handover) is True


def test_a_failure_right_after_midnight_is_one_of_that_day(scene: ClusterScene) -> None:
    """The usual hour, for then its day has come: in UTC it is still the day before."""
    announce(scene)
    ClusterHandover.objects.update(failed_at=datetime.combine(ON, time(0, 1), tzinfo=OFFICE_ZONE))
    assert [promise_due(day=ON), promise_due(day=ON + timedelta(days=1))] == [0, 1]


def test_it_is_announced_once_for_a_day_to_come_by_the_keeper(scene: ClusterScene) -> None:
    handover = announce(scene)
    keeper, stranger = scene.act(scene.ministry, Role.STAFF), scene.act(scene.head, Role.STAFF)
    later = handover.to_year
    for actor, on, words in (
        (stranger, ON, "không quản lý"),
        (keeper, date(2023, 11, 12), "đã qua"),
        (keeper, ON, "đã có lịch bàn giao"),
    ):
        with scene.at(scene.ministry), pytest.raises(RefusedError, match=words):
            announce_handover(scene.year, later, on=on, actor=actor, day=DAY, at=AT)
    with scene.at(scene.ministry):
        place = ClusterMember.objects.get(year=scene.year, role="head")
        with pytest.raises(RefusedError, match="lịch bàn giao"):
            choose_cluster_role(place, ClusterRole.MEMBER, actor=keeper)
        cancel_handover(handover, actor=keeper)
        announce_handover(scene.year, later, on=ON, actor=keeper, day=DAY, at=AT)


def test_a_year_without_a_head_is_not_handed_over(scene: ClusterScene) -> None:
    later = scene.add_year(2024, scene.outsider)
    keeper = scene.act(scene.ministry, Role.STAFF)
    with scene.at(scene.ministry), pytest.raises(RefusedError, match="năm 2024 chưa có đơn vị trưởng"):
        announce_handover(scene.year, later, on=ON, actor=keeper, day=DAY, at=AT)


def test_the_page_counts_what_will_move_before(scene: ClusterScene, client: Client) -> None:
    fill(scene)
    scene.add_year(2024, scene.member)
    client.force_login(scene.act(scene.ministry, Role.STAFF).account)
    address = f"/cluster-years/{scene.year.pk}/handover/"
    page = client.get(address).content.decode()
    assert "Việc thành viên chưa gửi" in page
    past = client.post(address, {"to_year": scene.cluster.years.get(year=2024).pk, "on": "01/01/2020"})
    assert past.status_code == 422
    assert "01/01/2020" in past.content.decode()
    assert "đã qua" in past.content.decode()
    done = client.post(address, {"to_year": scene.cluster.years.get(year=2024).pk, "on": "01/01/2999"})
    assert done.status_code == 302
    assert "01/01/2999" in client.get(scene.year.get_absolute_url()).content.decode()
    assert client.post(f"/cluster-handovers/{ClusterHandover.objects.get().pk}/cancel/").status_code == 302


def test_the_announcement_names_the_unit_that_takes_over(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.ministry, Role.STAFF).account)
    address = f"{scene.year.get_absolute_url()}handover/"
    scene.add_year(2024, scene.member)
    headless = ClusterYear.objects.create(cluster=scene.cluster, year=2025)
    shown = client.get(address).content.decode()
    assert f"năm 2024: {scene.member}" in shown
    assert f"năm {headless.year}: chưa ghi đơn vị trưởng" in shown


# A unit that ends


def merge(scene: ClusterScene, source: Unit, heir: Unit) -> None:
    with scene.at(scene.ministry):
        carry_over(source, heir, on=date(2023, 12, 1), actor=system_actor(scene.ministry, "thử"))


def test_the_heir_takes_the_place_and_the_lead(scene: ClusterScene) -> None:
    fill(scene)
    merge(scene, scene.head, scene.outsider)
    assert set(scene.year.members.values_list("member__code", "role")) == {
        ("CTHADS-LSO", "head"),
        ("CTHADS-CBA", "member"),
        ("STP-BKA", "member"),
    }
    with scene.at(scene.outsider):
        assert InspectionPlan.objects.count() == 1
        assert set(ExpectedWork.objects.values_list("ower__code", flat=True)) == {"CTHADS-CBA", "STP-BKA"}


def test_the_heir_answers_what_a_member_was_asked(scene: ClusterScene) -> None:
    fill(scene)
    merge(scene, scene.member, scene.outsider)
    with scene.at(scene.outsider):
        assert InspectionNotice.objects.count() == 1
        request = OpinionRequest.objects.get()
        answer_opinion(request, verdict="agree", words="", actor=scene.act(scene.outsider, Role.CLERK), at=AT)
    with scene.at(scene.head):
        assert OpinionAnswer.objects.get(answered_at__isnull=False).member == scene.outsider
        assert Inspection.objects.get().inspected == scene.outsider
        assert "CTHADS-CBA" not in ExpectedWork.objects.filter(done_at__isnull=True).values_list(
            "ower__code", flat=True
        )


def test_an_heir_that_belongs_already_keeps_one_place_with_the_higher_role(scene: ClusterScene) -> None:
    fill(scene)
    merge(scene, scene.head, scene.third)
    assert set(scene.year.members.values_list("member__code", "role")) == {
        ("STP-BKA", "head"),
        ("CTHADS-CBA", "member"),
    }
    with scene.at(scene.third):
        assert InspectionPlan.objects.count() == 1
