"""What a hand-over does to filings in every state: those that the head itself owes, and those that members sent it."""

from datetime import date
from typing import Any

import pytest

from campaigns.models import (
    Assignment,
    Campaign,
    Cluster,
    ClusterMember,
    ClusterYear,
    ExpectedWork,
    Obligation,
    ReceivedFiling,
    ReceivedPaper,
    Submission,
    SubmissionPaper,
)
from campaigns.services.expected import expect_obligations
from campaigns.services.filings import (
    receive_submission,
    return_submission,
    save_submission,
    send_submission,
    start_submission,
    withdraw_submission,
)
from campaigns.services.handovers import apply_due
from campaigns.services.papers import add_paper
from campaigns.services.received_filings import receive_filing, return_filing
from tests.builders import AT, DAY, campaign, obligation, pdf
from tests.campaigns.cluster_scene import ClusterScene
from tests.campaigns.test_handovers import ON, announce, apply
from units.models import Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Any) -> ClusterScene:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    scene = ClusterScene()
    with maintenance_scope("test rows"):
        scene.year.campaigns.add(campaign(scene.head))
    return scene


def plan_of(scene: ClusterScene) -> Campaign:
    return scene.year.campaigns.get()


def draft(scene: ClusterScene, place: Unit, code: str) -> Submission:
    clerk = scene.act(place, Role.CLERK)
    with scene.at(place):
        owed = Assignment.objects.select_related("unit", "obligation__owed_to").get(unit=place, obligation__code=code)
        submission = start_submission(owed, actor=clerk, at=AT)
        save_submission(submission, document_number=f"1/{code}", document_date=DAY, message="", actor=clerk)
        if not submission.papers.exists():
            add_paper(submission, pdf(), paper="", actor=clerk, at=AT)
    return submission


def send(scene: ClusterScene, place: Unit, code: str) -> Submission:
    submission, clerk = draft(scene, place, code), scene.act(place, Role.CLERK)
    return scene.as_unit(place, lambda: send_submission(submission, actor=clerk, at=AT))


def owe_to_the_ministry(scene: ClusterScene, code: str) -> Obligation:
    """Something that the head of the region owes as head, alone."""
    with maintenance_scope("test rows"):
        duty = obligation(plan_of(scene), code, scene.head, last_day=date(2024, 2, 1), papers=[])
        Obligation.objects.filter(pk=duty.pk).update(owed_to=scene.ministry)
    return duty


def test_what_the_head_itself_owes_passes_with_its_unfinished_filings_and_what_is_finished_stays(
    scene: ClusterScene,
) -> None:
    old, ministry = scene.act(scene.head, Role.CLERK), scene.act(scene.ministry, Role.SECRETARIAT)
    for code in ("SOAN", "TRA", "RUT", "GUI", "NHAN", "CHUA"):
        owe_to_the_ministry(scene, code)
    draft(scene, scene.head, "SOAN")
    for code in ("TRA", "RUT", "GUI", "NHAN"):
        sent = send(scene, scene.head, code)
        if code == "TRA":
            with scene.at(scene.ministry):
                return_submission(sent, reasons="Thiếu biểu", actor=ministry, at=AT)
        elif code == "RUT":
            with scene.at(scene.head):
                withdraw_submission(sent, actor=old)
        elif code == "NHAN":
            with scene.at(scene.ministry):
                receive_submission(sent, actor=ministry, at=AT)
    assert apply(announce(scene)) is True
    with scene.at(scene.member):
        moved = {one.assignment.obligation.code: one for one in Submission.objects.filter(unit=scene.member)}
        assert {code: one.state for code, one in moved.items()} == {
            "SOAN": "draft",
            "TRA": "returned",
            "RUT": "withdrawn",
            "GUI": "sent",
        }
        assert moved["TRA"].answer == "Thiếu biểu"
        assert SubmissionPaper.objects.filter(unit=scene.member).count() == 4
        assert Assignment.objects.filter(unit=scene.member, obligation__code="CHUA").exists()
    with scene.at(scene.head):
        assert [one.assignment.obligation.code for one in Submission.objects.filter(unit=scene.head)] == ["NHAN"]
        assert Assignment.objects.get(unit=scene.head, obligation__code="NHAN").done_at is not None
    # The new head goes on with each: it sends the draft, mends what was returned, files what was withdrawn anew.
    for code, version in (("SOAN", 1), ("TRA", 2), ("RUT", 2), ("CHUA", 1)):
        again = send(scene, scene.member, code)
        assert (again.version, again.state) == (version, "sent"), code
    # And what was on its way comes back to the new head, not to the old one.
    with scene.at(scene.ministry):
        return_submission(moved["GUI"], reasons="Sai mẫu", actor=ministry, at=AT)
    assert send(scene, scene.member, "GUI").version == 2


def owe_to_the_head(scene: ClusterScene, code: str) -> None:
    with maintenance_scope("test rows"):
        duty = obligation(plan_of(scene), code, scene.third, scene.member, last_day=date(2024, 2, 1), papers=[])
        expect_obligations([duty])


def held(scene: ClusterScene, place: Unit) -> dict[str, str]:
    with scene.at(place):
        found = ReceivedFiling.objects.filter(unit=place, received_as="addressee").select_related("obligation")
        return {f"{one.obligation.code}-{one.version}": one.state for one in found}


