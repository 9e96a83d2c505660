"""The life of a ballot around its casting: prepared, opened with a key ceremony, closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import Ballot, BallotKind, BallotState, CouncilMember, Sitting, TellerSheet, Urn, VotingRule
from awards.sealing import STRONG_COST, KeyCost, SealingError, fingerprint, open_ceremony
from awards.selectors.ballots import CheckList, check_ballot
from awards.selectors.contests import list_eligible
from awards.services.sittings import lock_planned
from awards.terms import Named, ScaleTerms, Terms, count_input, hash_json, scale_terms
from awards.voting import CountRefusedError, Quota, RoundRefusedError, group_contests
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


@transaction.atomic
def add_ballot(
    sitting: Sitting,
    *,
    title: str,
    rule: VotingRule,
    seats: int | None,
    actor: Actor,
    kind: str = BallotKind.APPROVE,
    contests: Sequence[Mapping[str, Any]] = (),
) -> Ballot:
    """Prepare a ballot on cases of a sitting. Nothing is fixed before it opens.

    `contests` are its groups; without them it asks about every case still open, in one group with `seats`.
    """
    sitting = lock_planned(sitting)
    require_no_draft(sitting)
    require_kind(rule, kind)
    ballot = Ballot.objects.create(
        unit=sitting.unit,
        sitting=sitting,
        title=title,
        rule=rule,
        seats=None if contests else seats,
        kind=kind,
        contests=[dict(one) for one in contests],
    )
    record_act("add-ballot", ballot, actor=actor, rule=rule.code)
    return ballot


def require_no_draft(sitting: Sitting) -> None:
    if Ballot.objects.filter(sitting=sitting, state=BallotState.DRAFT).exists():
        raise RefusedError(
            "Phiên họp đã có một lượt bỏ phiếu đang chuẩn bị.", remedy="Mở hoặc hủy lượt đó trước khi lập lượt mới."
        )


def require_kind(rule: VotingRule, kind: str) -> None:
    if kind not in rule.kinds:
        raise RefusedError(
            f"Cách tính «{rule.title}» không dùng cho lượt bỏ phiếu kiểu này.",
            why=f"Cách tính này dùng khi: {', '.join(BallotKind(one).label.lower() for one in rule.kinds)}.",
            remedy="Chọn cách bỏ phiếu khác, hoặc chọn cách tính khác.",
        )


@transaction.atomic
def arrange_ballot(ballot: Ballot, groups: Sequence[Mapping[str, Any]], *, actor: Actor) -> Ballot:
    """Lay the cases of a draft out in groups: each with a title, its seats and its cases.

    Refuses a ballot that follows another (the count before it decided its groups), a case in two groups, a group with
    cases and no title, and a draft without any case.
    """
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.DRAFT, "Lượt bỏ phiếu đã mở nên không xếp lại được.")
    if ballot.follows:
        raise RefusedError(
            "Danh sách của lượt này theo kết quả lượt trước nên không xếp lại được.",
            remedy="Muốn bỏ phiếu khác đi thì hủy lượt này và lập lượt mới.",
        )
    eligible = {str(item.nomination_id): item for item in list_eligible(ballot)}
    try:
        contests = group_contests(
            [Quota(one["id"], one["title"], one["seats"]) for one in groups],
            [(case, one["id"]) for one in groups for case in one["cases"] if case in eligible],
        )
    except RoundRefusedError as error:
        raise RefusedError("Chưa lưu được các nhóm.", why=str(error)) from None
    nameless = [one for one in contests if not one.title.strip()]
    if nameless:
        raise RefusedError(
            "Chưa lưu được các nhóm.",
            why="Có nhóm được xếp trường hợp mà chưa đặt tên.",
            remedy="Đặt tên nhóm, ví dụ «Sở Tư pháp».",
        )
    ballot.contests = [
        {"id": one.id, "title": one.title, "seats": one.seats, "cases": list(one.candidates)} for one in contests
    ]
    ballot.seats = None
    ballot.save(update_fields=["contests", "seats"])
    record_act("arrange-ballot", ballot, actor=actor, groups=len(contests))
    return ballot


def lock_ballot(ballot: Ballot, *, alone: bool = False) -> Ballot:
    """Lock the ballot's row; sitting, council, rule and unit are loaded, not locked, unless it is wanted `alone`.

    What this transaction writes lies on the disk before anybody hears of it, however the server is set up: a member
    who was told that the paper is in the urn may rely on that through a crash.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")
    rows = Ballot.objects.select_for_update(of=("self",))
    if not alone:
        rows = rows.select_related("sitting__council", "sitting__unit", "rule", "unit")
    return rows.get(pk=ballot.pk)


