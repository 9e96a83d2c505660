from datetime import datetime

import pytest

from formats.vi import formats


def read_as(text: str, accepted: list[str]) -> datetime | None:
    """What a form field would read: the first format that fits."""
    for shape in accepted:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


@pytest.mark.parametrize("text", ["05/11/2026", "5/11/2026", "05-11-2026", "2026-11-05"])
def test_the_day_comes_before_the_month(text: str) -> None:
    assert read_as(text, formats.DATE_INPUT_FORMATS) == datetime(2026, 11, 5)  # noqa: DTZ001


def test_the_last_day_of_the_year_is_a_date() -> None:
    assert read_as("31/12/2026", formats.DATE_INPUT_FORMATS) == datetime(2026, 12, 31)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["12/31/2026", "31/02/2023", "2023-13-01", "11.05.2026"])
def test_american_and_impossible_dates_are_refused(text: str) -> None:
    assert read_as(text, formats.DATE_INPUT_FORMATS) is None


def test_a_picker_and_a_clerk_give_the_same_minute() -> None:
    expected = datetime(2026, 11, 5, 7, 30)  # noqa: DTZ001
    assert read_as("2026-11-05T07:30", formats.DATETIME_INPUT_FORMATS) == expected
    assert read_as("05/11/2026 07:30", formats.DATETIME_INPUT_FORMATS) == expected


def test_a_comma_parts_the_decimals() -> None:
    assert (formats.DECIMAL_SEPARATOR, formats.THOUSAND_SEPARATOR) == (",", ".")
