"""The shape in which one thing of a plan waits for a person's answer, and the way from it to a planned campaign.

`data` of an item is JSON; days are ISO texts or None, units stand by their codes:

    basis       words, number
    phase       name, first, last; doors may date what the phase lets in: door → [first, last]
    indicator   see `plan_item_indicators`
    quota       title, group, at_most, or percent with percent_of and rounding; unit_kinds (empty: any), tentative;
                among may name other quotas by the `order` of their items
    obligation  title, kind, filing, optional, awards, phase (the `order` of a phase item or None), phrase, papers,
                who and to (the plan's words), kinds with within, units, cluster (None or `who` and `of` of a
                `ClusterPart`), owed_to ("" means the issuer), copies_to, due

`papers` are `{"name", "max_pages"}`, `required` where they are not, and `line` where a person said where the limit
stands. Drafts from before shares
and clusters were known lack their keys. `due` has `type` (one of `DUE_TYPES`) and the keys that the type needs. Pure:
what the register of units says comes in as values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from campaigns.calendar import short_day
from campaigns.plan_bearers import KnownUnit, find_bearers, find_cluster_part, find_unit
from campaigns.plan_item_indicators import blank_indicator, indicator_gaps, read_data
from campaigns.planreader import Due as ReadDue
from campaigns.planreader import DueKind, PlanReading, find_clause
from campaigns.planreader import Obligation as ReadObligation
from campaigns.planreader import PlanPhase as ReadPhase
from campaigns.planreader import Quota as ReadQuota
from campaigns.shares import ROUNDINGS
from units.folding import fold

DUE_TYPES: Final = {
    "until-day": "Đến hết ngày",
    "before-day": "Trước ngày (ngày đó đã là muộn)",
    "range": "Trong khoảng từ ngày đến ngày",
    "days-after": "Sau một sự kiện, tính theo ngày",
    "occasion": "Vào một dịp",
    "recurrent": "Lặp lại nhiều lần trong phong trào",
    "unstated": "Kế hoạch không nêu ngày",
}
EVERY_WORDS: Final = {"month": "Hằng tháng", "quarter": "Hằng quý", "half-year": "6 tháng một lần", "year": "Hằng năm"}
_LONGEST_TITLE: Final = 300
_LONGEST_PHRASE: Final = 200
# In this order: a registration is often a paper about something else as well.
_KINDS: Final = (
    ("registration", ("dang ky",)),
    ("nomination", ("ho so de nghi", "de nghi khen thuong", "de nghi cong nhan")),
    ("report", ("bao cao",)),
    ("plan", ("ke hoach",)),
    ("review", ("so ket", "tong ket")),
)


@dataclass(frozen=True, slots=True)
class ReadItem:
    kind: str
    line: int
    quote: str
    start: int
    end: int
    data: dict[str, Any]
    clause: str = ""


def list_items(reading: PlanReading, units: Sequence[KnownUnit], top: str) -> list[ReadItem]:
    """What was read, in the order in which a person looks it through: basis, phases, duties, indicators, quotas.

    `top` is the code of the unit below which kinds of units are meant.
    """
    text = reading.text

    def item(kind: str, one: Any, data: dict[str, Any]) -> ReadItem:
        return ReadItem(
            kind, one.line, one.quote, one.span.start, one.span.end, data, find_clause(reading.clauses, one.span.start)
        )

    basis = [item("basis", one, _basis(one.kind, one.number, one.date, one)) for one in reading.citations]
    return [
        *_once(basis),
        *(item("phase", one, _phase(one)) for one in reading.phases),
        *(item("obligation", one, _obligation(one, text, units, top)) for one in reading.obligations),
        *(item("indicator", one, read_data(one, units)) for one in reading.indicators),
        *(item("quota", one, _quota(one)) for one in reading.quotas),
    ]


def _phase(one: ReadPhase) -> dict[str, Any]:
    return {"name": one.name[:_LONGEST_PHRASE], "first": _iso(one.first), "last": _iso(one.last)}


def _once(basis: Sequence[ReadItem]) -> list[ReadItem]:
    """A document cited again is the same basis."""
    return list({one.data["number"] or one.data["words"]: one for one in reversed(basis)}.values())[::-1]


def _basis(kind: str, number: str | None, issued_on: date | None, citation: Any) -> dict[str, Any]:
    day = f" ngày {short_day(issued_on)}" if issued_on else ""
    words = f"{kind} số {number}{day}" if number else f"{kind} {citation.title}{day}"
    return {"words": " ".join(words.split())[:_LONGEST_TITLE], "number": number or ""}


def _quota(one: ReadQuota) -> dict[str, Any]:
    """A share is rounded down until a person says otherwise: more than the share would break the plan."""
    group = (one.group or "").removeprefix("%").strip() if one.is_percent else (one.group or "")
    return {
        "title": " · ".join(filter(None, (one.title, "" if one.is_percent else group)))[:_LONGEST_PHRASE],
        "group": one.group or "",
        "at_most": None if one.is_percent else one.at_most,
        "percent": one.at_most if one.is_percent else None,
        "percent_of": group[:_LONGEST_PHRASE] if one.is_percent else "",
        "rounding": "down" if one.is_percent else "",
        "unit_kinds": [],
        "tentative": False,
    }


def blank_item(kind: str) -> dict[str, Any]:
    """What an item that a person writes starts from."""
    if kind == "indicator":
        return blank_indicator()
    if kind == "phase":
        return {"name": "", "first": None, "last": None}
    if kind == "basis":
        return {"words": "", "number": ""}
    if kind == "quota":
        share = {"percent": None, "percent_of": "", "rounding": ""}
        return {"title": "", "group": "", "at_most": None, "unit_kinds": [], "tentative": False} | share
    words = dict.fromkeys(("title", "filing", "who", "within", "to", "owed_to", "phrase"), "")
    lists: dict[str, Any] = {name: [] for name in ("awards", "kinds", "units", "papers", "copies_to")}
    plain = {"kind": "report", "optional": False, "phase": None, "cluster": None}
    return words | lists | plain | {"due": {"type": "until-day"}}


def _obligation(one: ReadObligation, text: str, units: Sequence[KnownUnit], top: str) -> dict[str, Any]:
    part = find_cluster_part(one.who or "")
    kinds, named = ([], []) if part else find_bearers(one.who or "", units)
    phrase = text[one.due.span.start : one.due.span.end] if one.due.span else ""
    return {
        "title": one.what[:1].upper() + one.what[1:_LONGEST_TITLE],
        "kind": _kind_of(one.what),
        "filing": "",
        "optional": False,
        "awards": [],
        "phase": None,
        "who": one.who or "",
        "kinds": kinds,
        "within": top if kinds else "",
        "units": named,
        "cluster": part.as_data() if part else None,
        "to": one.owed_to or "",
        "owed_to": find_unit(one.owed_to or "", units),
        "copies_to": [],
        "due": _due(one.due),
        "phrase": " ".join(phrase.split())[:_LONGEST_PHRASE],
        "papers": _papers(one),
    }


def _papers(one: ReadObligation) -> list[dict[str, Any]]:
    """Papers with a limit, and those that are to be sent where there are any."""
    limits: list[dict[str, Any]] = [
        {"name": limit.paper[:200], "max_pages": limit.at_most} for limit in one.page_limits
    ]
    for paper in limits:
        if paper["name"] in one.papers_if_any:
            paper["required"] = False
    known = {paper["name"] for paper in limits}
    more = [name[:200] for name in one.papers_if_any if name not in known]
    return limits + [{"name": name, "max_pages": None, "required": False} for name in more]


def unit_codes(data: Mapping[str, Any]) -> list[str]:
    """Codes of the units that the item gives something to do."""
    targets = [one["unit"] for one in data.get("targets", ())]
    return [code for code in (*data.get("units", ()), data.get("within"), *targets) if code]


def _kind_of(what: str) -> str:
    folded = fold(what)
    return next((kind for kind, words in _KINDS if any(word in folded for word in words)), "event")


def _due(due: ReadDue) -> dict[str, Any]:
    """The time in the plan's terms; what cannot be said in them waits for a person as unstated."""
    read: dict[str, Any] = {"type": "unstated"}
    if due.kind is DueKind.OCCASION and due.anchor:
        read = {"type": "occasion", "occasion": due.anchor[:_LONGEST_PHRASE], "day": _iso(due.on)}
    elif due.kind is DueKind.RECURRENT:
        read = _recurrent(due.anchor or "")
    elif due.on:
        read = {"type": "before-day" if due.excludes_named_day else "until-day", "day": _iso(due.on)}
    elif due.kind is DueKind.RANGE and due.first and due.last:
        read = {"type": "range", "first": _iso(due.first), "last": _iso(due.last)}
    elif due.kind is DueKind.RELATIVE and due.anchor and (due.days or 0) > 0:
        after = due.anchor[:_LONGEST_PHRASE]
        read = {"type": "days-after", "days": due.days, "after": after, "working": due.working_days}
    return read


