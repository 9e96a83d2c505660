"""What a unit that ends had filed: the heir goes on where it stopped, and history stays."""

from collections.abc import Iterator
from datetime import date

import pytest

from campaigns.models import Assignment, Submission
from campaigns.selectors.filings import list_papers
from campaigns.selectors.reorganisation import count_moved
from campaigns.services.filings import receive_submission, return_submission, send_submission, start_submission
from campaigns.services.reorganisation import carry_over
from tests.builders import AT, actor
from tests.campaigns.test_filings import Desk
from units.models import AuditEntry
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

ON = date(2024, 7, 1)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with maintenance_scope("tests read every unit"):
        yield Desk()


def merge(desk: Desk) -> None:
    carry_over(desk.tree.branch, desk.tree.sibling, on=ON, actor=actor(desk.tree.ministry, Role.ADMINISTRATOR))


def test_the_heir_finishes_the_draft(desk: Desk) -> None:
    draft = desk.complete()
    merge(desk)
    heir = actor(desk.tree.sibling, Role.CLERK)
    assignment = Assignment.objects.select_related("unit", "obligation__owed_to").get()
    going_on = start_submission(assignment, actor=heir, at=AT)
    assert going_on.pk == draft.pk
    assert set(list_papers(going_on).values_list("unit_path", flat=True)) == {desk.tree.sibling.path}
    assert send_submission(going_on, actor=heir, at=AT).state == "sent"


def test_what_waits_to_be_received_may_come_back_to_the_heir(desk: Desk) -> None:
    submission = desk.sent()
    said = {one.label: one.number for one in count_moved([desk.tree.branch], on=ON)}
    assert said["Bản nộp chưa được tiếp nhận"] == 1
    merge(desk)
    submission = Submission.objects.select_related("unit", "assignment").get(pk=submission.pk)
    assert submission.unit == desk.tree.sibling
    return_submission(submission, reasons="Thiếu số liệu", actor=desk.secretariat, at=AT)
    again = start_submission(submission.assignment, actor=actor(desk.tree.sibling, Role.CLERK), at=AT)
    assert (again.version, list_papers(again).count()) == (2, 2)
    assert AuditEntry.objects.filter(verb="take-over-submission").exists()


def test_what_was_received_stays_with_the_unit_that_filed_it(desk: Desk) -> None:
    submission = receive_submission(desk.sent(), actor=desk.secretariat, at=AT)
    merge(desk)
    submission.refresh_from_db()
    assert submission.unit_id == desk.tree.branch.pk


def test_where_the_heir_owes_the_same_the_paper_handed_in_stays(desk: Desk) -> None:
    submission = desk.sent()
    Assignment.objects.create(obligation=desk.assignment.obligation, unit=desk.tree.sibling)
    merge(desk)
    submission.refresh_from_db()
    assert submission.unit_id == desk.tree.branch.pk
    assert receive_submission(submission, actor=desk.secretariat, at=AT).state == "received"
