"""Sittings, agendas, attendance, ballots and decisions as Excel workbooks.

Of a ballot only what the list shows: its name, its rule and its state. Papers, marks and turnout never leave here.
"""

from collections.abc import Iterable
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from awards.frame import CouncilRequest, council_view
from awards.models import AgendaItem, DecisionLine, Sitting, SittingState
from awards.selectors.councils import (
    list_agenda,
    list_all_councils,
    list_attendances,
    list_ballots,
    list_council_sittings,
    list_review_items,
    list_sittings,
)
from awards.selectors.decisions import list_decisions_for, list_lines
from awards.selectors.drafts import list_annexed, list_drafts, list_taken
from units.frame import UnitRequest, unit_view
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.templatetags.words import VERDICTS
from units.views.workbooks import send_list

SITTING_COLUMNS = (
    Column("Ngày họp", CellKind.DAY),
    Column("Nội dung phiên họp", width=60),
    Column("Hội đồng", width=48),
    Column("Địa điểm", width=36),
    Column("Số trường hợp", CellKind.NUMBER, width=15),
    Column("Tình trạng", width=20),
)
COUNCIL_COLUMNS = (
    Column("Hội đồng", width=60),
    Column("Quyết định thành lập", width=24),
    Column("Ngày quyết định", CellKind.DAY, width=16),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến ngày", CellKind.DAY),
)
AGENDA_COLUMNS = (
    Column("Số", CellKind.NUMBER),
    Column("Cá nhân, tập thể", width=32),
    Column("Chức vụ"),
    Column("Đơn vị", width=40),
    Column("Đề nghị công nhận", width=44),
    Column("Năm", CellKind.NUMBER),
)
ATTENDANCE_COLUMNS = (
    Column("Thành viên", width=32),
    Column("Chức danh trong Hội đồng", width=26),
    Column("Chức vụ", width=36),
    Column("Có mặt"),
    Column("Lý do vắng", width=48),
)
BALLOT_COLUMNS = (
    Column("Nội dung bỏ phiếu", width=60),
    Column("Cách tính kết quả", width=48),
    Column("Tỷ lệ phải đạt", width=16),
    Column("Căn cứ", width=40),
    Column("Tình trạng"),
)
DECISION_COLUMNS = (
    Column("Số, ký hiệu", width=24),
    Column("Ngày ký", CellKind.DAY),
    Column("Trích yếu", width=64),
    Column("Cơ quan ban hành", width=44),
    Column("Số được công nhận", CellKind.NUMBER, width=18),
)
LINE_COLUMNS = (
    Column("Số", CellKind.NUMBER),
    Column("Họ tên, tập thể", width=32),
    Column("Chức vụ"),
    Column("Đơn vị", width=44),
    Column("Danh hiệu", width=48),
    Column("Năm", CellKind.NUMBER),
)


def _sitting_rows(sittings: Iterable[Sitting]) -> Iterable[tuple[Cell, ...]]:
    for one in sittings:
        cases: int = one.cases  # type: ignore[attr-defined]  # counted by the selector
        yield one.held_on, one.title, one.council.name, one.place, cases, one.get_state_display()


def _agenda_row(item: AgendaItem) -> tuple[Cell, ...]:
    case = item.nomination
    return item.order, case.nominee_name, case.position, case.put_forward_by.name, case.recognition.name, case.year


@require_GET
@council_view("awards.review_item")
def sitting_list_workbook(request: CouncilRequest) -> HttpResponseBase:
    rows = _sitting_rows(list_sittings().iterator(CHUNK))
    return send_list(request, "Phiên họp Hội đồng", SITTING_COLUMNS, rows, is_personal=False)


@require_GET
@council_view("awards.review_item")
def sitting_detail_workbook(request: CouncilRequest, pk: UUID) -> HttpResponseBase:
    """The cases of a sitting as its members see them; verdicts only while the dossiers are open."""
    sitting = get_object_or_404(list_sittings(), pk=pk)
    is_open = sitting.state == SittingState.PLANNED

    def verdict(item: AgendaItem) -> str:
        found: str | None = item.verdict  # type: ignore[attr-defined]  # added by the selector
        return VERDICTS.get(found or "", "Chưa đối chiếu" if is_open else "Hồ sơ đã đóng")

    rows = ((*_agenda_row(item), verdict(item)) for item in list_review_items(sitting).iterator(CHUNK))
    columns = (*AGENDA_COLUMNS, Column("Đối chiếu tiêu chuẩn", width=22))
    return send_list(request, f"Trường hợp trình Hội đồng, phiên {sitting.held_on:%d-%m-%Y}", columns, rows)


