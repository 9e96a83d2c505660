"""Models of nominations and criteria."""

from exemplars.models.drafts import RulebookDraft, RulebookDraftState, RulebookTrial
from exemplars.models.judging import MovementGrade, MovementResult, Proposal, ProposingBody
from exemplars.models.nominations import (
    Assessment,
    Attestation,
    Evidence,
    EvidenceKind,
    Nomination,
    Remark,
    RulebookEdition,
)

__all__ = [
    "Assessment",
    "Attestation",
    "Evidence",
    "EvidenceKind",
    "MovementGrade",
    "MovementResult",
    "Nomination",
    "Proposal",
    "ProposingBody",
    "Remark",
    "RulebookDraft",
    "RulebookDraftState",
    "RulebookEdition",
    "RulebookTrial",
]
