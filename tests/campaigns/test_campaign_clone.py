"""Last year's campaign again: every date moved, shown beside the old one, and nothing launched unseen."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from campaigns.models import (
    AnchorEvent,
    Assignment,
    Campaign,
    DraftState,
    ItemKind,
    ItemVerdict,
    Obligation,
    PlanDraft,
    PlanDraftItem,
)
from campaigns.plan_file import PLANS, read_plan
from campaigns.selectors.plan_drafts import describe_draft_phases, show_items
from campaigns.services.campaign_clone import clone_campaign
from campaigns.services.launch import launch_campaign
from campaigns.services.plan_drafts import accept_plan_items, edit_plan_draft, mend_plan_item
from campaigns.services.plan_launch import launch_plan_draft
from tests.builders import AT, DAY, Tree, actor, campaign, phase
from units.actors import Actor
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db

OLD = """\
# A plan of tests.

[campaign]
code = "TNG-2024"
issuer = "CTHADS-TNG"
title = "Thi hành án nhanh, gọn năm 2024"
kind = "thematic"
theme = "Về đích sớm năm 2024"
number = "118/KH-CTHADS"
issued_on = 2023-12-20
cite_as = "Kế hoạch 118/KH-CTHADS ngày 20/12/2023"
opens_on = 2024-01-01
closes_on = 2024-12-31
basis = ["40/QĐ-BTP"]
awards = ["grassroots-annual"]

[[phase]]
code = "1"
name = "Đợt đầu năm 2024"
opens_on = 2024-01-01
closes_on = 2024-06-30
clause = "I"

[phase.doors]
register = { opens_on = 2024-02-01, closes_on = 2024-02-29 }

[[phase]]
code = "2"
name = "Đợt cuối năm 2024"
opens_on = 2024-07-15
closes_on = 2024-12-31
clause = "I"

[[quota]]
code = "CO"
title = "Đề nghị Giấy khen"
award = "grassroots-annual"
unit_kinds = ["chi-cuc"]
at_most = 3
phrase = "không quá 03"
clause = "II"

[[quota]]
code = "CHON"
title = "Chọn trong số đó"
award = "grassroots-annual"
unit_kinds = ["chi-cuc"]
at_most = 1
among = ["CO"]
phrase = "01"
clause = "II"

[[obligation]]
code = "DANG-KY"
title = "Đăng ký thi đua năm 2024"
kind = "registration"
phase = "1"
owed_by = { kinds = ["chi-cuc"], within = "CTHADS-TNG" }
owed_to = "CTHADS-TNG"
due = { type = "until-day", day = 2024-02-29 }
phrase = "chậm nhất ngày 29/02/2024"
clause = "III.1"

[[obligation.paper]]
name = "Bản đăng ký"
required = false

[[obligation]]
code = "BAO-CAO"
title = "Báo cáo quý"
kind = "report"
owed_by = { units = ["DAI-TU"] }
owed_to = "CTHADS-TNG"
due = { type = "recurrent", every = "quarter" }
phrase = "hằng quý"
clause = "III.2"

[[obligation]]
code = "SAU-LE"
title = "Gửi biên bản ký giao ước"
kind = "report"
owed_by = { kinds = ["chi-cuc"], within = "CTHADS-TNG" }
owed_to = "CTHADS-TNG"
due = { type = "days-after", days = 5, after = "lễ phát động" }
phrase = "sau lễ phát động 5 ngày"
clause = "III.3"
warnings = ["anchor-missing"]

