"""Tờ trình, dự thảo quyết định và danh sách kèm theo, as one paper to be signed."""

from collections.abc import Sequence

from awards.models import DecisionDraft
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
    return Sheet(
        title="Tờ trình và dự thảo quyết định",
        template="reports/paper/decision_draft.html",
        context={
            "draft": draft,
            "annexed": annexed,
            "authority": authority,
            "office": head.office,
            "legal_basis": basis,
            "plan": plan,
            "council": draft.ballot.sitting.council.name,
            "sitting_on": draft.ballot.sitting.held_on,
            "letter_head": heading(head, None, number=open_number("TTr", head)),
            "letter_signature": Signature(("TM. Thường trực Hội đồng",), ""),
            "letter_copies": ["Như trên;", "Lưu: VT, TĐKT."],
            "head": heading(head, draft.dated, number=draft.number or open_number("QĐ", head)),
            "draft_signature": Signature(draft.authority, draft.signer_name),
            "copies": ["Như Điều 3;", f"{head.superior} (để báo cáo);", "Lưu: VT, TĐKT."],
        },
    )
