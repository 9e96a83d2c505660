"""The ledger of honours of a branch, on the page and as a workbook."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from units.forms.record import LedgerFilterForm
from units.frame import UnitRequest, unit_view
from units.models import Honour
from units.paging import BoundedPaginator, ByIds
from units.selectors.ledger import fate_of, list_branch_ledger, list_lines
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import back_to_list, send_list, state_filters

PAGE_SIZE = 25  # rows of two lines and more
HONOUR_COLUMNS = (
    Column("Tên khi được khen", width=34),
    Column("Đối tượng", width=12),
    Column("Chức vụ khi được khen"),
    Column("Đơn vị khi được khen", width=40),
    Column("Danh hiệu, hình thức", width=44),
    Column("Năm", CellKind.NUMBER),
    Column("Số quyết định", width=20),
    Column("Ngày quyết định", CellKind.DAY),
    Column("Cơ quan ban hành", width=40),
    Column("Tình trạng", width=18),
    Column("Ghi chú", width=60),
)


@require_GET
@unit_view("units.view_person_record")
def honour_list(request: UnitRequest) -> HttpResponse:
    """Every entry of the branch, newest first; those that stand no longer are struck through and say why."""
    form = LedgerFilterForm(request.GET, root=request.actor.unit)
    is_valid = form.is_valid()
    chosen = form.filters()
    page = BoundedPaginator(ByIds(list_branch_ledger(**chosen), list_lines()), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = [{"honour": one, "fate": fate_of(one)} for one in page]
    is_narrowed = any(value for name, value in request.GET.items() if name != "page")
    unit = chosen.get("unit") or request.actor.unit
    context = {"form": form, "page": page, "rows": rows, "unit": unit, "is_narrowed": is_narrowed}
    return render(request, "units/honour_list.html", context, status=200 if is_valid else 422)


@require_GET
@unit_view("units.view_person_record")
def honour_list_workbook(request: UnitRequest) -> HttpResponseBase:
    form = LedgerFilterForm(request.GET, root=request.actor.unit)
    if not form.is_valid():
        return back_to_list(request)
    found = list_branch_ledger(**form.filters())
    return send_list(
        request, "Sổ khen thưởng", HONOUR_COLUMNS, _rows(found.iterator(CHUNK)), filters=state_filters(form)
    )


def _rows(honours: Iterator[Honour]) -> Iterator[tuple[Cell, ...]]:
    for one in honours:
        yield (
            one.subject_name,
            "Cá nhân" if one.person_id else "Tập thể",
            one.subject_position,
            one.subject_unit,
            one.title.name,
            one.year,
            one.decision_number,
            one.decided_on,
            one.issuer,
            state_of(one),
            fate_of(one) or (f"Dòng đính chính. Lý do: {one.correction_reason}" if one.supersedes_id else ""),
        )


def state_of(honour: Honour) -> str:
    """The state of an entry in the words of the filter."""
    if honour.stands:
        return "Đang có giá trị"
    return "Đã thu hồi" if getattr(honour, "revocation", None) else "Đã đính chính"
