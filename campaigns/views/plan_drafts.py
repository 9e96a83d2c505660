"""Screens of a plan that is being checked: the list, reading a file, looking each item through, launching."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.plan_drafts import (
    PLAIN_FORMS,
    ObligationForm,
    PlanFileForm,
    PlanHeaderForm,
    QuotaForm,
    initial_of,
)
from campaigns.forms.plan_indicators import IndicatorItemForm
from campaigns.forms.plan_items import ItemForm
from campaigns.models import DraftState, ItemKind, ItemVerdict, PlanDraft, PlanDraftItem
from campaigns.selectors.cascade import list_answerable
from campaigns.selectors.plan_drafts import (
    ITEMS_ON_A_PAGE,
    describe_draft_phases,
    list_awards,
    list_cluster_choices,
    list_cluster_years,
    list_items_of,
    list_kind_choices,
    list_loose_warnings,
    list_phase_choices,
    list_plan_drafts,
    list_unit_words,
    page_of_item,
    show_items,
)
from campaigns.services.plan_drafts import (
    accept_plan_item,
    accept_plan_items,
    add_plan_draft,
    drop_plan_draft,
    drop_plan_item,
    edit_plan_draft,
    mend_plan_item,
)
from campaigns.services.plan_launch import launch_plan_draft
from units.clock import database_now, today
from units.forms.fields import UnitField
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form, posted

DRAFTS_ON_A_PAGE = 50


def _get(request: UnitRequest, pk: UUID) -> PlanDraft:
    return get_object_or_404(list_plan_drafts(request.actor.unit), pk=pk)


def _get_item(request: UnitRequest, pk: UUID) -> PlanDraftItem:
    return get_object_or_404(list_items_of(request.actor.unit), pk=pk)


def _seen_version(request: UnitRequest) -> int:
    """The version that the page showed; one that was not sent is none that ever stood."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004  more digits than any count


