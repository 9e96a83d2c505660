"""The secretariat drafts a decision, the records clerk numbers it and takes in what was signed."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.decisions import DraftForm, NumberForm, SigningForm, VoidForm
from awards.models import DecisionDraft
from awards.selectors.decisions import list_decisions_for, list_offered_delegations, obstacle_of
from awards.selectors.drafts import list_annexed, list_drafts, list_taken, list_undrafted_ballots
from awards.services.annexes import AnnexOrder, move_annexed, order_annex, sort_annex
from awards.services.drafts import change_draft, draft_decision, first_day, number_draft, sign_draft, void_draft
from awards.views.leading import STEPS
from awards.views.revocations import change_drafted
from awards.views.sittings import read_places
from awards.workflow import DRAFT_TRANSITIONS, DraftAction
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.selectors.signing import find_head
from units.services.audit import record_act
from units.views.acts import answer_form, posted
from units.views.downloads import send_file

LIST = "awards:decision-list"
SIGNED = "Đã ghi quyết định đã ký và ghi vào sổ khen thưởng. Quyết định chưa công bố."
SIGNED_REVOCATION = (
    "Đã ghi quyết định thu hồi đã ký; các dòng trong sổ khen thưởng thôi giá trị. Quyết định chưa công bố: trang kiểm "
    "tra giấy cho mọi người chỉ báo thu hồi từ khi công bố."
)


def get_draft(request: UnitRequest, pk: UUID) -> DecisionDraft:
    return get_object_or_404(list_drafts(request.actor.unit), pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.draft_decision")
def decision_draft(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Draft the papers of one count."""
    ballot = get_object_or_404(list_undrafted_ballots(request.actor.unit), pk=pk)
    held_on, day = ballot.sitting.held_on, today()
    head = find_head(ballot.unit, day)
    form = DraftForm(
        posted(request),
        held_on=held_on,
        today=day,
        delegations=list_offered_delegations(ballot.unit, since=held_on, until=day),
        initial={
            "subject": f"Về việc công nhận theo kết quả: {ballot.title}"[:300],
            "signer_name": head.name,
            "signer_title": head.authority[0],
        },
    )
    return answer_form(
        request,
        form,
        lambda: draft_decision(ballot, **form.wording(), actor=request.actor, at=now()),
        heading=f"Lập dự thảo quyết định: {ballot.title}",
        submit="Lập dự thảo",
        back=reverse(LIST),
        done="Đã lập dự thảo. Văn thư lấy số, ghi ngày ở trang dự thảo.",
        trail=("Quyết định", reverse(LIST)),
        warning="Dự thảo chưa có hiệu lực và chưa ghi gì vào sổ khen thưởng.",
    )


@require_GET
@unit_view("awards.view_draft")
def draft_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Where a draft stands and what comes next."""
    return _render_draft(request, get_draft(request, pk))


def _render_draft(
    request: UnitRequest, draft: DecisionDraft, *, status: int = 200, refusal: RefusedError | None = None
) -> HttpResponse:
    possible = {
        action.value
        for action, step in DRAFT_TRANSITIONS.items()
        if draft.state in step.sources and request.actor.may(step.permission)
    }
    annexed = list_annexed(draft)
    taken = list_taken(draft) if draft.revokes_id else []
    context = {
        "draft": draft,
        "annexed": annexed,
        "taken": [(line, obstacle_of(line)) for line in taken],
        "possible": possible,
        "refusal": refusal,
        # A list of one has no order.
        "is_ordered": DraftAction.CHANGE in possible and len(annexed) > 1,
        "orders": list(AnnexOrder),
    }
    return render(request, "awards/decisions/draft_detail.html", context, status=status)


def _get_listed(request: UnitRequest, pk: UUID) -> DecisionDraft:
    """A draft with a list of its own; a revocation follows the list that it takes back."""
    return get_object_or_404(list_drafts(request.actor.unit).filter(ballot__isnull=False), pk=pk)


def _order(request: UnitRequest, draft: DecisionDraft, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        return _render_draft(request, draft, status=422, refusal=refusal)
    return redirect(f"{reverse('awards:draft-detail', args=[draft.pk])}#danh-sach")


@require_POST
@unit_view("awards.change_draft")
def annex_order(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Order the annexed list by the numbers typed beside its lines."""
    draft = _get_listed(request, pk)
    places = read_places(request.POST, [one.pk for one in list_annexed(draft)])
    return _order(request, draft, lambda: order_annex(draft, places=places, actor=request.actor))


