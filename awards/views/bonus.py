"""Bonus money: the sheet of a decision, and the public figures behind it."""

from collections.abc import Iterator
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.forms.bonus import BaseSalaryForm, BonusPrincipleForm, BonusRateForm
from awards.models import BaseSalary, BonusPrinciple, BonusRate
from awards.selectors.bonus import (
    BonusSheet,
    describe_bonus,
    list_base_salaries,
    list_bonus_principles,
    list_bonus_rates,
)
from awards.selectors.decisions import list_decisions_for
from awards.services.bonus import Figure, add_bonus_figure, edit_bonus_figure
from awards.templatetags.money import times
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.spreadsheets import Cell, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.workbooks import send_list

SHEET_COLUMNS = (
    Column("Số", CellKind.NUMBER),
    Column("Họ tên, tập thể", width=34),
    Column("Chức vụ"),
    Column("Đơn vị", width=40),
    Column("Danh hiệu, hình thức", width=44),
    Column("Số lần mức lương cơ sở", width=14),
    Column("Tiền thưởng (đồng)", CellKind.NUMBER, width=18),
    Column("Ghi chú", width=60),
)


def open_sheet(request: UnitRequest, pk: UUID) -> BonusSheet:
    """The sheet of a decision in sight; a revocation has none."""
    decision = get_object_or_404(list_decisions_for(request.actor), pk=pk)
    if decision.revokes_id is not None:
        raise Http404
    return describe_bonus(decision)


@require_GET
@unit_view("awards.view_bonus_sheet")
def bonus_sheet(request: UnitRequest, pk: UUID) -> HttpResponse:
    sheet = open_sheet(request, pk)
    return render(request, "awards/bonus/bonus_sheet.html", {"sheet": sheet, "decision": sheet.decision})


@require_GET
@unit_view("awards.view_bonus_sheet")
def bonus_sheet_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    sheet = open_sheet(request, pk)
    name = f"Bảng tính tiền thưởng quyết định {sheet.decision.number}"
    return send_list(request, name, SHEET_COLUMNS, _rows(sheet), filters=sheet.rounding)


def _rows(sheet: BonusSheet) -> Iterator[tuple[Cell, ...]]:
    for one in sheet.lines:
        multiple = times(one.multiple) if one.multiple else ""
        yield one.order, one.name, one.position, one.unit, one.award, multiple, one.amount, one.remark
    for share in (*sheet.sums, sheet.total):
        unknown = f"Chưa gồm {share.unknown} dòng chưa có mức" if share.unknown else ""
        label = share.unit if share is sheet.total else f"Cộng {share.unit}"
        yield None, label, "", "", f"{share.lines} trường hợp", "", share.amount, unknown


@require_GET
@unit_view("awards.view_bonus_figure")
def bonus_figure_list(request: UnitRequest) -> HttpResponse:
    """Base salaries and multiples with their days, citations and whether anybody compared them with the text."""
    is_root = request.actor.unit.is_root
    context = {
        "bases": list(list_base_salaries()),
        "principles": list(list_bonus_principles()),
        "rates": list(list_bonus_rates()),
        "may_edit": is_root and request.actor.may("awards.edit_bonus_figure"),
    }
    return render(request, "awards/bonus/bonus_figure_list.html", context)


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Mức tiền thưởng dùng chung chỉ sửa được ở đơn vị cao nhất của hệ thống.")


def _answer(
    request: UnitRequest, form_class: type[BaseSalaryForm | BonusPrincipleForm | BonusRateForm], figure: Figure
) -> HttpResponse:
    _require_root(request)
    is_new = figure.pk is None
    names = [name for name in form_class.base_fields if name != "reason"]
    initial = {} if is_new else {name: getattr(figure, name) for name in names}
    form = form_class(posted(request), initial=initial)
    act = add_bonus_figure if is_new else edit_bonus_figure
    return answer_form(
        request,
        form,
        lambda: act(figure, form.values(), reason=form.cleaned_data["reason"], actor=request.actor, at=now()),
        heading="Ghi mức mới" if is_new else f"Sửa: {figure}",
        submit="Lưu",
        back=reverse("awards:bonus-figure-list"),
        done="Đã lưu mức tiền thưởng.",
        warning="" if is_new else figure.note,
        trail=("Mức tiền thưởng", reverse("awards:bonus-figure-list")),
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_bonus_figure")
def base_salary_add(request: UnitRequest) -> HttpResponse:
    return _answer(request, BaseSalaryForm, BaseSalary())


@require_http_methods(["GET", "POST"])
@unit_view("awards.edit_bonus_figure")
def base_salary_edit(request: UnitRequest, pk: int) -> HttpResponse:
    return _answer(request, BaseSalaryForm, get_object_or_404(BaseSalary, pk=pk))


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_bonus_figure")
def bonus_principle_add(request: UnitRequest) -> HttpResponse:
    return _answer(request, BonusPrincipleForm, BonusPrinciple())


@require_http_methods(["GET", "POST"])
@unit_view("awards.edit_bonus_figure")
def bonus_principle_edit(request: UnitRequest, pk: int) -> HttpResponse:
    return _answer(request, BonusPrincipleForm, get_object_or_404(BonusPrinciple, pk=pk))


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_bonus_figure")
def bonus_rate_add(request: UnitRequest) -> HttpResponse:
    return _answer(request, BonusRateForm, BonusRate())


@require_http_methods(["GET", "POST"])
@unit_view("awards.edit_bonus_figure")
def bonus_rate_edit(request: UnitRequest, pk: int) -> HttpResponse:
    return _answer(request, BonusRateForm, get_object_or_404(list_bonus_rates(), pk=pk))
