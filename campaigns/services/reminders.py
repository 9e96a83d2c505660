"""One digest a day to each clerk who has something due: written once, sent at most once."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from campaigns.calendar import days_left_phrase, short_day
from campaigns.models import Assignment, DigestState, ReminderDigest
from campaigns.selectors.work import list_assignments
from units.models import Membership
from units.roles import Role
from units.services import outbox

logger = logging.getLogger(__name__)

NOTICE_DAYS = (7, 1)


def list_due(day: date) -> Iterable[Assignment]:
    """Open assignments due 7 days or 1 day after `day`, or overdue on it; a campaign that is over reminds nobody."""
    notice = Q(last_day__in=[day + timedelta(days=days) for days in NOTICE_DAYS])
    return (
        list_assignments()
        .filter(notice | Q(last_day__lt=day), done_at__isnull=True, obligation__campaign__closes_on__gte=day)
        .order_by("last_day", "pk")
    )


@transaction.atomic
def prepare_digests(*, day: date) -> int:
    """Write the day's digests that do not exist yet and promise their sending; return how many were new.

    Runs every minute and by several beats without harm: the unique key on recipient, unit and day decides.
    """
    due: dict[UUID, list[Assignment]] = defaultdict(list)
    for assignment in list_due(day):
        due[assignment.unit_id].append(assignment)
    clerks = (
        Membership.objects.on(day)
        .filter(role=Role.CLERK, unit__in=due.keys(), user__is_active=True)
        .exclude(user__email="")
        .select_related("unit")
    )
    standing = set(ReminderDigest.objects.filter(day=day).values_list("recipient_id", "unit_id"))
    fresh = [
        ReminderDigest(unit=clerk.unit, recipient_id=clerk.user_id, day=day, lines=_lines(due[clerk.unit_id], day))
        for clerk in clerks
        if (clerk.user_id, clerk.unit_id) not in standing
    ]
    ReminderDigest.objects.bulk_create(fresh, ignore_conflicts=True)
    written = ReminderDigest.objects.filter(pk__in=[digest.pk for digest in fresh]).values_list("pk", flat=True)
    for pk in written:
        outbox.promise(f"digest:{pk}", "campaigns.tasks.send_digest", digest_id=str(pk))
    return len(written)


def _lines(assignments: list[Assignment], day: date) -> list[dict[str, str]]:
    return [
        {
            "title": assignment.obligation.title,
            "owed_to": assignment.obligation.owed_to.short_name,
            "last_day": short_day(assignment.last_day),
            "left": days_left_phrase(assignment.last_day, day),
            "path": f"/assignments/{assignment.pk}/",
        }
        for assignment in assignments
        if assignment.last_day
    ]


def send_digest(digest_id: UUID, *, at: datetime) -> bool:
    """Send one digest; return whether a mail was handed over now.

    The state `SENDING` commits before the mail server is called. A worker killed after that leaves it, and no second
    mail goes out that day. Only when nothing was handed over does the digest wait for another try.
    """
    with transaction.atomic():
        digest = (
            ReminderDigest.objects.select_for_update(of=("self",)).select_related("recipient", "unit").get(pk=digest_id)
        )
        if digest.state != DigestState.WAITING:
            logger.warning("digest_not_sent_again", extra={"state": digest.state})
            return False
        digest.state = DigestState.SENDING
        digest.save(update_fields=["state"])
    try:
        _write_mail(digest).send()
    except outbox.NOT_HANDED_OVER:
        ReminderDigest.objects.filter(pk=digest.pk).update(state=DigestState.WAITING)
        raise
    ReminderDigest.objects.filter(pk=digest.pk).update(state=DigestState.SENT, sent_at=at)
    return True


def _write_mail(digest: ReminderDigest) -> EmailMessage:
    body = render_to_string("campaigns/digest.txt", {"digest": digest, "site": settings.SITE_ADDRESS})
    return EmailMessage(
        subject=f"Việc thi đua – khen thưởng cần làm ngày {short_day(digest.day)}",
        body=body,
        to=[digest.recipient.email],
        # The same digest always carries the same id, so that a mail server can tell a repetition.
        headers={"Message-ID": f"<digest-{digest.pk}@thidua>", "Auto-Submitted": "auto-generated"},
    )