@require_GET
@unit_view("awards.view_sitting")
def council_sitting_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = _sitting_rows(list_council_sittings(request.actor.unit).iterator(CHUNK))
    return send_list(request, "Các phiên họp Hội đồng", SITTING_COLUMNS, rows, is_personal=False)


@require_GET
@unit_view("awards.view_council")
def council_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = (
        (one.name, one.founding_number, one.founded_on, one.valid_from, one.valid_to)
        for one in list_all_councils(request.actor.unit).iterator(CHUNK)
    )
    return send_list(request, "Các Hội đồng", COUNCIL_COLUMNS, rows, is_personal=False)


def _get(request: UnitRequest, pk: UUID) -> Sitting:
    return get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)


@require_GET
@unit_view("awards.view_sitting")
def agenda_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    sitting = _get(request, pk)
    rows = ((*_agenda_row(item), item.nomination.get_state_display()) for item in list_agenda(sitting).iterator(CHUNK))
    name = f"Chương trình phiên họp {sitting.held_on:%d-%m-%Y}"
    return send_list(request, name, (*AGENDA_COLUMNS, Column("Tình trạng")), rows)


@require_GET
@unit_view("awards.view_sitting")
def attendance_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    sitting = _get(request, pk)
    rows = (
        (str(one.member), one.member.get_seat_display(), one.member.position, one.is_present, one.reason)
        for one in list_attendances(sitting).iterator(CHUNK)
    )
    return send_list(request, f"Điểm danh phiên họp {sitting.held_on:%d-%m-%Y}", ATTENDANCE_COLUMNS, rows)


@require_GET
@unit_view("awards.view_sitting")
def ballot_list_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    sitting = _get(request, pk)
    rows = (
        (one.title, one.rule.title, one.rule.threshold or "Không đặt tỷ lệ", one.rule.citation, one.get_state_display())
        for one in list_ballots(sitting).iterator(CHUNK)
    )
    name = f"Lượt bỏ phiếu phiên họp {sitting.held_on:%d-%m-%Y}"
    return send_list(request, name, BALLOT_COLUMNS, rows, is_personal=False)


def _line_row(line: DecisionLine) -> tuple[Cell, ...]:
    honour = line.honour
    post = honour.subject_position, honour.subject_unit
    return line.order, honour.subject_name, *post, honour.title.name, honour.year


@require_GET
@unit_view("awards.view_decision")
def decision_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = (
        (one.number, one.signed_on, one.subject, one.unit.name, one.recognised)  # type: ignore[attr-defined]
        for one in list_decisions_for(request.actor).iterator(CHUNK)
    )
    return send_list(request, "Quyết định", DECISION_COLUMNS, rows, is_personal=False)


@require_GET
@unit_view("awards.view_decision")
def decision_detail_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The annexed list of one decision."""
    decision = get_object_or_404(list_decisions_for(request.actor), pk=pk)
    rows = (_line_row(line) for line in list_lines(decision).iterator(CHUNK))
    return send_list(request, f"Danh sách kèm theo quyết định {decision.number}", LINE_COLUMNS, rows)


@require_GET
@unit_view("awards.view_draft")
def draft_detail_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The annexed list of a draft, in its order; of a revocation the lines that it takes back."""
    draft = get_object_or_404(list_drafts(request.actor.unit), pk=pk)
    rows: Iterable[tuple[Cell, ...]] = (
        (place, one.nominee_name, one.position, one.unit.name, one.recognition.name, one.year)
        for place, one in enumerate(list_annexed(draft), start=1)
    )
    if draft.revokes_id:
        rows = (_line_row(line) for line in list_taken(draft))
    about = f"Dự thảo quyết định: {draft.subject}. {draft.get_state_display()}"
    return send_list(request, "Danh sách kèm theo dự thảo quyết định", LINE_COLUMNS, rows, filters=about)
