"""Ending the councils of a unit that ends."""

from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from awards.models import Ballot, BallotState, SittingState
from awards.selectors.drafts import list_living_drafts
from awards.selectors.reorganisation import list_councils_standing, list_filings_carried, list_open_sittings
from awards.services.ballots import discard_ballot
from awards.services.crossing import return_all
from awards.services.drafts import void_draft
from units.actors import Actor
from units.clock import now
from units.models import Unit
from units.services.audit import record_act


def _carry_filings(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """The sender's name stays; whoever looks after the nomination reads the line and its result."""
    for filing in list_filings_carried([source]).order_by("pk").select_for_update(of=("self",)):
        filing.unit, filing.unit_path = heir, heir.path
        filing.save(update_fields=["unit", "unit_path"])
        record_act("take-over-case-filing", filing, actor=actor, source=source.short_name, on=on.isoformat())


def carry_over(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """A council ends with its unit. Its open sittings close, ballots in preparation are given up.

    Cases before them are free again: their nominations are the heir's now, and its council takes them up. Ballots
    under way, and drafts that a count waits for, are obstacles that were looked for before; any other draft is void.
    What it sent to a conference goes with the nomination to the heir; what it received as the one who leads goes back
    to the senders, who send it to the next one.
    """
    for draft in list_living_drafts(source):
        reason = f"{source} kết thúc từ ngày {on:%d/%m/%Y} do sắp xếp tổ chức; {heir.short_name} kế thừa."
        void_draft(draft, reason=reason[:400], actor=actor)
    _carry_filings(source, heir, on=on, actor=actor)
    return_all(
        source,
        reason=f"{source.short_name} thôi hoạt động từ ngày {on:%d/%m/%Y} khi Hội nghị chưa xét. "
        "Gửi lại cho đơn vị chủ trì mới khi khu vực, cụm, khối đã có.",
        actor=actor,
        at=now(),
    )
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
