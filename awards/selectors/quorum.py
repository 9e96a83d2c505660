"""The quorum of a sitting in words, by the clause of the rule that is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from awards.models import Attendance, Ballot, CouncilMember, Sitting, VotingRule
from awards.selectors.ballots import list_voting_rules
from awards.voting import has_quorum


@dataclass(frozen=True, slots=True)
class QuorumLine:
    """One rule's quorum against who is there; `titles` name the kinds of ballots for which it holds."""

    share: str
    least: int
    present: int
    members: int
    citations: tuple[str, ...]
    titles: tuple[str, ...]
    confirmed: bool

    @property
    def is_met(self) -> bool:
        return has_quorum(self.present, self.members, Fraction(self.share))

    @property
    def missing(self) -> int:
        return max(self.least - self.present, 0)


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, who is away and why, of whom nothing was written yet; and what the quorum says of it."""

    present: tuple[CouncilMember, ...]
    away: tuple[Attendance, ...]
    unknown: tuple[CouncilMember, ...]
    quorums: tuple[QuorumLine, ...]


def describe_presence(
    sitting: Sitting, members: Sequence[CouncilMember], attendances: Sequence[Attendance], ballots: Sequence[Ballot]
) -> Presence:
    """Presence and quorum; the rules are those of the sitting's ballots, before the first those of the day."""
    here = {one.member_id for one in attendances if one.is_present}
    known = {one.member_id for one in attendances}
    rules = [one.rule for one in ballots] or list(list_voting_rules(sitting.held_on))
    present = tuple(one for one in members if one.pk in here)
    return Presence(
        present=present,
        away=tuple(one for one in attendances if not one.is_present),
        unknown=tuple(one for one in members if one.pk not in known),
        quorums=tuple(_lines(rules, len(present), len(members))),
    )


def _lines(rules: Sequence[VotingRule], present: int, members: int) -> list[QuorumLine]:
    by_share: dict[str, list[VotingRule]] = {}
    for rule in rules:
        by_share.setdefault(rule.quorum, []).append(rule)
    return [
        QuorumLine(
            share=share,
            least=-(-members * Fraction(share).numerator // Fraction(share).denominator),
            present=present,
            members=members,
            citations=tuple(dict.fromkeys(one.citation for one in found)),
            titles=tuple(dict.fromkeys(one.title for one in found)),
            confirmed=all(one.confirmed for one in found),
        )
        for share, found in by_share.items()
    ]
