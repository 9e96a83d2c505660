"""Conferences of clusters: a council whose members are the heads of the member units, one vote a unit.

A conference is a council of the unit that leads the year's work, and lies behind that unit's fence like any other.
Nobody reads across: a head of another unit is given the duty of a member in the leading unit, which opens the pages
of councils and nothing else (`awards.frame`), for exactly the days on which they head their unit. Who heads a unit is
asked of its memberships, so whoever stands in for a head has no seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from awards.models import Ballot, BallotState, Council, CouncilMember, CouncilPaper, PaperKind, Seat
from awards.services.seats import SeatTerms, close_seat, keep_duties, lock_council, place_seat, release_seat
from campaigns.models import ClusterMember, ClusterRole, ClusterYear
from campaigns.selectors.clusters import find_acting_head, list_members
from campaigns.services.crossing import both_sides, require_head
from units.actors import Actor
from units.models import Membership, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.services.audit import record_act, record_unit_act

DAY = timedelta(days=1)
SEATS = {ClusterRole.HEAD: Seat.CHAIR, ClusterRole.DEPUTY: Seat.DEPUTY, ClusterRole.MEMBER: Seat.MEMBER}


@dataclass(frozen=True, slots=True)
class Followed:
    """What a look at the heads changed: seats begun and ended, and units whose head is not clear, with the reason."""

    begun: tuple[CouncilMember, ...]
    ended: tuple[CouncilMember, ...]
    unclear: tuple[tuple[Unit, str], ...]


@transaction.atomic
def create_conference(
    year: ClusterYear, *, number: str, decided_on: date, valid_to: date, actor: Actor, day: date, at: datetime
) -> Council:
    """Found the conference of a cluster's year with the heads of its member units of `day`.

    Refuses whoever does not lead the year's work, and a second conference of the same year.
    """
    require_head(year, find_acting_head(year), actor.unit)
    standing = Council.objects.filter(cluster_year=year, unit=actor.unit, valid_to__gte=day).first()
    if standing:
        raise RefusedError(f"{year} đã có Hội nghị.", remedy=f"Mở «{standing}» trong danh sách các Hội đồng.")
    council = Council.objects.create(
        unit=actor.unit,
        name=f"Hội nghị {year.cluster.name} năm {year.year}",
        founding_number=number,
        founded_on=decided_on,
        valid_from=day,
        valid_to=max(valid_to, day),
        cluster_year=year,
    )
    CouncilPaper.objects.create(
        unit=council.unit,
        council=council,
        kind=PaperKind.FOUNDING,
        number=number,
        decided_on=decided_on,
        valid_to=council.valid_to,
        recorded_at=at,
    )
    record_act("create-conference", council, actor=actor, cluster=str(year), number=number)
    follow_heads(council, actor=actor, day=day)
    return council


@transaction.atomic
def follow_heads(council: Council, *, actor: Actor, day: date) -> Followed:
    """Let the seats of a conference follow who heads each member unit on `day`; changes nothing when run again.

    A seat ends with the last day of the head's duty, and the next head's begins with theirs. A unit with no head or
    several has no seat until that is clear. The unit's own trail is told.
    """
    council = lock_council(council, day)
    year = council.cluster_year
    if year is None:
        raise RefusedError("Hội đồng này không phải Hội nghị khu vực, cụm, khối.")
    places = list_members(year)
    heads = _find_heads([place.member for place in places], day)
    lead = find_acting_head(year)
    standing = {
        one.member_unit_id: one
        for one in council.members.filter(ended_by="", member_unit__isnull=False).select_related(
            "user", "unit", "council", "member_unit"
        )
    }
    ended = [
        seat for unit, seat in standing.items() if seat.user_id not in {duty.user_id for duty in heads.get(unit, [])}
    ]
    for seat in ended:
        _end(seat, actor=actor, day=day)
    gone = {seat.member_unit_id for seat in ended}
    begun: list[CouncilMember] = []
    unclear: list[tuple[Unit, str]] = []
    for order, place in enumerate(places, start=1):
        if place.member_id in standing and place.member_id not in gone:
            continue
        found = heads[place.member_id]
        if len(found) != 1:
            words = "chưa có tài khoản thủ trưởng" if not found else f"có {len(found)} tài khoản thủ trưởng"
            unclear.append((place.member, words))
            continue
        before = next((seat for seat in ended if seat.member_unit_id == place.member_id), None)
        is_lead = lead is not None and lead.pk == place.member_id
        try:
            begun.append(_begin(council, place, found[0], order, before, is_lead=is_lead, actor=actor, day=day))
        except RefusedError as refusal:
            unclear.append((place.member, refusal.what))
    return Followed(tuple(begun), tuple(ended), tuple(unclear))


def _find_heads(units: Iterable[Unit], day: date) -> dict[object, list[Membership]]:
    """The heads of each unit on `day`: own duties only, never somebody who stands in."""
    found: dict[object, list[Membership]] = {unit.pk: [] for unit in units}
    duties = Membership.objects.on(day).filter(unit__in=list(found), role=Role.HEAD, user__is_active=True)
    for duty in duties.select_related("user", "unit").order_by("valid_from", "pk"):
        found[duty.unit_id].append(duty)
    return found


def _begin(
    council: Council,
    place: ClusterMember,
    duty: Membership,
    order: int,
    before: CouncilMember | None,
    *,
    is_lead: bool,
    actor: Actor,
    day: date,
) -> CouncilMember:
    first = max(duty.valid_from, council.valid_from)
    if before and before.valid_to:
        first = max(first, before.valid_to + DAY)
    wanted = Seat.CHAIR if is_lead else SEATS[ClusterRole(place.role)]
    terms = SeatTerms(
        seat=Seat.MEMBER if wanted is Seat.CHAIR and not is_lead else wanted,
        position=f"Thủ trưởng {place.member.short_name}"[:120],
        order=order,
        is_secretary=False,
        is_teller=False,
        valid_from=first,
        document=council.founding_number,
    )
    seat = place_seat(council, duty.user, terms, member_unit=place.member)
    record_act(
        "give-seat",
        seat,
        actor=actor,
        name=str(duty.user),
        seat=seat.get_seat_display(),
        on=first.isoformat(),
        number=terms.document,
    )
    with both_sides():
        record_unit_act("take-conference-seat", place.member, actor=actor, name=str(duty.user), council=council.name)
    keep_duties(duty.user, council.unit, day=day, actor=actor, reason=council.name)
    return seat


def _end(seat: CouncilMember, *, actor: Actor, day: date) -> None:
    """The seat ends with the head's duty; a ballot that already counted on it keeps its day."""
    duties = Membership.objects.filter(user=seat.user_id, unit=seat.member_unit_id, role=Role.HEAD)
    ends = [min(filter(None, (one.valid_to, one.ended_on and one.ended_on - DAY)), default=day) for one in duties]
    last_day = min(max(ends, default=day - DAY), day)
    counted = (
        Ballot.objects.filter(sitting__council=seat.council, electorate__contains=[seat.pk])
        .exclude(state__in=(BallotState.DRAFT, BallotState.VOID))
        .order_by("-sitting__held_on")
        .values_list("sitting__held_on", flat=True)
        .first()
    )
    last_day = max(filter(None, (last_day, counted)))
    release_seat(seat, last_day)
    close_seat(seat, last_day=last_day, document="thôi đứng đầu đơn vị")
    record_act("end-seat", seat, actor=actor, name=str(seat.user), on=last_day.isoformat(), number="")
    keep_duties(seat.user, seat.unit, day=day, actor=actor, reason="thôi đứng đầu đơn vị thành viên")
