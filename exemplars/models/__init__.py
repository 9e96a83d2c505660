"""Models of nominations and criteria."""

from exemplars.models.drafts import RulebookDraft, RulebookDraftState, RulebookTrial
from exemplars.models.judging import (
    MovementGrade,
    MovementResult,
    Proposal,
    ProposingBody,
    SpecialCase,
    SpecialCaseState,
)
from exemplars.models.nominations import (
    Assessment,
    Attestation,
    Evidence,
    EvidenceKind,
    Nomination,
    Remark,
    RulebookEdition,
)
from exemplars.models.qualifying import Candidate, QualifyingRun, Standing
from exemplars.models.what_if import WhatIf, WhatIfState, WhatIfUnit

__all__ = [
    "Assessment",
    "Attestation",
    "Candidate",
    "Evidence",
    "EvidenceKind",
    "MovementGrade",
    "MovementResult",
    "Nomination",
    "Proposal",
    "ProposingBody",
    "QualifyingRun",
    "Remark",
    "RulebookDraft",
    "RulebookDraftState",
    "RulebookEdition",
    "RulebookTrial",
    "SpecialCase",
    "SpecialCaseState",
    "Standing",
    "WhatIf",
    "WhatIfState",
    "WhatIfUnit",
]
