"""A unit's work: what is due, what was sent, more time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms import CompletionForm, ExtensionAnswerForm, ExtensionForm
from campaigns.models import Assignment, ExtensionRequest, ObligationKind
from campaigns.selectors.filings import list_versions
from campaigns.selectors.work import (
    list_assignments,
    list_done_assignments,
    list_open_assignments,
    list_pending_extensions,
)
from campaigns.services.work import answer_extension, complete_assignment, request_extension
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError

REVIEWED_AT_ONCE = 50


@require_GET
@unit_view("campaigns.view_assignment")
def assignment_list(request: UnitRequest) -> HttpResponse:
    """What the unit owes, nearest first; for the secretariat also the requests for time that wait for it."""
    pending = (
        list(list_pending_extensions(request.actor.unit)[:REVIEWED_AT_ONCE])
        if request.actor.may("campaigns.answer_extension")
        else []
    )
    day, undone = today(), list(list_open_assignments(request.actor.unit))
    open_assignments = [one for one in undone if one.is_live_on(day)]
    context = {
        "open_assignments": open_assignments,
        "past_assignments": [one for one in undone if not one.is_live_on(day)],
        "late": sum(one.last_day is not None and one.last_day < day for one in open_assignments),
        "done_assignments": list(list_done_assignments(request.actor.unit)[:REVIEWED_AT_ONCE]),
        "pending_extensions": pending,
        "day": day,
    }
    return render(request, "campaigns/assignment_list.html", context)


def _render_assignment(
    request: UnitRequest, assignment: Assignment, status: int = 200, **extra: object
) -> HttpResponse:
    context = {
        "assignment": assignment,
        "obligation": assignment.obligation,
        "day": today(),
        "is_nomination": assignment.obligation.kind == ObligationKind.NOMINATION,
        "is_own": assignment.unit_id == request.actor.unit.pk,
        "may_complete": request.actor.may("campaigns.complete_assignment"),
        "may_extend": request.actor.may("campaigns.request_extension"),
        "submissions": list_versions(assignment, request.actor.unit.path),
        "takes_submissions": assignment.obligation.takes_submissions and assignment.merged_into_id is None,
        "may_file": request.actor.may("campaigns.start_submission"),
        "completion": CompletionForm(today=today()),
        "extension": ExtensionForm(),
    }
    return render(request, "campaigns/assignment_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_assignment")
def assignment_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _render_assignment(request, get_object_or_404(list_assignments(), pk=pk))


@require_POST
@unit_view("campaigns.complete_assignment")
def assignment_complete(request: UnitRequest, pk: UUID) -> HttpResponse:
    assignment = get_object_or_404(list_assignments(), pk=pk, unit=request.actor.unit)
    form = CompletionForm(request.POST, today=today())
    if not form.is_valid():
        return _render_assignment(request, assignment, 422, completion=form)
    try:
        complete_assignment(assignment, **form.cleaned_data, actor=request.actor, at=database_now())
    except RefusedError as refusal:
        return _render_assignment(request, assignment, 422, refusal=refusal)
    messages.success(request, "Đã ghi nhận văn bản đã gửi.")
    return redirect("campaigns:assignment-detail", pk=pk)


@require_POST
@unit_view("campaigns.request_extension")
def extension_request(request: UnitRequest, pk: UUID) -> HttpResponse:
    assignment = get_object_or_404(list_assignments(), pk=pk, unit=request.actor.unit)
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        return _render_assignment(request, assignment, 422, extension=form)
    try:
        request_extension(assignment, **form.cleaned_data, actor=request.actor, at=database_now())
    except RefusedError as refusal:
        return _render_assignment(request, assignment, 422, refusal=refusal, extension=form)
    messages.success(request, "Đã gửi đề nghị gia hạn. Thời hạn chỉ đổi khi được trả lời.")
    return redirect("campaigns:assignment-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.answer_extension")
def extension_answer(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Read a request for time and answer it."""
    extension = get_object_or_404(
        ExtensionRequest.objects.select_related("unit", "assignment__obligation", "asked_by"), pk=pk
    )
    form = ExtensionAnswerForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            answer_extension(extension, **form.cleaned_data, actor=request.actor, at=database_now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã gửi trả lời.")
            return redirect("campaigns:assignment-list")
    context = {"extension": extension, "form": form, "refusal": refusal}
    return render(request, "campaigns/extension_answer.html", context, status=422 if request.method == "POST" else 200)
