"""Who takes no part in which case: what the register tells, and what members and the secretary have written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from awards.council_rules import ConferenceRule, find_conference_rule
from awards.models import AgendaItem, ConflictGround, ConflictOfInterest, CouncilMember, Sitting
from awards.rule_file import find_small_unit_rule
from awards.selectors.councils import list_agenda, list_members
from units.models import Membership, Posting
from units.scoping import maintenance_scope

NOMINEE = "là người được đề nghị"
HEAD = "đứng đầu đơn vị được đề nghị"
DECLARED = "tự khai báo: {}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One member and one case; `grounds` in words, none of them the private reason of a declaration."""

    member: CouncilMember
    item: AgendaItem
    grounds: tuple[str, ...]
    rows: tuple[ConflictOfInterest, ...] = ()
    """What was written, with its reason: for the secretary and the member."""

    @property
    def words(self) -> str:
        return "; ".join(self.grounds)


@dataclass(frozen=True, slots=True)
class _Post:
    person: UUID
    unit: UUID
    path: str
    is_head: bool
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def find_conflicts(sitting: Sitting) -> list[Conflict]:
    """Every member of the sitting's day and every case of its agenda that do not go together, in protocol order."""
    members = list(list_members(sitting.council, sitting.held_on))
    return find_conflicts_between(members, list_agenda(sitting).select_related("sitting"))


def find_conflicts_between(members: Sequence[CouncilMember], items: Iterable[AgendaItem]) -> list[Conflict]:
    """Conflicts of `members` with the cases of their own councils; sitting and nomination are loaded.

    At most four queries, whatever their number. What is asked of a member outside the council's unit is only which
    posts they hold.
    """
    items = list(items)
    if not items or not members:
        return []
    people = _people_of(members)
    nominees = {item.nomination.person_id for item in items if item.nomination.person_id}
    own = {one for each in people.values() for one in each}
    # Members without a record of their own meet nobody.
    posts = _posts({*nominees, *own}, items) if own else {}
    sizes = _sizes(posts, people, items)
    written = _written(members, items)
    found = []
    for member in members:
        for item in items:
            if item.sitting.council_id != member.council_id:
                continue
            rows = written[member.pk, item.nomination_id]
            grounds = (*_detect(member, people[member.pk], item, posts, sizes), *map(_declared, rows))
            if grounds:
                found.append(Conflict(member, item, grounds, tuple(rows)))
    return found


def _declared(row: ConflictOfInterest) -> str:
    if row.ground == ConflictGround.KEPT:
        return f"thư ký ghi nhận ({row.clause})" if row.clause else "thư ký ghi nhận"
    return DECLARED.format(row.get_ground_display().lower())


def _people_of(members: Sequence[CouncilMember]) -> dict[UUID, set[UUID]]:
    """The records behind each member's account; an account without one tells nothing."""
    rows = Membership.objects.filter(user__in=[member.user_id for member in members], person__isnull=False)
    behind: dict[UUID, set[UUID]] = defaultdict(set)
    for user, person in rows.values_list("user_id", "person_id"):
        if person is not None:
            behind[user].add(person)
    return {member.pk: behind[member.user_id] for member in members}


def _posts(people: set[UUID], items: Sequence[AgendaItem]) -> dict[UUID, list[_Post]]:
    found: dict[UUID, list[_Post]] = defaultdict(list)
    for post in _read_posts(Q(person__in=people), items) if people else ():
        found[post.person].append(post)
    return found


def _read_posts(which: Q, items: Sequence[AgendaItem]) -> Iterator[_Post]:
    first = min(item.sitting.held_on for item in items)
    last = max(item.sitting.held_on for item in items)
    standing = Q(valid_from__lte=last) & (Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    with maintenance_scope("A member of a council may work outside its unit, and so may whoever shares that office."):
        rows = list(
            Posting.objects.filter(which, standing)
            .order_by()
            .values_list("person_id", "unit_id", "unit_path", "is_head", "valid_from", "valid_to")
        )
    for row in rows:
        yield _Post(*row)


def _sizes(
    posts: dict[UUID, list[_Post]], people: dict[UUID, set[UUID]], items: Sequence[AgendaItem]
) -> dict[UUID, list[_Post]]:
    """The posts in those units, with all below them, in which a member and a nominee may meet; nobody else's office
    has to be counted."""
    nominees = {item.nomination.person_id for item in items}
    theirs = {post.unit for person in nominees if person for post in posts.get(person, ())}
    theirs |= {item.nomination.collective_id for item in items if item.nomination.collective_id}
    own = {post.unit: post.path for each in people.values() for person in each for post in posts.get(person, ())}
    shared = {unit: path for unit, path in own.items() if unit in theirs}
    if not shared:
        return {}
    within = Q()
    for path in shared.values():
        within |= Q(unit_path__gte=path, unit_path__lt=f"{path}~")
    found = list(_read_posts(within, items))
    return {unit: [post for post in found if post.path.startswith(path)] for unit, path in shared.items()}


def _written(
    members: Sequence[CouncilMember], items: Sequence[AgendaItem]
) -> dict[tuple[UUID, UUID], list[ConflictOfInterest]]:
    found: dict[tuple[UUID, UUID], list[ConflictOfInterest]] = defaultdict(list)
    for row in ConflictOfInterest.objects.filter(
        member__in=members, nomination__in=[item.nomination_id for item in items]
    ):
        found[row.member_id, row.nomination_id].append(row)
    return found


def find_own_vote_rule(day: date) -> ConferenceRule | None:
    """The rule by which the heads of a conference vote when their own unit stands; None where they stand aside."""
    rule = find_conference_rule(day)
    return rule if rule is not None and rule.votes_on_own_unit else None


def _detect(
    member: CouncilMember,
    people: set[UUID],
    item: AgendaItem,
    posts: dict[UUID, list[_Post]],
    sizes: dict[UUID, list[_Post]],
) -> Iterator[str]:
    """What the register tells of one member and one case on the day of the sitting."""
    case, day = item.nomination, item.sitting.held_on
    if case.person_id in people:
        yield NOMINEE
        return
    if member.member_unit_id is not None and find_own_vote_rule(day):
        return
    own = [post for person in people for post in posts.get(person, ()) if post.holds_on(day)]
    if case.collective_id and any(post.is_head and post.unit == case.collective_id for post in own):
        yield HEAD
        return
    theirs = {post.unit for post in posts.get(case.person_id, ()) if post.holds_on(day)} if case.person_id else set()
    theirs |= {case.collective_id} if case.collective_id else set()
    rule = find_small_unit_rule(day)
    if rule is None:
        return
    for unit in {post.unit for post in own} & theirs:
        size = len({post.person for post in sizes.get(unit, ()) if post.holds_on(day)})
        if size <= rule.most:
            yield f"cùng đơn vị nhỏ ({size} người, quy ước không quá {rule.most})"
            return
