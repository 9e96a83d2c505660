"""The rule service: judges a nominee by a plan's criteria, and says why, and why not yet.

Pure: no Django, no clock, no database. A rulebook is a TOML document (``parse_rulebook``), what is known
about a nominee is a ``Case``, and ``assess`` answers with one finding per criterion: met, unmet or
undetermined.
"""

from exemplars.rules.cases import CaseFileError, NamedCase, dump_case, load_case, parse_cases
from exemplars.rules.document import DocumentError
from exemplars.rules.engine import NotApplicableError, assess
from exemplars.rules.facts import (
    NOTHING_KNOWN,
    Attestation,
    Body,
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Employment,
    Facts,
    Grading,
    HonourHeld,
    Level,
    MovementResult,
    Nominee,
    NomineeKind,
    PastRecognition,
    Proposal,
    Source,
)
from exemplars.rules.findings import (
    Assessment,
    Citation,
    Evidence,
    Finding,
    Judgement,
    Status,
    read_findings,
)
from exemplars.rules.ladders import Ladder, LadderKind, Ladders, Step
from exemplars.rules.predicates import CATALOGUE, Attested, Predicate, Question, Span, Subject, TrackRecord
from exemplars.rules.rulebook import (
    Criterion,
    Plan,
    Recognition,
    Rulebook,
    RulebookError,
    parse_rulebook,
)

__all__ = [
    "CATALOGUE",
    "NOTHING_KNOWN",
    "Assessment",
    "Attestation",
    "Attested",
    "Body",
    "Case",
    "CaseFileError",
    "Citation",
    "Criterion",
    "Discipline",
    "DisciplineOf",
    "DocumentError",
    "EligibleTitle",
    "Employment",
    "Evidence",
    "Facts",
    "Finding",
    "Grading",
    "HonourHeld",
    "Judgement",
    "Ladder",
    "LadderKind",
    "Ladders",
    "Level",
    "MovementResult",
    "NamedCase",
    "Nominee",
    "NomineeKind",
    "NotApplicableError",
    "PastRecognition",
    "Plan",
    "Predicate",
    "Proposal",
    "Question",
    "Recognition",
    "Rulebook",
    "RulebookError",
    "Source",
    "Span",
    "Status",
    "Step",
    "Subject",
    "TrackRecord",
    "assess",
    "dump_case",
    "load_case",
    "parse_cases",
    "parse_rulebook",
    "read_findings",
]
