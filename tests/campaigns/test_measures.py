"""Indicators as numbers: what may be typed, how it is shown, what meets a target, what time a report speaks of."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import Reported, find_reported
from campaigns.charts import MOST_COLUMNS, Point, draw
from campaigns.measures import (
    COUNT,
    EXACT,
    LESS,
    MORE,
    NUMBER,
    PERCENT,
    YES_NO,
    WrongValueError,
    is_met,
    parse_value,
    show_change,
    show_target,
    show_value,
    type_value,
)


@pytest.mark.parametrize(
    ("measure", "typed", "value"),
    [
        (PERCENT, "98,5", "98.5"),
        (PERCENT, "98.5", "98.5"),
        (PERCENT, " 98,50 % ", "98.5"),
        (PERCENT, "0", "0"),
        (PERCENT, "105", "105"),
        (COUNT, "1250", "1250"),
        (COUNT, "1.250", "1250"),
        (COUNT, "1 250 000", "1250000"),
        (COUNT, "1\u00a0250", "1250"),
        (NUMBER, "12,75", "12.75"),
        (NUMBER, "1.234,5", "1234.5"),
        (NUMBER, "1.234.567", "1234567"),
        (NUMBER, "0.125", "0.125"),
        (NUMBER, "1,234", "1.234"),
        (NUMBER, "-3,5", "-3.5"),
        (NUMBER, "−3,5", "-3.5"),
        (YES_NO, "yes", "1"),
        (YES_NO, "no", "0"),
    ],
)
def test_what_clerks_type_is_understood_exactly(measure: str, typed: str, value: str) -> None:
    assert parse_value(measure, typed) == Decimal(value)


@pytest.mark.parametrize(
    ("measure", "typed", "words"),
    [
        (PERCENT, "1.234", "1234 hoặc 1,234"),
        (NUMBER, "98.500", "98500 hoặc 98,500"),
        (PERCENT, "-1", "từ 0 đến 1000"),
        (PERCENT, "1000,01", "từ 0 đến 1000"),
        (PERCENT, "98,555", "hai chữ số lẻ"),
        (COUNT, "12,5", "số nguyên"),
        (COUNT, "-1", "số nguyên"),
        (COUNT, "12 %", "số nguyên"),
        (COUNT, "12.34", "số nguyên"),
        (COUNT, "1.25.000", "số nguyên"),
        (NUMBER, "1,23456", "bốn chữ số lẻ"),
        (NUMBER, "1,2,3", "bốn chữ số lẻ"),
        (NUMBER, "NaN", "bốn chữ số lẻ"),
        (NUMBER, "Infinity", "bốn chữ số lẻ"),
        (NUMBER, "1e5", "bốn chữ số lẻ"),
        (NUMBER, "١٢", "bốn chữ số lẻ"),
        (NUMBER, "một trăm", "bốn chữ số lẻ"),
        (NUMBER, "9" * 16, "Số quá lớn"),
        (YES_NO, "có lẽ", "Có hoặc Không"),
    ],
)
def test_rubbish_is_refused_with_what_is_wanted(measure: str, typed: str, words: str) -> None:
    with pytest.raises(WrongValueError, match=words):
        parse_value(measure, typed)


@given(st.sampled_from([PERCENT, COUNT, NUMBER]), st.decimals("0", "1000", places=2))
def test_what_stands_in_the_box_is_read_back_as_the_same(measure: str, value: Decimal) -> None:
    value = value.quantize(Decimal(1)) if measure == COUNT else value
    assert parse_value(measure, type_value(measure, value)) == value


@given(st.text(max_size=12), st.sampled_from([PERCENT, COUNT, NUMBER, YES_NO]))
def test_no_text_does_more_than_be_refused(typed: str, measure: str) -> None:
    try:
        value = parse_value(measure, typed)
    except WrongValueError:
        return
    assert value.is_finite()


@pytest.mark.parametrize(
    ("measure", "value", "unit", "shown"),
    [
        (PERCENT, "98.5000", "%", "98,5 %"),
        (PERCENT, "100.0000", "%", "100 %"),
        (COUNT, "1250000.0000", "vụ", "1.250.000 vụ"),
        (NUMBER, "-1234.5000", "", "-1.234,5"),
        (NUMBER, "0.0000", "", "0"),
        (YES_NO, "1.0000", "", "Có"),
        (YES_NO, "0.0000", "", "Không"),
    ],
)
def test_values_are_shown_as_clerks_write(measure: str, value: str, unit: str, shown: str) -> None:
    assert show_value(measure, Decimal(value), unit) == shown


def test_targets_and_changes_are_said_in_words() -> None:
    assert show_target(PERCENT, MORE, Decimal(95), "%") == "từ 95 % trở lên"
    assert show_target(COUNT, LESS, Decimal(3), "vụ") == "không quá 3 vụ"
    assert show_target(PERCENT, EXACT, Decimal(100), "%") == "đúng 100 %"
    assert show_target(YES_NO, EXACT, Decimal(1)) == "Có"
    assert show_change(PERCENT, Decimal("98.5"), Decimal(96), "%") == "tăng 2,5 điểm phần trăm"
    assert show_change(COUNT, Decimal(3), Decimal(5), "vụ") == "giảm 2 vụ"
    assert show_change(COUNT, Decimal(3), Decimal(3), "vụ") == "như năm trước"
    assert show_change(YES_NO, Decimal(1), Decimal(0)) == "năm trước: Không"
    assert show_change(COUNT, Decimal(3), None, "vụ") == ""


@given(st.decimals("-10", "10", places=2), st.decimals("-10", "10", places=2))
def test_a_target_is_met_by_its_direction_and_unknown_without_either(value: Decimal, level: Decimal) -> None:
    assert is_met(MORE, value, level) is (value >= level)
    assert is_met(LESS, value, level) is (value <= level)
    assert is_met(EXACT, value, level) is (value == level)
    assert is_met(MORE, None, level) is None
    assert is_met(MORE, value, None) is None


# What time a report speaks of

PERIOD = (date(2021, 1, 1), date(2025, 12, 31))
YEAR_2023 = (date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("last_day", "campaign", "phase", "half_year", "reported"),
    [
        (date(2023, 11, 14), PERIOD, YEAR_2023, False, Reported(2023)),
        (date(2024, 1, 10), PERIOD, YEAR_2023, False, Reported(2023)),
        (date(2023, 11, 14), PERIOD, None, False, Reported(2023)),
        (date(2024, 1, 15), PERIOD, None, False, Reported(2023)),
        (date(2024, 3, 31), PERIOD, None, False, Reported(2023)),
        (date(2024, 4, 1), PERIOD, None, False, Reported(2024)),
        (date(2023, 6, 15), PERIOD, None, True, Reported(2023, 1)),
        (date(2023, 7, 10), PERIOD, None, True, Reported(2023, 1)),
        (date(2023, 12, 30), PERIOD, None, True, Reported(2023, 2)),
        (date(2024, 1, 10), PERIOD, None, True, Reported(2023, 2)),
        (date(2024, 1, 10), YEAR_2023, None, True, Reported(2023, 2)),
        (date(2023, 7, 5), PERIOD, (date(2023, 1, 1), date(2023, 6, 30)), True, Reported(2023, 1)),
        (date(2023, 7, 5), PERIOD, (date(2023, 7, 1), date(2023, 12, 31)), True, Reported(2023, 1)),
        (None, PERIOD, (date(2023, 7, 1), date(2023, 12, 31)), True, Reported(2023, 2)),
        (None, YEAR_2023, None, True, Reported(2023, 1)),
        (None, PERIOD, None, False, Reported(2021)),
    ],
)
def test_the_time_a_report_speaks_of(
    last_day: date | None,
    campaign: tuple[date, date],
    phase: tuple[date, date] | None,
    half_year: bool,
    reported: Reported,
) -> None:
    assert find_reported(last_day, *campaign, is_half_year=half_year, phase=phase) == reported


# Drawing


def point(year: int, value: Decimal | None, level: Decimal | None = None) -> Point:
    return Point(str(year), value, "" if value is None else str(value), level, is_met(MORE, value, level))


@given(
    st.lists(
        st.tuples(
            st.none() | st.decimals("-1000", "1000", places=2), st.none() | st.decimals("-1000", "1000", places=2)
        ),
        min_size=1,
        max_size=9,
    )
)
def test_columns_stay_inside_the_drawing_and_stand_by_size(
    numbers: list[tuple[Decimal | None, Decimal | None]],
) -> None:
    points = [point(2020 + number, *pair) for number, pair in enumerate(numbers)][-MOST_COLUMNS:]
    chart = draw(points)
    if all(one.value is None for one in points):
        assert chart is None
        return
    assert chart is not None
    for one in chart.columns:
        assert 0 <= one.x <= one.x + one.width <= chart.width
        assert 0 <= one.y <= one.y + one.height <= chart.height
        assert one.level is None or 0 <= one.level <= chart.height
        assert 0 < one.shown_y < chart.height
    seen = [
        (one.point.value, one.height if one.point.value >= 0 else -one.height)
        for one in chart.columns
        if one.point.value is not None
    ]
    for (value, height), (other, taller) in zip(sorted(seen), sorted(seen)[1:], strict=False):
        assert value == other or height <= taller


def test_a_reader_hears_every_number() -> None:
    chart = draw([point(2022, Decimal(92), Decimal(95)), point(2023, None)])
    assert chart is not None
    assert chart.words == "2022: 92; 2023: chưa có số liệu"
    assert [one.tone for one in chart.columns] == ["unmet", "followed"]
