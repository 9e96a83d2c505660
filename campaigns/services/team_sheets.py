"""Score sheets with members of an inspection team who work elsewhere than the head: for the time of the inspection.

Each unit of such a member holds one copy of the sheet, from when both the plan and the sheet were sent until the
result is. What is scored there is written on the head's sheet and on every such copy at once.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from campaigns.models import (
    ClusterYear,
    InspectionTeamMember,
    PlanState,
    ScoreColumn,
    ScoreEntry,
    ScoreSheet,
    SheetSide,
    SheetState,
)
from campaigns.selectors.scores import find_following, list_sheets
from campaigns.services.crossing import both_sides
from units.models import Unit

if TYPE_CHECKING:
    from datetime import date

COLUMNS = (ScoreColumn.SELF, ScoreColumn.INSPECTION)


def list_team(year: ClusterYear, about: Unit) -> QuerySet[InspectionTeamMember]:
    """Who inspects `about` that year, by plans that were sent, until its result is."""
    return InspectionTeamMember.objects.filter(
        plan__year=year,
        plan__state=PlanState.ANNOUNCED,
        plan__inspections__inspected=about,
        plan__inspections__sent_at__isnull=True,
    )


def lay_team_sheets(year: ClusterYear, about: Unit, *, day: "date") -> int:
    """Give every unit of the team, the head's apart, its copy of the sheet; return how many were new.

    Nothing while the sheet was not sent, and none any more once a later column was scored against the team's.
    """
    with both_sides():
        sheet = list_sheets().filter(year=year, about=about, side=SheetSide.HEAD, state=SheetState.SENT).first()
        if sheet is None or find_following(sheet, ScoreColumn.INSPECTION):
            return 0
        offices = list_team(year, about).filter(Q(office__valid_to__isnull=True) | Q(office__valid_to__gte=day))
        standing = ScoreSheet.objects.filter(year=year, about=about, side=SheetSide.TEAM).values("unit")
        units = Unit.objects.filter(pk__in=offices.values("office__unit")).exclude(
            Q(pk=sheet.unit_id) | Q(pk=about.pk) | Q(pk__in=standing)
        )
        copies = [
            ScoreSheet.objects.create(
                unit=unit,
                about=about,
                year=year,
                template=sheet.template,
                side=SheetSide.TEAM,
                state=SheetState.SENT,
                sent_at=sheet.sent_at,
            )
            for unit in units
        ]
        _copy_columns(sheet, copies)
    return len(copies)


def drop_team_sheets(year: ClusterYear, about: Unit) -> None:
    """Take the copies away: the inspection is over, or the sheet was taken back. The head keeps what was scored."""
    with both_sides():
        ScoreSheet.objects.filter(year=year, about=about, side=SheetSide.TEAM).delete()


def share_columns(sheet: ScoreSheet) -> None:
    """Bring the copies up to the head's sheet. In the scope that sees every unit."""
    copies = list_sheets().filter(year=sheet.year, about=sheet.about, side=SheetSide.TEAM)
    _copy_columns(sheet, list(copies))


def _copy_columns(sheet: ScoreSheet, copies: list[ScoreSheet]) -> None:
    entries = list(sheet.entries.filter(column__in=COLUMNS))
    ScoreEntry.objects.filter(sheet__in=copies).delete()
    ScoreEntry.objects.bulk_create(
        ScoreEntry(
            unit=copy.unit,
            unit_path=copy.unit.path,
            sheet=copy,
            item=one.item,
            column=one.column,
            points=one.points,
            evidence=one.evidence,
            reason=one.reason,
        )
        for copy in copies
        for one in entries
    )
    totals: dict[str, Any] = {f"total_{column}": sheet.total(column) for column in COLUMNS}
    ScoreSheet.objects.filter(pk__in=[one.pk for one in copies]).update(**totals)
