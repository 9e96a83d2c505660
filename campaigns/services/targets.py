"""Indicators and targets of a plan, by those who issued it. Nothing that a report was compared with is ever changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from campaigns.calendar import short_day
from campaigns.measures import PERCENT, YES_NO
from campaigns.models import Assignment, Campaign, Indicator, IndicatorTarget, IndicatorValue, Obligation
from campaigns.selectors.reorganisation import list_kept_issuers
from campaigns.selectors.target_facts import show_level
from campaigns.selectors.targets import REPORTS, name_addressee
from units.actors import Actor
from units.folding import nfc
from units.models import Unit
from units.refusals import RefusedError
from units.scoping import maintenance_scope
from units.services.audit import record_unit_act

# What may not change once somebody reported a value: it would mean something else.
FIXED = ("code", "measure", "measured_in", "direction")


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """What an indicator says of itself."""

    code: str
    title: str
    measure: str
    measured_in: str
    direction: str
    half_year: str
    yearly: str
    citation: str

    def fields(self) -> dict[str, Any]:
        """As columns: a percentage needs no other unit, and yes or no has neither unit nor direction."""
        measured_in = "" if self.measure in (PERCENT, YES_NO) else nfc(self.measured_in).strip()
        return {
            "code": self.code.upper(),
            "title": nfc(self.title).strip(),
            "measure": self.measure,
            "measured_in": measured_in,
            "direction": "exact" if self.measure == YES_NO else self.direction,
            "half_year": self.half_year,
            "yearly": self.yearly,
            "citation": nfc(self.citation).strip(),
        }


def is_reported(indicator: Indicator) -> bool:
    """Whether any unit ever sent a value of it, wherever that unit stands."""
    with maintenance_scope("who reported may lie outside the issuer's branch, and only whether anybody did is told"):
        return IndicatorValue.objects.filter(indicator=indicator, submission__sent_at__isnull=False).exists()


def _require_issuer(campaign: Campaign, actor: Actor) -> None:
    if campaign.issuer not in list_kept_issuers(actor.unit):
        raise RefusedError(
            f"{actor.unit} không giao chỉ tiêu của phong trào này được.",
            why=f"Phong trào do {campaign.issuer} phát động, nên nơi đó giao.",
            remedy=f"Liên hệ {campaign.issuer}.",
        )


def _lock(indicator: Indicator, actor: Actor) -> Indicator:
    locked = Indicator.objects.select_for_update(of=("self",)).select_related("campaign__issuer").get(pk=indicator.pk)
    _require_issuer(locked.campaign, actor)
    if locked.ended_on is not None:
        raise RefusedError(
            f"Chỉ tiêu này thôi dùng từ ngày {short_day(locked.ended_on)} nên không sửa được.",
            why="Báo cáo trước ngày đó vẫn đối chiếu với mức đã giao.",
            remedy="Thêm một chỉ tiêu mới nếu cần giao lại.",
        )
    return locked


def _about(indicator: Indicator) -> dict[str, str]:
    """What every line of the trail about an indicator says of it."""
    return {"indicator": indicator.title, "code": indicator.code, "campaign": indicator.campaign.code}


@transaction.atomic
def add_indicator(campaign: Campaign, words: IndicatorWords, *, actor: Actor) -> Indicator:
    """Add an indicator to a plan; until a target is set nobody is asked for it. Refuses a code that stands."""
    _require_issuer(campaign, actor)
    indicator = _save(Indicator(campaign=campaign), words)
    record_unit_act("add-indicator", indicator.campaign.issuer, actor=actor, **_about(indicator))
    return indicator


def _save(indicator: Indicator, words: IndicatorWords) -> Indicator:
    for name, value in words.fields().items():
        setattr(indicator, name, value)
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError as error:
        raise RefusedError(
            f"Phong trào đã có chỉ tiêu mã «{indicator.code}».",
            why="Mã dùng để đối chiếu số liệu giữa các năm nên chỉ đứng một lần trong một phong trào.",
            remedy="Ghi mã khác, hoặc sửa chỉ tiêu đã có.",
        ) from error
    return indicator


@transaction.atomic
def edit_indicator(indicator: Indicator, words: IndicatorWords, *, actor: Actor) -> Indicator:
    """Mend what an indicator says. Once somebody reported it, its code, measure and direction stay as they are."""
    indicator = _lock(indicator, actor)
    changed = [name for name in FIXED if words.fields()[name] != getattr(indicator, name)]
    if changed and is_reported(indicator):
        names = ", ".join(str(Indicator._meta.get_field(name).verbose_name).lower() for name in changed)  # type: ignore[union-attr]  # noqa: SLF001
        raise RefusedError(
            f"Không đổi được {names} của chỉ tiêu này nữa.",
            why="Đã có đơn vị báo cáo số liệu theo cách ghi cũ; đổi thì số liệu đó mang nghĩa khác.",
            remedy="Ghi thôi dùng chỉ tiêu này từ một ngày, rồi thêm chỉ tiêu mới với mã khác.",
        )
    indicator = _save(indicator, words)
    record_unit_act("edit-indicator", indicator.campaign.issuer, actor=actor, **_about(indicator))
    return indicator


@transaction.atomic
def choose_indicator_reports(campaign: Campaign, chosen: Collection[Obligation], *, actor: Actor) -> None:
    """Say which half-year and yearly reports hold the indicators: those of units themselves, no summaries of others.

    Refuses to take a report out in which values were sent already.
    """
    _require_issuer(campaign, actor)
    reports = campaign.obligations.select_for_update().filter(filing__in=REPORTS)
    wanted = {one.pk for one in chosen}
    for report in reports:
        holds = report.pk in wanted
        if report.holds_indicators and not holds and _has_values(report):
            raise RefusedError(
                f"Không bỏ được chỉ tiêu khỏi «{report.title}».",
                why="Đã có đơn vị gửi số liệu trong báo cáo này; bỏ thì số liệu đó không còn đứng cạnh các năm khác.",
                remedy="Giữ báo cáo này, hoặc ghi thôi dùng từng chỉ tiêu.",
            )
        if report.holds_indicators != holds:
            report.holds_indicators = holds
            report.save(update_fields=["holds_indicators"])
    record_unit_act(
        "choose-indicator-reports", campaign.issuer, actor=actor, campaign=campaign.code, number=len(wanted)
    )


def _has_values(report: Obligation) -> bool:
    with maintenance_scope("who reported may lie outside the issuer's branch, and only whether anybody did is told"):
        return IndicatorValue.objects.filter(
            submission__assignment__obligation=report, submission__sent_at__isnull=False
        ).exists()


@transaction.atomic
def end_indicator(indicator: Indicator, *, ended_on: date, reason: str, actor: Actor, day: date) -> Indicator:
    """Ask for it no more from `ended_on` on. What was reported before stays, with the levels of its time."""
    indicator = _lock(indicator, actor)
    _refuse_past(ended_on, day)
    indicator.ended_on, indicator.end_reason = ended_on, nfc(reason).strip()
    indicator.save(update_fields=["ended_on", "end_reason"])
    record_unit_act(
        "end-indicator",
        indicator.campaign.issuer,
        actor=actor,
        **_about(indicator),
        on=ended_on.isoformat(),
        reason=indicator.end_reason,
    )
    return indicator


def _refuse_past(applies_from: date, day: date) -> None:
    if applies_from < day:
        raise RefusedError(
            f"Ngày {short_day(applies_from)} đã qua.",
            why="Báo cáo đã gửi giữ mức giao của ngày gửi; đổi ngược về trước sẽ làm sai kết quả đã đối chiếu.",
            remedy=f"Ghi ngày từ {short_day(day)} trở đi.",
        )


@dataclass(frozen=True, slots=True)
class Level:
    """A level for one unit, for a kind of unit, or with neither for everybody; without a number it is only followed.

    `applies_from` and `reason` are asked for where the level takes the place of another.
    """

    level: Decimal | None
    addressee: Unit | None = None
    unit_kind: str = ""
    applies_from: date | None = None
    reason: str = ""


@transaction.atomic
def set_target(indicator: Indicator, wanted: Level, *, actor: Actor, day: date, at: datetime) -> IndicatorTarget:
    """Set the level for one unit, for a kind of unit, or for everybody.

    The first level, while nobody reported, holds for the campaign from its beginning. Every later one is a change: it
    holds from its own day, today at the earliest and no earlier than the one it takes the place of, and it needs a
    reason. Reports that were sent before that day keep what they were compared with.
    """
    indicator = _lock(indicator, actor)
    if wanted.addressee is not None:
        _require_reporter(indicator, wanted.addressee)
    standing = indicator.targets.filter(addressee=wanted.addressee, unit_kind=wanted.unit_kind)
    newest: date | None = standing.aggregate(newest=Max("applies_from"))["newest"]
    reason, applies_from = nfc(wanted.reason).strip(), indicator.campaign.opens_on
    if newest is not None or is_reported(indicator):
        applies_from = wanted.applies_from or day
        _require_change(applies_from, newest, reason, day)
    target = IndicatorTarget.objects.create(
        indicator=indicator,
        addressee=wanted.addressee,
        unit_kind=wanted.unit_kind,
        level=wanted.level,
        applies_from=applies_from,
        reason=reason,
        recorded_at=at,
        recorded_by=actor.account,
    )
    level = show_level(indicator, wanted.level)
    said = {
        "level": level,
        "to": name_addressee(target),
        "on": applies_from.isoformat(),
        "reason": reason or "giao lần đầu",
    }
    record_unit_act("set-target", indicator.campaign.issuer, actor=actor, **_about(indicator), **said)
    return target


def _require_reporter(indicator: Indicator, unit: Unit) -> None:
    owed = Assignment.objects.filter(
        unit=unit,
        obligation__campaign=indicator.campaign,
        obligation__filing__in=REPORTS,
        obligation__holds_indicators=True,
        merged_into__isnull=True,
    )
    if not owed.exists():
        raise RefusedError(
            f"{unit} không có báo cáo nào của phong trào này để ghi số liệu.",
            why="Chỉ tiêu được báo cáo trong báo cáo 6 tháng, báo cáo năm mà kế hoạch giao cho đơn vị.",
            remedy="Chọn đơn vị có việc trong phong trào này.",
        )


def _require_change(applies_from: date, newest: date | None, reason: str, day: date) -> None:
    _refuse_past(applies_from, day)
    if newest and applies_from < newest:
        raise RefusedError(
            f"Đã có mức giao áp dụng từ ngày {short_day(newest)}.",
            why="Mức mới thay mức cũ nên không áp dụng trước mức cũ.",
            remedy=f"Ghi ngày từ {short_day(newest)} trở đi.",
        )
    if not reason:
        raise RefusedError(
            "Chưa ghi lý do.",
            why="Mức đã giao hoặc số liệu đã báo cáo thì mỗi lần đổi phải nói vì sao.",
            remedy="Ghi lý do, kèm số văn bản nếu có.",
        )
