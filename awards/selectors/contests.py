"""What a ballot asks before it opens: which cases, in which groups, with how many seats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from awards.models import AgendaItem, Ballot, BallotKind, CouncilMember, Follows, Sitting, VotingRule
from awards.selectors.conflicts import Conflict, find_conflicts_between
from awards.selectors.councils import list_agenda, list_members, list_unasked
from awards.selectors.rounds import chosen_ids, list_cases_of_winners, list_chain, tied_ids
from awards.terms import CONTEST
from units.models import UnitKind

if TYPE_CHECKING:
    from uuid import UUID


class Grouping(StrEnum):
    """How the cases of a ballot are laid out in groups, each with its own seats."""

    ONE = "one"
    KIND = "kind"
    RECOGNITION = "recognition"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a ballot in preparation: what becomes a contest when it opens."""

    id: str
    title: str
    seats: int | None
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Cases on which the same members may vote."""

    away: tuple[CouncilMember, ...]
    """Those who take no part in any of them."""

    items: tuple[AgendaItem, ...]


def list_eligible(ballot: Ballot) -> list[AgendaItem]:
    """The cases that a ballot in preparation may ask about at this moment, in the order of the agenda."""
    parent, sitting = ballot.parent, ballot.sitting
    if parent is None:
        return list_unasked(sitting)
    if ballot.follows == Follows.WINNERS and not ballot.is_proposal:
        return list_cases_of_winners(sitting, chosen_ids(list_chain(parent)))
    wanted = set(tied_ids(parent) if ballot.follows == Follows.SECOND_ROUND else chosen_ids(list_chain(parent)))
    return [item for item in list_agenda(sitting) if str(item.nomination_id) in wanted]


def list_groups(ballot: Ballot, eligible: Sequence[AgendaItem]) -> tuple[Group, ...]:
    """The groups of a draft with those of their cases that may still be asked about; an empty group asks nothing."""
    if not ballot.contests:
        return (Group(CONTEST, ballot.title, ballot.seats, tuple(eligible)),) if eligible else ()
    groups = (
        Group(
            one["id"],
            one["title"],
            one["seats"],
            tuple(item for item in eligible if str(item.nomination_id) in one["cases"]),
        )
        for one in ballot.contests
    )
    return tuple(group for group in groups if group.items)


def is_joint(ballot: Ballot, groups: Iterable[Group]) -> bool:
    """Whether cases compete for seats, so that whoever may not judge one of them may not judge the others either."""
    return ballot.kind == BallotKind.CHOOSE or any(group.seats is not None for group in groups)


def list_parts(items: Sequence[AgendaItem], conflicts: Iterable[Conflict]) -> list[Part]:
    """Divide cases by who may not vote on them: those on which everybody may come first."""
    away: dict[UUID, dict[UUID, CouncilMember]] = {}
    for one in conflicts:
        away.setdefault(one.item.pk, {})[one.member.pk] = one.member
    parts: dict[frozenset[UUID], list[AgendaItem]] = {}
    for item in items:
        parts.setdefault(frozenset(away.get(item.pk, {})), []).append(item)
    listed = [Part(tuple(away.get(each[0].pk, {}).values()), tuple(each)) for each in parts.values()]
    return sorted(listed, key=lambda part: bool(part.away))


def list_sitting_parts(sitting: Sitting) -> list[Part]:
    """The same for all cases that an ordinary ballot may still ask about."""
    items = list_unasked(sitting)
    members = list(list_members(sitting.council, sitting.held_on))
    for item in items:
        item.sitting = sitting
    return list_parts(items, find_conflicts_between(members, items))


def propose_groups(
    grouping: Grouping, items: Sequence[AgendaItem], *, title: str, seats: int | None, rule: VotingRule
) -> list[dict[str, Any]]:
    """Lay cases out in groups, as `Ballot.contests` holds them; the quotas of a plan stand in its rule."""
    if grouping is Grouping.KIND:
        return _by_kind(items, rule)
    if grouping is Grouping.RECOGNITION:
        return _gather([(one.nomination.recognition.code, one.nomination.recognition.name, one) for one in items])
    return [_as_contest(CONTEST, title, seats, items)]


def _by_kind(items: Sequence[AgendaItem], rule: VotingRule) -> list[dict[str, Any]]:
    planned = [
        _as_contest(
            quota["id"], quota["title"], quota["seats"], [one for one in items if kind_of(one) in quota["kinds"]]
        )
        for quota in rule.groups
    ]
    taken = {case for one in planned for case in one["cases"]}
    rest = [one for one in items if str(one.nomination_id) not in taken]
    others = _gather([(f"loai-{kind_of(one)}", UnitKind(kind_of(one)).label, one) for one in rest])
    return [one for one in planned if one["cases"]] + others


def kind_of(item: AgendaItem) -> str:
    """The kind of the nominated unit; of a person, that of the unit that put them forward."""
    return (item.nomination.collective or item.nomination.put_forward_by).kind


def _gather(labelled: Iterable[tuple[str, str, AgendaItem]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[AgendaItem]] = {}
    for key, title, item in labelled:
        groups.setdefault((key, title), []).append(item)
    return [_as_contest(key, title, None, items) for (key, title), items in groups.items()]


def _as_contest(key: str, title: str, seats: int | None, items: Iterable[AgendaItem]) -> dict[str, Any]:
    return {"id": key, "title": title, "seats": seats, "cases": [str(one.nomination_id) for one in items]}
