"""The secretariat prepares a sitting."""

from collections.abc import Iterable
from itertools import dropwhile, islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms import AttendanceForm, SittingForm
from awards.models import AgendaItem, BallotState, Sitting, SittingState
from awards.selectors.conflicts import find_conflicts
from awards.selectors.councils import (
    list_agenda,
    list_attendances,
    list_ballots,
    list_council_sittings,
    list_councils,
    list_members,
    list_ready_nominations,
    list_substitutes,
    list_undecided,
)
from awards.selectors.crossing import list_untold
from awards.selectors.invitations import read_invitations
from awards.selectors.minutes import describe_minutes
from awards.selectors.quorum import describe_presence
from awards.selectors.rounds import find_offers
from awards.services.sittings import (
    RUNNING,
    add_agenda_item,
    add_sitting,
    close_sitting,
    order_agenda,
    record_attendance,
    remove_agenda_item,
)
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError

SHOWN = 200


@require_GET
@unit_view("awards.view_sitting")
def council_sitting_list(request: UnitRequest) -> HttpResponse:
    """Councils of the unit and their sittings."""
    context = {
        "councils": list(list_councils(request.actor.unit, today())),
        "sittings": list(list_council_sittings(request.actor.unit)[:SHOWN]),
        "day": today(),
    }
    return render(request, "awards/council/sitting_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_sitting")
def council_sitting_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Convene a council."""
    council = get_object_or_404(list_councils(request.actor.unit, today()), pk=pk)
    form = SittingForm(request.POST or None, council_from=council.valid_from, council_to=council.valid_to)
    if request.method == "POST" and form.is_valid():
        sitting = add_sitting(council, **form.cleaned_data, actor=request.actor)
        messages.success(request, "Đã lập phiên họp. Đưa các trường hợp vào chương trình, rồi điểm danh.")
        return redirect("awards:council-sitting-detail", pk=sitting.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/council/sitting_add.html", {"council": council, "form": form}, status=status)


def _get(request: UnitRequest, pk: UUID) -> Sitting:
    return get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)


def render_sitting(request: UnitRequest, sitting: Sitting, *, status: int = 200, **extra: Any) -> HttpResponse:
    """A sitting with its agenda, what could be put on it, its attendance and its ballots."""
    members = list(list_members(sitting.council, sitting.held_on))
    attendances = list(list_attendances(sitting))
    ballots = list(list_ballots(sitting))
    running = [ballot for ballot in ballots if ballot.state in RUNNING]
    substitutes = list(list_substitutes(sitting))
    invited = [*members, *(one for one in substitutes if not one.has_vote)]
    invitations = read_invitations(sitting, invited, day=today())
    answers = [line.invitation for line in invitations.lines if line.invitation]
    drafts = [ballot for ballot in ballots if ballot.state == BallotState.DRAFT]
    items = list(list_agenda(sitting))
    ready = list(list_ready_nominations(sitting).select_related("campaign", "received")[:SHOWN])
    is_open = sitting.state == SittingState.PLANNED and not running
    context = {
        "sitting": sitting,
        "items": items,
        "next_case": _find_next_case(sitting, items),
        "ready": ready,
        "kinds": list({(one.campaign_id, one.recognition_id): one for one in ready}.values()),
        "attendance": AttendanceForm(members=members, standing=attendances, answers=answers),
        "invitations": invitations,
        "presence": describe_presence(sitting, members, attendances, ballots),
        "present": sum(one.is_present for one in attendances),
        "recorded": len(attendances),
        "members": members,
        "substitutes": substitutes,
        "attendances": attendances,
        "ballots": ballots,
        "current": next(iter(running + drafts), None),
        "is_settled": any(ballot.state == BallotState.COUNTED for ballot in ballots) and not list_undecided(sitting),
        "is_open": is_open,
        "offers": find_offers(sitting) if is_open and not drafts else None,
        "conflicts": find_conflicts(sitting),
        "crossed": sum(one.nomination.is_crossed for one in items),
        "untold": len(list_untold(sitting)) if any(one.nomination.is_crossed for one in items) else 0,
        "running": bool(running),
        "minutes_of": describe_minutes(sitting, ballots),
    }
    return render(request, "awards/council/sitting_detail.html", context | extra, status=status)


def _find_next_case(sitting: Sitting, items: list[AgendaItem]) -> AgendaItem | None:
    """The case after the one under discussion, or the first; None after the last."""
    if sitting.under_discussion_id is None:
        return items[0] if items else None
    rest = dropwhile(lambda one: one.pk != sitting.under_discussion_id, items)
    return next(islice(rest, 1, None), None)


@require_GET
@unit_view("awards.view_sitting")
def council_sitting_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return render_sitting(request, _get(request, pk))


@require_POST
@unit_view("awards.change_sitting")
def agenda_item_add(request: UnitRequest, pk: UUID, nomination: UUID) -> HttpResponse:
    sitting = _get(request, pk)
    case = get_object_or_404(list_ready_nominations(sitting), pk=nomination)
    try:
        add_agenda_item(sitting, case, actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, "Đã đưa vào chương trình.")
    return redirect("awards:council-sitting-detail", pk=pk)


@require_POST
@unit_view("awards.change_sitting")
def agenda_item_remove(request: UnitRequest, pk: UUID, item: UUID) -> HttpResponse:
    sitting = _get(request, pk)
    case = get_object_or_404(list_agenda(sitting).select_related("sitting"), pk=item)
    try:
        remove_agenda_item(case, actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, "Đã bỏ ra khỏi chương trình.")
    return redirect("awards:council-sitting-detail", pk=pk)


@require_POST
@unit_view("awards.change_sitting")
def agenda_order(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Order the cases by the numbers typed beside them; a place that is no number keeps its case where it was."""
    sitting = _get(request, pk)
    places = read_places(request.POST, [item.pk for item in list_agenda(sitting)])
    try:
        order_agenda(sitting, places=places, actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, "Đã lưu thứ tự.")
    return redirect("awards:council-sitting-detail", pk=pk)


def read_places(typed: QueryDict, keys: Iterable[UUID]) -> dict[UUID, int]:
    """The numbers typed beside the lines of a list; what is no number is left out."""
    return {
        key: int(words)
        for key in keys
        for words in [typed.get(f"order-{key}", "").strip()]
        if words.isascii() and words.isdigit() and len(words) <= 4  # noqa: PLR2004  nobody has ten thousand cases
    }


@require_POST
@unit_view("awards.change_sitting")
def attendance_record(request: UnitRequest, pk: UUID) -> HttpResponse:
    sitting = _get(request, pk)
    members = list(list_members(sitting.council, sitting.held_on))
    form = AttendanceForm(request.POST, members=members, standing=())
    if not form.is_valid():
        return render_sitting(request, sitting, status=422, attendance=form)
    try:
        back = record_attendance(sitting, absences=form.absences(), actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, "Đã lưu điểm danh.")
    if back:
        names = ", ".join(dict.fromkeys(str(one.member) for one in back))
        messages.warning(request, f"Có mặt nên trả lại bì kín, chưa mở: {names}. Giao lại bì nguyên vẹn tại phiên họp.")
    return redirect("awards:council-sitting-detail", pk=pk)


@require_POST
@unit_view("awards.close_sitting")
def sitting_close(request: UnitRequest, pk: UUID) -> HttpResponse:
    sitting = _get(request, pk)
    try:
        close_sitting(sitting, actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    messages.success(request, "Đã kết thúc phiên họp.")
    return redirect("awards:council-sitting-detail", pk=pk)
