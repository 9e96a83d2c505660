"""Reads of cases that cross to the conference of a cluster, at both sides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from awards.models import (
    STANDING_FILINGS,
    AgendaItem,
    Ballot,
    BallotState,
    CaseFiling,
    FilingState,
    ReceivedCase,
    Sitting,
)
from awards.selectors.counts import describe_count
from awards.terms import contests_of, ids_of, terms_of
from campaigns.models import ClusterYear, Obligation, ObligationKind
from campaigns.selectors.clusters import list_member_units
from exemplars.models import Nomination
from exemplars.notes import NominationNote
from exemplars.workflow import NominationState
from units.models import Honour, Unit
from units.selectors.record import list_honours

# Approved by the head of its unit, and not decided.
SENDABLE = (NominationState.FORWARDED, NominationState.ACCEPTED)
YEARS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class FrozenHonour:
    """An award as it stood on the day of sending; the names are those that tables of honours read."""

    year: int
    title: str
    decision_number: str
    decided_on: date
    issuer: str

    @classmethod
    def freeze(cls, honour: Honour) -> dict[str, Any]:
        return {
            "year": honour.year,
            "title": str(honour.title),
            "decision_number": honour.decision_number,
            "decided_on": honour.decided_on.isoformat(),
            "issuer": honour.issuer,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "FrozenHonour":
        return cls(**{**kept, "decided_on": date.fromisoformat(kept["decided_on"])})


def read_honours(nomination: Nomination) -> Sequence[Honour | FrozenHonour]:
    """What the nominee holds: from the ledger, or as it crossed with the case of another unit."""
    if nomination.is_crossed:
        return list_frozen_honours([nomination]).get(nomination.pk, ())
    return list(list_honours(person=nomination.person_id, collective=nomination.collective_id))


def list_frozen_honours(nominations: Iterable[Nomination]) -> dict[UUID, tuple[FrozenHonour, ...]]:
    """By nomination, of those that other units sent; one query, none when there are none."""
    keys = [one.pk for one in nominations if one.is_crossed]
    rows = ReceivedCase.objects.filter(nomination__in=keys).values_list("nomination", "honours") if keys else ()
    return {key: tuple(map(FrozenHonour.read, honours)) for key, honours in rows}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one count of the conference said of a case, in the words of its page."""

    ballot: str
    recognition: str
    held_on: str
    figures: str
    words: str
    tone: str

    def freeze(self) -> dict[str, Any]:
        return asdict(self)


# Member's side


def list_years_of(unit: Unit) -> list[ClusterYear]:
    """Years of clusters to which `unit` belongs, or to whose conference it sent something, the newest first."""
    sent = CaseFiling.objects.filter(sender=unit).values("year")
    found = ClusterYear.objects.filter(Q(members__member=unit) | Q(pk__in=sent)).select_related("cluster").distinct()
    return list(found.order_by("-year", "cluster__name")[:YEARS_SHOWN])


def count_filings(years: Iterable[ClusterYear]) -> dict[int, dict[str, int]]:
    """By year and state, how many cases in sight were sent; one query."""
    rows = CaseFiling.objects.filter(year__in=[one.pk for one in years]).order_by()
    counts: dict[int, dict[str, int]] = {}
    for year, state, number in rows.values_list("year", "state").annotate(Count("pk")):
        counts.setdefault(year, {})[state] = number
    return counts


def list_offered_codes(year: ClusterYear) -> set[str]:
    """Titles for which the plans of the year's work ask members to nominate."""
    asked = Obligation.objects.filter(campaign__in=year.campaigns.all(), kind=ObligationKind.NOMINATION)
    return {code for codes in asked.values_list("awards", flat=True) for code in codes}


