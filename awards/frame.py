"""The frame around every view of a council member: seats held today, and only what was put before those councils."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from awards.models import AgendaItem, CouncilMember, SittingState
from awards.selectors.conflicts import Conflict, find_conflicts_between
from units.actors import Actor
from units.clock import today
from units.frame import UnitRequest, find_actor
from units.models import Membership
from units.roles import Role, known_permissions
from units.scoping import council_scope, unit_scope
from units.services.audit import record_on_duty

P = ParamSpec("P")

LONG_TEXTS = ("duties", "achievements", "initiatives", "community")
NO_SEAT = "Đồng chí không có tên trong Hội đồng Thi đua - Khen thưởng đang hoạt động của đơn vị này."


class CouncilRequest(UnitRequest):
    """A request of someone who sits in a council today; the scope holds only what is before their councils."""

    seats: tuple[CouncilMember, ...]
    conflicts: list[Conflict]


View = Callable[Concatenate[CouncilRequest, P], HttpResponseBase]


def find_seats(actor: Actor, day: date) -> tuple[CouncilMember, ...]:
    """The seats that the actor holds on `day` in councils of the unit in which they act; asked at each request.

    In a conference only while they head their unit: whose duty ended has no seat, whether or not that was written.
    """
    in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    council_in_force = Q(council__valid_from__lte=day) & (
        Q(council__valid_to__isnull=True) | Q(council__valid_to__gte=day)
    )
    heads = Membership.objects.on(day).filter(role=Role.HEAD, user=actor.user, unit=OuterRef("member_unit"))
    with unit_scope(actor.unit.path):
        seats = CouncilMember.objects.filter(
            in_force,
            council_in_force,
            Q(member_unit__isnull=True) | Exists(heads),
            user=actor.user,
            council__unit=actor.unit,
        ).select_related("council")
        return tuple(seats)


def list_before(actor: Actor, seats: tuple[CouncilMember, ...]) -> list[AgendaItem]:
    """Cases before the councils of `seats` whose sitting is not over; their long texts are not loaded.

    A substitute is shown the cases of the one sitting to which they go.
    """
    of_member = Q(sitting__council__in={seat.council_id for seat in seats if seat.for_sitting_id is None})
    of_substitute = Q(sitting__in={seat.for_sitting_id for seat in seats if seat.for_sitting_id})
    with unit_scope(actor.unit.path):
        return list(
            AgendaItem.objects.filter(of_member | of_substitute, sitting__state=SittingState.PLANNED)
            .select_related("sitting", "nomination__collective", "nomination__unit", "nomination__origin")
            .defer(*(f"nomination__{name}" for name in LONG_TEXTS))
        )


def find_own_conflicts(actor: Actor, seats: tuple[CouncilMember, ...], before: list[AgendaItem]) -> list[Conflict]:
    """Cases in which the actor takes no part; asked again at each request, as the seats are."""
    with unit_scope(actor.unit.path):
        return find_conflicts_between(seats, before)


def find_grants(actor: Actor, seats: tuple[CouncilMember, ...]) -> dict[str, frozenset[UUID]]:
    """What the councils of `seats` may see. Dossiers and records only until their sitting is over, and none of a case
    in which the actor takes no part."""
    before = list_before(actor, seats)
    return grants_of(seats, before, find_own_conflicts(actor, seats, before))


def grants_of(
    seats: tuple[CouncilMember, ...], before: list[AgendaItem], conflicts: list[Conflict]
) -> dict[str, frozenset[UUID]]:
    hidden = {one.item.nomination_id for one in conflicts}
    open_cases = [item.nomination for item in before if item.nomination_id not in hidden]
    return {
        "council": frozenset(seat.council_id for seat in seats),
        "nomination": frozenset(one.pk for one in open_cases),
        # Of a case that another unit sent, its frozen copy is before the council and no record behind it.
        "person": frozenset(one.person_id for one in open_cases if one.person_id and not one.is_crossed),
        "collective": frozenset(one.collective_id for one in open_cases if one.collective_id and not one.is_crossed),
    }


def council_view(permission: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Run a view as a council's persona: sign-in, then right and seat (403), then the scope, in one transaction.

    Whoever posts here without a seat leaves a line in the trail of their own unit.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @login_required
        @wraps(view)
        def framed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if permission not in known_permissions():
                raise LookupError(f"No app declares the permission {permission}.")
            with transaction.atomic():
                actor = find_actor(request)
                request.actor = actor  # type: ignore[attr-defined]
                with unit_scope(actor.unit.path):
                    seats = find_seats(actor, today()) if actor.may(permission) else ()
                    before = list_before(actor, seats) if seats else []
                    conflicts = find_own_conflicts(actor, seats, before)
                if seats:
                    request.seats = seats  # type: ignore[attr-defined]
                    request.conflicts = conflicts  # type: ignore[attr-defined]
                    with council_scope(
                        grants_of(seats, before, conflicts), path=actor.unit.path, actor=actor.account.pk
                    ):
                        return view(request, *args, **kwargs)  # type: ignore[arg-type]
                if request.method == "POST":
                    _record_refused_post(request, actor)
            # After the transaction, so that the line of the trail stays.
            raise PermissionDenied(NO_SEAT if actor.may(permission) else "")

        framed.required_permission = permission  # type: ignore[attr-defined]
        return framed  # type: ignore[return-value]

    return decorate


def _record_refused_post(request: HttpRequest, actor: Actor) -> None:
    match = request.resolver_match
    assert match is not None  # noqa: S101  the view was found by it
    asked = str(match.kwargs.get("pk", ""))
    with unit_scope(actor.unit.path):
        record_on_duty("refuse-stranger", actor=actor, page=match.view_name, asked=asked)
