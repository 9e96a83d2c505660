"""What waits for the actor behind the door of clusters."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from campaigns.models import ClusterPledge, ExpectedWork, InspectionNotice, OpinionRequest
from units.actors import Actor
from units.clock import today
from units.frame import Waiting

# More than this many of one kind are not counted on each page.
MOST = 50


def find_cluster_waiting(actor: Actor) -> Waiting | None:
    """What this unit itself has to do: drafts to answer, inspections to open to, pledges to sign, requests for time.

    The link leads to the first of them.
    """
    waiting = [(address, key) for address, keys in _list_waiting(actor) for key in keys]
    if not waiting:
        return None
    address, key = waiting[0]
    link = reverse(address, args=[key]) if key else reverse(address)
    return Waiting(len(waiting), "việc trong khu vực, cụm, khối chờ thực hiện", link)


def _list_waiting(actor: Actor) -> Iterator[tuple[str, list[Any]]]:
    day, unit = today(), actor.unit
    if actor.may("campaigns.answer_opinion"):
        drafts = OpinionRequest.objects.filter(unit=unit, answered_at__isnull=True, last_day__gte=day)
        yield "campaigns:opinion-request-detail", list(drafts.values_list("pk", flat=True)[:MOST])
    if actor.may("campaigns.open_to_inspection"):
        notices = InspectionNotice.objects.filter(
            unit=unit, opened_at__isnull=True, ended_on__isnull=True, ends_on__gte=day
        )
        yield "campaigns:inspection-notice-detail", list(notices.values_list("pk", flat=True)[:MOST])
    if actor.may("campaigns.sign_pledge"):
        pledges = ClusterPledge.objects.filter(unit=unit, year__year__gte=day.year).exclude(signatures__member=unit)
        yield "campaigns:pledge-detail", list(pledges.values_list("pk", flat=True)[:MOST])
    if actor.may("campaigns.answer_extension"):
        asked = ExpectedWork.objects.filter(unit=unit, request__isnull=False)
        yield "campaigns:expected-work-list", [None] * asked.count()
