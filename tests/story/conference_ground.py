"""The region of 2021 before its conference: the members, seven heads with accounts, and who stands for the flags.

Run inside an installation by `manage.py shell`. Each case lies with the unit that stands for the flag, approved by
its head. Every member has sent its own to the conference but `BY_HAND`, whose head sends it in the story.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from django.core.management import call_command
from django.db import transaction

from awards.services.crossing import send_case
from awards.services.rules import load_voting_rules
from campaigns.models import Campaign, ClusterYear
from campaigns.plan_file import read_shipped_plans
from campaigns.services.clusters import found_cluster
from exemplars.models import Nomination
from tests.awards.room import signed_in
from tests.builders import AT, actor, obligation, person, user
from units.actors import Actor, act_as
from units.clock import now
from units.folding import fold
from units.models import AwardTitle, Membership, Unit
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_catalogues, load_register

LEAD = "STP-YBI"
# Of these, the second keeps the minutes and the third counts.
HEADS = ("STP-YBI", "STP-TQU", "CTHADS-LCA", "STP-LCA", "CTHADS-TNG", "STP-HGI", "CTHADS-HGI")
BY_HAND = "STP-TQU"
STANDING = {"so-tu-phap": 6, "cuc-thads": 5, "chi-cuc": 15}


def write() -> None:
    with maintenance_scope("the ground of a story"), transaction.atomic():
        load_register(list_north_2021())
        load_catalogues()
        load_voting_rules()
        units = {unit.code: unit for unit in Unit.objects.order_by("path")}
        planned = next(plan.cluster for plan in read_shipped_plans() if plan.cluster)
        year = found_cluster(planned, {code: units[code] for code in planned.members})
        cases = _put_forward(year, units[LEAD], list(units.values()))
        _send(year, cases, {units[code].path: units[code] for code in planned.members if code != BY_HAND})
        desk = actor(units[LEAD], Role.SECRETARIAT)
        told = {
            "desk": signed_in(desk).cookies["sessionid"].value,
            "heads": {code: _seat_head(units[code]) for code in HEADS},
        }
    call_command("load_clusters", verbosity=0)
    print(json.dumps(told))  # noqa: T201  what the story asks for


def _seat_head(place: Unit) -> str:
    """An account tied to the person who heads the unit; returns a session of it."""
    head = person(place, f"Thủ Trưởng {place.code}", is_head=True)
    account = user(f"thutruong.{place.code.lower()}", (place, Role.HEAD))
    Membership.objects.filter(user=account).update(person=head)
    return (
        signed_in(act_as(Membership.objects.select_related("user", "unit").get(user=account)))
        .cookies["sessionid"]
        .value
    )


def _put_forward(year: ClusterYear, lead: Unit, units: Iterable[Unit]) -> list[Nomination]:
    flag = AwardTitle.objects.get(code="COBO")
    plan = Campaign.objects.create(
        code="CO-2021-THU",
        title="Cờ thi đua năm 2021 (giả định)",
        kind="period",
        issuer=lead,
        plan_name="Kế hoạch giả định",
        opens_on=date(2021, 1, 1),
        closes_on=date(2021, 12, 31),
    )
    year.campaigns.add(plan)
    standing = [one for kind, many in STANDING.items() for one in [unit for unit in units if unit.kind == kind][:many]]
    obligation(plan, "DE-NGHI", *standing, kind="nomination", last_day=date(2021, 12, 1), awards=[flag.code])
    writer = user("nguoi.lap")
    return [
        Nomination.objects.create(
            unit=unit,
            campaign=plan,
            recognition=flag,
            year=2021,
            collective=unit,
            nominee_name=unit.short_name,
            folded_nominee=fold(unit.short_name),
            achievements="Dẫn đầu khu vực về thi đua năm 2021 (giả định).",
            state="forwarded",
            created_by=writer,
            created_at=AT,
            saved_at=AT,
        )
        for unit in standing
    ]


def _send(year: ClusterYear, cases: Iterable[Nomination], members: Mapping[str, Unit]) -> None:
    """Each member sends what stands in its own branch, in its own scope."""
    clerks: dict[str, Actor] = {}
    for case in cases:
        path = next((one for one in members if case.unit_path.startswith(one)), None)
        if path is None:
            continue
        if path not in clerks:
            clerks[path] = actor(members[path], Role.CLERK)
        with unit_scope(path):
            send_case(year, case, papers=[], actor=clerks[path], at=now())
