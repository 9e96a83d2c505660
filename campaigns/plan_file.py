"""Reader of a plan entered as data: who owes what to whom by when, with the clause that says so.

A date is kept as the plan wrote it, even when it cannot be right. The reader finds dates that look wrong and
insists that the file's `warnings` name them: nobody then takes a known slip of the plan for a slip of ours.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from campaigns.plan_bearers import CLUSTER_WORDS, OWN, ClusterPart
from campaigns.plan_bearers import EVERY as ALL_CLUSTERS
from campaigns.plan_indicators import PlannedIndicator, read_indicator
from campaigns.plan_phases import PlannedPhase, describe_overlaps, read_phase
from units.data_file import Entry, Reading, check_interval
from units.register_file import KINDS as UNIT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

PLANS = Path(__file__).parent / "data"

CAMPAIGN_KINDS = frozenset({"regular", "thematic", "drive", "peak", "period"})
METHODS = frozenset({"yearly", "thematic"})
SCOPES = frozenset({"sector", "branch", "cluster", "unit"})
CLUSTER_KINDS = frozenset({"region", "cluster", "block"})
# How many months lie between two times of what comes again.
EVERY = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
OBLIGATION_KINDS = frozenset({"plan", "registration", "nomination", "report", "review", "event"})
FILING_KINDS = frozenset(
    {
        *("plan", "title-registration", "exemplar-registration", "pledge"),
        *("half-year-report", "yearly-report", "phase-report", "other"),
    }
)

# What the reader can see by itself; a file must name exactly these where they hold.
SEEN_WARNINGS = frozenset(
    {
        "before-issue",  # the day as written stands before the plan's own issue
        "outside-period",  # the day as written stands outside the campaign
        "weekend",  # the day as written is a Saturday or a Sunday
        "issue-day-unknown",  # due in the weeks in which the plan may have been issued
        "anchor-missing",  # counted from an event that no obligation of the plan brings about
        "no-date",  # the plan gives no day and no range
    }
)
# What only a person can see; a file may name it.
TOLD_WARNINGS = frozenset({"order-conflict"})

SATURDAY = 5
LAST_DAY_OF_MONTH = 31


@dataclass(frozen=True, slots=True)
class Citation:
    plan: str
    clause: str

    def __str__(self) -> str:
        return f"{self.plan}, {self.clause}"


@dataclass(frozen=True, slots=True)
class Due:
    """A time as the plan states it; which fields are set follows from `type`.

    `before-day`: `day` itself is too late by the words. `until-day`: `day` still counts. `month`, `quarter`:
    with `year`. `range`: `first` to `last`. `days-after`: `days` (`working`: of work) from `after`, which
    `after_obligation` brings about if set. `recurrent`: once `every` month, quarter, half-year or year of the campaign,
    by the end of day `until` of its last month if set. `occasion`: `occasion`, with `day` if the calendar fixes
    it. `unstated`: nothing. `read_as` is our reading of a `day` that cannot be right; until the issuer confirms it,
    it is a proposal.
    """

    type: str
    day: date | None = None
    read_as: date | None = None
    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    days: int | None = None
    after: str | None = None
    after_obligation: str | None = None
    occasion: str | None = None
    first: date | None = None
    last: date | None = None
    working: bool = False
    every: str | None = None
    until: int | None = None

    def written_span(self) -> tuple[date, date] | None:
        """First and last calendar day the words name, both inclusive; None if they name none."""
        if self.day is not None:
            return self.day, self.day
        if self.first is not None and self.last is not None:
            return self.first, self.last
        if self.year is None:
            return None
        last_month = self.month or (self.quarter or 4) * 3
        first_month = self.month or last_month - 2
        last_day = monthrange(self.year, last_month)[1]
        return date(self.year, first_month, 1), date(self.year, last_month, last_day)


@dataclass(frozen=True, slots=True)
class Owers:
    """Units of `kinds` in the subtree of `within`, and `units`, and those whom `cluster` names by their place."""

    kinds: tuple[str, ...]
    within: str | None
    units: tuple[str, ...]
    cluster: ClusterPart | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    max_pages: int | None
    required: bool


@dataclass(frozen=True, slots=True)
class PlannedObligation:
    code: str
    title: str
    kind: str
    phase: str | None
    awards: tuple[str, ...]
    """What a nomination under this obligation may ask for."""
    optional: bool
    owed_by: Owers
    owed_to: str
    copies_to: tuple[str, ...]
    papers: tuple[Paper, ...]
    due: Due
    phrase: str | None
    """The plan's own words for the time; None where the plan has none."""
    set_by_office: bool
    """The plan gives no day; the office set the one in `due`, and `note` says so."""
    citation: Citation
    warnings: tuple[str, ...]
    note: str | None
    filing: str | None = None
    """What is filed, where the kind does not say enough."""
    indicators: bool = True
    """A half-year or yearly report holds the unit's indicators; one about others does not."""


