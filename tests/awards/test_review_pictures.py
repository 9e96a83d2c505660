"""Attachments as pictures, and cases side by side."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from awards.models import AgendaItem, ConflictOfInterest
from exemplars.models import Assessment, Evidence, Nomination
from exemplars.services.evidence import attach_evidence
from tests.awards.room import Room, signed_in
from tests.builders import actor, pdf
from units import page_pictures
from units.models import AuditEntry, Honour
from units.roles import Role

pytestmark = pytest.mark.django_db


def attach(room: Room, file: Any) -> tuple[AgendaItem, Evidence]:
    nomination = room.nominations[0]
    Nomination.objects.filter(pk=nomination.pk).update(state="draft")
    nomination.refresh_from_db()
    one = attach_evidence(
        nomination,
        file,
        kind="meeting",
        number="1",
        issued_on=None,
        actor=actor(room.tree.branch, Role.CLERK),
        at=nomination.saved_at,
    )
    Nomination.objects.filter(pk=nomination.pk).update(state="accepted")
    return AgendaItem.objects.get(sitting=room.sitting, nomination=nomination), one


def pages_of(item: AgendaItem, one: Evidence) -> str:
    return reverse("awards:evidence-pages", args=[item.pk, one.pk])


def picture_of(item: AgendaItem, one: Evidence, number: int = 1) -> str:
    return reverse("awards:evidence-page", args=[item.pk, one.pk, number])


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def bomb() -> bytes:
    """A few kilobytes whose one page takes minutes to draw."""
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    strokes = b"".join(b"0 0 m %d %d l %d 3 l 200 %d l f*\n" % (i % 595, i % 842, i % 400, i % 500) for i in range(100))
    document.pages[0].Contents = pikepdf.Stream(document, strokes * 100_000)
    document.save(buffer, compress_streams=True, recompress_flate=True)
    return buffer.getvalue()


def test_pages_are_shown_in_frames_and_drawn_one_by_one(room: Room) -> None:
    item, one = attach(room, pdf(pages=2))
    client = signed_in(room.members[0])
    page = client.get(pages_of(item, one)).content.decode()
    assert page.count('loading="lazy"') == 2
    assert 'width="1200" height="' in page
    fragment = client.get(pages_of(item, one), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.count("<img") == 2
    answer = client.get(picture_of(item, one), {"w": "720"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, no-cache")
    assert Image.open(io.BytesIO(answer.content)).width == 720
    again = client.get(picture_of(item, one), {"w": "720"}, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, no-cache")
    assert client.get(picture_of(item, one, 3)).status_code == 422
    assert client.get(picture_of(item, one, 0)).status_code == 404
    lines = AuditEntry.objects.filter(subject_id=item.nomination_id, verb="view-evidence")
    assert [entry.actor for entry in lines] == [room.members[0].user]


def test_whoever_may_not_see_the_file_sees_no_picture_even_with_its_tag(room: Room) -> None:
    item, one = attach(room, pdf())
    client = signed_in(room.members[0])
    tag = client.get(picture_of(item, one))["ETag"]
    ConflictOfInterest.objects.create(
        unit=room.tree.bureau, member=room.members[0], nomination=item.nomination, ground="kinship", reason="x"
    )
    known = {"If-None-Match": tag}
    assert client.get(picture_of(item, one), headers=known).status_code == 404
    assert client.get(pages_of(item, one)).status_code == 404
    other = AgendaItem.objects.exclude(pk=item.pk).get(sitting=room.sitting)
    assert signed_in(room.members[1]).get(picture_of(other, one), headers=known).status_code == 404
    assert signed_in(room.secretariat).get(picture_of(item, one), headers=known).status_code == 403
    Evidence.objects.filter(pk=one.pk).update(removed_at=one.added_at)
    assert signed_in(room.members[1]).get(picture_of(item, one), headers=known).status_code == 404


def test_a_bomb_is_refused_in_words_and_drawn_once(room: Room, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    # The child's own bounds end it; how busy this machine is says nothing.
    monkeypatch.setattr(page_pictures, "WAIT_SECONDS", 300)
    item, one = attach(room, named("bom.pdf", bomb()))
    client = signed_in(room.members[0])
    answer = client.get(picture_of(item, one))
    assert answer.status_code == 422
    assert "Không hiện được trang này" in answer.content.decode()
    # From now on nothing is started for it: with no child to start, the answer is the same.
    monkeypatch.setattr(page_pictures.sys, "executable", "/no/such/program")
    assert client.get(picture_of(item, one)).status_code == 422
    with pytest.raises(FileNotFoundError):
        client.get(picture_of(item, one, 2))


def test_a_busy_machine_and_a_lost_file_are_not_the_file_s_fault(
    room: Room, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    item, one = attach(room, pdf())
    client = signed_in(room.members[0])
    monkeypatch.setattr(page_pictures, "WAIT_SECONDS", 0.01)
    assert "Vẽ trang quá lâu" in client.get(pages_of(item, one)).content.decode()
    monkeypatch.undo()
    cache.clear()  # as after the minute
    assert client.get(pages_of(item, one)).status_code == 200
    Path(one.file.path).unlink()
    lost = client.get(pages_of(item, one))
    assert lost.status_code == 422
    assert "Không đọc được tệp trong kho" in lost.content.decode()


def test_a_photograph_is_drawn_anew_upright_and_without_what_it_says(room: Room) -> None:
    turned, buffer = Image.new("RGB", (900, 600), "white"), io.BytesIO()
    exif = turned.getexif()
    exif[0x0112], exif[0x010E] = 6, "noi chup bi mat"
    turned.save(buffer, "JPEG", exif=exif)
    item, one = attach(room, named("anh.jpg", buffer.getvalue()))
    client = signed_in(room.members[0])
    assert 'width="1200" height="1800"' in client.get(pages_of(item, one)).content.decode()
    answer = client.get(picture_of(item, one), {"w": "1200"})
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (600, 900)
    assert b"bi mat" not in answer.content


def test_what_is_not_drawn_is_offered_as_a_download_with_a_sentence(room: Room) -> None:
    item, one = attach(room, pdf())
    Evidence.objects.filter(pk=one.pk).update(media_type="application/msword", file_name="don.doc")
    client = signed_in(room.members[0])
    page = client.get(reverse("awards:item-review", args=[item.pk])).content.decode()
    assert "loại tệp này không xem được tại đây, tải về để đọc" in page
    assert pages_of(item, one) not in page
    refused = client.get(pages_of(item, one))
    assert (refused.status_code, "Tải tệp về để đọc" in refused.content.decode()) == (422, True)


def test_two_cases_stand_side_by_side_with_honours_and_verdicts() -> None:
    from units.scoping import maintenance_scope

    with maintenance_scope("A test looks at everything."):
        room = Room(cases=5)
        first = room.nominations[0]
        Honour.objects.create(
            unit=first.unit,
            person=first.person,
            title=first.recognition,
            year=2019,
            decision_number="MAU-7/QĐ",
            decided_on="2019-12-01",
            issuer="Bộ",
            subject_name="x",
            subject_unit="y",
        )
        keys = [one.pk for one in AgendaItem.objects.filter(sitting=room.sitting)]
        client, compare = signed_in(room.members[0]), reverse("awards:cases-compare", args=[room.sitting.pk])
        page = client.get(compare, {"case": keys[:2]}).content.decode()
        table = page.partition("<table")[2].partition("</table>")[0]
        assert "2019: " in table
        assert room.nominations[1].nominee_name in table
        assert room.nominations[2].nominee_name not in table
        opened = AuditEntry.objects.filter(verb="open", subject_id=first.pk, actor=room.members[0].user)
        assert opened.count() == 1
        many = client.get(compare, {"case": keys})
        assert many.status_code == 422
        assert "nhiều nhất 4" in many.content.decode()
        assert many.content.decode().count(" checked>") == 5
        assert "<table" not in many.content.decode()
        assert "Chọn từ 2" in client.get(compare, {"case": keys[:1]}).content.decode()
        assert client.get(compare, {"case": [keys[0], "x"]}).status_code == 404
        assert not Assessment.objects.exists()
