"""Screens of rulebooks: the list, one edition with its criteria and caps, its file, and ways to a draft."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exemplars import rules
from exemplars.forms.predicates import list_choices
from exemplars.forms.rulebooks import RulebookAddForm, RulebookFileForm
from exemplars.models import RulebookEdition
from exemplars.selectors.editions import open_rulebook
from exemplars.selectors.rulebooks import (
    find_held_edition,
    find_newest_edition,
    find_surroundings,
    list_held_editions,
    list_issuers_below,
    list_rulebook_drafts,
    list_units_above,
)
from exemplars.services.rulebook_drafts import add_rulebook, copy_rulebook, import_rulebook
from exemplars.views.sheets import EXAMPLES, describe_criteria
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.refusals import RefusedError
from units.views.acts import posted

PAGE_SIZE = 25
SHOWN = {"own": "Bản đã ban hành", "above": "Của cấp trên", "below": "Của cấp dưới", "drafts": "Bản nháp"}
STATES = {
    "in-force": ("met", "Đang áp dụng"),
    "coming": ("open", "Chưa tới ngày áp dụng"),
    "replaced": ("", "Đã được bản sau thay"),
    "over": ("", "Hết hiệu lực"),
}
MOST_BASE = 100_000


@require_GET
@unit_view("exemplars.view_rulebook")
def rulebook_list(request: UnitRequest) -> HttpResponse:
    """Editions of one's own unit, of the units above or below, or the drafts."""
    unit, day = request.actor.unit, today()
    offered = dict(SHOWN)
    if not request.actor.may("exemplars.view_rulebook_draft"):
        del offered["drafts"]
    show = request.GET.get("show", "own")
    show = show if show in offered else "own"
    rows: Any
    if show == "drafts":
        rows = list_rulebook_drafts(unit)
    else:
        rows = [(one, *STATES[one.state(day)]) for one in list_held_editions(_find_issuers(show, unit, day))]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "show": show, "offered": offered, "unit": unit}
    return render(request, "exemplars/rulebooks/list.html", context)


def _find_issuers(show: str, unit: Unit, day: date) -> list[Any]:
    if show == "own":
        return [unit.pk]
    return list_units_above(unit, day) if show == "above" else list_issuers_below(unit)


@require_GET
@unit_view("exemplars.view_rulebook")
def rulebook_detail(request: UnitRequest, pk: int) -> HttpResponse:
    """What an edition asks, cited, and its caps reckoned for a number that the reader gives."""
    edition = get_object_or_404(RulebookEdition.objects.select_related("issuer"), pk=pk)
    held = find_held_edition(edition)
    tone, words = STATES[held.state(today())]
    rulebook = open_rulebook(edition.document)
    content = rules.read_rulebook_file(edition.document.encode()).values
    choices = list_choices(content, find_surroundings(request.actor.unit))
    typed = request.GET.get("base", "").strip()
    is_number = typed.isascii() and typed.isdigit() and int(typed[:9]) <= MOST_BASE
    context = {
        "edition": edition,
        "rulebook": rulebook,
        "held": held,
        "newest": find_newest_edition(held),
        "tone": tone,
        "state": words,
        "criteria": describe_criteria(content, choices),
        "quotas": describe_quotas(rulebook, [int(typed)] if is_number else list(EXAMPLES)),
        "base": typed,
        "base_is_wrong": bool(typed) and not is_number,
        "is_own": edition.issuer_id == request.actor.unit.pk,
    }
    return render(request, "exemplars/rulebooks/detail.html", context)


def describe_quotas(rulebook: rules.Rulebook, bases: list[int]) -> list[dict[str, Any]]:
    label = {step.code: step.label for ladder in rulebook.ladders.items for step in ladder.steps}
    return [
        {
            "quota": one,
            "base": label.get(one.base, one.base),
            "reckoned": [(base, rules.reckon_cap(one, base)) for base in bases],
        }
        for one in rulebook.quotas
    ]


@require_GET
@unit_view("exemplars.view_rulebook")
def rulebook_export(_request: UnitRequest, pk: int) -> HttpResponse:
    """The edition's own document, byte for byte."""
    edition = get_object_or_404(RulebookEdition, pk=pk)
    return send_document(edition.document, f"{edition.code}-ban-{edition.edition}")


def send_document(document: str, name: str) -> HttpResponse:
    response = HttpResponse(document.encode(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.add_rulebook")
def rulebook_add(request: UnitRequest) -> HttpResponse:
    form = RulebookAddForm(posted(request))
    if request.method == "POST" and form.is_valid():
        draft = add_rulebook(form.cleaned_data["title"], actor=request.actor, at=now())
        messages.success(request, "Đã lập bản nháp. Ghi phần đầu, thêm hình thức công nhận rồi thêm tiêu chuẩn.")
        return redirect(draft)
    return _render_act(request, form, heading="Soạn bản quy định mới", submit="Lập bản nháp")


@require_POST
@unit_view("exemplars.add_rulebook")
def rulebook_copy(request: UnitRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(RulebookEdition, pk=pk)
    draft = copy_rulebook(edition, actor=request.actor, at=now())
    messages.success(request, "Đã sao chép thành bản nháp của đơn vị. Bản đã ban hành giữ nguyên.")
    return redirect(draft)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.add_rulebook")
def rulebook_import(request: UnitRequest) -> HttpResponse:
    form, refusal = RulebookFileForm(posted(request), request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            # One byte more than may be tells that there are too many, whatever the file's size.
            content = form.cleaned_data["file"].read(rules.MOST_BYTES + 1)
            draft = import_rulebook(content, actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã đọc tệp thành bản nháp. Kiểm lại từng tiêu chuẩn trước khi ban hành.")
            return redirect(draft)
    return _render_act(
        request, form, refusal=refusal, heading="Nhập bản quy định từ tệp", submit="Đọc tệp", multipart=True
    )


def _render_act(request: UnitRequest, form: Any, *, refusal: RefusedError | None = None, **words: Any) -> HttpResponse:
    back = reverse("exemplars:rulebook-list")
    context = {"form": form, "refusal": refusal, "back": f"{back}?show=drafts"} | words
    return render(request, "exemplars/rulebooks/act.html", context, status=422 if request.method == "POST" else 200)
