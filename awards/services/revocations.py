"""Taking a decision, or lines of it, back by a new decision."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from awards.models import Decision, DecisionLine, RevokedLine
from awards.selectors.decisions import find_keeper, list_lines, obstacle_of
from awards.services.decisions import SignedDraft, find_signature, require_authority, signer_of, write_decision
from exemplars.services.nominations import revoke_recognition
from units.actors import Actor
from units.models import Delegation
from units.refusals import RefusedError
from units.selectors.organisation import name_on
from units.services.audit import record_act
from units.services.honours import Paper, revoke_honour


@transaction.atomic
def revoke_decision(signed: SignedDraft, *, actor: Actor, at: datetime) -> Decision:
    """Issue the decision that takes the lines of a signed draft back, with every honour they wrote.

    Refuses whoever is neither the issuer nor its heir, a unit or signer without authority on the day, a decision that
    itself revokes, and a line that no longer stands as it was written. Lasting: honours and nominations follow in the
    same transaction, all or none. Whoever asks by a certificate's code learns of it once it is published.
    """
    draft = signed.draft
    # The constraints hold that a numbered draft is dated and that what has no count revokes.
    assert draft.dated is not None  # noqa: S101
    assert draft.revokes is not None  # noqa: S101
    decision = lock_decision(draft.revokes)
    require_issuer(decision, actor, draft.dated)
    require_recognising(decision)
    require_authority(draft.unit, draft.dated)
    signer = signer_of(draft)
    signature = find_signature(draft.unit, draft.dated, signer)
    chosen = choose_lines(decision, draft.taken)
    revocation = write_decision(
        Decision(
            unit=draft.unit,
            revokes=decision,
            number=draft.number,
            signed_on=draft.dated,
            signer_name=signature.name,
            signer_title="\n".join(signature.authority),
            delegation=signer if isinstance(signer, Delegation) else None,
            subject=draft.subject,
            reason=draft.grounds,
            clause=draft.clause,
            issued_at=at,
        ),
        signed=signed,
    )
    issuer = name_on(draft.unit, draft.dated).name
    for line in chosen:
        _take_back(line, revocation, kind=draft.kind, issuer=issuer, actor=actor, at=at)
    record_act(
        "revoke-decision",
        revocation,
        actor=actor,
        number=decision.number,
        by=draft.number,
        lines=len(chosen),
        reason=draft.grounds,
    )
    return revocation


def lock_decision(decision: Decision) -> Decision:
    return Decision.objects.select_for_update(of=("self",)).select_related("unit").get(pk=decision.pk)


def require_issuer(decision: Decision, actor: Actor, day: date) -> None:
    """Who issued a decision carries it further; once that unit has ended, the unit that keeps its archive does."""
    issuer = decision.unit
    if actor.unit.pk == issuer.pk or actor.unit.pk == find_keeper(issuer, day).pk:
        return
    raise RefusedError(
        f"{actor.unit.name} không thu hồi hay công bố quyết định của {issuer.name} được.",
        why="Việc này thuộc cơ quan đã ban hành quyết định, hoặc đơn vị kế thừa khi cơ quan đó đã kết thúc hoạt động.",
        remedy=f"Đề nghị {issuer.name} thực hiện.",
    )


def require_recognising(decision: Decision) -> None:
    if decision.revokes_id is not None:
        raise RefusedError(
            f"Quyết định số {decision.number} là quyết định thu hồi nên không thu hồi lại được.",
            why="Dòng đã thu hồi trong sổ khen thưởng không khôi phục được; lần khen thưởng mới là một quyết định mới.",
            remedy="Nếu thu hồi nhầm, ban hành quyết định công nhận mới và ghi vào sổ tại hồ sơ cán bộ, đơn vị.",
        )


def choose_lines(decision: Decision, wanted: Collection[str] | None) -> list[DecisionLine]:
    """The lines with these keys, or all (None), in order; refuses one that no longer stands as it was written."""
    seen = {str(line.pk): line for line in list_lines(decision)}
    if DecisionLine.objects.filter(decision=decision).count() != len(seen):
        raise RefusedError(
            "Có dòng của quyết định nay thuộc hồ sơ của đơn vị ngoài phạm vi của đồng chí.",
            why="Đơn vị đề nghị đã chuyển sang cấp trên khác sau khi ban hành quyết định.",
            remedy="Đề nghị cơ quan cấp trên chung thực hiện.",
        )
    if wanted is not None and not set(wanted).issubset(seen):
        raise RefusedError("Dòng được chọn không có trong quyết định này.", remedy="Tải lại trang và chọn lại.")
    chosen = [line for pk, line in seen.items() if wanted is None or pk in wanted]
    if not chosen:
        raise RefusedError("Chưa chọn dòng nào để thu hồi.", remedy="Chọn ít nhất một dòng, hoặc toàn bộ quyết định.")
    _require_standing(chosen)
    return chosen


def _require_standing(chosen: Iterable[DecisionLine]) -> None:
    blocked = [f"{line.honour.subject_name}: {why}" for line in chosen if (why := obstacle_of(line))]
    if blocked:
        raise RefusedError(
            "Có dòng không thu hồi được nên chưa dòng nào được thu hồi.",
            why=f"{'; '.join(blocked)}.",
            remedy="Bỏ chọn các dòng này và thu hồi theo từng dòng còn lại.",
        )


def _take_back(line: DecisionLine, revocation: Decision, *, kind: str, issuer: str, actor: Actor, at: datetime) -> None:
    paper = Paper(revocation.number, revocation.signed_on, issuer)
    event = revoke_honour(line.honour, kind=kind, paper=paper, reason=revocation.reason, actor=actor, day=localdate(at))
    RevokedLine.objects.create(unit=revocation.unit, decision=revocation, line=line, revocation=event)
    revoke_recognition(line.nomination, actor=actor)