def test_what_members_sent_passes_while_it_waits_for_an_answer(scene: ClusterScene) -> None:
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    for code in ("CHO", "NHAN", "TRA"):
        owe_to_the_head(scene, code)
        send(scene, scene.third, code)
    with scene.at(scene.head):
        for filing in ReceivedFiling.objects.select_related("unit", "obligation"):
            if filing.obligation.code == "NHAN":
                receive_filing(filing, actor=secretariat, at=AT)
            elif filing.obligation.code == "TRA":
                return_filing(filing, reasons="Thiếu", actor=secretariat, at=AT)
    handover = announce(scene)
    apply(handover)
    handover.refresh_from_db()
    counted = {one["label"]: one["number"] for one in handover.outcome}
    # What was returned has to be sent again; the other member has sent none of the three.
    assert counted["Việc thành viên chưa gửi"] == 4
    assert counted["Việc thành viên đã gửi, chờ nhận"] == 1
    assert held(scene, scene.member) == {"CHO-1": "sent", "TRA-1": "returned"}
    assert held(scene, scene.head) == {"NHAN-1": "received"}
    with scene.at(scene.member):
        papers = ReceivedPaper.objects.select_related("file")
        assert {one.file.unit_id for one in papers} == {scene.member.pk}
        assert papers.count() == 2
        lines = ExpectedWork.objects.filter(unit=scene.member, ower=scene.third)
        assert set(lines.values_list("obligation__code", flat=True)) == {"CHO", "TRA"}
    # The new head answers; the old one cannot any more.
    new = scene.act(scene.member, Role.SECRETARIAT)
    with scene.at(scene.member):
        waiting = ReceivedFiling.objects.get(obligation__code="CHO")
        assert receive_filing(waiting, actor=new, at=AT).state == "received"
    with scene.at(scene.head), pytest.raises(RefusedError):
        return_filing(ReceivedFiling.objects.get(), reasons="x", actor=secretariat, at=AT)
    # What is sent from now on lies with the new head.
    assert send(scene, scene.third, "TRA").version == 2
    assert held(scene, scene.member)["TRA-2"] == "sent"


def test_the_old_heads_own_part_that_nobody_received_lies_with_the_new_head(scene: ClusterScene) -> None:
    with maintenance_scope("test rows"):
        duty = obligation(plan_of(scene), "CHUNG", scene.head, scene.third, last_day=date(2024, 2, 1), papers=[])
        expect_obligations([duty])
    send(scene, scene.head, "CHUNG")
    assert held(scene, scene.head) == {}
    apply(announce(scene))
    assert held(scene, scene.member) == {"CHUNG-1": "sent"}
    with scene.at(scene.head):
        assert Submission.objects.get().unit == scene.head


def test_copies_of_deputies_pass_to_the_deputies_of_the_new_year(scene: ClusterScene) -> None:
    ClusterMember.objects.create(year=scene.year, member=scene.outsider, role="deputy")
    owe_to_the_head(scene, "BC")
    with maintenance_scope("test rows"):
        Obligation.objects.get(code="BC").copies_to.add(scene.outsider)
    handover = announce(scene)
    ClusterMember.objects.filter(year=handover.to_year, member=scene.third).update(role="deputy")
    apply(handover)
    assert list(Obligation.objects.get(code="BC").copies_to.all()) == [scene.third]


# --- what plans ask of all heads ------------------------------------------------------------------


def owe_as_heads(scene: ClusterScene, *heads: Unit) -> Obligation:
    """A plan of the ministry for 2023 asks something of every head."""
    with maintenance_scope("test rows"):
        from_above = Campaign.objects.create(
            code="BTP-2023",
            title="Việc của các đơn vị trưởng",
            kind="regular",
            issuer=scene.ministry,
            plan_name="Kế hoạch mẫu",
            opens_on=date(2023, 1, 1),
            closes_on=date(2024, 3, 1),
        )
        return obligation(from_above, "TRUONG", *heads, last_day=date(2024, 2, 1), papers=[], owed_by_heads=True)


def owers(scene: ClusterScene) -> set[str]:
    with maintenance_scope("a test looks at every side"):
        return set(
            Assignment.objects.filter(obligation__code="TRUONG", merged_into=None).values_list("unit__code", flat=True)
        )


def other_cluster(scene: ClusterScene, head: Unit) -> ClusterYear:
    cluster = Cluster.objects.create(code="KHOI-MAU", name="Khối mẫu", kind="block", keeper=scene.ministry)
    year = ClusterYear.objects.create(cluster=cluster, year=2023)
    ClusterMember.objects.create(year=year, member=head, role="head")
    return year


def test_work_of_all_heads_passes_with_its_draft_to_the_new_head(scene: ClusterScene) -> None:
    other_cluster(scene, scene.outsider)
    owe_as_heads(scene, scene.head, scene.outsider)
    draft(scene, scene.head, "TRUONG")
    apply(announce(scene))
    assert owers(scene) == {scene.member.code, scene.outsider.code}
    with scene.at(scene.member):
        assert Submission.objects.get(unit=scene.member).state == "draft"


def test_who_heads_another_cluster_goes_on_owing_it_and_so_does_the_new_head(scene: ClusterScene) -> None:
    other_cluster(scene, scene.head)
    owe_as_heads(scene, scene.head)
    apply(announce(scene))
    assert owers(scene) == {scene.head.code, scene.member.code}


def test_a_new_head_that_owes_it_already_owes_it_once(scene: ClusterScene) -> None:
    other_cluster(scene, scene.member)
    owe_as_heads(scene, scene.head, scene.member)
    apply(announce(scene))
    assert owers(scene) == {scene.member.code}


def test_the_same_is_not_passed_twice(scene: ClusterScene) -> None:
    owe_as_heads(scene, scene.head)
    handover = announce(scene)
    assert apply(handover) is True
    with maintenance_scope("the task comes again"):
        assert apply_due(handover.pk, day=ON, at=AT) is False
    assert owers(scene) == {scene.member.code}
