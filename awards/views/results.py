"""What one was told about published decisions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from awards.selectors.announcements import list_results
from awards.selectors.decisions import list_decisions_for
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
    context = {
        "page": page,
        "unread": found.filter(read_at__isnull=True).count(),
        "opens": set(list_decisions_for(request.actor).filter(pk__in=shown).values_list("pk", flat=True))
        if request.actor.may("awards.view_decision")
        else set(),
    }
    return render(request, "awards/decisions/result_list.html", context)


@require_POST
@unit_view("awards.mark_results_read")
def results_mark_read(request: UnitRequest) -> HttpResponse:
    number = mark_results_read(actor=request.actor, at=now())
    messages.success(request, f"Đã đánh dấu {number} kết quả là đã đọc." if number else "Không còn kết quả mới.")
    return redirect("awards:result-list")
