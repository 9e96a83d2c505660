"""The share of councils in the yearly hand-over of a cluster: cases that wait go to the unit that leads from now on."""

from datetime import datetime

from awards.models import CaseFiling, CaseLetterKind, FilingState, ReceivedCase
from awards.selectors.handovers import list_cases_passed
from awards.services.case_letters import tell_lead
from campaigns.models import ClusterYear
from exemplars.models import Assessment, Evidence, Nomination, SpecialCase
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_act


def pass_cases(year: ClusterYear, old: Unit, new: Unit, *, actor: Actor, at: datetime) -> int:
    """Let `new` hold what `old` received for the year's conference and put on no agenda; return how many.

    The frozen copies move with all that lies with them, and the senders' lines name the new addressee. What was
    received stays received. In the scope that sees every unit; the senders' rows are locked before the copies.
    """
    keys = list(list_cases_passed(year, old).values_list("filing", flat=True))
    locked = CaseFiling.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    filings = {one.pk: one for one in locked.select_related("unit", "sender", "nomination")}
    found = list(ReceivedCase.objects.select_for_update(of=("self",)).filter(filing__in=keys).order_by("filing"))
    list(Nomination.cases.select_for_update(of=("self",)).filter(received__filing__in=keys).order_by("pk"))
    # Looked at once more: somebody may have put one on an agenda, or withdrawn it, while the locks were waited for.
    free = set(list_cases_passed(year, old).values_list("pk", flat=True))
    cases = [one for one in found if one.pk in free and one.filing in filings]
    copies = [one.nomination_id for one in cases]
    home = {"unit": new, "unit_path": new.path}
    for model in (Evidence, SpecialCase, Assessment):
        model.objects.filter(nomination__in=copies).update(**home)
    Nomination.cases.filter(pk__in=copies).update(**home)
    ReceivedCase.objects.filter(pk__in=[one.pk for one in cases]).update(**home)
    CaseFiling.objects.filter(pk__in=[one.filing for one in cases]).update(addressee=new)
    words = {"source": old.short_name, "to": new.short_name}
    for one in cases:
        one.unit = new
        record_act("pass-case", one, actor=actor, **words)
        record_act("pass-case", filings[one.filing], actor=actor, **words)
    waiting = [filings[one.filing] for one in cases if one.state == FilingState.SENT]
    if waiting:
        tell_lead(waiting, CaseLetterKind.ARRIVED, lead=new, actor=actor, at=at)
    return len(cases)
