"""Which doors of a campaign's phases are shut on a day: registering, nominating, appraising, voting, deciding.

A door that no phase of the campaign dates stands open. A phase's own days go before those of other phases; where the
phase of the matter dates nothing, or the matter belongs to no phase, any phase that is open lets it in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from campaigns.calendar import short_day
from campaigns.models import Campaign, Door, Obligation, ObligationKind, PhaseDoor

_VERBS = {
    Door.REGISTER: "nhận đăng ký",
    Door.NOMINATE: "nhận đề nghị",
    Door.APPRAISE: "thẩm tra đề nghị",
    Door.VOTE: "bỏ phiếu",
    Door.DECIDE: "ra quyết định",
}


@dataclass(frozen=True, slots=True)
class ClosedDoor:
    """What is shut, in which phase, from when until when, and whom to ask."""

    door: Door
    day: date
    campaign: str
    phase: str
    opens_on: date
    closes_on: date
    issuer: str

    @property
    def what(self) -> str:
        return f"Phong trào «{self.campaign}» không {_VERBS[self.door]} vào ngày {short_day(self.day)}."

    @property
    def why(self) -> str:
        span = f"từ ngày {short_day(self.opens_on)} đến hết ngày {short_day(self.closes_on)}"
        return f"Đợt «{self.phase}» {_VERBS[self.door]} {span}."

    @property
    def remedy(self) -> str:
        if self.day < self.opens_on:
            return (
                f"Làm việc này từ ngày {short_day(self.opens_on)}. Nếu cần sớm hơn, hỏi {self.issuer}: đơn vị phát "
                "động đổi được ngày và phải ghi lý do."
            )
        return f"Hỏi {self.issuer}: đơn vị phát động đổi được ngày và phải ghi lý do."

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.remedy}"


def find_closed_door(door: Door, campaign: Campaign, *, phases: Collection[int], day: date) -> ClosedDoor | None:
    """The shut door in the way of a matter of `phases` (none: of the campaign as a whole), or None. One query."""
    return _judge(_read(door, [campaign.pk]).get(campaign.pk, []), phases, day)


def list_closed_doors(door: Door, nominations: Iterable[tuple[int, str, int]], *, day: date) -> list[ClosedDoor]:
    """The shut doors in the way of nominations, each given by campaign, recognition and year; each door once.

    One query, and a second where any of the campaigns dates the door.
    """
    asked = sorted(set(nominations))
    rows = _read(door, {campaign for campaign, _, _ in asked})
    asked = [one for one in asked if one[0] in rows]
    phases = _list_phases(asked) if asked else {}
    found = (_judge(rows[one[0]], phases.get(one, ()), day) for one in asked)
    return list(dict.fromkeys(closed for closed in found if closed is not None))


def _read(door: Door, campaigns: Collection[int]) -> dict[int, list[PhaseDoor]]:
    rows: dict[int, list[PhaseDoor]] = {}
    dated = PhaseDoor.objects.filter(door=door, phase__campaign__in=campaigns)
    for row in dated.select_related("phase__campaign__issuer").order_by("opens_on", "pk"):
        rows.setdefault(row.phase.campaign_id, []).append(row)
    return rows


def _list_phases(asked: Sequence[tuple[int, str, int]]) -> Mapping[tuple[int, str, int], frozenset[int]]:
    """The phases in which each is nominated for, by what the plans ask for. Plans are public."""
    duties = list(
        Obligation.objects.filter(
            Q(phase__isnull=False), campaign__in={one[0] for one in asked}, kind=ObligationKind.NOMINATION
        ).select_related("phase")
    )
    return {
        (campaign, recognition, year): frozenset(
            duty.phase.pk
            for duty in duties
            if duty.phase
            and duty.campaign_id == campaign
            and recognition in duty.awards
            and duty.phase.opens_on.year <= year <= duty.phase.closes_on.year
        )
        for campaign, recognition, year in asked
    }


def _judge(rows: Sequence[PhaseDoor], phases: Collection[int], day: date) -> ClosedDoor | None:
    own = [row for row in rows if row.phase_id in phases]
    dated = own or rows
    if not dated or any(row.opens_on <= day <= row.closes_on for row in dated):
        return None
    ahead = [row for row in dated if row.opens_on > day]
    told = ahead[0] if ahead else max(dated, key=lambda row: row.closes_on)
    campaign = told.phase.campaign
    return ClosedDoor(
        Door(told.door), day, campaign.title, told.phase.title, told.opens_on, told.closes_on, str(campaign.issuer)
    )
