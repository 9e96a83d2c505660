"""Reads of inspections on both sides, and whether a unit has a result."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import AnchorEvent, ClusterMember, ClusterYear, Inspection, InspectionNotice, InspectionPlan
from campaigns.selectors.reorganisation import list_kept_issuers
from units.models import Unit


def list_plans() -> QuerySet[InspectionPlan]:
    return InspectionPlan.objects.select_related("unit", "year__cluster", "anchor_event__campaign__issuer")


def list_plan_events(year: ClusterYear, unit: Unit) -> QuerySet[AnchorEvent]:
    """Events of the year's campaigns that `unit` keeps, that nobody recorded and no plan of inspection will record."""
    taken = InspectionPlan.objects.filter(anchor_event__isnull=False).values("anchor_event")
    return AnchorEvent.objects.filter(
        campaign__in=year.campaigns.all(), campaign__issuer__in=list_kept_issuers(unit), happened_on__isnull=True
    ).exclude(pk__in=taken)


def find_plan_of(event: AnchorEvent, unit: Unit) -> InspectionPlan | None:
    """The plan of inspection of `unit` that records the event, if one does."""
    return InspectionPlan.objects.filter(anchor_event=event, unit=unit).first()


def list_inspections() -> QuerySet[Inspection]:
    """The head's side, with everything a line or a page shows."""
    return Inspection.objects.select_related("unit", "inspected", "plan__year__cluster", "report", "minutes", "result")


def list_notices() -> QuerySet[InspectionNotice]:
    """The inspected unit's side, with everything a line or a page shows."""
    return InspectionNotice.objects.select_related("unit", "head", "year__cluster", "report", "minutes", "result")


def find_without_result(asked: Iterable[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Which of these units in these years belong to a cluster and were sent no result of an inspection.

    For many at once, in two queries; as `has_inspection_result` it needs a scope that holds the units.
    """
    wanted = set(asked)
    units, years = {unit for unit, _ in wanted}, {year for _, year in wanted}
    members = ClusterMember.objects.filter(member__in=units, year__year__in=years)
    expected = wanted & set(members.values_list("member_id", "year__year"))
    if not expected:
        return set()
    results = InspectionNotice.objects.filter(unit__in=units, year__year__in=years, result_at__isnull=False)
    return expected - set(results.values_list("unit_id", "year__year"))


def has_inspection_result(unit: Unit, year: int) -> bool | None:
    """Whether `unit` was sent the result of an inspection for `year`; None when no cluster asks for one.

    A unit that belongs to a region, cluster or block in that year is expected to have one, because the result is a
    basis of its nominations. Reads the unit's own rows, so it needs a scope that holds the unit: two queries.
    """
    if not ClusterMember.objects.filter(member=unit, year__year=year).exists():
        return None
    return InspectionNotice.objects.filter(unit=unit, year__year=year, result_at__isnull=False).exists()


def list_unopened_notices(unit: Unit, day: date) -> QuerySet[InspectionNotice]:
    """Inspections of `unit` itself, not over on `day`, whose team may not look yet."""
    return InspectionNotice.objects.filter(unit=unit, opened_at__isnull=True, ended_on__isnull=True, ends_on__gte=day)
