"""Lists as workbooks: text stays text, days are days, and nothing is there that the list does not show."""

import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from exemplars.models import Nomination
from tests.builders import DAY, person, user
from tests.exemplars.test_nominations import Story
from tests.units.test_frame import walk
from tests.units.workbooks import content_of, read, sheet_xml
from units.models import AuditEntry
from units.roles import Role
from units.scoping import maintenance_scope
from units.spreadsheets import Cell, CellKind, Column, answer_workbook

COLUMNS = (Column("Tên"), Column("Ngày", CellKind.DAY), Column("Lúc", CellKind.MOMENT), Column("Số", CellKind.NUMBER))


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "http://x.vn"])
def test_what_looks_like_a_formula_or_a_link_is_text(text: str) -> None:
    response = answer_workbook("Thử", COLUMNS, [(text, None, None, None)])
    xml = sheet_xml(content_of(response))
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert 't="inlineStr"' in xml


def test_days_and_moments_are_dates_of_the_wall_clock_in_vietnam() -> None:
    moment = datetime(2023, 11, 5, 20, 30, tzinfo=UTC)
    _, table = read(answer_workbook("Thử", COLUMNS, [("a", date(2023, 11, 5), moment, 7)]))
    assert table[1] == ["a", date(2023, 11, 5), datetime(2023, 11, 6, 3, 30), 7]  # noqa: DTZ001  Excel knows no zones


def test_the_heading_states_scope_and_day_and_the_header_is_frozen_and_filtered() -> None:
    response = answer_workbook("Danh sách thử", COLUMNS, [("a", None, None, 1)], about="Phạm vi: Bộ Mẫu")
    assert response["Content-Disposition"].startswith("attachment")
    content = content_of(response)
    xml = sheet_xml(content)
    assert 'ySplit="4"' in xml
    assert '<autoFilter ref="A4:D5"/>' in xml
    assert "Danh sách thử" in xml
    assert "Phạm vi: Bộ Mẫu. Số liệu lúc" in xml


def test_an_empty_list_has_its_header() -> None:
    response = answer_workbook("Thử", COLUMNS, [])
    assert response.rows_written == 0
    assert read(response)[1][0] == ["Tên", "Ngày", "Lúc", "Số"]


def test_a_list_that_breaks_sends_nothing() -> None:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield ("a", None, None, 1)
        raise KeyError("gone")

    with pytest.raises(KeyError):
        answer_workbook("Thử", COLUMNS, rows())


def test_a_hundred_thousand_rows_are_not_held_in_memory() -> None:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for number in range(100_000):
            yield f"=Người thứ {number}", DAY, None, number

    answer_workbook("Thử", COLUMNS, [("a", None, None, 1)]).file_to_stream.close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = answer_workbook("Thử", COLUMNS, rows())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    response.file_to_stream.close()
    assert response.rows_written == 100_000
    assert grown < 40_000  # kilobytes; the rows alone would be several times as much


@pytest.fixture
def story(settings: object) -> Story:
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]
    with maintenance_scope("test rows"):
        return Story()


def signed(name: str, *duties: tuple[object, Role]) -> Client:
    client = Client()
    client.force_login(user(name, *duties))  # type: ignore[arg-type]
    return client


def test_every_workbook_asks_for_the_right_of_the_list_beside_it() -> None:
    views = dict(walk(get_resolver()))
    for name, view in views.items():
        listed = views.get(name.removesuffix("-workbook"))
        if name.endswith("-workbook") and listed is not None:
            assert view.required_permission == listed.required_permission, name  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_workbook_holds_what_the_list_shows_and_leaves_a_line_in_the_trail(story: Story) -> None:
    with maintenance_scope("test rows"):
        ours = story.submitted()
        story.create(person(story.tree.branch, "Nông Văn Nháp"))
    clerk = signed("clerk", (story.tree.branch, Role.CLERK))
    heading, table = read(clerk.get("/nominations/workbook/"))
    assert {row[0] for row in table[1:]} == {ours.nominee_name, "Nông Văn Nháp"}
    assert story.tree.branch.name in heading[1][0]
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="export-list")
    assert entry.detail == {"list": "Danh sách đề nghị", "rows": 2}
    # A draft is its own unit's; a neighbour sees neither.
    above = signed("above", (story.tree.bureau, Role.SECRETARIAT))
    assert read(above.get("/nominations/workbook/"))[1][1:][0][0] == ours.nominee_name
    assert len(read(above.get("/nominations/workbook/"))[1]) == 2
    beside = signed("beside", (story.tree.sibling, Role.CLERK))
    assert not any(cell for row in read(beside.get("/nominations/workbook/"))[1][1:] for cell in row)


