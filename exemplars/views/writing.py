"""Screens of the clerk who writes a nomination."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.models import ObligationKind
from campaigns.selectors.work import list_open_campaigns
from exemplars.forms import EvidenceForm, NominationAddForm, NominationForm
from exemplars.models import Evidence, Nomination
from exemplars.selectors.nominations import list_evidence, list_nominations, list_open_remarks, list_recognitions
from exemplars.services.assessments import assess_nomination
from exemplars.services.evidence import attach_evidence, remove_evidence
from exemplars.services.nominations import (
    TEXT_FIELDS,
    ConflictError,
    create_nomination,
    list_missing,
    save_nomination,
    submit_nomination,
    withdraw_nomination,
)
from exemplars.workflow import STEPS
from units.clock import database_now, now, today
from units.frame import UnitRequest, unit_view
from units.models import AwardTitle
from units.refusals import RefusedError
from units.selectors.record import list_nominable


def _get_own(request: UnitRequest, pk: UUID) -> Nomination:
    """A nomination of the actor's own unit, whatever the scope reaches."""
    return get_object_or_404(list_nominations(), pk=pk, unit=request.actor.unit)


def _add_form(request: UnitRequest, data: Any = None) -> NominationAddForm:
    unit, day = request.actor.unit, today()
    campaigns = list_open_campaigns(unit, day)
    codes: set[str] = set()
    for campaign in campaigns.prefetch_related("obligations"):
        judged = list_recognitions(campaign.issuer)
        for obligation in campaign.obligations.all():
            if obligation.kind == ObligationKind.NOMINATION:
                codes.update(judged.intersection(obligation.awards))
    return NominationAddForm(
        data,
        unit=unit,
        people=list(list_nominable(unit, today())),
        campaigns=campaigns,
        recognitions=AwardTitle.objects.filter(code__in=codes).order_by("pk"),
        initial={"year": day.year, "campaign": request.GET.get("campaign"), "recognition": "grassroots-annual"},
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.add_nomination")
def nomination_add(request: UnitRequest) -> HttpResponse:
    """Open a draft: campaign, recognition, year, nominee."""
    form, refusal = _add_form(request, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            nomination = create_nomination(**form.cleaned_data, actor=request.actor, day=today(), at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã tạo bản nháp. Viết từng mục bên dưới; có thể nghỉ giữa chừng rồi quay lại.")
            return redirect("exemplars:nomination-edit", pk=nomination.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "exemplars/nomination_add.html", {"form": form, "refusal": refusal}, status=status)


def _initial(nomination: Nomination) -> dict[str, Any]:
    return {name: getattr(nomination, name) for name in (*TEXT_FIELDS, "version")}


def render_editor(request: UnitRequest, nomination: Nomination, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The editor with everything around it: remarks at their fields, evidence, criteria."""
    remarks = list_open_remarks(nomination) if nomination.state == "returned" else []
    context: dict[str, Any] = {
        "nomination": nomination,
        "form": NominationForm(initial=_initial(nomination)),
        "evidence_form": EvidenceForm(today=today()),
        "evidence": list(list_evidence(nomination)),
        "remarks": remarks,
        "remarks_by_field": {remark.field: remark for remark in remarks},
        "judged": assess_nomination(nomination, day=today()),
        "steps": STEPS,
    }
    return render(request, "exemplars/nomination_edit.html", context | extra, status=status)


def _render_saved(request: UnitRequest, nomination: Nomination) -> HttpResponse:
    context = {"nomination": nomination, "judged": assess_nomination(nomination, day=today()), "swap": True}
    return render(request, "exemplars/nomination_saved.html", context)


def _render_conflict(request: UnitRequest, form: NominationForm, current: Nomination) -> HttpResponse:
    """Show what stands beside what was typed; the next save of this page overwrites knowingly."""
    differing = [
        {"label": form.fields[name].label, "theirs": getattr(current, name), "mine": form.cleaned_data[name]}
        for name in TEXT_FIELDS
        if getattr(current, name) != form.cleaned_data[name]
    ]
    kept = NominationForm(initial=form.cleaned_data | {"version": current.version})
    if request.htmx:
        # The page keeps the version it was opened with, so that its next save meets both texts side by side.
        context = {"nomination": current, "conflict": differing, "kept_version": form.cleaned_data["version"]}
        return render(request, "exemplars/nomination_saved.html", context, status=422)
    return render_editor(request, current, status=422, form=kept, conflict=differing)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_nomination")
def nomination_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write a draft. Saved by its button, and by itself a moment after each change where JavaScript runs."""
    nomination = _get_own(request, pk)
    if request.method == "GET":
        return (
            render_editor(request, nomination)
            if nomination.stands_open
            else redirect("exemplars:nomination-detail", pk)
        )
    form = NominationForm(request.POST)
    if not form.is_valid():
        return render_editor(request, nomination, status=422, form=form)
    texts = {name: form.cleaned_data[name] for name in TEXT_FIELDS}
    try:
        nomination = save_nomination(
            nomination, texts, version=form.cleaned_data["version"], actor=request.actor, at=now()
        )
    except ConflictError as conflict:
        return _render_conflict(request, form, conflict.current)
    except RefusedError as refusal:
        return render_editor(request, nomination, status=422, form=form, refusal=refusal)
    if request.htmx:
        return _render_saved(request, nomination)
    address = "exemplars:nomination-check" if "check" in request.POST else "exemplars:nomination-edit"
    messages.success(request, "Đã lưu bản nháp.")
    return redirect(address, nomination.pk)


@require_POST
@unit_view("exemplars.change_nomination")
def evidence_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = _get_own(request, pk)
    form = EvidenceForm(request.POST, request.FILES, today=today())
    if not form.is_valid():
        return render_editor(request, nomination, status=422, evidence_form=form)
    try:
        attach_evidence(nomination, **form.cleaned_data, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_editor(request, nomination, status=422, evidence_form=form, refusal=refusal)
    return redirect(f"{nomination.get_absolute_url()}edit/#minh-chung")


@require_POST
@unit_view("exemplars.change_nomination")
def evidence_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    evidence = get_object_or_404(
        Evidence.objects.select_related("nomination"), pk=pk, unit=request.actor.unit, removed_at__isnull=True
    )
    try:
        remove_evidence(evidence, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_editor(request, _get_own(request, evidence.nomination_id), status=422, refusal=refusal)
    return redirect(f"{evidence.nomination.get_absolute_url()}edit/#minh-chung")


def _render_check(request: UnitRequest, nomination: Nomination, **extra: Any) -> HttpResponse:
    context = {
        "nomination": nomination,
        "evidence": list(list_evidence(nomination)),
        "missing": list_missing(nomination),
        "judged": assess_nomination(nomination, day=today()),
        "steps": STEPS,
    }
    status = 422 if "refusal" in extra else 200
    return render(request, "exemplars/nomination_check.html", context | extra, status=status)


@require_GET
@unit_view("exemplars.submit_nomination")
def nomination_check(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Everything once more, before it goes to the head."""
    return _render_check(request, _get_own(request, pk))


@require_POST
@unit_view("exemplars.submit_nomination")
def nomination_submit(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = _get_own(request, pk)
    try:
        submit_nomination(nomination, actor=request.actor, day=today(), at=database_now())
    except RefusedError as refusal:
        return _render_check(request, nomination, refusal=refusal)
    messages.success(request, "Đã trình thủ trưởng.")
    return redirect(nomination)


@require_POST
@unit_view("exemplars.withdraw_nomination")
def nomination_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = _get_own(request, pk)
    try:
        withdraw_nomination(nomination, actor=request.actor)
    except RefusedError as refusal:
        return _render_check(request, nomination, refusal=refusal)
    messages.success(request, "Đã rút đề nghị.")
    return redirect("exemplars:nomination-list")
