"""Opinions of absent members, and ballots on paper entered by two tellers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from awards.models import Ballot, BallotState, CouncilMember, Tally, TellerSheet, Urn, VotingRule, WrittenEnvelope
from awards.selectors.ballots import check_ballot
from awards.selectors.counts import describe_count
from awards.selectors.hand_papers import describe_hand_count, find_sheets
from awards.selectors.minutes_facts import find_faults, gather_minutes
from awards.services.ballots import close_ballot, close_paper_ballot, discard_ballot, open_ballot
from awards.services.casting import CastRefusedError
from awards.services.counting import count_ballot
from awards.services.entering import EntryRefusedError, enter_paper, finish_entering, strike_paper
from awards.services.hand_papers import hold_on_paper, receive_envelope, withdraw_envelope
from awards.services.minutes import draft_minutes
from awards.services.sittings import record_attendance
from awards.voting import count, read_sitting, to_json
from reports.documents import council_minutes
from tests.awards.room import LIGHT, Room, passphrases, signed_in
from tests.builders import AT
from units.clock import today
from units.models import AuditEntry
from units.refusals import RefusedError

pytestmark = pytest.mark.django_db
CHECKER = Path(__file__).parents[2] / "docs/kiem-phieu/kiem_phieu.py"
REASON = "Phòng họp không có mạng"


@pytest.fixture
def written(room: Room) -> Room:
    """Two of seven are away, a second member is teller, and the rule counts written opinions."""
    CouncilMember.objects.filter(pk=room.members[4].pk).update(is_teller=True)
    VotingRule.objects.update(count_written=True)
    room.seat(2)
    return room


def draft(room: Room, *, on_paper: bool = False) -> Ballot:
    ballot = room.ballot()
    return hold_on_paper(ballot, reason=REASON, actor=room.secretariat) if on_paper else ballot


def opened(room: Room, ballot: Ballot) -> Ballot:
    words = passphrases(ballot)
    return open_ballot(ballot, passphrases=words, actor=room.secretariat, day=today(), cost=LIGHT)


def envelope(room: Room, ballot: Ballot, member: CouncilMember) -> WrittenEnvelope:
    return receive_envelope(ballot, member, received_on=today(), actor=room.secretariat, at=AT)


def enter(room: Room, ballot: Ballot, teller: CouncilMember, number: int, *votes: str, **more: object) -> None:
    values = {"spoiled": frozenset(), "mends": False} | more
    enter_paper(
        ballot,
        number,
        room.choices(*votes),
        member=teller,
        actor=room.as_actor(teller),
        **values,  # type: ignore[arg-type]
    )


def finish(room: Room, ballot: Ballot, teller: CouncilMember) -> None:
    finish_entering(ballot, member=teller, actor=room.as_actor(teller))


def tellers(room: Room) -> tuple[CouncilMember, CouncilMember]:
    return room.members[3], room.members[4]


def recount(ballot: Ballot, tmp_path: Path) -> str:
    """What the stand-alone checker says of the published files."""
    papers, result = tmp_path / "phieu.json", tmp_path / "ket-qua.json"
    tally = Tally.objects.get(ballot=ballot)
    papers.write_text(json.dumps(tally.count_input))
    result.write_text(json.dumps(tally.result))
    run = subprocess.run([sys.executable, CHECKER, papers, result], capture_output=True, text=True, check=False)  # noqa: S603
    return run.stdout.strip().splitlines()[-1]


def test_an_absent_member_sends_one_opinion_that_lies_among_the_papers(written: Room, tmp_path: Path) -> None:
    ballot = opened(written, draft(written))
    away = written.members[5]
    client = signed_in(away)
    page = client.get(reverse("awards:sitting-detail", args=[written.sitting.pk])).content.decode()
    assert "Gửi ý kiến bằng văn bản" in page
    paper = client.get(reverse("awards:ballot-paper", args=[ballot.pk])).content.decode()
    assert "trộn chung vào hòm" in paper
    sent = client.post(reverse("awards:ballot-cast", args=[ballot.pk]), written.form("no", "yes"))
    assert sent.status_code == 200
    assert client.post(reverse("awards:ballot-cast", args=[ballot.pk]), written.form("yes", "yes")).status_code == 409
    for member in written.present[:4]:
        written.cast(ballot, member, "yes", "no")
    desk = signed_in(written.secretariat)
    turnout = desk.get(reverse("awards:council-ballot-detail", args=[ballot.pk])).content.decode()
    assert "Đã nhận 4/5 phiếu" in turnout
    assert "Ý kiến bằng văn bản của thành viên vắng, gửi trên máy" in turnout
    close_ballot(ballot, actor=written.secretariat)
    counted = written.count(ballot)

    laid = Tally.objects.get().count_input
    assert (laid["members"], laid["present"], laid["issued"], len(laid["papers"]), len(laid["written"])) == (
        (7, 5, 5, 4, 1)
    )
    lines = describe_count(counted).lines
    assert [(one.yes, one.no, one.share) for one in lines] == [(4, 1, "4/7"), (1, 4, "1/7")]
    assert describe_hand_count(Ballot.objects.get()).written == 1
    assert "KHỚP" in recount(counted, tmp_path)
    assert "Ý kiến bằng văn bản" in desk.get(reverse("awards:council-ballot-detail", args=[ballot.pk])).content.decode()


def test_which_paper_is_the_opinion_is_left_to_chance(written: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that stands as written in the file is any of them: over twenty counts both kinds come up."""
    from awards.services import counting

    found = set()
    ballot = opened(written, draft(written))
    written.cast(ballot, written.members[5], "no", "no")
    for member in written.present:
        written.cast(ballot, member, "yes", "yes")
    close_ballot(ballot, actor=written.secretariat)
    ballot = Ballot.objects.get()
    key = str(written.nominations[0].pk)
    papers = [{"agenda": dict(written.choices(vote, vote))} for vote in ("yes",) * 5 + ("no",)]
    for _ in range(60):
        tally = counting._write_tally(ballot, ballot.terms, list(papers), AT)
        found.add(tally.count_input["written"][0]["agenda"][key])
        tally.delete()
    assert found == {"yes", "no"}


