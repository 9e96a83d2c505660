"""Score sheets: the template's file, the columns, sums, reasons, places."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import ScoreColumn, ScoreSheet, ScoreTemplate
from campaigns.scoring import ScoreTable, add_up, find_wrong, rank, read_shipped_tables, read_table, show_points
from campaigns.selectors.scores import rank_sheets, read_sheet, read_template
from campaigns.services import scores as service
from campaigns.services.inspections import add_inspection, add_team_member, create_inspection_plan
from campaigns.services.scores import ChangedTemplateError, Score, load_score_templates
from tests.builders import AT, DAY
from tests.campaigns.cluster_scene import ClusterScene
from units.data_file import DataFileError
from units.models import Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

SHIPPED = Path("campaigns/data/scores/kvtd-2021.toml")


# The file


def test_the_shipped_table_sums_up_and_says_that_it_is_not_confirmed() -> None:
    ((table, _),) = read_shipped_tables()
    assert table.total == Decimal(200) == sum(group.maximum for group in table.groups)
    assert table.is_confirmed is False
    assert "giả định" in table.note
    assert [item.highest for item in table.items if item.code == "CM-1"] == [Decimal(55)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('total = "200"', 'total = "190"', "cộng các tiêu chí được 200"),
        ('maximum = "50"', 'maximum = "-5"', "số dương"),
        ('maximum = "50"', 'maximum = "50.125"', "hai chữ số lẻ"),
        ('points = "30"', 'points = "31"', "nhiều hơn điểm tối đa"),
        ('code = "CM-2"', 'code = "CM-1"', "xuất hiện hơn một lần"),
        ('note = "', 'nota = "', "không có trong mẫu"),
        ("first_year = 2021", "first_year = 2021\nlast_year = 2020", "ở trước"),
    ],
)
def test_every_mistake_in_a_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "bang.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=words):
        read_table(path)


# Arithmetic


@given(st.lists(st.integers(0, 10_000), max_size=30))
def test_sums_are_exact(hundredths: list[int]) -> None:
    assert add_up(Decimal(one) / 100 for one in hundredths) == Decimal(sum(hundredths)) / 100


@given(st.lists(st.none() | st.integers(0, 5).map(Decimal), max_size=20))
def test_places_follow_totals_and_equal_totals_share_one(totals: list[Decimal | None]) -> None:
    places = rank(totals)
    for one, place in zip(totals, places, strict=True):
        assert (one is None) == (place is None)
        if one is not None:
            assert place == 1 + len([other for other in totals if other is not None and other > one])


def test_after_a_tie_places_are_counted_on() -> None:
    assert rank([Decimal(9), Decimal(8), None, Decimal(8), Decimal(7)]) == [1, 2, None, 2, 4]


@pytest.mark.parametrize(("points", "shown"), [("10.00", "10"), ("2.50", "2,5"), ("0", "0"), ("100", "100")])
def test_points_are_written_as_clerks_do(points: str, shown: str) -> None:
    assert show_points(Decimal(points)) == shown


def table() -> ScoreTable:
    return read_table(SHIPPED)


@pytest.mark.parametrize(
    ("points", "wrong"), [("0", False), ("55", False), ("55.01", True), ("-0.01", True), ("1.005", True)]
)
def test_an_item_gets_from_nothing_to_its_maximum_with_bonuses(points: str, wrong: bool) -> None:
    assert bool(find_wrong(table().items[0], Decimal(points))) is wrong


# Sheets


@pytest.fixture
def scene(db: None) -> ClusterScene:
    load_score_templates()
    return ClusterScene()


def full(less: str = "", by: str = "0", why: str = "") -> dict[str, Score]:
    """Every item at its maximum, one of them with less."""
    return {
        item.code: Score(item.maximum - (Decimal(by) if item.code == less else 0), why if item.code == less else "")
        for item in table().items
    }


def own_sheet(scene: ClusterScene, place: Unit, scores: dict[str, Score] | None = None) -> ScoreSheet:
    clerk = scene.act(place, Role.CLERK)
    with scene.at(place):
        sheet = service.create_score_sheet(scene.year, ScoreTemplate.objects.get(), actor=clerk)
        return service.score_self(sheet, scores or full(), actor=clerk)


def sent(scene: ClusterScene, place: Unit) -> ScoreSheet:
    """The head's copy of a sheet that the unit sent."""
    sheet = own_sheet(scene, place)
    with scene.at(place):
        service.send_score_sheet(sheet, actor=scene.act(place, Role.HEAD), at=AT)
    with scene.at(scene.head):
        return ScoreSheet.objects.get(side="head", about=place)


def concluded(scene: ClusterScene, place: Unit, scores: dict[str, Score]) -> ScoreSheet:
    copy = sent(scene, place)
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    with scene.at(scene.head):
        service.score_by_council(copy, scores, actor=secretariat)
        return service.conclude_score_sheet(copy, actor=secretariat, at=AT)


