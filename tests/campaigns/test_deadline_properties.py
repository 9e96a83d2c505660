"""What holds for every deadline, whatever the day: tried with days and numbers that nobody chose."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import (
    CautionCode,
    Every,
    PlanDates,
    RelativeDue,
    before_day,
    closing_instant,
    day_off,
    day_range,
    days_after,
    list_occurrences,
    list_public_holidays,
    month_range,
    quarter_range,
    until_day,
    working_days_after,
)

YEARS = list_public_holidays(2010, 2035)
OFFICE = PlanDates(holidays=YEARS.off, working_days=YEARS.worked)
DAYS = st.dates(date(2011, 1, 1), date(2033, 12, 31))
NUMBERS = st.integers(1, 120)
COUNTS = st.sampled_from([days_after, working_days_after])


@given(DAYS)
def test_before_a_day_is_until_the_day_before(day: date) -> None:
    assert before_day(day).last_day == until_day(day - timedelta(days=1)).last_day
    assert before_day(day).closes_at == closing_instant(day) - timedelta(days=1)


@given(DAYS, NUMBERS, COUNTS)
def test_counting_further_never_ends_earlier(day: date, number: int, count: object) -> None:
    assert count(number, day, "x", OFFICE).last_day <= count(number + 1, day, "x", OFFICE).last_day  # type: ignore[operator]


@given(DAYS, NUMBERS, COUNTS)
def test_a_later_event_never_ends_earlier(day: date, number: int, count: object) -> None:
    later = day + timedelta(days=1)
    assert count(number, day, "x", OFFICE).last_day <= count(number, later, "x", OFFICE).last_day  # type: ignore[operator]


@given(DAYS, NUMBERS, COUNTS)
def test_a_counted_last_day_is_never_a_day_off(day: date, number: int, count: object) -> None:
    deadline = count(number, day, "x", OFFICE)  # type: ignore[operator]
    assert day_off(deadline.last_day, OFFICE) == ""
    assert deadline.last_day >= day + timedelta(days=number)


@given(DAYS, NUMBERS)
def test_working_days_are_counted_one_by_one(day: date, number: int) -> None:
    last_day = working_days_after(number, day, "x", OFFICE).last_day
    between = [day + timedelta(days=step) for step in range(1, (last_day - day).days + 1)]
    assert sum(not day_off(one, OFFICE) for one in between) == number
    assert last_day >= days_after(number, day, "x", OFFICE).named_day


@given(DAYS, NUMBERS)
def test_a_moved_day_is_told_and_only_then(day: date, number: int) -> None:
    deadline = days_after(number, day, "x", OFFICE)
    assert deadline.has(CautionCode.MOVED) is (deadline.last_day != deadline.named_day)
    between = (deadline.last_day - deadline.named_day).days
    assert all(day_off(deadline.named_day + timedelta(days=step), OFFICE) for step in range(between))


@given(DAYS, NUMBERS, st.booleans())
def test_a_relative_time_is_the_count_from_its_event(day: date, number: int, of_work: bool) -> None:
    due = RelativeDue(number, "họp", of_work)
    plain = (working_days_after if of_work else days_after)(number, day, "họp", OFFICE)
    assert due.reckon(day, OFFICE) == plain
    assert str(number) in due.waiting_words


@given(DAYS, DAYS)
def test_a_range_ends_with_its_last_day(one: date, other: date) -> None:
    first, last = sorted([one, other])
    assert (day_range(first, last).first_day, day_range(first, last).last_day) == (first, last)
    if first != last:
        with pytest.raises(ValueError, match="trước khi bắt đầu"):
            day_range(last, first)


@given(st.sampled_from(Every), DAYS, st.integers(0, 2000), st.none() | st.integers(1, 31))
def test_occurrences_stand_inside_the_period_in_order_and_once(
    every: Every, first: date, length: int, until: int | None
) -> None:
    last = first + timedelta(days=length)
    days = [one.deadline.last_day for one in list_occurrences(every, first, last, until=until)]
    assert days == sorted(set(days))
    assert all(first <= day <= last for day in days)
    # None is left out: a stretch of so many months holds a last day at least.
    assert abs(len(days) - length / (30.44 * every)) <= 1.1
    assert all(day.month % every == 0 for day in days)


@given(st.integers(2011, 2033))
def test_months_quarters_and_halves_are_those_of_the_calendar(year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    months = [one.deadline.last_day for one in list_occurrences(Every.MONTH, first, last)]
    quarters = [one.deadline.last_day for one in list_occurrences(Every.QUARTER, first, last)]
    halves = [one.deadline.last_day for one in list_occurrences(Every.HALF_YEAR, first, last)]
    assert months == [month_range(year, month).last_day for month in range(1, 13)]
    assert quarters == [quarter_range(year, number).last_day for number in range(1, 5)]
    assert halves == [date(year, 6, 30), date(year, 12, 31)]
    assert [one.label for one in list_occurrences(Every.YEAR, first, last)] == [f"năm {year}"]


# What was announced for offices, checked by hand: first and last day of Tết, then the other days off on weekdays.
ANNOUNCED = {
    2021: ("10/02", "16/02", ["01/01", "21/04", "30/04", "03/05", "02/09", "03/09"]),
    2022: ("31/01", "04/02", ["03/01", "11/04", "02/05", "03/05", "01/09", "02/09"]),
    2023: ("20/01", "26/01", ["02/01", "01/05", "02/05", "03/05", "01/09", "04/09"]),
    2024: ("08/02", "14/02", ["01/01", "18/04", "29/04", "30/04", "01/05", "02/09", "03/09"]),
    2025: ("27/01", "31/01", ["01/01", "07/04", "30/04", "01/05", "02/05", "01/09", "02/09"]),
    2026: ("16/02", "20/02", ["01/01", "27/04", "30/04", "01/05", "31/08", "01/09", "02/09", "24/11"]),
}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_library_holds_the_days_off_that_were_announced(year: int) -> None:
    first, last, others = ANNOUNCED[year]
    weekdays = [f"{day:%d/%m}" for day in list_public_holidays(year, year).off if day.weekday() < 5]
    tet = [day for day in weekdays if day[3:] in ("01", "02") and day not in others]
    assert (tet[0], tet[-1]) == (first, last)
    assert [day for day in weekdays if day not in tet] == others


def test_a_swapped_saturday_is_worked() -> None:
    """29/04/2024 was off, and Saturday 04/05/2024 worked for it."""
    assert day_off(date(2024, 4, 29), OFFICE) == "Ngày nghỉ (thay cho ngày 04/05/2024)"
    assert day_off(date(2024, 5, 4), OFFICE) == ""
    assert day_off(date(2024, 5, 11), OFFICE) == "Thứ Bảy"
    assert working_days_after(1, date(2024, 5, 3), "họp", OFFICE).last_day == date(2024, 5, 4)
    assert days_after(5, date(2024, 4, 24), "họp", OFFICE).last_day == date(2024, 5, 2)
