"""Reader of a plan entered as data: who owes what to whom by when, with the clause that says so.

A date is kept as the plan wrote it, even when it cannot be right. The reader finds dates that look wrong and
insists that the file's `warnings` name them: nobody then takes a known slip of the plan for a slip of ours.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from campaigns.plan_bearers import CLUSTER_WORDS, OWN, ClusterPart
from campaigns.plan_bearers import EVERY as ALL_CLUSTERS
from campaigns.plan_dues import check_known, read_due
from campaigns.plan_indicators import PlannedIndicator, read_indicator
from campaigns.plan_parts import Citation, Due, Owers, Paper, PlannedCluster, PlannedObligation, PlannedQuota, Remark
from campaigns.plan_phases import PlannedPhase, describe_overlaps, read_phase
from units.data_file import Entry, Reading, check_interval
from units.register_file import KINDS as UNIT_KINDS

PLANS = Path(__file__).parent / "data"

CAMPAIGN_KINDS = frozenset({"regular", "thematic", "drive", "peak", "period"})
METHODS = frozenset({"yearly", "thematic"})
SCOPES = frozenset({"sector", "branch", "cluster", "unit"})
CLUSTER_KINDS = frozenset({"region", "cluster", "block"})
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
        check_known(entry, key, codes, cluster.members, "đơn vị có trong «members»")
    entry.finish()
    return cluster


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
    check_known(entry, "award", (quota.award,), frame.awards, "mã có trong «awards» của [campaign]")
    others = tuple(code for code in frame.quotas if code != quota.code)
    check_known(entry, "among", quota.among, others, "mã của một [[quota]] khác")
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
        due=read_due(entry.entry("due"), frame.obligations),
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
        check_known(entry, "phase", (obligation.phase,), frame.phases, "mã của một [[phase]]")
    check_known(entry, "awards", obligation.awards, frame.awards, "mã có trong «awards» của [campaign]")
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
