"""Two tellers enter the papers, each alone; the count takes them only when both agree on every paper."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import Ballot, BallotKind, BallotState, CouncilMember, TellerSheet
from awards.selectors.hand_papers import (
    SPOILED,
    compare_sheets,
    enters_papers,
    most_papers,
    papers_by_number,
)
from awards.services.ballots import lock_ballot
from awards.terms import (
    Terms,
    contests_of,
    expected_envelopes,
    lay_paper,
    name_candidates,
    paper_rules,
    scale_words,
    terms_of,
)
from awards.voting import Vote, clean_paper, paper_problems
from awards.voting.papers import CleanPaper
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


class EntryRefusal(StrEnum):
    """Why an entry was not taken, as the trail keeps it."""

    NOT_TELLER = "not-teller"
    NOT_CLOSED = "not-closed"
    FINISHED = "finished"
    AGREED = "agreed"
    ENTERED = "entered"
    UNKNOWN_NUMBER = "unknown-number"
    TOO_MANY = "too-many"
    WRONG_PAPER = "wrong-paper"
    TOO_FEW = "too-few"


class EntryRefusedError(RefusedError):
    """Nothing was entered; `reason` goes into the trail, the words to the teller."""

    def __init__(self, reason: EntryRefusal, what: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(what, why=why, remedy=remedy)
        self.reason = reason


@contextmanager
def _recording(ballot: Ballot, actor: Actor) -> Iterator[None]:
    """All or nothing; a refusal leaves its reason in the trail, without the paper."""
    try:
        with transaction.atomic():
            yield
    except EntryRefusedError as refusal:
        record_act("refuse-paper", ballot, actor=actor, reason=refusal.reason.value)
        raise


@sensitive_variables()
def enter_paper(
    ballot: Ballot,
    number: int,
    choices: Mapping[str, str],
    *,
    spoiled: frozenset[str],
    mends: bool,
    member: CouncilMember,
    actor: Actor,
) -> None:
    """Enter what the paper stamped `number` says, or mend it.

    `spoiled` are contests in which the paper cannot be read or is torn or marked. Too many choices are entered as they
    are: the counter says so. Once both have finished, only numbers on which they differ are open. A refusal leaves its
    reason in the trail, without the paper.
    """
    with _recording(ballot, actor):
        sheet, terms = _lock_sheet(ballot, member)
        known = papers_by_number(sheet.papers)
        _require_open(sheet, terms, number)
        _require_number(sheet.ballot, known, number, mends=mends)
        known[number] = _lay(terms, choices, spoiled)
        _write(sheet, known)
        record_act("mend-paper" if mends else "enter-paper", sheet.ballot, actor=actor, number=number)


@sensitive_variables()
def strike_paper(ballot: Ballot, number: int, *, member: CouncilMember, actor: Actor) -> None:
    """Take a number off one's own sheet that is on no paper."""
    with _recording(ballot, actor):
        sheet, terms = _lock_sheet(ballot, member)
        known = papers_by_number(sheet.papers)
        _require_open(sheet, terms, number)
        if number not in known:
            raise EntryRefusedError(
                EntryRefusal.UNKNOWN_NUMBER,
                f"Chưa nhập phiếu số {number}, không có gì để bỏ.",
                remedy="Tải lại trang để xem các số đã nhập.",
            )
        del known[number]
        _write(sheet, known)
        record_act("strike-paper", sheet.ballot, actor=actor, number=number)


def finish_entering(ballot: Ballot, *, member: CouncilMember, actor: Actor) -> None:
    """Say that every paper is entered. When both have, they are compared, and differences are told to both."""
    with _recording(ballot, actor):
        sheet, terms = _lock_sheet(ballot, member)
        if sheet.is_done:
            raise EntryRefusedError(
                EntryRefusal.FINISHED, "Đồng chí đã báo nhập xong.", remedy="Chờ người kia báo nhập xong."
            )
        least = expected_envelopes(terms)
        if len(sheet.papers) < least:
            raise EntryRefusedError(
                EntryRefusal.TOO_FEW,
                f"Mới nhập {len(sheet.papers)} phiếu, chưa báo xong được.",
                why=f"Có {least} bì kín; bì rỗng cũng được đóng số và nhập là phiếu hỏng.",
                remedy="Nhập nốt các phiếu còn lại.",
            )
        sheet.is_done = True
        sheet.save(update_fields=["is_done"])
        record_act("finish-entering", sheet.ballot, actor=actor, papers=len(sheet.papers))


