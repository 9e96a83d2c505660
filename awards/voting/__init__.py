"""Counting a ballot and judging its papers. No Django, no clock, no database: everything is an argument."""

from awards.voting.counting import count, to_json
from awards.voting.papers import clean_paper, largest_paper, paper_cautions, paper_problems
from awards.voting.reading import CountRefusedError, parse_rules, parse_sitting, read_sitting
from awards.voting.shapes import (
    CandidateTally,
    Contest,
    ContestResult,
    CountInput,
    CountResult,
    Denominator,
    InvalidPaper,
    Kind,
    PaperRules,
    Vote,
)

__all__ = [
    "CandidateTally",
    "Contest",
    "ContestResult",
    "CountInput",
    "CountRefusedError",
    "CountResult",
    "Denominator",
    "InvalidPaper",
    "Kind",
    "PaperRules",
    "Vote",
    "clean_paper",
    "count",
    "largest_paper",
    "paper_cautions",
    "paper_problems",
    "parse_rules",
    "parse_sitting",
    "read_sitting",
    "to_json",
]
