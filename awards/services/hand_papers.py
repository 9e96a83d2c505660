"""Before a ballot opens: whether it is held on paper, and the closed envelopes of absent members."""

from datetime import date, datetime

from django.db import transaction

from awards.models import Attendance, Ballot, BallotState, CouncilMember, WrittenEnvelope
from awards.services.ballots import lock_ballot, require_state
from awards.services.withdrawals import give_back
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act

OPENED = "Lượt bỏ phiếu đã mở nên không thay đổi được."


@transaction.atomic
def hold_on_paper(ballot: Ballot, *, reason: str, actor: Actor) -> Ballot:
    """Decide, before opening, that a ballot is held on paper, with the reason; without a reason, that it is not."""
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.DRAFT, OPENED)
    ballot.on_paper, ballot.paper_reason = bool(reason), reason
    ballot.save(update_fields=["on_paper", "paper_reason"])
    if reason:
        record_act("hold-on-paper", ballot, actor=actor, reason=reason)
    else:
        record_act("hold-in-product", ballot, actor=actor)
    return ballot


def receive_envelope(
    ballot: Ballot, member: CouncilMember, *, received_on: date, actor: Actor, at: datetime
) -> WrittenEnvelope:
    """Write down that a closed envelope of an absent member is here. Nobody opens it before the count.

    Refuses once the ballot is open, where the rule counts no written opinions, a member who is not recorded absent, and
    a second envelope; a refusal leaves a line in the trail.
    """
    try:
        return _receive(ballot, member, received_on, actor, at)
    except RefusedError as refusal:
        record_act("refuse-envelope", ballot, actor=actor, member=str(member), why=refusal.what)
        raise


@transaction.atomic
def _receive(ballot: Ballot, member: CouncilMember, received_on: date, actor: Actor, at: datetime) -> WrittenEnvelope:
    ballot = lock_ballot(ballot)
    _require_envelope(ballot, member, received_on)
    row = WrittenEnvelope.objects.create(
        unit=ballot.unit,
        ballot=ballot,
        member=member,
        received_on=received_on,
        recorded_by=actor.account,
        recorded_at=at,
    )
    record_act("receive-envelope", ballot, actor=actor, member=str(member), on=received_on.isoformat())
    return row


def _require_envelope(ballot: Ballot, member: CouncilMember, received_on: date) -> None:
    require_state(ballot, BallotState.DRAFT, "Lượt bỏ phiếu đã mở nên không nhận thêm bì kín.")
    if not ballot.rule.count_written:
        raise RefusedError(
            "Chưa nhận bì kín.",
            why=f"Cách tính «{ballot.rule.title}» không tính ý kiến bằng văn bản của người vắng.",
            remedy="Trả lại bì nguyên vẹn, hoặc lập lượt bỏ phiếu với cách tính có tính ý kiến bằng văn bản.",
        )
    if not Attendance.objects.filter(sitting=ballot.sitting_id, member=member, is_present=False).exists():
        raise RefusedError(
            f"Chưa nhận bì kín của {member}.",
            why="Chỉ thành viên được ghi vắng, có lý do, mới cho ý kiến bằng văn bản.",
            remedy="Ghi vắng ở phần điểm danh trước, rồi ghi nhận bì.",
        )
    if received_on > ballot.sitting.held_on:
        raise RefusedError(
            f"Ngày nhận {received_on:%d/%m/%Y} ở sau ngày họp.", remedy="Ghi ngày nhận từ ngày họp trở về trước."
        )
    if WrittenEnvelope.objects.filter(ballot=ballot, member=member, withdrawn_at__isnull=True).exists():
        raise RefusedError(
            f"Đã có một bì kín của {member}.",
            why="Mỗi thành viên chỉ có một ý kiến.",
            remedy="Muốn thay thì trả lại bì trước nguyên vẹn, rồi ghi nhận bì mới.",
        )


@transaction.atomic
def withdraw_envelope(row: WrittenEnvelope, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give an envelope back unopened. Refused once the ballot is open: from then on it is one of the papers."""
    ballot = lock_ballot(row.ballot)
    require_state(ballot, BallotState.DRAFT, "Lượt bỏ phiếu đã mở nên bì kín không trả lại được.")
    row = WrittenEnvelope.objects.select_for_update(of=("self",)).select_related("member__user").get(pk=row.pk)
    if row.withdrawn_at is not None:
        raise RefusedError(
            "Bì này đã được trả lại.", why=f"Lý do đã ghi: {row.withdrawn_reason}.", remedy="Không cần làm gì thêm."
        )
    if not reason.strip():
        raise RefusedError("Chưa ghi lý do trả lại bì.", remedy="Ghi lý do, ví dụ: thành viên xin rút ý kiến.")
    row.ballot = ballot
    give_back(row, reason.strip(), actor=actor, at=at)
