"""Pages of transfers: letting somebody go, receiving them, and those who worked here before."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.clock import now, today
from units.forms.transfers import DeclineForm, ReceiveForm, TransferForm
from units.frame import UnitRequest, unit_view
from units.models import PastService, Person, Transfer, TransferOffer, TransferState, Unit
from units.refusals import RefusedError
from units.selectors.transfers import (
    find_open_transfer,
    list_offers,
    list_own_gradings,
    list_own_honours,
    list_own_postings,
    list_past_services,
    list_transfers,
)
from units.selectors.tree import RESULT_SIZE, describe_found, search_units
from units.services.audit import record_act
from units.services.transfers import (
    Destination,
    cancel_transfer,
    confirm_transfer,
    decline_transfer,
    propose_transfer,
)

PAGE_SIZE = 25


@require_GET
@unit_view("units.view_transfer")
def transfer_list(request: UnitRequest) -> HttpResponse:
    """People offered to us, and people we let go; each list with its own pages."""
    return _render_list(request)


def _render_list(request: UnitRequest, *, status: int = 200, refusal: RefusedError | None = None) -> HttpResponse:
    context = {
        "offers": Paginator(list_offers(), PAGE_SIZE).get_page(request.GET.get("offers")),
        "transfers": Paginator(list_transfers(), PAGE_SIZE).get_page(request.GET.get("transfers")),
        "offered": TransferState.OFFERED,
        "refusal": refusal,
    }
    return render(request, "units/transfers/transfer_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("units.propose_transfer")
def transfer_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Offer a person to another unit: first the unit is found by its name, then the paper is written."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    receiving = _find_unit(request.GET.get("to", ""))
    context: dict[str, Any] = {"person": person, "receiving": receiving, "open": find_open_transfer(person)}
    if receiving is None:
        return render(request, "units/transfers/transfer_place.html", context | _search(request))
    form, refusal = TransferForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            propose_transfer(
                person, Destination(receiving=receiving, **form.cleaned_data), actor=request.actor, at=now()
            )
        except RefusedError as error:
            refusal = error
        else:
            messages.success(
                request, f"Đã gửi phiếu chuyển {person} đến {receiving}. Hồ sơ chuyển khi nơi đó tiếp nhận."
            )
            return redirect("units:transfer-list")
    status = 422 if request.method == "POST" else 200
    context |= {"form": form, "refusal": refusal}
    return render(request, "units/transfers/transfer_create.html", context, status=status)


def _find_unit(pk: str) -> Unit | None:
    try:
        return Unit.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def _search(request: UnitRequest) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    if not words:
        return {"words": ""}
    page = Paginator(search_units(words, ended=False, day=today()), RESULT_SIZE).get_page(request.GET.get("page"))
    return {"words": words, "page": page, "found": describe_found(list(page.object_list), words, day=today())}


@require_POST
@unit_view("units.propose_transfer")
def transfer_cancel(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take an offer back before it is answered."""
    transfer = get_object_or_404(Transfer.objects.all(), pk=pk)
    try:
        cancel_transfer(transfer, actor=request.actor, at=now())
    except RefusedError as refusal:
        return _render_list(request, status=422, refusal=refusal)
    messages.success(request, f"Đã rút phiếu chuyển của {transfer}.")
    return redirect("units:transfer-list")


@require_http_methods(["GET", "POST"])
@unit_view("units.confirm_transfer")
def transfer_confirm(request: UnitRequest, pk: UUID) -> HttpResponse:
    """What is offered, and the yes."""
    offer = get_object_or_404(TransferOffer.objects.select_related("unit", "releasing"), pk=pk)
    form, refusal = ReceiveForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            person = confirm_transfer(offer, **form.cleaned_data, actor=request.actor, day=today(), at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã tiếp nhận {person}. Quá trình công tác và khen thưởng xem ở hồ sơ.")
            return redirect("units:person-detail", pk=person.pk)
    return _render_offer(request, offer, form=form, decline_form=DeclineForm(), refusal=refusal)


@require_POST
@unit_view("units.confirm_transfer")
def transfer_decline(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The no, with its reason."""
    offer = get_object_or_404(TransferOffer.objects.select_related("unit", "releasing"), pk=pk)
    form, refusal = DeclineForm(request.POST), None
    if form.is_valid():
        try:
            decline_transfer(offer, **form.cleaned_data, actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã trả lời không tiếp nhận {offer}. {offer.releasing} sẽ thấy lý do.")
            return redirect("units:transfer-list")
    return _render_offer(request, offer, form=ReceiveForm(), decline_form=form, refusal=refusal)


def _render_offer(request: UnitRequest, offer: TransferOffer, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context |= {"offer": offer, "is_open": offer.state == TransferState.OFFERED}
    return render(request, "units/transfers/transfer_confirm.html", context, status=status)


@require_GET
@unit_view("units.view_past_service")
def past_service_list(request: UnitRequest) -> HttpResponse:
    """Those who worked here and work elsewhere now."""
    words = request.GET.get("q", "").strip()
    page = Paginator(list_past_services(words), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "units/transfers/past_service_list.html", {"page": page, "words": words})


@require_GET
@unit_view("units.view_past_service")
def past_service_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Somebody's time in the unit. It is a personal record: every opening leaves a line in the trail."""
    past = get_object_or_404(PastService.objects.select_related("unit", "moved_to"), pk=pk)
    record_act("open-record", past, actor=request.actor)
    context = {
        "past": past,
        "postings": list_own_postings(past),
        "gradings": list_own_gradings(past),
        "honours": list_own_honours(past),
    }
    return render(request, "units/transfers/past_service_detail.html", context)
