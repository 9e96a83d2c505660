"""What is not kept for ever: erased on its day and not before, told where it stood, and no more than was meant."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from tests.builders import AT, Tree, user
from units.models import (
    AuditEntry,
    ImportBatch,
    ImportLine,
    ImportState,
    Letter,
    LetterState,
    TransferOffer,
    TransferState,
    User,
)
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.letters import post_letter
from units.tasks import erase_expired

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.DEMONSTRATION_DAY = "2023-11-13"


@pytest.fixture
def tree() -> Tree:
    return Tree()


def build(make: Callable[[], Any]) -> Any:
    with maintenance_scope("test rows"):
        return make()


def run_on(settings: Any, day: date) -> None:
    settings.DEMONSTRATION_DAY = day.isoformat()
    erase_expired()


def batch(tree: Tree, by: User, state: ImportState, **times: Any) -> ImportBatch:
    def make() -> ImportBatch:
        one = ImportBatch(
            unit=tree.branch, kind="people", state=state, file_name="DS cán bộ.xlsx", sha256="0" * 64,
            asked_by=by, asked_at=AT, moved_at=AT, rows_total=1, rows_done=1, **times,
        )  # fmt: skip
        one.file.save("x.xlsx", ContentFile(b"x"), save=False)
        one.save(force_insert=True)
        ImportLine.objects.create(
            unit=tree.branch, batch=one, number=2, verdict="new", typed={"staff_code": ["B2", "M1"]}
        )
        return one

    made: ImportBatch = build(make)
    return made


LATER = AT + timedelta(days=30)


@pytest.mark.parametrize(
    ("state", "times", "counted_from"),
    [
        (ImportState.PREVIEW, {}, AT),
        (ImportState.FAILED, {}, AT),
        (ImportState.DONE, {"confirmed_at": LATER}, LATER),
        (ImportState.UNDONE, {"confirmed_at": AT, "undone_at": LATER}, LATER),
    ],
)
def test_the_file_of_an_import_goes_after_its_term_and_the_lines_stay(
    tree: Tree, settings: Any, state: ImportState, times: dict[str, datetime], counted_from: datetime
) -> None:
    clerk = user("canbo", (tree.branch, Role.CLERK))
    one = batch(tree, clerk, state, **times)
    path = Path(settings.MEDIA_ROOT) / str(one.file.name)
    run_on(settings, counted_from.date() + timedelta(days=88))
    assert path.exists()
    run_on(settings, counted_from.date() + timedelta(days=91))
    assert not path.exists()
    kept = build(ImportBatch.objects.get)
    assert (str(kept.file), kept.file_erased_at is not None) == ("", True)
    assert build(ImportLine.objects.count) == 1
    assert [entry.detail for entry in build(lambda: list(AuditEntry.objects.filter(verb="erase-import-file")))] == [
        {"days": 90}
    ]
    client = Client()
    client.force_login(clerk)
    assert "đã xóa theo thời hạn lưu" in client.get("/imports/").content.decode()
    page = client.get(f"/imports/{one.pk}/")
    assert "Tệp gốc đã xóa theo thời hạn lưu" in page.content.decode()


@pytest.mark.parametrize("state", [ImportState.READING, ImportState.WRITING])
def test_a_file_that_a_job_reads_stays(tree: Tree, settings: Any, state: ImportState) -> None:
    one = batch(tree, user("canbo", (tree.branch, Role.CLERK)), state)
    run_on(settings, AT.date() + timedelta(days=400))
    assert (Path(settings.MEDIA_ROOT) / str(one.file.name)).exists()


def test_a_term_of_nought_keeps_everything(tree: Tree, settings: Any) -> None:
    settings.IMPORT_FILE_DAYS = settings.TRANSFER_OFFER_DAYS = 0
    batch(tree, user("canbo", (tree.branch, Role.CLERK)), ImportState.PREVIEW)
    offer(tree, TransferState.DECLINED)
    run_on(settings, AT.date() + timedelta(days=4000))
    assert build(ImportBatch.objects.get).file_erased_at is None
    assert build(TransferOffer.objects.get).erased_at is None


def test_a_file_that_is_gone_already_is_no_trouble_and_twice_is_once(tree: Tree, settings: Any) -> None:
    one = batch(tree, user("canbo", (tree.branch, Role.CLERK)), ImportState.PREVIEW)
    (Path(settings.MEDIA_ROOT) / str(one.file.name)).unlink()
    for _ in range(2):
        run_on(settings, AT.date() + timedelta(days=91))
    assert build(lambda: AuditEntry.objects.filter(verb="erase-import-file").count()) == 1


def offer(tree: Tree, state: TransferState) -> TransferOffer:
    made: TransferOffer = build(
        lambda: TransferOffer.objects.create(
            unit=tree.branch,
            releasing=tree.stranger,
            transfer="7f0c1c1e-0000-4000-8000-000000000001",
            full_name="Lường Thị Mẫu",
            staff_code="MAU-7",
            employment="civil-servant",
            position="Chấp hành viên",
            last_day=date(2023, 6, 30),
            decision_number="MAU-9/QĐ",
            decided_on=date(2023, 6, 20),
            state=state,
            answer="Bà Lường Thị Mẫu đã nghỉ",
            proposed_at=AT,
            answered_at=None if state == TransferState.OFFERED else AT,
        )
    )
    return made


@pytest.mark.parametrize(
    ("state", "is_erased"),
    [
        (TransferState.DECLINED, True),
        (TransferState.CANCELLED, True),
        (TransferState.CONFIRMED, False),
        (TransferState.OFFERED, False),
    ],
)
def test_who_was_offered_in_vain_is_erased_after_a_year(
    tree: Tree, settings: Any, state: TransferState, is_erased: bool
) -> None:
    offer(tree, state)
    run_on(settings, AT.date() + timedelta(days=363))
    assert build(TransferOffer.objects.get).full_name == "Lường Thị Mẫu"
    run_on(settings, AT.date() + timedelta(days=366))
    kept = build(TransferOffer.objects.get)
    told = f"{kept.full_name} {kept.staff_code} {kept.answer} {kept.position} {kept.decision_number}"
    assert ("Lường" not in told and "MAU" not in told) is is_erased
    client = Client()
    client.force_login(user("canbo", (tree.branch, Role.CLERK)))
    page = client.get("/transfers/").content.decode()
    assert ("đã xóa theo thời hạn lưu" in page) is is_erased
    assert ("Lường Thị Mẫu" in page) is not is_erased
    assert tree.stranger.short_name in page


def test_a_letter_broken_off_loses_its_body_after_a_day(tree: Tree) -> None:
    def body(state: LetterState, hours: int) -> str:
        letter = post_letter("a@example.vn", "Tiêu đề", "Đường dẫn bí mật")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE units_letter SET state = %s, created_at = now() - %s * interval '1 hour' WHERE id = %s",
                [state.value, hours, letter.pk],
            )
        erase_expired()
        return Letter.objects.get(pk=letter.pk).sealed_body

    assert body(LetterState.SENDING, 25) == ""
    assert body(LetterState.SENDING, 23) != ""
    assert body(LetterState.WAITING, 25) != ""
