"""Reads of opinions on drafts and of pledges, on both sides."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from campaigns.models import ClusterPledge, OpinionAnswer, OpinionRequest, OpinionRound
from units.models import Unit


def list_rounds() -> QuerySet[OpinionRound]:
    """Drafts put to members, each with how many were asked and how many answered."""
    return (
        OpinionRound.objects.select_related("unit", "year__cluster", "draft")
        .annotate(asked=Count("answers"), answered=Count("answers", filter=Q(answers__answered_at__isnull=False)))
        .order_by("-sent_at", "pk")
    )


def list_answers(round_: OpinionRound) -> QuerySet[OpinionAnswer]:
    return round_.answers.select_related("member")


def list_requests() -> QuerySet[OpinionRequest]:
    return OpinionRequest.objects.select_related("unit", "head", "year__cluster", "draft")


def list_pledges() -> QuerySet[ClusterPledge]:
    """Pledges as units in sight hold them, each with how many signed."""
    found = ClusterPledge.objects.select_related("unit", "head", "year__cluster__keeper")
    return found.annotate(signed=Count("signatures")).order_by("-opened_at", "pk")


def list_unanswered_requests(unit: Unit, day: date) -> QuerySet[OpinionRequest]:
    """Drafts that `unit` itself may still answer on `day`."""
    return OpinionRequest.objects.filter(unit=unit, answered_at__isnull=True, last_day__gte=day)


def list_unsigned_pledges(unit: Unit, year: int) -> QuerySet[ClusterPledge]:
    """Pledges of `year` and later that `unit` itself was sent and has not signed."""
    return ClusterPledge.objects.filter(unit=unit, year__year__gte=year).exclude(signatures__member=unit)
