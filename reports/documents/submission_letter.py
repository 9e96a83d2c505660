"""Tờ trình: the unit puts its nominee forward."""

from collections import Counter

from reports.documents.facts import DossierFacts
from reports.documents.sheet import Sheet, heading, open_number

COUNCIL = "Thi đua - Khen thưởng"


def lay_out(facts: DossierFacts) -> Sheet:
    findings = facts.criteria.findings if facts.criteria else ()
    return Sheet(
        title="Tờ trình đề nghị công nhận",
        template="reports/paper/submission_letter.html",
        context={
            "facts": facts,
            "head": heading(facts.head, facts.forwarded_on, number=open_number("TTr", facts.head)),
            "counts": Counter(finding.status for finding in findings),
            "findings_total": len(findings),
            "addressee": facts.addressee.replace(f"{COUNCIL} ", f"{COUNCIL}\n", 1).split("\n"),
            "copies": ["Như trên;", "Lưu: VT, TĐKT."],
        },
        note=facts.unit,
    )
