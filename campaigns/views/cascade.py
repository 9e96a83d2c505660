"""A campaign on its way down: received and acknowledged below, followed by its issuer above."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from campaigns.forms.campaigns import ReceiptFilterForm, ResponseFilterForm
from campaigns.models import Campaign, CampaignDelivery, CampaignReceipt
from campaigns.selectors.cascade import (
    ResponseState,
    count_responses,
    list_received,
    list_responses,
    narrow_received,
    narrow_responses,
)
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.selectors.work import list_campaigns
from campaigns.services.cascade import acknowledge_campaign, send_campaign
from campaigns.views.campaigns import render_campaign
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.workbooks import send_list, state_filters

PAGE_SIZE = 50
RECEIPT_COLUMNS = (
    Column("Phong trào", width=60),
    Column("Kế hoạch", width=44),
    Column("Đơn vị phát động", width=40),
    Column("Nhận ngày", CellKind.DAY),
    Column("Xác nhận lúc", CellKind.MOMENT),
    Column("Người xác nhận", width=44),
)
RESPONSE_COLUMNS = (
    Column("Mã", width=16),
    Column("Đơn vị", width=48),
    Column("Gửi ngày", CellKind.DAY),
    Column("Xác nhận lúc", CellKind.MOMENT),
    Column("Người xác nhận", width=44),
    Column("Phát động hưởng ứng", width=24),
)


# Below


def _received(request: UnitRequest) -> tuple[ReceiptFilterForm, QuerySet[CampaignReceipt]]:
    form = ReceiptFilterForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    rows = narrow_received(list_received(request.actor.unit), words=said.get("q") or "", state=said.get("state") or "")
    return form, rows


@require_GET
@unit_view("campaigns.view_campaign_receipt")
def campaign_receipt_list(request: UnitRequest) -> HttpResponse:
    """What came down to the unit, what it has not acknowledged on top."""
    form, rows = _received(request)
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "may_acknowledge": request.actor.may("campaigns.acknowledge_campaign"),
        "day": today(),
    }
    return render(request, "campaigns/cascade/receipt_list.html", context)


@require_GET
@unit_view("campaigns.view_campaign_receipt")
def campaign_receipt_list_workbook(request: UnitRequest) -> HttpResponseBase:
    form, found = _received(request)
    rows = (
        (
            one.campaign.title,
            one.campaign.plan_name,
            str(one.campaign.issuer),
            one.sent_on,
            one.acknowledged_at,
            one.acknowledged_label,
        )
        for one in found.iterator(CHUNK)
    )
    filters = state_filters(form) if form.is_valid() else ""
    return send_list(request, "Phong trào đã nhận", RECEIPT_COLUMNS, rows, filters=filters)


@require_POST
@unit_view("campaigns.acknowledge_campaign")
def campaign_acknowledge(request: UnitRequest, pk: UUID) -> HttpResponse:
    receipt = get_object_or_404(list_received(request.actor.unit), pk=pk)
    try:
        acknowledge_campaign(receipt, actor=request.actor, at=database_now())
    except RefusedError as refusal:
        return render_campaign(request, receipt.campaign, refusal)
    messages.success(request, f"Đã xác nhận nhận phong trào «{receipt.campaign}».")
    return redirect("campaigns:campaign-detail", receipt.campaign.code)


# Above


@require_POST
@unit_view("campaigns.send_campaign")
def campaign_send(request: UnitRequest, code: str) -> HttpResponse:
    """Lay a campaign that stands already with those who have not got it."""
    campaign = get_object_or_404(list_campaigns().filter(issuer__in=list_kept_issuers(request.actor.unit)), code=code)
    try:
        number = send_campaign(campaign, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_campaign(request, campaign, refusal)
    messages.success(request, f"Đã gửi phong trào tới {number} đơn vị.")
    return redirect("campaigns:campaign-response-list", code)


def _followed(request: UnitRequest, code: str) -> Campaign:
    """A campaign of the actor's unit or of one below it; of others nobody here sees who has answered."""
    unit = request.actor.unit
    return get_object_or_404(
        list_campaigns().filter(issuer__path__gte=unit.path, issuer__path__lt=f"{unit.path}~"), code=code
    )


def _responses(
    request: UnitRequest, campaign: Campaign
) -> tuple[ResponseFilterForm, QuerySet[CampaignDelivery], dict[str, int]]:
    form = ResponseFilterForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    rows = narrow_responses(list_responses(campaign), words=said.get("q") or "")
    return form, narrow_responses(rows, state=said.get("state") or ""), count_responses(rows)


@require_GET
@unit_view("campaigns.view_campaign_response")
def campaign_response_list(request: UnitRequest, code: str) -> HttpResponse:
    """Who has acknowledged, who has not, who has answered with a campaign of its own."""
    campaign = _followed(request, code)
    form, rows, counts = _responses(request, campaign)
    others = request.GET.copy()
    for name in ("state", "page"):
        others.pop(name, None)
    context = {
        "campaign": campaign,
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": [(state.value, state.label, counts[state.value]) for state in ResponseState],
        "total": counts["waiting"] + counts["acknowledged"],
        "state": request.GET.get("state", ""),
        "others": others.urlencode(),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "may_follow": request.actor.may("campaigns.view_filing_board"),
    }
    return render(request, "campaigns/cascade/response_list.html", context)


@require_GET
@unit_view("campaigns.view_campaign_response")
def campaign_response_list_workbook(request: UnitRequest, code: str) -> HttpResponseBase:
    campaign = _followed(request, code)
    form, found, _ = _responses(request, campaign)

    def rows() -> Iterator[tuple[Cell, ...]]:
        one: Any  # a delivery with what the list adds to it
        for one in found.iterator(CHUNK):
            yield (
                one.addressee.code,
                one.addressee.name,
                one.sent_on,
                one.acknowledged_at,
                one.acknowledged_label,
                "có" if one.is_answered else "",
            )

    filters = state_filters(form) if form.is_valid() else ""
    return send_list(request, f"Xác nhận nhận phong trào: {campaign.title}", RESPONSE_COLUMNS, rows(), filters=filters)
