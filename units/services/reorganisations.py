"""A reorganisation from the first step to its day (`reorganisation_day`): lock the row, check, write, record."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from units.actors import Actor, system_actor
from units.folding import nfc
from units.models import (
    Reorganisation,
    ReorganisationResult,
    ReorganisationSource,
    ReorganisationState,
    SuccessionKind,
    Unit,
)
from units.refusals import RefusedError
from units.selectors.reorganisations import ONE_SOURCE, Obstacle, find_mismatches, find_obstacles, read_shape
from units.services import outbox
from units.services.audit import record_act
from units.services.reorganisation_day import carry_out

JOB = "thực hiện sắp xếp tổ chức đến ngày"
TECHNICAL_FAILURE = (
    "Hệ thống gặp lỗi khi thực hiện nên chưa ghi gì. Lỗi đã vào nhật ký kỹ thuật; phần mềm sẽ tự thử lại."
)
_TEXTS = ("name", "short_name", "place", "province", "code", "decision_number", "issuer", "note")


def _lock(plan: Reorganisation, *states: ReorganisationState) -> Reorganisation:
    locked = Reorganisation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    if locked.state not in states:
        raise RefusedError(
            f"Việc sắp xếp này «{locked.get_state_display().lower()}» nên không làm được bước đó.",
            remedy="Tải lại trang để xem tình trạng mới nhất.",
        )
    return locked


def _refuse(obstacle: Obstacle) -> RefusedError:
    return RefusedError(obstacle.what, why=obstacle.why, remedy=obstacle.remedy)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: nfc(value).strip() if key in _TEXTS else value for key, value in values.items()}


# Writing it down


@transaction.atomic
def create_reorganisation(kind: SuccessionKind, *, actor: Actor, at: datetime) -> Reorganisation:
    """Begin a draft that belongs to the actor's root."""
    if not actor.unit.is_root:
        raise RefusedError(
            f"{actor.unit.name} không sắp xếp tổ chức được.",
            why="Việc này do cơ quan đứng đầu hệ thống thực hiện.",
            remedy="Gửi đề nghị lên cơ quan đó.",
        )
    plan = Reorganisation.objects.create(unit=actor.unit, kind=kind, created_by=actor.account, created_at=at)
    record_act("create-reorganisation", plan, actor=actor, kind=SuccessionKind(kind).label)
    return plan


def _require_below(unit: Unit, plan: Reorganisation) -> None:
    if not plan.unit.contains(unit.path):
        raise RefusedError(
            f"{unit.name} nằm ngoài hệ thống của {plan.unit.name}.",
            why="Chỉ sắp xếp được các đơn vị trực thuộc.",
            remedy="Chọn đơn vị trong hệ thống.",
        )


@transaction.atomic
def add_source(plan: Reorganisation, unit: Unit, *, day: date) -> None:
    """Choose a unit to which it happens. Refuses the root, an ended unit and a second one where only one can be."""
    plan = _lock(plan, ReorganisationState.DRAFT)
    _require_below(unit, plan)
    if unit.pk == plan.unit_id:
        raise RefusedError(f"{unit.name} đứng đầu hệ thống nên không sắp xếp ở đây được.", remedy="Chọn đơn vị khác.")
    if unit.valid_to and unit.valid_to < day:
        raise RefusedError(
            f"{unit.name} đã kết thúc từ hết ngày {unit.valid_to:%d/%m/%Y}.",
            why="Đơn vị không còn thì không sắp xếp lại được.",
            remedy="Chọn đơn vị còn hoạt động.",
        )
    if plan.kind in ONE_SOURCE and plan.sources.exclude(target=unit).exists():
        raise RefusedError(
            f"«{plan.get_kind_display()}» chỉ gồm một đơn vị.",
            remedy="Bỏ đơn vị đang chọn rồi chọn đơn vị khác, hoặc lập thêm một lần sắp xếp.",
        )
    if plan.results.filter(target=unit).exists():
        raise RefusedError(
            f"{unit.name} đã được chọn làm đơn vị sau sắp xếp.",
            why="Một đơn vị không thể vừa kết thúc vừa là nơi nhận.",
            remedy="Bỏ đơn vị này ở bước «Sau sắp xếp» trước.",
        )
    ReorganisationSource.objects.get_or_create(reorganisation=plan, target=unit, defaults={"unit": plan.unit})


