"""Ballots that follow from a count: another round among the tied, a ballot among those chosen."""

from dataclasses import dataclass

from django.db import transaction

from awards.models import Ballot, BallotState, Follows, VotingRule
from awards.selectors.rounds import chosen_ids, has_spoken, list_cases_of_winners, list_chain, tied_ids
from awards.services.ballots import lock_ballot, require_kind, require_no_draft
from awards.services.sittings import lock_planned
from awards.terms import CONTEST, terms_of
from awards.voting import count, parse_sitting, second_round
from units.actors import Actor
from units.models import AwardTitle
from units.refusals import RefusedError
from units.services.audit import record_act


@dataclass(frozen=True, slots=True)
class NextBallot:
    """What a ballot among those chosen asks: with `recognition`, their cases for that title; else who is proposed."""

    title: str
    kind: str
    rule: VotingRule
    seats: int | None
    recognition: AwardTitle | None


@transaction.atomic
def add_second_round(ballot: Ballot, *, actor: Actor) -> Ballot:
    """Prepare the round that a tie calls for: only the tied, for the seats still free, by the same rule."""
    ballot = _lock_counted(ballot, Follows.SECOND_ROUND)
    if not tied_ids(ballot):
        raise RefusedError(
            "Lượt này không cần vòng sau.",
            why="Không có trường hợp nào bằng phiếu ở suất cuối, hoặc quy định không cho.",
        )
    contests = second_round(count(parse_sitting(ballot.tally.count_input)))
    number = len(list_chain(ballot)) + 1
    first = list_chain(ballot)[0]
    added = Ballot.objects.create(
        unit=ballot.unit,
        sitting=ballot.sitting,
        title=f"{first.title} (vòng {number})"[:200],
        rule=ballot.rule,
        kind=ballot.kind,
        contests=[
            {"id": one.id, "title": one.title, "seats": one.seats, "cases": list(one.candidates)} for one in contests
        ],
        parent=ballot,
        follows=Follows.SECOND_ROUND,
        is_proposal=ballot.is_proposal,
    )
    record_act("add-second-round", added, actor=actor, first=ballot.title)
    return added


@transaction.atomic
def add_winners_ballot(ballot: Ballot, asked: NextBallot, *, actor: Actor) -> Ballot:
    """Prepare a ballot on those whom `ballot` and its rounds chose and on nobody else.

    With a title, on their own cases for that title, which it decides. Without one, on the same cases: its result is a
    list for a higher authority and changes nothing of theirs. Refused while a tie is open.
    """
    ballot = _lock_counted(ballot, Follows.WINNERS)
    require_kind(asked.rule, asked.kind)
    if tied_ids(ballot):
        raise RefusedError(
            "Chưa lập được lượt trong số đã được chọn.",
            why="Lượt trước còn trường hợp bằng phiếu ở suất cuối.",
            remedy="Bỏ phiếu vòng sau giữa các trường hợp bằng phiếu trước.",
        )
    chosen = chosen_ids(list_chain(ballot))
    if asked.recognition is None:
        cases = chosen
    else:
        items = list_cases_of_winners(ballot.sitting, chosen, title=asked.recognition)
        cases = [str(item.nomination_id) for item in items]
    if not cases:
        raise RefusedError(
            "Không có ai để bỏ phiếu ở lượt này.",
            why="Lượt trước không ai được chọn, hoặc không ai trong số đó được đề nghị danh hiệu này.",
            remedy="Đưa đề nghị của những người, tập thể đã được chọn vào chương trình rồi lập lại.",
        )
    added = Ballot.objects.create(
        unit=ballot.unit,
        sitting=ballot.sitting,
        title=asked.title,
        rule=asked.rule,
        kind=asked.kind,
        contests=[{"id": CONTEST, "title": asked.title, "seats": asked.seats, "cases": cases}],
        parent=ballot,
        follows=Follows.WINNERS,
        is_proposal=asked.recognition is None,
    )
    record_act("add-winners-ballot", added, actor=actor, first=ballot.title)
    return added


def _lock_counted(ballot: Ballot, follows: Follows) -> Ballot:
    """Lock the sitting and a count with a quorum that nothing of this sort follows yet."""
    lock_planned(ballot.sitting)
    ballot = lock_ballot(ballot)
    require_no_draft(ballot.sitting)
    if not has_spoken(ballot) or not terms_of(ballot):
        raise RefusedError(
            "Lượt này chưa có kết quả để bỏ phiếu tiếp.",
            why=f"Tình trạng: {ballot.get_state_display()}.",
            remedy="Kiểm phiếu xong, đủ số thành viên, rồi mới lập lượt tiếp theo.",
        )
    standing = (
        Ballot.objects.filter(parent=ballot, follows=follows).exclude(state=BallotState.VOID).select_related("tally")
    )
    if any(one.state != BallotState.COUNTED or has_spoken(one) for one in standing):
        raise RefusedError(
            "Lượt tiếp theo này đã được lập.", remedy="Mở lượt đó trong danh sách lượt bỏ phiếu của phiên họp."
        )
    return ballot
