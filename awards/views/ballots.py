"""The secretariat's side of a ballot: prepare, open, watch who has voted, close, count."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms import CeremonyForm, OpeningForm
from awards.forms.ballots import ArrangeForm, BallotForm, WinnersForm
from awards.forms.hand_papers import EnvelopeForm, IssuedForm, PaperReasonForm
from awards.models import Ballot, BallotState, Sitting
from awards.selectors.ballots import check_ballot, find_turnout, list_council_ballots, list_voting_rules
from awards.selectors.contests import Grouping, list_eligible, list_groups, list_sitting_parts, propose_groups
from awards.selectors.councils import list_council_sittings
from awards.selectors.counts import describe_count
from awards.selectors.hand_papers import enters_papers, find_sheets, list_absent, list_envelopes, most_papers
from awards.selectors.minutes import find_gaps
from awards.selectors.rounds import find_offers
from awards.services.ballots import (
    abandon_ballot,
    add_ballot,
    arrange_ballot,
    close_ballot,
    close_paper_ballot,
    discard_ballot,
    open_ballot,
)
from awards.services.counting import count_ballot
from awards.services.rounds import NextBallot, add_second_round, add_winners_ballot
from awards.terms import terms_of
from awards.views.papers import send_legend, send_papers, send_result
from units.actors import Actor
from units.clock import now, today
from units.folding import nfc
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_ballot")
def ballot_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Prepare a ballot of a sitting. With groups, the next page lays the cases out in them."""
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    form = BallotForm(
        request.POST or None,
        rules=list_voting_rules(sitting.held_on),
        parts=list_sitting_parts(sitting),
        initial={"title": sitting.title},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            ballot = _add(sitting, form, request.actor)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã lập lượt bỏ phiếu. Kiểm tra các điều kiện bên dưới rồi mở.")
            is_grouped = form.cleaned_data["grouping"] is not Grouping.ONE
            return redirect("awards:ballot-arrange" if is_grouped else "awards:council-ballot-detail", pk=ballot.pk)
    context = {"sitting": sitting, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/council/ballot_add.html", context, status=status)


def _add(sitting: Sitting, form: BallotForm, actor: Actor) -> Ballot:
    values = form.cleaned_data
    grouping: Grouping = values["grouping"]
    contests: list[dict[str, Any]] = []
    # One list of everything that is open needs no groups: what is added to the agenda later comes along.
    if grouping is not Grouping.ONE or form.is_partial:
        contests = propose_groups(
            grouping, form.cases(), title=values["title"], seats=values["seats"], rule=values["rule"]
        )
    return add_ballot(
        sitting,
        title=values["title"],
        rule=values["rule"],
        seats=values["seats"],
        kind=values["kind"],
        contests=contests,
        actor=actor,
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_ballot")
def ballot_arrange(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Lay the cases of a draft out in groups with their seats."""
    ballot = _get(request, pk)
    if ballot.state != BallotState.DRAFT:
        return redirect("awards:council-ballot-detail", pk=pk)
    eligible = list_eligible(ballot)
    form = ArrangeForm(request.POST or None, groups=list_groups(ballot, eligible), items=eligible)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            arrange_ballot(ballot, form.groups(), actor=request.actor)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã lưu các nhóm.")
            return redirect("awards:council-ballot-detail", pk=pk)
    context = {"ballot": ballot, "sitting": ballot.sitting, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/council/ballot_arrange.html", context, status=status)


@require_POST
@unit_view("awards.add_ballot")
def second_round_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Prepare the round that a tie calls for."""
    ballot = _get(request, pk)
    try:
        added = add_second_round(ballot, actor=request.actor)
    except RefusedError as refusal:
        return render_ballot(request, ballot, status=422, refusal=refusal)
    messages.success(request, "Đã lập vòng sau giữa các trường hợp bằng phiếu. Kiểm tra rồi mở.")
    return redirect("awards:council-ballot-detail", pk=added.pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_ballot")
def winners_ballot_add(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Prepare a ballot among those whom this one chose."""
    ballot = _get(request, pk)
    offer = next((one for one in find_offers(ballot.sitting).winners if one.ballot.pk == ballot.pk), None)
    if offer is None:
        refusal = RefusedError(
            "Lượt này không có lượt tiếp theo trong số đã được chọn.",
            why="Chưa có kết quả, còn trường hợp bằng phiếu, không ai được chọn, hoặc lượt tiếp theo đã được lập.",
            remedy="Xem các lượt bỏ phiếu ở trang phiên họp.",
        )
        return render_ballot(request, ballot, status=422, refusal=refusal)
    rules = list_voting_rules(ballot.sitting.held_on)
    form = WinnersForm(request.POST or None, rules=rules, titles=offer.titles, may_propose=offer.may_propose)
    return answer_form(
        request,
        form,
        lambda: add_winners_ballot(ballot, _next_ballot(form), actor=request.actor),
        heading="Lập lượt trong số đã được chọn",
        submit="Lập và kiểm tra điều kiện",
        back=reverse("awards:council-sitting-detail", args=[ballot.sitting_id]),
        done="Đã lập lượt bỏ phiếu. Mở từ danh sách lượt bỏ phiếu của phiên họp.",
        template="awards/council/winners_add.html",
        ballot=ballot,
        sitting=ballot.sitting,
        offer=offer,
    )


def _next_ballot(form: WinnersForm) -> NextBallot:
    values = form.cleaned_data
    return NextBallot(
        title=values["title"],
        kind=values["kind"],
        rule=values["rule"],
        seats=values["seats"],
        recognition=form.recognition(),
    )


def _get(request: UnitRequest, pk: UUID) -> Ballot:
    return get_object_or_404(list_council_ballots(request.actor.unit), pk=pk)


def _draft(ballot: Ballot) -> dict[str, Any]:
    envelopes = list(list_envelopes(ballot))
    return {
        "check": check_ballot(ballot, day=today()),
        "envelopes": envelopes,
        "paper_form": PaperReasonForm(initial={"reason": ballot.paper_reason}),
        "envelope_form": EnvelopeForm(members=list_absent(ballot), envelopes=envelopes),
    }


def _open(ballot: Ballot) -> dict[str, Any]:
    return {"turnout": find_turnout(ballot), "terms": terms_of(ballot), "issued_form": IssuedForm()}


def _closed(ballot: Ballot) -> dict[str, Any]:
    terms = terms_of(ballot)
    return {
        "turnout": find_turnout(ballot),
        "terms": terms,
        "opening": OpeningForm(holders=list(terms["holders"])),
        "sheets": find_sheets(ballot) if enters_papers(ballot) else None,
        "most_papers": most_papers(ballot),
    }


def _counted(ballot: Ballot) -> dict[str, Any]:
    return {
        "turnout": find_turnout(ballot),
        "terms": terms_of(ballot),
        "count": describe_count(ballot),
        "minutes_gaps": find_gaps(ballot),
    }


PAGES = {
    BallotState.DRAFT: ("ballot_draft", _draft),
    BallotState.OPEN: ("ballot_open", _open),
    BallotState.CLOSED: ("ballot_closed", _closed),
    BallotState.COUNTED: ("ballot_counted", _counted),
    BallotState.VOID: ("ballot_void", _open),
}


def render_ballot(request: UnitRequest, ballot: Ballot, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The page of a ballot in its state. An htmx request asks for the turnout alone."""
    template, gather = PAGES[BallotState(ballot.state)]
    context = {"ballot": ballot, "sitting": ballot.sitting} | gather(ballot) | extra
    name = f"awards/council/{template}.html"
    if request.htmx and ballot.state == BallotState.OPEN:
        name = f"{name}#turnout"
    return render(request, name, context, status=status)


@require_GET
@unit_view("awards.view_sitting")
def council_ballot_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    ballot = _get(request, pk)
    response = render_ballot(request, ballot)
    if request.htmx and ballot.state != BallotState.OPEN:
        # The page that asks was drawn while the ballot was open: it has to be drawn anew.
        response["HX-Refresh"] = "true"
    return response


@require_POST
@unit_view("awards.add_ballot")
def ballot_discard(request: UnitRequest, pk: UUID) -> HttpResponse:
    ballot = _get(request, pk)
    try:
        discard_ballot(ballot, actor=request.actor)
    except RefusedError as refusal:
        return render_ballot(request, ballot, status=422, refusal=refusal)
    messages.success(request, "Đã hủy lượt bỏ phiếu.")
    return redirect("awards:council-sitting-detail", pk=ballot.sitting_id)


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@unit_view("awards.open_ballot")
def ballot_open(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The key ceremony: three holders type, and the ballot opens."""
    ballot = _get(request, pk)
    if ballot.state != BallotState.DRAFT:
        return redirect("awards:council-ballot-detail", pk=pk)
    check = check_ballot(ballot, day=today())
    if check.obstacles:
        return render_ballot(request, ballot, status=422)
    if ballot.on_paper:
        return _open_on_paper(request, ballot)
    form = CeremonyForm(request.POST or None, holders=check.holders)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            open_ballot(ballot, passphrases=form.passphrases(), actor=request.actor, day=today())
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã mở lượt bỏ phiếu.")
            return redirect("awards:council-ballot-detail", pk=pk)
    context = {"ballot": ballot, "sitting": ballot.sitting, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/council/ceremony.html", context, status=status)


def _open_on_paper(request: UnitRequest, ballot: Ballot) -> HttpResponse:
    """Nobody types anything: the check-list is on the page of the draft."""
    if request.method == "POST":
        try:
            open_ballot(ballot, passphrases={}, actor=request.actor, day=today())
        except RefusedError as refusal:
            return render_ballot(request, ballot, status=422, refusal=refusal)
        messages.success(request, "Đã chốt danh sách. Phát phiếu giấy; bỏ phiếu xong thì ghi số phiếu phát ra và đóng.")
    return redirect("awards:council-ballot-detail", pk=ballot.pk)


@require_POST
@unit_view("awards.close_ballot")
def ballot_close(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End the voting; on paper, with how many papers were handed out."""
    ballot = _get(request, pk)
    form = IssuedForm(request.POST)
    if ballot.on_paper and not form.is_valid():
        return render_ballot(request, ballot, status=422, issued_form=form)
    try:
        if ballot.on_paper:
            close_paper_ballot(ballot, issued=form.cleaned_data["issued"], actor=request.actor)
        else:
            close_ballot(ballot, actor=request.actor)
    except RefusedError as refusal:
        return render_ballot(request, ballot, status=422, refusal=refusal, issued_form=form)
    messages.success(request, "Đã đóng bỏ phiếu.")
    return redirect("awards:council-ballot-detail", pk=pk)


@require_POST
@unit_view("awards.abandon_ballot")
def ballot_abandon(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give up a closed ballot that nobody can open any more."""
    ballot = _get(request, pk)
    try:
        abandon_ballot(ballot, reason=nfc(request.POST.get("reason", ""))[:400], actor=request.actor)
    except RefusedError as refusal:
        return render_ballot(request, _get(request, pk), status=422, refusal=refusal)
    return redirect("awards:council-ballot-detail", pk=pk)


@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@unit_view("awards.count_ballot")
def ballot_count(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Two key holders open the urn; papers on which two tellers agree need no key."""
    ballot = _get(request, pk)
    form = OpeningForm(request.POST, holders=list(ballot.terms.get("holders", [])))
    # Asked in every state: a second click finds the ballot counted, and is told so.
    if not ballot.on_paper and not form.is_valid() and ballot.state == BallotState.CLOSED:
        return render_ballot(request, ballot, status=422, opening=form)
    words = {} if ballot.on_paper else form.passphrases()
    try:
        count_ballot(ballot, passphrases=words, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_ballot(request, _get(request, pk), status=422, refusal=refusal)
    messages.success(request, "Đã kiểm phiếu.")
    return redirect("awards:council-ballot-detail", pk=pk)


@require_GET
@unit_view("awards.view_sitting")
def council_ballot_papers(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The bare papers with the rules that count them, as a file."""
    return send_papers(get_object_or_404(list_council_ballots(request.actor.unit), pk=pk, state=BallotState.COUNTED))


@require_GET
@unit_view("awards.view_sitting")
def council_ballot_counts(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The result as a file, for the checker to compare with its own."""
    return send_result(get_object_or_404(list_council_ballots(request.actor.unit), pk=pk, state=BallotState.COUNTED))


@require_GET
@unit_view("awards.view_sitting")
def council_ballot_legend(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Who stands behind each key of the papers."""
    return send_legend(get_object_or_404(list_council_ballots(request.actor.unit), pk=pk, state=BallotState.COUNTED))
