"""Dossiers from the button to the file: one for one content, visible while made, safe from a killed worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars.models import Nomination
from exemplars.workflow import NominationState
from reports.models import DossierJob, DossierState
from reports.selectors.dossiers import gather_dossier, list_nominations
from reports.tasks import build_dossier
from tests.builders import move_away
from tests.reports import facts as sample
from tests.reports import rows
from tests.reports.reading import text_of
from units.models import AuditEntry, OutboxMessage
from units.roles import Role
from units.scoping import unit_scope

PDF = "application/pdf"


@pytest.fixture
def sector(db: None) -> rows.Sector:
    return rows.make_sector()


@pytest.fixture
def nomination(sector: rows.Sector) -> Nomination:
    return rows.nominate(sector, sector.units["CC-A1"], NominationState.ACCEPTED, "met")


def ask(client: Client, nomination: Nomination) -> Any:
    return client.post(reverse("reports:dossier-request", args=[nomination.pk]))


def jobs() -> list[DossierJob]:
    with rows.everywhere():
        return list(DossierJob.objects.order_by("asked_at", "pk"))


def the_job() -> DossierJob:
    (job,) = jobs()
    return job


def make(job: DossierJob) -> None:
    build_dossier(job=str(job.pk), outbox_key=f"dossier:{job.pk}:{job.attempt}")


def verbs(subject: UUID) -> list[str]:
    with rows.everywhere():
        return list(AuditEntry.objects.filter(subject_id=subject).values_list("verb", flat=True))


def test_a_clerk_asks_watches_and_downloads(sector: rows.Sector, nomination: Nomination) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    answer = ask(client, nomination)
    job = the_job()
    page = reverse("reports:dossier-detail", args=[job.pk])

    assert (answer.status_code, answer["Location"]) == (302, page)
    waiting = client.get(page).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "<progress" in waiting
    assert "Tải lại" in waiting

    make(job)
    done = client.get(page).content.decode()
    assert "Đã lập xong" in done
    assert "hx-trigger" not in done
    file = client.get(reverse("reports:dossier-download", args=[job.pk]))
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert "TỜ TRÌNH" in text_of(content)
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"].startswith("sandbox")
    assert file["Content-Disposition"].startswith("attachment;")
    assert verbs(job.pk) == ["request-dossier", "download-dossier"]


def test_htmx_gets_only_the_part_that_moves(sector: rows.Sector, nomination: Nomination) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    ask(client, nomination)
    page = client.get(reverse("reports:dossier-detail", args=[the_job().pk]), headers={"hx-request": "true"})

    assert page.content.decode().startswith("<section")


def test_asking_twice_makes_one_dossier_and_one_promise(sector: rows.Sector, nomination: Nomination) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    first, second = ask(client, nomination), ask(client, nomination)

    assert first["Location"] == second["Location"]
    assert len(jobs()) == 1
    assert OutboxMessage.objects.count() == 1
    make(the_job())
    ask(client, nomination)
    assert OutboxMessage.objects.count() == 1


def test_a_colleague_of_the_same_unit_gets_the_same_dossier(sector: rows.Sector, nomination: Nomination) -> None:
    # Both exist beforehand: a new head of the unit would sign a new letter.
    for client in [rows.sign_in(nomination.unit, role) for role in (Role.CLERK, Role.HEAD)]:
        ask(client, nomination)

    assert len(jobs()) == 1


def test_a_changed_nomination_makes_another_dossier(sector: rows.Sector, nomination: Nomination) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    ask(client, nomination)
    with rows.everywhere():
        Nomination.objects.filter(pk=nomination.pk).update(achievements="Thành tích khác")
    ask(client, nomination)

    assert len(jobs()) == 2


def test_a_running_promise_that_is_sent_twice_changes_nothing(sector: rows.Sector, nomination: Nomination) -> None:
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    make(the_job())
    first = the_job()
    make(first)
    second = the_job()

    assert (second.finished_at, second.sha256) == (first.finished_at, first.sha256)


def test_the_superior_s_copy_holds_minutes_and_decision_and_the_unit_s_does_not(
    sector: rows.Sector, nomination: Nomination
) -> None:
    rows.conclude(sector, nomination)
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    ask(rows.sign_in(sector.first, Role.SECRETARIAT), nomination)
    below, above = jobs()
    for job in (below, above):
        make(job)
    below, above = jobs()

    text = text_of(above.file.read())
    assert "2/3 = 66,67 %" in text
    assert "quy định giả định, khoản 1" in text
    assert "Số: 215/QĐ-GD" in text
    assert f"đối với {nomination.nominee_name}." in text
    assert str(nomination.pk) not in text
    hidden = text_of(below.file.read())
    assert "215/QĐ-GD" not in hidden.replace("215/QĐ-GD, ngày 01/12/2023", "")
    assert "66,67" not in hidden
    assert "Chưa có trong hồ sơ này: Biên bản họp" in hidden


@pytest.mark.parametrize("name", ["dossier-detail", "dossier-download"])
def test_a_dossier_of_another_unit_is_not_there(name: str, sector: rows.Sector, nomination: Nomination) -> None:
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    make(the_job())
    address = reverse(f"reports:{name}", args=[the_job().pk])

    assert rows.sign_in(sector.units["CC-A2"], Role.CLERK).get(address).status_code == 404
    assert rows.sign_in(sector.second, Role.SECRETARIAT).get(address).status_code == 404
    assert rows.sign_in(sector.first, Role.SECRETARIAT).get(address).status_code == 200


def test_a_superior_s_dossier_is_not_there_for_the_unit_below(sector: rows.Sector, nomination: Nomination) -> None:
    ask(rows.sign_in(sector.first, Role.SECRETARIAT), nomination)
    address = reverse("reports:dossier-detail", args=[the_job().pk])

    assert rows.sign_in(nomination.unit, Role.CLERK).get(address).status_code == 404


def test_a_nomination_of_another_unit_cannot_be_asked_for(sector: rows.Sector, nomination: Nomination) -> None:
    assert ask(rows.sign_in(sector.units["CC-A2"], Role.CLERK), nomination).status_code == 404
    assert jobs() == []


def test_only_post_asks_and_strangers_sign_in(sector: rows.Sector, nomination: Nomination) -> None:
    address = reverse("reports:dossier-request", args=[nomination.pk])

    assert rows.sign_in(nomination.unit, Role.CLERK).get(address).status_code == 405
    assert Client().post(address)["Location"].startswith(reverse("units:sign-in"))
    assert rows.sign_in(sector.first, Role.MEMBER).post(address).status_code == 403


def test_a_draft_has_no_dossier_and_the_page_says_what_to_do(sector: rows.Sector) -> None:
    draft = rows.nominate(sector, sector.units["CC-A1"], NominationState.DRAFT)
    answer = ask(rows.sign_in(draft.unit, Role.CLERK), draft)

    assert answer.status_code == 422
    assert "Trình đề nghị lên thủ trưởng đơn vị trước" in answer.content.decode()
    assert jobs() == []


def test_a_draft_of_a_unit_below_is_not_there(sector: rows.Sector) -> None:
    draft = rows.nominate(sector, sector.units["CC-A1"], NominationState.DRAFT)

    for place in (sector.first, sector.ministry):
        assert ask(rows.sign_in(place, Role.STAFF), draft).status_code == 404


def test_a_withdrawn_nomination_takes_its_dossier_out_of_the_superior_s_sight(
    sector: rows.Sector, nomination: Nomination
) -> None:
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    with rows.everywhere():
        Nomination.objects.filter(pk=nomination.pk).update(state=NominationState.WITHDRAWN)
    address = reverse("reports:dossier-detail", args=[the_job().pk])

    assert rows.sign_in(sector.first, Role.SECRETARIAT).get(address).status_code == 404
    assert rows.sign_in(nomination.unit, Role.CLERK).get(address).status_code == 200


def test_a_broken_attachment_never_fails_a_dossier(sector: rows.Sector, nomination: Nomination) -> None:
    rows.attach(nomination, "hong.pdf", PDF, b"%PDF-1.4 khong phai")
    gone = rows.attach(nomination, "mat.pdf", PDF, sample.pdf_file())
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    Path(gone.file.path).unlink()
    make(the_job())

    assert the_job().state == DossierState.DONE
    text = text_of(the_job().file.read())
    assert "Tệp bị hỏng" in text
    assert "Không tìm thấy tệp trong kho lưu trữ" in text


def test_a_file_that_was_swapped_on_the_disk_is_not_printed(sector: rows.Sector, nomination: Nomination) -> None:
    evidence = rows.attach(nomination, "bang.pdf", PDF, sample.pdf_file(1))
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    Path(evidence.file.path).write_bytes(sample.pdf_file(3))
    make(the_job())

    assert "đã bị thay đổi so với khi nộp" in text_of(the_job().file.read())


def test_a_dossier_whose_file_is_gone_can_be_made_again(sector: rows.Sector, nomination: Nomination) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    ask(client, nomination)
    make(the_job())
    before = the_job()
    Path(before.file.path).unlink()

    assert client.get(reverse("reports:dossier-download", args=[before.pk])).status_code == 404
    ask(client, nomination)
    make(the_job())
    assert (the_job().state, the_job().attempt, the_job().sha256) == (DossierState.DONE, 2, before.sha256)


@pytest.fixture
def blocked(nomination: Nomination) -> Iterator[Path]:
    """An attachment whose reading waits, so that whoever reads it is provably in the middle of the work."""
    evidence = rows.attach(nomination, "bang.pdf", PDF, sample.pdf_file())
    path = Path(evidence.file.path)
    path.unlink()
    os.mkfifo(path)
    yield path
    path.unlink(missing_ok=True)


def test_a_dossier_that_takes_too_long_fails_in_clear_words_and_can_be_asked_again(
    sector: rows.Sector, nomination: Nomination, blocked: Path
) -> None:
    client = rows.sign_in(nomination.unit, Role.CLERK)
    ask(client, nomination)

    def too_late(_number: int, _frame: object) -> None:
        raise SoftTimeLimitExceeded

    previous = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, 6)
    try:
        make(the_job())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)

    assert the_job().state == DossierState.FAILED
    page = client.get(reverse("reports:dossier-detail", args=[the_job().pk])).content.decode()
    assert "quá thời gian cho phép" in page
    assert "Lập lại hồ sơ" in page
    assert OutboxMessage.objects.get().done_at is not None

    blocked.unlink()
    blocked.write_bytes(sample.pdf_file())
    ask(client, nomination)
    make(the_job())
    assert (the_job().state, the_job().attempt) == (DossierState.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_dossier_that_the_next_one_finishes(request: pytest.FixtureRequest) -> None:
    sector = rows.make_sector()
    nomination = rows.nominate(sector, sector.units["CC-A1"], NominationState.ACCEPTED, "met")
    content = sample.pdf_file()
    path = Path(rows.attach(nomination, "bang.pdf", PDF, content).file.path)
    path.unlink()
    os.mkfifo(path)
    ask(rows.sign_in(nomination.unit, Role.CLERK), nomination)
    job = the_job()
    key = f"dossier:{job.pk}:1"
    script = (
        "import django; django.setup(); from reports.tasks import build_dossier; "
        f"build_dossier(job='{job.pk}', outbox_key='{key}')"
    )
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=settings.BASE_DIR)  # noqa: S603
    deadline = time.monotonic() + 60
    while the_job().step_label != "Đính kèm bang.pdf" and time.monotonic() < deadline:
        time.sleep(0.2)
    worker.kill()
    worker.wait()

    left = the_job()
    assert (left.state, left.steps_done, left.step_label) == (DossierState.RUNNING, 3, "Đính kèm bang.pdf")
    assert OutboxMessage.objects.get(key=key).done_at is None
    assert not Path(settings.MEDIA_ROOT, f"dossiers/{job.pk.hex[:2]}/{job.pk}.pdf").exists()

    path.unlink()
    path.write_bytes(content)
    make(left)
    assert the_job().state == DossierState.DONE
    assert "bang.pdf" in text_of(the_job().file.read())
    assert OutboxMessage.objects.get(key=key).done_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_people_asking_at_once_make_one_dossier() -> None:
    sector = rows.make_sector()
    nomination = rows.nominate(sector, sector.units["CC-A1"], NominationState.ACCEPTED, "met")
    clients = [rows.sign_in(nomination.unit, role) for role in (Role.CLERK, Role.HEAD)]
    gate = threading.Barrier(2)
    answers: list[str] = []

    def press(client: Client) -> None:
        gate.wait()
        try:
            answers.append(ask(client, nomination)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 2
    assert len(set(answers)) == 1
    assert len(jobs()) == 1
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("how_many", [1, 3])
def test_gathering_asks_the_same_number_of_queries(how_many: int, sector: rows.Sector, nomination: Nomination) -> None:
    rows.conclude(sector, nomination)
    for number in range(how_many):
        rows.attach(nomination, f"{number}.pdf", PDF, sample.pdf_file())
        rows.assess(sector, nomination, "met")
    with unit_scope(sector.first.path):
        loaded = list_nominations().get(pk=nomination.pk)
        with CaptureQueriesContext(connection) as queries:
            gather_dossier(loaded)

    # One of them for what was decided although criteria are unmet, one for what took the decision back.
    assert len(queries) == 17


def test_the_papers_of_somebody_who_moved_away_name_them_as_of_then(
    sector: rows.Sector, nomination: Nomination
) -> None:
    with rows.everywhere():
        person = nomination.person
        assert person
        move_away(person, sector.units["CC-B1"])
    with unit_scope(nomination.unit.path):
        facts = gather_dossier(list_nominations().get(pk=nomination.pk))
    assert (facts.nominee.name, facts.nominee.unit) == (nomination.nominee_name, nomination.unit.name)
    assert facts.nominee.gender == "Nữ"
