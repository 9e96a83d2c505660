"""From what one campaign asked to the same things some years later, each beside what it was.

Days move by whole years. What is counted from an event stays so, what comes again is reckoned anew inside the new
time, and a phase that began or ended with the campaign does so again. Items have the shape of `plan_items`. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from campaigns.calendar import PlanDates, day_off, move_years, short_day, weekday_name
from campaigns.plan_building import plan_due
from campaigns.plan_items import as_day, due_words, missing_parts
from campaigns.plan_parts import Due, PlannedObligation
from campaigns.plan_phases import DOOR_WORDS
from campaigns.reckoning import reckon

_FEBRUARY, _LEAP_DAY = 2, 29
# A year by itself or at the end of a date or a span; not in a document's number ("2023/KH", "15/2023/QĐ").
_YEAR: Final = re.compile(r"(?:(?<![\d/.-])|(?<=\d[/.-]))(?:19|20)\d\d(?!\d|/\w|-[^\W\d])")
_COUNTED: Final = re.compile(r"\b\d{1,3}\s*năm\b|\blần thứ\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    opens_on: date
    closes_on: date

    @property
    def years(self) -> range:
        return range(self.opens_on.year - 1, self.closes_on.year + 2)


@dataclass(frozen=True, slots=True)
class Move:
    """From the time of one campaign to that of the next."""

    old: Period
    new: Period

    @property
    def years(self) -> int:
        return self.new.opens_on.year - self.old.opens_on.year

    def day(self, day: date) -> date:
        return move_years(day, self.years)

    def words(self, words: str) -> str:
        """The years around the old campaign's time moved; any other number stays, and so does a document's."""

        def moved(found: re.Match[str]) -> str:
            year = int(found.group())
            return str(year + self.years) if year in self.old.years else found.group()

        return _YEAR.sub(moved, words)

    def item(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The item as it would be asked in the new time; what names no time stays as it is."""
        moved = dict(data)
        if kind == "phase":
            moved |= self._phase(data)
        elif kind == "obligation":
            moved |= {
                "title": self.words(data["title"]),
                "phrase": self.words(data["phrase"]),
                "due": self.due(data["due"]),
            }
        elif kind in ("quota", "indicator"):
            moved["title"] = self.words(data["title"])
        return moved

    def due(self, due: Mapping[str, Any]) -> dict[str, Any]:
        moved = dict(due) | {name: self._iso(due[name]) for name in ("day", "first", "last") if due.get(name)}
        for name in ("after", "occasion"):
            if due.get(name):
                moved[name] = self.words(due[name])
        return moved

    def _phase(self, data: Mapping[str, Any]) -> dict[str, Any]:
        first, last = self.day(date.fromisoformat(data["first"])), self.day(date.fromisoformat(data["last"]))
        if as_day(data["first"]) == self.old.opens_on:
            first = self.new.opens_on
        if as_day(data["last"]) == self.old.closes_on:
            last = self.new.closes_on
        doors = {door: [self._iso(day) for day in days] for door, days in (data.get("doors") or {}).items()}
        return {
            "name": self.words(data["name"]),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "doors": doors,
        }

    def _iso(self, day: str) -> str:
        return self.day(date.fromisoformat(day)).isoformat()


