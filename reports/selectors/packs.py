"""Reads everything that the pack of a sitting prints, in a number of queries that no amount of cases changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from awards.models import AgendaItem, Ballot, BallotKind, BallotState, Sitting
from awards.selectors.ballots import check_ballot
from awards.selectors.conflicts import find_conflicts
from awards.selectors.councils import list_agenda, list_attendances, list_ballots, list_members
from awards.selectors.crossing import FrozenHonour, list_frozen_honours
from awards.selectors.hand_papers import names_of
from awards.selectors.quorum import QuorumLine, describe_presence
from awards.terms import contests_of, scale_terms, scale_words, terms_of
from exemplars.models import Assessment, Nomination, SpecialCase
from reports.documents.facts import CriteriaFacts, Letterhead
from reports.documents.pack import PackCase, PackFacts, PackPaper, PackQuorum, PaperContest, PaperLine
from reports.models import SittingPack
from reports.selectors.dossiers import read_criteria
from reports.selectors.letterheads import COUNCIL
from reports.selectors.outcomes import read_members
from units.models import Honour, Unit, User
from units.selectors.organisation import Chronicle
from units.selectors.record import list_standing_honours


def list_packs(unit: Unit) -> QuerySet[SittingPack]:
    """Packs that `unit` made for its own councils, newest first, ready to be shown."""
    return (
        SittingPack.objects.filter(unit=unit, sitting__council__unit=unit)
        .select_related("sitting__council", "asked_by")
        .defer("snapshot")
    )


def list_hidden_from(sitting: Sitting, account: User) -> list[str]:
    """Cases of the sitting in which the person behind `account` takes no part."""
    found = [one.item for one in find_conflicts(sitting) if one.member.user_id == account.pk]
    return list(dict.fromkeys(item.nomination.nominee_name for item in found))


def gather_pack(sitting: Sitting) -> PackFacts:
    """Everything of `sitting`, whose council and unit are loaded."""
    council, unit = sitting.council, sitting.unit
    members = list(list_members(council, sitting.held_on))
    attendances = list(list_attendances(sitting))
    ballots = list(list_ballots(sitting).select_related("unit", "parent__tally"))
    items = list(list_agenda(sitting))
    name = Chronicle([unit]).name(unit, sitting.held_on)
    assessments = _latest_assessments(items)
    presence = describe_presence(sitting, members, attendances, ballots)
    return PackFacts(
        head=Letterhead(name.name, COUNCIL, name.place, "HĐTĐKT"),
        council=council.name,
        founding=f"Quyết định số {council.founding_number} ngày {council.founded_on:%d/%m/%Y}",
        sitting=sitting.title,
        held_on=sitting.held_on,
        starts=f"{sitting.starts_at:%H:%M}" if sitting.starts_at else "",
        place=sitting.place,
        as_of=_latest_moment(sitting, items, assessments.values()),
        recorded=bool(attendances),
        members=read_members(sitting.pk, council, sitting.held_on),
        quorums=tuple(_quorum(one) for one in presence.quorums),
        away=tuple(
            f"{one.member}: {one.item.nomination.nominee_name} ({one.words})" for one in find_conflicts(sitting)
        ),
        cases=_cases(items, assessments),
        papers=tuple(_paper(ballot) for ballot in ballots if _is_to_print(ballot)),
    )


def _is_to_print(ballot: Ballot) -> bool:
    return ballot.on_paper and ballot.state in (BallotState.DRAFT, BallotState.OPEN)


def _latest_assessments(items: Iterable[AgendaItem]) -> dict[UUID, Assessment]:
    found = (
        Assessment.objects.filter(nomination__in=[item.nomination_id for item in items])
        .select_related("edition")
        .order_by("nomination_id", "-assessed_at", "-pk")
        .distinct("nomination_id")
    )
    return {one.nomination_id: one for one in found}


def _latest_moment(sitting: Sitting, items: Iterable[AgendaItem], assessments: Iterable[Assessment]) -> datetime:
    """The data's moment, not the clock's; an empty agenda has the beginning of the sitting's day."""
    moments = [item.nomination.saved_at for item in items] + [one.assessed_at for one in assessments]
    moments += [item.reopened_at for item in items if item.reopened_at is not None]
    return max(moments, default=timezone.make_aware(datetime.combine(sitting.held_on, time.min)))


