"""Saying which campaigns are the work of a cluster's year."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.clusters import CampaignForm
from campaigns.selectors.clusters import list_possible_campaigns
from campaigns.services.clusters import add_cluster_campaign, remove_cluster_campaign
from campaigns.views.clusters import kept_year, render_year, trail_to
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form, posted


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_campaign_add(request: UnitRequest, pk: int) -> HttpResponse:
    """Say which campaign is the year's work."""
    year = kept_year(request, pk)
    form = CampaignForm(posted(request), campaigns=list_possible_campaigns(year))
    return answer_form(
        request,
        form,
        lambda: add_cluster_campaign(year, form.cleaned_data["campaign"], actor=request.actor),
        heading="Ghi phong trào của năm",
        submit="Ghi",
        back=year.get_absolute_url(),
        done="Đã ghi phong trào của năm.",
        trail=trail_to(year),
    )


@require_POST
@unit_view("campaigns.change_cluster")
def cluster_campaign_remove(request: UnitRequest, pk: int) -> HttpResponse:
    year = kept_year(request, pk)
    campaign = get_object_or_404(year.campaigns, code=request.POST.get("campaign", ""))
    try:
        remove_cluster_campaign(year, campaign, actor=request.actor)
    except RefusedError as refusal:
        return render_year(request, year, 422, refusal=refusal)
    messages.success(request, f"Đã bỏ «{campaign}» khỏi năm này; phong trào vẫn giữ nguyên.")
    return redirect(year)
