"""Models of the register."""

from units.models.access import Membership, User
from units.models.organisation import Placement, Succession, SuccessionKind, Unit, UnitKind, UnitName
from units.models.people import Employment, Gender, PartyMembership, Person, PersonContact, Posting
from units.models.record import (
    AwardTitle,
    DisciplinaryAction,
    Grade,
    Grading,
    Honour,
    HonourRevocation,
    Initiative,
    InitiativeLevel,
    LegalDocument,
    RevocationKind,
    SubjectRecord,
    TitleAuthority,
    TitleEligibility,
    TitleKind,
    TitleSubject,
)
from units.models.tenancy import PersonalRow, TenantModel
from units.models.trail import AuditEntry, AuditLink, AuditStream, OutboxMessage

__all__ = [
    "AuditEntry",
    "AuditLink",
    "AuditStream",
    "AwardTitle",
    "DisciplinaryAction",
    "Employment",
    "Gender",
    "Grade",
    "Grading",
    "Honour",
    "HonourRevocation",
    "Initiative",
    "InitiativeLevel",
    "LegalDocument",
    "Membership",
    "OutboxMessage",
    "PartyMembership",
    "Person",
    "PersonContact",
    "PersonalRow",
    "Placement",
    "Posting",
    "RevocationKind",
    "SubjectRecord",
    "Succession",
    "SuccessionKind",
    "TenantModel",
    "TitleAuthority",
    "TitleEligibility",
    "TitleKind",
    "TitleSubject",
    "Unit",
    "UnitKind",
    "UnitName",
    "User",
]
