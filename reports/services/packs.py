"""Asking for the pack of a sitting, making it, handing it out to the council's desk."""

from uuid import UUID

from awards.models import Sitting
from reports.assembly import assemble_sheets
from reports.documents import pack
from reports.documents.pack import PackFacts
from reports.join import Joined
from reports.models import SittingPack
from reports.selectors.packs import gather_pack, list_hidden_from
from reports.services.jobs import build_job, promise_job, report_progress
from reports.snapshot import content_key, dump_facts, load_facts
from units.actors import Actor
from units.clock import now
from units.refusals import RefusedError
from units.services.audit import record_act

TASK = "reports.tasks.build_sitting_pack"


def request_sitting_pack(sitting: Sitting, *, actor: Actor) -> SittingPack:
    """Promise a pack of the sitting as it is now; the same content gives the same pack."""
    require_taking_part(sitting, actor=actor)
    facts = gather_pack(sitting)
    snapshot = dump_facts(facts)
    at = now()
    asked = SittingPack(
        unit=actor.unit,
        sitting=sitting,
        steps_total=len(list(pack.lay_out(facts))) + 1,
        asked_by=actor.account,
        asked_at=at,
        moved_at=at,
        content_key=content_key(snapshot),
        snapshot=snapshot,
    )
    return promise_job(asked, of={"sitting": sitting}, task=TASK, verb="request-sitting-pack", actor=actor)


def require_taking_part(sitting: Sitting, *, actor: Actor) -> None:
    """Refuse whoever takes no part in a case: the pack has all of them. The refusal leaves a line in the trail."""
    hidden = list_hidden_from(sitting, actor.account)
    if hidden:
        record_act("refuse-sitting-pack", sitting, actor=actor)
        raise RefusedError(
            "Không giao tập tài liệu này cho đồng chí.",
            why=f"Đồng chí không tham gia: {', '.join(hidden)}; tập có hồ sơ của mọi trường hợp.",
            remedy="Nhờ người khác của Thường trực Hội đồng lập và in.",
        )


def build_sitting_pack(pk: UUID, *, outbox_key: str) -> None:
    """Make the file of a pack and mark it done, once."""
    build_job(SittingPack, pk, outbox_key=outbox_key, make=_make)


def _make(job: SittingPack) -> Joined:
    facts = load_facts(PackFacts, job.snapshot)
    return assemble_sheets(
        f"Tập tài liệu phiên họp: {facts.sitting}",
        facts.as_of,
        list(pack.lay_out(facts)),
        cover=lambda entries, pages: pack.lay_out_cover(facts, entries, pages),
        progress=report_progress(job),
    )


def record_pack_download(job: SittingPack, *, actor: Actor) -> None:
    """A pack holds personal data: each copy that leaves is written down."""
    record_act("download-sitting-pack", job, actor=actor, sha256=job.sha256)
