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
from exemplars.models.readings import (
    DatedReading,
    MergerReading,
    SpecialCaseDecider,
    SpecialCaseReading,
    TitleLevel,
)
from exemplars.models.what_if import WhatIf, WhatIfState, WhatIfUnit

__all__ = [
    "Assessment",
    "Attestation",
    "Candidate",
    "DatedReading",
    "Evidence",
    "EvidenceKind",
    "MergerReading",
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
    "SpecialCaseDecider",
    "SpecialCaseReading",
    "SpecialCaseState",
    "Standing",
    "TitleLevel",
    "WhatIf",
    "WhatIfState",
    "WhatIfUnit",
]