@require_POST
@unit_view("awards.change_draft")
def annex_sort(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Order the annexed list by the rule whose button was pressed."""
    draft = _get_listed(request, pk)
    by = next((one for one in AnnexOrder if one == request.POST.get("by")), None)
    if by is None:
        refusal = RefusedError("Chưa chọn cách xếp danh sách.", remedy="Bấm một trong các nút xếp ở trên danh sách.")
        return _render_draft(request, draft, status=422, refusal=refusal)
    return _order(request, draft, lambda: sort_annex(draft, by=by, actor=request.actor))


@require_POST
@unit_view("awards.change_draft")
def annexed_move(request: UnitRequest, pk: UUID, nomination: UUID) -> HttpResponse:
    """Move one line of the annexed list a place up or down."""
    draft = _get_listed(request, pk)
    steps = STEPS.get(request.POST.get("step", ""), 0)
    return _order(request, draft, lambda: move_annexed(draft, nomination, steps, actor=request.actor))


def _trail(draft: DecisionDraft) -> dict[str, object]:
    back = reverse("awards:draft-detail", args=[draft.pk])
    return {"back": back, "trail": ("Dự thảo quyết định", back)}


@require_http_methods(["GET", "POST"])
@unit_view("awards.change_draft")
def draft_change(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft, day = get_draft(request, pk), today()
    if draft.revokes_id:
        return change_drafted(request, draft)
    held_on, _ = first_day(draft)
    signer = {} if draft.delegation_id else {"signer_name": draft.signer_name, "signer_title": draft.signer_title}
    form = DraftForm(
        posted(request),
        held_on=held_on,
        today=day,
        delegations=list_offered_delegations(draft.unit, since=held_on, until=day),
        initial={"subject": draft.subject, "delegation": draft.delegation_id, **signer},
    )
    return answer_form(
        request,
        form,
        lambda: change_draft(draft, **form.wording(), actor=request.actor, at=now()),
        heading="Sửa dự thảo quyết định",
        submit="Lưu",
        done="Đã sửa dự thảo.",
        **_trail(draft),  # type: ignore[arg-type]
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.number_draft")
def draft_number(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    form = NumberForm(posted(request), initial={"dated": today()})
    return answer_form(
        request,
        form,
        lambda: number_draft(draft, **form.cleaned_data, actor=request.actor, at=now()),
        heading="Lấy số, ghi ngày",
        submit="Lấy số",
        done="Đã lấy số. In bản trình ký có số ở trang dự thảo.",
        warning="Số đã lấy không dùng lại được trong năm, kể cả khi hủy dự thảo.",
        **_trail(draft),  # type: ignore[arg-type]
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.sign_draft")
def draft_sign(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take in the signed paper; the decision and its honours exist from here on."""
    draft = get_draft(request, pk)
    form = SigningForm(posted(request), request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            decision = sign_draft(draft, scan=form.cleaned_data["scan"], actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, SIGNED_REVOCATION if decision.revokes_id else SIGNED)
            return redirect("awards:decision-detail", pk=decision.pk)
    context = {"draft": draft, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/decisions/draft_sign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("awards.void_draft")
def draft_void(request: UnitRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    form = VoidForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: void_draft(draft, **form.cleaned_data, actor=request.actor),
        heading="Hủy dự thảo quyết định",
        submit="Hủy dự thảo",
        done=f"Đã hủy dự thảo. {'Các dòng này' if draft.revokes_id else 'Kết quả kiểm phiếu'} lại chờ lập dự thảo.",
        is_risky=True,
        **_trail(draft),  # type: ignore[arg-type]
    )


@require_GET
@unit_view("awards.view_decision")
def decision_scan(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The paper as it was signed, to whoever may read the decision."""
    decision = get_object_or_404(list_decisions_for(request.actor).exclude(scan=""), pk=pk)
    record_act("download-decision-scan", decision, actor=request.actor, number=decision.number)
    return send_file(decision.scan, decision.scan_name)
