"""A nomination that stands before a conference is given back at home: the conference is told, and decides."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AgendaItem, Ballot, CaseFiling, CaseLetter, ReceivedCase, Sitting, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.crossing import list_nomination_notes
from awards.services.ballots import add_ballot, open_ballot
from awards.services.crossing import announce_cases, return_case
from awards.services.leading import fill_agenda
from campaigns.models import Assignment, DigestState, Obligation
from exemplars.models import Nomination
from exemplars.services.nominations import return_nomination, send_back_nomination
from reports.selectors.packs import gather_pack
from tests.awards.room import LIGHT, RULE, passphrases, signed_in
from tests.awards.test_case_crossing import Crossing, locked
from tests.awards.test_case_letters import address, hand_over, mails, subject
from tests.awards.test_conferences import guest
from tests.builders import AT
from units.clock import today
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

LATER = AT + timedelta(days=2)
WORDS = "bản trước khi sửa"


class Reopening(Crossing):
    """The plan of the members sends nominations to the ministry, which gives them back from there."""

    def __init__(self) -> None:
        super().__init__()
        asked = Obligation.objects.get(campaign=self.plan)
        asked.owed_to = self.scene.ministry
        asked.save()
        Assignment.objects.create(obligation=asked, unit=self.member)
        self.above = self.scene.act(self.scene.ministry, Role.SECRETARIAT)

    def give_back(self, nomination: Nomination, at: datetime = LATER) -> None:
        remarks = {"achievements": "Ghi rõ số liệu"}
        self.scene.as_unit(self.scene.ministry, lambda: return_nomination(nomination, remarks, actor=self.above, at=at))

    def mend(self, nomination: Nomination, state: str = "forwarded") -> None:
        Nomination.objects.filter(pk=nomination.pk).update(state=state, achievements="Bản mới")

    def marks(self) -> set[datetime | None]:
        """Of both sides."""
        rows = (CaseFiling, ReceivedCase)
        return {one for model in rows for one in model.objects.values_list("reopened_at", flat=True)}

    def schedule(self) -> Sitting:
        self.receive()
        sitting = self.convene()
        fill_agenda(sitting, campaign=None, recognition=None, actor=self.desk)
        return sitting

    def draft(self, sitting: Sitting) -> Ballot:
        rule = VotingRule.objects.get(code=RULE)
        return add_ballot(sitting, title="Suy tôn điển hình", rule=rule, seats=None, actor=self.desk)


@pytest.fixture
def crossing(everything: None) -> Reopening:
    return Reopening()


def verbs() -> list[str]:
    found = AuditEntry.objects.filter(verb__in=("reopen-case", "outdate-case"))
    return sorted(found.values_list("verb", flat=True))


@pytest.mark.parametrize("received", [False, True])
def test_both_sides_are_marked_and_the_lead_is_told_once(crossing: Reopening, received: bool) -> None:
    filing = crossing.send(crossing.first)
    if received:
        crossing.receive()
    state = CaseFiling.objects.get().state
    mails()
    with CaptureQueriesContext(connection) as caught:
        crossing.give_back(crossing.first)
    # The original before both rows, as where it is sent.
    assert locked(caught) == ["exemplars_nomination", "awards_casefiling", "awards_receivedcase"]
    assert crossing.marks() == {LATER}
    assert {CaseFiling.objects.get().state, ReceivedCase.objects.get().state} == {state}
    assert mails() == [(address(crossing.desk), subject(crossing, "Đề nghị được đưa về sửa"))]
    assert verbs() == ["outdate-case", "reopen-case"]
    lies_with = dict(AuditEntry.objects.filter(verb__in=verbs()).values_list("verb", "unit_path"))
    assert lies_with == {"reopen-case": crossing.member.path, "outdate-case": crossing.lead.path}
    # Mended, approved and given back once more: what lies there is as old as before.
    crossing.mend(crossing.first)
    crossing.give_back(crossing.first, LATER + timedelta(days=1))
    crossing.mend(crossing.first, "submitted")
    head, remarks = crossing.scene.act(crossing.member, Role.HEAD), {"duties": "Ghi thêm"}
    crossing.scene.as_unit(crossing.member, lambda: send_back_nomination(crossing.first, remarks, actor=head, at=LATER))
    assert crossing.marks() == {LATER}
    assert CaseLetter.objects.filter(kind="reopened").count() == 1
    assert len(verbs()) == 2
    # Sent anew, it stands there as it is now.
    crossing.mend(crossing.first)
    crossing.withdraw(filing)
    again = crossing.send(crossing.first)
    assert (again.reopened_at, ReceivedCase.objects.get(filing=again.pk).reopened_at) == (None, None)
    assert not again.is_outdated
    assert not CaseFiling.objects.get(pk=filing.pk).is_outdated


def test_what_never_crossed_or_is_over_stays_as_it_is(crossing: Reopening) -> None:
    withdrawn = crossing.send(crossing.first)
    crossing.withdraw(withdrawn)
    crossing.give_back(crossing.first)
    returned = crossing.send(crossing.second)
    (case,) = crossing.receive()
    return_case(case, reason="Thiếu số liệu", actor=crossing.desk, at=AT)
    crossing.give_back(crossing.second)
    assert crossing.marks() == {None}
    assert not CaseLetter.objects.filter(kind="reopened").exists()
    assert verbs() == []
    returned.refresh_from_db()
    assert returned.state == "returned"


def test_a_refused_return_marks_nothing(crossing: Reopening) -> None:
    crossing.send(crossing.first)
    with pytest.raises(RefusedError, match="Chưa ghi chỗ nào"):
        return_nomination(crossing.first, {"duties": " "}, actor=crossing.above, at=LATER)
    assert crossing.marks() == {None}


def test_a_case_on_the_agenda_is_warned_of_and_still_voted_on(crossing: Reopening) -> None:
    for one in (crossing.first, crossing.second):
        crossing.send(one)
    sitting = crossing.schedule()
    crossing.give_back(crossing.first)
    assert AgendaItem.objects.count() == 2
    ballot = crossing.draft(sitting)
    check = check_ballot(ballot, day=today())
    assert check.obstacles == ()
    (caution,) = [one for one in check.cautions if WORDS in one]
    assert f"Nông Thị Thử (ngày {LATER:%d/%m/%Y})" in caution
    assert "Bế Văn Mẫu" not in caution
    assert (
        open_ballot(ballot, passphrases=passphrases(ballot), actor=crossing.desk, day=today(), cost=LIGHT).state
        == "open"
    )


def test_what_was_received_may_still_go_onto_the_agenda_and_says_so(crossing: Reopening) -> None:
    crossing.send(crossing.first)
    crossing.receive()
    sitting = crossing.convene()
    crossing.give_back(crossing.first)
    page = signed_in(crossing.desk).get(reverse("awards:council-sitting-detail", args=[sitting.pk]))
    assert WORDS in page.content.decode().lower()
    assert fill_agenda(sitting, campaign=None, recognition=None, actor=crossing.desk) == 1


def test_what_was_returned_while_it_is_voted_on_is_told_and_its_result_names_the_older_text(
    crossing: Reopening,
) -> None:
    filing = crossing.send(crossing.first)
    sitting = crossing.schedule()
    ballot = crossing.open(sitting)
    crossing.give_back(crossing.first)
    ballot.refresh_from_db()
    assert ballot.state == "open"
    desk = signed_in(crossing.desk)
    case = ReceivedCase.objects.get()
    assert "đã mở bỏ phiếu về bản này nên không trả lại được" in desk.get(case.get_absolute_url()).content.decode()
    with pytest.raises(RefusedError, match="chương trình Hội nghị đã chốt"):
        crossing.withdraw(filing)


def test_an_announced_case_is_over(crossing: Reopening) -> None:
    for one in (crossing.first, crossing.second):
        crossing.send(one)
    sitting = crossing.schedule()
    crossing.give_back(crossing.first)
    copies = [str(one.nomination_id) for one in ReceivedCase.objects.all()]
    crossing.vote(sitting, dict.fromkeys(copies, "yes"))
    announce_cases(sitting, actor=crossing.desk, at=LATER)
    crossing.give_back(crossing.second)
    assert CaseFiling.objects.get(nomination=crossing.second).reopened_at is None
    assert CaseLetter.objects.filter(kind="reopened").count() == 1
    notes = {one: list_nomination_notes(one)[0].words for one in (crossing.first, crossing.second)}
    assert "kết quả này là của bản trước khi sửa" in notes[crossing.first]
    assert WORDS not in notes[crossing.second]
    page = signed_in(crossing.clerk).get(CaseFiling.objects.get(nomination=crossing.first).get_absolute_url())
    assert "Kết quả dưới đây là của bản trước khi sửa" in page.content.decode()


def test_every_screen_of_the_case_says_it_and_a_stranger_sees_nothing(crossing: Reopening) -> None:
    filing = crossing.send(crossing.first)
    crossing.send(crossing.second)
    sitting = crossing.schedule()
    case = ReceivedCase.objects.get(filing=filing.pk)
    item = AgendaItem.objects.get(nomination=case.nomination_id)
    both = "&".join(f"case={one}" for one in AgendaItem.objects.values_list("pk", flat=True))
    year = [crossing.year.pk]
    clerk, desk = signed_in(crossing.clerk), signed_in(crossing.desk)
    other = guest(crossing.heads[crossing.scene.third], crossing.lead)
    screens = [
        (clerk, filing.get_absolute_url()),
        (clerk, reverse("awards:case-filing-list", args=year)),
        (clerk, crossing.first.get_absolute_url()),
        (desk, case.get_absolute_url()),
        (desk, reverse("awards:received-case-list", args=year)),
        (desk, reverse("awards:council-sitting-detail", args=[sitting.pk])),
        (desk, reverse("awards:council-ballot-detail", args=[crossing.draft(sitting).pk])),
        (other, reverse("awards:sitting-detail", args=[sitting.pk])),
        (other, f"{reverse('awards:cases-compare', args=[sitting.pk])}?{both}"),
        (other, reverse("awards:item-review", args=[item.pk])),
    ]

    def say() -> set[bool]:
        return {WORDS in client.get(address).content.decode().lower() for client, address in screens}

    assert say() == {False}
    above = signed_in(crossing.above)
    back = reverse("exemplars:nomination-return", args=[crossing.first.pk])
    assert above.post(back, {"achievements": "Ghi rõ số liệu"}).status_code == 302
    assert say() == {True}
    stranger = signed_in(crossing.scene.act(crossing.scene.third, Role.CLERK))
    assert stranger.get(filing.get_absolute_url()).status_code == 404
    assert stranger.get(crossing.first.get_absolute_url()).status_code == 404
    assert WORDS not in stranger.get(reverse("awards:case-filing-list", args=year)).content.decode().lower()
    assert "Nông Thị Thử" not in stranger.get(reverse("awards:result-list")).content.decode()
    assert "Nông Thị Thử" in desk.get(reverse("awards:result-list")).content.decode()


def test_the_papers_of_the_sitting_say_it(crossing: Reopening) -> None:
    crossing.send(crossing.first)
    sitting = crossing.schedule()
    crossing.give_back(crossing.first)
    facts = gather_pack(Sitting.objects.select_related("council", "unit").get(pk=sitting.pk))
    assert facts.as_of == LATER
    (case,) = facts.cases
    paper = render_to_string("reports/paper/pack_case.html", {"case": case})
    assert f"được đưa về sửa ở đơn vị gửi ngày {LATER:%d/%m/%Y}; bản in ở đây là {WORDS}" in paper


def test_a_letter_about_what_went_back_meanwhile_is_not_mailed(crossing: Reopening) -> None:
    crossing.send(crossing.first)
    (case,) = crossing.receive()
    mails()
    crossing.give_back(crossing.first)
    return_case(case, reason="Chờ bản mới", actor=crossing.desk, at=LATER)
    told = mails()
    assert subject(crossing, "Đề nghị được đưa về sửa") not in {words for _, words in told}
    assert CaseLetter.objects.get(kind="reopened").state == DigestState.DROPPED


def test_the_mark_goes_along_in_a_hand_over(crossing: Reopening) -> None:
    crossing.send(crossing.first)
    crossing.receive()
    crossing.give_back(crossing.first)
    hand_over(crossing)
    desk = signed_in(crossing.scene.act(crossing.scene.third, Role.SECRETARIAT))
    page = desk.get(ReceivedCase.objects.get(unit=crossing.scene.third).get_absolute_url())
    assert WORDS in page.content.decode()
