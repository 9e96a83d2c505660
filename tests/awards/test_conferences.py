"""Conferences of clusters: the heads of units that do not see each other vote together, and nothing else opens."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from awards.frame import find_seats
from awards.models import Council, CouncilMember
from awards.selectors import conflicts
from awards.selectors.conflicts import HEAD, find_conflicts
from awards.selectors.councils import list_members
from awards.services.conferences import create_conference, follow_heads
from awards.services.sittings import add_agenda_item, add_sitting
from awards.services.substitutes import name_substitute
from exemplars.models import Nomination
from tests.awards.room import accepted, signed_in
from tests.builders import AT, actor, campaign, person, recognition, user
from tests.campaigns.cluster_scene import ClusterScene
from units.actors import act_as
from units.clock import today
from units.frame import SESSION_MEMBERSHIP
from units.models import AuditEntry, Membership, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.selectors.accounts import list_accounts
from units.services.accounts import end_membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = timedelta(days=1)


class Meeting:
    """The region of three, each with its head, and the conference that the leading unit created."""

    def __init__(self) -> None:
        self.scene = ClusterScene()
        self.heads = {one: user(f"truong.{one.code}", (one, Role.HEAD)) for one in self.units}
        self.desk = actor(self.scene.head, Role.SECRETARIAT)
        self.council = create_conference(
            self.scene.year, number="1/GM", decided_on=today(), valid_to=today(), actor=self.desk, day=today(), at=AT
        )
        Council.objects.update(valid_to=None)
        self.council.refresh_from_db()

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.scene.head, self.scene.member, self.scene.third

    def follow(self) -> tuple[int, int, int]:
        found = follow_heads(self.council, actor=self.desk, day=today())
        return len(found.begun), len(found.ended), len(found.unclear)


@pytest.fixture
def meeting(everything: None) -> Meeting:
    return Meeting()


def guest(account: User, place: Unit) -> Client:
    """The account, acting in the duty that it was given in the unit that leads."""
    client = Client()
    client.force_login(account)
    session = client.session
    session[SESSION_MEMBERSHIP] = str(Membership.objects.get(user=account, unit=place, role=Role.MEMBER).pk)
    session.save()
    return client


def test_the_heads_of_the_member_units_sit_in_it_one_a_unit(meeting: Meeting) -> None:
    members = list(list_members(meeting.council, today()))
    assert {one.member_unit for one in members} == set(meeting.units)
    assert [one.user for one in members if one.seat == "chair"] == [meeting.heads[meeting.scene.head]]
    told = AuditEntry.objects.filter(verb="take-conference-seat")
    assert set(told.values_list("unit", flat=True)) == {one.pk for one in meeting.units}
    assert meeting.follow() == (0, 0, 0)


def test_only_who_leads_creates_it(meeting: Meeting) -> None:
    other = actor(meeting.scene.member, Role.SECRETARIAT)
    with pytest.raises(RefusedError, match="không chủ trì"):
        create_conference(
            meeting.scene.year, number="1", decided_on=today(), valid_to=today(), actor=other, day=today(), at=AT
        )


def test_a_guest_reads_what_is_before_the_conference_and_nothing_else_of_the_unit(meeting: Meeting) -> None:
    place, account = meeting.scene.head, meeting.heads[meeting.scene.member]
    plan = campaign(place, meeting.scene.tree.branch)
    plan.title_of_tests = recognition()  # type: ignore[attr-defined]
    own = accepted(plan, meeting.scene.tree.branch, "Lường Thị Mẫu")
    sitting = add_sitting(meeting.council, title="Bỏ phiếu cờ", held_on=today(), place="x", actor=meeting.desk)
    client = guest(account, place)
    assert sitting.title in client.get(reverse("awards:sitting-list")).content.decode()
    for name in ("exemplars:nomination-list", "units:account-list", "awards:council-list", "campaigns:campaign-list"):
        assert client.get(reverse(name)).status_code == 403, name
    assert client.get(reverse("exemplars:nomination-detail", args=[own.pk])).status_code == 403
    # Signing in leads home, and at home nothing of the conference's unit is in sight.
    home = Client()
    home.force_login(account)
    assert home.get(reverse("exemplars:nomination-detail", args=[own.pk])).status_code == 404
    assert home.get(reverse("awards:sitting-list")).status_code == 403
    assert account not in list_accounts(place.path, day=today())


def test_the_seat_moves_with_the_head_from_that_day(meeting: Meeting) -> None:
    place, before = meeting.scene.member, meeting.heads[meeting.scene.member]
    CouncilMember.objects.update(valid_from=today() - 9 * DAY)
    Membership.objects.filter(role=Role.MEMBER).update(valid_from=today() - 9 * DAY)
    Council.objects.update(valid_from=today() - 9 * DAY)
    seat_duty = Membership.objects.select_related("unit", "user").get(user=before, role=Role.MEMBER)
    end_membership(
        Membership.objects.get(user=before, role=Role.HEAD),
        reason="Nghỉ hưu",
        day=today(),
        actor=actor(meeting.scene.ministry, Role.ADMINISTRATOR),
    )
    assert find_seats(act_as(seat_duty), today()) == ()
    assert not Membership.objects.on(today()).filter(pk=seat_duty.pk).exists()
    assert meeting.follow() == (0, 0, 1)
    after = user("truong.moi", (place, Role.HEAD))
    Membership.objects.filter(user=after).update(valid_from=today())
    assert meeting.follow() == (1, 0, 0)
    of_unit = {one.member_unit: one.user for one in list_members(meeting.council, today())}
    assert of_unit[place] == after
    assert before in [one.user for one in list_members(meeting.council, today() - DAY)]


def test_a_head_whose_duty_ran_out_has_no_seat_before_anybody_looked(meeting: Meeting) -> None:
    account = meeting.heads[meeting.scene.third]
    duty = Membership.objects.select_related("unit", "user").get(user=account, role=Role.MEMBER)
    assert len(find_seats(act_as(duty), today())) == 1
    Membership.objects.filter(user=account, role=Role.HEAD).update(valid_to=today() - DAY)
    assert find_seats(act_as(duty), today()) == ()
    assert meeting.follow() == (0, 1, 1)


def test_nobody_votes_for_a_head(meeting: Meeting) -> None:
    second = user("pho.donvi", (meeting.scene.head, Role.CLERK))
    sitting = add_sitting(meeting.council, title="Họp", held_on=today(), place="x", actor=meeting.desk)
    member = list_members(meeting.council, today()).first()
    assert member is not None
    with pytest.raises(RefusedError, match="không có người thay"):
        name_substitute(sitting, member, second, position="Phó", document="2/GUQ", actor=meeting.desk, day=today())


def test_two_heads_of_one_unit_are_no_head(everything: None) -> None:
    scene = ClusterScene()
    for number in range(2):
        user(f"truong.{number}", (scene.member, Role.HEAD))
    desk = actor(scene.head, Role.SECRETARIAT)
    page = signed_in(desk)
    data = {"number": "1/GM", "decided_on": f"{today():%d/%m/%Y}", "valid_to": f"{today():%d/%m/%Y}"}
    answer = page.post(reverse("awards:conference-create", args=[scene.year.pk]), data)
    council = Council.objects.get(cluster_year=scene.year)
    assert answer.url == reverse("awards:council-detail", args=[council.pk])  # type: ignore[attr-defined]
    shown = page.post(reverse("awards:heads-follow", args=[council.pk])).content.decode()
    assert "có 2 tài khoản thủ trưởng" in shown
    assert not council.members.exists()


def test_the_head_of_a_unit_that_stands_has_their_vote(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    place = meeting.scene.member
    plan = campaign(meeting.scene.head, meeting.scene.tree.branch)
    plan.title_of_tests = recognition()  # type: ignore[attr-defined]
    case = accepted(plan, meeting.scene.tree.branch, "Lường Thị Mẫu")
    Nomination.objects.filter(pk=case.pk).update(person=None, collective=place)
    sitting = add_sitting(meeting.council, title="Bỏ phiếu cờ", held_on=today(), place="x", actor=meeting.desk)
    add_agenda_item(sitting, case, actor=meeting.desk)
    Membership.objects.filter(user=meeting.heads[place]).update(person=person(place, "Trưởng Mẫu", is_head=True))
    assert find_conflicts(sitting) == []
    shown = signed_in(meeting.desk).get(reverse("awards:conflict-list", args=[sitting.pk])).content.decode()
    assert "vẫn bỏ phiếu khi đơn vị mình được đề nghị" in shown
    assert "chưa xác nhận:" in shown
    # A rule is dated data: on a day on which none holds, heads stand aside as in any council.
    monkeypatch.setattr(conflicts, "find_conference_rule", lambda _day: None)
    assert [one.grounds for one in find_conflicts(sitting)] == [(HEAD,)]
    monkeypatch.undo()
    # The same member of an ordinary council stands aside.
    CouncilMember.objects.update(member_unit=None)
    assert [one.grounds for one in find_conflicts(sitting)] == [(HEAD,)]
