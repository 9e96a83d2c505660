"""Reads of leave and reviews."""

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from units.models import Circumstance, Unit

GOING_ON, COMING, OVER = "going-on", "coming", "over"
STATES: Final = {GOING_ON: "Đang diễn ra", COMING: "Chưa bắt đầu", OVER: "Đã kết thúc"}


def list_branch_circumstances(
    unit: Unit, day: date, *, kind: str = "", state: str = "", year: int | None = None
) -> QuerySet[Circumstance]:
    """Of people who work today in the branch of `unit`, newest first; people, their units and the keepers loaded."""
    found = Circumstance.objects.filter(holder_path__gte=unit.path, holder_path__lt=f"{unit.path}~")
    if kind:
        found = found.filter(kind=kind)
    if year:
        found = found.filter(Q(last_day=None) | Q(last_day__year__gte=year), first_day__year__lte=year)
    if state == GOING_ON:
        found = found.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)
    elif state == COMING:
        found = found.filter(first_day__gt=day)
    elif state == OVER:
        found = found.filter(last_day__lt=day)
    return found.select_related("person__unit", "unit")


def state_on(row: Circumstance, day: date) -> str:
    """Which of `STATES` the row is in on `day`."""
    if row.first_day > day:
        return COMING
    return OVER if row.last_day is not None and row.last_day < day else GOING_ON