def list_sendable(year: ClusterYear, unit: Unit) -> QuerySet[Nomination]:
    """Nominations that `unit` may send to the conference now: its own and of units below, approved by their head, for
    a title that the year's plans offer. What another member below stands above is that member's to send.
    """
    standing = CaseFiling.objects.filter(nomination=OuterRef("pk"), year=year, state__in=STANDING_FILINGS)
    found = Nomination.objects.filter(
        ~Exists(standing),
        state__in=SENDABLE,
        year=year.year,
        recognition__code__in=list_offered_codes(year),
        unit_path__gte=unit.path,
        unit_path__lt=f"{unit.path}~",
    )
    for other in list_member_units(year):
        if other.pk != unit.pk and unit.contains(other.path):
            found = found.exclude(unit_path__gte=other.path, unit_path__lt=f"{other.path}~")
    return found.select_related("unit", "recognition").order_by("unit_path", "nominee_name", "pk")


def list_filings() -> QuerySet[CaseFiling]:
    """Cases in sight that were sent, with everything a line or a page head shows, the newest first."""
    return CaseFiling.objects.select_related(
        "unit", "sender", "addressee", "year__cluster", "nomination__recognition", "nomination__unit"
    ).order_by("-sent_at", "pk")


def list_nomination_notes(nomination: Nomination) -> list[NominationNote]:
    """What a conference says of a nomination, on its own page: where it lies, or its result."""
    found = CaseFiling.objects.select_related("year__cluster").filter(nomination=nomination)
    return [_note_of(one) for one in found.order_by("-sent_at", "pk")]


def _note_of(filing: CaseFiling) -> NominationNote:
    words, tone = _words_of(filing)
    if filing.is_outdated:
        words = f"{words} {_describe_outdated(filing)}"
    return NominationNote(words, tone, filing.get_absolute_url(), "awards.view_case_filing")


def _words_of(filing: CaseFiling) -> tuple[str, str]:
    where = f"Hội nghị {filing.year}"
    if filing.state == FilingState.ANNOUNCED:
        told = "; ".join(f"{one['ballot']}: {one['words'].lower()}, {one['figures']}" for one in filing.results)
        return f"{where}: {told}.", "met" if is_chosen(filing) else "unmet"
    if filing.state == FilingState.RETURNED:
        return f"{where} trả lại: {filing.answer}", "unmet"
    return f"{where}: {filing.get_state_display().lower()}.", "open"


def _describe_outdated(filing: CaseFiling) -> str:
    told = f"Đề nghị được đưa về sửa ngày {localtime(filing.reopened_at):%d/%m/%Y}, sau khi gửi"
    if filing.state == FilingState.ANNOUNCED:
        return f"{told}; kết quả này là của bản trước khi sửa."
    return (
        f"{told}; bản ở Hội nghị là bản trước khi sửa. Muốn Hội nghị xét bản mới thì rút bản đã gửi, rồi gửi lại khi "
        "thủ trưởng đã duyệt."
    )


def is_chosen(case: CaseFiling | ReceivedCase) -> bool:
    """Whether the conference chose it; a later list for a higher authority only narrows that."""
    return any(one["words"] == CHOSEN for one in case.results)


# The leading unit's side


def list_received(year: ClusterYear, unit: Unit) -> QuerySet[ReceivedCase]:
    """Cases that `unit` itself received for the year's conference, by sender; what was withdrawn comes last."""
    return list_received_cases(unit).filter(year=year)


def list_received_cases(unit: Unit) -> QuerySet[ReceivedCase]:
    return (
        ReceivedCase.objects.filter(unit=unit)
        .select_related(
            "unit",
            "sender",
            "year__cluster",
            "nomination__recognition",
            "nomination__origin",
            "nomination__unit",
            "nomination__collective",
        )
        .order_by("sender__path", "sent_at", "pk")
    )


def list_to_receive(unit: Unit) -> QuerySet[ReceivedCase]:
    """Cases that were sent to `unit` and that it has neither received nor given back."""
    return ReceivedCase.objects.filter(unit=unit, state=FilingState.SENT)


