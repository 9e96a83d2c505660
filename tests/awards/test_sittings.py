"""Preparing a sitting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from awards.models import AgendaItem, Attendance, Sitting
from awards.services.sittings import add_agenda_item, add_sitting, close_sitting
from exemplars.models import Nomination
from tests.awards.room import Room, accepted, council_of, signed_in
from tests.builders import actor
from units.clock import today
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db


def sitting_page(room: Room) -> str:
    return reverse("awards:council-sitting-detail", args=[room.sitting.pk])


def agenda(room: Room) -> list[str]:
    return [item.nomination.nominee_name for item in AgendaItem.objects.filter(sitting=room.sitting)]


def test_the_secretariat_convenes_a_sitting(room: Room) -> None:
    data = {"title": "Họp bất thường", "held_on": f"{today():%d/%m/%Y}", "place": "Hội trường"}
    answer = signed_in(room.secretariat).post(reverse("awards:council-sitting-add", args=[room.council.pk]), data)
    made = Sitting.objects.get(title="Họp bất thường")
    assert answer.url == reverse("awards:council-sitting-detail", args=[made.pk])  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(verb="add-sitting", subject_id=made.pk).exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("31/02/2023", "không có thật"),
        ("2023-13-01", "không có thật"),
        ("hôm nay", "không có thật"),
        ("01/01/2019", "ngoài thời gian hoạt động"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(room: Room, day: str, words: str) -> None:
    data = {"title": "Họp", "held_on": day, "place": "Hội trường"}
    page = signed_in(room.secretariat).post(reverse("awards:council-sitting-add", args=[room.council.pk]), data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Sitting.objects.count() == 1


def test_accepted_nominations_are_offered_and_put_on_the_agenda(room: Room) -> None:
    ready, draft = room.nominate("Sẵn Sàng Mẫu"), room.nominate("Còn Nháp Mẫu", state="draft")
    client = signed_in(room.secretariat)
    page = client.get(sitting_page(room)).content.decode()
    assert ready.nominee_name in page
    assert draft.nominee_name not in page
    client.post(reverse("awards:agenda-item-add", args=[room.sitting.pk, ready.pk]))
    assert agenda(room)[-1] == ready.nominee_name
    assert client.post(reverse("awards:agenda-item-add", args=[room.sitting.pk, draft.pk])).status_code == 404


def test_a_case_stands_before_one_open_sitting_at_a_time(room: Room) -> None:
    other = add_sitting(room.council, title="Khác", held_on=today(), place="x", actor=room.secretariat)
    case = room.nominations[0]
    with pytest.raises(RefusedError, match="Chưa đưa được"):
        add_agenda_item(other, case, actor=room.secretariat)
    close_sitting(room.sitting, actor=room.secretariat)
    assert add_agenda_item(other, case, actor=room.secretariat).order == 1


def test_a_case_of_another_branch_of_the_tree_is_not_found(room: Room) -> None:
    stranger = accepted(room.plan, room.tree.stranger, "Ở Nơi Khác Mẫu")
    client = signed_in(room.secretariat)
    assert stranger.nominee_name not in client.get(sitting_page(room)).content.decode()
    assert client.post(reverse("awards:agenda-item-add", args=[room.sitting.pk, stranger.pk])).status_code == 404


def test_cases_are_ordered_by_the_numbers_typed(room: Room) -> None:
    first, second = AgendaItem.objects.filter(sitting=room.sitting)
    data = {f"order-{first.pk}": "7", f"order-{second.pk}": "không phải số"}
    signed_in(room.secretariat).post(reverse("awards:agenda-order", args=[room.sitting.pk]), data)
    assert list(AgendaItem.objects.values_list("pk", "order")) == [(second.pk, 1), (first.pk, 2)]


def test_a_case_is_taken_off_until_it_was_counted(room: Room) -> None:
    client = signed_in(room.secretariat)
    first, second = AgendaItem.objects.filter(sitting=room.sitting)
    client.post(reverse("awards:agenda-item-remove", args=[room.sitting.pk, second.pk]))
    assert list(AgendaItem.objects.all()) == [first]
    room.nominations = room.nominations[:1]
    room.counted(*[("yes",)] * 6)
    page = client.post(reverse("awards:agenda-item-remove", args=[room.sitting.pk, first.pk]))
    assert page.status_code == 422
    assert list(AgendaItem.objects.all()) == [first]


def test_whoever_is_away_needs_a_reason(room: Room) -> None:
    data = {f"presence-{one.pk}": "present" for one in room.members}
    data[f"presence-{room.members[4].pk}"] = "absent"
    client, address = signed_in(room.secretariat), reverse("awards:attendance-record", args=[room.sitting.pk])
    page = client.post(address, data)
    assert page.status_code == 422
    assert "Ghi lý do vắng" in page.content.decode()
    data[f"reason-{room.members[4].pk}"] = "Nghỉ ốm"
    assert client.post(address, data).status_code == 302
    away = Attendance.objects.get(is_present=False)
    assert (away.member, away.reason) == (room.members[4], "Nghỉ ốm")
    assert "có mặt 6/7 thành viên" in client.get(sitting_page(room)).content.decode()


def test_a_member_who_left_before_the_day_is_not_called(room: Room) -> None:
    left = room.members[4]
    left.valid_to = today() - timedelta(days=1)
    left.save()
    room.seat(0)
    assert left.pk not in set(Attendance.objects.values_list("member", flat=True))
    assert "6/6 thành viên" in signed_in(room.secretariat).get(sitting_page(room)).content.decode()


def test_an_ended_sitting_changes_no_more(room: Room) -> None:
    client = signed_in(room.secretariat)
    assert client.post(reverse("awards:sitting-close", args=[room.sitting.pk])).status_code == 302
    again = client.post(reverse("awards:sitting-close", args=[room.sitting.pk]))
    assert again.status_code == 422
    assert "đã kết thúc" in again.content.decode()


def test_a_sitting_with_a_draft_ballot_does_not_end(room: Room) -> None:
    room.ballot()
    assert signed_in(room.secretariat).post(reverse("awards:sitting-close", args=[room.sitting.pk])).status_code == 422


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.RECORDS, Role.STAFF, Role.MEMBER])
def test_only_the_secretariat_prepares(room: Room, role: Role) -> None:
    client = signed_in(actor(room.tree.bureau, role))
    assert client.get(sitting_page(room)).status_code == 403
    assert client.post(reverse("awards:sitting-close", args=[room.sitting.pk])).status_code == 403
    assert Nomination.objects.count() == 2


def test_a_case_that_was_counted_waits_for_its_decision_and_not_for_another_vote(room: Room) -> None:
    room.counted(*[("yes", "no")] * 6)
    close_sitting(room.sitting, actor=room.secretariat)
    other = add_sitting(room.council, title="Họp lại", held_on=today(), place="x", actor=room.secretariat)
    page = signed_in(room.secretariat).get(reverse("awards:council-sitting-detail", args=[other.pk]))
    for case in room.nominations:
        assert case.nominee_name not in page.content.decode()
        with pytest.raises(RefusedError, match="Chưa đưa được"):
            add_agenda_item(other, case, actor=room.secretariat)


def test_a_council_above_cannot_take_what_was_sent_to_another(room: Room) -> None:
    ready = room.nominate("Sẵn Sàng Mẫu")
    above = council_of(room.tree.ministry)
    desk = actor(room.tree.ministry, Role.SECRETARIAT)
    sitting = add_sitting(above, title="Họp Bộ", held_on=today(), place="x", actor=desk)
    page = signed_in(desk).get(reverse("awards:council-sitting-detail", args=[sitting.pk]))
    assert page.status_code == 200
    assert ready.nominee_name not in page.content.decode()
    for case in (ready, room.nominations[0]):
        address = reverse("awards:agenda-item-add", args=[sitting.pk, case.pk])
        assert signed_in(desk).post(address).status_code == 404
