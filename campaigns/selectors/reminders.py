"""What is due, who is told of it, and what people were told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.urls import reverse

from campaigns.calendar import CHOOSABLE_NOTICE_DAYS, USUAL_NOTICE_DAYS
from campaigns.models import (
    Assignment,
    DigestKind,
    DigestState,
    OverduePace,
    Reminder,
    ReminderDigest,
    ReminderSettings,
    ReturnLetter,
)
from campaigns.models.work import live_on
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows
from units.models import Membership, Unit, User
from units.prepared import Asked
from units.roles import Role

NAMED_AT_MOST = 5
# Who hears of what: the roles in the unit that a part speaks of.
ROLES = {
    DigestKind.DUE: (Role.CLERK, Role.HEAD),
    DigestKind.LATE: (Role.SECRETARIAT,),
    DigestKind.FAULTS: (Role.ADMINISTRATOR,),
}


@dataclass(frozen=True, slots=True)
class DueRow:
    """An open assignment, as little of it as deciding needs: many thousands may be looked through."""

    pk: UUID
    unit: UUID
    unit_path: str
    last_day: date
    is_optional: bool
    owed_to_path: str


def list_open_on(day: date) -> QuerySet[Assignment]:
    """Open assignments with a last day that are still spoken of; see `live_on`."""
    return Assignment.objects.filter(
        live_on(day), done_at__isnull=True, merged_into__isnull=True, last_day__isnull=False
    )


def list_due_rows(day: date) -> list[DueRow]:
    """Everything that may be worth a word on `day`: late, or near enough for the longest notice a unit may choose."""
    horizon = day + timedelta(days=max(CHOOSABLE_NOTICE_DAYS))
    rows = (
        list_open_on(day)
        .filter(last_day__lte=horizon)
        .order_by("last_day", "pk")
        .values_list("pk", "unit_id", "unit_path", "last_day", "obligation__is_optional", "obligation__owed_to__path")
    )
    return [DueRow(pk, unit, path, last, free, to) for pk, unit, path, last, free, to in rows if last]


@dataclass(frozen=True, slots=True)
class Wish:
    """On which days a unit wants to hear."""

    notice_days: tuple[int, ...] = USUAL_NOTICE_DAYS
    daily_when_late: bool = False


def find_wishes(units: Iterable[UUID]) -> dict[UUID, Wish]:
    """The wishes of the units that have any; the others have the usual one."""
    return {
        one.unit_id: Wish(tuple(one.notice_days), one.overdue == OverduePace.DAILY)
        for one in ReminderSettings.objects.filter(unit__in=list(units))
    }


def find_told(day: date) -> dict[tuple[UUID, UUID, int], tuple[UUID, str]]:
    """What was told about last days that still hold: (person, assignment, step) to the reminder and its state."""
    rows = Reminder.objects.filter(
        live_on(day, "assignment__"),
        assignment__done_at__isnull=True,
        assignment__merged_into__isnull=True,
        last_day=F("assignment__last_day"),
    ).values_list("recipient_id", "assignment_id", "step", "pk", "digest__letter__state")
    return {(person, thing, step): (pk, state or DigestState.SENT) for person, thing, step, pk, state in rows}


def find_listeners(units: Iterable[UUID], day: date) -> dict[UUID, list[User]]:
    """Who is reminded of a unit's own work: its clerks, or its heads where no clerk is."""
    found: dict[UUID, dict[str, list[User]]] = defaultdict(lambda: defaultdict(list))
    memberships = (
        Membership.objects.on(day)
        .filter(role__in=ROLES[DigestKind.DUE], unit__in=list(units), user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
    for one in memberships:
        found[one.unit_id][one.role].append(one.user)
    return {unit: roles.get(Role.CLERK) or roles[Role.HEAD] for unit, roles in found.items()}


def list_overseers(day: date, role: Role) -> list[Membership]:
    """Memberships that hear of others: the secretariats, or the administrators of the roots."""
    found = Membership.objects.on(day).filter(role=role, user__is_active=True).select_related("user", "unit")
    return [one for one in found if role != Role.ADMINISTRATOR or one.unit.is_root]


def list_late_lines(unit: Unit, before: date, day: date) -> list[dict[str, object]]:
    """What units below `unit`, or units that owe to it, had not done before `before` and still have not, by obligation.

    Nothing that is optional, and nothing of `unit` itself, of which its own clerk is told.
    """
    late = (
        list_open_on(day)
        .filter(
            Q(unit_path__gte=unit.path, unit_path__lt=f"{unit.path}~") | Q(obligation__owed_to=unit),
            last_day__lt=before,
            obligation__is_optional=False,
        )
        .exclude(unit=unit)
        .select_related("unit", "obligation__campaign")
        .order_by("obligation__last_day", "obligation_id", "unit_path")
    )
    grouped: dict[int, list[Assignment]] = defaultdict(list)
    for one in late:
        grouped[one.obligation_id].append(one)
    return [_late_line(assignments, day) for assignments in grouped.values()]


def _late_line(late: Sequence[Assignment], day: date) -> dict[str, object]:
    obligation = late[0].obligation
    return {
        "title": obligation.title,
        "campaign": obligation.campaign.title,
        "number": len(late),
        "units": [one.unit.short_name for one in late[:NAMED_AT_MOST]],
        "days": max((day - one.last_day).days for one in late if one.last_day),
        "path": reverse("campaigns:campaign-detail", args=[obligation.campaign.code]),
    }


def list_reminders_of(digests: Iterable[ReminderDigest]) -> QuerySet[Reminder]:
    """The reminders of these parts with all that is said of them."""
    return (
        Reminder.objects.filter(digest__in=list(digests))
        .select_related("assignment__obligation__owed_to", "assignment__obligation__campaign", "assignment__unit")
        .order_by("last_day", "pk")
    )


def holds_still(reminder: Reminder, day: date) -> bool:
    """Whether there is still something to remind of: not done, not moved, no history yet."""
    one = reminder.assignment
    return (
        one.done_at is None and one.merged_into_id is None and one.last_day == reminder.last_day and one.is_live_on(day)
    )


def list_reminded(user: User, day: date) -> QuerySet[Assignment]:
    """Work in sight of which `user` was told, that of which they were told last first.

    Each carries `newest`, that day; `is_open`, whether there is still something to remind of; `told`, every word about
    it, the newest first.
    """
    told = (
        Reminder.objects.filter(recipient=user, digest__letter__isnull=False)
        .exclude(digest__state=DigestState.DROPPED)
        .select_related("digest")
        .order_by("-digest__day", "-pk")
    )
    newest = told.filter(assignment=OuterRef("pk")).values("digest__day")[:1]
    return (
        Assignment.objects.filter(pk__in=told.order_by().values("assignment"))
        .annotate(newest=Subquery(newest), is_open=Case(When(_still(day), then=True), default=False))
        .select_related("unit", "obligation__owed_to", "obligation__campaign")
        .prefetch_related(Prefetch("reminders", told, to_attr="told"))
        .order_by("-newest", "last_day", "pk")
    )


def count_open_reminded(user: User, day: date) -> int:
    return list_reminded(user, day).filter(_still(day)).count()


def _still(day: date) -> Q:
    """Whether an assignment may still be reminded of; its last day may have moved."""
    return Q(live_on(day), done_at__isnull=True, merged_into__isnull=True)


def list_digests_of_others(user: User) -> QuerySet[ReminderDigest]:
    """What `user` was told of units that are late and of what is set up wrongly, the newest first."""
    return (
        ReminderDigest.objects.filter(recipient=user, letter__isnull=False)
        .exclude(kind=DigestKind.DUE)
        .exclude(state=DigestState.DROPPED)
        .select_related("unit")
    )


def list_unread(user: User) -> QuerySet[ReminderDigest]:
    return (
        ReminderDigest.objects.filter(recipient=user, letter__isnull=False, read_at__isnull=True)
        .exclude(state=DigestState.DROPPED)
        .order_by()
    )


def list_return_letters(user: User) -> QuerySet[ReturnLetter]:
    """What `user` was told of returned filings of units in sight: unread, or not sent anew yet; the newest first."""
    return (
        ReturnLetter.objects.filter(Q(read_at__isnull=True) | Q(submission__assignment__done_at__isnull=True))
        .filter(recipient=user)
        .select_related("unit", "submission__assignment__obligation__owed_to")
        .order_by("-submission__answered_at", "pk")
    )


def list_unread_returns(user: User) -> QuerySet[ReturnLetter]:
    return ReturnLetter.objects.filter(recipient=user, read_at__isnull=True).order_by()


def count_unread(user: User) -> int:
    """Parts of letters and returned filings that `user` has not read yet, in one query."""
    return list_unread(user).values("pk").union(list_unread_returns(user).values("pk"), all=True).count()


def find_waiting_reminders(actor: Actor) -> Desk | None:
    """What the one who acts has not read yet, in the scope in force: parts of letters, and returned filings."""
    if actor.user is None:
        return None
    unread = (
        Rows(Asked(rows, (actor.user,)), address_of("campaigns:reminder-list"))
        for rows in (list_unread, list_unread_returns)
    )
    return Desk("nhắc việc chưa đọc", tuple(unread))