@dataclass(frozen=True, slots=True)
class SenderLine:
    """A member of the cluster and how many of its cases stand here."""

    unit: Unit
    waiting: int
    received: int

    @property
    def has_sent(self) -> bool:
        return bool(self.waiting or self.received)


def list_senders(year: ClusterYear, unit: Unit) -> list[SenderLine]:
    """Every member of the cluster's year, head first, with what it sent; two queries."""
    rows = ReceivedCase.objects.filter(unit=unit, year=year, state__in=STANDING_FILINGS).order_by()
    counts = {
        (sender, state): number for sender, state, number in rows.values_list("sender", "state").annotate(Count("pk"))
    }
    return [
        SenderLine(
            one,
            counts.get((one.pk, FilingState.SENT.value), 0),
            sum(counts.get((one.pk, state.value), 0) for state in (FilingState.RECEIVED, FilingState.ANNOUNCED)),
        )
        for one in list_member_units(year)
    ]


CHOSEN, NOT_CHOSEN = "Được suy tôn", "Không được suy tôn"
_WORDS = {"Đạt": CHOSEN, "Không đạt": NOT_CHOSEN}


def list_outcomes(sitting: Sitting) -> dict[UUID, list[Outcome]]:
    """What the counts of a sitting said of each case that other units sent and on which they have spoken.

    A case that is tied and waits for another round has no outcome yet, so nothing is told of it.
    """
    counted = (
        Ballot.objects.filter(sitting=sitting, state=BallotState.COUNTED)
        .select_related("tally", "sitting")
        .order_by("tally__counted_at", "pk")
    )
    crossed = {one.nomination_id for one in list_crossed_items(sitting)}
    found: dict[UUID, list[Outcome]] = {}
    for ballot in counted:
        if ballot.tally.result["quorum_met"]:
            for key, outcome in _outcomes_of(ballot):
                if key in crossed:
                    found.setdefault(key, []).append(outcome)
    return {key: [one for one in rows if one.tone != "open"] for key, rows in found.items() if rows[-1].tone != "open"}


def _outcomes_of(ballot: Ballot) -> Iterable[tuple[UUID, Outcome]]:
    for contest, group in zip(contests_of(terms_of(ballot)), describe_count(ballot).groups, strict=True):
        for key, line in zip(contest["candidates"], group.lines, strict=True):
            yield (
                UUID(key),
                Outcome(
                    ballot=ballot.title,
                    recognition=line.recognition,
                    held_on=f"{ballot.sitting.held_on:%d/%m/%Y}",
                    figures=line.figures,
                    words=_WORDS.get(line.outcome, line.outcome),
                    tone=line.tone,
                ),
            )


def list_crossed_items(sitting: Sitting) -> QuerySet[AgendaItem]:
    """Cases of the agenda that other units sent."""
    return AgendaItem.objects.filter(sitting=sitting, nomination__received__isnull=False)


def list_untold(sitting: Sitting) -> list[tuple[ReceivedCase, list[dict[str, Any]]]]:
    """Cases whose senders do not know yet what the counts have said, each with that."""
    outcomes = list_outcomes(sitting)
    rows = ReceivedCase.objects.filter(
        nomination__in=list(outcomes), state__in=(FilingState.RECEIVED, FilingState.ANNOUNCED)
    ).select_related("nomination", "sender", "unit", "year__cluster")
    told = [(one, [outcome.freeze() for outcome in outcomes[one.nomination_id]]) for one in rows]
    return [(one, results) for one, results in told if one.results != results]


def find_asking(nomination: Nomination) -> Ballot | None:
    """A ballot, opened at least, that asks about the case."""
    opened = Ballot.objects.filter(sitting__agenda__nomination=nomination).filter(
        state__in=(BallotState.OPEN, BallotState.CLOSED, BallotState.COUNTED)
    )
    return next((one for one in opened if str(nomination.pk) in ids_of(terms_of(one).get("candidates", []))), None)
