"""What others owe to a unit that does not stand above them, such as the head of a cluster."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.forms import ExtensionAnswerForm
from campaigns.selectors.clusters import (
    list_expected,
    narrow_expected,
)
from campaigns.selectors.received import find_filings_of
from campaigns.services.expected_extensions import answer_expected_extension
from campaigns.views.clusters import PAGE_SIZE
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted

STATES = (
    ("", "Tất cả"),
    ("open", "Chưa gửi"),
    ("late", "Quá hạn"),
    ("done", "Đã gửi"),
    ("asked", "Xin gia hạn"),
)


@require_GET
@unit_view("campaigns.view_expected_work")
def expected_work_list(request: UnitRequest) -> HttpResponse:
    """What units out of sight owe to this one: who sent, who did not, who is late, who asks for time."""
    state, day = request.GET.get("state", ""), today()
    everything = list_expected(request.actor.unit)
    page = Paginator(narrow_expected(everything, state, day), PAGE_SIZE).get_page(request.GET.get("page"))
    filings = find_filings_of((one.assignment for one in page), request.actor.unit)
    for one in page:
        one.filing = filings.get(one.assignment)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "states": STATES,
        "state": state,
        "late": narrow_expected(everything, "late", day).count(),
        "asked": narrow_expected(everything, "asked", day).count(),
        "day": day,
    }
    return render(request, "campaigns/clusters/expected_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.answer_extension")
def expected_extension_answer(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Read the request for time of a unit out of sight and answer it."""
    expected = get_object_or_404(list_expected(request.actor.unit), pk=pk)
    form = ExtensionAnswerForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: answer_expected_extension(expected, **form.cleaned_data, actor=request.actor, at=database_now()),
        heading="Trả lời đề nghị gia hạn",
        submit="Gửi trả lời",
        back=reverse("campaigns:expected-work-list"),
        done="Đã gửi trả lời.",
        template="campaigns/clusters/expected_answer.html",
        expected=expected,
        choice=form["grant"],
    )
