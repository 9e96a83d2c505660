"""Models of councils, ballots and decisions."""

from awards.models.ballots import Ballot, BallotState, Denominator, Tally, Urn, VotingRule
from awards.models.bonus import BaseSalary, BonusRate
from awards.models.councils import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    Seat,
    Sitting,
    SittingState,
)
from awards.models.decisions import Decision, DecisionLine, ResultLetter, RevokedLine

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "BallotState",
    "BaseSalary",
    "BonusRate",
    "Council",
    "CouncilMember",
    "Decision",
    "DecisionLine",
    "Denominator",
    "ResultLetter",
    "RevokedLine",
    "Seat",
    "Sitting",
    "SittingState",
    "Tally",
    "Urn",
    "VotingRule",
]
