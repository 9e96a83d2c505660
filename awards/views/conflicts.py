"""Who takes no part in which case: declared by members, kept by the secretary, said to both."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.conflicts import DeclareForm, KeepForm
from awards.frame import CouncilRequest, council_view
from awards.models import AgendaItem, ConflictOfInterest, CouncilMember, Sitting, SittingState
from awards.selectors.conflicts import find_conflicts, find_own_vote_rule
from awards.selectors.councils import list_council_sittings, list_members, list_sittings, list_undecided
from awards.services.conflicts import add_conflict, declare_conflict, remove_conflict
from awards.services.sittings import RUNNING
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.scoping import unit_scope
from units.views.acts import answer_form, posted


@sensitive_post_parameters("reason")
@require_http_methods(["GET", "POST"])
@council_view("awards.declare_conflict")
def conflict_declare(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """A member declares for a case of a sitting that they take no part in it.

    Written in the scope of the council's unit: a council's persona cannot lock its sitting, and reads no declarations.
    """
    sitting = get_object_or_404(list_sittings(), pk=pk)
    member = next(seat for seat in request.seats if seat.council_id == sitting.council_id)
    own = [one for one in request.conflicts if one.item.sitting_id == sitting.pk]
    is_running = sitting.ballots.filter(state__in=RUNNING).exists()
    away = {one.item.pk for one in own}
    with unit_scope(request.actor.unit.path):
        items = [] if is_running or sitting.state == SittingState.CLOSED else list_undecided(sitting)
    form = DeclareForm(posted(request), items=[item for item in items if item.pk not in away])
    return answer_form(
        request,
        form,
        lambda: _declare(request, form, member),
        heading="Khai báo không tham gia",
        submit="Khai báo không tham gia",
        back=reverse("awards:sitting-detail", args=[pk]),
        done="Đã ghi khai báo. Hồ sơ của trường hợp đó không còn hiện với đồng chí.",
        template="awards/conflict_declare.html",
        sitting=sitting,
        own=own,
        is_running=is_running,
    )


def _declare(request: CouncilRequest, form: DeclareForm, member: CouncilMember) -> None:
    values = form.cleaned_data
    with unit_scope(request.actor.unit.path):
        declare_conflict(
            form.item(), member=member, ground=values["ground"], reason=values["reason"], actor=request.actor
        )


def _get(request: UnitRequest, pk: UUID) -> Sitting:
    return get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)


def _form(request: UnitRequest, sitting: Sitting) -> KeepForm:
    members = list(list_members(sitting.council, sitting.held_on))
    return KeepForm(posted(request), members=members, items=list_undecided(sitting))


def _render(
    request: UnitRequest, sitting: Sitting, form: KeepForm, *, refusal: RefusedError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "sitting": sitting,
        "form": form,
        "refusal": refusal,
        "conflicts": find_conflicts(sitting),
        "own_vote": find_own_vote_rule(sitting.held_on) if sitting.council.cluster_year_id else None,
        "is_open": sitting.state == SittingState.PLANNED and not sitting.ballots.filter(state__in=RUNNING).exists(),
    }
    return render(request, "awards/council/conflict_list.html", context, status=status)


@require_GET
@unit_view("awards.view_sitting")
def conflict_list(request: UnitRequest, pk: UUID) -> HttpResponse:
    """What the register tells, what members declared and what the secretary keeps, for one sitting."""
    sitting = _get(request, pk)
    return _render(request, sitting, _form(request, sitting))


@sensitive_post_parameters("reason")
@require_POST
@unit_view("awards.add_conflict")
def conflict_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Keep a member from a case, by a clause."""
    sitting = _get(request, pk)
    form = _form(request, sitting)
    if not form.is_valid():
        return _render(request, sitting, form, status=422)
    member, item = form.chosen()
    values = form.cleaned_data
    try:
        add_conflict(item, member=member, reason=values["reason"], clause=values["clause"], actor=request.actor)
    except RefusedError as refusal:
        return _render(request, sitting, form, refusal=refusal, status=422)
    return redirect("awards:conflict-list", pk=pk)


@require_POST
@unit_view("awards.remove_conflict")
def conflict_remove(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take back what was written by mistake."""
    rows = ConflictOfInterest.objects.filter(member__council__unit=request.actor.unit)
    row = get_object_or_404(rows.select_related("member__user"), pk=pk)
    cases = AgendaItem.objects.filter(nomination=row.nomination_id, sitting__council=row.member.council_id)
    item = cases.select_related("sitting__council").order_by("-sitting__held_on", "-pk").first()
    if item is None:
        raise Http404
    try:
        remove_conflict(row, item, actor=request.actor)
    except RefusedError as refusal:
        return _render(request, item.sitting, _form(request, item.sitting), refusal=refusal, status=422)
    return redirect("awards:conflict-list", pk=item.sitting_id)
