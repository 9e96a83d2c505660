"""Reads of drafted decisions."""

from django.db.models import Exists, OuterRef, QuerySet

from awards.models import Ballot, DecisionDraft
from awards.selectors.decisions import elected_ids, list_waiting_ballots
from awards.workflow import DraftState
from exemplars.models import Nomination
from units.models import Unit


def list_drafts(unit: Unit) -> QuerySet[DecisionDraft]:
    """Drafts of the unit, the newest first; ballot with its count, council and decision loaded."""
    return DecisionDraft.objects.filter(unit=unit).select_related(
        "ballot__tally", "ballot__sitting__council", "unit", "decision", "drafted_by", "delegation__delegate__user"
    )


def list_living_drafts(unit: Unit) -> QuerySet[DecisionDraft]:
    """Those that somebody still has to do something about."""
    return list_drafts(unit).filter(state__in=(DraftState.DRAFTED, DraftState.NUMBERED))


def list_undrafted_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Counts that wait for a decision and of which none is drafted."""
    living = DecisionDraft.objects.filter(ballot=OuterRef("pk")).exclude(state=DraftState.VOID)
    return list_waiting_ballots(unit).exclude(Exists(living))


def annexed_ids(draft: DecisionDraft) -> list[str]:
    """Nominations that the draft recognises, in the order that its drafter gave; one without a place comes last."""
    places = {key: place for place, key in enumerate(draft.order)}
    return sorted(elected_ids(draft.ballot), key=lambda key: places.get(key, len(places)))


def list_annexed(draft: DecisionDraft) -> list[Nomination]:
    """Whom the draft recognises, in the order of its annexed list."""
    keys = annexed_ids(draft)
    found = {
        str(one.pk): one
        for one in Nomination.objects.filter(pk__in=keys).select_related(
            "recognition", "unit", "collective", "person", "campaign"
        )
    }
    return [found[key] for key in keys if key in found]
