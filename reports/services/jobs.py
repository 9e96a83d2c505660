"""Files that a worker makes: promised once for their content, restartable, visible while made."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from reports.join import Joined
from reports.models import DossierState
from reports.models.jobs import ContentJob, PaperJob, dossier_path
from units.actors import Actor
from units.clock import now
from units.services import outbox
from units.services.audit import record_act

logger = logging.getLogger(__name__)

# Nobody works on a file that has not moved for longer than every attempt of the outbox together needs.
STALE = timedelta(hours=1)
TOO_LONG = (
    "Việc lập hồ sơ quá thời gian cho phép nên đã dừng, thường do tệp đính kèm quá nặng. "
    "Bớt hoặc thay tệp nặng bằng bản nhẹ hơn rồi yêu cầu lập lại."
)
BROKEN_OFF = (
    "Việc lập hồ sơ dừng giữa chừng do lỗi của hệ thống; dữ liệu không bị ảnh hưởng. "
    "Yêu cầu lập lại; nếu vẫn không được, báo bộ phận quản trị kèm giờ ghi trên trang này."
)

J = TypeVar("J", bound=PaperJob)
C = TypeVar("C", bound=ContentJob)


def promise_job(asked: C, *, of: Mapping[str, Any], task: str, verb: str, actor: Actor) -> C:
    """Write down `asked`, unless a job of the same unit with the same content stands for the same row (`of`).

    One that failed, whose file is gone, or that nobody works on any more is promised anew.
    """
    model, at = type(asked), asked.asked_at
    with transaction.atomic():
        model.objects.bulk_create([asked], ignore_conflicts=True)
        job: C = model.objects.select_for_update(of=("self",)).get(unit=asked.unit, content_key=asked.content_key, **of)
        is_new = job.pk == asked.pk
        if not is_new and _needs_another_try(job, at):
            _start_over(job, at)
            is_new = True
        if is_new:
            outbox.promise(job.outbox_key, task, job=str(job.pk))
            record_act(verb, job, actor=actor, **{name: str(value.pk) for name, value in of.items()})
    return job


def restart_jobs(jobs: Iterable[J], *, task: str, at: datetime) -> list[J]:
    """Promise anew those of the locked `jobs` that failed, whose file is gone, or that nobody works on; return them."""
    again = [job for job in jobs if _needs_another_try(job, at)]
    for job in again:
        _start_over(job, at)
    outbox.promise_each(task, {job.outbox_key: {"job": str(job.pk)} for job in again})
    return again


def _needs_another_try(job: PaperJob, at: datetime) -> bool:
    if job.state == DossierState.DONE:
        return not default_storage.exists(job.file.name or "")
    return job.state == DossierState.FAILED or job.moved_at < at - STALE


def _start_over(job: PaperJob, at: datetime) -> None:
    job.state, job.attempt = DossierState.WAITING, job.attempt + 1
    job.steps_done, job.step_label, job.failure, job.file, job.moved_at = 0, "", "", "", at
    job.save(update_fields=["state", "attempt", "steps_done", "step_label", "failure", "file", "moved_at"])


def build_job(
    kind: type[J],
    pk: UUID,
    *,
    outbox_key: str,
    make: Callable[[J], Joined],
    too_long: str = TOO_LONG,
    broken_off: str = BROKEN_OFF,
) -> None:
    """Make the file of a job and mark it done, once; `too_long` and `broken_off` tell people why there is none.

    Every step commits on its own, so that the page shows it; a killed worker leaves a state from which the next
    run starts at the beginning. The file has one name and, for one snapshot, the same bytes: two runs cannot disagree.
    """
    job: J | None = kind.objects.filter(pk=pk).exclude(state=DossierState.DONE).first()
    if job is None or outbox_key != job.outbox_key:
        _settle(outbox_key, lambda: None)
        return
    try:
        joined = make(job)
        name = _store(job, joined.pdf)
    except SoftTimeLimitExceeded:
        _settle(outbox_key, lambda: _fail(job, too_long))
    except DatabaseError:
        # Nothing can be written down now; the sweeper sends the promise again.
        raise
    except Exception:
        logger.exception("dossier_failed")
        _settle(outbox_key, lambda: _fail(job, broken_off))
    else:
        _settle(outbox_key, lambda: _finish(job, name, joined))


def report_progress(job: PaperJob) -> Callable[[int, str], None]:
    """What an assembly calls before each of its steps."""

    def progress(done: int, label: str) -> None:
        _update(job, state=DossierState.RUNNING, steps_done=done, step_label=label[:200], moved_at=now())

    return progress


def _store(job: PaperJob, content: bytes) -> str:
    """Write beside, flush to the disk, then rename: a reader finds the whole file or none."""
    name = dossier_path(job)
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".dossier-")
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


def _settle(outbox_key: str, apply: Callable[[], None]) -> None:
    """Apply the outcome together with the mark that the promise is kept; a second runner changes nothing."""
    with outbox.effect(outbox_key) as is_open:
        if is_open:
            apply()


def _finish(job: PaperJob, name: str, joined: Joined) -> None:
    at = now()
    _update(
        job,
        state=DossierState.DONE,
        steps_done=job.steps_total,
        step_label="",
        failure="",
        file=name,
        pages=joined.pages,
        size=len(joined.pdf),
        sha256=hashlib.sha256(joined.pdf).hexdigest(),
        finished_at=at,
        moved_at=at,
    )


def _fail(job: PaperJob, words: str) -> None:
    at = now()
    _update(job, state=DossierState.FAILED, failure=words, finished_at=at, moved_at=at)


def _update(job: PaperJob, **values: object) -> None:
    """Change the job of this attempt, unless it is finished: a late twin never takes back what is done."""
    with transaction.atomic():
        type(job).objects.filter(pk=job.pk, attempt=job.attempt).exclude(state=DossierState.DONE).update(**values)
