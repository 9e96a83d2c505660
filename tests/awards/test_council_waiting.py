"""What waits in the rooms of the council, and that a vote leaves nothing behind in the session."""

import pytest

from tests.awards.room import Room, signed_in

pytestmark = pytest.mark.django_db


def test_a_case_for_the_council_waits_until_it_is_on_an_agenda(room: Room) -> None:
    client = signed_in(room.secretariat)
    assert "chờ tiếp nhận hoặc đưa vào chương trình" not in client.get("/council/sittings/").content.decode()
    room.nominate("Người Ngoài Mẫu")
    assert "1 đề nghị chờ tiếp nhận hoặc đưa vào" in client.get("/council/sittings/").content.decode()


def test_a_count_waits_for_the_records_clerk(room: Room) -> None:
    client = signed_in(room.records)
    assert "chờ ban hành quyết định" not in client.get("/decisions/").content.decode()
    room.counted(*[("yes", "yes")] * 6)
    assert "kết quả kiểm phiếu chờ ban hành quyết định" in client.get("/decisions/").content.decode()


@pytest.mark.parametrize("word", ["yes", "no", "blank"])
def test_casting_leaves_no_confirmation_behind(room: Room, word: str) -> None:
    ballot = room.opened()
    client = signed_in(room.members[0])
    before = dict(client.session.items())
    assert client.post(f"/sittings/ballots/{ballot.pk}/cast/", room.form(word, word)).status_code == 200
    assert dict(client.session.items()) == before
