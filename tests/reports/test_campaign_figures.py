"""The consolidated report: right numbers, the rows behind each, one scope, a constant number of queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Assignment, Obligation, ObligationKind, Phase
from exemplars.models import Nomination
from exemplars.workflow import NominationState
from reports.figures import CampaignSummary, Figures, Line, Measure
from reports.selectors.campaign_figures import (
    ALL,
    Slice,
    find_branch_units,
    list_rows,
    name_units,
    slice_campaign,
    summarise,
)
from reports.workbook import make_workbook
from tests.reports import rows
from tests.reports.reading import sheets_of, text_of
from units.folding import fold
from units.models import Unit
from units.roles import Role
from units.scoping import unit_scope

S = NominationState


@pytest.fixture
def sector(db: None) -> rows.Sector:
    return rows.make_sector()


@pytest.fixture
def busy(sector: rows.Sector) -> rows.Sector:
    """Two provinces and a justice department, every measure at a number of its own."""
    a1, a2, b1 = (sector.units[code] for code in ("CC-A1", "CC-A2", "CC-B1"))
    rows.owe(sector, a1, a2, b1, sector.first, sector.justice)
    rows.nominate(sector, a1, S.RECOGNISED, "met")
    rows.nominate(sector, a1, S.DECLINED, "met")
    rows.nominate(sector, a1, S.DRAFT, "met")
    rows.nominate(sector, a2, S.SUBMITTED, "unmet")
    rows.nominate(sector, b1, S.ACCEPTED, "met")
    rows.nominate(sector, sector.first, S.RETURNED)
    rows.nominate(sector, sector.justice, S.WITHDRAWN, "met")
    return sector


def whole(sector: rows.Sector, phase: str = ALL) -> Slice:
    return slice_campaign(sector.campaign, phase=phase, day=rows.DAY)


def summary(sector: rows.Sector, viewer: Unit) -> CampaignSummary:
    with unit_scope(viewer.path):
        return summarise(whole(sector), viewer=viewer, as_of=rows.AT)


def address(sector: rows.Sector, name: str = "campaign-report", **query: str) -> str:
    return reverse(f"reports:{name}", args=[sector.campaign.code], query=query)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_ministry_sees_each_province_and_the_parts_add_up(busy: rows.Sector) -> None:
    seen = summary(busy, busy.ministry)

    assert {one.line.code: one.line.figures for one in seen.branches} == {
        "CUC-A": Figures(owed=3, nominated=4, qualified=2, accepted=2, recognised=1, unsent=2),
        "CUC-B": Figures(owed=1, nominated=1, qualified=1, accepted=1, recognised=0, unsent=0),
        "SO-A": Figures(owed=1, unsent=1),
    }
    assert seen.total == Figures(owed=5, nominated=5, qualified=3, accepted=3, recognised=1, unsent=3)
    assert seen.agrees


def test_a_province_is_divided_into_its_units_and_its_own_office(busy: rows.Sector) -> None:
    (branch,) = summary(busy, busy.first).branches

    assert [(line.code, line.is_own, line.figures) for line in branch.children] == [
        ("CUC-A", True, Figures(owed=1, nominated=1, unsent=1)),
        ("CC-A1", False, Figures(owed=1, nominated=2, qualified=2, accepted=2, recognised=1)),
        ("CC-A2", False, Figures(owed=1, nominated=1, unsent=1)),
    ]
    assert branch.agrees


def test_an_office_outside_every_province_stands_for_itself(sector: rows.Sector) -> None:
    rows.owe(sector, sector.general)

    assert [one.line.code for one in summary(sector, sector.ministry).branches] == ["TC"]


def test_units_two_levels_below_a_justice_department_are_counted_in_it(sector: rows.Sector) -> None:
    office = rows.add_unit("PHONG", "phong", sector.justice)
    rows.owe(sector, office, rows.add_unit("TO", "phong", office))
    (branch,) = summary(sector, sector.ministry).branches

    assert (branch.line.code, branch.line.figures.owed) == ("SO-A", 2)
    assert [(one.code, one.figures.owed) for one in branch.children] == [("PHONG", 2)]


def test_a_unit_sees_itself_alone(busy: rows.Sector) -> None:
    (branch,) = summary(busy, busy.units["CC-A1"]).branches

    assert (branch.line.code, branch.line.figures.nominated) == ("CC-A1", 2)


def test_the_latest_assessment_decides(sector: rows.Sector) -> None:
    nomination = rows.nominate(sector, sector.units["CC-A1"], S.FORWARDED, "met")
    rows.assess(sector, nomination, "unmet", rows.AT + timedelta(hours=1))

    assert summary(sector, sector.first).total.qualified == 0


def test_what_was_reported_done_on_paper_is_not_missing(sector: rows.Sector) -> None:
    rows.owe(sector, sector.units["CC-A1"], done=True)

    assert summary(sector, sector.first).total == Figures(owed=1, unsent=0)


def test_a_disagreement_is_seen_because_both_levels_are_counted(busy: rows.Sector) -> None:
    (branch,) = summary(busy, busy.first).branches

    assert not type(branch)(branch.line, branch.children[1:]).agrees


def test_a_phase_counts_what_it_asks_for_and_nothing_else(sector: rows.Sector) -> None:
    unit = sector.units["CC-A1"]
    rows.owe(sector, unit)
    for year in (2023, 2024):
        phase = Phase.objects.create(
            campaign=sector.campaign,
            code=str(year),
            title=f"Năm {year}",
            opens_on=date(year, 1, 1),
            closes_on=date(year, 12, 31),
            citation="mục I",
        )
        asked = Obligation.objects.create(
            campaign=sector.campaign,
            code=f"XET-{year}",
            title="Gửi đề nghị",
            kind=ObligationKind.NOMINATION,
            phase=phase,
            awards=[sector.title.code],
            owed_to=sector.first,
            citation="mục I",
        )
        with rows.everywhere():
            Assignment.objects.create(unit=unit, obligation=asked, done_at=rows.AT if year == 2023 else None)
    rows.nominate(sector, unit, S.FORWARDED)

    with unit_scope(sector.first.path):
        totals = {
            code: summarise(whole(sector, code), viewer=sector.first, as_of=rows.AT).total
            for code in ("2023", "2024", ALL)
        }
    assert totals == {
        "2023": Figures(owed=1, nominated=1),
        "2024": Figures(owed=1, unsent=1),
        ALL: Figures(owed=3, nominated=1, unsent=1),
    }
    chosen = whole(sector, "").phase
    assert chosen is not None
    assert chosen.code == "2023"
    client = rows.sign_in(sector.first, Role.HEAD)
    assert client.get(address(sector, phase="2031")).status_code == 404
    assert 'value="2024" selected' in page(client, address(sector, phase="2024"))


def test_what_a_plan_only_allows_is_not_owed(sector: rows.Sector) -> None:
    rows.owe(sector, sector.units["CC-A1"])
    Obligation.objects.update(is_optional=True)

    assert summary(sector, sector.first).total == Figures()


@pytest.mark.parametrize("measure", list(Measure))
def test_each_number_equals_the_rows_behind_it(measure: Measure, busy: rows.Sector) -> None:
    seen = summary(busy, busy.ministry)
    with unit_scope(busy.ministry.path):
        units = {unit.code: unit for unit in Unit.objects.all()}

        def count(line: Line) -> int:
            unit = units[line.code]
            below = find_branch_units(whole(busy), unit, viewer=busy.ministry, as_of=rows.AT)
            return list_rows(whole(busy), measure, day=rows.DAY, units={unit.pk} if line.is_own else below).count()

        for branch in seen.branches:
            assert count(branch.line) == branch.line.figures.of(measure)
            for line in branch.children:
                assert count(line) == line.figures.of(measure)


@pytest.mark.parametrize("viewer", ["ministry", "first"])
def test_the_number_of_queries_does_not_depend_on_the_rows(viewer: str, sector: rows.Sector) -> None:
    counts = []
    for how_many in (1, 3):
        for code in ("CC-A1", "CC-A2", "CC-B1")[:how_many]:
            rows.nominate(sector, sector.units[code], S.FORWARDED, "met")
        with CaptureQueriesContext(connection) as queries:
            summary(sector, getattr(sector, viewer))
        counts.append(len(queries))

    # Ten for the figures, and one each to step into the scope and out of it.
    assert counts == [12, 12]


@pytest.mark.parametrize("name", ["campaign-report", "campaign-report-rows", "campaign-report-workbook"])
def test_pages_ask_the_same_number_of_queries_with_one_row_and_three(name: str, sector: rows.Sector) -> None:
    client = rows.sign_in(sector.ministry, Role.STAFF)
    where = address(sector, name, measure="nominated")
    counts = []
    for how_many in (1, 2):
        for code in ("CC-A1", "CC-B1")[:how_many]:
            rows.nominate(sector, sector.units[code], S.FORWARDED, "met")
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_staff_open_the_report_and_every_number_leads_to_its_rows(busy: rows.Sector) -> None:
    client = rows.sign_in(busy.ministry, Role.STAFF)
    listed = page(client, reverse("reports:campaign-report-list"))
    assert address(busy) in listed
    text = page(client, address(busy))

    links = re.findall(r'href="([^"]*/rows/[^"]*)"[^>]*>(\d+)<', text)
    assert len(links) > 10
    for link, number in links:
        assert f": {number} trường hợp</h1>" in page(client, link.replace("&amp;", "&"))
    assert "khớp với số đếm riêng của tỉnh ở cả 3" in text


def test_a_province_opened_from_above_shows_its_units_and_their_own_rows(busy: rows.Sector) -> None:
    client = rows.sign_in(busy.ministry, Role.STAFF)
    text = page(client, address(busy, unit="CUC-A"))

    assert "Theo đơn vị" in text
    assert "(cơ quan)" in text
    for link, number in re.findall(r'href="([^"]*/rows/[^"]*)"[^>]*>(\d+)<', text):
        assert f": {number} trường hợp</h1>" in page(client, link.replace("&amp;", "&"))


def test_a_province_sees_only_its_part(busy: rows.Sector) -> None:
    client = rows.sign_in(busy.first, Role.SECRETARIAT)
    text = page(client, address(busy))

    assert "CUC-B" not in text
    assert "tỉnh Giả Định B" not in text
    assert client.get(address(busy, unit="CUC-B")).status_code == 404
    for outside in ("CC-B1", "KHONG-CO", "\0"):
        assert client.get(address(busy, "campaign-report-rows", measure="owed", unit=outside)).status_code == 404
    book = client.get(address(busy, "campaign-report-workbook")).content
    assert "Giả Định B" not in str(sheets_of(book))


@pytest.mark.parametrize(
    ("name", "query"),
    [("campaign-report", {"unit": "KHONG-CO"}), ("campaign-report-rows", {"measure": "bia-dat"})],
)
def test_a_unit_or_measure_that_does_not_exist_is_not_found(
    name: str, query: dict[str, str], busy: rows.Sector
) -> None:
    assert rows.sign_in(busy.ministry, Role.STAFF).get(address(busy, name, **query)).status_code == 404


@pytest.mark.parametrize(
    "name", ["campaign-report", "campaign-report-rows", "campaign-report-workbook", "campaign-report-paper"]
)
def test_the_report_is_for_those_who_oversee(name: str, busy: rows.Sector) -> None:
    where = address(busy, name, measure="owed")

    assert rows.sign_in(busy.first, Role.CLERK).get(where).status_code == 403
    assert Client().get(where)["Location"].startswith(reverse("units:sign-in"))
    assert rows.sign_in(busy.first, Role.HEAD).post(where).status_code == 405


def test_a_campaign_without_rows_says_so(sector: rows.Sector) -> None:
    client = rows.sign_in(sector.ministry, Role.STAFF)

    assert "Chưa có phong trào nào" in page(client, reverse("reports:campaign-report-list"))
    assert "Chưa có đơn vị nào trong phạm vi" in page(client, address(sector))
    assert "0 trường hợp" in page(client, address(sector, "campaign-report-rows", measure="unsent"))
    assert client.get(address(sector, "campaign-report-workbook")).status_code == 200
    assert client.get(address(sector, "campaign-report-paper")).status_code == 200


def test_many_rows_are_shown_by_pages(sector: rows.Sector) -> None:
    for _ in range(51):
        rows.nominate(sector, sector.units["CC-A1"])
    client = rows.sign_in(sector.first, Role.HEAD)
    first = page(client, address(sector, "campaign-report-rows", measure="nominated", unit="CC-A1"))

    assert "Trang 1/2" in first
    (link,) = re.findall(r'href="(\?[^"]*page=2[^"]*)"', first)
    second = page(client, address(sector, "campaign-report-rows") + link.replace("&amp;", "&"))
    assert "Trang 2/2" in second
    assert second.count('<th scope="row">') == 1


def test_the_workbook_the_paper_and_the_page_hold_the_same_numbers(busy: rows.Sector) -> None:
    client = rows.sign_in(busy.ministry, Role.STAFF)
    book = sheets_of(client.get(address(busy, "campaign-report-workbook")).content)
    paper = text_of(client.get(address(busy, "campaign-report-paper")).content)

    assert list(book) == ["Theo tỉnh", "Theo đơn vị", "Từng trường hợp"]
    assert "số liệu đến" in book["Theo tỉnh"][1][0]
    assert book["Theo tỉnh"][-1] == ["Tổng cộng", "5", "5", "3", "3", "1", "3"]
    assert book["Theo đơn vị"][-1] == ["Tổng cộng", "", "5", "5", "3", "3", "1", "3"]
    assert len(book["Từng trường hợp"]) - 3 == 5
    assert "Tổng cộng 5 5 3 3 1 3" in paper
    assert "3/3 dòng của bảng 1" in paper


@pytest.mark.parametrize("payload", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_words_of_people_are_never_formulas(payload: str, sector: rows.Sector) -> None:
    nomination = rows.nominate(sector, sector.units["CC-A1"])
    with rows.everywhere():
        Nomination.objects.filter(pk=nomination.pk).update(nominee_name=payload, folded_nominee=fold(payload))
    with unit_scope(sector.first.path):
        seen = summarise(whole(sector), viewer=sector.first, as_of=rows.AT)
        book = sheets_of(make_workbook(seen, name_units(list_rows(whole(sector), Measure.NOMINATED), rows.DAY)))

    assert payload in book["Từng trường hợp"][-1]
    assert "FORMULA" not in str(book)


def test_the_same_figures_give_the_same_workbook(busy: rows.Sector) -> None:
    seen = summary(busy, busy.ministry)

    def make() -> bytes:
        with unit_scope(busy.ministry.path):
            return make_workbook(seen, name_units(list_rows(whole(busy), Measure.NOMINATED), rows.DAY))

    assert sheets_of(make()) == sheets_of(make())


@pytest.mark.parametrize(("owed", "unsent", "percent"), [(0, 0, None), (3, 1, 66), (200, 1, 99), (4, 0, 100)])
def test_a_hundred_percent_means_all(owed: int, unsent: int, percent: int | None) -> None:
    assert Figures(owed=owed, unsent=unsent).sent_percent == percent
