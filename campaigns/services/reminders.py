"""One letter a person and day about what is due: written once, and mailed once as far as anybody can know.

The rows decide, not the run: a reminder exists once for a person, a thing, its last day and the step (7, 3, 1 days
before, the day, each week of lateness), whoever prepares it and however often. What was missed because nothing ran is
reminded as soon as something runs again. What a killed worker left unsure is named again in the next day's letter.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string

from campaigns.calendar import days_left_phrase, short_day, step_in_force
from campaigns.models import (
    DigestKind,
    DigestState,
    OverduePace,
    Reminder,
    ReminderDigest,
    ReminderLetter,
    ReminderSettings,
    WorkerPulse,
)
from campaigns.selectors.faults import ANSWER_IS_LATE, SILENCE, list_faults
from campaigns.selectors.reminders import (
    ROLES,
    DueRow,
    Wish,
    find_listeners,
    find_told,
    find_wishes,
    holds_still,
    list_due_rows,
    list_late_lines,
    list_overseers,
    list_reminders_of,
    list_unread,
    list_unread_returns,
)
from campaigns.services.handover import send_once
from units.actors import Actor
from units.models import Membership, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.services import outbox
from units.services.audit import record_act
from units.services.importing.ground import update_rows

logger = logging.getLogger(__name__)


@dataclass
class _Part:
    """What one letter is going to say about one unit."""

    unit: Unit
    kind: DigestKind
    fresh: list[tuple[DueRow, int]] = field(default_factory=list)
    carried: list[UUID] = field(default_factory=list)
    lines: list[dict[str, object]] | list[dict[str, str]] = field(default_factory=list)


Parts = dict[User, list[_Part]]


@transaction.atomic
def prepare_letters(*, day: date, at: datetime) -> int:
    """Write the day's letters that do not exist yet and promise their sending; return how many were new.

    Runs every minute and by several beats without harm: a letter is unique to its person and day, and whoever has
    one already waits for the next day.
    """
    _set_aside(day)
    has_letter = set(ReminderLetter.objects.filter(day=day).values_list("recipient_id", flat=True))
    rows = list_due_rows(day)
    parts: Parts = defaultdict(list)
    for part_of in (_gather_due(rows, day, has_letter), _gather_late(rows, day, has_letter)):
        for person, found in part_of.items():
            parts[person] += found
    for person, found in _gather_faults(day, at, has_letter).items():
        parts[person] += found
    return _write(parts, day)


def _set_aside(day: date) -> None:
    """Close letters of earlier days that were never taken: what they say is carried into new ones.

    A letter that a worker holds at this moment is left to it.
    """
    old = ReminderLetter.objects.select_for_update(skip_locked=True).filter(day__lt=day)
    waiting = list(old.filter(state=DigestState.WAITING).values_list("pk", flat=True))
    unsure = list(
        old.filter(state=DigestState.SENDING, handed_over_at__lt=Now() - ANSWER_IS_LATE).values_list("pk", flat=True)
    )
    ReminderLetter.objects.filter(pk__in=unsure).update(is_unsure=True, answered_at=Now())
    ReminderLetter.objects.filter(pk__in=[*waiting, *unsure]).update(state=DigestState.CARRIED)
    ReminderDigest.objects.filter(letter__in=[*waiting, *unsure]).update(state=DigestState.CARRIED)
    outbox.finish_each(_key(pk) for pk in (*waiting, *unsure))


def _gather_due(rows: list[DueRow], day: date, has_letter: set[UUID]) -> Parts:
    wishes, told = find_wishes({row.unit for row in rows}), find_told(day)
    usual = Wish()
    stepped = [
        (row, step)
        for row in rows
        if not (row.is_optional and row.last_day < day)
        if (step := _step(row, wishes.get(row.unit, usual), day)) is not None
    ]
    listeners = find_listeners({row.unit for row, _ in stepped}, day)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=listeners)}
    found: dict[tuple[User, UUID], _Part] = {}
    for row, step in stepped:
        for person in listeners.get(row.unit, ()):
            reminder, state = told.get((person.pk, row.pk, step), (None, ""))
            if person.pk in has_letter or (reminder and state != DigestState.CARRIED):
                continue
            part = found.setdefault((person, row.unit), _Part(units[row.unit], DigestKind.DUE))
            if reminder:
                part.carried.append(reminder)
            else:
                part.fresh.append((row, step))
    parts: Parts = defaultdict(list)
    for (person, _), part in found.items():
        parts[person].append(part)
    return parts


def _step(row: DueRow, wish: Wish, day: date) -> int | None:
    return step_in_force((row.last_day - day).days, wish.notice_days, daily_when_late=wish.daily_when_late)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _gather_late(rows: list[DueRow], day: date, has_letter: set[UUID]) -> Parts:
    """Once a week, for those above and those owed to: what was late when the week began."""
    monday = _monday(day)
    paths: set[str] = set()
    for row in rows:
        if row.last_day < monday and not row.is_optional:
            paths.update(row.unit_path[:end] for end in range(Unit.PATH_STEP, len(row.unit_path), Unit.PATH_STEP))
            if row.owed_to_path != row.unit_path:
                paths.add(row.owed_to_path)
    if not paths:
        return {}
    told = set(
        ReminderDigest.objects.filter(kind=DigestKind.LATE, day__gte=monday)
        .exclude(state=DigestState.CARRIED)
        .values_list("recipient_id", "unit_id")
    )
    parts: Parts = defaultdict(list)
    lines: dict[UUID, list[dict[str, object]]] = {}
    for one in list_overseers(day, Role.SECRETARIAT):
        if one.unit.path not in paths or one.user_id in has_letter or (one.user_id, one.unit_id) in told:
            continue
        if one.unit_id not in lines:
            lines[one.unit_id] = list_late_lines(one.unit, monday, day)
        if lines[one.unit_id]:
            parts[one.user].append(_Part(one.unit, DigestKind.LATE, lines=lines[one.unit_id]))
    return parts


def _gather_faults(day: date, at: datetime, has_letter: set[UUID]) -> Parts:
    parts: Parts = defaultdict(list)
    found: dict[UUID, list[dict[str, str]]] = {}
    for one in list_overseers(day, Role.ADMINISTRATOR):
        if one.user_id in has_letter:
            continue
        if one.unit_id not in found:
            found[one.unit_id] = list_faults(one.unit, day=day, at=at)
        if found[one.unit_id]:
            parts[one.user].append(_Part(one.unit, DigestKind.FAULTS, lines=found[one.unit_id]))
    return parts


def _write(parts: Parts, day: date) -> int:
    """Write letters with their parts and promise the mails. Of two that write at once one finds nothing left to do."""
    wanted = {
        person: ReminderLetter(
            recipient=person, day=day, state=DigestState.WAITING if person.email else DigestState.NO_ADDRESS
        )
        for person in parts
    }
    ReminderLetter.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    made = set(ReminderLetter.objects.filter(pk__in=[one.pk for one in wanted.values()]).values_list("pk", flat=True))
    digests: list[ReminderDigest] = []
    reminders: list[Reminder] = []
    for person, letter in wanted.items():
        if letter.pk not in made:
            continue
        for part in parts[person]:
            digest = ReminderDigest(
                unit=part.unit,
                recipient=person,
                letter=letter,
                kind=part.kind,
                day=day,
                state=letter.state,
                lines=part.lines,
            )
            digests.append(digest)
            reminders += [
                Reminder(
                    unit=part.unit,
                    digest=digest,
                    recipient=person,
                    assignment_id=row.pk,
                    last_day=row.last_day,
                    step=step,
                )
                for row, step in part.fresh
            ]
    ReminderDigest.objects.bulk_create(digests)
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
    _carry(parts, digests)
    mailed = [one.pk for person, one in wanted.items() if one.pk in made and person.email]
    outbox.promise_each("campaigns.tasks.send_letter", {_key(pk): {"letter_id": str(pk)} for pk in mailed})
    return len(made)


def _carry(parts: Parts, digests: list[ReminderDigest]) -> None:
    """Move reminders of letters that were set aside into the new ones: a thing keeps its one reminder a step."""
    by_place = {(one.recipient_id, one.unit_id): one for one in digests if one.kind == DigestKind.DUE}
    moved = [
        Reminder(pk=pk, digest=digest, unit=digest.unit, unit_path=digest.unit.path)
        for person, found in parts.items()
        for part in found
        if (digest := by_place.get((person.pk, part.unit.pk)))
        for pk in part.carried
    ]
    update_rows(Reminder, moved, ("digest", "unit", "unit_path"))


def _key(letter: object) -> str:
    return f"digest:{letter}"


def send_letter(letter_id: UUID, *, day: date, at: datetime) -> bool:
    """Send one letter; return whether a mail was taken by the mail server now.

    What it says is read anew: work that is done, a last day that moved and a duty that ended are left out, and a
    letter without anything left is not sent. A worker killed before the text is on its way changes nothing; one
    killed after it leaves `SENDING`, and no second mail goes out that day.
    """
    with transaction.atomic():
        letter = ReminderLetter.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=letter_id)
        if letter.state != DigestState.WAITING:
            logger.warning("letter_not_sent_again", extra={"state": letter.state})
            return False
        mail = _compose(letter, day, at)
        if mail is None:
            settle_letter(letter_id, DigestState.DROPPED, was=DigestState.WAITING)
            return False
    send_once(mail, partial(settle_letter, letter_id))
    return True


@transaction.atomic
def settle_letter(letter: UUID, state: DigestState, *, was: DigestState) -> bool:
    """Move a letter and its parts on, if it still is where the caller left it; return whether it was."""
    now = {"handed_over_at": Now()} if state == DigestState.SENDING else {"answered_at": Now()}
    moved = ReminderLetter.objects.filter(pk=letter, state=was).update(state=state, **now)
    if moved:
        sent_at = Now() if state == DigestState.SENT else None
        ReminderDigest.objects.filter(letter=letter).update(state=state, sent_at=sent_at)
    return bool(moved)


def _compose(letter: ReminderLetter, day: date, at: datetime) -> EmailMessage | None:
    """The mail as things stand now, or None when nothing is left to say."""
    parts = [part for part in letter.parts.select_related("unit") if _still_hears(part, day)]
    due = _due_lines([part for part in parts if part.kind == DigestKind.DUE], day)
    sections = []
    for part in parts:
        lines = due.get(part.pk, []) if part.kind == DigestKind.DUE else _lines_now(part, day, at)
        if lines:
            sections.append({"unit": part.unit, "kind": part.kind, "lines": lines})
    if not sections:
        return None
    context = {"recipient": letter.recipient, "sections": sections, "site": settings.SITE_ADDRESS}
    kinds = {section["kind"] for section in sections}
    return EmailMessage(
        subject=f"{_subject(kinds)} ngày {short_day(letter.day)}",
        body=render_to_string("campaigns/digest.txt", context),
        to=[letter.recipient.email],
        # The same letter always carries the same id, so that a mail server can tell a repetition.
        headers={"Message-ID": f"<digest-{letter.pk}@thidua>", "Auto-Submitted": "auto-generated"},
    )


def _subject(kinds: set[object]) -> str:
    if DigestKind.DUE in kinds:
        return "Việc thi đua – khen thưởng cần làm"
    if DigestKind.LATE in kinds:
        return "Đơn vị chậm việc thi đua – khen thưởng"
    return "Điều quản trị hệ thống thi đua – khen thưởng cần xem"


def _still_hears(part: ReminderDigest, day: date) -> bool:
    roles = ROLES[DigestKind(part.kind)]
    return (
        Membership.objects.on(day)
        .filter(user=part.recipient_id, unit=part.unit_id, role__in=roles, user__is_active=True)
        .exists()
    )


def _due_lines(parts: Iterable[ReminderDigest], day: date) -> dict[UUID, list[dict[str, str]]]:
    lines: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for reminder in list_reminders_of(parts):
        if holds_still(reminder, day):
            obligation = reminder.assignment.obligation
            lines[reminder.digest_id].append(
                {
                    "title": obligation.title,
                    "owed_to": obligation.owed_to.short_name,
                    "last_day": short_day(reminder.last_day),
                    "left": days_left_phrase(reminder.last_day, day),
                    "path": reminder.assignment.get_absolute_url(),
                }
            )
    return lines


def _lines_now(part: ReminderDigest, day: date, at: datetime) -> list[dict[str, object]] | list[dict[str, str]]:
    lines: list[dict[str, object]] | list[dict[str, str]] = (
        list_late_lines(part.unit, _monday(part.day), day)
        if part.kind == DigestKind.LATE
        else list_faults(part.unit, day=part.day, at=at)
    )
    if lines != part.lines:
        ReminderDigest.objects.filter(pk=part.pk).update(lines=lines)
    return lines


@transaction.atomic
def mark_reminders_read(*, actor: Actor, at: datetime) -> int:
    """Note that the one who acts has read what is shown; return how much was new to them."""
    returned = list_unread_returns(actor.account).update(read_at=at)
    return returned + list_unread(actor.account).update(read_at=at)


@transaction.atomic
def edit_reminder_settings(*, notice_days: list[int], overdue: str, actor: Actor, at: datetime) -> ReminderSettings:
    """Choose the days on which the unit of the one who acts is reminded. What was told already is not told again."""
    if not notice_days:
        raise RefusedError(
            "Chưa chọn ngày nhắc nào.",
            why="Đơn vị không được nhắc trước thì chỉ biết khi đã quá hạn.",
            remedy="Chọn ít nhất một ngày.",
        )
    chosen, _ = ReminderSettings.objects.update_or_create(
        unit=actor.unit,
        defaults={
            "notice_days": sorted(notice_days, reverse=True),
            "overdue": OverduePace(overdue),
            "changed_at": at,
            "changed_by": actor.account,
        },
    )
    record_act(
        "edit-reminder-settings",
        chosen,
        actor=actor,
        days=", ".join(map(str, chosen.notice_days)),
        overdue=OverduePace(overdue).label,
    )
    return chosen


def feel_pulse(name: str, *, at: datetime) -> None:
    """Note that a worker did the work of this minute, and that none did for long, if so."""
    pulse, is_first = WorkerPulse.objects.get_or_create(name=name, defaults={"seen_at": at})
    if is_first:
        return
    standing = WorkerPulse.objects.filter(name=name, seen_at__lt=at)
    if at - pulse.seen_at > SILENCE:
        standing.filter(seen_at__lt=at - SILENCE).update(silent_from=F("seen_at"), silent_to=at)
    standing.update(seen_at=at)
