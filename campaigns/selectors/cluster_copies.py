"""Who would do the work of a campaign that is asked again, beside who did it."""

from collections.abc import Mapping
from typing import Any

from campaigns.models import PlanDraftItem
from campaigns.plan_bearers import OWN, as_part
from campaigns.plan_copy import Change
from campaigns.selectors.clusters import Places

BothYears = tuple[Places, Places] | None


def list_bearer_changes(item: PlanDraftItem, names: Mapping[str, str], places: BothYears) -> list[Change]:
    """Who owes the work by a place in the cluster, by name in both years; and to whom it goes, where that changes."""
    changes = []
    part, was = as_part(item.data.get("cluster")), as_part(item.before.get("cluster"))
    if places and part and was and part == was and part.of == OWN:
        changes.append(Change("Ai làm", *_in_place(part.who, places)))
    for key, label in (("owed_to", "Gửi về"), ("copies_to", "Gửi thêm bản sao"), ("units", "Đơn vị nêu tên")):
        old, new = (_named(one.get(key), names) for one in (item.before, item.data))
        if old != new:
            changes.append(Change(label, old, new))
    return changes


def _in_place(who: str, places: tuple[Places, Places]) -> tuple[str, str]:
    """Names of head and deputies; of members how many they are, and who came and went."""
    before, after = (list(one.units(who)) for one in places)
    if who != "members":
        old, new = (", ".join(unit.short_name for unit in units) or "chưa ghi" for units in (before, after))
        return old, new
    came = [unit.short_name for unit in after if unit not in before]
    left = [unit.short_name for unit in before if unit not in after]
    news = [
        f"{len(after)} thành viên",
        *([f"thêm {', '.join(came)}"] if came else []),
        *([f"thôi {', '.join(left)}"] if left else []),
    ]
    return f"{len(before)} thành viên", "; ".join(news)


def _named(value: Any, names: Mapping[str, str]) -> str:
    codes = [value] if isinstance(value, str) else value or []
    return ", ".join(names.get(code, code) for code in codes if code) or "đơn vị phát động"


def list_strangers(item: PlanDraftItem, names: Mapping[str, str], places: tuple[Places, Places]) -> list[str]:
    """Units named one by one that belonged to the cluster and do not any more."""
    before, after = (set(one.codes("members")) for one in places)
    gone = [names.get(code, code) for code in item.data.get("units", ()) if code in before - after]
    return [f"{', '.join(gone)} không còn trong danh sách thành viên năm mới. Bỏ hoặc thay nếu cần."] if gone else []
