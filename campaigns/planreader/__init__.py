"""Reads a plan's text: who owes what by when, page limits, quotas, phases, citations, and what looks wrong.

Pure and deterministic: no Django, no clock, no network, no database. The register of legal documents and the days
off come in as values. Text → lines → paragraphs under headings → moments and citations → duties → checks.
"""

from campaigns.planreader.clauses import find_clause, list_clauses
from campaigns.planreader.files import UnreadablePlanError, read_file
from campaigns.planreader.known_days import fixed_holidays
from campaigns.planreader.printing import as_json
from campaigns.planreader.reader import read_plan
from campaigns.planreader.reading import (
    Citation,
    Code,
    Due,
    DueKind,
    Header,
    KnownDocument,
    Obligation,
    PageLimit,
    Period,
    PlanIndicator,
    PlanPhase,
    PlanReading,
    PlanWarning,
    Quota,
    Span,
)

__all__ = [
    "Citation",
    "Code",
    "Due",
    "DueKind",
    "Header",
    "KnownDocument",
    "Obligation",
    "PageLimit",
    "Period",
    "PlanIndicator",
    "PlanPhase",
    "PlanReading",
    "PlanWarning",
    "Quota",
    "Span",
    "UnreadablePlanError",
    "as_json",
    "find_clause",
    "fixed_holidays",
    "list_clauses",
    "read_file",
    "read_plan",
]
