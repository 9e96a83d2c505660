"""Screens of what units file: writing, checking, sending, receiving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.filings import (
    ExemplarRegistrationForm,
    PaperForm,
    SubmissionForm,
    TitleRegistrationForm,
)
from campaigns.forms.targets import IndicatorReportForm
from campaigns.models import (
    Assignment,
    ExemplarRegistration,
    FilingKind,
    Submission,
    SubmissionPaper,
    TitleRegistration,
)
from campaigns.selectors.filings import (
    days_late,
    find_counted_at,
    is_registration,
    list_actions,
    list_collectives,
    list_exemplars,
    list_filing_trail,
    list_submissions,
    list_submissions_for,
    list_titles,
    list_titles_to_register,
    list_versions,
    list_wanted,
    read_wanted,
)
from campaigns.selectors.targets import read_version
from campaigns.services.filings import (
    list_missing_parts,
    save_submission,
    send_submission,
    start_submission,
    withdraw_submission,
)
from campaigns.services.papers import ESTIMATE, add_paper, remove_paper
from campaigns.services.registrations import drop_exemplar, drop_title, register_exemplar, register_title
from units.clock import database_now, now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.selectors.record import list_nominable
from units.services.audit import record_act
from units.views.downloads import send_file

TRAIL_LINES = 50


def _get_own(request: UnitRequest, pk: UUID) -> Submission:
    """A submission of the actor's own unit, whatever the scope reaches."""
    return get_object_or_404(list_submissions(), pk=pk, unit=request.actor.unit)


def get_submission(request: UnitRequest, pk: UUID) -> Submission:
    return get_object_or_404(list_submissions_for(request.actor.unit.path), pk=pk)


def _body(submission: Submission) -> dict[str, Any]:
    """What every page of a submission shows of it."""
    assignment = submission.assignment
    return {
        "submission": submission,
        "assignment": assignment,
        "obligation": assignment.obligation,
        "wanted": list_wanted(submission),
        "titles": list_titles(submission),
        "exemplars": list_exemplars(submission),
        "facts": read_version(submission, database_now()),
        "is_registration": is_registration(submission),
        "late": days_late(assignment.last_day, submission.counted_at),
        "estimate": ESTIMATE,
        "day": today(),
    }


# --- writing -------------------------------------------------------------------------------------


