"""Screens of special cases: the council's secretariat proposes, the head of the deciding unit decides."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from exemplars.forms.judging import SpecialCaseForm, SpecialDecisionForm
from exemplars.services.special_cases import grant_special_case, propose_special_case, refuse_special_case
from exemplars.views.reading import get_nomination, render_nomination
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("exemplars.propose_special_case")
def special_case_propose(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_nomination(request, pk)
    form = SpecialCaseForm(request.POST)
    if not form.is_valid():
        return render_nomination(request, nomination, status=422, special_form=form)
    try:
        propose_special_case(nomination, **form.cleaned_data, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal, special_form=form)
    messages.success(request, "Đã trình theo diện đặc biệt.")
    return redirect(nomination)


def _decide(request: UnitRequest, pk: UUID, decide: Callable[..., Any], done: str) -> HttpResponse:
    nomination = get_nomination(request, pk)
    form = SpecialDecisionForm(request.POST)
    if not form.is_valid():
        return render_nomination(request, nomination, status=422, special_decision_form=form)
    try:
        decide(nomination, words=form.cleaned_data["words"], actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal, special_decision_form=form)
    messages.success(request, done)
    return redirect(nomination)


@require_POST
@unit_view("exemplars.grant_special_case")
def special_case_grant(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, grant_special_case, "Đã chấp thuận diện đặc biệt.")


@require_POST
@unit_view("exemplars.refuse_special_case")
def special_case_refuse(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, refuse_special_case, "Đã ghi không chấp thuận diện đặc biệt.")
