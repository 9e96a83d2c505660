"""Seats of a council: given, changed, ended, each on a day and by a paper; and the duty that goes with a seat.

A seat is never rewritten: it ends on a day and another begins. The duty of a member (`Role.MEMBER` in the council's
unit) stands for exactly the days of the seats; `keep_duties` makes it so and is the only place that gives it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from awards.models import Attendance, Ballot, BallotState, Council, CouncilMember, Seat, Sitting, SittingState
from units.actors import Actor
from units.folding import nfc
from units.models import Membership, Person, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.selectors.accounts import belongs_below
from units.services.accounts import Duty, standing, tell, write_membership
from units.services.audit import record_act
from units.services.memberships import close_membership
from units.services.rights import end_dependents

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """A seat as the decision writes it, from `valid_from` on; `document` is the number of the paper that gives it."""

    seat: Seat
    position: str
    order: int
    is_secretary: bool
    is_teller: bool
    valid_from: date
    document: str


def lock_council(council: Council, day: date) -> Council:
    """Lock a council that still stands on `day`, or refuse. Whoever changes seats waits here for the other."""
    locked = Council.objects.select_for_update(of=("self",)).select_related("unit", "cluster_year").get(pk=council.pk)
    if locked.valid_to and locked.valid_to < day:
        raise RefusedError(
            f"{locked} đã kết thúc từ hết ngày {locked.valid_to:%d/%m/%Y}.",
            why="Danh sách của Hội đồng đã kết thúc được giữ nguyên.",
            remedy="Ghi quyết định thành lập Hội đồng nhiệm kỳ sau.",
        )
    return locked


def list_standing_seats(council: Council, day: date) -> QuerySet[CouncilMember]:
    """Seats that stand on `day` or will, substitutes among them; account, unit and council loaded."""
    return council.members.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).select_related(
        "user", "unit", "council"
    )


@transaction.atomic
def give_seat(council: Council, user: User, terms: SeatTerms, *, actor: Actor, day: date) -> CouncilMember:
    """Give an account of the unit's subtree a seat, and the duty for its days.

    Refuses an account of another branch or a closed one, a seat outside the council's term, a second seat of the same
    account, a second chair or secretary, and a chair who would be secretary.
    """
    council = lock_council(council, day)
    if council.cluster_year_id:
        raise RefusedError(
            "Thành viên Hội nghị là người đứng đầu các đơn vị thành viên.",
            remedy="Chọn «Cập nhật người đứng đầu» trên trang Hội nghị.",
        )
    require_account(user, council.unit, day)
    member = place_seat(council, user, terms)
    record_act(
        "give-seat",
        member,
        actor=actor,
        name=str(user),
        seat=member.get_seat_display(),
        on=terms.valid_from.isoformat(),
        number=terms.document,
    )
    keep_duties(user, council.unit, day=day, actor=actor, reason=terms.document)
    return member


@transaction.atomic
def change_seat(member: CouncilMember, terms: SeatTerms, *, actor: Actor, day: date) -> CouncilMember:
    """End a seat on the day before `terms.valid_from` and let the same account hold it otherwise from then on."""
    council = lock_council(member.council, day)
    member = _lock_seat(member)
    if terms.valid_from <= member.valid_from:
        raise RefusedError(
            "Thay đổi phải bắt đầu sau ngày bắt đầu của chức danh đang giữ.",
            why=f"{member} giữ chức danh này từ ngày {member.valid_from:%d/%m/%Y}; điều đã ghi không sửa lại.",
            remedy="Ghi ngày thay đổi muộn hơn; nếu ghi nhầm, kết thúc chức danh này rồi giao lại.",
        )
    _require_no_vote_after(member, terms.valid_from - DAY)
    release_seat(member, terms.valid_from - DAY)
    close_seat(member, last_day=terms.valid_from - DAY, document=terms.document)
    fresh = place_seat(council, member.user, terms, member_unit=member.member_unit)
    record_act(
        "change-seat",
        fresh,
        actor=actor,
        name=str(member.user),
        seat=fresh.get_seat_display(),
        on=terms.valid_from.isoformat(),
        number=terms.document,
    )
    keep_duties(member.user, council.unit, day=day, actor=actor, reason=terms.document)
    return fresh


@transaction.atomic
def end_seat(member: CouncilMember, *, last_day: date, document: str, actor: Actor, day: date) -> list[Sitting]:
    """Let `last_day` be the last one of a seat; return the sittings after it, which no longer count the member.

    Their attendance and invitation of this member are taken away. A seat that never came into force is withdrawn.
    Refused where a ballot after that day already counted on the member.
    """
    council = lock_council(member.council, day)
    member = _lock_seat(member)
    _require_no_vote_after(member, last_day)
    sittings = release_seat(member, last_day)
    record_act("end-seat", member, actor=actor, name=str(member.user), on=last_day.isoformat(), number=document)
    if last_day >= member.valid_from:
        close_seat(member, last_day=last_day, document=document)
    elif member.valid_from > day:
        member.delete()
    else:
        raise RefusedError(
            "Ngày cuối ở trước ngày bắt đầu.",
            why=f"{member} giữ chức danh này từ ngày {member.valid_from:%d/%m/%Y}.",
            remedy="Ghi từ ngày đó trở đi.",
        )
    keep_duties(member.user, council.unit, day=day, actor=actor, reason=document)
    return sittings


def close_seat(member: CouncilMember, *, last_day: date, document: str) -> None:
    """Write the last day. What begins only after that day is shortened to its first one."""
    member.valid_to, member.ended_by = max(last_day, member.valid_from), document
    member.save(update_fields=["valid_to", "ended_by"])


def _lock_seat(member: CouncilMember) -> CouncilMember:
    locked = (
        CouncilMember.objects.select_for_update(of=("self",))
        .select_related("user", "unit", "council", "member_unit")
        .get(pk=member.pk)
    )
    if locked.valid_to and locked.ended_by:
        raise RefusedError(
            f"Chức danh này đã kết thúc từ hết ngày {locked.valid_to:%d/%m/%Y}.",
            remedy="Tải lại trang để xem danh sách hiện nay.",
        )
    return locked


def place_seat(council: Council, user: User, terms: SeatTerms, *, member_unit: Unit | None = None) -> CouncilMember:
    """Write a seat of a locked council, or refuse what `give_seat` refuses of it."""
    if terms.valid_from < council.valid_from or (council.valid_to and terms.valid_from > council.valid_to):
        raise RefusedError(
            "Ngày bắt đầu nằm ngoài nhiệm kỳ của Hội đồng.",
            why=f"Hội đồng hoạt động từ ngày {council.valid_from:%d/%m/%Y}"
            + (f" đến hết ngày {council.valid_to:%d/%m/%Y}." if council.valid_to else "."),
            remedy="Ghi một ngày trong nhiệm kỳ.",
        )
    if terms.seat == Seat.CHAIR and terms.is_secretary:
        raise RefusedError(
            "Chủ tịch Hội đồng không kiêm thư ký.",
            why="Biên bản do thư ký ghi và Chủ tịch ký xác nhận.",
            remedy="Giao thư ký cho một thành viên khác.",
        )
    others = list_standing_seats(council, terms.valid_from).filter(for_sitting__isnull=True)
    if others.filter(user=user).exists():
        raise RefusedError(
            f"{user} đã có tên trong Hội đồng vào thời gian này.",
            remedy="Chọn «Thay đổi» ở dòng của người đó nếu chức danh thay đổi.",
        )
    for wanted, held, words in (
        (terms.seat == Seat.CHAIR, Q(seat=Seat.CHAIR), "Chủ tịch"),
        (terms.is_secretary, Q(is_secretary=True), "thư ký"),
    ):
        holder = others.filter(held).first() if wanted else None
        if holder:
            raise RefusedError(
                f"Hội đồng đã có {words}: {holder}.",
                why=f"Mỗi thời điểm Hội đồng có một {words}.",
                remedy=f"Kết thúc hoặc thay đổi chức danh của {holder} từ trước ngày {terms.valid_from:%d/%m/%Y}.",
            )
    return CouncilMember.objects.create(
        unit=council.unit,
        council=council,
        user=user,
        seat=terms.seat,
        position=" ".join(nfc(terms.position).split()),
        order=terms.order,
        is_secretary=terms.is_secretary,
        is_teller=terms.is_teller,
        valid_from=terms.valid_from,
        given_by=terms.document,
        member_unit=member_unit,
    )


def require_account(user: User, unit: Unit, day: date) -> None:
    """Refuse an account that is closed or has no duty in the subtree of `unit`."""
    known = User.objects.filter(belongs_below(unit.path), pk=user.pk, is_active=True)
    if not known.filter(memberships__in=Membership.objects.filter(standing(day))).exists():
        raise RefusedError(
            f"{user} không có tài khoản đang hoạt động trong phạm vi đơn vị.",
            why="Thành viên Hội đồng bỏ phiếu bằng tài khoản của mình trong đơn vị hoặc đơn vị cấp dưới.",
            remedy="Đề nghị quản trị đơn vị mời người đó, rồi giao chức danh.",
        )


def _require_no_vote_after(member: CouncilMember, last_day: date) -> None:
    counted = (
        Ballot.objects.filter(sitting__council=member.council, sitting__held_on__gt=last_day)
        .filter(electorate__contains=[member.pk])
        .exclude(state__in=(BallotState.DRAFT, BallotState.VOID))
        .select_related("sitting")
        .first()
    )
    if counted:
        raise RefusedError(
            f"{member} có tên trong danh sách bỏ phiếu của phiên họp ngày {counted.sitting.held_on:%d/%m/%Y}.",
            why=f"Lượt «{counted}» đã mở với danh sách đó và không thay đổi được nữa.",
            remedy=f"Ghi ngày cuối từ {counted.sitting.held_on:%d/%m/%Y} trở đi.",
        )


def release_seat(member: CouncilMember, last_day: date) -> list[Sitting]:
    """Take the member out of open sittings after `last_day`; whoever stood in for them there is released too."""
    sittings = list(
        Sitting.objects.filter(council=member.council, state=SittingState.PLANNED, held_on__gt=last_day).order_by(
            "held_on"
        )
    )
    stand_ins = CouncilMember.objects.filter(stands_in_for=member, for_sitting__in=sittings)
    Attendance.objects.filter(sitting__in=sittings).filter(Q(member=member) | Q(member__in=stand_ins)).delete()
    for one in stand_ins:
        close_seat(one, last_day=last_day, document=one.ended_by or "thôi cùng người được thay")
    return sittings


# The duty that goes with a seat


def keep_duties_of(seats: Iterable[CouncilMember], *, day: date, actor: Actor, reason: str) -> None:
    """`keep_duties` for each account among `seats`, in one order, so that two people who press at once wait."""
    for user, unit in sorted({(one.user, one.unit) for one in seats}, key=lambda pair: str(pair[0].pk)):
        keep_duties(user, unit, day=day, actor=actor, reason=reason)


def keep_duties(user: User, unit: Unit, *, day: date, actor: Actor, reason: str) -> None:
    """Let the account hold the duty of a member in `unit` on exactly the days of its seats there, from `day` on.

    Days before `day` are left as they were. The account is told by mail when the duty is given or taken.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    spans = _spans(user, unit)
    duties = list(user.memberships.filter(standing(day), unit=unit, role=Role.MEMBER).select_related("unit", "user"))
    for duty in duties:
        span = next((one for one in spans if _touches(one, duty)), None)
        if span is None:
            _take(duty, day - DAY, actor=actor, reason=reason)
        elif span[1] is not None and span[1] < day:
            _take(duty, span[1], actor=actor, reason=reason)
        elif (duty.valid_to, duty.valid_from) != (span[1], min(span[0], duty.valid_from)):
            duty.valid_from, duty.valid_to = min(span[0], duty.valid_from), span[1]
            duty.save(update_fields=["valid_from", "valid_to"])
    for first, last in spans:
        is_over = last is not None and last < day
        if not is_over and not any(_touches((first, last), duty) for duty in duties):
            _give(user, unit, first, last, actor=actor)


