"""Screens of score sheets: one's own, the columns at the head, the ranking of a year."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.scores import ColumnForm, TemplateForm
from campaigns.models import ScoreColumn, ScoreSheet, SheetSide, SheetState
from campaigns.scoring import show_points
from campaigns.selectors.scores import (
    COLUMNS,
    find_following,
    list_received_sheets,
    list_sheets,
    list_templates,
    rank_sheets,
    read_reported,
    read_sheet,
    read_template,
)
from campaigns.services.scores import (
    Score,
    conclude_score_sheet,
    create_score_sheet,
    score_by_council,
    score_by_inspection,
    score_by_standing_body,
    score_self,
    send_score_sheet,
    withdraw_score_sheet,
)
from campaigns.views.clusters import find_year, trail_to
from units.actors import Actor
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.spreadsheets import Cell, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.workbooks import send_list

SHEET_COLUMNS = (
    Column("Mã", width=10),
    Column("Tiêu chí", width=60),
    Column("Điểm tối đa", CellKind.NUMBER, width=12),
    *(Column(one.label, CellKind.NUMBER, width=14) for one in COLUMNS),
    Column("Minh chứng", width=44),
    Column("Lý do chênh lệch", width=60),
    Column("Số liệu đã báo cáo", width=30),
)
RANKING_COLUMNS = (
    Column("Khối", width=30),
    Column("Hạng", width=10),
    Column("Đơn vị", width=44),
    *(Column(one.label, CellKind.NUMBER, width=14) for one in COLUMNS),
    Column("Tình trạng", width=24),
)
PERMISSIONS = {
    ScoreColumn.SELF: "campaigns.score_self",
    ScoreColumn.INSPECTION: "campaigns.score_by_inspection",
    ScoreColumn.STANDING: "campaigns.score_by_standing_body",
    ScoreColumn.COUNCIL: "campaigns.score_by_council",
}
ADDRESSES = {
    ScoreColumn.SELF: "campaigns:self-score",
    ScoreColumn.INSPECTION: "campaigns:inspection-score",
    ScoreColumn.STANDING: "campaigns:standing-score",
    ScoreColumn.COUNCIL: "campaigns:council-score",
}


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.score_self")
def score_sheet_create(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    form = TemplateForm(posted(request), templates=list_templates(year.year))
    return answer_form(
        request,
        form,
        lambda: create_score_sheet(year, form.cleaned_data["template"], actor=request.actor),
        heading=f"Lập bảng chấm điểm năm {year.year}",
        submit="Lập bảng",
        back=year.get_absolute_url(),
        done="Đã lập bảng chấm điểm. Mở bảng để ghi điểm.",
        trail=trail_to(year),
    )


def _sheet(pk: UUID) -> ScoreSheet:
    return get_object_or_404(list_sheets(), pk=pk)


def _may_score(actor: Actor, sheet: ScoreSheet) -> list[tuple[ScoreColumn, str]]:
    """The columns that the actor may fill now, with their addresses."""
    if sheet.unit_id != actor.unit.pk or sheet.state == SheetState.CONCLUDED:
        return []
    if sheet.side == SheetSide.MEMBER:
        columns = [ScoreColumn.SELF] if sheet.state == SheetState.DRAFT else []
    elif sheet.side == SheetSide.TEAM:
        columns = [ScoreColumn.INSPECTION]
    else:
        columns = [one for one in COLUMNS[1:] if not find_following(sheet, one)]
    return [(one, ADDRESSES[one]) for one in columns if actor.may(PERMISSIONS[one])]


def _render(request: UnitRequest, sheet: ScoreSheet, status: int = 200, **extra: Any) -> HttpResponse:
    actor = request.actor
    is_own = sheet.unit_id == actor.unit.pk
    is_members = is_own and sheet.side == SheetSide.MEMBER
    context = {
        "sheet": sheet,
        "table": read_template(sheet.template),
        "blocks": read_sheet(sheet, read_reported(sheet, today())),
        "columns": COLUMNS,
        "totals": [sheet.total(one) for one in COLUMNS],
        "may_score": _may_score(actor, sheet),
        "may_send": is_members and sheet.state == SheetState.DRAFT and actor.may("campaigns.send_score_sheet"),
        "may_withdraw": is_members and sheet.state == SheetState.SENT and actor.may("campaigns.send_score_sheet"),
        "may_conclude": is_own
        and sheet.side == SheetSide.HEAD
        and sheet.state == SheetState.SENT
        and sheet.total_council is not None
        and actor.may("campaigns.conclude_score_sheet"),
    }
    return render(request, "campaigns/scores/sheet_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_cluster_work")
def score_sheet_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The sheet with all its columns and the reasons for differences."""
    return _render(request, _sheet(pk))


