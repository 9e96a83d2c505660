"""Phases of a plan as data: their days, and the doors that each opens and closes."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from campaigns.calendar import describe_overlap, is_whole, list_overlaps
from campaigns.plan_parts import Citation
from units.data_file import Entry, check_interval

DOOR_WORDS: Final = {
    "register": "Nhận đăng ký",
    "nominate": "Nhận đề nghị",
    "appraise": "Thẩm tra",
    "vote": "Bỏ phiếu",
    "decide": "Ra quyết định",
}


@dataclass(frozen=True, slots=True)
class PlannedDoor:
    door: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    code: str
    name: str
    opens_on: date
    closes_on: date
    citation: Citation
    doors: tuple[PlannedDoor, ...] = ()


def read_phase(entry: Entry, citation: Citation, *, opens_on: date, closes_on: date) -> PlannedPhase:
    """One [[phase]] of a campaign from `opens_on` to `closes_on`; its `[phase.doors]` table may date each door."""
    phase = PlannedPhase(
        code=entry.text("code"),
        name=entry.text("name"),
        opens_on=entry.day("opens_on"),
        closes_on=entry.day("closes_on"),
        citation=citation,
        doors=_read_doors(entry.optional_entry("doors")),
    )
    check_interval(entry, phase.opens_on, phase.closes_on, last_key="closes_on")
    if phase.opens_on < opens_on:
        entry.report("opens_on", f"trước ngày mở phong trào {opens_on:%d/%m/%Y}; cần từ ngày đó.")
    if phase.closes_on > closes_on:
        entry.report("closes_on", f"sau ngày đóng phong trào {closes_on:%d/%m/%Y}; cần đến ngày đó.")
    entry.finish()
    return phase


def _read_doors(table: Entry | None) -> tuple[PlannedDoor, ...]:
    if table is None:
        return ()
    doors = []
    for door in DOOR_WORDS:
        entry = table.optional_entry(door)
        if entry is not None:
            read = PlannedDoor(door, entry.day("opens_on"), entry.day("closes_on"))
            check_interval(entry, read.opens_on, read.closes_on, last_key="closes_on")
            entry.finish()
            doors.append(read)
    table.finish()
    return tuple(doors)


def describe_overlaps(phases: tuple[PlannedPhase, ...], opens_on: date, closes_on: date) -> list[str]:
    """Which phases share a day, in words; one that is the campaign's whole time may stand beside the others."""
    stretches = [
        (phase.name, phase.opens_on, phase.closes_on)
        for phase in phases
        if not is_whole(phase.opens_on, phase.closes_on, opens_on, closes_on)
    ]
    return [describe_overlap(one, other) for one, other in list_overlaps(stretches)]
