"""Workbooks that clerks hand in: one batch for a file, one line for each of its rows."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from units.models.access import User
from units.models.tenancy import TenantModel


class ImportKind(models.TextChoices):
    PEOPLE = "people", "Cán bộ"
    POSTINGS = "postings", "Chức vụ"
    GRADINGS = "gradings", "Xếp loại hằng năm"
    HONOURS = "honours", "Khen thưởng đã có"
    CIRCUMSTANCES = "circumstances", "Nghỉ dài ngày, việc bị xem xét"
    UNITS = "units", "Đơn vị"


class ImportState(models.TextChoices):
    READING = "reading", "Đang đối chiếu"
    PREVIEW = "preview", "Chờ xác nhận"
    WRITING = "writing", "Đang ghi vào sổ"
    DONE = "done", "Đã ghi vào sổ"
    UNDONE = "undone", "Đã hoàn tác"
    FAILED = "failed", "Chưa thực hiện được"


class Verdict(models.TextChoices):
    NEW = "new", "Thêm mới"
    CHANGE = "change", "Thay đổi"
    SAME = "same", "Giữ nguyên"
    REFUSED = "refused", "Không nhận"


def batch_path(batch: "ImportBatch", _name: str = "") -> str:
    """A name nobody can guess, without the file's own."""
    return f"imports/{batch.pk.hex[:2]}/{batch.pk}.xlsx"


class ImportBatch(TenantModel):
    """One uploaded table of one unit: read, judged, shown, and written as a whole when somebody confirms it.

    Until then nothing of it stands in the register. `attempt` counts the promises made for its jobs; `all_or_none`
    is the choice made at confirmation; `counts` are lines by verdict, as judged last.
    """

    kind = models.CharField("Loại số liệu", max_length=16, choices=ImportKind)
    state = models.CharField("Tình trạng", max_length=10, choices=ImportState, default=ImportState.READING)
    file = models.FileField("Tệp", upload_to=batch_path, max_length=200)
    file_name = models.CharField("Tên tệp", max_length=255)
    sha256 = models.CharField(max_length=64)
    remarks: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    all_or_none = models.BooleanField(default=False)
    failure = models.CharField("Vì sao chưa thực hiện được", max_length=600, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("Tải lên lúc")
    moved_at = models.DateTimeField("Tiến triển lúc")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("Xác nhận lúc", null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("Hoàn tác lúc", null=True, blank=True)
    # From then on only the lines are left; see `units.services.retention`.
    file_erased_at = models.DateTimeField("Tệp gốc đã xóa lúc", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-asked_at"], name="import_scope_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(rows_done__lte=F("rows_total")), name="import_no_further_than_its_end"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undone"]) | Q(confirmed_at__isnull=False),
                name="import_written_only_when_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def is_moving(self) -> bool:
        """Whether a job works on it or will."""
        return self.state in (ImportState.READING, ImportState.WRITING)


class ImportLine(TenantModel):
    """One row of the table, its verdict, and what was written for it.

    `values` are what the row says, `typed` what stood in the cells; `notes` are reasons and warnings with cells,
    `changes` what → from → to. `was` is the verdict of the preview when the confirmation found another.
    `written` names each row of the register that the batch made or changed: model, key, and its state before and
    after, by which the whole can be undone and a later change of it be seen.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("Dòng")
    verdict = models.CharField("Kết quả", max_length=8, choices=Verdict)
    was = models.CharField(max_length=8, choices=Verdict, blank=True)
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    typed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    notes: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    changes: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    written: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_line_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="import_line_verdict")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_verdict_display()}"
