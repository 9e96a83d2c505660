"""Members who take no part: found, declared, kept; hidden from the case and left out of the base."""

from datetime import date

import pytest
from django.urls import reverse

from awards.models import AgendaItem, Ballot, ConflictOfInterest, CouncilMember, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.conflicts import HEAD, NOMINEE, find_conflicts
from awards.services.ballots import close_ballot, open_ballot
from awards.services.conflicts import add_conflict, declare_conflict
from exemplars.models import Nomination
from tests.awards.room import LIGHT, Room, passphrases, signed_in
from tests.builders import person
from units.clock import today
from units.models import AuditEntry, Membership, Person, Unit
from units.refusals import RefusedError

pytestmark = pytest.mark.django_db


def tie(member: CouncilMember, one: Person) -> None:
    """The account of `member` belongs to `one`."""
    Membership.objects.filter(user=member.user).update(person=one)


def item_of(room: Room, place: int = 0) -> AgendaItem:
    return AgendaItem.objects.select_related("sitting__council").get(nomination=room.nominations[place])


def crowd(place: Unit, number: int) -> None:
    for one in range(number):
        person(place, f"Người Đông {one} Mẫu")


def found(room: Room) -> dict[tuple[int, int], tuple[str, ...]]:
    members = [one.pk for one in room.members]
    cases = [one.pk for one in room.nominations]
    return {
        (members.index(one.member.pk), cases.index(one.item.nomination_id)): one.grounds
        for one in find_conflicts(room.sitting)
    }


def test_the_register_tells_the_nominee_and_the_head_of_the_nominated_unit(room: Room) -> None:
    crowd(room.tree.branch, 6)
    assert found(room) == {}
    tie(room.members[0], room.nominations[0].person)
    tie(room.members[1], person(room.tree.stranger, "Trưởng Nơi Khác Mẫu", is_head=True))
    case = room.nominations[1]
    Nomination.objects.filter(pk=case.pk).update(person=None, collective=room.tree.stranger)
    assert found(room) == {(0, 0): (NOMINEE,), (1, 1): (HEAD,)}
    # A head of another day is none.
    own = Membership.objects.get(user=room.members[1].user).person
    assert own is not None
    own.postings.update(valid_to=date(2020, 1, 1))
    assert found(room) == {(0, 0): (NOMINEE,)}


def test_a_small_shared_unit_excludes_and_a_large_one_does_not(room: Room) -> None:
    tie(room.members[2], person(room.tree.branch, "Cùng Phòng Mẫu"))
    assert set(found(room)) == {(2, 0), (2, 1)}
    assert "cùng đơn vị nhỏ (3 người, quy ước không quá 5)" in found(room)[2, 0]
    crowd(room.tree.branch, 3)
    assert found(room) == {}


def test_a_unit_with_offices_below_it_is_as_large_as_all_of_them(room: Room) -> None:
    tie(room.members[2], person(room.tree.bureau, "Phó Cục Mẫu"))
    Nomination.objects.filter(pk=room.nominations[0].pk).update(person=None, collective=room.tree.bureau)
    assert set(found(room)) == {(2, 0)}
    crowd(room.tree.branch, 4)
    assert found(room) == {}


def test_a_declared_case_is_hidden_and_named_in_the_list(room: Room) -> None:
    member = room.members[5]
    client = signed_in(member)
    review = reverse("awards:item-review", args=[item_of(room).pk])
    assert client.get(review).status_code == 200
    address = reverse("awards:conflict-declare", args=[room.sitting.pk])
    assert client.post(address, {"case": item_of(room).pk, "ground": "kinship", "reason": ""}).status_code == 422
    form = {"case": item_of(room).pk, "ground": "kinship", "reason": "Em ruột, chỉ thư ký biết"}
    assert client.post(address, form).status_code == 302
    assert client.get(review).status_code == 404
    assert client.get(reverse("awards:item-review", args=[item_of(room, 1).pk])).status_code == 200
    page = client.get(reverse("awards:sitting-detail", args=[room.sitting.pk])).content.decode()
    assert f"<strong>{room.nominations[0].nominee_name}</strong>, không tham gia: tự khai báo" in page
    desk = signed_in(room.secretariat).get(reverse("awards:conflict-list", args=[room.sitting.pk])).content.decode()
    assert "chỉ thư ký biết" in desk
    other = signed_in(room.members[0]).get(reverse("awards:sitting-detail", args=[room.sitting.pk])).content.decode()
    assert "chỉ thư ký biết" not in other
    assert AuditEntry.objects.get(verb="declare-conflict").detail == {"member": str(member)}
    remove = reverse("awards:conflict-remove", args=[ConflictOfInterest.objects.get().pk])
    assert signed_in(room.secretariat).post(remove).status_code == 302
    assert client.get(review).status_code == 200


