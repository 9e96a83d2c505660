"""Councils of a unit on screen: the list, the term, the decisions behind it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.council_rules import find_composition
from awards.forms.councils import CouncilForm, DecisionFields, EndingForm, RenewalForm
from awards.models import Council, CouncilPaper
from awards.selectors.councils import find_missing, list_all_councils, list_members, list_seats, list_years_led
from awards.services.councils import end_council, found_council, renew_council
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.services.audit import record_act
from units.views.downloads import send_file

PAGE_SIZE = 25
SEATS_SHOWN = 60


def get_council(request: UnitRequest, pk: UUID) -> Council:
    return get_object_or_404(list_all_councils(request.actor.unit), pk=pk)


@require_GET
@unit_view("awards.view_council")
def council_list(request: UnitRequest) -> HttpResponse:
    """Councils of the unit, those of today and those of the past."""
    page = Paginator(list_all_councils(request.actor.unit), PAGE_SIZE).get_page(request.GET.get("page"))
    led = list_years_led(request.actor.unit, today())
    return render(request, "awards/councils/list.html", {"page": page, "day": today(), "led": led})


@require_http_methods(["GET", "POST"])
@unit_view("awards.found_council")
def council_found(request: UnitRequest) -> HttpResponse:
    """Write down the decision that founds a council."""
    form = CouncilForm(
        request.POST or None,
        request.FILES or None,
        day=today(),
        initial={"name": f"Hội đồng Thi đua - Khen thưởng {request.actor.unit.name}"},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            council = found_council(
                values["name"],
                form.decision(),
                valid_from=values["valid_from"],
                valid_to=values["valid_to"],
                actor=request.actor,
                at=now(),
            )
        except RefusedError as error:
            refusal = error
        else:
            messages.success(
                request, "Đã ghi quyết định thành lập. Thêm các thành viên theo danh sách trong quyết định."
            )
            return redirect("awards:council-detail", pk=council.pk)
    context = {"form": form, "refusal": refusal, "title": "Thành lập Hội đồng", "button": "Ghi quyết định thành lập"}
    return render(request, "awards/councils/decision.html", context, status=422 if refusal or form.errors else 200)


@require_GET
@unit_view("awards.view_council")
def council_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return render_council(request, get_council(request, pk))


def render_council(request: UnitRequest, council: Council, *, status: int = 200, **extra: Any) -> HttpResponse:
    """A council: its term and decisions, who sits in it today, who will and who did."""
    day = today()
    shown = min(max(day, council.valid_from), council.valid_to or date.max)
    seats = list(list_seats(council)[: SEATS_SHOWN * 10])
    standing = [one for one in seats if one.valid_from <= shown and (one.valid_to is None or one.valid_to >= shown)]
    rule = find_composition(shown)
    past = Paginator([one for one in seats if one.valid_to and one.valid_to < shown], SEATS_SHOWN)
    context = {
        "council": council,
        "day": day,
        "shown": shown,
        "is_over": council.valid_to is not None and council.valid_to < day,
        "papers": list(council.papers.all()),
        "members": standing,
        "coming": [one for one in seats if one.valid_from > shown],
        "page": past.get_page(request.GET.get("page")),
        "missing": find_missing(council, list(list_members(council, shown)), rule),
        "composition": rule,
    }
    return render(request, "awards/councils/detail.html", context | extra, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("awards.renew_council")
def council_renew(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Let a council stand longer by a decision."""
    council = get_council(request, pk)
    form = RenewalForm(request.POST or None, request.FILES or None, day=today())

    def act() -> None:
        renew_council(
            council,
            form.decision(),
            valid_to=form.cleaned_data["valid_to"],
            actor=request.actor,
            day=today(),
            at=now(),
        )

    return _decide(request, council, form, act, title="Gia hạn nhiệm kỳ", done="Đã gia hạn nhiệm kỳ.")


@require_http_methods(["GET", "POST"])
@unit_view("awards.end_council")
def council_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End a council by a decision; its seats end with it."""
    council = get_council(request, pk)
    form = EndingForm(request.POST or None, request.FILES or None, day=today())

    def act() -> None:
        end_council(
            council,
            form.decision(),
            last_day=form.cleaned_data["last_day"],
            actor=request.actor,
            day=today(),
            at=now(),
        )

    return _decide(
        request,
        council,
        form,
        act,
        title="Kết thúc hoạt động",
        done="Đã ghi ngày kết thúc. Tư cách thành viên của mọi người kết thúc cùng ngày.",
    )


def _decide(
    request: UnitRequest, council: Council, form: DecisionFields, act: Callable[[], None], *, title: str, done: str
) -> HttpResponse:
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect("awards:council-detail", pk=council.pk)
    context = {"council": council, "form": form, "refusal": refusal, "title": title, "button": title}
    return render(request, "awards/councils/decision.html", context, status=422 if refusal or form.errors else 200)


@require_GET
@unit_view("awards.view_council")
def council_paper(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The file of a decision about a council of the own unit."""
    papers = CouncilPaper.objects.filter(council__unit=request.actor.unit).exclude(file="")
    paper = get_object_or_404(papers.select_related("council__unit"), pk=pk)
    record_act("download-council-paper", paper.council, actor=request.actor, number=paper.number)
    return send_file(paper.file, paper.file_name)
