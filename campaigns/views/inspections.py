"""Screens of inspections: the head's plan and each unit's inspection, the inspected unit's side."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.inspections import (
    EndCorrectForm,
    EndForm,
    InspectionForm,
    PlanForm,
    ReportForm,
    ResultForm,
    TeamForm,
    initial_term,
)
from campaigns.models import Inspection, InspectionNotice, InspectionPlan, InspectionTeamMember, PlanState
from campaigns.selectors.clusters import list_member_units
from campaigns.selectors.inspections import list_inspections, list_notices, list_plan_events, list_plans
from campaigns.services.inspection_ends import correct_inspection_end, end_inspection
from campaigns.services.inspections import (
    ManyOfficesError,
    add_inspection,
    add_team_member,
    announce_inspection_plan,
    create_inspection_plan,
    open_to_inspection,
    remove_inspection,
    remove_team_member,
    send_inspected_report,
    send_inspection_result,
)
from campaigns.views.clusters import find_year, trail_to
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form, posted

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.plan_inspection")
def inspection_plan_create(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    events = list_plan_events(year, request.actor.unit)
    form = PlanForm(posted(request), initial=initial_term(today()), events=events)
    return answer_form(
        request,
        form,
        lambda: create_inspection_plan(year, **form.values(), actor=request.actor, at=now()),
        heading="Lập kế hoạch kiểm tra",
        submit="Lập",
        back=year.get_absolute_url(),
        done="Đã lập. Mở kế hoạch để thêm đơn vị và thành phần Đoàn.",
        trail=trail_to(year),
    )


def _render_plan(request: UnitRequest, plan: InspectionPlan, status: int = 200, **extra: Any) -> HttpResponse:
    inspections = plan.inspections.select_related("inspected")
    page = Paginator(inspections, PAGE_SIZE).get_page(request.GET.get("page"))
    day = today()
    is_own = plan.unit_id == request.actor.unit.pk
    may_plan = is_own and plan.state == PlanState.DRAFT and request.actor.may("campaigns.plan_inspection")
    context = {
        "plan": plan,
        "page": page,
        "overdue": {one.pk for one in page if one.is_overdue(day)},
        "team": plan.team.all(),
        "may_plan": may_plan,
        "unit_form": InspectionForm(units=list_member_units(plan.year)) if may_plan else None,
        "team_form": TeamForm() if may_plan else None,
        "day": day,
    }
    return render(request, "campaigns/inspections/plan_detail.html", context | extra, status=status)


def _plan(pk: UUID) -> InspectionPlan:
    return get_object_or_404(list_plans(), pk=pk)


@require_GET
@unit_view("campaigns.view_cluster_work")
def inspection_plan_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The plan: units with their days and how far each is, and the team."""
    return _render_plan(request, _plan(pk))


@require_POST
@unit_view("campaigns.plan_inspection")
def inspection_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    plan = _plan(pk)
    form = InspectionForm(request.POST, units=list_member_units(plan.year))
    if not form.is_valid():
        return _render_plan(request, plan, 422, unit_form=form)
    chosen = form.cleaned_data
    try:
        add_inspection(
            plan,
            chosen["inspected"],
            starts_on=chosen["starts_on"],
            ends_on=chosen["ends_on"],
            actor=request.actor,
        )
    except RefusedError as refusal:
        return _render_plan(request, plan, 422, refusal=refusal, unit_form=form)
    messages.success(request, f"Đã thêm {chosen['inspected']}.")
    return redirect(plan)


@require_POST
@unit_view("campaigns.plan_inspection")
def inspection_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    inspection = get_object_or_404(list_inspections(), pk=pk)
    plan = inspection.plan
    return _do(request, plan, lambda: remove_inspection(inspection, actor=request.actor), "Đã bỏ khỏi kế hoạch.")


