"""A ballot from its check-list to its count."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from awards.models import Attendance, Ballot, BallotState, Tally, Urn, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.counts import describe_count
from awards.services.ballots import abandon_ballot, add_ballot, close_ballot, open_ballot
from awards.services.counting import count_ballot
from awards.services.rounds import add_second_round
from awards.services.sittings import add_agenda_item
from awards.terms import hash_json
from awards.voting import count, read_sitting, to_json
from exemplars.models import Nomination
from tests.awards.room import LIGHT, SECRET, Room, passphrases, signed_in
from tests.builders import AT, actor
from units.clock import today
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db


def detail_page(ballot: Ballot) -> str:
    return reverse("awards:council-ballot-detail", args=[ballot.pk])


def sitting_page(room: Room) -> str:
    return reverse("awards:council-sitting-detail", args=[room.sitting.pk])


def test_a_whole_vote_of_seven_with_one_away_through_the_pages(room: Room) -> None:
    desk = signed_in(room.secretariat)
    rule = VotingRule.objects.get(code="grassroots-recognition")
    added = desk.post(
        reverse("awards:ballot-add", args=[room.sitting.pk]), {"title": "Bầu", "rule": rule.pk, "seats": ""}
    )
    ballot = Ballot.objects.get()
    assert added.url == detail_page(ballot)  # type: ignore[attr-defined]
    draft = desk.get(detail_page(ballot)).content.decode()
    assert "Có mặt 6/7 thành viên, cần ít nhất 2/3" in draft
    assert rule.citation in draft
    words = {}
    for holder in check_ballot(ballot, day=today()).holders:
        words[holder.field] = words[f"{holder.field}-again"] = SECRET.format(holder.member.pk)
    assert desk.post(reverse("awards:ballot-open", args=[ballot.pk]), words).status_code == 302
    papers = [("yes", "yes"), ("yes", "no"), ("yes", "no"), ("yes", "blank"), ("yes", "yes"), ("blank", "yes")]
    for member, paper in zip(room.present, papers, strict=True):
        answer = signed_in(member).post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form(*paper))
        assert answer.status_code == 200
    assert desk.post(reverse("awards:ballot-close", args=[ballot.pk])).status_code == 302
    closed = Ballot.objects.get()
    assert (closed.state, len(closed.fingerprints)) == (BallotState.CLOSED, 6)
    holders = [f"passphrase-{holder['id']}" for holder in closed.terms["holders"]]
    count_page = reverse("awards:ballot-count", args=[ballot.pk])
    wrong = desk.post(count_page, {holders[0]: words[holders[0]], holders[2]: "không phải cụm này đâu"})
    assert wrong.status_code == 422
    assert "Không mở được khóa" in wrong.content.decode()
    assert Ballot.objects.get().state == BallotState.CLOSED
    assert desk.post(count_page, {key: words[key] for key in (holders[0], holders[2])}).status_code == 302

    page = desk.get(detail_page(ballot)).content.decode()
    lines = describe_count(Ballot.objects.select_related("tally").get()).lines
    assert [(one.yes, one.no, one.blank, one.share, one.outcome) for one in lines] == [
        (5, 0, 1, "5/7", "Đạt"),
        (3, 2, 1, "3/7", "Không đạt"),
    ]
    assert "71,4 %" in page
    assert rule.citation in page
    assert not Urn.objects.exists()
    assert Ballot.objects.get().wraps == []
    for member in room.members:
        result = signed_in(member).get(reverse("awards:ballot-result", args=[ballot.pk])).content.decode()
        assert "5/7" in result
        assert all(one in result for one in closed.fingerprints)


def test_the_published_papers_count_to_the_published_result(room: Room) -> None:
    cast = [("yes", "no"), ("yes", "yes"), ("no", "blank"), ("yes", "no"), ("blank", "no")]
    ballot = room.counted(*cast)
    file = signed_in(room.members[0]).get(reverse("awards:ballot-papers", args=[ballot.pk]))
    published = json.loads(file.content)
    assert to_json(count(read_sitting(file.content))) == Tally.objects.get().result
    keys = [str(one.pk) for one in room.nominations]
    assert sorted(tuple(paper["agenda"][key] for key in keys) for paper in published["papers"]) == sorted(cast)
    assert set(published["papers"][0]) == {"agenda"}
    assert AuditEntry.objects.get(verb="count-ballot").detail["papers_hash"] == hash_json(published)


def test_opening_freezes_the_terms_and_hashes_them_into_the_trail(room: Room) -> None:
    ballot = room.opened()
    assert ballot.terms_hash == hash_json(ballot.terms)
    assert AuditEntry.objects.get(verb="open-ballot").detail == {"terms_hash": ballot.terms_hash}
    VotingRule.objects.update(threshold="1/100")
    Nomination.objects.filter(pk=room.nominations[0].pk).update(position="Khác")
    for member in room.present[:3]:
        room.cast(ballot, member, "yes", "yes")
    close_ballot(ballot, actor=room.secretariat)
    room.count(ballot)
    assert Tally.objects.get().count_input["threshold"] == "2/3"
    assert Tally.objects.get().result["contests"][0]["elected"] == []


def test_the_key_is_kept_nowhere_and_one_holder_cannot_open(room: Room) -> None:
    ballot = room.opened()
    close_ballot(ballot, actor=room.secretariat)
    first = ballot.terms["holders"][0]["id"]
    with pytest.raises(RefusedError, match="đúng hai người"):
        count_ballot(ballot, passphrases={first: SECRET.format(first)}, actor=room.secretariat, at=AT)
    assert [len(wrap["holders"]) for wrap in ballot.wraps] == [2, 2, 2]
    assert "bốn từ" not in json.dumps(ballot.wraps, ensure_ascii=False)


def test_a_wrong_passphrase_changes_nothing_and_leaves_a_line(room: Room) -> None:
    ballot = room.opened()
    room.cast(ballot, room.members[0], "yes", "no")
    close_ballot(ballot, actor=room.secretariat)
    before = Ballot.objects.values().get(), [bytes(paper) for paper in Urn.objects.get().papers]
    one, two = (holder["id"] for holder in ballot.terms["holders"][:2])
    with pytest.raises(RefusedError, match="không đúng"):
        count_ballot(
            ballot, passphrases={one: SECRET.format(one), two: "một cụm hoàn toàn khác"}, actor=room.secretariat, at=AT
        )
    assert (Ballot.objects.values().get(), [bytes(paper) for paper in Urn.objects.get().papers]) == before
    assert AuditEntry.objects.filter(verb="refuse-count").count() == 1


def test_passphrases_are_never_written_back_into_a_page(room: Room) -> None:
    ballot = room.ballot()
    words = {}
    for holder in check_ballot(ballot, day=today()).holders:
        words |= {holder.field: "một cụm mật khẩu dài", f"{holder.field}-again": "một cụm mật khẩu khác"}
    page = signed_in(room.secretariat).post(reverse("awards:ballot-open", args=[ballot.pk]), words)
    assert page.status_code == 422
    assert "Hai lần nhập khác nhau" in page.content.decode()
    assert "một cụm mật khẩu dài" not in page.content.decode()
    assert page.content.decode().count('autocomplete="off"') >= 7


def test_equal_passphrases_open_nothing(room: Room) -> None:
    ballot = room.ballot()
    same = dict.fromkeys(passphrases(ballot), "một cụm mật khẩu dùng chung")
    with pytest.raises(RefusedError, match="dùng cùng một cụm"):
        open_ballot(ballot, passphrases=same, actor=room.secretariat, day=today(), cost=LIGHT)
    assert Ballot.objects.get().state == BallotState.DRAFT
    assert not Urn.objects.exists()


def test_a_rule_that_could_not_be_counted_opens_nothing(room: Room) -> None:
    """Somebody edited the share: that shows before the vote and not when the papers lie open."""
    ballot = room.ballot()
    VotingRule.objects.filter(pk=ballot.rule_id).update(threshold="80%")
    ballot.refresh_from_db()
    with pytest.raises(RefusedError, match="Chưa mở được lượt bỏ phiếu") as refusal:
        open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    assert "threshold: phải là phân số" in refusal.value.why
    assert Ballot.objects.get().state == BallotState.DRAFT
    assert not Urn.objects.exists()


def test_without_attendance_or_holders_nothing_opens(room: Room) -> None:
    ballot = room.ballot()
    Attendance.objects.filter(member=room.members[2]).update(is_present=False)
    assert any("thư ký" in one for one in check_ballot(ballot, day=today()).obstacles)
    page = signed_in(room.secretariat).get(reverse("awards:ballot-open", args=[ballot.pk]))
    assert page.status_code == 422
    Attendance.objects.filter(member=room.members[2]).delete()
    with pytest.raises(RefusedError, match="Chưa ghi có mặt hay vắng"):
        open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)


def test_nothing_opens_before_the_day_of_the_sitting(room: Room) -> None:
    ballot = room.ballot()
    room.sitting.held_on = today() + timedelta(days=1)
    room.sitting.save()
    ballot = Ballot.objects.select_related("sitting__council", "rule").get(pk=ballot.pk)
    assert any("chưa tới" in one for one in check_ballot(ballot, day=today()).obstacles)
    assert check_ballot(ballot, day=room.sitting.held_on).obstacles == ()


def test_the_deputy_presides_when_the_chair_is_away(room: Room) -> None:
    ballot = room.ballot()
    Attendance.objects.filter(member=room.members[0]).update(is_present=False)
    assert [one.member for one in check_ballot(ballot, day=today()).holders] == [
        room.members[1],
        room.members[2],
        room.members[3],
    ]


def test_a_rule_that_counts_written_opinions_lets_the_absent_send_theirs(room: Room) -> None:
    rule = VotingRule.objects.get(code="ministry-emulation-soldier", valid_to=None)
    ballot = add_ballot(room.sitting, title="x", rule=rule, seats=None, actor=room.secretariat)
    check = check_ballot(ballot, day=today())
    assert (check.absentees, check.obstacles) == ((room.members[6],), ())
    Attendance.objects.update(is_present=True)
    assert check_ballot(ballot, day=today()).absentees == ()


def test_marks_that_do_not_match_the_papers_make_it_void(room: Room) -> None:
    ballot = room.opened()
    room.cast(ballot, room.members[0], "yes", "no")
    Ballot.objects.filter(pk=ballot.pk).update(marks=sorted(one.pk for one in room.members[:2]))
    close_ballot(ballot, actor=room.secretariat)
    ballot.refresh_from_db()
    assert ballot.state == BallotState.VOID
    assert "2 người" in ballot.void_reason
    assert AuditEntry.objects.filter(verb="void-ballot").exists()
    assert "không có giá trị" in signed_in(room.secretariat).get(detail_page(ballot)).content.decode()
    assert (
        "không có giá trị"
        in signed_in(room.members[0]).get(reverse("awards:ballot-result", args=[ballot.pk])).content.decode()
    )


def test_an_urn_changed_after_closing_makes_it_void(room: Room) -> None:
    ballot = room.opened()
    for member in room.present:
        room.cast(ballot, member, "yes", "no")
    close_ballot(ballot, actor=room.secretariat)
    urn = Urn.objects.get()
    urn.papers = urn.papers[1:]
    urn.save()
    room.count(ballot)
    ballot.refresh_from_db()
    assert (ballot.state, Tally.objects.exists(), Urn.objects.exists()) == (BallotState.VOID, False, True)


def test_the_closing_hashes_the_fingerprints_into_the_trail(room: Room) -> None:
    ballot = room.opened()
    prints = sorted(room.cast(ballot, member, "yes", "no") for member in room.present)
    ballot = close_ballot(ballot, actor=room.secretariat)
    assert ballot.fingerprints == prints
    assert AuditEntry.objects.get(verb="close-ballot").detail == {"papers": 6, "fingerprints_hash": hash_json(prints)}


def test_without_a_quorum_nobody_is_elected_and_the_page_says_why() -> None:
    from units.scoping import maintenance_scope

    with maintenance_scope("test"):
        room = Room(absent=3)
        ballot = room.counted(*[("yes", "yes")] * 4)
        page = signed_in(room.secretariat).get(detail_page(ballot)).content.decode()
    assert "Không đủ số thành viên" in page
    assert "Có mặt 4/7 thành viên, cần ít nhất 2/3" in page
    assert '<span class="tag met">Đạt</span>' not in page


def test_a_tie_is_explained_and_the_next_ballot_is_between_the_tied(room: Room) -> None:
    third = room.nominate("Người Thứ Ba Mẫu")
    add_agenda_item(room.sitting, third, actor=room.secretariat)
    room.nominations.append(third)
    VotingRule.objects.update(threshold="1/4")
    papers = [("yes", "no", "no")] * 3 + [("no", "yes", "no")] * 3
    ballot = room.counted(*papers, seats=1)
    page = signed_in(room.secretariat).get(detail_page(ballot)).content.decode()
    assert "Bằng phiếu ở suất cuối" in page
    assert room.nominations[0].nominee_name in re.sub(r"\s+", " ", page)
    assert str(room.nominations[0].pk) not in page.split("phần mềm lưu ý")[1].split("</section>")[0]
    assert check_ballot(room.ballot(seats=1), day=today()).candidates == ()
    Ballot.objects.filter(state=BallotState.DRAFT).delete()
    assert "Lập vòng sau" in signed_in(room.secretariat).get(sitting_page(room)).content.decode()
    second = add_second_round(ballot, actor=room.secretariat)
    assert [one.nomination for one in check_ballot(second, day=today()).candidates] == room.nominations[:2]


def test_only_one_ballot_runs_at_a_time_and_holds_the_agenda(room: Room) -> None:
    room.opened()
    with pytest.raises(RefusedError, match="chưa kiểm phiếu"):
        room.ballot()
    with pytest.raises(RefusedError, match="giữ nguyên"):
        add_agenda_item(room.sitting, room.nominate("Đến Muộn Mẫu"), actor=room.secretariat)
    with pytest.raises(RefusedError, match="giữ nguyên"):
        room.seat(0)


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.RECORDS, Role.STAFF])
def test_only_the_secretariat_runs_a_ballot(room: Room, role: Role) -> None:
    ballot, client = room.opened(), signed_in(actor(room.tree.bureau, role))
    assert client.get(detail_page(ballot)).status_code == 403
    for name in ("ballot-close", "ballot-count", "ballot-discard", "ballot-open"):
        assert client.post(reverse(f"awards:{name}", args=[ballot.pk])).status_code == 403
    assert Ballot.objects.get().state == BallotState.OPEN


@pytest.mark.parametrize("name", ["ballot-close", "ballot-count", "ballot-discard"])
def test_nothing_happens_to_a_ballot_by_a_link(room: Room, name: str) -> None:
    ballot = room.opened()
    assert signed_in(room.secretariat).get(reverse(f"awards:{name}", args=[ballot.pk])).status_code == 405


def test_acts_in_the_wrong_state_are_refused_in_words(room: Room) -> None:
    desk, ballot = signed_in(room.secretariat), room.ballot()
    assert desk.post(reverse("awards:ballot-close", args=[ballot.pk])).status_code == 422
    assert desk.post(reverse("awards:ballot-count", args=[ballot.pk])).status_code == 422
    open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    page = desk.post(reverse("awards:ballot-discard", args=[ballot.pk]))
    assert page.status_code == 422
    assert "đã mở nên không hủy được" in page.content.decode()


@pytest.mark.parametrize("typed", ["nothing", "two holders"])
def test_counting_a_second_time_is_refused_in_words(room: Room, typed: str) -> None:
    ballot = room.counted(("yes", "no"), ("yes", "no"))
    holders = [f"passphrase-{holder['id']}" for holder in ballot.terms["holders"]]
    words = dict.fromkeys(holders[:2], "bốn từ không liên quan") if typed == "two holders" else {}
    again = signed_in(room.secretariat).post(reverse("awards:ballot-count", args=[ballot.pk]), words)
    assert again.status_code == 422
    assert "Chỉ kiểm phiếu khi lượt bỏ phiếu đã đóng và chưa kiểm" in again.content.decode()
    assert Tally.objects.get().ballot_id == ballot.pk


def test_a_draft_can_be_discarded(room: Room) -> None:
    ballot = room.ballot()
    assert signed_in(room.secretariat).post(reverse("awards:ballot-discard", args=[ballot.pk])).status_code == 302
    assert not Ballot.objects.exists()
    assert AuditEntry.objects.filter(verb="discard-ballot").exists()


def test_an_urn_that_nobody_can_open_is_given_up_with_a_reason_and_the_sitting_votes_anew(room: Room) -> None:
    ballot = room.opened()
    with pytest.raises(RefusedError, match="đã đóng"):
        abandon_ballot(ballot, reason="Quên cụm mật khẩu", actor=room.secretariat)
    close_ballot(ballot, actor=room.secretariat)
    with pytest.raises(RefusedError, match="Chưa ghi lý do"):
        abandon_ballot(ballot, reason="  ", actor=room.secretariat)
    ballot = abandon_ballot(ballot, reason="Quên cụm mật khẩu", actor=room.secretariat)
    assert (ballot.state, ballot.void_reason) == (BallotState.VOID, "Quên cụm mật khẩu")
    assert AuditEntry.objects.get(verb="void-ballot").detail["reason"] == "Quên cụm mật khẩu"
    assert room.opened().state == BallotState.OPEN
