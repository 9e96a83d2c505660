"""A member votes: choose, check the answers, cast. What was chosen lives only in the form that is on its way."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.frame import CouncilRequest, council_view
from awards.models import Ballot, BallotKind, BallotState, CouncilMember
from awards.selectors.ballots import list_all_ballots
from awards.selectors.counts import describe_count
from awards.services.casting import CastRefusal, CastRefusedError, cast_ballot, check_paper, may_cast
from awards.terms import (
    TWICE,
    Terms,
    contests_of,
    lay_paper,
    paper_rules,
    scale_words,
    terms_of,
    typed_points,
    with_comma,
)
from awards.views.papers import send_legend, send_papers, send_result
from awards.voting import Vote, decimal_text, paper_cautions
from awards.voting.reading import read_points
from units.roles import Role
from units.second_factor import needs_second_factor, used_second_factor_within
from units.services.audit import record_act
from units.views.errors import not_found

PAPER_WITHIN = 600
"""Seconds since the second factor when a paper is given out, and when it comes back: reading takes its time."""
CAST_WITHIN = 3600
FIELD = "vote-"
CHOSEN_WORDS = {Vote.YES.value: "Chọn", Vote.BLANK.value: "Không chọn"}
WORDS = {Vote.YES.value: "Đồng ý", Vote.NO.value: "Không đồng ý", Vote.BLANK.value: "Để trống"}


def _seat(request: CouncilRequest, ballot: Ballot) -> CouncilMember:
    return next(seat for seat in request.seats if seat.council_id == ballot.sitting.council_id)


@sensitive_variables()
def read_choices(data: QueryDict) -> dict[str, str]:
    """Answers by case as they were sent. An answer given twice is kept as both, which no paper accepts."""
    return {name.removeprefix(FIELD): TWICE.join(data.getlist(name)) for name in data if name.startswith(FIELD)}


@sensitive_variables()
def _groups(terms: Terms, choices: Mapping[str, str]) -> list[dict[str, Any]]:
    """The paper group by group, each case with what was chosen for it."""
    if terms["kind"] == BallotKind.SCORE:
        return _score_groups(terms, choices)
    candidates = {candidate["id"]: candidate for candidate in terms["candidates"]}
    chooses = terms["kind"] == BallotKind.CHOOSE
    words = CHOSEN_WORDS if chooses else WORDS
    groups = []
    for contest in contests_of(terms):
        lines = [
            {
                "candidate": candidates[key],
                "name": f"{FIELD}{key}",
                "vote": choices.get(key, ""),
                "words": words.get(choices.get(key, ""), words[Vote.BLANK.value]),
            }
            for key in contest["candidates"]
        ]
        chosen = sum(line["vote"] == Vote.YES.value for line in lines)
        groups.append({"title": contest["title"], "seats": contest["seats"], "lines": lines, "chosen": chosen})
    return groups


@sensitive_variables()
def _score_groups(terms: Terms, choices: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same for points. What is no number stays as it was typed."""
    candidates = {candidate["id"]: candidate for candidate in terms["candidates"]}
    groups = []
    for contest in contests_of(terms):
        lines = []
        for key in contest["candidates"]:
            typed = typed_points(choices.get(key, ""))
            points = read_points(typed)
            words = f"{with_comma(decimal_text(points))} điểm" if points is not None else "Để trống"
            line = {"candidate": candidates[key], "name": f"{FIELD}{key}", "vote": typed, "words": words}
            lines.append(line | {"is_number": points is not None or not typed})
        group = {"title": contest["title"], "seats": contest["seats"], "lines": lines}
        group |= {"chosen": sum(bool(line["vote"]) for line in lines), "scale_words": scale_words(contest)}
        groups.append(group)
    return groups


def _find(request: CouncilRequest, pk: UUID) -> Ballot | None:
    """The ballot if it is before one of the member's councils; an attempt to post to another leaves a line."""
    ballot = list_all_ballots().exclude(state=BallotState.DRAFT).filter(pk=pk).first()
    if ballot is None and request.method == "POST":
        record_act("refuse-unknown-ballot", request.seats[0], actor=request.actor, asked=str(pk))
    return ballot


@sensitive_variables()
def _render_paper(
    request: CouncilRequest, ballot: Ballot, choices: Mapping[str, str], *, status: int = 200, **extra: Any
) -> HttpResponse:
    terms = terms_of(ballot)
    context: dict[str, Any] = {
        "ballot": ballot,
        "sitting": ballot.sitting,
        "terms": terms,
        "groups": _groups(terms, choices),
    }
    context["is_absentee"] = _seat(request, ballot).pk in ballot.absentees
    return render(request, "awards/ballot_paper.html", context | extra, status=status)


def _render_refusal(request: CouncilRequest, ballot: Ballot, refusal: CastRefusedError) -> HttpResponse:
    """Say whether a paper of this member is in the urn; nothing of what was sent is shown again."""
    status = 409 if refusal.reason is CastRefusal.ALREADY_CAST else 422
    context = {"ballot": ballot, "sitting": ballot.sitting, "refusal": refusal}
    return render(request, "awards/ballot_refused.html", context, status=status)


