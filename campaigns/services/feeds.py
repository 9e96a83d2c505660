"""The personal calendar feed: a secret address, and the calendar that is read there."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from icalendar import Calendar, Event, Timezone, vText

from campaigns.calendar import OFFICE_ZONE
from campaigns.models import Assignment, CalendarFeed
from campaigns.selectors.feeds import list_feed_assignments
from units.actors import Actor
from units.models import User
from units.services.audit import record_on_duty

TOKEN_BYTES = 32
PRODUCT = "-//Thi dua - Khen thuong//Lich viec phai lam//VI"
NAMESPACE = "thi-dua-khen-thuong"


def hash_token(token: str) -> str:
    """A token has 256 random bits, so a plain hash of it can be neither guessed nor turned back."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def renew_calendar_feed(*, actor: Actor, at: datetime) -> str:
    """Make a new secret address for the one who acts and return its token, which is told this once.

    The address made before opens nothing any more.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(user=actor.account, defaults={"token_hash": hash_token(token), "made_at": at})
    record_on_duty("renew-calendar-feed", actor=actor)
    return token


@transaction.atomic
def revoke_calendar_feed(*, actor: Actor) -> bool:
    """Close the secret address; return whether there was one."""
    closed, _ = CalendarFeed.objects.filter(user=actor.account).delete()
    if closed:
        record_on_duty("revoke-calendar-feed", actor=actor)
    return bool(closed)


def write_calendar(user: User, *, day: date) -> bytes | None:
    """The calendar of what the units of `user` still owe, or None for somebody without a duty that may see it.

    Same rows, same bytes: what a reader keeps can be compared with what it would get.
    """
    assignments = list_feed_assignments(user, day=day)
    if assignments is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", vText("Việc thi đua, khen thưởng"))
    calendar.add("x-wr-timezone", vText(str(OFFICE_ZONE)))
    calendar.add_component(Timezone.from_tzid(str(OFFICE_ZONE)))
    for assignment in assignments:
        calendar.add_component(_event(assignment))
    content: bytes = calendar.to_ical()
    return content


def _event(assignment: Assignment) -> Event:
    obligation, last_day = assignment.obligation, assignment.last_day
    assert last_day is not None  # noqa: S101  the list asks for it
    event = Event()
    event.add("uid", f"{assignment.pk}@{NAMESPACE}")
    event.add("sequence", assignment.deadline_version)
    event.add("dtstamp", _changed_at(assignment))
    event.add("dtstart", last_day)
    event.add("dtend", last_day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"Hạn cuối: {obligation.title}")
    event.add(
        "description",
        f"{assignment.unit.short_name} gửi {obligation.owed_to.short_name}. {obligation.campaign.title}. "
        f"{obligation.citation}.",
    )
    event.add("url", f"{settings.SITE_ADDRESS}{assignment.get_absolute_url()}")
    return event


def _changed_at(assignment: Assignment) -> datetime:
    """When this deadline last changed; one that never moved is as old as its plan."""
    campaign = assignment.obligation.campaign
    written = campaign.plan_date or campaign.opens_on
    moved = assignment.deadline_moved_at or datetime.combine(written, time.min, tzinfo=OFFICE_ZONE)
    return moved.astimezone(UTC).replace(microsecond=0)
