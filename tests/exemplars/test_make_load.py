"""The invented sector: the same for the same seed, whole, and never on top of anything."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from campaigns.models import Campaign
from config import embedded
from exemplars.invented import InventedUnit, invent_sector, person_rows
from tests.builders import unit, user
from units import fence_gate
from units.folding import fold, name_sort_key
from units.models import Membership, Placement, Unit, UnitName, User
from units.services.register import path_step

TINY = {"units": 60, "people": 90, "honours": 70, "nominations": 400}
KEYS = "SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
TENANT_TABLES = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"


@pytest.fixture
def owner(django_db_blocker: Any) -> Iterator[None]:
    """The command connects as the owner of the schema, as `manage.py` lets it."""
    login = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["USER"] = embedded.OWNER_ROLE
    yield
    connection.close()
    connection.settings_dict.update(login)


def as_administrator(query: str) -> str:
    return embedded.run_sql(settings.TEST_SERVERS_HOME, query, database=settings.TEST_DATABASE_NAME).strip()


def count(table: str) -> int:
    return int(as_administrator(f"SELECT count(*) FROM {table}"))  # noqa: S608  a table of ours


def load(**size: Any) -> str:
    out = io.StringIO()
    call_command("make_load", **(TINY | size), stdout=out)
    return out.getvalue()


def digest() -> str:
    tables = ("units_unit", "units_user", "units_person", "units_posting", "units_grading", "units_honour")
    whole = "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM {} t"
    return "".join(as_administrator(whole.format(table)) for table in (*tables, "exemplars_nomination"))


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE units_unit, units_user, units_awardtitle RESTART IDENTITY CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
def test_a_sector_is_whole_and_fenced() -> None:
    keys, forced = as_administrator(KEYS), as_administrator(TENANT_TABLES)
    assert "Đã nạp xong" in load()
    assert [Unit.objects.count(), count("units_person"), count("units_honour"), count("exemplars_nomination")] == [
        *TINY.values()
    ]
    assert UnitName.objects.count() == Placement.objects.count() == TINY["units"]
    assert User.objects.count() == Membership.objects.count() > 2 * TINY["units"]
    assert Campaign.objects.exists()
    one = User.objects.latest("sort_key")
    assert (one.folded_name, one.sort_key) == (fold(one.display_name), name_sort_key(one.display_name))
    # Keys, checks and policies stand as they stood.
    assert as_administrator(KEYS) == keys
    assert as_administrator(TENANT_TABLES) == forced
    assert fence_gate.list_gaps() == []
    lying = (
        "SELECT count(*) FROM exemplars_nomination n JOIN units_unit u ON u.id = n.unit_id AND u.path <> n.unit_path"
    )
    assert as_administrator(lying) == "0"
    # The owner is bound again, like everybody.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM units_person")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
def test_the_same_seed_makes_the_same_rows() -> None:
    empty()  # numbers begin at one in both
    load()
    first = digest()
    empty()
    load()
    assert digest() == first
    empty()
    load(seed="khac")
    assert digest() != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
def test_a_database_in_use_is_left_alone() -> None:
    unit("BTP", "0001", kind="bo")
    with pytest.raises(CommandError, match="đã có đơn vị hoặc tài khoản"):
        load()
    assert Unit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
def test_an_account_alone_is_use_enough() -> None:
    user("ai")
    with pytest.raises(CommandError, match="đã có đơn vị hoặc tài khoản"):
        load()
    assert not Unit.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
def test_sizes_that_cannot_be_are_refused_with_the_reason() -> None:
    with pytest.raises(CommandError, match=r"chỉ lập được 6000 đề nghị"):
        load(nominations=6001)
    with pytest.raises(CommandError, match="ít nhất 4 đơn vị"):
        load(units=3)
    assert not Unit.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("units", [4, 25])
def test_a_sector_may_be_very_small(units: int) -> None:
    load(units=units, people=0, honours=2, nominations=units * 40)
    assert count("exemplars_nomination") == units * 40


def test_a_sector_has_the_shape_of_the_real_one() -> None:
    sector = invent_sector(12_000, seed="x")
    kinds = [one.kind for one in sector.units]
    assert [kinds.count(kind) for kind in ("bo", "tong-cuc", "cuc-thads", "so-tu-phap", "chi-cuc")] == [
        *(1, 1, 63, 63, 693)
    ]
    assert len({one.path for one in sector.units}) == len({one.code for one in sector.units}) == 12_000
    assert all(one.path.startswith(one.parent.path) for one in sector.units if one.parent)
    assert all("Mẫu" in one.name for one in sector.units)


def test_paths_are_those_that_the_register_gives() -> None:
    sector = invent_sector(3000, seed="x")
    below: dict[InventedUnit | None, int] = {}
    for one in sector.units:
        below[one.parent] = below.get(one.parent, 0) + 1
        assert one.path[-4:] == path_step(below[one.parent])


def test_names_are_spread_as_in_life_and_visibly_invented() -> None:
    sector = invent_sector(100, seed="x")
    names = [row[4] for row in person_rows(sector, 2000)]
    assert all(name.split()[1] == "Mẫu" for name in names)
    share = sum(name.startswith("Nguyễn") for name in names) / len(names)
    assert 0.3 < share < 0.45
