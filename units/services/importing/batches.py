"""One batch from upload to register: received, judged, confirmed, written.

Nothing stands in the register before a batch is confirmed. A confirmed batch is judged once more when its turn to
write comes, under a lock that lets one batch write at a time; when the register has changed meanwhile it is not
written but shown again, with the rows that differ.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, transaction

from units.actors import Actor
from units.clock import now
from units.folding import clean_filename
from units.imports import Field, FieldKind, Layout, Note, ReadRow, read_sheet
from units.models import ImportBatch, ImportKind, ImportLine, ImportState, Verdict
from units.refusals import RefusedError
from units.services import outbox
from units.services.audit import record_act
from units.services.importing.circumstances import CircumstancesHandler
from units.services.importing.ground import Finding, Ground, Handler, Row, RowRefusedError
from units.services.importing.organisation import UnitsHandler
from units.services.importing.people import PeopleHandler, PostingsHandler
from units.services.importing.record import GradingsHandler, HonoursHandler
from units.turns import wait_turn

logger = logging.getLogger(__name__)

HANDLERS: dict[str, Handler] = {
    handler.kind: handler
    for handler in (
        PeopleHandler(),
        PostingsHandler(),
        GradingsHandler(),
        HonoursHandler(),
        CircumstancesHandler(),
        UnitsHandler(),
    )
}
JUDGE_TASK, WRITE_TASK = "units.tasks.judge_import", "units.tasks.write_import"
# Up to here a person waits for the page; longer tables go to a job that shows how far it is.
AT_ONCE = 1_000
CHUNK = 1_000
_TURN = "import"  # one batch writes at a time in the whole installation
BROKEN_OFF = (
    "Việc đối chiếu hoặc ghi sổ dừng giữa chừng do lỗi của hệ thống; sổ không bị ghi dở. "
    "Tải tệp lên lại; nếu vẫn không được, báo bộ phận quản trị kèm giờ ghi trên trang này."
)
TOO_LONG = (
    "Tệp cần nhiều thời gian hơn mức cho phép nên đã dừng; sổ không bị ghi dở. Chia tệp thành nhiều phần rồi tải lại."
)
FAULT, REASON, WARNING, DOUBT = "fault", "reason", "warning", "doubt"


def receive_import(kind: ImportKind, content: bytes, name: str, *, actor: Actor, day: date) -> ImportBatch:
    """Read an uploaded workbook and judge its rows; what cannot be read at all is refused and not kept.

    A short table is judged before this returns, a long one by a job.
    """
    handler = HANDLERS[kind]
    check_right(handler, actor)
    name = clean_filename(name)
    sheet = read_sheet(content, name, handler.layout())
    at = now()
    with transaction.atomic(), ExitStack() as undo:
        batch = ImportBatch(
            unit=actor.unit,
            kind=kind,
            file_name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            remarks=_remarks(sheet.remarks, sheet.skipped),
            rows_total=len(sheet.rows),
            asked_by=actor.account,
            asked_at=at,
            moved_at=at,
        )
        batch.file.save(name, ContentFile(content), save=False)
        # A file whose batch was never written would belong to nobody.
        undo.callback(batch.file.storage.delete, str(batch.file.name))
        batch.save(force_insert=True)
        record_act("upload-import", batch, actor=actor, kind=kind.label, rows=batch.rows_total)
        if len(sheet.rows) > AT_ONCE:
            outbox.promise(judge_key(batch), JUDGE_TASK, batch=str(batch.pk))
        else:
            lines = list(judge_lines(batch, map(line_of, sheet.rows), day=day))
            ImportLine.objects.bulk_create(lines, batch_size=CHUNK)
            _show(batch, lines)
        undo.pop_all()
    return batch


def check_right(handler: Handler, actor: Actor) -> None:
    if not actor.may(handler.permission):
        raise RefusedError(
            f"Tư cách đang làm việc không được nhập bảng «{ImportKind(handler.kind).label}».",
            why="Cán bộ thi đua nhập người và quá trình; quản trị đơn vị nhập đơn vị.",
            remedy="Đổi sang tư cách phù hợp rồi làm lại.",
        )


def _remarks(remarks: Iterable[str], skipped: int) -> list[str]:
    return [*remarks, *([f"Đã bỏ qua {skipped} dòng ví dụ của mẫu."] if skipped else [])]


def judge_key(batch: ImportBatch) -> str:
    return f"import-judge:{batch.pk}:{batch.attempt}"


def write_key(batch: ImportBatch) -> str:
    return f"import-write:{batch.pk}:{batch.attempt}"


# --- rows, lines and verdicts ---


def line_of(row: ReadRow) -> ImportLine:
    """A line as it was read, not yet judged."""
    return ImportLine(
        number=row.number,
        values={key: value.isoformat() if isinstance(value, date) else value for key, value in row.values.items()},
        typed={key: [row.cells[key], text] for key, text in row.typed.items()},
        notes=[*_notes(row.faults, FAULT), *_notes(row.warnings, WARNING)],
    )


def _notes(notes: Iterable[Note], kind: str) -> Iterator[dict[str, str]]:
    for one in notes:
        yield {"kind": kind, "cell": one.cell, "words": one.words}


def _row_of(line: ImportLine, fields: Sequence[Field]) -> Row:
    values = dict(line.values)
    for one in fields:
        if one.kind is FieldKind.DAY and values.get(one.key):
            values[one.key] = date.fromisoformat(values[one.key])
    return Row(line.number, values, {key: text for key, (_, text) in line.typed.items()})


def judge_lines(batch: ImportBatch, lines: Iterable[ImportLine], *, day: date) -> Iterator[ImportLine]:
    """Give each line its verdict, its changes and its reasons."""
    for line, _ in judge(batch, list(lines), Ground(batch.unit, day)):
        yield line


def judge(batch: ImportBatch, lines: Sequence[ImportLine], ground: Ground) -> list[tuple[ImportLine, Finding | None]]:
    """The lines with fresh verdicts, and what each would write. A constant number of queries; nothing is written."""
    handler = HANDLERS[batch.kind]
    fields = handler.layout().fields
    readable = [line for line in lines if all(note["kind"] != FAULT for note in line.notes)]
    answers = handler.judge([_row_of(line, fields) for line in readable], ground)
    judged = {line.number: answer for line, answer in zip(readable, answers, strict=True)}
    return [(line, _settle_line(batch, line, judged.get(line.number), fields)) for line in lines]


def _settle_line(
    batch: ImportBatch, line: ImportLine, answer: Finding | RowRefusedError | None, fields: Sequence[Field]
) -> Finding | None:
    line.batch, line.unit = batch, batch.unit
    titles = {one.key: one.title for one in fields}

    def note(kind: str, key: str, words: str) -> dict[str, str]:
        title = f"{titles[key]}: " if key else ""
        return {"kind": kind, "cell": line.typed[key][0] if key in line.typed else "", "words": f"{title}{words}"}

    line.changes, line.notes = [], [one for one in line.notes if one["kind"] == FAULT or not one.get("judged")]
    if not isinstance(answer, Finding):
        line.verdict = Verdict.REFUSED
        if answer is not None:
            line.notes.append(note(REASON, answer.key, answer.words) | {"judged": "1"})
        return None
    line.verdict, line.changes = answer.verdict, [list(change) for change in answer.changes]
    line.notes += [note(WARNING, key, words) | {"judged": "1"} for key, words in answer.warnings]
    line.notes += [note(DOUBT, key, words) | {"judged": "1"} for key, words in answer.doubts]
    return answer


def count_verdicts(lines: Iterable[ImportLine]) -> dict[str, int]:
    counted = Counter(line.verdict for line in lines)
    return {verdict.value: counted[verdict.value] for verdict in Verdict}


def _show(batch: ImportBatch, lines: Sequence[ImportLine]) -> None:
    """Put the preview before the person."""
    batch.state, batch.moved_at, batch.failure = ImportState.PREVIEW, now(), ""
    batch.counts, batch.rows_done = count_verdicts(lines), len(lines)
    batch.confirmed_by, batch.confirmed_at = None, None
    batch.save()


# --- jobs ---


def judge_import(pk: UUID, *, outbox_key: str, day: date) -> None:
    """Judge a long table in steps that show on the page; a run that was killed is begun again by the next one."""
    batch = ImportBatch.objects.select_related("unit").filter(pk=pk, state=ImportState.READING).first()
    if batch is None or outbox_key != judge_key(batch):
        outbox.finish(outbox_key)
        return
    try:
        with batch.file.open("rb") as stream:
            content = stream.read()
        sheet = read_sheet(content, batch.file_name, HANDLERS[batch.kind].layout())
        lines = list(judge_lines(batch, map(line_of, sheet.rows), day=day))
        with transaction.atomic():
            ImportLine.objects.filter(batch=batch).delete()
        for start in range(0, len(lines), CHUNK):
            with transaction.atomic():
                ImportLine.objects.bulk_create(lines[start : start + CHUNK])
                _move(batch, rows_done=min(start + CHUNK, len(lines)))
        with outbox.effect(outbox_key) as is_open:
            if is_open:
                _show(batch, lines)
    except SoftTimeLimitExceeded:
        _fail(batch, outbox_key, TOO_LONG)
    except (DatabaseError, OSError):
        # Nothing can be written down now; the sweeper sends the promise again.
        raise
    except Exception:
        logger.exception("import_not_judged")
        _fail(batch, outbox_key, BROKEN_OFF)


def _move(batch: ImportBatch, **values: Any) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(**values, moved_at=now())


def _fail(batch: ImportBatch, outbox_key: str, words: str) -> None:
    with outbox.effect(outbox_key) as is_open:
        if is_open:
            _move(batch, state=ImportState.FAILED, failure=words)


def confirm_import(batch: ImportBatch, *, all_or_none: bool, actor: Actor, day: date) -> ImportBatch:
    """Let a previewed batch be written: at once when it is short, by a job when it is long.

    With `all_or_none` a batch that holds a refused row is refused as a whole. Confirming what is being written, or
    is written, changes nothing.
    """
    check_right(HANDLERS[batch.kind], actor)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
        if batch.state in (ImportState.WRITING, ImportState.DONE):
            return batch
        _check_confirmable(batch, all_or_none=all_or_none)
        batch.state, batch.all_or_none, batch.attempt = ImportState.WRITING, all_or_none, batch.attempt + 1
        batch.confirmed_by, batch.confirmed_at, batch.moved_at = actor.account, now(), now()
        batch.save()
        record_act("confirm-import", batch, actor=actor, kind=batch.get_kind_display())
        if batch.rows_total > AT_ONCE:
            outbox.promise(write_key(batch), WRITE_TASK, batch=str(batch.pk))
        else:
            _write(batch, day=day)
    return batch


def _check_confirmable(batch: ImportBatch, *, all_or_none: bool) -> None:
    if batch.state != ImportState.PREVIEW:
        raise RefusedError(
            "Chưa ghi được lần nhập này vào sổ.",
            why=f"Lần nhập đang ở tình trạng «{batch.get_state_display()}».",
            remedy="Tải tệp lên lại để có bản xem trước mới.",
        )
    refused = batch.counts.get(Verdict.REFUSED, 0)
    if all_or_none and refused:
        raise RefusedError(
            f"Chưa ghi vào sổ: còn {refused} dòng không nhận.",
            why="Đồng chí đã chọn chỉ ghi khi mọi dòng đều hợp lệ.",
            remedy="Sửa các dòng đó trong tệp rồi tải lên lại, hoặc chọn ghi các dòng hợp lệ.",
        )
    if not batch.counts.get(Verdict.NEW, 0) + batch.counts.get(Verdict.CHANGE, 0):
        raise RefusedError(
            "Không có gì để ghi vào sổ.",
            why="Không dòng nào là thêm mới hoặc thay đổi.",
            remedy="Sửa các dòng không nhận trong tệp rồi tải lên lại.",
        )


def write_import(pk: UUID, *, outbox_key: str, day: date) -> None:
    """Write a confirmed batch, once: the rows, the verdicts and the mark of the promise in one transaction."""
    try:
        with outbox.effect(outbox_key) as is_open:
            if is_open:
                batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
                if batch.state == ImportState.WRITING and outbox_key == write_key(batch):
                    _write(batch, day=day)
    except SoftTimeLimitExceeded:
        _fail(ImportBatch.objects.get(pk=pk), outbox_key, TOO_LONG)
    except (DatabaseError, OSError):
        raise
    except Exception:
        logger.exception("import_not_written")
        _fail(ImportBatch.objects.get(pk=pk), outbox_key, BROKEN_OFF)


def _write(batch: ImportBatch, *, day: date) -> None:
    """Judge again under the lock; write when nothing differs from what was confirmed, else show it again."""
    wait_turn(_TURN)
    lines = list(ImportLine.objects.filter(batch=batch).order_by("number"))
    confirmed = {line.number: (line.verdict, line.changes) for line in lines}
    judged = judge(batch, lines, Ground(batch.unit, day, is_writing=True))
    differing = [line for line, _ in judged if (line.verdict, line.changes) != confirmed[line.number]]
    if differing:
        _show_again(batch, lines, differing, {number: verdict for number, (verdict, _) in confirmed.items()})
        return
    to_write = [
        (line, finding)
        for line, finding in judged
        if finding is not None and finding.verdict in (Verdict.NEW, Verdict.CHANGE)
    ]
    try:
        with transaction.atomic():
            entries = HANDLERS[batch.kind].write([finding for _, finding in to_write])
    except IntegrityError:
        # Somebody wrote the same by hand between the judgement and now.
        _show_again(batch, lines, [], {})
        return
    for (line, _), written in zip(to_write, entries, strict=True):
        line.written, line.was = [one.as_dict() for one in written], ""
    _replace_lines(batch, lines)
    batch.state, batch.rows_done, batch.moved_at = ImportState.DONE, batch.rows_total, now()
    batch.save(update_fields=["state", "rows_done", "moved_at"])
    record_act(
        "write-import",
        batch,
        actor=_writer(batch),
        kind=batch.get_kind_display(),
        added=batch.counts[Verdict.NEW],
        changed=batch.counts[Verdict.CHANGE],
    )


def _replace_lines(batch: ImportBatch, lines: Sequence[ImportLine]) -> None:
    """All lines anew: measured at a tenth of the time that changing them one by one in one statement takes."""
    ImportLine.objects.filter(batch=batch).delete()
    ImportLine.objects.bulk_create(lines, batch_size=CHUNK)


def _show_again(
    batch: ImportBatch, lines: Sequence[ImportLine], differing: Sequence[ImportLine], before: dict[int, str]
) -> None:
    marked = {line.number for line in differing}
    for line in lines:
        line.was = before[line.number] if line.number in marked else ""
    _replace_lines(batch, lines)
    _show(batch, lines)
    batch.failure = (
        f"Chưa ghi vào sổ: từ lúc xem trước đến lúc xác nhận, sổ đã thay đổi ở {len(differing) or 'một số'} dòng. "
        "Xem lại các dòng được đánh dấu rồi xác nhận lại."
    )
    batch.save(update_fields=["failure"])


def _writer(batch: ImportBatch) -> Actor:
    """The one who confirmed, also when a job carries it out."""
    user = batch.confirmed_by
    if user is None:
        raise LookupError("A batch is written only when somebody confirmed it.")
    return Actor(unit=batch.unit, user=user, role=None, label=f"{user.display_name}, {batch.unit.short_name}")


def layout_of(kind: str) -> Layout:
    return HANDLERS[kind].layout()
