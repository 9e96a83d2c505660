"""The secretary leads through the cases, the members' screens follow; and the agenda is put in order."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from awards.frame import CouncilRequest, council_view
from awards.models import Sitting
from awards.selectors.councils import list_agenda, list_council_sittings
from awards.services.leading import discuss_case, fill_agenda, move_agenda_item
from awards.views.sittings import render_sitting
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError

UNCHANGED = 204
STEPS = {"up": -1, "down": 1}


def _get(request: UnitRequest, pk: UUID) -> Sitting:
    return get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)


@require_POST
@unit_view("awards.discuss_case")
def case_discuss(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Lead to the case whose key is sent, or to none."""
    sitting = _get(request, pk)
    chosen = request.POST.get("item", "")
    item = next((one for one in list_agenda(sitting) if str(one.pk) == chosen), None)
    try:
        discuss_case(sitting, item, actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    return redirect(f"{reverse('awards:council-sitting-detail', args=[pk])}#dang-xet")


@require_GET
@council_view("awards.review_item")
def case_lead(request: CouncilRequest, pk: UUID) -> HttpResponseBase:
    """What the secretary leads to now. A screen that shows it already is told so with an empty answer.

    One query of one row; whoever asked to follow (`follow`) is taken to the case.
    """
    found = Sitting.objects.filter(pk=pk).values_list("under_discussion", "under_discussion__order").first()
    if found is None:
        raise Http404
    current, order = found
    if request.GET.get("seen", "") == str(current or ""):
        return HttpResponse(status=UNCHANGED)
    # Who takes no part in a case stays where they are, and is told so.
    is_hidden = current in {one.item.pk for one in request.conflicts}
    if current and request.GET.get("follow") and not is_hidden:
        return HttpResponseClientRedirect(f"{reverse('awards:item-review', args=[current])}?follow=1")
    context = {"sitting_pk": pk, "current": current, "order": order, "is_hidden": is_hidden}
    context["follow"] = bool(request.GET.get("follow"))
    return render(request, "awards/lead.html", context)


@require_POST
@unit_view("awards.change_sitting")
def agenda_fill(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Put all accepted nominations on the agenda, or those of one campaign and recognition."""
    sitting = _get(request, pk)
    try:
        added = fill_agenda(
            sitting,
            campaign=_number(request.POST.get("campaign", "")),
            recognition=_number(request.POST.get("recognition", "")),
            actor=request.actor,
        )
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, f"Đã đưa {added} trường hợp vào chương trình.")
    return redirect("awards:council-sitting-detail", pk=pk)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004  keys are short


@require_POST
@unit_view("awards.change_sitting")
def agenda_item_move(request: UnitRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Move a case one place up or down."""
    sitting = _get(request, pk)
    case = get_object_or_404(list_agenda(sitting).select_related("sitting"), pk=item)
    try:
        move_agenda_item(case, STEPS.get(request.POST.get("step", ""), 0), actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    return redirect(f"{reverse('awards:council-sitting-detail', args=[pk])}#chuong-trinh")
