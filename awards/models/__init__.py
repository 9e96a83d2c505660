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
from awards.models.invitations import Answer, InvitationLetter, LetterKind, SittingInvitation

__all__ = [
    "AgendaItem",
    "Answer",
    "Attendance",
    "Ballot",
    "BallotState",
    "Council",
    "CouncilMember",
    "CouncilPaper",
    "Decision",
    "DecisionLine",
    "Denominator",
    "InvitationLetter",
    "LetterKind",
    "PaperKind",
    "Seat",
    "Sitting",
    "SittingInvitation",
    "SittingState",
    "Tally",
    "Urn",
    "VotingRule",
]
