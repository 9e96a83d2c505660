"""The catalogue of predicates: the questions that a criterion may put to the facts.

A predicate is a frozen value: its parameters come from a rulebook, its ``judge`` reads facts and answers met,
unmet or undetermined, saying what it read. Three promises, held by tests: one more disciplinary entry never
helps; one more honour never hurts; where a fact is unknown and it matters, the answer is undetermined.

A new predicate is a dataclass with ``kind``, ``read`` and ``judge``, entered in ``CATALOGUE``, and described for the
screens in ``catalogue``. More of them stand in ``record_predicates`` and
``standing_predicates``. One that is asked about everybody may be ``Prepared`` instead: what does not depend on the
facts is then worked out once for all nominees of a kind.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple, Protocol, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import (
    Attestation,
    Body,
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Employment,
    Facts,
    HonourHeld,
    Level,
    MovementResult,
    PastRecognition,
    Source,
)
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.remembered import Remembered

NOT_JUDGED: Final = Judgement(
    Status.UNDETERMINED,
    "Tiêu chuẩn này cần người có trách nhiệm nhận định; chưa có ai xác nhận.",
    awaits=Awaits.PEOPLE,
)
DISCIPLINE_READ: Final = "Có quyết định kỷ luật trong thời gian xét"


class Subject(StrEnum):
    """Whose facts a predicate reads: the nominee's, or those of the unit that the nominee heads."""

    NOMINEE = "nominee"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a recognition looks at, both days inclusive."""

    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        first, last = self.first_day.year, self.last_day.year
        return f"năm {first}" if first == last else f"giai đoạn {first}–{last}"

    @property
    def years(self) -> range:
        return range(self.first_day.year, self.last_day.year + 1)


class Question(NamedTuple):
    """One criterion, known by its code, put to one case."""

    code: str
    span: Span
    ladders: Ladders
    case: Case

    def facts(self, subject: Subject) -> Facts:
        return self.case.unit if subject is Subject.UNIT else self.case.facts

    def name(self, subject: Subject) -> str:
        return "đơn vị do cá nhân đứng đầu" if subject is Subject.UNIT else self.case.nominee.kind.label

    @property
    def next_chance(self) -> str:
        """When what the year or the period has settled could be met at the earliest."""
        if self.case.year is None:
            return f"Không còn đạt được trong {self.span}."
        return f"Sớm nhất có thể đạt khi xét năm {self.case.year + 1}."

    def at_once(self) -> Chance:
        """What people may still do or say on the day of the question."""
        return Chance(self.case.as_of, "Đạt được ngay khi có căn cứ mới.")

    def while_it_lasts(self) -> Chance:
        """What may still come while the year or the period lasts; a year that is over is followed by the next."""
        if self.case.as_of <= self.span.last_day:
            return self.at_once()
        return self.settled()

    def settled(self, *, is_known_at_the_end: bool = False) -> Chance:
        """What has happened stays: the next year may be another, a period is lost.

        ``is_known_at_the_end``: a result that a year has only when it is over.
        """
        if self.case.year is None:
            return Chance(None, f"Không còn đạt được trong {self.span}.")
        year = self.case.year + 1
        day = date(year, 12, 31) if is_known_at_the_end else date(year, 1, 1)
        return Chance(day, f"Sớm nhất có thể đạt: ngày {day:%d/%m/%Y}, khi xét năm {year}.")

    def hear(self, subject: Subject) -> "tuple[set[bool], tuple[Evidence, ...]]":
        """What people have said about this criterion: the different answers, and who gave them."""
        heard = [one for one in self.facts(subject).attested or () if one.code == self.code]
        return {one.holds for one in heard}, tuple([_attestation_read(one) for one in heard])


class Predicate(Protocol):
    kind: ClassVar[str]

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        """The predicate with the parameters of this table; refuses codes that no ladder knows."""
        ...

    def judge(self, question: Question) -> Judgement: ...


Answer = Callable[[Case], Judgement]


class Prepared:
    """A predicate that answers by ``prepare``: given a question, how to judge any case that puts the same one.

    Of the question's case it may read what all those cases share: the recognition, the year, the day and the nominee,
    never the facts.
    """

    __slots__ = ()

    def prepare(self, question: Question) -> Answer:
        raise NotImplementedError

    def judge(self, question: Question) -> Judgement:
        return self.prepare(question)(question.case)


def prepare(predicate: Predicate, question: Question) -> Answer:
    if isinstance(predicate, Prepared):
        return predicate.prepare(question)
    code, span, ladders, _ = question
    return lambda case: predicate.judge(Question(code, span, ladders, case))


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
        return cls(_read_subject(section))

    def prepare(self, question: Question) -> Answer:
        code, reads_unit, chance = question.code, self.subject is Subject.UNIT, question.at_once()

        def answer(case: Case) -> Judgement:
            said = (case.unit if reads_unit else case.facts).attested or ()
            heard = [one for one in said if one.code == code]
            if not heard:
                return NOT_JUDGED
            evidence = tuple([_attestation_read(one) for one in heard])
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
class GradingAtLeast(Prepared):
    """The yearly grading is at or above a step.

    An annual recognition reads its year; one of a period reads every year of the period that is over on the
    day of the question.
    """

    kind: ClassVar[str] = "grading"
    at_least: str
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(_read_rung(section, LadderKind.GRADING, ladders), _read_subject(section))

    def prepare(self, question: Question) -> Answer:
        judge = prepare_years(question, LadderKind.GRADING, self.at_least, self.subject)
        reads_unit, years, words = self.subject is Subject.UNIT, question.span.years, grading_words(question.ladders)

        def answer(case: Case) -> Judgement:
            known = (case.unit if reads_unit else case.facts).gradings or ()
            return judge(
                {
                    one.year: (one.grade, read_from(words[one.year, one.grade], one.source))
                    for one in known
                    if one.year in years
                }
            )

        return answer


@dataclass(frozen=True, slots=True)
class MovementAtLeast(Prepared):
    """The result in the emulation movements is at or above a step, in the years that a grading is read for."""

    kind: ClassVar[str] = "movement"
    at_least: str
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(_read_rung(section, LadderKind.MOVEMENT, ladders), _read_subject(section))

    def prepare(self, question: Question) -> Answer:
        judge = prepare_years(question, LadderKind.MOVEMENT, self.at_least, self.subject)
        ladders, reads_unit, years = question.ladders, self.subject is Subject.UNIT, question.span.years

        def answer(case: Case) -> Judgement:
            known = (case.unit if reads_unit else case.facts).movement_results or ()
            return judge({one.year: (one.result, _movement_read(one, ladders)) for one in known if one.year in years})

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
            _read_rung(section, LadderKind.TITLE, ladders),
            _read_subject(section),
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
        is_enough = f"{_capital(name)} đủ điều kiện xét {title} {span}."
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
            reason = f"{_capital(name)} chưa đủ điều kiện xét {title} {span}{short}."
            missing = f"{steps} bậc danh hiệu" if steps else f"kết quả đủ điều kiện xét {title}"
            # The finding about a year settles it; in a period another year may do.
            return Judgement(Status.UNMET, reason, evidence, missing=missing, chance=chance)

        return answer

    def _read_title(self, is_held: bool, title: str, year: int, ladders: Ladders) -> "_TitleRead":  # noqa: FBT001
        on, label = _year_end(year), ladders.label(LadderKind.TITLE, title)
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
            _read_rung(section, LadderKind.DISCIPLINE, ladders),
            _read_subject(section),
            section.choices("among", Employment) if "among" in section else (),
        )

    def prepare(self, question: Question) -> Answer:
        kinds = ", ".join(employment.label for employment in self.among) or "người"
        whom = f"{kinds} do đơn vị trực tiếp quản lý" if self.of is DisciplineOf.STAFF else "người được xét"
        floor = f"từ mức {question.ladders.label(LadderKind.DISCIPLINE, self.at_least).lower()} trở lên"
        so_far = "" if question.case.as_of >= question.span.last_day else ", tính đến ngày xét"
        clean = Judgement(Status.MET, f"{_capital(str(question.span))} không có {whom} bị kỷ luật {floor}{so_far}.")
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
            f"{_capital(str(question.span))} có {number} trường hợp {what}. {question.next_chance}",
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
class TrackRecord:
    """A record of awards: at least so many honours of these levels in the span, and a person who says it is enough.

    A plan that asks for a record names no number, so the count alone never meets it, and only its lack fails it.
    """

    kind: ClassVar[str] = "track-record"
    at_least: int
    levels: tuple[Level, ...]
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        levels = section.choices("levels", Level)
        if not levels:
            section.refuse("levels", f"ít nhất {one_of(Level)}")
        return cls(_read_count(section, "at_least"), levels, _read_subject(section))

    def judge(self, question: Question) -> Judgement:
        honours = question.facts(self.subject).honours
        counted = [one for one in honours or () if one.level in self.levels and one.year in question.span.years]
        given, heard = question.hear(self.subject)
        evidence = (*(_honour_read(one, question.ladders) for one in counted), *heard)
        number = f"{question.span} có {len(counted)} lần được khen thưởng từ cấp Bộ, ngành, tỉnh trở lên"
        if len(counted) < self.at_least and honours is not None:
            missing = self.at_least - len(counted)
            reason = f"{_capital(number)}; cần ít nhất {self.at_least}, còn thiếu {missing}."
            more = f"{missing} lần được khen thưởng"
            return Judgement(Status.UNMET, reason, evidence, missing=more, chance=question.while_it_lasts())
        if given == {False}:
            reason = "Người có trách nhiệm nhận định là bề dày khen thưởng chưa đủ."
            more = "nhận định đạt của người có trách nhiệm"
            return Judgement(Status.UNMET, reason, evidence, missing=more, chance=question.at_once())
        if len(counted) < self.at_least:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ {question.name(self.subject)} đã được khen thưởng những gì trong {question.span}.",
                evidence,
                f"Bổ sung sổ khen thưởng {question.span} của {question.name(self.subject)}.",
            )
        if given == {True}:
            return Judgement(Status.MET, f"{_capital(number)}; đã có người xác nhận là đủ bề dày.", evidence)
        return Judgement(
            Status.UNDETERMINED,
            f"{_capital(number)}; kế hoạch không định số lượng nên cần người có trách nhiệm nhận định.",
            evidence,
            "Thống nhất ý kiến của những người đã xác nhận." if given else "Đề nghị người có trách nhiệm xác nhận.",
            awaits=Awaits.PEOPLE,
        )


@dataclass(frozen=True, slots=True)
class Recognised:
    """Recognised so many times within the span; an entry without a year is one of the plan's own period."""

    kind: ClassVar[str] = "recognised"
    recognition: str
    label: str
    times: int = 1

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        times = _read_count(section, "times") if "times" in section else 1
        return cls(section.text("recognition"), section.text("label"), times)

    def judge(self, question: Question) -> Judgement:
        known = question.case.facts.recognitions
        found = [
            one
            for one in known or ()
            if one.recognition == self.recognition and (one.year is None or one.year in question.span.years)
        ]
        evidence = tuple(_recognition_read(one, self.label) for one in found)
        if len(found) >= self.times:
            reason = f"Đã được công nhận {self.label} {len(found)} lần trong {question.span}."
            return Judgement(Status.MET, reason, evidence)
        if known is None:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ đã được công nhận {self.label} trong {question.span} hay chưa.",
                evidence,
                f"Bổ sung quyết định công nhận {self.label}.",
            )
        missing = self.times - len(found)
        reason = (
            f"Trong {question.span} được công nhận {self.label} {len(found)} lần; cần ít nhất {self.times}, "
            f"còn thiếu {missing}."
        )
        more = f"{missing} lần được công nhận {self.label}"
        return Judgement(Status.UNMET, reason, evidence, missing=more, chance=self._chance(question, missing))

    @staticmethod
    def _chance(question: Question, missing: int) -> Chance:
        """A year is recognised once, so what is missing twice or more takes years; of one year it may come later."""
        if question.case.year is not None:
            return question.at_once()
        last = question.case.as_of.year + missing - 1
        if missing == 1 or last > question.span.last_day.year:
            return question.while_it_lasts() if missing == 1 else question.settled()
        day = date(last, 1, 1)
        return Chance(day, f"Sớm nhất có thể đạt: ngày {day:%d/%m/%Y}.")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One of these bodies has reviewed the nominee and proposes the recognition."""

    kind: ClassVar[str] = "proposed"
    by: tuple[Body, ...]

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        bodies = section.choices("by", Body)
        if not bodies:
            section.refuse("by", f"ít nhất {one_of(Body)}")
        return cls(bodies)

    def judge(self, question: Question) -> Judgement:
        known = question.case.facts.proposed_by
        found = [one for one in known or () if one.body in self.by]
        whom = " hoặc ".join(body.label for body in self.by)
        if found:
            evidence = tuple(read_from(f"{one.body.label} đề nghị", one.source) for one in found)
            return Judgement(Status.MET, f"Đã được {whom} bình xét, đề nghị.", evidence)
        if known is None:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ {whom} đã bình xét, đề nghị hay chưa.",
                remedy=f"Bổ sung biên bản bình xét và văn bản đề nghị của {whom}.",
                awaits=Awaits.PEOPLE,
            )
        return Judgement(
            Status.UNMET,
            f"Chưa được {whom} bình xét, đề nghị.",
            missing=f"văn bản đề nghị của {whom}",
            chance=question.at_once(),
        )


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


def _read_subject(section: Section) -> Subject:
    return section.choice("subject", Subject) if "subject" in section else Subject.NOMINEE


def _read_count(section: Section, key: str) -> int:
    count = section.integer(key)
    if count < 1:
        section.refuse(key, "một số nguyên từ 1")
    return count


def _read_rung(section: Section, kind: LadderKind, ladders: Ladders) -> str:
    code = section.text("at_least")
    known = ladders.codes(kind)
    if code not in known:
        section.refuse("at_least", one_of(known) if known else f"một [[ladder]] có kind = “{kind}” trước đã")
    return code


def _year_end(year: int) -> date:
    return date(year, 12, 31)


def _years_to_grade(question: Question) -> list[int]:
    if question.case.year is not None:
        return [question.case.year]
    return [year for year in question.span.years if _year_end(year) <= question.case.as_of]


def prepare_years(
    question: Question, kind: LadderKind, at_least: str, subject: Subject, years: list[int] | None = None
) -> Callable[[dict[int, tuple[str, Evidence]]], Judgement]:
    """Whether every year that has to be looked at stands at or above a step; one year below decides.

    What is answered takes the result and what was read by year. The words depend on the results alone.
    """
    asked = _years_to_grade(question) if years is None else years
    words: Remembered[tuple[str | None, ...], Judgement] = Remembered(
        lambda results: _judge_years(question, kind, at_least, subject, dict(zip(asked, results, strict=True)))
    )

    def judge(results: dict[int, tuple[str, Evidence]]) -> Judgement:
        found = [results.get(year) for year in asked]
        key = tuple([one[0] if one else None for one in found])
        status, reason, _, remedy, missing, chance, awaits = words[key]
        evidence = tuple([one[1] for one in found if one])
        return Judgement(status, reason, evidence, remedy, missing, chance, awaits)

    return judge


def _judge_years(
    question: Question, kind: LadderKind, at_least: str, subject: Subject, results: dict[int, str | None]
) -> Judgement:
    ladders, years = question.ladders, list(results)
    noun = {LadderKind.GRADING: "xếp loại", LadderKind.MOVEMENT: "phong trào thi đua"}[kind]
    floor = ladders.label(kind, at_least)
    known = {year: result for year, result in results.items() if result is not None}
    reached = {year: ladders.reaches(kind, known[year], at_least, on=_year_end(year)) for year in known}
    if below := [year for year in years if reached.get(year) is False]:
        steps = max(ladders.shortfall(kind, known[year], at_least, on=_year_end(year)) or 0 for year in below)
        reason = f"Kết quả {noun} {_list_years(below)} chưa tới mức “{floor}”, còn thiếu {steps} bậc."
        return Judgement(
            Status.UNMET,
            f"{reason} {question.next_chance}",
            missing=f"{steps} bậc {noun}",
            chance=question.settled(is_known_at_the_end=True),
        )
    if unknown := [year for year in years if reached.get(year) is None]:
        return Judgement(
            Status.UNDETERMINED,
            f"Chưa có kết quả {noun} {_list_years(unknown)} của {question.name(subject)}.",
            remedy=f"Bổ sung kết quả {noun} {_list_years(unknown)}.",
        )
    if not years:
        reason = f"Chưa có năm nào của {question.span} kết thúc, nên chưa có kết quả {noun} để đối chiếu."
        return Judgement(
            Status.UNDETERMINED, reason, remedy=f"Xét lại từ ngày {_year_end(question.span.years[0]):%d/%m/%Y}."
        )
    return Judgement(Status.MET, f"Kết quả {noun} {_list_years(years)} đạt mức “{floor}”.")


def _last_of(chances: Sequence[Chance]) -> Chance | None:
    """All of them have to come: the last one counts, and one that never comes is the answer."""
    never = next((one for one in chances if one.day is None), None)
    return never or max(chances, key=lambda one: one.day or date.max, default=None)


def _list_years(years: Iterable[int]) -> str:
    return "năm " + ", ".join(str(year) for year in years)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def read_from(text: str, source: Source) -> Evidence:
    return Evidence(text, source.decision, source.on, source.by)


def _attestation_read(attestation: Attestation) -> Evidence:
    return read_from("Xác nhận đạt" if attestation.holds else "Xác nhận chưa đạt", attestation.source)


def grading_words(ladders: Ladders) -> Remembered[tuple[int, str], str]:
    """What was read of a grading, by year and grade."""
    return Remembered(lambda one: f"Xếp loại năm {one[0]}: {ladders.label(LadderKind.GRADING, one[1])}")


def _movement_read(result: MovementResult, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.MOVEMENT, result.result)
    return read_from(f"Phong trào thi đua năm {result.year}: {label}", result.source)


def _honour_read(honour: HonourHeld, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.TITLE, honour.title)
    return read_from(f"Đã được tặng {label} năm {honour.year}", honour.source)


def _recognition_read(past: PastRecognition, label: str) -> Evidence:
    when = f" năm {past.year}" if past.year else ""
    return read_from(f"Đã được công nhận {label}{when}", past.source)
