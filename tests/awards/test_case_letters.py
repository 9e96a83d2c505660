"""Both sides of a conference are told once what the other did with a case; and what waits goes along in a hand-over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from awards.models import AgendaItem, CaseFiling, CaseLetter, ReceivedCase
from awards.selectors.councils import list_ready_nominations
from awards.services.conferences import create_conference
from awards.services.crossing import announce_cases, receive_cases, return_all, return_case, withdraw_case
from awards.services.leading import fill_agenda
from awards.services.sittings import add_agenda_item, add_sitting
from awards.tasks import send_case_letter
from campaigns.models import ClusterHandover, DigestState
from campaigns.services.handovers import announce_handover, apply_due, preview_handover
from exemplars.models import Evidence, Nomination
from tests.awards.room import signed_in
from tests.awards.test_case_crossing import Crossing
from tests.builders import AT, user
from units.actors import Actor
from units.clock import today
from units.models import Membership, OutboxMessage, Succession, Unit
from units.refusals import RefusedError
from units.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SECRET = "Thành tích chỉ Hội nghị được đọc"


@pytest.fixture
def crossing(everything: None) -> Crossing:
    found = Crossing()
    # Who must never hear of it: the other member, a unit outside, the ministry above both.
    for place in (found.scene.third, found.scene.outsider, found.scene.ministry):
        for role in (Role.CLERK, Role.SECRETARIAT):
            found.scene.act(place, role)
    Nomination.objects.update(achievements=SECRET)
    return found


def mails() -> list[tuple[str, str]]:
    """Who was written to and under which subject; every promise is run twice."""
    mail.outbox.clear()
    for _ in range(2):
        for message in OutboxMessage.objects.filter(task="awards.tasks.send_case_letter"):
            send_case_letter(**message.arguments, outbox_key=message.key)
    return sorted((one.to[0], one.subject) for one in mail.outbox)


def subject(crossing: Crossing, begins: str) -> str:
    return f"{begins}: Hội nghị {crossing.year}"


def address(actor: Actor) -> str:
    return actor.account.email


def test_what_one_side_does_the_other_is_told_once(crossing: Crossing) -> None:
    desk, clerk = address(crossing.desk), address(crossing.clerk)
    filing = crossing.send(crossing.first)
    with pytest.raises(RefusedError):
        crossing.send(crossing.first)
    assert mails() == [(desk, subject(crossing, "Trường hợp chờ tiếp nhận"))]
    text = mail.outbox[0].body
    assert reverse("awards:received-case-list", args=[crossing.year.pk]) in text
    assert "Nông Thị Thử" in text
    assert SECRET not in text
    (case,) = crossing.receive()
    assert mails() == [(clerk, subject(crossing, "Hội nghị đã tiếp nhận"))]
    crossing.scene.as_unit(crossing.lead, lambda: return_case(case, reason="Thiếu số liệu", actor=crossing.desk, at=AT))
    with pytest.raises(RefusedError):
        return_case(case, reason="Lần nữa", actor=crossing.desk, at=AT)
    assert mails() == [(clerk, subject(crossing, "Hội nghị trả lại"))]
    assert filing.get_absolute_url() in mail.outbox[0].body
    assert "Thiếu số liệu" not in mail.outbox[0].body
    assert set(CaseLetter.objects.values_list("unit__code", flat=True)) == {crossing.lead.code, crossing.member.code}
    assert not OutboxMessage.objects.filter(task__endswith="case_letter", done_at__isnull=True).exists()


def test_many_cases_of_one_act_are_one_letter_and_a_later_result_another(crossing: Crossing) -> None:
    filings = [crossing.send(one) for one in (crossing.first, crossing.second)]
    assert len(mails()) == 2
    crossing.receive()
    assert len(mails()) == 1
    sitting = crossing.convene()
    fill_agenda(sitting, campaign=None, recognition=None, actor=crossing.desk)
    copies = {one.filing: str(one.nomination_id) for one in ReceivedCase.objects.all()}
    crossing.vote(sitting, {copies[filings[0].pk]: "yes", copies[filings[1].pk]: "no"})
    announce_cases(sitting, actor=crossing.desk, at=AT)
    with pytest.raises(RefusedError):
        announce_cases(sitting, actor=crossing.desk, at=AT)
    assert mails() == [(address(crossing.clerk), subject(crossing, "Đã có kết quả suy tôn"))]
    text = mail.outbox[0].body
    assert reverse("awards:case-filing-list", args=[crossing.year.pk]) in text
    assert "được suy tôn" not in text
    # Read on the page of results, by that person alone, until marked.
    client = signed_in(crossing.clerk)
    page = client.get(reverse("awards:result-list")).content.decode()
    assert "Bế Văn Mẫu; Nông Thị Thử" in page
    assert "2 tin chưa đọc" in page
    assert "tin từ Hội nghị chưa đọc" in page
    client.post(reverse("awards:results-mark-read"))
    assert "chưa đọc" not in client.get(reverse("awards:result-list")).content.decode()
    other = signed_in(crossing.scene.act(crossing.scene.third, Role.CLERK))
    assert "Nông Thị Thử" not in other.get(reverse("awards:result-list")).content.decode()


def test_what_waits_stands_on_the_desk_and_what_changed_meanwhile_is_not_mailed(crossing: Crossing) -> None:
    words = "đề nghị chờ tiếp nhận hoặc đưa vào chương trình phiên họp"
    filing, desk = crossing.send(crossing.first), signed_in(crossing.desk)
    page = desk.get("/council/sittings/").content.decode()
    assert words in page
    assert ReceivedCase.objects.get().get_absolute_url() in page
    crossing.withdraw(filing)
    assert words not in desk.get("/council/sittings/").content.decode()
    assert mails() == [(address(crossing.desk), subject(crossing, "Đơn vị gửi đã rút"))]
    assert CaseLetter.objects.get(kind="arrived").state == DigestState.DROPPED
    assert "Nông Thị Thử" in desk.get(reverse("awards:result-list")).content.decode()


def test_only_who_has_the_duty_on_that_day_is_told(crossing: Crossing) -> None:
    left = user("thoi.viec", (crossing.lead, Role.SECRETARIAT), ends=today() - timedelta(days=1))
    locked = user("khoa", (crossing.lead, Role.SECRETARIAT))
    locked.is_active = False
    locked.save()
    silent = user("khong.thu", (crossing.lead, Role.SECRETARIAT))
    silent.email = ""
    silent.save()
    crossing.send(crossing.first)
    told = {one.recipient: one.state for one in CaseLetter.objects.all()}
    assert told == {crossing.desk.account: DigestState.WAITING, silent: DigestState.NO_ADDRESS}
    assert left not in told
    # Who gave the duty up before the mail went out is not written to.
    Membership.objects.filter(user=crossing.desk.account).update(ended_on=today())
    assert mails() == []


def test_the_heir_of_a_sender_that_ended_is_told(crossing: Crossing) -> None:
    crossing.send(crossing.first)
    heir = crossing.scene.outsider
    on = today()
    Unit.objects.filter(pk=crossing.member.pk).update(valid_to=on - timedelta(days=1))
    Succession.objects.create(
        kind="merge", from_unit=crossing.member, to_unit=heir, on=on, citation="Quyết định số MAU-1"
    )
    mails()
    return_all(crossing.lead, reason="Thôi hoạt động", actor=crossing.desk, at=AT)
    assert mails() == [(address(crossing.scene.act(heir, Role.CLERK)), subject(crossing, "Hội nghị trả lại"))]
    assert CaseLetter.objects.get(kind="returned").unit == heir


def hand_over(crossing: Crossing) -> ClusterHandover:
    scene = crossing.scene
    later = scene.add_year(crossing.year.year + 1, scene.third)
    handover = announce_handover(
        crossing.year, later, on=today(), actor=scene.act(scene.ministry, Role.STAFF), day=today(), at=AT
    )
    assert apply_due(handover.pk, day=today(), at=AT)
    handover.refresh_from_db()
    return handover


def numbers(rows: list[dict[str, object]]) -> list[object]:
    return [one["number"] for one in rows if "Hội nghị" in str(one["label"]) or "chương trình" in str(one["label"])]


@pytest.mark.parametrize(("sent", "received", "scheduled"), [(0, 0, 0), (1, 0, 0), (2, 2, 1)])
def test_a_hand_over_moves_the_cases_that_its_preview_counts(
    crossing: Crossing, sent: int, received: int, scheduled: int
) -> None:
    new = crossing.scene.third
    people = [crossing.nominate(f"Người Mẫu {number}") for number in range(sent + received)]
    for one in people[:received]:
        crossing.send(one, crossing.attach(one, "gửi.pdf"))
    if received:
        crossing.receive()
    if scheduled:
        sitting = crossing.convene()
        add_agenda_item(sitting, list_ready_nominations(sitting)[0], actor=crossing.desk)
    for one in people[received:]:
        crossing.send(one)
    counted = [sent, received - scheduled, scheduled]
    assert numbers(preview_handover(crossing.year, today())) == counted
    mails()
    assert numbers(hand_over(crossing).outcome) == counted
    moved = ReceivedCase.objects.filter(unit=new)
    assert [moved.filter(state=one).count() for one in ("sent", "received")] == counted[:2]
    assert ReceivedCase.objects.filter(unit=crossing.lead).count() == scheduled == AgendaItem.objects.count()
    assert CaseFiling.objects.filter(addressee=new).count() == sent + received - scheduled
    secretary = crossing.scene.act(new, Role.SECRETARIAT)
    assert mails() == ([(address(secretary), subject(crossing, "Trường hợp chờ tiếp nhận"))] if sent else [])
    # The new head reads everything in its own scope, the old one nothing of it any more.
    seen = crossing.scene.as_unit(
        new, lambda: (Nomination.cases.filter(state="crossed").count(), Evidence.objects.count())
    )
    assert seen == (sent + received - scheduled, received - scheduled)
    assert crossing.scene.as_unit(crossing.lead, Evidence.objects.count) == scheduled


def test_after_a_hand_over_the_new_head_holds_the_conference(crossing: Crossing) -> None:
    filing = crossing.send(crossing.first)
    crossing.receive()
    kept = crossing.send(crossing.second)
    hand_over(crossing)
    new, desk = crossing.scene.third, crossing.scene.act(crossing.scene.third, Role.SECRETARIAT)
    waiting = ReceivedCase.objects.get(state="sent")
    crossing.scene.as_unit(new, lambda: receive_cases(crossing.year, [waiting.pk], actor=desk, at=AT))
    council = create_conference(
        crossing.year, number="2/GM", decided_on=today(), valid_to=today(), actor=desk, day=today(), at=AT
    )
    sitting = add_sitting(council, title="Suy tôn", held_on=today(), place="Bắc Kạn", actor=desk)
    assert crossing.scene.as_unit(new, lambda: list_ready_nominations(sitting).count()) == 2
    kept.refresh_from_db()
    assert kept.state == "received"
    crossing.scene.as_unit(crossing.member, lambda: withdraw_case(filing, actor=crossing.clerk, at=AT))
    assert CaseLetter.objects.get(kind="withdrawn").recipient == desk.account