@dataclass(frozen=True, slots=True)
class PlannedQuota:
    code: str
    title: str
    award: str
    unit_kinds: tuple[str, ...]
    at_most: int | None
    among: tuple[str, ...]
    """Codes of the quotas whose winners alone may be chosen; empty if any unit may."""
    tentative: bool
    """The plan calls the number an intention (dự kiến)."""
    phrase: str
    citation: Citation
    percent: int | None = None
    """A share of `percent_of` in place of `at_most`, made whole by `rounding` (`campaigns.shares`)."""
    percent_of: str = ""
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCluster:
    code: str
    name: str
    kind: str
    year: int
    head: str
    deputies: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    citation: Citation
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    code: str
    issuer: str
    title: str
    kind: str
    number: str | None
    issued_on: date | None
    issued_from: date
    issued_until: date
    """Issued between `issued_from` and `issued_until`; both equal `issued_on` where it is known."""
    issue_note: str | None
    cite_as: str
    opens_on: date
    closes_on: date
    basis: tuple[str, ...]
    awards: tuple[str, ...]
    cluster: PlannedCluster | None
    phases: tuple[PlannedPhase, ...]
    obligations: tuple[PlannedObligation, ...]
    quotas: tuple[PlannedQuota, ...]
    remarks: tuple[Remark, ...]
    theme: str = ""
    content_areas: tuple[str, ...] = ()
    method: str = ""
    scope: str = ""
    responds_to: str | None = None
    """The code of the campaign that this one answers; it has to stand already."""
    indicators: tuple[PlannedIndicator, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the parts of a plan are checked against."""

    cite_as: str
    opens_on: date
    closes_on: date
    issued_from: date
    issued_until: date
    awards: tuple[str, ...]
    phases: tuple[str, ...]
    obligations: tuple[str, ...]
    quotas: tuple[str, ...]
    has_cluster: bool

    def cite(self, entry: Entry) -> Citation:
        return Citation(self.cite_as, entry.text("clause"))


def read_shipped_plans() -> list[Plan]:
    return [read_plan(path) for path in sorted(PLANS.glob("*.toml"))]


def read_plan(path: Path) -> Plan:
    """The plan in the file. Raises `DataFileError` naming every wrong key.

    References inside the file are checked; codes of units, awards and legal documents belong to other files
    and are the loader's to resolve.
    """
    reading = Reading(path)
    top = reading.toml()
    head = top.entry("campaign")
    cluster = top.optional_entry("cluster")
    parts = {name: top.entries(name) for name in ("phase", "obligation", "quota", "indicator")}
    remarks = top.entries("remark", named_by="clause")
    top.finish()
    codes = {name: tuple(entry.text("code") for entry in entries) for name, entries in parts.items()}
    for name, values in codes.items():
        reading.check_unique(f"[[{name}]]", "code", values)
    issued_on, issued_from, issued_until = _read_issue(head)
    frame = _Frame(
        cite_as=head.text("cite_as"),
        opens_on=head.day("opens_on"),
        closes_on=head.day("closes_on"),
        issued_from=issued_from,
        issued_until=issued_until,
        awards=head.texts("awards"),
        phases=codes["phase"],
        obligations=codes["obligation"],
        quotas=codes["quota"],
        has_cluster=cluster is not None,
    )
    plan = Plan(
        code=head.text("code"),
        issuer=head.text("issuer"),
        title=head.text("title"),
        kind=head.choice("kind", CAMPAIGN_KINDS),
        number=head.optional_text("number"),
        issued_on=issued_on,
        issued_from=issued_from,
        issued_until=issued_until,
        issue_note=head.optional_text("issue_note"),
        cite_as=frame.cite_as,
        opens_on=frame.opens_on,
        closes_on=frame.closes_on,
        basis=head.texts("basis"),
        awards=frame.awards,
        cluster=_read_cluster(cluster) if cluster else None,
        phases=tuple(
            read_phase(entry, frame.cite(entry), opens_on=frame.opens_on, closes_on=frame.closes_on)
            for entry in parts["phase"]
        ),
        obligations=tuple(_read_obligation(entry, frame) for entry in parts["obligation"]),
        quotas=tuple(_read_quota(entry, frame) for entry in parts["quota"]),
        remarks=tuple(_read_remark(entry, frame) for entry in remarks),
        theme=head.optional_text("theme") or "",
        content_areas=head.texts("content_areas"),
        method=head.choice("method", METHODS) if head.has("method") else "",
        scope=head.choice("scope", SCOPES) if head.has("scope") else "",
        responds_to=head.optional_text("responds_to"),
        indicators=tuple(read_indicator(entry) for entry in parts["indicator"]),
    )
    for overlap in describe_overlaps(plan.phases, plan.opens_on, plan.closes_on):
        reading.report("[[phase]]", overlap)
    _check_head(head, plan)
    reading.finish()
    return plan


def _read_issue(head: Entry) -> tuple[date | None, date, date]:
    if head.has("issued_on"):
        day = head.day("issued_on")
        return day, day, day
    first, last = head.day("issued_from"), head.day("issued_until")
    check_interval(head, first, last, last_key="issued_until")
    return None, first, last


def _check_head(head: Entry, plan: Plan) -> None:
    check_interval(head, plan.opens_on, plan.closes_on, last_key="closes_on")
    if (plan.number is None or plan.issued_on is None) and plan.issue_note is None:
        head.report("issue_note", "còn thiếu; kế hoạch không có số hoặc ngày thì cần nói vì sao.")
    head.finish()


def _read_cluster(entry: Entry) -> PlannedCluster:
    cluster = PlannedCluster(
        code=entry.text("code"),
        name=entry.text("name"),
        kind=entry.choice("kind", CLUSTER_KINDS),
        year=entry.whole("year", lowest=1948),
        head=entry.text("head"),
        deputies=entry.texts("deputies"),
        members=entry.texts("members"),
    )
    for key, codes in (("head", (cluster.head,)), ("deputies", cluster.deputies)):
        _check_known(entry, key, codes, cluster.members, "đơn vị có trong «members»")
    entry.finish()
    return cluster


def _check_known(entry: Entry, key: str, codes: tuple[str, ...], known: tuple[str, ...], what: str) -> None:
    for code in codes:
        if code and code not in known:
            entry.report(key, f"giá trị «{code}» không đúng; cần {what}.")


def _read_quota(entry: Entry, frame: _Frame) -> PlannedQuota:
    quota = PlannedQuota(
        code=entry.text("code"),
        title=entry.text("title"),
        award=entry.text("award"),
        unit_kinds=entry.choices("unit_kinds", UNIT_KINDS),
        at_most=entry.whole("at_most"),
        among=entry.texts("among"),
        tentative=entry.flag("tentative", otherwise=False),
        phrase=entry.text("phrase"),
        citation=frame.cite(entry),
    )
    _check_known(entry, "award", (quota.award,), frame.awards, "mã có trong «awards» của [campaign]")
    others = tuple(code for code in frame.quotas if code != quota.code)
    _check_known(entry, "among", quota.among, others, "mã của một [[quota]] khác")
    if not quota.unit_kinds:
        entry.report("unit_kinds", "còn thiếu; cần ít nhất một loại đơn vị.")
    entry.finish()
    return quota


def _read_remark(entry: Entry, frame: _Frame) -> Remark:
    remark = Remark(citation=frame.cite(entry), text=entry.text("text"))
    entry.finish()
    return remark


def _read_obligation(entry: Entry, frame: _Frame) -> PlannedObligation:
    obligation = PlannedObligation(
        code=entry.text("code"),
        title=entry.text("title"),
        kind=entry.choice("kind", OBLIGATION_KINDS),
        phase=entry.optional_text("phase"),
        awards=entry.texts("awards"),
        optional=entry.flag("optional", otherwise=False),
        owed_by=_read_owers(entry.entry("owed_by"), frame),
        owed_to=entry.text("owed_to"),
        copies_to=entry.texts("copies_to"),
        papers=tuple(_read_paper(paper) for paper in entry.entries("paper", named_by="name")),
        due=_read_due(entry.entry("due"), frame),
        phrase=entry.optional_text("phrase"),
        set_by_office=entry.flag("set_by_office", otherwise=False),
        citation=frame.cite(entry),
        warnings=entry.choices("warnings", SEEN_WARNINGS | TOLD_WARNINGS),
        note=entry.optional_text("note"),
        filing=entry.optional_text("filing"),
        indicators=entry.flag("indicators", otherwise=True),
    )
    entry.finish()
    if obligation.filing is not None and obligation.filing not in FILING_KINDS:
        known = ", ".join(sorted(FILING_KINDS))
        entry.report("filing", f"giá trị «{obligation.filing}» không đúng; cần một trong: {known}.")
    if obligation.phase:
        _check_known(entry, "phase", (obligation.phase,), frame.phases, "mã của một [[phase]]")
    _check_known(entry, "awards", obligation.awards, frame.awards, "mã có trong «awards» của [campaign]")
    if obligation.kind == "nomination" and not obligation.awards:
        entry.report("awards", "còn thiếu; việc đề nghị cần nói đề nghị danh hiệu hay sự công nhận nào.")
    _check_time(entry, obligation)
    _check_warnings(entry, obligation, frame)
    return obligation


def _read_owers(entry: Entry, frame: _Frame) -> Owers:
    owers = Owers(
        kinds=entry.choices("kinds", UNIT_KINDS),
        within=entry.optional_text("within"),
        units=entry.texts("units"),
        cluster=_read_part(entry.optional_entry("cluster"), frame),
    )
    if not (owers.kinds or owers.units or owers.cluster):
        entry.report("units", "chưa có ai phải làm; cần «kinds» và «within», «units», hoặc «cluster».")
    if bool(owers.kinds) != (owers.within is not None):
        entry.report("within", "«kinds» và «within» phải đi cùng nhau: loại đơn vị nào, thuộc đơn vị nào.")
    entry.finish()
    return owers


def _read_part(entry: Entry | None, frame: _Frame) -> ClusterPart | None:
    """`who` of the plan's cluster; `of` names another by its code, or all of them by "*"."""
    if entry is None:
        return None
    part = ClusterPart(entry.choice("who", CLUSTER_WORDS), entry.optional_text("of") or OWN)
    if part.of == OWN and not frame.has_cluster:
        entry.report(
            "of",
            f"tệp không có bảng [cluster]; cần bảng ấy với danh sách thành viên, hoặc mã, hoặc «{ALL_CLUSTERS}» cho "
            "mọi khu vực, cụm, khối.",
        )
    entry.finish()
    return part


def _read_paper(entry: Entry) -> Paper:
    paper = Paper(
        name=entry.text("name"),
        max_pages=entry.optional_whole("max_pages"),
        required=entry.flag("required", otherwise=True),
    )
    entry.finish()
    return paper


def _read_day_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, day=entry.day("day"), read_as=entry.optional_day("read_as"))


