"""Reads of councils, sittings and agendas."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, Func, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from awards.council_rules import CompositionRule
from awards.models import (
    STANDING_FILINGS,
    AgendaItem,
    Attendance,
    Ballot,
    BallotState,
    CaseFiling,
    Council,
    CouncilMember,
    FilingState,
    Seat,
    Sitting,
    SittingState,
    Tally,
    TieRule,
)
from campaigns.models import Assignment, ClusterRole, ClusterYear, ObligationKind
from campaigns.selectors.clusters import find_acting_head
from exemplars.models import Assessment, Nomination
from exemplars.selectors.nominations import find_special_case
from exemplars.workflow import BEFORE_COUNCIL, CROSSED, NominationState
from units.models import Unit


def _in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def list_councils(unit: Unit, day: date) -> QuerySet[Council]:
    """Councils of `unit` itself that stand on `day`."""
    return Council.objects.filter(_in_force(day), unit=unit)


def list_members(council: Council, day: date) -> QuerySet[CouncilMember]:
    """Who holds a seat on `day`, in protocol order, accounts loaded.

    At a sitting of that day a substitute with a vote holds the seat of whom they stand in for; one without a vote
    holds none.
    """
    voting = CouncilMember.objects.filter(_in_force(day), for_sitting__held_on=day, has_vote=True)
    replaced = Exists(voting.filter(stands_in_for=OuterRef("pk")))
    held = (Q(for_sitting__isnull=True) & ~replaced) | Q(for_sitting__held_on=day, has_vote=True)
    return (
        CouncilMember.objects.filter(_in_force(day), held, council=council)
        .select_related("user", "stands_in_for__user")
        .order_by("order", "pk")
    )


def list_seats(council: Council) -> QuerySet[CouncilMember]:
    """Every seat of a council in protocol order, what stands first, substitutes left out; accounts loaded."""
    return (
        CouncilMember.objects.filter(council=council, for_sitting__isnull=True)
        .select_related("user", "member_unit")
        .order_by("order", "-valid_from", "pk")
    )


def list_substitutes(sitting: Sitting) -> QuerySet[CouncilMember]:
    """Who stands in for whom at a sitting; accounts loaded."""
    return (
        CouncilMember.objects.filter(for_sitting=sitting)
        .filter(valid_to__gte=sitting.held_on)
        .select_related("user", "stands_in_for__user")
        .order_by("order", "pk")
    )


def list_all_councils(unit: Unit) -> QuerySet[Council]:
    """Councils of `unit` itself, past ones too, the newest first."""
    return Council.objects.filter(unit=unit).select_related("unit", "cluster_year__cluster")


def list_years_led(unit: Unit, day: date) -> list[ClusterYear]:
    """Years of clusters, this one and the last, whose work `unit` leads today and that have no conference of it yet."""
    head = {"member": unit, "role": ClusterRole.HEAD}
    named = {f"members__{key}": value for key, value in head.items()}
    took_over = {f"handovers__to_year__members__{key}": value for key, value in head.items()}
    held = Council.objects.filter(unit=unit, cluster_year__isnull=False, valid_to__gte=day).values("cluster_year")
    found = (
        ClusterYear.objects.filter(Q(**named) | Q(**took_over), year__gte=day.year - 1)
        .exclude(pk__in=held)
        .select_related("cluster")
        .distinct()
    )
    return [year for year in found if find_acting_head(year) == unit]


def find_missing(council: Council, members: Sequence[CouncilMember], rule: CompositionRule | None) -> list[str]:
    """What the rule of composition asks for and the members do not give, in words. A conference has no such rule."""
    if rule is None or council.cluster_year_id:
        return []
    counted = (
        ("Chủ tịch", rule.chairs, sum(one.seat == Seat.CHAIR for one in members)),
        ("Phó Chủ tịch", rule.deputies, sum(one.seat == Seat.DEPUTY for one in members)),
        ("thư ký", rule.secretaries, sum(one.is_secretary for one in members)),
        ("người kiểm phiếu", rule.tellers, sum(one.is_teller for one in members)),
    )
    return [f"{label}: có {held}, cần ít nhất {least}" for label, least, held in counted if held < least]


def list_sittings() -> QuerySet[Sitting]:
    """Sittings in sight, newest first: council loaded, cases counted."""
    return Sitting.objects.select_related("council", "unit", "under_discussion").annotate(
        cases=Count("agenda", distinct=True)
    )


def list_council_sittings(unit: Unit) -> QuerySet[Sitting]:
    """Sittings of the councils of `unit` itself, as its secretariat sees them."""
    return list_sittings().filter(council__unit=unit)


def list_agenda(sitting: Sitting) -> QuerySet[AgendaItem]:
    """Cases in order: nomination, nominee, unit and recognition loaded."""
    return AgendaItem.objects.filter(sitting=sitting).select_related(
        "nomination__person",
        "nomination__collective",
        "nomination__unit",
        "nomination__origin",
        "nomination__recognition",
        "nomination__received",
    )


def list_review_items(sitting: Sitting) -> QuerySet[AgendaItem]:
    """The agenda with `verdict`, what the latest stored assessment of each case says or None, and `special_case`."""
    latest = Assessment.objects.filter(nomination=OuterRef("nomination")).order_by("-assessed_at", "-pk")
    return list_agenda(sitting).annotate(
        verdict=Subquery(latest.values("verdict")[:1]), special_case=find_special_case("nomination")
    )


def list_attendances(sitting: Sitting) -> QuerySet[Attendance]:
    return Attendance.objects.filter(sitting=sitting).select_related("member__user")


def list_ready_nominations(sitting: Sitting) -> QuerySet[Nomination]:
    """Accepted nominations that may come before `sitting`; nominee and unit loaded.

    They were sent to the council's own unit, or by members of the cluster to its conference and received there; what
    this unit sent to it comes as that copy alone. No sitting still to end has them before it, this one included, and no
    valid count has spoken of them: its result waits for a decision, not for another vote.
    """
    taken = AgendaItem.objects.filter(sitting__state=SittingState.PLANNED).values("nomination_id")
    sent_here = Assignment.objects.filter(
        unit=OuterRef("unit"),
        obligation__campaign=OuterRef("campaign"),
        obligation__kind=ObligationKind.NOMINATION,
        obligation__owed_to=sitting.unit_id,
        obligation__awards__contains=Func(OuterRef("recognition__code"), function="to_jsonb", output_field=JSONField()),
    )
    sent_as_copy = CaseFiling.objects.filter(
        nomination=OuterRef("pk"), state__in=STANDING_FILINGS, addressee=sitting.unit_id
    )
    of_unit = Q(Exists(sent_here), state=NominationState.ACCEPTED)
    return (
        Nomination.cases.filter(of_unit | _received_for(sitting.council))
        .exclude(Exists(sent_as_copy))
        .exclude(pk__in=taken)
        .exclude(agenda_items__sitting=sitting)
        .exclude(
            pk__in=_decided(
                Tally.objects.filter(ballot__sitting__agenda__nomination__state__in=BEFORE_COUNCIL).distinct()
            )
        )
        .select_related("person", "collective", "unit", "origin", "recognition")
        .order_by(Coalesce("origin__path", "unit__path"), "pk")
    )


def _received_for(council: Council) -> Q:
    """Cases that members of the cluster sent and the unit of its conference received; none for another council."""
    if council.cluster_year_id is None:
        return Q(pk__in=[])
    received = {"state": FilingState.RECEIVED, "year": council.cluster_year_id, "unit": council.unit_id}
    return Q(state=CROSSED, **{f"received__{name}": value for name, value in received.items()})


def list_unscheduled_nominations() -> QuerySet[Nomination]:
    """Accepted nominations that have not been on any agenda yet."""
    return Nomination.objects.filter(state=NominationState.ACCEPTED, agenda_items__isnull=True)


def _decided(tallies: QuerySet[Tally]) -> set[str]:
    """Nominations on which one of the counts has spoken.

    Without a quorum none has; a tie has not, unless its rule leaves it at that. A proposal never speaks: its list is
    for a higher authority, and the cases were decided by the ballot before it.
    """
    decided: set[str] = set()
    spoken = tallies.filter(ballot__state=BallotState.COUNTED, ballot__is_proposal=False)
    for result, tie in spoken.values_list("result", "ballot__terms__rule__tie"):
        for contest in result["contests"] if result["quorum_met"] else ():
            decided.update(contest["elected"], contest["not_elected"])
            if tie == TieRule.NOBODY:
                decided.update(contest["tied"])
    return decided


def _tied(sitting: Sitting) -> set[str]:
    """Nominations that a count of the sitting left tied, whether or not a later round has settled them."""
    results = Tally.objects.filter(
        ballot__sitting=sitting, ballot__state=BallotState.COUNTED, ballot__is_proposal=False
    ).values_list("result", flat=True)
    return {key for result in results if result["quorum_met"] for one in result["contests"] for key in one["tied"]}


def list_undecided(sitting: Sitting) -> list[AgendaItem]:
    """Cases of the agenda on which no valid count of this sitting has spoken yet; a tie has not spoken."""
    decided = _decided(Tally.objects.filter(ballot__sitting=sitting))
    return [item for item in list_agenda(sitting) if str(item.nomination_id) not in decided]


def list_unasked(sitting: Sitting) -> list[AgendaItem]:
    """Undecided cases that an ordinary ballot may ask about: the tied ones wait for a round of their own."""
    tied = _tied(sitting)
    return [item for item in list_undecided(sitting) if str(item.nomination_id) not in tied]


def list_ballots(sitting: Sitting) -> QuerySet[Ballot]:
    return Ballot.objects.filter(sitting=sitting).select_related("rule", "sitting__council")
