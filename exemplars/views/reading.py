"""Screens of those who read, approve, return and accept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.selectors.inspections import find_without_result, has_inspection_result
from exemplars import rules
from exemplars.forms import AttestationForm, RemarksForm
from exemplars.forms.judging import ProposalForm, SpecialCaseForm, SpecialDecisionForm
from exemplars.models import Evidence, Nomination, SpecialCaseState
from exemplars.notes import list_notes
from exemplars.selectors.nominations import (
    NamedFirst,
    WaitingFirst,
    count_by_state,
    find_latest_assessment,
    find_place,
    find_subjects,
    list_evidence,
    list_nominations_for,
    list_open_remarks,
    list_trail,
    list_undecided_special_cases,
    narrow_nominations,
)
from exemplars.services.assessments import Judged, assess_nomination, list_judgements, pick_judgements
from exemplars.services.evidence import attest_nomination
from exemplars.services.nominations import (
    accept_nomination,
    forward_nomination,
    return_nomination,
    send_back_nomination,
)
from exemplars.services.proposals import may_propose
from exemplars.services.special_cases import may_propose_special_case
from exemplars.workflow import STEPS, TRANSITIONS, Action, NominationState
from units.clock import database_now, now, today
from units.forms.trail import TrailForm
from units.frame import UnitRequest, unit_view
from units.paging import MOST_ROWS, BoundedList, BoundedPaginator, count_in_words
from units.refusals import RefusedError
from units.selectors.record import list_honours
from units.services.audit import record_act
from units.views.downloads import send_file
from units.views.trail import render_trail

PAGE_SIZE = 25
MOST_UNDECIDED = 20  # cases on top of the list; the next ones come as these are decided
MOST_NAMED = 500  # words that name more than this many nominations are no answer
GIVEN_BACK = {Action.RETURN: "Đã trả lại bổ sung.", Action.SEND_BACK: "Đã trả lại cán bộ thi đua."}


@require_GET
@unit_view("exemplars.view_nomination")
def nomination_list(request: UnitRequest) -> HttpResponse:
    """Nominations in sight, what waits for the actor first, then the newest; narrowed by words and state."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    state = state if state in NominationState.values else ""
    unit = request.actor.unit
    subjects = find_subjects(words, unit.path)
    found = narrow_nominations(list_nominations_for(unit.path), unit.path, subjects, state)
    rows: BoundedList
    if subjects:
        counts = None  # those of all nominations in sight would say nothing about the words
        rows, most = NamedFirst(found, request.actor, most=MOST_NAMED, are_few=subjects.are_few), MOST_NAMED
    else:
        counts = count_by_state(unit)
        known = counts[state] if state else sum(counts.values())
        rows, most = WaitingFirst(found, request.actor, known=known), MOST_ROWS
    pages = BoundedPaginator(rows, PAGE_SIZE, most=most)
    page = pages.get_page(request.GET.get("page"))
    without = find_without_result((one.unit_id, one.year) for one in page)
    decides = request.actor.may("exemplars.grant_special_case")
    undecided = list(list_undecided_special_cases(unit)[: MOST_UNDECIDED + 1]) if decides else []
    context = {
        "page": page,
        "undecided": undecided[:MOST_UNDECIDED],
        "has_more_undecided": len(undecided) > MOST_UNDECIDED,
        "uninspected": {one.pk for one in page if (one.unit_id, one.year) in without},
        "words": words,
        "state": state,
        "is_cut": subjects is not None and subjects.is_cut,
        "states": [
            (value, f"{label} ({count_in_words(counts[value])})" if counts else label)
            for value, label in NominationState.choices
        ],
    }
    return render(request, "exemplars/nomination_list.html", context)


def get_nomination(request: UnitRequest, pk: UUID) -> Nomination:
    return get_object_or_404(list_nominations_for(request.actor.unit.path), pk=pk)


def _judge_live(nomination: Nomination) -> Judged | None:
    """Judged anew while the unit works on it; afterwards what was stored counts."""
    is_at_work = nomination.state in (NominationState.DRAFT, NominationState.RETURNED, NominationState.SUBMITTED)
    return assess_nomination(nomination, day=today()) if is_at_work else None


def _findings(nomination: Nomination, judged: Judged | None) -> tuple[rules.Finding, ...]:
    """What the page shows: judged live while the unit works on it, as stored once it was handed on."""
    if judged:
        return judged.assessment.findings
    stored = find_latest_assessment(nomination)
    return rules.read_findings(stored.findings) if stored else ()


def _may(request: UnitRequest, nomination: Nomination) -> dict[str, bool]:
    """Which actions the page offers: right state, right role, right unit."""
    fitting = {
        action: transition
        for action, transition in TRANSITIONS.items()
        if nomination.state in transition.sources and request.actor.may(transition.permission)
    }
    places = {place: find_place(nomination, place) for place in {one.place for one in fitting.values()}}
    return {
        action.name.lower(): action in fitting and places[fitting[action].place] in (None, request.actor.unit)
        for action in TRANSITIONS
    }


def _attestation_form(nomination: Nomination, criteria: list[rules.Finding], data: Any = None) -> AttestationForm:
    standing = {one.criterion: one for one in nomination.attestations.all()}
    initial: dict[str, str] = {}
    for code, one in standing.items():
        initial |= {f"holds_{code}": "yes" if one.holds else "no", f"grounds_{code}": one.grounds}
    return AttestationForm(data, criteria=criteria, initial=initial)


