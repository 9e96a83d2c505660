"""Invitations, answers, quorum in words, the case under discussion, and the agenda in one go."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AgendaItem, CouncilMember, InvitationLetter, Sitting, SittingInvitation
from awards.services.invitations import invite_members, remind_members, send_invitation_letter
from awards.services.leading import change_sitting
from awards.services.sittings import add_agenda_item, add_sitting
from tests.awards.room import Room, signed_in
from tests.builders import AT, user
from units.clock import today
from units.models import AuditEntry, OutboxMessage
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Invited(Room):
    """A sitting in five days with one case on its agenda."""

    def __init__(self) -> None:
        super().__init__(cases=1)
        self.later = add_sitting(
            self.council,
            title="Họp sau",
            held_on=today() + 5 * DAY,
            place="Phòng 2",
            starts_at=time(8, 30),
            actor=self.secretariat,
        )
        add_agenda_item(self.later, self.nominate("Bế Văn Thử"), actor=self.secretariat)

    def invite(self) -> int:
        return invite_members(self.later, actor=self.secretariat, day=today(), at=AT)

    def change(self, **more: Any) -> None:
        known = ("title", "held_on", "place", "starts_at", "online_at")
        self.later.refresh_from_db()
        values = {name: getattr(self.later, name) for name in known}
        change_sitting(self.later, **values | more, actor=self.secretariat, day=today())

    def send(self) -> list[str]:
        """Every letter that waits, sent; sending again sends nothing. The texts of the mails that went out."""
        mail.outbox.clear()
        for _ in range(2):
            for letter in InvitationLetter.objects.filter(state="waiting"):
                send_invitation_letter(letter.pk)
        return [one.body for one in mail.outbox]

    def answer(self, member: CouncilMember, **data: str) -> Any:
        return signed_in(member).post(reverse("awards:invitation-answer", args=[self.later.pk]), data, follow=True)


@pytest.fixture
def invited(db: None, everything: None) -> Invited:
    return Invited()


def test_everybody_is_invited_once_and_told_what_changed(invited: Invited) -> None:
    assert invited.invite() == 7
    assert OutboxMessage.objects.filter(task="awards.tasks.send_invitation_letter").count() == 7
    first = invited.send()
    assert len(first) == 7
    assert "08:30" in first[0]
    assert "Bế Văn Thử" in first[0]
    with pytest.raises(RefusedError, match="không có gì thay đổi"):
        invited.invite()
    invited.answer(invited.members[0], answer="coming")
    add_agenda_item(invited.later, invited.nominate("Nông Văn Ví Dụ"), actor=invited.secretariat)
    assert invited.invite() == 7
    assert "thêm vào chương trình: Nông Văn Ví Dụ" in invited.send()[0]
    # More to read is no other appointment: the answer stands. Another place asks again.
    assert SittingInvitation.objects.get(member=invited.members[0]).answer == "coming"
    invited.change(place="Phòng 9")
    invited.invite()
    assert "địa điểm: Phòng 9 (trước là Phòng 2)" in invited.send()[0]
    assert SittingInvitation.objects.get(member=invited.members[0]).answer == ""


def test_thirty_letters_cost_the_statements_of_one(invited: Invited) -> None:
    def seat(*orders: int) -> None:
        for order in orders:
            account = user(f"moi{order}", (invited.tree.bureau, Role.MEMBER))
            CouncilMember.objects.create(
                unit=invited.tree.bureau,
                council=invited.council,
                user=account,
                seat="member",
                position="Phó Trưởng phòng",
                order=order,
                valid_from=today(),
            )

    def invite() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            told.append(invited.invite())
        return [one["sql"].split(" ", 1)[0] for one in queries]

    told: list[int] = []
    invited.invite()
    seat(20)
    one = invite()
    seat(*range(21, 51))
    thirty = invite()
    invited.change(place="Phòng 9")
    all_again = invite()
    assert told == [1, 30, 38]
    assert thirty == one
    assert len(all_again) <= len(one) + 2  # what they were told before is set back, and the sitting's version
    counts = []
    for members in (1, 38):
        away = SittingInvitation.objects.order_by("member__order")
        away.update(answer="absent", reason="bận")
        away.filter(pk__in=list(away.values_list("pk", flat=True)[:members])).update(answer="coming")
        InvitationLetter.objects.filter(kind="reminder").delete()
        with CaptureQueriesContext(connection) as queries:
            assert remind_members(day=today() + 4 * DAY) == members
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_letter_that_a_later_one_replaced_is_never_sent(invited: Invited) -> None:
    invited.invite()
    invited.change(starts_at=time(14, 0))
    invited.invite()
    sent = invited.send()
    assert len(sent) == 7
    assert all("14:00" in one for one in sent)


def test_members_are_reminded_the_day_before_but_not_who_stays_away(invited: Invited) -> None:
    invited.invite()
    invited.send()
    invited.answer(invited.members[1], **{"answer": "absent", "reason-absent": "Đi công tác"})
    assert remind_members(day=today()) == 0
    assert [remind_members(day=today() + 4 * DAY) for _ in range(2)] == [6, 0]
    assert len(invited.send()) == 6


def test_an_answer_is_one_click_and_the_roll_begins_with_it(invited: Invited) -> None:
    invited.invite()
    refused = invited.answer(invited.members[1], answer="absent")
    assert refused.status_code == 422
    invited.answer(invited.members[0], answer="coming")
    invited.answer(invited.members[1], **{"answer": "absent", "reason-absent": "Nghỉ ốm"})
    page = signed_in(invited.secretariat).get(reverse("awards:council-sitting-detail", args=[invited.later.pk]))
    form = page.context["attendance"]
    first, second, third = invited.members[:3]
    assert form[f"presence-{first.pk}"].initial == "present"
    assert (form[f"presence-{second.pk}"].initial, form[f"reason-{second.pk}"].initial) == ("absent", "Nghỉ ốm")
    assert form[f"presence-{third.pk}"].initial is None
    assert "dự 1, chưa trả lời 5" in page.content.decode()
    assert AuditEntry.objects.filter(verb="answer-invitation").count() == 2


def test_nobody_answers_for_another_or_without_an_invitation(invited: Invited) -> None:
    invited.invite()
    stranger = signed_in(invited.as_actor(invited.members[2]))
    SittingInvitation.objects.filter(member=invited.members[2]).delete()
    address = reverse("awards:invitation-answer", args=[invited.later.pk])
    assert stranger.post(address, {"answer": "coming"}).status_code == 404
    assert not SittingInvitation.objects.exclude(answer="").exists()


def test_an_invitation_without_an_hour_is_refused_and_a_late_one_warned_of(invited: Invited) -> None:
    invited.change(held_on=today() + DAY, starts_at=None)
    client, address = signed_in(invited.secretariat), reverse("awards:members-invite", args=[invited.later.pk])
    page = client.post(address)
    assert page.status_code == 422
    assert "giờ họp" in page.content.decode()
    assert "trước ít nhất 3 ngày" in page.content.decode()
    invited.change(starts_at=time(9, 0))
    assert client.post(address).status_code == 302


def test_the_page_says_what_the_quorum_asks_and_what_is_missing(room: Room) -> None:
    client, address = signed_in(room.secretariat), reverse("awards:council-sitting-detail", args=[room.sitting.pk])
    room.seat(2)
    assert "Có mặt 5/7, cần ít nhất 5 (2/3 tổng số thành viên)" in client.get(address).content.decode()
    room.seat(3)
    page = client.get(address).content.decode()
    assert "còn thiếu 1 người" in page
    assert "Đi công tác" in page


def test_the_screens_of_members_follow_the_case_under_discussion(room: Room) -> None:
    items = list(AgendaItem.objects.filter(sitting=room.sitting))
    desk, member = signed_in(room.secretariat), signed_in(room.members[4])
    lead = reverse("awards:case-lead", args=[room.sitting.pk])
    assert member.get(lead, {"seen": ""}).status_code == 204
    desk.post(reverse("awards:case-discuss", args=[room.sitting.pk]), {"item": str(items[1].pk)})
    assert member.get(lead, {"seen": str(items[1].pk)}).status_code == 204
    assert reverse("awards:item-review", args=[items[1].pk]) in member.get(lead, {"seen": ""}).content.decode()
    taken = member.get(lead, {"seen": "", "follow": "1"})
    assert taken["HX-Redirect"] == reverse("awards:item-review", args=[items[1].pk]) + "?follow=1"
    page = member.get(reverse("awards:sitting-detail", args=[room.sitting.pk])).content.decode()
    assert "Tới trường hợp đang xét" in page


def test_following_costs_one_query_beyond_the_frame(room: Room) -> None:
    member = signed_in(room.members[4])
    lead = reverse("awards:case-lead", args=[room.sitting.pk])
    with CaptureQueriesContext(connection) as asked:
        member.get(lead, {"seen": ""})
    led = [one["sql"] for one in asked if one["sql"].startswith('SELECT "awards_sitting"')]
    assert len(led) == 1


def test_the_agenda_is_filled_at_once_and_moved_step_by_step(room: Room) -> None:
    room.nominate("Lường Thị Mẫu 8")
    room.nominate("Lường Thị Mẫu 9")
    client = signed_in(room.secretariat)
    fill = reverse("awards:agenda-fill", args=[room.sitting.pk])
    client.post(fill, {"campaign": "0", "recognition": "0"})
    assert room.sitting.agenda.count() == 2
    client.post(fill)
    assert list(room.sitting.agenda.values_list("order", flat=True)) == [1, 2, 3, 4]
    last = room.sitting.agenda.last()
    assert last is not None
    client.post(reverse("awards:agenda-item-move", args=[room.sitting.pk, last.pk]), {"step": "up"})
    assert list(room.sitting.agenda.values_list("pk", flat=True))[2] == last.pk


def test_a_sitting_on_another_day_takes_its_invitations_along(invited: Invited) -> None:
    invited.invite()
    client = signed_in(invited.secretariat)
    data = {"title": "Họp sau", "held_on": f"{today() + 8 * DAY:%d/%m/%Y}", "starts_at": "14h00", "place": "Phòng 2"}
    page = client.post(reverse("awards:sitting-change", args=[invited.later.pk]), data, follow=True).content.decode()
    assert "Thành viên chưa được báo" in page
    assert "giờ họp: 14:00 (trước là 08:30)" in page
    assert Sitting.objects.get(pk=invited.later.pk).starts_at == time(14, 0)
