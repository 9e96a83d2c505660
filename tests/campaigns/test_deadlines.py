"""The dates of real plans: the 2021 region of northern mountain provinces and Thái Nguyên's plan of 2023."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import (
    CautionCode,
    Deadline,
    PlanDates,
    before_day,
    closing_instant,
    days_after,
    days_left_phrase,
    month_range,
    occasion,
    quarter_range,
    until_day,
    weekday_name,
)

REGION_2021 = PlanDates(
    issued_on=date(2021, 2, 28),
    starts_on=date(2021, 1, 1),
    ends_on=date(2021, 12, 31),
    holidays={date(2021, 9, 2): "nghỉ Quốc khánh", date(2021, 9, 3): "nghỉ Quốc khánh"},
)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def codes(deadline: Deadline) -> set[CautionCode]:
    return {caution.code for caution in deadline.cautions}


def text_of(deadline: Deadline, code: CautionCode) -> str:
    return next(caution.text for caution in deadline.cautions if caution.code is code)


def test_before_a_day_leaves_the_day_before_and_says_that_custom_differs() -> None:
    deadline = before_day(date(2021, 11, 10), REGION_2021)
    assert (deadline.phrase, deadline.last_day) == ("trước ngày 10/11/2021", date(2021, 11, 9))
    assert codes(deadline) == {CautionCode.CUSTOM_ACCEPTS_NAMED_DAY}


def test_registration_due_before_the_plan_was_issued_warns() -> None:
    deadline = before_day(date(2021, 2, 20), REGION_2021)
    assert deadline.has(CautionCode.BEFORE_ISSUE)
    assert "28/02/2021" in text_of(deadline, CautionCode.BEFORE_ISSUE)
    assert "20/02/2021 là ngày nghỉ (Thứ Bảy)" in text_of(deadline, CautionCode.DAY_OFF)
    assert not deadline.has(CautionCode.OUTSIDE_PERIOD)


def test_the_day_of_issue_itself_is_not_before_issue() -> None:
    assert not until_day(date(2021, 2, 28), REGION_2021).has(CautionCode.BEFORE_ISSUE)
    assert until_day(date(2021, 2, 27), REGION_2021).has(CautionCode.BEFORE_ISSUE)


def test_a_day_of_last_year_warns_and_offers_the_year_meant() -> None:
    deadline = before_day(date(2020, 3, 10), REGION_2021)
    assert codes(deadline) >= {
        CautionCode.OUTSIDE_PERIOD,
        CautionCode.BEFORE_ISSUE,
        CautionCode.WRONG_YEAR,
    }
    assert "10/03/2021" in text_of(deadline, CautionCode.WRONG_YEAR)
    assert deadline.last_day == date(2020, 3, 9)  # told, never corrected


def test_no_year_is_guessed_where_several_fit_or_none_does() -> None:
    five_years = PlanDates(starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31))
    leap_day = before_day(date(2020, 2, 29), REGION_2021)
    assert codes(until_day(date(2020, 3, 10), five_years)) == {CautionCode.OUTSIDE_PERIOD}
    assert leap_day.has(CautionCode.OUTSIDE_PERIOD)
    assert not leap_day.has(CautionCode.WRONG_YEAR)


def test_the_six_month_report_is_named_for_a_sunday_and_due_on_a_saturday() -> None:
    deadline = before_day(date(2021, 6, 20), REGION_2021)
    days_off = [c.text for c in deadline.cautions if c.code is CautionCode.DAY_OFF]
    assert days_off == ["19/06/2021 là ngày nghỉ (Thứ Bảy).", "20/06/2021 là ngày nghỉ (Chủ nhật)."]


def test_the_anniversary_of_2023_is_a_sunday() -> None:
    deadline = occasion(date(2023, 6, 11), "75 năm Ngày Bác Hồ ra Lời kêu gọi thi đua ái quốc")
    assert deadline.last_day == date(2023, 6, 11)
    assert "Chủ nhật" in text_of(deadline, CautionCode.DAY_OFF)


def test_what_the_plan_does_not_say_is_not_warned_about() -> None:
    assert codes(until_day(date(2023, 2, 20))) == set()


@pytest.mark.parametrize(
    ("deadline", "first", "last"),
    [
        (month_range(2021, 2), date(2021, 2, 1), date(2021, 2, 28)),
        (month_range(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (month_range(2021, 12), date(2021, 12, 1), date(2021, 12, 31)),
        (quarter_range(2022, 1), date(2022, 1, 1), date(2022, 3, 31)),
        (quarter_range(2025, 2), date(2025, 4, 1), date(2025, 6, 30)),
        (quarter_range(2025, 4), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_months_and_quarters_run_from_first_day_to_last(deadline: Deadline, first: date, last: date) -> None:
    assert (deadline.first_day, deadline.last_day) == (first, last)


def test_a_quarter_is_one_of_four() -> None:
    with pytest.raises(ValueError, match="từ 1 đến 4"):
        quarter_range(2025, 5)


def test_a_range_says_its_phrase() -> None:
    assert quarter_range(2022, 1).phrase == "trong Quý I/2022"
    assert month_range(2021, 9).phrase == "trong tháng 09/2021"


def test_days_are_counted_from_the_day_after_the_event() -> None:
    deadline = days_after(5, date(2021, 3, 10), "tổ chức hội nghị phát động", REGION_2021)
    assert deadline.last_day == deadline.named_day == date(2021, 3, 15)
    assert codes(deadline) == set()


def test_a_count_that_ends_on_a_weekend_moves_to_monday_and_says_so() -> None:
    deadline = days_after(10, date(2021, 9, 15), "kết thúc kiểm tra", REGION_2021)
    assert (deadline.named_day, deadline.last_day) == (date(2021, 9, 25), date(2021, 9, 27))
    assert "Thứ Bảy, 25/09/2021" in text_of(deadline, CautionCode.MOVED)
    assert "Thứ Hai, 27/09/2021" in text_of(deadline, CautionCode.MOVED)


def test_a_count_that_ends_on_a_holiday_passes_the_holiday_and_the_weekend_behind_it() -> None:
    deadline = days_after(3, date(2021, 8, 30), "kết thúc kiểm tra", REGION_2021)
    assert (deadline.named_day, deadline.last_day) == (date(2021, 9, 2), date(2021, 9, 6))
    assert "nghỉ Quốc khánh" in text_of(deadline, CautionCode.MOVED)


def test_a_count_needs_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="từ 1 trở lên"):
        days_after(0, date(2021, 9, 15), "kết thúc kiểm tra")


def test_the_end_of_a_day_is_the_first_instant_of_the_next_in_vietnam() -> None:
    assert closing_instant(date(2023, 12, 31)) == datetime(2023, 12, 31, 17, 0, tzinfo=UTC)
    assert until_day(date(2023, 12, 31)).closes_at.isoformat() == "2024-01-01T00:00:00+07:00"


@pytest.mark.parametrize(
    ("last_day", "phrase"),
    [
        (date(2023, 2, 22), "còn 2 ngày"),
        (date(2023, 2, 21), "ngày mai"),
        (date(2023, 2, 20), "hôm nay"),
        (date(2023, 2, 19), "quá hạn 1 ngày"),
        (date(2023, 2, 17), "quá hạn 3 ngày"),
    ],
)
def test_days_left_are_said_as_people_say_them(last_day: date, phrase: str) -> None:
    assert days_left_phrase(last_day, date(2023, 2, 20)) == phrase


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2023, 2, 20), "Thứ Hai"),
        (date(2021, 2, 20), "Thứ Bảy"),
        (date(2023, 6, 11), "Chủ nhật"),
    ],
)
def test_weekdays_have_their_names(day: date, name: str) -> None:
    assert weekday_name(day) == name


@given(st.integers(1, 400), DAYS)
def test_a_counted_deadline_is_a_working_day_and_never_earlier_than_counted(days: int, event: date) -> None:
    deadline = days_after(days, event, "họp")
    assert deadline.last_day.weekday() < 5
    assert timedelta(0) <= deadline.last_day - deadline.named_day <= timedelta(days=2)
    assert deadline.has(CautionCode.MOVED) == (deadline.last_day != deadline.named_day)


@given(DAYS)
def test_before_a_day_is_until_the_day_before(day: date) -> None:
    assert before_day(day).closes_at == until_day(day - timedelta(days=1)).closes_at
