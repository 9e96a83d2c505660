"""The secretariat drafts the decision that takes another one back; from its number on it is a draft like all."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from awards.forms.decisions import NAMED, WHOLE, RevocationForm
from awards.models import Decision, DecisionDraft, DecisionLine
from awards.selectors.decisions import list_lines, list_offered_delegations, obstacle_of
from awards.services.revocation_drafts import change_revocation, draft_revocation
from awards.views.decisions import get_kept
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.selectors.signing import find_head
from units.views.acts import posted


@require_http_methods(["GET", "POST"])
@unit_view("awards.draft_revocation")
def revocation_draft(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Draft the decision that takes this one, or lines of it, back."""
    decision = get_kept(request, pk)
    head, lines = find_head(request.actor.unit, today()), list(list_lines(decision))
    form = _form(
        request,
        decision,
        lines,
        {
            "subject": f"Về việc thu hồi kết quả tại Quyết định số {decision.number}"[:300],
            "signer_name": head.name,
            "signer_title": head.authority[0],
        },
    )

    def act() -> DecisionDraft:
        words = form.revocation()
        return draft_revocation(decision, lines=form.chosen(), wording=words, actor=request.actor, at=now())

    back = reverse("awards:decision-detail", args=[decision.pk])
    done = "Đã lập dự thảo thu hồi. Văn thư lấy số, ghi ngày."
    return _answer(request, decision, lines, form, act, back=back, done=done)


def change_drafted(request: UnitRequest, draft: DecisionDraft) -> HttpResponse:
    """Word a drafted revocation anew."""
    decision = draft.revokes
    assert decision is not None  # noqa: S101  the caller asked
    signer = {} if draft.delegation_id else {"signer_name": draft.signer_name, "signer_title": draft.signer_title}
    lines = list(list_lines(decision))
    is_whole = len(draft.taken) == len(lines)
    form = _form(
        request,
        decision,
        lines,
        {
            "extent": WHOLE if is_whole else NAMED,
            "lines": [] if is_whole else draft.taken,
            "kind": draft.kind,
            "reason": draft.grounds,
            "clause": draft.clause,
            "subject": draft.subject,
            "delegation": draft.delegation_id,
            **signer,
        },
    )

    def act() -> DecisionDraft:
        words = form.revocation()
        return change_revocation(draft, lines=form.chosen(), wording=words, actor=request.actor, at=now())

    back = reverse("awards:draft-detail", args=[draft.pk])
    return _answer(request, decision, lines, form, act, back=back, done="Đã sửa dự thảo thu hồi.")


def _form(
    request: UnitRequest, decision: Decision, lines: Sequence[DecisionLine], initial: dict[str, Any]
) -> RevocationForm:
    since, day = decision.signed_on, today()
    return RevocationForm(
        posted(request),
        lines=lines,
        held_on=since,
        today=day,
        delegations=list_offered_delegations(request.actor.unit, since=since, until=day),
        initial=initial,
    )


def _answer(
    request: UnitRequest,
    decision: Decision,
    lines: Sequence[DecisionLine],
    form: RevocationForm,
    act: Callable[[], DecisionDraft],
    *,
    back: str,
    done: str,
) -> HttpResponse:
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = act()
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect("awards:draft-detail", pk=draft.pk)
    context = {
        "decision": decision,
        "form": form,
        "refusal": refusal,
        "back": back,
        "blocked": [(line, why) for line in lines if (why := obstacle_of(line))],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/decisions/revocation_draft.html", context, status=status)
