"""Reads of campaigns on their way down: what a unit has received, and what became of a campaign below."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices

from campaigns.models import (
    Assignment,
    Campaign,
    CampaignDelivery,
    CampaignReceipt,
    FilingKind,
    Obligation,
    ObligationKind,
)
from units.folding import fold
from units.models import Unit


class ResponseState(TextChoices):
    WAITING = "waiting", "Chưa xác nhận"
    ACKNOWLEDGED = "acknowledged", "Đã xác nhận"
    ANSWERED = "answered", "Đã phát động hưởng ứng"


def list_received(unit: Unit) -> QuerySet[CampaignReceipt]:
    """Campaigns that `unit` itself has received, those to be acknowledged first, campaign and issuer loaded.

    `answer_code` is the code of the unit's own campaign that answers it, or None.
    """
    answers = Campaign.objects.filter(responds_to=OuterRef("campaign_id"), issuer=OuterRef("unit_id"))
    return (
        CampaignReceipt.objects.filter(unit=unit)
        .select_related("unit", "campaign__issuer")
        .annotate(answer_code=Subquery(answers.order_by("-opens_on", "pk").values("code")[:1]))
        .order_by(F("acknowledged_at").asc(nulls_first=True), "-sent_on", "pk")
    )


def narrow_received(rows: QuerySet[CampaignReceipt], *, words: str = "", state: str = "") -> QuerySet[CampaignReceipt]:
    if words:
        rows = rows.filter(campaign__folded_words__contains=fold(words))
    if state:
        rows = rows.filter(acknowledged_at__isnull=state == ResponseState.WAITING)
    return rows


def find_received(campaign: Campaign, unit: Unit) -> CampaignReceipt | None:
    return list_received(unit).filter(campaign=campaign).first()


def list_unacknowledged_in(units: Sequence[Unit], on: date) -> QuerySet[CampaignReceipt]:
    """What `units` have received of campaigns that still run on `on`, and not acknowledged."""
    return CampaignReceipt.objects.filter(
        unit__in=units, acknowledged_at__isnull=True, campaign__closes_on__gte=on
    ).select_related("campaign", "unit")


def list_own_plans(campaign: Campaign, unit: Unit) -> QuerySet[Assignment]:
    """What the campaign asks of `unit` as a plan of its own: there it files it."""
    asked = Q(obligation__kind=ObligationKind.PLAN, obligation__filing="") | Q(obligation__filing=FilingKind.PLAN)
    return Assignment.objects.filter(
        asked, unit=unit, obligation__campaign=campaign, merged_into__isnull=True
    ).select_related("obligation")


def list_responses(campaign: Campaign) -> QuerySet[CampaignDelivery]:
    """To whom the campaign went: `is_answered` and `answer_code` tell of a campaign of theirs, addressees loaded.

    Those who have not acknowledged come first.
    """
    answers = Campaign.objects.filter(responds_to=OuterRef("campaign_id"), issuer=OuterRef("addressee_id"))
    return (
        CampaignDelivery.objects.filter(campaign=campaign)
        .select_related("unit", "addressee")
        .annotate(
            is_answered=Exists(answers), answer_code=Subquery(answers.order_by("-opens_on", "pk").values("code")[:1])
        )
        .order_by(F("acknowledged_at").asc(nulls_first=True), "addressee__path", "pk")
    )


def narrow_responses(
    rows: QuerySet[CampaignDelivery], *, words: str = "", state: str = ""
) -> QuerySet[CampaignDelivery]:
    if words:
        rows = rows.filter(Q(addressee__folded_name__contains=fold(words)) | Q(addressee__code__iexact=words))
    if state == ResponseState.WAITING:
        return rows.filter(acknowledged_at__isnull=True)
    if state == ResponseState.ACKNOWLEDGED:
        return rows.filter(acknowledged_at__isnull=False)
    return rows.filter(Q(is_answered=True)) if state == ResponseState.ANSWERED else rows


def count_responses(rows: QuerySet[CampaignDelivery]) -> dict[str, int]:
    """How many have not acknowledged, have, and have answered: one query."""
    return rows.order_by().aggregate(
        waiting=Count("pk", filter=Q(acknowledged_at__isnull=True)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        answered=Count("pk", filter=Q(is_answered=True)),
    )


def list_answerable(unit: Unit) -> QuerySet[Campaign]:
    """Campaigns that one of `unit` may answer: of a unit above it, or received by it."""
    above = unit.paths_above[:-1]
    received = CampaignReceipt.objects.filter(unit=unit)
    return Campaign.objects.select_related("issuer").filter(
        Q(issuer__path__in=above) | Q(pk__in=received.values("campaign_id"))
    )


def has_unsent(campaign: Campaign) -> bool:
    """Whether somebody in sight owes something under the campaign and has not got it."""
    had = CampaignDelivery.objects.filter(campaign=campaign)
    owing = Assignment.objects.filter(
        obligation__in=Obligation.objects.filter(campaign=campaign),
        merged_into__isnull=True,
        unit__valid_to__isnull=True,
    )
    return owing.exclude(unit=campaign.issuer_id).exclude(unit__in=had.values("addressee_id")).exists()