def _recurrent(words: str) -> dict[str, Any]:
    folded = fold(words)
    every = "year"
    if "6 thang" in folded or "sau thang" in folded:
        every = "half-year"
    elif "quy" in folded:
        every = "quarter"
    elif "thang" in folded:
        every = "month"
    day = re.search(r"ngay (\d{1,2})\b", folded)
    return {"type": "recurrent", "every": every, "until": int(day.group(1)) if day else None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


# --- what is still missing -----------------------------------------------------------------------


def missing_parts(kind: str, data: Mapping[str, Any]) -> list[str]:
    """What a person has to add before the item can be taken over, in words; empty if nothing."""
    return _GAPS[kind](data)


def _basis_gaps(data: Mapping[str, Any]) -> list[str]:
    return [] if data["words"] else ["Chưa ghi văn bản làm căn cứ."]


def _phase_gaps(data: Mapping[str, Any]) -> list[str]:
    gaps = [] if data["name"] else ["Chưa ghi tên đợt."]
    first, last = as_day(data["first"]), as_day(data["last"])
    if first is None or last is None:
        gaps.append("Đợt chưa đủ ngày bắt đầu và ngày kết thúc.")
    elif last < first:
        gaps.append("Ngày kết thúc đợt ở trước ngày bắt đầu.")
    return gaps


def _quota_gaps(data: Mapping[str, Any]) -> list[str]:
    gaps = [] if data["title"] else ["Chưa ghi được đề nghị cái gì."]
    percent = data.get("percent")
    if not data["at_most"] and not percent:
        gaps.append("Chưa có số lượng hoặc tỷ lệ phần trăm.")
    if percent and not data.get("percent_of"):
        gaps.append("Chưa ghi tỷ lệ phần trăm tính trên cái gì.")
    if percent and data.get("rounding") not in ROUNDINGS:
        gaps.append("Chưa chọn cách làm tròn tỷ lệ phần trăm.")
    return gaps


def _obligation_gaps(data: Mapping[str, Any]) -> list[str]:
    gaps = [] if data["title"] else ["Chưa ghi việc phải làm."]
    if not (data["kinds"] or data["units"] or data.get("cluster")):
        gaps.append("Chưa chọn đơn vị nào phải làm.")
    if data["kinds"] and not data["within"]:
        gaps.append("Chưa ghi các loại đơn vị ấy thuộc đơn vị nào.")
    if data["kind"] == "nomination" and not data["awards"]:
        gaps.append("Chưa chọn danh hiệu hoặc hình thức được đề nghị.")
    return [*gaps, *_due_gaps(data["due"])]


_GAPS: Final = {
    "basis": _basis_gaps,
    "phase": _phase_gaps,
    "quota": _quota_gaps,
    "obligation": _obligation_gaps,
    "indicator": indicator_gaps,
}
_DUE_NEEDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "until-day": (("day", "Chưa ghi ngày của thời hạn."),),
    "before-day": (("day", "Chưa ghi ngày của thời hạn."),),
    "range": (("first", "Chưa ghi ngày đầu của khoảng."), ("last", "Chưa ghi ngày cuối của khoảng.")),
    "days-after": (("days", "Chưa ghi số ngày sau sự kiện."), ("after", "Chưa ghi sự kiện để tính ngày.")),
    "occasion": (("occasion", "Chưa ghi dịp nào."),),
    "recurrent": (("every", "Chưa ghi bao lâu một lần."),),
    "unstated": (),
}


