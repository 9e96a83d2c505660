"""Models of nominations and criteria."""

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
    "Nomination",
    "Remark",
    "RulebookEdition",
]
