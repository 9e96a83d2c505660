"""Screens beside a draft's items: the plan's whole text, its file, and what the reader missed."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.forms.plan_additions import (
    ADDED_PLAIN_FORMS,
    AddedIndicatorForm,
    AddedObligationForm,
    AddedQuotaForm,
    PagesForm,
)
from campaigns.forms.plan_drafts import initial_of
from campaigns.forms.plan_items import ItemForm
from campaigns.models import ItemKind, PlanDraft, PlanDraftItem
from campaigns.plan_items import blank_item
from campaigns.selectors.plan_drafts import (
    list_awards,
    list_cluster_choices,
    list_items_of,
    list_kind_choices,
    list_phase_choices,
    list_plan_drafts,
    page_of_item,
    show_items,
)
from campaigns.selectors.plan_texts import cut_lines
from campaigns.services.plan_additions import add_plan_item, add_plan_pages
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.services.audit import record_act
from units.views.acts import answer_form, posted
from units.views.downloads import send_file

LINES_ON_A_PAGE = 300


def _get(request: UnitRequest, pk: UUID) -> PlanDraft:
    return get_object_or_404(list_plan_drafts(request.actor.unit), pk=pk)


def _typed_line(request: UnitRequest) -> int | None:
    typed = request.GET.get("line", "")
    return int(typed) if typed.isdecimal() and 0 < len(typed) < 7 and int(typed) else None  # noqa: PLR2004  a line number


@require_GET
@unit_view("campaigns.view_plan_draft")
def plan_draft_text(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The whole text; what was read is marked and leads to its item. `?line=` opens the page of that line."""
    draft = _get(request, pk)
    line = _typed_line(request)
    number = request.GET.get("page") or ((line - 1) // LINES_ON_A_PAGE + 1 if line else 1)
    page = Paginator(range(1, draft.text.count("\n") + 2), LINES_ON_A_PAGE).get_page(number)
    items = list(draft.items.order_by("order"))
    for item in items:
        item.draft = draft
    context = {
        "draft": draft,
        "page": page,
        "lines": cut_lines(draft.text, items, page.object_list[0], page.object_list[-1]),
        "at": line,
        "added": [item for item in items if not item.line],
        "may_add": draft.is_open and request.actor.may("campaigns.add_plan_item"),
    }
    return render(request, "campaigns/plans/draft_text.html", context)


@require_GET
@unit_view("campaigns.view_plan_draft")
def plan_file_download(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    draft = _get(request, pk)
    if not draft.file:
        raise Http404("The draft is from before files were kept.")
    record_act("download-plan-file", draft, actor=request.actor)
    return send_file(draft.file, draft.file_name)


def _added_form(request: UnitRequest, draft: PlanDraft, kind: str) -> ItemForm:
    blank = blank_item(kind)
    place = {"version": draft.items.count(), "line": _typed_line(request)}
    initial: dict[str, Any] = initial_of(kind, blank, {}) | place
    if kind in ADDED_PLAIN_FORMS:
        return ADDED_PLAIN_FORMS[kind](posted(request), initial=initial)
    kinds = list_kind_choices(request.actor.unit, blank, today())
    if kind == ItemKind.QUOTA:
        return AddedQuotaForm(posted(request), initial=initial, kinds=kinds)
    if kind == ItemKind.INDICATOR:
        return AddedIndicatorForm(posted(request), initial=initial, top=request.actor.unit, kinds=kinds, targets=0)
    return AddedObligationForm(
        posted(request),
        initial=initial,
        top=request.actor.unit,
        kinds=kinds,
        phases=list_phase_choices(draft),
        awards=list_awards(today()),
        clusters=list_cluster_choices(request.actor.unit),
        papers=0,
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.add_plan_item")
def plan_item_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """An item of `?kind=` that the reader missed, as a form, for the words in `?line=`; saving it takes it over."""
    draft = _get(request, pk)
    kind = request.GET.get("kind", ItemKind.OBLIGATION)
    if kind not in ItemKind.values:
        raise Http404("No such kind of item.")
    form = _added_form(request, draft, kind)

    def add() -> None:
        said = form.cleaned_data
        place = {name: said[name] for name in ("line", "last_line", "reason", "version")}
        add_plan_item(draft, kind=kind, data=form.as_data(blank_item(kind)), **place, actor=request.actor)

    line = _typed_line(request)
    return answer_form(
        request,
        form,
        add,
        heading=f"Thêm: {ItemKind(kind).label.lower()}",
        submit="Thêm mục này",
        back=draft.get_absolute_url(),
        done="Đã thêm một mục, xếp cuối danh sách.",
        template="campaigns/plans/item_add.html",
        draft=draft,
        sentence=_words_at(draft, line),
        line=line,
    )


def _words_at(draft: PlanDraft, line: int | None) -> str:
    lines = draft.text.split("\n")
    return lines[line - 1].strip() if line and line <= len(lines) else ""


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.add_plan_pages")
def plan_pages_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """How long a paper of a duty may be, where the reader missed it."""
    item: PlanDraftItem = get_object_or_404(list_items_of(request.actor.unit), pk=pk)
    if item.kind != ItemKind.OBLIGATION:
        raise Http404("Only a duty has papers.")
    form = PagesForm(posted(request), initial={"version": item.version, "line": item.line or None})
    return answer_form(
        request,
        form,
        lambda: add_plan_pages(item, **form.cleaned_data, actor=request.actor),
        heading=f"Thêm giới hạn số trang, {item.place}",
        submit="Thêm giới hạn số trang",
        back=f"{item.draft.get_absolute_url()}?page={page_of_item(item.order)}#muc-{item.order}",
        done="Đã thêm giới hạn số trang.",
        template="campaigns/plans/pages_add.html",
        item=item,
        draft=item.draft,
        shown=show_items(item.draft, [item])[0],
        text_url=reverse("campaigns:plan-draft-text", kwargs={"pk": item.draft_id}),
    )
