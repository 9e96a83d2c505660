"""The money that goes with a decision, line by line, with what it was reckoned from or why it cannot be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from awards.bonus import bonus_of
from awards.models import BaseSalary, BonusPrinciple, BonusRate, Decision, DecisionLine
from awards.selectors.decisions import list_lines, obstacle_of
from units.models import Honour, TitleSubject
from units.selectors.record import list_standing_honours

UNCHECKED = "chưa đối chiếu với văn bản gốc"
F = TypeVar("F", BaseSalary, BonusPrinciple, BonusRate)


@dataclass(frozen=True, slots=True)
class BonusLine:
    """`amount` is None where no figure is known or nothing is due; `remark` says which."""

    order: int
    name: str
    position: str
    unit: str
    award: str
    multiple: Decimal | None
    amount: int | None
    is_due: bool
    remark: str


@dataclass(frozen=True, slots=True)
class BonusSum:
    """One unit's share of what is due; `unknown` lines are not in `amount`, which is None when it knows none at all."""

    unit: str
    lines: int
    amount: int | None
    unknown: int


@dataclass(frozen=True, slots=True)
class BonusSheet:
    decision: Decision
    base: BaseSalary | None
    principle: BonusPrinciple | None
    lines: tuple[BonusLine, ...]
    sums: tuple[BonusSum, ...]
    total: BonusSum
    citations: tuple[str, ...]
    is_unchecked: bool

    @property
    def rounding(self) -> str:
        """How a product becomes the sum paid, in words."""
        if self.base is None:
            return ""
        step = f"{self.base.round_up_to:,}".replace(",", ".")
        return f"Số tiền = số lần × mức lương cơ sở, làm tròn lên tới {step} đồng ({self.base.rounding_citation})."


def list_base_salaries() -> QuerySet[BaseSalary]:
    return BaseSalary.objects.all()


def list_bonus_principles() -> QuerySet[BonusPrinciple]:
    return BonusPrinciple.objects.all()


def list_bonus_rates() -> QuerySet[BonusRate]:
    """Rates by title, the latest first; the title loaded."""
    return BonusRate.objects.select_related("title")


def _holding(rows: QuerySet[F], day: date) -> QuerySet[F]:
    """Those that hold on `day`, the one that began last at the end."""
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day).order_by("valid_from")


def describe_bonus(decision: Decision) -> BonusSheet:
    """Five queries, whatever the number of lines. The day of signing decides which figures hold."""
    day = decision.signed_on
    base = _holding(list_base_salaries(), day).last()
    principle = _holding(list_bonus_principles(), day).last()
    lines = list(list_lines(decision))
    rates = {(one.title_id, one.subject): one for one in _holding(list_bonus_rates(), day)}
    used = [rates.get(_key(line.honour)) for line in lines]
    higher = find_higher([line.honour for line in lines], rates, principle) if principle else {}
    reckoned = tuple(
        _reckon(line, rate, base, day, higher.get(line.honour_id)) for line, rate in zip(lines, used, strict=True)
    )
    figures = [one for one in (base, principle if higher else None, *used) if one]
    return BonusSheet(
        decision=decision,
        base=base,
        principle=principle,
        lines=reckoned,
        sums=_sum_units(reckoned),
        total=_add("Tổng cộng", reckoned),
        citations=tuple(dict.fromkeys(one.citation for one in figures)),
        is_unchecked=any(not one.confirmed for one in figures),
    )


def find_higher(
    honours: Sequence[Honour], rates: Mapping[tuple[int, str], BonusRate], principle: BonusPrinciple
) -> dict[UUID, Honour]:
    """By honour: the award in sight that is paid instead of it, under `principle`. One query.

    Of equals the one decided first is paid, then by key, so that every sheet names the same one.
    """
    near = timedelta(days=principle.within_days)
    days = [one.decided_on for one in honours]
    if not days:
        return {}
    rivals = defaultdict(list)
    beside = list_standing_honours().filter(
        Q(person__in=[one.person_id for one in honours if one.person_id])
        | Q(collective__in=[one.collective_id for one in honours if one.collective_id]),
        decided_on__range=(min(days) - near, max(days) + near),
    )
    for one in beside.select_related("title"):
        rivals[_achievement(one)].append(one)
    found = {}
    for one in honours:
        rate = rates.get(_key(one))
        known = [
            other
            for other in rivals[_achievement(one)]
            if other.pk != one.pk and abs(other.decided_on - one.decided_on) <= near and _key(other) in rates
        ]
        best = min(known, key=lambda other: _order(other, rates), default=None)
        if rate and best and _order(best, rates) < _order(one, rates):
            found[one.pk] = best
    return found


def _achievement(honour: Honour) -> tuple[UUID | None, UUID | None, int]:
    return honour.person_id, honour.collective_id, honour.year


def _order(honour: Honour, rates: Mapping[tuple[int, str], BonusRate]) -> tuple[Decimal, date, str]:
    return -rates[_key(honour)].multiple, honour.decided_on, str(honour.pk)


def _key(honour: Honour) -> tuple[int, str]:
    subject = TitleSubject.PERSON if honour.person_id else TitleSubject.COLLECTIVE
    return honour.title_id, subject.value


def _reckon(
    line: DecisionLine, rate: BonusRate | None, base: BaseSalary | None, day: date, higher: Honour | None
) -> BonusLine:
    honour = line.honour
    gone = obstacle_of(line) or (_instead(higher) if higher else "")
    is_corrected = not honour.stands and getattr(honour, "revocation", None) is None
    is_due = not gone or is_corrected
    amount = bonus_of(rate.multiple, base.amount, base.round_up_to) if rate and base and not gone else None
    return BonusLine(
        order=line.order,
        name=honour.subject_name,
        position=honour.subject_position,
        unit=honour.subject_unit,
        award=f"{honour.title} {honour.year}",
        multiple=rate.multiple.normalize() if rate else None,
        amount=amount,
        is_due=is_due,
        remark=_remark(gone, rate, base, day),
    )


def _instead(higher: Honour) -> str:
    return (
        f"cùng thời điểm được {higher.title} {higher.year} theo Quyết định số {higher.decision_number} ngày "
        f"{higher.decided_on:%d/%m/%Y}, chỉ nhận mức cao nhất; đã chi thì đối trừ"
    )


def _remark(gone: str, rate: BonusRate | None, base: BaseSalary | None, day: date) -> str:
    if gone:
        return f"Không tính: {gone}"
    if rate is None:
        return f"Chưa có hệ số tiền thưởng cho danh hiệu này vào ngày {day:%d/%m/%Y}"
    if base is None:
        return f"Chưa có mức lương cơ sở cho ngày {day:%d/%m/%Y}"
    return "" if rate.confirmed and base.confirmed else f"Mức {UNCHECKED}"


def _sum_units(lines: Sequence[BonusLine]) -> tuple[BonusSum, ...]:
    grouped: Mapping[str, list[BonusLine]] = defaultdict(list)
    for line in lines:
        grouped[line.unit].append(line)
    return tuple(_add(unit, rows) for unit, rows in grouped.items())


def _add(label: str, lines: Sequence[BonusLine]) -> BonusSum:
    known = [one.amount for one in lines if one.amount is not None]
    due = sum(one.is_due for one in lines)
    return BonusSum(unit=label, lines=due, amount=sum(known) if known or not due else None, unknown=due - len(known))
