"""Recording that a body has reviewed a nomination and proposes it to the minister."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from exemplars import rules
from exemplars.models import Nomination, Proposal
from exemplars.proposing_bodies import find_body
from exemplars.selectors.editions import find_judge
from exemplars.selectors.nominations import list_nominations
from exemplars.services.assessments import store_assessment
from exemplars.workflow import NominationState
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.selectors.organisation import name_on
from units.services.audit import record_act

# A proposal is about what the unit has put forward and the council has not yet concluded.
OPEN_TO_PROPOSALS = (NominationState.FORWARDED, NominationState.ACCEPTED)


def may_propose(nomination: Nomination, actor: Actor, day: date) -> bool:
    """Whether the page offers it: the criteria ask for a proposal, and the actor's unit is a body that they name."""
    if nomination.state not in OPEN_TO_PROPOSALS or not actor.may("exemplars.propose_nomination"):
        return False
    body = find_body(actor.unit, day)
    return body is not None and body in _bodies_asked(nomination)


def _bodies_asked(nomination: Nomination) -> set[rules.Body]:
    judge = find_judge(nomination.campaign.issuer, nomination.recognition.code, nomination.year)
    if judge is None:
        return set()
    asked = [one.predicate for one in judge.rulebook.criteria if one.code in judge.recognition.criteria]
    parts = [part for one in asked for part in (one.parts if isinstance(one, rules.AllOf) else (one,))]
    return {body for part in parts if isinstance(part, rules.Proposed) for body in part.by}


@transaction.atomic
def propose_nomination(
    nomination: Nomination, *, number: str, proposed_on: date, actor: Actor, day: date, at: datetime
) -> Proposal:
    """Keep the proposal of the actor's own unit and judge anew. Refuses who is no such body, and a second one."""
    nomination = list_nominations().select_for_update(of=("self",)).get(pk=nomination.pk)
    body = find_body(actor.unit, day)
    if body is None or body not in _bodies_asked(nomination):
        raise RefusedError(
            f"{actor.unit} không phải cơ quan bình xét, đề nghị mà tiêu chuẩn nêu tên.",
            why="Kế hoạch nói rõ cơ quan nào bình xét, đề nghị lên Bộ trưởng.",
            remedy="Xem phần đối chiếu tiêu chuẩn để biết cơ quan nào đề nghị.",
        )
    if nomination.state not in OPEN_TO_PROPOSALS:
        raise RefusedError(
            "Chưa ghi được văn bản đề nghị lúc này.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Ghi khi đơn vị đã chuyển lên và trước khi có quyết định.",
        )
    if proposed_on > day:
        raise RefusedError(
            f"Ngày văn bản {proposed_on:%d/%m/%Y} ở sau hôm nay.", remedy="Xem lại ngày trên văn bản đề nghị."
        )
    proposal = Proposal(
        unit=nomination.unit,
        nomination=nomination,
        body=body,
        body_name=name_on(actor.unit, proposed_on).name,
        number=nfc(number).strip(),
        proposed_on=proposed_on,
        recorded_label=actor.label,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        raise RefusedError(
            f"Đã ghi văn bản đề nghị của {body.label} cho trường hợp này.",
            remedy="Tải lại trang để xem văn bản đã ghi.",
        ) from None
    record_act("propose", nomination, actor=actor, number=proposal.number)
    store_assessment(nomination, occasion="propose", day=day, at=at)
    return proposal
