"""Papers and reports about a day before a reorganisation, made after it."""

from datetime import date

import pytest
from django.urls import reverse

from exemplars.models import Nomination
from exemplars.services.reorganisation import carry_over
from exemplars.workflow import NominationState
from reports.figures import CampaignSummary, Measure
from reports.selectors.campaign_figures import ALL, list_rows, name_units, slice_campaign, summarise
from reports.selectors.dossiers import gather_dossier, list_nominations
from reports.workbook import make_workbook
from tests.reports import rows
from tests.reports.reading import sheets_of
from units.actors import system_actor
from units.models import Unit
from units.roles import Role
from units.scoping import unit_scope
from units.services import succession

pytestmark = pytest.mark.django_db

S = NominationState
ON = date(2025, 7, 1)
LATER = rows.AT.replace(year=2026)


@pytest.fixture
def sector() -> rows.Sector:
    """Rows of 2023, then both provinces and their units went into one new body on 1/7/2025."""
    sector = rows.make_sector()
    sector.campaign.closes_on = date(2023, 12, 31)
    sector.campaign.save()
    a1, a2, b1 = (sector.units[code] for code in ("CC-A1", "CC-A2", "CC-B1"))
    rows.owe(sector, a1, a2, b1, sector.first)
    rows.nominate(sector, a1, S.RECOGNISED, "met")
    rows.nominate(sector, b1, S.SUBMITTED)
    return sector


def reorganise(sector: rows.Sector) -> Unit:
    new = Unit(code="MOI", kind="thads-tinh", name="THADS tỉnh Giả Định", short_name="MOI", parent=sector.general)
    office = Unit(code="KV-1", kind="phong-khu-vuc", name="Phòng khu vực 1", short_name="KV-1", parent=new)
    for unit, is_legal in ((new, True), (office, False)):
        unit.place, unit.has_legal_personality = "Nơi mới", is_legal
    with unit_scope(sector.ministry.path):
        succession.found_units([new, office], on=ON)
        succession.apply_changes(
            [
                succession.merging(sector.first, into=new),
                succession.merging(sector.second, into=new),
                *(succession.merging(unit, into=office) for unit in sector.units.values()),
                succession.renaming(sector.ministry, name="Bộ Mới", short_name="Bộ Mới", place="Nơi mới"),
            ],
            on=ON,
            citation="MAU",
            actor=system_actor(sector.ministry, "thử"),
        )
    return new


def summary(sector: rows.Sector, viewer: Unit) -> CampaignSummary:
    with unit_scope(viewer.path):
        part = slice_campaign(sector.campaign, phase=ALL, day=ON)
        return summarise(part, viewer=viewer, as_of=LATER)


def lines(seen: CampaignSummary) -> dict[str, dict[str, int]]:
    return {branch.line.name: {line.name: line.figures.owed for line in branch.children} for branch in seen.branches}


def test_a_report_of_2023_is_the_same_after_the_merger(sector: rows.Sector) -> None:
    before = summary(sector, sector.ministry)
    reorganise(sector)
    sector.ministry.refresh_from_db()
    after = summary(sector, sector.ministry)
    assert lines(after) == lines(before)
    assert lines(after)["Cục Thi hành án dân sự tỉnh Giả Định B"] == {"Đơn vị giả định CC-B1": 1}
    assert after.total == before.total
    assert after.agrees
    assert (before.unit, after.unit) == ("Đơn vị giả định BO", "Bộ Mới")


def nominated(seen: CampaignSummary) -> dict[str, dict[str, int]]:
    return {
        branch.line.name: {line.name: line.figures.nominated for line in branch.children} for branch in seen.branches
    }


def hand_over(sector: rows.Sector) -> Unit:
    """The merger, and the heir that looks after what nobody had decided."""
    new = reorganise(sector)
    heir = Unit.objects.get(code="KV-1")
    actor = system_actor(sector.ministry, "thử")
    with unit_scope(sector.ministry.path):
        for unit in sector.units.values():
            unit.refresh_from_db()
            carry_over(unit, heir, on=ON, actor=actor)
    for unit in (sector.ministry, sector.first, *sector.units.values()):
        unit.refresh_from_db()
    return new


def test_what_an_heir_looks_after_counts_where_it_was_put_forward(sector: rows.Sector) -> None:
    before = summary(sector, sector.ministry)
    hand_over(sector)
    after = summary(sector, sector.ministry)
    assert nominated(after) == nominated(before)
    assert nominated(after)["Cục Thi hành án dân sự tỉnh Giả Định B"] == {"Đơn vị giả định CC-B1": 1}
    assert after.agrees
    with unit_scope(sector.ministry.path):
        part = slice_campaign(sector.campaign, phase=ALL, day=ON)
        day = sector.campaign.closes_on
        behind = name_units(list_rows(part, Measure.NOMINATED, day=day, units={sector.units["CC-B1"].pk}), day)
    assert [one.unit_name for one in behind] == ["Đơn vị giả định CC-B1"]
    assert [one.unit.code for one in behind] == ["KV-1"]


