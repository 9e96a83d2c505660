"""Taking a whole batch back, while nothing depends on it.

What was added is deleted, what was changed gets its former values. A row that was changed since, by hand or by a
later batch, and any row that points at an added one, stands in the way; relations are asked of the models, so that
a table which comes later is found without being named here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from units.actors import Actor
from units.audit_words import list_subjects
from units.clock import now
from units.models import ImportBatch, ImportLine, ImportState, Unit
from units.refusals import RefusedError
from units.services.audit import record_act
from units.services.importing.batches import HANDLERS, check_right
from units.services.importing.ground import list_own_fields, snapshot, update_rows

# How the rows of a table are counted in a refusal; tables of other apps are called as the trail calls them.
WORDS = {
    "units.posting": "chức vụ",
    "units.grading": "kết quả xếp loại",
    "units.honour": "lần khen thưởng",
    "units.titleeligibility": "kết quả xét điều kiện",
    "units.membership": "tư cách làm việc của tài khoản",
    "units.person": "cán bộ",
    "units.unit": "đơn vị cấp dưới",
    "units.succession": "lần sắp xếp tổ chức",
    "units.auditentry": "mục nhật ký",
    "campaigns.assignment": "việc phải làm",
    "exemplars.nomination": "đề nghị",
}
# Tables of which not everybody may know: named only to whoever handed in such a table themselves.
OWN_WORDS = {"units.circumstance": "đợt nghỉ, việc bị xem xét"}
Entries = Mapping[str, dict[str, dict[str, Any]]]


def undo_import(batch: ImportBatch, *, actor: Actor) -> ImportBatch:
    """Take the batch out of the register in one transaction, or refuse and say what depends on it."""
    check_right(HANDLERS[batch.kind], actor)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
        if batch.state == ImportState.UNDONE:
            return batch
        if batch.state != ImportState.DONE:
            raise RefusedError(
                "Lần nhập này chưa được ghi vào sổ nên không có gì để hoàn tác.",
                why=f"Tình trạng hiện nay: «{batch.get_state_display()}».",
            )
        entries = _entries(batch)
        rows = {label: _load(label, keys) for label, keys in entries.items()}
        _check_unchanged(entries, rows)
        _check_nothing_depends(entries)
        _take_back(entries, rows)
        batch.state, batch.undone_by, batch.undone_at = ImportState.UNDONE, actor.account, now()
        batch.save(update_fields=["state", "undone_by", "undone_at"])
        record_act("undo-import", batch, actor=actor, kind=batch.get_kind_display())
    return batch


def _entries(batch: ImportBatch) -> Entries:
    """Everything written, by model and key, in the order of writing."""
    entries: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for written in ImportLine.objects.filter(batch=batch).order_by("number").values_list("written", flat=True):
        for one in written:
            entries[one["model"]][one["pk"]] = one
    return entries


def _load(label: str, keys: Iterable[str]) -> dict[str, models.Model]:
    manager = apps.get_model(label)._default_manager  # noqa: SLF001  the scoped manager
    return {str(row.pk): row for row in manager.select_for_update().filter(pk__in=list(keys))}


def _check_unchanged(entries: Entries, rows: Mapping[str, Mapping[str, models.Model]]) -> None:
    changed: Counter[str] = Counter()
    examples: list[str] = []
    for label, written in entries.items():
        for key, one in written.items():
            row = rows[label].get(key)
            if row is None or snapshot(row) != one["after"]:
                changed[OWN_WORDS.get(label) or _word(label)] += 1
                examples.append(str(row) if row else "một dòng đã chuyển đi hoặc đã xóa")
    if changed:
        raise RefusedError(
            "Chưa hoàn tác được cả lần nhập.",
            why=f"Sau khi nhập, đã có thay đổi ở: {_list(changed)} (ví dụ: {'; '.join(examples[:3])}).",
            remedy="Sửa từng dòng trực tiếp trong sổ, hoặc đưa các dòng đó về như lúc mới nhập rồi hoàn tác.",
        )


def _check_nothing_depends(entries: Entries) -> None:
    """Ask every table that can point at an added row, a query for each relation."""
    depending: Counter[str] = Counter()
    for label, written in entries.items():
        added = [key for key, one in written.items() if one["before"] is None]
        for relation in _relations(apps.get_model(label)) if added else ():
            own = entries.get(relation.related_model._meta.label_lower, {})  # noqa: SLF001
            pointing = (
                relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": added})  # noqa: SLF001
                .exclude(pk__in=list(own))
                .count()
            )
            depending[_word(relation.related_model._meta.label_lower)] += pointing  # noqa: SLF001
    depending = +depending
    if depending:
        raise RefusedError(
            "Chưa hoàn tác được cả lần nhập.",
            why=f"Dữ liệu ghi sau đó dựa vào những gì đã nhập: {_list(depending)}.",
            remedy="Hoàn tác hoặc xóa những dữ liệu đó trước, rồi hoàn tác lần nhập này.",
        )


def _relations(model: type[models.Model]) -> Iterable[Any]:
    """Foreign keys of other tables to this one, those without a name for the way back as well."""
    return [
        one
        for one in model._meta.get_fields(include_hidden=True)  # noqa: SLF001
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]


def _take_back(entries: Entries, rows: Mapping[str, Mapping[str, models.Model]]) -> None:
    try:
        with transaction.atomic():
            for label, written in reversed(list(entries.items())):
                model = apps.get_model(label)
                changed = [_restore(rows[label][key], one["before"]) for key, one in written.items() if one["before"]]
                update_rows(model, changed, [one.name for one in list_own_fields(model) if not one.primary_key])
                added = [rows[label][key] for key, one in written.items() if one["before"] is None]
                for level in _deepest_first(added):
                    model._default_manager.filter(pk__in=[row.pk for row in level]).delete()  # noqa: SLF001
            # What points here from beyond the scope is seen by the database alone, and asked now.
            connection.check_constraints()
    except (IntegrityError, models.ProtectedError) as error:
        raise RefusedError(
            "Chưa hoàn tác được cả lần nhập.",
            why="Dữ liệu ở nơi khác trong hệ thống đang dựa vào những gì đã nhập.",
            remedy="Liên hệ đơn vị cấp trên để biết dữ liệu đó, hoặc sửa từng dòng trực tiếp trong sổ.",
        ) from error


def _deepest_first(rows: Iterable[models.Model]) -> Iterable[list[models.Model]]:
    """Units level by level from below, since a parent is protected by its children; anything else at once."""
    levels: dict[int, list[models.Model]] = defaultdict(list)
    for row in rows:
        levels[len(row.path) if isinstance(row, Unit) else 0].append(row)
    return [levels[depth] for depth in sorted(levels, reverse=True)]


def _restore(row: models.Model, before: Mapping[str, Any]) -> models.Model:
    for one in row._meta.concrete_fields:  # noqa: SLF001
        if one.attname in before and not one.primary_key:
            value = before[one.attname]
            setattr(row, one.attname, None if value is None else one.to_python(value))
    return row


def _word(label: str) -> str:
    if label in WORDS:
        return WORDS[label]
    subject = list_subjects().get(label)
    # Tables of which not everybody may know keep their name to themselves.
    return subject.noun.removesuffix(" của").removesuffix(" cho") if subject else "dữ liệu khác"


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counted.items()))
