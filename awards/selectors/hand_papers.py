"""Reads of written opinions and of papers that tellers enter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from awards.models import Attendance, Ballot, BallotState, CouncilMember, Sitting, TellerSheet, WrittenEnvelope
from awards.terms import Named, Terms, contests_of, expected_envelopes, terms_of

SPOILED = "phiếu hỏng"
"""Stands in a paper for what tellers found spoiled. No case has this key, so the counter finds the paper invalid."""

Entry = dict[str, Any]
"""`number` as it is stamped on the paper, and `paper` in the one form its meaning has."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that two tellers do not agree on: one lacks it, or they read `cases` differently."""

    number: int
    lacks: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """How far one teller is."""

    teller: str
    teller_id: str
    entered: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class Sheets:
    """What two tellers entered, side by side. Differences are told only when both have finished."""

    lines: tuple[SheetLine, ...]
    differences: tuple[Difference, ...]

    @property
    def are_done(self) -> bool:
        return bool(self.lines) and all(line.is_done for line in self.lines)

    @property
    def agree(self) -> bool:
        return self.are_done and not self.differences


@dataclass(frozen=True, slots=True)
class HandCount:
    """What minutes say of papers and written opinions: how many, never whose."""

    on_paper: bool
    paper_reason: str
    written: int
    """Opinions of absent members that were counted or wait to be, sent from afar and in envelopes together."""
    envelopes: int
    withdrawn: int
    tellers: tuple[str, ...]


def list_envelopes(ballot: Ballot) -> QuerySet[WrittenEnvelope]:
    """Every envelope received for a ballot, withdrawn ones too; members loaded."""
    return WrittenEnvelope.objects.filter(ballot=ballot).select_related("member__user")


def list_absent(ballot: Ballot) -> list[CouncilMember]:
    """Whom the roll of the sitting has as away."""
    return [
        one.member
        for one in Attendance.objects.filter(sitting=ballot.sitting_id, is_present=False).select_related("member__user")
    ]


def list_standing_envelopes(sitting: Sitting) -> QuerySet[WrittenEnvelope]:
    """Envelopes that lie closed for a ballot of `sitting` still in preparation."""
    return WrittenEnvelope.objects.filter(
        ballot__sitting=sitting, ballot__state=BallotState.DRAFT, withdrawn_at__isnull=True
    ).select_related("member__user", "ballot")


def choose_tellers(members: Sequence[CouncilMember]) -> tuple[CouncilMember, ...]:
    """The two who enter papers: the first tellers in protocol order among those who take part; fewer when missing."""
    return tuple(one for one in members if one.is_teller)[:2]


def enters_papers(ballot: Ballot) -> bool:
    """Whether a ballot, once opened, has papers that tellers read by eye."""
    terms = terms_of(ballot)
    return ballot.on_paper or expected_envelopes(terms) > 0


def most_papers(ballot: Ballot) -> int:
    """How many papers tellers may find: those handed out and the envelopes; without paper voting the envelopes."""
    return (ballot.issued or 0) + expected_envelopes(terms_of(ballot))


def find_sheets(ballot: Ballot) -> Sheets:
    return compare_sheets(terms_of(ballot), list(TellerSheet.objects.filter(ballot=ballot).select_related("teller")))


def compare_sheets(terms: Terms, sheets: Sequence[TellerSheet]) -> Sheets:
    names = {one["id"]: one["name"] for one in terms.get("tellers", [])}
    lines = tuple(
        SheetLine(names.get(str(one.teller_id), ""), str(one.teller_id), len(one.papers), one.is_done) for one in sheets
    )
    finished = len(sheets) > 1 and all(one.is_done for one in sheets)
    return Sheets(lines, tuple(_differences(terms, names, sheets)) if finished else ())


def _differences(terms: Terms, names: Mapping[str, str], sheets: Sequence[TellerSheet]) -> Iterable[Difference]:
    read = [(names.get(str(one.teller_id), ""), papers_by_number(one.papers)) for one in sheets]
    for number in sorted({number for _, papers in read for number in papers}):
        lacks = tuple(name for name, papers in read if number not in papers)
        found = [papers[number] for _, papers in read if number in papers]
        cases = tuple(_unlike(terms, found[0], found[-1]))
        if lacks or cases:
            yield Difference(number, lacks, cases)


def papers_by_number(papers: Iterable[Entry]) -> dict[int, dict[str, Any]]:
    return {one["number"]: one["paper"] for one in papers}


def _unlike(terms: Terms, first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterable[str]:
    names = {one["id"]: one["name"] for one in terms["candidates"]}
    for contest in contests_of(terms):
        one, other = first[contest["id"]], second[contest["id"]]
        if (SPOILED in one) != (SPOILED in other):
            yield f"{contest['title']}: phiếu hỏng hay không"
            continue
        for key in contest["candidates"]:
            if _mark(one, key) != _mark(other, key):
                yield names[key]


def _mark(marks: Any, key: str) -> Any:
    return marks.get(key) if isinstance(marks, Mapping) else key in marks


def count_written(ballot: Ballot) -> int:
    """How many opinions of absent members a closed ballot has: those sent, by the roll, and the envelopes."""
    return len(set(ballot.absentees) & set(ballot.marks)) + expected_envelopes(terms_of(ballot))


def describe_hand_count(ballot: Ballot) -> HandCount:
    """For minutes and pages of an opened ballot. Two queries at most."""
    terms = terms_of(ballot)
    withdrawn = WrittenEnvelope.objects.filter(ballot=ballot, withdrawn_at__isnull=False).count()
    return HandCount(
        on_paper=ballot.on_paper,
        paper_reason=ballot.paper_reason,
        written=count_written(ballot),
        envelopes=expected_envelopes(terms),
        withdrawn=withdrawn,
        tellers=names_of(terms.get("tellers", [])),
    )


def names_of(people: Iterable[Named]) -> tuple[str, ...]:
    return tuple(one["name"] for one in people)
