"""A plan's file, a person's answer to each thing it says, and the campaign of what was accepted."""

import io
import threading
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from campaigns.models import (
    Assignment,
    Campaign,
    DraftState,
    ItemKind,
    ItemVerdict,
    Obligation,
    Phase,
    PlanDraft,
    PlanDraftItem,
    Quota,
)
from campaigns.plan_bearers import KnownUnit, find_bearers
from campaigns.selectors.plan_drafts import cut_excerpt
from campaigns.services.plan_drafts import (
    accept_plan_item,
    add_plan_draft,
    drop_plan_draft,
    drop_plan_item,
    edit_plan_draft,
    mend_plan_item,
)
from campaigns.services.plan_launch import code_of, launch_plan_draft
from tests.builders import AT, DAY, Tree, actor, pdf
from units.actors import Actor
from units.models import AuditEntry, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

PLAN = """\
CỤC THADS TỈNH THÁI NGUYÊN
Số: 118/KH-CTHADS
Thái Nguyên, ngày 15 tháng 11 năm 2023

KẾ HOẠCH
Tổ chức phong trào thi đua “Thi hành án nhanh, gọn” năm 2024

Căn cứ Quyết định số 1204/QĐ-BTP ngày 20/10/2023 của Bộ Tư pháp về phân công công tác.

I. NỘI DUNG

1. Phong trào chia làm hai đợt:

- Đợt 1: từ ngày 01/02/2024 đến hết ngày 30/6/2024.

- Đợt 2: từ ngày 01/7/2024 đến ngày 31/12/2024.

2. Các Chi cục THADS xây dựng kế hoạch hưởng ứng và gửi về Cục THADS tỉnh Thái Nguyên trước ngày 20/02/2024.

3. Chi cục THADS huyện Đại Từ gửi báo cáo tổng kết (không quá 05 trang A4) về Cục trước ngày 30/11/2024.

II. KHEN THƯỞNG

1. Đề nghị tặng Giấy khen của Cục trưởng cho không quá 03 tập thể.

Nơi nhận:
- Các Chi cục;
- Lưu: VT.

CỤC TRƯỞNG

Lê Văn Thử
"""

pytestmark = pytest.mark.django_db


