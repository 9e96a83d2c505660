"""The conference of a cluster: created from the cluster's year, its seats following who heads the member units."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from awards.forms.councils import ConferenceForm
from awards.services.conferences import create_conference, follow_heads
from awards.views.councils import get_council, render_council
from campaigns.selectors.clusters import list_years
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_http_methods(["GET", "POST"])
@unit_view("awards.create_conference")
def conference_create(request: UnitRequest, pk: int) -> HttpResponse:
    """Write down which paper convenes the conference; its members come from the cluster's year by themselves."""
    year = get_object_or_404(list_years(), pk=pk)
    form = ConferenceForm(request.POST or None, initial={"valid_to": date(year.year, 12, 31)})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            council = create_conference(year, **form.cleaned_data, actor=request.actor, day=today(), at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã lập Hội nghị với người đứng đầu các đơn vị thành viên.")
            return redirect("awards:council-detail", pk=council.pk)
    context = {"form": form, "refusal": refusal, "title": f"Lập Hội nghị {year}", "button": "Lập Hội nghị"}
    return render(request, "awards/councils/decision.html", context, status=422 if refusal or form.errors else 200)


@require_POST
@unit_view("awards.follow_heads")
def heads_follow(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Look now at who heads the member units, and say which of them have no seat and why."""
    council = get_council(request, pk)
    try:
        followed = follow_heads(council, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_council(request, council, status=422, refusal=refusal)
    return render_council(request, council, followed=followed)
