"""What a unit that ends leaves in its clusters: the heir takes its place, its lead and its open work."""

from datetime import date
from typing import Any

from django.db.models import Q

from campaigns.models import (
    Assignment,
    ClusterContact,
    ClusterMember,
    ClusterPledge,
    ClusterRole,
    ClusterYear,
    ExpectedWork,
    Inspection,
    InspectionNotice,
    Obligation,
    OpinionAnswer,
    OpinionRequest,
    PledgeSignature,
    ReceivedAs,
    ReceivedFiling,
)
from campaigns.selectors.clusters import find_acting_head, find_open_work
from campaigns.selectors.reorganisation import list_running_memberships
from campaigns.services.handovers import move_filings, move_open_work
from campaigns.services.scores import follow_unit
from campaigns.workflow import SubmissionState
from units.actors import Actor
from units.clock import now
from units.models import Unit
from units.services.audit import record_unit_act


def pass_expected(source: Unit, heir: Unit, *, on: date) -> None:
    """What others owe to `source` is owed to the heir; what `source` owed is the heir's, unless it owed the same."""
    merged = Assignment.objects.filter(unit=source, merged_into__isnull=False).values_list("pk", flat=True)
    ExpectedWork.objects.filter(assignment__in=list(merged)).delete()
    ExpectedWork.objects.filter(ower=source, done_at__isnull=True).update(ower=heir)
    home: dict[str, Any] = {"unit": heir, "unit_path": heir.path}
    received = ReceivedFiling.objects.filter(unit=source)
    unreceived = received.filter(state=SubmissionState.SENT, received_as=ReceivedAs.ADDRESSEE).order_by()
    lines = ExpectedWork.objects.filter(unit=source).filter(
        Q(done_at__isnull=True) | Q(assignment__in=unreceived.values("assignment"))
    )
    keys, work = list(lines.values_list("pk", flat=True)), list(lines.values_list("assignment", flat=True))
    ExpectedWork.objects.filter(pk__in=keys).update(**home)
    move_filings(list(received.filter(assignment__in=work).values_list("pk", flat=True)), home)
    for obligation in Obligation.objects.filter(copies_to=source, campaign__closes_on__gte=on):
        obligation.copies_to.remove(source)
        obligation.copies_to.add(heir)


def pass_clusters(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """Give the heir the place of `source` in running years, with its open papers.

    Where the heir belongs to the cluster itself, the two places become one with the higher role; the papers of
    `source` as a member then stay in its archive, because the heir has its own.
    """
    for place in list_running_memberships([source], on):
        year = place.year
        lead = find_acting_head(year)
        if lead and lead.pk == source.pk:
            move_open_work(find_open_work(year, source, on), heir, actor=actor, at=now())
        standing = ClusterMember.objects.filter(year=year, member=heir).first()
        if standing is None:
            place.member = heir
            place.save(update_fields=["member"])
            _pass_papers(year, source, heir)
        else:
            role = _higher(place.role, standing.role)
            place.delete()
            standing.role = role
            standing.save(update_fields=["role"])
            ClusterContact.objects.filter(year=year, member=source).delete()
        record_unit_act("join-cluster", heir, actor=actor, cluster=str(year))


def _higher(one: str, other: str) -> str:
    order = (ClusterRole.HEAD, ClusterRole.DEPUTY, ClusterRole.MEMBER)
    return min((ClusterRole(one), ClusterRole(other)), key=order.index)


def _pass_papers(year: ClusterYear, source: Unit, heir: Unit) -> None:
    """The member's side of what is under way, and the lines about it on the head's side."""
    home: dict[str, Any] = {"unit": heir, "unit_path": heir.path}
    ClusterContact.objects.filter(year=year, member=source).delete()
    ClusterContact.objects.filter(year=year, unit=source).update(**home)
    notices = InspectionNotice.objects.filter(unit=source, year=year, result_at__isnull=True)
    Inspection.objects.filter(pk__in=list(notices.values_list("inspection", flat=True))).update(inspected=heir)
    notices.update(**home)
    requests = OpinionRequest.objects.filter(unit=source, year=year, answered_at__isnull=True)
    rounds = list(requests.values_list("round", flat=True))
    OpinionAnswer.objects.filter(round__in=rounds, member=source).update(member=heir)
    requests.update(**home)
    copies = list(ClusterPledge.objects.filter(unit=source, year=year))
    PledgeSignature.objects.filter(copy__in=copies).update(**home)
    ClusterPledge.objects.filter(pk__in=[one.pk for one in copies]).update(**home)
    follow_unit(year, source, heir)
