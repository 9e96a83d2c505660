"""The papers of a drafted decision, to be signed in ink."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from awards.selectors.drafts import list_annexed, list_living_drafts
from reports.documents import decision_draft
from reports.selectors.dossiers import letterhead, list_legal_basis, name_plan
from reports.views.campaign_reports import send_paper
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.pdf import render_pdf
from units.selectors.organisation import Chronicle
from units.selectors.signing import HEADS
from units.services.audit import record_act


@require_GET
@unit_view("reports.view_draft_paper")
def draft_paper(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(list_living_drafts(request.actor.unit), pk=pk)
    annexed = list_annexed(draft)
    head = letterhead(draft.unit, draft.dated or today(), Chronicle([draft.unit]))
    campaigns = {one.campaign_id: one.campaign for one in annexed}.values()
    paper = decision_draft.lay_out(
        draft,
        annexed,
        head=head,
        authority=f"{HEADS.get(draft.unit.kind, 'Thủ trưởng')} {head.office}",
        basis=tuple(dict.fromkeys(basis for one in campaigns for basis in list_legal_basis(one))),
        plan="; ".join(name_plan(one) for one in campaigns),
    )
    content = render_pdf(paper.template, paper.context)
    record_act("download-draft-paper", draft, actor=request.actor)
    return send_paper(content, "application/pdf", f"du-thao-{draft.pk}.pdf")
