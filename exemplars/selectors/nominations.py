"""Reads of nominations."""

from datetime import date
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.selectors.work import find_nomination_assignment
from exemplars.models import Assessment, Evidence, Nomination, Remark, RulebookEdition
from exemplars.workflow import AWAITED, INSIDE_THE_UNIT, NominationState, Place
from units.actors import Actor
from units.folding import fold
from units.models import AuditEntry, Unit
from units.selectors.organisation import list_above_on

# Drafts belong to the unit that writes them; others see a nomination once it was put to them.
UNSEEN_ABOVE = (NominationState.DRAFT, NominationState.WITHDRAWN)


def list_nominations() -> QuerySet[Nomination]:
    """Nominations in sight with everything a line or a page head shows."""
    return Nomination.objects.select_related(
        "unit", "person", "collective", "campaign__issuer", "recognition", "created_by"
    )


def list_nominations_for(unit_path: str) -> QuerySet[Nomination]:
    """What people of the unit at `unit_path` may open: all of their own, and from below what was handed on."""
    return list_nominations().exclude(~Q(unit_path=unit_path), state__in=UNSEEN_ABOVE)


def list_unseen(unit_path: str) -> QuerySet[Nomination]:
    """Nominations in sight of the scope that people of the unit at `unit_path` may nevertheless not open."""
    return Nomination.objects.filter(~Q(unit_path=unit_path), state__in=UNSEEN_ABOVE).order_by()


def find_place(nomination: Nomination, place: Place) -> Unit | None:
    """The unit whose people act there, or None where the action itself looks. One query for an addressee."""
    if place is Place.OWN:
        return nomination.unit
    if place is Place.DECIDER:
        return None
    assignment = find_nomination_assignment(
        nomination.campaign_id, nomination.unit, nomination.recognition.code, nomination.year
    )
    return assignment.obligation.owed_to if assignment else nomination.campaign.issuer


def search_nominations(queryset: QuerySet[Nomination], words: str, state: str) -> QuerySet[Nomination]:
    """Narrow a list by folded words of the nominee's or the unit's name and by state."""
    for word in fold(words).split():
        queryset = queryset.filter(Q(folded_nominee__contains=word) | Q(unit__folded_name__contains=word))
    return queryset.filter(state=state) if state else queryset


def find_awaited_state(actor: Actor) -> NominationState | None:
    """The state in which nominations lie on the desk of this role, or None when they never do."""
    return next((state for state, (permission, _) in AWAITED.items() if actor.may(permission)), None)


def _waits_for(actor: Actor, state: NominationState) -> Q:
    if state in INSIDE_THE_UNIT:
        return Q(state=state, unit=actor.unit)
    # The heir of a unit that ended looks after its campaigns, which keep the name of who issued them.
    return Q(state=state, campaign__issuer__in=list_kept_issuers(actor.unit))


def list_waiting_for(actor: Actor) -> QuerySet[Nomination]:
    """Nominations that stand still until the actor does something."""
    state = find_awaited_state(actor)
    return list_nominations().filter(_waits_for(actor, state)) if state else Nomination.objects.none()


def with_waiting_first(queryset: QuerySet[Nomination], actor: Actor) -> QuerySet[Nomination]:
    """Add `waits` (1 or 0) and put what waits for the actor on top; the order of the rest is kept.

    For a role that nothing waits for the order stays the index's own, whatever the size of the list.
    """
    state = find_awaited_state(actor)
    if state is None:
        return queryset
    waits = Case(When(_waits_for(actor, state), then=Value(1)), default=Value(0), output_field=IntegerField())
    return queryset.annotate(waits=waits).order_by("-waits", "-saved_at", "id")


def with_verdict(queryset: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Add `verdict`: what the latest stored assessment says, or None before the first."""
    latest = Assessment.objects.filter(nomination=OuterRef("pk")).order_by("-assessed_at", "-pk")
    return queryset.annotate(verdict=Subquery(latest.values("verdict")[:1]))


def count_by_state(queryset: QuerySet[Nomination]) -> dict[str, int]:
    return dict(queryset.order_by().values_list("state").annotate(number=Count("pk")))


def list_evidence(nomination: Nomination) -> QuerySet[Evidence]:
    return nomination.evidence.filter(removed_at__isnull=True)


def list_open_remarks(nomination: Nomination) -> list[Remark]:
    """What the last return asked to mend."""
    last_round = Remark.objects.filter(nomination=nomination).aggregate(last=Max("round"))["last"]
    return list(Remark.objects.filter(nomination=nomination, round=last_round or 0))


def find_latest_assessment(nomination: Nomination) -> Assessment | None:
    """The newest stored assessment, edition loaded, without what it read: a council may not see that column."""
    return nomination.assessments.select_related("edition").defer("question").first()


def find_edition(issuer: Unit, recognition: str, year: int) -> RulebookEdition | None:
    """The edition of the nearest unit at or above `issuer` whose interval holds the year's last day.

    Chosen by the year of the achievement, never by today; the units above are those of that day, so that criteria
    which a unit published before it ended still judge the years for which it did.
    """
    day = date(year, 12, 31)
    above = list_above_on(issuer, day)
    editions = RulebookEdition.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        valid_from__lte=day,
        recognitions__contains=[recognition],
        issuer__in=above,
    ).order_by("-valid_from")
    return min(editions, key=lambda edition: above.index(edition.issuer_id), default=None)


def list_recognitions(issuer: Unit) -> set[str]:
    """Codes for which a unit at or above `issuer` has published criteria: above it today, or on its last day."""
    above = list_above_on(issuer, issuer.valid_to or date.max)
    editions = RulebookEdition.objects.filter(issuer__in=above).values_list("recognitions", flat=True)
    return {code for codes in editions for code in codes}


def list_trail(subject: UUID) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject_id=subject).order_by("-id")