def test_without_the_rule_the_absent_have_no_voice(room: Room) -> None:
    ballot = opened(room, draft(room))
    with pytest.raises(CastRefusedError, match="không có trong danh sách"):
        room.cast(ballot, room.members[6], "yes", "yes")
    with pytest.raises(RefusedError, match="đã mở"):
        envelope(room, ballot, room.members[6])
    assert AuditEntry.objects.filter(verb="refuse-envelope").exists()


def test_an_envelope_goes_back_unread_when_its_member_turns_up(written: Room) -> None:
    ballot = draft(written)
    away, other = written.members[5], written.members[6]
    with pytest.raises(RefusedError, match="Chỉ thành viên được ghi vắng"):
        envelope(written, ballot, written.members[0])
    envelope(written, ballot, away)
    kept = envelope(written, ballot, other)
    with pytest.raises(RefusedError, match="Mỗi thành viên chỉ có một ý kiến"):
        envelope(written, ballot, other)
    with pytest.raises(RefusedError, match="Còn 2 bì kín"):
        discard_ballot(ballot, actor=written.secretariat)
    form = {f"presence-{one.pk}": "present" for one in written.members[:6]}
    form |= {f"presence-{other.pk}": "absent", f"reason-{other.pk}": "Ốm"}
    desk = signed_in(written.secretariat)
    page = desk.post(reverse("awards:attendance-record", args=[written.sitting.pk]), form, follow=True)
    assert f"trả lại bì kín, chưa mở: {away}" in page.content.decode()
    back = WrittenEnvelope.objects.get(member=away)
    assert back.withdrawn_reason == "thành viên có mặt tại phiên họp"
    assert AuditEntry.objects.filter(verb="withdraw-envelope").count() == 1
    check = check_ballot(ballot, day=today())
    assert (check.envelopes, check.absentees) == ((other,), ())
    running = opened(written, ballot)
    written.cast(running, away, "yes", "yes")
    with pytest.raises(CastRefusedError):
        written.cast(running, other, "yes", "yes")
    with pytest.raises(RefusedError, match="đã mở"):
        withdraw_envelope(kept, reason="Đổi ý", actor=written.secretariat, at=AT)


def test_a_sealed_ballot_takes_its_envelopes_in_only_when_two_tellers_agree(written: Room, tmp_path: Path) -> None:
    ballot = draft(written)
    envelope(written, ballot, written.members[5])
    ballot = opened(written, ballot)
    for member in written.present:
        written.cast(ballot, member, "yes", "no")
    first, second = tellers(written)
    with pytest.raises(EntryRefusedError, match="không ở bước kiểm phiếu"):
        enter(written, ballot, first, 1, "no", "yes")
    close_ballot(ballot, actor=written.secretariat)
    with pytest.raises(RefusedError, match="Chưa đủ hai người báo nhập xong"):
        written.count(ballot)
    for teller in (first, second):
        enter(written, ballot, teller, 1, "no", "yes")
        finish(written, ballot, teller)
    counted = written.count(ballot)
    assert [(one.yes, one.no) for one in describe_count(counted).lines] == [(5, 1), (1, 5)]
    assert not Urn.objects.exists()
    assert [one.papers for one in TellerSheet.objects.all()] == [[], []]
    assert "KHỚP" in recount(counted, tmp_path)


