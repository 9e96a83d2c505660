"""Reminding by hand: one mail to each clerk of a unit about one thing owed, once a day at most."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from campaigns.calendar import days_left_phrase, short_day
from campaigns.models import Assignment, DigestState, DirectReminder
from units.actors import Actor
from units.models import Membership, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.services import outbox
from units.services.audit import record_act

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of a reminder: rows promised with their mails, rows reminded today already, units without a clerk."""

    assignments: int
    mails: int
    already: int
    without_clerk: tuple[Unit, ...]


@transaction.atomic
def remind_assignments(assignments: Sequence[Assignment], *, actor: Actor, day: date) -> Reminded:
    """Promise a mail to every clerk of each unit for what it still owes.

    Leaves out what is done, and what was reminded by hand on `day` already, by whomever. Refuses what is owed to
    somebody outside the actor's unit and below, and more than `MOST_AT_ONCE` at a time.
    """
    if len(assignments) > MOST_AT_ONCE:
        raise RefusedError(
            f"Mỗi lần nhắc không quá {MOST_AT_ONCE} việc.",
            remedy="Lọc hẹp hơn theo việc hoặc theo nhánh đơn vị rồi nhắc từng phần.",
        )
    strange = next((one for one in assignments if not actor.unit.contains(one.obligation.owed_to.path)), None)
    if strange is not None:
        raise RefusedError(
            f"{actor.unit} không nhắc việc này được.",
            why=f"Việc này gửi về {strange.obligation.owed_to}.",
            remedy=f"Liên hệ {strange.obligation.owed_to}.",
        )
    # One row after the other in the same order, so that two people who press at once wait and do not cross.
    keys = [one.pk for one in assignments]
    locked = {
        one.pk: one
        for one in Assignment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        if one.done_at is None and one.merged_into_id is None
    }
    standing = set(
        DirectReminder.objects.filter(day=day, assignment__in=locked).values_list("assignment_id", flat=True)
    )
    clerks = _find_clerks({one.unit_id for one in locked.values()}, day)
    fresh: list[DirectReminder] = []
    without: dict[UUID, Unit] = {}
    reminded = 0
    for one in assignments:
        if one.pk not in locked or one.pk in standing:
            continue
        if not clerks[one.unit_id]:
            without[one.unit_id] = one.unit
            continue
        reminded += 1
        for clerk in clerks[one.unit_id]:
            reminder = DirectReminder(
                unit=one.unit,
                unit_path=one.unit.path,
                assignment=one,
                recipient=clerk,
                day=day,
                asked_label=actor.label,
            )
            fresh.append(reminder)
        record_act("remind-assignment", one, actor=actor, mails=len(clerks[one.unit_id]))
    DirectReminder.objects.bulk_create(fresh)
    for reminder in fresh:
        outbox.promise(f"reminder:{reminder.pk}", "campaigns.tasks.send_direct_reminder", reminder_id=str(reminder.pk))
    return Reminded(reminded, len(fresh), len(standing), tuple(without.values()))


def remind_now(assignment: Assignment, *, actor: Actor, day: date) -> Reminded:
    """The same for one thing owed; refuses what is done."""
    if assignment.done_at is not None:
        raise RefusedError(
            f"{assignment.unit} đã gửi việc này nên không cần nhắc.", remedy="Tải lại trang để xem tình trạng mới nhất."
        )
    return remind_assignments([assignment], actor=actor, day=day)


def _find_clerks(units: set[UUID], day: date) -> dict[UUID, list[User]]:
    clerks: dict[UUID, list[User]] = defaultdict(list)
    duties = (
        Membership.objects.on(day)
        .filter(role=Role.CLERK, unit__in=units, user__is_active=True)
        .exclude(user__email="")
        .select_related("user")
    )
    for duty in duties:
        if duty.user not in clerks[duty.unit_id]:
            clerks[duty.unit_id].append(duty.user)
    return clerks


def send_direct_reminder(reminder_id: UUID, *, day: date, at: datetime) -> bool:
    """Send one; return whether a mail was handed over now.

    What was done in between is not reminded any more. The state `SENDING` commits before the mail server is called, so
    that a worker killed after that leaves it and no second mail goes out.
    """
    with transaction.atomic():
        reminder = (
            DirectReminder.objects.select_for_update(of=("self",))
            .select_related("recipient", "unit", "assignment__obligation__owed_to", "assignment__obligation__campaign")
            .get(pk=reminder_id)
        )
        if reminder.state != DigestState.WAITING:
            logger.warning("direct_reminder_not_sent_again", extra={"state": reminder.state})
            return False
        if reminder.assignment.done_at is not None:
            DirectReminder.objects.filter(pk=reminder.pk).update(state=DigestState.DROPPED)
            return False
        reminder.state = DigestState.SENDING
        reminder.save(update_fields=["state"])
    try:
        _write_mail(reminder, day).send()
    except outbox.NOT_HANDED_OVER:
        DirectReminder.objects.filter(pk=reminder.pk).update(state=DigestState.WAITING)
        raise
    DirectReminder.objects.filter(pk=reminder.pk).update(state=DigestState.SENT, sent_at=at)
    return True


def _write_mail(reminder: DirectReminder, day: date) -> EmailMessage:
    last_day = reminder.assignment.last_day
    body = render_to_string(
        "campaigns/direct_reminder.txt",
        {
            "reminder": reminder,
            "obligation": reminder.assignment.obligation,
            "last_day": short_day(last_day) if last_day else "",
            "left": days_left_phrase(last_day, day) if last_day else "",
            "site": settings.SITE_ADDRESS,
            "path": reminder.assignment.get_absolute_url(),
        },
    )
    return EmailMessage(
        subject=f"Nhắc việc: {reminder.assignment.obligation.title}"[:180],
        body=body,
        to=[reminder.recipient.email],
        headers={"Message-ID": f"<reminder-{reminder.pk}@thidua>", "Auto-Submitted": "auto-generated"},
    )
