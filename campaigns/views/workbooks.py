"""Plans and what units owe, as Excel workbooks."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from campaigns.models import Assignment
from campaigns.selectors.work import (
    list_campaigns,
    list_done_assignments,
    list_open_assignments,
    list_pending_extensions,
)
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import send_list

ASSIGNMENT_COLUMNS = (
    Column("Việc", width=60),
    Column("Phong trào", width=44),
    Column("Gửi tới", width=36),
    Column("Căn cứ", width=36),
    Column("Hạn cuối", CellKind.DAY),
    Column("Tình trạng", width=18),
    Column("Hoàn thành lúc", CellKind.MOMENT),
    Column("Văn bản", width=24),
)
EXTENSION_COLUMNS = (
    Column("Đơn vị", width=40),
    Column("Việc", width=60),
    Column("Xin gia hạn đến", CellKind.DAY, width=16),
    Column("Lý do", width=60),
    Column("Người đề nghị"),
    Column("Đề nghị lúc", CellKind.MOMENT),
)
OBLIGATION_COLUMNS = (
    Column("Việc", width=60),
    Column("Đợt", width=36),
    Column("Gửi tới", width=40),
    Column("Ngày cuối cùng", CellKind.DAY, width=16),
    Column("Theo kế hoạch", width=44),
    Column("Căn cứ", width=44),
)


@require_GET
@unit_view("campaigns.view_assignment")
def assignment_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """All that the unit owes, then all that it has done."""
    day = today()

    def rows() -> Iterator[tuple[Cell, ...]]:
        for assignments in (list_open_assignments(request.actor.unit), list_done_assignments(request.actor.unit)):
            for one in _each(assignments):
                duty = one.obligation
                late = one.last_day is not None and one.last_day < day
                state = "Đã xong" if one.done_at else "Quá hạn" if late else "Chưa xong"
                plan = str(duty.campaign)
                yield (
                    duty.title,
                    plan,
                    str(duty.owed_to),
                    duty.citation,
                    one.last_day,
                    state,
                    one.done_at,
                    one.document_number,
                )

    return send_list(request, "Việc phải làm", ASSIGNMENT_COLUMNS, rows(), is_personal=False)


def _each(assignments: QuerySet[Assignment]) -> Iterator[Assignment]:
    # Requests for time are not part of the list; fetching them would cost a query for each chunk.
    return assignments.prefetch_related(None).iterator(CHUNK)


@require_GET
@unit_view("campaigns.answer_extension")
def extension_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """Requests for more time that wait for an answer."""
    rows = (
        (
            str(one.unit),
            one.assignment.obligation.title,
            one.until,
            one.reason,
            one.asked_by.display_name,
            one.asked_at,
        )
        for one in list_pending_extensions(request.actor.unit).iterator(CHUNK)
    )
    return send_list(request, "Đề nghị gia hạn chờ trả lời", EXTENSION_COLUMNS, rows)


@require_GET
@unit_view("campaigns.view_campaign")
def campaign_detail_workbook(request: UnitRequest, code: str) -> HttpResponseBase:
    """The obligations of one plan with their clauses."""
    campaign = get_object_or_404(list_campaigns(), code=code)
    rows = (
        (
            one.title,
            str(one.phase) if one.phase else "",
            str(one.owed_to),
            one.last_day,
            one.phrase,
            one.citation,
        )
        for one in campaign.obligations.select_related("owed_to", "phase").iterator(CHUNK)
    )
    name = f"Việc phải làm theo kế hoạch: {campaign.title}"
    return send_list(request, name, OBLIGATION_COLUMNS, rows, is_personal=False)
