"""What certificates print, which layouts a unit has, and what a code lets anybody verify."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from awards.models import Decision, DecisionLine
from awards.selectors.decisions import list_lines, obstacle_of
from reports.documents.sheet import paper_day
from reports.layouts import CODE, WORDED, Block, first_blocks, read_blocks
from reports.models import (
    Certificate,
    CertificateJob,
    CertificateLayout,
    CertificatePrinter,
    DossierState,
    Page,
    Stock,
)
from reports.selectors.letterheads import letterhead
from units.models import AwardTitle, TitleKind, Unit
from units.scoping import maintenance_scope
from units.selectors.organisation import Chronicle
from units.selectors.signing import HEADS

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
VERBS: Mapping[str, str] = {TitleKind.COMMENDATION: "TẶNG", TitleKind.EMULATION_TITLE: "TẶNG DANH HIỆU"}
YEAR, TITLE = "{năm}", "{danh hiệu}"


@dataclass(frozen=True, slots=True)
class Form:
    """How certificates of a title are laid out: as the unit stored it, or as every unit begins."""

    page: str
    stock: str
    blocks: Mapping[str, Block]
    layout: CertificateLayout | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What stands on one certificate, and what became of it since. `fate` is empty while it stands."""

    name: str
    post: str
    award: str
    year: int
    number: str
    signed_on: date
    issuer: str
    fate: str


def list_layouts(unit: Unit) -> QuerySet[CertificateLayout]:
    return CertificateLayout.objects.filter(unit=unit).select_related("title")


def list_printers(unit: Unit) -> QuerySet[CertificatePrinter]:
    return CertificatePrinter.objects.filter(unit=unit)


def list_certificate_jobs(unit: Unit) -> QuerySet[CertificateJob]:
    """Files that the unit asked for, the newest first; the decision and, for a reprint, its line loaded."""
    found = CertificateJob.objects.filter(unit=unit).select_related("decision", "asked_by", "line__honour", "first")
    return found.defer("snapshot", "first__snapshot")  # every word of every certificate, which no list needs


@dataclass(frozen=True, slots=True)
class Run:
    """All parts of what was asked for at once, the first in front."""

    parts: tuple[CertificateJob, ...]

    @property
    def first(self) -> CertificateJob:
        return self.parts[0]

    @property
    def is_split(self) -> bool:
        return len(self.parts) > 1

    @property
    def is_moving(self) -> bool:
        return any(one.is_moving for one in self.parts)

    @property
    def failed(self) -> list[CertificateJob]:
        return [one for one in self.parts if one.state == DossierState.FAILED]

    @property
    def finished(self) -> int:
        return sum(one.state == DossierState.DONE for one in self.parts)

    @property
    def steps_done(self) -> int:
        return sum(one.steps_done for one in self.parts)

    @property
    def steps_total(self) -> int:
        return sum(one.steps_total for one in self.parts)

    @property
    def state(self) -> str:
        """In words: of the whole, as of a single file."""
        if self.is_moving and not self.steps_done:
            return DossierState.WAITING.label
        if self.is_moving:
            return DossierState.RUNNING.label
        return DossierState.FAILED.label if self.failed else DossierState.DONE.label


def list_runs(unit: Unit, decision: Decision, *, most: int) -> list[Run]:
    """The newest runs of a decision; two queries."""
    return gather_runs(unit, list(list_certificate_jobs(unit).filter(decision=decision, first__isnull=True)[:most]))


def gather_runs(unit: Unit, firsts: Sequence[CertificateJob]) -> list[Run]:
    further: dict[UUID | None, list[CertificateJob]] = {}
    for one in list_certificate_jobs(unit).filter(first__in=[one.pk for one in firsts]).order_by("part"):
        further.setdefault(one.first_id, []).append(one)
    return [Run((one, *further.get(one.pk, ()))) for one in firsts]


def list_titles_without_layout(unit: Unit) -> QuerySet[AwardTitle]:
    return AwardTitle.objects.exclude(pk__in=list_layouts(unit).values("title"))


def list_printable_lines(decision: Decision) -> list[DecisionLine]:
    """Lines that still stand, in order."""
    return [line for line in list_lines(decision).select_related("certificate") if not obstacle_of(line)]


def find_forms(unit: Unit, titles: Collection[int]) -> dict[int, Form]:
    """By title, one query; without a layout of the unit's own, plain A4."""
    stored = {one.title_id: one for one in list_layouts(unit).filter(title__in=titles)}
    plain = Form(Page.A4_WIDE, Stock.PLAIN, first_blocks(Page.A4_WIDE), None)
    return {title: form_of(stored[title]) if title in stored else plain for title in titles}


