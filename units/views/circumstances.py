"""Leave and reviews: the list of the branch, and the pages where those of a person are written."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import today
from units.forms.circumstances import (
    CircumstanceEditForm,
    CircumstanceEndForm,
    CircumstanceFilterForm,
    CircumstanceForm,
)
from units.forms.record import ReasonForm
from units.frame import UnitRequest, unit_view
from units.models import Circumstance
from units.paging import BoundedPaginator, ByIds
from units.selectors.circumstances import STATES, list_branch_circumstances, state_on
from units.services.circumstances import (
    create_circumstance,
    delete_circumstance,
    edit_circumstance,
    end_circumstance,
)
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.people import address_of, open_person
from units.views.workbooks import back_to_list, send_list, state_filters

POSTS = ["GET", "POST"]
PAGE_SIZE = 50
COLUMNS = (
    Column("Họ và tên", width=32),
    Column("Mã cán bộ", width=16),
    Column("Đơn vị", width=44),
    Column("Nội dung", width=40),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến hết ngày", CellKind.DAY),
    Column("Số văn bản", width=24),
    Column("Tình trạng", width=18),
    Column("Đơn vị ghi", width=44),
)


@require_GET
@unit_view("units.view_circumstance")
def circumstance_list(request: UnitRequest) -> HttpResponse:
    """Who of the branch is away or under review, newest first."""
    form = CircumstanceFilterForm(request.GET, root=request.actor.unit)
    is_valid = form.is_valid()
    unit = form.cleaned_data.get("unit") or request.actor.unit
    found = list_branch_circumstances(unit, today(), **form.filters())
    page = BoundedPaginator(ByIds(found), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"row": one, "state": state_on(one, today())} for one in page]
    is_narrowed = any(value for name, value in request.GET.items() if name != "page")
    context = {"form": form, "page": page, "rows": rows, "unit": unit, "is_narrowed": is_narrowed, "states": STATES}
    return render(request, "units/circumstance_list.html", context, status=200 if is_valid else 422)


@require_GET
@unit_view("units.view_circumstance")
def circumstance_list_workbook(request: UnitRequest) -> HttpResponseBase:
    form = CircumstanceFilterForm(request.GET, root=request.actor.unit)
    if not form.is_valid():
        return back_to_list(request)
    unit = form.cleaned_data.get("unit") or request.actor.unit
    found = list_branch_circumstances(unit, today(), **form.filters())
    filters = state_filters(form)
    return send_list(request, "Nghỉ dài ngày, việc bị xem xét", COLUMNS, _rows(found.iterator(CHUNK)), filters=filters)


def _rows(found: Iterator[Circumstance]) -> Iterator[tuple[Cell, ...]]:
    day = today()
    for one in found:
        yield (
            one.person.full_name,
            one.person.staff_code,
            one.person.unit.name,
            one.get_kind_display(),
            one.first_day,
            one.last_day,
            one.decision_number,
            STATES[state_on(one, day)],
            one.unit.name,
        )


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A spell of leave, or a review that began."""
    person = open_person(request, pk)
    form = CircumstanceForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: create_circumstance(person, **form.cleaned_data, actor=request.actor, day=today()),
        heading="Ghi đợt nghỉ, việc đang bị xem xét",
        submit="Ghi vào hồ sơ",
        done="Đã ghi.",
        back=address_of(person),
        person=person,
    )


def _open(request: UnitRequest, pk: UUID) -> Circumstance:
    row = get_object_or_404(Circumstance.objects.select_related("unit"), pk=pk)
    row.person = open_person(request, row.person_id)
    return row


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row = _open(request, pk)
    initial = {name: getattr(row, name) for name in CircumstanceForm.base_fields}
    form = CircumstanceEditForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: edit_circumstance(row, **form.cleaned_data, actor=request.actor, day=today()),
        heading="Sửa đợt nghỉ, việc bị xem xét",
        submit="Lưu",
        done="Đã lưu.",
        back=address_of(row.person),
        person=row.person,
    )


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The review was concluded, or the leave ended earlier."""
    row = _open(request, pk)
    form = CircumstanceEndForm(posted(request), initial={"last_day": row.last_day or today()})
    return answer_form(
        request,
        form,
        lambda: end_circumstance(row, **form.cleaned_data, actor=request.actor, day=today()),
        heading=f"Kết thúc: {row.get_kind_display().lower()} từ ngày {row.first_day:%d/%m/%Y}",
        submit="Ghi ngày kết thúc",
        done="Đã ghi ngày kết thúc.",
        back=address_of(row.person),
        person=row.person,
    )


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row = _open(request, pk)
    form = ReasonForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: delete_circumstance(row, reason=form.cleaned_data["reason"], actor=request.actor),
        heading=f"Xóa: {row.get_kind_display().lower()} từ ngày {row.first_day:%d/%m/%Y}",
        submit="Xóa dòng này",
        done="Đã xóa.",
        back=address_of(row.person),
        person=row.person,
        is_risky=True,
    )
