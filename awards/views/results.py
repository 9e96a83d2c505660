"""What one was told about published decisions, and about cases before the conference of a cluster."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from awards.selectors.announcements import list_results
from awards.selectors.case_letters import list_case_news, list_unread_news, read_news
from awards.selectors.decisions import list_decisions_for
from awards.services.case_letters import mark_news_read
from awards.services.publications import mark_results_read
from units.clock import now
from units.frame import UnitRequest, unit_view

PAGE_SIZE = 20


@require_GET
@unit_view("awards.view_result")
def result_list(request: UnitRequest) -> HttpResponse:
    """Results told to the one who acts, in sight, the newest first; a decision out of sight has no link."""
    found = list_results(request.actor.account)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [letter.decision_id for letter in page]
    user = request.actor.account
    news = Paginator(list_case_news(user), PAGE_SIZE).get_page(request.GET.get("news"))
    context = {
        "page": page,
        "news_page": news,
        "news": read_news(list(news)),
        "unread": found.filter(read_at__isnull=True).count() + list_unread_news(user).count(),
        "opens": set(list_decisions_for(request.actor).filter(pk__in=shown).values_list("pk", flat=True))
        if request.actor.may("awards.view_decision")
        else set(),
    }
    return render(request, "awards/decisions/result_list.html", context)


@require_POST
@unit_view("awards.mark_results_read")
def results_mark_read(request: UnitRequest) -> HttpResponse:
    at = now()
    number = mark_results_read(actor=request.actor, at=at) + mark_news_read(actor=request.actor, at=at)
    messages.success(request, f"Đã đánh dấu {number} tin là đã đọc." if number else "Không còn tin mới.")
    return redirect("awards:result-list")
