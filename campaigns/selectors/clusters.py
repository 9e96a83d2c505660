"""Reads of clusters: who belongs, who leads the work today, what others owe here, what a hand-over would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.module_loading import import_string

from campaigns.handing_over import list_handover_shares
from campaigns.models import (
    Assignment,
    Campaign,
    Cluster,
    ClusterContact,
    ClusterHandover,
    ClusterMember,
    ClusterPledge,
    ClusterRole,
    ClusterYear,
    ExpectedWork,
    HandoverState,
    InspectionPlan,
    Obligation,
    OpinionRound,
    PlanState,
    ReceivedAs,
    ReceivedFiling,
    ScoreSheet,
    SheetSide,
    SheetState,
    Submission,
)
from campaigns.plan_bearers import EVERY, OWN, ClusterPart
from campaigns.workflow import SubmissionState
from units.actors import Actor
from units.models import Unit
from units.reorganising import Moved
from units.selectors.organisation import stands_on

MOST_DEPUTIES = 2


def list_clusters() -> QuerySet[Cluster]:
    """Every cluster with its years, the newest first, each with head and number of members."""
    members = Prefetch(
        "members",
        ClusterMember.objects.filter(role=ClusterRole.HEAD).select_related("member"),
        to_attr="heads",
    )
    years = ClusterYear.objects.annotate(size=Count("members")).prefetch_related(members).order_by("-year")
    return Cluster.objects.select_related("keeper").prefetch_related(Prefetch("years", years))


def list_years() -> QuerySet[ClusterYear]:
    return ClusterYear.objects.select_related("cluster__keeper")


def list_members(year: ClusterYear) -> list[ClusterMember]:
    """Head first, then deputies, then the others in the order of the tree; units loaded."""
    order = {ClusterRole.HEAD: 0, ClusterRole.DEPUTY: 1, ClusterRole.MEMBER: 2}
    found = year.members.select_related("member")
    return sorted(found, key=lambda one: (order[ClusterRole(one.role)], one.member.path))


def list_member_units(year: ClusterYear) -> list[Unit]:
    return [one.member for one in list_members(year)]


@dataclass(frozen=True, slots=True)
class Places:
    """Who holds which place in a cluster's year, by the words of `ClusterPart`."""

    held: Mapping[str, Sequence[Unit]]

    def units(self, who: str) -> Sequence[Unit]:
        return self.held[who]

    def codes(self, who: str) -> list[str]:
        return [unit.code for unit in self.held[who]]


def read_places(year: ClusterYear) -> Places:
    """As the decision names them; one query."""
    members = list_members(year)
    return Places(
        {
            "members": [one.member for one in members],
            "head": [one.member for one in members if one.role == ClusterRole.HEAD],
            "deputies": [one.member for one in members if one.role == ClusterRole.DEPUTY],
        }
    )


def list_possible_campaigns(year: ClusterYear) -> QuerySet[Campaign]:
    """Campaigns that may be the year's work and are not yet: of a member or of the keeper, at some time of the year."""
    issuers = year.members.values("member")
    return (
        Campaign.objects.filter(Q(issuer__in=issuers) | Q(issuer=year.cluster.keeper_id))
        .filter(opens_on__lte=date(year.year, 12, 31), closes_on__gte=date(year.year, 1, 1))
        .exclude(cluster_years=year)
        .select_related("issuer")
        .order_by("-opens_on", "title")
    )


def find_head(year: ClusterYear) -> Unit | None:
    """Whom the decision names head of that year."""
    found = year.members.filter(role=ClusterRole.HEAD).select_related("member").first()
    return found.member if found else None


def find_deputies(year: ClusterYear) -> list[Unit]:
    """Whom the decision names deputies of that year, in the order of the tree."""
    return [one.member for one in list_members(year) if one.role == ClusterRole.DEPUTY]