[[obligation]]
code = "TRONG-THANG"
title = "Sơ kết trong tháng"
kind = "review"
owed_by = { units = ["DINH-HOA"] }
owed_to = "BTP"
due = { type = "month", year = 2024, month = 4 }
phrase = "tháng 4/2024"
clause = "III.4"
"""
NEW = {"opens_on": date(2025, 1, 1), "closes_on": date(2025, 12, 31)}


class Office:
    def __init__(self, folder: Path) -> None:
        self.tree = Tree()
        path = folder / "plan.toml"
        path.write_text(OLD, encoding="utf-8")
        with maintenance_scope("a launch addresses everybody"):
            self.old = launch_campaign(read_plan(path), day=DAY)
        self.staff = actor(self.tree.bureau, Role.STAFF)

    def clone(self, one: Campaign | None = None, **changes: Any) -> PlanDraft:
        with unit_scope(self.tree.bureau.path):
            return clone_campaign(one or self.old, **(NEW | changes), actor=self.staff, day=DAY, at=AT)

    def items(self, draft: PlanDraft, kind: str = "") -> list[PlanDraftItem]:
        wanted = {"kind": kind} if kind else {}
        with unit_scope(self.tree.bureau.path):
            found = PlanDraftItem.objects.filter(draft=draft, **wanted).select_related("draft__origin", "draft__unit")
            return list(found.order_by("order"))

    def accept_all(self, draft: PlanDraft) -> None:
        seen = {item.pk: item.version for item in self.items(draft)}
        with unit_scope(self.tree.bureau.path):
            accept_plan_items(draft, seen, actor=self.staff)

    def check_header(self, draft: PlanDraft, **changes: Any) -> None:
        names = ("issuer", "place", "title", "kind", "theme", "content_areas", "method", "scope", "responds_to")
        with unit_scope(self.tree.bureau.path):
            fresh = PlanDraft.objects.get(pk=draft.pk)
            header = {name: getattr(fresh, name) for name in (*names, "opens_on", "closes_on")}
            header |= {"number": "9/KH-CTHADS", "issued_on": date(2024, 12, 20)} | changes
            edit_plan_draft(fresh, version=fresh.version, actor=self.staff, **header)

    def launch(self, draft: PlanDraft) -> Campaign:
        with unit_scope(self.tree.bureau.path):
            return launch_plan_draft(draft, actor=self.staff, day=DAY, at=AT)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_every_date_is_moved_and_the_old_one_kept_beside_it(office: Office) -> None:
    draft = office.clone()
    assert (draft.title, draft.theme, draft.number, draft.issued_on) == (
        "Thi hành án nhanh, gọn năm 2025",
        "Về đích sớm năm 2025",
        "",
        None,
    )
    assert (draft.origin, draft.opens_on, draft.closes_on) == (office.old, *NEW.values())
    items = office.items(draft)
    assert {item.verdict for item in items} == {ItemVerdict.PENDING}
    assert [item.kind for item in items] == ["basis", "phase", "phase", "quota", "quota", *["obligation"] * 4]
    first, second = office.items(draft, ItemKind.PHASE)
    assert (first.before["name"], first.data["name"]) == ("Đợt đầu năm 2024", "Đợt đầu năm 2025")
    assert (first.data["first"], first.data["last"]) == ("2025-01-01", "2025-06-30")
    assert first.data["doors"] == {"register": ["2025-02-01", "2025-02-28"]}
    register, quarterly, relative, monthly = office.items(draft, ItemKind.OBLIGATION)
    assert register.before["due"] == {"type": "until-day", "day": "2024-02-29"}
    assert register.data["due"] == {"type": "until-day", "day": "2025-02-28"}
    assert (register.data["phrase"], register.data["phase"]) == ("chậm nhất ngày 29/02/2025", first.order)
    assert (register.data["kinds"], register.data["within"]) == (["chi-cuc"], "CTHADS-TNG")
    assert quarterly.data["due"] == {"type": "recurrent", "every": "quarter"}  # once, not four times
    assert quarterly.data["title"] == "Báo cáo quý"
    assert relative.data["due"] == {"type": "days-after", "days": 5, "after": "lễ phát động"}
    assert monthly.data["due"] == {"type": "range", "first": "2025-04-01", "last": "2025-04-30"}
    assert (monthly.data["units"], monthly.data["owed_to"]) == (["DINH-HOA"], "BTP")
    assert second.data["first"] == "2025-07-15"


def test_days_stand_with_their_weekday_and_what_to_look_at(office: Office) -> None:
    draft = office.clone()
    items = office.items(draft)
    with unit_scope(office.tree.bureau.path):
        shown = {one.heading: one for one in show_items(draft, items)}
        overlaps, gaps = describe_draft_phases(draft)
    phase_one = {change.name: (change.old, change.new) for change in shown["Đợt đầu năm 2025"].changes}
    assert phase_one["Từ ngày"] == ("Thứ Hai, 01/01/2024", "Thứ Tư, 01/01/2025")
    assert phase_one["Nhận đăng ký"][1] == "Thứ Bảy, 01/02/2025 – Thứ Sáu, 28/02/2025"
    register = shown["Đăng ký thi đua năm 2025"]
    assert ("Ngày cuối cùng", "Thứ Năm, 29/02/2024", "Thứ Sáu, 28/02/2025") in [
        (change.name, change.old, change.new) for change in register.changes
    ]
    assert any("29/02/2024 không có trong năm 2025" in words for words in register.warnings)
    monthly = shown["Sơ kết trong tháng"]
    assert any("30/04/2025 là ngày nghỉ" in words for words in monthly.warnings)  # the day of reunification
    assert (overlaps, gaps) == ([], [(date(2025, 7, 1), date(2025, 7, 14))])


def test_nothing_enters_unseen_and_what_was_accepted_becomes_the_campaign(office: Office) -> None:
    draft = office.clone()
    with pytest.raises(RefusedError, match="Còn 9 mục chưa được xem"):
        office.launch(draft)
    register = office.items(draft, ItemKind.OBLIGATION)[0]
    with unit_scope(office.tree.bureau.path):
        data = register.data | {"due": {"type": "until-day", "day": "2025-02-27"}, "phrase": ""}
        mend_plan_item(register, version=register.version, data=data, actor=office.staff)
    office.accept_all(draft)
    with pytest.raises(RefusedError, match="còn thiếu: số kế hoạch, ngày ban hành"):
        office.launch(draft)
    office.check_header(draft)
    fresh = office.launch(draft)
    assert (fresh.title, fresh.theme, fresh.legal_basis) == (draft.title, draft.theme, ["40/QĐ-BTP"])
    with maintenance_scope("everything of the campaign"):
        duties = list(fresh.obligations.order_by("pk").values_list("title", "last_day"))
        assert duties[0] == ("Đăng ký thi đua năm 2025", date(2025, 2, 27))
        assert [title for title, _ in duties[1:5]] == [f"Báo cáo quý, Quý {n}/2025" for n in ("I", "II", "III", "IV")]
        assert AnchorEvent.objects.get(campaign=fresh).title == "Lễ phát động"
        assert [door.closes_on for one in fresh.phases.all() for door in one.doors.all()] == [date(2025, 2, 28)]
        assert fresh.quotas.get(title="Chọn trong số đó").among.get().title == "Đề nghị Giấy khen"
        assert {one.unit.code for one in fresh.receipts.select_related("unit")} == {"DAI-TU", "DINH-HOA"}
        paper = fresh.obligations.get(title="Đăng ký thi đua năm 2025").papers
        assert paper == [{"name": "Bản đăng ký", "max_pages": None, "required": False}]
        again = clone_campaign(
            fresh, opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31), actor=office.staff, day=DAY, at=AT
        )
        assert again.items.filter(kind=ItemKind.OBLIGATION).count() == 4


def test_only_what_was_before_the_person_is_accepted_together(office: Office) -> None:
    draft = office.clone()
    one, other, *_ = office.items(draft)
    with unit_scope(office.tree.bureau.path):
        assert accept_plan_items(draft, {one.pk: one.version, other.pk: other.version + 1}, actor=office.staff) == 1
    assert [item.verdict for item in office.items(draft)][:2] == [ItemVerdict.ACCEPTED, ItemVerdict.PENDING]


def test_a_campaign_is_looked_through_once_at_a_time(office: Office) -> None:
    draft = office.clone()
    with pytest.raises(RefusedError, match="đang được xem") as refused:
        office.clone(opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31))
    assert refused.value.way_out is not None
    assert refused.value.way_out[0] == draft.get_absolute_url()


def test_the_new_time_is_later(office: Office) -> None:
    with pytest.raises(RefusedError, match="phải sau thời gian của phong trào cũ"):
        office.clone(opens_on=date(2024, 1, 1))


def test_a_foreign_campaign_is_refused(office: Office) -> None:
    foreign = Campaign.objects.create(
        code="CBA",
        title="Khác",
        kind="drive",
        issuer=office.tree.stranger,
        plan_name="Kế hoạch",
        opens_on=date(2024, 1, 1),
        closes_on=date(2024, 12, 31),
    )
    with pytest.raises(RefusedError, match="không lập lại được phong trào của"):
        office.clone(foreign)


def test_an_older_campaign_is_copied_by_its_days_and_whole_kinds() -> None:
    tree = Tree()
    staff = actor(tree.bureau, Role.STAFF)
    with maintenance_scope("a campaign that kept nothing of its plan"):
        one = campaign(tree.bureau, tree.branch, tree.sibling)
        phase(one, "2023", date(2023, 1, 1), date(2023, 12, 31))
    with unit_scope(tree.bureau.path):
        draft = clone_campaign(
            one, opens_on=date(2026, 1, 1), closes_on=date(2030, 12, 31), actor=staff, day=DAY, at=AT
        )
        duty = draft.items.get(kind=ItemKind.OBLIGATION)
    assert duty.data["due"] == {"type": "until-day", "day": "2028-11-20"}
    assert (duty.data["kinds"], duty.data["units"], duty.data["awards"]) == (["chi-cuc"], [], ["grassroots-annual"])


def signed_in(who: Actor) -> Client:
    client = Client()
    client.force_login(who.account)
    return client


def test_from_the_campaigns_page_to_the_new_one(office: Office) -> None:
    client = signed_in(office.staff)
    address = f"/campaigns/{office.old.code}/clone/"
    assert address in client.get(f"/campaigns/{office.old.code}/").content.decode()
    form = client.get(address)
    assert 'value="01/01/2025"' in form.content.decode()
    wrong = client.post(address, {"opens_on": "01/01/2024", "closes_on": "31/12/2024"})
    assert wrong.status_code == 422
    assert 'value="01/01/2024"' in wrong.content.decode()
    draft_page = client.post(address, {"opens_on": "01/01/2025", "closes_on": "31/12/2025"}, follow=True)
    page = draft_page.content.decode()
    assert "Thứ Hai, 01/01/2024" in page
    assert "<strong>Thứ Tư, 01/01/2025</strong>" in page
    assert "01/07/2025 – 14/07/2025" in page
    with unit_scope(office.tree.bureau.path):
        draft = PlanDraft.objects.get()
    offered = draft_page.context["plain"]
    assert "Nhận" in page
    assert {item.kind for item in offered} <= {"phase", "quota", "obligation"}
    accept = f"/plan-drafts/{draft.pk}/accept/"
    sent = {"item": [f"{item.pk}:{item.version}" for item in offered] + ["rubbish"]}
    assert client.post(accept, sent).status_code == 302
    left = [item for item in office.items(draft) if item.verdict == ItemVerdict.PENDING]
    assert len(left) == 9 - len(offered)
    for item in left:
        assert client.get(f"/plan-items/{item.pk}/mend/").status_code == 200
        assert client.post(f"/plan-items/{item.pk}/accept/", {"version": item.version}).status_code == 302
    office.check_header(draft)
    done = client.post(f"/plan-drafts/{draft.pk}/launch/", follow=True)
    assert "Đã lập phong trào" in done.content.decode()
    with maintenance_scope("everything"):
        assert PlanDraft.objects.get().state == DraftState.LAUNCHED
        assert Obligation.objects.filter(campaign__code__startswith="CTHADS-TNG-9").count() == 7
        assert Assignment.objects.filter(obligation__campaign__code__startswith="CTHADS-TNG-9").count() == 9
    assert signed_in(actor(office.tree.branch, Role.SECRETARIAT)).get(address).status_code == 404
    assert signed_in(actor(office.tree.bureau, Role.CLERK)).get(address).status_code == 403


def test_phases_that_overlap_are_shown_and_refused_with_names_and_days(office: Office) -> None:
    draft = office.clone()
    second = office.items(draft, ItemKind.PHASE)[1]
    with unit_scope(office.tree.bureau.path):
        data = second.data | {"first": "2025-06-30"}
        mend_plan_item(second, version=second.version, data=data, actor=office.staff)
    office.accept_all(draft)
    office.check_header(draft)
    words = (
        "Đợt «Đợt đầu năm 2025» (01/01/2025 – 30/06/2025) và đợt «Đợt cuối năm 2025» (30/06/2025 – 31/12/2025) "
        "chồng lên nhau."
    )
    assert words in signed_in(office.staff).get(draft.get_absolute_url()).content.decode()
    with pytest.raises(RefusedError) as refused:
        office.launch(draft)
    assert words in refused.value.why


def test_the_shipped_plan_can_be_read_into_items() -> None:
    for plan in (PLANS / "cthads-thai-nguyen-2023.toml", PLANS / "kvtd-mien-nui-phia-bac-2021.toml"):
        from campaigns.plan_copy import keep_planned
        from campaigns.plan_items import DUE_TYPES, due_words

        for planned in read_plan(plan).obligations:
            due = keep_planned(planned)["due"]
            assert due["type"] in DUE_TYPES
            assert "?" not in due_words(due)
