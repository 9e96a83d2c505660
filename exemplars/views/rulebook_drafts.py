"""Screens of a draft: its page with what the checks say, its head, its recognitions and its criteria."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exemplars import rules
from exemplars.forms.rulebooks import CriterionAddForm, PartAddForm, RecognitionForm, RulebookHeadForm
from exemplars.models import RulebookDraft
from exemplars.selectors.rulebooks import find_surroundings, find_trial, list_rulebook_drafts, list_tried_years
from exemplars.services.rulebook_drafts import (
    add_criterion,
    add_criterion_part,
    add_quota,
    add_recognition,
    discard_rulebook_draft,
    edit_criterion,
    edit_criterion_part,
    edit_quota,
    edit_recognition,
    edit_rulebook_draft,
    move_criterion,
    remove_criterion,
    remove_criterion_part,
    remove_quota,
    remove_recognition,
)
from exemplars.views.rulebooks import send_document
from exemplars.views.sheets import (
    Sheet,
    address_of_part,
    answer_criterion,
    answer_criterion_part,
    answer_part,
    answer_quota,
    make_criterion_form,
    make_part_form,
    make_quota_form,
    open_part,
    read_place,
    seen_version,
    write_place,
)
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import posted


def get_draft(request: UnitRequest, pk: UUID) -> RulebookDraft:
    """An open draft of the actor's own unit."""
    return get_object_or_404(list_rulebook_drafts(request.actor.unit).select_related("unit"), pk=pk)


def open_sheet(draft: RulebookDraft) -> Sheet:
    known = find_surroundings(draft.unit)
    return Sheet(draft, known, rules.list_problems(draft.content, known))


def render_draft(request: UnitRequest, draft: RulebookDraft, *, refusal: RefusedError | None = None) -> HttpResponse:
    sheet = open_sheet(draft)
    codes = [one.get("code", "") for one in draft.content["recognition"]]
    context = sheet.describe() | {
        "draft": draft,
        "years": list_tried_years(draft.unit, codes) if not sheet.problems else [],
        "trial": find_trial(draft) if not sheet.problems else None,
        "add_form": CriterionAddForm(initial={"version": draft.version}),
        "refusal": refusal,
    }
    return render(request, "exemplars/rulebooks/draft.html", context, status=422 if refusal else 200)


@require_GET
@unit_view("exemplars.view_rulebook_draft")
def rulebook_draft_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return render_draft(request, get_draft(request, pk))


