"""Campaigns reported on, and the rows behind a number, as Excel workbooks."""

from collections.abc import Iterator

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from reports.figures import Measure
from reports.selectors.campaign_figures import list_campaigns, name_units
from reports.views.campaign_reports import find_rows
from units.frame import UnitRequest, unit_view
from units.selectors.organisation import name_on
from units.spreadsheets import Cell, CellKind, Column
from units.templatetags.words import VERDICTS
from units.views.workbooks import send_list

CAMPAIGN_COLUMNS = (
    Column("Phong trào", width=60),
    Column("Kế hoạch", width=44),
    Column("Đơn vị phát động", width=40),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến ngày", CellKind.DAY),
)
ASSIGNMENT_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Việc phải gửi", width=60),
    Column("Hạn cuối", CellKind.DAY),
    Column("Tình trạng", width=16),
)
NOMINATION_COLUMNS = (
    Column("Cá nhân, tập thể", width=32),
    Column("Đơn vị", width=44),
    Column("Đề nghị công nhận", width=44),
    Column("Năm", CellKind.NUMBER),
    Column("Tình trạng"),
    Column("Tiêu chuẩn", width=20),
)


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = ((one.title, one.plan_name, one.issuer.short_name, one.opens_on, one.closes_on) for one in list_campaigns())
    return send_list(request, "Phong trào có báo cáo tổng hợp", CAMPAIGN_COLUMNS, rows, is_personal=False)


@require_GET
@unit_view("reports.view_campaign_report")
def campaign_report_rows_workbook(request: UnitRequest, code: str) -> HttpResponseBase:
    """The rows that a number counts."""
    found = find_rows(request, code)
    are_assignments = found.measure in (Measure.OWED, Measure.UNSENT)
    columns = ASSIGNMENT_COLUMNS if are_assignments else NOMINATION_COLUMNS
    stated = [found.part.phase.title] if found.part.phase else []
    stated += [f"{name_on(found.unit, found.day).name}{' (cơ quan)' if found.is_own else ''}"] if found.unit else []

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in name_units(found.rows, found.day):
            if are_assignments:
                yield row.unit_name, row.obligation.title, row.last_day, "Đã gửi" if row.done_at else "Chưa gửi"
            else:
                verdict = VERDICTS.get(row.verdict or "", "Chưa đối chiếu")
                state = row.get_state_display()
                yield row.named, row.unit_name, row.recognition.name, row.year, state, verdict

    return send_list(
        request,
        f"{found.measure.label}, {found.part.campaign.title}",
        columns,
        rows(),
        filters="; ".join(stated),
        is_personal=not are_assignments,
    )