def test_cases_with_other_voters_get_ballots_of_their_own_with_their_own_base(room: Room) -> None:
    away = room.members[5]
    add_conflict(item_of(room), member=away, reason="Quan hệ", clause="Quy chế, Điều 5", actor=room.secretariat)
    assert any("lượt riêng" in one for one in check_ballot(room.ballot(), day=today()).obstacles)
    Ballot.objects.all().delete()
    desk, add = signed_in(room.secretariat), reverse("awards:ballot-add", args=[room.sitting.pk])
    offered = desk.get(add).content.decode()
    assert f"không tham gia: {away}" in offered
    form = {"title": "Bầu", "rule": VotingRule.objects.get(code="grassroots-recognition").pk, "seats": ""}
    desk.post(add, form | {"part": "1"})
    ballot = Ballot.objects.get()
    check = check_ballot(ballot, day=today())
    assert (check.obstacles, check.quorum.members, check.quorum.present) == ((), 6, 5)
    assert [one.nomination for one in check.candidates] == [room.nominations[0]]
    ballot = open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    assert away.pk not in ballot.electorate
    assert signed_in(away).get(reverse("awards:ballot-paper", args=[ballot.pk])).status_code == 422
    for member in room.present[:4]:
        room.cast(ballot, member, "yes")
    close_ballot(ballot, actor=room.secretariat)
    ballot = room.count(ballot)
    assert ballot.tally.result["contests"][0]["candidates"][str(room.nominations[0].pk)]["share"] == "4/6"
    page = desk.get(reverse("awards:council-ballot-detail", args=[ballot.pk])).content.decode()
    assert f"{away}: {room.nominations[0].nominee_name} (thư ký ghi nhận (Quy chế, Điều 5))" in page
    assert 'name="part"' not in desk.get(add).content.decode()


def test_whoever_may_not_judge_one_case_of_a_choice_is_out_of_the_whole_ballot(room: Room) -> None:
    add_conflict(item_of(room), member=room.members[5], reason="x", clause="y", actor=room.secretariat)
    check = check_ballot(room.ballot(seats=1), day=today())
    assert (check.is_joint, check.obstacles, check.quorum.members, len(check.candidates)) == (True, (), 6, 2)
    page = signed_in(room.secretariat).get(reverse("awards:council-ballot-detail", args=[Ballot.objects.get().pk]))
    assert "không bỏ phiếu ở cả lượt" in page.content.decode()


def test_after_opening_nothing_changes(room: Room) -> None:
    ballot = room.opened()
    member = room.members[0]
    with pytest.raises(RefusedError, match="chưa kiểm phiếu"):
        declare_conflict(item_of(room), member=member, ground="kinship", reason="x", actor=room.as_actor(member))
    page = signed_in(member).get(reverse("awards:conflict-declare", args=[room.sitting.pk])).content.decode()
    assert "lúc này không khai báo được" in page
    close_ballot(ballot, actor=room.secretariat)
    room.count(ballot)
    with pytest.raises(RefusedError, match="đã có kết quả"):
        add_conflict(item_of(room), member=member, reason="x", clause="y", actor=room.secretariat)


def test_nobody_declares_for_another(room: Room) -> None:
    with pytest.raises(RefusedError, match="cho chính mình"):
        declare_conflict(
            item_of(room), member=room.members[1], ground="kinship", reason="x", actor=room.as_actor(room.members[0])
        )