def _quorum(line: QuorumLine) -> PackQuorum:
    return PackQuorum(
        share=line.share,
        least=line.least,
        present=line.present,
        members=line.members,
        is_met=line.is_met,
        citations=line.citations,
        titles=line.titles,
        confirmed=line.confirmed,
    )


def _cases(items: list[AgendaItem], assessments: dict[UUID, Assessment]) -> tuple[PackCase, ...]:
    honours = _honours([item.nomination for item in items])
    frozen = list_frozen_honours(item.nomination for item in items)
    special: dict[UUID, list[SpecialCase]] = defaultdict(list)
    for one in SpecialCase.objects.filter(nomination__in=assessments):
        special[one.nomination_id].append(one)
    return tuple(
        PackCase(
            order=item.order,
            name=item.nomination.nominee_name,
            position=item.nomination.position,
            unit=item.nomination.put_forward_by.short_name,
            recognition=item.nomination.recognition.name,
            year=item.nomination.year,
            honours=_honours_of(item.nomination, honours, frozen),
            achievements=tuple(part for part in item.nomination.achievements.splitlines() if part.strip()),
            criteria=_criteria(assessments.get(item.nomination_id), special[item.nomination_id]),
            reopened_at=item.reopened_at,
        )
        for item in items
    )


def _honours_of(
    nomination: Nomination,
    honours: Mapping[UUID | None, list[str]],
    frozen: Mapping[UUID, tuple[FrozenHonour, ...]],
) -> tuple[str, ...]:
    if nomination.is_crossed:
        return tuple(f"{one.title} năm {one.year} ({one.decision_number})" for one in frozen.get(nomination.pk, ()))
    return tuple(honours[nomination.person_id or nomination.collective_id])


def _criteria(assessment: Assessment | None, special: list[SpecialCase]) -> CriteriaFacts | None:
    return read_criteria(assessment, special) if assessment else None


def _honours(nominations: list[Nomination]) -> dict[UUID | None, list[str]]:
    """What each nominee was recognised for, newest first, by person or collective."""
    people = {one.person_id for one in nominations if one.person_id}
    collectives = {one.collective_id for one in nominations if one.collective_id}
    found: dict[UUID | None, list[str]] = defaultdict(list)
    theirs: QuerySet[Honour] = list_standing_honours().filter(Q(person__in=people) | Q(collective__in=collectives))
    for one in theirs.select_related("title").order_by("-year", "pk"):
        words = f"{one.title.name} năm {one.year} ({one.decision_number})"
        found[one.person_id or one.collective_id].append(words)
    return found


def _paper(ballot: Ballot) -> PackPaper:
    if ballot.state == BallotState.OPEN:
        return _opened_paper(ballot)
    check = check_ballot(ballot, day=ballot.sitting.held_on)
    # Until the roll is called everybody may come.
    present = len(check.electorate) or check.quorum.members
    away = check.quorum.members - present
    return PackPaper(
        title=ballot.title,
        chooses=ballot.kind == BallotKind.CHOOSE,
        scale=scale_words(scale_terms(ballot.rule)) if ballot.kind == BallotKind.SCORE else "",
        contests=tuple(
            PaperContest(
                group.title,
                group.seats,
                tuple(
                    PaperLine(
                        item.order,
                        item.nomination.nominee_name,
                        item.nomination.put_forward_by.short_name,
                        item.nomination.recognition.name,
                    )
                    for item in group.items
                ),
            )
            for group in check.groups
        ),
        present=present,
        absent=away if ballot.rule.count_written else 0,
        tellers=tuple(str(one) for one in check.tellers),
    )


def _opened_paper(ballot: Ballot) -> PackPaper:
    """As it was frozen: envelopes are here already, so only those present get a paper."""
    terms = terms_of(ballot)
    known = {one["id"]: one for one in terms["candidates"]}
    return PackPaper(
        title=terms["title"],
        chooses=terms["kind"] == BallotKind.CHOOSE,
        scale=scale_words(terms["rule"]),
        contests=tuple(
            PaperContest(
                contest["title"],
                contest["seats"],
                tuple(
                    PaperLine(known[key]["order"], known[key]["name"], known[key]["unit"], known[key]["recognition"])
                    for key in contest["candidates"]
                ),
            )
            for contest in contests_of(terms)
        ),
        present=len(terms["electorate"]),
        absent=0,
        tellers=names_of(terms.get("tellers", [])),
    )