def must_confirm(request: CouncilRequest, within: int) -> bool:
    """Whether the member has to show a second factor once more: a session left open casts no paper."""
    return needs_second_factor(Role.MEMBER) and not used_second_factor_within(request, within)


def _confirm_address(pk: UUID) -> str:
    """Where a second factor is shown again; the way back leads to an empty paper, and nothing chosen goes along."""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': reverse('awards:ballot-paper', args=[pk])})}"


def _render_unconfirmed(request: CouncilRequest, ballot: Ballot) -> HttpResponse:
    """Too long since the second factor. What was chosen is not kept: it would have to wait in the session."""
    refusal = CastRefusedError(
        CastRefusal.NOT_CONFIRMED,
        "Chưa nhận phiếu của đồng chí: cần xác thực lại.",
        why="Lần xác thực hai yếu tố gần nhất đã quá lâu. Lựa chọn vừa gửi không được giữ lại ở đâu.",
        remedy="Mở lại phiếu, xác thực bằng mã hoặc khóa truy cập, rồi chọn lại.",
    )
    record_act("refuse-cast", ballot, actor=request.actor, reason=refusal.reason.value)
    return _render_refusal(request, ballot, refusal)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@council_view("awards.cast_ballot")
def ballot_paper(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The paper to fill in; posted to when the member goes back from checking to change an answer."""
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    if ballot.state != BallotState.OPEN:
        return redirect("awards:ballot-result", pk=pk)
    try:
        may_cast(ballot, _seat(request, ballot))
    except CastRefusedError as refusal:
        return _render_refusal(request, ballot, refusal)
    if must_confirm(request, PAPER_WITHIN):
        return redirect(_confirm_address(pk))
    return _render_paper(request, ballot, read_choices(request.POST))


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@council_view("awards.cast_ballot")
def ballot_check(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Show the answers before they are cast; nothing is kept."""
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    if must_confirm(request, CAST_WITHIN):
        return _render_unconfirmed(request, ballot)
    choices = read_choices(request.POST)
    try:
        check_paper(ballot, choices, member=_seat(request, ballot), actor=request.actor)
    except CastRefusedError as refusal:
        if refusal.reason is CastRefusal.WRONG_PAPER:
            return _render_paper(request, ballot, choices, status=422, refusal=refusal)
        return _render_refusal(request, ballot, refusal)
    terms = terms_of(ballot)
    groups = _groups(terms, choices)
    blank = [line for group in groups for line in group["lines"] if line["vote"] in ("", Vote.BLANK.value)]
    context = {
        "ballot": ballot,
        "sitting": ballot.sitting,
        "terms": terms,
        "groups": groups,
        "is_absentee": _seat(request, ballot).pk in ballot.absentees,
        "unanswered": [] if terms["kind"] == BallotKind.CHOOSE else blank,
        "cautions": paper_cautions(paper_rules(terms), lay_paper(terms, choices)),
    }
    return render(request, "awards/ballot_check.html", context)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@council_view("awards.cast_ballot")
def ballot_cast(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Take the paper and answer at once with its fingerprint.

    No redirect: the fingerprint would have to be kept somewhere beside the member's name to be shown afterwards.
    """
    ballot = _find(request, pk)
    if ballot is None:
        return not_found(request)
    if must_confirm(request, CAST_WITHIN):
        return _render_unconfirmed(request, ballot)
    choices = read_choices(request.POST)
    try:
        fingerprint = cast_ballot(ballot, choices, member=_seat(request, ballot), actor=request.actor)
    except CastRefusedError as refusal:
        if refusal.reason is CastRefusal.WRONG_PAPER:
            return _render_paper(request, ballot, choices, status=422, refusal=refusal)
        return _render_refusal(request, ballot, refusal)
    context = {"ballot": ballot, "sitting": ballot.sitting, "fingerprint": fingerprint}
    return render(request, "awards/ballot_received.html", context)


@require_GET
@council_view("awards.review_item")
def ballot_result(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """What the council may know in each state: that it runs, the fingerprints, the count."""
    ballot = get_object_or_404(list_all_ballots().exclude(state=BallotState.DRAFT), pk=pk)
    context = {
        "ballot": ballot,
        "sitting": ballot.sitting,
        "terms": terms_of(ballot),
        "has_voted": _seat(request, ballot).pk in ballot.marks,
        "is_absentee": _seat(request, ballot).pk in ballot.absentees,
        "count": describe_count(ballot) if ballot.state == BallotState.COUNTED else None,
    }
    return render(request, "awards/ballot_result.html", context)


@require_GET
@council_view("awards.review_item")
def ballot_papers(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The bare papers of a counted ballot, for whoever wants to count them again."""
    return send_papers(get_object_or_404(list_all_ballots(), pk=pk, state=BallotState.COUNTED))


@require_GET
@council_view("awards.review_item")
def ballot_counts(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The result as a file, for the checker to compare with its own."""
    return send_result(get_object_or_404(list_all_ballots(), pk=pk, state=BallotState.COUNTED))


@require_GET
@council_view("awards.review_item")
def ballot_legend(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Who stands behind each key of the papers."""
    return send_legend(get_object_or_404(list_all_ballots(), pk=pk, state=BallotState.COUNTED))
