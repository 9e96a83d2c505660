"""Work that a plan asks of those who head clusters: from the file, from a draft, to the units."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from campaigns.models import Assignment, Campaign, ItemKind, Obligation, PlanDraft, PlanDraftItem
from campaigns.plan_bearers import EVERY, ClusterPart, find_cluster_part
from campaigns.plan_file import PLANS, read_plan
from campaigns.plan_parts import Owers
from campaigns.selectors.clusters import list_part
from campaigns.services.launch import list_addressed
from campaigns.services.plan_drafts import accept_plan_item, add_plan_draft, edit_plan_draft, mend_plan_item
from campaigns.services.plan_launch import launch_plan_draft
from tests.builders import AT, DAY
from tests.campaigns.cluster_scene import ClusterScene
from tests.campaigns.test_handovers import announce, apply
from tests.campaigns.test_plan_drafts import txt
from units.data_file import DataFileError
from units.models import Unit
from units.refusals import RefusedError
from units.roles import Role

REGION = PLANS / "kvtd-mien-nui-phia-bac-2021.toml"
HEADS = ClusterPart("head", EVERY)
ALONE = 'owed_by = { units = ["STP-YBI"] }'


def test_a_plan_file_names_heads_and_still_needs_somebody(tmp_path: Path) -> None:
    text = REGION.read_text(encoding="utf-8")
    mended = tmp_path / "plan.toml"
    mended.write_text(text.replace(ALONE, 'owed_by = { cluster = { who = "head", of = "*" } }'), encoding="utf-8")
    owers = [one.owed_by for one in read_plan(mended).obligations]
    assert any(one.cluster == HEADS and not one.units for one in owers)
    assert not any(one.owed_by.cluster == HEADS for one in read_plan(REGION).obligations)
    mended.write_text(text.replace(ALONE, "owed_by = { kinds = [] }"), encoding="utf-8")
    with pytest.raises(DataFileError, match="chưa có ai phải làm"):
        read_plan(mended)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Các cụm trưởng, khối trưởng", True),
        ("Trưởng các Cụm thi đua", True),
        ("Trưởng khu vực, cụm, khối thi đua", True),
        ("Các Chi cục trưởng", False),
        ("Thành viên các cụm thi đua", False),
        ("Cục trưởng", False),
        ("", False),
    ],
)
def test_words_that_mean_heads(words: str, meant: bool) -> None:
    assert (find_cluster_part(words) == HEADS) is meant


@pytest.fixture
def scene(db: None) -> ClusterScene:
    return ClusterScene()


def launch(scene: ClusterScene, **header: Any) -> Campaign:
    """The ministry reads a plan, lets one of its duties be owed by heads, and drops nothing."""
    staff = scene.act(scene.ministry, Role.STAFF)
    with scene.at(scene.ministry):
        draft = add_plan_draft(txt(), actor=staff, day=DAY, at=AT)
        for item in PlanDraftItem.objects.filter(draft=draft).select_related("draft"):
            if item.kind == ItemKind.OBLIGATION:
                data = item.data | {"kinds": [], "within": "", "units": [], "cluster": HEADS.as_data()}
                mend_plan_item(item, version=item.version, data=data, actor=staff)
            else:
                accept_plan_item(item, version=item.version, actor=staff)
        fresh = PlanDraft.objects.get(pk=draft.pk)
        said = {
            "number": "118/KH-BTP",
            "issuer": scene.ministry,
            "place": "Hà Nội",
            "issued_on": date(2023, 1, 5),
            "title": "Thi đua năm",
            "kind": "regular",
            "opens_on": date(2023, 1, 10),
            "closes_on": date(2024, 12, 31),
        } | header
        edit_plan_draft(fresh, version=fresh.version, actor=staff, **said)
        return launch_plan_draft(fresh, actor=staff, day=DAY, at=AT)


def test_a_draft_becomes_work_of_the_heads_of_its_year(scene: ClusterScene) -> None:
    campaign = launch(scene)
    duties = Obligation.objects.filter(campaign=campaign)
    assert all(one.owed_by_heads for one in duties)
    with scene.at(scene.ministry):
        assert set(Assignment.objects.values_list("unit__code", flat=True)) == {scene.head.code}
    # It goes with the work of the year to the next head.
    apply(announce(scene))
    with scene.at(scene.ministry):
        assert set(Assignment.objects.values_list("unit__code", flat=True)) == {scene.member.code}


def test_a_year_without_heads_is_refused_with_a_way(scene: ClusterScene) -> None:
    with pytest.raises(RefusedError) as refused:
        launch(scene, opens_on=date(2024, 1, 1), issued_on=date(2023, 12, 20))
    assert "ghi đơn vị trưởng" in str(refused.value)


def test_heads_are_those_who_lead_today_of_clusters_kept_above_the_issuer(scene: ClusterScene) -> None:
    def heads(issuer: Unit, part: ClusterPart = HEADS) -> list[Unit]:
        return list_part(part, own=None, issuer=issuer, number=2023)

    assert heads(scene.ministry) == heads(scene.third) == [scene.head]
    assert heads(scene.third, ClusterPart("head", "KVTD-MAU")) == [scene.head]
    assert heads(scene.third, ClusterPart("head", "KHAC")) == heads(scene.third, ClusterPart("head")) == []
    apply(announce(scene))
    assert heads(scene.ministry) == [scene.member]
    scene.cluster.keeper = scene.outsider
    scene.cluster.save(update_fields=["keeper"])
    assert heads(scene.ministry) == []


def test_heads_and_kinds_together_are_owed_once(scene: ClusterScene) -> None:
    scene.year.members.filter(member=scene.head).update(role="member")
    scene.year.members.filter(member=scene.third).update(role="head")
    owers = Owers(("cuc-thads",), scene.ministry.code, (scene.head.code,), HEADS)
    found = list_addressed(owers, DAY, own=None, issuer=scene.ministry, number=2023)
    codes = [one.code for one in found]
    assert len(codes) == len(set(codes))
    assert set(codes) == {scene.head.code, scene.member.code, scene.outsider.code, scene.third.code}
