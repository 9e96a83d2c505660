"""Ballots with several groups, and the ballots that follow from their count."""

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.models import AgendaItem, Ballot, BallotState, Tally, VotingRule
from awards.selectors.ballots import check_ballot
from awards.selectors.councils import list_unasked
from awards.selectors.decisions import concluded_ids, elected_ids, list_waiting_ballots
from awards.selectors.rounds import find_offers
from awards.services.ballots import close_ballot, open_ballot
from awards.services.rounds import NextBallot, add_second_round, add_winners_ballot
from awards.terms import hash_json
from awards.voting import count, read_sitting, to_json
from exemplars.models import Nomination
from tests.awards.room import LIGHT, Room, passphrases, signed_in
from tests.builders import title
from units.clock import today
from units.models import AuditEntry, Unit
from units.refusals import RefusedError

pytestmark = pytest.mark.django_db

CODES = ("COBO", "COCP")


def put_forward(room: Room, place: Unit, award: Any) -> Nomination:
    one = room.nominate(f"{award.code} {place.code}")
    one.person, one.collective, one.nominee_name, one.recognition, one.unit = None, place, place.name, award, place
    one.unit_path = place.path
    one.save()
    order = AgendaItem.objects.count() + 1
    AgendaItem.objects.create(unit=room.sitting.unit, sitting=room.sitting, nomination=one, order=order)
    return one


class Conference:
    """Three Chi cục and one Cục put forward for the flag of the ministry; a rule without a share, seats by group."""

    def __init__(self, *, tie: str = "second-round") -> None:
        self.room = room = Room(0)
        self.flag = title("COBO", name="Cờ thi đua ngành Tư pháp", subject="collective")
        self.rule = VotingRule.objects.create(
            code="hoi-nghi",
            title="Hội nghị mẫu",
            quorum="2/3",
            denominator="valid",
            threshold=None,
            kinds=["choose"],
            tie=tie,
            groups=[
                {"id": "cuc", "title": "Cục", "seats": 1, "kinds": ["cuc-thads"]},
                {"id": "chi-cuc", "title": "Chi cục", "seats": 2, "kinds": ["chi-cuc"]},
            ],
            count_written=False,
            blank_is_valid=True,
            citation="Kế hoạch mẫu",
            valid_from=date(2020, 1, 1),
        )
        places = [room.tree.branch, room.tree.sibling, self.office("CC-3", "000100010003"), room.tree.bureau]
        self.cases = [put_forward(room, place, self.flag) for place in places]
        self.keys = [str(one.pk) for one in self.cases]

    def office(self, code: str, path: str) -> Unit:
        from tests.builders import unit

        return unit(code, path)

    def grouped(self, **more: str) -> Ballot:
        desk = signed_in(self.room.secretariat)
        desk.post(
            reverse("awards:ballot-add", args=[self.room.sitting.pk]),
            {"title": "Cờ ngành", "rule": self.rule.pk, "kind": "choose", "grouping": "kind", "seats": ""} | more,
        )
        return Ballot.objects.get(state=BallotState.DRAFT)

    def voted(self, ballot: Ballot, *papers: str) -> Ballot:
        """Open, let the present cast `papers` ("012" chooses three cases by their place), close and count."""
        room = self.room
        ballot = open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
        for member, paper in zip(room.present, papers, strict=True):
            page = signed_in(member).post(reverse("awards:ballot-cast", args=[ballot.pk]), self.form(paper))
            assert page.status_code == 200, page.content.decode()
        close_ballot(ballot, actor=room.secretariat)
        return room.count(ballot)

    def form(self, paper: str) -> dict[str, str]:
        return {f"vote-{self.keys[int(place)]}": "yes" for place in paper}


@pytest.fixture
def conference(db: None, everything: None) -> Conference:
    return Conference()


def outcome(ballot: Ballot) -> dict[str, tuple[list[str], list[str]]]:
    result = Tally.objects.get(ballot=ballot).result
    return {one["id"]: (one["elected"], one["tied"]) for one in result["contests"]}