@pytest.mark.django_db
def test_the_workbook_follows_the_filters_and_says_so(story: Story) -> None:
    with maintenance_scope("test rows"):
        story.submitted()
        story.create(person(story.tree.branch, "Nông Văn Nháp"))
    clerk = signed("clerk", (story.tree.branch, Role.CLERK))
    heading, table = read(clerk.get("/nominations/workbook/?q=nong+van"))
    assert [row[0] for row in table[1:]] == ["Nông Văn Nháp"]
    assert "tên có «nong van»" in heading[1][0]
    assert 'href="/nominations/workbook/?q=nong+van"' in clerk.get("/nominations/?q=nong+van").content.decode()


@pytest.mark.django_db
def test_the_workbook_costs_the_same_queries_for_one_and_for_three(story: Story) -> None:
    clerk = signed("clerk", (story.tree.branch, Role.CLERK))
    costs = []
    for number in (1, 2):
        for extra in range(number):
            with maintenance_scope("test rows"):
                story.create(person(story.tree.branch, f"Nông Văn Thử {number}{extra}"))
        with CaptureQueriesContext(connection) as queries:
            content_of(clerk.get("/nominations/workbook/"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_the_trail_goes_out_in_words_and_a_wrong_day_goes_back_to_the_page(story: Story) -> None:
    with maintenance_scope("test rows"):
        story.submitted()
    head = signed("head", (story.tree.branch, Role.HEAD))
    address = reverse("units:trail-unit-workbook", args=[story.tree.branch.pk])
    heading, table = read(head.get(f"{address}?since=01/01/2023"))
    assert "Trình thủ trưởng" in {row[2] for row in table[1:]}
    assert "Từ ngày: 01/01/2023" in heading[1][0]
    assert head.get(f"{address}?since=40/40/2023", follow=True).status_code == 422
    assert head.get(reverse("units:trail-unit-workbook", args=[story.tree.sibling.pk])).status_code == 404


@pytest.mark.django_db
def test_lists_of_every_app_answer_as_workbooks(story: Story) -> None:
    with maintenance_scope("test rows"):
        story.forwarded()
    secretariat = signed("secretariat", (story.tree.bureau, Role.SECRETARIAT))
    campaign = story.campaign.code
    for address in (
        "/assignments/workbook/",
        "/extensions/workbook/",
        "/campaigns/workbook/",
        f"/campaigns/{campaign}/workbook/",
        "/councils/workbook/",
        "/council/sittings/workbook/",
        "/decisions/workbook/",
        "/reports/workbook/",
        f"/reports/campaigns/{campaign}/rows/workbook/?measure=nominated",
        f"/reports/campaigns/{campaign}/rows/workbook/?measure=owed",
        "/my-openings/workbook/",
    ):
        response = secretariat.get(address)
        assert response.status_code == 200, address
        assert read(response)[1][0], address
    rows = read(secretariat.get(f"/reports/campaigns/{campaign}/rows/workbook/?measure=nominated"))[1]
    with maintenance_scope("test rows"):
        assert rows[1][0] == Nomination.objects.get().nominee_name


@pytest.mark.django_db
def test_a_role_without_the_list_has_no_workbook_of_it(story: Story) -> None:
    assert signed("records", (story.tree.branch, Role.RECORDS)).get("/assignments/workbook/").status_code == 403
