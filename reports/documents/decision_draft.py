"""Tờ trình, dự thảo quyết định và danh sách kèm theo, as one paper to be signed."""

from collections.abc import Sequence
from typing import Any

from awards.models import DecisionDraft, DecisionLine
from exemplars.models import Nomination
from reports.documents.facts import Letterhead, Signature
from reports.documents.sheet import Sheet, heading, open_number


def lay_out(
    draft: DecisionDraft,
    annexed: Sequence[Nomination],
    *,
    head: Letterhead,
    authority: str,
    basis: Sequence[str],
    plan: str,
) -> Sheet:
    """Room for number and day until the records clerk has given them."""
    assert draft.ballot is not None  # noqa: S101  a draft without a count revokes and is laid out below
    sitting = draft.ballot.sitting
    about = {
        "annexed": annexed,
        "legal_basis": basis,
        "plan": plan,
        "council": sitting.council.name,
        "sitting_on": sitting.held_on,
    }
    context = _frame(draft, head, authority) | about
    return Sheet("Tờ trình và dự thảo quyết định", "reports/paper/decision_draft.html", context)


def lay_out_revocation(
    draft: DecisionDraft, taken: Sequence[DecisionLine], *, head: Letterhead, authority: str, issuer: str
) -> Sheet:
    """The same papers of a decision that takes another one, or lines of it, back; `issuer` is that one's, as it was."""
    context = _frame(draft, head, authority) | {"taken": taken, "revoked": draft.revokes, "issuer": issuer}
    return Sheet("Tờ trình và dự thảo quyết định thu hồi", "reports/paper/revocation_draft.html", context)


def _frame(draft: DecisionDraft, head: Letterhead, authority: str) -> dict[str, Any]:
    return {
        "draft": draft,
        "authority": authority,
        "office": head.office,
        "letter_head": heading(head, None, number=open_number("TTr", head)),
        "letter_signature": Signature(("TM. Thường trực Hội đồng",), ""),
        "letter_copies": ["Như trên;", "Lưu: VT, TĐKT."],
        "head": heading(head, draft.dated, number=draft.number or open_number("QĐ", head)),
        "draft_signature": Signature(draft.authority, draft.signer_name),
        "copies": ["Như Điều 3;", f"{head.superior} (để báo cáo);", "Lưu: VT, TĐKT."],
    }
