"""Models of campaigns."""

from campaigns.models.filings import (
    DirectReminder,
    ExemplarRegistration,
    ExemplarScope,
    RegisteredSubject,
    Submission,
    SubmissionPaper,
    TitleRegistration,
)
from campaigns.models.plan import Campaign, CampaignKind, FilingKind, Obligation, ObligationKind, Phase, Quota
from campaigns.models.work import (
    Assignment,
    DigestState,
    ExtensionRequest,
    ExtensionState,
    ReminderDigest,
)

__all__ = [
    "Assignment",
    "Campaign",
    "CampaignKind",
    "DigestState",
    "DirectReminder",
    "ExemplarRegistration",
    "ExemplarScope",
    "ExtensionRequest",
    "ExtensionState",
    "FilingKind",
    "Obligation",
    "ObligationKind",
    "Phase",
    "Quota",
    "RegisteredSubject",
    "ReminderDigest",
    "Submission",
    "SubmissionPaper",
    "TitleRegistration",
]
