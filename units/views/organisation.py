"""Pages of units: the tree, one unit, and what its administrator writes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import today
from units.forms.organisation import UnitCreateForm, UnitEditForm, UnitRenameForm
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.refusals import RefusedError
from units.selectors.rights import list_unit_delegations
from units.selectors.timeline import list_archive, list_milestones
from units.selectors.tree import (
    RESULT_SIZE,
    count_ended,
    describe_found,
    find_successors,
    list_children,
    open_branch,
    search_units,
    shut_branch,
    standing,
    walk_down_to,
)
from units.services.organisation import change_name, create_unit, edit_unit

SHOWN_CHILDREN = 20
SHOWN_ARCHIVE = 20


def find_unit(pk: str) -> Unit | None:
    """The unit whose key an address names; nothing for a crooked one."""
    try:
        return Unit.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


@require_GET
@unit_view("units.view_unit")
def unit_list(request: UnitRequest) -> HttpResponse:
    """The tree, opened at the actor's own unit, at `open`, or narrowed by words. One address serves page and branch."""
    words, ended = request.GET.get("q", "").strip(), bool(request.GET.get("ended"))
    context: dict[str, Any] = {"words": words, "ended": ended}
    if words:
        context |= _search(request, words, ended=ended)
    else:
        day, page = today(), request.GET.get("page")
        opened, shut = find_unit(request.GET.get("open", "")), find_unit(request.GET.get("shut", ""))
        if opened or not shut:
            node = open_branch(opened or request.actor.unit, page=page, ended=ended, day=day)
        else:
            node = shut_branch(shut, ended=ended, day=day)
        context |= {"node": node, "own": request.actor.unit}
        if request.htmx and not request.htmx.history_restore_request:
            response = render(request, "units/organisation/node.html", context)
            patch_vary_headers(response, ("HX-Request",))
            return response
        context["root"] = walk_down_to(node, ended=ended, day=day)
    response = render(request, "units/organisation/unit_list.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _search(request: UnitRequest, words: str, *, ended: bool) -> dict[str, Any]:
    day = today()
    page = Paginator(search_units(words, ended=ended, day=day), RESULT_SIZE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "found": describe_found(list(page.object_list), words, day=day),
        "ended_besides": 0 if ended else count_ended(words, day=day),
    }


def _address(name: str, **keys: Any) -> str:
    """A page of another part of the register, or nothing while it is not there."""
    try:
        return reverse(name, kwargs=keys or None)
    except NoReverseMatch:
        return ""


def _render_unit(request: UnitRequest, unit: Unit) -> HttpResponse:
    day = today()
    children = list_children(unit, ended=False, day=day)
    archive = list_archive(unit, day=day)
    is_ended = bool(unit.valid_to and unit.valid_to < day)
    in_scope, actor = request.actor.unit.contains(unit.path), request.actor
    context = {
        "shown_unit": unit,
        "is_ended": is_ended,
        "now": find_successors([unit]).get(unit.pk, []) if is_ended else [],
        "above": list(Unit.objects.filter(path__in=unit.paths_above[:-1]).order_by("path")),
        "names": list(unit.names.order_by("-valid_from")),
        "placements": list(unit.placements.select_related("parent").order_by("-valid_from")),
        "milestones": list_milestones(unit),
        "children": list(children[:SHOWN_CHILDREN]),
        "children_number": children.count(),
        "archive_page": Paginator(archive, SHOWN_ARCHIVE).get_page(request.GET.get("page")),
        "in_scope": in_scope,
        "delegations": list_unit_delegations(unit, day) if in_scope and not actor.grant else [],
        "people_address": _address("units:person-list") if in_scope and actor.may("units.view_person") else "",
    }
    return render(request, "units/organisation/unit_detail.html", context)


@require_GET
@unit_view("units.view_unit")
def unit_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """One unit through time. What it is and was is public; links lead only to what the viewer may open."""
    return _render_unit(request, get_object_or_404(Unit.objects.select_related("parent"), pk=pk))


def _own_unit(request: UnitRequest, pk: UUID) -> Unit:
    """A unit that the actor administers; any other is not found."""
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("units.create_unit")
def unit_create(request: UnitRequest) -> HttpResponse:
    """Set up a unit below `?parent=`, or below the actor's own."""
    parents = Unit.objects.below(request.actor.unit.path).filter(standing(today()))
    chosen = find_unit(request.GET.get("parent", ""))
    parent = get_object_or_404(parents, pk=chosen.pk) if chosen else request.actor.unit
    form = UnitCreateForm(
        request.POST if request.method == "POST" else None, initial={"place": parent.place, "province": parent.province}
    )
    context = {"form": form, "parent": parent}
    if request.method == "POST" and form.is_valid():
        try:
            unit = create_unit(parent, form.values(), on=form.cleaned_data["on"], actor=request.actor)
        except RefusedError as refusal:
            context["refusal"] = refusal
        else:
            messages.success(request, f"Đã lập {unit.name}.")
            return redirect("units:unit-detail", pk=unit.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "units/organisation/unit_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_unit")
def unit_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Correct what was typed wrongly; every day stays as it is."""
    unit = _own_unit(request, pk)
    initial = {key: getattr(unit, key) for key in UnitEditForm.base_fields if hasattr(unit, key)}
    form = UnitEditForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form, "shown_unit": unit}
    if request.method == "POST" and form.is_valid():
        try:
            edit_unit(unit, form.values(), reason=form.cleaned_data["reason"], actor=request.actor)
        except RefusedError as refusal:
            context["refusal"] = refusal
        else:
            messages.success(request, "Đã sửa thông tin đơn vị. Các ngày giữ nguyên.")
            return redirect("units:unit-detail", pk=unit.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "units/organisation/unit_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("units.rename_unit")
def unit_rename(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give a unit another name as of a day, under a decision; papers of earlier days keep the earlier name."""
    unit = _own_unit(request, pk)
    initial = {"name": unit.name, "short_name": unit.short_name, "place": unit.place}
    form = UnitRenameForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form, "shown_unit": unit}
    if request.method == "POST" and form.is_valid():
        try:
            change_name(
                unit,
                form.values(),
                on=form.cleaned_data["on"],
                citation=form.cleaned_data["citation"],
                day=today(),
                actor=request.actor,
            )
        except RefusedError as refusal:
            context["refusal"] = refusal
        else:
            messages.success(request, "Đã ghi tên mới. Văn bản của những ngày trước vẫn in tên cũ.")
            return redirect("units:unit-detail", pk=unit.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "units/organisation/unit_rename.html", context, status=status)