def form_of(layout: CertificateLayout) -> Form:
    return Form(layout.page, layout.stock, read_blocks(layout.blocks, layout.page), layout)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The unit of a decision as it was on the day of signing."""

    head: str
    place: str


def find_issuer(unit: Unit, day: date) -> Issuer:
    head = letterhead(unit, day, Chronicle([unit]))
    return Issuer(f"{HEADS.get(unit.kind, 'Thủ trưởng')} {head.office}".upper(), head.place)


def write_texts(line: DecisionLine, decision: Decision, issuer: Issuer, blocks: Mapping[str, Block]) -> dict[str, str]:
    """Every text of one certificate but the code. The line comes with its honour and title."""
    honour = line.honour
    post = [honour.subject_position, honour.subject_unit if honour.subject_unit != honour.subject_name else ""]
    texts = {
        **title_texts(honour.title, honour.year, issuer.head),
        "name": honour.subject_name,
        "post": ", ".join(filter(None, post)),
        "decision": f"Quyết định số {decision.number}\n{paper_day(decision.signed_on)}",
        "day": f"{issuer.place}, {paper_day(decision.signed_on)}" if issuer.place else paper_day(decision.signed_on),
        "authority": "\n".join(decision.authority).upper(),
        "signer": decision.signer_name,
    }
    return texts | word(blocks, honour.title, honour.year)


def title_texts(title: AwardTitle, year: int, head: str) -> dict[str, str]:
    """What certificates of one title and year have in common, in the words that every unit begins with."""
    is_commendation = title.kind == TitleKind.COMMENDATION
    return {
        "nation": NATION,
        "issuer": head,
        "verb": VERBS.get(title.kind, "CÔNG NHẬN"),
        "title": title.name.upper(),
        "merit": f"Đã có thành tích xuất sắc năm {year}" if is_commendation else f"Thành tích năm {year}",
    }


def word(blocks: Mapping[str, Block], title: AwardTitle, year: int) -> dict[str, str]:
    """The unit's own words in place of those."""
    return {
        key: blocks[key].words.replace(YEAR, str(year)).replace(TITLE, title.name)
        for key in WORDED
        if blocks[key].words
    }


def sample_texts(title: AwardTitle, unit: Unit, day: date, blocks: Mapping[str, Block]) -> dict[str, str]:
    """A certificate of nobody, to see where everything comes to stand."""
    issuer = find_issuer(unit, day)
    return {
        **title_texts(title, day.year, issuer.head),
        "name": "Nguyễn Văn Mẫu",
        "post": f"Chức vụ mẫu, {unit.name}",
        "decision": f"Quyết định số 00/QĐ-MẪU\n{paper_day(day)}",
        "day": f"{issuer.place}, {paper_day(day)}" if issuer.place else paper_day(day),
        "authority": HEADS.get(unit.kind, "Thủ trưởng").upper(),
        "signer": "Người Ký Mẫu",
        CODE: "BẢN THỬ, KHÔNG CÓ GIÁ TRỊ",
    } | word(blocks, title, day.year)


def find_verified(token: str) -> Verified | None:
    """What the certificate with this code says, and nothing of anything else."""
    with maintenance_scope("Whoever checks a certificate has no duty; the random code on it is the right to ask."):
        found = (
            Certificate.objects.filter(token=token)
            .select_related(
                "line__decision", "line__honour__title", "line__honour__revocation", "line__revoked__decision"
            )
            .first()
        )
    if found is None:
        return None
    line: DecisionLine = found.line
    honour = line.honour
    post = [honour.subject_position, honour.subject_unit if honour.subject_unit != honour.subject_name else ""]
    return Verified(
        name=honour.subject_name,
        post=", ".join(filter(None, post)),
        award=honour.title.name,
        year=honour.year,
        number=line.decision.number,
        signed_on=line.decision.signed_on,
        issuer=honour.issuer,
        fate=_public_fate(line),
    )


def _public_fate(line: DecisionLine) -> str:
    """What took the award back, by number and day; a corrected entry without the advice that is meant for clerks.

    A revocation that is signed and not yet published is nobody's business outside.
    """
    taken = getattr(line, "revoked", None)
    if taken and taken.decision.published_on is None:
        return ""
    gone = obstacle_of(line)
    is_corrected = gone and taken is None and not hasattr(line.honour, "revocation")
    return "đã được đính chính trong sổ khen thưởng, hỏi cơ quan ban hành để có giấy đúng" if is_corrected else gone


def count_reprints(lines: Collection[UUID]) -> dict[UUID, int]:
    """How often each of `lines` was printed again."""
    counts: dict[UUID, int] = {}
    for line in CertificateJob.objects.filter(line__in=lines).values_list("line_id", flat=True):
        assert line is not None  # noqa: S101  they were asked for by line
        counts[line] = counts.get(line, 0) + 1
    return counts
