"""Screens of reorganisations: what is planned and done, the steps, what will move, and the confirmation."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.clock import now, today
from units.forms.reorganisations import (
    CARRIED_ROLES,
    KIND_HELP,
    CancelForm,
    ConfirmForm,
    DecisionForm,
    KindForm,
    ResultNameForm,
    ResultUnitForm,
)
from units.frame import UnitRequest, unit_view
from units.models import Reorganisation, ReorganisationState, SuccessionKind, Unit
from units.refusals import RefusedError
from units.selectors.reorganisations import (
    ONE_SOURCE,
    Shape,
    count_moved,
    find_mismatches,
    find_obstacles,
    list_followers,
    list_reorganisations,
    read_shape,
)
from units.selectors.tree import RESULT_SIZE, describe_found, search_units
from units.services.reorganisations import (
    add_result,
    add_source,
    cancel_reorganisation,
    choose_heir,
    confirm_reorganisation,
    create_reorganisation,
    decide_reorganisation,
    remove_result,
    remove_source,
    reopen_reorganisation,
)

PAGE_SIZE = 25
SHOWN_BELOW = 20
REORGANISE = "units.reorganise_units"
STEPS = (("units", "Đơn vị"), ("results", "Sau sắp xếp"), ("decision", "Ngày và quyết định"), ("detail", "Xem trước"))


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Sắp xếp tổ chức là việc của cơ quan đứng đầu hệ thống.")


def _get(request: UnitRequest, pk: UUID) -> Reorganisation:
    _require_root(request)
    return get_object_or_404(list_reorganisations(), pk=pk)


def _get_draft(request: UnitRequest, pk: UUID) -> Reorganisation:
    """One that may still be written; a planned one is taken back to the desk first."""
    _require_root(request)
    return get_object_or_404(list_reorganisations(), pk=pk, state=ReorganisationState.DRAFT)


@require_GET
@unit_view(REORGANISE)
def reorganisation_list(request: UnitRequest) -> HttpResponse:
    """Drafts and plans first, what was done after, each under its own heading."""
    _require_root(request)
    open_states = (ReorganisationState.DRAFT, ReorganisationState.PLANNED)
    everything = list_reorganisations()
    page = Paginator(everything.exclude(state__in=open_states), PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = everything.filter(state__in=open_states).order_by("on", "created_at")
    context = {"page": page, "waiting": Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("waiting"))}
    return render(request, "units/reorganisations/reorganisation_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view(REORGANISE)
def reorganisation_create(request: UnitRequest) -> HttpResponse:
    """The first step: what kind of reorganisation it is."""
    _require_root(request)
    form = KindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        plan = create_reorganisation(SuccessionKind(form.cleaned_data["kind"]), actor=request.actor, at=now())
        return redirect("units:reorganisation-units", pk=plan.pk)
    context = {"form": form, "kinds": [(kind, KIND_HELP[kind]) for kind in KIND_HELP]}
    status = 422 if request.method == "POST" else 200
    return render(request, "units/reorganisations/reorganisation_create.html", context, status=status)


def _search_context(request: UnitRequest) -> dict[str, Any]:
    """Units that may be chosen, found by words; a GET form, so that it works without JavaScript."""
    words = request.GET.get("q", "").strip()
    if not words:
        return {"words": ""}
    day = today()
    found = search_units(words, ended=False, day=day, below=request.actor.unit.path).exclude(pk=request.actor.unit.pk)
    page = Paginator(found, RESULT_SIZE).get_page(request.GET.get("page"))
    return {"words": words, "page": page, "found": describe_found(list(page.object_list), words, day=day)}


def _step_context(plan: Reorganisation, step: str) -> dict[str, Any]:
    return {"plan": plan, "shape": read_shape(plan), "steps": STEPS, "step": step}


def _render_units(request: UnitRequest, plan: Reorganisation, **more: Any) -> HttpResponse:
    context = _step_context(plan, "units") | _search_context(request) | more
    context["takes_one"] = plan.kind in ONE_SOURCE
    context["chosen"] = {unit.pk for unit in context["shape"].sources}
    status = 422 if more.get("refusal") else 200
    return render(request, "units/reorganisations/units.html", context, status=status)


@require_GET
@unit_view(REORGANISE)
def reorganisation_units(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The second step: to which units it happens."""
    return _render_units(request, _get_draft(request, pk))


def _chosen_unit(request: UnitRequest) -> Unit:
    try:
        key = UUID(request.POST.get("unit", ""))
    except ValueError:
        key = UUID(int=0)
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=key)


