"""What keeps a person from work or from being judged for a while: long leave, and reviews that go on."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from units.models.people import Person
from units.models.tenancy import PersonalRow


class CircumstanceKind(models.TextChoices):
    MATERNITY = "maternity", "Nghỉ thai sản"
    SICK = "sick", "Nghỉ ốm"
    STUDY = "study", "Đi học"
    RESCUE = "rescue", "Nghỉ vì bị thương khi cứu người, cứu tài sản"
    OTHER = "other", "Nghỉ vì lý do khác"
    DISCIPLINE = "discipline", "Đang xem xét kỷ luật"
    INSPECTION = "inspection", "Đang thanh tra, kiểm tra"
    COMPLAINT = "complaint", "Đang xác minh đơn thư"


REVIEWS: Final = frozenset({CircumstanceKind.DISCIPLINE, CircumstanceKind.INSPECTION, CircumstanceKind.COMPLAINT})


class Circumstance(PersonalRow):
    """One spell of leave or one review, with its days, both inclusive. A review without a last day goes on.

    Read as narrowly as discipline: reviewers learn from an assessment whether a criterion is met, and no more.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="circumstances")
    kind = models.CharField("Nội dung", max_length=12, choices=CircumstanceKind)
    first_day = models.DateField("Từ ngày")
    last_day = models.DateField("Đến hết ngày", null=True, blank=True)
    decision_number = models.CharField("Số văn bản", max_length=60, blank=True)

    class Meta:
        ordering = ["-first_day", "id"]
        indexes = [
            models.Index(fields=["unit_path", "first_day"], name="circumstance_scope_day"),
            models.Index(fields=["holder_path", "first_day"], name="circumstance_holder_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "first_day"], name="circumstance_once_a_day"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="circumstance_ends_after_it_begins",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=False) | Q(kind__in=sorted(REVIEWS)),
                name="circumstance_leave_has_a_last_day",
                violation_error_message="Đợt nghỉ phải có ngày cuối.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day:%d/%m/%Y}"

    @property
    def is_review(self) -> bool:
        return self.kind in REVIEWS
