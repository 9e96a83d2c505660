"""A council member reads the cases of a sitting."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from awards.forms.readings import NoteForm
from awards.frame import CouncilRequest, council_view
from awards.models import AgendaItem, OwnReading, SittingInvitation, SittingState
from awards.selectors.councils import list_agenda, list_ballots, list_review_items, list_sittings
from awards.selectors.crossing import read_honours
from awards.selectors.invitations import list_unanswered
from awards.selectors.minutes import list_awaited_signatures, list_sent_minutes
from awards.selectors.readings import count_read, days_kept, list_readings, open_note
from awards.services.readings import mark_read
from awards.terms import ids_of, terms_of
from exemplars.rules import read_findings
from exemplars.selectors.nominations import find_latest_assessment, list_cases, list_evidence
from units.clock import today
from units.page_pictures import can_show
from units.services.audit import record_act

SHOWN = 100


@require_GET
@council_view("awards.review_item")
def sitting_list(request: CouncilRequest) -> HttpResponse:
    """Sittings of the councils in which the member sits, with how far they themselves have read."""
    sittings = list(list_sittings()[:SHOWN])
    context = {
        "sittings": sittings,
        "seats": request.seats,
        "day": today(),
        "read": count_read(request.actor.account, sittings),
        "unanswered": set(
            list_unanswered(request.actor.unit, request.actor.account, today()).values_list("sitting", flat=True)
        ),
        "unsigned": set(
            list_awaited_signatures(request.actor.unit, request.actor.account).values_list(
                "minutes__sitting", flat=True
            )
        ),
    }
    return render(request, "awards/sitting_list.html", context)


@require_GET
@council_view("awards.review_item")
def sitting_detail(request: CouncilRequest, pk: UUID) -> HttpResponse:
    return render_member_sitting(request, pk)


def render_member_sitting(request: CouncilRequest, pk: UUID, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Cases and ballots of one sitting, the member's invitation, and whether their own paper was received."""
    sitting = get_object_or_404(list_sittings(), pk=pk)
    seats = {seat.pk for seat in request.seats}
    own = {str(one) for one in seats}
    items = list(list_review_items(sitting))
    readings = list_readings(request.actor.account, sitting)
    context = {
        "sitting": sitting,
        "items": items,
        "read": _read_of(items, readings),
        "noted": {key for key, one in readings.items() if one.note},
        "next_unread": _next_unread(items, readings),
        "ballots": [
            {
                "ballot": ballot,
                "is_elector": not seats.isdisjoint(ballot.electorate),
                "has_voted": not seats.isdisjoint(ballot.marks),
                "is_absentee": not seats.isdisjoint(ballot.absentees),
                "has_envelope": not own.isdisjoint(ids_of(terms_of(ballot).get("envelopes", []))),
                "enters": not own.isdisjoint(ids_of(terms_of(ballot).get("tellers", []))),
            }
            for ballot in list_ballots(sitting)
            if ballot.state != "draft"
        ],
        "is_planned": sitting.state == SittingState.PLANNED,
        "minutes_list": list(list_sent_minutes().filter(sitting=sitting)),
        "minutes_to_sign": set(
            list_awaited_signatures(sitting.unit, request.actor.account).values_list("minutes", flat=True)
        ),
        "can_compare": sitting.state == SittingState.PLANNED and len(items) > 1,
        "conflicts": [one for one in request.conflicts if one.item.sitting_id == sitting.pk],
        "invitation": SittingInvitation.objects.filter(sitting=sitting, member__in=seats).first(),
        "is_hidden": sitting.under_discussion_id in _hidden(request),
        "day": today(),
    }
    return render(request, "awards/sitting_detail.html", context | extra, status=status)


def _read_of(items: Sequence[AgendaItem], readings: dict[UUID, OwnReading]) -> set[UUID]:
    """Nominations on the agenda that the member has read."""
    return {one.nomination_id for one in items if one.nomination_id in readings and readings[one.nomination_id].is_read}


def _next_unread(
    items: Sequence[AgendaItem], readings: dict[UUID, OwnReading], place: int | None = None
) -> AgendaItem | None:
    """The next case that the member has not read, after the one at `place` and then from the first on."""
    read = _read_of(items, readings)
    after = items if place is None else [*items[place + 1 :], *items[:place]]
    return next((one for one in after if one.nomination_id not in read), None)


def get_case(pk: UUID) -> AgendaItem:
    """A case still before a council, nomination loaded; once the sitting is over its dossier is closed to members.

    A case in which the member takes no part is not found, like one of another council.
    """
    cases = AgendaItem.objects.filter(sitting__state=SittingState.PLANNED).select_related("sitting__council", "unit")
    item = get_object_or_404(cases, pk=pk)
    item.nomination = get_object_or_404(list_cases(), pk=item.nomination_id)
    return item


@require_GET
@council_view("awards.review_item")
def item_review(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """One case: the dossier beside the criteria, with the way to the case before and after.

    Opening leaves a line in the trail, and the member's own mark of having read.
    """
    item = get_case(pk)
    follow = bool(request.GET.get("follow"))
    current = item.sitting.under_discussion_id
    if follow and current not in (None, item.pk) and current not in _hidden(request):
        # The secretary went on while this screen was not looking, as when a note was being written.
        return redirect(f"{reverse('awards:item-review', args=[current])}?follow=1")
    record_act("open", item.nomination, actor=request.actor)
    return render_item(request, item, follow=follow)


def _hidden(request: CouncilRequest) -> set[UUID]:
    """Cases in which the member takes no part."""
    return {one.item.pk for one in request.conflicts}


def render_item(
    request: CouncilRequest, item: AgendaItem, *, follow: bool, status: int = 200, form: NoteForm | None = None
) -> HttpResponse:
    nomination = item.nomination
    items = list(list_agenda(item.sitting))
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    assessment = find_latest_assessment(nomination)
    readings = list_readings(request.actor.account, item.sitting)
    own = readings.get(nomination.pk)
    if own is None or not own.is_read:
        mark_read(item, actor=request.actor)
    evidence = list(list_evidence(nomination))
    context = {
        "item": item,
        "sitting": item.sitting,
        "nomination": nomination,
        "items": items,
        "place": place + 1,
        "previous": items[place - 1] if place else None,
        "next": items[place + 1] if place + 1 < len(items) else None,
        "next_unread": _next_unread(items, readings, place),
        "read": _read_of(items, readings) | {nomination.pk},
        "assessment": assessment,
        "findings": read_findings(assessment.findings) if assessment else (),
        "honours": read_honours(nomination),
        "evidence": [(one, can_show(one.media_type)) for one in evidence],
        "note_form": form or NoteForm(initial={"note": open_note(request.actor.account, own)}),
        "days_kept": days_kept(),
        "follow": follow,
        "is_here": item.sitting.under_discussion_id == item.pk,
        "is_hidden": item.sitting.under_discussion_id in _hidden(request),
        "lead_order": next((one.order for one in items if one.pk == item.sitting.under_discussion_id), None),
    }
    return render(request, "awards/item_review.html", context, status=status)
