"""Models of nominations and criteria."""

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
    "RulebookEdition",
    "SpecialCase",
    "SpecialCaseState",
    "Standing",
]
