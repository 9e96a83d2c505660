"""More of the catalogue: titles held, initiatives, time in service, leave, reviews, dissolution, one honour an act.

The promises of `predicates` hold here too. What no register tells (leave, reviews, whether another award honoured the
same achievement) may be told by a person who judges the criterion: `JUDGED_BY_PEOPLE` names those predicates.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import HonourHeld, Leave, LeaveKind, Level, NomineeKind, Service
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.predicates import (
    CATALOGUE,
    Attested,
    Predicate,
    Question,
    Subject,
    TrackRecord,
    judge_years,
    read_predicate,
)

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
            _read_number(section, "times", 1, MOST_YEARS) if "times" in section else 1,
            section.flag("consecutive", default=False),
            _read_number(section, "within_years", 1, MOST_YEARS) if "within_years" in section else 0,
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
            _read_number(section, "times", 1, MOST_YEARS),
            levels,
            _read_number(section, "within_years", 1, MOST_YEARS) if "within_years" in section else 0,
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
        if known is None:
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
class GradedInYears:
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
        return cls(section.text("at_least"), _read_number(section, "years", 1, MOST_YEARS))

    def judge(self, question: Question) -> Judgement:
        known = question.case.facts.gradings or ()
        read = {
            one.year: (
                one.grade,
                Evidence(
                    f"Xếp loại năm {one.year}: {question.ladders.label(LadderKind.GRADING, one.grade)}",
                    one.source.decision,
                    one.source.on,
                    one.source.by,
                ),
            )
            for one in known
        }
        year = question.case.year
        years = list(range(year - self.years + 1, year + 1)) if year is not None else None
        return judge_years(question, LadderKind.GRADING, self.at_least, read, Subject.NOMINEE, years)


@dataclass(frozen=True, slots=True)
class ServedLongEnough:
    """Has served at least so many full months by the last day looked at, all periods of service taken together."""

    kind: ClassVar[str] = "service-time"
    months: int

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(_read_number(section, "months", 1, 12 * MOST_YEARS))

    def judge(self, question: Question) -> Judgement:
        known, last_day = question.case.facts.service, question.span.last_day
        if known is None:
            return Judgement(
                Status.UNDETERMINED,
                "Chưa rõ thời gian công tác.",
                remedy="Bổ sung ngày tuyển dụng, tiếp nhận vào hồ sơ cán bộ.",
            )
        served = sum(_full_months(first, last) for first, last in _merged(known, last_day))
        evidence = tuple(Evidence(f"Công tác từ ngày {one.since:%d/%m/%Y}", one.source.decision) for one in known)
        words = f"Tính đến ngày {last_day:%d/%m/%Y} đã công tác {served} tháng; cần ít nhất {self.months} tháng"
        if served >= self.months:
            return Judgement(Status.MET, f"{words}.", evidence)
        missing = self.months - served
        return Judgement(
            Status.UNMET,
            f"{words}, còn thiếu {missing}.",
            evidence,
            missing=f"{missing} tháng công tác",
            chance=self._chance(question, missing),
        )

    def _chance(self, question: Question, missing: int) -> Chance:
        if question.case.year is None:
            return question.settled()
        year = question.case.year + -(-missing // 12)
        return Chance(date(year, 12, 31), f"Sớm nhất có thể đạt khi xét năm {year}, nếu công tác liên tục.")


@dataclass(frozen=True, slots=True)
class LeaveBelow:
    """Away for fewer than so many days in the time looked at; kinds in ``not_counted`` count as working time."""

    kind: ClassVar[str] = "leave"
    fewer_than_days: int
    not_counted: tuple[LeaveKind, ...] = ()

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(
            _read_number(section, "fewer_than_days", 1, 366 * MOST_YEARS),
            section.choices("not_counted", LeaveKind) if "not_counted" in section else (),
        )

    def judge(self, question: Question) -> Judgement:
        known = question.case.facts.leave
        if known is None:
            return _ask_people(question, f"nghỉ dưới {self.fewer_than_days} ngày trong {question.span}")
        counted = [one for one in known if one.kind not in self.not_counted]
        days = len({day for one in counted for day in _days_within(one, question)})
        evidence = tuple(
            Evidence(f"Nghỉ {one.kind.label} {one.first_day:%d/%m/%Y}–{one.last_day:%d/%m/%Y}", one.source.decision)
            for one in counted
        )
        words = f"{_capital(str(question.span))} nghỉ {days} ngày được tính; phải dưới {self.fewer_than_days} ngày"
        if days < self.fewer_than_days:
            return Judgement(Status.MET, f"{words}.", evidence)
        over = days - self.fewer_than_days + 1
        return Judgement(
            Status.UNMET, f"{words}.", evidence, missing=f"vượt {over} ngày nghỉ", chance=question.settled()
        )


@dataclass(frozen=True, slots=True)
class NotUnderReview:
    """No disciplinary review, inspection or verifying of a complaint is going on, on the day of the question."""

    kind: ClassVar[str] = "not-under-review"

    @classmethod
    def read(cls, _section: Section, _ladders: Ladders) -> Self:
        return cls()

    def judge(self, question: Question) -> Judgement:
        known, day = question.case.facts.reviews, question.case.as_of
        what = f"đang bị xem xét kỷ luật, thanh tra, kiểm tra hoặc xác minh đơn thư ngày {day:%d/%m/%Y}"
        if known is None:
            return _ask_people(question, f"không {what}")
        going_on = [one for one in known if one.since <= day and (one.until is None or day <= one.until)]
        if not going_on:
            return Judgement(Status.MET, f"Không {what}.")
        # That it goes on is told; what it is about stays in its own file.
        ends = max((one.until for one in going_on if one.until), default=None)
        open_end = any(one.until is None for one in going_on)
        first = ends + timedelta(days=1) if ends and not open_end else None
        words = f"Sớm nhất có thể đạt: ngày {first:%d/%m/%Y}." if first else "Đạt được khi việc xem xét kết thúc."
        return Judgement(
            Status.UNMET,
            f"{_capital(question.case.nominee.kind.label)} {what}.",
            (Evidence("Có việc xem xét chưa kết thúc"),),
            missing="kết luận của việc đang xem xét",
            chance=Chance(first, words),
        )


@dataclass(frozen=True, slots=True)
class NotDissolved:
    """The collective is not dissolved on the day of the question. A person is not asked."""

    kind: ClassVar[str] = "not-dissolved"

    @classmethod
    def read(cls, _section: Section, _ladders: Ladders) -> Self:
        return cls()

    def judge(self, question: Question) -> Judgement:
        known, day = question.case.facts.dissolutions, question.case.as_of
        if known is None:
            return Judgement(
                Status.UNDETERMINED,
                "Chưa rõ tập thể đã giải thể hay chưa.",
                remedy="Kiểm tra quyết định tổ chức lại, giải thể của tập thể.",
            )
        ended = [one for one in known if one.on <= day]
        if not ended:
            return Judgement(Status.MET, f"Tập thể không bị giải thể tính đến ngày {day:%d/%m/%Y}.")
        evidence = tuple(Evidence(f"Giải thể từ ngày {one.on:%d/%m/%Y}", one.source.decision, one.on) for one in ended)
        return Judgement(
            Status.UNMET,
            f"Tập thể đã giải thể từ ngày {min(one.on for one in ended):%d/%m/%Y}.",
            evidence,
            missing="tập thể còn hoạt động",
            chance=Chance(None, "Không còn đạt được, vì tập thể đã giải thể."),
        )


@dataclass(frozen=True, slots=True)
class NotAwardedForSame:
    """This very achievement has not been honoured by one of these awards (none named: by any).

    It reads what is known about the achievement, not the list of honours: one more honour of the same year, for
    something else, hurts nobody.
    """

    kind: ClassVar[str] = "not-awarded-for-same"
    titles: tuple[str, ...] = ()

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(section.texts("titles") if "titles" in section else ())

    def judge(self, question: Question) -> Judgement:
        known, ladders = question.case.facts.same_achievement, question.ladders
        if known is None:
            return _ask_people(question, "chưa được khen thưởng cho chính thành tích này")
        found = [one for one in known if not self.titles or one.title in self.titles]
        if not found:
            return Judgement(Status.MET, "Chưa được khen thưởng cho chính thành tích này.")
        evidence = tuple(
            Evidence(
                f"Đã được tặng {ladders.label(LadderKind.TITLE, one.title)} năm {one.year} cho thành tích này",
                one.source.decision,
                one.source.on,
            )
            for one in found
        )
        return Judgement(
            Status.UNMET,
            f"Chính thành tích này đã được khen thưởng {len(found)} lần; một thành tích chỉ khen một lần.",
            evidence,
            missing="thành tích khác với thành tích đã được khen",
            chance=question.settled(),
        )


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


for _predicate in (
    HeldTitle,
    HasInitiative,
    GradedInYears,
    ServedLongEnough,
    LeaveBelow,
    NotUnderReview,
    NotDissolved,
    NotAwardedForSame,
    AnyOf,
):
    CATALOGUE[_predicate.kind] = _predicate

# The unit's head is asked about criteria of these kinds; what the register tells outweighs an answer.
JUDGED_BY_PEOPLE: Final = (Attested, TrackRecord, LeaveBelow, NotUnderReview, NotAwardedForSame)
# What only one kind of nominee can be asked.
ONLY_FOR: Final[dict[str, NomineeKind]] = {
    ServedLongEnough.kind: NomineeKind.PERSON,
    LeaveBelow.kind: NomineeKind.PERSON,
    HasInitiative.kind: NomineeKind.PERSON,
    NotDissolved.kind: NomineeKind.COLLECTIVE,
}


def _ask_people(question: Question, what: str) -> Judgement:
    """No register tells: the answer of whoever judged the criterion, else undetermined."""
    given, evidence = question.hear(Subject.NOMINEE)
    if given == {True}:
        return Judgement(Status.MET, f"Đã có người xác nhận: {what}.", evidence)
    if given == {False}:
        return Judgement(
            Status.UNMET,
            f"Người có trách nhiệm xác nhận là không đạt: {what}.",
            evidence,
            missing="xác nhận đạt",
            chance=question.at_once(),
        )
    if given:
        return Judgement(
            Status.UNDETERMINED,
            "Các xác nhận về tiêu chuẩn này trái ngược nhau.",
            evidence,
            "Thống nhất ý kiến của những người đã xác nhận.",
            awaits=Awaits.PEOPLE,
        )
    return Judgement(
        Status.UNDETERMINED,
        f"Chưa rõ: {what}.",
        remedy="Đề nghị người có trách nhiệm xác nhận.",
        awaits=Awaits.PEOPLE,
    )


def _read_number(section: Section, key: str, least: int, most: int) -> int:
    number = section.integer(key)
    if not least <= number <= most:
        section.refuse(key, f"một số nguyên từ {least} đến {most}")
    return number


def _merged(services: Iterable[Service], last_day: date) -> list[tuple[date, date]]:
    """The periods up to a day, those that touch or overlap as one."""
    spans = sorted((one.since, min(one.until or last_day, last_day)) for one in services if one.since <= last_day)
    merged: list[tuple[date, date]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _full_months(first: date, last: date) -> int:
    """Both days inclusive: 1 March to 31 December are ten months."""
    after = last + timedelta(days=1) if last < date.max else last
    return max((after.year - first.year) * 12 + after.month - first.month - (after.day < first.day), 0)


def _days_within(one: Leave, question: Question) -> Iterable[date]:
    first, last = max(one.first_day, question.span.first_day), min(one.last_day, question.span.last_day)
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


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
