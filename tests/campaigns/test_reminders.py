"""Reminders: the right days, one letter a person and day, nothing twice and nothing left out."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import CHOOSABLE_NOTICE_DAYS, USUAL_NOTICE_DAYS, step_in_force
from campaigns.models import (
    Assignment,
    Campaign,
    DigestKind,
    DigestState,
    ExtensionRequest,
    Obligation,
    Reminder,
    ReminderDigest,
    ReminderLetter,
    WorkerPulse,
)
from campaigns.services.handover import NotOursError, Sending
from campaigns.services.reminders import (
    edit_reminder_settings,
    feel_pulse,
    prepare_letters,
    send_letter,
    settle_letter,
)
from campaigns.services.work import answer_extension
from campaigns.tasks import prepare_reminders
from campaigns.tasks import send_letter as send_task
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, user
from units.models import AuditEntry, Membership, OutboxMessage
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with maintenance_scope("tests read every unit"):
        yield


def owe(*days_left: int) -> Tree:
    tree = Tree()
    one = campaign(tree.bureau)
    for number, days in enumerate(days_left):
        obligation(one, f"VIEC-{number}", tree.branch, last_day=DAY + timedelta(days=days))
    user("clerk", (tree.branch, Role.CLERK))
    return tree


def prepare(day: date = DAY) -> int:
    return prepare_letters(day=day, at=AT + (day - DAY))


def send_all(day: date = DAY) -> list[bool]:
    waiting = ReminderLetter.objects.filter(day=day, state=DigestState.WAITING).order_by("recipient__username")
    return [send_letter(one.pk, day=day, at=AT + (day - DAY)) for one in waiting]


def run_days(first: int, last: int) -> list[int]:
    """Prepare and send on each day from `first` to `last` before and after `DAY`; the days on which a mail went out."""
    days = []
    for number in range(first, last + 1):
        day = DAY + timedelta(days=number)
        prepare(day)
        if any(send_all(day)):
            days.append(number)
    return days


# --- which days -----------------------------------------------------------------------------------


@given(st.integers(-400, 400), st.sets(st.sampled_from(CHOOSABLE_NOTICE_DAYS), min_size=1), st.booleans())
def test_a_step_comes_on_its_day_and_stays_until_the_next(left: int, days: set[int], daily: bool) -> None:
    step = step_in_force(left, days, daily_when_late=daily)
    assert (step is None) is (left > max(days))
    if step is not None:
        assert step >= left
        # On its own day it is in force, whatever the unit chose.
        assert step_in_force(step, days, daily_when_late=daily) == step
    later = step_in_force(left - 1, days, daily_when_late=daily)
    assert later is not None or step is None
    assert step is None or later is None or later <= step


def test_the_usual_days_are_those_that_matter() -> None:
    steps = {left: step_in_force(left, USUAL_NOTICE_DAYS) for left in range(10, -17, -1)}
    assert [left for left, step in steps.items() if step == left] == [7, 3, 1, 0, -1, -8, -15]
    assert steps[8] is None


def test_somebody_hears_on_each_of_these_days_once() -> None:
    owe(7)
    assert run_days(-3, 25) == [0, 4, 6, 7, 8, 15, 22]
    assert len(mail.outbox) == 7
    assert sorted(Reminder.objects.values_list("step", flat=True)) == [-15, -8, -1, 0, 1, 3, 7]


def test_what_was_missed_while_nothing_ran_is_told_as_one() -> None:
    owe(7)
    assert run_days(0, 0) == [0]
    # The days of 3 and of 1 pass without any worker.
    assert run_days(7, 7) == [7]
    assert run_days(11, 14) == [11]
    assert sorted(Reminder.objects.values_list("step", flat=True)) == [-1, 0, 7]


def test_work_that_arrives_late_is_told_at_once() -> None:
    owe(2)
    assert run_days(0, 1) == [0, 1]


def test_everything_due_goes_into_one_mail() -> None:
    owe(7, 1, -3)
    prepare()
    send_all()
    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.vn"]
    assert [words in letter.body for words in ("còn 7 ngày", "ngày mai", "quá hạn 3 ngày")] == [True] * 3


def test_a_person_of_several_units_gets_one_mail() -> None:
    tree = owe(1)
    obligation(Campaign.objects.get(), "KHAC", tree.stranger, last_day=DAY + timedelta(days=3))
    Membership.objects.create(
        user=Membership.objects.get().user, unit=tree.stranger, role=Role.CLERK, valid_from=date(2020, 1, 1)
    )
    assert prepare() == 1
    send_all()
    (letter,) = mail.outbox
    assert [name in letter.body for name in (tree.branch.name, tree.stranger.name)] == [True, True]
    # Each unit keeps its own part, and none of the other's words.
    assert {one.unit for one in ReminderDigest.objects.all()} == {tree.branch, tree.stranger}


def test_two_clerks_hear_both_and_a_head_only_where_no_clerk_is() -> None:
    tree = owe(1)
    obligation(Campaign.objects.get(), "KHAC", tree.sibling, last_day=DAY)
    user("other", (tree.branch, Role.CLERK))
    user("head", (tree.branch, Role.HEAD))
    user("lonely.head", (tree.sibling, Role.HEAD))
    prepare()
    send_all()
    assert sorted(one.to[0] for one in mail.outbox) == [
        "clerk@example.vn", "lonely.head@example.vn", "other@example.vn",
    ]  # fmt: skip


def test_the_same_day_makes_no_second_letter() -> None:
    owe(-1)
    assert [prepare(), prepare(), prepare(DAY + timedelta(days=1)), prepare(DAY + timedelta(days=7))] == [1, 0, 1, 1]
    # The second was carried over from the first, which nobody had sent.
    assert Reminder.objects.count() == 2
    assert OutboxMessage.objects.count() == 3


def test_work_that_is_done_reminds_nobody() -> None:
    owe(1)
    Assignment.objects.update(done_at=AT)
    assert prepare() == 0


def test_work_done_between_preparing_and_sending_reminds_nobody() -> None:
    owe(1, 3)
    prepare()
    Assignment.objects.filter(obligation__code="VIEC-0").update(done_at=AT)
    assert send_all() == [True]
    assert "Việc VIEC-0" not in mail.outbox[0].body
    assert "Việc VIEC-1" in mail.outbox[0].body


def test_a_letter_without_anything_left_is_not_sent() -> None:
    owe(1)
    prepare()
    Assignment.objects.update(done_at=AT)
    assert send_all() == [False]
    assert mail.outbox == []
    assert {one.state for one in ReminderDigest.objects.all()} == {DigestState.DROPPED}


def test_an_office_that_ended_in_the_meantime_hears_nothing() -> None:
    owe(1)
    prepare()
    Membership.objects.update(ended_on=DAY)
    assert send_all() == [False]


def test_what_is_due_after_the_close_is_reminded_of() -> None:
    """A report on a year is due in the next one; so may be what was given more time."""
    owe(1)
    Campaign.objects.update(closes_on=DAY - timedelta(days=200))
    assert prepare() == 1
    assert send_all() == [True]


@pytest.mark.parametrize(("closed", "late", "letters"), [(92, 93, 1), (93, 92, 1), (93, 93, 0)])
def test_late_work_is_spoken_of_for_a_quarter_after_close_and_last_day(closed: int, late: int, letters: int) -> None:
    owe(-late)
    Campaign.objects.update(closes_on=DAY - timedelta(days=closed))
    assert prepare() == letters


def test_what_is_optional_is_not_late() -> None:
    owe(1, -1)
    Obligation.objects.update(is_optional=True)
    prepare()
    assert Reminder.objects.get().step == 1


def test_a_clerk_whose_duty_ended_gets_nothing() -> None:
    tree = owe()
    obligation(tree.bureau.campaigns.get(), "KHAC", tree.sibling, last_day=DAY)
    user("gone", (tree.sibling, Role.CLERK), ends=date(2022, 1, 1))
    assert prepare(DAY + timedelta(days=1)) == 0


def test_somebody_without_an_address_reads_it_in_the_product() -> None:
    owe(1)
    Membership.objects.get().user.__class__.objects.update(email="")
    assert prepare() == 1
    assert ReminderDigest.objects.get().state == DigestState.NO_ADDRESS
    assert not OutboxMessage.objects.exists()


def test_a_granted_extension_reminds_by_the_new_day() -> None:
    tree = owe(1)
    prepare()
    assignment = Assignment.objects.get(unit=tree.branch)
    request = ExtensionRequest.objects.create(
        unit=tree.branch,
        assignment=assignment,
        asked_by=Membership.objects.get().user,
        asked_at=AT,
        until=DAY + timedelta(days=8),
        reason="Chờ số liệu",
    )
    answer_extension(request, grant=True, answer="", actor=actor(tree.bureau, Role.SECRETARIAT), at=AT)
    # The letter of the morning speaks of a day that is no longer the last.
    assert send_all() == [False]
    assert run_days(1, 10) == [1, 5, 7, 8, 9]
    assignment.refresh_from_db()
    assert (assignment.deadline_version, assignment.deadline_moved_at) == (1, AT)


def test_a_unit_chooses_its_days() -> None:
    tree = owe(14)
    clerk = actor(tree.branch, Role.CLERK)
    Membership.objects.filter(user__username="clerk").delete()
    edit_reminder_settings(notice_days=[14, 1], overdue="daily", actor=clerk, at=AT)
    assert run_days(-1, 17) == [0, 13, 15, 16, 17]
    entry = AuditEntry.objects.get(verb="edit-reminder-settings")
    assert entry.detail["days"] == "14, 1"
    with pytest.raises(RefusedError, match="Chưa chọn ngày"):
        edit_reminder_settings(notice_days=[], overdue="daily", actor=clerk, at=AT)


# --- superiors ------------------------------------------------------------------------------------


def test_those_above_hear_of_late_units_once_a_week() -> None:
    """DAY is a Monday."""
    tree = owe(-3)
    owed = Obligation.objects.get(code="VIEC-0")
    Assignment.objects.create(obligation=owed, unit=tree.sibling, last_day=DAY - timedelta(days=3))
    user("desk", (tree.bureau, Role.SECRETARIAT))
    user("ministry", (tree.ministry, Role.SECRETARIAT))
    user("elsewhere", (tree.stranger, Role.SECRETARIAT))
    Membership.objects.filter(role=Role.CLERK).delete()
    assert DAY.weekday() == 0
    assert run_days(0, 8) == [0, 7]
    assert sorted(one.to[0] for one in mail.outbox) == ["desk@example.vn"] * 2 + ["ministry@example.vn"] * 2
    assert f"2 đơn vị chậm, lâu nhất 3 ngày: {tree.branch}, {tree.sibling}" in mail.outbox[0].body
    assert "Đơn vị chậm" in mail.outbox[0].subject


def test_a_unit_that_owes_to_another_branch_is_told_there() -> None:
    tree = owe(-3)
    Obligation.objects.update(owed_to=tree.stranger)
    user("head.of.cluster", (tree.stranger, Role.SECRETARIAT))
    Membership.objects.filter(role=Role.CLERK).delete()
    assert run_days(0, 6) == [0]
    assert mail.outbox[0].to == ["head.of.cluster@example.vn"]


def test_a_missed_monday_is_told_on_tuesday_and_what_is_late_since_waits() -> None:
    tree = owe(-3, 0)
    user("desk", (tree.bureau, Role.SECRETARIAT))
    Membership.objects.filter(role=Role.CLERK).delete()
    assert run_days(1, 6) == [1]
    assert "Việc VIEC-1" not in mail.outbox[0].body


def test_what_was_done_before_sending_is_not_late() -> None:
    tree = owe(-3)
    user("desk", (tree.bureau, Role.SECRETARIAT))
    prepare()
    Assignment.objects.update(done_at=AT)
    assert set(send_all()) == {False}


# --- handing over ---------------------------------------------------------------------------------


def test_a_letter_left_by_a_killed_worker_is_named_again_the_next_day() -> None:
    owe(1)
    prepare()
    letter = ReminderLetter.objects.get()
    Sending(partial(settle_letter, letter.pk)).begin()
    assert send_letter(letter.pk, day=DAY, at=AT) is False
    assert mail.outbox == []
    ReminderLetter.objects.update(handed_over_at=AT - timedelta(hours=1))
    assert run_days(1, 1) == [1]
    letter.refresh_from_db()
    assert (letter.state, letter.is_unsure) == (DigestState.CARRIED, True)
    # Both steps are in the one mail as one thing: the later step told it.
    assert mail.outbox[0].body.count("Việc VIEC-0") == 1


def test_the_same_step_is_carried_and_not_doubled() -> None:
    owe(-1)
    prepare()
    Sending(partial(settle_letter, ReminderLetter.objects.get().pk)).begin()
    ReminderLetter.objects.update(handed_over_at=AT - timedelta(hours=1))
    assert run_days(1, 6) == [1]
    assert Reminder.objects.get().digest.day == DAY + timedelta(days=1)


def test_of_two_workers_one_sends() -> None:
    owe(1)
    prepare()
    letter = ReminderLetter.objects.get()
    first, second = Sending(partial(settle_letter, letter.pk)), Sending(partial(settle_letter, letter.pk))
    first.begin()
    with pytest.raises(NotOursError):
        second.begin()
    first.end()
    assert send_letter(letter.pk, day=DAY, at=AT) is False


class Failing(BaseEmailBackend):
    error: Exception = ConnectionRefusedError()

    def send_messages(self, messages: object) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConnectionRefusedError(), DigestState.WAITING),
        (SMTPDataError(451, b"later"), DigestState.WAITING),
        (SMTPServerDisconnected(), DigestState.SENDING),
    ],
)
def test_only_what_was_not_handed_over_is_tried_again(
    error: Exception, state: DigestState, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(1)
    prepare()
    settings.EMAIL_BACKEND = f"{__name__}.Failing"  # type: ignore[attr-defined]
    monkeypatch.setattr(Failing, "error", error)
    with pytest.raises(type(error)):
        send_letter(ReminderLetter.objects.get().pk, day=DAY, at=AT)
    assert ReminderLetter.objects.get().state == state
    assert ReminderDigest.objects.get().state == state


def test_the_tasks_prepare_send_and_mark_the_promise_kept(settings: object) -> None:
    owe(1)
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]
    settings.REMINDER_HOUR = 24  # type: ignore[attr-defined]
    prepare_reminders()
    assert not ReminderDigest.objects.exists()
    assert WorkerPulse.objects.get().seen_at is not None
    settings.REMINDER_HOUR = 0  # type: ignore[attr-defined]
    prepare_reminders()
    letter = ReminderLetter.objects.get()
    send_task(letter_id=str(letter.pk), outbox_key=f"digest:{letter.pk}")
    letter.refresh_from_db()
    assert letter.state == DigestState.SENT
    assert OutboxMessage.objects.get().done_at is not None
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{letter.pk}@thidua>"


# --- what an administrator has to see to ----------------------------------------------------------


def faults(tree: Tree, day: date = DAY) -> list[str]:
    prepare(day)
    found = ReminderDigest.objects.filter(kind=DigestKind.FAULTS, day=day)
    return [line["what"] for one in found for line in one.lines]


@pytest.fixture
def watched() -> Tree:
    tree = owe()
    user("root.admin", (tree.ministry, Role.ADMINISTRATOR))
    user("branch.admin", (tree.branch, Role.ADMINISTRATOR))
    return tree


def test_nothing_to_say_is_no_mail(watched: Tree) -> None:
    assert faults(watched) == []
    assert not ReminderLetter.objects.exists()


def test_a_phase_that_opens_tomorrow_without_a_clerk_is_told(watched: Tree) -> None:
    one = Campaign.objects.get()
    phase = one.phases.create(
        code="2", title="Đợt hai", opens_on=DAY + timedelta(days=1), closes_on=DAY + timedelta(days=30), citation="II"
    )
    obligation(one, "DOT-2", watched.branch, watched.sibling, last_day=DAY + timedelta(days=30), phase=phase)
    (line,) = faults(watched)
    assert "1 đơn vị có việc chưa có cán bộ thi đua" in line
    assert watched.sibling.short_name in line
    assert ReminderLetter.objects.get().recipient.username == "root.admin"
    send_all()
    assert mail.outbox[0].subject.startswith("Điều quản trị")
    # Once a day, and not on the day after: the phase is open then.
    assert prepare() == 0
    assert faults(watched, DAY + timedelta(days=1)) == []


def test_an_address_that_the_mail_server_refuses_is_told(watched: Tree) -> None:
    obligation(Campaign.objects.get(), "VIEC", watched.branch, last_day=DAY)
    prepare()
    ReminderLetter.objects.update(state=DigestState.REFUSED, answered_at=AT)
    OutboxMessage.objects.all().delete()
    (line,) = faults(watched, DAY + timedelta(days=1))
    assert "clerk@example.vn" in line


def test_a_promise_that_is_not_kept_is_told(watched: Tree) -> None:
    OutboxMessage.objects.create(key="x", task="reports.tasks.make_dossier")
    OutboxMessage.objects.update(created_at=AT)
    assert any("reports.tasks.make_dossier" in line for line in faults(watched))


def test_a_silent_worker_is_told_when_it_speaks_again(watched: Tree) -> None:
    feel_pulse("worker", at=AT - timedelta(hours=3))
    feel_pulse("worker", at=AT - timedelta(hours=2, minutes=59))
    assert faults(watched) == []
    feel_pulse("worker", at=AT)
    (line,) = faults(watched)
    assert "im lặng từ 07:01 13/11/2023 đến 10:00 13/11/2023" in line
    feel_pulse("worker", at=AT - timedelta(minutes=1))
    assert WorkerPulse.objects.get().seen_at == AT
