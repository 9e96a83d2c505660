"""The secretariat decides whether a ballot is held on paper, and writes down closed envelopes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from awards.forms.hand_papers import EnvelopeForm, PaperReasonForm
from awards.models import BallotState, WrittenEnvelope
from awards.selectors.ballots import list_council_ballots
from awards.selectors.hand_papers import list_absent, list_envelopes
from awards.services.hand_papers import hold_on_paper, receive_envelope, withdraw_envelope
from awards.views.ballots import render_ballot
from units.clock import now
from units.folding import nfc
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("awards.hold_on_paper")
def ballot_on_paper(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Hold a ballot on paper, with the reason; or, asked with `undo`, on screens after all."""
    ballot = get_object_or_404(list_council_ballots(request.actor.unit), pk=pk)
    form = PaperReasonForm(request.POST)
    undoes = "undo" in request.POST
    if not undoes and not form.is_valid():
        return render_ballot(request, ballot, status=422, paper_form=form)
    try:
        hold_on_paper(ballot, reason="" if undoes else form.cleaned_data["reason"], actor=request.actor)
    except RefusedError as refusal:
        return render_ballot(request, ballot, status=422, refusal=refusal, paper_form=form)
    messages.success(request, "Lượt này bỏ phiếu trên máy." if undoes else "Lượt này bỏ phiếu bằng giấy.")
    return redirect("awards:council-ballot-detail", pk=pk)


@require_POST
@unit_view("awards.receive_envelope")
def envelope_receive(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write down that a closed envelope is here."""
    ballot = get_object_or_404(list_council_ballots(request.actor.unit), pk=pk)
    form = EnvelopeForm(request.POST, members=list_absent(ballot), envelopes=list_envelopes(ballot))
    # Asked in every state: whoever comes late is told so.
    if not form.is_valid() and ballot.state == BallotState.DRAFT:
        return render_ballot(request, ballot, status=422, envelope_form=form)
    if not form.is_valid():
        refusal = RefusedError("Lượt bỏ phiếu đã mở nên không nhận thêm bì kín.", remedy="Trả lại bì nguyên vẹn.")
        return render_ballot(request, ballot, status=422, refusal=refusal)
    member, day = form.chosen(), form.cleaned_data["received_on"]
    try:
        receive_envelope(ballot, member, received_on=day, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_ballot(request, ballot, status=422, refusal=refusal, envelope_form=form)
    messages.success(request, f"Đã ghi nhận bì kín của {member}. Giữ bì nguyên vẹn tới khi kiểm phiếu.")
    return redirect("awards:council-ballot-detail", pk=pk)


@require_POST
@unit_view("awards.withdraw_envelope")
def envelope_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give an envelope back unopened."""
    rows = WrittenEnvelope.objects.filter(ballot__sitting__council__unit=request.actor.unit)
    row = get_object_or_404(rows.select_related("ballot"), pk=pk)
    try:
        withdraw_envelope(row, reason=nfc(request.POST.get("reason", ""))[:200], actor=request.actor, at=now())
    except RefusedError as refusal:
        ballot = get_object_or_404(list_council_ballots(request.actor.unit), pk=row.ballot_id)
        return render_ballot(request, ballot, status=422, refusal=refusal)
    messages.success(request, "Đã ghi trả lại bì, chưa mở.")
    return redirect("awards:council-ballot-detail", pk=row.ballot_id)
