"""More of the catalogue: titles held over years, initiatives, gradings of several years, and one of several ways.

The promises of `predicates` hold here too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import Case, HonourHeld, Level
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.predicates import CATALOGUE, read_predicate
from exemplars.rules.questions import Answer, Predicate, Prepared, Question, Subject, read_from
from exemplars.rules.yearly_predicates import grading_words, prepare_years

MOST_YEARS: Final = 50
LEVEL_LABELS: Final = {
    Level.GRASSROOTS: "cơ sở",
    Level.MINISTRY: "Bộ",
    Level.SECTOR: "ngành",
    Level.PROVINCE: "tỉnh",
    Level.STATE: "Nhà nước",
}


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """Held a title "trở lên" in so many different years: in the year itself, one after another, or within some years.

    ``consecutive``: the last ``times`` years in a row, up to the year of the question or, with ``until_year_before``,
    up to the year before it; in a period, any run of so many years of it. Otherwise the years counted are those of
    the last ``within_years`` (1: the year itself) or of the period. A commendation stands on no ladder of titles and
    is answered by itself alone.
    """

    kind: ClassVar[str] = "held-title"
    title: str
    times: int = 1
    consecutive: bool = False
    within_years: int = 0
    until_year_before: bool = False
    or_higher: bool = True
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        one = cls(
            section.text("title"),
            read_number(section, "times", 1, MOST_YEARS) if "times" in section else 1,
            section.flag("consecutive", default=False),
            read_number(section, "within_years", 1, MOST_YEARS) if "within_years" in section else 0,
            section.flag("until_year_before", default=False),
            section.flag("or_higher", default=True),
            section.choice("subject", Subject) if "subject" in section else Subject.NOMINEE,
        )
        if one.consecutive and one.within_years:
            section.refuse("within_years", "không có khóa này, vì số năm liên tục đã định khoảng thời gian")
        return one

    def judge(self, question: Question) -> Judgement:
        honours, years = question.facts(self.subject).honours, self._years(question)
        answers = [(one, self._suffices(one, question.ladders)) for one in honours or () if one.year in years]
        held = [one for one, answer in answers if answer is True]
        unclear = {one.year for one, answer in answers if answer is None}
        evidence = tuple(_evidence_of_honour(one, question.ladders) for one in held)
        count = self._count({one.year for one in held}, years)
        possible = self._count({one.year for one in held} | unclear, years)
        what = self._words(question)
        if count >= self.times:
            return Judgement(Status.MET, f"Đã có {what}.", evidence)
        if honours is None or possible >= self.times:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ {question.name(self.subject)} có {what} hay không.",
                evidence,
                f"Bổ sung sổ khen thưởng {_range_words(years)} của {question.name(self.subject)}.",
            )
        missing = self.times - count
        return Judgement(
            Status.UNMET,
            f"Cần {what}; mới có {count} năm, còn thiếu {missing}.",
            evidence,
            missing=f"{missing} năm đạt {question.ladders.label(LadderKind.TITLE, self.title)}",
            chance=self._chance(question, missing),
        )

    def _years(self, question: Question) -> range:
        year = question.case.year
        if year is None:
            return question.span.years
        last = year - 1 if self.until_year_before else year
        return range(last - (self.times if self.consecutive else self.within_years or 1) + 1, last + 1)

    def _count(self, held: Collection[int], years: range) -> int:
        """How many of the years count: all that are held, or the longest run of them."""
        if not self.consecutive:
            return len(set(held))
        longest = run = 0
        for year in years:
            run = run + 1 if year in held else 0
            longest = max(longest, run)
        return longest

    def _suffices(self, one: HonourHeld, ladders: Ladders) -> bool | None:
        if one.title == self.title:
            return True
        if not self.or_higher or not ladders.hold_both(LadderKind.TITLE, one.title, self.title):
            return False
        return ladders.reaches(LadderKind.TITLE, one.title, self.title, on=date(one.year, 12, 31))

    def _words(self, question: Question) -> str:
        title = question.ladders.label(LadderKind.TITLE, self.title) + (
            " hoặc danh hiệu cao hơn"
            if self.or_higher and self.title in question.ladders.codes(LadderKind.TITLE)
            else ""
        )
        row = " liên tục" if self.consecutive and self.times > 1 else ""
        return f"{title} trong {self.times} năm{row}, xét {_range_words(self._years(question))}"

    def _chance(self, question: Question, missing: int) -> Chance:
        if question.case.year is None:
            return question.while_it_lasts()
        # One title a year: a row of years that breaks off begins anew.
        year = question.case.year + (missing if not self.consecutive else self._years_to_wait(question))
        return Chance(date(year, 12, 31), f"Sớm nhất có thể đạt khi xét năm {year}.")

    def _years_to_wait(self, question: Question) -> int:
        years = self._years(question)
        held = {one.year for one in question.facts(self.subject).honours or () if self._suffices(one, question.ladders)}
        run = 0
        for year in reversed(years):
            if year not in held:
                break
            run += 1
        return self.times - run


@dataclass(frozen=True, slots=True)
class HasInitiative:
    """At least so many initiatives, recognised at one of these levels, in the year or the period."""

    kind: ClassVar[str] = "initiative"
    times: int
    levels: tuple[Level, ...]
    within_years: int = 0

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        levels = section.choices("levels", Level)
        if not levels:
            section.refuse("levels", f"ít nhất {one_of(Level)}")
        return cls(
            read_number(section, "times", 1, MOST_YEARS),
            levels,
            read_number(section, "within_years", 1, MOST_YEARS) if "within_years" in section else 0,
        )

    def judge(self, question: Question) -> Judgement:
        known, years = question.case.facts.initiatives, self._years(question)
        found = [one for one in known or () if one.level in self.levels and one.year in years]
        levels = ", ".join(LEVEL_LABELS[level] for level in self.levels)
        evidence = tuple(
            Evidence(f"Sáng kiến cấp {LEVEL_LABELS[one.level]} năm {one.year}", one.source.decision, one.source.on)
            for one in found
        )
        when = _range_words(years)
        if len(found) >= self.times:
            return Judgement(Status.MET, f"Có {len(found)} sáng kiến được công nhận cấp {levels}, {when}.", evidence)
        if known is None or "initiatives" in question.case.facts.partly:
            return Judgement(
                Status.UNDETERMINED,
                f"Chưa rõ có sáng kiến được công nhận cấp {levels}, {when} hay không.",
                evidence,
                "Bổ sung quyết định công nhận sáng kiến hoặc văn bản nghiệm thu đề tài.",
            )
        missing = self.times - len(found)
        return Judgement(
            Status.UNMET,
            f"Cần {self.times} sáng kiến được công nhận cấp {levels}, {when}; mới có {len(found)}.",
            evidence,
            missing=f"{missing} sáng kiến",
            chance=question.while_it_lasts(),
        )

    def _years(self, question: Question) -> range:
        year = question.case.year
        if year is None:
            return question.span.years
        return range(year - (self.within_years or 1) + 1, year + 1)


@dataclass(frozen=True, slots=True)
class GradedInYears(Prepared):
    """The yearly grading is at or above a step in each of the last so many years, the year of the question included.

    In a period: in each year of it that is over.
    """

    kind: ClassVar[str] = "grading-years"
    at_least: str
    years: int

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        known = ladders.codes(LadderKind.GRADING)
        if section.text("at_least") not in known:
            section.refuse("at_least", one_of(known) if known else "một [[ladder]] có kind = “grading” trước đã")
        return cls(section.text("at_least"), read_number(section, "years", 1, MOST_YEARS))

    def prepare(self, question: Question) -> Answer:
        year, words = question.case.year, grading_words(question.ladders)
        years = list(range(year - self.years + 1, year + 1)) if year is not None else None
        judge = prepare_years(question, LadderKind.GRADING, self.at_least, Subject.NOMINEE, years)

        def answer(case: Case) -> Judgement:
            return judge(
                {
                    one.year: (one.grade, read_from(words[one.year, one.grade], one.source))
                    for one in case.facts.gradings or ()
                }
            )

        return answer


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One criterion with several ways to meet it: the best answer is its answer, and every way that is open is told."""

    kind: ClassVar[str] = "any-of"
    parts: tuple[Predicate, ...]

    @classmethod
    def read(cls, section: Section, ladders: Ladders) -> Self:
        parts = tuple(read_predicate(part, ladders) for part in section.sections("parts"))
        if len(parts) <= 1:
            section.refuse("parts", "ít nhất hai phép kiểm")
        return cls(parts)

    def judge(self, question: Question) -> Judgement:
        answers = [part.judge(question) for part in self.parts]
        met = [one for one in answers if one.status is Status.MET]
        unknown = [one for one in answers if one.status is Status.UNDETERMINED]
        told = met or unknown or answers
        evidence = tuple(read for one in answers for read in one.evidence)
        reason = " Hoặc: ".join(one.reason for one in told)
        if met:
            return Judgement(Status.MET, reason, evidence)
        if unknown:
            remedy = " ".join(one.remedy for one in unknown if one.remedy)
            by_record = all(one.awaits is Awaits.RECORD for one in unknown)
            awaits = Awaits.RECORD if by_record else Awaits.PEOPLE
            return Judgement(Status.UNDETERMINED, reason, evidence, remedy, awaits=awaits)
        return Judgement(
            Status.UNMET,
            reason,
            evidence,
            missing="; hoặc ".join(one.missing for one in answers if one.missing),
            chance=_first_of([one.chance for one in answers if one.chance]),
        )


for _predicate in (HeldTitle, HasInitiative, GradedInYears, AnyOf):
    CATALOGUE[_predicate.kind] = _predicate


def read_number(section: Section, key: str, least: int, most: int) -> int:
    number = section.integer(key)
    if not least <= number <= most:
        section.refuse(key, f"một số nguyên từ {least} đến {most}")
    return number


def _range_words(years: range) -> str:
    return f"năm {years[0]}" if len(years) == 1 else f"các năm {years[0]}–{years[-1]}"


def _evidence_of_honour(one: HonourHeld, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.TITLE, one.title)
    return Evidence(f"Đã được tặng {label} năm {one.year}", one.source.decision, one.source.on, one.source.by)


def _first_of(chances: Sequence[Chance]) -> Chance | None:
    """Any of them is enough: the first that comes counts."""
    return min(chances, key=lambda one: one.day or date.max, default=None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
