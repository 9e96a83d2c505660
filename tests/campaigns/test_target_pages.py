"""Screens of indicators: the issuer's, the report's, one unit's years, the overview, and what a score sheet shows."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import (
    Assignment,
    ClusterYear,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Obligation,
    ScoreTemplate,
    Submission,
)
from campaigns.plan_file import PLANS, read_plan
from campaigns.scoring import read_table_text
from campaigns.selectors import target_overview
from campaigns.selectors.scores import read_reported
from campaigns.selectors.target_overview import Overview, OverviewFilter, read_rows
from campaigns.selectors.targets import list_facts, list_reports
from campaigns.services import scores as score_service
from campaigns.services.filings import return_submission
from campaigns.services.launch import launch_campaign
from campaigns.services.scores import Score, load_score_templates
from tests.builders import AT, DAY, actor, campaign, obligation, unit, user
from tests.campaigns.cluster_scene import ClusterScene
from tests.campaigns.target_scene import TargetScene, moment
from tests.units.workbooks import read
from units.data_file import DataFileError
from units.models import Unit
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_register

pytestmark = pytest.mark.django_db
PLAN = "TNG-DHTT-2023"


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: object) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]


@pytest.fixture
def scene() -> TargetScene:
    with maintenance_scope("test rows"):
        return TargetScene()


@pytest.fixture
def everything() -> Iterator[None]:
    with maintenance_scope("tests read every unit"):
        yield


def signed(place: Unit, role: Role) -> Client:
    client = Client()
    client.force_login(user(f"{role.value}-{place.code}-page", (place, role)))
    return client


def given(scene: TargetScene, level: str | None = "95", **more: str) -> Indicator:
    with maintenance_scope("test rows"):
        indicator = scene.add(**more)
        scene.target(indicator, level)
        return indicator


def sent(scene: TargetScene, report: str, place: Unit, values: dict[Indicator, str], day: date = DAY) -> Submission:
    with maintenance_scope("test rows"):
        return scene.send(report, place, values, moment(day))


def drafted(scene: TargetScene, report: str, place: Unit) -> Submission:
    with maintenance_scope("test rows"):
        return scene.draft(report, place, {})


# --- the issuer ----------------------------------------------------------------------------------


def test_the_issuer_defines_an_indicator_and_gives_levels(scene: TargetScene) -> None:
    client = signed(scene.bureau, Role.SECRETARIAT)
    page = f"/campaigns/{PLAN}/indicators/"
    assert "chưa có chỉ tiêu" in client.get(page).content.decode()
    form = {
        "title": "Bản án được theo dõi", "code": "an-hc", "measure": "percent", "measured_in": "",
        "direction": "more", "half_year": "optional", "yearly": "required", "citation": "II.1.1",
    }  # fmt: skip
    assert client.post(f"{page}add/", form).status_code == 302
    indicator = Indicator.objects.get()
    assert "Chưa giao mức cho ai" in client.get(page).content.decode()
    target = f"/indicators/{indicator.pk}/targets/set/"
    assert client.post(target, {"to": "all", "level": "98,5"}).status_code == 302
    assert client.post(target, {"to": "kind", "unit_kind": "chi-cuc", "level": "99"}).status_code == 302
    named = {"to": "unit", "addressee": "DAI-TU", "level": "100 %"}
    assert client.post(target, named).status_code == 302
    again = client.post(target, named | {"level": "97"})
    assert (again.status_code, "Chưa ghi lý do" in again.content.decode()) == (422, True)
    assert 'value="97"' in again.content.decode()
    told = client.get(page).content.decode()
    for shown in ("từ 98,5 % trở lên", "từ 99 % trở lên", "từ 100 % trở lên", "Mọi đơn vị được giao", "Đại Từ"):
        assert shown in told
    assert (
        client.post(f"/indicators/{indicator.pk}/end/", {"ended_on": "13/11/2023", "reason": "gộp"}).status_code == 302
    )
    assert "Thôi dùng từ 13/11/2023" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"to": "all", "level": "chín mươi"}, "Ghi một số từ 0 đến 1000"),
        ({"to": "all", "level": "1.234"}, "1234 hoặc 1,234"),
        ({"to": "all", "level": ""}, "chọn chỉ theo dõi"),
        ({"to": "all", "level": "9", "is_followed": "on"}, "chọn chỉ theo dõi"),
        ({"to": "kind", "level": "9"}, "Chọn loại đơn vị."),
        ({"to": "unit", "level": "9"}, "Ghi mã hoặc tên đơn vị."),
        ({"to": "unit", "addressee": "CTHADS-CBA", "level": "9"}, "Không có đơn vị nào khớp"),
        ({"level": "9"}, "Chọn giao cho ai."),
    ],
)
def test_a_level_that_cannot_be_is_refused_with_what_was_typed(
    scene: TargetScene, typed: dict[str, str], said: str
) -> None:
    indicator = given(scene)
    answer = signed(scene.bureau, Role.SECRETARIAT).post(f"/indicators/{indicator.pk}/targets/set/", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert IndicatorTarget.objects.count() == 1


def test_others_read_the_plan_s_indicators_and_change_nothing(scene: TargetScene) -> None:
    indicator = given(scene)
    below = signed(scene.branch, Role.SECRETARIAT)
    page = below.get(f"/campaigns/{PLAN}/indicators/").content.decode()
    assert "từ 95 % trở lên" in page
    assert "Thêm chỉ tiêu</a>" not in page
    for address in (
        f"/campaigns/{PLAN}/indicators/add/",
        *(f"/indicators/{indicator.pk}/{one}/" for one in ("edit", "end")),
    ):
        assert below.get(address).status_code == 404
    assert signed(scene.bureau, Role.CLERK).get(f"/indicators/{indicator.pk}/edit/").status_code == 403


def test_the_issuer_says_which_reports_hold_indicators(scene: TargetScene) -> None:
    indicator = given(scene)
    client, address = signed(scene.bureau, Role.SECRETARIAT), f"/campaigns/{PLAN}/indicators/reports/choose/"
    assert client.get(address).content.decode().count("checked") == 3
    kept = scene.reports["NAM-2023"]
    assert client.post(address, {"reports": [kept.pk]}).status_code == 302
    assert {one.pk for one in kept.campaign.obligations.filter(filing="yearly-report", holds_indicators=True)} == {
        kept.pk
    }
    sent(scene, "NAM-2023", scene.branch, {indicator: "97"})
    refused = client.post(address, {"reports": [scene.reports["NUA-2023"].pk]})
    assert (refused.status_code, "Đã có đơn vị gửi số liệu" in refused.content.decode()) == (422, True)
    kept.refresh_from_db()
    assert kept.holds_indicators
    assert signed(scene.branch, Role.SECRETARIAT).get(address).status_code == 404


# --- the report ----------------------------------------------------------------------------------


def test_a_clerk_fills_values_in_and_sends(scene: TargetScene) -> None:
    first, second = given(scene), given(scene, code="SO-VU", title="Số vụ", measure="count", measured_in="vụ")
    sent(scene, "NAM-2022", scene.branch, {first: "92", second: "7"}, date(2022, 11, 1))
    draft = drafted(scene, "NAM-2023", scene.branch)
    clerk = signed(scene.branch, Role.CLERK)
    page = clerk.get(f"/submissions/{draft.pk}/edit/").content.decode()
    assert "năm trước: 92 %" in page
    assert "phải có khi gửi" in page
    address = f"/submissions/{draft.pk}/indicators/"
    value, note = f"indicator-value_{first.pk}", f"indicator-note_{first.pk}"
    wrong = clerk.post(address, {value: "chín mươi tám", note: "do án mới"})
    body = wrong.content.decode()
    assert (wrong.status_code, "chín mươi tám" in body) == (422, True)
    assert "Ghi một số từ 0 đến 1000" in body
    assert "do án mới" in body
    assert clerk.post(address, {value: "", note: "chưa có"}).status_code == 422
    assert clerk.post(address, {value: "98,5", note: "do án mới"}).status_code == 302
    check = clerk.get(f"/submissions/{draft.pk}/check/").content.decode()
    assert "Chỉ tiêu «Số vụ»: chưa có số liệu." in check
    second_value = f"indicator-value_{second.pk}"
    assert clerk.post(address, {value: "98.5", note: "do án mới", second_value: "1.250"}).status_code == 302
    assert clerk.post(f"/submissions/{draft.pk}/send/").status_code == 302
    shown = signed(scene.bureau, Role.SECRETARIAT).get(f"/submissions/{draft.pk}/").content.decode()
    for words_ in ("98,5 %", "do án mới", "tăng 6,5 điểm phần trăm", "1.250 vụ", "Đạt"):
        assert words_ in shown


def test_a_refused_upload_leaves_the_other_forms_their_own_addresses(scene: TargetScene) -> None:
    given(scene)
    draft = drafted(scene, "NAM-2023", scene.branch)
    refused = signed(scene.branch, Role.CLERK).post(f"/submissions/{draft.pk}/papers/")
    assert refused.status_code == 422
    forms = re.findall(r'<form method="post"[^>]*action="/submissions/[0-9a-f-]+/([a-z]+)/"', refused.content.decode())
    assert {"edit", "indicators", "papers", "withdraw"} <= set(forms)


def test_values_are_written_by_the_unit_s_clerk_alone(scene: TargetScene) -> None:
    given(scene)
    address = f"/submissions/{drafted(scene, 'NAM-2023', scene.branch).pk}/indicators/"
    assert signed(scene.branch, Role.CLERK).get(address).status_code == 405
    assert signed(scene.branch, Role.HEAD).post(address).status_code == 403
    assert signed(scene.sibling, Role.CLERK).post(address).status_code == 404
    assert signed(scene.bureau, Role.CLERK).post(address).status_code == 404


# --- years of a unit -----------------------------------------------------------------------------


def test_the_years_of_a_unit_are_drawn_and_tabled_without_style_or_script(scene: TargetScene) -> None:
    indicator = given(scene)
    sent(scene, "NAM-2022", scene.branch, {indicator: "92"}, date(2022, 11, 1))
    sent(scene, "NAM-2023", scene.branch, {indicator: "97.5"})
    page = signed(scene.branch, Role.CLERK).get(f"/target-history/{scene.branch.pk}/").content.decode()
    (drawing,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert 'role="img"' in drawing
    assert "2022: 92; 2023: 97,5" in drawing
    assert re.findall(r'<rect class="(\w+)"', drawing) == ["unmet", "met"]
    assert drawing.count('class="level"') == 2
    assert "style=" not in page
    assert not re.search(r'(x|y|width|height)="[^"]*,', drawing)
    table = page[page.index("<table") :]
    for words_ in ("97,5 %", "92 %", "tăng 5,5 điểm phần trăm", "từ 95 % trở lên", "Chưa đạt"):
        assert words_ in table


def test_the_years_of_a_unit_are_seen_from_above_and_not_from_beside(scene: TargetScene) -> None:
    sent(scene, "NAM-2023", scene.branch, {given(scene): "97.5"})
    address = f"/target-history/{scene.branch.pk}/"
    above = signed(scene.bureau, Role.STAFF)
    assert "97,5 %" in above.get(address).content.decode()
    _, table = read(above.get(f"{address}workbook/"))
    assert [line[4] for line in table if line[2] == "năm 2023"] == [97.5]
    for place in (scene.sibling, scene.tree.stranger):
        assert signed(place, Role.SECRETARIAT).get(address).status_code == 404
    empty = signed(scene.sibling, Role.CLERK).get(f"/target-history/{scene.sibling.pk}/").content.decode()
    assert "97,5" not in empty


def test_years_cost_as_many_queries_however_many_there_are(scene: TargetScene) -> None:
    indicators = [given(scene, code=f"SO-{number}") for number in range(12)]
    client = signed(scene.branch, Role.CLERK)
    address = f"/target-history/{scene.branch.pk}/"
    sent(scene, "NAM-2022", scene.branch, dict.fromkeys(indicators, "92"), date(2022, 11, 1))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    sent(scene, "NAM-2023", scene.branch, dict.fromkeys(indicators, "92"))
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert len(many) == len(few)
    assert page.count("<svg") == 10
    assert "Trang 1 / 2" in page


# --- the overview --------------------------------------------------------------------------------


OVERVIEW = f"/campaigns/{PLAN}/target-overview/"
ALL_REPORTS = {"obligation": ""}


def test_the_overview_tells_met_unmet_missing_and_narrows(scene: TargetScene) -> None:
    percent, count = (
        given(scene),
        given(
            scene,
            "3",
            code="SO-VU",
            title="Số vụ",
            measure="count",
            measured_in="vụ",
            direction="less",
            half_year="none",
            yearly="optional",
        ),
    )
    sent(scene, "NAM-2022", scene.branch, {percent: "90"}, date(2022, 11, 1))
    sent(scene, "NAM-2023", scene.branch, {percent: "97", count: "4"})
    client = signed(scene.bureau, Role.SECRETARIAT)
    # The report that is due tomorrow, of two units.
    page = client.get(OVERVIEW).content.decode()
    assert "2 trên 4 số liệu chưa báo cáo" in page
    page = client.get(OVERVIEW, ALL_REPORTS).content.decode()
    # Two units, three reports with the percentage and two with the count.
    for shown in ("7 trên 10 số liệu chưa báo cáo", "Đạt: 1<", "Chưa đạt: 2<", "Chưa báo cáo: 7<"):
        assert shown in page
    report = scene.reports["NAM-2023"].pk
    for query, rows in (
        ({"standing": "met"}, 1),
        ({"standing": "unmet"}, 2),
        ({"standing": "unmet", "obligation": report}, 1),
        ({"indicator": count.pk}, 4),
        ({"branch": scene.sibling.pk}, 5),
        ({"branch": scene.sibling.pk, "standing": "met"}, 0),
        ({"standing": "rubbish", "indicator": "0"}, 10),
    ):
        asked = ALL_REPORTS | query
        shown = client.get(OVERVIEW, asked).content.decode()
        assert shown.count('<td data-label="Chỉ tiêu">') == rows, query
        _, table = read(client.get(f"{OVERVIEW}workbook/", asked))
        assert len([one for one in table[1:] if any(one)]) == rows, query


def test_the_overview_shows_one_s_own_branch_only(scene: TargetScene) -> None:
    sent(scene, "NAM-2023", scene.branch, {given(scene): "97.25"})
    for place, sees in (
        (scene.tree.ministry, True),
        (scene.bureau, True),
        (scene.branch, True),
        (scene.sibling, False),
    ):
        client = signed(place, Role.SECRETARIAT)
        assert ("97,25" in client.get(OVERVIEW).content.decode()) is sees
        assert ("97.25" in str(read(client.get(f"{OVERVIEW}workbook/")))) is sees
    stranger = signed(scene.tree.stranger, Role.SECRETARIAT).get(OVERVIEW).content.decode()
    assert "Chưa đơn vị nào trong phạm vi" in stranger


def test_the_overview_of_a_plan_that_asks_for_no_report_says_so(scene: TargetScene) -> None:
    given(scene)
    with maintenance_scope("test rows"):
        Obligation.objects.update(holds_indicators=False)
    client = signed(scene.bureau, Role.STAFF)
    page = client.get(OVERVIEW)
    assert page.status_code == 200
    assert "Chưa đơn vị nào trong phạm vi" in page.content.decode()
    assert len(read(client.get(f"{OVERVIEW}workbook/"))[1]) == 1


def test_the_overview_is_paged_at_a_constant_cost(scene: TargetScene) -> None:
    indicators = [given(scene, code=f"SO-{number}") for number in range(2)]
    sent(scene, "NAM-2023", scene.branch, dict.fromkeys(indicators, "92"))
    client = signed(scene.bureau, Role.STAFF)
    client.get(OVERVIEW)
    with CaptureQueriesContext(connection) as few:
        client.get(OVERVIEW, ALL_REPORTS)
    with maintenance_scope("test rows"):
        for number in range(3, 33):
            place = unit(f"CC-{number}", f"0001000100{number:02d}", name=f"Chi cục THADS huyện số {number}")
            for report in scene.reports.values():
                Assignment.objects.create(obligation=report, unit=place, last_day=report.last_day)
    with CaptureQueriesContext(connection) as many:
        page = client.get(OVERVIEW, ALL_REPORTS).content.decode()
    assert len(many) == len(few)
    assert "Trang 1 / 4" in page
    with CaptureQueriesContext(connection) as last:
        assert "Trang 4 / 4" in client.get(OVERVIEW, ALL_REPORTS | {"page": "4"}).content.decode()
    assert len(last) <= len(few)


@pytest.mark.parametrize("seed", [20231113, 7, 2026])
def test_the_database_and_the_facts_say_the_same(everything: None, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Random levels for everybody, kinds and units, on several days; random values, returns and gaps."""
    scene, random = TargetScene(), Random(seed)  # noqa: S311  a test repeats itself
    scene.reports["RIENG"] = obligation(
        scene.campaign, "RIENG", scene.branch, last_day=DAY, filing="yearly-report", papers=[]
    )
    office = unit("PHONG", "000100010003", kind="phong")
    for report in scene.reports.values():
        Assignment.objects.create(obligation=report, unit=office, last_day=report.last_day)
    scene.clerks[office.pk] = actor(office, Role.CLERK)
    indicators = [
        scene.add(code=f"SO-{number}", direction=direction, half_year=half_year, yearly="optional")
        for number, (direction, half_year) in enumerate(
            (one, other) for one in ("more", "less", "exact") for other in ("none", "optional")
        )
    ]
    days = [date(2022, 1, 1), date(2022, 11, 1), date(2023, 6, 1), date(2023, 11, 1)]
    to: list[dict[str, object]] = [
        {},
        {"unit_kind": "chi-cuc"},
        {"unit_kind": "phong"},
        {"addressee": scene.branch},
        {"addressee": office},
    ]
    for one in indicators:
        for _ in range(random.randint(1, 6)):
            level = random.choice([None, Decimal(1), Decimal(2), Decimal(3)])
            IndicatorTarget.objects.create(
                indicator=one, level=level, applies_from=random.choice(days), **random.choice(to)
            )
    sent_on = {"NAM-2022": date(2022, 11, 5), "NUA-2023": date(2023, 6, 5), "NAM-2023": date(2023, 11, 5), "RIENG": DAY}
    for name, report in scene.reports.items():
        for assignment in report.assignments.select_related("unit"):
            asked = [
                fact.indicator
                for fact in list_facts(list_reports([assignment.unit_id]), sent_on[name])
                if fact.assignment_id == assignment.pk
            ]
            values = {one: str(random.randint(1, 3)) for one in asked if random.random() < 0.7}
            if random.random() < 0.8:
                submission = scene.send(name, assignment.unit, values, moment(sent_on[name]))
                if random.random() < 0.3:
                    return_submission(submission, reasons="x", actor=scene.issuer, at=AT)
    Indicator.objects.filter(pk=indicators[1].pk).update(ended_on=date(2023, 11, 1))
    found = Overview(scene.campaign, DAY, OverviewFilter()).list_keys()
    rows = {(pk, indicator): standing for pk, indicator, standing in found}
    every = list_facts(list_reports([scene.branch.pk, scene.sibling.pk, office.pk]), DAY)
    told = {(one.assignment_id, one.indicator.pk): one.standing.value for one in every}
    assert rows == told
    assert set(told.values()) == {"met", "unmet", "missing", "no-level"}
    assert len(read_rows(list(rows), DAY)) == len(rows) == len(found) > 20
    filters = [OverviewFilter(obligation=one) for one in (None, *scene.reports.values())]
    filters += [OverviewFilter(indicator=one) for one in Indicator.objects.filter(campaign=scene.campaign)]
    filters += [OverviewFilter(branch=one) for one in (scene.branch, office, scene.bureau)]
    for by in filters:
        compare_parts(scene, by, monkeypatch)


