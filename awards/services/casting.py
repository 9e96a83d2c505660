"""Casting: one sealed paper into the urn and one mark on the roll, together, with nothing that tells when."""

import bisect
from collections.abc import Mapping
from enum import StrEnum

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import Ballot, BallotState, CouncilMember
from awards.sealing import PaperRefusedError, SealedPaper, add_to_urn, paper_size, seal
from awards.services.ballots import lock_ballot, lock_urn
from awards.terms import lay_paper, name_candidates, paper_rules, terms_of
from awards.voting import clean_paper, paper_problems
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


class CastRefusal(StrEnum):
    """Why a paper was not taken, as the trail keeps it."""

    NOT_ON_ROLL = "not-on-roll"
    ALREADY_CAST = "already-cast"
    NOT_OPEN = "not-open"
    WRONG_PAPER = "wrong-paper"
    NOT_CONFIRMED = "not-confirmed"
    ON_PAPER = "on-paper"


class CastRefusedError(RefusedError):
    """No paper was taken; `reason` goes into the trail, the words to the member."""

    def __init__(self, reason: CastRefusal, what: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(what, why=why, remedy=remedy)
        self.reason = reason


def may_cast(ballot: Ballot, member: CouncilMember) -> None:
    """Refuse a member who cannot cast now, in the order that tells them most."""
    if member.pk in ballot.marks:
        raise CastRefusedError(
            CastRefusal.ALREADY_CAST,
            "Đã nhận phiếu của đồng chí.",
            why="Lượt bỏ phiếu này chỉ nhận một phiếu của mỗi thành viên; phiếu đã nhận vẫn nguyên trong hòm.",
            remedy="Không cần làm gì thêm. Khi lượt bỏ phiếu đóng, danh sách mã phiếu được công bố tại trang này.",
        )
    if ballot.state != BallotState.OPEN:
        raise CastRefusedError(
            CastRefusal.NOT_OPEN,
            "Chưa nhận phiếu của đồng chí: lượt bỏ phiếu không mở.",
            why=f"Tình trạng hiện nay: {ballot.get_state_display()}.",
            remedy="Liên hệ thư ký Hội đồng nếu đồng chí chưa kịp bỏ phiếu.",
        )
    if ballot.on_paper:
        raise CastRefusedError(
            CastRefusal.ON_PAPER,
            "Lượt này bỏ phiếu bằng giấy, phần mềm không nhận phiếu.",
            why=f"Lý do đã chốt khi mở: {ballot.paper_reason}.",
            remedy="Nhận phiếu giấy tại phiên họp và bỏ vào hòm phiếu của Ban kiểm phiếu.",
        )
    if member.pk not in ballot.electorate and member.pk not in ballot.absentees:
        raise CastRefusedError(
            CastRefusal.NOT_ON_ROLL,
            "Đồng chí không có trong danh sách bỏ phiếu của lượt này.",
            why="Danh sách gồm các thành viên được điểm danh có mặt khi mở lượt bỏ phiếu, và thành viên vắng khi cách "
            "tính kết quả tính ý kiến bằng văn bản mà thư ký chưa nhận bì kín của họ; trừ người không tham gia trường "
            "hợp được xét. Danh sách đã chốt.",
            remedy="Liên hệ thư ký Hội đồng nếu điểm danh chưa đúng; lượt đang mở không đổi danh sách được.",
        )


@sensitive_variables()
def check_choices(ballot: Ballot, choices: Mapping[str, str]) -> None:
    """Refuse choices that no valid paper could hold: an unknown case, too many, a word that is no answer."""
    terms = terms_of(ballot)
    problems = paper_problems(paper_rules(terms), lay_paper(terms, choices))
    if problems:
        raise CastRefusedError(
            CastRefusal.WRONG_PAPER,
            "Chưa nhận phiếu của đồng chí: phiếu chưa đúng.",
            why=" ".join(name_candidates(problem, terms) for problem in problems),
            remedy="Lựa chọn của đồng chí còn nguyên bên dưới.",
        )


@sensitive_variables()
def check_paper(ballot: Ballot, choices: Mapping[str, str], *, member: CouncilMember, actor: Actor) -> None:
    """Judge a paper before it is cast, keeping nothing of it. A refusal leaves its reason in the trail."""
    try:
        may_cast(ballot, member)
        check_choices(ballot, choices)
    except CastRefusedError as refusal:
        record_act("refuse-cast", ballot, actor=actor, reason=refusal.reason.value)
        raise


@sensitive_variables()
def cast_ballot(ballot: Ballot, choices: Mapping[str, str], *, member: CouncilMember, actor: Actor) -> str:
    """Take one paper and return its fingerprint.

    The written opinion of an absent member is a paper like the others. Paper and mark are written in one transaction
    or not at all. A paper that was taken leaves no line in the
    trail, which would carry its member and time; a refusal leaves its reason, without the paper.
    """
    try:
        return _put_in_urn(ballot, choices, member).fingerprint
    except CastRefusedError as refusal:
        record_act("refuse-cast", ballot, actor=actor, reason=refusal.reason.value)
        raise


@sensitive_variables()
@transaction.atomic
def _put_in_urn(ballot: Ballot, choices: Mapping[str, str], member: CouncilMember) -> SealedPaper:
    # All that decides is frozen in the row itself, and others wait for the lock.
    ballot = lock_ballot(ballot, alone=True)
    may_cast(ballot, member)
    check_choices(ballot, choices)
    terms = terms_of(ballot)
    rules = paper_rules(terms)
    size = paper_size(rules, str(ballot.pk))
    urn = lock_urn(ballot)
    try:
        clean = clean_paper(rules, lay_paper(terms, choices))
        sealed = seal(bytes(ballot.public_key or b""), str(ballot.pk), clean, size=size)
        urn.papers = add_to_urn([bytes(paper) for paper in urn.papers], sealed.data, size=size)
    except PaperRefusedError as error:
        raise CastRefusedError(CastRefusal.WRONG_PAPER, str(error)) from None
    bisect.insort(ballot.marks, member.pk)
    urn.save(update_fields=["papers"])
    ballot.save(update_fields=["marks"])
    return sealed
