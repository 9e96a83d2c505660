"""Who qualifies: found at night in parts that survive a restart, shown on one page, one click from a draft."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars import tasks
from exemplars.models import Candidate, MovementResult, Nomination, QualifyingRun
from exemplars.selectors.candidates import count_branches, count_candidates, list_candidates
from exemplars.selectors.qualifying import Judges, judge_everybody, list_nominees, list_units_between
from exemplars.services import qualifying
from exemplars.services.qualifying import nominate_candidate, promise_runs, record_movement
from exemplars.services.rulebooks import publish_shipped
from tests.builders import AT, DAY, actor, excellent, person, title
from tests.exemplars.test_nominations import Story
from tests.units.workbooks import read
from units.models import AuditEntry, Grading, OutboxMessage, Posting
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        one = Story()
        publish_shipped()
        for code in ("sector-annual", "grassroots-period", "sector-period"):
            title(code, kind="recognition", ladder="", name=code)
        yield one


def run_parts() -> None:
    """What the worker does with each promise that is not done."""
    for message in OutboxMessage.objects.filter(task=qualifying.TASK, done_at__isnull=True).order_by("key"):
        tasks.qualify_part(**message.arguments, outbox_key=message.key)


def found() -> list[tuple[str, str, str, str]]:
    rows = Candidate.objects.order_by("recognition__code", "sort_key")
    return list(rows.values_list("nominee_name", "recognition__code", "standing", "missing"))


def test_who_meets_all_and_who_is_one_step_away_are_found(story: Story) -> None:
    short, far = person(story.tree.branch, "Nông Văn Thử"), person(story.tree.sibling, "Hoàng Văn Giả")
    excellent(short)
    Grading.objects.filter(person=short).update(grade="good")
    gone = person(story.tree.branch, "Ma Thị Nghỉ")
    excellent(gone)
    Posting.objects.filter(person=gone).update(valid_to=date(2023, 10, 31))
    assert promise_runs(day=DAY, at=AT) == 1
    run_parts()
    annual = [row for row in found() if row[1] == "grassroots-annual"]
    assert annual == [
        ("Lường Thị Mẫu", "grassroots-annual", "meets", ""),
        ("Nông Văn Thử", "grassroots-annual", "one-step", "G2"),
    ]
    assert far.full_name not in {row[0] for row in found()}
    one = Candidate.objects.get(nominee_name="Nông Văn Thử", recognition__code="grassroots-annual")
    assert (one.first_possible, one.waiting) == (date(2024, 12, 31), ["G1", "G3", "G4", "B-C2"])


def test_a_night_is_promised_once_and_each_part_happens_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qualifying, "UNITS_A_PART", 2)
    assert promise_runs(day=DAY, at=AT) == 1
    assert promise_runs(day=DAY, at=AT) == 0
    messages = list(OutboxMessage.objects.filter(task=qualifying.TASK).order_by("key"))
    run = QualifyingRun.objects.get()
    assert (run.parts, run.parts_done, len(messages)) == (3, 0, 3)
    # A worker that dies after its first part: the promise is done, the others are not.
    first = messages[0]
    tasks.qualify_part(**first.arguments, outbox_key=first.key)
    tasks.qualify_part(**first.arguments, outbox_key=first.key)
    run.refresh_from_db()
    assert (run.parts_done, run.finished_at) == (1, None)
    run_parts()
    run.refresh_from_db()
    assert run.parts_done == 3
    assert run.finished_at is not None
    before = found()
    assert promise_runs(day=date(2023, 11, 14), at=AT) == 1
    run_parts()
    assert found() == before


def test_a_part_that_fails_leaves_what_stood(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    promise_runs(day=DAY, at=AT)
    run_parts()
    before = found()
    assert before
    promise_runs(day=date(2023, 11, 14), at=AT)
    message = OutboxMessage.objects.get(task=qualifying.TASK, done_at__isnull=True)
    with pytest.raises(QualifyingRun.DoesNotExist):
        tasks.qualify_part(**message.arguments | {"run": str(UUID(int=1))}, outbox_key=message.key)
    message.refresh_from_db()
    assert message.done_at is None
    assert found() == before


def test_the_queries_do_not_depend_on_the_people(story: Story) -> None:
    def asked() -> int:
        units = list_units_between(story.tree.branch.path, story.tree.sibling.path, DAY)
        with CaptureQueriesContext(connection) as made:
            list(judge_everybody(list_nominees(units, DAY), Judges(story.tree.ministry.path), year=2023, day=DAY))
        return len(made)

    before = asked()
    for number in range(5):
        excellent(person(story.tree.sibling, f"Lò Thị Mẫu {number}"))
    assert asked() == before


def page(client: Client, who: object, unit: object, **query: object) -> str:
    client.force_login(who.account)  # type: ignore[attr-defined]
    answer = client.get(reverse("exemplars:unit-year", args=[unit.pk]), query)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_holds_none_one_and_many_with_the_same_queries(story: Story, client: Client) -> None:
    def asked() -> int:
        page(client, story.secretariat, story.tree.bureau, year=2023)  # signs in, which asks more
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("exemplars:unit-year", args=[story.tree.bureau.pk]), {"year": 2023})
        return len(made)

    assert "Chưa có ai đạt mọi tiêu chuẩn" in page(client, story.clerk, story.tree.branch, year=2023)
    promise_runs(day=DAY, at=AT)
    run_parts()
    one = asked()
    for number in range(60):
        excellent(person(story.tree.sibling, f"Lò Thị Mẫu {number}"))
    promise_runs(day=date(2023, 11, 14), at=AT)
    run_parts()
    assert asked() == one
    text = page(client, story.secretariat, story.tree.bureau, year=2023, standing="meets")
    assert "page=2" in text
    assert "Lường Thị Mẫu" not in page(client, story.secretariat, story.tree.bureau, year=2023, standing="one-step")
    (tally,) = [line for line in count_candidates(story.tree.bureau, 2023) if line.code == "grassroots-annual"]
    assert (tally.meets, tally.one_step) == (61, 0)


def test_a_year_goes_out_as_a_workbook_and_is_told_by_branch(story: Story, client: Client) -> None:
    other = person(story.tree.sibling, "Nông Văn Thử")
    excellent(other)
    promise_runs(day=DAY, at=AT)
    run_parts()
    one = list_candidates(story.tree.branch, 2023, recognition="grassroots-annual").get()
    nominate_candidate(one, actor=story.clerk, day=DAY, at=AT)
    branches = count_branches(story.tree.bureau, 2023, recognition="grassroots-annual")
    assert {(each.unit, each.meets, each.one_step) for each in branches} == {
        (story.tree.branch, 1, 0),
        (story.tree.sibling, 1, 0),
    }
    text = page(client, story.secretariat, story.tree.bureau, year=2023, recognition="grassroots-annual")
    assert f"/criteria/units/{story.tree.sibling.pk}/year/?year=2023&amp;recognition=grassroots-annual" in text
    address = reverse("exemplars:unit-year-workbook", args=[story.tree.bureau.pk])
    client.force_login(story.clerk.account)
    assert client.get(address).status_code == 404
    address = reverse("exemplars:unit-year-workbook", args=[story.tree.branch.pk])
    about, table = read(client.get(address, {"year": 2023, "recognition": "grassroots-annual"}))
    assert "Năm 2023; Điển hình tiên tiến cấp cơ sở hằng năm" in str(about[1][0])
    assert [(row[0], row[1], row[7]) for row in table[1:]] == [(one.nominee_name, one.unit.name, "Có")]


def test_one_click_opens_a_draft(story: Story, client: Client) -> None:
    promise_runs(day=DAY, at=AT)
    run_parts()
    one = list_candidates(story.tree.branch, 2023, recognition="grassroots-annual").get()
    draft = nominate_candidate(one, actor=story.clerk, day=DAY, at=AT)
    assert (draft.person, draft.recognition.code, draft.year) == (story.nominee, "grassroots-annual", 2023)
    with pytest.raises(RefusedError, match="Đã có một đề nghị"):
        nominate_candidate(one, actor=story.clerk, day=DAY, at=AT)
    with pytest.raises(RefusedError, match="không lập đề nghị"):
        nominate_candidate(one, actor=actor(story.tree.sibling, Role.CLERK), day=DAY, at=AT)
    text = page(client, story.clerk, story.tree.branch, year=2023)
    assert reverse("exemplars:nomination-detail", args=[draft.pk]) in text
    client.force_login(actor(story.tree.sibling, Role.CLERK).account)
    assert client.post(reverse("exemplars:candidate-nominate", args=[one.pk])).status_code == 404
    assert Nomination.objects.count() == 1


def test_without_an_open_movement_the_click_is_refused(story: Story, client: Client) -> None:
    promise_runs(day=DAY, at=AT)
    run_parts()
    one = list_candidates(story.tree.branch, 2023, recognition="grassroots-annual").get()
    story.campaign.obligations.update(awards=["sector-annual"])
    client.force_login(story.clerk.account)
    answer = client.post(reverse("exemplars:candidate-nominate", args=[one.pk]))
    assert answer.status_code == 422
    assert "Không có phong trào nào đang mở" in answer.content.decode()


def test_a_result_in_movements_is_written_and_corrected_by_its_unit(story: Story, client: Client) -> None:
    client.force_login(story.clerk.account)
    address = reverse("exemplars:movement-record", args=[story.tree.branch.pk])
    given = {"year": "2022", "result": "good", "decision_number": "12/QĐ", "decided_on": "20/12/2022"}
    assert client.post(address, given | {"decided_on": "hôm qua"}).status_code == 422
    assert client.post(address, given | {"decided_on": "20/12/2021"}).status_code == 422
    assert client.post(address, given).status_code == 302
    assert client.post(address, given | {"result": "excellent"}).status_code == 302
    row = MovementResult.objects.get()
    assert (row.unit, row.result) == (story.tree.branch, "excellent")
    verbs = AuditEntry.objects.filter(subject_id=row.pk).values_list("verb", flat=True)
    assert list(verbs) == ["create-movement", "edit-movement"]
    with pytest.raises(RefusedError, match="không ghi kết quả"):
        record_movement(
            story.tree.sibling,
            year=2022,
            result="good",
            decision_number="1",
            decided_on=date(2022, 12, 1),
            actor=story.clerk,
            day=DAY,
        )