def _read_month_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, year=entry.whole("year", lowest=1948), month=_read_up_to(entry, "month", 12))


def _read_quarter_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, year=entry.whole("year", lowest=1948), quarter=_read_up_to(entry, "quarter", 4))


def _read_up_to(entry: Entry, key: str, highest: int) -> int:
    value = entry.whole(key)
    if value > highest:
        entry.report(key, f"giá trị «{value}» không đúng; cần số từ 1 đến {highest}.")
        return highest
    return value


def _read_days_after_due(entry: Entry, due_type: str) -> Due:
    return Due(
        due_type,
        days=entry.whole("days"),
        after=entry.text("after"),
        after_obligation=entry.optional_text("after_obligation"),
        working=entry.flag("working", otherwise=False),
    )


def _read_range_due(entry: Entry, due_type: str) -> Due:
    first, last = entry.day("first"), entry.day("last")
    check_interval(entry, first, last, last_key="last")
    return Due(due_type, first=first, last=last)


def _read_recurrent_due(entry: Entry, due_type: str) -> Due:
    until = entry.optional_whole("until")
    if until is not None and until > LAST_DAY_OF_MONTH:
        entry.report("until", f"giá trị «{until}» không đúng; cần số từ 1 đến {LAST_DAY_OF_MONTH}.")
    return Due(due_type, every=entry.choice("every", EVERY), until=until)


