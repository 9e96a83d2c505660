"""Models of councils, ballots and decisions."""

from awards.models.ballots import Ballot, BallotState, Denominator, Tally, Urn, VotingRule
from awards.models.councils import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    CouncilPaper,
    PaperKind,
    Seat,
    Sitting,
    SittingState,
)
from awards.models.decisions import Decision, DecisionLine

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "BallotState",
    "Council",
    "CouncilMember",
    "CouncilPaper",
    "Decision",
    "DecisionLine",
    "Denominator",
    "PaperKind",
    "Seat",
    "Sitting",
    "SittingState",
    "Tally",
    "Urn",
    "VotingRule",
]
