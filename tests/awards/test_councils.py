"""Councils on screen: terms, seats, the duty that goes with a seat, substitutes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from awards.council_rules import find_substitute_rule
from awards.frame import find_seats
from awards.models import Attendance, Council, CouncilMember, CouncilPaper, Sitting
from awards.selectors.councils import list_members
from awards.services.seats import SeatTerms, change_seat, end_seat, give_seat
from awards.services.sittings import add_sitting, record_attendance
from awards.services.substitutes import name_substitute, withdraw_substitute
from tests.awards.room import Room, signed_in
from tests.builders import Tree, actor, pdf, user
from units.actors import act_as
from units.clock import today
from units.models import AuditEntry, Membership, User
from units.refusals import RefusedError
from units.roles import Role
from units.services.accounts import deactivate_account, end_membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = timedelta(days=1)


def terms(**more: Any) -> SeatTerms:
    values: dict[str, Any] = {
        "seat": "member",
        "position": "Trưởng phòng",
        "order": 9,
        "is_secretary": False,
        "is_teller": False,
        "valid_from": today(),
        "document": "MAU-20/QĐ",
    }
    return SeatTerms(**values | more)


class Office:
    """A Cục with its secretariat, and accounts that sit in no council yet."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.desk = actor(self.tree.bureau, Role.SECRETARIAT)
        self.council = Council.objects.create(
            unit=self.tree.bureau,
            name="Hội đồng",
            founding_number="1/QĐ",
            founded_on="2020-01-01",
            valid_from="2020-01-01",
        )
        self.clerk = user("nguoi.mot", (self.tree.bureau, Role.CLERK))
        self.below = user("nguoi.hai", (self.tree.branch, Role.HEAD))

    def give(self, account: User, **more: Any) -> CouncilMember:
        return give_seat(self.council, account, terms(**more), actor=self.desk, day=today())


@pytest.fixture
def office(everything: None) -> Office:
    return Office()


def duties(account: User) -> list[tuple[date, date | None]]:
    found = Membership.objects.filter(user=account, role=Role.MEMBER, ended_on=None).order_by("valid_from")
    return [(one.valid_from, one.valid_to) for one in found]


def test_a_council_is_founded_and_filled_on_screen(office: Office) -> None:
    client, day = signed_in(office.desk), f"{today():%d/%m/%Y}"
    data = {"name": "Hội đồng nhiệm kỳ mới", "number": "30/QĐ", "decided_on": day, "valid_from": day, "file": pdf()}
    answer = client.post(reverse("awards:council-found"), data)
    council = Council.objects.get(name="Hội đồng nhiệm kỳ mới")
    assert answer.url == reverse("awards:council-detail", args=[council.pk])  # type: ignore[attr-defined]
    paper = CouncilPaper.objects.get(council=council)
    assert client.get(reverse("awards:council-paper", args=[paper.pk])).getvalue().startswith(b"%PDF")
    assert AuditEntry.objects.filter(verb="found-council", subject_id=council.pk).exists()
    address = reverse("awards:seat-give", args=[council.pk])
    found = client.get(address, {"q": "nguoi hai"}).content.decode()
    assert office.below.username in found
    assert office.clerk.username not in found
    data = {"seat": "chair", "position": "Cục trưởng", "order": "1", "valid_from": day, "document": "30/QĐ"}
    assert client.post(f"{address}?account={office.below.pk}", data).status_code == 302
    page = client.get(reverse("awards:council-detail", args=[council.pk])).content.decode()
    assert office.below.display_name in page
    assert "thư ký: có 0, cần ít nhất 1" in page
    assert "chưa xác nhận" in page


def test_an_account_of_another_branch_is_neither_found_nor_seated(office: Office) -> None:
    stranger = user("nguoi.la", (office.tree.stranger, Role.HEAD))
    client, address = signed_in(office.desk), reverse("awards:seat-give", args=[office.council.pk])
    assert stranger.username not in client.get(address, {"q": "nguoi la"}).content.decode()
    assert client.get(f"{address}?account={stranger.pk}").status_code == 404
    with pytest.raises(RefusedError, match="phạm vi đơn vị"):
        office.give(stranger)