@require_GET
@unit_view("campaigns.view_cluster_work")
def score_sheet_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    sheet = _sheet(pk)

    def rows() -> Any:
        for block in read_sheet(sheet, read_reported(sheet, today())):
            yield (block.group.code, block.group.title.upper(), block.group.maximum, *block.sums, "", "", "")
            for line in block.lines:
                reasons = "; ".join(f"{who}: {words}" for who, words in line.reasons)
                scored = [cell.entry.points if cell.entry else None for cell in line.cells]
                told = (
                    f"{line.reported['value'] or 'chưa báo cáo'} ({line.reported['period']})" if line.reported else ""
                )
                yield (line.item.code, line.item.title, line.item.maximum, *scored, line.evidence, reasons, told)
        totals = (sheet.total(one) for one in COLUMNS)
        yield ("", "TỔNG ĐIỂM", read_template(sheet.template).total, *totals, "", "", "")

    return send_list(request, f"Bảng chấm điểm {sheet}", SHEET_COLUMNS, rows(), is_personal=False)


Save = Callable[..., ScoreSheet]


def _score(request: UnitRequest, pk: UUID, column: ScoreColumn, save: Save) -> HttpResponse:
    sheet = _sheet(pk)
    sides = {ScoreColumn.SELF: (SheetSide.MEMBER,), ScoreColumn.INSPECTION: (SheetSide.HEAD, SheetSide.TEAM)}
    if sheet.side not in sides.get(column, (SheetSide.HEAD,)):
        # A column of the other side's copy; the page says who holds it.
        return redirect(sheet)
    form = ColumnForm(posted(request), sheet=sheet, column=column, reported=read_reported(sheet, today()))
    refusal = None
    if request.method == "POST" and form.is_valid():
        scores: Mapping[str, Score] = form.scores()
        try:
            save(sheet, scores, actor=request.actor)
        except RefusedError as error:
            refusal = error
        else:
            total = _sheet(pk).total(column)
            messages.success(request, f"Đã lưu điểm; tổng {show_points(total) if total is not None else 0}.")
            return redirect(sheet)
    context = {"sheet": sheet, "form": form, "refusal": refusal, "is_own": column == ScoreColumn.SELF}
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/scores/column_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.score_self")
def self_score(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _score(request, pk, ScoreColumn.SELF, score_self)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.score_by_inspection")
def inspection_score(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _score(request, pk, ScoreColumn.INSPECTION, score_by_inspection)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.score_by_standing_body")
def standing_score(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _score(request, pk, ScoreColumn.STANDING, score_by_standing_body)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.score_by_council")
def council_score(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _score(request, pk, ScoreColumn.COUNCIL, score_by_council)


def _act(request: UnitRequest, pk: UUID, act: Callable[[ScoreSheet], Any], done: str) -> HttpResponse:
    sheet = _sheet(pk)
    try:
        act(sheet)
    except RefusedError as refusal:
        return _render(request, sheet, 422, refusal=refusal)
    messages.success(request, done)
    return redirect(sheet)


@require_POST
@unit_view("campaigns.send_score_sheet")
def score_sheet_send(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _act(
        request, pk, lambda one: send_score_sheet(one, actor=request.actor, at=now()), "Đã gửi tới đơn vị chủ trì."
    )


@require_POST
@unit_view("campaigns.send_score_sheet")
def score_sheet_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lambda one: withdraw_score_sheet(one, actor=request.actor), "Đã rút về để sửa.")


@require_POST
@unit_view("campaigns.conclude_score_sheet")
def score_sheet_conclude(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        lambda one: conclude_score_sheet(one, actor=request.actor, at=now()),
        "Đã chốt điểm; đơn vị được chấm thấy đủ các cột.",
    )


@require_GET
@unit_view("campaigns.view_cluster_work")
def score_ranking(request: UnitRequest, pk: int) -> HttpResponse:
    """The sheets that this unit received as head, ranked by the council's total within each kind of unit."""
    year = find_year(pk)
    sheets = list(list_received_sheets(year, request.actor.unit))
    context = {"year": year, "rankings": rank_sheets(sheets), "number": len(sheets), "columns": COLUMNS}
    return render(request, "campaigns/scores/ranking.html", context)


@require_GET
@unit_view("campaigns.view_cluster_work")
def score_ranking_workbook(request: UnitRequest, pk: int) -> HttpResponseBase:
    year = find_year(pk)

    def rows() -> Any:
        for ranking in rank_sheets(list(list_received_sheets(year, request.actor.unit))):
            for one in ranking.lines:
                place = "" if one.place is None else f"{one.place}{' (đồng hạng)' if one.is_tied else ''}"
                totals: tuple[Cell, ...] = tuple(one.sheet.total(column) for column in COLUMNS)
                yield (ranking.kind, place, one.sheet.about.name, *totals, one.sheet.get_state_display())

    return send_list(request, f"Xếp hạng {year}", RANKING_COLUMNS, rows(), is_personal=False)
