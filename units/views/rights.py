"""Pages of rights for a time: guests of one's branch, and duties handed to another person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import now, today
from units.forms.rights import DelegationAddForm, EndForm, GrantForm
from units.frame import UnitRequest, unit_view
from units.models import Delegation, Grant, Unit
from units.refusals import RefusedError
from units.rights_file import read_rights
from units.roles import Role
from units.selectors.rights import (
    delegations_standing,
    grants_standing,
    list_delegations,
    list_grants,
    list_near_units,
)
from units.services.rights import (
    add_delegation,
    add_grant,
    check_delegation,
    check_grant,
    end_delegation,
    end_grant,
)

PAGE_SIZE = 25
# What happens to a form that was sent: shown for checking first, mended, or carried out.
CONFIRMED, MEND = "confirmed", "mend"


@require_GET
@unit_view("units.view_grant")
def grant_list(request: UnitRequest) -> HttpResponse:
    """Guests of one's own branch, for those who may let them in; and what was given to oneself."""
    actor = request.actor
    given = list_grants() if actor.may("units.add_grant") else Grant.objects.none()
    context = _split(request, given, grants_standing(given, today()))
    context |= {"mine": [duty for duty in request.duties if duty.actor.grant], "bundles": read_rights().bundles}
    return render(request, "units/rights/grant_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("units.add_grant")
def grant_add(request: UnitRequest) -> HttpResponse:
    """Let a named account in: the form, then a page to check, then the grant."""
    form = GrantForm(request.POST or None, unit=request.actor.unit, day=today())

    def values() -> dict[str, Any]:
        chosen = {name: form.cleaned_data[name] for name in ("unit", "office")}
        return chosen | {"terms": form.terms(), "actor": request.actor, "day": today()}

    return _check_then_do(
        request,
        form,
        template="units/rights/grant_add.html",
        check=lambda: check_grant(**values()),
        do=lambda: add_grant(**values(), at=now()),
        done="Đã cho phép. Người được phép thấy tư cách này ở mục đổi tư cách khi tới ngày đầu.",
        to="units:grant-list",
        about=values,
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.end_grant")
def grant_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End a grant at once, with a reason."""
    grant = get_object_or_404(list_grants(), pk=pk)
    return _end(
        request,
        {"grant": grant},
        template="units/rights/grant_end.html",
        do=lambda reason: end_grant(grant, reason=reason, actor=request.actor, at=now()),
        done="Đã chấm dứt quyền xem; người đó không mở được trang nào của đơn vị nữa.",
        to="units:grant-list",
    )


@require_GET
@unit_view("units.view_delegation")
def delegation_list(request: UnitRequest) -> HttpResponse:
    """Duties handed to others in one's own branch, and what was handed to oneself."""
    context = _split(request, list_delegations(), delegations_standing(list_delegations(), today()))
    context["mine"] = [duty for duty in request.duties if duty.actor.delegation]
    return render(request, "units/rights/delegation_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("units.add_delegation")
def delegation_add(request: UnitRequest) -> HttpResponse:
    """Hand a duty to another person: the form, then a page to check, then the delegation.

    A head does so in the own unit; an administrator also for a unit of the branch, named by `unit`.
    """
    actor = request.actor
    is_administrator = actor.role == Role.ADMINISTRATOR
    unit = _find_unit(request) if is_administrator else actor.unit
    form = DelegationAddForm(request.POST or None, unit=unit, actor=actor, day=today())

    def values() -> dict[str, Any]:
        chosen = {name: form.cleaned_data[name] for name in ("delegator", "delegate")}
        return chosen | {"terms": form.terms(), "actor": actor, "day": today()}

    return _check_then_do(
        request,
        form,
        template="units/rights/delegation_add.html",
        check=lambda: check_delegation(**values()),
        do=lambda: add_delegation(**values(), at=now()),
        done="Đã ghi nhận việc giao. Người được giao thấy tư cách này ở mục đổi tư cách khi tới ngày đầu.",
        to="units:delegation-list",
        about=lambda: {"terms": form.terms(), "authority": form.terms().authority},
        near=list_near_units(actor.unit, today()) if is_administrator else (),
        unit=unit,
    )


def _find_unit(request: UnitRequest) -> Unit:
    """The unit of the branch that an administrator chose, by its code; without a choice the own one."""
    code = request.GET.get("unit", "")
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), code=code) if code else request.actor.unit


@require_http_methods(["GET", "POST"])
@unit_view("units.end_delegation")
def delegation_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End a delegation at once, with a reason."""
    delegation = get_object_or_404(list_delegations(), pk=pk)
    return _end(
        request,
        {"delegation": delegation},
        template="units/rights/delegation_end.html",
        do=lambda reason: end_delegation(delegation, reason=reason, actor=request.actor, at=now()),
        done="Đã chấm dứt việc giao; người được giao không làm thay được nữa.",
        to="units:delegation-list",
    )


def _split(
    request: UnitRequest, everything: QuerySet[Grant] | QuerySet[Delegation], standing: QuerySet[Any]
) -> dict[str, Any]:
    """What stands or is to come, in full; what is over, by pages."""
    day = today()
    now_standing = list(standing.order_by("valid_to", "id"))
    coming = list(everything.filter(valid_from__gt=day, ended_at=None).order_by("valid_from", "id"))
    over = everything.exclude(pk__in=[one.pk for one in (*now_standing, *coming)])
    return {
        "standing": now_standing,
        "coming": coming,
        "page": Paginator(over, PAGE_SIZE).get_page(request.GET.get("page")),
    }


def _check_then_do(
    request: UnitRequest,
    form: Form,
    *,
    template: str,
    check: Callable[[], None],
    do: Callable[[], object],
    done: str,
    to: str,
    about: Callable[[], dict[str, Any]],
    **context: Any,
) -> HttpResponse:
    """The form; once it is valid and allowed, a page to check; once that is confirmed, the act."""
    refusal = None
    if request.method == "POST" and form.is_valid() and MEND not in request.POST:
        try:
            if CONFIRMED in request.POST:
                do()
                messages.success(request, done)
                return redirect(to)
            check()
        except RefusedError as error:
            refusal = error
        else:
            return render(request, template, {"form": form, "checking": True} | context | about())
    is_wrong = bool(form.errors or refusal)
    return render(request, template, {"form": form, "refusal": refusal} | context, status=422 if is_wrong else 200)


def _end(
    request: UnitRequest,
    context: dict[str, Any],
    *,
    template: str,
    do: Callable[[str], object],
    done: str,
    to: str,
) -> HttpResponse:
    form, refusal = EndForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data["reason"])
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect(to)
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, "refusal": refusal} | context, status=status)
