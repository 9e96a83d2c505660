"""A ballot that gives points, from its rule to its minutes, as the people of a council meet it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from awards.models import Ballot, CouncilMember, Tally, TellerSheet, Urn, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.councils import list_council_sittings
from awards.selectors.counts import describe_count
from awards.selectors.minutes_facts import find_faults, gather_minutes
from awards.selectors.rounds import find_offers
from awards.services.ballots import close_ballot, close_paper_ballot, open_ballot
from awards.services.counting import count_ballot
from awards.services.entering import EntryRefusedError, enter_paper, finish_entering
from awards.services.hand_papers import hold_on_paper
from awards.services.minutes import draft_minutes
from awards.services.rounds import add_second_round
from awards.services.sittings import close_sitting
from awards.terms import hash_json, least_mean
from reports.documents import council_minutes, pack
from reports.selectors.packs import gather_pack
from tests.awards.room import LIGHT, Room, passphrases, signed_in
from tests.awards.test_hand_papers import recount
from tests.builders import AT
from units.clock import today
from units.models import AuditEntry
from units.refusals import RefusedError

pytestmark = pytest.mark.django_db
SHEET = "score-sheet"


def prepared(room: Room, *, seats: int | None = None, **rule: Any) -> Ballot:
    VotingRule.objects.filter(code=SHEET).update(**rule)
    return room.ballot(seats=seats, rule=SHEET, kind="score")


def opened(room: Room, ballot: Ballot) -> Ballot:
    return open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)


def counted(room: Room, ballot: Ballot, *papers: tuple[str, ...]) -> Ballot:
    for member, paper in zip(room.present, papers, strict=False):
        room.cast(ballot, member, *paper)
    close_ballot(ballot, actor=room.secretariat)
    return room.count(ballot)


def urn_papers(ballot: Ballot) -> list[bytes]:
    return [bytes(paper) for paper in Urn.objects.get(ballot=ballot).papers]


def test_a_member_scores_checks_and_casts(room: Room) -> None:
    ballot, client = opened(room, prepared(room, step="0.5")), signed_in(room.members[0])
    first, second = (f"vote-{one.pk}" for one in room.nominations)
    paper = client.get(reverse("awards:ballot-paper", args=[ballot.pk])).content.decode()
    for name in (first, second):
        assert f'<label for="{name}">' in paper
        # Never a box for numbers: in a browser of another language it makes 85 or nothing of 8,5.
        assert f'id="{name}" name="{name}" type="text" inputmode="decimal" value=""' in paper
    assert "từ 0 đến 100 điểm, bậc 0,5" in paper
    assert "điểm trung bình từ 50 trên 100 điểm trở lên" in paper
    check = client.post(reverse("awards:ballot-check", args=[ballot.pk]), room.form("087,50", "")).content.decode()
    assert "<strong>87,5 điểm</strong>" in check
    assert "1 trường hợp để trống: không có điểm nào của đồng chí" in check
    assert urn_papers(ballot) == []
    back = client.post(reverse("awards:ballot-paper", args=[ballot.pk]), room.form("087.50", "")).content.decode()
    assert 'inputmode="decimal" value="087,50"' in back
    assert client.post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form("087.50", "")).status_code == 200
    assert client.post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form("1", "")).status_code == 409


def test_no_length_tells_what_was_scored(room: Room) -> None:
    ballot, lengths = opened(room, prepared(room, step="0.5")), set()
    papers = [("100", "99.5"), ("0", ""), ("", ""), ("7", "50"), ("99,5", "99,5")]
    for member, points in zip(room.present, papers, strict=False):
        answer = signed_in(member).post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form(*points))
        assert answer.status_code == 200
        lengths.add(len(answer.content.decode().replace(str(member), "")))
    assert len({len(paper) for paper in urn_papers(ballot)}) == 1
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("points", "why", "kept"),
    [
        (("101", "90"), "điểm ngoài khoảng từ 0 đến 100: Lường Thị Mẫu 0", 'value="101"'),
        (("90", "90,25"), "điểm không đúng bậc 0,5: Bế Văn Thử 1", 'value="90,25"'),
        (("-1", "90"), "không phải là số viết đúng mẫu: Lường Thị Mẫu 0", 'value="-1"'),
        (("chín mươi", "90"), "không phải là số viết đúng mẫu: Lường Thị Mẫu 0", 'value="chín mươi"'),
    ],
)
def test_points_beside_the_scale_are_refused_kept_on_the_page_and_nowhere_else(
    room: Room, points: tuple[str, str], why: str, kept: str
) -> None:
    ballot, client = opened(room, prepared(room, step="0.5")), signed_in(room.members[0])
    for address in ("awards:ballot-check", "awards:ballot-cast"):
        answer = client.post(reverse(address, args=[ballot.pk]), room.form(*points))
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert kept in answer.content.decode()
    assert urn_papers(ballot) == []
    assert [one.detail for one in AuditEntry.objects.filter(verb="refuse-cast")] == [{"reason": "wrong-paper"}] * 2


def test_two_answers_for_one_case_and_a_strange_case_are_refused(room: Room) -> None:
    ballot, client = opened(room, prepared(room, step="0.5")), signed_in(room.members[0])
    # With a comma between them two answers would read as one: 90,5.
    for form in ({f"vote-{room.nominations[0].pk}": ["90", "5"]}, {f"vote-{room.sitting.pk}": "90"}):
        assert client.post(reverse("awards:ballot-cast", args=[ballot.pk]), form).status_code == 422
    assert urn_papers(ballot) == []


def test_the_count_reaches_screens_files_checker_and_minutes(room: Room, tmp_path: Path) -> None:
    """Six papers and the opinion of the member who is away: 7 to divide by where the rule says valid papers."""
    ballot = opened(room, prepared(room, threshold="4/5"))
    room.cast(ballot, room.members[-1], "80", "90")
    ballot = counted(room, ballot, ("100", "70"), ("90", ""), ("85", "80"), ("90", "60"), ("70", "80"), ("045", "90.0"))
    laid = Tally.objects.get().count_input
    assert laid["contests"][0]["max_score"] == "100"
    assert {value for one in laid["papers"] + laid["written"] for value in one["agenda"].values()} >= {"45", "90"}
    first, second = describe_count(ballot).lines
    assert first.score is not None
    assert (first.score.points, first.score.papers, first.score.mean, first.score.division) == (
        "560",
        7,
        "80,00",
        "560 : 7",
    )
    assert second.score is not None
    assert (second.score.points, second.blank, second.score.mean, second.outcome) == ("470", 1, "67,14", "Không đạt")
    assert (first.share, first.outcome) == ("560/700", "Đạt")
    assert "KHỚP" in recount(ballot, tmp_path)
    for client, address in (
        (signed_in(room.secretariat), "awards:council-ballot-detail"),
        (signed_in(room.members[0]), "awards:ballot-result"),
    ):
        page = client.get(reverse(address, args=[ballot.pk])).content.decode()
        assert "470 : 7, làm tròn" in page
        assert "từ 5 trở lên thì tròn lên" in page
    facts = gather_minutes(draft_minutes(room.sitting, ballot=ballot, actor=room.secretariat))
    assert find_faults(facts) == []
    text = render_to_string("reports/paper/count_minutes.html", council_minutes.lay_out(facts, "Nơi họp").context)
    assert "chấm điểm từng trường hợp từ 0 đến 100 điểm, bậc 1" in text
    assert "67,14<br>470 : 7<br>(làm tròn)" in text
    assert "80,00<br>560 : 7</td>" in text
    close_sitting(room.sitting, actor=room.secretariat)
    meeting = gather_minutes(draft_minutes(room.sitting, ballot=None, actor=room.secretariat))
    assert meeting.cases[1].results == ("Bỏ phiếu: không đạt, trung bình 67,14 điểm (470 : 7)",)


def test_minutes_notice_points_that_do_not_add_up(room: Room) -> None:
    ballot = counted(room, opened(room, prepared(room)), ("90", "80"), ("70", "80"))
    tally = Tally.objects.get()
    tally.result["contests"][0]["candidates"][str(room.nominations[0].pk)]["papers"] = 7
    tally.save()
    faults = find_faults(gather_minutes(draft_minutes(room.sitting, ballot=ballot, actor=room.secretariat)))
    assert any("phiếu chấm và phiếu để trống" in fault for fault in faults)
    assert any("đếm lại" in fault for fault in faults)


def test_a_tie_on_points_is_scored_again_on_the_same_scale(room: Room) -> None:
    ballot = counted(room, opened(room, prepared(room, seats=1)), ("90", "80"), ("70", "80"))
    assert [line.outcome for line in describe_count(ballot).lines] == ["Bằng điểm, cần vòng hai"] * 2
    assert [one.ballot.pk for one in find_offers(room.sitting).rounds] == [ballot.pk]
    again = opened(room, add_second_round(ballot, actor=room.secretariat))
    assert (again.kind, again.terms["contests"][0]["max_score"], again.terms["contests"][0]["step"]) == (
        "score",
        "100",
        "1",
    )
    done = counted(room, again, ("90", "80"), ("80", "80"))
    assert [line.outcome for line in describe_count(done).lines] == ["Đạt", "Không đạt"]


def test_what_is_checked_before_opening_and_frozen_by_it(room: Room) -> None:
    ballot = prepared(room)
    check = check_ballot(ballot, day=today())
    assert any("chưa đối chiếu" in caution for caution in check.cautions)
    assert any("dấu riêng" in caution for caution in check.cautions)
    page = signed_in(room.secretariat).get(reverse("awards:council-ballot-detail", args=[ballot.pk])).content.decode()
    assert "Chấm điểm từng trường hợp, từ 0 đến 100, bậc 1" in page
    ballot = opened(room, ballot)
    VotingRule.objects.filter(code=SHEET).update(max_score="10")
    ballot.refresh_from_db()
    assert (ballot.terms["rule"]["max_score"], ballot.terms["contests"][0]["max_score"]) == ("100", "100")
    assert ballot.terms_hash == hash_json(ballot.terms)
    page = signed_in(room.secretariat).get(reverse("awards:council-ballot-detail", args=[ballot.pk])).content.decode()
    assert "từ 0 đến 100 điểm, bậc 1" in page


def test_points_and_votes_have_rules_of_their_own(room: Room) -> None:
    with pytest.raises(RefusedError, match="không dùng cho lượt bỏ phiếu kiểu này"):
        room.ballot(kind="score")
    with pytest.raises(RefusedError, match="không dùng cho lượt bỏ phiếu kiểu này"):
        room.ballot(rule=SHEET)


def test_a_scale_that_somebody_broke_is_seen_before_the_vote(room: Room) -> None:
    with pytest.raises(RefusedError, match="Cách tính kết quả không dùng được"):
        opened(room, prepared(room, step="3"))


class TestOnPaper:
    @pytest.fixture
    def ballot(self, room: Room) -> Ballot:
        CouncilMember.objects.filter(pk=room.members[4].pk).update(is_teller=True)
        draft = hold_on_paper(prepared(room, step="0.5"), reason="Mất điện", actor=room.secretariat)
        facts = gather_pack(list_council_sittings(room.sitting.unit).get())
        printed = [render_to_string(one.template, one.context) for one in pack.lay_out(facts)]
        [sheet] = [text for text in printed if "PHIẾU CHẤM ĐIỂM" in text]
        assert "Ghi điểm bằng chữ số vào ô, từ 0 đến 100 điểm, bậc 0,5" in sheet
        assert (sheet.count('class="points"'), sheet.count('class="box"')) == (2, 0)
        assert sum("Điểm từng phiếu" in text for text in printed) == 2
        return opened(room, draft)

    def enter(self, room: Room, ballot: Ballot, teller: CouncilMember, number: int, *points: str, **more: Any) -> None:
        values = {"spoiled": frozenset(), "mends": False} | more
        enter_paper(ballot, number, room.choices(*points), member=teller, actor=room.as_actor(teller), **values)

    def test_two_tellers_enter_apart_and_must_agree_on_every_point(
        self, room: Room, ballot: Ballot, tmp_path: Path
    ) -> None:
        close_paper_ballot(ballot, issued=3, actor=room.secretariat)
        tellers = room.members[3], room.members[4]
        for teller, misread in zip(tellers, ("90", "80"), strict=True):
            self.enter(room, ballot, teller, 1, misread, "70")
            self.enter(room, ballot, teller, 2, "080,0", "")
            self.enter(room, ballot, teller, 3, "nhòe", "", spoiled=frozenset({"agenda"}))
            finish_entering(ballot, member=teller, actor=room.as_actor(teller))
        with pytest.raises(RefusedError, match="Khác nhau ở phiếu số 1"):
            count_ballot(ballot, passphrases={}, actor=room.secretariat, at=AT)
        told = signed_in(tellers[0]).get(reverse("awards:paper-enter", args=[ballot.pk])).content.decode()
        assert "Lường Thị Mẫu 0" in told
        self.enter(room, ballot, tellers[1], 1, "90", "70", mends=True)
        done = count_ballot(ballot, passphrases={}, actor=room.secretariat, at=AT)
        contest = done.tally.result["contests"][0]
        rows = [contest["candidates"][str(one.pk)] for one in room.nominations]
        assert [(row["points"], row["papers"], row["blank"]) for row in rows] == [("170", 2, 0), ("70", 1, 1)]
        assert [one["paper"] for one in contest["invalid"]] == [2]
        assert "KHỚP" in recount(done, tmp_path)

    def test_points_beside_the_scale_are_kept_on_the_page_and_entered_as_spoiled_or_not_at_all(
        self, room: Room, ballot: Ballot
    ) -> None:
        close_paper_ballot(ballot, issued=3, actor=room.secretariat)
        teller = room.members[3]
        entry = reverse("awards:paper-enter", args=[ballot.pk])
        answer = signed_in(teller).post(entry, room.form("100,5", "70") | {"number": 1})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "điểm ngoài khoảng từ 0 đến 100: Lường Thị Mẫu 0" in page
        assert "đánh dấu phiếu hỏng" in page
        assert 'value="100,5"' in page
        assert TellerSheet.objects.get(teller=teller).papers == []
        [refused] = AuditEntry.objects.filter(verb="refuse-paper")
        assert "100" not in json.dumps(refused.detail)
        with pytest.raises(EntryRefusedError):
            self.enter(room, ballot, teller, 1, "50", spoiled=frozenset({"lạ"}))


@pytest.mark.parametrize(
    ("threshold", "most", "words"),
    [("0.5", "100", "50 trên 100"), ("3/4", "0.5", "0,375 trên 0,5"), ("2/3", "10", "2/3 của 10")],
)
def test_the_mean_to_reach_is_told_exactly(threshold: str, most: str, words: str) -> None:
    assert least_mean(threshold, most) == words
