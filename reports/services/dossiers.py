"""Asking for a dossier, making it, handing it out."""

import hashlib
import logging
from datetime import datetime, timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from exemplars.models import Evidence, Nomination
from exemplars.workflow import NominationState
from reports.assembly import assemble, count_steps
from reports.documents.facts import AttachmentFacts, DossierFacts
from reports.join import Joined
from reports.models import DossierJob, DossierState
from reports.models.jobs import dossier_path
from reports.selectors.dossiers import gather_dossier
from reports.services.paper_jobs import BROKEN_OFF, fail_job, finish_job, settle, show_progress, store_paper
from reports.snapshot import content_key, dump_facts, load_facts
from units.actors import Actor
from units.clock import now
from units.refusals import RefusedError
from units.services import outbox
from units.services.audit import record_act

logger = logging.getLogger(__name__)

TASK = "reports.tasks.build_dossier"
# Nobody works on a dossier that has not moved for longer than every attempt of the outbox together needs.
STALE = timedelta(hours=1)
NOT_YET = (NominationState.DRAFT, NominationState.WITHDRAWN)
TOO_LONG = (
    "Việc lập hồ sơ quá thời gian cho phép nên đã dừng, thường do tệp đính kèm quá nặng. "
    "Bớt hoặc thay tệp nặng bằng bản nhẹ hơn rồi yêu cầu lập lại."
)


def request_dossier(nomination: Nomination, *, actor: Actor) -> DossierJob:
    """Promise a dossier of what the actor's unit may see; the same content gives the same dossier.

    Refuses a nomination that was never submitted. A dossier that failed, or that nobody works on any more, is
    promised anew.
    """
    if nomination.state in NOT_YET:
        raise RefusedError(
            "Chưa lập được hồ sơ cho đề nghị này.",
            why=f"Đề nghị đang ở tình trạng “{nomination.get_state_display()}”.",
            remedy="Trình đề nghị lên thủ trưởng đơn vị trước, sau đó yêu cầu lập hồ sơ.",
        )
    facts = gather_dossier(nomination)
    snapshot = dump_facts(facts)
    at = now()
    asked = DossierJob(
        unit=actor.unit,
        nomination=nomination,
        steps_total=count_steps(facts),
        asked_by=actor.account,
        asked_at=at,
        moved_at=at,
        content_key=content_key(snapshot),
        snapshot=snapshot,
    )
    with transaction.atomic():
        DossierJob.objects.bulk_create([asked], ignore_conflicts=True)
        job: DossierJob = DossierJob.objects.select_for_update().get(
            unit=actor.unit, nomination=nomination, content_key=asked.content_key
        )
        is_new = job.pk == asked.pk
        if not is_new and _needs_another_try(job, at):
            _start_over(job, at)
            is_new = True
        if is_new:
            outbox.promise(f"dossier:{job.pk}:{job.attempt}", TASK, job=str(job.pk))
            record_act("request-dossier", job, actor=actor, nomination=str(nomination.pk))
    return job


def _needs_another_try(job: DossierJob, at: datetime) -> bool:
    if job.state == DossierState.DONE:
        return not default_storage.exists(job.file.name or "")
    return job.state == DossierState.FAILED or job.moved_at < at - STALE


def _start_over(job: DossierJob, at: datetime) -> None:
    job.state, job.attempt = DossierState.WAITING, job.attempt + 1
    job.steps_done, job.step_label, job.failure, job.file, job.moved_at = 0, "", "", "", at
    job.save(update_fields=["state", "attempt", "steps_done", "step_label", "failure", "file", "moved_at"])


def build_dossier(pk: UUID, *, outbox_key: str) -> None:
    """Make the file of a dossier and mark it done, once.

    Every step commits on its own, so that the page shows it; a killed worker leaves a state from which the next
    run starts at the beginning. The file has one name and, for one snapshot, the same bytes: two runs cannot disagree.
    """
    job: DossierJob | None = DossierJob.objects.filter(pk=pk).exclude(state=DossierState.DONE).first()
    if job is None or outbox_key != f"dossier:{job.pk}:{job.attempt}":
        settle(outbox_key, lambda: None)
        return
    try:
        joined = _make(job)
        name = store_paper(dossier_path(job), joined.pdf)
    except SoftTimeLimitExceeded:
        settle(outbox_key, lambda: fail_job(job, TOO_LONG))
    except DatabaseError:
        # Nothing can be written down now; the sweeper sends the promise again.
        raise
    except Exception:
        logger.exception("dossier_failed")
        settle(outbox_key, lambda: fail_job(job, BROKEN_OFF))
    else:
        settle(outbox_key, lambda: finish_job(job, name, joined.pdf, joined.pages))


def _make(job: DossierJob) -> Joined:
    facts = load_facts(DossierFacts, job.snapshot)
    files = {str(one.pk): one for one in Evidence.objects.filter(nomination=job.nomination_id)}

    def read(attachment: AttachmentFacts) -> bytes | None:
        return _read_evidence(files.get(attachment.pk), attachment.sha256)

    def progress(done: int, label: str) -> None:
        show_progress(job, done, label)

    return assemble(facts, read=read, progress=progress)


def _read_evidence(evidence: Evidence | None, sha256: str) -> bytes | None:
    """The stored bytes, or None when they are gone or are no longer those that were handed in."""
    if evidence is None:
        return None
    try:
        with evidence.file.open("rb") as stream:
            content: bytes = stream.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def record_download(job: DossierJob, *, actor: Actor) -> None:
    """A dossier holds personal data: each copy that leaves is written down."""
    record_act("download-dossier", job, actor=actor, sha256=job.sha256)
