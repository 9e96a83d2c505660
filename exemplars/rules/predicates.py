"""The catalogue of predicates: the questions that a criterion may put to the facts.

A predicate is a frozen value: its parameters come from a rulebook, its ``judge`` reads facts and answers met,
unmet or undetermined, saying what it read. Three promises, held by tests: one more disciplinary entry never
helps; one more honour never hurts; where a fact is unknown and it matters, the answer is undetermined.

A new predicate is a dataclass with ``kind``, ``read`` and ``judge``, entered in ``CATALOGUE``, and described for the
screens in ``catalogue``. More of them stand in ``record_predicates`` and
``standing_predicates``. One that is asked about everybody may be ``Prepared`` instead: what does not depend on the
facts is then worked out once for all nominees of a kind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, NamedTuple, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import (
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Employment,
    HonourHeld,
)
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.honour_predicates import Proposed, Recognised, TrackRecord
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.questions import (
    DISCIPLINE_READ,
    NOT_JUDGED,
    Answer,
    Predicate,
    Prepared,
    Question,
    Subject,
    attestation_read,
    capital,
    read_from,
    read_rung,
    read_subject,
    year_end,
)
from exemplars.rules.remembered import Remembered
from exemplars.rules.yearly_predicates import GradingAtLeast, MovementAtLeast


@dataclass(frozen=True, slots=True)
class Attested(Prepared):
    """A person has judged the criterion and says that it holds.

    No judgement yet is undetermined, never unmet: silence is not a refusal. Judgements that contradict each
    other are undetermined too.
    """

    kind: ClassVar[str] = "attested"
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(read_subject(section))

    def prepare(self, question: Question) -> Answer:
        code, reads_unit, chance = question.code, self.subject is Subject.UNIT, question.at_once()

        def answer(case: Case) -> Judgement:
            said = (case.unit if reads_unit else case.facts).attested or ()
            heard = [one for one in said if one.code == code]
            if not heard:
                return NOT_JUDGED
            evidence = tuple([attestation_read(one) for one in heard])
            holds = heard[0].holds
            if len(heard) > 1 and any(one.holds is not holds for one in heard):
                return Judgement(
                    Status.UNDETERMINED,
                    "Các xác nhận về tiêu chuẩn này trái ngược nhau.",
                    evidence,
                    "Thống nhất ý kiến của những người đã xác nhận.",
                    awaits=Awaits.PEOPLE,
                )
            if holds:
                return Judgement(Status.MET, "Đã có người xác nhận đạt tiêu chuẩn này.", evidence)
            return Judgement(
                Status.UNMET,
                "Người có trách nhiệm nhận định là chưa đạt tiêu chuẩn này.",
                evidence,
                missing="nhận định đạt của người có trách nhiệm",
                chance=chance,
            )

        return answer


@dataclass(frozen=True, slots=True)
class TitleEligible(Prepared):
    """Eligible, for a year of the span, for a title "trở lên": that title or a higher one of its ladder.

    An honour of that title or higher for such a year implies eligibility. Unmet therefore needs both lists
    known and neither holding it. ``or_higher`` false: the plan names the title alone, so being eligible for a
    higher one does not answer it.
    """

    kind: ClassVar[str] = "title-eligible"
    at_least: str
    subject: Subject = Subject.NOMINEE
    or_higher: bool = True

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(
            read_rung(section, LadderKind.TITLE, ladders),
            read_subject(section),
            section.flag("or_higher", default=True),
        )

    def prepare(self, question: Question) -> Answer:
        reads_unit, years, span, name = (
            self.subject is Subject.UNIT,
            question.span.years,
            question.span,
            question.name(self.subject),
        )
        title = question.ladders.label(LadderKind.TITLE, self.at_least)
        title += " hoặc danh hiệu cao hơn" if self.or_higher else ""
        reads: Remembered[tuple[bool, str, int], _TitleRead] = Remembered(
            lambda fact: self._read_title(fact[0], fact[1], fact[2], question.ladders)
        )
        is_enough = f"{capital(name)} đủ điều kiện xét {title} {span}."
        is_unclear = f"Chưa rõ {name} có đủ điều kiện xét {title} {span} hay không."
        remedy = f"Bổ sung kết quả xét danh hiệu thi đua và sổ khen thưởng {span} của {name}."
        chance = question.while_it_lasts() if question.case.year is None else question.settled()

        def answer(case: Case) -> Judgement:
            facts = case.unit if reads_unit else case.facts
            candidates: tuple[EligibleTitle | HonourHeld, ...] = (
                *(facts.eligible_titles or ()),
                *(facts.honours or ()),
            )
            found = [
                (fact.source, reads[isinstance(fact, HonourHeld), fact.title, fact.year])
                for fact in candidates
                if fact.year in years
            ]
            enough = [one for one in found if one[1].suffices]
            evidence = tuple([read_from(read.words, source) for source, read in enough or found])
            if enough:
                return Judgement(Status.MET, is_enough, evidence)
            if facts.eligible_titles is None or facts.honours is None:
                return Judgement(Status.UNDETERMINED, is_unclear, evidence, remedy)
            steps, best = _least_missing([read for _, read in found])
            short = f"; cao nhất mới là {best}, còn thiếu {steps} bậc" if steps else ""
            reason = f"{capital(name)} chưa đủ điều kiện xét {title} {span}{short}."
            missing = f"{steps} bậc danh hiệu" if steps else f"kết quả đủ điều kiện xét {title}"
            # The finding about a year settles it; in a period another year may do.
            return Judgement(Status.UNMET, reason, evidence, missing=missing, chance=chance)

        return answer

    def _read_title(self, is_held: bool, title: str, year: int, ladders: Ladders) -> "_TitleRead":  # noqa: FBT001
        on, label = year_end(year), ladders.label(LadderKind.TITLE, title)
        if not is_held and not self.or_higher:
            suffices = title == self.at_least
        else:
            suffices = ladders.reaches(LadderKind.TITLE, title, self.at_least, on=on) is True
        words = "Đã được tặng" if is_held else "Đủ điều kiện xét"
        steps = ladders.shortfall(LadderKind.TITLE, title, self.at_least, on=on) or 0
        return _TitleRead(suffices, steps, label, f"{words} {label} năm {year}")


class _TitleRead(NamedTuple):
    """What a title of a year says; `steps` short of what is asked for, 0 where it cannot be compared."""

    suffices: bool
    steps: int
    label: str
    words: str


def _least_missing(found: Iterable[_TitleRead]) -> tuple[int, str]:
    """By how many steps the best that was read falls short, and what it is; 0 where nothing can be compared."""
    steps = {read.steps: read.label for read in found if read.steps}
    least = min(steps, default=0)
    return least, steps.get(least, "")


@dataclass(frozen=True, slots=True)
class NoDiscipline(Prepared):
    """No disciplinary action at or above a form within the span, of the nominee or of the staff.

    ``among`` names the kinds of staff that the plan speaks of; a form that none of their ladders holds is left to
    people. Empty: everybody.
    """

    kind: ClassVar[str] = "no-discipline"
    of: DisciplineOf
    at_least: str
    subject: Subject = Subject.NOMINEE
    among: tuple[Employment, ...] = ()

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(
            section.choice("of", DisciplineOf),
            read_rung(section, LadderKind.DISCIPLINE, ladders),
            read_subject(section),
            section.choices("among", Employment) if "among" in section else (),
        )

    def prepare(self, question: Question) -> Answer:
        kinds = ", ".join(employment.label for employment in self.among) or "người"
        whom = f"{kinds} do đơn vị trực tiếp quản lý" if self.of is DisciplineOf.STAFF else "người được xét"
        floor = f"từ mức {question.ladders.label(LadderKind.DISCIPLINE, self.at_least).lower()} trở lên"
        so_far = "" if question.case.as_of >= question.span.last_day else ", tính đến ngày xét"
        clean = Judgement(Status.MET, f"{capital(str(question.span))} không có {whom} bị kỷ luật {floor}{so_far}.")
        unknown = Judgement(
            Status.UNDETERMINED,
            f"Chưa rõ {question.span} có {whom} bị kỷ luật {floor} hay không.",
            remedy=f"Bổ sung xác nhận về kỷ luật của {whom} {question.span}.",
        )
        reads_unit, of, first, last = (
            self.subject is Subject.UNIT,
            self.of,
            question.span.first_day,
            question.span.last_day,
        )

        def answer(case: Case) -> Judgement:
            entries = (case.unit if reads_unit else case.facts).discipline
            if entries is None:
                return unknown
            within = [one for one in entries if one.of is of and first <= one.on <= last]
            counts = [self._counts(one, question) for one in within]
            if heavy := counts.count(True):
                return self._heavy(heavy, f"{whom} bị kỷ luật {floor}", question)
            return self._unclear(floor) if None in counts else clean

        return answer

    @staticmethod
    def _heavy(number: int, what: str, question: Question) -> Judgement:
        return Judgement(
            Status.UNMET,
            f"{capital(str(question.span))} có {number} trường hợp {what}. {question.next_chance}",
            # Reviewers learn that it stands, not which form and decision: those are in the record, for who may open it.
            (Evidence(DISCIPLINE_READ),),
            missing=f"{number} trường hợp bị kỷ luật trong thời gian xét",
            chance=question.settled(),
        )

    @staticmethod
    def _unclear(floor: str) -> Judgement:
        return Judgement(
            Status.UNDETERMINED,
            f"Có hình thức kỷ luật không so được với thang kỷ luật áp dụng ngày đó: {floor}.",
            (Evidence(DISCIPLINE_READ),),
            "Kiểm tra lại hình thức và ngày của quyết định kỷ luật.",
        )

    def _counts(self, entry: Discipline, question: Question) -> bool | None:
        own = self.of is DisciplineOf.NOMINEE and self.subject is Subject.NOMINEE
        looked_at = (question.case.nominee.employment,) if own else self.among or (None,)
        answers = {
            question.ladders.reaches(
                LadderKind.DISCIPLINE, entry.form, self.at_least, on=entry.on, employment=employment
            )
            for employment in looked_at
        } - {None}
        return answers.pop() if len(answers) == 1 else None


@dataclass(frozen=True, slots=True)
class AllOf:
    """One criterion with several conditions: the worst answer is its answer, and each condition that fails is told."""

    kind: ClassVar[str] = "all-of"
    parts: tuple[Predicate, ...]

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        parts = tuple(read_predicate(part, ladders) for part in section.sections("parts"))
        if len(parts) <= 1:
            section.refuse("parts", "ít nhất hai phép kiểm")
        return cls(parts)

    def judge(self, question: Question) -> Judgement:
        answers = [part.judge(question) for part in self.parts]
        statuses = [answer.status for answer in answers]
        worst = next((one for one in (Status.UNMET, Status.UNDETERMINED) if one in statuses), Status.MET)
        unmet = [answer for answer in answers if answer.status is Status.UNMET]
        unknown = [answer for answer in answers if answer.status is Status.UNDETERMINED]
        open_ones = [answer for answer in answers if answer.status is not Status.MET] or answers
        return Judgement(
            worst,
            " ".join(answer.reason for answer in open_ones),
            tuple(read for answer in answers for read in answer.evidence),
            # What failed is mended as the criterion says, which names all its conditions.
            " ".join(answer.remedy for answer in open_ones) if worst is Status.UNDETERMINED else "",
            missing="; ".join(answer.missing for answer in unmet if answer.missing),
            chance=_last_of([answer.chance for answer in unmet if answer.chance]),
            awaits=Awaits.RECORD if any(one.awaits is Awaits.RECORD for one in unknown) else Awaits.PEOPLE,
        )


CATALOGUE: Final[dict[str, type[Predicate]]] = {
    predicate.kind: predicate
    for predicate in (
        Attested,
        GradingAtLeast,
        TitleEligible,
        NoDiscipline,
        MovementAtLeast,
        TrackRecord,
        Recognised,
        Proposed,
        AllOf,
    )
}


def read_predicate(section: Section, ladders: Ladders) -> Predicate:
    kind = section.text("kind")
    if kind not in CATALOGUE:
        section.refuse("kind", one_of(CATALOGUE))
    predicate = CATALOGUE[kind].read(section, ladders)
    section.close()
    return predicate


def _last_of(chances: Sequence[Chance]) -> Chance | None:
    """All of them have to come: the last one counts, and one that never comes is the answer."""
    never = next((one for one in chances if one.day is None), None)
    return never or max(chances, key=lambda one: one.day or date.max, default=None)
