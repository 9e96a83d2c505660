"""The unit that leads a conference: what members sent, receiving, returning, telling them the result."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.crossing import ReturnCaseForm
from awards.models import FilingState, ReceivedCase
from awards.selectors.councils import list_council_sittings
from awards.selectors.crossing import (
    find_asking,
    is_chosen,
    list_received,
    list_received_cases,
    list_senders,
    read_honours,
)
from awards.services.crossing import announce_cases, receive_cases, return_case
from awards.views.sittings import render_sitting
from campaigns.models import ClusterYear
from campaigns.selectors.clusters import find_acting_head, list_years
from exemplars.models import Evidence
from exemplars.rules import read_findings
from exemplars.selectors.nominations import find_latest_assessment, list_evidence
from exemplars.views.reading import send_evidence
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.services.audit import record_act
from units.views.acts import answer_form, posted

PAGE_SIZE = 50


def _render_list(request: UnitRequest, year: ClusterYear, status: int = 200, **extra: Any) -> HttpResponse:
    lead, unit = find_acting_head(year), request.actor.unit
    found = list_received(year, unit)
    state = request.GET.get("state", "")
    state = state if state in FilingState.values else ""
    shown = found.filter(state=state) if state else found.exclude(state=FilingState.WITHDRAWN)
    senders = list_senders(year, unit)
    context = {
        "year": year,
        "lead": lead,
        "leads": lead is not None and lead.pk == unit.pk,
        "page": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": FilingState.choices,
        "state": state,
        "waiting": sum(one.waiting for one in senders),
        "senders": senders,
        "missing": [one for one in senders if not one.has_sent],
    }
    return render(request, "awards/conferences/received_list.html", context | extra, status=status)


@require_GET
@unit_view("awards.view_received_case")
def received_case_list(request: UnitRequest, pk: int) -> HttpResponse:
    """What members sent to the conference of a year, and who has sent nothing."""
    return _render_list(request, get_object_or_404(list_years(), pk=pk))


@require_POST
@unit_view("awards.receive_cases")
def cases_receive(request: UnitRequest, pk: int) -> HttpResponse:
    """Receive what was ticked, one or many."""
    year = get_object_or_404(list_years(), pk=pk)
    chosen = []
    for typed in request.POST.getlist("case"):
        try:
            chosen.append(UUID(typed))
        except ValueError:
            continue  # no key of ours
    try:
        received = receive_cases(year, chosen, actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render_list(request, year, 422, refusal=refusal)
    messages.success(request, f"Đã tiếp nhận {len(received)} trường hợp; đơn vị gửi thấy ngay.")
    return redirect("awards:received-case-list", pk=year.pk)


def _case(request: UnitRequest, pk: UUID) -> ReceivedCase:
    """What was withdrawn is told in lists and opens no more."""
    cases = list_received_cases(request.actor.unit).exclude(state=FilingState.WITHDRAWN)
    return get_object_or_404(cases, pk=pk)


@require_GET
@unit_view("awards.view_received_case")
def received_case_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The frozen copy as the conference will read it. Opening it leaves a line in the trail."""
    case = _case(request, pk)
    record_act("open-case", case, actor=request.actor)
    lead = find_acting_head(case.year)
    assessment = find_latest_assessment(case.nomination)
    context = {
        "case": case,
        "nomination": case.nomination,
        "leads": lead is not None and lead.pk == request.actor.unit.pk,
        "lead": lead,
        "assessment": assessment,
        "findings": read_findings(assessment.findings) if assessment else (),
        "honours": read_honours(case.nomination),
        "evidence": list(list_evidence(case.nomination)),
        "agenda": case.nomination.agenda_items.select_related("sitting").order_by("-sitting__held_on").first(),
        "is_chosen": is_chosen(case),
        "is_asked": case.is_outdated and find_asking(case.nomination) is not None,
    }
    return render(request, "awards/conferences/received_detail.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.return_case")
def case_return(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give a case back to its sender with a reason."""
    case = _case(request, pk)
    form = ReturnCaseForm(posted(request))
    back = case.get_absolute_url()
    return answer_form(
        request,
        form,
        lambda: return_case(case, reason=form.cleaned_data["reason"], actor=request.actor, at=now()),
        heading=f"Trả lại {case.nomination.nominee_name}",
        submit="Trả lại đơn vị gửi",
        back=back,
        done=f"Đã trả lại {case.sender}, kèm lý do.",
        trail=(f"{case.sender}: {case.nomination.nominee_name}", back),
    )


@require_GET
@unit_view("awards.view_received_case")
def received_evidence(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """A paper that came with a case, as a download."""
    papers = Evidence.objects.filter(
        nomination__received__unit=request.actor.unit, unit=request.actor.unit, removed_at__isnull=True
    ).exclude(nomination__received__state=FilingState.WITHDRAWN)
    paper = get_object_or_404(papers.select_related("nomination__received__unit"), pk=pk)
    record_act("download-case-evidence", paper.nomination.received, actor=request.actor, evidence=str(paper.pk))
    return send_evidence(paper)


@require_POST
@unit_view("awards.announce_cases")
def cases_announce(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Tell the senders what the counts of a sitting said."""
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    try:
        told = announce_cases(sitting, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, f"Đã gửi kết quả của {len(told)} trường hợp về các đơn vị.")
    return redirect("awards:council-sitting-detail", pk=pk)
