"""Phiếu đối chiếu tiêu chuẩn: what the criteria said, with clause, evidence and remedy."""

from collections import Counter

from django.utils import timezone

from reports.documents.facts import CriteriaFacts, DossierFacts
from reports.documents.sheet import Sheet, heading


def lay_out(facts: DossierFacts, criteria: CriteriaFacts) -> Sheet:
    return Sheet(
        title="Phiếu đối chiếu tiêu chuẩn",
        template="reports/paper/criteria_sheet.html",
        context={
            "facts": facts,
            "criteria": criteria,
            "head": heading(facts.head, timezone.localdate(criteria.assessed_at)),
            "counts": Counter(finding.status for finding in criteria.findings),
        },
        note=criteria.edition,
    )
