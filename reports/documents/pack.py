"""The papers of one sitting: facts, and how each paper is laid out. A paper never asks the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reports.documents.facts import CriteriaFacts, Letterhead, MemberFacts
from reports.documents.minutes import name_duties
from reports.documents.sheet import Sheet, heading
from reports.join import Entry


@dataclass(frozen=True, slots=True)
class PackCase:
    """One case of the agenda in short."""

    order: int
    name: str
    position: str
    unit: str
    recognition: str
    year: int
    honours: tuple[str, ...]
    achievements: tuple[str, ...]
    criteria: CriteriaFacts | None
    # Since then the original is being mended at the unit that sent it: what is printed here is older.
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PackQuorum:
    share: str
    least: int
    present: int
    members: int
    is_met: bool
    citations: tuple[str, ...]
    titles: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    order: int
    name: str
    unit: str
    recognition: str


@dataclass(frozen=True, slots=True)
class PaperContest:
    title: str
    seats: int | None
    cases: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class PackPaper:
    """The paper of one ballot held on paper: as many as members present, and as many as absent ones may send."""

    title: str
    chooses: bool
    scale: str
    """Which points may be given, in words; empty where none are."""
    contests: tuple[PaperContest, ...]
    present: int
    absent: int
    tellers: tuple[str, ...]

    @property
    def copies(self) -> int:
        return self.present + self.absent


@dataclass(frozen=True, slots=True)
class PackFacts:
    """A sitting at `as_of`, the moment of the latest change of its cases."""

    head: Letterhead
    council: str
    founding: str
    sitting: str
    held_on: date
    starts: str
    place: str
    as_of: datetime
    recorded: bool
    members: tuple[MemberFacts, ...]
    quorums: tuple[PackQuorum, ...]
    away: tuple[str, ...]
    cases: tuple[PackCase, ...]
    papers: tuple[PackPaper, ...]

    @property
    def present(self) -> int:
        return sum(bool(one.is_present) for one in self.members)


def lay_out(facts: PackFacts) -> Iterator[Sheet]:
    """Every paper of the pack but its cover, in order."""
    head = heading(facts.head, facts.held_on)
    yield Sheet("Chương trình", "reports/paper/pack_agenda.html", {"facts": facts, "head": head})
    duties = [(member, name_duties(member)) for member in facts.members]
    context = {"facts": facts, "head": head, "duties": duties}
    yield Sheet("Danh sách thành viên, điều kiện họp", "reports/paper/pack_members.html", context)
    for case in facts.cases:
        note = f"{case.recognition} {case.year}, {case.unit}"
        yield Sheet(f"Trường hợp số {case.order}: {case.name}", "reports/paper/pack_case.html", {"case": case}, note)
    for paper in facts.papers:
        yield from _papers_of(facts, paper)


def _papers_of(facts: PackFacts, paper: PackPaper) -> Iterator[Sheet]:
    if paper.copies:
        yield Sheet(
            f"Phiếu để in: {paper.title}",
            "reports/paper/pack_ballot.html",
            {"facts": facts, "paper": paper},
            _copies_words(paper),
            copies=paper.copies,
            is_numbered=False,
        )
    for teller in paper.tellers or ("", ""):
        yield Sheet(
            f"Biểu kiểm phiếu: {paper.title}",
            "reports/paper/pack_tally.html",
            {"facts": facts, "head": heading(facts.head, facts.held_on), "paper": paper, "teller": teller},
            teller,
        )


def _copies_words(paper: PackPaper) -> str:
    words = f"{paper.present} phiếu phát tại phiên họp"
    absent = f", {paper.absent} phiếu cho ý kiến bằng văn bản" if paper.absent else ""
    return f"{words}{absent}; giống hệt nhau, không đánh số trang"


def lay_out_cover(facts: PackFacts, entries: Sequence[Entry], pages: int) -> Sheet:
    return Sheet(
        title="Bìa và mục lục",
        template="reports/paper/pack_cover.html",
        context={"facts": facts, "head": heading(facts.head, None), "entries": entries, "pages": pages},
    )