def list_doubts(kind: str, before: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    """What a person should look at besides days off: days that only other years have, numbers that count years."""
    if kind == "basis":
        return ["Căn cứ lấy từ phong trào cũ. Kiểm tra văn bản còn hiệu lực không, có văn bản mới thay thế không."]
    doubts = []
    for old, new in zip(_days(kind, before), _days(kind, data), strict=False):
        if (old.month, old.day) == (_FEBRUARY, _LEAP_DAY) and new.day != _LEAP_DAY:
            doubts.append(f"Ngày {short_day(old)} không có trong năm {new.year}, nên đang ghi {short_day(new)}.")
    words = data.get("title") or data.get("name") or ""
    occasion = (data.get("due") or {}).get("occasion") or ""
    if (occasion and _COUNTED.search(occasion)) or _COUNTED.search(words):
        doubts.append("Có số năm kỷ niệm hoặc lần thứ mấy; phần mềm không tự tăng số này. Sửa nếu cần.")
    return doubts


def _days(kind: str, data: Mapping[str, Any]) -> list[date]:
    held = data if kind == "phase" else data.get("due") or {}
    return [day for name in ("day", "first", "last") if (day := as_day(held.get(name)))]


# --- side by side -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it was and as it would be."""

    name: str
    old: str
    new: str

    @property
    def is_same(self) -> bool:
        return self.old == self.new


def list_changes(
    kind: str, before: Mapping[str, Any], data: Mapping[str, Any], *, old: PlanDates, new: PlanDates
) -> list[Change]:
    """Every day of the item with its weekday, and its words, old beside new."""
    name = "Tên" if kind == "phase" else "Nội dung"
    words = [Change(name, *(str(one.get("title") or one.get("name") or one.get("words")) for one in (before, data)))]
    if kind == "phase":
        words += [Change(label, _long(before[key]), _long(data[key])) for key, label in _PHASE_DAYS]
        dated = {*(before.get("doors") or {}), *(data.get("doors") or {})}
        words += [
            Change(label, _door(before, door), _door(data, door)) for door, label in DOOR_WORDS.items() if door in dated
        ]
    elif kind == "obligation":
        words.append(Change("Thời hạn", due_words(before["due"]), due_words(data["due"])))
        last = [_last_day(one["due"], dates) for one, dates in ((before, old), (data, new))]
        if any(last):
            words.append(Change("Ngày cuối cùng", *last))
    return words


_PHASE_DAYS: Final = (("first", "Từ ngày"), ("last", "Đến ngày"))


def _long(day: str | None) -> str:
    return f"{weekday_name(date.fromisoformat(day))}, {short_day(date.fromisoformat(day))}" if day else "chưa có ngày"


def _door(data: Mapping[str, Any], door: str) -> str:
    days = (data.get("doors") or {}).get(door)
    return f"{_long(days[0])} – {_long(days[1])}" if days else "không ghi ngày"


def _last_day(due: Mapping[str, Any], dates: PlanDates) -> str:
    deadline = reckon(plan_due(due), dates)
    return _long(deadline.last_day.isoformat()) if deadline else ""


def list_cautions(kind: str, data: Mapping[str, Any], dates: PlanDates) -> list[str]:
    """Days off, days before the plan or out of its time, in words, as they would be told once the campaign stands."""
    if kind == "phase":
        ends = [data["last"], *(days[1] for days in (data.get("doors") or {}).values())]
        days = sorted({date.fromisoformat(day) for day in ends if day})
        return [f"{short_day(day)} là ngày nghỉ ({why})." for day in days if (why := day_off(day, dates))]
    if kind != "obligation" or missing_parts(kind, data):
        return []
    deadline = reckon(plan_due(data["due"]), dates)
    return [caution.text for caution in deadline.cautions] if deadline else []


# --- from what a campaign kept ------------------------------------------------------------------------


def keep_planned(planned: PlannedObligation) -> dict[str, Any]:
    """What an obligation keeps of its plan, so that the same can be asked again in another time."""
    owers = planned.owed_by
    return {
        "code": planned.code,
        "title": planned.title,
        "kinds": list(owers.kinds),
        "within": owers.within or "",
        "units": list(owers.units),
        "cluster": owers.cluster.as_data() if owers.cluster else None,
        "due": due_data(planned.due),
    }


def due_data(due: Due) -> dict[str, Any]:
    """A plan's time in the terms of an item: a month or a quarter is the stretch it is, a mended day is the day."""
    if due.read_as is not None:
        return {"type": "until-day", "day": due.read_as.isoformat()}
    if due.type in ("month", "quarter"):
        span = due.written_span()
        return (
            {"type": "range", "first": span[0].isoformat(), "last": span[1].isoformat()}
            if span
            else {"type": "unstated"}
        )
    days = {name: getattr(due, name).isoformat() for name in ("day", "first", "last") if getattr(due, name)}
    kept = {name: getattr(due, name) for name in ("days", "after", "working", "occasion", "every", "until")}
    return {"type": due.type} | days | {name: value for name, value in kept.items() if value}
