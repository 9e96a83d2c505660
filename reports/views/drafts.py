"""The papers of a drafted decision, to be signed in ink."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from awards.models import Decision, DecisionDraft
from awards.selectors.drafts import list_annexed, list_living_drafts, list_taken
from reports.documents import decision_draft
from reports.documents.facts import Letterhead
from reports.documents.sheet import Sheet
from reports.selectors.letterheads import letterhead, list_legal_basis, name_plan
from reports.views.campaign_reports import send_paper
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.pdf import render_pdf
from units.selectors.organisation import Chronicle, name_on
from units.selectors.signing import HEADS
from units.services.audit import record_act


@require_GET
@unit_view("reports.view_draft_paper")
def draft_paper(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(list_living_drafts(request.actor.unit), pk=pk)
    paper = _lay_out_revocation(draft, draft.revokes) if draft.revokes else _lay_out(draft)
    content = render_pdf(paper.template, paper.context)
    record_act("download-draft-paper", draft, actor=request.actor)
    return send_paper(content, "application/pdf", f"du-thao-{draft.pk}.pdf")


def _lay_out(draft: DecisionDraft) -> Sheet:
    annexed = list_annexed(draft)
    campaigns = {one.campaign_id: one.campaign for one in annexed}.values()
    head = letterhead(draft.unit, draft.dated or today(), Chronicle([draft.unit]))
    return decision_draft.lay_out(
        draft,
        annexed,
        head=head,
        authority=_authority(draft, head),
        basis=tuple(dict.fromkeys(basis for one in campaigns for basis in list_legal_basis(one))),
        plan="; ".join(name_plan(one) for one in campaigns),
    )


def _lay_out_revocation(draft: DecisionDraft, revoked: Decision) -> Sheet:
    head = letterhead(draft.unit, draft.dated or today(), Chronicle([draft.unit]))
    issuer = name_on(revoked.unit, revoked.signed_on).name
    return decision_draft.lay_out_revocation(
        draft, list_taken(draft), head=head, authority=_authority(draft, head), issuer=issuer
    )


def _authority(draft: DecisionDraft, head: Letterhead) -> str:
    return f"{HEADS.get(draft.unit.kind, 'Thủ trưởng')} {head.office}"
