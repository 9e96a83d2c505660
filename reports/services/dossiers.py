"""Asking for a dossier, making it, handing it out."""

import hashlib
from uuid import UUID

from exemplars.models import Evidence, Nomination
from exemplars.workflow import NominationState
from reports.assembly import assemble, count_steps
from reports.documents.facts import AttachmentFacts, DossierFacts
from reports.join import Joined
from reports.models import DossierJob
from reports.selectors.dossiers import gather_dossier
from reports.services.jobs import build_job, promise_job, report_progress
from reports.snapshot import content_key, dump_facts, load_facts
from units.actors import Actor
from units.clock import now
from units.refusals import RefusedError
from units.services.audit import record_act

TASK = "reports.tasks.build_dossier"
NOT_YET = (NominationState.DRAFT, NominationState.WITHDRAWN)


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
    return promise_job(asked, of={"nomination": nomination}, task=TASK, verb="request-dossier", actor=actor)


def build_dossier(pk: UUID, *, outbox_key: str) -> None:
    """Make the file of a dossier and mark it done, once."""
    build_job(DossierJob, pk, outbox_key=outbox_key, make=_make)


def _make(job: DossierJob) -> Joined:
    facts = load_facts(DossierFacts, job.snapshot)
    files = {str(one.pk): one for one in Evidence.objects.filter(nomination=job.nomination_id)}

    def read(attachment: AttachmentFacts) -> bytes | None:
        return _read_evidence(files.get(attachment.pk), attachment.sha256)

    return assemble(facts, read=read, progress=report_progress(job))


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
