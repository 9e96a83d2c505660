"""One more of the catalogue: targets that plans set for a unit, and what its yearly reports say of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar, Final, Self

from campaigns.measures import COUNT, LESS, MORE, PERCENT, YES_NO, show_target, show_value
from exemplars.rules.document import Section
from exemplars.rules.facts import NomineeKind, TargetResult
from exemplars.rules.findings import Evidence, Judgement, Status
from exemplars.rules.ladders import Ladders
from exemplars.rules.predicates import CATALOGUE
from exemplars.rules.questions import Question, Subject
from exemplars.rules.record_predicates import read_number
from exemplars.rules.standing_predicates import ONLY_FOR

FULL: Final = 100  # percent: the target itself
MOST_SHARE: Final = 300
_TOLD: Final = 3  # targets named one by one in a reason


@dataclass(frozen=True, slots=True)
class TargetsReached:
    """Every target set for the unit is reached, in the year or in each year of the period that is over.

    Looked at are the targets of the plan `campaign` and of the indicator `indicator`; left empty, those of every plan
    and every indicator. `at_least_percent` is the share of the level that is enough: of 95 asked, 80 percent is 76;
    where less is better, of 10 allowed, 80 percent lets 12 pass; where a level is to be met exactly, it lets the figure
    be off by the rest. Without it the level itself is asked. An indicator that is only followed asks nothing. A figure
    that is not reported, and a year without any target, leave the answer open: that nothing was asked is no merit.
    """

    kind: ClassVar[str] = "targets-reached"
    indicator: str = ""
    campaign: str = ""
    at_least_percent: int = FULL
    subject: Subject = Subject.NOMINEE

    @classmethod
    def read(cls, section: Section, _ladders: Ladders) -> Self:
        return cls(
            section.text("indicator") if "indicator" in section else "",
            section.text("campaign") if "campaign" in section else "",
            read_number(section, "at_least_percent", 1, MOST_SHARE) if "at_least_percent" in section else FULL,
            section.choice("subject", Subject) if "subject" in section else Subject.NOMINEE,
        )

    def judge(self, question: Question) -> Judgement:
        years, name = self._years(question), question.name(self.subject)
        asked = [one for one in question.facts(self.subject).targets or () if one.year in years and self._asks(one)]
        short = [one for one in asked if one.value is not None and self._shortfall(one) > 0]
        silent = [one for one in asked if one.value is None]
        bare = sorted(set(years) - {one.year for one in asked})
        evidence = tuple(self._read_of(one) for one in asked if one.value is not None)
        if short:
            more = f" và {len(short) - _TOLD} chỉ tiêu khác" if len(short) > _TOLD else ""
            told = "; ".join(self._told(one) for one in short[:_TOLD])
            return Judgement(
                Status.UNMET,
                f"{len(short)} trong {len(asked)} chỉ tiêu của {name} chưa đạt: {told}{more}.",
                evidence,
                missing="; ".join(self._gap(one) for one in short[:_TOLD]) + more,
                chance=question.settled(is_known_at_the_end=True),
            )
        if bare or silent or not years:
            return self._open(question, silent, bare, evidence)
        share = "" if self.at_least_percent == FULL else f" từ {self.at_least_percent} % mức giao trở lên"
        reason = f"Cả {len(asked)} chỉ tiêu được giao cho {name} trong {_in_words(years)} đều đạt{share}."
        return Judgement(Status.MET, reason, evidence)

    def _years(self, question: Question) -> Sequence[int]:
        if question.case.year is not None:
            return [question.case.year]
        return [year for year in question.span.years if date(year, 12, 31) <= question.case.as_of]

    def _asks(self, one: TargetResult) -> bool:
        return one.level is not None and self.indicator in ("", one.indicator) and self.campaign in ("", one.campaign)

    def _open(
        self,
        question: Question,
        silent: Collection[TargetResult],
        bare: Collection[int],
        evidence: tuple[Evidence, ...],
    ) -> Judgement:
        name = question.name(self.subject)
        words, remedies = [], []
        if silent:
            titles = "; ".join(f"«{one.title}» năm {one.year}" for one in list(silent)[:_TOLD])
            more = f" và {len(silent) - _TOLD} chỉ tiêu khác" if len(silent) > _TOLD else ""
            words.append(f"Chưa có số liệu báo cáo của {len(silent)} chỉ tiêu: {titles}{more}.")
            remedies.append("Gửi báo cáo năm có số liệu của các chỉ tiêu này.")
        if bare:
            words.append(f"Chưa rõ {name} được giao chỉ tiêu nào trong {_in_words(bare)}.")
            remedies.append("Kiểm tra chỉ tiêu của phong trào và mức giao cho đơn vị.")
        if not words:
            words.append(f"Chưa có năm nào của {question.span} kết thúc để đối chiếu chỉ tiêu.")
        return Judgement(Status.UNDETERMINED, " ".join(words), evidence, " ".join(remedies))

    def _needed(self, one: TargetResult) -> Decimal:
        """The worst figure that is still enough; where a level is to be met exactly, the level itself."""
        assert one.level is not None  # noqa: S101  only targets with a level are asked
        if one.direction not in (MORE, LESS):
            return one.level
        room = self._room(one)
        needed = one.level - room if one.direction == MORE else one.level + room
        if one.measure == COUNT:
            needed = needed.to_integral_value(ROUND_CEILING if one.direction == MORE else ROUND_FLOOR)
        return needed

    def _room(self, one: TargetResult) -> Decimal:
        assert one.level is not None  # noqa: S101  only targets with a level are asked
        return abs(one.level) * (FULL - self.at_least_percent) / FULL

    def _shortfall(self, one: TargetResult) -> Decimal:
        """By how much a figure misses what is enough; zero or less where it does not."""
        assert one.value is not None  # noqa: S101  figures that are not there are told apart before
        needed = self._needed(one)
        if one.direction == MORE:
            return needed - one.value
        if one.direction == LESS:
            return one.value - needed
        return abs(one.value - needed) - max(self._room(one), Decimal(0))

    def _told(self, one: TargetResult) -> str:
        needed = show_target(one.measure, one.direction, self._needed(one), one.unit_words)
        share = "" if self.at_least_percent == FULL else f" ({self.at_least_percent} % mức giao)"
        return f"«{one.title}» năm {one.year} báo cáo {one.shown_value}, cần {needed}{share}"

    def _gap(self, one: TargetResult) -> str:
        if one.measure == YES_NO:
            return f"«{one.title}» năm {one.year}: {show_value(YES_NO, self._needed(one))}"
        unit = "điểm phần trăm" if one.measure == PERCENT else one.measured_in
        by = show_value(one.measure, self._shortfall(one), unit)
        return f"«{one.title}» năm {one.year}: {'thiếu' if one.direction == MORE else 'vượt'} {by}"

    @staticmethod
    def _read_of(one: TargetResult) -> Evidence:
        assert one.level is not None  # noqa: S101  only targets with a level are asked
        asked = show_target(one.measure, one.direction, one.level, one.unit_words)
        text = f"{one.title} năm {one.year}: báo cáo {one.shown_value}, mức giao {asked}"
        return Evidence(text, one.source.decision, one.source.on, one.source.by)


CATALOGUE[TargetsReached.kind] = TargetsReached
# A person has targets only through the unit that they head.
ONLY_FOR[TargetsReached.kind] = NomineeKind.COLLECTIVE


def _in_words(years: Collection[int]) -> str:
    return "năm " + ", ".join(str(year) for year in years)
