"""The catalogue of predicates: the questions that a criterion may put to the facts.

A predicate is a frozen value: its parameters come from a rulebook, its ``judge`` reads facts and answers met,
unmet or undetermined, saying what it read. Three promises, held by tests: one more disciplinary entry never
helps; one more honour never hurts; where a fact is unknown and it matters, the answer is undetermined.

A new predicate is a dataclass with ``kind``, ``read`` and ``judge``, entered in ``CATALOGUE``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Protocol, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import (
    Attestation,
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Facts,
    Grading,
    HonourHeld,
    Source,
)
from exemplars.rules.findings import Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders

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


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion, known by its code, put to one case."""

    code: str
    span: Span
    ladders: Ladders
    case: Case

    def facts(self, subject: Subject) -> Facts:
        return self.case.unit if subject is Subject.UNIT else self.case.facts

    def name(self, subject: Subject) -> str:
        return "đơn vị do cá nhân đứng đầu" if subject is Subject.UNIT else self.case.nominee.kind.label


class Predicate(Protocol):
    kind: ClassVar[str]

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        """The predicate with the parameters of this table; refuses codes that no ladder knows."""
        ...

    def judge(self, question: Question) -> Judgement: ...


@dataclass(frozen=True, slots=True)
class Attested:
    """A person has judged the criterion and says that it holds.

    No judgement yet is undetermined, never unmet: silence is not a refusal. Judgements that contradict each
    other are undetermined too.
    """

    kind: ClassVar[str] = "attested"
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(_read_subject(section))

    def judge(self, question: Question) -> Judgement:
        heard = [
            attestation
            for attestation in question.facts(self.subject).attested or ()
            if attestation.code == question.code
        ]
        evidence = tuple(_attestation_read(attestation) for attestation in heard)
        match {attestation.holds for attestation in heard}:
            case answers if answers == {True}:
                return Judgement(Status.MET, "Đã có người xác nhận đạt tiêu chuẩn này.", evidence)
            case answers if answers == {False}:
                return Judgement(Status.UNMET, "Người có trách nhiệm nhận định là chưa đạt tiêu chuẩn này.", evidence)
            case answers if answers:
                return Judgement(
                    Status.UNDETERMINED,
                    "Các xác nhận về tiêu chuẩn này trái ngược nhau.",
                    evidence,
                    "Thống nhất ý kiến của những người đã xác nhận.",
                )
        return Judgement(Status.UNDETERMINED, "Tiêu chuẩn này cần người có trách nhiệm nhận định; chưa có ai xác nhận.")


@dataclass(frozen=True, slots=True)
class GradingAtLeast:
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

    def judge(self, question: Question) -> Judgement:
        years = _years_to_grade(question)
        read = {
            grading.year: grading for grading in question.facts(self.subject).gradings or () if grading.year in years
        }
        evidence = tuple(_grading_read(read[year], question.ladders) for year in years if year in read)
        floor = question.ladders.label(LadderKind.GRADING, self.at_least)
        reached = {year: self._reaches(grading, question.ladders) for year, grading in read.items()}
        if below := [year for year in years if reached.get(year) is False]:
            return Judgement(Status.UNMET, f"Xếp loại {_list_years(below)} chưa tới mức “{floor}”.", evidence)
        if unknown := [year for year in years if reached.get(year) is None]:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa có kết quả xếp loại {_list_years(unknown)} của {question.name(self.subject)}.",
                evidence,
                f"Bổ sung kết quả xếp loại {_list_years(unknown)}.",
            )
        if not years:
            return Judgement(Status.UNDETERMINED, f"Chưa có năm nào của {question.span} kết thúc để xếp loại.")
        return Judgement(Status.MET, f"Xếp loại {_list_years(years)} đạt mức “{floor}”.", evidence)

    def _reaches(self, grading: Grading, ladders: Ladders) -> bool | None:
        return ladders.reaches(LadderKind.GRADING, grading.grade, self.at_least, on=_year_end(grading.year))