def take_entered(ballot: Ballot) -> list[CleanPaper]:
    """The papers on which both tellers of a locked ballot agree, by number; none where nobody enters papers."""
    if not enters_papers(ballot):
        return []
    sheets = list(TellerSheet.objects.select_for_update(of=("self",)).filter(ballot=ballot))
    compared = compare_sheets(terms_of(ballot), sheets)
    if not compared.agree:
        unlike = ", ".join(str(one.number) for one in compared.differences)
        raise RefusedError(
            "Chưa kiểm phiếu được: hai người kiểm phiếu chưa khớp nhau.",
            why=f"Khác nhau ở phiếu số {unlike}." if unlike else "Chưa đủ hai người báo nhập xong.",
            remedy="Mỗi người soát lại trên phiếu giấy và sửa phần mình nhập; khớp hết rồi kiểm phiếu.",
        )
    return [paper for _, paper in sorted(papers_by_number(sheets[0].papers).items())]


def _lock_sheet(ballot: Ballot, member: CouncilMember) -> tuple[TellerSheet, Terms]:
    """One's own sheet under the lock of the ballot, so that two hands never mend at the same moment."""
    ballot = lock_ballot(ballot)
    if ballot.state == BallotState.DRAFT or not enters_papers(ballot):
        raise EntryRefusedError(
            EntryRefusal.NOT_CLOSED, "Lượt này không có phiếu giấy để nhập.", remedy="Xem lại lượt bỏ phiếu."
        )
    sheet = TellerSheet.objects.select_for_update(of=("self",)).filter(ballot=ballot, teller=member).first()
    if sheet is None:
        raise EntryRefusedError(
            EntryRefusal.NOT_TELLER,
            "Đồng chí không phải người nhập phiếu của lượt này.",
            why="Hai người của Ban kiểm phiếu nhập phiếu đã được chốt khi mở lượt bỏ phiếu.",
            remedy="Liên hệ thư ký Hội đồng nếu có nhầm lẫn.",
        )
    if ballot.state != BallotState.CLOSED:
        raise EntryRefusedError(
            EntryRefusal.NOT_CLOSED,
            "Chưa nhận phiếu nhập: lượt bỏ phiếu không ở bước kiểm phiếu.",
            why=f"Tình trạng hiện nay: {ballot.get_state_display()}.",
            remedy="Chỉ nhập phiếu sau khi đóng bỏ phiếu và trước khi có kết quả.",
        )
    sheet.ballot = ballot
    return sheet, terms_of(ballot)


def _require_open(sheet: TellerSheet, terms: Terms, number: int) -> None:
    if not sheet.is_done:
        return
    compared = compare_sheets(terms, list(TellerSheet.objects.filter(ballot=sheet.ballot)))
    if not compared.are_done:
        raise EntryRefusedError(
            EntryRefusal.FINISHED,
            "Đồng chí đã báo nhập xong nên chưa sửa được.",
            why="Người kia chưa nhập xong; khi cả hai xong, phần mềm chỉ ra chỗ khác nhau.",
            remedy="Chờ người kia báo nhập xong.",
        )
    if number not in {one.number for one in compared.differences}:
        raise EntryRefusedError(
            EntryRefusal.AGREED,
            f"Phiếu số {number} không nằm trong các phiếu cần soát lại.",
            why="Cả hai đã báo nhập xong; chỉ sửa những phiếu hai người nhập khác nhau.",
            remedy="Mở các phiếu trong danh sách khác nhau.",
        )


