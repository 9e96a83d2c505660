"""Which ballots follow from a count: another round among the tied, a ballot restricted to those chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from awards.models import AgendaItem, Ballot, BallotKind, BallotState, Follows, Sitting, TieRule
from awards.selectors.councils import list_agenda, list_unasked
from awards.terms import contests_of, terms_of, tie_of
from units.models import AwardTitle


@dataclass(frozen=True, slots=True)
class Offer:
    """A ballot that a count calls for."""

    ballot: Ballot
    names: tuple[str, ...]
    """The tied, or those chosen."""

    titles: tuple[AwardTitle, ...] = ()
    """Other titles for which some of those chosen stand on the agenda."""

    may_propose: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    rounds: tuple[Offer, ...]
    winners: tuple[Offer, ...]


def has_spoken(ballot: Ballot) -> bool:
    """Whether the ballot was counted with a quorum; its tally is loaded where it was counted."""
    return ballot.state == BallotState.COUNTED and ballot.tally.result["quorum_met"]


def tied_ids(ballot: Ballot) -> list[str]:
    """Cases of a counted ballot that its rule sends into another round."""
    if not has_spoken(ballot) or tie_of(terms_of(ballot)) == TieRule.NOBODY:
        return []
    return [key for contest in ballot.tally.result["contests"] for key in contest["tied"]]


def list_chain(ballot: Ballot) -> list[Ballot]:
    """The first round of `ballot` and the rounds after it, up to and including itself; tallies loaded."""
    chain = [ballot]
    while chain[0].follows == Follows.SECOND_ROUND and chain[0].parent_id:
        chain.insert(0, Ballot.objects.select_related("tally", "rule", "sitting").get(pk=chain[0].parent_id))
    return chain


def chosen_ids(chain: Sequence[Ballot]) -> list[str]:
    """All who were elected in a first round and its further rounds, in the order of the first paper."""
    elected = {key for one in chain for contest in one.tally.result["contests"] for key in contest["elected"]}
    return [key for contest in contests_of(terms_of(chain[0])) for key in contest["candidates"] if key in elected]


def list_cases_of_winners(
    sitting: Sitting, chosen: Iterable[str], *, title: AwardTitle | None = None
) -> list[AgendaItem]:
    """Open cases of the agenda in which somebody who was chosen stands for another title, or for `title`."""
    agenda = {str(item.nomination_id): item for item in list_agenda(sitting)}
    items = [agenda[key] for key in chosen if key in agenda]
    nominees = {_nominee(item) for item in items}
    decided = {item.nomination.recognition_id for item in items}
    return [
        item
        for item in list_unasked(sitting)
        if _nominee(item) in nominees
        and item.nomination.recognition_id not in decided
        and (title is None or item.nomination.recognition_id == title.pk)
    ]


def _nominee(item: AgendaItem) -> UUID | None:
    return item.nomination.person_id or item.nomination.collective_id


def find_offers(sitting: Sitting) -> Offers:
    """What the counts of a sitting call for and nobody has prepared yet. A constant number of queries."""
    ballots = list(Ballot.objects.filter(sitting=sitting).select_related("tally", "rule").order_by("tally__counted_at"))
    spoken = [one for one in ballots if one.state == BallotState.COUNTED and has_spoken(one)]
    followed = {(one.parent_id, one.follows) for one in ballots if _stands(one)}
    by_key = {one.pk: one for one in ballots}
    rounds = [
        Offer(one, _names(one, tied_ids(one)))
        for one in spoken
        if tied_ids(one) and (one.pk, Follows.SECOND_ROUND.value) not in followed
    ]
    settled = [
        one
        for one in spoken
        if not tied_ids(one) and not one.is_proposal and (one.pk, Follows.WINNERS.value) not in followed
    ]
    agenda = list(list_unasked(sitting)) if settled else []
    everything = {str(item.nomination_id): item for item in list_agenda(sitting)} if settled else {}
    winners = [_winners_offer(_chain_among(one, by_key), agenda, everything) for one in settled]
    return Offers(tuple(rounds), tuple(one for one in winners if one.names and (one.may_propose or one.titles)))


def _stands(ballot: Ballot) -> bool:
    """A following ballot that came to nothing (void, or without a quorum) may be prepared again."""
    return ballot.state != BallotState.VOID and (ballot.state != BallotState.COUNTED or has_spoken(ballot))


def _chain_among(ballot: Ballot, by_key: dict[UUID, Ballot]) -> list[Ballot]:
    chain = [ballot]
    while chain[0].follows == Follows.SECOND_ROUND and chain[0].parent_id:
        chain.insert(0, by_key[chain[0].parent_id])
    return chain


def _winners_offer(chain: list[Ballot], unasked: list[AgendaItem], everything: dict[str, AgendaItem]) -> Offer:
    chosen = chosen_ids(chain)
    items = [everything[key] for key in chosen if key in everything]
    nominees, own = {_nominee(item) for item in items}, {item.nomination.recognition_id for item in items}
    titles = {
        item.nomination.recognition_id: item.nomination.recognition
        for item in unasked
        if _nominee(item) in nominees and item.nomination.recognition_id not in own
    }
    limited = any(contest["seats"] for contest in contests_of(terms_of(chain[0])))
    return Offer(
        ballot=chain[-1],
        names=_names(chain[0], chosen),
        titles=tuple(titles.values()),
        may_propose=chain[0].kind == BallotKind.CHOOSE or limited,
    )


def _names(ballot: Ballot, keys: Sequence[str]) -> tuple[str, ...]:
    names = {one["id"]: one["name"] for one in terms_of(ballot)["candidates"]}
    return tuple(names[key] for key in keys if key in names)
