"""What waits for the actor behind the door of clusters."""

from django.urls import reverse

from campaigns.models import ExpectedWork, InspectionNotice, OpinionRequest
from units.actors import Actor
from units.clock import today
from units.frame import Waiting


def find_cluster_waiting(actor: Actor) -> Waiting | None:
    """Drafts to answer, inspections to open to, requests for time: what this unit itself has to do."""
    day, unit = today(), actor.unit
    number, address = 0, reverse("campaigns:cluster-list")
    if actor.may("campaigns.answer_opinion"):
        number += OpinionRequest.objects.filter(unit=unit, answered_at__isnull=True, last_day__gte=day).count()
    if actor.may("campaigns.open_to_inspection"):
        number += InspectionNotice.objects.filter(
            unit=unit, opened_at__isnull=True, ended_on__isnull=True, ends_on__gte=day
        ).count()
    if actor.may("campaigns.answer_extension"):
        asked = ExpectedWork.objects.filter(unit=unit, request__isnull=False).count()
        address = reverse("campaigns:expected-work-list") if asked and not number else address
        number += asked
    return Waiting(number, "việc trong khu vực, cụm, khối chờ thực hiện", address) if number else None
