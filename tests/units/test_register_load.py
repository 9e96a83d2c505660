"""Both systems in one database: the counts of each day, custody, and that loading again changes nothing."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from units.models import Person, Placement, Succession, Unit, UnitName
from units.register_file import RegisterRow
from units.register_rules import list_north_2021
from units.scoping import maintenance_scope, unit_scope
from units.services import register
from units.services.register import count_kinds, load_register, load_system_2025

pytestmark = pytest.mark.django_db

LAST = date(2025, 6, 30)
FIRST = date(2025, 7, 1)


def load(system: str) -> str:
    said = StringIO()
    call_command("load_register", system, stdout=said)
    return said.getvalue()


def test_2025_on_an_empty_database_brings_2021_with_its_history() -> None:
    with CaptureQueriesContext(connection) as queries:
        said = load("2025")
    assert len(queries) < 120
    assert "Phòng Thi hành án dân sự khu vực" in said
    then, now = count_kinds(LAST), count_kinds(FIRST)
    assert [then[kind] for kind in ("cuc-thads", "chi-cuc", "so-tu-phap", "phong-tu-phap")] == [63, 696, 63, 696]
    assert [now[kind] for kind in ("thads-tinh", "phong-khu-vuc", "so-tu-phap")] == [34, 355, 34]
    assert [now[kind] for kind in ("tong-cuc", "cuc-thads", "chi-cuc", "phong-tu-phap")] == [0, 0, 0, 0]
    _check_custody()
    _check_histories()
    before = (Unit.objects.count(), Succession.objects.count(), UnitName.objects.count(), Placement.objects.count())
    load("2021")
    load("2025")
    after = (Unit.objects.count(), Succession.objects.count(), UnitName.objects.count(), Placement.objects.count())
    assert after == before


def _check_custody() -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    both = units["THADS-TNG"]
    for code in ("CTHADS-TNG", "CTHADS-BKA", "CC-BKA-BA-BE", "CC-TNG-DAI-TU", "CTHADS-BKA-TCCB"):
        assert both.contains(units[code].path)
    assert units["STP-TNG"].contains(units["STP-BKA"].path)
    assert units["STP-TNG"].contains(units["PTP-BKA-BA-BE"].path)
    assert units["CQLTHADS"].contains(units["TCTHADS"].path)
    standing = [unit for unit in units.values() if unit.valid_to is None]
    by_path = {unit.path: unit for unit in units.values()}
    assert [
        unit.code for unit in standing if unit.parent and by_path[unit.path[: -Unit.PATH_STEP]].pk != unit.parent_id
    ] == []
    assert (both.has_legal_personality, units["PKV-TNG-01"].has_legal_personality) == (True, False)
    assert units["PKV-TNG-01"].note.startswith("Giả định")


def _check_histories() -> None:
    ended = Unit.objects.filter(valid_to__isnull=False)
    assert set(ended.values_list("valid_to", flat=True)) == {LAST}
    assert UnitName.objects.filter(unit__in=ended, valid_to__isnull=True).count() == 0
    assert Placement.objects.filter(unit__in=ended, valid_to__isnull=True).count() == 0
    assert Placement.objects.filter(unit__valid_to__isnull=True, valid_to__isnull=True).count() == (
        Unit.objects.filter(valid_to__isnull=True).count()
    )
    assumed = Succession.objects.get(from_unit__code="CC-BKA-BA-BE")
    assert "giả định" in assumed.citation


def test_2025_over_the_demonstrations_part_keeps_its_people(monkeypatch: pytest.MonkeyPatch) -> None:
    with maintenance_scope("tests fill the register"):
        load_register(list_north_2021())
        someone = builders.person(Unit.objects.get(code="CC-TNG-DAI-TU"))
    said = load("2025")
    assert "Còn 1 người ở các đơn vị đã thôi hoạt động" in said
    with unit_scope(Unit.objects.get(code="THADS-TNG").path):
        assert list(Person.objects.all()) == [someone]


def test_a_unit_that_stands_already_is_left_alone() -> None:
    rows = [row for row in list_north_2021() if row.parent_code in (None, "BTP")]
    load_register(rows)
    Unit.objects.filter(code="STP-TNG").update(name="Tên đã sửa")
    assert load_register(rows) == 0
    assert Unit.objects.get(code="STP-TNG").name == "Tên đã sửa"


def test_queries_do_not_depend_on_the_number_of_rows() -> None:
    def queries_of(rows: list[RegisterRow]) -> int:
        with CaptureQueriesContext(connection) as queries:
            load_register(rows)
        return len(queries)

    rows = list_north_2021()
    few = queries_of([row for row in rows if row.parent_code in (None, "BTP", "TCTHADS", "CTHADS-TNG")])
    assert queries_of(rows) == few


def test_a_district_missing_from_the_data_stops_the_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(register, "SYSTEM_2021", register.SYSTEM_2021 | {"chi-cuc": 697})
    with (
        maintenance_scope("tests fill the register"),
        pytest.raises(register.RegisterCountError, match="chi-cuc: 696 thay vì 697"),
    ):
        load_system_2025()
    assert Unit.objects.count() == 0
