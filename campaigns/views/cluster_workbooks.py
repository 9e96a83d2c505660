"""Lists of clusters as Excel workbooks."""

from collections.abc import Iterator
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from campaigns.selectors.clusters import list_clusters, list_expected, list_members, narrow_expected
from campaigns.selectors.inspections import list_plans
from campaigns.views.clusters import find_year
from campaigns.views.expected_work import STATES
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import send_list

CLUSTER_COLUMNS = (
    Column("Tên", width=60),
    Column("Loại", width=20),
    Column("Năm", CellKind.NUMBER),
    Column("Đơn vị trưởng", width=40),
    Column("Số thành viên", CellKind.NUMBER, width=14),
    Column("Quyết định", width=30),
)
MEMBER_COLUMNS = (Column("Vai trò", width=16), Column("Đơn vị", width=60), Column("Mã", width=20))
EXPECTED_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Việc", width=60),
    Column("Phong trào", width=44),
    Column("Hạn cuối", CellKind.DAY),
    Column("Tình trạng", width=18),
    Column("Hoàn thành lúc", CellKind.MOMENT),
    Column("Văn bản", width=24),
    Column("Xin gia hạn đến", CellKind.DAY, width=16),
)
INSPECTION_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến ngày", CellKind.DAY),
    Column("Kết thúc", CellKind.DAY),
    Column("Hạn gửi kết quả", CellKind.DAY, width=16),
    Column("Gửi kết quả lúc", CellKind.MOMENT),
    Column("Số báo cáo", width=24),
    Column("Tình trạng", width=20),
)


@require_GET
@unit_view("campaigns.view_cluster")
def cluster_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """Every cluster in every year."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for cluster in list_clusters():
            for year in cluster.years.all():
                head = next((str(one.member) for one in year.heads), "")  # type: ignore[attr-defined]  # prefetched
                size = year.size  # type: ignore[attr-defined]  # annotated by the selector
                yield cluster.name, cluster.get_kind_display(), year.year, head, size, year.decision_number

    return send_list(request, "Khu vực, cụm, khối thi đua", CLUSTER_COLUMNS, rows(), is_personal=False)


@require_GET
@unit_view("campaigns.view_cluster")
def cluster_year_workbook(request: UnitRequest, pk: int) -> HttpResponseBase:
    year = find_year(pk)
    rows = ((one.get_role_display(), one.member.name, one.member.code) for one in list_members(year))
    return send_list(request, f"Thành viên {year}", MEMBER_COLUMNS, rows, is_personal=False)


@require_GET
@unit_view("campaigns.view_expected_work")
def expected_work_list_workbook(request: UnitRequest) -> HttpResponseBase:
    state, day = request.GET.get("state", ""), today()
    found = narrow_expected(list_expected(request.actor.unit), state, day)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in found.iterator(CHUNK):
            late = one.last_day is not None and one.last_day < day
            how = "Đã gửi" if one.done_at else "Quá hạn" if late else "Chưa gửi"
            duty = one.obligation
            yield (
                one.ower.name,
                duty.title,
                str(duty.campaign),
                one.last_day,
                how,
                one.done_at,
                one.document_number,
                one.until,
            )

    chosen = dict(STATES).get(state, "")
    filters = f"Lọc theo tình trạng: {chosen}" if state and chosen else ""
    return send_list(request, "Việc đơn vị khác gửi về", EXPECTED_COLUMNS, rows(), filters=filters, is_personal=False)


@require_GET
@unit_view("campaigns.view_cluster_work")
def inspection_plan_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    plan, day = get_object_or_404(list_plans(), pk=pk), today()
    rows = (
        (
            one.inspected.name,
            one.starts_on,
            one.ends_on,
            one.ended_on,
            one.result_due,
            one.sent_at,
            one.result_number,
            "Đã có kết quả" if one.sent_at else "Quá hạn gửi kết quả" if one.is_overdue(day) else "Chưa có kết quả",
        )
        for one in plan.inspections.select_related("inspected").iterator(CHUNK)
    )
    return send_list(request, f"Kiểm tra: {plan.title}", INSPECTION_COLUMNS, rows, is_personal=False)
