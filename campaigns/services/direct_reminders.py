"""Reminding by hand: one mail to each clerk of a unit about one thing owed, once a day at most."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from campaigns.calendar import days_left_phrase, short_day
from campaigns.models import Assignment, DirectReminder
from campaigns.services.mailings import promise_mailings, send_mailing
from units.actors import Actor
from units.models import Membership, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.services.audit import record_acts

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who would be reminded of what: rows with their clerks, rows reminded today already, units without a clerk."""

    wanted: tuple[tuple[Assignment, tuple[User, ...]], ...]
    already: int
    without_clerk: tuple[Unit, ...]

    @property
    def mails(self) -> int:
        return sum(len(clerks) for _, clerks in self.wanted)

    @property
    def people(self) -> int:
        return len({clerk.pk for _, clerks in self.wanted for clerk in clerks})

    @property
    def by_unit(self) -> list[tuple[Unit, int, int]]:
        """Each unit with its number of things and of people, in the order of the rows."""
        found: dict[UUID, tuple[Unit, int, int]] = {}
        for one, clerks in self.wanted:
            _, number, _ = found.get(one.unit_id, (one.unit, 0, 0))
            found[one.unit_id] = (one.unit, number + 1, len(clerks))
        return list(found.values())


def foresee_reminders(assignments: Sequence[Assignment], *, actor: Actor, day: date) -> Outlook:
    """What `remind_assignments` would do now. Refuses what it refuses.

    Leaves out what is done, and what was reminded by hand on `day` already, by whomever.
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
    still_open = [one for one in assignments if one.done_at is None and one.merged_into_id is None]
    standing = set(
        DirectReminder.objects.filter(day=day, assignment__in=[one.pk for one in still_open]).values_list(
            "assignment_id", flat=True
        )
    )
    clerks = _find_clerks({one.unit_id for one in still_open}, day)
    fresh = [one for one in still_open if one.pk not in standing]
    without = {one.unit_id: one.unit for one in fresh if not clerks[one.unit_id]}
    wanted = tuple((one, tuple(clerks[one.unit_id])) for one in fresh if clerks[one.unit_id])
    return Outlook(wanted, len(standing), tuple(without.values()))


@transaction.atomic
def remind_assignments(assignments: Sequence[Assignment], *, actor: Actor, day: date) -> Outlook:
    """Promise a mail to every clerk of each unit for what it still owes; what was foreseen, as things stand now.

    Refuses what is owed to somebody outside the actor's unit and below, and more than `MOST_AT_ONCE` at a time.
    """
    # One row after the other in the same order, so that two people who press at once wait and do not cross.
    keys = [one.pk for one in assignments]
    now = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    open_now = {one.pk for one in now if one.done_at is None and one.merged_into_id is None}
    done = foresee_reminders([one for one in assignments if one.pk in open_now], actor=actor, day=day)
    fresh: list[DirectReminder] = []
    for one, clerks in done.wanted:
        fresh += [
            DirectReminder(
                unit=one.unit,
                unit_path=one.unit.path,
                assignment=one,
                recipient=clerk,
                day=day,
                asked_label=actor.label,
            )
            for clerk in clerks
        ]
    record_acts("remind-assignment", [(one, {"mails": len(clerks)}) for one, clerks in done.wanted], actor=actor)
    DirectReminder.objects.bulk_create(fresh)
    promise_mailings("campaigns.tasks.send_direct_reminder", fresh, argument="reminder_id")
    return done


def remind_now(assignment: Assignment, *, actor: Actor, day: date) -> Outlook:
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


def send_direct_reminder(reminder_id: UUID, *, day: date) -> bool:
    """Send one; return whether a mail was handed over now. What was done in between is not reminded any more."""
    found = DirectReminder.objects.select_related(
        "recipient", "unit", "assignment__obligation__owed_to", "assignment__obligation__campaign"
    )
    return send_mailing(found, reminder_id, lambda one: None if one.assignment.done_at else _write_mail(one, day))


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
        headers=reminder.mail_headers,
    )
