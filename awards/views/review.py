"""A council member reads the cases of a sitting."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from awards.frame import CouncilRequest, council_view
from awards.models import AgendaItem, SittingInvitation, SittingState
from awards.selectors.councils import list_agenda, list_ballots, list_review_items, list_sittings
from awards.selectors.invitations import list_unanswered
from awards.selectors.minutes import list_awaited_signatures, list_sent_minutes
from awards.terms import ids_of, terms_of
from exemplars.rules import read_findings
from exemplars.selectors.nominations import find_latest_assessment, list_evidence, list_nominations
from exemplars.views.reading import send_evidence
from units.clock import today
from units.selectors.record import list_honours
from units.services.audit import record_act

SHOWN = 100


@require_GET
@council_view("awards.review_item")
def sitting_list(request: CouncilRequest) -> HttpResponse:
    """Sittings of the councils in which the member sits."""
    context = {
        "sittings": list(list_sittings()[:SHOWN]),
        "seats": request.seats,
        "day": today(),
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
    context = {
        "sitting": sitting,
        "items": list(list_review_items(sitting)),
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
        "conflicts": [one for one in request.conflicts if one.item.sitting_id == sitting.pk],
        "invitation": SittingInvitation.objects.filter(sitting=sitting, member__in=seats).first(),
        "is_hidden": sitting.under_discussion_id in {one.item.pk for one in request.conflicts},
        "day": today(),
    }
    return render(request, "awards/sitting_detail.html", context | extra, status=status)


def _get_item(pk: UUID) -> AgendaItem:
    """A case still before a council; once the sitting is over its dossier is closed to members."""
    cases = AgendaItem.objects.filter(sitting__state=SittingState.PLANNED).select_related("sitting__council")
    return get_object_or_404(cases, pk=pk)


@require_GET
@council_view("awards.review_item")
def item_review(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """One case: the dossier beside the criteria, with the way to the case before and after. Opening leaves a line."""
    item = _get_item(pk)
    nomination = get_object_or_404(list_nominations(), pk=item.nomination_id)
    record_act("open", nomination, actor=request.actor)
    items = list(list_agenda(item.sitting))
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    assessment = find_latest_assessment(nomination)
    context = {
        "item": item,
        "sitting": item.sitting,
        "nomination": nomination,
        "items": items,
        "place": place + 1,
        "previous": items[place - 1] if place else None,
        "next": items[place + 1] if place + 1 < len(items) else None,
        "assessment": assessment,
        "findings": read_findings(assessment.findings) if assessment else (),
        "honours": list(list_honours(person=nomination.person_id, collective=nomination.collective_id)),
        "evidence": list(list_evidence(nomination)),
        "follow": bool(request.GET.get("follow")),
        "is_here": item.sitting.under_discussion_id == item.pk,
        "is_hidden": item.sitting.under_discussion_id in {one.item.pk for one in request.conflicts},
        "lead_order": next((one.order for one in items if one.pk == item.sitting.under_discussion_id), None),
    }
    return render(request, "awards/item_review.html", context)


@require_GET
@council_view("awards.review_item")
def item_evidence(request: CouncilRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
    """An attachment of a case before the council, as a download."""
    item = _get_item(pk)
    nomination = get_object_or_404(list_nominations(), pk=item.nomination_id)
    attachment = get_object_or_404(list_evidence(nomination), pk=evidence)
    record_act("download", nomination, actor=request.actor, evidence=str(attachment.pk))
    return send_evidence(attachment)
