"""Indicators, copies and papers sent only if there are any: from the plan's words to the campaign and its screens."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from campaigns.models import Indicator, ItemKind, Obligation, PlanDraft, PlanDraftItem
from campaigns.plan_item_indicators import blank_indicator, code_of_title, indicator_gaps
from campaigns.selectors.filings import read_wanted
from campaigns.selectors.plan_drafts import show_items
from tests.campaigns.test_campaign_clone import signed_in
from tests.campaigns.test_plan_additions import values
from tests.campaigns.test_plan_drafts import PLAN, Scene, txt
from units.refusals import RefusedError
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

GOALS = """\
III. CHỈ TIÊU

1. Các Chi cục THADS thi hành xong trên 83,5 % số việc có điều kiện.

2. Phòng Văn thư có 100 % hồ sơ được lưu trữ đúng quy định.

Nơi nhận"""
WITH_GOALS = PLAN.replace("Nơi nhận", GOALS).replace(
    "(không quá 05 trang A4)", "(không quá 05 trang A4), hình ảnh minh họa (nếu có)"
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_indicators_are_read_for_whom_they_are_and_become_the_campaigns(scene: Scene) -> None:
    draft = scene.add(txt(WITH_GOALS))
    first, second = scene.items(draft, ItemKind.INDICATOR)
    assert (first.clause, first.data["targets"]) == ("III.1", [{"kind": "chi-cuc", "unit": "", "level": "83,5"}])
    assert second.data["targets"] == [{"kind": "", "unit": "", "level": "100"}]
    shown = scene.at(lambda: show_items(draft, [second]))[0]
    assert any("đang giao cho mọi đơn vị" in words for words in shown.warnings)
    scene.answer_all(draft)
    scene.drop(scene.items(draft, ItemKind.INDICATOR)[1])
    campaign = scene.launch(draft)
    indicator = Indicator.objects.get(campaign=campaign)
    target = indicator.targets.get()
    assert (indicator.measure, indicator.direction, str(target.level), target.unit_kind) == (
        *("percent", "more", "83.5000", "chi-cuc"),
    )
    assert indicator.citation.endswith("mục III.1")


def test_an_indicator_is_mended_and_added_on_the_screen(scene: Scene) -> None:
    draft = scene.add(txt(WITH_GOALS))
    client, item = signed_in(scene.staff), scene.items(draft, ItemKind.INDICATOR)[0]
    address = f"/plan-items/{item.pk}/mend/"
    form = values(client.get(address).context["form"])
    wrong = client.post(address, form | {"level_0": "rất cao", "given_1": "unit"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "rất cao" in page
    assert "Ghi đơn vị được giao mức này." in page
    own = {"given_1": "unit", "unit_1": scene.tree.branch.code, "level_1": "90"}
    assert client.post(address, form | own | {"code": "THX"}).status_code == 302
    mended = scene.items(draft, ItemKind.INDICATOR)[0]
    assert (mended.data["code"], mended.data["targets"][1]) == (
        "THX",
        {"kind": "", "unit": scene.tree.branch.code, "level": "90"},
    )
    address = f"/plan-drafts/{draft.pk}/items/add/?kind=indicator&line=18"
    form = values(client.get(address).context["form"])
    said = {"title": "Số sáng kiến", "measure": "count", "measured_in": "sáng kiến", "direction": "more"}
    done = client.post(address, form | said | {"given_0": "all", "level_0": "2"})
    assert done.status_code == 302
    added = scene.items(draft, ItemKind.INDICATOR)[-1]
    assert (added.is_added, added.clause, added.data["targets"][0]["level"]) == (True, "I.2", "2")


def test_two_indicators_of_one_code_are_refused(scene: Scene) -> None:
    draft = scene.add(txt(WITH_GOALS))
    for item in scene.items(draft, ItemKind.INDICATOR):
        scene.mend(item, code="MOT")
    scene.answer_all(draft)
    with pytest.raises(RefusedError) as refused:
        scene.launch(draft)
    assert "Có 2 chỉ tiêu cùng mã «MOT»" in str(refused.value.why)


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"measure": "count"}, "Chưa ghi đơn vị tính"),
        ({"direction": ""}, "Chưa chọn hướng"),
        ({"targets": []}, "Chưa ghi mức giao"),
        ({"targets": [{"kind": "", "unit": "", "level": "1"}] * 2}, "hai mức giao cho cùng một nơi"),
        ({"half_year": "none", "yearly": "none"}, "ít nhất một loại báo cáo"),
    ],
)
def test_what_an_indicator_lacks(changes: dict[str, Any], gap: str) -> None:
    whole = blank_indicator() | {
        "title": "Tỷ lệ",
        "direction": "more",
        "targets": [{"kind": "", "unit": "", "level": "90"}],
    }
    assert indicator_gaps(whole) == []
    assert gap in " ".join(indicator_gaps(whole | changes))


def test_the_same_title_has_the_same_code_and_a_longer_one_its_own() -> None:
    assert code_of_title("Tỷ lệ án, năm") == "TY-LE-AN-NAM"
    long = "Tỷ lệ bản án, quyết định về vụ án hành chính được theo dõi"
    codes = {code_of_title(long), code_of_title(f"{long} và đôn đốc")}
    assert len(codes) == 2
    assert all(len(code) <= 40 for code in codes)


def test_papers_if_any_are_optional_from_the_plan_to_the_filing_screen(scene: Scene) -> None:
    draft = scene.add(txt(WITH_GOALS))
    item = scene.items(draft, ItemKind.OBLIGATION)[1]
    limited, if_any = item.data["papers"]
    assert (limited["max_pages"], limited.get("required", True)) == (5, True)
    assert (if_any["name"], if_any["required"]) == ("hình ảnh minh họa", False)
    client, address = signed_in(scene.staff), f"/plan-items/{item.pk}/mend/"
    form = values(client.get(address).context["form"])
    copies = {"copies_to": f"{scene.tree.ministry.code}\n{scene.tree.branch.code}"}
    assert client.post(address, form | copies).status_code == 302
    mended = scene.items(draft, ItemKind.OBLIGATION)[1]
    assert [one.get("required", True) for one in mended.data["papers"]] == [True, False]
    scene.answer_all(draft)
    campaign = scene.launch(draft)
    duty = Obligation.objects.get(campaign=campaign, title__contains="tổng kết")
    assert [required for _, _, required in read_wanted(duty)] == [True, False]
    assert set(duty.copies_to.all()) == {scene.tree.ministry, scene.tree.branch}
    assert "Gửi thêm bản sao cho" in client.get(draft.get_absolute_url()).content.decode()


def test_stored_drafts_are_carried_to_the_one_field(scene: Scene) -> None:
    draft = scene.add()
    plain, summary = scene.items(draft, ItemKind.OBLIGATION)
    old = {
        plain.pk: {"cluster": "members"},
        summary.pk: {"cluster": "head", "heads": True},
    }

    def age() -> None:
        for pk, more in old.items():
            item = PlanDraftItem.objects.get(pk=pk)
            data = {name: value for name, value in item.data.items() if name != "cluster"} | more
            PlanDraftItem.objects.filter(pk=pk).update(data=data, verdict="accepted", before={"heads": True})

    scene.at(age)
    upgrade = import_module("campaigns.migrations.0014_plan_items")
    with maintenance_scope("an upgrade sees every row"), connection.schema_editor(atomic=False) as editor:
        upgrade.fold_places(apps, editor)
    one, both = scene.items(draft, ItemKind.OBLIGATION)
    assert (one.data["cluster"], one.verdict) == ({"who": "members", "of": ""}, "accepted")
    assert one.before["cluster"] == {"who": "head", "of": "*"}
    assert (both.data["cluster"], both.verdict) == ({"who": "head", "of": ""}, "pending")
    assert "heads" not in both.data
    fresh = scene.at(lambda: PlanDraft.objects.get(pk=draft.pk))
    assert any("Xem lại ai phải làm" in words for words in scene.at(lambda: show_items(fresh, [both]))[0].warnings)
