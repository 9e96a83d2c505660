"""Reads of decisions and of counts that wait for one."""

from datetime import date

from django.db.models import BooleanField, Count, Exists, Func, JSONField, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from awards.models import Ballot, BallotState, Decision, DecisionLine, TieRule
from awards.selectors.ballots import list_council_ballots
from awards.terms import terms_of, tie_of
from exemplars.models import Nomination
from exemplars.workflow import NominationState
from units.actors import Actor
from units.models import Delegation, DelegationForm, Unit
from units.rights_file import read_rights
from units.roles import Role
from units.selectors.organisation import stands_on
from units.selectors.rights import list_delegations, list_signing_delegations

UNPUBLISHED = "awards.view_unpublished_decision"


def list_decisions() -> QuerySet[Decision]:
    """Decisions in scope, newest first: council and the decision taken back loaded, lines and revoked ones counted."""
    counted = Decision.objects.select_related("ballot__sitting__council", "unit", "revokes").annotate(
        recognised=Count("lines", distinct=True),
        lost=Count("lines__revoked", distinct=True),
        taken=Count("revoked_lines", distinct=True),
    )
    # Counting drops the order that the table has by itself.
    return counted.order_by("-signed_on", "id")


def list_decisions_for(actor: Actor) -> QuerySet[Decision]:
    """Of those, what the actor may know: an unpublished one only in the unit that issued it, with that right."""
    published = Q(published_on__isnull=False)
    if actor.may(UNPUBLISHED):
        published |= Q(unit=actor.unit)
    return list_decisions().filter(published)


def list_revocations(decision: Decision, actor: Actor) -> QuerySet[Decision]:
    """Decisions that took lines of `decision` back and of which the actor may know, the first one first."""
    return list_decisions_for(actor).filter(revokes=decision).order_by("signed_on", "pk")


def list_revoked_lines(revocation: Decision) -> QuerySet[DecisionLine]:
    """What a revoking decision took back, in the order of the list it stood in."""
    return (
        DecisionLine.objects.filter(revoked__decision=revocation)
        .select_related("honour__title", "honour__revocation", "nomination", "revoked__decision")
        .order_by("order")
    )


def obstacle_of(line: DecisionLine) -> str:
    """Why a line of `list_lines` cannot be revoked, in words; empty when it can. Needs no query."""
    taken = getattr(line, "revoked", None)
    if taken:
        return f"đã thu hồi theo Quyết định số {taken.decision.number} ngày {taken.decision.signed_on:%d/%m/%Y}"
    if line.honour.stands:
        return ""
    other = getattr(line.honour, "revocation", None)
    if other:
        return f"đã tước, hủy ở sổ theo Quyết định số {other.decision_number} ngày {other.decided_on:%d/%m/%Y}"
    return "đã đính chính trong sổ khen thưởng; thu hồi dòng đính chính ở hồ sơ cán bộ, đơn vị"


def list_lines(decision: Decision) -> QuerySet[DecisionLine]:
    """The annexed list in order: honour with its title and fate, nomination, and what took the line back loaded."""
    return DecisionLine.objects.filter(decision=decision).select_related(
        "honour__title", "honour__revocation", "nomination", "revoked__decision"
    )


def find_keeper(issuer: Unit, day: date) -> Unit:
    """Who carries decisions of `issuer` further on `day`: itself, or the nearest unit that keeps its archive."""
    if stands_on(issuer, day):
        return issuer
    above = Unit.objects.filter(path__in=issuer.paths_above).exclude(pk=issuer.pk)
    standing = [one for one in above if stands_on(one, day)]
    return max(standing, key=lambda one: len(one.path), default=issuer)


def list_decision_delegations(unit: Unit, signed_on: date) -> QuerySet[Delegation]:
    """Delegations of the head of `unit` under which a decision of `signed_on` may be signed; accounts loaded."""
    return list_signing_delegations(unit, signed_on, _scopes_of_decisions())


def list_offered_delegations(unit: Unit, *, since: date, until: date) -> QuerySet[Delegation]:
    """Delegations of the head of `unit` that cover decisions on some day from `since` to `until`.

    One for work that signs nothing is none of them: it has no lines above a name.
    """
    covering = list_delegations().filter(
        unit=unit,
        delegator__role=Role.HEAD,
        scope__in=_scopes_of_decisions(),
        valid_from__lte=until,
        valid_to__gte=since,
    )
    return covering.exclude(form=DelegationForm.COVER)


def _scopes_of_decisions() -> list[str]:
    return [one.code for one in read_rights().scopes if "decision" in one.signs]


def list_concludable_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Counted ballots of `unit` with a quorum and no decision yet: what may still be concluded.

    A proposal is for a higher authority to decide.
    """
    return (
        list_council_ballots(unit)
        .select_related("tally")
        .filter(state=BallotState.COUNTED, is_proposal=False, tally__result__quorum_met=True, decision__isnull=True)
        .order_by("sitting__held_on", "pk")
    )


def list_waiting_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Those whose outcome is not yet carried out: a nomination on which the count has spoken waits for its decision."""
    left_at_that = Q(
        Func(
            OuterRef("terms"),
            template=f"jsonb_path_exists(%(expressions)s, '$.rule.tie ? (@ == \"{TieRule.NOBODY}\")')",
            output_field=BooleanField(),
        )
    )
    accepted = Nomination.objects.filter(
        _names("elected") | _names("not_elected") | (left_at_that & _names("tied")),
        state=NominationState.ACCEPTED,
        agenda_items__sitting=OuterRef("sitting"),
    )
    return list_concludable_ballots(unit).filter(Exists(accepted))


def _names(outcome: str) -> Q:
    """Whether the count of the outer row's ballot names this row with `outcome`, in whichever of its groups."""
    keys = Func(
        OuterRef("tally__result"),
        template=f"jsonb_path_query_array(%(expressions)s, '$.contests[*].{outcome}[*]')",
        output_field=JSONField(),
    )
    key = Cast("pk", TextField())
    return Q(Func(keys, key, function="jsonb_exists", output_field=BooleanField()))


def elected_ids(ballot: Ballot) -> list[str]:
    """Nominations that were elected, group by group, each in the order of the paper."""
    elected = {key for contest in ballot.tally.result["contests"] for key in contest["elected"]}
    return [one["id"] for one in terms_of(ballot)["candidates"] if one["id"] in elected]


def concluded_ids(ballot: Ballot) -> list[str]:
    """Nominations on which the count has spoken; tied ones wait for another round, unless the rule knows none."""
    contests = ballot.tally.result["contests"]
    stops = tie_of(terms_of(ballot)) == TieRule.NOBODY
    declined = [key for one in contests for key in (*one["not_elected"], *(one["tied"] if stops else ()))]
    return [*elected_ids(ballot), *declined]


def elected_names(ballot: Ballot) -> list[str]:
    elected = elected_ids(ballot)
    return [one["name"] for one in ballot.terms["candidates"] if one["id"] in elected]
