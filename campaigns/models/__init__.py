"""Models of campaigns."""

from campaigns.models.clusters import (
    Cluster,
    ClusterContact,
    ClusterFile,
    ClusterHandover,
    ClusterKind,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    ExpectedWork,
    HandoverState,
)
from campaigns.models.inspections import (
    Inspection,
    InspectionNotice,
    InspectionPlan,
    InspectionTeamMember,
    PlanState,
)
from campaigns.models.opinions import (
    ClusterPledge,
    OpinionAnswer,
    OpinionRequest,
    OpinionRound,
    PledgeSignature,
    Verdict,
)
from campaigns.models.plan import Campaign, CampaignKind, Obligation, ObligationKind, Phase, Quota
from campaigns.models.scores import ScoreColumn, ScoreEntry, ScoreSheet, ScoreTemplate, SheetSide, SheetState
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
    "Cluster",
    "ClusterContact",
    "ClusterFile",
    "ClusterHandover",
    "ClusterKind",
    "ClusterMember",
    "ClusterPledge",
    "ClusterRole",
    "ClusterYear",
    "DigestState",
    "ExpectedWork",
    "ExtensionRequest",
    "ExtensionState",
    "HandoverState",
    "Inspection",
    "InspectionNotice",
    "InspectionPlan",
    "InspectionTeamMember",
    "Obligation",
    "ObligationKind",
    "OpinionAnswer",
    "OpinionRequest",
    "OpinionRound",
    "Phase",
    "PlanState",
    "PledgeSignature",
    "Quota",
    "ReminderDigest",
    "ScoreColumn",
    "ScoreEntry",
    "ScoreSheet",
    "ScoreTemplate",
    "SheetSide",
    "SheetState",
    "Verdict",
]
