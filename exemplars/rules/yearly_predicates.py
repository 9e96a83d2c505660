"""Predicates about what every year of the time has brought: gradings, and results of the movement."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from exemplars.rules.document import Section
from exemplars.rules.facts import (
    Case,
    MovementResult,
)
from exemplars.rules.findings import Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.questions import (
    Answer,
    Prepared,
    Question,
    Subject,
    read_from,
    read_rung,
    read_subject,
    year_end,
)
from exemplars.rules.remembered import Remembered


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
        return cls(read_rung(section, LadderKind.GRADING, ladders), read_subject(section))

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
        return cls(read_rung(section, LadderKind.MOVEMENT, ladders), read_subject(section))

    def prepare(self, question: Question) -> Answer:
        judge = prepare_years(question, LadderKind.MOVEMENT, self.at_least, self.subject)
        ladders, reads_unit, years = question.ladders, self.subject is Subject.UNIT, question.span.years

        def answer(case: Case) -> Judgement:
            known = (case.unit if reads_unit else case.facts).movement_results or ()
            return judge({one.year: (one.result, _movement_read(one, ladders)) for one in known if one.year in years})

        return answer


def _years_to_grade(question: Question) -> list[int]:
    if question.case.year is not None:
        return [question.case.year]
    return [year for year in question.span.years if year_end(year) <= question.case.as_of]


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
    reached = {year: ladders.reaches(kind, known[year], at_least, on=year_end(year)) for year in known}
    if below := [year for year in years if reached.get(year) is False]:
        steps = max(ladders.shortfall(kind, known[year], at_least, on=year_end(year)) or 0 for year in below)
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
            Status.UNDETERMINED, reason, remedy=f"Xét lại từ ngày {year_end(question.span.years[0]):%d/%m/%Y}."
        )
    return Judgement(Status.MET, f"Kết quả {noun} {_list_years(years)} đạt mức “{floor}”.")


def _list_years(years: Iterable[int]) -> str:
    return "năm " + ", ".join(str(year) for year in years)


def grading_words(ladders: Ladders) -> Remembered[tuple[int, str], str]:
    """What was read of a grading, by year and grade."""
    return Remembered(lambda one: f"Xếp loại năm {one[0]}: {ladders.label(LadderKind.GRADING, one[1])}")


def _movement_read(result: MovementResult, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.MOVEMENT, result.result)
    return read_from(f"Phong trào thi đua năm {result.year}: {label}", result.source)
