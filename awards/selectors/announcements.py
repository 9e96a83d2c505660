"""Who is told of a decision and what, and what one person was told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from awards.models import Decision, ResultLetter
from awards.selectors.case_letters import list_unread_news
from awards.selectors.decisions import concluded_ids, list_lines, list_revoked_lines
from exemplars.models import Nomination
from exemplars.workflow import NominationState
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows
from units.models import Membership, Unit, User
from units.prepared import Asked
from units.roles import Role
from units.selectors.organisation import name_on

Case = dict[str, str]


@dataclass(slots=True)
class Told:
    """What one person hears in one unit: cases of their own, those recognised and those not of the unit."""

    user: User
    unit: Unit
    own: list[Case] = field(default_factory=list)
    won: list[Case] = field(default_factory=list)
    lost: list[Case] = field(default_factory=list)


def describe_paper(decision: Decision) -> Case:
    """What a letter says of the decision itself: units below the issuer cannot read it."""
    revoked = decision.revokes
    return {
        "number": decision.number,
        "signed_on": f"{decision.signed_on:%d/%m/%Y}",
        "subject": decision.subject,
        "issuer": name_on(decision.unit, decision.signed_on).name,
        "revokes": revoked.number if revoked else "",
        "revoked_on": f"{revoked.signed_on:%d/%m/%Y}" if revoked else "",
        "reason": decision.reason,
    }


def find_told(decision: Decision, day: date) -> list[Told]:
    """Clerks and heads of the units that proposed, and nominees with accounts, each once for a unit.

    Clerks (where there is none, heads) also hear which cases were not recognised. Votes are never told. Six queries,
    whatever the number of cases.
    """
    won = _group(_winners(decision))
    lost = _group(_losers(decision))
    told: dict[tuple[UUID, UUID], Told] = {}

    def note(membership: Membership) -> Told:
        key = (membership.user_id, membership.unit_id)
        return told.setdefault(key, Told(membership.user, membership.unit))

    for unit, members in _listeners({*won, *lost}, day).items():
        has_clerk = any(one.role == Role.CLERK for one in members)
        for one in members:
            hears_losses = one.role == Role.CLERK or not has_clerk
            if not won[unit] and not (hears_losses and lost[unit]):
                continue
            said = note(one)
            said.won = [_case(case) for case in won[unit]]
            said.lost = [_case(case) for case in lost[unit]] if hears_losses or said.lost else []
    winners = {case.person_id: case for cases in won.values() for case in cases if case.person_id}
    for one in _accounts_of(winners, day):
        assert one.person_id is not None  # noqa: S101  it was found by its person
        note(one).own.append(_case(winners[one.person_id]))
    return list(told.values())


def _winners(decision: Decision) -> list[Nomination]:
    lines = list_revoked_lines(decision) if decision.revokes_id else list_lines(decision)
    return [line.nomination for line in lines.select_related("nomination__recognition")]


def _losers(decision: Decision) -> list[Nomination]:
    if decision.ballot is None:
        return []
    found = Nomination.objects.filter(pk__in=concluded_ids(decision.ballot), state=NominationState.DECLINED)
    return list(found.select_related("recognition").order_by("nominee_name", "pk"))


def _group(cases: Iterable[Nomination]) -> defaultdict[UUID, list[Nomination]]:
    grouped: defaultdict[UUID, list[Nomination]] = defaultdict(list)
    for one in cases:
        grouped[one.unit_id].append(one)
    return grouped


def _case(nomination: Nomination) -> Case:
    return {
        "nomination": str(nomination.pk),
        "name": nomination.nominee_name,
        "award": f"{nomination.recognition.name}, {nomination.year}",
    }


def _listeners(units: Iterable[UUID], day: date) -> dict[UUID, list[Membership]]:
    found: dict[UUID, list[Membership]] = defaultdict(list)
    memberships = (
        Membership.objects.on(day)
        .filter(unit__in=list(units), role__in=(Role.CLERK, Role.HEAD), user__is_active=True)
        .select_related("user", "unit")
        .order_by("user__username", "role")
    )
    for one in memberships:
        found[one.unit_id].append(one)
    return found


def _accounts_of(people: Iterable[UUID], day: date) -> list[Membership]:
    """One membership for each account of these people: where they act in the unit of a role with pages of its own."""
    first: dict[UUID, Membership] = {}
    memberships = (
        Membership.objects.on(day)
        .filter(person__in=list(people), user__is_active=True)
        .exclude(role=Role.MEMBER)
        .select_related("user", "unit")
        .order_by("user__username", "role")
    )
    for one in memberships:
        first.setdefault(one.user_id, one)
    return list(first.values())


def list_results(user: User) -> QuerySet[ResultLetter]:
    """What `user` was told about decisions in units in sight, the newest first; the unit loaded."""
    return ResultLetter.objects.filter(recipient=user).select_related("unit")


def list_unread(user: User) -> QuerySet[ResultLetter]:
    return ResultLetter.objects.filter(recipient=user, read_at__isnull=True).order_by()


def find_results_waiting(actor: Actor) -> Desk | None:
    """Results, and news of cases sent to a conference, that the one who acts has not read yet."""
    if actor.user is None:
        return None
    address = address_of("awards:result-list")
    unread = tuple(Rows(Asked(rows, (actor.user,)), address) for rows in (list_unread, list_unread_news))
    return Desk("kết quả, tin từ Hội nghị chưa đọc", unread)
