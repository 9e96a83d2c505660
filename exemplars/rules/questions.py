"""A criterion put to a case, what answers it, and how an answer reads its parameters and says what it read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple, Protocol, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import (
    Attestation,
    Case,
    Facts,
    Source,
)
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders

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
        return {one.holds for one in heard}, tuple([attestation_read(one) for one in heard])


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


def read_subject(section: Section) -> Subject:
    return section.choice("subject", Subject) if "subject" in section else Subject.NOMINEE


def read_count(section: Section, key: str) -> int:
    count = section.integer(key)
    if count < 1:
        section.refuse(key, "một số nguyên từ 1")
    return count


def read_rung(section: Section, kind: LadderKind, ladders: Ladders) -> str:
    code = section.text("at_least")
    known = ladders.codes(kind)
    if code not in known:
        section.refuse("at_least", one_of(known) if known else f"một [[ladder]] có kind = “{kind}” trước đã")
    return code


def year_end(year: int) -> date:
    return date(year, 12, 31)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def read_from(text: str, source: Source) -> Evidence:
    return Evidence(text, source.decision, source.on, source.by)


def attestation_read(attestation: Attestation) -> Evidence:
    return read_from("Xác nhận đạt" if attestation.holds else "Xác nhận chưa đạt", attestation.source)
