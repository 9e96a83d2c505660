"""A campaign on its way down: received, acknowledged, answered; and what its keeper mends."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign, CampaignDelivery, CampaignReceipt
from campaigns.plan_file import PLANS, Plan, read_plan
from campaigns.selectors.cascade import list_received, list_responses, list_unacknowledged_in
from campaigns.services.cascade import acknowledge_campaign, edit_campaign, send_campaign
from campaigns.services.launch import UnknownCampaignError, launch_campaign
from campaigns.services.reorganisation import carry_over
from tests.builders import AT, DAY, Tree, actor, campaign, obligation
from tests.campaigns.cluster_scene import ClusterScene
from units.actors import Actor
from units.clock import today
from units.data_file import DataFileError
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db


class Way:
    """A campaign of the bureau laid with its two branches."""

    def __init__(self) -> None:
        self.tree = Tree()
        with maintenance_scope("a test lays a campaign"):
            self.campaign: Campaign = campaign(self.tree.bureau, self.tree.branch, self.tree.sibling)
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)
        self.clerk = actor(self.tree.branch, Role.CLERK)

    def at(self, place: Unit, do: Callable[[], Any]) -> Any:
        with unit_scope(place.path):
            return do()

    def send(self) -> int:
        number: int = self.at(self.tree.bureau, lambda: send_campaign(self.campaign, actor=self.secretariat, day=DAY))
        return number

    def receipt(self, place: Unit) -> CampaignReceipt:
        found: CampaignReceipt = self.at(place, lambda: list_received(place).get())
        return found

    def acknowledge(self, who: Actor) -> CampaignReceipt:
        receipt = self.receipt(who.unit)
        return self.at(who.unit, lambda: acknowledge_campaign(receipt, actor=who, at=AT))  # type: ignore[no-any-return]

    def answer(self, place: Unit, to: Campaign) -> Campaign:
        return Campaign.objects.create(
            code=f"{place.code}-HUONG-UNG",
            title="Hưởng ứng",
            kind="thematic",
            issuer=place,
            plan_name="Kế hoạch hưởng ứng",
            opens_on=date(2023, 6, 1),
            closes_on=date(2023, 12, 31),
            responds_to=to,
        )


@pytest.fixture
def way() -> Way:
    return Way()


def signed_in(who: Actor) -> Client:
    client = Client()
    client.force_login(who.account)
    return client


# --- down --------------------------------------------------------------------------------------------


def plan_of_the_bureau(folder: Path, *changes: tuple[str, str]) -> Plan:
    text = (PLANS / "cthads-thai-nguyen-2023.toml").read_text(encoding="utf-8")
    text = text.replace('"TCTHADS"', '"BTP"')  # the tree of tests has no general department
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def test_launching_lays_the_campaign_with_everybody_addressed(tmp_path: Path) -> None:
    tree = Tree()
    doors = '[phase.doors]\nvote = { opens_on = 2023-11-01, closes_on = 2023-11-30 }\n\n[[phase]]\ncode = "2024"'
    plan = plan_of_the_bureau(
        tmp_path,
        ('scope = "branch"', 'scope = "branch"\ntheme = "Đúng hạn"\ncontent_areas = ["Giải quyết án"]'),
        ('[[phase]]\ncode = "2024"', doors),
    )
    with maintenance_scope("a launch addresses everybody"):
        one = launch_campaign(plan, day=DAY)
        assert set(one.receipts.values_list("unit__code", flat=True)) == {"DAI-TU", "DINH-HOA"}
        assert {row.unit for row in one.deliveries.select_related("unit")} == {tree.bureau}
    assert (one.kind, one.theme, one.content_areas, one.scope) == ("period", "Đúng hạn", ["Giải quyết án"], "branch")
    assert list(one.phases.filter(is_whole=True).values_list("code", flat=True)) == ["2021-2025"]
    assert list(one.phases.values_list("code", "doors__door").exclude(doors=None)) == [("2023", "vote")]
    kept = one.obligations.get(code="TNG-2023-KE-HOACH").planned
    assert (kept["kinds"], kept["due"]) == (["phong", "chi-cuc"], {"type": "before-day", "day": "2023-02-20"})


def test_a_plan_answers_a_campaign_that_stands(tmp_path: Path, way: Way) -> None:
    changes = (("TNG-DHTT-2023", "TNG-TRA-LOI"), ('kind = "period"', 'kind = "period"\nresponds_to = "KHONG-CO"'))
    with maintenance_scope("a launch addresses everybody"):
        with pytest.raises(UnknownCampaignError, match="KHONG-CO"):
            launch_campaign(plan_of_the_bureau(tmp_path, *changes), day=DAY)
        changes = (changes[0], ('kind = "period"', f'kind = "period"\nresponds_to = "{way.campaign.code}"'))
        assert launch_campaign(plan_of_the_bureau(tmp_path, *changes), day=DAY).responds_to == way.campaign


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "period"', 'kind = "cluster"', "cluster"),
        ('kind = "period"', 'kind = "period"\nmethod = "khac"', "khac"),
        ("opens_on = 2024-01-01", "opens_on = 2023-12-31", "«Xét công nhận năm 2023» (01/01/2023 – 31/12/2023) và đợt"),
        (
            '[[phase]]\ncode = "2024"',
            '[phase.doors]\nbau = { opens_on = 2023-11-01, closes_on = 2023-11-30 }\n\n[[phase]]\ncode = "2024"',
            "bau",
        ),
    ],
)
def test_a_file_with_another_vocabulary_or_phases_that_overlap_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        plan_of_the_bureau(tmp_path, (old, new))
    assert any(words in problem for problem in caught.value.problems)


def test_a_campaign_that_stood_before_is_sent_once(way: Way) -> None:
    assert way.send() == 2
    with pytest.raises(RefusedError, match="Không còn đơn vị nào chưa nhận"):
        way.send()
    with maintenance_scope("another unit joins"):
        third = way.tree.sibling
        CampaignReceipt.objects.filter(unit=third).delete()
        CampaignDelivery.objects.filter(addressee=third).delete()
    assert way.send() == 1


def test_only_the_keeper_sends_and_only_while_the_campaign_runs(way: Way) -> None:
    staff = actor(way.tree.ministry, Role.STAFF)
    with pytest.raises(RefusedError, match="phát động, nên nơi đó sửa"):
        way.at(way.tree.ministry, lambda: send_campaign(way.campaign, actor=staff, day=DAY))
    with pytest.raises(RefusedError, match="đã kết thúc"):
        way.at(way.tree.bureau, lambda: send_campaign(way.campaign, actor=way.secretariat, day=date(2026, 1, 1)))


def test_acknowledging_is_told_to_both_sides_once_and_stands_in_the_trail(way: Way) -> None:
    way.send()
    assert way.at(way.tree.branch, lambda: list_unacknowledged_in([way.tree.branch], DAY).count()) == 1
    way.acknowledge(way.clerk)
    receipt = way.receipt(way.tree.branch)
    assert (receipt.acknowledged_at, receipt.acknowledged_label) == (AT, way.clerk.label)
    rows = way.at(way.tree.bureau, lambda: {one.addressee.code: one for one in list_responses(way.campaign)})
    assert (rows["DAI-TU"].acknowledged_at, rows["DAI-TU"].acknowledged_label) == (AT, way.clerk.label)
    assert rows["DINH-HOA"].acknowledged_at is None
    assert list(rows) == ["DINH-HOA", "DAI-TU"]  # who has not answered stands on top
    with pytest.raises(RefusedError, match="đã xác nhận phong trào này"):
        way.acknowledge(way.clerk)
    assert way.at(way.tree.branch, lambda: list_unacknowledged_in([way.tree.branch], DAY).count()) == 0
    with maintenance_scope("the trail of every unit"):
        entry = AuditEntry.objects.get(verb="acknowledge-campaign")
    assert (entry.unit_id, entry.subject_id) == (way.tree.branch.pk, receipt.pk)


def test_nobody_acknowledges_for_another_unit(way: Way) -> None:
    way.send()
    receipt = way.receipt(way.tree.branch)
    with pytest.raises(RefusedError, match="không xác nhận thay"):
        way.at(way.tree.bureau, lambda: acknowledge_campaign(receipt, actor=way.secretariat, at=AT))


def test_a_campaign_that_is_over_waits_for_nobody(way: Way) -> None:
    way.send()
    assert way.at(way.tree.branch, lambda: list_unacknowledged_in([way.tree.branch], date(2026, 1, 1)).count()) == 0


def test_a_cluster_head_hears_from_members_it_does_not_see() -> None:
    scene = ClusterScene()
    with maintenance_scope("a cluster's campaign"):
        one = campaign(scene.head)
        obligation(one, "BAO-CAO", scene.member, scene.third, last_day=None)
    secretary = scene.act(scene.head, Role.SECRETARIAT)
    assert scene.as_unit(scene.head, lambda: send_campaign(one, actor=secretary, day=DAY)) == 2
    clerk = scene.act(scene.member, Role.CLERK)
    receipt = scene.as_unit(scene.member, lambda: list_received(scene.member).get())
    scene.as_unit(scene.member, lambda: acknowledge_campaign(receipt, actor=clerk, at=AT))
    assert scene.as_unit(scene.head, lambda: list(CampaignReceipt.objects.all())) == []
    rows = scene.as_unit(scene.head, lambda: list(list_responses(one)))
    assert [(row.addressee, row.acknowledged_at) for row in rows] == [(scene.third, None), (scene.member, AT)]
    assert scene.as_unit(scene.third, lambda: list(list_responses(one))) == []


def test_what_an_ended_unit_has_not_acknowledged_waits_at_its_heir(way: Way) -> None:
    way.send()
    tree, on = way.tree, date(2023, 12, 1)
    with maintenance_scope("a reorganisation sees both sides"):
        carry_over(tree.branch, tree.sibling, on=on, actor=way.secretariat)
        assert CampaignReceipt.objects.filter(unit=tree.branch).count() == 1  # the heir had its own
        carry_over(tree.sibling, tree.stranger, on=on, actor=way.secretariat)
        assert CampaignReceipt.objects.get(unit=tree.stranger).unit_path == tree.stranger.path
        assert CampaignDelivery.objects.get(addressee=tree.stranger).unit == tree.bureau


# --- answers and what is mended ----------------------------------------------------------------------


def test_an_answer_shows_on_both_sides(way: Way) -> None:
    way.send()
    mine = way.answer(way.tree.branch, way.campaign)
    assert way.receipt(way.tree.branch).answer_code == mine.code  # type: ignore[attr-defined]
    rows = way.at(
        way.tree.bureau, lambda: {one.addressee.code: one.is_answered for one in list_responses(way.campaign)}
    )
    assert rows == {"DAI-TU": True, "DINH-HOA": False}
    page = signed_in(way.secretariat).get(f"/campaigns/{way.campaign.code}/responses/?state=answered").content.decode()
    assert way.tree.branch.name in page
    assert way.tree.sibling.name not in page


def edit(way: Way, one: Campaign, who: Actor, **fields: Any) -> Campaign:
    with unit_scope(who.unit.path):
        return edit_campaign(one, **({"reason": "Bổ sung cho thống kê"} | fields), actor=who)


def test_what_statistics_need_is_filled_in_with_a_reason(way: Way) -> None:
    done = edit(way, way.campaign, way.secretariat, kind="drive", method="thematic", content_areas=["Giải quyết án"])
    done.refresh_from_db()
    assert (done.kind, done.method, done.content_areas) == ("drive", "thematic", ["Giải quyết án"])
    assert done.duration_band == "Từ 05 năm trở lên"
    with maintenance_scope("the trail"):
        detail = AuditEntry.objects.get(verb="edit-campaign").detail
    assert (detail["what"], detail["reason"]) == (
        "loại, phương thức tổ chức, lĩnh vực, nội dung",
        "Bổ sung cho thống kê",
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"kind": "period"}, "Chưa có gì thay đổi"), ({"theme": "Mới", "reason": " "}, "Chưa ghi lý do")],
)
def test_a_change_needs_something_changed_and_a_reason(way: Way, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        edit(way, way.campaign, way.secretariat, **fields)


def test_one_answers_what_came_from_above_or_was_received_and_never_in_a_circle(way: Way) -> None:
    clerk = actor(way.tree.branch, Role.SECRETARIAT)
    mine = way.answer(way.tree.branch, way.campaign)
    foreign = way.answer(way.tree.stranger, way.campaign)
    with pytest.raises(RefusedError, match="không hưởng ứng phong trào"):
        edit(way, mine, clerk, responds_to=foreign)
    edit(way, mine, clerk, responds_to=None)
    edit(way, mine, clerk, responds_to=way.campaign)  # of the unit above
    with maintenance_scope("the bureau receives its branch's campaign"):
        CampaignReceipt.objects.create(unit=way.tree.bureau, campaign=mine, sent_on=DAY)
    with pytest.raises(RefusedError, match="không hưởng ứng lẫn nhau"):
        edit(way, way.campaign, way.secretariat, responds_to=mine)


# --- screens -----------------------------------------------------------------------------------------


def test_the_clerk_is_told_in_the_navigation_and_confirms(way: Way) -> None:
    way.send()
    # The pages go by the day of the clock.
    Campaign.objects.filter(pk=way.campaign.pk).update(closes_on=today() + timedelta(days=30))
    client = signed_in(way.clerk)
    home = client.get("/campaigns/").content.decode()
    assert "phong trào chờ xác nhận đã nhận" in home
    page = client.get("/campaign-receipts/").content.decode()
    assert way.campaign.title in page
    receipt = way.receipt(way.tree.branch)
    address = f"/campaign-receipts/{receipt.pk}/acknowledge/"
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    again = client.post(address)
    assert again.status_code == 422
    assert "đã xác nhận phong trào này" in again.content.decode()
    after = client.get(f"/campaigns/{way.campaign.code}/").content.decode()
    assert "Xác nhận đã nhận" not in after
    assert way.clerk.label in after
    assert "phong trào chờ xác nhận đã nhận" not in client.get("/campaigns/").content.decode()
    other = signed_in(actor(way.tree.sibling, Role.CLERK))
    assert other.post(address).status_code == 404  # the row exists, out of sight


def test_the_issuer_searches_counts_and_takes_the_list_along(way: Way) -> None:
    way.send()
    way.acknowledge(way.clerk)
    client = signed_in(way.secretariat)
    address = f"/campaigns/{way.campaign.code}/responses/"
    page = client.get(address).content.decode()
    assert "Chưa xác nhận: 1" in page
    assert "Đã xác nhận: 1" in page
    found = client.get(f"{address}?q=đại từ").content.decode()
    assert way.tree.branch.name in found
    assert way.tree.sibling.name not in found
    assert "Không có đơn vị nào khớp" in client.get(f"{address}?q=không có").content.decode()
    book = client.get(f"{address}workbook/?state=waiting")
    assert book.status_code == 200
    assert b"PK" in b"".join(book.streaming_content if book.streaming else [book.content])[:4]
    assert signed_in(way.clerk).get(address).status_code == 404
    assert signed_in(actor(way.tree.ministry, Role.STAFF)).get(address).status_code == 200


def test_lists_ask_the_same_number_of_queries_for_one_and_many(way: Way, django_assert_max_num_queries: Any) -> None:
    way.send()
    client, clerk = signed_in(way.secretariat), signed_in(way.clerk)
    counted = []
    for more in (0, 40):
        with maintenance_scope("more rows"):
            many = [
                Campaign.objects.create(
                    code=f"THEM-{number}",
                    title=f"Phong trào {number}",
                    kind="thematic",
                    issuer=way.tree.bureau,
                    plan_name="Kế hoạch",
                    opens_on=date(2023, 1, 1),
                    closes_on=date(2023, 12, 31),
                )
                for number in range(more)
            ]
            for one in many:
                CampaignReceipt.objects.create(unit=way.tree.branch, campaign=one, sent_on=DAY)
        seen = 0
        for browser, address in ((clerk, "/campaign-receipts/"), (client, "/campaigns/")):
            browser.get(address)
            with django_assert_max_num_queries(60) as queries:
                assert browser.get(address).status_code == 200
            seen += len(queries)
        counted.append(seen)
    assert counted[0] == counted[1]
    assert "Trang 1 / 3" in client.get("/campaigns/").content.decode()


def test_the_keeper_mends_on_the_screen_what_was_typed_stays(way: Way) -> None:
    client = signed_in(way.secretariat)
    address = f"/campaigns/{way.campaign.code}/edit/"
    assert client.get(address).status_code == 200
    typed = {"kind": "drive", "theme": "Đúng hạn", "content_areas": "Giải quyết án\nGiải quyết án\n Thu tiền "}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert 'value="Đúng hạn"' in refused.content.decode()
    assert client.post(address, typed | {"reason": "Bổ sung"}).status_code == 302
    way.campaign.refresh_from_db()
    assert way.campaign.content_areas == ["Giải quyết án", "Thu tiền"]
    number = typed | {"plan_number": "9/KH", "plan_date": "15/02/2023", "reason": "Đã có bản chính"}
    assert client.post(address, number).status_code == 302
    way.campaign.refresh_from_db()
    assert (way.campaign.plan_number, way.campaign.plan_date) == ("9/KH", date(2023, 2, 15))
    assert signed_in(way.clerk).get(address).status_code == 403
    assert signed_in(actor(way.tree.ministry, Role.STAFF)).get(address).status_code == 404


def test_the_list_is_narrowed(way: Way) -> None:
    client = signed_in(way.clerk)
    for typed in ("điển hình", "ĐIỂN HÌNH", "dien hinh"):
        assert way.campaign.title in client.get("/campaigns/", {"kind": "period", "q": typed}).content.decode()
    edit(way, way.campaign, way.secretariat, theme="Về đích sớm")
    assert way.campaign.title in client.get("/campaigns/?q=ve dich").content.decode()
    assert "Không có phong trào nào khớp" in client.get("/campaigns/?q=không có").content.decode()
    way.send()
    assert way.campaign.title in client.get("/campaign-receipts/?q=ve dich&state=waiting").content.decode()
    assert "Không có phong trào nào khớp" in client.get("/campaign-receipts/?state=acknowledged").content.decode()
    assert "Không có phong trào nào khớp" in client.get("/campaigns/?kind=drive").content.decode()
