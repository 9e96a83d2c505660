"""How papers name who writes them, by what right and on which plan."""

from collections.abc import Mapping
from datetime import date

from campaigns.models import Campaign
from reports.documents.facts import Letterhead
from units.models import LegalDocument, Unit, UnitKind
from units.selectors.organisation import Chronicle

# The issuer's part of a paper's number, as offices of each kind write it.
ABBREVIATIONS: Mapping[str, str] = {
    UnitKind.MINISTRY: "BTP",
    UnitKind.GENERAL_DEPARTMENT: "TCTHADS",
    UnitKind.PROVINCIAL_ENFORCEMENT: "CTHADS",
    UnitKind.PROVINCIAL_ENFORCEMENT_2025: "THADS",
    UnitKind.DISTRICT_ENFORCEMENT: "CCTHADS",
    UnitKind.REGIONAL_OFFICE: "PTHADSKV",
    UnitKind.JUSTICE_OFFICE: "PTP",
    UnitKind.JUSTICE_DEPARTMENT: "STP",
}
DOCUMENT_KINDS: Mapping[str, str] = {
    "law": "Luật",
    "decree": "Nghị định",
    "circular": "Thông tư",
    "decision": "Quyết định",
    "directive": "Chỉ thị",
    "plan": "Kế hoạch",
    "official-letter": "Công văn",
}
COUNCIL = "Hội đồng Thi đua - Khen thưởng"


def name_plan(campaign: Campaign) -> str:
    """The plan as papers cite it."""
    if not campaign.plan_number or campaign.plan_number in campaign.plan_name:
        return campaign.plan_name
    day = f" ngày {campaign.plan_date:%d/%m/%Y}" if campaign.plan_date else ""
    return f"{campaign.plan_name} (số {campaign.plan_number}{day})"


def letterhead(unit: Unit, day: date, chronicle: Chronicle) -> Letterhead:
    """The head of a paper of `day`: the unit and the one above it as they were then."""
    superior = chronicle.above(unit, day)
    name = chronicle.name(unit, day)
    return Letterhead(
        superior=chronicle.name(superior, day).name if superior else "",
        office=name.name,
        place=name.place,
        abbreviation=ABBREVIATIONS.get(unit.kind, ""),
    )


def list_legal_basis(campaign: Campaign) -> tuple[str, ...]:
    """Each document by kind, number, day, issuer and subject; an unknown number stands as it was written."""
    numbers = [str(number) for number in campaign.legal_basis]
    known = {one.number: one for one in LegalDocument.objects.filter(number__in=numbers)}
    return tuple(_cite(known[number]) if number in known else number for number in numbers)


def _cite(document: LegalDocument) -> str:
    day = f" ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    issuer = f" của {document.issuer}" if document.issuer else ""
    subject = f"{document.subject[:1].lower()}{document.subject[1:]}"
    return f"{DOCUMENT_KINDS.get(document.kind, document.kind)} số {document.number}{day}{issuer} về {subject}"
