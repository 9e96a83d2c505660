"""What a person adds to a draft: items the reader missed, page limits, shares, members of a cluster, and the file."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import (
    Campaign,
    Cluster,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    ItemKind,
    ItemVerdict,
    Obligation,
    PlanDraft,
    PlanDraftItem,
    Quota,
)
from campaigns.plan_bearers import ClusterPart, find_cluster_part
from campaigns.plan_items import blank_item
from campaigns.selectors.plan_texts import cut_lines
from campaigns.services.plan_additions import add_plan_item, add_plan_pages, find_words
from campaigns.services.plan_drafts import edit_plan_draft
from campaigns.shares import share_of
from tests.builders import actor
from tests.campaigns.test_plan_drafts import PLAN, Scene, signed_in, txt, values
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import unit_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


PHASE = {"name": "Đợt bổ sung", "first": "2024-03-01", "last": "2024-03-31"}


def add(scene: Scene, draft: PlanDraft, **said: Any) -> PlanDraftItem:
    words = {"kind": "phase", "data": PHASE, "line": None, "last_line": None, "reason": "", "actor": scene.staff} | said
    words.setdefault("version", len(scene.items(draft)))
    item: PlanDraftItem = scene.at(lambda: add_plan_item(draft, **words))
    return item


# --- items ---------------------------------------------------------------------------------------


def test_an_added_item_keeps_its_words_and_stands_last(scene: Scene) -> None:
    draft = scene.add()
    line = PLAN.split("\n").index("II. KHEN THƯỞNG") + 1
    item = add(scene, draft, line=line, last_line=line + 2)
    assert item.quote.startswith("II. KHEN THƯỞNG 1. Đề nghị tặng")
    assert draft.text[item.start : item.end].startswith("II.")
    assert item.order == len(scene.items(draft))
    assert (item.verdict, item.is_added, item.reason) == (ItemVerdict.ACCEPTED, True, "")
    assert scene.at(lambda: AuditEntry.objects.filter(verb="add-plan-item").count()) == 1


def test_an_item_of_no_words_needs_a_reason(scene: Scene) -> None:
    draft = scene.add()
    with pytest.raises(RefusedError) as refusal:
        add(scene, draft)
    assert "phải có lý do" in str(refusal.value.why)
    item = add(scene, draft, reason="Lãnh đạo chỉ đạo tại cuộc họp")
    assert (item.line, item.place) == (0, "ngoài văn bản")
    with pytest.raises(IntegrityError), transaction.atomic():
        scene.at(lambda: PlanDraftItem.objects.filter(pk=item.pk).update(reason=""))


@pytest.mark.parametrize("line", [2_000, 4])
def test_lines_without_words_are_refused(scene: Scene, line: int) -> None:
    assert not PLAN.split("\n")[3]
    with pytest.raises(RefusedError):
        add(scene, scene.add(), line=line)


def test_pressing_the_button_twice_adds_once(scene: Scene) -> None:
    draft = scene.add()
    seen = len(scene.items(draft))
    add(scene, draft, line=1, version=seen)
    with pytest.raises(RefusedError) as refusal:
        add(scene, draft, line=1, version=seen)
    assert "vừa được người khác thay đổi" in refusal.value.what
    assert len(scene.items(draft)) == seen + 1


def test_an_item_that_lacks_something_or_names_strangers_is_refused(scene: Scene) -> None:
    draft = scene.add()
    with pytest.raises(RefusedError):
        add(scene, draft, line=1, data=blank_item("phase"))
    foreign = blank_item("obligation") | {
        "title": "Gửi báo cáo",
        "units": [scene.tree.stranger.code],
        "due": {"type": "until-day", "day": "2024-03-01"},
    }
    with pytest.raises(RefusedError) as refusal:
        add(scene, draft, kind="obligation", line=1, data=foreign)
    assert "nằm ngoài phạm vi" in str(refusal.value.why)


def test_another_units_draft_takes_no_items(scene: Scene) -> None:
    draft = scene.add()
    other = actor(scene.tree.stranger, Role.STAFF)
    assert signed_in(other).post(f"/plan-drafts/{draft.pk}/items/add/?kind=phase", {}).status_code == 404
    assert signed_in(actor(scene.tree.bureau, Role.CLERK)).get(f"/plan-drafts/{draft.pk}/items/add/").status_code == 403


def test_find_words_gives_whole_lines() -> None:
    text = "  một \nhai\n\nba"
    assert [text[slice(*find_words(text, *lines))] for lines in ((1, None), (1, 2), (4, None))] == [
        "một",
        "một \nhai",
        "ba",
    ]


# --- page limits ---------------------------------------------------------------------------------


def test_a_page_limit_is_added_and_replaced(scene: Scene) -> None:
    item = scene.items(scene.add(), ItemKind.OBLIGATION)[0]
    for version, pages in enumerate((4, 3)):
        scene.at(
            lambda v=version, p=pages: add_plan_pages(
                item, paper="Báo cáo tóm tắt", max_pages=p, line=3, version=v, actor=scene.staff
            )
        )
    fresh = scene.items(item.draft, ItemKind.OBLIGATION)[0]
    assert fresh.data["papers"] == [{"name": "Báo cáo tóm tắt", "max_pages": 3, "line": 3}]
    assert fresh.verdict == ItemVerdict.PENDING  # saying how long a paper may be answers nothing else
    with pytest.raises(RefusedError):
        scene.at(lambda: add_plan_pages(item, paper="x", max_pages=1, line=None, version=0, actor=scene.staff))


def test_only_duties_have_papers(scene: Scene) -> None:
    phase = scene.items(scene.add(), ItemKind.PHASE)[0]
    assert signed_in(scene.staff).get(f"/plan-items/{phase.pk}/pages/add/").status_code == 404
    with pytest.raises(RefusedError):
        scene.at(lambda: add_plan_pages(phase, paper="x", max_pages=1, line=None, version=0, actor=scene.staff))


# --- shares --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rounding", "cap"), [("down", 7), ("nearest", 7), ("up", 8)])
def test_a_share_becomes_a_whole_number_by_its_rule(rounding: str, cap: int) -> None:
    assert share_of(47, 15, rounding) == cap


def test_a_half_goes_up_only_by_the_nearest_rule() -> None:
    assert [share_of(10, 15, rule) for rule in ("down", "nearest", "up")] == [1, 2, 2]


def test_a_share_in_the_plan_is_launched_as_a_share(scene: Scene) -> None:
    share = "2. Chiến sĩ thi đua cơ sở: không quá 15 % tổng số Lao động tiên tiến.\n\nNơi nhận"
    draft = scene.add(txt(PLAN.replace("Nơi nhận", share)))
    items = scene.items(draft, ItemKind.QUOTA)
    assert [item.data["percent"] for item in items] == [None, 15]
    scene.answer_all(draft)
    campaign = scene.launch(draft)
    quota = Quota.objects.get(campaign=campaign, percent=15)
    assert quota.words == "15 % tổng số Lao động tiên tiến (làm tròn xuống)"
    assert (quota.cap_of(47), Quota.objects.get(campaign=campaign, limit=3).cap_of(47)) == (7, 3)
    assert quota.words in signed_in(scene.staff).get(f"/campaigns/{campaign.code}/").content.decode()


def test_a_quota_is_a_number_or_a_share_and_never_both(scene: Scene) -> None:
    scene.answer_all(draft := scene.add())
    quota = Quota.objects.get(campaign=scene.launch(draft))
    for wrong in ({"percent": 5, "rounding": "down"}, {"limit": None}, {"limit": None, "percent": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quota.objects.filter(pk=quota.pk).update(**wrong)


def test_both_a_number_and_a_share_are_refused_on_the_screen(scene: Scene) -> None:
    client, item = signed_in(scene.staff), scene.items(scene.add(), ItemKind.QUOTA)[0]
    form = values(client.get(f"/plan-items/{item.pk}/mend/").context["form"])
    answer = client.post(f"/plan-items/{item.pk}/mend/", form | {"percent": "10"})
    assert answer.status_code == 422
    assert "Chỉ ghi một trong hai" in answer.content.decode()


# --- clusters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Các đơn vị thành viên", "members"),
        ("Các đơn vị trong Cụm", "members"),
        ("Cụm trưởng", "head"),
        ("Trưởng Khu vực thi đua", "head"),
        ("Phó trưởng khối", "deputies"),
        ("Các Chi cục", None),
    ],
)
def test_words_for_parts_of_a_cluster(words: str, part: str | None) -> None:
    assert find_cluster_part(words) == (ClusterPart(part) if part else None)


CLUSTER_PLAN = PLAN.replace("Các Chi cục THADS xây dựng", "Các đơn vị thành viên trong Cụm xây dựng").replace(
    "Chi cục THADS huyện Đại Từ gửi", "Cụm trưởng gửi"
)


def found_year(scene: Scene, *members: Any) -> ClusterYear:
    cluster = Cluster.objects.create(code="cum-thu", name="Cụm thử", kind="cluster", keeper=scene.tree.bureau)
    year = ClusterYear.objects.create(cluster=cluster, year=2024)
    for place, unit in enumerate(members):
        ClusterMember.objects.create(
            year=year, member=unit, role=ClusterRole.HEAD if place == 0 else ClusterRole.MEMBER
        )
    return year


def tie(scene: Scene, draft: PlanDraft, year: ClusterYear | None) -> None:
    fresh = scene.at(lambda: PlanDraft.objects.get(pk=draft.pk))
    header = {
        name: getattr(fresh, name)
        for name in ("number", "place", "issued_on", "title", "kind", "opens_on", "closes_on")
    }
    scene.at(
        lambda: edit_plan_draft(
            fresh,
            version=fresh.version,
            actor=scene.staff,
            **header | {"issuer": scene.tree.bureau, "cluster_year": year},
        )
    )


def test_a_plan_of_a_cluster_gives_work_to_its_members_and_head(scene: Scene) -> None:
    draft = scene.add(txt(CLUSTER_PLAN))
    assert [item.data["cluster"] for item in scene.items(draft, ItemKind.OBLIGATION)] == [
        {"who": "members", "of": ""},
        {"who": "head", "of": ""},
    ]
    year = found_year(scene, scene.tree.branch, scene.tree.sibling)
    scene.answer_all(draft)
    with pytest.raises(RefusedError) as refusal:
        scene.launch(draft)
    assert "chưa chọn khu vực, cụm, khối" in str(refusal.value.why)
    tie(scene, draft, year)
    campaign = scene.launch(draft)
    owed = scene.at(
        lambda: [
            sorted(one.unit.code for one in obligation.assignments.select_related("unit"))
            for obligation in Obligation.objects.filter(campaign=campaign).order_by("code")
        ]
    )
    assert owed == [sorted([scene.tree.branch.code, scene.tree.sibling.code]), [scene.tree.branch.code]]
    assert list(year.campaigns.all()) == [campaign]


def test_members_out_of_the_branch_are_refused(scene: Scene) -> None:
    draft = scene.add(txt(CLUSTER_PLAN))
    scene.answer_all(draft)
    tie(scene, draft, found_year(scene, scene.tree.branch, scene.tree.stranger))
    with pytest.raises(RefusedError) as refusal:
        scene.launch(draft)
    assert "Ngoài phạm vi của" in str(refusal.value.why)
    assert not Campaign.objects.exists()


# --- the text and the file -----------------------------------------------------------------------


def test_lines_are_cut_where_items_begin_and_end() -> None:
    items = [PlanDraftItem(order=1, line=1, start=2, end=5), PlanDraftItem(order=2, line=1, start=4, end=9)]
    lines = cut_lines("abcdefg\nhij", items, 1, 2)
    assert [[(one.words, [item.order for item in one.items]) for one in line.stretches] for line in lines] == [
        [("ab", []), ("cd", [1]), ("e", [1, 2]), ("fg", [2])],
        [("h", [2]), ("ij", [])],
    ]
    assert [item.order for one in lines[0].stretches for item in one.is_last_of] == [1]
    assert [item.order for one in lines[1].stretches for item in one.is_last_of] == [2]


def test_the_whole_text_leads_to_the_items_and_back(scene: Scene) -> None:
    client, draft = signed_in(scene.staff), scene.add()
    item = scene.items(draft, ItemKind.OBLIGATION)[0]
    page = client.get(f"/plan-drafts/{draft.pk}/text/?line={item.line}").content.decode()
    assert f'href="/plan-drafts/{draft.pk}/?page=1#muc-{item.order}"' in page
    assert f"?kind=obligation&amp;line={item.line}" in page
    back = client.get(f"/plan-drafts/{draft.pk}/").content.decode()
    assert f"/plan-drafts/{draft.pk}/text/?line={item.line}#dong-{item.line}" in back


def test_a_long_text_is_shown_in_pages(scene: Scene, django_assert_max_num_queries: Any) -> None:
    long = PLAN.replace("II. KHEN THƯỞNG", "II. KHEN THƯỞNG" + "\nLời bình không giao việc." * 900)
    client, draft = signed_in(scene.staff), scene.add(txt(long))
    with django_assert_max_num_queries(60):
        page = client.get(f"/plan-drafts/{draft.pk}/text/?line=700").content.decode()
    assert "Trang 3 / 4" in page
    assert 'id="dong-700"' in page
    assert 'id="dong-200"' not in page


def test_an_item_is_added_on_the_screen(scene: Scene) -> None:
    client, draft = signed_in(scene.staff), scene.add()
    for kind in ItemKind.values:
        assert client.get(f"/plan-drafts/{draft.pk}/items/add/?kind={kind}&line=1").status_code == 200
    assert client.get(f"/plan-drafts/{draft.pk}/items/add/?kind=else").status_code == 404
    address = f"/plan-drafts/{draft.pk}/items/add/?kind=phase"
    typed = {"version": len(scene.items(draft)), "name": "Đợt 3", "first": "01/03/2024", "last": "31/03/2024"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "Ghi số dòng trong văn bản, hoặc ghi lý do" in refused.content.decode()
    assert "Đợt 3" in refused.content.decode()
    done = client.post(address, typed | {"reason": "Theo ý kiến họp"}, follow=True).content.decode()
    assert "Lý do thêm: Theo ý kiến họp" in done
    assert "do cán bộ thêm" in done


def test_pages_are_added_on_the_screen(scene: Scene) -> None:
    client, draft = signed_in(scene.staff), scene.add()
    item = scene.items(draft, ItemKind.OBLIGATION)[0]
    address = f"/plan-items/{item.pk}/pages/add/"
    assert client.post(address, {"version": 0, "paper": "Tham luận"}).status_code == 422
    page = client.post(address, {"version": 0, "paper": "Tham luận", "max_pages": "2"}, follow=True).content.decode()
    assert "Tham luận không quá 2 trang" in page


def test_the_file_is_kept_and_only_given_as_a_download(scene: Scene, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, draft = signed_in(scene.staff), scene.add()
    answer = client.get(f"/plan-drafts/{draft.pk}/file/")
    assert b"".join(answer) == PLAN.encode()  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert scene.at(lambda: AuditEntry.objects.filter(verb="download-plan-file").count()) == 1
    assert signed_in(actor(scene.tree.ministry, Role.STAFF)).get(f"/plan-drafts/{draft.pk}/file/").status_code == 404
    with unit_scope(scene.tree.bureau.path):
        PlanDraft.objects.filter(pk=draft.pk).update(file="")
    assert client.get(f"/plan-drafts/{draft.pk}/file/").status_code == 404
