"""A member of a cluster sends cases to its conference and reads what became of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.crossing import SendCaseForm
from awards.models import OPEN_FILINGS, STANDING_FILINGS, CaseFiling
from awards.selectors.crossing import (
    count_filings,
    is_chosen,
    list_filings,
    list_offered_codes,
    list_sendable,
    list_years_of,
)
from awards.services.crossing import send_case, withdraw_case
from campaigns.models import ClusterYear
from campaigns.selectors.clusters import find_acting_head, list_acting_heads, list_member_units, list_years
from exemplars.rules import read_findings
from exemplars.selectors.nominations import find_latest_assessment, list_evidence
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.models import AwardTitle
from units.refusals import RefusedError
from units.selectors.record import list_honours
from units.views.acts import posted

PAGE_SIZE = 25


@require_GET
@unit_view("awards.view_case_filing")
def conference_list(request: UnitRequest) -> HttpResponse:
    """Conferences to which the unit may send, with how many of its cases stand there."""
    years = list_years_of(request.actor.unit)
    counts = count_filings(years)
    heads = list_acting_heads(years)
    rows = [(year, heads.get(year.pk), counts.get(year.pk, {})) for year in years]
    return render(request, "awards/conferences/list.html", {"rows": rows})


def _year(pk: int) -> ClusterYear:
    return get_object_or_404(list_years(), pk=pk)


def _context(request: UnitRequest, year: ClusterYear) -> dict[str, Any]:
    unit = request.actor.unit
    lead = find_acting_head(year)
    return {
        "year": year,
        "lead": lead,
        "leads": lead is not None and lead.pk == unit.pk,
        "is_member": unit in list_member_units(year),
    }


@require_GET
@unit_view("awards.view_case_filing")
def case_filing_list(request: UnitRequest, pk: int) -> HttpResponse:
    """What was sent to one conference, and what may be sent."""
    year = _year(pk)
    context = _context(request, year)
    sendable = list_sendable(year, request.actor.unit) if context["is_member"] else ()
    context |= {
        "page": Paginator(list_filings().filter(year=year), PAGE_SIZE).get_page(request.GET.get("page")),
        "sendable": Paginator(sendable, PAGE_SIZE).get_page(request.GET.get("sendable")),
        "titles": list(AwardTitle.objects.filter(code__in=list_offered_codes(year)).order_by("name")),
    }
    return render(request, "awards/conferences/filing_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.send_case")
def case_send(request: UnitRequest, pk: UUID, year: int) -> HttpResponse:
    """Look at what will cross, tick the papers, send. What stands before the conference already opens as that."""
    conference = _year(year)
    nomination = list_sendable(conference, request.actor.unit).filter(pk=pk).first()
    if nomination is None:
        standing = list_filings().filter(year=conference, state__in=STANDING_FILINGS)
        return redirect(get_object_or_404(standing, nomination=pk))
    evidence = list(list_evidence(nomination))
    form = SendCaseForm(posted(request), evidence=evidence)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            filing = send_case(conference, nomination, papers=form.chosen(), actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã gửi {nomination.nominee_name} tới {filing.addressee}.")
            return redirect("awards:case-filing-list", pk=conference.pk)
    assessment = find_latest_assessment(nomination)
    context = _context(request, conference) | {
        "nomination": nomination,
        "form": form,
        "refusal": refusal,
        "evidence": evidence,
        "findings": read_findings(assessment.findings) if assessment else (),
        "honours": list(list_honours(person=nomination.person_id, collective=nomination.collective_id)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/conferences/case_send.html", context, status=status)


def _filing(pk: UUID) -> CaseFiling:
    return get_object_or_404(list_filings(), pk=pk)


def _render(request: UnitRequest, filing: CaseFiling, status: int = 200, **extra: Any) -> HttpResponse:
    lead = find_acting_head(filing.year)
    context = {
        "filing": filing,
        "nomination": filing.nomination,
        "papers": list(filing.nomination.evidence.filter(pk__in=filing.evidence)),
        "is_chosen": is_chosen(filing),
        "is_open": filing.state in OPEN_FILINGS,
        "new_lead": lead if lead is not None and lead.pk != filing.addressee_id else None,
    }
    return render(request, "awards/conferences/filing_detail.html", context | extra, status=status)


@require_GET
@unit_view("awards.view_case_filing")
def case_filing_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """One case that was sent: where it lies, why it was returned, what the conference said."""
    return _render(request, _filing(pk))


@require_POST
@unit_view("awards.withdraw_case")
def case_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    filing = _filing(pk)
    try:
        withdraw_case(filing, actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render(request, filing, 422, refusal=refusal)
    messages.success(request, "Đã rút khỏi Hội nghị. Có thể gửi lại từ danh sách.")
    return redirect(filing)