def test_a_ballot_on_paper_from_its_reason_to_its_result(written: Room, tmp_path: Path) -> None:
    desk = signed_in(written.secretariat)
    ballot = draft(written)
    page = reverse("awards:council-ballot-detail", args=[ballot.pk])
    desk.post(reverse("awards:ballot-on-paper", args=[ballot.pk]), {"reason": REASON})
    day = f"{today():%d/%m/%Y}"
    away = written.members[6]
    desk.post(reverse("awards:envelope-receive", args=[ballot.pk]), {"member": away.pk, "received_on": day})
    assert "Chốt và phát phiếu giấy" in desk.get(page).content.decode()
    assert desk.post(reverse("awards:ballot-open", args=[ballot.pk])).status_code == 302
    assert "bằng giấy" in signed_in(away).get(reverse("awards:ballot-result", args=[ballot.pk])).content.decode()
    cast = signed_in(written.members[0]).post(reverse("awards:ballot-cast", args=[ballot.pk]), written.form("yes"))
    assert cast.status_code == 422
    close = reverse("awards:ballot-close", args=[ballot.pk])
    assert desk.post(close, {"issued": "6"}).status_code == 422
    assert desk.post(close, {"issued": "5"}).status_code == 302
    entry = reverse("awards:paper-enter", args=[ballot.pk])
    papers = [("yes", "no"), ("yes", "yes"), ("no", "blank"), ("yes", "no"), ("yes", "yes")]
    for number, teller in enumerate(tellers(written)):
        client = signed_in(teller)
        for stamped, votes in enumerate(papers, start=1):
            # The second teller misreads the third paper.
            read = ("yes", "blank") if (number, stamped) == (1, 3) else votes
            sent = client.post(entry, written.form(*read) | {"number": stamped})
            assert sent.status_code == 302
        assert client.post(entry, written.form("yes") | {"number": 1}).status_code == 422
        assert client.post(entry, written.form("yes") | {"number": 7}).status_code == 422
        assert client.post(reverse("awards:entering-finish", args=[ballot.pk])).status_code == 302
    told = signed_in(tellers(written)[0]).get(entry).content.decode()
    assert "khác nhau ở 1 phiếu" in told
    assert "Phiếu số 3" in told
    count_page = reverse("awards:ballot-count", args=[ballot.pk])
    assert "Khác nhau ở phiếu số 3" in desk.post(count_page).content.decode()
    mended = signed_in(tellers(written)[1]).post(entry, written.form("no", "blank") | {"number": 3, "mends": "1"})
    assert mended.status_code == 302
    assert desk.post(count_page).status_code == 302

    laid = Tally.objects.get().count_input
    assert (laid["issued"], len(laid["papers"]), len(laid["written"])) == (5, 4, 1)
    counted = Ballot.objects.select_related("tally").get()
    assert [(one.yes, one.no) for one in describe_count(counted).lines] == [(4, 1), (2, 2)]
    result = desk.get(page).content.decode()
    assert "Bỏ phiếu bằng giấy" in result
    assert REASON in result
    told_minutes = describe_hand_count(counted)
    assert (told_minutes.on_paper, told_minutes.envelopes, told_minutes.tellers) == (
        True,
        1,
        tuple(str(one) for one in tellers(written)),
    )
    assert "KHỚP" in recount(counted, tmp_path)
    late = signed_in(tellers(written)[0]).post(entry, written.form("no") | {"number": 3, "mends": "1"})
    assert late.status_code == 422
    reasons = set(AuditEntry.objects.filter(verb="refuse-paper").values_list("detail__reason", flat=True))
    assert reasons == {"entered", "too-many", "not-closed"}
    assert "yes" not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_papers_stay_in_the_order_of_their_numbers_and_spoiled_ones_are_invalid(written: Room) -> None:
    ballot = opened(written, draft(written, on_paper=True))
    close_paper_ballot(ballot, issued=3, actor=written.secretariat)
    for teller in tellers(written):
        enter(written, ballot, teller, 2, "yes", "yes")
        enter(written, ballot, teller, 1, "yes", "no")
        enter(written, ballot, teller, 3, spoiled=frozenset({"agenda"}))
        finish(written, ballot, teller)
    counted = count_ballot(ballot, passphrases={}, actor=written.secretariat, at=AT)
    laid = counted.tally.count_input
    assert [paper["agenda"].get(str(written.nominations[1].pk)) for paper in laid["papers"]] == ["no", "yes", None]
    contest = counted.tally.result["contests"][0]
    assert (contest["valid"], [one["paper"] for one in contest["invalid"]]) == (2, [2])
    assert to_json(count(read_sitting(json.dumps(laid).encode()))) == counted.tally.result
    assert {str(one.teller_id) for one in TellerSheet.objects.all()} == {str(one.pk) for one in tellers(written)}


