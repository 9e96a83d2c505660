"""Screens of a draft: its page with what the checks say, its head, its recognitions and its criteria."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exemplars import rules
from exemplars.forms.rulebooks import (
    CriterionAddForm,
    CriterionForm,
    RecognitionForm,
    RulebookHeadForm,
    describe_predicate,
    list_choices,
    show_day,
)
from exemplars.models import RulebookDraft
from exemplars.selectors.rulebooks import find_surroundings, find_trial, list_rulebook_drafts, list_tried_years
from exemplars.services.rulebook_drafts import (
    add_criterion,
    add_recognition,
    discard_rulebook_draft,
    edit_criterion,
    edit_recognition,
    edit_rulebook_draft,
    move_criterion,
    remove_criterion,
    remove_recognition,
)
from exemplars.views.rulebooks import describe_criteria, send_document
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.models import LegalDocument
from units.refusals import RefusedError
from units.views.acts import posted


def get_draft(request: UnitRequest, pk: UUID) -> RulebookDraft:
    """An open draft of the actor's own unit."""
    return get_object_or_404(list_rulebook_drafts(request.actor.unit).select_related("unit"), pk=pk)


def seen_version(request: UnitRequest) -> int:
    """The version that the page showed; one that was not sent is none that ever stood."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004  more digits than any count


def render_draft(request: UnitRequest, draft: RulebookDraft, *, refusal: RefusedError | None = None) -> HttpResponse:
    known = find_surroundings(draft.unit)
    problems = rules.list_problems(draft.content, known)
    choices = list_choices(draft.content, known)
    criteria = describe_criteria(draft.content, choices)
    for number, one in enumerate(criteria, 1):
        one |= {"number": number, "problems": _problems_of(problems, "criterion", number)}
    recognitions = [
        {
            "number": number,
            "values": one,
            "first_day": show_day(one.get("period", {}).get("first_day")),
            "last_day": show_day(one.get("period", {}).get("last_day")),
            "problems": _problems_of(problems, "recognition", number),
        }
        for number, one in enumerate(draft.content["recognition"], 1)
    ]
    codes = [one["values"].get("code", "") for one in recognitions]
    context = {
        "draft": draft,
        "content": draft.content,
        "valid_from": show_day(draft.content.get("valid_from")),
        "valid_to": show_day(draft.content.get("valid_to")),
        "criteria": criteria,
        "recognitions": recognitions,
        "quotas": describe_kept_quotas(draft.content, known),
        "problems": problems,
        "head_problems": [one for one in problems if one.part not in ("criterion", "recognition")],
        "years": list_tried_years(draft.unit, codes) if not problems else [],
        "trial": find_trial(draft) if not problems else None,
        "add_form": CriterionAddForm(initial={"version": draft.version}),
        "refusal": refusal,
    }
    return render(request, "exemplars/rulebooks/draft.html", context, status=422 if refusal else 200)


def describe_kept_quotas(content: dict[str, Any], known: rules.Surroundings) -> list[str]:
    """The caps that came with a file or a copy, in words; they are changed in the file."""

    def name(code: object) -> str:
        return known.titles[str(code)].name if str(code) in known.titles else str(code)

    return [
        f"{one.get('label', '')}: không quá {one.get('percent', '?')}% số {name(one.get('base', ''))}"
        for one in content.get("quota", [])
    ]


def _problems_of(problems: list[rules.Problem], part: str, number: int) -> list[str]:
    return [one.words for one in problems if one.part == part and one.number == number]


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
    form = RulebookHeadForm(
        posted(request), initial=RulebookHeadForm.initial_of(draft.content) | {"version": draft.version}
    )
    return _answer(
        request,
        draft,
        form,
        lambda: edit_rulebook_draft(
            draft, form.head(), form.plan(), version=seen_version(request), actor=request.actor, at=now()
        ),
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


def _titles(draft: RulebookDraft) -> list[tuple[str, str]]:
    return [(code, one.name) for code, one in find_surroundings(draft.unit).titles.items()]


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def recognition_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    form = RecognitionForm(posted(request), titles=_titles(draft), initial={"version": draft.version})
    return _answer(
        request,
        draft,
        form,
        lambda: add_recognition(draft, form.values(), version=seen_version(request), actor=request.actor, at=now()),
        heading="Thêm hình thức công nhận",
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_rulebook_draft")
def recognition_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    draft = get_draft(request, pk)
    one = _part(draft, "recognition", number)
    initial = RecognitionForm.initial_of(one) | {"version": draft.version}
    form = RecognitionForm(posted(request), titles=_titles(draft), initial=initial)
    return _answer(
        request,
        draft,
        form,
        lambda: edit_recognition(
            draft, number, form.values(), version=seen_version(request), actor=request.actor, at=now()
        ),
        heading="Sửa hình thức công nhận",
        problems=_found(draft, "recognition", number),
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
    one = _part(draft, "criterion", number)
    form = _criterion_form(request, draft, one)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            edit_criterion(
                draft,
                number,
                form.values(),
                form.numbers(),
                version=seen_version(request),
                actor=request.actor,
                at=now(),
            )
        except RefusedError as error:
            refusal = error
            form = _retyped(form, draft)
        else:
            messages.success(request, "Đã lưu tiêu chuẩn.")
            if form.changes_kind:
                messages.info(request, "Phép kiểm đã đổi: điền các tham số của phép kiểm mới.")
                return redirect("exemplars:criterion-edit", pk, number)
            return redirect(f"{draft.get_absolute_url()}#tieu-chuan-{number}")
    context = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "heading": f"Tiêu chuẩn {one.get('code', '')}",
        "entry": form.entry,
        "composite": describe_predicate(form.predicate, list_choices(draft.content, find_surroundings(draft.unit)))
        if form.entry.is_composite
        else "",
        "parameters": [field for field in form if field.name.startswith("p_")],
        "problems": _found(draft, "criterion", number) if request.method == "GET" else [],
        "documents": LegalDocument.objects.order_by("number")[:300],
        "number": number,
    }
    return render(
        request, "exemplars/rulebooks/criterion.html", context, status=422 if request.method == "POST" else 200
    )


def _criterion_form(request: UnitRequest, draft: RulebookDraft, one: dict[str, Any]) -> CriterionForm:
    recognitions = draft.content["recognition"]
    known = find_surroundings(draft.unit)
    held = [place for place, asked in enumerate(recognitions, 1) if one.get("code") in asked.get("criteria", [])]
    return CriterionForm(
        posted(request),
        one=one,
        recognitions=[
            (str(place), asked.get("label") or "chưa đặt tên") for place, asked in enumerate(recognitions, 1)
        ],
        choices=list_choices(draft.content, known),
        initial=CriterionForm.initial_of(one, held) | {"version": draft.version},
    )


def _retyped(form: Any, draft: RulebookDraft) -> Any:
    """What was typed, over the version that stands now: saving once more overwrites it knowingly."""
    form.data = form.data.copy()
    form.data["version"] = str(RulebookDraft.objects.only("version").get(pk=draft.pk).version)
    return form


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


def _part(draft: RulebookDraft, key: str, number: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = draft.content[key]
    if not 1 <= number <= len(rows):
        raise Http404
    return rows[number - 1]


def _found(draft: RulebookDraft, part: str, number: int) -> list[str]:
    return _problems_of(rules.list_problems(draft.content, find_surroundings(draft.unit)), part, number)


def _act(request: UnitRequest, draft: RulebookDraft, act: Callable[..., Any], *numbers: int) -> HttpResponse:
    """One button of the draft's page."""
    _part(draft, "recognition" if act is remove_recognition else "criterion", numbers[0])
    try:
        act(draft, *numbers, version=seen_version(request), actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_draft(request, get_draft(request, draft.pk), refusal=refusal)
    messages.success(request, "Đã lưu.")
    return redirect(draft)


def _answer(
    request: UnitRequest, draft: RulebookDraft, form: Any, act: Callable[[], Any], **context: Any
) -> HttpResponse:
    """A form of one part of the draft: saved as typed, back to the draft's page."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RefusedError as error:
            refusal = error
            form = _retyped(form, draft)
        else:
            messages.success(request, "Đã lưu bản nháp.")
            return redirect(draft)
    context |= {"form": form, "refusal": refusal, "draft": draft, "submit": "Lưu", "back": draft.get_absolute_url()}
    return render(request, "exemplars/rulebooks/act.html", context, status=422 if request.method == "POST" else 200)
