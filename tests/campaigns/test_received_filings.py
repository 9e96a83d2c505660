"""Filings that cross between members of a cluster: copies with the head and the deputies, and the head's answers."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import (
    Assignment,
    ClusterFile,
    ClusterMember,
    ExpectedWork,
    Obligation,
    ReceivedFiling,
    ReceivedPaper,
    ReturnLetter,
    Submission,
    TitleRegistration,
)
from campaigns.services.expected import expect_obligations
from campaigns.services.filing_copies import lay_missing
from campaigns.services.filings import save_submission, send_submission, start_submission, withdraw_submission
from campaigns.services.papers import add_paper
from campaigns.services.received_filings import approve_filing, receive_filing, return_filing
from tests.builders import AT, DAY, campaign, obligation, pdf, title
from tests.campaigns.cluster_scene import ClusterScene
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db
NAME = "báo cáo năm.pdf"


@pytest.fixture
def scene(settings: Any) -> ClusterScene:
    """The outsider Lạng Sơn joins as deputy; everybody owes the head a report of which deputies get a copy."""
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    scene = ClusterScene()
    ClusterMember.objects.create(year=scene.year, member=scene.outsider, role="deputy")
    with maintenance_scope("test rows"):
        plan = campaign(scene.head)
        scene.year.campaigns.add(plan)
        duty = obligation(plan, "BAO-CAO", scene.head, scene.member, scene.third, last_day=date(2023, 11, 20))
        duty.copies_to.add(scene.outsider)
        expect_obligations([duty])
    return scene


def send(scene: ClusterScene, place: Unit, code: str = "BAO-CAO", number: str = "12/BC") -> Submission:
    clerk = scene.act(place, Role.CLERK)
    with scene.at(place):
        owed = Assignment.objects.select_related("unit", "obligation__owed_to").get(unit=place, obligation__code=code)
        submission = start_submission(owed, actor=clerk, at=AT)
        save_submission(submission, document_number=number, document_date=DAY, message="Kính gửi", actor=clerk)
        if not submission.papers.exists():
            add_paper(submission, pdf(NAME, pages=2), paper="", actor=clerk, at=AT)
        return send_submission(submission, actor=clerk, at=AT)


def held(scene: ClusterScene, place: Unit, sender: Unit | None = None) -> ReceivedFiling:
    with scene.at(place):
        return ReceivedFiling.objects.select_related("unit", "obligation").get(
            sender=sender or scene.member, unit=place
        )


def test_sending_lays_copies_with_the_head_and_those_the_plan_names(scene: ClusterScene) -> None:
    submission = send(scene, scene.member)
    everyone = scene.everywhere(lambda: {one.unit: one.received_as for one in ReceivedFiling.objects.all()})
    assert everyone == {scene.head: "addressee", scene.outsider: "copy"}
    for place in (scene.head, scene.outsider):
        copy = held(scene, place)
        assert (copy.submission, copy.receipt_code, copy.document_number, copy.message) == (
            submission.pk,
            submission.receipt_code,
            "12/BC",
            "Kính gửi",
        )
        with scene.at(place):
            paper = ReceivedPaper.objects.select_related("file__unit").get()
            assert (paper.file.unit, paper.file.file_name, paper.pages) == (place, NAME, 2)
            assert paper.file.file.read() == pdf(NAME, pages=2).read()
    with scene.at(scene.third):
        assert not ReceivedFiling.objects.exists()
        assert not ClusterFile.objects.exists()
    # The sender keeps the one row of its own and sees no copy.
    with scene.at(scene.member):
        assert not ReceivedFiling.objects.exists()


def test_who_stands_above_gets_no_copy_of_what_it_reads_itself(scene: ClusterScene) -> None:
    with maintenance_scope("test rows"):
        Obligation.objects.get(code="BAO-CAO").copies_to.set([scene.ministry, scene.head])
    send(scene, scene.member)
    send(scene, scene.head)
    assert scene.everywhere(lambda: list(ReceivedFiling.objects.values_list("unit", "sender"))) == [
        (scene.head.pk, scene.member.pk)
    ]


def test_the_addressee_receives_and_every_copy_says_so(scene: ClusterScene) -> None:
    submission = send(scene, scene.member)
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    scene.as_unit(scene.head, lambda: receive_filing(held(scene, scene.head), actor=secretariat, at=AT))
    submission = scene.as_unit(scene.member, lambda: Submission.objects.get(pk=submission.pk))
    assert (submission.state, submission.received_label) == ("received", secretariat.label)
    assert [held(scene, place).state for place in (scene.head, scene.outsider)] == ["received", "received"]
    with scene.at(scene.member):
        assert AuditEntry.objects.filter(verb="receive-submission", unit=scene.member).exists()
        clerk = scene.act(scene.member, Role.CLERK)
        with pytest.raises(RefusedError, match="đã được tiếp nhận nên không rút"):
            withdraw_submission(submission, actor=clerk)
    with scene.at(scene.head), pytest.raises(RefusedError, match="Không thể"):
        receive_filing(held(scene, scene.head), actor=secretariat, at=AT)


def test_a_return_reaches_the_sender_with_its_reason_and_a_second_version_comes_as_a_second_copy(
    scene: ClusterScene,
) -> None:
    send(scene, scene.member)
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    scene.as_unit(
        scene.head,
        lambda: return_filing(held(scene, scene.head), reasons="Thiếu số liệu", actor=secretariat, at=AT),
    )
    with scene.at(scene.head):
        assert ExpectedWork.objects.get(ower=scene.member).done_at is None
    with scene.at(scene.member):
        returned = Submission.objects.get()
        assert (returned.state, returned.answer) == ("returned", "Thiếu số liệu")
        # The clerk who sent it, and nobody of the addressee.
        assert [one.recipient for one in ReturnLetter.objects.select_related("recipient")] == [
            scene.act(scene.member, Role.CLERK).account
        ]
    again = send(scene, scene.member, number="13/BC")
    assert again.version == 2
    with scene.at(scene.head):
        copies = list(ReceivedFiling.objects.order_by("version").values_list("version", "state", "document_number"))
    assert copies == [(1, "returned", "12/BC"), (2, "sent", "13/BC")]


def test_a_withdrawn_one_is_marked_and_cannot_be_answered(scene: ClusterScene) -> None:
    submission = send(scene, scene.member)
    clerk = scene.act(scene.member, Role.CLERK)
    scene.as_unit(scene.member, lambda: withdraw_submission(submission, actor=clerk))
    copy = held(scene, scene.head)
    assert copy.state == "withdrawn"
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    with scene.at(scene.head), pytest.raises(RefusedError, match="Đã rút"):
        receive_filing(copy, actor=secretariat, at=AT)


def test_a_copy_is_for_reading_only(scene: ClusterScene) -> None:
    send(scene, scene.member)
    deputy = scene.act(scene.outsider, Role.SECRETARIAT)
    with scene.at(scene.outsider), pytest.raises(RefusedError, match="nơi khác giữ bản sao"):
        return_filing(held(scene, scene.outsider), reasons="x", actor=deputy, at=AT)
    assert held(scene, scene.head).state == "sent"


def test_a_registration_says_its_lines_and_is_approved(scene: ClusterScene) -> None:
    with maintenance_scope("test rows"):
        duty = obligation(
            Obligation.objects.get(code="BAO-CAO").campaign, "DANG-KY", scene.member, last_day=None, kind="registration"
        )
        expect_obligations([duty])
    clerk = scene.act(scene.member, Role.CLERK)
    with scene.at(scene.member):
        owed = Assignment.objects.select_related("unit", "obligation__owed_to").get(obligation=duty)
        submission = start_submission(owed, actor=clerk, at=AT)
        save_submission(submission, document_number="1/DK", document_date=DAY, message="", actor=clerk)
        TitleRegistration.objects.create(unit=scene.member, submission=submission, title=title("CSTDCS"), quantity=3)
        send_submission(submission, actor=clerk, at=AT)
    copy = held(scene, scene.head)
    assert [(line["quantity"], line["names"]) for line in copy.lines] == [(3, [])]
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    assert scene.as_unit(scene.head, lambda: approve_filing(copy, actor=secretariat, at=AT)).state == "approved"


def test_what_was_sent_before_copies_were_laid_is_laid_by_the_command_once(scene: ClusterScene) -> None:
    send(scene, scene.member)
    with maintenance_scope("a database of the release before"):
        ReceivedPaper.objects.all().delete()
        ReceivedFiling.objects.all().delete()
    for _ in range(2):
        call_command("load_clusters", verbosity=0)
        assert scene.everywhere(ReceivedFiling.objects.count) == 2


def test_copies_of_many_filings_are_laid_by_as_many_statements_as_of_one(scene: ClusterScene) -> None:
    asked = []
    secretary = scene.act(scene.head, Role.SECRETARIAT)
    for place in (scene.member, scene.third):
        send(scene, place)
        with maintenance_scope("a database of the release before"):
            ReceivedPaper.objects.all().delete()
            ReceivedFiling.objects.all().delete()
            with CaptureQueriesContext(connection) as queries:
                lay_missing(Obligation.objects.all(), ["sent"], actor=secretary, at=AT)
            asked.append(len(queries))
            laid = ReceivedPaper.objects.values_list("filing__sender", "unit", "file__file_name")
            assert len(set(laid)) == ReceivedFiling.objects.count() == 2 * len(asked)
    assert asked[0] == asked[1]


# --- screens --------------------------------------------------------------------------------------


def test_the_way_through_the_screens(scene: ClusterScene, client: Client) -> None:
    send(scene, scene.member)
    copy, other = held(scene, scene.head), held(scene, scene.outsider)
    client.force_login(scene.act(scene.head, Role.SECRETARIAT).account)
    page = client.get("/received-filings/").content.decode()
    assert "1 bản chờ tiếp nhận" in page
    assert copy.get_absolute_url() in page
    assert copy.get_absolute_url() in client.get("/expected-work/").content.decode()
    assert "Không có bản nộp nào khớp" in client.get("/received-filings/?state=returned").content.decode()
    assert client.get("/received-filings/workbook/").status_code == 200
    detail = client.get(copy.get_absolute_url()).content.decode()
    assert NAME in detail
    assert "Tiếp nhận" in detail
    with scene.at(scene.head):
        paper = ReceivedPaper.objects.get(filing=copy)
    assert client.get(f"/cluster-files/{paper.file_id}/").status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(f"{copy.get_absolute_url()}return/", {"reasons": ""}).status_code == 422
    assert client.post(f"{copy.get_absolute_url()}receive/").status_code == 302
    assert client.post(f"{copy.get_absolute_url()}receive/").status_code == 422
    assert client.post(f"{copy.get_absolute_url()}approve/").status_code == 422
    assert client.post(f"{copy.get_absolute_url()}return/", {"reasons": "Thiếu dấu"}).status_code == 302
    assert "Thiếu dấu" in client.get(copy.get_absolute_url()).content.decode()
    client.force_login(scene.act(scene.outsider, Role.CLERK).account)
    assert "gửi đơn vị phó" in client.get(scene.year.get_absolute_url()).content.decode()
    shown = client.get(other.get_absolute_url()).content.decode()
    assert "Bản sao gửi đơn vị phó" in shown
    assert client.post(f"{other.get_absolute_url()}receive/").status_code == 403
    client.force_login(scene.act(scene.third, Role.CLERK).account)
    assert client.get(copy.get_absolute_url()).status_code == 404
    assert "Chưa có bản nộp nào" in client.get("/received-filings/").content.decode()


def test_the_sender_is_told_beforehand_who_gets_a_copy(scene: ClusterScene, client: Client) -> None:
    clerk = scene.act(scene.member, Role.CLERK)
    with scene.at(scene.member):
        owed = Assignment.objects.select_related("unit", "obligation__owed_to").get(unit=scene.member)
        submission = start_submission(owed, actor=clerk, at=AT)
    client.force_login(clerk.account)
    for address in (owed.get_absolute_url(), f"{submission.get_absolute_url()}check/"):
        page = client.get(address).content.decode()
        assert "Gửi thêm bản sao" in page
        assert "Cục THADS tỉnh Lạng Sơn" in page


def test_the_list_costs_the_same_for_one_and_for_many(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.head, Role.SECRETARIAT).account)
    send(scene, scene.member)
    costs = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/received-filings/").status_code == 200
        costs.append(len(queries))
        with maintenance_scope("test rows"):
            one = ReceivedFiling.objects.filter(unit=scene.head).first()
            assert one is not None
            one.pk, one.submission, one._state.adding = ReceivedFiling().pk, ReceivedFiling().pk, True
            one.unit = scene.head
            one.save(force_insert=True)
    assert costs[1] == costs[2]


def test_a_copy_without_an_original_is_refused_and_not_broken(scene: ClusterScene, client: Client) -> None:
    send(scene, scene.member)
    copy = held(scene, scene.head)
    with maintenance_scope("test rows"):
        ReceivedFiling.objects.filter(pk=copy.pk).update(submission=ReceivedFiling().pk)
    client.force_login(scene.act(scene.head, Role.SECRETARIAT).account)
    for act in ("receive", "approve"):
        answer = client.post(f"{copy.get_absolute_url()}{act}/")
        assert answer.status_code == 422
        assert "Không tìm thấy bản gốc" in answer.content.decode()
