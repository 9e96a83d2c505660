"""What units reported of their indicators: writing it, one unit's years, and the overview of those above."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from campaigns.forms.targets import IndicatorReportForm, OverviewForm
from campaigns.models import Campaign, Measure, Obligation
from campaigns.selectors.board import list_branches
from campaigns.selectors.filings import list_submissions
from campaigns.selectors.target_facts import TargetFact, TargetStanding
from campaigns.selectors.target_history import read_history
from campaigns.selectors.target_overview import Overview, OverviewPage, list_reports_of, read_rows
from campaigns.selectors.targets import read_version
from campaigns.selectors.work import list_campaigns
from campaigns.services.indicator_reports import report_indicators
from campaigns.views.filings import render_submission_editor
from units.actors import Actor
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.paging import BoundedPaginator
from units.refusals import RefusedError
from units.spreadsheets import Cell, CellKind, Column
from units.views.workbooks import in_batches, send_list, state_filters

PAGE_SIZE = 50
HISTORY_PAGE = 10
SOON = timedelta(days=45)  # a report that is due so soon is the one that people ask about
OVERVIEW_COLUMNS = (
    Column("Đơn vị", width=44),
    Column("Chỉ tiêu", width=60),
    Column("Mã", width=18),
    Column("Báo cáo", width=44),
    Column("Kỳ", width=20),
    Column("Đơn vị tính", width=14),
    Column("Số liệu", width=16),
    Column("Mức giao", width=24),
    Column("Năm trước", width=16),
    Column("Kết quả", width=16),
    Column("Ngày gửi", CellKind.DAY),
    Column("Thuyết minh", width=60),
)
HISTORY_COLUMNS = tuple(one for one in OVERVIEW_COLUMNS if one.title not in ("Đơn vị", "Báo cáo"))


@require_POST
@unit_view("campaigns.start_submission")
def indicator_report(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Keep what a draft says of its indicators; what is missing is asked for before it is sent."""
    submission, at = get_object_or_404(list_submissions(), pk=pk, unit=request.actor.unit), database_now()
    form = IndicatorReportForm(request.POST, facts=read_version(submission, at), prefix="indicator")
    if not form.is_valid():
        return render_submission_editor(request, submission, status=422, indicator_form=form)
    try:
        report_indicators(submission, form.values(), actor=request.actor, at=at)
    except RefusedError as refusal:
        return render_submission_editor(request, submission, status=422, indicator_form=form, refusal=refusal)
    messages.success(request, "Đã lưu số liệu chỉ tiêu.")
    return redirect(f"{submission.get_absolute_url()}edit/#chi-tieu")


# --- one unit through the years -----------------------------------------------------------------


@require_GET
@unit_view("campaigns.view_target_history")
def target_history(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The indicators of a unit over the years, as drawings and tables; of one's own unit and of those below."""
    unit = get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)
    pages = Paginator(read_history(unit, today()), HISTORY_PAGE)
    context = {
        "unit": unit,
        "page": pages.get_page(request.GET.get("page")),
        "is_own": unit.pk == request.actor.unit.pk,
        "may_open": request.actor.may("campaigns.view_submission"),
    }
    return render(request, "campaigns/targets/target_history.html", context)


@require_GET
@unit_view("campaigns.view_target_history")
def target_history_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    unit = get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)
    rows = (_cells(fact) for history in read_history(unit, today()) for fact in history.facts)
    return send_list(request, f"Chỉ tiêu qua các năm của {unit.name}", HISTORY_COLUMNS, rows, is_personal=False)


def _cells(fact: TargetFact) -> tuple[Cell, ...]:
    """What both workbooks say of a fact. Numbers are numbers, yes or no is a word."""
    indicator = fact.indicator
    is_word = indicator.measure == Measure.YES_NO
    return (
        indicator.title,
        indicator.code,
        fact.period,
        indicator.unit_words,
        fact.shown_value if is_word else fact.value,
        fact.shown_target,
        fact.shown_before if is_word else fact.before,
        TargetStanding(fact.standing).label,
        fact.reported_on,
        fact.note,
    )


# --- the overview -------------------------------------------------------------------------------


def _read(actor: Actor, campaign: Campaign, asked: QueryDict) -> tuple[OverviewForm, Overview]:
    """The form of the filters, and what they keep.

    Who names no report sees the newest that is due by now or soon; an empty choice is all of them.
    """
    reports = list_reports_of(campaign)
    if "obligation" not in asked and (current := _find_current(reports, today())):
        asked = asked.copy()
        asked["obligation"] = str(current.pk)
    form = OverviewForm(
        asked,
        obligations=reports,
        indicators=campaign.indicators.all(),
        branches=list_branches(actor.unit),
    )
    return form, Overview(campaign, today(), form.chosen())


def _find_current(reports: QuerySet[Obligation], day: date) -> Obligation | None:
    due = reports.filter(last_day__lte=day + SOON).order_by("last_day", "pk")
    return due.last() or reports.first()


@require_GET
@unit_view("campaigns.view_target_overview")
def target_overview(request: UnitRequest, code: str) -> HttpResponse:
    """Units × indicators of one plan in one's own branch: met, unmet, not reported."""
    campaign = get_object_or_404(list_campaigns(), code=code)
    form, found = _read(request.actor, campaign, request.GET)
    chosen = form.chosen()
    counts = found.count(list(campaign.indicators.all()))
    numbers = {one: sum(count.numbers[one.value] for count in counts) for one in TargetStanding}
    total = sum(numbers.values())
    known = numbers[TargetStanding(chosen.standing)] if chosen.standing else total
    pages = BoundedPaginator(OverviewPage(found, today(), known=known), PAGE_SIZE)
    others = request.GET.copy()
    for name in ("standing", "page"):
        others.pop(name, None)
    context = {
        "campaign": campaign,
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "counts": counts,
        "standings": [(one.value, one.label, number) for one, number in numbers.items() if number],
        "standing": chosen.standing,
        "total": total,
        "missing": numbers[TargetStanding.MISSING],
        "others": others.urlencode(),
        "is_narrowed": "obligation" in request.GET or any((chosen.indicator, chosen.branch, chosen.standing)),
        "may_open": request.actor.may("campaigns.view_submission"),
        "may_follow": request.actor.may("campaigns.view_target_history"),
    }
    return render(request, "campaigns/targets/target_overview.html", context)


@require_GET
@unit_view("campaigns.view_target_overview")
def target_overview_workbook(request: UnitRequest, code: str) -> HttpResponseBase:
    campaign = get_object_or_404(list_campaigns(), code=code)
    form, found = _read(request.actor, campaign, request.GET)

    def rows() -> Iterator[tuple[Cell, ...]]:
        keys = ((pk, indicator) for pk, indicator, _ in found.list_keys())
        for batch in in_batches(keys):
            for row in read_rows(batch, today()):
                title, code, *rest = _cells(row.fact)
                yield (row.assignment.unit.name, title, code, row.assignment.obligation.title, *rest)

    filters = state_filters(form) if form.is_valid() else ""
    name = f"Thực hiện chỉ tiêu: {campaign.title}"
    return send_list(request, name, OVERVIEW_COLUMNS, rows(), filters=filters, is_personal=False)
