"""Events from which times are counted."""

from datetime import date

from django.db.models import Count, QuerySet

from campaigns.models import AnchorEvent
from campaigns.selectors.reorganisation import list_kept_issuers
from units.models import Unit


def list_anchor_events() -> QuerySet[AnchorEvent]:
    """Every event, its campaign loaded and its obligations counted. Plans are public, and so are their events."""
    return AnchorEvent.objects.select_related("campaign__issuer", "recorded_by").annotate(
        waiting=Count("obligations", distinct=True)
    )


def list_own_anchor_events(unit: Unit) -> QuerySet[AnchorEvent]:
    """Events of campaigns that `unit` issued, or looks after since their issuer ended."""
    return list_anchor_events().filter(campaign__issuer__in=list_kept_issuers(unit))


def list_overdue_anchor_events(units: QuerySet[Unit], day: date) -> QuerySet[AnchorEvent]:
    """Events of running campaigns of `units` that should have happened before `day` and that nobody recorded."""
    return list_anchor_events().filter(
        campaign__issuer__in=units,
        campaign__closes_on__gte=day,
        happened_on__isnull=True,
        expected_on__lt=day,
        waiting__gt=0,
    )
