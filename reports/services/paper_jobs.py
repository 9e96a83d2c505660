"""What every paper made in the background shares: its file kept whole, its outcome written once."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from reports.models import CertificateJob, DossierJob, DossierState
from units.clock import now
from units.services import outbox

Job = DossierJob | CertificateJob

BROKEN_OFF = (
    "Việc lập hồ sơ dừng giữa chừng do lỗi của hệ thống; dữ liệu không bị ảnh hưởng. "
    "Yêu cầu lập lại; nếu vẫn không được, báo bộ phận quản trị kèm giờ ghi trên trang này."
)


def store_paper(name: str, content: bytes) -> str:
    """Write beside, flush to the disk, then rename: a reader finds the whole file or none."""
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".paper-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def settle(outbox_key: str, apply: Callable[[], None]) -> None:
    """Apply the outcome together with the mark that the promise is kept; a second runner changes nothing."""
    with outbox.effect(outbox_key) as is_open:
        if is_open:
            apply()


def finish_job(job: Job, name: str, content: bytes, pages: int) -> None:
    at = now()
    update_job(
        job,
        state=DossierState.DONE,
        steps_done=job.steps_total,
        step_label="",
        failure="",
        file=name,
        pages=pages,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        finished_at=at,
        moved_at=at,
    )


def fail_job(job: Job, words: str) -> None:
    at = now()
    update_job(job, state=DossierState.FAILED, failure=words, finished_at=at, moved_at=at)


def show_progress(job: Job, done: int, label: str) -> None:
    update_job(job, state=DossierState.RUNNING, steps_done=done, step_label=label, moved_at=now())


def update_job(job: Job, **values: object) -> None:
    """Change the job of this attempt, unless it is finished: a late twin never takes back what is done."""
    with transaction.atomic():
        type(job).objects.filter(pk=job.pk, attempt=job.attempt).exclude(state=DossierState.DONE).update(**values)
