"""Models of campaigns."""

from campaigns.models.plan import (
    AnchorEvent,
    CalendarDay,
    CalendarDayKind,
    Campaign,
    CampaignKind,
    Obligation,
    ObligationKind,
    Phase,
    Quota,
)
from campaigns.models.reminders import (
    CalendarFeed,
    DigestKind,
    DigestState,
    OverduePace,
    Reminder,
    ReminderDigest,
    ReminderLetter,
    ReminderSettings,
    WorkerPulse,
)
from campaigns.models.work import Assignment, ExtensionRequest, ExtensionState

__all__ = [
    "AnchorEvent",
    "Assignment",
    "CalendarDay",
    "CalendarDayKind",
    "CalendarFeed",
    "Campaign",
    "CampaignKind",
    "DigestKind",
    "DigestState",
    "ExtensionRequest",
    "ExtensionState",
    "Obligation",
    "ObligationKind",
    "OverduePace",
    "Phase",
    "Quota",
    "Reminder",
    "ReminderDigest",
    "ReminderLetter",
    "ReminderSettings",
    "WorkerPulse",
]