@require_GET
@unit_view("exemplars.view_rulebook_draft")
def rulebook_draft_export(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    return send_document(rules.write_document(draft.content), f"{draft.code}-ban-nhap")


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def rulebook_draft_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    initial = RulebookHeadForm.initial_of(draft.content) | {"version": draft.version}
    form = RulebookHeadForm(posted(request), initial=initial)
    return answer_part(
        request,
        open_sheet(draft),
        form,
        lambda: edit_rulebook_draft(draft, form.head(), form.plan(), **_by(request)),
        heading="Phần đầu của bản quy định",
    )


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def rulebook_draft_discard(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    try:
        discard_rulebook_draft(draft, version=seen_version(request), actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    messages.success(request, f"Đã bỏ bản nháp «{draft}».")
    return redirect("exemplars:rulebook-list")


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def recognition_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet = open_sheet(draft)
    form = RecognitionForm(posted(request), titles=sheet.titles, initial={"version": draft.version})
    return answer_part(
        request,
        sheet,
        form,
        lambda: add_recognition(draft, form.values(), **_by(request)),
        heading="Thêm hình thức công nhận",
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def recognition_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet = open_sheet(draft)
    initial = RecognitionForm.initial_of(sheet.find("recognition", number)) | {"version": draft.version}
    form = RecognitionForm(posted(request), titles=sheet.titles, initial=initial)
    return answer_part(
        request,
        sheet,
        form,
        lambda: edit_recognition(draft, number, form.values(), **_by(request)),
        heading="Sửa hình thức công nhận",
        problems=sheet.problems_of("recognition", number),
    )


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def recognition_remove(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    draft = get_draft(request, pk)
    return _act(request, draft, remove_recognition, number)


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def criterion_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A criterion of the chosen predicate, opened at once to be filled in."""
    draft = get_draft(request, pk)
    form = CriterionAddForm(request.POST)
    if not form.is_valid():
        return render_draft(request, draft, refusal=RefusedError("Chưa chọn phép kiểm.", remedy="Chọn một phép kiểm."))
    try:
        number = add_criterion(
            draft, form.cleaned_data["kind"], version=seen_version(request), actor=request.actor, at=now()
        )
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    return redirect("exemplars:criterion-edit", pk, number)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def criterion_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    """One criterion. Whatever is typed is kept; what does not fit yet is said on the page."""
    draft = get_draft(request, pk)
    sheet = open_sheet(draft)
    form = make_criterion_form(request, sheet, number)
    return answer_criterion(
        request,
        sheet,
        number,
        form,
        lambda: edit_criterion(draft, number, form.values(), form.numbers(), **_by(request)),
    )


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def criterion_part_add(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    """A condition in a predicate made of several, opened at once to be filled in."""
    draft = get_draft(request, pk)
    inside = request.GET.get("in", "")
    place = read_place(inside) if inside else ()
    open_part(open_sheet(draft), number, place)
    form = PartAddForm(request.POST, may_have_parts=True)
    if not form.is_valid():
        return render_draft(request, draft, refusal=RefusedError("Chưa chọn phép kiểm.", remedy="Chọn một phép kiểm."))
    try:
        step = add_criterion_part(draft, number, place, form.cleaned_data["kind"], **_by(request))
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    return redirect("exemplars:criterion-part-edit", pk, number, write_place((*place, step)))


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def criterion_part_edit(request: UnitRequest, pk: UUID, number: int, place: str) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet, where = open_sheet(draft), read_place(place)
    form = make_part_form(request, sheet, number, where)
    return answer_criterion_part(
        request,
        sheet,
        number,
        where,
        form,
        lambda: edit_criterion_part(draft, number, where, form.predicate_values(), **_by(request)),
    )


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def criterion_part_remove(request: UnitRequest, pk: UUID, number: int, place: str) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet, where = open_sheet(draft), read_place(place)
    open_part(sheet, number, where)
    try:
        remove_criterion_part(draft, number, where, **_by(request))
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, pk), refusal=refusal)
    messages.success(request, "Đã bỏ điều kiện.")
    return redirect(address_of_part(sheet, number, where[:-1]))


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def criterion_remove(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    return _act(request, get_draft(request, pk), remove_criterion, number)


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def criterion_move(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    typed = request.POST.get("to", "")
    to = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0  # noqa: PLR2004  bounded
    return _act(request, get_draft(request, pk), move_criterion, number, to)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def quota_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet = open_sheet(draft)
    form = make_quota_form(request, sheet, None)
    return answer_quota(request, sheet, None, form, lambda: add_quota(draft, form.values(), **_by(request)))


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def quota_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    draft = get_draft(request, pk)
    sheet = open_sheet(draft)
    form = make_quota_form(request, sheet, number)
    return answer_quota(request, sheet, number, form, lambda: edit_quota(draft, number, form.values(), **_by(request)))


@require_POST
@unit_view("exemplars.change_rulebook_draft")
def quota_remove(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    return _act(request, get_draft(request, pk), remove_quota, number)


# Of which list of the document a button speaks.
_PARTS: dict[Callable[..., Any], str] = {remove_recognition: "recognition", remove_quota: "quota"}


def _by(request: UnitRequest) -> dict[str, Any]:
    return {"version": seen_version(request), "actor": request.actor, "at": now()}


def _act(request: UnitRequest, draft: RulebookDraft, act: Callable[..., Any], *numbers: int) -> HttpResponse:
    """One button of the draft's page."""
    open_sheet(draft).find(_PARTS.get(act, "criterion"), numbers[0])
    try:
        act(draft, *numbers, **_by(request))
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, draft.pk), refusal=refusal)
    messages.success(request, "Đã lưu.")
    return redirect(draft)