def _spans(user: User, unit: Unit) -> list[tuple[date, date | None]]:
    """The days of all seats of an account in the councils of a unit; seats that follow each other are one."""
    seats = CouncilMember.objects.filter(user=user, unit=unit).select_related("council").order_by("valid_from")
    found: list[tuple[date, date | None]] = []
    for seat in seats:
        ends = [one for one in (seat.valid_to, seat.council.valid_to) if one]
        first, last = seat.valid_from, min(ends, default=None)
        if last is not None and last < first:
            continue
        before = found[-1] if found else None
        if before and (before[1] is None or first <= before[1] + DAY):
            latest = None if before[1] is None or last is None else max(before[1], last)
            found[-1] = (before[0], latest)
        else:
            found.append((first, last))
    return found


def _touches(span: tuple[date, date | None], duty: Membership) -> bool:
    first, last = span
    begins_in_time = duty.valid_to is None or first <= duty.valid_to + DAY
    return begins_in_time and (last is None or duty.valid_from <= last + DAY)


def _find_person(user: User, unit: Unit, day: date) -> Person | None:
    """Whom the account stands for in the register of the subtree, so that a post that ends takes the seat along."""
    tied = user.memberships.filter(standing(day), person__isnull=False, unit__path__startswith=unit.path)
    found = tied.select_related("person").order_by("unit__path").first()
    return found.person if found else None