def _special_forms(request: UnitRequest, nomination: Nomination, findings: tuple[rules.Finding, ...]) -> dict[str, Any]:
    """What the page asks about a special case: the council's secretariat to propose one, the head to decide it."""
    standing = [one for one in nomination.special_cases.all() if one.state != SpecialCaseState.REFUSED]
    waits = any(one.state == SpecialCaseState.PROPOSED and one.decider_id == request.actor.unit.pk for one in standing)
    has_unmet = any(one.status is rules.Status.UNMET for one in findings)
    proposes = not standing and may_propose_special_case(nomination, request.actor, has_unmet=has_unmet)
    decides = waits and request.actor.may("exemplars.grant_special_case")
    return {
        "special_form": SpecialCaseForm() if proposes else None,
        "special_decision_form": SpecialDecisionForm() if decides else None,
    }


def render_nomination(request: UnitRequest, nomination: Nomination, *, status: int = 200, **extra: Any) -> HttpResponse:
    """A nomination to read, with the actions that the actor has in its state."""
    judged = _judge_live(nomination)
    findings = _findings(nomination, judged)
    may = _may(request, nomination)
    context: dict[str, Any] = {
        "nomination": nomination,
        "findings": findings,
        "evidence": list(list_evidence(nomination)),
        "honours": list(list_honours(person=nomination.person_id, collective=nomination.collective_id)),
        "remarks": list_open_remarks(nomination),
        "trail": list(list_trail(nomination.pk)[:50]),
        "steps": STEPS,
        "may": may,
        "remarks_form": RemarksForm(),
        "attestation_form": _attestation_form(nomination, pick_judgements(judged)) if may["forward"] else None,
        "is_own": nomination.unit_id == request.actor.unit.pk,
        "proposals": list(nomination.proposals.all()),
        "proposal_form": ProposalForm() if may_propose(nomination, request.actor, today()) else None,
        **_special_forms(request, nomination, findings),
        "notes": list_notes(nomination),
        "lacks_inspection": has_inspection_result(nomination.unit, nomination.year) is False,
    }
    return render(request, "exemplars/nomination_detail.html", context | extra, status=status)


@require_GET
@unit_view("exemplars.view_nomination")
def nomination_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A nomination. Opening one of another unit leaves a line in the trail: it is somebody's dossier."""
    nomination = get_nomination(request, pk)
    if nomination.unit_id != request.actor.unit.pk:
        record_act("open", nomination, actor=request.actor)
    return render_nomination(request, nomination)


@require_GET
@unit_view("exemplars.view_nomination_trail")
def nomination_trail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Everything that was done with a nomination, and who opened it."""
    nomination = get_nomination(request, pk)
    heading = f"Nhật ký đề nghị cho {nomination.nominee_name}"
    context = {"nomination": nomination, "unit": nomination.unit, "heading": heading}
    form = TrailForm(request.GET)
    return render_trail(request, list_trail(pk), form, template="exemplars/nomination_trail.html", **context)


@require_POST
@unit_view("exemplars.attest_nomination")
def nomination_attest(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_nomination(request, pk)
    form = _attestation_form(nomination, list_judgements(nomination, day=today()), request.POST)
    if not form.is_valid():
        return render_nomination(request, nomination, status=422, attestation_form=form)
    try:
        attest_nomination(nomination, form.judgements(), actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal)
    messages.success(request, "Đã lưu xác nhận.")
    return redirect(nomination)


@require_POST
@unit_view("exemplars.forward_nomination")
def nomination_forward(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_nomination(request, pk)
    try:
        forward_nomination(nomination, actor=request.actor, day=today(), at=database_now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal)
    messages.success(request, "Đã duyệt và chuyển cấp trên.")
    return redirect(nomination)


def _give_back(request: UnitRequest, pk: UUID, action: Action) -> HttpResponse:
    nomination = get_nomination(request, pk)
    form = RemarksForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        give_back = return_nomination if action is Action.RETURN else send_back_nomination
        try:
            give_back(nomination, form.cleaned_data, actor=request.actor, at=now())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, GIVEN_BACK[action])
            return redirect(nomination)
    context = {"nomination": nomination, "form": form, "refusal": refusal, "label": TRANSITIONS[action].label}
    status = 422 if request.method == "POST" else 200
    return render(request, "exemplars/nomination_return.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.send_back_nomination")
def nomination_send_back(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The head gives the nomination back to the clerk."""
    return _give_back(request, pk, Action.SEND_BACK)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.return_nomination")
def nomination_return(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The secretariat gives the nomination back to the unit, a reason at each field that needs mending."""
    return _give_back(request, pk, Action.RETURN)


@require_POST
@unit_view("exemplars.accept_nomination")
def nomination_accept(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_nomination(request, pk)
    try:
        accept_nomination(nomination, actor=request.actor, day=today(), at=now())
    except RefusedError as refusal:
        return render_nomination(request, nomination, status=422, refusal=refusal)
    messages.success(request, "Đã đưa vào trình Hội đồng.")
    return redirect(nomination)


def send_evidence(evidence: Evidence) -> HttpResponseBase:
    return send_file(evidence.file, evidence.file_name)


@require_GET
@unit_view("exemplars.view_nomination")
def evidence_download(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    visible = list_nominations_for(request.actor.unit.path)
    evidence = get_object_or_404(
        Evidence.objects.filter(nomination__in=visible.values("pk"), removed_at__isnull=True).select_related(
            "nomination__unit"
        ),
        pk=pk,
    )
    record_act("download", evidence.nomination, actor=request.actor, evidence=str(evidence.pk))
    return send_evidence(evidence)
