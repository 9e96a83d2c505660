"""The sheet of bonus money as paper."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from awards.views.bonus import open_sheet
from reports.documents import bonus_sheet
from reports.selectors.letterheads import letterhead
from reports.views.campaign_reports import send_paper
from units.frame import UnitRequest, unit_view
from units.pdf import render_archival_pdf
from units.selectors.organisation import Chronicle
from units.services.audit import record_act


@require_GET
@unit_view("reports.view_bonus_paper")
def bonus_paper(request: UnitRequest, pk: UUID) -> HttpResponse:
    sheet = open_sheet(request, pk)
    unit = sheet.decision.unit
    paper = bonus_sheet.lay_out(sheet, letterhead(unit, sheet.decision.signed_on, Chronicle([unit])))
    content = render_archival_pdf(paper.template, paper.context)
    record_act("download-bonus-paper", sheet.decision, actor=request.actor)
    return send_paper(content, "application/pdf", f"tien-thuong-{sheet.decision.pk}.pdf")
