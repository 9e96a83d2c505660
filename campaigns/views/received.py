"""Screens of filings that units out of sight sent here: the list, a filing with its papers, and the answers."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.filings import ReturnForm
from campaigns.models import ReceivedFiling
from campaigns.selectors.filings import days_late
from campaigns.selectors.received import (
    list_answers,
    list_filings,
    list_received,
    list_received_campaigns,
    list_received_papers,
    list_received_versions,
)
from campaigns.services.received_filings import approve_filing, receive_filing, return_filing
from campaigns.workflow import SubmissionState
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.services.audit import record_act
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.workbooks import send_list

PAGE_SIZE = 25
# A draft is never received.
STATES = tuple((one.value, one.label) for one in SubmissionState if one is not SubmissionState.DRAFT)
COLUMNS = (
    Column("Đơn vị gửi", width=44),
    Column("Việc", width=60),
    Column("Phong trào", width=44),
    Column("Nhận với tư cách", width=22),
    Column("Lần", CellKind.NUMBER, width=8),
    Column("Văn bản", width=24),
    Column("Gửi lúc", CellKind.MOMENT),
    Column("Hạn khi gửi", CellKind.DAY),
    Column("Gửi muộn (ngày)", CellKind.NUMBER, width=14),
    Column("Tình trạng", width=28),
    Column("Mã tiếp nhận", width=16),
)


def _chosen(request: UnitRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {"campaign": request.GET.get("campaign", ""), "state": state if state in dict(STATES) else ""}


@require_GET
@unit_view("campaigns.view_received_filing")
def received_filing_list(request: UnitRequest) -> HttpResponse:
    """What members of a cluster and other units out of sight sent here, the newest first."""
    chosen, unit = _chosen(request), request.actor.unit
    page = Paginator(list_received(unit, **chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": STATES,
        "campaigns": list_received_campaigns(unit),
        "chosen": chosen,
        "waiting": list_received(unit, state=SubmissionState.SENT).filter(received_as="addressee").count(),
    }
    return render(request, "campaigns/received/filing_list.html", context)


@require_GET
@unit_view("campaigns.view_received_filing")
def received_filing_list_workbook(request: UnitRequest) -> HttpResponseBase:
    chosen = _chosen(request)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in list_received(request.actor.unit, **chosen).iterator(CHUNK):
            yield (
                one.sender.name,
                one.obligation.title,
                str(one.obligation.campaign),
                one.get_received_as_display(),
                one.version,
                one.document_number,
                one.sent_at,
                one.last_day,
                days_late(one.last_day, one.counted_at) or None,
                one.get_state_display(),
                one.shown_code,
            )

    filters = f"Lọc theo tình trạng: {dict(STATES)[chosen['state']]}" if chosen["state"] else ""
    return send_list(request, "Bản nộp đã nhận", COLUMNS, rows(), filters=filters, is_personal=False)


def _filing(pk: UUID) -> ReceivedFiling:
    return get_object_or_404(list_filings(), pk=pk)


def _render(request: UnitRequest, filing: ReceivedFiling, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        "filing": filing,
        "obligation": filing.obligation,
        "papers": list(list_received_papers(filing)),
        "versions": list(list_received_versions(filing)),
        "late": days_late(filing.last_day, filing.counted_at),
        "may": {action.name.lower() for action in list_answers(filing, request.actor)},
    }
    return render(request, "campaigns/received/filing_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_received_filing")
def received_filing_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A filing of another unit with its papers. Opening it leaves a line in the trail."""
    filing = _filing(pk)
    record_act("open-filing", filing, actor=request.actor)
    return _render(request, filing)


def _act(request: UnitRequest, pk: UUID, act: Callable[[ReceivedFiling], Any], done: str) -> HttpResponse:
    filing = _filing(pk)
    try:
        act(filing)
    except RefusedError as refusal:
        return _render(request, filing, 422, refusal=refusal)
    messages.success(request, done)
    return redirect(filing)


@require_POST
@unit_view("campaigns.receive_filing")
def filing_receive(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lambda one: receive_filing(one, actor=request.actor, at=now()), "Đã tiếp nhận.")


@require_POST
@unit_view("campaigns.approve_filing")
def filing_approve(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lambda one: approve_filing(one, actor=request.actor, at=now()), "Đã duyệt đăng ký.")


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.return_filing")
def filing_return(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give it back to its sender with reasons."""
    filing = _filing(pk)
    form = ReturnForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: return_filing(filing, **form.cleaned_data, actor=request.actor, at=now()),
        heading=f"Trả lại {filing.sender}",
        submit="Trả lại đơn vị",
        back=filing.get_absolute_url(),
        done=f"Đã trả lại {filing.sender}; cán bộ thi đua của đơn vị được báo lý do.",
        trail=(str(filing.obligation), filing.get_absolute_url()),
    )
