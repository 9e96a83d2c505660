"""Ending the councils of a unit that ends."""

from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from awards.models import Ballot, BallotState, SittingState
from awards.selectors.drafts import list_living_drafts
from awards.selectors.reorganisation import list_councils_standing, list_open_sittings
from awards.services.ballots import discard_ballot
from awards.services.drafts import void_draft
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_act


def carry_over(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """A council ends with its unit. Its open sittings close, ballots in preparation are given up.

    Cases before them are free again: their nominations are the heir's now, and its council takes them up. Ballots
    under way, and drafts that a count waits for, are obstacles that were looked for before; any other draft is void.
    """
    for draft in list_living_drafts(source):
        reason = f"{source} kết thúc từ ngày {on:%d/%m/%Y} do sắp xếp tổ chức; {heir.short_name} kế thừa."
        void_draft(draft, reason=reason[:400], actor=actor)
    for sitting in list_open_sittings([source]).select_for_update(of=("self",)):
        for ballot in Ballot.objects.filter(sitting=sitting, state=BallotState.DRAFT):
            discard_ballot(ballot, actor=actor)
        sitting.state = SittingState.CLOSED
        sitting.save(update_fields=["state"])
        record_act("end-sitting", sitting, actor=actor, heir=heir.short_name, on=on.isoformat())
    for council in list_councils_standing(source, on):
        record_act("end-council", council, actor=actor, on=on.isoformat())
    last = Greatest(F("valid_from"), on - timedelta(days=1))
    list_councils_standing(source, on).update(valid_to=last)
