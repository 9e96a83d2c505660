"""Which way a thing is taken where plans and the law leave it open. Public and dated, like the rules of counting."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from units.models import SharedData


class TitleLevel(models.TextChoices):
    """The codes are those of `rules.Level` and of the catalogue of titles."""

    GRASSROOTS = "grassroots", "Cơ sở"
    MINISTRY = "ministry", "Bộ"
    SECTOR = "sector", "Ngành"
    PROVINCE = "province", "Tỉnh"
    STATE = "state", "Nhà nước"


class SpecialCaseDecider(models.TextChoices):
    TOP = "top", "Cơ quan cao nhất của hệ thống"
    ADDRESSEE = "addressee", "Đơn vị nhận đề nghị"


class DatedReading(SharedData):
    """From day to day inclusive; `citation` is what was looked at, `note` says what is taken from it."""

    valid_from = models.DateField("Hiệu lực từ")
    valid_to = models.DateField("Hiệu lực đến", null=True, blank=True)
    citation = models.CharField("Căn cứ", max_length=300)
    note = models.CharField("Nội dung, lý do", max_length=400)
    confirmed = models.BooleanField("Cơ quan có thẩm quyền đã xác nhận", default=False)

    class Meta:
        abstract = True

    @property
    def matter(self) -> dict[str, Any]:
        """What all editions of the same reading have in common, as a filter."""
        return {}

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class MergerReading(DatedReading):
    """Whether these follow a unit that merges into another one on a day on which this holds.

    What the decision on the merger itself says about years and honours comes before this.
    """

    honours_of_a_period = models.BooleanField("Khen thưởng trong giai đoạn")
    discipline = models.BooleanField("Kỷ luật trước ngày sáp nhập")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["valid_from"], name="merger_reading_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="merger_reading_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return "Đơn vị sáp nhập"


class SpecialCaseReading(DatedReading):
    """Who decides special cases of titles of one level that are put on a day on which this holds."""

    level = models.CharField("Cấp của danh hiệu", max_length=20, choices=TitleLevel)
    decided_by = models.CharField("Nơi quyết định", max_length=10, choices=SpecialCaseDecider)

    class Meta:
        ordering = ["level", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["level", "valid_from"], name="special_case_reading_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="special_case_reading_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"Diện đặc biệt cấp {self.get_level_display().lower()}"

    @property
    def matter(self) -> dict[str, Any]:
        return {"level": self.level}