def test_minutes_of_a_count_on_paper_say_so_and_find_it_in_order(written: Room) -> None:
    """One of five who were present took no paper: what was handed out is what the closing says."""
    ballot = opened(written, draft(written, on_paper=True))
    close_paper_ballot(ballot, issued=4, actor=written.secretariat)
    for teller in tellers(written):
        enter(written, ballot, teller, 1, "yes", "no")
        finish(written, ballot, teller)
    counted = count_ballot(ballot, passphrases={}, actor=written.secretariat, at=AT)
    facts = gather_minutes(draft_minutes(written.sitting, ballot=counted, actor=written.secretariat))
    assert find_faults(facts) == []
    sheet = council_minutes.lay_out(facts, "Thái Nguyên")
    text = render_to_string(sheet.template, sheet.context)
    assert f"bỏ phiếu kín bằng giấy (lý do: {REASON})" in text
    assert "số phiếu phát ra: 4; thu vào: 1" in text
    assert ", ".join(str(one) for one in tellers(written)) in text
    assert ", đóng lúc" in text


def test_a_teller_sees_nothing_of_the_other_and_a_stranger_enters_nothing(written: Room) -> None:
    ballot = opened(written, draft(written, on_paper=True))
    close_paper_ballot(ballot, issued=2, actor=written.secretariat)
    first, second = tellers(written)
    enter(written, ballot, first, 1, "no", "no")
    finish(written, ballot, first)
    assert find_sheets(ballot).differences == ()
    page = signed_in(second).get(reverse("awards:paper-enter", args=[ballot.pk])).content.decode()
    assert "đã nhập 0 phiếu" in page
    assert 'value="no" checked' not in page
    with pytest.raises(EntryRefusedError, match="Người kia chưa nhập xong"):
        enter(written, ballot, first, 2, "no", "no")
    enter(written, ballot, second, 1, "no", "no")
    enter(written, ballot, second, 2, "no", "no")
    finish(written, ballot, second)
    assert [(one.number, one.lacks) for one in find_sheets(ballot).differences] == [(2, (str(first),))]
    with pytest.raises(EntryRefusedError, match="không nằm trong các phiếu cần soát lại"):
        enter(written, ballot, second, 1, "yes", "yes", mends=True)
    strike_paper(ballot, 2, member=second, actor=written.as_actor(second))
    assert find_sheets(ballot).agree
    stranger = signed_in(written.members[0]).post(reverse("awards:paper-enter", args=[ballot.pk]), {"number": "1"})
    assert stranger.status_code == 422
    assert AuditEntry.objects.filter(verb="refuse-paper", detail__reason="not-teller").count() == 1


def test_paper_needs_two_tellers_and_a_reason_and_is_chosen_before_opening(room: Room) -> None:
    desk = signed_in(room.secretariat)
    ballot = room.ballot()
    at = reverse("awards:ballot-on-paper", args=[ballot.pk])
    assert desk.post(at, {"reason": " "}).status_code == 422
    assert desk.post(at, {"reason": REASON}).status_code == 302
    with pytest.raises(RefusedError, match="ít nhất hai thành viên"):
        opened(room, ballot)
    desk.post(at, {"undo": "1"})
    running = opened(room, ballot)
    assert desk.post(at, {"reason": REASON}).status_code == 422
    assert Ballot.objects.get().on_paper is False
    assert running.state == BallotState.OPEN


def test_attendance_gives_back_nothing_of_an_opened_ballot(written: Room) -> None:
    ballot = draft(written)
    envelope(written, ballot, written.members[5])
    opened(written, ballot)
    with pytest.raises(RefusedError, match="được giữ nguyên"):
        record_attendance(written.sitting, absences={}, actor=written.secretariat)
    assert WrittenEnvelope.objects.get().withdrawn_at is None
