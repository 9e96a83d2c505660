"""The consolidated report of a campaign: on the page, as a workbook, on paper, and the rows behind each number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from campaigns.models import Campaign, Phase
from reports.documents import campaign_report as paper
from reports.figures import Branch, CampaignSummary, Measure, cells
from reports.selectors.campaign_figures import (
    ALL,
    Slice,
    find_branch_units,
    list_campaigns,
    list_rows,
    name_units,
    report_day,
    slice_campaign,
    summarise,
)
from reports.workbook import make_workbook
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.pdf import render_archival_pdf
from units.selectors.organisation import name_on

ROWS_SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_list(request: UnitRequest) -> HttpResponse:
    return render(request, "reports/campaign_report_list.html", {"campaigns": list_campaigns()})


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report(request: UnitRequest, code: str) -> HttpResponse:
    """By province for those who see several, by unit for one province: `unit` names it."""
    part = _slice(request, code)
    summary = _summary(request, part)
    branch = _chosen(summary, request.GET.get("unit", ""))
    lines = [one.line for one in summary.branches] if branch is None else list(branch.children)
    context = {
        "summary": summary,
        "branch": branch,
        "lines": lines,
        "total": cells(summary.total if branch is None else branch.line.figures),
        "total_unit": branch.line.code if branch else "",
        "measures": list(Measure),
        "phases": part.phases,
        "all_phases": ALL,
    }
    return render(request, "reports/campaign_report.html", context)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a number counts: of which slice, which measure and, unless for all, which unit.

    `day` is the one whose names the report shows.
    """

    part: Slice
    measure: Measure
    unit: Unit | None
    is_own: bool
    rows: QuerySet[Any]
    day: date


def find_rows(request: UnitRequest, code: str) -> Rows:
    """The rows that the address asks for; a unit or measure that is not there answers 404, as a stranger's does."""
    part = _slice(request, code)
    measure = _measure(request.GET.get("measure", ""))
    unit = _unit(request)
    is_own = bool(unit) and request.GET.get("own") == "1"
    units = None
    at = now()
    day = report_day(part, localdate(at))
    if unit:
        units = {unit.pk} if is_own else find_branch_units(part, unit, viewer=request.actor.unit, as_of=at)
    return Rows(part, measure, unit, is_own, list_rows(part, measure, day=day, units=units), day)


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_rows(request: UnitRequest, code: str) -> HttpResponse:
    """The rows that a number counts."""
    found = find_rows(request, code)
    phase = found.part.phase
    page = Paginator(found.rows, ROWS_SHOWN).get_page(request.GET.get("page"))
    page.object_list = name_units(page.object_list, found.day)
    context: dict[str, Any] = {
        "campaign": found.part.campaign,
        "phase": phase,
        "phase_code": phase.code if phase else ALL,
        "measure": found.measure,
        "unit": name_on(found.unit, found.day) if found.unit else None,
        "is_own": found.is_own,
        "page": page,
        "are_assignments": found.measure in (Measure.OWED, Measure.UNSENT),
    }
    return render(request, "reports/campaign_report_rows.html", context)


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_workbook(request: UnitRequest, code: str) -> HttpResponse:
    part = _slice(request, code)
    rows = name_units(list_rows(part, Measure.NOMINATED), report_day(part, localdate(now())))
    return send_paper(make_workbook(_summary(request, part), rows), XLSX, f"bao-cao-tong-hop-{code}.xlsx")


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_paper(request: UnitRequest, code: str) -> HttpResponse:
    sheet = paper.lay_out(_summary(request, _slice(request, code)))
    content = render_archival_pdf(sheet.template, sheet.context)
    return send_paper(content, "application/pdf", f"bao-cao-tong-hop-{code}.pdf")


def _slice(request: UnitRequest, code: str) -> Slice:
    campaign = get_object_or_404(Campaign, code=code)
    try:
        return slice_campaign(campaign, phase=request.GET.get("phase", ""), day=today())
    except Phase.DoesNotExist as error:
        raise Http404 from error


def _summary(request: UnitRequest, part: Slice) -> CampaignSummary:
    return summarise(part, viewer=request.actor.unit, as_of=now())


def _chosen(summary: CampaignSummary, code: str) -> Branch | None:
    """The province asked for; the only one when there is but one; none means all."""
    if code:
        branch = summary.branch(code)
        if branch is None:
            raise Http404
        return branch
    return summary.branches[0] if len(summary.branches) == 1 else None


def _measure(value: str) -> Measure:
    try:
        return Measure(value)
    except ValueError as error:
        raise Http404 from error


def _unit(request: UnitRequest) -> Unit | None:
    code = request.GET.get("unit", "")
    if not code:
        return None
    # Only a code can name a unit: the database would not even compare some other texts.
    if not slug_re.match(code):
        raise Http404
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), code=code)


def send_paper(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file made just now, as a download that never runs."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
