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
from awards.models.bonus import BaseSalary, BonusPrinciple, BonusRate
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
from awards.models.crossing import (
    STANDING_FILINGS,
    CaseFiling,
    CaseLetter,
    CaseLetterKind,
    FilingState,
    ReceivedCase,
)
from awards.models.decisions import Decision, DecisionLine, ResultLetter, RevokedLine
from awards.models.drafts import DecisionDraft
from awards.models.hand_papers import TellerSheet, WrittenEnvelope
from awards.models.invitations import Answer, InvitationLetter, LetterKind, SittingInvitation
from awards.models.minutes import (
    Minutes,
    MinutesKind,
    MinutesLetter,
    MinutesLetterKind,
    MinutesScan,
    MinutesSignature,
    MinutesState,
    SignatureState,
    SigningWay,
)
from awards.models.readings import OwnReading

__all__ = [
    "STANDING_FILINGS",
    "AgendaItem",
    "Answer",
    "Attendance",
    "Ballot",
    "BallotKind",
    "BallotState",
    "BaseSalary",
    "BonusPrinciple",
    "BonusRate",
    "CaseFiling",
    "CaseLetter",
    "CaseLetterKind",
    "ConflictGround",
    "ConflictOfInterest",
    "Council",
    "CouncilMember",
    "CouncilPaper",
    "Decision",
    "DecisionDraft",
    "DecisionLine",
    "Denominator",
    "FilingState",
    "Follows",
    "InvitationLetter",
    "LetterKind",
    "Minutes",
    "MinutesKind",
    "MinutesLetter",
    "MinutesLetterKind",
    "MinutesScan",
    "MinutesSignature",
    "MinutesState",
    "OwnReading",
    "PaperKind",
    "ReceivedCase",
    "ResultLetter",
    "RevokedLine",
    "Seat",
    "SignatureState",
    "SigningWay",
    "Sitting",
    "SittingInvitation",
    "SittingState",
    "Tally",
    "TellerSheet",
    "TieRule",
    "Urn",
    "VotingRule",
    "WrittenEnvelope",
]
