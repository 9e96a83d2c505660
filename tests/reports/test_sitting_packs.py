"""The pack of a sitting: what is in it, who gets it, and that voting papers are alike."""

import io
from collections.abc import Iterator

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Ballot, ConflictGround, ConflictOfInterest, CouncilMember
from awards.selectors.councils import list_council_sittings
from awards.services.hand_papers import hold_on_paper
from awards.services.sittings import add_agenda_item
from reports.models import DossierState, SittingPack
from reports.selectors.packs import gather_pack
from reports.tasks import build_sitting_pack
from tests.awards.room import Room, signed_in
from tests.builders import actor
from tests.reports.reading import text_of
from units.models import AuditEntry, OutboxMessage
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None) -> Iterator[Room]:
    with maintenance_scope("A test looks at everything."):
        room = Room()
        CouncilMember.objects.filter(pk=room.members[4].pk).update(is_teller=True)
        yield room


def on_paper(room: Room) -> Ballot:
    return hold_on_paper(room.ballot(), reason="Mất điện", actor=room.secretariat)


def asked(room: Room) -> str:
    return reverse("reports:sitting-pack-request", args=[room.sitting.pk])


def make(job: SittingPack) -> None:
    build_sitting_pack(job=str(job.pk), outbox_key=job.outbox_key)


def pages(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = []
        for page in pdf.pages:
            with pikepdf.new() as single:
                single.pages.append(page)
                buffer = io.BytesIO()
                single.save(buffer)
            found.append(text_of(buffer.getvalue()))
        return found


def test_the_desk_asks_watches_and_downloads_one_file(room: Room) -> None:
    on_paper(room)
    desk = signed_in(room.secretariat)
    sitting = desk.get(reverse("awards:council-sitting-detail", args=[room.sitting.pk])).content.decode()
    assert asked(room) in sitting
    answer = desk.post(asked(room))
    job = SittingPack.objects.get()
    page = reverse("reports:sitting-pack-detail", args=[job.pk])
    assert answer["Location"] == page
    assert "<progress" in desk.get(page).content.decode()
    assert desk.post(asked(room))["Location"] == page
    assert OutboxMessage.objects.filter(key=job.outbox_key).count() == 1
    make(job)
    make(job)
    job.refresh_from_db()
    assert (job.state, job.steps_done) == (DossierState.DONE, job.steps_total)
    file = desk.get(reverse("reports:sitting-pack-download", args=[job.pk]))
    assert file["Content-Disposition"].startswith("attachment;")
    assert file["Content-Security-Policy"].startswith("sandbox")
    texts = pages(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    whole = "\n".join(texts)
    for words in ("CHƯƠNG TRÌNH", "DANH SÁCH THÀNH VIÊN", "Cần ít nhất 2/3", "TRƯỜNG HỢP SỐ 2", "BIỂU KIỂM PHIẾU"):
        assert words in whole
    assert all(one.nominee_name in whole for one in room.nominations)
    papers = [text for text in texts if "PHIẾU LẤY Ý KIẾN" in text]
    # Six of seven are here and the rule counts no written opinions: six papers, alike, without a running number.
    assert len(papers) == 6
    assert len(set(papers)) == 1
    assert "Trang" not in papers[0]
    assert f"Trang {len(texts)}/{len(texts)}" in texts[-1]
    assert sum("BIỂU KIỂM PHIẾU" in text for text in texts[1:]) == 2
    verbs = set(AuditEntry.objects.filter(subject_id=job.pk).values_list("verb", flat=True))
    assert verbs == {"request-sitting-pack", "download-sitting-pack"}


def test_who_takes_no_part_in_a_case_gets_no_pack_and_members_never_do(room: Room) -> None:
    desk = signed_in(room.secretariat)
    desk.post(asked(room))
    job = SittingPack.objects.get()
    make(job)
    secretary = room.members[2]
    CouncilMember.objects.filter(pk=secretary.pk).update(user=room.secretariat.account)
    ConflictOfInterest.objects.create(
        unit=secretary.unit, member=secretary, nomination=room.nominations[0], ground=ConflictGround.KINSHIP, reason="x"
    )
    download = reverse("reports:sitting-pack-download", args=[job.pk])
    assert desk.post(asked(room)).status_code == 422
    assert desk.get(download).status_code == 422
    assert AuditEntry.objects.filter(verb="refuse-sitting-pack").count() == 2
    assert signed_in(room.members[0]).get(download).status_code == 403
    stranger = signed_in(actor(room.tree.branch, Role.SECRETARIAT))
    assert stranger.get(download).status_code == 404


def test_a_failed_pack_is_promised_anew_and_a_changed_agenda_makes_another(room: Room) -> None:
    desk = signed_in(room.secretariat)
    desk.post(asked(room))
    SittingPack.objects.update(state=DossierState.FAILED, failure="x")
    desk.post(asked(room))
    assert SittingPack.objects.get().attempt == 2
    add_agenda_item(room.sitting, room.nominate("Hoàng Thị Giả Định"), actor=room.secretariat)
    desk.post(asked(room))
    assert SittingPack.objects.count() == 2


def test_gathering_costs_the_same_for_any_number_of_cases(room: Room) -> None:
    on_paper(room)
    sitting = list_council_sittings(room.tree.bureau).get()
    with CaptureQueriesContext(connection) as two:
        gather_pack(sitting)
    for number in range(4):
        add_agenda_item(room.sitting, room.nominate(f"Lò Văn Ví Dụ {number}"), actor=room.secretariat)
    with CaptureQueriesContext(connection) as six:
        facts = gather_pack(sitting)
    assert len(facts.cases) == 6
    assert len(six) == len(two)
