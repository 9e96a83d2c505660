"""Campaigns: their list, one as a page, what its keeper mends, and its copy in another time."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.calendar import list_uncovered, move_years
from campaigns.forms.campaigns import CampaignCloneForm, CampaignFilterForm, CampaignForm, PhaseDoorsForm
from campaigns.models import Campaign, Phase
from campaigns.selectors.anchor_events import list_anchor_events
from campaigns.selectors.cascade import find_received, has_unsent, list_answerable, list_own_plans
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.selectors.work import list_campaigns, narrow_campaigns
from campaigns.services.campaign_clone import clone_campaign
from campaigns.services.cascade import EDITABLE, edit_campaign
from campaigns.services.doors import edit_phase_doors
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.workbooks import send_list, state_filters

PAGE_SIZE = 20
COLUMNS = (
    Column("Phong trào", width=60),
    Column("Loại", width=28),
    Column("Chủ đề", width=44),
    Column("Kế hoạch", width=44),
    Column("Đơn vị phát động", width=40),
    Column("Hưởng ứng", width=44),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến ngày", CellKind.DAY),
    Column("Thời hạn thi đua", width=24),
    Column("Phương thức tổ chức", width=28),
    Column("Phạm vi", width=36),
    Column("Tình trạng", width=18),
)


def _read(request: UnitRequest) -> tuple[CampaignFilterForm, QuerySet[Campaign]]:
    form = CampaignFilterForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) or "" for name in ("q", "kind", "state")}
    return form, narrow_campaigns(
        list_campaigns(), words=asked["q"], kind=asked["kind"], state=asked["state"], day=today()
    )


@require_GET
@unit_view("campaigns.view_campaign")
def campaign_list(request: UnitRequest) -> HttpResponse:
    form, rows = _read(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "day": today(), "is_narrowed": any(request.GET.get(n) for n in form.fields)}
    return render(request, "campaigns/campaign_list.html", context)


@require_GET
@unit_view("campaigns.view_campaign")
def campaign_list_workbook(request: UnitRequest) -> HttpResponseBase:
    day = today()
    form, found = _read(request)
    rows = (
        (
            one.title,
            one.get_kind_display(),
            one.theme,
            one.plan_name,
            str(one.issuer),
            str(one.responds_to or ""),
            one.opens_on,
            one.closes_on,
            one.duration_band,
            one.get_method_display(),
            one.get_scope_display(),
            "Đã kết thúc" if one.closes_on < day else "Chưa bắt đầu" if one.opens_on > day else "Đang diễn ra",
        )
        for one in found.iterator(CHUNK)
    )
    filters = state_filters(form) if form.is_valid() else ""
    return send_list(request, "Phong trào thi đua", COLUMNS, rows, filters=filters, is_personal=False)


def _get(code: str) -> Campaign:
    return get_object_or_404(list_campaigns(), code=code)


def _render(request: UnitRequest, campaign: Campaign, refusal: RefusedError | None = None) -> HttpResponse:
    actor = request.actor
    phases = list(campaign.phases.prefetch_related("doors"))
    is_kept = campaign.issuer in list_kept_issuers(actor.unit)
    is_below = actor.unit.contains(campaign.issuer.path)
    spans = [(one.opens_on, one.closes_on) for one in phases]
    context: dict[str, Any] = {
        "campaign": campaign,
        "phases": phases,
        "has_doors": any(phase.doors.all() for phase in phases),
        "gaps": list_uncovered(campaign.opens_on, campaign.closes_on, spans),
        "obligations": campaign.obligations.select_related("owed_to", "phase", "anchor_event"),
        "events": list_anchor_events().filter(campaign=campaign),
        "quotas": campaign.quotas.prefetch_related("among"),
        "indicators": campaign.indicators.all(),
        "may_add_indicator": is_kept and actor.may("campaigns.add_indicator"),
        "answers": campaign.responses.select_related("issuer")[:PAGE_SIZE],
        "may_record": is_kept and actor.may("campaigns.record_anchor_event"),
        "may_edit": is_kept and actor.may("campaigns.edit_campaign"),
        "may_edit_doors": is_kept and actor.may("campaigns.edit_phase_doors"),
        "may_clone": is_below and actor.may("campaigns.clone_campaign"),
        "may_see_responses": is_below and actor.may("campaigns.view_campaign_response"),
        "may_send": is_kept
        and actor.may("campaigns.send_campaign")
        and campaign.closes_on >= today()
        and has_unsent(campaign),
        "day": today(),
        "refusal": refusal,
    }
    if actor.may("campaigns.view_campaign_receipt"):
        context["receipt"] = find_received(campaign, actor.unit)
        context["own_plans"] = list_own_plans(campaign, actor.unit)
    return render(request, "campaigns/campaign_detail.html", context, status=422 if refusal else 200)


@require_GET
@unit_view("campaigns.view_campaign")
def campaign_detail(request: UnitRequest, code: str) -> HttpResponse:
    """A plan as a page: its fields, phases with their doors and gaps, obligations with their clause, quotas."""
    return _render(request, _get(code))


def render_campaign(request: UnitRequest, campaign: Campaign, refusal: RefusedError) -> HttpResponse:
    """The page of a campaign with a refusal of something that was asked on it."""
    return _render(request, _get(campaign.code), refusal)


def _trail(campaign: Campaign) -> tuple[str, str]:
    return (campaign.title, reverse("campaigns:campaign-detail", args=[campaign.code]))


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_campaign")
def campaign_edit(request: UnitRequest, code: str) -> HttpResponse:
    """Fill in or mend what the statistics need."""
    campaign = get_object_or_404(list_campaigns().filter(issuer__in=list_kept_issuers(request.actor.unit)), code=code)
    form = CampaignForm(
        posted(request),
        answerable=list_answerable(campaign.issuer).exclude(pk=campaign.pk),
        initial={name: getattr(campaign, name) for name in EDITABLE},
    )
    return answer_form(
        request,
        form,
        lambda: edit_campaign(campaign, **form.cleaned_data, actor=request.actor),
        heading="Thông tin phong trào",
        submit="Lưu",
        back=_trail(campaign)[1],
        done="Đã lưu thông tin phong trào.",
        trail=_trail(campaign),
        warning=f"Thời hạn thi đua theo thống kê: {campaign.duration_band.lower()}, tính theo thời gian phong trào.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_phase_doors")
def phase_doors_edit(request: UnitRequest, pk: int) -> HttpResponse:
    """From when to when a phase lets in registrations, nominations, appraisal, votes and decisions."""
    kept = Phase.objects.filter(campaign__issuer__in=list_kept_issuers(request.actor.unit))
    phase = get_object_or_404(kept.select_related("campaign__issuer").prefetch_related("doors"), pk=pk)
    form = PhaseDoorsForm(posted(request), phase=phase)
    return answer_form(
        request,
        form,
        lambda: edit_phase_doors(phase, form.doors(), reason=form.cleaned_data["reason"], actor=request.actor),
        heading=f"Thời gian mở, đóng: {phase.title}",
        submit="Lưu thời gian",
        back=_trail(phase.campaign)[1],
        done="Đã lưu thời gian mở, đóng của đợt.",
        template="campaigns/phase_doors.html",
        trail=_trail(phase.campaign),
        phase=phase,
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.clone_campaign")
def campaign_clone(request: UnitRequest, code: str) -> HttpResponse:
    """Choose the new time; what comes of it is looked through as a draft."""
    branch = list_campaigns().filter(
        issuer__path__gte=request.actor.unit.path, issuer__path__lt=f"{request.actor.unit.path}~"
    )
    campaign = get_object_or_404(branch, code=code)
    years = campaign.closes_on.year - campaign.opens_on.year + 1
    initial = {"opens_on": move_years(campaign.opens_on, years), "closes_on": move_years(campaign.closes_on, years)}
    form = CampaignCloneForm(posted(request), initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = clone_campaign(campaign, **form.cleaned_data, actor=request.actor, day=today(), at=database_now())
        except RefusedError as error:
            refusal = error
        else:
            return redirect(draft)
    context = {
        "form": form,
        "refusal": refusal,
        "heading": "Lập lại cho thời gian mới",
        "submit": "Chuyển các ngày và xem lại",
        "back": _trail(campaign)[1],
        "trail": _trail(campaign),
        "warning": "Mọi ngày của phong trào được chuyển sang thời gian mới để xem và sửa; chưa có gì được giao cho ai.",
    }
    return render(request, "units/act.html", context, status=422 if request.method == "POST" else 200)
