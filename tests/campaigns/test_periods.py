"""Stretches of time: overlaps, uncovered days, bands of duration, and days moved by years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import find_duration_band, list_overlaps, list_uncovered, move_years
from campaigns.plan_copy import Move, Period, due_data, list_doubts
from campaigns.plan_parts import Due

FIRST, LAST = date(2021, 1, 1), date(2025, 12, 31)
days = st.integers(-200, 2000).map(lambda number: FIRST + timedelta(days=number))
spans = st.lists(st.tuples(days, days).map(lambda two: (min(two), max(two))), min_size=1, max_size=6)


def test_the_end_of_the_plan_of_2021_to_2025_lies_in_no_phase() -> None:
    covered = [(date(2021, 1, 1), date(2023, 8, 28)), (date(2023, 8, 29), date(2025, 8, 28))]
    assert list_uncovered(FIRST, LAST, covered) == [(date(2025, 8, 29), LAST)]


def test_a_campaign_without_phases_has_no_gap() -> None:
    assert list_uncovered(FIRST, LAST, []) == []


@given(spans)
def test_a_day_is_uncovered_exactly_when_no_stretch_holds_it(stretches: list[tuple[date, date]]) -> None:
    gaps = list_uncovered(FIRST, LAST, stretches)
    for offset in range(0, (LAST - FIRST).days + 1, 3):
        day = FIRST + timedelta(days=offset)
        held = any(first <= day <= last for first, last in stretches)
        assert held != any(first <= day <= last for first, last in gaps)


@given(spans)
def test_overlaps_are_found_exactly_when_two_share_a_day(stretches: list[tuple[date, date]]) -> None:
    named = [(str(number), first, last) for number, (first, last) in enumerate(stretches)]
    shared = any(
        one[1] <= other[2] and other[1] <= one[2] for place, one in enumerate(named) for other in named[:place]
    )
    assert bool(list_overlaps(named)) == shared


@pytest.mark.parametrize(
    ("first", "last", "band"),
    [
        (date(2023, 2, 1), date(2023, 4, 30), "Dưới 01 năm"),
        (date(2023, 1, 1), date(2023, 12, 30), "Dưới 01 năm"),
        (date(2023, 1, 1), date(2023, 12, 31), "01 năm"),
        (date(2024, 2, 29), date(2025, 2, 27), "01 năm"),
        (date(2023, 1, 1), date(2024, 1, 1), "Từ 01 năm đến dưới 03 năm"),
        (date(2021, 1, 1), date(2023, 12, 31), "Từ 03 năm đến dưới 05 năm"),
        (FIRST, LAST, "Từ 05 năm trở lên"),
    ],
)
def test_the_band_follows_from_whole_years(first: date, last: date, band: str) -> None:
    assert find_duration_band(first, last) == band


def test_a_leap_day_becomes_the_28th_and_is_told() -> None:
    assert move_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    before = {"title": "Báo cáo", "phrase": "", "due": {"type": "until-day", "day": "2024-02-29"}}
    after = move(2024, 2025).item("obligation", before)
    assert after["due"]["day"] == "2025-02-28"
    assert "29/02/2024 không có trong năm 2025" in list_doubts("obligation", before, after)[0]


def move(old: int, new: int) -> Move:
    return Move(
        Period(date(old, 1, 1), date(old, 12, 31)),
        Period(date(new, 1, 1), date(new, 12, 31)),
    )


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        ("năm 2022-2023", "năm 2023-2024"),
        ("Quyết định 15/2023/QĐ-TTg", "Quyết định 15/2023/QĐ-TTg"),
        ("Đăng ký năm 2023", "Đăng ký năm 2024"),
        ("trước ngày 20/02/2023", "trước ngày 20/02/2024"),
        ("tháng 11-2022 và quý I năm 2024", "tháng 11-2023 và quý I năm 2025"),
        ("giai đoạn 2011-2015", "giai đoạn 2011-2015"),
        ("theo số 2023/KH-CTHADS", "theo số 2023/KH-CTHADS"),
        ("20233 hồ sơ", "20233 hồ sơ"),
    ],
)
def test_years_in_words_move_and_numbers_of_documents_do_not(words: str, moved: str) -> None:
    assert move(2023, 2024).words(words) == moved


def test_a_phase_that_ends_with_the_campaign_ends_with_the_new_one() -> None:
    moved = Move(Period(FIRST, LAST), Period(date(2026, 1, 1), date(2030, 6, 30))).item(
        "phase",
        {
            "name": "Cả giai đoạn 2021-2025",
            "first": "2021-01-01",
            "last": "2025-12-31",
            "doors": {"vote": ["2025-11-01", "2025-11-30"]},
        },
    )
    assert moved == {
        "name": "Cả giai đoạn 2026-2030",
        "first": "2026-01-01",
        "last": "2030-06-30",
        "doors": {"vote": ["2030-11-01", "2030-11-30"]},
    }


def test_what_is_relative_or_comes_again_stays_so() -> None:
    after = {"type": "days-after", "days": 5, "after": "lễ phát động năm 2023", "working": True}
    again = {"type": "recurrent", "every": "quarter", "until": 25}
    assert move(2023, 2024).due(after) == after | {"after": "lễ phát động năm 2024"}
    assert move(2023, 2024).due(again) == again


def test_a_month_is_kept_as_the_stretch_it_is_and_a_mended_day_as_the_day() -> None:
    assert due_data(Due("month", year=2023, month=2)) == {"type": "range", "first": "2023-02-01", "last": "2023-02-28"}
    slip = Due("before-day", day=date(2022, 2, 20), read_as=date(2023, 2, 19))
    assert due_data(slip) == {"type": "until-day", "day": "2023-02-19"}
