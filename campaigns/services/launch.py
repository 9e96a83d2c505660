"""From a plan entered as data to a campaign that every addressed unit sees among its work."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from campaigns.calendar import (
    Deadline,
    Every,
    Occurrence,
    PlanDates,
    is_whole,
    list_occurrences,
)
from campaigns.models import (
    AnchorEvent,
    Assignment,
    Campaign,
    ClusterYear,
    Indicator,
    IndicatorTarget,
    Obligation,
    Phase,
    PhaseDoor,
    Quota,
)
from campaigns.plan_bearers import OWN, ClusterPart
from campaigns.plan_copy import keep_planned
from campaigns.plan_dues import EVERY
from campaigns.plan_file import Plan
from campaigns.plan_indicators import PlannedTarget
from campaigns.plan_parts import Due, Owers, PlannedObligation
from campaigns.reckoning import reckon
from campaigns.selectors.clusters import list_part
from campaigns.selectors.days_off import dates_of
from campaigns.services.cascade import deliver_campaign
from campaigns.services.clusters import found_cluster, tie_campaign
from campaigns.services.expected import expect_obligations
from units.folding import fold
from units.models import Unit
from units.selectors.organisation import stands_on


class UnknownUnitError(LookupError):
    """A plan names a unit that the register does not have, or that does not stand on the day of the launch."""


class UnknownCampaignError(LookupError):
    """A plan answers a campaign that does not stand."""


@transaction.atomic
def launch_campaign(plan: Plan, *, day: date, cluster_year: ClusterYear | None = None) -> Campaign:
    """Write the campaign and give each addressed unit its assignments. A campaign that stands already is left alone.

    What comes again becomes one obligation for each time inside the campaign's period. What is counted from an event
    waits for it: the event is written down, and its day is recorded later (`services/anchor_events.py`).

    Addressed are units that stand on `day`: those meant by their kind are the ones of that day, and a plan that
    names a unit which is gone, or not there yet, is refused whole (`UnknownUnitError`). A plan of a cluster, which its
    file describes or `cluster_year` is, becomes the work of that year, and what is owed to a unit out of sight gets a
    line there. Every addressed unit receives
    the campaign, to be acknowledged. Needs a scope that holds every addressed unit.
    """
    standing = Campaign.objects.filter(code=plan.code).first()
    if standing is not None:
        return standing
    campaign = Campaign.objects.create(
        code=plan.code,
        title=plan.title,
        kind=plan.kind,
        theme=plan.theme,
        content_areas=list(plan.content_areas),
        method=plan.method,
        scope=plan.scope,
        responds_to=_find_higher(plan.responds_to),
        issuer=_unit(plan.issuer, day),
        plan_number=plan.number or "",
        plan_name=plan.cite_as,
        plan_date=plan.issued_on,
        legal_basis=list(plan.basis),
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        note="\n".join(
            filter(None, [plan.issue_note, *(f"{one.citation.clause}: {one.text}" for one in plan.remarks)])
        ),
    )
    phases = _write_phases(campaign, plan)
    _write_quotas(campaign, plan)
    _write_indicators(campaign, plan, day)
    if plan.cluster:
        cluster_year = found_cluster(plan.cluster, {code: _unit(code, day) for code in plan.cluster.members})
    if cluster_year:
        tie_campaign(cluster_year, campaign)
    launch = _Launch(campaign, phases, dates_of(campaign), cluster_year, day)
    for planned in plan.obligations:
        if planned.due.type == "recurrent":
            for number, one in enumerate(launch.list_times(planned.due), 1):
                launch.write(
                    planned, one.deadline, code=f"{planned.code}-{number}", title=f"{planned.title}, {one.label}"
                )
        else:
            launch.write(planned, reckon(planned.due, launch.dates), code=planned.code, title=planned.title)
    launch.connect_events(plan)
    expect_obligations(list(campaign.obligations.all()))
    deliver_campaign(campaign, day=day)
    return campaign


def _find_higher(code: str | None) -> Campaign | None:
    if code is None:
        return None
    higher = Campaign.objects.filter(code=code).first()
    if higher is None:
        raise UnknownCampaignError(
            f"Chưa có phong trào mã «{code}» để hưởng ứng; lập phong trào đó trước, hoặc sửa mã trong kế hoạch."
        )
    return higher


def _write_phases(campaign: Campaign, plan: Plan) -> dict[str, Phase]:
    phases = {}
    for planned in plan.phases:
        phases[planned.code] = phase = Phase.objects.create(
            campaign=campaign,
            code=planned.code,
            title=planned.name,
            opens_on=planned.opens_on,
            closes_on=planned.closes_on,
            is_whole=is_whole(planned.opens_on, planned.closes_on, plan.opens_on, plan.closes_on),
            citation=str(planned.citation),
        )
        PhaseDoor.objects.bulk_create(
            [
                PhaseDoor(phase=phase, door=one.door, opens_on=one.opens_on, closes_on=one.closes_on)
                for one in planned.doors
            ]
        )
    return phases


def _unit(code: str, day: date) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise UnknownUnitError(f"Sổ đơn vị không có mã «{code}»; nạp sổ đơn vị trước, hoặc sửa mã trong kế hoạch.")
    if not stands_on(unit, day):
        raise UnknownUnitError(
            f"{unit.name} («{code}») không hoạt động vào ngày {day:%d/%m/%Y}; "
            "ghi mã của đơn vị kế thừa vào kế hoạch, hoặc bỏ đơn vị này."
        )
    return unit


def _write_quotas(campaign: Campaign, plan: Plan) -> None:
    written: dict[str, Quota] = {}
    for quota in plan.quotas:
        written[quota.code] = Quota.objects.create(
            campaign=campaign,
            code=quota.code,
            title=quota.title,
            unit_kinds=list(quota.unit_kinds),
            limit=quota.at_most,
            percent=quota.percent,
            percent_of=quota.percent_of,
            rounding=quota.rounding,
            is_tentative=quota.tentative,
            citation=str(quota.citation),
        )
        written[quota.code].among.set([written[code] for code in quota.among])


def _write_indicators(campaign: Campaign, plan: Plan, day: date) -> None:
    """Indicators with the levels of the plan's own text, which hold from the campaign's beginning."""
    for one in plan.indicators:
        indicator = Indicator.objects.create(
            campaign=campaign,
            code=one.code,
            title=one.title,
            measure=one.measure,
            measured_in=one.measured_in,
            direction=one.direction,
            half_year=one.half_year,
            yearly=one.yearly,
            citation=f"{plan.cite_as}, {one.clause}",
        )
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(
                indicator=indicator,
                addressee=addressee,
                unit_kind=kind,
                level=target.level,
                applies_from=campaign.opens_on,
            )
            for target in one.targets
            for addressee, kind in _addressees(target, day)
        )


def _addressees(target: PlannedTarget, day: date) -> list[tuple[Unit | None, str]]:
    named: list[tuple[Unit | None, str]] = [(_unit(code, day), "") for code in target.units]
    return [*named, *((None, kind) for kind in target.kinds)] or [(None, "")]


@dataclass(frozen=True, slots=True)
class _Launch:
    """What every obligation of one launch is written with."""

    campaign: Campaign
    phases: dict[str, Phase]
    dates: PlanDates
    cluster_year: ClusterYear | None
    day: date

    def list_times(self, due: Due) -> list[Occurrence]:
        every = EVERY[due.every or "year"]
        return list_occurrences(
            Every(every), self.campaign.opens_on, self.campaign.closes_on, until=due.until, plan=self.dates
        )

    def write(self, planned: PlannedObligation, deadline: Deadline | None, *, code: str, title: str) -> None:
        obligation = Obligation.objects.create(
            campaign=self.campaign,
            code=code,
            title=title,
            kind=planned.kind,
            filing=planned.filing or "",
            holds_indicators=planned.indicators,
            phase=self.phases[planned.phase] if planned.phase else None,
            awards=list(planned.awards),
            is_optional=planned.optional,
            owed_to=_unit(planned.owed_to, self.day),
            owed_by_heads=planned.owed_by.cluster is not None and planned.owed_by.cluster.who == "head",
            phrase=planned.phrase or "",
            last_day=planned.due.read_as or (deadline.last_day if deadline else None),
            set_by_office=planned.set_by_office,
            note=planned.note or "",
            papers=[
                {"name": paper.name, "max_pages": paper.max_pages, "required": paper.required}
                for paper in planned.papers
            ],
            warnings=[caution.text for caution in deadline.cautions] if deadline else [],
            citation=str(planned.citation),
            planned=keep_planned(planned),
        )
        obligation.copies_to.set([_unit(code, self.day) for code in planned.copies_to])
        Assignment.objects.bulk_create(
            [
                Assignment(obligation=obligation, unit=unit, last_day=obligation.last_day)
                for unit in list_addressed(
                    planned.owed_by,
                    self.day,
                    own=self.cluster_year,
                    issuer=self.campaign.issuer,
                    number=self.campaign.opens_on.year,
                )
            ]
        )

    def connect_events(self, plan: Plan) -> None:
        """Write the events that times are counted from, and let their obligations wait for them.

        An event that an obligation of the plan brings about is expected by that one's last day; another by the end of
        the phase of the first obligation that waits for it.
        """
        written = {one.code: one for one in self.campaign.obligations.select_related("phase")}
        events: dict[str, AnchorEvent] = {}
        for planned in plan.obligations:
            due = planned.due
            if due.type != "days-after" or not due.after:
                continue
            waiting = written[planned.code]
            # "recurrent" obligations have other codes, and no single day to be expected on.
            cause = written.get(due.after_obligation or "")
            code = due.after_obligation or fold(due.after).replace(" ", "-")[:60]
            if code not in events:
                last = waiting.phase.closes_on if waiting.phase else self.campaign.closes_on
                events[code] = AnchorEvent.objects.create(
                    campaign=self.campaign,
                    code=code,
                    title=due.after[0].upper() + due.after[1:],
                    expected_on=(cause.last_day if cause else None) or last,
                )
            waiting.anchor_event, waiting.days_after = events[code], due.days
            waiting.counts_working_days = due.working
            waiting.save(update_fields=["anchor_event", "days_after", "counts_working_days"])


def list_addressed(owers: Owers, day: date, *, own: ClusterYear | None, issuer: Unit, number: int) -> list[Unit]:
    """The units that owe something: by kind below a unit, by name, and by their place in clusters in year `number`.

    All of them stand on `day`; one that is named and does not is refused rather than passed over, and so is a place
    in clusters that nobody holds.
    """
    named = set(owers.units)
    if owers.cluster:
        placed = list_part(owers.cluster, own=own, issuer=issuer, number=number)
        if not placed:
            raise UnknownUnitError(_nobody_in(owers.cluster, own, number))
        named |= {unit.code for unit in placed}
    wanted = Q(code__in=named)
    if owers.kinds:
        by_kind = Q(kind__in=owers.kinds)
        if owers.within:
            top = _unit(owers.within, day)
            by_kind &= Q(path__gte=top.path, path__lt=f"{top.path}~")
        wanted |= by_kind
    units = list(Unit.objects.existing_on(day).filter(wanted))
    for code in sorted(named - {unit.code for unit in units}):
        _unit(code, day)  # unknown, or gone: either is said
    return units


def _nobody_in(part: ClusterPart, own: ClusterYear | None, number: int) -> str:
    if part.of == OWN and own is None:
        return "Việc giao theo khu vực, cụm, khối nhưng phần đầu kế hoạch chưa chọn khu vực, cụm, khối nào."
    what = {"members": "đơn vị thành viên", "head": "đơn vị trưởng", "deputies": "đơn vị phó"}[part.who]
    where = str(own) if part.of == OWN else f"năm {number} của {part.place}"
    return (
        f"Chưa ghi {what} nào cho {where}; ghi {what} ở trang Khu vực, cụm, khối trước, hoặc chọn đơn vị khác phải làm."
    )