@transaction.atomic
def remove_source(plan: Reorganisation, unit: UUID) -> None:
    plan = _lock(plan, ReorganisationState.DRAFT)
    plan.sources.filter(target=unit).delete()
    if plan.head_from_id == unit:
        plan.head_from = None
        plan.save(update_fields=["head_from"])
    # "The old unit goes on" was said of a unit that is no longer part of this.
    plan.results.filter(target=unit, reorganisation__kind=SuccessionKind.SPLIT).delete()


@transaction.atomic
def add_result(plan: Reorganisation, *, target: Unit | None = None, values: Mapping[str, Any] | None = None) -> None:
    """Add a unit that comes out of it: one that stands, or the particulars of a new one or of a new name.

    Only a split has several; for the other kinds the new choice takes the place of the former one.
    """
    plan = _lock(plan, ReorganisationState.DRAFT)
    is_split = plan.kind == SuccessionKind.SPLIT
    if target is not None:
        _require_below(target, plan)
        if not is_split and plan.sources.filter(target=target).exists():
            raise RefusedError(
                f"{target.name} nằm trong các đơn vị được sắp xếp nên không làm nơi nhận được.",
                why="Một đơn vị không thể vừa kết thúc vừa là nơi nhận.",
                remedy="Bỏ đơn vị này ở bước «Đơn vị», rồi chọn lại ở đây.",
            )
    if not is_split:
        plan.results.all().delete()
    elif target is not None and plan.results.filter(target=target).exists():
        return
    cleaned = _clean(values or {})
    if cleaned.get("parent"):
        _require_below(cleaned["parent"], plan)
    has_heir = plan.results.filter(is_heir=True).exists()
    ReorganisationResult.objects.create(
        unit=plan.unit, reorganisation=plan, target=target, is_heir=plan.ends_units and not has_heir, **cleaned
    )


@transaction.atomic
def remove_result(plan: Reorganisation, result: UUID) -> None:
    plan = _lock(plan, ReorganisationState.DRAFT)
    plan.results.filter(pk=result).delete()
    following = plan.results.first()
    if plan.ends_units and following and not plan.results.filter(is_heir=True).exists():
        _choose_heir(plan, following.pk)


@transaction.atomic
def choose_heir(plan: Reorganisation, result: UUID) -> None:
    """Of several units that come out of it, name the one that takes people, open work and accounts."""
    plan = _lock(plan, ReorganisationState.DRAFT)
    if plan.results.filter(pk=result).exists():
        _choose_heir(plan, result)


def _choose_heir(plan: Reorganisation, result: UUID) -> None:
    plan.results.update(is_heir=False)
    plan.results.filter(pk=result).update(is_heir=True)


@transaction.atomic
def decide_reorganisation(plan: Reorganisation, values: Mapping[str, Any]) -> None:
    """Write the day, the decision, and what becomes of accounts and heads."""
    plan = _lock(plan, ReorganisationState.DRAFT)
    cleaned = _clean(values)
    for key, value in cleaned.items():
        setattr(plan, key, value)
    plan.save(update_fields=list(cleaned))


# Deciding that it will happen


