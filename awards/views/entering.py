"""A teller enters papers, alone: nothing on these pages shows what the other teller entered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from awards.frame import CouncilRequest, council_view
from awards.models import Ballot, BallotKind, BallotState, CouncilMember, TellerSheet
from awards.selectors.ballots import list_all_ballots
from awards.selectors.hand_papers import SPOILED, find_sheets, most_papers, papers_by_number
from awards.services.entering import EntryRefusedError, enter_paper, finish_entering, strike_paper
from awards.terms import TWICE, Terms, contests_of, scale_words, terms_of, typed_points
from awards.voting import Vote
from awards.voting.reading import read_points
from units.refusals import RefusedError
from units.services.audit import record_act
from units.views.errors import not_found

FIELD, SPOILT = "vote-", "spoiled-"
DIGITS = 4


def _find(request: CouncilRequest, pk: UUID) -> Ballot | None:
    """An opened ballot before one of the member's councils; an attempt to post to another leaves a line."""
    ballot = list_all_ballots().exclude(state=BallotState.DRAFT).filter(pk=pk).first()
    if ballot is None and request.method == "POST":
        record_act("refuse-unknown-ballot", request.seats[0], actor=request.actor, asked=str(pk))
    return ballot


def _seat(request: CouncilRequest, ballot: Ballot) -> CouncilMember:
    return next(seat for seat in request.seats if seat.council_id == ballot.sitting.council_id)


@sensitive_variables()
def _read(data: QueryDict) -> tuple[dict[str, str], frozenset[str]]:
    choices = {name.removeprefix(FIELD): TWICE.join(data.getlist(name)) for name in data if name.startswith(FIELD)}
    return choices, frozenset(name.removeprefix(SPOILT) for name in data if name.startswith(SPOILT))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


@sensitive_variables()
def _groups(terms: Terms, paper: dict[str, Any]) -> list[dict[str, Any]]:
    """The paper group by group as it was entered, or empty."""
    candidates = {one["id"]: one for one in terms["candidates"]}
    groups = []
    for contest in contests_of(terms):
        marks = paper.get(contest["id"], {})
        chosen = dict.fromkeys(marks, Vote.YES.value) if isinstance(marks, list) else marks
        lines: list[dict[str, Any]] = [
            {"candidate": candidates[key], "name": f"{FIELD}{key}", "vote": chosen.get(key, "")}
            for key in contest["candidates"]
        ]
        if terms["kind"] == BallotKind.SCORE:
            for line in lines:
                typed = typed_points(line["vote"])
                line |= {"vote": typed, "is_number": not typed or read_points(typed) is not None}
        groups.append({"contest": contest, "lines": lines, "is_spoiled": SPOILED in marks})
    return groups


@sensitive_variables()
def _typed(terms: Terms, data: QueryDict) -> dict[str, Any]:
    """What was sent, laid out like a paper, so that a refusal shows it again."""
    choices, spoiled = _read(data)
    return {
        one["id"]: {key: choices[key] for key in one["candidates"] if key in choices}
        | ({SPOILED: ""} if one["id"] in spoiled else {})
        for one in contests_of(terms)
    }


@sensitive_variables()
def _render(
    request: CouncilRequest, ballot: Ballot, *, refusal: RefusedError | None = None, status: int = 200
) -> HttpResponse:
    terms = terms_of(ballot)
    own = TellerSheet.objects.filter(ballot=ballot, teller=_seat(request, ballot)).first()
    context: dict[str, Any] = {"ballot": ballot, "sitting": ballot.sitting, "terms": terms, "refusal": refusal}
    if own is None:
        if refusal is None:
            return redirect("awards:ballot-result", pk=ballot.pk)
        return render(request, "awards/ballot_refused.html", context, status=status)
    sheets = find_sheets(ballot)
    entered = papers_by_number(own.papers)
    asked = _number(request.GET.get("number", "") or request.POST.get("number", ""))
    open_numbers = [one.number for one in sheets.differences] if own.is_done else []
    number = asked or (open_numbers[0] if open_numbers else max(entered, default=0) + 1)
    paper = _typed(terms, request.POST) if refusal else entered.get(number, {})
    context |= {
        "own": own,
        "entered": sorted(entered),
        "sheets": sheets,
        "number": number,
        "mends": number in entered and (asked != 0 or own.is_done) and not (refusal and "mends" not in request.POST),
        "is_entering": ballot.state == BallotState.CLOSED and (not own.is_done or number in open_numbers),
        "most": most_papers(ballot),
        "envelopes": len(terms.get("envelopes", [])),
        "chooses": terms["kind"] == BallotKind.CHOOSE,
        "scale_words": scale_words(terms["rule"]),
        "groups": _groups(terms, paper),
    }
    return render(request, "awards/paper_enter.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@council_view("awards.enter_paper")
def paper_enter(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The teller's page: the next paper, or one of those to look at again."""
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    if request.method != "POST":
        return _render(request, ballot)
    choices, spoiled = _read(request.POST)
    number = _number(request.POST.get("number", ""))
    try:
        enter_paper(
            ballot,
            number,
            choices,
            spoiled=spoiled,
            mends="mends" in request.POST,
            member=_seat(request, ballot),
            actor=request.actor,
        )
    except EntryRefusedError as refusal:
        return _render(request, ballot, refusal=refusal, status=422)
    messages.success(request, f"Đã ghi phiếu số {number}.")
    return redirect("awards:paper-enter", pk=pk)


@require_POST
@council_view("awards.enter_paper")
def paper_strike(request: CouncilRequest, pk: UUID, number: int) -> HttpResponse:
    """Take a number off that is on no paper."""
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    try:
        strike_paper(ballot, number, member=_seat(request, ballot), actor=request.actor)
    except EntryRefusedError as refusal:
        return _render(request, ballot, refusal=refusal, status=422)
    messages.success(request, f"Đã bỏ số {number} khỏi các phiếu đồng chí nhập.")
    return redirect("awards:paper-enter", pk=pk)


@require_POST
@council_view("awards.enter_paper")
def entering_finish(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Say that every paper is entered."""
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    try:
        finish_entering(ballot, member=_seat(request, ballot), actor=request.actor)
    except EntryRefusedError as refusal:
        return _render(request, ballot, refusal=refusal, status=422)
    messages.success(request, "Đã ghi: đồng chí nhập xong.")
    return redirect("awards:paper-enter", pk=pk)
