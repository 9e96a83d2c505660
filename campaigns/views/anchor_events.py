"""Recording the events from which times are counted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.forms.planning import AnchorEventCorrectForm, AnchorEventForm
from campaigns.models import AnchorEvent
from campaigns.selectors.anchor_events import list_own_anchor_events
from campaigns.selectors.inspections import find_plan_of
from campaigns.services.anchor_events import correct_anchor_event, record_anchor_event
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted


def _trail(event: AnchorEvent) -> tuple[str, str]:
    return (event.campaign.title, reverse("campaigns:campaign-detail", args=[event.campaign.code]))


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.record_anchor_event")
def anchor_event_record(request: UnitRequest, pk: int) -> HttpResponse:
    """Say on which day an event took place; the last days that wait for it are counted at once."""
    event = get_object_or_404(list_own_anchor_events(request.actor.unit), pk=pk)
    if request.method == "GET" and (plan := find_plan_of(event, request.actor.unit)):
        messages.info(request, f"«{event.title}» được ghi nhận theo ngày kết thúc kiểm tra ghi ở kế hoạch này.")
        return redirect(plan)
    if request.method == "GET" and event.happened_on:
        return redirect("campaigns:anchor-event-correct", pk=pk)
    form = AnchorEventForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: record_anchor_event(event, **form.cleaned_data, actor=request.actor, day=today(), at=database_now()),
        heading=f"Ghi nhận sự kiện: {event.title}",
        submit="Ghi nhận sự kiện",
        back=_trail(event)[1],
        done="Đã ghi nhận sự kiện và tính thời hạn của các việc đang chờ.",
        trail=_trail(event),
        warning=f"{event.waiting} việc của phong trào được tính hạn từ ngày này.",  # type: ignore[attr-defined]
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.correct_anchor_event")
def anchor_event_correct(request: UnitRequest, pk: int) -> HttpResponse:
    """Replace a wrongly recorded day, with a reason."""
    event = get_object_or_404(list_own_anchor_events(request.actor.unit), pk=pk)
    if request.method == "GET" and (plan := find_plan_of(event, request.actor.unit)):
        messages.info(request, f"«{event.title}» được ghi nhận theo ngày kết thúc kiểm tra ghi ở kế hoạch này.")
        return redirect(plan)
    if request.method == "GET" and not event.happened_on:
        return redirect("campaigns:anchor-event-record", pk=pk)
    form = AnchorEventCorrectForm(posted(request))
    told = f"Đang ghi ngày {event.happened_on:%d/%m/%Y}. " if event.happened_on else ""
    return answer_form(
        request,
        form,
        lambda: correct_anchor_event(event, **form.cleaned_data, actor=request.actor, day=today(), at=database_now()),
        heading=f"Đính chính sự kiện: {event.title}",
        submit="Lưu đính chính",
        back=_trail(event)[1],
        done="Đã đính chính và tính lại thời hạn; việc đã được gia hạn dài hơn giữ hạn của mình.",
        trail=_trail(event),
        warning=f"{told}Thời hạn của {event.waiting} việc được tính lại từ ngày đúng.",  # type: ignore[attr-defined]
    )
