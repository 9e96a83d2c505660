"""Models of councils, ballots and decisions."""

from awards.models.ballots import (
    Ballot,
    BallotKind,
    BallotState,
    Denominator,
    Follows,
    Tally,
    TieRule,
    Urn,
    VotingRule,
)
from awards.models.conflicts import ConflictGround, ConflictOfInterest
from awards.models.councils import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    Seat,
    Sitting,
    SittingState,
)
from awards.models.decisions import Decision, DecisionLine

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "BallotKind",
    "BallotState",
    "ConflictGround",
    "ConflictOfInterest",
    "Council",
    "CouncilMember",
    "Decision",
    "DecisionLine",
    "Denominator",
    "Follows",
    "Seat",
    "Sitting",
    "SittingState",
    "Tally",
    "TieRule",
    "Urn",
    "VotingRule",
]
