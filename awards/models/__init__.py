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
from awards.models.bonus import BaseSalary, BonusRate
from awards.models.conflicts import ConflictGround, ConflictOfInterest
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
from awards.models.decisions import Decision, DecisionLine, ResultLetter, RevokedLine
from awards.models.invitations import Answer, InvitationLetter, LetterKind, SittingInvitation
from awards.models.readings import OwnReading

__all__ = [
    "AgendaItem",
    "Answer",
    "Attendance",
    "Ballot",
    "BallotKind",
    "BallotState",
    "BaseSalary",
    "BonusRate",
    "ConflictGround",
    "ConflictOfInterest",
    "Council",
    "CouncilMember",
    "CouncilPaper",
    "Decision",
    "DecisionLine",
    "Denominator",
    "Follows",
    "InvitationLetter",
    "LetterKind",
    "OwnReading",
    "PaperKind",
    "ResultLetter",
    "RevokedLine",
    "Seat",
    "Sitting",
    "SittingInvitation",
    "SittingState",
    "Tally",
    "TieRule",
    "Urn",
    "VotingRule",
]
