"""Reads of drafted decisions."""

from django.db.models import Exists, OuterRef, QuerySet

from awards.models import Ballot, Decision, DecisionDraft, DecisionLine
from awards.selectors.decisions import elected_ids, list_lines, list_waiting_ballots
from awards.workflow import DraftState
from exemplars.models import Nomination
from units.models import Unit


def list_drafts(unit: Unit) -> QuerySet[DecisionDraft]:
    """Drafts of the unit, the newest first; ballot with its count, council, decision and the one revoked loaded."""
    return DecisionDraft.objects.filter(unit=unit).select_related(
        "ballot__tally",
        "ballot__sitting__council",
        "revokes__unit",
        "unit",
        "decision",
        "drafted_by",
        "delegation__delegate__user",
    )


def list_living_drafts(unit: Unit) -> QuerySet[DecisionDraft]:
    """Those that somebody still has to do something about."""
    return list_drafts(unit).filter(state__in=(DraftState.DRAFTED, DraftState.NUMBERED))


def list_revocation_drafts(decision: Decision) -> QuerySet[DecisionDraft]:
    """Drafts in scope that would take `decision` or lines of it back, and that somebody still has to finish."""
    return DecisionDraft.objects.filter(revokes=decision, state__in=(DraftState.DRAFTED, DraftState.NUMBERED))


def list_taken(draft: DecisionDraft) -> list[DecisionLine]:
    """What a draft of a revocation takes back, in the order of the list that it stands in."""
    assert draft.revokes is not None  # noqa: S101  asked of revocations alone
    return list(list_lines(draft.revokes).filter(pk__in=draft.taken))


def list_undrafted_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Counts that wait for a decision and of which none is drafted."""
    living = DecisionDraft.objects.filter(ballot=OuterRef("pk")).exclude(state=DraftState.VOID)
    return list_waiting_ballots(unit).exclude(Exists(living))


def annexed_ids(draft: DecisionDraft) -> list[str]:
    """Nominations that the draft recognises, in the order that its drafter gave; one without a place comes last.

    A revocation recognises nobody.
    """
    if draft.ballot is None:
        return []
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
