"""Bìa hồ sơ và mục lục."""

from collections.abc import Sequence

from reports.documents.facts import DossierFacts
from reports.documents.sheet import Sheet, heading
from reports.join import Entry

MISSING_MINUTES = "Biên bản họp Hội đồng và kết quả kiểm phiếu"
MISSING_DECISION = "Quyết định công nhận"


def lay_out(facts: DossierFacts, entries: Sequence[Entry], pages: int) -> Sheet:
    """`missing` names the papers that do not exist yet, or that the unit which asked may not see."""
    missing = []
    if facts.criteria is None:
        missing.append("Phiếu đối chiếu tiêu chuẩn")
    if facts.minutes is None:
        missing.append(MISSING_MINUTES)
    if facts.decision is None:
        missing.append(MISSING_DECISION)
    return Sheet(
        title="Bìa và mục lục",
        template="reports/paper/cover.html",
        context={
            "facts": facts,
            "head": heading(facts.head, None),
            "entries": entries,
            "pages": pages,
            "missing": missing,
        },
    )
