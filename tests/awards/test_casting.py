"""Casting: what is taken, what is refused, and what no row of the database tells."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from awards.models import Ballot, CouncilMember, Urn
from awards.sealing import fingerprint
from awards.services.ballots import close_ballot
from awards.services.casting import CastRefusal, CastRefusedError
from tests.awards.room import Room, signed_in
from units.models import AccountSession as Session
from units.models import AuditEntry
from units.scoping import maintenance_scope


def cast_page(ballot: Ballot) -> str:
    return reverse("awards:ballot-cast", args=[ballot.pk])


def urn_papers(ballot: Ballot) -> list[bytes]:
    return [bytes(paper) for paper in Urn.objects.get(ballot=ballot).papers]


def reasons() -> list[str]:
    return [entry.detail["reason"] for entry in AuditEntry.objects.filter(verb="refuse-cast")]


@pytest.mark.django_db
class TestTaken:
    def test_choose_check_cast(self, room: Room) -> None:
        ballot, member = room.opened(), room.members[0]
        client = signed_in(member)
        paper = client.get(reverse("awards:ballot-paper", args=[ballot.pk]))
        assert all(f'name="vote-{one.pk}"' in paper.content.decode() for one in room.nominations)
        check = client.post(reverse("awards:ballot-check", args=[ballot.pk]), room.form("yes", "no"))
        hidden = [
            f'<input type="hidden" name="vote-{one.pk}" value="{vote}">'
            for one, vote in zip(room.nominations, ("yes", "no"), strict=True)
        ]
        assert all(field in check.content.decode() for field in hidden)
        assert urn_papers(ballot) == []
        received = client.post(cast_page(ballot), room.form("yes", "no"))
        assert received.status_code == 200
        assert fingerprint(urn_papers(ballot)[0]) in received.content.decode()
        ballot.refresh_from_db()
        assert ballot.marks == [member.pk]

    def test_the_only_list_is_headed_by_its_limit(self, room: Room) -> None:
        ballot, client = room.opened(seats=1), signed_in(room.members[0])
        paper = client.get(reverse("awards:ballot-paper", args=[ballot.pk])).content.decode()
        assert ">Chọn không quá 1 trong 2</h2>" in paper
        check = client.post(reverse("awards:ballot-check", args=[ballot.pk]), room.form("yes", "no")).content.decode()
        assert "<h2>Đồng ý 1, được chọn không quá 1</h2>" in check

    def test_going_back_from_the_check_keeps_the_answers_in_the_page(self, room: Room) -> None:
        ballot = room.opened()
        page = signed_in(room.members[0]).post(
            reverse("awards:ballot-paper", args=[ballot.pk]), room.form("no", "blank")
        )
        first, second = (one.pk for one in room.nominations)
        assert f'name="vote-{first}" value="no" checked' in page.content.decode()
        assert f'name="vote-{second}" value="blank" checked' in page.content.decode()
        assert urn_papers(ballot) == []

    def test_an_empty_paper_is_a_right_and_is_pointed_out(self, room: Room) -> None:
        ballot, client = room.opened(), signed_in(room.members[0])
        check = client.post(reverse("awards:ballot-check", args=[ballot.pk]), {})
        assert "chưa có lựa chọn nào" in check.content.decode()
        assert client.post(cast_page(ballot), {}).status_code == 200
        assert len(urn_papers(ballot)) == 1

    def test_the_answer_is_kept_out_of_every_cache(self, room: Room) -> None:
        ballot = room.opened()
        answer = signed_in(room.members[0]).post(cast_page(ballot), room.form("yes", "no"))
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
class TestRefused:
    def test_a_second_paper_is_refused_and_says_that_the_first_is_there(self, room: Room) -> None:
        ballot, client = room.opened(), signed_in(room.members[0])
        client.post(cast_page(ballot), room.form("yes", "no"))
        before = urn_papers(ballot)
        again = client.post(cast_page(ballot), room.form("no", "no"))
        assert again.status_code == 409
        assert "Đã nhận phiếu của đồng chí" in again.content.decode()
        assert "chỉ nhận một phiếu" in again.content.decode()
        assert urn_papers(ballot) == before
        assert reasons() == ["already-cast"]

    def test_whoever_voted_is_not_given_another_paper(self, room: Room) -> None:
        ballot, client = room.opened(), signed_in(room.members[0])
        client.post(cast_page(ballot), room.form("yes", "no"))
        assert client.get(reverse("awards:ballot-paper", args=[ballot.pk])).status_code == 409

    def test_a_member_who_is_away_is_not_on_the_roll(self, room: Room) -> None:
        ballot = room.opened()
        page = signed_in(room.members[-1]).post(cast_page(ballot), room.form("yes", "no"))
        assert page.status_code == 422
        assert "không có trong danh sách bỏ phiếu" in page.content.decode()
        assert (urn_papers(ballot), reasons()) == ([], ["not-on-roll"])

    def test_after_closing_nothing_is_taken(self, room: Room) -> None:
        ballot = room.opened()
        close_ballot(ballot, actor=room.secretariat)
        page = signed_in(room.members[0]).post(cast_page(ballot), room.form("yes", "no"))
        assert page.status_code == 422
        assert "không mở" in page.content.decode()
        assert (urn_papers(ballot), reasons()) == ([], ["not-open"])

    def test_a_ballot_in_preparation_is_not_found(self, room: Room) -> None:
        ballot = room.ballot()
        assert signed_in(room.members[0]).post(cast_page(ballot), {}).status_code == 404

    def test_too_many_choices(self, room: Room) -> None:
        ballot = room.opened(seats=1)
        page = signed_in(room.members[0]).post(
            reverse("awards:ballot-check", args=[ballot.pk]), room.form("yes", "yes")
        )
        assert page.status_code == 422
        assert "đã chọn 2, chỉ được chọn tối đa 1" in page.content.decode()
        assert signed_in(room.members[0]).post(cast_page(ballot), room.form("yes", "yes")).status_code == 422
        assert (urn_papers(ballot), reasons()) == ([], ["wrong-paper", "wrong-paper"])

    @pytest.mark.parametrize("data", ["unknown", "word", "twice"])
    def test_a_paper_that_cannot_be(self, room: Room, data: str) -> None:
        ballot, key = room.opened(), f"vote-{room.nominations[0].pk}"
        forms: dict[str, dict[str, Any]] = {
            "unknown": {f"vote-{uuid.uuid4()}": "yes"},
            "word": {key: "đồng ý"},
            "twice": {key: ["yes", "no"]},
        }
        assert signed_in(room.members[0]).post(cast_page(ballot), forms[data]).status_code == 422
        ballot.refresh_from_db()
        assert (ballot.marks, urn_papers(ballot), reasons()) == ([], [], ["wrong-paper"])

    def test_a_vote_is_never_taken_by_a_link(self, room: Room) -> None:
        ballot = room.opened()
        assert signed_in(room.members[0]).get(cast_page(ballot)).status_code == 405

    def test_a_forged_token_takes_no_vote(self, room: Room) -> None:
        ballot = room.opened()
        client = Client(enforce_csrf_checks=True)
        client.force_login(room.members[0].user)
        assert client.post(cast_page(ballot), room.form("yes", "no")).status_code == 403
        assert urn_papers(ballot) == []

    def test_the_service_refuses_a_stranger_too(self, room: Room) -> None:
        ballot = room.opened()
        with pytest.raises(CastRefusedError) as refusal:
            room.cast(ballot, room.members[-1], "yes", "no")
        assert refusal.value.reason is CastRefusal.NOT_ON_ROLL


@pytest.mark.django_db
class TestSecrecy:
    def test_the_urn_s_row_holds_no_plaintext(self, room: Room) -> None:
        ballot = room.opened()
        for member in room.present:
            room.cast(ballot, member, "yes", "no")
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_to_string(papers, '|', '') FROM awards_urn WHERE ballot_id = %s", [ballot.pk])
            raw = cursor.fetchone()[0]
        spoken = [str(one.pk) for one in room.nominations] + ["yes", "choices", "tracker", str(ballot.pk)]
        hexed = [word.encode().hex() for word in spoken]
        assert len(raw) > 1000
        assert [word for word in spoken + hexed if word in raw] == []

    def test_neither_mark_nor_paper_carries_a_time_or_an_order(self, room: Room) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name, data_type FROM information_schema.columns "
                "WHERE table_name IN ('awards_urn', 'awards_ballot') AND table_schema = 'public'"
            )
            columns = cursor.fetchall()
        assert {table for table, _, _ in columns} == {"awards_urn", "awards_ballot"}
        # A counter would be an order too; the only whole number as wide as one is the key of the rule.
        telling = [name for _, name, kind in columns if "time" in kind or kind in ("date", "bigint", "interval")]
        assert telling == ["rule_id"]
        ballot = room.opened()
        for member in reversed(room.present):
            room.cast(ballot, member, "yes", "no")
        ballot.refresh_from_db()
        papers = urn_papers(ballot)
        assert ballot.marks == sorted(ballot.marks)
        assert papers == sorted(papers)
        assert len({len(paper) for paper in papers}) == 1

    def test_a_vote_leaves_no_line_in_the_trail_and_nothing_in_the_session(self, room: Room) -> None:
        ballot, client = room.opened(), signed_in(room.members[0])
        before = AuditEntry.objects.count()
        sessions = list(Session.objects.values_list("session_data", "expire_date", "seen_at"))
        client.get(reverse("awards:ballot-paper", args=[ballot.pk]))
        client.post(reverse("awards:ballot-check", args=[ballot.pk]), room.form("yes", "no"))
        client.post(cast_page(ballot), room.form("yes", "no"))
        assert AuditEntry.objects.count() == before
        assert list(Session.objects.values_list("session_data", "expire_date", "seen_at")) == sessions

    def test_a_refusal_s_line_says_why_and_not_what(self, room: Room) -> None:
        ballot = room.opened(seats=1)
        signed_in(room.members[0]).post(cast_page(ballot), room.form("yes", "yes"))
        assert AuditEntry.objects.get(verb="refuse-cast").detail == {"reason": "wrong-paper"}

    def test_the_secretary_sees_who_voted_and_no_number_of_anything_else(self, room: Room) -> None:
        ballot = room.opened()
        room.cast(ballot, room.members[0], "yes", "no")
        page = signed_in(room.secretariat).get(
            reverse("awards:council-ballot-detail", args=[ballot.pk]), headers={"HX-Request": "true"}
        )
        text = page.content.decode()
        assert "<html" not in text
        assert text.count("Đã bỏ phiếu") == 1
        assert text.count("Chưa bỏ phiếu") == 5
        assert "Đồng ý" not in text
        assert urn_papers(ballot)[0].hex() not in text
        assert fingerprint(urn_papers(ballot)[0]) not in text

    def test_a_council_s_scope_shows_no_urn(self, room: Room) -> None:
        from units.scoping import council_scope

        room.opened()
        with council_scope({"council": frozenset({room.council.pk})}):
            assert Ballot.objects.count() == 1
            assert Urn.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_papers_sent_at_once_one_is_taken() -> None:
    with maintenance_scope("A test looks at everything."):
        room = Room()
        ballot, member = room.opened(), room.members[0]
        answers = at_once(
            lambda client: client.post(cast_page(ballot), room.form("yes", "no")).status_code, [member, member]
        )
        ballot.refresh_from_db()
        assert sorted(answers) == [200, 409]
        assert (ballot.marks, len(urn_papers(ballot)), reasons()) == ([member.pk], 1, ["already-cast"])


@pytest.mark.django_db(transaction=True)
def test_papers_of_several_members_at_once_are_all_taken() -> None:
    with maintenance_scope("A test looks at everything."):
        room = Room()
        ballot = room.opened()
        answers = at_once(
            lambda client: client.post(cast_page(ballot), room.form("yes", "no")).status_code, room.present
        )
        ballot.refresh_from_db()
        assert answers == [200] * 6
        assert (len(ballot.marks), len(urn_papers(ballot))) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_races_with_the_closing_is_in_the_urn_or_refused() -> None:
    with maintenance_scope("A test looks at everything."):
        room = Room()
        ballot = room.opened()
        close = reverse("awards:ballot-close", args=[ballot.pk])

        def act(client: Client) -> int:
            is_secretary = str(room.secretariat.account.pk) == client.session["_auth_user_id"]
            address = close if is_secretary else cast_page(ballot)
            return client.post(address, {} if is_secretary else room.form("yes", "no")).status_code

        answers = at_once(act, [*room.present, room.secretariat])
        ballot.refresh_from_db()
        taken = answers[:-1].count(200)
        assert set(answers[:-1]) <= {200, 422}
        assert ballot.state == "closed"
        assert (len(ballot.marks), len(urn_papers(ballot)), len(ballot.fingerprints)) == (taken, taken, taken)


def at_once(act: Any, people: list[CouncilMember | Any]) -> list[int]:
    """Let each of `people` act in a thread and a connection of their own, all starting together."""
    barrier, answers = threading.Barrier(len(people)), [0] * len(people)
    clients = [signed_in(one) for one in people]

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            answers[place] = act(clients[place])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
