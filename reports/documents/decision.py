"""Quyết định công nhận, with its annexed list."""

from reports.documents.facts import DecisionFacts, DossierFacts
from reports.documents.sheet import Sheet, heading


def lay_out(facts: DossierFacts, decision: DecisionFacts) -> Sheet:
    """A view of the issued decision from its data; the signed original stays with the records office and says so."""
    return Sheet(
        title=f"Quyết định số {decision.number}",
        template="reports/paper/decision.html",
        context={
            "facts": facts,
            "decision": decision,
            "head": heading(decision.head, decision.signed_on, number=decision.number),
            "copies": ["Như Điều 3;", f"{decision.head.superior} (để báo cáo);", "Lưu: VT, TĐKT."],
        },
        note=f"ngày {decision.signed_on:%d/%m/%Y}, kèm danh sách",
    )
