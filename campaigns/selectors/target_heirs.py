"""Levels that were set for units by name and still ask something when the units end."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from campaigns.models import IndicatorTarget
from campaigns.selectors.target_facts import show_level
from units.models import Unit
from units.reorganising import Moved

FIRST = 5


def list_named_levels(units: Sequence[Unit], on: date) -> list[IndicatorTarget]:
    """Of each unit and indicator the level that holds on `on` and those set from a later day, the earliest first.

    Nothing of a campaign that is over, nor of an indicator that is asked for no more.
    """
    rows = (
        IndicatorTarget.objects.filter(
            Q(indicator__ended_on__isnull=True) | Q(indicator__ended_on__gt=on),
            addressee__in=units,
            indicator__campaign__closes_on__gte=on,
        )
        .select_related("indicator__campaign", "addressee")
        .order_by("indicator_id", "addressee_id", "applies_from", "pk")
    )
    holding: dict[tuple[int, object], IndicatorTarget] = {}
    later: list[IndicatorTarget] = []
    for one in rows:
        if one.applies_from <= on:
            holding[one.indicator_id, one.addressee_id] = one
        else:
            later.append(one)
    return [*holding.values(), *later]


def count_levels(sources: Sequence[Unit], on: date) -> Moved:
    levels = list_named_levels(sources, on)
    return Moved(
        "Mức chỉ tiêu giao riêng",
        len(levels),
        tuple(_describe(one) for one in levels[:FIRST]),
        "giao tiếp cho đơn vị kế thừa; đơn vị kế thừa đã có mức riêng thì giữ mức của mình",
    )


def list_conflicts(sources: Sequence[Unit], heir: Unit | None, *, on: date) -> list[Moved]:
    """Levels that the heir (None: a new unit) will not get: it has its own, or two of the units that end bring one."""
    taken = {one.indicator_id: one for one in list_named_levels([heir], on)} if heir else {}
    found = []
    for source in sources:
        brought = list_named_levels([source], on)
        found += [
            f"{_describe(one)}; giữ {_describe(taken[one.indicator_id])}"
            for one in brought
            if one.indicator_id in taken
        ]
        taken = {one.indicator_id: one for one in brought} | taken
    return [
        Moved(
            "Mức chỉ tiêu trùng nhau",
            len(found),
            tuple(found[:FIRST]),
            "giữ mức của đơn vị kế thừa, mức kia ghi vào nhật ký; giao lại ở trang phong trào nếu cần mức khác",
        )
    ]


def _describe(level: IndicatorTarget) -> str:
    return f"{level.indicator.title}: {level.addressee}, {show_level(level.indicator, level.level)}"
