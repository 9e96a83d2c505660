"""More of the catalogue: time in service, leave, reviews, dissolution, one honour for one achievement.

What the register does not tell in full (leave, reviews, whether another award honoured the same achievement) may be
told by a person who judges the criterion: `JUDGED_BY_PEOPLE` names those predicates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final, Self

from exemplars.rules.document import Section
from exemplars.rules.facts import Leave, LeaveKind, NomineeKind, Service
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.honour_predicates import TrackRecord
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.predicates import CATALOGUE, Attested
from exemplars.rules.questions import Predicate, Question, Subject
from exemplars.rules.record_predicates import MOST_YEARS, HasInitiative, read_number

LEAVE_READ: Final = "Có đợt nghỉ trong thời gian xét"


@dataclass(frozen=True, slots=True)
class ServedLongEnough:
    """Has served at least so many full months by the last day looked at, all periods of service taken together."""

    kind: ClassVar[str] = "service-time"
    months: int

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(read_number(section, "months", 1, 12 * MOST_YEARS))

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
        if "service" in question.case.facts.partly:
            return Judgement(
                Status.UNDETERMINED,
                f"{words}. Thời gian công tác trước đó có thể chưa được ghi.",
                evidence,
                "Bổ sung các chức vụ trước đó vào hồ sơ cán bộ, từ ngày tuyển dụng.",
            )
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
            read_number(section, "fewer_than_days", 1, 366 * MOST_YEARS),
            section.choices("not_counted", LeaveKind) if "not_counted" in section else (),
        )

    def judge(self, question: Question) -> Judgement:
        known = question.case.facts.leave
        counted = [one for one in known or () if one.kind not in self.not_counted]
        days = len({day for one in counted for day in _days_within(one, question)})
        is_below = days < self.fewer_than_days
        if known is None or (is_below and "leave" in question.case.facts.partly):
            return _ask_people(question, f"nghỉ dưới {self.fewer_than_days} ngày trong {question.span}")
        words = f"{_capital(str(question.span))} nghỉ {days} ngày được tính; phải dưới {self.fewer_than_days} ngày"
        # Reviewers learn how many days; why somebody was away is in the record, for who may open it.
        evidence = (Evidence(LEAVE_READ),) if days else ()
        if is_below:
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
        going_on = [one for one in known or () if one.since <= day and (one.until is None or day <= one.until)]
        if known is None or (not going_on and "reviews" in question.case.facts.partly):
            return _ask_people(question, f"không {what}")
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
        found = [one for one in known or () if not self.titles or one.title in self.titles]
        if known is None or (not found and "same_achievement" in question.case.facts.partly):
            return _ask_people(question, "chưa được khen thưởng cho chính thành tích này")
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


for _predicate in (ServedLongEnough, LeaveBelow, NotUnderReview, NotDissolved, NotAwardedForSame):
    CATALOGUE[_predicate.kind] = _predicate

# The unit's head is asked about criteria of these kinds; what the register tells outweighs an answer.
JUDGED_BY_PEOPLE: Final = (Attested, TrackRecord, LeaveBelow, NotUnderReview, NotAwardedForSame)


def asks_people(predicate: Predicate) -> bool:
    """Whether somebody's judgement can decide it, or a part of it."""
    parts: tuple[Predicate, ...] = getattr(predicate, "parts", ())
    return isinstance(predicate, JUDGED_BY_PEOPLE) or any(asks_people(part) for part in parts)


# What only one kind of nominee can be asked.
ONLY_FOR: Final[dict[str, NomineeKind]] = {
    ServedLongEnough.kind: NomineeKind.PERSON,
    LeaveBelow.kind: NomineeKind.PERSON,
    HasInitiative.kind: NomineeKind.PERSON,
    NotDissolved.kind: NomineeKind.COLLECTIVE,
}


def _ask_people(question: Question, what: str) -> Judgement:
    """The register does not tell: the answer of whoever judged the criterion, else undetermined."""
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
