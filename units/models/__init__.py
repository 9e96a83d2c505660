"""Models of the register."""

from units.models.access import Membership, User
from units.models.circumstances import REVIEWS, Circumstance, CircumstanceKind
from units.models.imports import ImportBatch, ImportKind, ImportLine, ImportState, Verdict
from units.models.invitations import Invitation
from units.models.letters import Letter, LetterState, MailBounce
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
    SharedData,
    SubjectRecord,
    TitleAuthority,
    TitleEligibility,
    TitleKind,
    TitleSubject,
)
from units.models.reorganisation import (
    Reorganisation,
    ReorganisationResult,
    ReorganisationSource,
    ReorganisationState,
)
from units.models.rights import Delegation, DelegationForm, Grant
from units.models.sessions import AccountSession
from units.models.tenancy import PersonalRow, TenantModel
from units.models.trail import AuditEntry, AuditLink, AuditStream, OutboxMessage
from units.models.transfers import PastService, Transfer, TransferOffer, TransferState

__all__ = [
    "REVIEWS",
    "AccountSession",
    "AuditEntry",
    "AuditLink",
    "AuditStream",
    "AwardTitle",
    "Circumstance",
    "CircumstanceKind",
    "Delegation",
    "DelegationForm",
    "DisciplinaryAction",
    "Employment",
    "Gender",
    "Grade",
    "Grading",
    "Grant",
    "Honour",
    "HonourRevocation",
    "ImportBatch",
    "ImportKind",
    "ImportLine",
    "ImportState",
    "Initiative",
    "InitiativeLevel",
    "Invitation",
    "LegalDocument",
    "Letter",
    "LetterState",
    "MailBounce",
    "Membership",
    "OutboxMessage",
    "PartyMembership",
    "PastService",
    "Person",
    "PersonContact",
    "PersonalRow",
    "Placement",
    "Posting",
    "Reorganisation",
    "ReorganisationResult",
    "ReorganisationSource",
    "ReorganisationState",
    "RevocationKind",
    "SharedData",
    "SubjectRecord",
    "Succession",
    "SuccessionKind",
    "TenantModel",
    "TitleAuthority",
    "TitleEligibility",
    "TitleKind",
    "TitleSubject",
    "Transfer",
    "TransferOffer",
    "TransferState",
    "Unit",
    "UnitKind",
    "UnitName",
    "User",
    "Verdict",
]
