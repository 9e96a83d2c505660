"""What was read of a plan and looked through by people, as parts of a planned campaign."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from campaigns.plan_bearers import as_part
from campaigns.plan_items import as_day
from campaigns.plan_parts import Citation, Due, Owers, Paper, PlannedObligation, PlannedQuota
from campaigns.plan_phases import PlannedDoor, PlannedPhase


def plan_due(due: Mapping[str, Any]) -> Due:
    return Due(
        due["type"],
        day=as_day(due.get("day")),
        first=as_day(due.get("first")),
        last=as_day(due.get("last")),
        days=due.get("days"),
        after=due.get("after") or None,
        working=bool(due.get("working")),
        occasion=due.get("occasion") or None,
        every=due.get("every") or None,
        until=due.get("until"),
    )


def plan_phase(data: Mapping[str, Any], code: str, citation: Citation) -> PlannedPhase:
    return PlannedPhase(
        code=code,
        name=data["name"],
        opens_on=date.fromisoformat(data["first"]),
        closes_on=date.fromisoformat(data["last"]),
        citation=citation,
        doors=tuple(
            PlannedDoor(door, date.fromisoformat(first), date.fromisoformat(last))
            for door, (first, last) in (data.get("doors") or {}).items()
        ),
    )


def plan_quota(data: Mapping[str, Any], code: str, citation: Citation, *, codes: Mapping[int, str]) -> PlannedQuota:
    """`codes` gives the codes of the quotas taken over by the order of their items."""
    return PlannedQuota(
        code=code,
        title=data["title"],
        award="",
        unit_kinds=tuple(data["unit_kinds"]),
        at_most=data["at_most"],
        among=tuple(codes[order] for order in data.get("among", ()) if order in codes),
        tentative=data["tentative"],
        phrase="",
        citation=citation,
        percent=data.get("percent"),
        percent_of=data.get("percent_of") or "",
        rounding=data.get("rounding") or "",
    )


def plan_obligation(
    data: Mapping[str, Any], code: str, citation: Citation, *, phases: Mapping[int, str], issuer: str
) -> PlannedObligation:
    """`phases` gives the codes of the phases taken over by the order of their items."""
    return PlannedObligation(
        code=code,
        title=data["title"],
        kind=data["kind"],
        phase=phases[data["phase"]] if data["phase"] is not None else None,
        awards=tuple(data["awards"]),
        optional=data["optional"],
        owed_by=bearers(data),
        owed_to=data["owed_to"] or issuer,
        copies_to=tuple(data.get("copies_to", ())),
        papers=tuple(
            Paper(paper["name"], paper["max_pages"], required=paper.get("required", True)) for paper in data["papers"]
        ),
        due=plan_due(data["due"]),
        phrase=data["phrase"] or None,
        set_by_office=not data["phrase"] and data["due"]["type"] != "unstated",
        citation=citation,
        warnings=(),
        note=None,
        filing=data["filing"] or None,
        indicators=data.get("indicators", True),
    )


def bearers(data: Mapping[str, Any]) -> Owers:
    return Owers(
        kinds=tuple(data["kinds"]),
        within=data["within"] or None,
        units=tuple(data["units"]),
        cluster=as_part(data.get("cluster")),
    )
