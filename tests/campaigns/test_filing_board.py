"""The board: who has sent, who has not, who is late; and reminding by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Assignment, DigestState, DirectReminder, Obligation
from campaigns.selectors.board import BoardState, count_board, list_board
from campaigns.selectors.filings import list_papers, list_waiting
from campaigns.services.direct_reminders import remind_assignments, remind_now, send_direct_reminder
from campaigns.services.filings import (
    receive_submission,
    return_submission,
    save_submission,
    send_submission,
    start_submission,
)
from campaigns.services.papers import add_paper
from campaigns.services.work import complete_assignment
from campaigns.tasks import send_direct_reminder as send_task
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, pdf, unit, user
from tests.units.workbooks import read
from units.models import AuditEntry, OutboxMessage
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

BOARD = "/filing-board/"


class Desk:
    """One report owed to the bureau by branches in every state, and one owed to another bureau."""

    def __init__(self, branches: int = 2) -> None:
        self.tree = Tree()
        self.units = [self.tree.branch, self.tree.sibling]
        self.units += [
            unit(f"CC-{number}", f"0001000100{number:02d}", name=f"Chi cục THADS huyện số {number}")
            for number in range(3, branches + 1)
        ]
        self.duty = obligation(
            campaign(self.tree.bureau), "BAO-CAO", *self.units, last_day=DAY - timedelta(days=3), papers=[]
        )
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)

    def owed(self, number: int) -> Assignment:
        return Assignment.objects.select_related("unit", "obligation__owed_to").get(
            unit=self.units[number], obligation=self.duty
        )

    def send(self, number: int, at: datetime = AT) -> object:
        clerk = actor(self.units[number], Role.CLERK)
        submission = start_submission(self.owed(number), actor=clerk, at=at)
        save_submission(submission, document_number="1/BC", document_date=DAY, message="", actor=clerk)
        if not list_papers(submission).exists():
            add_paper(submission, pdf(), paper="", actor=clerk, at=at)
        return send_submission(submission, actor=clerk, at=at)


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    """The pages stand on the day of the rows: what is long past is another list."""
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]


@pytest.fixture
def everything() -> Iterator[None]:
    with maintenance_scope("tests read every unit"):
        yield


def states(desk: Desk) -> dict[str, str]:
    return {one.unit.short_name: one.board_state for one in list_board(desk.tree.bureau, DAY)}


def test_every_state_is_told_and_counted(everything: None) -> None:
    desk = Desk(branches=7)
    in_time = datetime(2023, 11, 8, 3, 0, tzinfo=UTC)
    desk.send(0, in_time)
    receive_submission(desk.send(1), actor=desk.secretariat, at=AT)
    return_submission(desk.send(2), reasons="x", actor=desk.secretariat, at=AT)
    clerk = actor(desk.units[3], Role.CLERK)
    complete_assignment(desk.owed(3), document_number="9", document_date=DAY, actor=clerk, at=AT)
    Assignment.objects.filter(pk=desk.owed(4).pk).update(last_day=DAY)
    start_submission(desk.owed(5), actor=actor(desk.units[5], Role.CLERK), at=AT)
    told = states(desk)
    assert [told[one.short_name] for one in desk.units] == [
        "sent",
        "received",
        "returned",
        "recorded",
        "missing",
        "overdue",
        "overdue",
    ]
    counts = count_board(list_board(desk.tree.bureau, DAY))
    assert counts == {
        **{state.value: 0 for state in BoardState},
        "sent": 1,
        "received": 1,
        "returned": 1,
        "recorded": 1,
        "missing": 1,
        "overdue": 2,
        "late": 2,
    }


def test_what_waits_at_a_unit_was_sent_to_it_and_not_received(everything: None) -> None:
    desk = Desk()
    assert list(list_waiting(desk.tree.bureau)) == []
    sent, mended = desk.send(0), desk.send(1)
    assert {one.pk for one in list_waiting(desk.tree.bureau)} == {sent.pk, mended.pk}
    return_submission(mended, reasons="x", actor=desk.secretariat, at=AT)
    assert [one.pk for one in list_waiting(desk.tree.bureau)] == [sent.pk]
    assert list(list_waiting(desk.tree.ministry)) == list(list_waiting(desk.tree.branch)) == []


def test_the_second_version_is_what_the_board_shows(everything: None) -> None:
    desk = Desk()
    return_submission(desk.send(0), reasons="x", actor=desk.secretariat, at=AT)
    again = desk.send(0)
    rows = [one for one in list_board(desk.tree.bureau, DAY) if one.unit_id == desk.units[0].pk]
    assert [(one.board_state, one.latest_id) for one in rows] == [("sent", again.pk)]


def test_the_board_shows_what_is_owed_to_the_unit_and_below_only(client: Client, everything: None) -> None:
    desk = Desk()
    obligation(campaign_of(desk), "LEN-BO", desk.tree.bureau, last_day=DAY)
    Obligation.objects.filter(code="LEN-BO").update(owed_to=desk.tree.ministry)
    assert {one.obligation.code for one in list_board(desk.tree.bureau, DAY)} == {"BAO-CAO"}
    assert {one.obligation.code for one in list_board(desk.tree.ministry, DAY)} == {"BAO-CAO", "LEN-BO"}
    client.force_login(user("stranger", (desk.tree.stranger, Role.SECRETARIAT)))
    assert "Chưa có việc nào gửi về" in client.get(BOARD).content.decode()
    client.force_login(user("below", (desk.tree.branch, Role.SECRETARIAT)))
    assert "Chưa có việc nào gửi về" in client.get(BOARD).content.decode()


def campaign_of(desk: Desk) -> object:
    return desk.duty.campaign


def test_filters_narrow_the_page_and_the_workbook(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk()
        desk.send(0)
        other = obligation(campaign_of(desk), "KHAC", desk.tree.branch, last_day=date(2999, 1, 1))
    client.force_login(user("secretariat", (desk.tree.bureau, Role.SECRETARIAT)))
    page = client.get(BOARD).content.decode()
    assert page.count("Việc BAO-CAO") >= 2
    assert "Việc KHAC" in page
    assert "Gửi muộn: 1" in page
    for query, wanted in (
        ({"state": "late"}, 1),
        ({"state": "overdue"}, 1),
        ({"obligation": other.pk}, 1),
        ({"branch": desk.tree.branch.pk}, 2),
        ({"branch": desk.tree.sibling.pk, "state": "overdue"}, 1),
        ({"campaign": desk.duty.campaign.code}, 3),
        ({"campaign": "bia-dat", "state": "x"}, 3),
    ):
        assert client.get(BOARD, query).context["page"].paginator.count == wanted, query
        if "x" not in query.values():
            _, table = read(client.get(f"{BOARD}workbook/", query))
            assert len(table) - 1 == wanted, query


def test_what_is_history_is_shown_when_asked_for(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk()
        long_ago = DAY - timedelta(days=100)
        type(campaign_of(desk)).objects.update(closes_on=long_ago)
        Assignment.objects.filter(pk=desk.owed(0).pk).update(last_day=long_ago)
    client.force_login(user("secretariat", (desk.tree.bureau, Role.SECRETARIAT)))
    code = desk.duty.campaign.code
    for query, wanted in (
        ({}, 1),
        ({"past": "on"}, 2),
        ({"campaign": code}, 2),
        ({"past": "on", "state": "overdue"}, 2),
    ):
        assert client.get(BOARD, query).context["page"].paginator.count == wanted, query
        _, table = read(client.get(f"{BOARD}workbook/", query))
        assert len(table) - 1 == wanted, query
    # What was asked for goes along to the letters and back.
    asked = client.get(reverse("campaigns:filing-board-remind"), {"past": "on"})
    assert len(asked.context["outlook"].without_clerk) == 2
    assert asked.context["back"] == f"{BOARD}?past=on"
    # The unit itself still sees it, apart from what is due.
    client.force_login(user("clerk", (desk.units[0], Role.CLERK)))
    page = client.get("/assignments/")
    assert (page.context["open_assignments"], len(page.context["past_assignments"])) == ([], 1)
    assert "thuộc phong trào đã kết thúc: 1 việc" in page.content.decode()


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.STAFF, Role.HEAD])
def test_the_board_costs_the_same_for_two_and_for_six(client: Client, role: Role) -> None:
    with maintenance_scope("test rows"):
        desk = Desk(branches=6)
        Assignment.objects.filter(unit__in=desk.units[2:]).delete()
    client.force_login(user("reader", (desk.tree.bureau, role)))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(BOARD).status_code == 200
        return len(queries)

    cost()  # the first page of a session learns what later ones know
    two = cost()
    with maintenance_scope("test rows"):
        for place in desk.units[2:]:
            Assignment.objects.create(obligation=desk.duty, unit=place, last_day=DAY)
    assert cost() == two


# --- reminding -----------------------------------------------------------------------------------


def test_a_reminder_is_promised_once_a_day_and_says_what_is_owed(everything: None) -> None:
    desk = Desk()
    user("clerk", (desk.tree.branch, Role.CLERK))
    done = remind_now(desk.owed(0), actor=desk.secretariat, day=DAY)
    assert (done.mails, done.already, done.without_clerk) == (1, 0, ())
    again = remind_now(desk.owed(0), actor=desk.secretariat, day=DAY)
    assert (again.mails, again.already) == (0, 1)
    assert remind_now(desk.owed(0), actor=desk.secretariat, day=DAY + timedelta(days=1)).mails == 1
    first = DirectReminder.objects.get(day=DAY)
    assert OutboxMessage.objects.filter(key=f"reminder:{first.pk}").exists()
    assert send_direct_reminder(first.pk, day=DAY) is True
    first.refresh_from_db()
    assert first.state == DigestState.SENT
    assert first.handed_over_at is not None
    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.vn"]
    for words in ("Việc BAO-CAO", "quá hạn 3 ngày", "Thường trực Hội đồng", desk.owed(0).get_absolute_url()):
        assert words in letter.body
    assert AuditEntry.objects.filter(verb="remind-assignment").count() == 2


def test_a_unit_without_a_clerk_is_named_and_gets_nothing(everything: None) -> None:
    desk = Desk()
    user("gone", (desk.tree.branch, Role.CLERK), ends=date(2022, 1, 1))
    done = remind_assignments([desk.owed(0), desk.owed(1)], actor=desk.secretariat, day=DAY)
    assert done.mails == 0
    assert {one.short_name for one in done.without_clerk} == {one.short_name for one in desk.units}
    assert not DirectReminder.objects.exists()


def test_what_is_done_is_not_reminded(everything: None) -> None:
    desk = Desk()
    user("clerk", (desk.tree.branch, Role.CLERK))
    late = remind_now(desk.owed(0), actor=desk.secretariat, day=DAY)
    assert late.mails == 1
    desk.send(0)
    with pytest.raises(RefusedError, match="đã gửi việc này"):
        remind_now(desk.owed(0), actor=desk.secretariat, day=DAY + timedelta(days=1))
    # Sent between the press and the mail: nobody is bothered.
    assert send_direct_reminder(DirectReminder.objects.get().pk, day=DAY) is False
    assert mail.outbox == []


def test_nobody_reminds_about_what_is_owed_elsewhere(everything: None) -> None:
    desk = Desk()
    with pytest.raises(RefusedError, match="Việc này gửi về Cục THADS tỉnh Thái Nguyên"):
        remind_now(desk.owed(0), actor=actor(desk.tree.stranger, Role.SECRETARIAT), day=DAY)


def test_a_reminder_left_by_a_killed_worker_is_not_sent_again(everything: None, settings: object) -> None:
    desk = Desk()
    user("clerk", (desk.tree.branch, Role.CLERK))
    remind_now(desk.owed(0), actor=desk.secretariat, day=DAY)
    reminder = DirectReminder.objects.get()
    DirectReminder.objects.update(state=DigestState.SENDING)
    send_task(reminder_id=str(reminder.pk), outbox_key=f"reminder:{reminder.pk}")
    assert mail.outbox == []
    assert OutboxMessage.objects.get(key=f"reminder:{reminder.pk}").done_at is not None


def test_one_press_reminds_all_that_the_filter_keeps(client: Client) -> None:
    with maintenance_scope("test rows"):
        desk = Desk(branches=3)
        desk.send(2)
    user("clerk", (desk.tree.branch, Role.CLERK))
    client.force_login(user("staff", (desk.tree.bureau, Role.STAFF)))
    address = reverse("campaigns:filing-board-remind")
    page = client.post(address, {"state": "overdue"}, follow=True)
    assert page.redirect_chain == [(f"{BOARD}?state=overdue", 302)]
    text = page.content.decode()
    assert "Sẽ gửi 1 thư nhắc cho 1 việc" in text
    assert "Chi cục THADS huyện Định Hóa" in text
    assert "chưa có cán bộ thi đua" in text
    again = client.post(address, {"branch": desk.tree.branch.pk}, follow=True).content.decode()
    assert "1 việc đã được nhắc hôm nay" in again
    assert client.put(address).status_code == 405
    with maintenance_scope("test rows"):
        one = reverse("campaigns:assignment-remind", args=[desk.owed(1).pk])
    client.force_login(user("stranger", (desk.tree.stranger, Role.STAFF)))
    assert client.post(one).status_code == 404
