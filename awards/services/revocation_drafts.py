"""Drafting the decision that takes another one, or lines of it, back. Numbering and signing are in `drafts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from awards.models import Decision, DecisionDraft, DecisionLine
from awards.selectors.drafts import list_revocation_drafts
from awards.services.decisions import require_authority
from awards.services.drafts import name_signer, take_draft
from awards.services.revocations import choose_lines, lock_decision, require_issuer, require_recognising
from awards.workflow import DraftAction
from units.actors import Actor
from units.models import Delegation
from units.refusals import RefusedError
from units.selectors.signing import Signer
from units.services.audit import record_act


@dataclass(frozen=True, slots=True)
class RevocationWording:
    """What the drafter words: subject, who is to sign, how the honours end, why and under which clause."""

    subject: str
    signer: Signer | Delegation
    kind: str
    reason: str
    clause: str


@transaction.atomic
def draft_revocation(
    decision: Decision, *, lines: Collection[UUID] | None, wording: RevocationWording, actor: Actor, at: datetime
) -> DecisionDraft:
    """Begin the papers that take `lines` of `decision` back, or all of them (None). Nothing is revoked yet.

    Refuses whoever is neither the issuer nor its heir, a unit or signer without authority, a decision that itself
    revokes, a line that stands no longer, and one that another draft takes back.
    """
    decision = lock_decision(decision)
    day = localdate(at)
    require_issuer(decision, actor, day)
    require_recognising(decision)
    require_authority(actor.unit, day)
    draft = DecisionDraft(unit=actor.unit, revokes=decision, drafted_by=actor.account, drafted_at=at)
    chosen = _word(draft, decision, lines, wording, at)
    draft.save(force_insert=True)
    record_act("draft-revocation", draft, actor=actor, number=decision.number, lines=len(chosen), reason=wording.reason)
    return draft


@transaction.atomic
def change_revocation(
    draft: DecisionDraft, *, lines: Collection[UUID] | None, wording: RevocationWording, actor: Actor, at: datetime
) -> DecisionDraft:
    """Word it anew, before it has a number."""
    draft = take_draft(draft, DraftAction.CHANGE)
    assert draft.revokes is not None  # noqa: S101  the caller asked
    decision = lock_decision(draft.revokes)
    chosen = _word(draft, decision, lines, wording, at)
    draft.save(
        update_fields=["taken", "subject", "kind", "grounds", "clause", "signer_name", "signer_title", "delegation"]
    )
    record_act(
        "change-revocation", draft, actor=actor, number=decision.number, lines=len(chosen), reason=wording.reason
    )
    return draft


def _word(
    draft: DecisionDraft,
    decision: Decision,
    lines: Collection[UUID] | None,
    wording: RevocationWording,
    at: datetime,
) -> Sequence[DecisionLine]:
    chosen = choose_lines(decision, None if lines is None else {str(one) for one in lines})
    _require_undrafted(draft, decision, chosen)
    draft.taken = [str(one.pk) for one in chosen]
    draft.subject, draft.kind, draft.grounds, draft.clause = (
        wording.subject,
        wording.kind,
        wording.reason,
        wording.clause,
    )
    name_signer(draft, wording.signer, localdate(at))
    return chosen


def _require_undrafted(draft: DecisionDraft, decision: Decision, chosen: Sequence[DecisionLine]) -> None:
    """The decision is locked: nobody else drafts for it meanwhile."""
    taken = {key for one in list_revocation_drafts(decision).exclude(pk=draft.pk) for key in one.taken}
    names = [one.honour.subject_name for one in chosen if str(one.pk) in taken]
    if names:
        raise RefusedError(
            f"Đã có dự thảo thu hồi đối với: {'; '.join(names)}.",
            remedy="Mở dự thảo đó ở danh sách quyết định để làm tiếp hoặc hủy, rồi lập lại.",
        )
