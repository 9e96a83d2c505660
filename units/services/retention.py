"""What is not kept for ever: source files of imports, particulars of people who never came, letters broken off.

Called by a job in a maintenance scope. Each row is erased in a transaction of its own, which also says so in the trail.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from units.actors import system_actor
from units.models import ImportBatch, ImportState, TransferOffer, TransferState
from units.services.audit import record_act

JOB = "xóa theo thời hạn lưu"
# So many of each kind in one run; the next one goes on.
AT_ONCE = 500
SETTLED = (ImportState.PREVIEW, ImportState.DONE, ImportState.UNDONE, ImportState.FAILED)
REFUSED = (TransferState.DECLINED, TransferState.CANCELLED)


def erase_expired(*, at: datetime) -> tuple[int, int]:
    """Erase what is older than its term on `at`; how many files and how many offers. A term of 0 days keeps it."""
    files = offers = 0
    for batch in _expired_files(at)[:AT_ONCE]:
        files += erase_import_file(batch, at=at)
    for offer in _expired_offers(at)[:AT_ONCE]:
        offers += erase_offer(offer, at=at)
    return files, offers


def _expired_files(at: datetime) -> QuerySet[ImportBatch]:
    """Files of batches that came to their end, or that nobody confirmed, before the term."""
    if not settings.IMPORT_FILE_DAYS:
        return ImportBatch.objects.none()
    ended = Coalesce(F("undone_at"), F("confirmed_at"), F("moved_at"))
    return (
        ImportBatch.objects.filter(state__in=SETTLED, file_erased_at=None)
        .alias(ended=ended)
        .filter(ended__lte=at - timedelta(days=settings.IMPORT_FILE_DAYS))
        .order_by("asked_at")
    )


def _expired_offers(at: datetime) -> QuerySet[TransferOffer]:
    """Offers that were refused or taken back before the term; one that still waits is somebody's work."""
    if not settings.TRANSFER_OFFER_DAYS:
        return TransferOffer.objects.none()
    limit = at - timedelta(days=settings.TRANSFER_OFFER_DAYS)
    return TransferOffer.objects.filter(state__in=REFUSED, erased_at=None, answered_at__lte=limit).order_by(
        "answered_at"
    )


@transaction.atomic
def erase_import_file(batch: ImportBatch, *, at: datetime) -> bool:
    """Erase the uploaded workbook; lines and verdicts stay, so that the batch can be read and undone.

    The file goes first: a run that breaks off in between finds the row again and a missing file is no trouble.
    """
    locked = ImportBatch.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
    held = locked.filter(pk=batch.pk, state__in=SETTLED, file_erased_at=None).first()
    if held is None:
        return False
    if held.file:
        held.file.storage.delete(str(held.file.name))
    held.file, held.file_erased_at = "", at
    held.save(update_fields=["file", "file_erased_at"])
    record_act("erase-import-file", held, actor=system_actor(held.unit, JOB), days=settings.IMPORT_FILE_DAYS)
    return True


@transaction.atomic
def erase_offer(offer: TransferOffer, *, at: datetime) -> bool:
    """Erase who was offered from an offer that came to nothing; that there was one, and the units, stay."""
    locked = TransferOffer.objects.select_for_update(of=("self",), skip_locked=True).select_related("unit")
    held = locked.filter(pk=offer.pk, state__in=REFUSED, erased_at=None).first()
    if held is None:
        return False
    held.full_name = held.staff_code = held.employment = held.position = held.decision_number = held.answer = ""
    held.erased_at = at
    held.save()
    record_act("erase-offer", held, actor=system_actor(held.unit, JOB), days=settings.TRANSFER_OFFER_DAYS)
    return True