def lock_urn(ballot: Ballot) -> Urn:
    """Lock the urn's row. No persona sees urns through the scoped manager; only casting, closing and counting do."""
    urn: Urn = Urn._base_manager.select_for_update().get(ballot=ballot)  # noqa: SLF001  the unfiltered manager
    return urn


def require_state(ballot: Ballot, state: BallotState, what: str) -> None:
    if ballot.state != state:
        raise RefusedError(
            what, why=f"Tình trạng hiện nay: {ballot.get_state_display()}.", remedy="Tải lại trang để xem tình trạng."
        )


@transaction.atomic
def discard_ballot(ballot: Ballot, *, actor: Actor) -> None:
    """Give up a ballot that was never opened; its line in the trail stays."""
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.DRAFT, "Lượt bỏ phiếu đã mở nên không hủy được.")
    standing = ballot.envelopes.filter(withdrawn_at__isnull=True).count()
    if standing:
        raise RefusedError(
            "Chưa hủy được lượt bỏ phiếu này.",
            why=f"Còn {standing} bì kín của thành viên vắng đã nhận cho lượt này.",
            remedy="Trả lại từng bì nguyên vẹn trước, rồi hủy.",
        )
    record_act("discard-ballot", ballot, actor=actor)
    ballot.delete()


@sensitive_variables()
@transaction.atomic
def open_ballot(
    ballot: Ballot, *, passphrases: Mapping[str, str], actor: Actor, day: date, cost: KeyCost = STRONG_COST
) -> Ballot:
    """Freeze the terms, make the key under the holders' passphrases and set out an empty urn.

    `passphrases` by id of the three key holders. Refuses what the check-list names as an obstacle, and passphrases
    that are weak or equal. The private key is kept nowhere; the hash of the terms goes into the trail.
    A ballot on paper has no passphrases, no key and no urn: its two tellers each get an empty sheet.
    """
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.DRAFT, "Lượt bỏ phiếu này không còn ở bước chuẩn bị.")
    # A sitting that is being changed at this moment waits, or we wait for it.
    lock_planned(ballot.sitting)
    check = check_ballot(ballot, day=day)
    if check.obstacles:
        raise RefusedError("Chưa mở được lượt bỏ phiếu.", why=" ".join(check.obstacles))
    holders = {str(holder.member.pk) for holder in check.holders}
    if set(passphrases) != holders:
        raise RefusedError(
            "Cụm mật khẩu không phải của ba người giữ khóa hiện nay.", remedy="Tải lại trang và làm lại việc tạo khóa."
        )
    terms = freeze_terms(ballot, check)
    require_countable(terms)
    if not ballot.on_paper:
        _make_key(ballot, passphrases, cost)
    ballot.terms, ballot.terms_hash = terms, hash_json(terms)
    ballot.electorate = sorted(member.pk for member in check.electorate)
    ballot.absentees = sorted(member.pk for member in check.absentees)
    ballot.state = BallotState.OPEN
    ballot.save()
    if not ballot.on_paper:
        Urn.objects.create(unit=ballot.unit, ballot=ballot)
    for teller in check.tellers:
        TellerSheet.objects.create(unit=ballot.unit, ballot=ballot, teller=teller)
    record_act("open-ballot", ballot, actor=actor, terms_hash=ballot.terms_hash)
    return ballot