def find_acting_head(year: ClusterYear) -> Unit | None:
    """Who leads the year's open work now: its head, or after the hand-over the head who took it."""
    return list_acting_heads([year]).get(year.pk)


def list_acting_heads(years: Sequence[ClusterYear]) -> dict[int, Unit]:
    """`find_acting_head` of many years, by the year's key; two queries. A year without a head is left out."""
    keys = [one.pk for one in years]
    applied = ClusterHandover.objects.filter(from_year__in=keys, state=HandoverState.APPLIED)
    led_as = dict.fromkeys(keys) | dict(applied.values_list("from_year", "to_year"))
    leading = {key: other or key for key, other in led_as.items()}
    heads = ClusterMember.objects.filter(year__in=leading.values(), role=ClusterRole.HEAD).select_related("member")
    by_year = {one.year_id: one.member for one in heads}
    return {key: by_year[other] for key, other in leading.items() if other in by_year}


def find_handover(year: ClusterYear) -> ClusterHandover | None:
    """The hand-over of the year's work that is announced or done."""
    return (
        ClusterHandover.objects.filter(from_year=year)
        .exclude(state=HandoverState.CANCELLED)
        .select_related("from_year__cluster__keeper", "to_year__cluster")
        .first()
    )


def may_keep(actor: Actor, cluster: Cluster) -> bool:
    """Whether the actor keeps who belongs to the cluster: staff of the root that looks after it."""
    return actor.may("campaigns.change_cluster") and actor.unit.pk == cluster.keeper_id


def list_contacts(year: ClusterYear, unit: Unit) -> QuerySet[ClusterContact]:
    """The contact points of a year as `unit` holds them; none for a unit that does not belong to it."""
    return ClusterContact.objects.filter(year=year, unit=unit).select_related("member")


def list_expected(unit: Unit) -> QuerySet[ExpectedWork]:
    """What units out of sight owe to `unit`, what is open first, the nearest last day before the others."""
    return (
        ExpectedWork.objects.filter(unit=unit)
        .select_related("obligation__campaign", "ower")
        .order_by(F("done_at").asc(nulls_first=True), F("last_day").asc(nulls_last=True), "ower__path", "pk")
    )


def narrow_expected(found: QuerySet[ExpectedWork], state: str, day: date) -> QuerySet[ExpectedWork]:
    """Keep what was sent, what was not, what is late, or what waits for an answer; everything for other words."""
    wanted = {
        "open": Q(done_at__isnull=True),
        "late": Q(done_at__isnull=True, last_day__lt=day),
        "done": Q(done_at__isnull=False),
        "asked": Q(request__isnull=False),
    }
    return found.filter(wanted[state]) if state in wanted else found


def list_obligations_of_heads(year: ClusterYear) -> QuerySet[Obligation]:
    """What plans ask of those who head a cluster in that year: the year's own plans, and those from above to all."""
    keeper = year.cluster.keeper.path
    of_year = Q(campaign__in=year.campaigns.all())
    from_above = Q(
        campaign__opens_on__year=year.year,
        campaign__issuer__path__gte=keeper,
        campaign__issuer__path__lt=f"{keeper}~",
        campaign__cluster_years__isnull=True,
    )
    return Obligation.objects.filter(of_year | from_above, owed_by_heads=True).distinct()


def heads_elsewhere(unit: Unit, year: ClusterYear) -> bool:
    """Whether `unit` leads the work of another cluster of the same year and keeper today."""
    others = ClusterYear.objects.filter(year=year.year, cluster__keeper=year.cluster.keeper_id).exclude(pk=year.pk)
    places = others.filter(
        Q(members__member=unit, members__role=ClusterRole.HEAD)
        | Q(handovers__to_year__members__member=unit, handovers__to_year__members__role=ClusterRole.HEAD)
    )
    return any(lead is not None and lead.pk == unit.pk for lead in map(find_acting_head, places.distinct()))


