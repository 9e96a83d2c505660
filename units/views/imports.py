"""Taking workbooks in: the template, the upload, the preview, the confirmation, and the way back."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.clock import today
from units.folding import clean_filename
from units.forms.imports import ConfirmationForm, ImportForm
from units.frame import UnitRequest, unit_view
from units.imports.container import MAX_BYTES
from units.models import ImportBatch, ImportKind, ImportLine, ImportState, Verdict
from units.refusals import RefusedError
from units.selectors.imports import list_imports, list_lines
from units.services.importing.batches import HANDLERS, confirm_import, layout_of, receive_import
from units.services.importing.template_book import make_template
from units.services.importing.undoing import undo_import
from units.spreadsheets import CHUNK, XLSX, Cell, CellKind, Column
from units.views.workbooks import send_list

PAGE_SIZE = 50
SHOWN = 4  # cells that stand for a row
LIST_COLUMNS = (
    Column("Tải lên lúc", CellKind.MOMENT),
    Column("Bảng", width=24),
    Column("Tệp", width=48),
    Column("Người tải lên"),
    Column("Số dòng", CellKind.NUMBER),
    Column("Tình trạng", width=24),
    Column("Xác nhận lúc", CellKind.MOMENT),
    Column("Hoàn tác lúc", CellKind.MOMENT),
)


def _kinds(request: UnitRequest) -> list[ImportKind]:
    """The tables that the actor may import."""
    return [kind for kind in ImportKind if request.actor.may(HANDLERS[kind].permission)]


def _get(request: UnitRequest, pk: UUID) -> ImportBatch:
    return get_object_or_404(list_imports(request.actor.unit, _kinds(request)), pk=pk)


@require_GET
@unit_view("units.view_import")
def import_list(request: UnitRequest) -> HttpResponse:
    """What was imported into the unit, newest first."""
    batches = list_imports(request.actor.unit, _kinds(request))
    page = Paginator(batches, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "units/imports/import_list.html", {"page": page})


@require_GET
@unit_view("units.view_import")
def import_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = (
        (
            one.asked_at,
            one.get_kind_display(),
            one.file_name,
            one.asked_by.display_name,
            one.rows_total,
            one.get_state_display(),
            one.confirmed_at,
            one.undone_at,
        )
        for one in list_imports(request.actor.unit, _kinds(request)).iterator(CHUNK)
    )
    return send_list(request, "Các lần nhập từ Excel", LIST_COLUMNS, rows, is_personal=False)


@require_http_methods(["GET", "POST"])
@unit_view("units.add_import")
def import_add(request: UnitRequest) -> HttpResponse:
    """Choose a table, take its template, hand the filled one in."""
    kinds = _kinds(request)
    asked = request.GET.get("kind", "")
    form = ImportForm(request.POST or None, request.FILES or None, kinds=kinds, initial={"kind": asked})
    refusal = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte more than is taken tells that there is more, without reading all of it.
            batch = receive_import(
                ImportKind(form.cleaned_data["kind"]),
                file.read(MAX_BYTES + 1),
                file.name,
                actor=request.actor,
                day=today(),
            )
        except RefusedError as error:
            refusal = error
        else:
            return redirect("units:import-detail", pk=batch.pk)
    context = {"form": form, "kinds": kinds, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "units/imports/import_add.html", context, status=status)


@require_GET
@unit_view("units.add_import")
def import_template(request: UnitRequest, kind: str) -> HttpResponse:
    """The empty table of one kind."""
    if kind not in _kinds(request):
        raise Http404
    layout = layout_of(kind)
    response = HttpResponse(make_template(layout), content_type=XLSX)
    name = clean_filename(f"Mẫu nhập {layout.title}.xlsx")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _describe(line: ImportLine, keys: Sequence[str]) -> str:
    """The first filled cells of a row in the order of the columns, its number in the clerk's own list left out."""
    cells = [text for key in keys if (text := line.typed.get(key, ["", ""])[1]) and key != "ordinal"]
    return " · ".join(cells[:SHOWN])


