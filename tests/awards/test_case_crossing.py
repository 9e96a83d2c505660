"""Cases cross from a member of a cluster to its conference, and the result comes back; nobody reads across."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AgendaItem, Ballot, CaseFiling, CouncilMember, ReceivedCase, Sitting, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.councils import list_members, list_ready_nominations
from awards.selectors.crossing import list_nomination_notes, list_received, list_sendable, list_senders
from awards.services.ballots import add_ballot, close_ballot, open_ballot
from awards.services.casting import cast_ballot
from awards.services.conferences import create_conference
from awards.services.counting import count_ballot
from awards.services.crossing import announce_cases, receive_cases, return_case, send_case, withdraw_case
from awards.services.drafts import draft_decision
from awards.services.leading import fill_agenda
from awards.services.reorganisation import carry_over
from awards.services.rules import load_voting_rules
from awards.services.sittings import add_agenda_item, add_sitting, record_attendance
from campaigns.models import ClusterMember
from exemplars.models import Assessment, Evidence, Nomination, RulebookEdition, SpecialCase
from exemplars.selectors.nominations import list_undecided_special_cases
from tests.awards.room import LIGHT, RULE, SECRET, accepted, passphrases, signed_in
from tests.awards.test_conferences import guest
from tests.builders import AT, campaign, obligation, pdf, recognition, user
from tests.campaigns.cluster_scene import ClusterScene
from units.actors import act_as
from units.clock import today
from units.models import Honour, Membership, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.selectors.signing import Signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


class Crossing:
    """The region of three; Cao Bằng has put two people forward for what the plan of the head asks."""

    def __init__(self) -> None:
        self.scene = ClusterScene()
        self.year, self.member, self.lead = self.scene.year, self.scene.member, self.scene.head
        plan: Any = campaign(self.lead)
        plan.title_of_tests = recognition()
        self.plan = plan
        self.year.campaigns.add(plan)
        self.clerk = self.scene.act(self.member, Role.CLERK)
        self.desk = self.scene.act(self.lead, Role.SECRETARIAT)
        self.first, self.second = self.nominate("Nông Thị Thử"), self.nominate("Bế Văn Mẫu")

    def nominate(self, name: str, place: Unit | None = None, **more: Any) -> Nomination:
        return accepted(self.plan, place or self.member, name, **({"state": "forwarded"} | more))

    def attach(self, nomination: Nomination, name: str) -> Evidence:
        file = pdf(name)
        return Evidence.objects.create(
            unit=nomination.unit,
            nomination=nomination,
            kind="other",
            file=file,
            file_name=name,
            media_type="application/pdf",
            size=file.size,
            sha256="0" * 64,
            added_by=nomination.created_by,
            added_at=AT,
        )

    def send(self, nomination: Nomination, *papers: Evidence, place: Unit | None = None) -> CaseFiling:
        place = place or self.member
        clerk = self.scene.act(place, Role.CLERK)
        keys = [one.pk for one in papers]
        return self.scene.as_unit(place, lambda: send_case(self.year, nomination, papers=keys, actor=clerk, at=AT))

    def received(self) -> list[ReceivedCase]:
        return self.scene.as_unit(self.lead, lambda: list(list_received(self.year, self.lead)))

    def receive(self) -> list[ReceivedCase]:
        keys = [one.pk for one in self.received()]
        return self.scene.as_unit(self.lead, lambda: receive_cases(self.year, keys, actor=self.desk, at=AT))

    def withdraw(self, filing: CaseFiling) -> CaseFiling:
        return self.scene.as_unit(self.member, lambda: withdraw_case(filing, actor=self.clerk, at=AT))

    def convene(self) -> Sitting:
        """The conference of three heads, everybody there, everything received on its agenda."""
        load_voting_rules()
        self.heads = {
            one: user(f"truong.{one.code}", (one, Role.HEAD)) for one in (self.lead, self.member, self.scene.third)
        }
        council = create_conference(
            self.year, number="1/GM", decided_on=today(), valid_to=today(), actor=self.desk, day=today(), at=AT
        )
        for order, duty in enumerate(({}, {"is_secretary": True}, {"is_teller": True})):
            one = CouncilMember.objects.order_by("order")[order]
            CouncilMember.objects.filter(pk=one.pk).update(**duty or {"order": one.order})
        sitting = add_sitting(council, title="Suy tôn", held_on=today(), place="Yên Bái", actor=self.desk)
        record_attendance(sitting, absences={}, actor=self.desk)
        return sitting

    def open(self, sitting: Sitting) -> Ballot:
        rule = VotingRule.objects.get(code=RULE)
        ballot = add_ballot(sitting, title="Suy tôn điển hình", rule=rule, seats=None, actor=self.desk)
        return open_ballot(ballot, passphrases=passphrases(ballot), actor=self.desk, day=today(), cost=LIGHT)

    def vote(self, sitting: Sitting, votes: dict[str, str]) -> Ballot:
        ballot = self.open(sitting)
        for one in list_members(sitting.council, today()):
            duty = Membership.objects.select_related("user", "unit").get(user=one.user, role=Role.MEMBER)
            cast_ballot(ballot, votes, member=one, actor=act_as(duty))
        close_ballot(ballot, actor=self.desk)
        holders = [one["id"] for one in Ballot.objects.get(pk=ballot.pk).terms["holders"]][:2]
        return count_ballot(ballot, passphrases={key: SECRET.format(key) for key in holders}, actor=self.desk, at=AT)


@pytest.fixture
def crossing(everything: None) -> Crossing:
    return Crossing()


def locked(caught: CaptureQueriesContext) -> list[str]:
    """Tables in which rows were locked, in the order of their first lock."""
    return list(dict.fromkeys(name for one in caught for name in re.findall(r'FOR UPDATE OF "(\w+)"', one["sql"])))


def test_what_crosses_is_a_frozen_copy_with_the_papers_that_were_ticked(crossing: Crossing) -> None:
    ticked, kept = crossing.attach(crossing.first, "gửi.pdf"), crossing.attach(crossing.first, "giữ lại.pdf")
    edition = RulebookEdition.objects.order_by("pk").first()
    assert edition is not None
    Assessment.objects.create(
        unit=crossing.member,
        nomination=crossing.first,
        edition=edition,
        verdict="met",
        question={"disciplines": ["khiển trách"]},
        findings=[],
        occasion="forward",
        assessed_at=AT,
    )
    Honour.objects.create(
        unit=crossing.member,
        person=crossing.first.person,
        title=recognition(),
        year=2022,
        decision_number="MAU-7/QĐ",
        decided_on="2022-12-01",
        subject_name=crossing.first.nominee_name,
        issuer=crossing.member.name,
    )
    crossing.send(crossing.first, ticked)
    Nomination.objects.filter(pk=crossing.first.pk).update(achievements="Viết lại sau khi gửi")
    (case,) = crossing.received()
    copy = case.nomination
    assert (copy.put_forward_by, copy.unit, copy.nominee_name) == (crossing.member, crossing.lead, "Nông Thị Thử")
    assert copy.achievements != "Viết lại sau khi gửi"
    assert [one.file_name for one in copy.evidence.all()] == ["gửi.pdf"] != [kept.file_name]
    assert [one.question for one in copy.assessments.all()] == [{}]
    assert [one["decision_number"] for one in case.honours] == ["MAU-7/QĐ"]
    # It counts nowhere: neither with the unit that holds it nor above both.
    own = {crossing.first.pk, crossing.second.pk}
    for place, seen in ((crossing.lead, set()), (crossing.scene.ministry, own)):
        assert crossing.scene.as_unit(place, lambda: set(Nomination.objects.values_list("pk", flat=True))) == seen


def test_a_unit_sends_what_is_its_own_and_once(crossing: Crossing) -> None:
    scene = crossing.scene
    with pytest.raises(RefusedError, match="không phải thành viên"):
        crossing.send(crossing.nominate("Hà Thị Ngoài", scene.outsider), place=scene.outsider)
    with pytest.raises(RefusedError, match="Chưa gửi được"):
        crossing.send(crossing.first, place=scene.third)
    draft = crossing.nominate("Lý Thị Nháp", state="draft")
    with pytest.raises(RefusedError, match="Chưa gửi được"):
        crossing.send(draft)
    crossing.send(crossing.first)
    with pytest.raises(RefusedError, match="đã được gửi"):
        crossing.send(crossing.first)
    sendable = scene.as_unit(crossing.member, lambda: list(list_sendable(crossing.year, crossing.member)))
    assert sendable == [crossing.second]
    crossing.plan.obligations.update(awards=["CSTDCS"])
    with pytest.raises(RefusedError, match="đúng danh hiệu"):
        crossing.send(crossing.second)
    assert CaseFiling.objects.count() == ReceivedCase.objects.count() == 1


def test_the_leading_unit_sees_who_sent_and_receives_or_returns_with_a_reason(crossing: Crossing) -> None:
    filing = crossing.send(crossing.first)
    senders = crossing.scene.as_unit(crossing.lead, lambda: list_senders(crossing.year, crossing.lead))
    assert {one.unit: one.has_sent for one in senders} == {
        crossing.lead: False,
        crossing.member: True,
        crossing.scene.third: False,
    }
    other = crossing.scene.act(crossing.scene.third, Role.SECRETARIAT)
    (case,) = crossing.received()
    with pytest.raises(RefusedError, match="không chủ trì"):
        receive_cases(crossing.year, [case.pk], actor=other, at=AT)
    with pytest.raises(RefusedError, match="Không trả lại được"):
        return_case(case, reason="Của tôi", actor=other, at=AT)
    assert [one.state for one in crossing.receive()] == ["received"]
    with CaptureQueriesContext(connection) as caught:
        crossing.scene.as_unit(
            crossing.lead, lambda: return_case(case, reason="Thiếu số liệu", actor=crossing.desk, at=AT)
        )
    # With the copy locked, nobody puts onto an agenda what goes back at the same moment.
    assert locked(caught) == ["awards_casefiling", "awards_receivedcase", "exemplars_nomination"]
    filing.refresh_from_db()
    assert (filing.state, filing.answer) == ("returned", "Thiếu số liệu")
    again = crossing.send(crossing.first)
    assert {one.state for one in crossing.received()} == {"returned", "sent"}
    assert again.pk != filing.pk


def test_a_case_is_withdrawn_until_its_ballot_opens(crossing: Crossing) -> None:
    one, two = crossing.send(crossing.first), crossing.send(crossing.second)
    crossing.receive()
    sitting = crossing.convene()
    assert fill_agenda(sitting, campaign=None, recognition=None, actor=crossing.desk) == 2
    stranger = crossing.scene.act(crossing.scene.third, Role.CLERK)
    with pytest.raises(RefusedError, match="không rút được"):
        withdraw_case(one, actor=stranger, at=AT)
    with CaptureQueriesContext(connection) as caught:
        assert crossing.withdraw(one).state == "withdrawn"
    # The sender's row before the sitting, as where results are told: two at once wait, and not in a circle.
    assert locked(caught)[:3] == ["awards_casefiling", "awards_receivedcase", "awards_sitting"]
    assert AgendaItem.objects.count() == 1
    assert list(list_ready_nominations(sitting)) == []
    crossing.open(sitting)
    with pytest.raises(RefusedError, match="chương trình Hội nghị đã chốt"):
        crossing.withdraw(two)
    case = ReceivedCase.objects.get(filing=two.pk)
    with pytest.raises(RefusedError, match="trong chương trình họp"):
        return_case(case, reason="Muộn", actor=crossing.desk, at=AT)


def test_the_result_comes_back_as_a_proposal_and_decides_nothing(crossing: Crossing) -> None:
    filings = [crossing.send(one) for one in (crossing.first, crossing.second)]
    crossing.receive()
    sitting = crossing.convene()
    fill_agenda(sitting, campaign=None, recognition=None, actor=crossing.desk)
    with pytest.raises(RefusedError, match="Không có kết quả mới"):
        announce_cases(sitting, actor=crossing.desk, at=AT)
    copies = {one.filing: str(one.nomination_id) for one in ReceivedCase.objects.all()}
    votes = dict(zip((copies[one.pk] for one in filings), ("yes", "no"), strict=True))
    ballot = crossing.vote(sitting, votes)
    with pytest.raises(RefusedError, match="Hội nghị đã mở bỏ phiếu") as told_sender:
        crossing.withdraw(filings[0])
    assert ballot.title not in f"{told_sender.value.what} {told_sender.value.why} {told_sender.value.remedy}"
    with pytest.raises(RefusedError, match="Hội nghị suy tôn"):
        draft_decision(ballot, subject="x", signer=Signer(("GIÁM ĐỐC",), "Mẫu"), actor=crossing.desk, at=AT)
    with CaptureQueriesContext(connection) as caught:
        assert len(announce_cases(sitting, actor=crossing.desk, at=AT)) == 2
    assert locked(caught) == ["awards_casefiling", "awards_sitting", "awards_receivedcase"]
    with pytest.raises(RefusedError, match="Không có kết quả mới"):
        announce_cases(sitting, actor=crossing.desk, at=AT)
    told = {
        one: crossing.scene.as_unit(crossing.member, lambda one=one: list_nomination_notes(one)[0].words)
        for one in (crossing.first, crossing.second)
    }
    assert "được suy tôn, đồng ý 3/3" in told[crossing.first]
    assert "không được suy tôn, đồng ý 0/3" in told[crossing.second]
    client = signed_in(crossing.clerk)
    original = client.get(reverse("exemplars:nomination-detail", args=[crossing.first.pk])).content.decode()
    assert "được suy tôn, đồng ý 3/3" in original
    assert "3/3 (100 %)" in client.get(filings[0].get_absolute_url()).content.decode()
    # Whoever stands above reads it too; the nomination is where it was, and the other member knows nothing.
    above = crossing.scene.as_unit(crossing.scene.ministry, lambda: list_nomination_notes(crossing.first))
    assert above[0].tone == "met"
    assert crossing.scene.as_unit(crossing.scene.third, CaseFiling.objects.count) == 0
    assert set(Nomination.objects.values_list("state", flat=True)) == {"forwarded"}
    with pytest.raises(RefusedError, match="có kết quả suy tôn"):
        crossing.withdraw(filings[0])


def test_a_ballot_on_own_and_sent_cases_is_warned_of(crossing: Crossing) -> None:
    crossing.send(crossing.first)
    crossing.receive()
    asks = {"kind": "nomination", "awards": ["grassroots-annual"]}
    obligation(crossing.plan, "TU-DE-NGHI", crossing.lead, last_day=None, **asks)
    crossing.nominate("Lò Văn Thử", crossing.lead, state="accepted")
    sitting = crossing.convene()
    assert fill_agenda(sitting, campaign=None, recognition=None, actor=crossing.desk) == 2
    rule = VotingRule.objects.get(code=RULE)
    ballot = add_ballot(sitting, title="Suy tôn điển hình", rule=rule, seats=None, actor=crossing.desk)

    def warned() -> bool:
        return any("không lập quyết định được" in one for one in check_ballot(ballot, day=today()).cautions)

    assert warned()
    AgendaItem.objects.exclude(nomination__state="crossed").delete()
    assert not warned()


def test_another_head_reads_the_copy_and_nothing_behind_it(crossing: Crossing) -> None:
    paper = crossing.attach(crossing.first, "gửi.pdf")
    crossing.send(crossing.first, paper)
    crossing.receive()
    sitting = crossing.convene()
    (nomination,) = list_ready_nominations(sitting)
    item = add_agenda_item(sitting, nomination, actor=crossing.desk)
    client = guest(crossing.heads[crossing.scene.third], crossing.lead)
    page = client.get(reverse("awards:item-review", args=[item.pk]))
    assert page.status_code == 200
    assert "Nông Thị Thử" in page.content.decode()
    assert crossing.member.short_name in page.content.decode()
    kept = Evidence.objects.get(nomination=nomination)
    assert client.get(reverse("awards:item-evidence", args=[item.pk, kept.pk])).status_code == 200
    assert client.get(reverse("awards:item-evidence", args=[item.pk, paper.pk])).status_code == 404
    # At the desk the copy opens as what it is, the original nowhere.
    desk = signed_in(crossing.desk)
    case = ReceivedCase.objects.get()
    assert desk.get(case.get_absolute_url()).status_code == 200
    assert desk.get(reverse("awards:received-evidence", args=[kept.pk])).status_code == 200
    assert desk.get(reverse("awards:received-evidence", args=[paper.pk])).status_code == 404
    for pk in (crossing.first.pk, nomination.pk):
        assert desk.get(reverse("exemplars:nomination-detail", args=[pk])).status_code == 404
    assert desk.get(reverse("awards:council-sitting-detail", args=[sitting.pk])).status_code == 200


def test_a_special_case_is_decided_once_and_where_the_nomination_lies(crossing: Crossing) -> None:
    decider = crossing.scene.ministry
    SpecialCase.objects.create(
        unit=crossing.member,
        nomination=crossing.first,
        criteria=["A"],
        reason="Có sáng kiến mẫu",
        clause="Điều 1",
        minutes_number="MAU-1/BB",
        minutes_on=AT.date(),
        decider=decider,
        proposed_by=crossing.clerk.account,
        proposed_label="Người Mẫu",
        proposed_at=AT,
    )
    crossing.send(crossing.first)
    assert SpecialCase.objects.count() == 2
    waiting = crossing.scene.as_unit(decider, lambda: [one.nomination for one in list_undecided_special_cases(decider)])
    assert waiting == [crossing.first]


def test_who_keeps_a_sender_withdraws_for_it_from_the_day_on_which_it_ended(crossing: Crossing) -> None:
    filing = crossing.send(crossing.first)
    Unit.objects.filter(pk=crossing.member.pk).update(valid_to=AT.date())
    keeper = crossing.scene.act(crossing.scene.ministry, Role.CLERK)
    with pytest.raises(RefusedError, match="không rút được"):
        withdraw_case(filing, actor=keeper, at=AT)
    assert withdraw_case(filing, actor=keeper, at=AT + timedelta(days=1)).state == "withdrawn"


def test_when_the_leading_unit_ends_what_it_holds_goes_back(crossing: Crossing) -> None:
    filing = crossing.send(crossing.first)
    crossing.receive()
    carry_over(crossing.lead, crossing.scene.outsider, on=today(), actor=crossing.desk)
    filing.refresh_from_db()
    assert filing.state == "returned"
    assert "thôi hoạt động" in filing.answer


def test_when_the_sender_ends_its_heir_reads_the_line(crossing: Crossing) -> None:
    from exemplars.services.reorganisation import carry_over as carry_nominations

    filing = crossing.send(crossing.first)
    for carry in (carry_nominations, carry_over):
        carry(crossing.member, crossing.scene.third, on=today(), actor=crossing.clerk)
    heir = crossing.scene.third
    assert crossing.scene.as_unit(heir, lambda: CaseFiling.objects.get().nomination.unit) == heir
    assert CaseFiling.objects.get(pk=filing.pk).sender == crossing.member


def test_after_the_hand_over_the_former_head_receives_nothing_and_gives_back(crossing: Crossing) -> None:
    crossing.send(crossing.first)
    (case,) = crossing.received()
    ClusterMember.objects.filter(year=crossing.year, member=crossing.lead).update(role="member")
    ClusterMember.objects.filter(year=crossing.year, member=crossing.scene.third).update(role="head")
    with pytest.raises(RefusedError, match="không chủ trì"):
        crossing.receive()
    page = signed_in(crossing.desk).get(reverse("awards:received-case-list", args=[crossing.year.pk]))
    assert f"nay do {crossing.scene.third} chủ trì" in page.content.decode()
    return_case(case, reason="Đã bàn giao", actor=crossing.desk, at=AT)
    assert crossing.send(crossing.first).addressee == crossing.scene.third


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_screens_of_both_sides_with_none_one_and_many(crossing: Crossing) -> None:
    member, desk = signed_in(crossing.clerk), signed_in(crossing.desk)
    sent = reverse("awards:case-filing-list", args=[crossing.year.pk])
    arrived = reverse("awards:received-case-list", args=[crossing.year.pk])
    assert "Chưa đơn vị nào gửi" in desk.get(arrived).content.decode()
    assert "Chưa gửi trường hợp nào" in member.get(sent).content.decode()
    address = reverse("awards:case-send", args=[crossing.first.pk, crossing.year.pk])
    assert member.get(address).status_code == 200
    assert member.post(address, {"papers": ["x"]}).status_code == 422
    assert member.post(address).status_code == 302
    filing = CaseFiling.objects.get()
    assert "1 đề nghị chờ tiếp nhận" in desk.get(reverse("awards:council-sitting-list")).content.decode()
    assert member.post(address)["Location"] == filing.get_absolute_url()  # the button pressed twice
    member.get(sent)  # which shows what the last page had to say
    one = [_queries(member, sent), _queries(desk, arrived)]
    for number in range(3):
        crossing.send(crossing.nominate(f"Người Thứ {number}"))
    assert [_queries(member, sent), _queries(desk, arrived)] == one
    conferences = reverse("awards:conference-list")
    costs = [_queries(member, conferences)]
    for year in (2024, 2025):
        crossing.scene.add_year(year, crossing.scene.third)
    costs.append(_queries(member, conferences))
    assert costs[0] == costs[1]
    rows = member.get(conferences).context["rows"]
    assert [(year.year, lead) for year, lead, _ in rows] == [
        (2025, crossing.scene.third),
        (2024, crossing.scene.third),
        (2023, crossing.lead),
    ]
    assert member.get(filing.get_absolute_url()).status_code == 200
    assert (
        signed_in(crossing.scene.act(crossing.scene.third, Role.CLERK)).get(filing.get_absolute_url()).status_code
        == 404
    )
    case = ReceivedCase.objects.get(filing=filing.pk)
    receive = reverse("awards:cases-receive", args=[crossing.year.pk])
    assert desk.post(receive, {"case": ["không phải khóa"]}).status_code == 422
    assert desk.post(receive, {"case": [str(case.pk)]}).status_code == 302
    back = reverse("awards:case-return", args=[case.pk])
    assert desk.post(back, {"reason": " "}).status_code == 422
    assert desk.post(back, {"reason": "Bổ sung số liệu năm 2023"}).status_code == 302
    assert "Bổ sung số liệu năm 2023" in member.get(filing.get_absolute_url()).content.decode()
    assert member.post(reverse("awards:case-withdraw", args=[filing.pk])).status_code == 422


def test_whoever_may_not_open_the_filing_reads_the_note_without_a_link(crossing: Crossing) -> None:
    filing = crossing.send(crossing.first)
    pages = {}
    for role in (Role.RECORDS, Role.CLERK):
        client = signed_in(crossing.scene.act(crossing.member, role))
        pages[role] = client.get(crossing.first.get_absolute_url()).content.decode()
        opened = client.get(filing.get_absolute_url()).status_code
        assert (filing.get_absolute_url() in pages[role]) == (opened == 200)
    assert "đã gửi, chờ tiếp nhận" in pages[Role.RECORDS]
    assert filing.get_absolute_url() not in pages[Role.RECORDS]
