"""The records clerk carries counts out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms import DecisionForm
from awards.selectors.counts import describe_count
from awards.selectors.decisions import (
    elected_names,
    list_concludable_ballots,
    list_decisions,
    list_lines,
    list_offered_delegations,
    list_waiting_ballots,
)
from awards.services.decisions import conclude_ballot, issue_decision
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError

SHOWN = 200


def _render_list(request: UnitRequest, *, status: int = 200, refusal: RefusedError | None = None) -> HttpResponse:
    waiting = list_waiting_ballots(request.actor.unit) if request.actor.may("awards.issue_decision") else []
    context = {
        "waiting": [{"ballot": ballot, "elected": elected_names(ballot)} for ballot in waiting],
        "decisions": list(list_decisions()[:SHOWN]),
        "refusal": refusal,
    }
    return render(request, "awards/decisions/decision_list.html", context, status=status)


@require_GET
@unit_view("awards.view_decision")
def decision_list(request: UnitRequest) -> HttpResponse:
    """Counts that wait for a decision, and decisions in sight."""
    return _render_list(request)


@require_GET
@unit_view("awards.view_decision")
def decision_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    decision = get_object_or_404(list_decisions(), pk=pk)
    context = {"decision": decision, "lines": list(list_lines(decision))}
    return render(request, "awards/decisions/decision_detail.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.issue_decision")
def decision_issue(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Issue the decision of one count."""
    ballot = get_object_or_404(list_concludable_ballots(request.actor.unit), pk=pk)
    initial = {"subject": f"Về việc công nhận theo kết quả: {ballot.title}"[:300]}
    held_on, day = ballot.sitting.held_on, today()
    offered = list_offered_delegations(ballot.unit, since=held_on, until=day)
    form = DecisionForm(request.POST or None, held_on=held_on, today=day, delegations=offered, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            decision = issue_decision(ballot, **form.particulars(), actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã ban hành quyết định và ghi vào sổ khen thưởng.")
            return redirect("awards:decision-detail", pk=decision.pk)
    context = {
        "ballot": ballot,
        "sitting": ballot.sitting,
        "form": form,
        "refusal": refusal,
        "elected": elected_names(ballot),
        "count": describe_count(ballot),
        "terms": ballot.terms,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/decisions/decision_issue.html", context, status=status)


@require_POST
@unit_view("awards.conclude_ballot")
def ballot_conclude(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Record a count that recognised nobody."""
    ballot = get_object_or_404(list_concludable_ballots(request.actor.unit), pk=pk)
    try:
        conclude_ballot(ballot, actor=request.actor)
    except RefusedError as refusal:
        return _render_list(request, status=422, refusal=refusal)
    messages.success(request, "Đã ghi nhận kết quả.")
    return redirect("awards:decision-list")
