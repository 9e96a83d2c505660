"""Báo cáo thành tích: who the nominee is, what was achieved, what was awarded before."""

from reports.documents.facts import DossierFacts
from reports.documents.sheet import Sheet, heading, open_number


def lay_out(facts: DossierFacts) -> Sheet:
    """Two forms: a person reports in the first part on a life, a collective on its organisation."""
    return Sheet(
        title="Báo cáo thành tích",
        template="reports/paper/achievement_report.html",
        context={
            "facts": facts,
            "nominee": facts.nominee,
            "head": heading(facts.head, facts.forwarded_on, number=open_number("BC", facts.head)),
            "titles": [honour for honour in facts.honours if honour.is_emulation_title],
            "commendations": [honour for honour in facts.honours if not honour.is_emulation_title],
        },
        note=facts.nominee.name,
    )