@sensitive_variables()
def _make_key(ballot: Ballot, passphrases: Mapping[str, str], cost: KeyCost) -> None:
    try:
        ceremony = open_ceremony(passphrases, cost=cost)
    except SealingError as error:
        raise RefusedError("Chưa tạo được khóa của lượt bỏ phiếu.", why=str(error)) from None
    ballot.public_key, ballot.wraps = ceremony.public_key, ceremony.wraps


def require_countable(terms: Terms) -> None:
    """Refuse to open what could never be counted: a share that somebody edited wrongly shows before the vote."""
    try:
        count_input(terms, [])
    except CountRefusedError as refusal:
        raise RefusedError(
            "Chưa mở được lượt bỏ phiếu.",
            why=f"Cách tính kết quả không dùng được: {refusal}",
            remedy="Sửa cách tính, hoặc chọn cách tính khác.",
        ) from None


def freeze_terms(ballot: Ballot, check: CheckList) -> Terms:
    """Everything that decides the vote, in words and ids that stay true when names and rules change later."""
    rule = ballot.rule
    scale = scale_terms(rule) if ballot.kind == BallotKind.SCORE else ScaleTerms()
    return Terms(
        ballot=str(ballot.pk),
        council=ballot.sitting.council.name,
        title=ballot.title,
        held_on=ballot.sitting.held_on.isoformat(),
        kind=ballot.kind,
        rule={
            "code": rule.code,
            "title": rule.title,
            "quorum": rule.quorum,
            "denominator": rule.denominator,
            "threshold": rule.threshold,
            "count_written": rule.count_written,
            "blank_is_valid": rule.blank_is_valid,
            "citation": rule.citation,
            "confirmed": rule.confirmed,
            "tie": rule.tie,
            **scale,
        },
        seats=ballot.seats,
        members=check.quorum.members,
        present=check.quorum.present,
        candidates=[
            {
                "id": str(item.nomination_id),
                "order": item.order,
                "name": item.nomination.nominee_name,
                "unit": item.nomination.put_forward_by.short_name,
                "recognition": item.nomination.recognition.name,
            }
            for item in check.candidates
        ],
        contests=[
            {
                "id": group.id,
                "title": group.title,
                "seats": group.seats,
                "candidates": [str(item.nomination_id) for item in group.items],
                **scale,
            }
            for group in check.groups
        ],
        excluded=[
            {
                "id": str(one.member.pk),
                "name": str(one.member),
                "cases": [item.nomination.nominee_name for item in one.cases],
                "grounds": list(one.grounds),
            }
            for one in check.away
        ],
        follows=ballot.follows,
        parent=str(ballot.parent_id or ""),
        is_proposal=ballot.is_proposal,
        electorate=sorted(str(member.pk) for member in check.electorate),
        holders=[
            {"id": str(holder.member.pk), "name": str(holder.member), "duty": holder.duty} for holder in check.holders
        ],
        absentees=_name(check.absentees),
        envelopes=_name(check.envelopes),
        on_paper=ballot.on_paper,
        paper_reason=ballot.paper_reason,
        tellers=_name(check.tellers),
    )


def _name(members: Sequence[CouncilMember]) -> list[Named]:
    return [{"id": str(one.pk), "name": str(one)} for one in members]


