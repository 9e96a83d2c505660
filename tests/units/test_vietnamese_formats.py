from datetime import UTC, date, datetime

import pytest
from django.template import Context, Engine, engines

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


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (date(2023, 1, 5), "d/m/Y", "05/01/2023"),
        (date(2023, 1, 5), "d/m", "05/01"),
        (datetime(2023, 5, 6, 20, 30, tzinfo=UTC), "H:i d/m/Y", "03:30 07/05/2023"),
        (datetime(2023, 5, 6, 20, 30, tzinfo=UTC), "d/m/Y", "07/05/2023"),
        (date(999, 1, 5), "d/m/Y", "05/01/0999"),
        (date(2023, 1, 5), "Y", "2023"),
        (None, "d/m/Y", ""),
        ("", "d/m/Y", ""),
    ],
)
def test_days_and_moments_are_written_as_django_writes_them(value: object, form: str, written: str) -> None:
    page = f'{{{{ value|date:"{form}" }}}}'
    assert engines["django"].from_string(page).render({"value": value}) == written
    plain = Engine(builtins=["django.template.defaultfilters"]).from_string(page)
    assert plain.render(Context({"value": value})) == written
