"""Predicates about what was awarded before, and what is proposed beside."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from exemplars.rules.document import Section, one_of
from exemplars.rules.facts import (
    Body,
    HonourHeld,
    Level,
    PastRecognition,
)
from exemplars.rules.findings import Awaits, Chance, Evidence, Judgement, Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.questions import (
    Question,
    Subject,
    capital,
    read_count,
    read_from,
    read_subject,
)


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
        return cls(read_count(section, "at_least"), levels, read_subject(section))

    def judge(self, question: Question) -> Judgement:
        honours = question.facts(self.subject).honours
        counted = [one for one in honours or () if one.level in self.levels and one.year in question.span.years]
        given, heard = question.hear(self.subject)
        evidence = (*(_honour_read(one, question.ladders) for one in counted), *heard)
        number = f"{question.span} có {len(counted)} lần được khen thưởng từ cấp Bộ, ngành, tỉnh trở lên"
        if len(counted) < self.at_least and honours is not None:
            missing = self.at_least - len(counted)
            reason = f"{capital(number)}; cần ít nhất {self.at_least}, còn thiếu {missing}."
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
            return Judgement(Status.MET, f"{capital(number)}; đã có người xác nhận là đủ bề dày.", evidence)
        return Judgement(
            Status.UNDETERMINED,
            f"{capital(number)}; kế hoạch không định số lượng nên cần người có trách nhiệm nhận định.",
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
        times = read_count(section, "times") if "times" in section else 1
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


def _honour_read(honour: HonourHeld, ladders: Ladders) -> Evidence:
    label = ladders.label(LadderKind.TITLE, honour.title)
    return read_from(f"Đã được tặng {label} năm {honour.year}", honour.source)


def _recognition_read(past: PastRecognition, label: str) -> Evidence:
    when = f" năm {past.year}" if past.year else ""
    return read_from(f"Đã được công nhận {label}{when}", past.source)
