"""Screens of the plan's indicators and their levels, for everybody to read and for the issuer to keep."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.forms.targets import IndicatorEndForm, IndicatorForm, IndicatorReportsForm, TargetForm
from campaigns.models import Campaign, Indicator
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.selectors.targets import list_addressed_kinds, list_indicators, list_possible_reports
from campaigns.selectors.work import list_campaigns
from campaigns.services.targets import (
    add_indicator,
    choose_indicator_reports,
    edit_indicator,
    end_indicator,
    is_reported,
    set_target,
)
from units.actors import Actor
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted


def _page(campaign: Campaign) -> str:
    return reverse("campaigns:indicator-list", args=[campaign.code])


def _trail(campaign: Campaign) -> tuple[str, str]:
    return ("Chỉ tiêu và mức giao", _page(campaign))


def _get_own(actor: Actor, pk: int) -> Indicator:
    """An indicator of a plan that the actor's unit issued, or looks after."""
    own = list_kept_issuers(actor.unit)
    return get_object_or_404(Indicator.objects.select_related("campaign__issuer"), pk=pk, campaign__issuer__in=own)


@require_GET
@unit_view("campaigns.view_indicator")
def indicator_list(request: UnitRequest, code: str) -> HttpResponse:
    """The indicators of a plan with every level that was ever set: public, like the plan."""
    campaign = get_object_or_404(list_campaigns(), code=code)
    is_issuer = campaign.issuer in list_kept_issuers(request.actor.unit)
    context = {
        "campaign": campaign,
        "indicators": list_indicators(campaign),
        "reports": [one for one in list_possible_reports(campaign) if one.holds_indicators],
        "may_keep": is_issuer and request.actor.may("campaigns.add_indicator"),
        "day": today(),
    }
    return render(request, "campaigns/targets/indicator_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.add_indicator")
def indicator_add(request: UnitRequest, code: str) -> HttpResponse:
    own = list_kept_issuers(request.actor.unit)
    campaign = get_object_or_404(list_campaigns().filter(issuer__in=own), code=code)
    form = IndicatorForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: add_indicator(campaign, form.words(), actor=request.actor),
        heading="Thêm chỉ tiêu",
        submit="Thêm chỉ tiêu",
        back=_page(campaign),
        done="Đã thêm chỉ tiêu. Giao mức cho đơn vị thì chỉ tiêu mới vào báo cáo.",
        trail=_trail(campaign),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.choose_indicator_reports")
def indicator_reports_choose(request: UnitRequest, code: str) -> HttpResponse:
    """Say which reports of the plan hold its indicators."""
    own = list_kept_issuers(request.actor.unit)
    campaign = get_object_or_404(list_campaigns().filter(issuer__in=own), code=code)
    form = IndicatorReportsForm(posted(request), reports=list_possible_reports(campaign))
    return answer_form(
        request,
        form,
        lambda: choose_indicator_reports(campaign, form.cleaned_data["reports"], actor=request.actor),
        heading="Chọn báo cáo ghi chỉ tiêu",
        submit="Lưu lựa chọn",
        back=_page(campaign),
        done="Đã lưu báo cáo ghi chỉ tiêu.",
        trail=_trail(campaign),
        template="campaigns/targets/reports_form.html",
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_indicator")
def indicator_edit(request: UnitRequest, pk: int) -> HttpResponse:
    indicator = _get_own(request.actor, pk)
    form = IndicatorForm(posted(request), indicator=indicator)
    warning = "Đã có đơn vị báo cáo: mã, cách tính, đơn vị tính và hướng không đổi được nữa."
    return answer_form(
        request,
        form,
        lambda: edit_indicator(indicator, form.words(), actor=request.actor),
        heading=f"Sửa chỉ tiêu: {indicator.title}",
        submit="Lưu chỉ tiêu",
        back=_page(indicator.campaign),
        done="Đã lưu chỉ tiêu.",
        trail=_trail(indicator.campaign),
        warning=warning if is_reported(indicator) else "",
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.end_indicator")
def indicator_end(request: UnitRequest, pk: int) -> HttpResponse:
    indicator = _get_own(request.actor, pk)
    form = IndicatorEndForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: end_indicator(indicator, **form.cleaned_data, actor=request.actor, day=today()),
        heading=f"Thôi dùng chỉ tiêu: {indicator.title}",
        submit="Ghi thôi dùng",
        back=_page(indicator.campaign),
        done="Đã ghi thôi dùng chỉ tiêu; số liệu đã báo cáo vẫn giữ.",
        trail=_trail(indicator.campaign),
        is_risky=True,
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.set_target")
def target_set(request: UnitRequest, pk: int) -> HttpResponse:
    """Set or change a level, for everybody, a kind of unit, or one unit."""
    indicator = _get_own(request.actor, pk)
    form = TargetForm(
        posted(request), indicator=indicator, root=request.actor.unit, kinds=list_addressed_kinds(indicator.campaign)
    )
    return answer_form(
        request,
        form,
        lambda: set_target(indicator, form.wanted(), actor=request.actor, day=today(), at=database_now()),
        heading=f"Giao mức: {indicator.title}",
        submit="Giao mức",
        back=_page(indicator.campaign),
        done="Đã giao mức chỉ tiêu.",
        trail=_trail(indicator.campaign),
        warning="Đã có đơn vị báo cáo: mức mới chỉ áp dụng cho báo cáo gửi từ ngày ghi ở đây."
        if is_reported(indicator)
        else "",
        template="campaigns/targets/target_form.html",
        indicator=indicator,
    )
