"""Invitations: the secretary sends them, a member answers, the sitting is changed and told anew."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from awards.forms import SittingForm
from awards.frame import CouncilRequest, council_view
from awards.models import Answer, SittingInvitation
from awards.selectors.councils import list_council_sittings
from awards.services.invitations import answer_invitation, invite_members
from awards.services.leading import change_sitting
from awards.views.review import render_member_sitting
from awards.views.sittings import render_sitting
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("awards.invite_members")
def members_invite(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Send the invitation, or what changed in it."""
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    try:
        told = invite_members(sitting, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, f"Đã gửi giấy mời tới {told} thành viên; thư đi trong ít phút.")
    return redirect("awards:council-sitting-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.change_sitting")
def sitting_change(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Change what a sitting is about, its day, hour and place."""
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    council, known = sitting.council, ("title", "held_on", "starts_at", "place", "online_at")
    form = SittingForm(
        request.POST or None,
        initial={name: getattr(sitting, name) for name in known},
        council_from=council.valid_from,
        council_to=council.valid_to,
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            change_sitting(sitting, **form.cleaned_data, actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            words = " Thành viên chưa được báo: gửi lại giấy mời ở mục «Giấy mời»." if sitting.invited else ""
            messages.success(request, f"Đã lưu.{words}")
            return redirect("awards:council-sitting-detail", pk=pk)
    context = {"sitting": sitting, "form": form, "refusal": refusal}
    return render(request, "awards/council/sitting_change.html", context, status=422 if refusal or form.errors else 200)


@require_POST
@council_view("awards.answer_invitation")
def invitation_answer(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """A member says that they come, stay away, or send somebody."""
    seats = [seat.pk for seat in request.seats]
    mine = SittingInvitation.objects.filter(member__in=seats).select_related("sitting")
    invitation = get_object_or_404(mine, sitting=pk)
    chosen = request.POST.get("answer", "")
    answer = Answer(chosen) if chosen in Answer.values else Answer.COMING
    reason = request.POST.get(f"reason-{answer}", "")[:200]
    try:
        answer_invitation(invitation, answer, reason, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_member_sitting(request, pk, status=422, refusal=refusal, typed={answer.value: reason})
    messages.success(request, f"Đã trả lời: {answer.label.lower()}. Đồng chí trả lời lại được đến ngày họp.")
    return redirect("awards:sitting-detail", pk=pk)
