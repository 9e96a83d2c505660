"""What a person adds to a draft because the reader missed it: an item of its own, or how long a paper may be."""

from typing import Any

from django.db import transaction

from campaigns.models import ItemVerdict, PlanDraft, PlanDraftItem
from campaigns.plan_items import missing_parts
from campaigns.planreader import find_clause, list_clauses
from campaigns.services.plan_drafts import list_foreign, lock_draft, lock_item, require_open, require_version, save_item
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


@transaction.atomic
def add_plan_item(
    draft: PlanDraft,
    *,
    kind: str,
    data: dict[str, Any],
    line: int | None,
    last_line: int | None,
    reason: str,
    version: int,
    actor: Actor,
) -> PlanDraftItem:
    """Write an item the reader missed, taken over at once.

    It belongs to the lines from `line` to `last_line`, or to none and then has a `reason`. `version` is how many items
    the draft had when the page was shown, so that one button pressed twice adds one item.
    """
    locked = lock_draft(draft)
    require_open(locked, actor)
    standing = list(PlanDraftItem.objects.filter(draft=locked).order_by("-order").values_list("order", flat=True))
    require_version(len(standing), version)
    if gaps := [*missing_parts(kind, data), *list_foreign(data, actor.unit)]:
        raise RefusedError("Chưa thêm được mục này.", why=" ".join(gaps), remedy="Bổ sung các ô còn thiếu rồi lưu lại.")
    start, end = find_words(locked.text, line, last_line) if line else (0, 0)
    if not line and not reason:
        raise RefusedError(
            "Chưa thêm được mục này.",
            why="Mục không ứng với câu nào của văn bản thì phải có lý do.",
            remedy="Ghi số dòng trong văn bản, hoặc ghi lý do thêm.",
        )
    item = PlanDraftItem.objects.create(
        unit=actor.unit,
        draft=locked,
        kind=kind,
        order=(standing[0] if standing else 0) + 1,
        line=line or 0,
        clause=find_clause(list_clauses(locked.text), start)[:60] if line else "",
        quote=" ".join(locked.text[start:end].split()),
        start=start,
        end=end,
        data=data,
        verdict=ItemVerdict.ACCEPTED,
        is_mended=True,
        is_added=True,
        reason=reason if not line else "",
    )
    record_act("add-plan-item", locked, actor=actor, place=item.place, kind=item.get_kind_display())
    return item


@transaction.atomic
def add_plan_pages(
    item: PlanDraftItem, *, paper: str, max_pages: int, line: int | None, version: int, actor: Actor
) -> PlanDraftItem:
    """Say how long a paper of the duty may be; a paper it names already gets the new limit. The answer stands."""
    locked = lock_item(item, version, actor)
    if locked.kind != "obligation":
        raise RefusedError(
            "Chỉ việc phải làm mới có giấy tờ.",
            why=f"Mục này là «{locked.get_kind_display()}».",
            remedy="Chọn một việc phải làm trong danh sách.",
        )
    if line:
        find_words(locked.draft.text, line, None)
    papers = [one for one in locked.data["papers"] if one["name"] != paper]
    papers.append({"name": paper, "max_pages": max_pages, "line": line})
    save_item(locked, data=locked.data | {"papers": papers}, is_mended=True)
    record_act("add-plan-pages", locked.draft, actor=actor, place=locked.place, paper=paper, pages=max_pages)
    return locked


def find_words(text: str, line: int, last_line: int | None) -> tuple[int, int]:
    """Where the words of the lines begin and end; refused where the plan has no such lines, or none with words."""
    lines = text.split("\n")
    last = last_line or line
    if not 1 <= line <= last <= len(lines) or not "".join(lines[line - 1 : last]).strip():
        raise RefusedError(
            f"Văn bản không có chữ ở dòng {line}." if line == last else f"Văn bản không có dòng {line} đến {last}.",
            why=f"Văn bản có {len(lines)} dòng; dòng trống không ứng với câu nào.",
            remedy="Mở toàn văn để xem số dòng, hoặc bỏ trống số dòng và ghi lý do.",
        )
    start = sum(len(one) + 1 for one in lines[: line - 1])
    words = "\n".join(lines[line - 1 : last])
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
