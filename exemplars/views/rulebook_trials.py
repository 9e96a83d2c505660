"""Screens of trying a draft on judged nominations, and of publishing it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from exemplars.models import RulebookTrial
from exemplars.selectors.nominations import list_nominations_for
from exemplars.selectors.rulebooks import find_trial
from exemplars.services.rulebook_trials import MOST_TRIED, publish_rulebook_draft, try_rulebook_draft
from exemplars.views.rulebook_drafts import get_draft, render_draft
from exemplars.views.sheets import seen_version
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.templatetags.words import VERDICTS
from units.views.workbooks import in_batches, send_list

PAGE_SIZE = 25
COLUMNS = (
    Column("Cá nhân, tập thể", width=32),
    Column("Đơn vị", width=40),
    Column("Đề nghị công nhận", width=44),
    Column("Năm", CellKind.NUMBER),
    Column("Đã đối chiếu"),
    Column("Theo bản nháp"),
    Column("Tiêu chuẩn khác đi", width=60),
)


@require_POST
@unit_view("exemplars.try_rulebook_draft")
def rulebook_draft_try(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    typed = request.POST.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None  # noqa: PLR2004  a year
    try:
        trial = try_rulebook_draft(draft, year, version=seen_version(request), actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    return redirect("exemplars:rulebook-trial-detail", trial.pk)


def _get_trial(request: UnitRequest, pk: UUID) -> RulebookTrial:
    trials = RulebookTrial.objects.select_related("draft__unit", "draft__edition")
    return get_object_or_404(trials, pk=pk, unit=request.actor.unit)


def _name(request: UnitRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their nominations, as far as they are in sight now."""
    wanted = [row["nomination"] for row in rows]
    seen = {str(one.pk): one for one in list_nominations_for(request.actor.unit.path).filter(pk__in=wanted)}
    return [row | {"one": seen.get(row["nomination"])} for row in rows]


@require_GET
@unit_view("exemplars.view_rulebook_draft")
def rulebook_trial_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Each nomination that would come out otherwise, the changed verdicts first."""
    trial = _get_trial(request, pk)
    page = Paginator(trial.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    latest = find_trial(trial.draft) if trial.draft.stands_open else None
    context = {
        "trial": trial,
        "draft": trial.draft,
        "page": page,
        "rows": _name(request, list(page.object_list)),
        "is_cut": trial.counts.get("tried", 0) >= MOST_TRIED,
        "is_current": latest is not None and latest.content_hash == trial.content_hash,
    }
    return render(request, "exemplars/rulebooks/trial.html", context)


@require_GET
@unit_view("exemplars.view_rulebook_draft")
def rulebook_trial_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    trial = _get_trial(request, pk)
    name = f"Thử bản nháp {trial.draft}"
    stated = f"Đề nghị năm {trial.year}" if trial.year else "Không có đề nghị để thử"
    return send_list(request, name, COLUMNS, _cells(request, trial), filters=stated)


def _cells(request: UnitRequest, trial: RulebookTrial) -> Iterator[tuple[Cell, ...]]:
    for batch in in_batches(iter(trial.rows)):
        for row in _name(request, batch[:CHUNK]):
            one = row["one"]
            if one is None:
                continue
            changes = "; ".join(
                f"{change['code']}: {_status(change['was'])} → {_status(change['now'])}" for change in row["changes"]
            )
            now_words = VERDICTS.get(row["now"], "Không đối chiếu được")
            yield (
                one.nominee_name,
                one.unit.name,
                one.recognition.name,
                one.year,
                VERDICTS.get(row["was"], row["was"]),
                now_words,
                changes or row["why"],
            )


def _status(status: str) -> str:
    return VERDICTS.get(status, "không xét")


@require_POST
@unit_view("exemplars.publish_rulebook_draft")
def rulebook_draft_publish(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    try:
        edition = publish_rulebook_draft(draft, version=seen_version(request), actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    messages.success(
        request, f"Đã ban hành, hiệu lực từ ngày {edition.valid_from:%d/%m/%Y}. Bản này không sửa được nữa."
    )
    return redirect("exemplars:rulebook-detail", edition.pk)
