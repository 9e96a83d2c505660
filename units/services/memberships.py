"""Ending the duties of accounts: at once by an administrator, or with the posting they came from."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from units.actors import Actor, system_actor
from units.models import Membership, Person, Posting, Unit
from units.services.audit import record_act
from units.services.rights import end_dependents


@transaction.atomic
def end_memberships(person: Person, unit: Unit, *, last_day: date, actor: Actor) -> int:
    """End the memberships tied to `person` in `unit` after `last_day`; return how many were ended.

    A membership that would begin only after that day never comes into force. One that ends earlier is left alone, so
    calling again changes nothing. Each ended membership leaves a line in the trail of its unit; the scope in force
    must reach that unit. Accounts themselves stay: one without any duty can do nothing.
    """
    ending = list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(person=person, unit=unit, ended_on=None)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))
    )
    for membership in ending:
        close_membership(membership, last_day=last_day)
        end_dependents(membership, last_day=last_day, actor=actor)
        record_act(
            "end-membership", membership, actor=actor, day=last_day.isoformat(), reason="Thôi công tác tại đơn vị"
        )
    return len(ending)


def close_membership(membership: Membership, *, last_day: date) -> None:
    """Let `last_day` be the last day in force; a membership that begins later is withdrawn instead."""
    if last_day >= membership.valid_from:
        membership.valid_to = last_day
    else:
        membership.ended_on = membership.valid_from
    membership.save(update_fields=["valid_to", "ended_on"])


def end_memberships_without_posting(*, day: date) -> int:
    """End what outlived its posting, for every unit at once; return how many were ended.

    Runs in the maintenance scope, any number of times. A membership tied to a person holds while the person has a
    post and works in its unit, above it or below it. People of whom no posting was ever written are left alone.
    """
    ended = 0
    tied = Membership.objects.on(day).filter(person__isnull=False).select_related("unit", "person")
    posts: dict[Any, dict[str, Any]] = {
        row["person"]: dict(row)
        for row in Posting.objects.filter(person__in=tied.values("person"))
        .values("person")
        .annotate(last=Max("valid_to"), open=Count("id", filter=Q(valid_to__isnull=True)))
    }
    for membership in tied:
        person, post = membership.person, posts.get(membership.person_id)
        assert person is not None  # noqa: S101  the query asked for it
        last_day = _last_day(membership, person, post, day) if post else None
        if last_day is not None:
            ended += end_memberships(
                person,
                membership.unit,
                last_day=last_day,
                actor=system_actor(membership.unit, "đối chiếu nơi công tác"),
            )
    return ended


def _last_day(membership: Membership, person: Person, post: dict[str, Any], day: date) -> date | None:
    """The last day on which the posting still carried the membership; None while it still does."""
    if not post["open"] and post["last"] < day:
        last: date = post["last"]
        return last
    here, there = membership.unit.path, person.unit_path
    if here.startswith(there) or there.startswith(here):
        return None
    return day - timedelta(days=1)
