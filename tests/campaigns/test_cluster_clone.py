"""A cluster's campaign for another year: its members, head and deputies are those of that year."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from campaigns.models import (
    Assignment,
    Campaign,
    ClusterMember,
    ClusterYear,
    Indicator,
    ItemKind,
    Obligation,
    PlanDraft,
    PlanDraftItem,
)
from campaigns.plan_file import read_plan
from campaigns.selectors.plan_drafts import show_items
from campaigns.services.campaign_clone import clone_campaign
from campaigns.services.launch import launch_campaign
from campaigns.services.plan_drafts import accept_plan_items, edit_plan_draft
from campaigns.services.plan_launch import launch_plan_draft
from tests.builders import AT, DAY
from tests.campaigns.cluster_scene import ClusterScene
from units.models import Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

OLD = """\
# A plan of tests.

[campaign]
code = "KV-2023"
issuer = "{head}"
title = "Thi đua của khu vực năm 2023"
kind = "regular"
number = "18/KH-KVTĐ"
issued_on = 2022-12-20
cite_as = "Kế hoạch 18/KH-KVTĐ ngày 20/12/2022"
opens_on = 2023-01-01
closes_on = 2023-12-31
basis = []
awards = []

[cluster]
code = "KVTD-MAU"
name = "Khu vực thi đua mẫu"
kind = "region"
year = 2023
head = "{head}"
deputies = ["{deputy}"]
members = ["{head}", "{deputy}", "{third}"]

[[indicator]]
code = "AN-HC"
title = "Tỷ lệ bản án được theo dõi năm 2023"
measure = "percent"
direction = "more"
half_year = "optional"
yearly = "required"
clause = "II.1"

[[indicator.target]]
level = "98,5"

[[obligation]]
code = "BAO-CAO"
title = "Báo cáo tổng kết năm 2023"
kind = "report"
owed_by = {{ cluster = {{ who = "members" }} }}
owed_to = "{head}"
copies_to = ["{deputy}"]
due = {{ type = "until-day", day = 2023-11-10 }}
phrase = "đến hết ngày 10/11/2023"
clause = "III.1"

[[obligation]]
code = "TONG-HOP"
title = "Gửi báo cáo của khu vực"
kind = "report"
owed_by = {{ units = ["{head}"] }}
owed_to = "BTP"
due = {{ type = "until-day", day = 2023-12-15 }}
phrase = "đến hết ngày 15/12/2023"
clause = "III.2"

