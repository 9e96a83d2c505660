"""The frame around every view of a unit: who acts, in which scope, with which right, in one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxDetails

from units.actors import Actor
from units.addresses import address_of
from units.clock import today
from units.duties import Duty, find_duty, list_duties
from units.models import User
from units.paging import MOST_WAITING, NOTHING, count_in_words, read_together
from units.prepared import Asked
from units.roles import Door, known_permissions
from units.scoping import unit_scope
from units.second_factor import SecondFactorMissingError, needs_second_factor, used_second_factor

SESSION_MEMBERSHIP = "membership"
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a desk came to: how many wait, in words, and the address of the first kind of which there is any.

    `number` is counted on every page, so never further than to one above `MOST_WAITING`.
    """

    number: int
    words: str
    address: str

    @property
    def shown(self) -> str:
        return count_in_words(self.number, MOST_WAITING)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind that wait: `address` leads to their list, or `view` shows one of them by its key."""

    found: Asked
    address: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What may wait behind a door, in words, and the kinds of rows it consists of; the link leads to the first kind
    of which there is any.

    All doors are counted in one statement: they stand on every page.
    """

    words: str
    kinds: tuple[Rows, ...]


class UnitRequest(HttpRequest):
    """A request whose actor is known and whose scope is open."""

    actor: Actor
    duties: list[Duty]
    htmx: HtmxDetails


View = Callable[Concatenate[UnitRequest, P], HttpResponseBase]


def find_actor(request: HttpRequest) -> Actor:
    """The actor of a signed-in request: the duty chosen in the header, or the first one.

    Refuses somebody without a duty, and a duty that needs a second factor before this session has used one.
    """
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    duties = list_duties(user)
    request.duties = duties  # type: ignore[attr-defined]  # the header offers the others
    chosen = request.session.get(SESSION_MEMBERSHIP)
    duty = find_duty(duties, chosen)
    if duty is None:
        raise PermissionDenied("Tài khoản chưa được giao nhiệm vụ ở đơn vị nào.")
    if chosen is not None and str(duty.pk) != chosen:
        _leave_ended_duty(request, duty)
    membership = duty.actor.membership
    if membership and needs_second_factor(membership.role) and not used_second_factor(request):
        raise SecondFactorMissingError(membership)
    return duty.actor


def _leave_ended_duty(request: HttpRequest, other: Duty) -> None:
    """The chosen duty stands no more: say which one follows, and do nothing in it that was begun in the other."""
    del request.session[SESSION_MEMBERSHIP]
    follows = f"Từ bây giờ làm việc với tư cách {other.title}, {other.unit.short_name}."
    if request.method not in {"GET", "HEAD"}:
        raise PermissionDenied(f"Tư cách đang dùng vừa hết hiệu lực nên việc này chưa được thực hiện. {follows}")
    messages.warning(request, f"Tư cách đang dùng đã hết hiệu lực. {follows}")


def show_actor(request: HttpRequest) -> None:
    """For pages of one's own account, which stay open to whoever may not act yet: the frame then shows no duty."""
    try:
        request.actor = find_actor(request)  # type: ignore[attr-defined]
    except (PermissionDenied, SecondFactorMissingError):
        request.actor = None  # type: ignore[attr-defined]


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


def list_doors(actor: Actor) -> list[Door]:
    """The navigation of an actor, in the order of the story that the apps tell: the register comes after the work."""
    doors = [
        door
        for config in apps.get_app_configs()
        for door in getattr(config, "doors", ())
        if actor.may(door.guest_permission if actor.grant and door.guest_permission else door.permission)
    ]
    return sorted(doors, key=lambda door: door.is_register)


def home_address(actor: Actor) -> str:
    """Where a person lands: the door that names their role its home, else the first."""
    doors = list_doors(actor)
    homes = [door for door in doors if actor.role in door.home_of] or doors
    return address_of(homes[0].url_name) if homes else address_of("units:help")


def _find_waiting(doors: list[Door], actor: Actor) -> dict[Door, Counted]:
    """What waits for the actor behind each of the doors where anything does."""
    # Pages of the account stand outside every scope, and their navigation counts as well.
    with unit_scope(actor.unit.path):
        told: dict[Door, Desk | None] = {door: import_string(door.waiting)(actor) for door in doors if door.waiting}
        desks = {door: desk for door, desk in told.items() if desk}
        counted = dict(zip(desks, _look_through(list(desks.values())), strict=True))
    return {door: one for door, one in counted.items() if one.number}


def _look_through(desks: list[Desk]) -> Iterator[Counted]:
    kinds = [kind for desk in desks for kind in desk.kinds]
    read = read_together(
        [
            *(kind.found.count(MOST_WAITING + 1) for kind in kinds),
            *(kind.found.key() if kind.view else NOTHING for kind in kinds),
        ]
    )
    answers = zip(kinds, read[: len(kinds)], read[len(kinds) :], strict=True)
    for desk in desks:
        own = [next(answers) for _ in desk.kinds]
        waiting = [(kind, number, key) for kind, number, key in own if number]
        first = next((kind.address or address_of(kind.view, key) for kind, _, key in waiting), "")
        yield Counted(sum(number for _, number, _ in waiting), desk.words, first)


def _leads_to(door: Door, path: str) -> bool:
    # One's own account stands below the address of all accounts, and behind no door; the trail has its own.
    if path.startswith(address_of("units:my-account")) or path.endswith("/trail/"):
        return False
    return path.startswith((address_of(door.url_name), *door.beyond))


def _describe_doors(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    doors = [door for door in list_doors(actor) if actor.unit.is_root or not door.roots_only]
    waiting = _find_waiting(doors, actor)
    described: list[dict[str, Any]] = []
    for door in doors:
        address = address_of(door.url_name)
        here = "page" if request.path == address else "true" if _leads_to(door, request.path) else ""
        described.append(
            {
                "label": door.label,
                "address": address,
                "here": here,
                "waiting": waiting.get(door),
                "is_register": door.is_register,
            }
        )
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
        "second_factor_is_off": not settings.REQUIRE_SECOND_FACTOR,
        "provider_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
    }
    acting_in = actor.duty_id if actor else None
    context["other_duties"] = [one for one in getattr(request, "duties", ()) if one.pk != acting_in]
    if actor:
        # Counted when the navigation is drawn, once: the parts that htmx asks for every few seconds have none.
        context["doors"] = cache(lambda: _describe_doors(request, actor))
    return context
