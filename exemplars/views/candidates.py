"""A unit's year on one page: who qualifies, what was put forward, and one click to a draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from exemplars.forms.judging import MovementForm
from exemplars.models import Candidate, Standing
from exemplars.selectors.candidates import (
    Tally,
    count_branches,
    count_candidates,
    count_nominations,
    find_nominated,
    find_run,
    list_candidates,
    list_movements,
)
from exemplars.services.qualifying import nominate_candidate, record_movement
from exemplars.views.coach import read_year
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.paging import BoundedPaginator
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import in_batches, send_list

PAGE_SIZE = 50
COLUMNS = (
    Column("Người, tập thể", width=32),
    Column("Đơn vị", width=44),
    Column("Nội dung công nhận", width=44),
    Column("Kết quả", width=28),
    Column("Tiêu chuẩn còn thiếu", width=60),
    Column("Sớm nhất có thể đạt", CellKind.DAY),
    Column("Tiêu chuẩn chờ xác nhận", width=28),
    Column("Đã lập đề nghị", width=12),
)


def _get_unit(request: UnitRequest, pk: UUID) -> Unit:
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for; a crooked filter is none."""

    year: int
    tallies: list[Tally]
    recognition: str
    standing: str

    def rows(self, unit: Unit) -> QuerySet[Candidate]:
        return list_candidates(unit, self.year, recognition=self.recognition, standing=self.standing)

    @property
    def words(self) -> str:
        named = next((one.name for one in self.tallies if one.code == self.recognition), "")
        stated = Standing(self.standing).label if self.standing else ""
        return "; ".join(one for one in (f"Năm {self.year}", named, stated) if one)


def _read_asked(request: UnitRequest, unit: Unit) -> _Asked:
    year, query = read_year(request), request.GET
    standing, recognition = query.get("standing", ""), query.get("recognition", "")
    tallies = count_candidates(unit, year)
    return _Asked(
        year,
        tallies,
        recognition if recognition in {one.code for one in tallies} else "",
        standing if standing in Standing.values else "",
    )


def render_year(request: UnitRequest, unit: Unit, *, status: int = 200, **extra: Any) -> HttpResponse:
    asked, actor = _read_asked(request, unit), request.actor
    year = asked.year
    page = BoundedPaginator(asked.rows(unit), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    nominated = find_nominated(shown, actor.unit.path)
    is_own = unit.pk == actor.unit.pk
    context: dict[str, Any] = {
        "unit": unit,
        "year": year,
        "page": page,
        "rows": [{"one": one, "nomination": nominated.get(one.pk)} for one in shown],
        "tallies": asked.tallies,
        "branches": count_branches(unit, year, recognition=asked.recognition),
        "recognition": asked.recognition,
        "standing": asked.standing,
        "found_on": shown[0].found_on if shown else None,
        "standings": Standing.choices,
        "run": find_run(unit.path[: Unit.PATH_STEP], year),
        "movements": list_movements(unit),
        "nominations": count_nominations(unit, year),
        "movement_form": MovementForm(initial={"year": year})
        if is_own and actor.may("exemplars.record_movement")
        else None,
    }
    return render(request, "exemplars/unit_year.html", context | extra, status=status)


@require_GET
@unit_view("exemplars.view_criteria")
def unit_year(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Who of the unit and of those below it qualifies in a year, what is under way, and the unit's own results."""
    return render_year(request, _get_unit(request, pk))


@require_GET
@unit_view("exemplars.view_criteria")
def unit_year_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    unit = _get_unit(request, pk)
    asked = _read_asked(request, unit)
    rows = _rows(asked.rows(unit).iterator(CHUNK), request.actor.unit.path)
    stated = asked.words if unit.pk == request.actor.unit.pk else f"{asked.words}; {unit.name}"
    return send_list(request, "Ai đủ điều kiện", COLUMNS, rows, filters=stated)


def _rows(found: Iterator[Candidate], reader_path: str) -> Iterator[tuple[Cell, ...]]:
    for batch in in_batches(found):
        nominated = find_nominated(batch, reader_path)
        for one in batch:
            yield (
                one.nominee_name,
                one.unit.name,
                one.recognition.name,
                one.get_standing_display(),
                f"{one.missing}: {one.missing_label}" if one.missing else "",
                one.first_possible,
                ", ".join(one.waiting),
                one.pk in nominated,
            )


@require_POST
@unit_view("exemplars.record_movement")
def movement_record(request: UnitRequest, pk: UUID) -> HttpResponse:
    unit = _get_unit(request, pk)
    form = MovementForm(request.POST)
    if not form.is_valid():
        return render_year(request, unit, status=422, movement_form=form)
    try:
        record_movement(unit, **form.cleaned_data, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_year(request, unit, status=422, refusal=refusal, movement_form=form)
    messages.success(request, "Đã ghi kết quả phong trào.")
    return redirect(f"{reverse('exemplars:unit-year', args=[unit.pk])}?year={form.cleaned_data['year']}")


@require_POST
@unit_view("exemplars.nominate_candidate")
def candidate_nominate(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Open a draft for one line of the list."""
    rows = Candidate.objects.select_related("unit", "person__unit", "recognition")
    candidate = get_object_or_404(rows, pk=pk)
    try:
        nomination = nominate_candidate(candidate, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return render_year(request, candidate.unit, status=422, refusal=refusal)
    messages.success(request, "Đã tạo bản nháp. Viết từng mục bên dưới; có thể nghỉ giữa chừng rồi quay lại.")
    return redirect("exemplars:nomination-edit", pk=nomination.pk)
