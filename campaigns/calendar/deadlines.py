"""One deadline: the plan's phrase, the last day it leaves, and cautions for whoever enters or reads it.

The readings of the phrases (calendar days; the day after the event is day 1; a period that ends on a day off
ends with the next working day) follow Bộ luật Dân sự 2015, Điều 147 and 148. An administrative plan need not
follow the code, so a moved day is always told, and an absolute day is never moved.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from campaigns.calendar.words import closing_instant, short_day, weekday_name

_SATURDAY: Final = 5
_LAST_QUARTER: Final = 4
_ROMAN: Final = ("I", "II", "III", "IV")
_ONE_DAY: Final = timedelta(days=1)


class DeadlineKind(StrEnum):
    BEFORE_DAY = "before-day"  # trước ngày X
    UNTIL_DAY = "until-day"  # đến hết ngày X
    MONTH_RANGE = "month-range"  # trong tháng M
    QUARTER_RANGE = "quarter-range"  # trong quý Q
    DAYS_AFTER = "days-after"  # chậm nhất N ngày kể từ ngày X
    OCCASION = "occasion"  # vào dịp X
    RANGE = "range"  # từ ngày X đến ngày Y
    WORKING_DAYS_AFTER = "working-days-after"  # chậm nhất N ngày làm việc kể từ ngày X
    RECURRENT = "recurrent"  # định kỳ 6 tháng, quý, tháng, năm


class CautionCode(StrEnum):
    CUSTOM_ACCEPTS_NAMED_DAY = "custom-accepts-named-day"
    DAY_OFF = "day-off"
    MOVED = "moved"
    BEFORE_ISSUE = "before-issue"
    OUTSIDE_PERIOD = "outside-period"
    WRONG_YEAR = "wrong-year"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a person should know about a deadline; it never changes the deadline by itself."""

    code: CautionCode
    text: str


