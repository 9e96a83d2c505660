"""Counting a ballot and judging its papers. No Django, no clock, no database: everything is an argument."""

from awards.voting.counting import count, has_quorum, to_json
from awards.voting.json_text import CountRefusedError
from awards.voting.means import Mean, mean_of
from awards.voting.papers import clean_paper, largest_paper, paper_cautions, paper_problems
from awards.voting.reading import parse_rules, parse_sitting, read_sitting
from awards.voting.rounds import (
    Quota,
    RoundRefusedError,
    group_contests,
    list_winners,
    second_round,
    winners_contest,
)
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
    Scale,
    ScoreTally,
    Vote,
    decimal_text,
    decimal_words,
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
    "Mean",
    "PaperRules",
    "Quota",
    "RoundRefusedError",
    "Scale",
    "ScoreTally",
    "Vote",
    "clean_paper",
    "count",
    "decimal_text",
    "decimal_words",
    "group_contests",
    "has_quorum",
    "largest_paper",
    "list_winners",
    "mean_of",
    "paper_cautions",
    "paper_problems",
    "parse_rules",
    "parse_sitting",
    "read_sitting",
    "second_round",
    "to_json",
    "winners_contest",
]