def test_a_conference_votes_in_groups_and_everything_published_agrees(conference: Conference) -> None:
    ballot = conference.grouped()
    assert [(one["id"], one["seats"], len(one["cases"])) for one in ballot.contests] == [
        ("cuc", 1, 1),
        ("chi-cuc", 2, 3),
    ]
    ballot = conference.voted(ballot, "013", "013", "02", "01", "03", "")
    first, second, third, bureau = conference.keys
    assert outcome(ballot) == {"cuc": ([bureau], []), "chi-cuc": ([first, second], [])}
    assert sorted(elected_ids(ballot)) == sorted([first, second, bureau])
    assert set(concluded_ids(ballot)) == set(conference.keys)
    member = signed_in(conference.room.members[0])
    papers = member.get(reverse("awards:ballot-papers", args=[ballot.pk])).content
    counts = member.get(reverse("awards:ballot-counts", args=[ballot.pk])).content
    legend = json.loads(member.get(reverse("awards:ballot-legend", args=[ballot.pk])).content)
    assert to_json(count(read_sitting(papers))) == json.loads(counts)
    line = AuditEntry.objects.get(verb="count-ballot").detail
    assert (hash_json(json.loads(papers)), hash_json(json.loads(counts))) == (line["papers_hash"], line["result_hash"])
    assert legend["candidates"][third]["contest"] == "Chi cục"
    assert legend["candidates"][third]["name"] == conference.cases[2].nominee_name
    page = member.get(reverse("awards:ballot-result", args=[ballot.pk])).content.decode()
    assert "Được chọn không quá 2, đã chọn 2" in page
    assert "không đặt tỷ lệ" in page


def test_too_many_in_one_group_is_refused_by_name_and_what_was_chosen_stays(conference: Conference) -> None:
    ballot = conference.grouped()
    room = conference.room
    ballot = open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    for name in ("ballot-check", "ballot-cast"):
        page = signed_in(room.members[0]).post(reverse(f"awards:{name}", args=[ballot.pk]), conference.form("0123"))
        assert page.status_code == 422
        text = page.content.decode()
        assert "Chi cục: đã chọn 3, chỉ được chọn tối đa 2" in text
        assert text.count('value="yes" checked') == 4
    forged = {f"vote-{conference.keys[0]}": ["yes", "yes"]}
    assert signed_in(room.members[0]).post(reverse("awards:ballot-cast", args=[ballot.pk]), forged).status_code == 422
    ballot.refresh_from_db()
    assert ballot.marks == []
    check = signed_in(room.members[0]).post(reverse("awards:ballot-check", args=[ballot.pk]), conference.form("03"))
    assert check.status_code == 200
    assert "Chi cục: chọn 1, được chọn không quá 2" in check.content.decode()


def test_groups_are_arranged_by_hand_and_a_nameless_one_is_refused(conference: Conference) -> None:
    ballot = conference.grouped()
    address = reverse("awards:ballot-arrange", args=[ballot.pk])
    desk = signed_in(conference.room.secretariat)
    items = {str(one.nomination_id): one.pk for one in AgendaItem.objects.all()}
    first, second, third, bureau = (f"case-{items[key]}" for key in conference.keys)
    form = {"title-cuc": "Cả hai", "seats-cuc": "1", first: "cuc", bureau: "cuc", second: "nhom-1", third: ""}
    refused = desk.post(address, form)
    assert refused.status_code == 422
    assert "chưa đặt tên" in refused.content.decode()
    assert 'value="Cả hai"' in refused.content.decode()
    assert desk.post(address, form | {"title-nhom-1": "Riêng"}).status_code == 302
    ballot.refresh_from_db()
    assert [(one["title"], one["seats"], len(one["cases"])) for one in ballot.contests] == [
        ("Cả hai", 1, 2),
        ("Riêng", None, 1),
    ]
    check = check_ballot(ballot, day=today())
    assert any("không nằm trong lượt này" in one for one in check.cautions)