def test_a_seat_carries_the_duty_of_a_member_for_exactly_its_days(office: Office) -> None:
    seat = office.give(office.below)
    duty = Membership.objects.select_related("unit", "user").get(user=office.below, role=Role.MEMBER)
    assert duty.unit == office.tree.bureau
    assert find_seats(act_as(duty), today()) == (seat,)
    changed = change_seat(seat, terms(seat="deputy", valid_from=today() + 10 * DAY), actor=office.desk, day=today())
    assert duties(office.below) == [(today(), None)]
    assert [one.seat for one in list_members(office.council, today() + 9 * DAY)] == ["member"]
    assert [one.seat for one in list_members(office.council, today() + 10 * DAY)] == ["deputy"]
    end_seat(changed, last_day=today() + 20 * DAY, document="31/QĐ", actor=office.desk, day=today())
    assert duties(office.below) == [(today(), today() + 20 * DAY)]
    assert find_seats(act_as(duty), today() + 21 * DAY) == ()


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"seat": "chair"}, {"seat": "chair"}, "đã có Chủ tịch"),
        ({"is_secretary": True}, {"is_secretary": True}, "đã có thư ký"),
        ({}, {"seat": "chair", "is_secretary": True}, "không kiêm thư ký"),
        ({}, {"valid_from": date(2019, 12, 31)}, "nằm ngoài nhiệm kỳ"),
    ],
)
def test_what_a_seat_may_not_be_is_refused(
    office: Office, first: dict[str, Any], second: dict[str, Any], words: str
) -> None:
    office.give(office.clerk, **first)
    with pytest.raises(RefusedError, match=words):
        office.give(office.below, **second)


def test_the_next_chair_begins_where_the_last_one_ended(office: Office) -> None:
    chair = office.give(office.clerk, seat="chair")
    end_seat(chair, last_day=today(), document="31/QĐ", actor=office.desk, day=today())
    office.give(office.below, seat="chair", valid_from=today() + DAY)
    assert [one.user for one in list_members(office.council, today() + DAY)] == [office.below]


def test_a_seat_ends_with_the_account_or_with_the_duty(office: Office) -> None:
    chief = actor(office.tree.ministry, Role.ADMINISTRATOR)
    for account in (office.clerk, office.below):
        office.give(account, valid_from=today() - 5 * DAY)
    deactivate_account(office.clerk, reason="Nghỉ hưu", day=today(), actor=chief)
    duty = Membership.objects.get(user=office.below, role=Role.MEMBER)
    end_membership(duty, reason="Chuyển công tác", day=today(), actor=chief)
    assert not list_members(office.council, today()).exists()
    assert list_members(office.council, today() - DAY).count() == 2


def test_a_renewed_term_keeps_its_members_and_an_ended_one_lets_them_go(office: Office) -> None:
    Council.objects.update(valid_to=today() + DAY)
    office.council.refresh_from_db()
    office.give(office.clerk)
    assert duties(office.clerk) == [(today(), today() + DAY)]
    client, day = signed_in(office.desk), f"{today():%d/%m/%Y}"
    until = today() + 300 * DAY
    data = {"number": "40/QĐ", "decided_on": day, "valid_to": f"{until:%d/%m/%Y}"}
    assert client.post(reverse("awards:council-renew", args=[office.council.pk]), data).status_code == 302
    assert duties(office.clerk) == [(today(), until)]
    sitting = add_sitting(office.council, title="Họp", held_on=until, place="x", actor=office.desk)
    data = {"number": "41/QĐ", "decided_on": day, "last_day": day}
    refused = client.post(reverse("awards:council-end", args=[office.council.pk]), data)
    assert refused.status_code == 422
    assert sitting.title in refused.content.decode()
    Sitting.objects.update(state="closed")
    assert client.post(reverse("awards:council-end", args=[office.council.pk]), data).status_code == 302
    assert duties(office.clerk) == [(today(), today())]
    assert "Đã kết thúc" not in client.get(reverse("awards:council-list")).content.decode()