def _read_occasion_due(entry: Entry, due_type: str) -> Due:
    return Due(due_type, occasion=entry.text("occasion"), day=entry.optional_day("day"))


def _read_unstated_due(_entry: Entry, due_type: str) -> Due:
    return Due(due_type)


DUE_READERS: dict[str, Callable[[Entry, str], Due]] = {
    "before-day": _read_day_due,
    "until-day": _read_day_due,
    "month": _read_month_due,
    "quarter": _read_quarter_due,
    "range": _read_range_due,
    "days-after": _read_days_after_due,
    "recurrent": _read_recurrent_due,
    "occasion": _read_occasion_due,
    "unstated": _read_unstated_due,
}


def _read_due(entry: Entry, frame: _Frame) -> Due:
    due_type = entry.choice("type", DUE_READERS)
    due = DUE_READERS.get(due_type, _read_unstated_due)(entry, due_type)
    if due.after_obligation is not None:
        known = frame.obligations
        _check_known(entry, "after_obligation", (due.after_obligation,), known, "mã của một [[obligation]]")
    if due_type in DUE_READERS:
        entry.finish()
    return due


def _check_time(entry: Entry, obligation: PlannedObligation) -> None:
    """The plan's words for the time are there, or the office set it and says so, or there is no time."""
    if obligation.set_by_office:
        if obligation.phrase is not None:
            entry.report("phrase", "không dùng khi cơ quan tự đặt hạn, vì kế hoạch không nói về thời gian.")
        if obligation.note is None:
            entry.report("note", "còn thiếu; hạn do cơ quan đặt cần nói vì sao và đặt thế nào.")
    elif obligation.phrase is None and obligation.due.type != "unstated":
        entry.report("phrase", "còn thiếu; cần lời ngắn về thời gian như trong kế hoạch.")
    if obligation.due.read_as is not None and obligation.note is None:
        entry.report("note", "còn thiếu; ngày được đọc khác văn bản cần nói vì sao.")


def _check_warnings(entry: Entry, obligation: PlannedObligation, frame: _Frame) -> None:
    seen = _see_warnings(obligation.due, frame)
    told = set(obligation.warnings)
    for code in sorted(seen - told):
        entry.report("warnings", f"thiếu «{code}»: thời hạn như đã ghi có dấu hiệu này; hãy nêu ra.")
    for code in sorted((told & SEEN_WARNINGS) - seen):
        entry.report("warnings", f"thừa «{code}»: thời hạn như đã ghi không có dấu hiệu này; hãy bỏ đi.")


def _see_warnings(due: Due, frame: _Frame) -> set[str]:
    if due.type == "days-after":
        return set() if due.after_obligation else {"anchor-missing"}
    if due.type == "recurrent":
        return set()  # every time lies inside the campaign by the way it is found
    span = due.written_span()
    if span is None:
        return {"no-date"}
    first, last = span
    signs = {
        "before-issue": last < frame.issued_from,
        "issue-day-unknown": frame.issued_from <= last <= frame.issued_until != frame.issued_from,
        "outside-period": first < frame.opens_on or last > frame.closes_on,
        "weekend": due.day is not None and due.day.weekday() >= SATURDAY,
    }
    return {code for code, holds in signs.items() if holds}