@require_POST
@unit_view("campaigns.start_submission")
def submission_start(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Open the draft of what is owed, or the one that stands."""
    assignment = get_object_or_404(
        Assignment.objects.select_related("unit", "obligation"), pk=pk, unit=request.actor.unit
    )
    try:
        submission = start_submission(assignment, actor=request.actor, at=now())
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(assignment)
    return redirect("campaigns:submission-edit", submission.pk)


def _title_form(request: UnitRequest, submission: Submission, data: Any = None) -> TitleRegistrationForm:
    unit, day = request.actor.unit, today()
    initial: dict[str, Any] = {}
    asked = request.GET.get("title", "")
    for line in list_titles(submission) if asked.isdecimal() else []:
        if line.title_id == int(asked):
            subjects = list(line.subjects.all())
            initial = {
                "title": line.title_id,
                "quantity": line.quantity,
                "people": [one.person_id for one in subjects if one.person_id],
                "collectives": [one.collective_id for one in subjects if one.collective_id],
            }
    return TitleRegistrationForm(
        data,
        titles=list_titles_to_register(day),
        people=list_nominable(unit, day),
        collectives=list_collectives(unit, day),
        initial=initial,
        prefix="title",
    )


def _exemplar_form(request: UnitRequest, data: Any = None) -> ExemplarRegistrationForm:
    return ExemplarRegistrationForm(data, people=list_nominable(request.actor.unit, today()), prefix="exemplar")


def render_submission_editor(
    request: UnitRequest, submission: Submission, *, status: int = 200, **extra: Any
) -> HttpResponse:
    kind = submission.assignment.obligation.filing_kind
    details = {name: getattr(submission, name) for name in ("document_number", "document_date", "message")}
    body = _body(submission)
    next_paper = next((one.name for one in body["wanted"] if one.is_missing), "")
    context = body | {
        "form": SubmissionForm(initial=details, today=today()),
        "paper_form": PaperForm(papers=read_wanted(submission.assignment.obligation), initial={"paper": next_paper}),
        "title_form": _title_form(request, submission) if kind == FilingKind.TITLES else None,
        "exemplar_form": _exemplar_form(request) if kind == FilingKind.EXEMPLARS else None,
        "indicator_form": IndicatorReportForm(facts=body["facts"], prefix="indicator") if body["facts"] else None,
        "earlier": [
            one for one in list_versions(submission.assignment, request.actor.unit.path) if one.pk != submission.pk
        ],
    }
    return render(request, "campaigns/submission_edit.html", context | extra, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.start_submission")
def submission_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write a draft: number and date here, papers and lines by their own buttons."""
    submission = _get_own(request, pk)
    if request.method == "GET":
        return render_submission_editor(request, submission) if submission.is_open else redirect(submission)
    form = SubmissionForm(request.POST, today=today())
    if not form.is_valid():
        return render_submission_editor(request, submission, status=422, form=form)
    try:
        save_submission(submission, **form.cleaned_data, actor=request.actor)
    except RefusedError as refusal:
        return render_submission_editor(request, submission, status=422, form=form, refusal=refusal)
    if "check" in request.POST:
        return redirect("campaigns:submission-check", pk)
    messages.success(request, "Đã lưu.")
    return redirect("campaigns:submission-edit", pk)


def _back(pk: UUID, anchor: str) -> HttpResponse:
    return redirect(f"{Submission(pk=pk).get_absolute_url()}edit/#{anchor}")


@require_POST
@unit_view("campaigns.start_submission")
def paper_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = _get_own(request, pk)
    form = PaperForm(request.POST, request.FILES, papers=read_wanted(submission.assignment.obligation))
    if not form.is_valid():
        return render_submission_editor(request, submission, status=422, paper_form=form)
    try:
        add_paper(
            submission, form.cleaned_data["file"], paper=form.cleaned_data["paper"], actor=request.actor, at=now()
        )
    except RefusedError as refusal:
        return render_submission_editor(request, submission, status=422, paper_form=form, refusal=refusal)
    messages.success(request, "Đã tải tệp lên.")
    return _back(pk, "giay-to")


@require_POST
@unit_view("campaigns.start_submission")
def paper_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    paper = get_object_or_404(SubmissionPaper, pk=pk, unit=request.actor.unit, removed_at__isnull=True)
    try:
        remove_paper(paper, actor=request.actor, at=now())
    except RefusedError as refusal:
        submission = _get_own(request, paper.submission_id)
        return render_submission_editor(request, submission, status=422, refusal=refusal)
    return _back(paper.submission_id, "giay-to")


@require_POST
@unit_view("campaigns.start_submission")
def title_register(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = _get_own(request, pk)
    form = _title_form(request, submission, request.POST)
    if not form.is_valid():
        return render_submission_editor(request, submission, status=422, title_form=form)
    try:
        register_title(submission, **form.cleaned_data, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_submission_editor(request, submission, status=422, title_form=form, refusal=refusal)
    return _back(pk, "danh-hieu")


@require_POST
@unit_view("campaigns.start_submission")
def title_drop(request: UnitRequest, pk: UUID) -> HttpResponse:
    line = get_object_or_404(TitleRegistration, pk=pk, unit=request.actor.unit)
    submission_id = line.submission_id
    try:
        drop_title(line, actor=request.actor)
    except RefusedError as refusal:
        return render_submission_editor(request, _get_own(request, submission_id), status=422, refusal=refusal)
    return _back(submission_id, "danh-hieu")


@require_POST
@unit_view("campaigns.start_submission")
def exemplar_register(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = _get_own(request, pk)
    form = _exemplar_form(request, request.POST)
    if not form.is_valid():
        return render_submission_editor(request, submission, status=422, exemplar_form=form)
    try:
        register_exemplar(submission, **form.cleaned_data, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_submission_editor(request, submission, status=422, exemplar_form=form, refusal=refusal)
    return _back(pk, "dien-hinh")


@require_POST
@unit_view("campaigns.start_submission")
def exemplar_drop(request: UnitRequest, pk: UUID) -> HttpResponse:
    line = get_object_or_404(ExemplarRegistration, pk=pk, unit=request.actor.unit)
    submission_id = line.submission_id
    try:
        drop_exemplar(line, actor=request.actor)
    except RefusedError as refusal:
        return render_submission_editor(request, _get_own(request, submission_id), status=422, refusal=refusal)
    return _back(submission_id, "dien-hinh")


# --- sending -------------------------------------------------------------------------------------


def _render_check(request: UnitRequest, submission: Submission, **extra: Any) -> HttpResponse:
    context = _body(submission) | {
        "missing": list_missing_parts(submission, database_now()),
        "would_be_late": days_late(
            submission.assignment.last_day, find_counted_at(submission.assignment, database_now())
        ),
    }
    status = 422 if "refusal" in extra else 200
    return render(request, "campaigns/submission_check.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.send_submission")
def submission_check(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Everything once more, before it is sent."""
    submission = _get_own(request, pk)
    return _render_check(request, submission) if submission.is_open else redirect(submission)


@require_POST
@unit_view("campaigns.send_submission")
def submission_send(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = _get_own(request, pk)
    try:
        submission = send_submission(submission, actor=request.actor, at=database_now())
    except RefusedError as refusal:
        return _render_check(request, submission, refusal=refusal)
    messages.success(request, f"Đã gửi. Mã tiếp nhận {submission.shown_code}.")
    return redirect(submission)


@require_POST
@unit_view("campaigns.withdraw_submission")
def submission_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    submission = _get_own(request, pk)
    try:
        withdraw_submission(submission, actor=request.actor)
    except RefusedError as refusal:
        return render_submission(request, submission, status=422, refusal=refusal)
    messages.success(request, "Đã rút. Việc này trở lại là chưa gửi.")
    return redirect(submission.assignment)


# --- reading ----------------------------------------------------------------------------------------


def render_submission(request: UnitRequest, submission: Submission, *, status: int = 200, **extra: Any) -> HttpResponse:
    """A submission to read, with what the actor may do with it."""
    context = _body(submission) | {
        "may": {action.name.lower() for action in list_actions(submission, request.actor)},
        "versions": list_versions(submission.assignment, request.actor.unit.path),
        "trail": list(list_filing_trail(submission.pk)[:TRAIL_LINES]) if request.actor.may("units.view_audit") else [],
        "is_own": submission.unit_id == request.actor.unit.pk,
        "may_open_assignment": request.actor.may("campaigns.view_assignment"),
    }
    return render(request, "campaigns/submission_detail.html", context | extra, status=status)


@require_GET
@unit_view("campaigns.view_submission")
def submission_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A submission. Opening one of another unit leaves a line in the trail."""
    submission = get_submission(request, pk)
    if submission.unit_id != request.actor.unit.pk:
        record_act("open-submission", submission, actor=request.actor)
    return render_submission(request, submission)


@require_GET
@unit_view("campaigns.view_submission")
def paper_download(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    visible = list_submissions_for(request.actor.unit.path).values("pk")
    paper = get_object_or_404(
        SubmissionPaper.objects.filter(submission__in=visible, removed_at__isnull=True).select_related(
            "submission__unit"
        ),
        pk=pk,
    )
    record_act("download-paper", paper.submission, actor=request.actor, file=str(paper.pk))
    return send_file(paper.file, paper.file_name)
