"""The board of the one who is owed: who has sent, who has not, who is late, and a mail to remind."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.filings import BoardForm
from campaigns.models import Assignment
from campaigns.receipt_codes import show_code
from campaigns.selectors.board import (
    LATE,
    OPEN,
    BoardRows,
    BoardState,
    count_board,
    keep_state,
    list_board,
    list_board_campaigns,
    list_board_obligations,
    list_branches,
    narrow_board,
    with_codes,
)
from campaigns.services.direct_reminders import (
    MOST_AT_ONCE,
    Outlook,
    foresee_reminders,
    remind_assignments,
    remind_now,
)
from units.actors import Actor
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.paging import BoundedPaginator
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import send_list, state_filters

PAGE_SIZE = 50
FEW_NAMES = 5
SHOWN_UNITS = 50
FILTERS = ("campaign", "obligation", "state", "branch", "past")
BOARD_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Việc", width=60),
    Column("Phong trào", width=44),
    Column("Gửi về", width=36),
    Column("Hạn cuối", CellKind.DAY),
    Column("Tình trạng", width=28),
    Column("Ngày gửi", CellKind.DAY),
    Column("Gửi muộn", width=10),
    Column("Văn bản", width=24),
    Column("Mã tiếp nhận", width=16),
)


def _read(actor: Actor, asked: Mapping[str, Any]) -> tuple[BoardForm, QuerySet[Assignment]]:
    """The form of the filters, and the rows that they keep whatever their state."""
    campaigns = list_board_campaigns(actor.unit)
    chosen = campaigns.filter(code=asked.get("campaign") or "").first()
    form = BoardForm(
        asked,
        campaigns=campaigns,
        branches=list_branches(actor.unit),
        obligations=list_board_obligations(actor.unit, chosen),
    )
    day = today()
    return form, narrow_board(list_board(actor.unit, day), form.chosen(), day)


def _list_filters(asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The board's own filters as they were asked for, to be handed on."""
    return [(name, asked[name]) for name in FILTERS if asked.get(name)]


@require_GET
@unit_view("campaigns.view_filing_board")
def filing_board(request: UnitRequest) -> HttpResponse:
    form, rows = _read(request.actor, request.GET)
    chosen, counts = form.chosen(), count_board(rows)
    states = [(state.value, state.label, counts[state.value]) for state in BoardState if counts[state.value]]
    if counts[LATE]:
        states.append((LATE, "Gửi muộn", counts[LATE]))
    total = sum(counts[state.value] for state in BoardState)
    number = counts[chosen.state] if chosen.state else total
    shown = BoardRows(keep_state(rows, chosen.state), today(), known=number)
    pages = BoundedPaginator(shown, PAGE_SIZE)
    others = request.GET.copy()
    for name in ("state", "page"):
        others.pop(name, None)
    context = {
        "form": form,
        "filters": _list_filters(request.GET),
        "page": pages.get_page(request.GET.get("page")),
        "states": states,
        "state": chosen.state,
        "total": total,
        "open_number": sum(counts[state.value] for state in OPEN),
        "others": others.urlencode(),
        "is_chosen": any((chosen.campaign, chosen.obligation, chosen.branch)),
        "is_narrowed": any((chosen.campaign, chosen.obligation, chosen.branch, chosen.state, chosen.past)),
        "is_one_campaign": bool(chosen.campaign or chosen.obligation),
        "remindable": chosen.state in ("", *OPEN),
        "may_remind": request.actor.may("campaigns.remind_assignment"),
        "may_open_assignment": request.actor.may("campaigns.view_assignment"),
        "day": today(),
    }
    return render(request, "campaigns/filing_board.html", context)


@require_GET
@unit_view("campaigns.view_filing_board")
def filing_board_workbook(request: UnitRequest) -> HttpResponseBase:
    form, found = _read(request.actor, request.GET)
    kept = with_codes(keep_state(found, form.chosen().state))

    def rows() -> Iterator[tuple[Cell, ...]]:
        one: Any  # an assignment with what the board adds to it
        for one in kept.iterator(CHUNK):
            late = bool(one.last_day and one.done_at and one.sent_on > one.last_day)
            yield (
                one.unit.name,
                one.obligation.title,
                str(one.obligation.campaign),
                str(one.obligation.owed_to),
                one.last_day,
                BoardState(one.board_state).label,
                one.sent_on if one.done_at else None,
                "muộn" if late else "",
                one.document_number,
                show_code(one.latest_code or "") if one.done_at else "",
            )

    filters = state_filters(form) if form.is_valid() else ""
    return send_list(request, "Tình hình gửi", BOARD_COLUMNS, rows(), filters=filters, is_personal=False)


def _tell(request: UnitRequest, done: Outlook) -> None:
    """What happened, in words: mails promised, rows passed over, units without a clerk."""
    if done.mails:
        messages.success(request, f"Sẽ gửi {done.mails} thư nhắc cho {len(done.wanted)} việc chưa gửi.")
    if done.already:
        messages.warning(request, f"{done.already} việc đã được nhắc hôm nay nên không nhắc lần nữa.")
    if done.without_clerk:
        names = ", ".join(unit.short_name for unit in done.without_clerk[:FEW_NAMES])
        more = len(done.without_clerk) - FEW_NAMES
        messages.error(
            request,
            f"Chưa nhắc được {names}{f' và {more} đơn vị khác' if more > 0 else ''}: đơn vị chưa có cán bộ thi đua có "
            "địa chỉ thư. Báo quản trị đơn vị giao nhiệm vụ, hoặc liên hệ trực tiếp.",
        )
    if not (done.mails or done.already or done.without_clerk):
        messages.warning(request, "Không có việc nào cần nhắc.")


def _back(request: UnitRequest) -> HttpResponse:
    """To the board as it was, by its own filters only."""
    response = redirect("campaigns:filing-board")
    if kept := _list_filters(request.POST):
        response["Location"] += f"?{urlencode(kept)}"
    return response


@require_POST
@unit_view("campaigns.remind_assignment")
def assignment_remind(request: UnitRequest, pk: UUID) -> HttpResponse:
    """One mail to each clerk of the unit that owes it."""
    assignment = get_object_or_404(list_board(request.actor.unit, today()), pk=pk)
    try:
        _tell(request, remind_now(assignment, actor=request.actor, day=today()))
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return _back(request)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.remind_assignment")
def filing_board_remind(request: UnitRequest) -> HttpResponse:
    """The same for every open row that the filters keep: first how many get a letter, then the letters."""
    is_sent = request.method == "POST"
    form, rows = _read(request.actor, request.POST if is_sent else request.GET)
    kept = list(keep_state(rows, form.chosen().state).filter(done_at__isnull=True)[: MOST_AT_ONCE + 1])
    outlook, refusal = None, None
    try:
        if is_sent:
            _tell(request, remind_assignments(kept, actor=request.actor, day=today()))
            return _back(request)
        outlook = foresee_reminders(kept, actor=request.actor, day=today())
    except RefusedError as error:
        refusal = error
    asked = request.POST if is_sent else request.GET
    filters = _list_filters(asked)
    back = urlencode(filters)
    units = outlook.by_unit if outlook else []
    context = {
        "filters": filters,
        "refusal": refusal,
        "outlook": outlook,
        "units": units[:SHOWN_UNITS],
        "unit_number": len(units),
        "more_units": max(len(units) - SHOWN_UNITS, 0),
        "back": f"{reverse('campaigns:filing-board')}{f'?{back}' if back else ''}",
    }
    return render(request, "campaigns/filing_board_remind.html", context, status=422 if refusal else 200)