def test_publishing_twice_adds_nothing_and_a_changed_file_is_refused(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_score_templates() == 1
    assert load_score_templates() == 0
    text = SHIPPED.read_text(encoding="utf-8").replace("(mẫu dùng thử)", "(đã sửa)")
    (tmp_path / "kvtd.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("campaigns.scoring.TEMPLATES", tmp_path)
    with pytest.raises(ChangedTemplateError, match="version"):
        load_score_templates()
    (tmp_path / "kvtd.toml").write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    assert load_score_templates() == 1
    assert ScoreTemplate.objects.count() == 2


def test_the_unit_scores_and_sends_a_copy(scene: ClusterScene) -> None:
    copy = sent(scene, scene.member)
    assert (copy.unit, copy.about, copy.total_self) == (scene.head, scene.member, Decimal(200))
    with scene.at(scene.member):
        own = ScoreSheet.objects.get()
        assert (own.side, own.state) == ("member", "sent")
        with pytest.raises(RefusedError, match="đã gửi"):
            service.score_self(own, full(), actor=scene.act(scene.member, Role.CLERK))
        with pytest.raises(RefusedError, match="đã có bảng"):
            service.create_score_sheet(
                scene.year, ScoreTemplate.objects.get(), actor=scene.act(scene.member, Role.CLERK)
            )


def test_a_column_says_something_of_every_item_within_bounds(scene: ClusterScene) -> None:
    sheet = own_sheet(scene, scene.member)
    clerk = scene.act(scene.member, Role.CLERK)
    scores = full()
    with scene.at(scene.member):
        with pytest.raises(RefusedError, match=r"TD-3.*Chưa có điểm"):
            service.score_self(sheet, {code: one for code, one in scores.items() if code != "TD-3"}, actor=clerk)
        with pytest.raises(RefusedError, match=r"CM-1.*từ 0 đến 55"):
            service.score_self(sheet, scores | {"CM-1": Score(Decimal(56))}, actor=clerk)
        sheet.refresh_from_db()
        assert sheet.total_self == Decimal(200)


def test_every_difference_needs_a_reason_against_the_nearest_filled_column(scene: ClusterScene) -> None:
    copy = sent(scene, scene.member)
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    with scene.at(scene.head):
        with pytest.raises(RefusedError, match=r"CM-3.*chưa có lý do"):
            service.score_by_standing_body(copy, full("CM-3", "5"), actor=secretariat)
        copy = service.score_by_standing_body(copy, full("CM-3", "5", "Một vụ quá hạn"), actor=secretariat)
        assert copy.total_standing == Decimal(195)
        # The council agrees with the standing body: no reason. It differs from what the unit gave itself.
        service.score_by_council(copy, full("CM-3", "5"), actor=secretariat)
        with pytest.raises(RefusedError, match="không sửa được nữa"):
            service.score_by_standing_body(copy, full(), actor=secretariat)
        lines = [line for block in read_sheet(ScoreSheet.objects.get(pk=copy.pk), {}) for line in block.lines]
        line = next(one for one in lines if one.item.code == "CM-3")
        assert line.reasons == [("Thường trực", "Một vụ quá hạn")]
        assert [cell.differs for cell in line.cells] == [False, False, True, False]


def test_the_inspection_column_is_for_the_team_of_that_unit(scene: ClusterScene) -> None:
    copy, clerk = sent(scene, scene.member), scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head):
        with pytest.raises(RefusedError, match="không ở trong Đoàn"):
            service.score_by_inspection(copy, full(), actor=clerk)
        plan = create_inspection_plan(scene.year, title="x", number="1", issued_on=DAY, actor=clerk, at=AT)
        add_team_member(plan, username=clerk.account.username, office=None, duty="x", actor=clerk, day=DAY)
        add_inspection(plan, scene.third, starts_on=DAY, ends_on=DAY, actor=clerk)
        with pytest.raises(RefusedError, match="không ở trong Đoàn"):
            service.score_by_inspection(copy, full(), actor=clerk)
        add_inspection(plan, scene.member, starts_on=DAY, ends_on=DAY, actor=clerk)
        done = service.score_by_inspection(copy, full("XD-2", "2.5", "Một báo cáo muộn"), actor=clerk)
        assert done.total_inspection == Decimal("197.50")


def test_concluding_brings_every_column_back_to_the_unit(scene: ClusterScene) -> None:
    copy = sent(scene, scene.member)
    secretariat = scene.act(scene.head, Role.SECRETARIAT)
    with scene.at(scene.head):
        with pytest.raises(RefusedError, match="Hội đồng chưa cho điểm"):
            service.conclude_score_sheet(copy, actor=secretariat, at=AT)
        service.score_by_council(copy, full("CM-1", "10", "Một chỉ tiêu không đạt"), actor=secretariat)
        service.conclude_score_sheet(copy, actor=secretariat, at=AT)
        with pytest.raises(RefusedError, match="đã chốt"):
            service.score_by_council(copy, full(), actor=secretariat)
    with scene.at(scene.member):
        own = ScoreSheet.objects.get()
        assert (own.state, own.total_self, own.total_council) == ("concluded", Decimal(200), Decimal(190))
        assert own.entries.get(item="CM-1", column="council").reason == "Một chỉ tiêu không đạt"


def test_a_sheet_is_taken_back_only_while_nobody_scored(scene: ClusterScene) -> None:
    copy, head = sent(scene, scene.member), scene.act(scene.member, Role.HEAD)
    with scene.at(scene.member):
        own = ScoreSheet.objects.get()
        service.withdraw_score_sheet(own, actor=head)
        assert ScoreSheet.objects.get().state == "draft"
    with scene.at(scene.head):
        assert not ScoreSheet.objects.filter(pk=copy.pk).exists()
    with scene.at(scene.member):
        service.send_score_sheet(own, actor=head, at=AT)
    with scene.at(scene.head):
        again = ScoreSheet.objects.get(side="head")
        service.score_by_council(again, full(), actor=scene.act(scene.head, Role.SECRETARIAT))
    with scene.at(scene.member), pytest.raises(RefusedError, match="đã chấm"):
        service.withdraw_score_sheet(own, actor=head)


def test_the_head_has_a_sheet_of_its_own_and_scores_the_copy(scene: ClusterScene) -> None:
    copy = sent(scene, scene.head)
    with scene.at(scene.head):
        assert set(ScoreSheet.objects.values_list("side", flat=True)) == {"member", "head"}
        own = ScoreSheet.objects.get(side="member")
        with pytest.raises(RefusedError, match="do Cục THADS tỉnh Thái Nguyên giữ"):
            service.score_by_council(own, full(), actor=scene.act(scene.head, Role.SECRETARIAT))
    assert copy.unit == scene.head


def test_ranking_by_kind_with_ties_and_unfinished_ones_last(scene: ClusterScene) -> None:
    concluded(scene, scene.member, full("CM-1", "10", "x"))
    concluded(scene, scene.third, full("CM-1", "10", "x"))
    concluded(scene, scene.head, full("CM-2", "10", "x"))
    with maintenance_scope("test rows"):
        waiting = ScoreSheet(about=scene.outsider, year=scene.year, template=ScoreTemplate.objects.get(), side="head")
        sheets = [*ScoreSheet.objects.filter(side="head").select_related("about"), waiting]
    ranking = {one.kind: one.lines for one in rank_sheets(sheets)}
    bureaus = [(line.sheet.about.code, line.place, line.is_tied) for line in ranking["Cục Thi hành án dân sự"]]
    assert bureaus == [("CTHADS-TNG", 1, True), ("CTHADS-CBA", 1, True), ("CTHADS-LSO", None, False)]
    assert [line.place for line in ranking["Sở Tư pháp"]] == [1]


def test_the_way_through_the_screens(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    template = ScoreTemplate.objects.get()
    made = client.post(f"/cluster-years/{scene.year.pk}/score-sheets/add/", {"template": template.pk})
    assert made.status_code == 302
    with scene.at(scene.member):
        address = ScoreSheet.objects.get().get_absolute_url()
    typed = {f"points_{item.code}": show_points(item.maximum) for item in read_template(template).items}
    wrong = client.post(f"{address}self/", typed | {"points_CM-1": "chín", "words_CM-1": "Báo cáo số 1"})
    assert wrong.status_code == 422
    assert "Báo cáo số 1" in wrong.content.decode()
    assert "từ 0 đến 55" in wrong.content.decode()
    saved = client.post(f"{address}self/", typed | {"points_CM-1": "47,5", "words_CM-1": "Báo cáo số 1"})
    assert saved.status_code == 302
    assert "197,5" in client.get(address).content.decode()
    assert client.post(f"{address}send/").status_code == 403
    client.force_login(scene.act(scene.member, Role.HEAD).account)
    assert client.post(f"{address}send/").status_code == 302
    client.force_login(scene.act(scene.head, Role.SECRETARIAT).account)
    assert client.get(address).status_code == 404
    with scene.at(scene.head):
        copy = ScoreSheet.objects.get(side="head").get_absolute_url()
    typed["points_CM-1"] = "40"
    refused = client.post(f"{copy}council/", typed)
    assert refused.status_code == 422
    assert "Điểm khác 47,5" in refused.content.decode()
    assert client.post(f"{copy}council/", typed | {"words_CM-1": "Một chỉ tiêu không đạt"}).status_code == 302
    assert client.post(f"{copy}conclude/").status_code == 302
    ranking = f"/cluster-years/{scene.year.pk}/score-sheets/"
    assert "190" in client.get(ranking).content.decode()
    for book in (f"{ranking}workbook/", f"{copy}workbook/"):
        assert client.get(book)["Content-Type"].startswith("application/vnd")
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    assert "Một chỉ tiêu không đạt" in client.get(address).content.decode()
    assert ScoreColumn.COUNCIL.label in client.get(address).content.decode()