def test_who_ends_leaves_the_sittings_to_come_and_the_page_says_so(room: Room) -> None:
    leaving = room.members[5]
    later = add_sitting(room.council, title="Họp sau", held_on=today() + 3 * DAY, place="x", actor=room.secretariat)
    record_attendance(later, absences={}, actor=room.secretariat)
    data = {"last_day": f"{today():%d/%m/%Y}", "document": "9/QĐ"}
    page = signed_in(room.secretariat).post(reverse("awards:seat-end", args=[leaving.pk]), data, follow=True)
    assert "Họp sau" in page.content.decode()
    assert not Attendance.objects.filter(sitting=later, member=leaving).exists()
    assert Attendance.objects.filter(sitting=room.sitting, member=leaving).exists()


def test_who_stands_on_the_roll_of_an_opened_ballot_does_not_end_before_it(room: Room) -> None:
    room.opened()
    with pytest.raises(RefusedError, match="danh sách bỏ phiếu"):
        end_seat(room.members[4], last_day=today() - DAY, document="9/QĐ", actor=room.secretariat, day=today())


def test_a_substitute_holds_the_seat_of_one_sitting(room: Room) -> None:
    held_on = today() + 5 * DAY
    sitting = add_sitting(room.council, title="Họp sau", held_on=held_on, place="x", actor=room.secretariat)
    deputy = user("nguoi.thay", (room.tree.bureau, Role.STAFF))
    away = room.members[6]
    client = signed_in(room.secretariat)
    address = reverse("awards:substitute-name", args=[sitting.pk, away.pk])
    data = {"position": "Phó trưởng phòng", "document": "12/GUQ"}
    assert client.post(f"{address}?account={deputy.pk}", data).status_code == 302
    substitute = CouncilMember.objects.get(for_sitting=sitting)
    assert [one.pk for one in list_members(room.council, held_on)][-1] == substitute.pk
    assert away in list_members(room.council, today())
    assert list_members(room.council, held_on).count() == 7
    assert duties(deputy) == [(today(), held_on)]
    # The substitute reads the dossiers of that sitting, and of no other.
    reader = signed_in(room.as_actor(substitute))
    reader.get(reverse("awards:sitting-detail", args=[sitting.pk]))
    item = room.sitting.agenda.first()
    assert item is not None
    assert reader.get(reverse("awards:item-review", args=[item.pk])).status_code == 404
    client.post(reverse("awards:substitute-withdraw", args=[sitting.pk, substitute.pk]))
    assert [one.pk for one in list_members(room.council, held_on)][-1] == away.pk
    assert not Membership.objects.on(today()).filter(user=deputy, role=Role.MEMBER).exists()


def test_a_substitute_without_a_vote_leaves_the_seat_where_it_was(room: Room) -> None:
    rule = find_substitute_rule(today())
    assert rule is not None
    substitute = name_substitute(
        room.sitting,
        room.members[6],
        user("nguoi.thay", (room.tree.bureau, Role.STAFF)),
        position="Phó",
        document="12/GUQ",
        actor=room.secretariat,
        day=today(),
    )
    assert substitute.has_vote == rule.has_vote
    CouncilMember.objects.filter(pk=substitute.pk).update(has_vote=False)
    assert room.members[6] in list_members(room.council, today())
    assert substitute not in list_members(room.council, today())
    withdraw_substitute(substitute, actor=room.secretariat, day=today())


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.ADMINISTRATOR, Role.MEMBER])
def test_nobody_but_the_secretariat_gives_a_seat(office: Office, role: Role) -> None:
    client = signed_in(actor(office.tree.bureau, role))
    address = reverse("awards:seat-give", args=[office.council.pk])
    assert client.post(f"{address}?account={office.clerk.pk}", {}).status_code == 403
    above = signed_in(actor(office.tree.ministry, Role.SECRETARIAT))
    assert above.get(address).status_code == 404