@transaction.atomic
def close_ballot(ballot: Ballot, *, actor: Actor) -> Ballot:
    """End the casting and publish the fingerprints of the papers. Marks and papers that disagree make it void."""
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.OPEN, "Lượt bỏ phiếu này không ở bước bỏ phiếu.")
    if ballot.on_paper:
        raise RefusedError(
            "Lượt này bỏ phiếu bằng giấy.", remedy="Ghi số phiếu đã phát ra ở trang lượt bỏ phiếu rồi đóng."
        )
    papers = lock_urn(ballot).papers
    ballot.fingerprints = sorted(fingerprint(bytes(paper)) for paper in papers)
    ballot.state = BallotState.CLOSED
    ballot.save(update_fields=["fingerprints", "state"])
    record_act(
        "close-ballot", ballot, actor=actor, papers=len(papers), fingerprints_hash=hash_json(ballot.fingerprints)
    )
    reason = _disagreement(ballot, len(papers))
    return void_ballot(ballot, reason, actor=actor) if reason else ballot


def close_paper_ballot(ballot: Ballot, *, issued: int, actor: Actor) -> Ballot:
    """End the voting on paper, saying how many papers were handed out: never more than members who vote.

    A refusal leaves a line in the trail.
    """
    try:
        return _close_paper(ballot, issued, actor)
    except RefusedError:
        record_act("refuse-issued", ballot, actor=actor, issued=issued)
        raise


@transaction.atomic
def _close_paper(ballot: Ballot, issued: int, actor: Actor) -> Ballot:
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.OPEN, "Lượt bỏ phiếu này không ở bước bỏ phiếu.")
    if not ballot.on_paper or not 0 <= issued <= len(ballot.electorate):
        raise RefusedError(
            f"Số phiếu phát ra ghi {issued}, chưa đóng được bỏ phiếu.",
            why=f"Chỉ phát phiếu cho {len(ballot.electorate)} thành viên có mặt trong danh sách bỏ phiếu.",
            remedy="Đếm lại phiếu đã phát theo danh sách ký nhận, rồi ghi lại.",
        )
    ballot.issued, ballot.state = issued, BallotState.CLOSED
    ballot.save(update_fields=["issued", "state"])
    record_act("close-paper-ballot", ballot, actor=actor, issued=issued)
    return ballot


@transaction.atomic
def abandon_ballot(ballot: Ballot, *, reason: str, actor: Actor) -> Ballot:
    """Give up a closed ballot whose urn cannot be opened, so that the sitting may vote anew.

    Nobody knows a result at that moment, so nobody can give up one that displeases; one on paper therefore only until
    the first paper is entered. The reason is told to the members
    and kept in the trail; the urn stays sealed.
    """
    ballot = lock_ballot(ballot)
    require_state(ballot, BallotState.CLOSED, "Chỉ hủy được lượt bỏ phiếu đã đóng mà chưa kiểm phiếu.")
    if ballot.on_paper and ballot.sheets.exclude(papers=[]).exists():
        raise RefusedError(
            "Không hủy được lượt bỏ phiếu này.",
            why="Ban kiểm phiếu đã bắt đầu đọc và nhập phiếu giấy.",
            remedy="Nhập hết phiếu, đối chiếu rồi kiểm phiếu; vướng mắc ghi vào biên bản.",
        )
    if not reason.strip():
        raise RefusedError(
            "Chưa ghi lý do hủy.", remedy="Ghi vì sao không mở được hòm phiếu; thành viên sẽ thấy lý do."
        )
    return void_ballot(ballot, reason.strip(), actor=actor)


def _disagreement(ballot: Ballot, papers: int) -> str:
    if not set(ballot.marks) <= {*ballot.electorate, *ballot.absentees}:
        return "Có người được ghi là đã bỏ phiếu mà không có trong danh sách bỏ phiếu đã chốt."
    if len(ballot.marks) != papers:
        return f"Có {len(ballot.marks)} người được ghi là đã bỏ phiếu nhưng trong hòm có {papers} phiếu."
    return ""


def void_ballot(ballot: Ballot, reason: str, *, actor: Actor) -> Ballot:
    """Declare a locked ballot void. The urn stays sealed as it is, for whoever looks into it."""
    ballot.state, ballot.void_reason = BallotState.VOID, reason
    ballot.save(update_fields=["state", "void_reason"])
    record_act("void-ballot", ballot, actor=actor, reason=reason)
    return ballot
