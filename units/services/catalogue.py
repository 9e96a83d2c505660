"""Mending the public catalogues: what no text had confirmed when it was shipped."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from units.actors import Actor
from units.models import AwardTitle, LegalDocument, SharedData
from units.refusals import RefusedError
from units.services.audit import record_on_duty


@transaction.atomic
def edit_title(title: AwardTitle, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> AwardTitle:
    """Mend a title that is not confirmed yet; from then on the shipped file leaves it alone."""
    title = AwardTitle.objects.select_for_update().get(pk=title.pk)
    what = edit_shared(title, values, reason=reason, actor=actor, at=at)
    record_on_duty("edit-title", actor=actor, title=title.name, what=what, reason=reason)
    return title


@transaction.atomic
def edit_document(
    document: LegalDocument, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime
) -> LegalDocument:
    """Mend a legal document that is not confirmed yet; from then on the shipped file leaves it alone."""
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    what = edit_shared(document, values, reason=reason, actor=actor, at=at)
    record_on_duty("edit-document", actor=actor, document=document.number, what=what, reason=reason)
    return document


def require_root(actor: Actor) -> None:
    """Refuse a unit that is not at the top: shared values are mended there only."""
    if not actor.unit.is_root:
        raise RefusedError(
            "Danh mục dùng chung chỉ sửa được ở đơn vị cấp cao nhất.",
            why=f"{actor.unit.name} là đơn vị cấp dưới.",
            remedy="Gửi đề nghị kèm văn bản tới quản trị của cơ quan cấp trên cùng.",
        )


def edit_shared(row: SharedData, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> str:
    """Write the values of a locked row of public data and return what changed, each with the value before and after.

    Refuses a unit below the top, and a row that is confirmed.
    """
    require_root(actor)
    if row.confirmed:
        raise RefusedError(
            "Mục này đã được đối chiếu với văn bản gốc nên không sửa được.",
            remedy="Khi văn bản mới thay đổi nội dung, ghi thành mục mới có ngày hiệu lực của văn bản đó.",
        )
    changed = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    row.edited_at, row.edited_by, row.edit_reason = at, actor.label, reason
    row.save(update_fields=[*changed, "edited_at", "edited_by", "edit_reason"])
    return (
        "; ".join(
            f"{_label(row, name)} từ «{_plain(row, name, before)}» thành «{_plain(row, name, after)}»"
            for name, (before, after) in changed.items()
        )
        or "ghi lại lý do"
    )


def _label(row: SharedData, name: str) -> str:
    field: Any = row._meta.get_field(name)  # noqa: SLF001  Django documents _meta as public
    return str(field.verbose_name).lower()


def _plain(row: SharedData, name: str, value: Any) -> str:
    """As the screens write it: a choice by its words, of several each."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(row, name, one) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    field: Any = row._meta.get_field(name)  # noqa: SLF001  same
    words = dict(getattr(field, "base_field", field).flatchoices or ())
    return str(words.get(value, "" if value is None else value))