@require_POST
@unit_view(REORGANISE)
def reorganisation_unit_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    plan, unit = _get_draft(request, pk), _chosen_unit(request)
    try:
        add_source(plan, unit, day=today())
    except RefusedError as refusal:
        return _render_units(request, plan, refusal=refusal)
    messages.success(request, f"Đã chọn {unit.name}.")
    return redirect("units:reorganisation-units", pk=plan.pk)


@require_POST
@unit_view(REORGANISE)
def reorganisation_unit_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    plan, unit = _get_draft(request, pk), _chosen_unit(request)
    remove_source(plan, unit.pk)
    messages.success(request, f"Đã bỏ {unit.name}.")
    return redirect("units:reorganisation-units", pk=plan.pk)


def _list_parents(shape: Shape) -> QuerySet[Unit]:
    """Where a new unit may stand: above the units concerned, the nearest first."""
    paths = {path for unit in shape.sources for path in unit.paths_above[:-1]} or {shape.plan.unit.path}
    return Unit.objects.filter(Q(valid_to__isnull=True), path__in=paths).order_by("-path")


def _result_form(request: UnitRequest, shape: Shape, *, bound: bool) -> ResultNameForm | ResultUnitForm | None:
    """The form of what comes out, when it is written and not chosen."""
    kind, data = shape.plan.kind, request.POST if bound else None
    first = shape.sources[0] if shape.sources else None
    if kind == SuccessionKind.RENAME:
        named = shape.results[0] if shape.results else first
        initial = {key: getattr(named, key) for key in ("name", "short_name", "place")} if named else {}
        return ResultNameForm(data, initial=initial)
    if kind in (SuccessionKind.MERGE, SuccessionKind.SPLIT):
        initial = {"place": first.place, "province": first.province} if first else {}
        return ResultUnitForm(data, parents=_list_parents(shape), initial=initial)
    return None


def _render_results(request: UnitRequest, plan: Reorganisation, **more: Any) -> HttpResponse:
    context = _step_context(plan, "results") | _search_context(request)
    shape = context["shape"]
    context["form"] = _result_form(request, shape, bound=False)
    context |= more
    context["chosen"] = {one.target_id for one in shape.results}
    context["lives_on"] = any(one.target in shape.sources for one in shape.results)
    context["may_choose"] = plan.kind != SuccessionKind.RENAME
    status = 422 if "refusal" in more or "form" in more else 200
    return render(request, "units/reorganisations/results.html", context, status=status)


