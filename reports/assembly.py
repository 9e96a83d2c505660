"""Makes the dossier out of its facts: papers, attachments, then everything joined. Knows no database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.attachments import print_attachment
from reports.documents import achievement_report, cover, criteria_sheet, decision, minutes, submission_letter
from reports.documents.facts import AttachmentFacts, DossierFacts
from reports.documents.sheet import Sheet, file_note
from reports.join import Entry, Joined, Part, join_dossier, repeat_pages
from units.pdf import render_pdf

ReadAttachment = Callable[[AttachmentFacts], bytes | None]
Progress = Callable[[int, str], None]
JOINING = "Ghép các phần, đánh số trang và lập mục lục"


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    run: Callable[[], Part]


def count_steps(facts: DossierFacts) -> int:
    """How many steps `assemble` reports: one for each paper and attachment, and the joining."""
    return len(list(_sheets(facts))) + len(facts.attachments) + 1


def assemble(facts: DossierFacts, *, read: ReadAttachment, progress: Progress) -> Joined:
    """The whole dossier. `progress` is called before each step with the steps done and the words of the next."""
    parts: list[Part] = []
    for step in _steps(facts, read):
        progress(len(parts), step.label)
        parts.append(step.run())
    progress(len(parts), JOINING)
    title = f"Hồ sơ đề nghị công nhận {facts.award}: {facts.nominee.name}"
    return join_dossier(title, facts.as_of, parts, lambda entries, pages: _render(cover.lay_out(facts, entries, pages)))


def assemble_sheets(
    title: str,
    as_of: datetime,
    sheets: Sequence[Sheet],
    *,
    cover: Callable[[Sequence[Entry], int], Sheet],
    progress: Progress,
) -> Joined:
    """Papers without attachments, joined under their cover; copies of a paper are rendered once."""
    parts: list[Part] = []
    for sheet in sheets:
        progress(len(parts), _label(sheet))
        pdf = _render(sheet)
        pdf = repeat_pages(pdf, sheet.copies) if sheet.copies > 1 else pdf
        parts.append(Part(sheet.title, sheet.note, pdf, is_numbered=sheet.is_numbered))
    progress(len(parts), JOINING)
    return join_dossier(title, as_of, parts, lambda entries, pages: _render(cover(entries, pages)))


def _label(sheet: Sheet) -> str:
    return f"Lập {sheet.title[0].lower()}{sheet.title[1:]}"


def _sheets(facts: DossierFacts) -> Iterator[Sheet]:
    yield submission_letter.lay_out(facts)
    yield achievement_report.lay_out(facts)
    if facts.criteria:
        yield criteria_sheet.lay_out(facts, facts.criteria)
    if facts.minutes:
        yield minutes.lay_out(facts.minutes)
    if facts.decision:
        yield decision.lay_out(facts, facts.decision)


def _steps(facts: DossierFacts, read: ReadAttachment) -> Iterator[Step]:
    for sheet in _sheets(facts):
        yield Step(_label(sheet), _paper_step(sheet))
    for attachment in facts.attachments:
        yield Step(f"Đính kèm {attachment.file_name}"[:200], _attachment_step(attachment, read))


def _paper_step(sheet: Sheet) -> Callable[[], Part]:
    return lambda: Part(sheet.title, sheet.note, _render(sheet))


def _attachment_step(attachment: AttachmentFacts, read: ReadAttachment) -> Callable[[], Part]:
    def run() -> Part:
        return Part(attachment.file_name, file_note(attachment), print_attachment(attachment, read(attachment)))

    return run


def _render(sheet: Sheet) -> bytes:
    return render_pdf(sheet.template, sheet.context)
