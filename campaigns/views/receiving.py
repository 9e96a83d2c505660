"""Filings at the desk of the addressee: received, returned, approved, and a receipt looked up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.filings import (
    ReceiptForm,
    ReturnForm,
)
from campaigns.receipt_codes import is_code, tidy_code
from campaigns.selectors.filings import (
    days_late,
    find_by_code,
)
from campaigns.services.filings import (
    approve_submission,
    receive_submission,
    return_submission,
)
from campaigns.views.filings import get_submission, render_submission
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("campaigns.receive_submission")
def submission_receive(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = get_submission(request, pk)
    try:
        receive_submission(submission, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_submission(request, submission, status=422, refusal=refusal)
    messages.success(request, "Đã tiếp nhận.")
    return redirect(submission)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.return_submission")
def submission_return(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give it back with reasons."""
    submission = get_submission(request, pk)
    form, refusal = ReturnForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            return_submission(submission, **form.cleaned_data, actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã trả lại {submission.unit}.")
            return redirect(submission)
    context = {"submission": submission, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/submission_return.html", context, status=status)


@require_POST
@unit_view("campaigns.approve_submission")
def submission_approve(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = get_submission(request, pk)
    try:
        approve_submission(submission, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_submission(request, submission, status=422, refusal=refusal)
    messages.success(request, "Đã duyệt đăng ký.")
    return redirect(submission)


@require_GET
@unit_view("campaigns.view_submission")
def receipt_check(request: UnitRequest) -> HttpResponse:
    """Whether a code was given out, and to what: for the unit that sent it and those above."""
    form = ReceiptForm(request.GET if "code" in request.GET else None)
    context: dict[str, Any] = {"form": form, "asked": False}
    if form.is_valid():
        code = tidy_code(form.cleaned_data["code"])
        found = find_by_code(code, request.actor.unit.path) if is_code(code) else None
        context |= {"asked": True, "is_code": is_code(code), "found": found, "late": 0}
        if found:
            context["late"] = days_late(found.assignment.last_day, found.counted_at)
    return render(request, "campaigns/receipt_check.html", context, status=200 if not form.errors else 422)
