"""Screens of opinions on drafts and of pledges, on both sides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.opinions import AnswerForm, PledgeForm, RoundForm, SignForm
from campaigns.models import ClusterPledge, ClusterRole, OpinionRequest, Verdict
from campaigns.selectors.clusters import find_acting_head, list_members
from campaigns.selectors.opinions import list_answers, list_pledges, list_requests, list_rounds
from campaigns.selectors.pledges import list_pledge_obligations, list_year_pledges, read_pledge_board
from campaigns.services.opinions import answer_opinion, ask_opinion, open_pledge, sign_pledge
from campaigns.views.clusters import find_year, trail_to
from units.clock import database_now, now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, CellKind, Column
from units.views.acts import answer_form, posted
from units.views.workbooks import send_list

PAGE_SIZE = 50
# A year has one pledge, seldom a second.
MOST_PLEDGES = 10
ANSWER_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Ý kiến", width=20),
    Column("Nội dung", width=80),
    Column("Người trả lời"),
    Column("Trả lời lúc", CellKind.MOMENT),
)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.ask_opinion")
def opinion_ask(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    form = RoundForm(posted(request), request.FILES or None)

    def act() -> None:
        said = form.cleaned_data
        ask_opinion(
            year,
            said["file"],
            title=said["title"],
            about=said["about"],
            last_day=said["last_day"],
            actor=request.actor,
            day=today(),
            at=now(),
        )

    return answer_form(
        request,
        form,
        act,
        heading="Gửi dự thảo để lấy ý kiến",
        submit="Gửi tới các thành viên",
        back=year.get_absolute_url(),
        done="Đã gửi dự thảo tới các thành viên.",
        template="campaigns/clusters/upload.html",
        trail=trail_to(year),
    )


@require_GET
@unit_view("campaigns.view_cluster_work")
def opinion_round_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Who answered what, and who has not."""
    asked = get_object_or_404(list_rounds(), pk=pk)
    page = Paginator(list_answers(asked), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "campaigns/opinions/round_detail.html", {"round": asked, "page": page, "day": today()})


@require_GET
@unit_view("campaigns.view_cluster_work")
def opinion_round_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    asked = get_object_or_404(list_rounds(), pk=pk)
    rows = (
        (
            one.member.name,
            one.get_verdict_display() if one.answered_at else "Chưa trả lời",
            one.words,
            one.answered_by,
            one.answered_at,
        )
        for one in list_answers(asked).iterator(CHUNK)
    )
    return send_list(request, f"Tổng hợp ý kiến: {asked.title}", ANSWER_COLUMNS, rows)


def _render_request(request: UnitRequest, asked: OpinionRequest, status: int = 200, **extra: Any) -> HttpResponse:
    is_own = asked.unit_id == request.actor.unit.pk
    context = {
        "asked": asked,
        "form": AnswerForm(initial={"verdict": asked.verdict, "words": asked.words}),
        "may_answer": is_own and asked.last_day >= today() and request.actor.may("campaigns.answer_opinion"),
        "is_over": asked.last_day < today(),
        "day": today(),
    }
    return render(request, "campaigns/opinions/request_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_cluster_work")
def opinion_request_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _render_request(request, get_object_or_404(list_requests(), pk=pk))


@require_POST
@unit_view("campaigns.answer_opinion")
def opinion_answer(request: UnitRequest, pk: UUID) -> HttpResponse:
    asked = get_object_or_404(list_requests(), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _render_request(request, asked, 422, form=form)
    try:
        answer_opinion(
            asked,
            verdict=Verdict(form.cleaned_data["verdict"]),
            words=form.cleaned_data["words"],
            actor=request.actor,
            at=database_now(),
        )
    except RefusedError as refusal:
        return _render_request(request, asked, 422, refusal=refusal, form=form)
    messages.success(request, f"Đã gửi ý kiến tới {asked.head}.")
    return redirect(asked)


# Pledges


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.open_pledge")
def pledge_open(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    form = PledgeForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: open_pledge(year, **form.cleaned_data, actor=request.actor, at=now()),
        heading="Gửi giao ước thi đua để ký",
        submit="Gửi tới các thành viên",
        back=year.get_absolute_url(),
        done="Đã gửi giao ước tới các thành viên để ký.",
        trail=trail_to(year),
    )


@require_GET
@unit_view("campaigns.view_cluster_work")
def pledge_board(request: UnitRequest, pk: int) -> HttpResponse:
    """Who of the cluster has signed and who has filed the pledge, for its members and who leads it."""
    year, unit = find_year(pk), request.actor.unit
    head = find_acting_head(year)
    pledges = list(list_year_pledges(year, unit)[:MOST_PLEDGES])
    pledge = next((one for one in pledges if str(one.pk) == request.GET.get("pledge")), pledges[0] if pledges else None)
    places = {one.member_id: one.role for one in year.members.all()}
    leads = head is not None and head.pk == unit.pk
    rows = read_pledge_board(year, unit, pledge) if leads or unit.pk in places else []
    context = {
        "year": year,
        "pledges": pledges,
        "pledge": pledge,
        "duties": list_pledge_obligations(year),
        "rows": rows,
        "signed": sum(row.signature is not None for row in rows),
        "filed": sum(row.is_filed for row in rows),
        "sees_filed": leads or places.get(unit.pk) in (ClusterRole.HEAD, ClusterRole.DEPUTY),
    }
    return render(request, "campaigns/opinions/pledge_board.html", context)


def _pledge_context(pledge: ClusterPledge) -> dict[str, Any]:
    """Every member of the year with its signature or none: one row each."""
    signatures = {one.member_id: one for one in pledge.signatures.select_related("member")}
    members = [(one.member, signatures.pop(one.member_id, None)) for one in list_members(pledge.year)]
    # Who signed and does not belong any more stays on the paper.
    members += [(one.member, one) for one in signatures.values()]
    return {"pledge": pledge, "members": members}


def _render_pledge(request: UnitRequest, pledge: ClusterPledge, status: int = 200, **extra: Any) -> HttpResponse:
    context = _pledge_context(pledge)
    signed = {unit.pk for unit, signature in context["members"] if signature}
    is_own = pledge.unit_id == request.actor.unit.pk
    context |= {
        "may_sign": is_own and pledge.unit_id not in signed and request.actor.may("campaigns.sign_pledge"),
        "signed": len(signed),
        "form": SignForm(),
    }
    return render(request, "campaigns/opinions/pledge_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_cluster_work")
def pledge_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The text and who signed; printed, it is the pledge with its list."""
    return _render_pledge(request, get_object_or_404(list_pledges(), pk=pk))


@require_POST
@unit_view("campaigns.sign_pledge")
def pledge_sign(request: UnitRequest, pk: UUID) -> HttpResponse:
    pledge = get_object_or_404(list_pledges(), pk=pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _render_pledge(request, pledge, 422, form=form)
    try:
        sign_pledge(pledge, position=form.cleaned_data["position"], actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render_pledge(request, pledge, 422, refusal=refusal, form=form)
    messages.success(request, "Đã ký giao ước.")
    return redirect(pledge)