def _due_gaps(due: Mapping[str, Any]) -> list[str]:
    gaps = [words for key, words in _DUE_NEEDS[due["type"]] if not due.get(key)]
    if not gaps and due["type"] == "range" and due["last"] < due["first"]:
        gaps.append("Ngày cuối của khoảng ở trước ngày đầu.")
    return gaps


# --- in words ------------------------------------------------------------------------------------


def due_words(due: Mapping[str, Any]) -> str:
    kind = due["type"]
    if kind in ("until-day", "before-day"):
        return f"{'trước ngày' if kind == 'before-day' else 'đến hết ngày'} {_shown(due.get('day'))}"
    if kind == "range":
        return f"từ {_shown(due.get('first'))} đến {_shown(due.get('last'))}"
    if kind == "days-after":
        working = " làm việc" if due.get("working") else ""
        return f"{due.get('days') or '?'} ngày{working} sau: {due.get('after') or '?'}"
    if kind == "recurrent":
        until = f", chậm nhất ngày {due['until']} của tháng cuối" if due.get("until") else ""
        return f"{EVERY_WORDS.get(due.get('every') or '', '?').lower()}{until}"
    if kind == "occasion":
        return f"{due.get('occasion') or '?'}" + (f" ({_shown(due['day'])})" if due.get("day") else "")
    return "kế hoạch không nêu ngày"


def quota_words(data: Mapping[str, Any]) -> str:
    if not data.get("percent"):
        return str(data["at_most"] or "(chưa có số)")
    rounded = ROUNDINGS.get(data.get("rounding") or "", "chưa chọn cách làm tròn")
    return f"{data['percent']} % {data.get('percent_of') or '(chưa ghi của cái gì)'}, {rounded}"


def _shown(value: str | None) -> str:
    day = as_day(value)
    return short_day(day) if day else "(chưa có ngày)"
