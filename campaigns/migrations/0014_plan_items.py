"""Clauses and indicators of drafts; who is meant among clusters stands in one field of an item instead of two."""

from typing import Any

from django.db import migrations, models

from units.migration_operations import write_rows


def fold_places(apps: Any, _schema_editor: Any) -> None:
    """`heads` (of all clusters) and `cluster` (of the plan's own) become `cluster`: who, and of which.

    An item of an open draft that said both can keep one only: it waits for an answer again, with words about it.
    """
    items = apps.get_model("campaigns", "PlanDraftItem").objects.filter(kind="obligation").select_related("draft")
    for item in items.iterator():
        said_both = bool(item.data.get("heads")) and bool(item.data.get("cluster"))
        item.data, item.before = _folded(item.data), _folded(item.before)
        if said_both and item.draft.state == "draft":
            item.verdict = "pending"
            _tell(item)
        item.save(update_fields=["data", "before", "verdict"])


def _folded(data: dict[str, Any]) -> dict[str, Any]:
    if not data:
        return data
    kept = {name: value for name, value in data.items() if name != "heads"}
    part = data.get("cluster")
    if isinstance(part, str) and part:
        kept["cluster"] = {"who": part, "of": ""}
    elif not isinstance(part, dict):
        kept["cluster"] = {"who": "head", "of": "*"} if data.get("heads") else None
    return kept


def _tell(item: Any) -> None:
    words = (
        "Việc này từng giao cho cả đơn vị trưởng của mọi khu vực, cụm, khối và cho khu vực, cụm, khối của kế hoạch; "
        "nay chỉ còn giữ phần sau. Xem lại ai phải làm, nếu cần thì thêm một mục nữa."
    )
    draft = item.draft.__class__.objects.get(pk=item.draft_id)
    place = {"start": item.start, "end": item.end} if item.line else {"start": None, "end": None}
    draft.warnings = [*draft.warnings, {"code": "", "line": item.line, "message": words, **place}]
    draft.save(update_fields=["warnings"])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0013_inspection_event")]

    operations = [
        migrations.AddField(
            model_name="plandraftitem",
            name="clause",
            field=models.CharField(blank=True, max_length=60, verbose_name="Mục"),
        ),
        migrations.AlterField(
            model_name="plandraftitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("basis", "Căn cứ"),
                    ("phase", "Đợt"),
                    ("obligation", "Việc phải làm"),
                    ("indicator", "Chỉ tiêu"),
                    ("quota", "Số lượng được đề nghị"),
                ],
                max_length=12,
                verbose_name="Loại",
            ),
        ),
        write_rows(fold_places, "campaigns_plandraftitem", "campaigns_plandraft"),
    ]