def test_a_time_that_still_runs_counts_it_under_the_heir(sector: rows.Sector) -> None:
    sector.campaign.closes_on = date(2027, 12, 31)
    sector.campaign.save()
    hand_over(sector)
    seen = summary(sector, sector.ministry)
    # What was decided stays with the unit that ended, below its heir.
    assert nominated(seen)["THADS tỉnh Giả Định"]["Phòng khu vực 1"] == 2
    assert seen.agrees


def test_a_second_merger_leaves_the_first_origin(sector: rows.Sector) -> None:
    hand_over(sector)
    heir, last = Unit.objects.get(code="KV-1"), Unit.objects.get(code="MOI")
    with unit_scope(sector.ministry.path):
        carry_over(heir, last, on=date(2026, 1, 1), actor=system_actor(sector.ministry, "thử"))
        (moved,) = Nomination.objects.filter(unit=last).select_related("origin")
    assert moved.origin == sector.units["CC-B1"]


def test_the_new_body_sees_the_report_of_both(sector: rows.Sector) -> None:
    new = reorganise(sector)
    seen = summary(sector, new)
    assert set(lines(seen)) == {"Cục Thi hành án dân sự tỉnh Giả Định A", "Cục Thi hành án dân sự tỉnh Giả Định B"}


def test_a_campaign_that_still_runs_shows_the_new_body(sector: rows.Sector) -> None:
    sector.campaign.closes_on = date(2027, 12, 31)
    sector.campaign.save()
    reorganise(sector)
    assert lines(summary(sector, sector.ministry)) == {
        "THADS tỉnh Giả Định": {"Phòng khu vực 1": 3, "Cục Thi hành án dân sự tỉnh Giả Định A": 1}
    }


def test_every_number_leads_to_its_rows_under_the_old_names(sector: rows.Sector) -> None:
    reorganise(sector)
    sector.ministry.refresh_from_db()
    client = rows.sign_in(sector.ministry, Role.STAFF)
    where = reverse("reports:campaign-report-rows", args=[sector.campaign.code])
    page = client.get(where, {"measure": "owed", "unit": "CUC-A", "phase": ALL}).content.decode()
    assert ": 3 trường hợp</h1>" in page
    assert "Đơn vị giả định CC-A1" in page
    assert "CC-B1" not in page


def test_the_workbook_names_units_as_they_were(sector: rows.Sector) -> None:
    reorganise(sector)
    with unit_scope(sector.units["CC-A1"].path[:4]):
        succession.rename_unit(
            sector.ministry,
            name="Bộ Khác",
            short_name="Bộ Khác",
            on=date(2026, 1, 1),
            citation="MAU",
            actor=system_actor(sector.ministry, "thử"),
        )
    seen = summary(sector, sector.ministry)
    with unit_scope(sector.ministry.path):
        part = slice_campaign(sector.campaign, phase=ALL, day=ON)
        named = name_units(list_rows(part, Measure.NOMINATED), date(2023, 12, 31))
        book = sheets_of(make_workbook(seen, named))
    assert [row[0] for row in book["Từng trường hợp"][3:]] == ["Đơn vị giả định CC-A1", "Đơn vị giả định CC-B1"]


def test_papers_of_2023_print_the_names_of_2023(sector: rows.Sector) -> None:
    nomination = rows.nominate(sector, sector.units["CC-A1"], S.ACCEPTED, "met")
    rows.conclude(sector, nomination)
    new = reorganise(sector)
    with unit_scope(sector.ministry.path):
        succession.rename_unit(
            new,
            name="Tên khác nữa",
            short_name="Tên khác nữa",
            on=date(2026, 1, 1),
            citation="MAU",
            actor=system_actor(sector.ministry, "thử"),
        )
    with unit_scope(new.path):
        facts = gather_dossier(list_nominations().get(pk=nomination.pk))
    assert facts.minutes is not None
    assert facts.decision is not None
    assert (facts.head.superior, facts.head.office, facts.head.place) == (
        "Cục Thi hành án dân sự tỉnh Giả Định A",
        "Đơn vị giả định CC-A1",
        "Thử",
    )
    assert facts.addressee == "Hội đồng Thi đua - Khen thưởng Cục Thi hành án dân sự tỉnh Giả Định A"
    assert facts.nominee.unit == "Đơn vị giả định CC-A1"
    assert facts.minutes.head.superior == "Cục Thi hành án dân sự tỉnh Giả Định A"
    assert facts.decision.head.office == "Cục Thi hành án dân sự tỉnh Giả Định A"
    assert facts.decision.issuing_authority == "Cục trưởng Cục Thi hành án dân sự tỉnh Giả Định A"