@transaction.atomic
def confirm_reorganisation(
    plan: Reorganisation, *, actor: Actor, day: date, at: datetime, mixes_kinds: bool = False
) -> Reorganisation:
    """Plan it for its day, or apply it at once when that day has come. Also the second try of one that failed.

    Refuses what stands in its way. For a day to come, what people can still settle until then does not count.
    `mixes_kinds` says that the officer saw that units of different kinds come together.
    """
    plan = _lock(plan, ReorganisationState.DRAFT, ReorganisationState.PLANNED)
    shape = read_shape(plan)
    obstacles = find_obstacles(shape)
    is_due = plan.on is not None and plan.on <= day
    hard = [one for one in obstacles if is_due or not one.may_pass]
    if hard:
        raise _refuse(hard[0])
    mismatches = find_mismatches(shape)
    if plan.state == ReorganisationState.DRAFT and mismatches and not mixes_kinds:
        raise RefusedError(
            "Chưa xác nhận: sắp xếp này gộp các đơn vị khác loại.",
            why=" ".join(mismatches),
            remedy="Đối chiếu quyết định; nếu đúng như vậy thì đánh dấu ô xác nhận ở cuối trang rồi bấm lại.",
        )
    if plan.state == ReorganisationState.DRAFT:
        plan.state = ReorganisationState.PLANNED
        plan.confirmed_by, plan.confirmed_label, plan.confirmed_at = actor.account, actor.label, at
        plan.save(update_fields=["state", "confirmed_by", "confirmed_label", "confirmed_at"])
        record_act("plan-reorganisation", plan, actor=actor, on=_iso(plan.on), citation=plan.citation)
    return carry_out(plan, actor=actor, at=at) if is_due else plan


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def cancel_reorganisation(plan: Reorganisation, *, reason: str, actor: Actor, at: datetime) -> Reorganisation:
    """Give it up before it happens; the row stays with the reason."""
    plan = _lock(plan, ReorganisationState.DRAFT, ReorganisationState.PLANNED)
    plan.state, plan.cancelled_at, plan.cancel_reason = ReorganisationState.CANCELLED, at, nfc(reason).strip()
    plan.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    record_act("cancel-reorganisation", plan, actor=actor, reason=plan.cancel_reason)
    return plan


@transaction.atomic
def reopen_reorganisation(plan: Reorganisation, *, actor: Actor) -> Reorganisation:
    """Take a planned one back to the desk to change it; until it is confirmed again nothing will happen."""
    plan = _lock(plan, ReorganisationState.PLANNED)
    plan.state, plan.failure, plan.failed_at = ReorganisationState.DRAFT, "", None
    plan.save(update_fields=["state", "failure", "failed_at"])
    record_act("reopen-reorganisation", plan, actor=actor)
    return plan


# The day itself


@transaction.atomic
def promise_due(*, day: date) -> int:
    """Promise the application of everything planned whose first day has come, one try a day. Sees every root.

    Runs every minute and by several beats without harm: the promise's key holds the day.
    """
    due = Reorganisation.objects.filter(state=ReorganisationState.PLANNED, on__lte=day).select_related("unit")
    plans = [plan for plan in due if plan.failed_at is None or localdate(plan.failed_at) < day]
    outbox.promise_each(
        "units.tasks.apply_reorganisation",
        {
            f"reorganisation:{plan.pk}:{day.isoformat()}": {
                "reorganisation_id": str(plan.pk),
                "root_id": str(plan.unit_id),
            }
            for plan in plans
        },
    )
    return len(plans)


def apply_due(reorganisation_id: UUID, *, day: date, at: datetime) -> bool:
    """Apply a planned one whose day has come, in the system's name; say whether it was applied now.

    What refuses it is kept with it in words and nothing else is written. Runs in the scope of its root.
    """
    plan = Reorganisation.objects.select_related("unit").get(pk=reorganisation_id)
    if plan.state != ReorganisationState.PLANNED or plan.on is None or plan.on > day:
        return False
    try:
        with transaction.atomic():
            plan = _lock(plan, ReorganisationState.PLANNED)
            obstacles = find_obstacles(read_shape(plan))
            if obstacles:
                raise _refuse(obstacles[0])
            carry_out(plan, actor=system_actor(plan.unit, JOB), at=at)
    except RefusedError as refusal:
        note_failure(reorganisation_id, str(refusal), at=at)
        return False
    return True


@transaction.atomic
def note_failure(reorganisation_id: UUID, words: str, *, at: datetime) -> None:
    """Keep why the last try did nothing, for the officer to read."""
    plan = Reorganisation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=reorganisation_id)
    plan.failure, plan.failed_at = words, at
    plan.save(update_fields=["failure", "failed_at"])
    record_act("fail-reorganisation", plan, actor=system_actor(plan.unit, JOB), reason=words)
