"""A unit's year on one page: who qualifies, what was put forward, and one click to a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from exemplars.forms.judging import MovementForm
from exemplars.models import Candidate, Standing
from exemplars.selectors.candidates import (
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

PAGE_SIZE = 50


def _get_unit(request: UnitRequest, pk: UUID) -> Unit:
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)


def render_year(request: UnitRequest, unit: Unit, *, status: int = 200, **extra: Any) -> HttpResponse:
    year, query, actor = read_year(request), request.GET, request.actor
    standing = query.get("standing", "")
    standing = standing if standing in Standing.values else ""
    recognition = query.get("recognition", "")
    tallies = count_candidates(unit, year)
    recognition = recognition if recognition in {one.code for one in tallies} else ""
    rows = list_candidates(unit, year, recognition=recognition, standing=standing)
    page = BoundedPaginator(rows, PAGE_SIZE).get_page(query.get("page"))
    shown = list(page.object_list)
    nominated = find_nominated(shown, actor.unit.path)
    is_own = unit.pk == actor.unit.pk
    context: dict[str, Any] = {
        "unit": unit,
        "year": year,
        "page": page,
        "rows": [{"one": one, "nomination": nominated.get(one.pk)} for one in shown],
        "tallies": tallies,
        "recognition": recognition,
        "standing": standing,
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
