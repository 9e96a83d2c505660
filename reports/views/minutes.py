"""The paper of minutes: looked at before it is sent, and made once when it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from awards.models import MinutesState
from awards.selectors.minutes_facts import MinutesFacts, gather_minutes
from awards.services.minutes import send_minutes
from awards.views.minutes import file_name, get_minutes, render_minutes
from reports.documents import council_minutes
from reports.views.campaign_reports import send_paper
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.pdf import render_archival_pdf
from units.refusals import RefusedError
from units.selectors.organisation import Chronicle


def _place(facts: MinutesFacts) -> str:
    return Chronicle([facts.unit]).name(facts.unit, facts.held_on).place


def render_minutes_paper(facts: MinutesFacts) -> bytes:
    """The paper that is sent for signing: PDF/A, made once."""
    sheet = council_minutes.lay_out(facts, _place(facts))
    return render_archival_pdf(sheet.template, sheet.context)


@require_GET
@unit_view("reports.preview_minutes")
def minutes_preview(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A draft as paper, marked as one; what was sent is downloaded as it was kept."""
    minutes = get_minutes(request, pk)
    if minutes.state != MinutesState.DRAFT:
        return redirect("awards:council-minutes-detail", pk=pk)
    facts = gather_minutes(minutes)
    sheet = council_minutes.lay_out(facts, _place(facts), is_draft=True)
    content = render_archival_pdf(sheet.template, sheet.context)
    return send_paper(content, "application/pdf", f"du-thao-{file_name(minutes)}")


@require_POST
@unit_view("reports.send_minutes")
def minutes_send(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Make the paper and send it to its signers."""
    minutes = get_minutes(request, pk)
    try:
        send_minutes(minutes, render=render_minutes_paper, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_minutes(request, minutes, status=422, refusal=refusal)
    messages.success(request, "Đã gửi ký. Người ký thấy biên bản ở mục «Phiên họp» của mình.")
    return redirect("awards:council-minutes-detail", pk=pk)