@require_GET
@unit_view(REORGANISE)
def reorganisation_results(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The third step: what comes out of it, a unit that stands, one to be set up, or a new name."""
    return _render_results(request, _get_draft(request, pk))


@require_POST
@unit_view(REORGANISE)
def reorganisation_result_choose(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take a unit that stands as what comes out."""
    plan, unit = _get_draft(request, pk), _chosen_unit(request)
    try:
        add_result(plan, target=unit)
    except RefusedError as refusal:
        return _render_results(request, plan, refusal=refusal)
    messages.success(request, f"Đã chọn {unit.name}.")
    return redirect("units:reorganisation-results", pk=plan.pk)


@require_POST
@unit_view(REORGANISE)
def reorganisation_result_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write down a unit to be set up, or a new name."""
    plan = _get_draft(request, pk)
    form = _result_form(request, read_shape(plan), bound=True)
    if form is None or not form.is_valid():
        return _render_results(request, plan, **({"form": form} if form else {}))
    try:
        add_result(plan, values=form.values())
    except RefusedError as refusal:
        return _render_results(request, plan, form=form, refusal=refusal)
    messages.success(request, f"Đã ghi {form.cleaned_data['name']}.")
    return redirect("units:reorganisation-results", pk=plan.pk)


@require_POST
@unit_view(REORGANISE)
def reorganisation_result_remove(request: UnitRequest, pk: UUID, result: UUID) -> HttpResponse:
    plan = _get_draft(request, pk)
    remove_result(plan, result)
    messages.success(request, "Đã bỏ khỏi danh sách sau sắp xếp.")
    return redirect("units:reorganisation-results", pk=plan.pk)


@require_POST
@unit_view(REORGANISE)
def reorganisation_heir_choose(request: UnitRequest, pk: UUID, result: UUID) -> HttpResponse:
    plan = _get_draft(request, pk)
    choose_heir(plan, result)
    messages.success(request, "Đã chọn đơn vị nhận người, hồ sơ và tài khoản.")
    return redirect("units:reorganisation-results", pk=plan.pk)


@require_http_methods(["GET", "POST"])
@unit_view(REORGANISE)
def reorganisation_decision(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The fourth step: the day, the decision, accounts and heads."""
    plan = _get_draft(request, pk)
    context = _step_context(plan, "decision")
    initial: dict[str, Any] = {
        key: getattr(plan, key) for key in ("on", "decision_number", "decided_on", "issuer", "note", "head_from")
    }
    initial["roles"] = plan.roles or ([] if plan.on else [role for role, _ in CARRIED_ROLES])
    initial["carries_record"] = {True: "yes", False: "no"}.get(plan.carries_record, "")  # type: ignore[arg-type]  # None is the third
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        sources=list(context["shape"].sources),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        decide_reorganisation(plan, form.cleaned_data)
        return redirect("units:reorganisation-detail", pk=plan.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "units/reorganisations/decision.html", context | {"form": form}, status=status)


def _render_detail(request: UnitRequest, plan: Reorganisation, **more: Any) -> HttpResponse:
    day, context = today(), _step_context(plan, "detail")
    shape: Shape = context["shape"]
    is_open = plan.state in (ReorganisationState.DRAFT, ReorganisationState.PLANNED)
    obstacles = find_obstacles(shape) if is_open else []
    is_due = bool(plan.on and plan.on <= day)
    followers = list_followers(shape.ending, plan.on or day) if is_open else Unit.objects.none()
    counted = [asdict(one) for one in count_moved(shape)] if is_open else plan.outcome
    context |= {
        "moved": [one for one in counted if one["number"]],
        "nothing_of": [one["label"] for one in counted if not one["number"]],
        "followers": list(followers[:SHOWN_BELOW]),
        "followers_number": followers.count(),
        "hard": [one for one in obstacles if is_due or not one.may_pass],
        "soft": [one for one in obstacles if one.may_pass and not is_due],
        "is_open": is_open,
        "is_draft": plan.state == ReorganisationState.DRAFT,
        "is_planned": plan.state == ReorganisationState.PLANNED,
        "is_due": is_due,
        "mismatches": find_mismatches(shape) if is_open else [],
        "confirm_form": ConfirmForm(),
        "cancel_form": CancelForm(),
    } | more
    return render(request, "units/reorganisations/reorganisation_detail.html", context, status=422 if more else 200)


@require_GET
@unit_view(REORGANISE)
def reorganisation_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """What will move, in numbers and first names, and what stands in the way; afterwards what did."""
    return _render_detail(request, _get(request, pk))


def _act(request: UnitRequest, plan: Reorganisation, act: Callable[[], Reorganisation], done: str) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        return _render_detail(request, _get(request, plan.pk), refusal=refusal)
    messages.success(request, done)
    return redirect("units:reorganisation-detail", pk=plan.pk)


@require_POST
@unit_view(REORGANISE)
def reorganisation_confirm(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Plan it for its day, or apply it now when that day has come."""
    plan = _get(request, pk)
    is_due = bool(plan.on and plan.on <= today())
    done = "Đã thực hiện sắp xếp." if is_due else "Đã lên kế hoạch; phần mềm thực hiện vào ngày đã ghi."
    form = ConfirmForm(request.POST)
    mixes_kinds = form.is_valid() and form.cleaned_data["mixes_kinds"]
    return _act(
        request,
        plan,
        lambda: confirm_reorganisation(plan, actor=request.actor, day=today(), at=now(), mixes_kinds=mixes_kinds),
        done,
    )


@require_POST
@unit_view(REORGANISE)
def reorganisation_cancel(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give up a draft or a plan, with the reason."""
    plan = _get(request, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _render_detail(request, plan, cancel_form=form)
    reason = form.cleaned_data["reason"]
    return _act(
        request,
        plan,
        lambda: cancel_reorganisation(plan, reason=reason, actor=request.actor, at=now()),
        "Đã hủy; không có gì thay đổi.",
    )


@require_POST
@unit_view(REORGANISE)
def reorganisation_reopen(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take a planned one back to the desk."""
    plan = _get(request, pk)
    return _act(
        request,
        plan,
        lambda: reopen_reorganisation(plan, actor=request.actor),
        "Đã mở lại để sửa; phần mềm chưa thực hiện gì cho tới khi xác nhận lại.",
    )
