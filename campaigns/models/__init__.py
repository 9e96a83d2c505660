"""Models of campaigns."""

from campaigns.models.plan import Campaign, CampaignKind, Obligation, ObligationKind, Phase, Quota
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
    "ExtensionRequest",
    "ExtensionState",
    "Obligation",
    "ObligationKind",
    "Phase",
    "Quota",
    "ReminderDigest",
]
