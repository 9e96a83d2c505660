"""The demonstration's clock may be moved by a file; a real installation's never. Days are days of Vietnam."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from units.checks import check_true_clock
from units.clock import now, today


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.DEMONSTRATION_DAY = "2021-03-01"
    settings.DEMONSTRATION_CLOCK_FILE = str(tmp_path / "day")
    return tmp_path / "day"


def test_the_demonstration_tells_the_day_of_the_file(file: Path) -> None:
    assert today() == date(2021, 3, 1)
    file.write_text("2021-06-18\n")
    assert today() == date(2021, 6, 18)
    assert timezone.localtime(now()).date() == date(2021, 6, 18)
    assert check_true_clock(None) == []


def test_a_file_that_names_no_day_is_not_passed_over(file: Path) -> None:
    file.write_text("hôm nay", encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011  of the library, whatever it says
        today()


def test_without_a_demonstration_the_file_is_never_opened(file: Path, settings: Any) -> None:
    file.write_text("2021-06-18")
    settings.DEMONSTRATION_DAY = ""
    assert today() == timezone.localdate()
    assert [one.id for one in check_true_clock(None)] == ["units.E008"]


def test_behind_https_the_file_is_never_opened_and_any_shifted_day_is_told(file: Path, settings: Any) -> None:
    file.write_text("2021-06-18")
    settings.SECURE = True
    assert today() == date(2021, 3, 1)
    assert [one.id for one in check_true_clock(None)] == ["units.E008", "units.W004"]
    settings.DEMONSTRATION_DAY = settings.DEMONSTRATION_CLOCK_FILE = ""
    assert check_true_clock(None) == []


def test_no_day_is_taken_from_an_instant_where_it_may_still_be_yesterday_in_vietnam() -> None:
    """The database gives instants in UTC: until seven in the morning their own date is the day before."""
    own_date = re.compile(r"\b(?!starts_at)(\w+_at|at)(\.date\(\)|:%[dHmY])")
    root = Path(__file__).parents[2]
    apps = ("units", "campaigns", "exemplars", "awards", "reports")
    files = [one for app in apps for one in (root / app).rglob("*.py") if "migrations" not in one.parts]
    assert len(files) > 500
    found = [f"{one.relative_to(root)}: {hit[0]}" for one in files for hit in own_date.finditer(one.read_text())]
    assert found == []
