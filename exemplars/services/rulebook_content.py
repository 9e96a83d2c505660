"""Changes to the values of a rulebook's document, whoever keeps them: a draft or a sandbox.

They take whatever was typed. Numbers count from 1; a place is the numbers of a part inside parts, outermost first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from exemplars import rules
from units.refusals import RefusedError

Content = dict[str, Any]
Place = Sequence[int]
MOST_CRITERIA = 100
MOST_PARTS = 10
MOST_QUOTAS = 30


def find_item(rows: list[Content], number: int) -> Content:
    if not 1 <= number <= len(rows):
        raise RefusedError("Mục này không còn trong bản nháp.", remedy="Mở lại bản nháp để xem các mục hiện có.")
    return rows[number - 1]


def put_values(content: Content, values: Mapping[str, Any]) -> None:
    """A value that is None is left out of the document."""
    for key, value in values.items():
        if value is None:
            content.pop(key, None)
        else:
            content[key] = value


def list_codes(content: Content) -> list[str]:
    return [str(one.get("code", "")) for one in content["criterion"]]


def append_criterion(content: Content, kind: str) -> None:
    """A criterion of that predicate at the end, asked by every recognition."""
    if len(content["criterion"]) >= MOST_CRITERIA:
        raise RefusedError(f"Bản quy định đã có {MOST_CRITERIA} tiêu chuẩn.", remedy="Gộp hoặc bỏ bớt tiêu chuẩn.")
    taken = {one.get("code") for one in content["criterion"]}
    code = next(f"TC-{number}" for number in range(1, MOST_CRITERIA + 2) if f"TC-{number}" not in taken)
    content["criterion"].append(
        {
            "code": code,
            "label": "",
            "applies_to": ["person"],
            "citation": {"document": content["plan"].get("title", ""), "clause": ""},
            "predicate": {"kind": kind},
            "remedy": "",
        }
    )
    for one in content["recognition"]:
        one["criteria"].append(code)


def put_criterion(content: Content, number: int, values: Mapping[str, Any], recognitions: Sequence[int]) -> None:
    """`recognitions` are the numbers of those it belongs to."""
    one = find_item(content["criterion"], number)
    old, shared = one.get("code", ""), list_codes(content).count(one.get("code", "")) > 1
    put_values(one, values)
    for place, recognition in enumerate(content["recognition"], 1):
        criteria = recognition["criteria"]
        recognition["criteria"] = _renamed(criteria, old, one["code"], is_in=place in recognitions, shared=shared)


def drop_criterion(content: Content, number: int) -> None:
    code = str(find_item(content["criterion"], number).get("code", ""))
    del content["criterion"][number - 1]
    if code not in list_codes(content):
        for one in content["recognition"]:
            one["criteria"] = [known for known in one["criteria"] if known != code]


def swap_criteria(content: Content, number: int, other_number: int) -> None:
    """In the list and in every recognition that holds both."""
    criteria = content["criterion"]
    one, other = find_item(criteria, number), find_item(criteria, other_number)
    criteria[number - 1], criteria[other_number - 1] = other, one
    for recognition in content["recognition"]:
        codes = recognition["criteria"]
        if one["code"] in codes and other["code"] in codes:
            here, there = codes.index(one["code"]), codes.index(other["code"])
            codes[here], codes[there] = codes[there], codes[here]


def find_part(content: Content, number: int, place: Place) -> Content:
    """The predicate at `place` of a criterion; the criterion's own at no place at all."""
    predicate: Content = find_item(content["criterion"], number)["predicate"]
    for step in place:
        predicate = find_item(predicate.get("parts", []), step)
    return predicate


def append_part(content: Content, number: int, place: Place, kind: str) -> int:
    """A part at the end of the predicate at `place`; gives its number. Refuses one too many, and one too deep."""
    holder = find_part(content, number, place)
    entry = rules.BY_KIND.get(str(holder.get("kind", "")))
    if entry is None or not entry.is_composite:
        raise RefusedError("Phép kiểm này không ghép từ nhiều điều kiện.", remedy="Đổi phép kiểm rồi thêm điều kiện.")
    if rules.BY_KIND[kind].is_composite and len(place) + 2 >= rules.MOST_DEPTH:
        raise RefusedError(
            f"Phép kiểm chỉ lồng được {rules.MOST_DEPTH} tầng.",
            remedy="Thêm điều kiện đơn, hoặc tách thành hai tiêu chuẩn.",
        )
    parts = holder.setdefault("parts", [])
    if len(parts) >= MOST_PARTS:
        raise RefusedError(f"Phép kiểm đã có {MOST_PARTS} điều kiện.", remedy="Bỏ bớt, hoặc tách thành hai tiêu chuẩn.")
    parts.append({"kind": kind})
    return len(parts)


def put_part(content: Content, number: int, place: Place, predicate: Mapping[str, Any]) -> None:
    kept = find_part(content, number, place)
    kept.clear()
    kept.update(predicate)


def drop_part(content: Content, number: int, place: Place) -> None:
    holder = find_part(content, number, place[:-1])
    find_item(holder.get("parts", []), place[-1])
    del holder["parts"][place[-1] - 1]


def append_quota(content: Content, values: Mapping[str, Any]) -> None:
    quotas = content.setdefault("quota", [])
    if len(quotas) >= MOST_QUOTAS:
        raise RefusedError(f"Bản quy định đã có {MOST_QUOTAS} tỷ lệ tối đa.", remedy="Bỏ bớt tỷ lệ không dùng.")
    one: Content = {}
    put_values(one, values)
    quotas.append(one)


def put_quota(content: Content, number: int, values: Mapping[str, Any]) -> None:
    put_values(find_item(content.get("quota", []), number), values)


def drop_quota(content: Content, number: int) -> None:
    find_item(content.get("quota", []), number)
    del content["quota"][number - 1]
    if not content["quota"]:
        del content["quota"]


def _renamed(codes: list[str], old: str, new: str, *, is_in: bool, shared: bool) -> list[str]:
    """The criteria of a recognition after one was renamed, taken in or taken out; each keeps its place."""
    if not is_in:
        return [code for code in codes if code != old or shared]
    if old in codes and not shared:
        codes = [new if code == old else code for code in codes]
    return list(dict.fromkeys(codes if new in codes else [*codes, new]))