def render_import(request: UnitRequest, batch: ImportBatch, *, status: int = 200, **extra: Any) -> HttpResponse:
    """A batch in its state: how far its job is, its preview, or what became of it."""
    verdict = request.GET.get("verdict", "")
    is_ready = not batch.is_moving and batch.state != ImportState.FAILED
    page = Paginator(list_lines(batch, verdict), PAGE_SIZE).get_page(request.GET.get("page")) if is_ready else None
    lines = list(page.object_list) if page else []
    keys = [one.key for one in layout_of(batch.kind).fields]
    writable = sum(batch.counts.get(one, 0) for one in (Verdict.NEW, Verdict.CHANGE))
    context = {
        "batch": batch,
        "page": page,
        "lines": [(line, _describe(line, keys)) for line in lines],
        "verdict": verdict,
        "verdicts": [(one.value, one.label, batch.counts.get(one.value, 0)) for one in Verdict],
        "refused": batch.counts.get(Verdict.REFUSED, 0),
        "writable": writable,
        "doubtful": list_lines(batch, "doubt").count() if is_ready else 0,
        "form": ConfirmationForm(),
        "has_differences": verdict == "was" or bool(batch.failure and batch.state == ImportState.PREVIEW),
    }
    template = "units/imports/import_detail.html"
    if request.htmx and batch.is_moving:
        template = f"{template}#progress"
    return render(request, template, context | extra, status=status)


@require_GET
@unit_view("units.view_import")
def import_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    batch = _get(request, pk)
    response = render_import(request, batch)
    if request.htmx and not batch.is_moving:
        # The page that asks was drawn while the job ran: it has to be drawn anew.
        response["HX-Refresh"] = "true"
    return response


@require_GET
@unit_view("units.view_import")
def import_detail_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The clerk's own table with the verdict beside each row."""
    batch = _get(request, pk)
    fields = layout_of(batch.kind).fields
    columns = (
        Column("Dòng", CellKind.NUMBER),
        Column("Kết quả", width=16),
        Column("Lý do, lưu ý", width=70),
        Column("Thay đổi", width=50),
        *(Column(one.title, width=24) for one in fields),
    )
    verdict = request.GET.get("verdict", "")

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in list_lines(batch, verdict).iterator(CHUNK):
            notes = "; ".join(
                f"{note['cell']}: {note['words']}" if note["cell"] else note["words"] for note in line.notes
            )
            changes = "; ".join(f"{title}: {before} → {after}" for title, before, after in line.changes)
            typed = (line.typed.get(one.key, ["", ""])[1] for one in fields)
            yield line.number, line.get_verdict_display(), notes, changes, *typed

    stated = f"Lọc theo kết quả «{Verdict(verdict).label}»" if verdict in Verdict.values else ""
    stated = "Lọc theo các dòng cần xem" if verdict == "doubt" else stated
    return send_list(request, f"Kết quả nhập {batch.get_kind_display()}", columns, rows(), filters=stated)


@require_POST
@unit_view("units.confirm_import")
def import_confirm(request: UnitRequest, pk: UUID) -> HttpResponse:
    batch = _get(request, pk)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return render_import(request, batch, status=422, form=form)
    all_or_none = form.cleaned_data["mode"] == ConfirmationForm.ALL
    try:
        batch = confirm_import(batch, all_or_none=all_or_none, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_import(request, _get(request, pk), status=422, refusal=refusal, form=form)
    if batch.state == ImportState.DONE:
        messages.success(request, "Đã ghi vào sổ.")
    return redirect("units:import-detail", pk=pk)


@require_POST
@unit_view("units.undo_import")
def import_undo(request: UnitRequest, pk: UUID) -> HttpResponse:
    batch = _get(request, pk)
    try:
        undo_import(batch, actor=request.actor)
    except RefusedError as refusal:
        return render_import(request, _get(request, pk), status=422, refusal=refusal)
    messages.success(request, "Đã hoàn tác: sổ trở lại như trước lần nhập này.")
    return redirect("units:import-detail", pk=pk)
