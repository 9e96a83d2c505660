"""Who sits in a council: given, changed and ended on screen; substitutes for a sitting."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from awards.forms.councils import SeatEndForm, SeatForm, SubstituteForm
from awards.models import CouncilMember, Sitting
from awards.selectors.councils import list_council_sittings, list_members, list_substitutes
from awards.services.seats import change_seat, end_seat, give_seat
from awards.services.substitutes import name_substitute, withdraw_substitute
from awards.views.councils import get_council
from awards.views.sittings import render_sitting
from units.clock import today
from units.folding import nfc
from units.frame import UnitRequest, unit_view
from units.models import User
from units.refusals import RefusedError
from units.selectors.accounts import current_ids, list_accounts

FOUND = 20


def _find_account(request: UnitRequest) -> User | None:
    """The account chosen from the search, in the address of the form."""
    try:
        chosen = UUID(request.GET.get("account", ""))
    except ValueError:
        return None
    return get_object_or_404(list_accounts(request.actor.unit.path, day=today(), state="current"), pk=chosen)


def _search(request: UnitRequest) -> dict[str, Any]:
    """Accounts of the subtree whose name, user name or address has the words typed; the first `FOUND` of them."""
    words = nfc(request.GET.get("q", "")).strip()
    if not words:
        return {"words": "", "found": []}
    found = list(list_accounts(request.actor.unit.path, day=today(), term=words, state="current")[: FOUND + 1])
    shown = found[:FOUND]
    current = current_ids([one for account in shown for one in account.shown], today())  # type: ignore[attr-defined]
    return {"words": words, "found": shown, "has_more": len(found) > FOUND, "current": current}


@require_http_methods(["GET", "POST"])
@unit_view("awards.give_seat")
def seat_give(request: UnitRequest, pk: UUID) -> HttpResponse:
    """First the account is searched and chosen, then the seat is written as the decision has it."""
    council = get_council(request, pk)
    account = _find_account(request)
    context: dict[str, Any] = {"council": council, "account": account}
    if account is None:
        template = (
            "awards/councils/account_search.html#found" if request.htmx else "awards/councils/account_search.html"
        )
        return render(request, template, context | _search(request) | {"title": "Thêm thành viên"})
    last = council.members.aggregate(last=Max("order"))["last"] or 0
    initial = SeatForm.for_council(council, day=today(), order=last + 1)
    form = SeatForm(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            give_seat(council, account, form.terms(), actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã ghi {account} vào Hội đồng. Người đó được báo bằng thư.")
            return redirect("awards:council-detail", pk=pk)
    context |= {"form": form, "refusal": refusal, "title": "Thêm thành viên", "button": "Ghi vào Hội đồng"}
    return render(request, "awards/councils/seat.html", context, status=422 if refusal or form.errors else 200)


def _get_seat(request: UnitRequest, pk: UUID) -> CouncilMember:
    seats = CouncilMember.objects.filter(council__unit=request.actor.unit, for_sitting__isnull=True)
    return get_object_or_404(seats.select_related("council__unit", "user", "member_unit"), pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.change_seat")
def seat_change(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The seat as it is ends on the day before the one typed; from that day on it is held as written here."""
    member = _get_seat(request, pk)
    form = SeatForm(request.POST or None, initial=SeatForm.for_member(member, day=today()))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            change_seat(member, form.terms(), actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(
                request, f"Đã ghi thay đổi của {member}. Điểm danh lại phiên họp sau ngày này nếu đã điểm."
            )
            return redirect("awards:council-detail", pk=member.council_id)
    context = {
        "council": member.council,
        "account": member.user,
        "member": member,
        "form": form,
        "refusal": refusal,
        "title": "Thay đổi chức danh",
        "button": "Ghi thay đổi",
    }
    return render(request, "awards/councils/seat.html", context, status=422 if refusal or form.errors else 200)


@require_http_methods(["GET", "POST"])
@unit_view("awards.end_seat")
def seat_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End a seat; the page says which sittings then go without the member."""
    member = _get_seat(request, pk)
    form = SeatEndForm(request.POST or None, initial={"last_day": today() - timedelta(days=1)})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            sittings = end_seat(member, **form.cleaned_data, actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã ghi ngày cuối của {member}.{_name_sittings(sittings)}")
            return redirect("awards:council-detail", pk=member.council_id)
    context = {
        "council": member.council,
        "account": member.user,
        "member": member,
        "form": form,
        "refusal": refusal,
        "title": "Kết thúc chức danh",
        "button": "Ghi ngày cuối",
    }
    return render(request, "awards/councils/seat.html", context, status=422 if refusal or form.errors else 200)


def _name_sittings(sittings: list[Sitting]) -> str:
    if not sittings:
        return ""
    named = "; ".join(f"{one} ({one.held_on:%d/%m/%Y})" for one in sittings[:5])
    return f" Không còn tên trong các phiên họp sau ngày đó, điểm danh của người này được bỏ: {named}."


def _get_sitting(request: UnitRequest, pk: UUID) -> Sitting:
    return get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.name_substitute")
def substitute_name(request: UnitRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Who stands in for a member at one sitting: the account is searched, then the paper is written."""
    sitting = _get_sitting(request, pk)
    replaced = get_object_or_404(list_members(sitting.council, sitting.held_on).filter(for_sitting=None), pk=member)
    account = _find_account(request)
    context: dict[str, Any] = {"council": sitting.council, "sitting": sitting, "replaced": replaced, "account": account}
    title = f"Cử người thay {replaced}"
    if account is None:
        template = (
            "awards/councils/account_search.html#found" if request.htmx else "awards/councils/account_search.html"
        )
        return render(request, template, context | _search(request) | {"title": title})
    form = SubstituteForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            name_substitute(sitting, replaced, account, **form.cleaned_data, actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã ghi {account} thay {replaced} tại phiên họp. Điểm danh lại nếu đã điểm.")
            return redirect("awards:council-sitting-detail", pk=pk)
    context |= {"form": form, "refusal": refusal, "title": title, "button": "Ghi người thay"}
    return render(request, "awards/councils/seat.html", context, status=422 if refusal or form.errors else 200)


@require_POST
@unit_view("awards.name_substitute")
def substitute_withdraw(request: UnitRequest, pk: UUID, member: UUID) -> HttpResponse:
    """The member comes after all, or somebody else stands in."""
    sitting = _get_sitting(request, pk)
    substitute = get_object_or_404(list_substitutes(sitting), pk=member)
    try:
        withdraw_substitute(substitute, actor=request.actor, day=today())
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(
        request, "Đã bỏ người thay. Thành viên được thay lại có tên tại phiên họp; điểm danh lại nếu đã điểm."
    )
    return redirect("awards:council-sitting-detail", pk=pk)
