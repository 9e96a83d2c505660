"""Reads of dated rights: which grants and delegations give something on a day, and to whom."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from units.models import Delegation, Grant, Membership, Unit, User
from units.roles import Role


def list_grants() -> QuerySet[Grant]:
    """Grants in sight with everything a line shows."""
    return Grant.objects.select_related(
        "user", "permission", "content_object", "office__unit", "given_by__unit", "given_by__user"
    )


def list_delegations() -> QuerySet[Delegation]:
    """Delegations in sight with everything a line or a signature shows."""
    return Delegation.objects.select_related(
        "unit", "delegator__user", "delegator__unit", "delegate__user", "delegate__unit"
    )


def grants_standing(queryset: QuerySet[Grant], day: date) -> QuerySet[Grant]:
    """Keep grants that give a right on `day`: in time, not ended, and all that they hang on still stands."""
    return queryset.filter(
        _in_time(day),
        _not_over("content_object__", day),
        _not_over("given_by__unit__", day),
        office__in=_offices(day),
    )


def delegations_standing(queryset: QuerySet[Delegation], day: date) -> QuerySet[Delegation]:
    """Keep delegations in force on `day`: in time, not ended by then, and both offices still stand."""
    return queryset.filter(_in_time(day), delegator__in=_offices(day), delegate__in=_offices(day))


# Most people hold nothing of either kind, and every request of theirs asks; the full questions cost more to put
# together than to answer.
_HELD = """
SELECT
    EXISTS (
        SELECT FROM units_delegation d JOIN units_membership m ON m.id = d.delegate_id
        WHERE m.user_id = %(user)s AND d.valid_from <= %(day)s AND d.valid_to >= %(day)s AND d.ended_at IS NULL
    ),
    EXISTS (
        SELECT FROM units_grant g
        WHERE g.user_id = %(user)s AND g.valid_from <= %(day)s AND g.valid_to >= %(day)s AND g.ended_at IS NULL
    )
"""


def list_held(user: User, day: date) -> tuple[list[Delegation], list[Grant]]:
    """What stands for `user` on `day`, soonest end first, with what an actor needs. In the maintenance scope."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"user": user.pk, "day": day})
        is_delegate, is_guest = cursor.fetchone()
    delegations: QuerySet[Delegation] = Delegation.objects.none()
    grants: QuerySet[Grant] = Grant.objects.none()
    if is_delegate:
        delegations = Delegation.objects.select_related("unit", "delegator__user", "delegate__user")
        delegations = delegations_standing(delegations.filter(delegate__user=user), day).order_by("valid_to", "id")
    if is_guest:
        grants = Grant.objects.select_related("user", "permission", "content_object", "office__unit")
        grants = grants_standing(grants.filter(user=user), day).order_by("valid_to", "id")
    return list(delegations), list(grants)


def list_unit_delegations(unit: Unit, day: date) -> QuerySet[Delegation]:
    """Delegations of duties in `unit` itself in force on `day`, for the unit's page."""
    return delegations_standing(list_delegations().filter(unit=unit), day)


def list_signing_delegations(unit: Unit, day: date, scopes: Iterable[str]) -> QuerySet[Delegation]:
    """Delegations of the head of `unit` under one of `scopes` (codes), under which a paper of `day` may be signed.

    Looks at that day and no later one: the paper may be entered after the delegation, an office or an account ended,
    and a delegation ended in the course of a day was good for what was signed on it.
    """
    in_force = Membership.objects.on(day).order_by()
    return list_delegations().filter(
        _in_time(day, ended_from=day),
        delegator__in=in_force,
        delegate__in=in_force,
        unit=unit,
        delegator__role=Role.HEAD,
        scope__in=list(scopes),
    )


def list_offices(user: User, day: date) -> QuerySet[Membership]:
    """The duties of an account in force on `day`, units loaded."""
    return _offices(day).filter(user=user).select_related("unit", "user").order_by("unit__path", "role")


def list_delegable(unit: Unit, day: date) -> QuerySet[Membership]:
    """Duties of `unit` that may be delegated: of its head and its clerks."""
    return (
        _offices(day)
        .filter(unit=unit, role__in=[Role.HEAD, Role.CLERK])
        .select_related("unit", "user")
        .order_by("-role", "user__display_name")
    )


def list_stand_ins(unit: Unit, day: date) -> QuerySet[Membership]:
    """Who may stand in: people of `unit`, and the heads of the units directly below it."""
    below = Q(unit__parent=unit, role=Role.HEAD)
    return (
        _offices(day)
        .filter(Q(unit=unit) | below)
        .select_related("unit", "user")
        .order_by("unit__path", "user__display_name", "role")
    )


def list_near_units(unit: Unit, day: date) -> QuerySet[Unit]:
    """`unit` and the units directly below it that stand on `day`: what a form offers to choose from."""
    return Unit.objects.filter(Q(pk=unit.pk) | Q(parent=unit)).filter(_not_over("", day)).order_by("path")


def _offices(day: date) -> QuerySet[Membership]:
    """Duties that carry others: in force on `day`, of an account in use, in a unit that stands."""
    return Membership.objects.on(day).filter(_not_over("unit__", day), user__is_active=True).order_by()


def _in_time(day: date, *, ended_from: date | None = None) -> Q:
    """The bounds hold `day`, and nobody ended it before `ended_from` began; without one, `day` is over first.

    So what ends in the course of a day is over at once, and what ended later still stood on `day`.
    """
    first = datetime.combine(ended_from or day + timedelta(days=1), time.min, tzinfo=get_current_timezone())
    return Q(valid_from__lte=day, valid_to__gte=day) & (Q(ended_at__isnull=True) | Q(ended_at__gte=first))


def _not_over(prefix: str, day: date) -> Q:
    return Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
