"""Doors of phases: what refuses at a shut one, and the issuer's change of its days."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

from campaigns.calendar import short_day
from campaigns.models import Assignment, Campaign, Door, ExtensionState, Phase, PhaseDoor
from campaigns.selectors.doors import ClosedDoor, find_closed_door, list_closed_doors
from campaigns.selectors.reorganisation import list_kept_issuers
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_unit_act

DoorDays = tuple[date, date]


def require_door(
    door: Door, campaign: Campaign, *, phases: Collection[int], day: date, assignment: Assignment | None = None
) -> None:
    """Refuse a matter of `phases` at a shut door. More time that was granted to the unit keeps its door open."""
    closed = find_closed_door(door, campaign, phases=phases, day=day)
    if closed is not None and not (assignment and _has_more_time(assignment, day)):
        raise _refusal(closed)


def require_nomination_door(
    door: Door, *nominations: tuple[int, str, int], day: date, assignment: Assignment | None = None
) -> None:
    """The same for nominations, each given by campaign, recognition and year."""
    closed = list_closed_doors(door, nominations, day=day)
    if closed and not (assignment and _has_more_time(assignment, day)):
        raise _refusal(closed[0])


def _has_more_time(assignment: Assignment, day: date) -> bool:
    return assignment.extension_requests.filter(state=ExtensionState.GRANTED, until__gte=day).exists()


def _refusal(closed: ClosedDoor) -> RefusedError:
    return RefusedError(closed.what, why=closed.why, remedy=closed.remedy)


@transaction.atomic
def edit_phase_doors(phase: Phase, doors: Mapping[Door, DoorDays | None], *, reason: str, actor: Actor) -> Phase:
    """Say from when to when the phase lets each thing in; None takes the days away. The reason stands in the trail.

    Refuses whoever does not keep the campaign, a change without a reason, and one that changes nothing.
    """
    phase = Phase.objects.select_for_update(of=("self",)).select_related("campaign__issuer").get(pk=phase.pk)
    require_keeper(phase.campaign, actor)
    standing = {Door(one.door): one for one in phase.doors.all()}
    before = {door: (one.opens_on, one.closes_on) for door, one in standing.items()}
    changed = {door: days for door, days in doors.items() if before.get(door) != days}
    if not changed:
        raise RefusedError("Chưa có ngày nào thay đổi.", remedy="Sửa ngày cần đổi rồi lưu, hoặc quay lại.")
    reason = nfc(reason).strip()
    if not reason:
        raise RefusedError(
            "Chưa ghi lý do.", why="Thời gian mở, đóng ràng buộc mọi đơn vị trong phong trào.", remedy="Ghi lý do."
        )
    for door, days in changed.items():
        if days is None:
            standing[door].delete()
        else:
            PhaseDoor.objects.update_or_create(
                phase=phase, door=door, defaults={"opens_on": days[0], "closes_on": days[1]}
            )
    record_unit_act(
        "edit-phase-doors",
        phase.campaign.issuer,
        actor=actor,
        campaign=phase.campaign.code,
        phase=phase.title,
        before=_in_words({door: before.get(door) for door in changed}),
        after=_in_words(changed),
        reason=reason,
    )
    return phase


def _in_words(doors: Mapping[Door, DoorDays | None]) -> str:
    return "; ".join(
        f"{Door(door).label} " + (f"{short_day(days[0])} – {short_day(days[1])}" if days else "không ghi ngày")
        for door, days in doors.items()
    )


def require_keeper(campaign: Campaign, actor: Actor) -> None:
    """Refuse whoever neither issued the campaign nor looks after it since its issuer ended."""
    if campaign.issuer not in list_kept_issuers(actor.unit):
        raise RefusedError(
            f"{actor.unit} không sửa được phong trào này.",
            why=f"Phong trào do {campaign.issuer} phát động, nên nơi đó sửa.",
            remedy=f"Liên hệ {campaign.issuer}.",
        )