def test_a_tie_gets_a_round_of_its_own_for_the_seats_left(conference: Conference) -> None:
    room = conference.room
    first = conference.voted(conference.grouped(), "03", "03", "01", "02", "01", "02")
    one, two, three, bureau = conference.keys
    assert outcome(first) == {"cuc": ([bureau], []), "chi-cuc": ([one], [two, three])}
    assert list_unasked(room.sitting) == []
    assert set(concluded_ids(first)) == {one, bureau}
    [offer] = find_offers(room.sitting).rounds
    assert offer.names == (conference.cases[1].nominee_name, conference.cases[2].nominee_name)
    assert signed_in(room.secretariat).post(reverse("awards:second-round-add", args=[first.pk])).status_code == 302
    second = Ballot.objects.get(state=BallotState.DRAFT)
    assert (second.parent, second.contests) == (
        first,
        [{"id": "chi-cuc", "title": "Chi cục", "seats": 1, "cases": [two, three]}],
    )
    with pytest.raises(RefusedError, match="đang chuẩn bị"):
        add_second_round(first, actor=room.secretariat)
    second = conference.voted(second, "2", "2", "2", "1", "1", "2")
    assert outcome(second) == {"chi-cuc": ([three], [])}
    assert second.public_key != first.public_key
    assert set(concluded_ids(second)) == {two, three}
    assert find_offers(room.sitting).rounds == ()
    with pytest.raises(RefusedError, match="đã được lập"):
        add_second_round(first, actor=room.secretariat)


def test_where_the_rule_knows_no_round_the_tied_are_not_chosen() -> None:
    from units.scoping import maintenance_scope

    with maintenance_scope("test"):
        conference = Conference(tie="nobody")
        ballot = conference.voted(conference.grouped(), "03", "03", "01", "02", "01", "02")
        assert find_offers(conference.room.sitting).rounds == ()
        assert set(concluded_ids(ballot)) == set(conference.keys)
        recognised = [conference.keys[0], conference.keys[3]]
        Nomination.objects.filter(pk__in=recognised).update(state="recognised")
        Nomination.objects.filter(pk=conference.keys[1]).update(state="declined")
        assert list(list_waiting_ballots(conference.room.tree.bureau)) == [ballot]
        Nomination.objects.filter(pk=conference.keys[2]).update(state="declined")
        assert list(list_waiting_ballots(conference.room.tree.bureau)) == []
        assert set(elected_ids(ballot)) == {conference.keys[0], conference.keys[3]}


def test_a_proposal_is_made_among_the_chosen_and_decides_nothing(conference: Conference) -> None:
    room = conference.room
    first = conference.voted(conference.grouped(), "013", "013", "02", "01", "03", "")
    [offer] = find_offers(room.sitting).winners
    assert (offer.titles, offer.may_propose) == ((), True)
    form = {
        "title": "Đề nghị Cờ Chính phủ",
        "about": "proposal",
        "kind": "choose",
        "rule": conference.rule.pk,
        "seats": "1",
    }
    page = signed_in(room.secretariat).post(reverse("awards:winners-ballot-add", args=[first.pk]), form)
    assert page.status_code == 302
    ballot = Ballot.objects.get(state=BallotState.DRAFT)
    one, two, _, bureau = conference.keys
    assert [set(each["cases"]) for each in ballot.contests] == [{one, two, bureau}]
    ballot = conference.voted(ballot, "0", "0", "0", "1", "3", "0")
    assert outcome(ballot) == {"agenda": ([one], [])}
    assert [each.pk for each in list_waiting_ballots(room.tree.bureau)] == [first.pk]
    assert set(elected_ids(first)) == {one, two, bureau}


def test_another_title_is_asked_about_only_for_those_chosen(conference: Conference) -> None:
    room = conference.room
    higher = title("COCP", name="Cờ thi đua của Chính phủ", subject="collective")
    for place in (room.tree.branch, Unit.objects.get(code="CC-3")):
        conference.keys.append(str(put_forward(room, place, higher).pk))
    first = conference.voted(conference.grouped(recognition="COBO"), "013", "013", "02", "01", "03", "")
    asked = NextBallot("Cờ Chính phủ", "choose", conference.rule, 2, higher)
    ballot = add_winners_ballot(first, asked, actor=room.secretariat)
    assert [each["cases"] for each in ballot.contests] == [[conference.keys[4]]]
    assert not ballot.is_proposal
    ballot = conference.voted(ballot, "4", "4", "4", "4", "4", "")
    assert concluded_ids(ballot) == [conference.keys[4]]
    assert [str(one.nomination_id) for one in list_unasked(room.sitting)] == [conference.keys[5]]
