"""What a council's count and a decision said of a case, as papers print it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count

from awards.models import Attendance, Council, Decision, DecisionLine, Denominator, Seat, Tally
from awards.selectors.councils import list_members
from awards.selectors.counts import describe_score
from awards.terms import name_candidates, scale_words, terms_of
from exemplars.models import Nomination
from reports.documents.facts import (
    CandidateFacts,
    ContestFacts,
    DecisionFacts,
    DecisionLineFacts,
    Letterhead,
    MemberFacts,
    MinutesFacts,
    RevocationFacts,
    Signature,
    VotingRuleFacts,
)
from reports.selectors.letterheads import COUNCIL, letterhead
from units.selectors.organisation import Chronicle
from units.selectors.signing import HEADS


def find_tally(nomination: Nomination) -> Tally | None:
    """The latest count in which the nomination stood; a second round replaces the first, a proposal does not."""
    tallies = (
        Tally.objects.filter(ballot__sitting__agenda__nomination=nomination, ballot__is_proposal=False)
        .select_related("ballot__sitting__council", "ballot__sitting__unit")
        .order_by("-counted_at")
    )
    stood = str(nomination.pk)
    return next((tally for tally in tallies if stood in _candidates(tally.count_input)), None)


def _candidates(count_input: Mapping[str, Any]) -> set[str]:
    return {name for contest in count_input["contests"] for name in contest["candidates"]}


def read_minutes(tally: Tally, chronicle: Chronicle) -> MinutesFacts:
    """The sitting, its members and every contest of the count; `chronicle` knows the sitting's unit."""
    sitting = tally.ballot.sitting
    council = sitting.council
    # Rule and names as they were frozen when the ballot opened, whatever has been edited since.
    terms = terms_of(tally.ballot)
    names = {candidate["id"]: candidate["name"] for candidate in terms["candidates"]}
    count = tally.count_input
    unit = chronicle.name(sitting.unit, sitting.held_on)
    return MinutesFacts(
        head=Letterhead(unit.name, COUNCIL, unit.place, "HĐTĐKT"),
        council=council.name,
        founding=f"Quyết định số {council.founding_number} ngày {council.founded_on:%d/%m/%Y}",
        sitting=sitting.title,
        held_on=sitting.held_on,
        place=sitting.place,
        members=read_members(sitting.pk, council, sitting.held_on),
        present=count["present"],
        members_total=count["members"],
        quorum_met=tally.result["quorum_met"],
        rule=VotingRuleFacts(
            quorum=count["quorum"],
            denominator=Denominator(count["denominator"]).label,
            threshold=count["threshold"] or "",
            citation=terms["rule"]["citation"],
            scale=scale_words(terms["rule"]),
        ),
        contests=tuple(
            _contest(*pair, names) for pair in zip(count["contests"], tally.result["contests"], strict=True)
        ),
        warnings=tuple(name_candidates(one, terms) for one in tally.result.get("warnings", ())),
        counted_at=tally.counted_at,
    )


def read_members(sitting: Any, council: Council, day: date) -> tuple[MemberFacts, ...]:
    """Members of the day in protocol order, with what the roll says of each."""
    roll = {one.member_id: one for one in Attendance.objects.filter(sitting=sitting)}
    members = list_members(council, day)
    return tuple(
        MemberFacts(
            name=member.user.display_name,
            position=member.position,
            seat=Seat(member.seat).label,
            is_secretary=member.is_secretary,
            is_teller=member.is_teller,
            is_present=roll[member.pk].is_present if member.pk in roll else None,
            absence=roll[member.pk].reason if member.pk in roll else "",
        )
        for member in members
    )


def _contest(asked: Mapping[str, Any], counted: Mapping[str, Any], names: Mapping[str, str]) -> ContestFacts:
    return ContestFacts(
        title=asked.get("title") or asked["id"],
        seats=asked["seats"],
        issued=counted["issued"],
        received=counted["received"],
        valid=counted["valid"],
        invalid=len(counted["invalid"]),
        denominator=counted["denominator"],
        candidates=tuple(
            CandidateFacts(
                name=names.get(candidate, candidate),
                yes=tally.get("yes", 0),
                no=tally.get("no", 0),
                blank=tally["blank"],
                share=tally["share"],
                passed=tally["passed"],
                outcome=_outcome(candidate, counted),
                **_points(tally, counted["denominator"]),
            )
            for candidate in asked["candidates"]
            for tally in [counted["candidates"][candidate]]
        ),
    )


def _points(tally: Mapping[str, Any], denominator: int) -> dict[str, str]:
    if "points" not in tally:
        return {}
    score = describe_score(tally, denominator)
    return {"points": score.points, "mean": f"{score.mean} ({score.division})"}


def _outcome(candidate: str, counted: Mapping[str, Any]) -> str:
    if candidate in counted["elected"]:
        return "elected"
    return "tied" if candidate in counted["tied"] else "not-elected"


def read_decision(decision: Decision, revocations: Sequence[Decision], chronicle: Chronicle) -> DecisionFacts:
    """A decision that recognises, with what `list_revocations` found; `chronicle` knows the units of all of them."""
    assert decision.ballot is not None  # noqa: S101  found by a line: it recognises
    unit, sitting = decision.unit, decision.ballot.sitting
    head = letterhead(unit, decision.signed_on, chronicle)
    return DecisionFacts(
        head=head,
        number=decision.number,
        signed_on=decision.signed_on,
        subject=decision.subject,
        issuing_authority=f"{HEADS.get(unit.kind, 'Thủ trưởng')} {head.office}",
        signature=Signature(decision.authority, decision.signer_name),
        council=sitting.council.name,
        sitting_on=sitting.held_on,
        lines=tuple(
            DecisionLineFacts(
                line.honour.subject_name,
                line.honour.subject_position,
                line.honour.subject_unit,
                _revoked_by(line, revocations),
            )
            for line in decision.lines.select_related("honour", "revoked")
        ),
        issued_at=decision.issued_at,
        revocations=tuple(
            RevocationFacts(
                number=one.number,
                signed_on=one.signed_on,
                issuer=chronicle.name(one.unit, one.signed_on).name,
                reason=one.reason,
                clause=one.clause,
                lines=one.taken,  # type: ignore[attr-defined]
            )
            for one in revocations
        ),
    )


def list_revocations(decision: Decision) -> list[Decision]:
    """Published decisions that took lines of this one back, the first one first."""
    found = Decision.objects.filter(revokes=decision, published_on__isnull=False).select_related("unit__parent")
    return list(found.annotate(taken=Count("revoked_lines")).order_by("signed_on", "pk"))


def _revoked_by(line: DecisionLine, revocations: Iterable[Decision]) -> str:
    taken = getattr(line, "revoked", None)
    return next((one.number for one in revocations if taken and one.pk == taken.decision_id), "")