def _do(request: UnitRequest, plan: InspectionPlan, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        return _render_plan(request, _plan(plan.pk), 422, refusal=refusal)
    messages.success(request, done)
    return redirect(plan)


@require_POST
@unit_view("campaigns.plan_inspection")
def team_member_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Name somebody of the team; an account with several offices is asked by which one."""
    plan = _plan(pk)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _render_plan(request, plan, 422, team_form=form)
    try:
        member = add_team_member(plan, **form.cleaned_data, actor=request.actor, day=today())
    except RefusedError as refusal:
        if isinstance(refusal, ManyOfficesError):
            form.offer(refusal.offices)
        return _render_plan(request, plan, 422, refusal=refusal, team_form=form)
    messages.success(request, f"Đã thêm {member.full_name} vào Đoàn.")
    return redirect(plan)


@require_POST
@unit_view("campaigns.plan_inspection")
def team_member_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    member = get_object_or_404(InspectionTeamMember.objects.select_related("plan", "unit"), pk=pk)
    return _do(request, member.plan, lambda: remove_team_member(member, actor=request.actor), "Đã bỏ khỏi Đoàn.")


@require_POST
@unit_view("campaigns.plan_inspection")
def inspection_plan_announce(request: UnitRequest, pk: UUID) -> HttpResponse:
    plan = _plan(pk)
    return _do(
        request,
        plan,
        lambda: announce_inspection_plan(plan, actor=request.actor),
        "Đã gửi kế hoạch tới các đơn vị được kiểm tra.",
    )


def _render_inspection(request: UnitRequest, inspection: Inspection, status: int = 200, **extra: Any) -> HttpResponse:
    is_own = inspection.unit_id == request.actor.unit.pk
    runs = is_own and inspection.plan.state == PlanState.ANNOUNCED
    may_conclude = runs and request.actor.may("campaigns.conclude_inspection")
    context = {
        "inspection": inspection,
        "plan": inspection.plan,
        "is_overdue": inspection.is_overdue(today()),
        "may_correct": is_own and inspection.ended_on and request.actor.may("campaigns.conclude_inspection"),
        "may_end": may_conclude and not inspection.ended_on,
        "may_send": may_conclude and inspection.ended_on and not inspection.sent_at,
        "end_form": EndForm(),
        "result_form": ResultForm(),
        "day": today(),
    }
    return render(request, "campaigns/inspections/inspection_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_cluster_work")
def inspection_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _render_inspection(request, get_object_or_404(list_inspections(), pk=pk))


@require_POST
@unit_view("campaigns.conclude_inspection")
def inspection_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The inspection ended: the team's rights end, the result is due."""
    inspection = get_object_or_404(list_inspections(), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _render_inspection(request, inspection, 422, end_form=form)
    try:
        end_inspection(inspection, **form.cleaned_data, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return _render_inspection(request, inspection, 422, refusal=refusal, end_form=form)
    messages.success(request, "Đã ghi kết thúc; quyền xem của Đoàn tại đơn vị đã chấm dứt.")
    return redirect(inspection)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.conclude_inspection")
def inspection_end_correct(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Replace a wrongly recorded end, with a reason; the campaign's event goes along."""
    inspection = get_object_or_404(list_inspections(), pk=pk)
    if request.method == "GET" and not inspection.ended_on:
        return redirect(inspection)
    form = EndCorrectForm(posted(request))
    told = f"Đang ghi ngày {inspection.ended_on:%d/%m/%Y}. " if inspection.ended_on else ""
    return answer_form(
        request,
        form,
        lambda: correct_inspection_end(inspection, **form.cleaned_data, actor=request.actor, day=today(), at=now()),
        heading="Đính chính ngày kết thúc kiểm tra",
        submit="Lưu đính chính",
        back=inspection.get_absolute_url(),
        done="Đã đính chính ở cả hai đơn vị và tính lại hạn.",
        trail=(f"Kiểm tra {inspection.inspected}", inspection.get_absolute_url()),
        warning=f"{told}Hạn gửi kết quả, và hạn của các việc chờ kết thúc kiểm tra, được tính lại.",
    )


@require_POST
@unit_view("campaigns.conclude_inspection")
def inspection_result_send(request: UnitRequest, pk: UUID) -> HttpResponse:
    inspection = get_object_or_404(list_inspections(), pk=pk)
    form = ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_inspection(request, inspection, 422, result_form=form)
    try:
        send_inspection_result(inspection, **form.cleaned_data, actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render_inspection(request, inspection, 422, refusal=refusal, result_form=form)
    messages.success(request, "Đã gửi biên bản và kết quả tới đơn vị được kiểm tra.")
    return redirect(inspection)


# The inspected unit's side


def _notice(pk: UUID) -> InspectionNotice:
    return get_object_or_404(list_notices(), pk=pk)


def _render_notice(request: UnitRequest, notice: InspectionNotice, status: int = 200, **extra: Any) -> HttpResponse:
    is_own = notice.unit_id == request.actor.unit.pk and not notice.ended_on
    context = {
        "notice": notice,
        "may_open": is_own and not notice.opened_at and request.actor.may("campaigns.open_to_inspection"),
        "may_report": is_own and request.actor.may("campaigns.send_inspected_report"),
        "report_form": ReportForm(),
    }
    return render(request, "campaigns/inspections/notice_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_cluster_work")
def inspection_notice_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Who comes when, what the unit opened and sent, and the result."""
    return _render_notice(request, _notice(pk))


@require_POST
@unit_view("campaigns.open_to_inspection")
def inspection_notice_open(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Let the team look into the unit for the time of the inspection."""
    notice = _notice(pk)
    try:
        skipped = open_to_inspection(notice, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return _render_notice(request, notice, 422, refusal=refusal)
    messages.success(request, "Đã mở quyền xem cho Đoàn kiểm tra; quyền hết khi việc kiểm tra kết thúc.")
    for words in skipped:
        messages.error(request, words)
    return redirect(notice)


@require_POST
@unit_view("campaigns.send_inspected_report")
def inspected_report_send(request: UnitRequest, pk: UUID) -> HttpResponse:
    notice = _notice(pk)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_notice(request, notice, 422, report_form=form)
    try:
        send_inspected_report(notice, form.cleaned_data["file"], actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render_notice(request, notice, 422, refusal=refusal)
    messages.success(request, "Đã gửi báo cáo tới đơn vị chủ trì.")
    return redirect(notice)