def compare_parts(scene: TargetScene, by: OverviewFilter, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted is what is listed, and the pages of each standing put together are the whole list."""
    indicators = list(scene.campaign.indicators.all())
    listed = Overview(scene.campaign, DAY, by).list_keys()
    counted = Overview(scene.campaign, DAY, by).count(indicators)
    numbers = {(one.indicator.pk, standing): number for one in counted for standing, number in one.numbers.items()}
    assert Counter(key[1:] for key in listed) == {key: number for key, number in numbers.items() if number}
    for standing in ("", "met", "unmet", "missing", "no-level"):
        kept = [key for key in listed if standing in ("", key[2])]
        narrowed = Overview(scene.campaign, DAY, replace(by, standing=standing))
        narrowed.count(indicators)
        for least in (0, target_overview.LEAST_READ):  # with none to spare some parts are looked for twice
            with monkeypatch.context() as patch:
                patch.setattr(target_overview, "LEAST_READ", least)
                parts = [narrowed.list_part(slice(at, at + 3), known=len(kept)) for at in range(0, len(kept) + 3, 3)]
            assert [key for part in parts for key in part] == kept


def test_an_indicator_without_any_level_counts_nothing(everything: None) -> None:
    scene = TargetScene()
    scene.add()
    found = Overview(scene.campaign, DAY, OverviewFilter())
    assert found.count(list(scene.campaign.indicators.all())) == found.list_keys() == []


# --- plans and score sheets ----------------------------------------------------------------------


INDICATORS = """
[[indicator]]
code = "an-hc"
title = "Bản án hành chính được theo dõi"
measure = "percent"
direction = "exact"
half_year = "optional"
yearly = "required"
clause = "II.1.1"

[[indicator.target]]
kinds = ["chi-cuc"]
level = "98,5"

[[indicator.target]]
units = ["PTHADS-TNG"]

[[indicator]]
code = "MOI-CHI-TIEU"
title = "Hoàn thành mọi chỉ tiêu chuyên môn"
measure = "yes-no"
half_year = "none"
yearly = "required"
clause = "II.1.1"

[[indicator.target]]
level = "yes"
"""


def test_a_plan_s_file_brings_its_indicators(everything: None, tmp_path: Path) -> None:
    load_register(list_north_2021())
    named = Unit.objects.filter(code__startswith="CC-TNG").first()
    assert named is not None
    path = tmp_path / "ke-hoach.toml"
    shipped = (PLANS / "cthads-thai-nguyen-2023.toml").read_text(encoding="utf-8")
    path.write_text(shipped + INDICATORS.replace("PTHADS-TNG", named.code), encoding="utf-8")
    launched = launch_campaign(read_plan(path), day=DAY)
    assert [(one.code, one.direction, str(one.citation)[-8:]) for one in launched.indicators.order_by("pk")] == [
        ("AN-HC", "exact", ", II.1.1"),
        ("MOI-CHI-TIEU", "exact", ", II.1.1"),
    ]
    levels = IndicatorTarget.objects.order_by("indicator", "pk").values_list("addressee__code", "unit_kind", "level")
    assert set(levels) == {(named.code, "", None), (None, "chi-cuc", Decimal("98.5")), (None, "", Decimal(1))}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('level = "98,5"', 'level = "nhiều"', "cần mức giao theo cách tính"),
        ('measure = "percent"', 'measure = "count"', "measured_in"),
        ('direction = "exact"', 'direction = "up"', "direction"),
        (
            'half_year = "none"\nyearly = "required"',
            'half_year = "none"\nyearly = "none"',
            "không có trong báo cáo nào",
        ),
        ('code = "an-hc"', 'code = "an-hc"\nmau = 1', "không có trong mẫu"),
    ],
)
def test_every_mistake_about_indicators_in_a_file_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "ke-hoach.toml"
    shipped = (PLANS / "cthads-thai-nguyen-2023.toml").read_text(encoding="utf-8")
    assert old in INDICATORS
    path.write_text(shipped + INDICATORS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=said):
        read_plan(path)


def test_a_summary_of_others_holds_no_indicators(everything: None) -> None:
    scene = TargetScene()
    scene.target(scene.add(), "95")
    report = scene.reports["NAM-2023"]
    report.holds_indicators = False
    report.save(update_fields=["holds_indicators"])
    assert scene.told(scene.draft("NAM-2023", scene.branch, {})) == {}
    found = read_rows([key[:2] for key in Overview(scene.campaign, DAY, OverviewFilter()).list_keys()], DAY)
    assert {row.assignment.obligation_id for row in found} == {
        scene.reports[name].pk for name in ("NAM-2022", "NUA-2023")
    }


@pytest.fixture
def scored(db: None) -> SimpleNamespace:
    """A member of a region that reported 97 % to its ministry, and a table whose first item names the indicator."""
    region = ClusterScene()
    load_score_templates()
    with maintenance_scope("test rows"):
        template = ScoreTemplate.objects.get()
        template.document = template.document.replace('maximum = "50"', 'maximum = "50"\nindicator = "AN-HC"', 1)
        template.save(update_fields=["document"])
        plan = TargetSceneAtTop(region)
    return SimpleNamespace(region=region, template=template, plan=plan)


class TargetSceneAtTop(TargetScene):
    """The ministry's own plan, under which the region's member reports for 2023."""

    def __init__(self, region: ClusterScene) -> None:
        self.tree = region.tree
        self.bureau, self.branch = region.ministry, region.member
        self.campaign = campaign(self.bureau)
        self.reports = {
            "NAM-2023": obligation(
                self.campaign, "NAM-2023", self.branch, last_day=date(2023, 11, 14), filing="yearly-report", papers=[]
            )
        }
        self.issuer = actor(self.bureau, Role.SECRETARIAT)
        self.clerks = {self.branch.pk: actor(self.branch, Role.CLERK)}


def test_a_score_sheet_shows_what_was_reported_and_overwrites_nothing(scored: SimpleNamespace) -> None:
    region, plan = scored.region, scored.plan
    indicator = given(plan)
    sent(plan, "NAM-2023", region.member, {indicator: "97"})
    table = read_table_text(scored.template.document)
    clerk, head = region.act(region.member, Role.CLERK), region.act(region.member, Role.HEAD)
    points = {item.code: Score(item.maximum - (3 if item.indicator else 0), "x") for item in table.items}
    with unit_scope(region.member.path):
        sheet = score_service.create_score_sheet(ClusterYear.objects.get(), scored.template, actor=clerk)
        assert read_reported(sheet, DAY) == {
            "CM-1": {
                "value": "97 %", "target": "từ 95 % trở lên", "period": "năm 2023", "standing": "met", "words": "Đạt",
            }
        }  # fmt: skip
        score_service.score_self(sheet, points, actor=clerk)
    own = signed(region.member, Role.CLERK)
    for page in (f"/score-sheets/{sheet.pk}/", f"/score-sheets/{sheet.pk}/self/"):
        assert "Đơn vị báo cáo: <strong>97 %</strong>" in own.get(page).content.decode()
    with unit_scope(region.member.path):
        score_service.send_score_sheet(sheet, actor=head, at=AT)
        # What is reported afterwards changes nothing of a sheet that was sent.
        IndicatorValue.objects.update(value=Decimal(12))
    with unit_scope(region.head.path):
        assert IndicatorValue.objects.count() == 0
        copy = sheet.__class__.objects.get()
        assert copy.entries.get(item="CM-1").points == 47
    above = signed(region.head, Role.SECRETARIAT)
    for page in (f"/score-sheets/{copy.pk}/", f"/score-sheets/{copy.pk}/standing/"):
        assert "<strong>97 %</strong> (năm 2023; mức giao: từ 95 % trở lên)" in above.get(page).content.decode()
    with unit_scope(region.member.path):
        withdrawn = score_service.withdraw_score_sheet(sheet, actor=head)
        assert withdrawn.reported == {}
        assert read_reported(withdrawn, DAY)["CM-1"]["value"] == "12 %"