@require_GET
@unit_view("campaigns.view_plan_draft")
def plan_draft_list(request: UnitRequest) -> HttpResponse:
    drafts = list_plan_drafts(request.actor.unit)
    page = Paginator(drafts, DRAFTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/plans/draft_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.add_plan_draft")
def plan_draft_add(request: UnitRequest) -> HttpResponse:
    """Read a file; what it says waits for answers on the draft's page."""
    form = PlanFileForm(posted(request), request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = add_plan_draft(form.cleaned_data["file"], actor=request.actor, day=today(), at=database_now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã đọc kế hoạch. Xem từng mục bên dưới; chưa có gì được đưa vào phong trào.")
            return redirect(draft)
    context = {
        "form": form,
        "refusal": refusal,
        "heading": "Lập phong trào từ văn bản kế hoạch",
        "submit": "Đọc kế hoạch",
        "back": reverse("campaigns:plan-draft-list"),
        "trail": ("Kế hoạch đang xem lại", reverse("campaigns:plan-draft-list")),
    }
    return render(request, "campaigns/clusters/upload.html", context, status=422 if request.method == "POST" else 200)


def render_draft(
    request: UnitRequest, draft: PlanDraft, *, refusal: RefusedError | None = None, page: Any = None
) -> HttpResponse:
    items = draft.items.order_by("order")
    counts = {verdict: items.filter(verdict=verdict).count() for verdict in ItemVerdict}
    show = request.GET.get("show", "")
    shown = items.filter(verdict=ItemVerdict.PENDING) if show == "pending" else items
    page = Paginator(shown, ITEMS_ON_A_PAGE).get_page(page or request.GET.get("page"))
    overlaps, gaps = describe_draft_phases(draft)
    entries = show_items(draft, list(page.object_list))
    context = {
        "draft": draft,
        "page": page,
        "shown": entries,
        "plain": [
            one.item for one in entries if one.item.verdict == ItemVerdict.PENDING and not one.gaps and not one.warnings
        ],
        "show": show,
        "pending": counts[ItemVerdict.PENDING],
        "accepted": counts[ItemVerdict.ACCEPTED],
        "dropped": counts[ItemVerdict.DROPPED],
        "loose": list_loose_warnings(draft),
        "overlaps": overlaps,
        "gaps": gaps,
        "kinds": ItemKind.choices,
        "may_edit": draft.is_open and request.actor.may("campaigns.edit_plan_draft"),
        "refusal": refusal,
    }
    return render(request, "campaigns/plans/draft_detail.html", context, status=422 if refusal else 200)


@require_GET
@unit_view("campaigns.view_plan_draft")
def plan_draft_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """What the plan says, each item beside the sentence it came from."""
    return render_draft(request, _get(request, pk))


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_plan_draft")
def plan_draft_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = _get(request, pk)
    names = (
        *("version", "number", "place", "issued_on", "title", "kind", "opens_on", "closes_on", "cluster_year"),
        *("theme", "content_areas", "method", "scope", "responds_to"),
    )
    initial = {name: getattr(draft, name) for name in names}
    initial["issuer"] = UnitField.words(draft.issuer) if draft.issuer else ""
    form = PlanHeaderForm(
        posted(request),
        root=request.actor.unit,
        answerable=list_answerable(draft.issuer or request.actor.unit),
        years=list_cluster_years(request.actor.unit),
        issuer_words=draft.issuer_words,
        initial=initial,
    )
    return answer_form(
        request,
        form,
        lambda: edit_plan_draft(draft, **form.cleaned_data, actor=request.actor),
        heading="Phần đầu kế hoạch",
        submit="Lưu phần đầu",
        back=draft.get_absolute_url(),
        done="Đã lưu phần đầu kế hoạch.",
        trail=(str(draft), draft.get_absolute_url()),
    )


@require_POST
@unit_view("campaigns.launch_plan_draft")
def plan_draft_launch(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = _get(request, pk)
    try:
        campaign = launch_plan_draft(draft, actor=request.actor, day=today(), at=database_now())
    except RefusedError as refusal:
        return render_draft(request, _get(request, pk), refusal=refusal)
    messages.success(request, "Đã lập phong trào và giao việc cho các đơn vị.")
    return redirect("campaigns:campaign-detail", campaign.code)


@require_POST
@unit_view("campaigns.drop_plan_draft")
def plan_draft_drop(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = _get(request, pk)
    try:
        drop_plan_draft(draft, actor=request.actor)
    except RefusedError as refusal:
        return render_draft(request, _get(request, pk), refusal=refusal)
    messages.success(request, f"Đã bỏ bản xem lại của «{draft}».")
    return redirect("campaigns:plan-draft-list")


# --- items ---------------------------------------------------------------------------------------


def _back_to(request: UnitRequest, item: PlanDraftItem) -> str:
    """The page of the draft that holds the item, at the item: where the person was."""
    if request.POST.get("show") == "pending":
        return f"{item.draft.get_absolute_url()}?show=pending"
    return f"{item.draft.get_absolute_url()}?page={page_of_item(item.order)}#muc-{item.order}"


@require_POST
@unit_view("campaigns.accept_plan_item")
def plan_item_accept(request: UnitRequest, pk: UUID) -> HttpResponse:
    item = _get_item(request, pk)
    try:
        accept_plan_item(item, version=_seen_version(request), actor=request.actor)
    except RefusedError as refusal:
        return render_draft(request, _get(request, item.draft_id), refusal=refusal, page=page_of_item(item.order))
    return redirect(_back_to(request, item))


@require_POST
@unit_view("campaigns.accept_plan_items")
def plan_items_accept(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take over the items of one page that a person has before them; those with a warning are not among them."""
    draft = _get(request, pk)
    seen: dict[UUID, int] = {}
    for typed in request.POST.getlist("item")[:ITEMS_ON_A_PAGE]:
        key, _, version = typed.partition(":")
        try:
            seen[UUID(key)] = int(version)
        except ValueError:
            continue
    try:
        number = accept_plan_items(draft, seen, actor=request.actor)
    except RefusedError as refusal:
        return render_draft(request, _get(request, pk), refusal=refusal)
    messages.success(request, f"Đã nhận {number} mục.")
    return redirect(draft)


@require_POST
@unit_view("campaigns.drop_plan_item")
def plan_item_drop(request: UnitRequest, pk: UUID) -> HttpResponse:
    item = _get_item(request, pk)
    try:
        drop_plan_item(item, version=_seen_version(request), actor=request.actor)
    except RefusedError as refusal:
        return render_draft(request, _get(request, item.draft_id), refusal=refusal, page=page_of_item(item.order))
    return redirect(_back_to(request, item))


def _item_form(request: UnitRequest, item: PlanDraftItem) -> ItemForm:
    names = list_unit_words(item.data)
    initial = initial_of(item.kind, item.data, names) | {"version": item.version}
    if item.kind in PLAIN_FORMS:
        return PLAIN_FORMS[item.kind](posted(request), initial=initial)
    kinds = list_kind_choices(request.actor.unit, item.data, today())
    if item.kind == ItemKind.QUOTA:
        return QuotaForm(posted(request), initial=initial, kinds=kinds)
    if item.kind == ItemKind.INDICATOR:
        return IndicatorItemForm(
            posted(request), initial=initial, top=request.actor.unit, kinds=kinds, targets=len(item.data["targets"])
        )
    return ObligationForm(
        posted(request),
        initial=initial,
        top=request.actor.unit,
        kinds=kinds,
        phases=list_phase_choices(item.draft),
        awards=list_awards(today(), item.data["awards"]),
        clusters=list_cluster_choices(request.actor.unit),
        papers=len(item.data["papers"]),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.mend_plan_item")
def plan_item_mend(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The item as a form beside its sentence; saving it takes it over."""
    item = _get_item(request, pk)
    form = _item_form(request, item)

    def mend() -> None:
        mend_plan_item(item, version=form.cleaned_data["version"], data=form.as_data(item.data), actor=request.actor)

    return answer_form(
        request,
        form,
        mend,
        heading=f"Sửa: {item.get_kind_display().lower()}, {item.place}",
        submit="Lưu và nhận mục này",
        back=f"{item.draft.get_absolute_url()}?page={page_of_item(item.order)}#muc-{item.order}",
        done=f"Đã nhận {item.get_kind_display().lower()}, {item.place}.",
        template="campaigns/plans/item_mend.html",
        item=item,
        draft=item.draft,
        shown=show_items(item.draft, [item])[0],
        is_open=item.draft.state == DraftState.DRAFT,
    )
