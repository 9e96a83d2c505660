"""The records clerk carries counts out."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms import DecisionForm
from awards.forms.decisions import PublicationForm
from awards.models import Decision
from awards.selectors.counts import describe_count
from awards.selectors.decisions import (
    elected_names,
    find_keeper,
    list_concludable_ballots,
    list_decisions_for,
    list_lines,
    list_offered_delegations,
    list_revocations,
    list_revoked_lines,
    obstacle_of,
)
from awards.selectors.drafts import list_living_drafts, list_revocation_drafts, list_undrafted_ballots
from awards.selectors.minutes import find_gaps
from awards.services.decisions import conclude_ballot, issue_decision
from awards.services.publications import publish_decision
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form, posted

PAGE_SIZE = 50


def _render_list(request: UnitRequest, *, status: int = 200, refusal: RefusedError | None = None) -> HttpResponse:
    unit, concludes = request.actor.unit, request.actor.may("awards.issue_decision")
    waiting = list_undrafted_ballots(unit) if concludes or request.actor.may("awards.draft_decision") else []
    page = Paginator(list_decisions_for(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "waiting": [{"ballot": ballot, "elected": elected_names(ballot)} for ballot in waiting],
        "waits": concludes or request.actor.may("awards.draft_decision"),
        "drafts": list(list_living_drafts(unit)) if request.actor.may("awards.view_draft") else [],
        "decisions": list(page),
        "page": page,
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
    decision = get_object_or_404(list_decisions_for(request.actor), pk=pk)
    lines = list(list_revoked_lines(decision) if decision.revokes_id else list_lines(decision))
    keeps = find_keeper(decision.unit, today()).pk == request.actor.unit.pk
    context = {
        "decision": decision,
        "lines": [(line, obstacle_of(line)) for line in lines],
        "revocations": list(list_revocations(decision, request.actor)),
        "revocation_drafts": list(list_revocation_drafts(decision)) if request.actor.may("awards.view_draft") else [],
        "may_revoke": keeps and not decision.revokes_id and not decision.is_wholly_revoked,
        "may_print": keeps,
        "may_publish": keeps and decision.published_on is None,
    }
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
        "minutes_gaps": find_gaps(ballot),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/decisions/decision_issue.html", context, status=status)


def get_kept(request: UnitRequest, pk: UUID) -> Decision:
    decision = get_object_or_404(list_decisions_for(request.actor), pk=pk)
    if find_keeper(decision.unit, today()).pk != request.actor.unit.pk:
        raise Http404
    return decision


@require_http_methods(["GET", "POST"])
@unit_view("awards.publish_decision")
def decision_publish(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Publish a decision on a day; those it speaks of are told."""
    decision = get_kept(request, pk)
    form = PublicationForm(posted(request), initial={"published_on": today()})
    return answer_form(
        request,
        form,
        lambda: publish_decision(decision, **form.cleaned_data, actor=request.actor, at=now()),
        heading=f"Công bố quyết định {decision.number}",
        submit="Công bố và báo kết quả",
        back=reverse("awards:decision-detail", args=[decision.pk]),
        done="Đã công bố. Đơn vị đề nghị và người được khen được báo qua thư và ở mục «Kết quả khen thưởng».",
        trail=(f"Quyết định {decision.number}", reverse("awards:decision-detail", args=[decision.pk])),
        warning=(
            "Công bố rồi thì không rút lại được. Cán bộ thi đua, thủ trưởng đơn vị đề nghị và cá nhân có tài khoản "
            "được báo một lần. Trường hợp không được công nhận chỉ báo cho cán bộ thi đua của đơn vị, không nêu số "
            "phiếu."
        ),
    )


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
