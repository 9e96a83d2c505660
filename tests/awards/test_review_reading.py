"""A member's own progress and notes: what they keep, that it goes, and that nobody else learns of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from awards.frame import find_grants, find_seats
from awards.models import AgendaItem, ConflictOfInterest, OwnReading
from awards.selectors.readings import list_notes, open_note
from awards.services.readings import erase_expired
from awards.services.sittings import close_sitting
from tests.awards.room import Room, signed_in
from tests.builders import actor
from units.clock import today
from units.models import AuditEntry
from units.roles import Role
from units.scoping import council_scope, unit_scope

pytestmark = pytest.mark.django_db
WORDS = "hỏi thêm về sáng kiến năm 2021"


def items(room: Room) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(sitting=room.sitting))


def at(name: str, item: AgendaItem) -> str:
    return reverse(f"awards:{name}", args=[item.pk])


def sitting_page(room: Room, who: int) -> str:
    page = signed_in(room.members[who]).get(reverse("awards:sitting-detail", args=[room.sitting.pk]))
    return str(page.content.decode())


def test_opening_marks_a_case_for_this_member_only_and_it_is_taken_back(room: Room) -> None:
    first, second = items(room)
    client = signed_in(room.members[0])
    untouched = sitting_page(room, 1)
    client.get(at("item-review", first))
    page = sitting_page(room, 0)
    assert "đã đọc 1 trên 2" in page
    assert f'href="{at("item-review", second)}">Đọc tiếp: số 2' in page
    # Another member's screen is, word for word, what it was.
    token = "csrfmiddlewaretoken"
    assert "đã đọc 0 trên 2" in untouched
    now = sitting_page(room, 1)
    assert [line for line in now.splitlines() if token not in line and "X-CSRF" not in line] == [
        line for line in untouched.splitlines() if token not in line and "X-CSRF" not in line
    ]
    client.post(at("reading-take-back", first))
    assert "đã đọc 0 trên 2" in sitting_page(room, 0)


def test_a_note_is_kept_for_its_writer_sealed_and_without_a_line_in_the_trail(room: Room) -> None:
    first = items(room)[0]
    lines = AuditEntry.objects.count()
    client = signed_in(room.members[0])
    sent = client.post(at("note-write", first), {"note": WORDS, "follow": "1"})
    assert sent["Location"] == f"{at('item-review', first)}?follow=1#ghi-chep"
    assert AuditEntry.objects.count() == lines
    row = OwnReading.objects.get()
    assert WORDS not in row.note
    assert room.nominations[0].nominee_name not in row.note
    assert WORDS in client.get(at("item-review", first)).content.decode()
    assert WORDS in client.get(reverse("awards:note-list", args=[room.sitting.pk])).content.decode()
    # Copied to another name by somebody who holds the database, it does not open.
    row.pk, row.owner, row._state.adding = None, room.members[1].user, True
    row.save()
    assert open_note(room.members[1].user, row) == ""
    assert list_notes(room.members[1].user, room.sitting)[0].text is None
    assert WORDS not in signed_in(room.members[1]).get(at("item-review", first)).content.decode()


def test_too_many_words_come_back_as_typed(room: Room) -> None:
    page = signed_in(room.members[0]).post(at("note-write", items(room)[0]), {"note": "ă" * 4001})
    assert page.status_code == 422
    assert "ă" * 4001 in page.content.decode()
    assert not OwnReading.objects.exclude(note="").exists()


def test_no_unit_and_no_other_member_reaches_the_rows_by_either_fence(room: Room) -> None:
    signed_in(room.members[0]).post(at("note-write", items(room)[0]), {"note": WORDS})
    plain = "SELECT count(*) FROM awards_ownreading"
    for role in (Role.SECRETARIAT, Role.ADMINISTRATOR, Role.HEAD):
        with unit_scope(actor(room.tree.bureau, role).unit.path):
            assert OwnReading.objects.count() == 0
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                _ask(plain)
    for who, seen in ((0, 1), (1, 0)):
        one = room.as_actor(room.members[who])
        grants = find_grants(one, find_seats(one, today()))
        with council_scope(grants, path=one.unit.path, actor=one.account.pk):
            assert (OwnReading.objects.count(), _ask(plain)) == (seen, seen)
    one = room.as_actor(room.members[1])
    with council_scope({}, path=one.unit.path, actor=one.account.pk):
        assert _ask("WITH x AS (UPDATE awards_ownreading SET note = '' RETURNING 1) SELECT count(*) FROM x") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            OwnReading.objects.create(
                unit=room.tree.bureau,
                owner=room.members[0].user,
                sitting=room.sitting.pk,
                nomination=room.nominations[1].pk,
            )


def _ask(query: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_taking_a_case_off_the_agenda_leaves_its_notes_alone(room: Room) -> None:
    first = items(room)[0]
    client = signed_in(room.members[0])
    client.post(at("note-write", first), {"note": WORDS})
    secretary = signed_in(room.secretariat)
    removed = secretary.post(reverse("awards:agenda-item-remove", args=[room.sitting.pk, first.pk]))
    assert removed.status_code == 302
    page = client.get(reverse("awards:note-list", args=[room.sitting.pk])).content.decode()
    assert WORDS in page
    assert room.nominations[0].nominee_name in page


def test_notes_outlive_the_sitting_by_their_days_and_no_longer(room: Room, settings: Any) -> None:
    settings.NOTE_DAYS = 30
    client = signed_in(room.members[0])
    client.post(at("note-write", items(room)[0]), {"note": WORDS})
    erase_expired(day=today() + timedelta(days=300))
    assert OwnReading.objects.count() == 1  # the sitting is not over
    close_sitting(room.sitting, actor=room.secretariat)
    erase_expired(day=today())
    erase_expired(day=today() + timedelta(days=29))
    page = client.get(reverse("awards:note-list", args=[room.sitting.pk])).content.decode()
    assert WORDS in page
    assert room.nominations[0].nominee_name in page
    erase_expired(day=today() + timedelta(days=30))
    assert OwnReading.objects.count() == 0


def test_a_sitting_that_is_over_says_where_its_results_are(room: Room) -> None:
    close_sitting(room.sitting, actor=room.secretariat)
    page = sitting_page(room, 0)
    assert "Phiên họp đã kết thúc, hồ sơ các trường hợp đã đóng." in page
    assert "Chương trình chưa có trường hợp nào." not in page
    assert "0 trường hợp" not in page


def test_the_member_erases_all_notes_and_keeps_the_marks(room: Room) -> None:
    client = signed_in(room.members[0])
    client.get(at("item-review", items(room)[0]))
    client.post(at("note-write", items(room)[0]), {"note": WORDS})
    client.post(reverse("awards:notes-erase", args=[room.sitting.pk]))
    row = OwnReading.objects.get()
    assert (row.note, row.is_read) == ("", True)


def test_a_case_hidden_by_a_conflict_takes_no_note_no_mark_and_no_comparison(room: Room) -> None:
    first, second = items(room)
    ConflictOfInterest.objects.create(
        unit=room.tree.bureau, member=room.members[0], nomination=first.nomination, ground="kinship", reason="x"
    )
    client = signed_in(room.members[0])
    assert client.post(at("note-write", first), {"note": WORDS}).status_code == 404
    assert client.post(at("reading-take-back", first)).status_code == 404
    assert OwnReading.objects.count() == 0
    compare = reverse("awards:cases-compare", args=[room.sitting.pk])
    page = client.get(compare)
    assert str(first.pk) not in page.content.decode()
    assert client.get(compare, {"case": [first.pk, second.pk]}).status_code == 404
    assert "đã đọc 0 trên 1" in sitting_page(room, 0)
