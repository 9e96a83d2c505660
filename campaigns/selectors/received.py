"""Reads of filings that a unit received from units out of its sight."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import Campaign, ReceivedAs, ReceivedFiling, ReceivedPaper
from campaigns.selectors.filings import REGISTRATIONS
from campaigns.workflow import TRANSITIONS, FilingAction
from units.actors import Actor
from units.models import Unit

ANSWERING = {
    FilingAction.RECEIVE: "campaigns.receive_filing",
    FilingAction.RETURN: "campaigns.return_filing",
    FilingAction.APPROVE: "campaigns.approve_filing",
}


def list_filings() -> QuerySet[ReceivedFiling]:
    """Received filings in sight with everything a line or a page head shows, the newest first."""
    return ReceivedFiling.objects.select_related(
        "unit", "sender", "obligation__campaign", "obligation__owed_to"
    ).order_by("-sent_at", "pk")


def list_received(unit: Unit, *, campaign: str = "", state: str = "") -> QuerySet[ReceivedFiling]:
    """What `unit` itself received, narrowed by a campaign's code and a state."""
    found = list_filings().filter(unit=unit)
    if campaign:
        found = found.filter(obligation__campaign__code=campaign)
    return found.filter(state=state) if state else found


def list_received_campaigns(unit: Unit) -> QuerySet[Campaign]:
    return Campaign.objects.filter(pk__in=ReceivedFiling.objects.filter(unit=unit).values("obligation__campaign"))


def list_received_papers(filing: ReceivedFiling) -> QuerySet[ReceivedPaper]:
    return filing.papers.select_related("file")


def list_received_versions(filing: ReceivedFiling) -> QuerySet[ReceivedFiling]:
    """Every version of the same work that the same unit holds, the newest first."""
    return ReceivedFiling.objects.filter(unit=filing.unit_id, assignment=filing.assignment).order_by("-version")


def find_filings_of(assignments: Iterable[UUID], unit: Unit) -> dict[UUID, ReceivedFiling]:
    """The newest version that `unit` holds of each of these assignments, in one query."""
    found = ReceivedFiling.objects.filter(unit=unit, assignment__in=list(assignments)).order_by("version")
    return {one.assignment: one for one in found}


def list_answers(filing: ReceivedFiling, actor: Actor) -> list[FilingAction]:
    """What the actor may do with it now: only the addressee answers, and only registrations are approved."""
    if filing.unit_id != actor.unit.pk or filing.received_as != ReceivedAs.ADDRESSEE:
        return []
    if filing.obligation.owed_to_id != actor.unit.pk:
        return []
    is_registration = filing.obligation.filing_kind in REGISTRATIONS
    return [
        action
        for action, permission in ANSWERING.items()
        if filing.state in TRANSITIONS[action].sources
        and actor.may(permission)
        and (action is not FilingAction.APPROVE or is_registration)
    ]
