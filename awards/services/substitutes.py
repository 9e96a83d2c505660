"""Who stands in for a member at one sitting, by a paper."""

from datetime import date

from django.db import transaction

from awards.council_rules import find_substitute_rule
from awards.models import Attendance, Ballot, BallotState, CouncilMember, Seat, Sitting, SittingState
from awards.selectors.councils import list_members, list_substitutes
from awards.services.seats import keep_duties, lock_council, require_account
from awards.services.sittings import lock_planned
from units.actors import Actor
from units.models import User
from units.refusals import RefusedError
from units.services.audit import record_act

NO_RULE = RefusedError(
    "Chưa có quy định về người thay cho ngày họp này.",
    remedy="Báo bộ phận quản trị bổ sung quy định về Hội đồng, hoặc ghi thành viên đó vắng.",
)


@transaction.atomic
def name_substitute(
    sitting: Sitting, member: CouncilMember, user: User, *, position: str, document: str, actor: Actor, day: date
) -> CouncilMember:
    """Let an account of the subtree hold the seat of `member` at one sitting; it may read from `day` on.

    Whether it votes is what the rule of the day of the sitting says. Refused for conferences, for somebody who sits in
    the council that day, where the member has a substitute already, and where the council meets twice that day.
    """
    council = lock_council(sitting.council, day)
    sitting = lock_planned(sitting)
    if council.cluster_year_id:
        raise RefusedError(
            "Hội nghị khu vực, cụm, khối không có người thay.",
            why="Mỗi đơn vị có một phiếu của người đứng đầu; cấp phó không bỏ phiếu thay.",
            remedy="Ghi đơn vị đó vắng, hoặc họp khi người đứng đầu dự được.",
        )
    rule = find_substitute_rule(sitting.held_on)
    if rule is None:
        raise NO_RULE
    require_account(user, council.unit, day)
    _require_free_place(sitting, member, user)
    substitute = CouncilMember.objects.create(
        unit=council.unit,
        council=council,
        user=user,
        seat=Seat.MEMBER,
        position=position,
        order=member.order,
        valid_from=min(day, sitting.held_on),
        valid_to=sitting.held_on,
        given_by=document,
        stands_in_for=member,
        for_sitting=sitting,
        has_vote=rule.has_vote,
    )
    Attendance.objects.filter(sitting=sitting, member=member).delete()
    record_act("name-substitute", sitting, actor=actor, name=str(user), member=str(member), number=document)
    keep_duties(user, council.unit, day=day, actor=actor, reason=document)
    return substitute


def _require_free_place(sitting: Sitting, member: CouncilMember, user: User) -> None:
    others = Sitting.objects.filter(council=sitting.council, held_on=sitting.held_on, state=SittingState.PLANNED)
    if others.exclude(pk=sitting.pk).exists():
        raise RefusedError(
            f"Hội đồng có hai phiên họp ngày {sitting.held_on:%d/%m/%Y}.",
            why="Người thay giữ ghế của một phiên họp, theo ngày của phiên đó.",
            remedy="Chuyển một phiên họp sang ngày khác.",
        )
    standing = list_members(sitting.council, sitting.held_on)
    if standing.filter(user=user).exists() or list_substitutes(sitting).filter(user=user).exists():
        raise RefusedError(
            f"{user} đã có tên tại phiên họp này.",
            why="Một người không giữ hai ghế.",
            remedy="Cử một người khác.",
        )
    if list_substitutes(sitting).filter(stands_in_for=member).exists():
        raise RefusedError(f"{member} đã có người thay.", remedy="Bỏ người thay đang ghi trước khi cử người khác.")


@transaction.atomic
def withdraw_substitute(substitute: CouncilMember, *, actor: Actor, day: date) -> None:
    """Take a substitute back before the sitting counted on them; the member holds the seat again."""
    sitting = substitute.for_sitting
    assert sitting is not None  # noqa: S101  a substitute has a sitting
    council = lock_council(substitute.council, day)
    sitting = lock_planned(sitting)
    voted = Ballot.objects.filter(sitting=sitting, electorate__contains=[substitute.pk])
    if voted.exclude(state__in=(BallotState.DRAFT, BallotState.VOID)).exists():
        raise RefusedError(
            f"{substitute} đã có tên trong danh sách bỏ phiếu của phiên họp.",
            why="Danh sách đó được giữ nguyên từ khi mở lượt bỏ phiếu.",
            remedy="Giữ người thay đến hết phiên họp.",
        )
    Attendance.objects.filter(sitting=sitting, member=substitute).delete()
    record_act("withdraw-substitute", sitting, actor=actor, name=str(substitute), member=str(substitute.stands_in_for))
    user = substitute.user
    substitute.delete()
    keep_duties(user, council.unit, day=day, actor=actor, reason="thôi thay thành viên tại phiên họp")
