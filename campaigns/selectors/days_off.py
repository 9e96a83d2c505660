"""Days off and working days as they were decided: what is computed for every year, and the roots' own table over it."""

from datetime import date

from django.db.models import QuerySet

from campaigns.calendar import DaysOff, PlanDates, list_public_holidays
from campaigns.models import CalendarDay, CalendarDayKind, Campaign, Obligation

# A time counted from a campaign's last days ends after it.
YEARS_AFTER = 1


def list_calendar_days() -> QuerySet[CalendarDay]:
    return CalendarDay.objects.select_related("recorded_by")


def find_days_off(first_year: int, last_year: int) -> DaysOff:
    """What holds for these years: one query, and the roots' table wins."""
    known = list_public_holidays(first_year, last_year)
    off, worked = dict(known.off), set(known.worked)
    for one in CalendarDay.objects.filter(day__year__range=(first_year, last_year)):
        if one.kind == CalendarDayKind.OFF:
            off[one.day] = one.name
            worked.discard(one.day)
        else:
            off.pop(one.day, None)
            worked.add(one.day)
    return DaysOff(off, frozenset(worked))


def dates_of_plan(issued_on: date | None, opens_on: date, closes_on: date) -> PlanDates:
    """What the arithmetic has to know of a plan."""
    days = find_days_off(min(opens_on, issued_on or opens_on).year, closes_on.year + YEARS_AFTER)
    return PlanDates(issued_on, opens_on, closes_on, days.off, days.worked)


def dates_from(day: date) -> PlanDates:
    """What the arithmetic has to know of a time that no plan bounds and that is counted from `day`."""
    days = find_days_off(day.year, day.year + YEARS_AFTER)
    return PlanDates(holidays=days.off, working_days=days.worked)


def dates_of(campaign: Campaign) -> PlanDates:
    return dates_of_plan(campaign.plan_date, campaign.opens_on, campaign.closes_on)


def count_touched(day: date) -> int:
    """How many obligations of any plan end on `day`; a changed calendar does not move what was computed."""
    return Obligation.objects.filter(last_day=day).count()