@dataclass(frozen=True, slots=True)
class TitleEligible:
    """Eligible, for a year of the span, for a title "trở lên": that title or a higher one of its ladder.

    An honour of that title or higher for such a year implies eligibility. Unmet therefore needs both lists
    known and neither holding it.
    """

    kind: ClassVar[str] = "title-eligible"
    at_least: str
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(_read_rung(section, LadderKind.TITLE, ladders), _read_subject(section))

    def judge(self, question: Question) -> Judgement:
        facts, ladders = question.facts(self.subject), question.ladders
        candidates: tuple[EligibleTitle | HonourHeld, ...] = (
            *(facts.eligible_titles or ()),
            *(facts.honours or ()),
        )
        found = [fact for fact in candidates if fact.year in question.span.years]
        enough = [
            fact
            for fact in found
            if ladders.reaches(LadderKind.TITLE, fact.title, self.at_least, on=_year_end(fact.year))
        ]
        evidence = tuple(_title_read(fact, ladders) for fact in enough or found)
        title = f"{ladders.label(LadderKind.TITLE, self.at_least)} hoặc danh hiệu cao hơn"
        name = question.name(self.subject)
        if enough:
            reason = f"{_capital(name)} đủ điều kiện xét {title} {question.span}."
            return Judgement(Status.MET, reason, evidence)
        if facts.eligible_titles is None or facts.honours is None:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ {name} có đủ điều kiện xét {title} {question.span} hay không.",
                evidence,
                f"Bổ sung kết quả xét danh hiệu thi đua và sổ khen thưởng {question.span} của {name}.",
            )
        reason = f"{_capital(name)} chưa đủ điều kiện xét {title} {question.span}."
        return Judgement(Status.UNMET, reason, evidence)


@dataclass(frozen=True, slots=True)
class NoDiscipline:
    """No disciplinary action at or above a form within the span, of the nominee or of the staff."""

    kind: ClassVar[str] = "no-discipline"
    of: DisciplineOf
    at_least: str
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        return cls(
            section.choice("of", DisciplineOf),
            _read_rung(section, LadderKind.DISCIPLINE, ladders),
            _read_subject(section),
        )

    def judge(self, question: Question) -> Judgement:
        entries = question.facts(self.subject).discipline
        whom = "người do đơn vị trực tiếp quản lý" if self.of is DisciplineOf.STAFF else "người được xét"
        floor = f"từ mức {question.ladders.label(LadderKind.DISCIPLINE, self.at_least).lower()} trở lên"
        if entries is None:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ {question.span} có {whom} bị kỷ luật {floor} hay không.",
                remedy=f"Bổ sung xác nhận về kỷ luật của {whom} {question.span}.",
            )
        within = [entry for entry in entries if entry.of is self.of and entry.on in question.span]
        heavy = [entry for entry in within if self._counts(entry, question) is True]
        unclear = [entry for entry in within if self._counts(entry, question) is None]
        # Reviewers learn that it stands, not which form and decision: those are in the record, for who may open it.
        evidence = (Evidence(DISCIPLINE_READ),) if heavy or unclear else ()
        if heavy:
            reason = f"{_capital(str(question.span))} có {len(heavy)} trường hợp {whom} bị kỷ luật {floor}."
            return Judgement(Status.UNMET, reason, evidence)
        if unclear:
            return Judgement(
                Status.UNDETERMINED,
                f"Có hình thức kỷ luật không so được với thang kỷ luật áp dụng ngày đó: {floor}.",
                evidence,
                "Kiểm tra lại hình thức và ngày của quyết định kỷ luật.",
            )
        so_far = "" if question.case.as_of >= question.span.last_day else ", tính đến ngày xét"
        reason = f"{_capital(str(question.span))} không có {whom} bị kỷ luật {floor}{so_far}."
        return Judgement(Status.MET, reason)

    def _counts(self, entry: Discipline, question: Question) -> bool | None:
        own = self.of is DisciplineOf.NOMINEE and self.subject is Subject.NOMINEE
        return question.ladders.reaches(
            LadderKind.DISCIPLINE,
            entry.form,
            self.at_least,
            on=entry.on,
            employment=question.case.nominee.employment if own else None,
        )


CATALOGUE: Final[dict[str, type[Predicate]]] = {
    predicate.kind: predicate for predicate in (Attested, GradingAtLeast, TitleEligible, NoDiscipline)
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


def _list_years(years: Iterable[int]) -> str:
    return "năm " + ", ".join(str(year) for year in years)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _evidence(text: str, source: Source) -> Evidence:
    return Evidence(text, source.decision, source.on, source.by)


def _attestation_read(attestation: Attestation) -> Evidence:
    return _evidence("Xác nhận đạt" if attestation.holds else "Xác nhận chưa đạt", attestation.source)


def _grading_read(grading: Grading, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.GRADING, grading.grade)
    return _evidence(f"Xếp loại năm {grading.year}: {label}", grading.source)


def _title_read(fact: EligibleTitle | HonourHeld, ladders: Ladders) -> Evidence:
    words = "Đã được tặng" if isinstance(fact, HonourHeld) else "Đủ điều kiện xét"
    return _evidence(f"{words} {ladders.label(LadderKind.TITLE, fact.title)} năm {fact.year}", fact.source)
