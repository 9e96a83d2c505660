"""The frame around every view of a unit: who acts, in which scope, with which right, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxDetails

from units.actors import Actor, act_as
from units.clock import today
from units.models import Membership, User
from units.roles import Door, Role, known_permissions, list_permissions
from units.scoping import unit_scope

SESSION_MEMBERSHIP = "membership"
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits behind a door for the one who acts: how many, in words, and the address of the list."""

    number: int
    words: str
    address: str


class UnitRequest(HttpRequest):
    """A request whose actor is known and whose scope is open."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[UnitRequest, P], HttpResponseBase]


def list_memberships(user: User) -> list[Membership]:
    """The duties in force today; asked again at each request, so that a right ended ends at once."""
    return list(user.memberships.on(today()).select_related("unit", "user").order_by("unit__path", "role"))


def find_actor(request: HttpRequest) -> Actor:
    """The actor of a signed-in request: the duty chosen in the header, or the first one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    memberships = list_memberships(user)
    request.duties = memberships  # type: ignore[attr-defined]  # the header offers the others
    if not memberships:
        raise PermissionDenied("Tài khoản chưa được giao nhiệm vụ ở đơn vị nào.")
    chosen = request.session.get(SESSION_MEMBERSHIP)
    membership = next((one for one in memberships if str(one.pk) == chosen), memberships[0])
    return act_as(membership)


def unit_view(permission: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Run a view as a unit's persona: sign-in, then the right (403), then the scope, in one transaction.

    What lies outside the scope answers 404 by itself, because the queries inside the view do not find it.
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
                if not actor.may(permission):
                    raise PermissionDenied
                with unit_scope(actor.unit.path):
                    return view(request, *args, **kwargs)  # type: ignore[arg-type]

        framed.required_permission = permission  # type: ignore[attr-defined]
        return framed  # type: ignore[return-value]

    return decorate


def list_doors(role: Role) -> list[Door]:
    """The navigation of a role, in the order of the story that the apps tell; the register comes after the work."""
    permissions = list_permissions(role)
    doors = [
        door
        for config in apps.get_app_configs()
        for door in getattr(config, "doors", ())
        if door.permission in permissions
    ]
    return sorted(doors, key=lambda door: door.is_register)


def home_address(actor: Actor) -> str:
    """Where a person lands: the door that names their role its home, else the first."""
    doors = list_doors(actor.role) if actor.role else []
    homes = [door for door in doors if actor.role in door.home_of] or doors
    return reverse(homes[0].url_name) if homes else reverse("units:help")


def _find_waiting(door: Door, actor: Actor) -> Waiting | None:
    if not door.waiting:
        return None
    # Pages of the account stand outside every scope, and their navigation counts as well.
    with unit_scope(actor.unit.path):
        found: Waiting | None = import_string(door.waiting)(actor)
    return found if found and found.number else None


def _describe_doors(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    described: list[dict[str, Any]] = []
    for door in list_doors(actor.role) if actor.role else []:
        if door.roots_only and not actor.unit.is_root:
            continue
        address = reverse(door.url_name)
        here = "page" if request.path == address else "true" if request.path.startswith(address) else ""
        described.append({"label": door.label, "address": address, "here": here, "waiting": _find_waiting(door, actor)})
    first = next((one for one in described if one["waiting"]), None)
    if first:
        first["is_first_waiting"] = True  # a page has one main button
    return described


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the page frame shows: the actor, the doors, and whether this is a demonstration."""
    actor: Actor | None = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "actor": actor,
        "today": today(),
        "is_demonstration": bool(settings.DEMONSTRATION_DAY),
        "mail_is_caught": bool(settings.MAIL_CATCHER_DIR),
    }
    if actor and actor.role:
        # Counted when the navigation is drawn, once: the parts that htmx asks for every few seconds have none.
        context["doors"] = cache(lambda: _describe_doors(request, actor))
        context["other_duties"] = [one for one in getattr(request, "duties", ()) if one != actor.membership]
    return context
