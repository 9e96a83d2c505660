"""Reads of decisions and of counts that wait for one."""

from datetime import date

from django.db.models import BooleanField, Count, Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from awards.models import Ballot, BallotState, Decision, DecisionLine
from awards.selectors.ballots import list_council_ballots
from exemplars.models import Nomination
from exemplars.workflow import NominationState
from units.models import Delegation, Unit
from units.rights_file import read_rights
from units.roles import Role
from units.selectors.rights import list_delegations, list_signing_delegations


def list_decisions() -> QuerySet[Decision]:
    """Decisions in sight, newest first: council loaded, lines counted."""
    return Decision.objects.select_related("ballot__sitting__council", "unit").annotate(recognised=Count("lines"))


def list_lines(decision: Decision) -> QuerySet[DecisionLine]:
    """The annexed list in order: honour with its title, nomination loaded."""
    return DecisionLine.objects.filter(decision=decision).select_related("honour__title", "nomination")


def list_decision_delegations(unit: Unit, signed_on: date) -> QuerySet[Delegation]:
    """Delegations of the head of `unit` under which a decision of `signed_on` may be signed; accounts loaded."""
    return list_signing_delegations(unit, signed_on, _scopes_of_decisions())


def list_offered_delegations(unit: Unit, *, since: date, until: date) -> QuerySet[Delegation]:
    """Delegations of the head of `unit` that cover decisions on some day from `since` to `until`."""
    return list_delegations().filter(
        unit=unit,
        delegator__role=Role.HEAD,
        scope__in=_scopes_of_decisions(),
        valid_from__lte=until,
        valid_to__gte=since,
    )


def _scopes_of_decisions() -> list[str]:
    return [one.code for one in read_rights().scopes if "decision" in one.signs]


def list_concludable_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Counted ballots of `unit` with a quorum and no decision yet: what may still be concluded."""
    return (
        list_council_ballots(unit)
        .select_related("tally")
        .filter(state=BallotState.COUNTED, tally__result__quorum_met=True, decision__isnull=True)
        .order_by("sitting__held_on", "pk")
    )


def list_waiting_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Those whose outcome is not yet carried out: a nomination on which the count has spoken waits for its decision."""
    outcome = "tally__result__contests__0__"
    accepted = Nomination.objects.filter(
        _names(f"{outcome}elected") | _names(f"{outcome}not_elected"),
        state=NominationState.ACCEPTED,
        agenda_items__sitting=OuterRef("sitting"),
    )
    return list_concludable_ballots(unit).filter(Exists(accepted))


def _names(path: str) -> Q:
    """Whether a list of keys in the outer row's document holds this row's."""
    key = Cast("pk", TextField())
    return Q(Func(OuterRef(path), key, function="jsonb_exists", output_field=BooleanField()))


def elected_ids(ballot: Ballot) -> list[str]:
    """Nominations that reached the threshold, in the order of the agenda."""
    elected = ballot.tally.result["contests"][0]["elected"]
    return [str(key) for key in elected]


def concluded_ids(ballot: Ballot) -> list[str]:
    """Nominations on which the count has spoken; tied ones wait for another ballot."""
    contest = ballot.tally.result["contests"][0]
    return [*elected_ids(ballot), *(str(key) for key in contest["not_elected"])]


def elected_names(ballot: Ballot) -> list[str]:
    elected = elected_ids(ballot)
    return [one["name"] for one in ballot.terms["candidates"] if one["id"] in elected]