def _require_number(ballot: Ballot, known: Mapping[int, Any], number: int, *, mends: bool) -> None:
    most = most_papers(ballot)
    if not 1 <= number <= most:
        raise EntryRefusedError(
            EntryRefusal.TOO_MANY,
            f"Không nhận phiếu số {number}.",
            why=f"Phát ra {ballot.issued or 0} phiếu và nhận {expected_envelopes(terms_of(ballot))} bì kín, nên số "
            f"đóng trên phiếu chỉ từ 1 đến {most}.",
            remedy="Kiểm lại số đóng trên phiếu; thừa phiếu thì dừng lại và lập biên bản.",
        )
    if number in known and not mends:
        raise EntryRefusedError(
            EntryRefusal.ENTERED,
            f"Đồng chí đã nhập phiếu số {number}.",
            why="Mỗi phiếu chỉ nhập một lần.",
            remedy="Kiểm lại số đóng trên phiếu; nhập sai thì mở phiếu đó trong danh sách để sửa.",
        )


def _lay(terms: Terms, choices: Mapping[str, str], spoiled: frozenset[str]) -> CleanPaper:
    """The paper in its one form. Unlike a cast paper it may hold too many choices, as paper does."""
    if terms["kind"] == BallotKind.SCORE:
        return _lay_scores(terms, choices, spoiled)
    allowed = {vote.value for vote in Vote}
    known = {key for one in contests_of(terms) for key in one["candidates"]}
    if not spoiled <= {one["id"] for one in contests_of(terms)} or any(
        key not in known or vote not in allowed for key, vote in choices.items()
    ):
        raise EntryRefusedError(
            EntryRefusal.WRONG_PAPER,
            "Chưa nhận phiếu nhập: lựa chọn gửi lên không đúng mẫu phiếu.",
            remedy="Tải lại trang rồi nhập lại phiếu này.",
        )
    paper: CleanPaper = {}
    for contest in contests_of(terms):
        if terms["kind"] == BallotKind.CHOOSE:
            chosen = [key for key in contest["candidates"] if choices.get(key) == Vote.YES.value]
            paper[contest["id"]] = [SPOILED] if contest["id"] in spoiled else chosen
        elif contest["id"] in spoiled:
            paper[contest["id"]] = {SPOILED: Vote.BLANK.value}
        else:
            paper[contest["id"]] = {key: choices.get(key, Vote.BLANK.value) for key in contest["candidates"]}
    return paper


def _lay_scores(terms: Terms, choices: Mapping[str, str], spoiled: frozenset[str]) -> CleanPaper:
    """Points of a paper. Beside the scale there are none: such a paper is spoiled, and only a person can say that."""
    contests = {one["id"]: one for one in contests_of(terms)}
    if not spoiled <= contests.keys():
        raise EntryRefusedError(
            EntryRefusal.WRONG_PAPER,
            "Chưa nhận phiếu nhập: nội dung gửi lên không đúng mẫu phiếu.",
            remedy="Tải lại trang rồi nhập lại phiếu này.",
        )
    unread = {key for contest in spoiled for key in contests[contest]["candidates"]}
    rules = paper_rules(terms)
    laid = lay_paper(terms, {key: answer for key, answer in choices.items() if key not in unread})
    problems = paper_problems(rules, laid)
    if problems:
        raise EntryRefusedError(
            EntryRefusal.WRONG_PAPER,
            "Chưa nhận phiếu nhập: có điểm không đúng thang điểm.",
            why=" ".join(name_candidates(problem, terms) for problem in problems),
            remedy=f"Chấm {scale_words(terms['rule'])}. Trên phiếu đúng là ghi như vậy thì đánh dấu phiếu hỏng ở nội "
            "dung đó. Điểm đã gõ còn nguyên bên dưới.",
        )
    return clean_paper(rules, laid) | {contest: {SPOILED: "0"} for contest in spoiled}


def _write(sheet: TellerSheet, papers: Mapping[int, Any]) -> None:
    sheet.papers = [{"number": number, "paper": papers[number]} for number in sorted(papers)]
    sheet.save(update_fields=["papers"])