def txt(text: str = PLAN, name: str = "kế hoạch.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


class Scene:
    """The bureau reads a plan; its branches and a foreign bureau stand beside it."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.staff = actor(self.tree.bureau, Role.STAFF)

    def at(self, do: Callable[[], Any], place: Unit | None = None) -> Any:
        with unit_scope((place or self.tree.bureau).path):
            return do()

    def add(self, file: SimpleUploadedFile | None = None, *, by: Actor | None = None) -> PlanDraft:
        who = by or self.staff
        draft: PlanDraft = self.at(lambda: add_plan_draft(file or txt(), actor=who, day=DAY, at=AT), who.unit)
        return draft

    def items(self, draft: PlanDraft, kind: str = "") -> list[PlanDraftItem]:
        wanted = {"kind": kind} if kind else {}
        found: list[PlanDraftItem] = self.at(
            lambda: list(PlanDraftItem.objects.filter(draft=draft, **wanted).select_related("draft").order_by("order"))
        )
        return found

    def accept(self, item: PlanDraftItem) -> None:
        self.at(lambda: accept_plan_item(item, version=item.version, actor=self.staff))

    def drop(self, item: PlanDraftItem) -> None:
        self.at(lambda: drop_plan_item(item, version=item.version, actor=self.staff))

    def mend(self, item: PlanDraftItem, **changes: Any) -> None:
        data = item.data | changes
        self.at(lambda: mend_plan_item(item, version=item.version, data=data, actor=self.staff))

    def check_header(self, draft: PlanDraft, **changes: Any) -> None:
        header = {
            "number": "118/KH-CTHADS",
            "issuer": self.tree.bureau,
            "place": "Thái Nguyên",
            "issued_on": date(2023, 11, 15),
            "title": "Thi hành án nhanh, gọn",
            "kind": "thematic",
            "opens_on": date(2024, 1, 1),
            "closes_on": date(2024, 12, 31),
        } | changes
        fresh = self.at(lambda: PlanDraft.objects.get(pk=draft.pk))
        self.at(lambda: edit_plan_draft(fresh, version=fresh.version, actor=self.staff, **header))

    def answer_all(self, draft: PlanDraft) -> None:
        for item in self.items(draft):
            self.accept(item)
        self.check_header(draft)

    def launch(self, draft: PlanDraft) -> Campaign:
        campaign: Campaign = self.at(lambda: launch_plan_draft(draft, actor=self.staff, day=DAY, at=AT))
        return campaign


@pytest.fixture
def scene() -> Scene:
    return Scene()


# --- reading -------------------------------------------------------------------------------------


def test_what_the_plan_says_waits_beside_the_words_it_came_from(scene: Scene) -> None:
    draft = scene.add()
    assert (draft.number, draft.issued_on, draft.issuer) == (
        "118/KH-CTHADS",
        date(2023, 11, 15),
        scene.tree.bureau,
    )
    items = scene.items(draft)
    counted = {kind: sum(item.kind == kind for item in items) for kind in ItemKind}
    assert counted == {"basis": 1, "phase": 2, "obligation": 2, "indicator": 0, "quota": 1}
    assert {item.verdict for item in items} == {ItemVerdict.PENDING}
    for item in items:
        assert draft.text[item.start : item.end].split() == item.quote.split()
        assert draft.text.split("\n")[item.line - 1].strip() != ""
    plan, summary = scene.items(draft, ItemKind.OBLIGATION)
    assert (plan.data["kinds"], plan.data["within"]) == (["chi-cuc"], "CTHADS-TNG")
    assert plan.data["due"] == {"type": "before-day", "day": "2024-02-20"}
    assert summary.data["units"] == ["DAI-TU"]
    assert [paper["max_pages"] for paper in summary.data["papers"]] == [5]
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.txt", b"   "), "rỗng"),
        (SimpleUploadedFile("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4), "không"),
        (SimpleUploadedFile("a.docx", b"PK\x03\x04 no zip"), "không phải là TXT, DOCX, PDF có chữ, hoặc"),
        (SimpleUploadedFile("a.txt", PLAN.encode("utf-16-le")[:-1] + b"\x00\xd8"), "không"),
        (SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "tệp Word đời cũ"),
        (pdf("quét.pdf"), "ảnh quét"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_words(scene: Scene, file: SimpleUploadedFile, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        scene.add(file)
    assert scene.at(PlanDraft.objects.count) == 0


def test_a_word_file_is_read_like_the_text(scene: Scene) -> None:
    draft = scene.add(docx(PLAN))
    assert draft.number == "118/KH-CTHADS"
    assert len(scene.items(draft, ItemKind.OBLIGATION)) == 2


def docx(text: str) -> SimpleUploadedFile:
    rows = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" Type="{office}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{rows}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("kế hoạch.docx", buffer.getvalue())


def test_the_same_file_is_looked_through_once_at_a_time(scene: Scene) -> None:
    draft = scene.add()
    with pytest.raises(RefusedError, match="đã được đọc"):
        scene.add()
    scene.at(lambda: drop_plan_draft(draft, actor=scene.staff))
    assert scene.add().pk != draft.pk


def test_an_excerpt_is_the_line_around_the_words() -> None:
    one = cut_excerpt("dòng một\nđầu GIỮA cuối\ndòng ba", 13, 17)
    assert (one.before, one.marked, one.after) == ("đầu ", "GIỮA", " cuối")


@pytest.mark.parametrize(
    ("words", "kinds", "named"),
    [
        ("Các Chi cục THADS", ["chi-cuc"], []),
        ("Các phòng, Chi cục", ["chi-cuc", "phong"], []),
        ("Các phòng thi hành án dân sự khu vực", ["phong-khu-vuc"], []),
        ("Các Cục THADS", [], []),  # the branch has none
        ("Thủ trưởng các đơn vị", ["chi-cuc", "phong"], []),
        ("Chi cục THADS huyện Đại Từ", [], ["DAI-TU"]),
        ("Chi cục", [], []),
        ("", [], []),
    ],
)
def test_bearers_are_proposed_only_where_the_words_are_sure(words: str, kinds: list[str], named: list[str]) -> None:
    units = [
        KnownUnit("CUC", "cuc-bo", ("cuc mau",), is_child=False),
        KnownUnit("DAI-TU", "chi-cuc", ("chi cuc thads huyen dai tu",), is_child=True),
        KnownUnit("P1", "phong", ("phong to chuc",), is_child=True),
        KnownUnit("KV1", "phong-khu-vuc", ("phong thi hanh an dan su khu vuc 1",), is_child=False),
    ]
    assert find_bearers(words, units) == (kinds, named)


# --- answers -------------------------------------------------------------------------------------


def test_an_item_is_accepted_mended_or_dropped(scene: Scene) -> None:
    draft = scene.add()
    first, second = scene.items(draft, ItemKind.OBLIGATION)
    scene.accept(first)
    scene.mend(second, title="Gửi báo cáo năm", units=["DAI-TU", "DINH-HOA"])
    phase = scene.items(draft, ItemKind.PHASE)[0]
    scene.drop(phase)
    first, second = scene.items(draft, ItemKind.OBLIGATION)
    assert (first.verdict, first.is_mended) == (ItemVerdict.ACCEPTED, False)
    assert (second.verdict, second.is_mended, second.data["title"]) == (ItemVerdict.ACCEPTED, True, "Gửi báo cáo năm")
    assert scene.items(draft, ItemKind.PHASE)[0].verdict == ItemVerdict.DROPPED
    with maintenance_scope("a test reads the trail"):
        verbs = set(AuditEntry.objects.filter(subject_id=draft.pk).values_list("verb", flat=True))
    assert verbs == {"add-plan-draft", "accept-plan-item", "mend-plan-item", "drop-plan-item"}


def test_an_item_that_lacks_something_is_not_accepted(scene: Scene) -> None:
    item = scene.items(scene.add(), ItemKind.OBLIGATION)[0]
    with pytest.raises(RefusedError, match="Chưa chọn đơn vị nào phải làm"):
        scene.mend(item, kinds=[], units=[], within="")
    with pytest.raises(RefusedError, match="Chưa chọn danh hiệu"):
        scene.mend(item, kind="nomination")
    with pytest.raises(RefusedError, match="Ngày cuối của khoảng"):
        scene.mend(item, due={"type": "range", "first": "2024-03-02", "last": "2024-03-01"})


def test_work_is_not_given_to_a_unit_outside_the_branch(scene: Scene) -> None:
    item = scene.items(scene.add(), ItemKind.OBLIGATION)[0]
    with pytest.raises(RefusedError, match="nằm ngoài phạm vi"):
        scene.mend(item, kinds=[], within="", units=["CTHADS-CBA"])
    with pytest.raises(RefusedError, match="nằm ngoài phạm vi"):
        scene.mend(item, within="BTP")


def test_who_looks_at_an_old_page_does_not_overwrite_the_other(scene: Scene) -> None:
    item = scene.items(scene.add(), ItemKind.OBLIGATION)[0]
    scene.mend(item, title="Người thứ nhất sửa")
    with pytest.raises(RefusedError, match="vừa được người khác thay đổi"):
        scene.drop(item)
    assert scene.items(item.draft, ItemKind.OBLIGATION)[0].data["title"] == "Người thứ nhất sửa"


# --- launching -----------------------------------------------------------------------------------


def test_nothing_is_launched_while_an_item_waits(scene: Scene) -> None:
    draft = scene.add()
    scene.check_header(draft)
    for item in scene.items(draft)[1:]:
        scene.accept(item)
    with pytest.raises(RefusedError, match="Còn 1 mục chưa được xem") as refused:
        scene.launch(draft)
    assert refused.value.way_out is not None
    assert refused.value.way_out[0].endswith("?show=pending")
    assert not Campaign.objects.exists()


def test_what_was_accepted_becomes_the_campaign_and_nothing_else(scene: Scene) -> None:
    draft = scene.add()
    plan, summary = scene.items(draft, ItemKind.OBLIGATION)
    first, second = scene.items(draft, ItemKind.PHASE)
    scene.accept(first)
    scene.drop(second)
    scene.mend(plan, phase=first.order)
    scene.drop(summary)
    for item in (*scene.items(draft, ItemKind.QUOTA), *scene.items(draft, ItemKind.BASIS)):
        scene.accept(item)
    scene.check_header(draft)
    campaign = scene.launch(draft)
    assert (campaign.code, campaign.plan_number, campaign.kind) == (
        "CTHADS-TNG-118-KH-CTHADS-2023",
        "118/KH-CTHADS",
        "thematic",
    )
    assert campaign.legal_basis == ["Quyết định số 1204/QĐ-BTP ngày 20/10/2023"]
    phase = Phase.objects.get(campaign=campaign)
    assert (phase.opens_on, phase.closes_on) == (date(2024, 2, 1), date(2024, 6, 30))
    obligation = Obligation.objects.get(campaign=campaign)
    # "Trước ngày 20/02" leaves the day before.
    assert (obligation.last_day, obligation.phase, obligation.owed_to) == (date(2024, 2, 19), phase, scene.tree.bureau)
    assert obligation.citation == "Kế hoạch số 118/KH-CTHADS ngày 15/11/2023, mục I.2"
    assert plan.place == f"mục I.2, dòng {plan.line}"
    assert Quota.objects.get(campaign=campaign).limit == 3
    assigned = scene.at(lambda: {one.unit.code for one in Assignment.objects.select_related("unit")})
    assert assigned == {"DAI-TU", "DINH-HOA"}
    closed = scene.at(lambda: PlanDraft.objects.get(pk=draft.pk))
    assert (closed.state, closed.campaign) == (DraftState.LAUNCHED, campaign)
    with pytest.raises(RefusedError, match="không còn sửa được"):
        scene.drop(first)
    with pytest.raises(RefusedError, match="không còn sửa được"):
        scene.launch(draft)


def test_a_plan_whose_campaign_stands_is_not_launched_again(scene: Scene) -> None:
    draft = scene.add()
    scene.answer_all(draft)
    scene.launch(draft)
    again = scene.add()
    scene.answer_all(again)
    with pytest.raises(RefusedError, match="đã có"):
        scene.launch(again)
    assert Campaign.objects.count() == 1


def test_a_header_with_gaps_and_phases_that_overlap_are_refused(scene: Scene) -> None:
    draft = scene.add()
    for item in scene.items(draft):
        scene.accept(item)
    with pytest.raises(RefusedError, match="còn thiếu: loại phong trào"):
        scene.launch(draft)
    scene.check_header(draft, opens_on=date(2024, 3, 1))
    with pytest.raises(RefusedError, match="ra ngoài thời gian phong trào"):
        scene.launch(draft)
    scene.check_header(draft)
    first = scene.items(draft, ItemKind.PHASE)[0]
    scene.mend(first, last="2024-07-01")
    with pytest.raises(RefusedError, match="chồng lên nhau"):
        scene.launch(draft)
    assert not Campaign.objects.exists()


def test_a_phase_that_was_dropped_holds_no_work(scene: Scene) -> None:
    draft = scene.add()
    scene.answer_all(draft)
    phase = scene.items(draft, ItemKind.PHASE)[1]
    scene.mend(scene.items(draft, ItemKind.OBLIGATION)[0], phase=phase.order)
    scene.drop(phase)
    with pytest.raises(RefusedError, match="Đợt của việc này không được nhận"):
        scene.launch(draft)


def test_the_issuer_stands_in_the_own_branch(scene: Scene) -> None:
    draft = scene.add()
    with pytest.raises(RefusedError, match="nằm ngoài phạm vi"):
        scene.check_header(draft, issuer=scene.tree.stranger)


def test_the_code_holds_issuer_number_and_year(scene: Scene) -> None:
    long = code_of(scene.tree.bureau, "1" * 60, DAY)
    assert len(long) <= 60
    assert long.endswith("-2023")


@pytest.mark.django_db(transaction=True)
def test_two_who_launch_at_once_make_one_campaign() -> None:
    scene = Scene()
    draft = scene.add()
    scene.answer_all(draft)
    begin, results = threading.Barrier(2), []

    def launch() -> None:
        try:
            begin.wait(timeout=20)
            results.append(scene.launch(draft).code)
        except RefusedError as refusal:
            results.append(refusal.what)
        finally:
            connection.close()

    threads = [threading.Thread(target=launch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results) == ["Bản này không còn sửa được.", "CTHADS-TNG-118-KH-CTHADS-2023"]
    assert Campaign.objects.count() == 1


# --- screens -------------------------------------------------------------------------------------


def signed_in(who: Actor) -> Client:
    client = Client()
    client.force_login(who.account)
    return client


def test_a_plan_goes_from_file_to_campaign_on_the_screens(scene: Scene) -> None:
    client = signed_in(scene.staff)
    assert "Lập từ văn bản kế hoạch" in client.get("/campaigns/").content.decode()
    assert "Chưa có kế hoạch nào" in client.get("/plan-drafts/").content.decode()
    assert client.post("/plan-drafts/add/", {}).status_code == 422
    answer = client.post("/plan-drafts/add/", {"file": txt()}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<mark>" in page
    # "Về Cục" names nobody for sure, and the page says what was assumed.
    assert page.count("chưa nhận ra đơn vị nào") == 1
    draft = scene.at(PlanDraft.objects.get)
    refused = client.post(f"/plan-drafts/{draft.pk}/launch/")
    assert refused.status_code == 422
    assert "Còn 6 mục chưa được xem" in refused.content.decode()
    for item in scene.items(draft):
        mend = client.get(f"/plan-items/{item.pk}/mend/")
        assert mend.status_code == 200
        assert "Viện" not in mend.content.decode()  # only kinds that the branch has are offered
        # What the form shows is what it takes: sent back as it stands, it is accepted.
        sent = client.post(f"/plan-items/{item.pk}/mend/", values(mend.context["form"]))
        assert sent.status_code == 302, sent.content.decode()
    header = values(client.get(f"/plan-drafts/{draft.pk}/edit/").context["form"])
    assert client.post(f"/plan-drafts/{draft.pk}/edit/", header).status_code == 422
    header |= {"kind": "thematic", "opens_on": "01/01/2024", "closes_on": "31/12/2024"}
    assert client.post(f"/plan-drafts/{draft.pk}/edit/", header).status_code == 302
    done = client.post(f"/plan-drafts/{draft.pk}/launch/", follow=True)
    assert "Đã lập phong trào" in done.content.decode()
    assert Obligation.objects.count() == 2
    after = client.get(f"/plan-drafts/{draft.pk}/").content.decode()
    assert "Mở phong trào" in after
    assert "Bỏ cả bản này" not in after


def values(form: Any) -> dict[str, Any]:
    """What a browser would send of the form as it is shown."""
    found = {name: form[name].value() for name in form.fields}
    return {
        name: value.strftime("%d/%m/%Y") if isinstance(value, date) else value
        for name, value in found.items()
        if value is not None and value is not False and value != ""
    }


def test_accept_and_drop_by_post_only(scene: Scene) -> None:
    client, item = signed_in(scene.staff), scene.items(scene.add(), ItemKind.OBLIGATION)[0]
    for verb, verdict in (("accept", "accepted"), ("drop", "dropped")):
        address = f"/plan-items/{item.pk}/{verb}/"
        assert client.get(address).status_code == 405
        assert client.post(address).status_code == 422  # no version: the page was never seen
        fresh = scene.at(lambda: PlanDraftItem.objects.get(pk=item.pk))
        assert client.post(address, {"version": fresh.version}).status_code == 302
        assert scene.at(lambda: PlanDraftItem.objects.get(pk=item.pk)).verdict == verdict


def test_another_units_draft_is_not_found(scene: Scene) -> None:
    draft = scene.add()
    item = scene.items(draft)[0]
    for place in (scene.tree.stranger, scene.tree.ministry, scene.tree.branch):
        client = signed_in(actor(place, Role.SECRETARIAT))
        assert client.get(f"/plan-drafts/{draft.pk}/").status_code == 404
        assert client.post(f"/plan-drafts/{draft.pk}/launch/").status_code == 404
        assert client.post(f"/plan-items/{item.pk}/accept/", {"version": 0}).status_code == 404
        assert str(draft.pk) not in client.get("/plan-drafts/").content.decode()
    assert signed_in(actor(scene.tree.bureau, Role.CLERK)).get(f"/plan-drafts/{draft.pk}/").status_code == 403


def test_the_pages_ask_the_same_number_of_queries_for_one_and_many(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    client, draft = signed_in(scene.staff), scene.add()
    counted = []
    for number in (0, 60):
        scene.at(lambda n=number: PlanDraftItem.objects.bulk_create(copies(draft, n)))
        client.get(f"/plan-drafts/{draft.pk}/")
        with django_assert_max_num_queries(60) as seen:
            assert client.get(f"/plan-drafts/{draft.pk}/").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def copies(draft: PlanDraft, number: int) -> list[PlanDraftItem]:
    model = PlanDraftItem.objects.filter(draft=draft, kind=ItemKind.OBLIGATION).order_by("order")[0]
    return [
        PlanDraftItem(
            unit=draft.unit,
            draft=draft,
            kind=model.kind,
            order=100 + place,
            line=model.line,
            quote=model.quote,
            start=model.start,
            end=model.end,
            data=model.data,
        )
        for place in range(number)
    ]