def _take(duty: Membership, last_day: date, *, actor: Actor, reason: str) -> None:
    close_membership(duty, last_day=last_day)
    end_dependents(duty, last_day=last_day, actor=actor)
    record_act("end-membership", duty, actor=actor, day=last_day.isoformat(), reason=reason)
    tell(duty.user, "membership_ended", membership=duty, reason=reason)


def _give(user: User, unit: Unit, first: date, last: date | None, *, actor: Actor) -> None:
    duty = write_membership(user, Duty(unit, Role.MEMBER, _find_person(user, unit, first), first, last))
    duty.user, duty.unit = user, unit
    record_act("grant-membership", duty, actor=actor, role=Role.MEMBER.label, day=first.isoformat())
    tell(user, "membership_granted", membership=duty)


def follow_ended_duty(membership: Membership, *, last_day: date, actor: Actor) -> None:
    """End the seats that a duty carried: a member's in the councils of its unit, a head's in conferences.

    The register calls this where a duty ends or an account is closed (`units.following`).
    """
    carried = {Role.MEMBER: Q(unit=membership.unit_id), Role.HEAD: Q(member_unit=membership.unit_id)}
    if membership.role not in carried:
        return
    if membership.ended_on:  # taken away at once: that day is no day of the duty any more
        last_day = min(last_day, membership.ended_on - DAY)
    seats = CouncilMember.objects.filter(carried[Role(membership.role)], user=membership.user_id).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)
    )
    for seat in seats.select_for_update(of=("self",)).select_related("user", "unit", "council"):
        release_seat(seat, last_day)
        close_seat(seat, last_day=last_day, document="thôi cùng tài khoản")
        record_act("end-seat", seat, actor=actor, name=str(seat.user), on=last_day.isoformat(), number="")
        if membership.role != Role.MEMBER:
            keep_duties(seat.user, seat.unit, day=last_day + DAY, actor=actor, reason="thôi đứng đầu đơn vị thành viên")
