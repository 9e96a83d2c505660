"""Screens where a body's proposal is recorded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from exemplars.forms.judging import ProposalForm
from exemplars.services.proposals import propose_nomination
from exemplars.views.reading import get_nomination, render_nomination
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("exemplars.propose_nomination")
def nomination_propose(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_nomination(request, pk)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return render_nomination(request, nomination, status=422, proposal_form=form)
    try:
        propose_nomination(nomination, **form.cleaned_data, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal, proposal_form=form)
    messages.success(request, "Đã ghi văn bản đề nghị.")
    return redirect(nomination)