def list_kept_clusters(issuer: Unit) -> QuerySet[Cluster]:
    """The clusters that are kept by `issuer` or above it: those whose places a plan of `issuer` may name."""
    return Cluster.objects.filter(keeper__path__in=[*issuer.paths_above, issuer.path])


def list_part(part: ClusterPart, *, own: ClusterYear | None, issuer: Unit, number: int) -> list[Unit]:
    """Whom a plan of `issuer` in the year `number` means by their place in clusters, in the order of the tree.

    Heads are those who lead the work today: after a hand-over the head who took it.
    """
    if part.of == OWN:
        years = [own] if own else []
    else:
        kept = ClusterYear.objects.filter(year=number, cluster__in=list_kept_clusters(issuer))
        years = list((kept if part.of == EVERY else kept.filter(cluster__code=part.of)).select_related("cluster"))
    found = {unit.pk: unit for year in years for unit in _in_place(part.who, year)}
    return sorted(found.values(), key=lambda one: one.path)


def _in_place(who: str, year: ClusterYear) -> list[Unit]:
    if who == "head":
        head = find_acting_head(year)
        return [head] if head else []
    return find_deputies(year) if who == "deputies" else list_member_units(year)


def is_obligation_of_head(year: ClusterYear, head: Unit) -> QuerySet[Assignment]:
    """Unfinished assignments that `head` has as head and not as one member among others: the plan says so, or nobody
    else owes the same. What was sent and nobody received yet may come back, so it is not finished.
    """
    alone = (
        Obligation.objects.filter(campaign__in=year.campaigns.all())
        .annotate(owers=Count("assignments", filter=Q(assignments__merged_into__isnull=True)))
        .filter(owers=1)
    )
    of_heads = list_obligations_of_heads(year)
    if heads_elsewhere(head, year):
        of_heads = of_heads.filter(campaign__in=year.campaigns.all())
    unreceived = Submission.objects.filter(assignment=OuterRef("pk"), is_latest=True, state=SubmissionState.SENT)
    return Assignment.objects.filter(
        Q(done_at__isnull=True) | Exists(unreceived),
        Q(obligation__in=alone) | Q(obligation__in=of_heads),
        unit=head,
        merged_into__isnull=True,
    )


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What the head of a year holds and has not finished. Read in the scope that sees every unit."""

    owed_here: QuerySet[ExpectedWork]
    unsent: QuerySet[ExpectedWork]  # of these: not handed in, or handed in and returned
    unreceived: QuerySet[ExpectedWork]  # of these: handed in and waiting for the head
    filings: QuerySet[ReceivedFiling]
    owed_itself: QuerySet[Assignment]
    received: QuerySet[Obligation]
    plans: QuerySet[InspectionPlan]
    sheets: QuerySet[ScoreSheet]
    rounds: QuerySet[OpinionRound]
    pledges: QuerySet[ClusterPledge]


def find_open_work(year: ClusterYear, head: Unit, on: date) -> OpenWork:
    """The head's open work of a year: what a hand-over on `on` moves. What is finished stays with it as its archive."""
    campaigns = year.campaigns.all()
    addressed = ReceivedFiling.objects.filter(
        unit=head, obligation__campaign__in=campaigns, received_as=ReceivedAs.ADDRESSEE
    )
    unreceived = addressed.filter(state=SubmissionState.SENT).order_by()
    expected = ExpectedWork.objects.filter(unit=head, obligation__campaign__in=campaigns)
    owed_here = expected.filter(Q(done_at__isnull=True) | Q(assignment__in=unreceived.values("assignment")))
    own_unreceived = Submission.objects.filter(
        assignment__obligation=OuterRef("pk"), is_latest=True, state=SubmissionState.SENT
    )
    undone = Assignment.objects.filter(obligation=OuterRef("pk"), done_at__isnull=True, merged_into__isnull=True)
    return OpenWork(
        owed_here=owed_here,
        unsent=owed_here.exclude(assignment__in=unreceived.values("assignment")),
        unreceived=owed_here.filter(assignment__in=unreceived.values("assignment")),
        # With every version: the new addressee reads why an earlier one was returned.
        filings=addressed.filter(assignment__in=owed_here.order_by().values("assignment")),
        owed_itself=is_obligation_of_head(year, head),
        received=Obligation.objects.filter(
            Exists(undone) | Exists(own_unreceived), owed_to=head, campaign__in=campaigns
        ),
        plans=InspectionPlan.objects.filter(unit=head, year=year).exclude(state=PlanState.DONE),
        sheets=ScoreSheet.objects.filter(unit=head, year=year, side=SheetSide.HEAD).exclude(state=SheetState.CONCLUDED),
        rounds=OpinionRound.objects.filter(unit=head, year=year, last_day__gte=on),
        pledges=ClusterPledge.objects.filter(unit=head, year=year, head=head),
    )