@dataclass(frozen=True, slots=True)
class PlanDates:
    """When the plan was issued and the time it covers; what is not known is not warned about."""

    issued_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)  # day off → its name
    # Saturdays and Sundays that are worked in exchange for another day.
    working_days: frozenset[date] = frozenset()

    def covers(self, day: date) -> bool:
        after_start = self.starts_on is None or day >= self.starts_on
        return after_start and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``named_day`` is the day the phrase names or counts to; ``last_day`` the last one still in time."""

    kind: DeadlineKind
    phrase: str
    named_day: date
    last_day: date
    first_day: date | None = None  # where the phrase names a stretch of time
    cautions: tuple[Caution, ...] = ()

    @property
    def closes_at(self) -> datetime:
        return closing_instant(self.last_day)

    def has(self, code: CautionCode) -> bool:
        return any(caution.code is code for caution in self.cautions)


def before_day(day: date, plan: PlanDates | None = None) -> Deadline:
    """ "Trước ngày X": the last day is X-1."""
    last_day = day - _ONE_DAY
    custom = Caution(
        CautionCode.CUSTOM_ACCEPTS_NAMED_DAY,
        f"Hiểu đúng chữ “trước ngày {short_day(day)}” thì ngày cuối là {short_day(last_day)}; nhiều nơi vẫn "
        f"nhận trong ngày {short_day(day)}. Hỏi nơi nhận nếu cần nộp đúng ngày này.",
    )
    cautions = (custom, *cautions_of(plan or PlanDates(), day, last_day))
    return Deadline(DeadlineKind.BEFORE_DAY, f"trước ngày {short_day(day)}", day, last_day, cautions=cautions)


def until_day(day: date, plan: PlanDates | None = None) -> Deadline:
    """ "Đến hết ngày X", "chậm nhất ngày X": X itself is in time."""
    cautions = tuple(cautions_of(plan or PlanDates(), day))
    return Deadline(DeadlineKind.UNTIL_DAY, f"đến hết ngày {short_day(day)}", day, day, cautions=cautions)


def month_range(year: int, month: int, plan: PlanDates | None = None) -> Deadline:
    """ "Trong tháng M": from its first day to the end of its last."""
    return _range(
        DeadlineKind.MONTH_RANGE,
        f"trong tháng {month:02}/{year}",
        date(year, month, 1),
        month_end(year, month),
        plan or PlanDates(),
    )


def quarter_range(year: int, quarter: int, plan: PlanDates | None = None) -> Deadline:
    """ "Quý Q": three months, from the first day of the first to the end of the last."""
    if not 1 <= quarter <= _LAST_QUARTER:
        raise ValueError(f"Quý phải từ 1 đến 4, không phải {quarter}.")
    return _range(
        DeadlineKind.QUARTER_RANGE,
        f"trong Quý {_ROMAN[quarter - 1]}/{year}",
        date(year, quarter * 3 - 2, 1),
        month_end(year, quarter * 3),
        plan or PlanDates(),
    )


def occasion(day: date, name: str, plan: PlanDates | None = None) -> Deadline:
    """ "Vào dịp …": the day of the occasion, as the day the work should be done by."""
    cautions = tuple(cautions_of(plan or PlanDates(), day))
    return Deadline(DeadlineKind.OCCASION, f"vào dịp {name} ({short_day(day)})", day, day, cautions=cautions)


def days_after(days: int, event_day: date, event: str, plan: PlanDates | None = None) -> Deadline:
    """ "Chậm nhất là N ngày kể từ ngày …": the day after the event is day 1.

    Day N that is a day off gives way to the next working day, and the caution says so.
    """
    if days < 1:
        raise ValueError(f"Số ngày phải từ 1 trở lên, không phải {days}.")
    plan = plan or PlanDates()
    named_day = event_day + timedelta(days=days)
    last_day = named_day
    while day_off(last_day, plan):
        last_day += _ONE_DAY
    cautions = list(cautions_of(plan, named_day, last_day))
    if last_day != named_day:
        moved = (
            f"Ngày thứ {days} là {day_off(named_day, plan)}, {short_day(named_day)}; hạn dời đến "
            f"hết ngày làm việc tiếp theo, {weekday_name(last_day)}, {short_day(last_day)} "
            "(Bộ luật Dân sự 2015, khoản 5 Điều 148). Nộp trước ngày nghỉ nếu kế hoạch không nói rõ."
        )
        cautions.append(Caution(CautionCode.MOVED, moved))
    phrase = f"chậm nhất {days} ngày kể từ ngày {event} ({short_day(event_day)})"
    return Deadline(DeadlineKind.DAYS_AFTER, phrase, named_day, last_day, cautions=tuple(cautions))


def working_days_after(days: int, event_day: date, event: str, plan: PlanDates | None = None) -> Deadline:
    """ "Trong N ngày làm việc kể từ ngày …": days off are not counted, so the last day is always a working day."""
    if days < 1:
        raise ValueError(f"Số ngày phải từ 1 trở lên, không phải {days}.")
    plan = plan or PlanDates()
    last_day, counted = event_day, 0
    while counted < days:
        last_day += _ONE_DAY
        counted += not day_off(last_day, plan)
    phrase = f"chậm nhất {days} ngày làm việc kể từ ngày {event} ({short_day(event_day)})"
    cautions = tuple(cautions_of(plan, last_day))
    return Deadline(DeadlineKind.WORKING_DAYS_AFTER, phrase, last_day, last_day, cautions=cautions)


def day_range(first_day: date, last_day: date, plan: PlanDates | None = None) -> Deadline:
    """ "Từ ngày X đến ngày Y": both count."""
    if last_day < first_day:
        raise ValueError(f"Khoảng thời gian kết thúc {short_day(last_day)}, trước khi bắt đầu {short_day(first_day)}.")
    phrase = f"từ ngày {short_day(first_day)} đến hết ngày {short_day(last_day)}"
    return _range(DeadlineKind.RANGE, phrase, first_day, last_day, plan or PlanDates())


@dataclass(frozen=True, slots=True)
class RelativeDue:
    """A time that is counted from an event: until the event is recorded there is no last day, only a wait."""

    days: int
    event: str
    counts_working_days: bool = False

    @property
    def waiting_words(self) -> str:
        of_work = " làm việc" if self.counts_working_days else ""
        return f"chậm nhất {self.days} ngày{of_work} kể từ ngày {self.event}; chưa ghi nhận sự kiện này"

    def reckon(self, event_day: date, plan: PlanDates | None = None) -> Deadline:
        count = working_days_after if self.counts_working_days else days_after
        return count(self.days, event_day, self.event, plan)


def _range(kind: DeadlineKind, phrase: str, first_day: date, last_day: date, plan: PlanDates) -> Deadline:
    cautions = tuple(cautions_of(plan, last_day))
    return Deadline(kind, phrase, last_day, last_day, first_day, cautions)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def day_off(day: date, plan: PlanDates) -> str:
    """Why nobody works that day; empty for a working day. A day that is worked in exchange is a working day."""
    if day in plan.holidays:
        return plan.holidays[day]
    if day in plan.working_days:
        return ""
    return weekday_name(day) if day.weekday() >= _SATURDAY else ""


def cautions_of(plan: PlanDates, named_day: date, last_day: date | None = None) -> Iterator[Caution]:
    """What holds for every kind of phrase; ``last_day`` where it differs from the day named."""
    last_day = last_day or named_day
    for day in sorted({named_day, last_day}):
        if reason := day_off(day, plan):
            yield Caution(CautionCode.DAY_OFF, f"{short_day(day)} là ngày nghỉ ({reason}).")
    if plan.issued_on and last_day < plan.issued_on:
        yield Caution(
            CautionCode.BEFORE_ISSUE,
            f"Ngày cuối {short_day(last_day)} đến trước ngày ban hành kế hoạch "
            f"({short_day(plan.issued_on)}), nên không đơn vị nào kịp thực hiện. "
            "Đề nghị nơi ban hành xác nhận lại ngày.",
        )
    if not plan.covers(named_day):
        yield Caution(
            CautionCode.OUTSIDE_PERIOD,
            f"{short_day(named_day)} nằm ngoài thời gian của kế hoạch{_period(plan)}.",
        )
        yield from _wrong_year(plan, named_day)


def _period(plan: PlanDates) -> str:
    start = f" từ {short_day(plan.starts_on)}" if plan.starts_on else ""
    end = f" đến {short_day(plan.ends_on)}" if plan.ends_on else ""
    return f" ({(start + end).strip()})"


def _wrong_year(plan: PlanDates, day: date) -> Iterator[Caution]:
    """The same day and month in a year of the plan is the likeliest thing meant."""
    if not (plan.starts_on and plan.ends_on):
        return
    meant: list[date] = []
    for year in range(plan.starts_on.year, plan.ends_on.year + 1):
        try:
            candidate = day.replace(year=year)
        except ValueError:  # 29 February in a common year
            continue
        if plan.covers(candidate) and not (plan.issued_on and candidate < plan.issued_on):
            meant.append(candidate)
    if len(meant) == 1:
        yield Caution(
            CautionCode.WRONG_YEAR,
            f"Có thể nhầm năm: trong thời gian của kế hoạch, ngày và tháng này là {short_day(meant[0])}.",
        )
