"""Nominations as Excel workbooks."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from exemplars.models import Nomination
from exemplars.selectors.nominations import (
    find_subjects,
    list_nominations_for,
    list_trail,
    narrow_nominations,
    with_verdict,
)
from exemplars.workflow import NominationState
from units.forms.trail import TrailForm
from units.frame import UnitRequest, unit_view
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.templatetags.words import VERDICTS
from units.views.workbooks import send_list, send_trail

COLUMNS = (
    Column("Cá nhân, tập thể", width=32),
    Column("Chức vụ"),
    Column("Đơn vị", width=40),
    Column("Đề nghị công nhận", width=44),
    Column("Năm", CellKind.NUMBER),
    Column("Tình trạng"),
    Column("Đối chiếu tiêu chuẩn", width=22),
)


@require_GET
@unit_view("exemplars.view_nomination")
def nomination_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """The list as it is narrowed on the page, the newest first."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    state = state if state in NominationState.values else ""
    unit = request.actor.unit
    subjects = find_subjects(words, unit.path)
    found = narrow_nominations(list_nominations_for(unit.path), unit.path, subjects, state)
    stated = [f"tên có «{words}»"] if words else []
    stated += [f"tình trạng «{NominationState(state).label}»"] if state else []
    ordered = with_verdict(found)
    return send_list(
        request,
        "Danh sách đề nghị",
        COLUMNS,
        map(_row, ordered.iterator(CHUNK)),
        filters="Lọc theo " + "; ".join(stated) if stated else "",
    )


def _row(one: Nomination) -> tuple[Cell, ...]:
    verdict = VERDICTS.get(getattr(one, "verdict", None) or "", "Chưa trình")
    if getattr(one, "special_case", None):
        verdict += "; diện đặc biệt"
    return (
        one.nominee_name,
        one.position,
        one.unit.name,
        one.recognition.name,
        one.year,
        one.get_state_display(),
        verdict,
    )


@require_GET
@unit_view("exemplars.view_nomination_trail")
def nomination_trail_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    nomination = get_object_or_404(list_nominations_for(request.actor.unit.path), pk=pk)
    name = f"Nhật ký đề nghị cho {nomination.nominee_name}"
    return send_trail(request, name, list_trail(pk), TrailForm(request.GET))