def count_handed_over(year: ClusterYear, on: date) -> list[Moved]:
    """How much of each kind would move, in numbers only: who asks need not be one who may read the papers.

    Needs the scope that sees every unit, because the two heads stand in different branches.
    """
    head = find_acting_head(year)
    if head is None:
        return []
    work = find_open_work(year, head, on)
    return [
        Moved("Việc thành viên chưa gửi", work.unsent.count(), fate="gửi về đơn vị trưởng mới"),
        Moved("Việc thành viên đã gửi, chờ nhận", work.unreceived.count(), fate="đơn vị trưởng mới tiếp nhận, trả lại"),
        Moved(
            "Bản nộp chưa tiếp nhận hoặc đã trả lại", work.filings.count(), fate="đơn vị trưởng mới tiếp nhận, trả lại"
        ),
        Moved("Việc của đơn vị trưởng chưa xong", work.owed_itself.count(), fate="đơn vị trưởng mới thực hiện tiếp"),
        Moved("Kế hoạch kiểm tra chưa đủ kết quả", work.plans.count(), fate="đơn vị trưởng mới theo dõi tiếp"),
        Moved("Bảng chấm điểm chưa chốt", work.sheets.count(), fate="đơn vị trưởng mới chấm tiếp"),
        Moved("Lấy ý kiến còn hạn", work.rounds.count(), fate="đơn vị trưởng mới nhận ý kiến"),
        Moved("Giao ước", work.pledges.count(), fate="đơn vị trưởng mới giữ bản chung"),
        *(moved for share in list_handover_shares() for moved in import_string(share.count)(year, head)),
    ]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a hand-over cannot be: what, why, and what to do."""

    what: str
    why: str
    remedy: str


def find_handover_obstacles(from_year: ClusterYear, to_year: ClusterYear, on: date) -> Sequence[Obstacle]:
    """What stands in the way of handing `from_year` over to the head of `to_year` on `on`; empty when nothing does."""
    found = []
    old, new = find_acting_head(from_year), find_head(to_year)
    for year, head in ((from_year, old), (to_year, new)):
        if head is None:
            found.append(
                Obstacle(
                    f"{year} chưa có đơn vị trưởng.",
                    "Bàn giao cần biết đơn vị giao và đơn vị nhận.",
                    "Ghi đơn vị trưởng theo quyết định ở trang của năm đó.",
                )
            )
    if new is not None and not stands_on(new, on):
        found.append(
            Obstacle(
                f"{new.name} không hoạt động vào ngày {on:%d/%m/%Y}.",
                "Đơn vị nhận phải đang có trong ngày bàn giao.",
                "Ghi đơn vị kế thừa làm đơn vị trưởng, hoặc đổi ngày.",
            )
        )
    return found


def list_asked_extensions(unit: Unit) -> QuerySet[ExpectedWork]:
    """What `unit` itself is owed and is asked to give more time for."""
    return ExpectedWork.objects.filter(unit=unit, request__isnull=False)
