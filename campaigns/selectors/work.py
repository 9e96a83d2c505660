"""Reads of campaigns and of what units owe."""

from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet

from campaigns.models import (
    Assignment,
    Campaign,
    ExtensionRequest,
    ExtensionState,
    Obligation,
    ObligationKind,
)
from units.folding import fold
from units.models import Unit


def list_campaigns() -> QuerySet[Campaign]:
    """Every campaign, newest first, issuers loaded. Plans are public papers."""
    return Campaign.objects.select_related("issuer", "responds_to__issuer")


def narrow_campaigns(rows: QuerySet[Campaign], *, words: str, kind: str, state: str, day: date) -> QuerySet[Campaign]:
    """Keep what the filter names; `state` is "running", "coming" or "over" on `day`."""
    if words:
        rows = rows.filter(folded_words__contains=fold(words))
    if kind:
        rows = rows.filter(kind=kind)
    if state == "running":
        return rows.filter(opens_on__lte=day, closes_on__gte=day)
    if state == "coming":
        return rows.filter(opens_on__gt=day)
    return rows.filter(closes_on__lt=day) if state == "over" else rows


def list_open_campaigns(unit: Unit, day: date) -> QuerySet[Campaign]:
    """Campaigns under way on `day` under which `unit` itself owes nominations."""
    owed = Assignment.objects.filter(unit=unit, obligation__kind=ObligationKind.NOMINATION)
    return list_campaigns().filter(opens_on__lte=day, closes_on__gte=day, pk__in=owed.values("obligation__campaign_id"))


def list_assignments() -> QuerySet[Assignment]:
    """Assignments in sight: obligation, campaign, addressee, unit and pending requests for time loaded.

    One that was merged into the same obligation of an heir is nobody's work any more.
    """
    return (
        Assignment.objects.filter(merged_into__isnull=True)
        .select_related("unit", "obligation__campaign__issuer", "obligation__owed_to", "obligation__anchor_event")
        .prefetch_related(Prefetch("extension_requests", ExtensionRequest.objects.all()))
    )


def list_open_assignments(unit: Unit) -> QuerySet[Assignment]:
    """What `unit` itself still owes, the nearest last day first and those without a day at the end.

    Of one day they stand as in their plan.
    """
    open_here = list_assignments().filter(unit=unit, done_at__isnull=True)
    return open_here.order_by(F("last_day").asc(nulls_last=True), "obligation_id", "pk")


def list_done_assignments(unit: Unit) -> QuerySet[Assignment]:
    return list_assignments().filter(unit=unit, done_at__isnull=False).order_by("-done_at", "obligation_id")


def find_nomination_assignment(campaign: int, unit: Unit, recognition: str, year: int) -> Assignment | None:
    """What lets `unit` nominate for `recognition` and `year` under a campaign, or None if it owes no such thing."""
    covers_year = Q(obligation__phase__isnull=True) | Q(
        obligation__phase__opens_on__year__lte=year, obligation__phase__closes_on__year__gte=year
    )
    return (
        list_assignments()
        .filter(
            covers_year,
            unit=unit,
            obligation__campaign_id=campaign,
            obligation__kind=ObligationKind.NOMINATION,
            obligation__awards__contains=[recognition],
        )
        .first()
    )


def list_pending_extensions(unit: Unit) -> QuerySet[ExtensionRequest]:
    """Requests for more time that `unit`, as the one owed or above it, has to answer, the oldest first."""
    owed = Obligation.objects.filter(owed_to__in=Unit.objects.below(unit.path))
    return (
        ExtensionRequest.objects.filter(state=ExtensionState.ASKED, assignment__obligation__in=owed)
        .select_related("unit", "assignment__obligation", "asked_by")
        .order_by("asked_at", "pk")
    )
