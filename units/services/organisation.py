"""Setting up a unit, and mending what was written wrongly about one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from units.actors import Actor
from units.audit_words import describe_changes, list_values
from units.folding import fold, nfc
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_unit_act
from units.services.succession import found_units, rename_unit

CORRECTED = ("name", "short_name", "place", "kind", "province", "has_legal_personality")
_OF_THE_NAME = ("name", "short_name", "place")
_TEXTS = ("name", "short_name", "place", "province", "code")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: nfc(value).strip() if key in _TEXTS else value for key, value in values.items()}


def _require_own(unit: Unit, actor: Actor) -> None:
    if not actor.unit.contains(unit.path):
        raise RefusedError(
            f"{unit.name} nằm ngoài hệ thống của {actor.unit.name}.",
            why="Quản trị đơn vị chỉ ghi được đơn vị của mình và cấp dưới.",
            remedy="Chọn một đơn vị trong hệ thống của mình.",
        )


@transaction.atomic
def create_unit(parent: Unit, values: Mapping[str, Any], *, on: date, actor: Actor) -> Unit:
    """Set up a unit below `parent` as of `on`, with its first name and placement.

    Refuses a parent outside the actor's units, one that has ended, and a code that is taken.
    """
    _require_own(parent, actor)
    unit = Unit(parent=parent, **_clean(values))
    try:
        with transaction.atomic():
            found_units([unit], on=on)
    except IntegrityError as error:
        raise RefusedError(
            f"Mã «{unit.code}» đã có đơn vị khác dùng.",
            why="Mỗi đơn vị có một mã riêng trong toàn hệ thống.",
            remedy="Đặt mã khác, hoặc tìm đơn vị mang mã này trong danh sách đơn vị.",
        ) from error
    record_unit_act("create-unit", unit, actor=actor, name=unit.name, on=on.isoformat(), parent=parent.short_name)
    return unit


@transaction.atomic
def edit_unit(unit: Unit, values: Mapping[str, Any], *, reason: str, actor: Actor) -> Unit:
    """Correct what was written wrongly: the days stay as they are, the name in force is mended in place.

    A name that really changed is a rename with its day and decision, never a correction.
    """
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    _require_own(unit, actor)
    cleaned = _clean(values)
    changed = [key for key in CORRECTED if key in cleaned and getattr(unit, key) != cleaned[key]]
    if not changed:
        raise RefusedError("Chưa có gì thay đổi.", remedy="Sửa mục ghi sai rồi lưu lại.")
    before = list_values(unit, changed)
    for key in changed:
        setattr(unit, key, cleaned[key])
    unit.folded_name = fold(f"{unit.name} {unit.short_name}")
    unit.save(update_fields=[*changed, "folded_name"])
    if set(changed) & set(_OF_THE_NAME):
        _correct_name(unit)
    record_unit_act(
        "edit-unit",
        unit,
        actor=actor,
        fields=describe_changes(unit, before),
        before=before,
        after=list_values(unit, changed),
        reason=nfc(reason).strip(),
    )
    return unit


def change_name(unit: Unit, values: Mapping[str, Any], *, on: date, citation: str, day: date, actor: Actor) -> None:
    """Give a unit another name as of `on`, which has come; papers of earlier days keep the earlier name."""
    if on > day:
        raise RefusedError(
            "Ngày mang tên mới còn ở phía trước.",
            why="Ở đây tên mới chỉ được ghi từ ngày đã đến.",
            remedy="Ghi lại vào ngày đó, hoặc đề nghị cơ quan đứng đầu lên kế hoạch ở «Sắp xếp tổ chức».",
        )
    rename_unit(unit, **_clean(values), on=on, citation=nfc(citation).strip(), actor=actor)


def _correct_name(unit: Unit) -> None:
    """Mend the name in force, or the last one of a unit that has ended."""
    name = unit.names.order_by("-valid_from").first()
    if name:
        name.name, name.short_name, name.place = unit.name, unit.short_name, unit.place
        name.save(update_fields=[*_OF_THE_NAME, "folded_name"])
