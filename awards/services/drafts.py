"""A decision in steps: drafted, numbered and dated, signed in ink, or given up with a reason.

It carries a count out, and is drafted here; or it takes another one back, and is drafted in `revocation_drafts`. From
the number on the steps are the same ones.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from awards.models import Ballot, Decision, DecisionDraft
from awards.selectors.decisions import elected_ids
from awards.services.decisions import (
    SignedDraft,
    find_signature,
    issue_decision,
    lock_counted,
    require_authority,
    require_free_number,
    require_titles,
    signer_of,
)
from awards.services.revocations import choose_lines, require_issuer, revoke_decision
from awards.workflow import DRAFT_TRANSITIONS, DraftAction, DraftState
from units.actors import Actor
from units.models import Delegation
from units.refusals import RefusedError
from units.selectors.signing import Signer
from units.services.audit import record_act
from units.uploads import check_upload

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic
def draft_decision(
    ballot: Ballot, *, subject: str, signer: Signer | Delegation, actor: Actor, at: datetime
) -> DecisionDraft:
    """Begin the papers of a count. Refuses a unit that does not decide these titles, a signer who may not sign, a
    count that recognised nobody, and a second draft. Nothing is in force yet."""
    ballot = lock_counted(ballot)
    day = localdate(at)
    require_authority(ballot.unit, day)
    if not elected_ids(ballot):
        raise RefusedError(
            "Lượt bỏ phiếu này không có trường hợp nào đạt nên không có quyết định công nhận.",
            remedy="Văn thư dùng nút ghi nhận kết quả không công nhận ở danh sách.",
        )
    require_titles(ballot, day)
    draft = DecisionDraft(unit=ballot.unit, ballot=ballot, drafted_by=actor.account, drafted_at=at, subject=subject)
    name_signer(draft, signer, day)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        raise RefusedError(
            "Kết quả này đã có dự thảo quyết định.", remedy="Mở dự thảo đó trong danh sách, hoặc hủy rồi lập lại."
        ) from None
    record_act("draft-decision", draft, actor=actor, wording=subject)
    return draft


@transaction.atomic
def change_draft(
    draft: DecisionDraft, *, subject: str, signer: Signer | Delegation, actor: Actor, at: datetime
) -> DecisionDraft:
    """Word it anew, before it has a number."""
    draft = take_draft(draft, DraftAction.CHANGE)
    draft.subject = subject
    name_signer(draft, signer, localdate(at))
    draft.save(update_fields=["subject", "signer_name", "signer_title", "delegation"])
    record_act("change-draft", draft, actor=actor, wording=subject)
    return draft


@transaction.atomic
def number_draft(draft: DecisionDraft, *, number: str, dated: date, actor: Actor, at: datetime) -> DecisionDraft:
    """Give number and day; refuses a number used in that year, and a day before the sitting or after today.

    Authority and signer are asked again for that day. Lasting: the number stays used, whatever becomes of the draft.
    """
    draft = take_draft(draft, DraftAction.NUMBER)
    _require_day(draft, dated, at)
    require_authority(draft.unit, dated)
    if draft.revokes:
        require_issuer(draft.revokes, actor, dated)
        choose_lines(draft.revokes, draft.taken)
    elif draft.ballot:
        require_titles(draft.ballot, dated)
    find_signature(draft.unit, dated, signer_of(draft))
    require_free_number(draft.unit, number, dated, draft)
    draft.number, draft.dated, draft.state = number, dated, DraftState.NUMBERED
    draft.save(update_fields=["number", "dated", "state"])
    record_act("number-draft", draft, actor=actor, number=number, dated=dated.isoformat())
    return draft


@transaction.atomic
def sign_draft(draft: DecisionDraft, *, scan: "UploadedFile[bytes]", actor: Actor, at: datetime) -> Decision:
    """Take the signed paper in and put the decision into force: decision, honours and nominations, all or none.

    A revocation takes the honours of its lines back in the same way and at the same moment.
    """
    checked = check_upload(scan)
    draft = take_draft(draft, DraftAction.SIGN)
    signed = SignedDraft(draft, checked)
    decision = revoke_decision(signed, actor=actor, at=at) if draft.revokes else _issue(signed, actor, at)
    draft.state, draft.decision = DraftState.SIGNED, decision
    draft.save(update_fields=["state", "decision"])
    record_act("sign-draft", draft, actor=actor, number=draft.number, sha256=checked.sha256)
    return decision


def _issue(signed: SignedDraft, actor: Actor, at: datetime) -> Decision:
    draft = signed.draft
    # The constraints hold that a numbered draft is dated and that what revokes nothing has a count.
    assert draft.dated is not None  # noqa: S101
    assert draft.ballot is not None  # noqa: S101
    return issue_decision(
        draft.ballot,
        number=draft.number,
        signed_on=draft.dated,
        signer=signer_of(draft),
        subject=draft.subject,
        actor=actor,
        at=at,
        signed=signed,
    )


def first_day(draft: DecisionDraft) -> tuple[date, str]:
    """From which day on it may be dated, and what happened on that day, in words."""
    if draft.revokes:
        return draft.revokes.signed_on, "ngày ký quyết định bị thu hồi"
    assert draft.ballot is not None  # noqa: S101  the database holds one of the two
    return draft.ballot.sitting.held_on, "ngày họp"


def _require_day(draft: DecisionDraft, dated: date, at: datetime) -> None:
    first, what = first_day(draft)
    if not first <= dated <= localdate(at):
        raise RefusedError(
            f"Ngày văn bản {dated:%d/%m/%Y} phải từ {what} {first:%d/%m/%Y} đến hôm nay.",
            remedy="Xem lại ngày trên quyết định.",
        )


@transaction.atomic
def void_draft(draft: DecisionDraft, *, reason: str, actor: Actor) -> DecisionDraft:
    """Give it up with a reason; its count or lines may be drafted anew, its number may not be used again that year."""
    draft = take_draft(draft, DraftAction.VOID)
    draft.state, draft.reason = DraftState.VOID, reason
    draft.save(update_fields=["state", "reason"])
    record_act("void-draft", draft, actor=actor, number=draft.number or "chưa có số", reason=reason)
    return draft


def take_draft(draft: DecisionDraft, action: DraftAction) -> DecisionDraft:
    """Lock it; refuse when it is not in a state from which `action` leads on."""
    locked = (
        DecisionDraft.objects.select_for_update(of=("self",))
        .select_related("ballot__sitting", "ballot__tally", "unit", "delegation", "revokes__unit")
        .get(pk=draft.pk)
    )
    if locked.state not in DRAFT_TRANSITIONS[action].sources:
        raise RefusedError(
            "Việc này không làm được ở bước hiện tại của dự thảo.",
            why=f"Dự thảo đang ở tình trạng «{locked.get_state_display()}».",
            remedy="Tải lại trang dự thảo để xem việc tiếp theo.",
        )
    return locked


def name_signer(draft: DecisionDraft, signer: Signer | Delegation, day: date) -> None:
    signature = find_signature(draft.unit, day, signer)
    draft.signer_name, draft.signer_title = signature.name, "\n".join(signature.authority)
    draft.delegation = signer if isinstance(signer, Delegation) else None