[[obligation]]
code = "KIEM-TRA"
title = "Kiểm tra chéo"
kind = "event"
owed_by = {{ cluster = {{ who = "deputies" }} }}
owed_to = "{head}"
due = {{ type = "until-day", day = 2023-09-29 }}
phrase = "đến hết ngày 29/9/2023"
clause = "III.3"
"""
NEW = {"opens_on": date(2024, 1, 1), "closes_on": date(2024, 12, 31)}


class Region:
    def __init__(self, folder: Path) -> None:
        self.scene = scene = ClusterScene()
        scene.year.members.filter(member=scene.member).update(role="deputy")
        path = folder / "plan.toml"
        codes = {"head": scene.head.code, "deputy": scene.member.code, "third": scene.third.code}
        path.write_text(OLD.format(**codes), encoding="utf-8")
        with maintenance_scope("a launch addresses everybody"):
            self.old = launch_campaign(read_plan(path), day=DAY)
        self.staff = scene.act(scene.ministry, Role.STAFF)

    def year(self, *members: tuple[Unit, str]) -> ClusterYear:
        year = ClusterYear.objects.create(cluster=self.scene.cluster, year=2024)
        for unit, role in members:
            ClusterMember.objects.create(year=year, member=unit, role=role)
        return year

    def clone(self, campaign: Campaign | None = None) -> PlanDraft:
        with self.scene.at(self.scene.ministry):
            return clone_campaign(campaign or self.old, **NEW, actor=self.staff, day=DAY, at=AT)

    def launch(self, draft: PlanDraft) -> Campaign:
        """Everything accepted as it stands, and the header saved."""
        with self.scene.at(self.scene.ministry):
            seen = {one.pk: one.version for one in PlanDraftItem.objects.filter(draft=draft)}
            accept_plan_items(draft, seen, actor=self.staff)
            fresh = PlanDraft.objects.get(pk=draft.pk)
            names = ("issuer", "place", "title", "kind", "opens_on", "closes_on", "cluster_year")
            header = {name: getattr(fresh, name) for name in names}
            edit_plan_draft(
                fresh, version=0, actor=self.staff, **header, number="20/KH-KVTĐ", issued_on=date(2023, 12, 20)
            )
            return launch_plan_draft(fresh, actor=self.staff, day=DAY, at=AT)


@pytest.fixture
def region(db: None, tmp_path: Path) -> Region:
    return Region(tmp_path)


def owed_in(campaign: Campaign) -> dict[str, set[str]]:
    rows = Assignment.objects.filter(obligation__campaign=campaign).values_list("obligation__title", "unit__code")
    found: dict[str, set[str]] = {}
    for title, code in rows:
        found.setdefault(title, set()).add(code)
    return found


def test_the_new_years_members_head_and_deputies_take_the_places_of_the_old(region: Region) -> None:
    scene = region.scene
    year = region.year((scene.third, "head"), (scene.outsider, "deputy"), (scene.head, "member"))
    draft = region.clone()
    assert (draft.issuer, draft.cluster_year) == (scene.third, year)
    with scene.at(scene.ministry):
        report, summary, check = PlanDraftItem.objects.filter(draft=draft, kind=ItemKind.OBLIGATION)
        assert (report.data["copies_to"], report.data["owed_to"]) == ([scene.outsider.code], "")
        assert [one.data["cluster"]["who"] for one in (report, summary, check)] == ["members", "head", "deputies"]
        assert summary.data["units"] == []
        shown = {change.name: change for change in show_items(draft, [report])[0].changes}
    assert shown["Ai làm"].old == "3 thành viên"
    gone, come = scene.member.short_name, scene.outsider.short_name
    assert shown["Ai làm"].new == f"3 thành viên; thêm {come}; thôi {gone}"
    assert (shown["Gửi thêm bản sao"].old, shown["Gửi thêm bản sao"].new) == (gone, come)
    assert (shown["Ngày cuối cùng"].old[-10:], shown["Ngày cuối cùng"].new[-10:]) == ("10/11/2023", "10/11/2024")
    new = region.launch(draft)
    with scene.at(scene.ministry):
        assert owed_in(new) == {
            "Báo cáo tổng kết năm 2024": {scene.third.code, scene.outsider.code, scene.head.code},
            "Gửi báo cáo của khu vực": {scene.third.code},
            "Kiểm tra chéo": {scene.outsider.code},
        }
    assert list(year.campaigns.all()) == [new]
    duties = {one.title: one for one in Obligation.objects.filter(campaign=new)}
    assert duties["Gửi báo cáo của khu vực"].owed_by_heads
    assert duties["Báo cáo tổng kết năm 2024"].owed_to == scene.third
    indicator = Indicator.objects.get(campaign=new)
    assert (indicator.code, indicator.title) == ("AN-HC", "Tỷ lệ bản án được theo dõi năm 2024")
    assert str(indicator.targets.get().level.normalize()) == "98.5"


def test_a_cluster_of_one_gives_everything_to_its_head(region: Region) -> None:
    region.year((region.scene.outsider, "head"))
    draft = region.clone()
    with region.scene.at(region.scene.ministry):
        check = PlanDraftItem.objects.get(draft=draft, data__title="Kiểm tra chéo")
        data = check.data | {"cluster": {"who": "members", "of": ""}}
        PlanDraftItem.objects.filter(pk=check.pk).update(data=data)
    new = region.launch(draft)
    with region.scene.at(region.scene.ministry):
        assert set(map(frozenset, owed_in(new).values())) == {frozenset({region.scene.outsider.code})}


def test_a_place_that_nobody_holds_is_refused_at_the_launch(region: Region) -> None:
    region.year((region.scene.outsider, "head"))
    with pytest.raises(RefusedError) as refused:
        region.launch(region.clone())
    assert "Chưa ghi đơn vị phó nào cho Khu vực thi đua mẫu, năm 2024" in str(refused.value.why)


def test_a_year_without_members_or_head_is_refused_with_the_way(region: Region) -> None:
    with pytest.raises(RefusedError, match="chưa có danh sách thành viên năm 2024") as refused:
        region.clone()
    assert refused.value.way_out == (region.scene.cluster.get_absolute_url(), "Mở trang để ghi")
    year = region.year()
    with pytest.raises(RefusedError, match="chưa có danh sách thành viên năm 2024") as refused:
        region.clone()
    assert refused.value.way_out == (year.get_absolute_url(), "Mở trang để ghi")
    ClusterMember.objects.create(year=year, member=region.scene.third, role="member")
    with pytest.raises(RefusedError, match="chưa ghi đơn vị trưởng"):
        region.clone()
    with region.scene.at(region.scene.ministry):
        assert not PlanDraft.objects.exists()


def test_who_cannot_reach_the_members_is_sent_to_the_keeper(region: Region) -> None:
    scene = region.scene
    region.year((scene.head, "head"), (scene.third, "member"))
    clerk = scene.act(scene.head, Role.STAFF)
    with scene.at(scene.head), pytest.raises(RefusedError) as refused:
        clone_campaign(region.old, **NEW, actor=clerk, day=DAY, at=AT)
    assert scene.ministry.name in str(refused.value.remedy)


def test_from_the_campaigns_page_to_the_draft_and_its_refusal(region: Region) -> None:
    client = Client()
    client.force_login(region.staff.account)
    address = f"/campaigns/{region.old.code}/clone/"
    days = {"opens_on": "01/01/2024", "closes_on": "31/12/2024"}
    answer = client.post(address, days)
    assert answer.status_code == 422
    assert "chưa có danh sách thành viên năm 2024" in answer.content.decode()
    region.year((region.scene.third, "head"), (region.scene.head, "deputy"))
    answer = client.post(address, days, follow=True)
    page = answer.content.decode()
    assert f"<strong>{region.scene.third.short_name}</strong>" in page
    assert "Khu vực thi đua mẫu, năm 2024" in page
