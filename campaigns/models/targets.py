"""Indicators of a plan and their targets, which are public like the plan, and what units report about them."""

from django.db import models
from django.db.models import Q

from campaigns import measures
from campaigns.models.filings import Submission
from campaigns.models.plan import Campaign
from units.models import TenantModel, Unit, UnitKind, User

HALVES_AND_YEAR = (0, 1, 2)


class Measure(models.TextChoices):
    PERCENT = measures.PERCENT, "Tỷ lệ phần trăm"
    COUNT = measures.COUNT, "Số lượng (số nguyên)"
    NUMBER = measures.NUMBER, "Số có phần lẻ"
    YES_NO = measures.YES_NO, "Có hoặc không"


class Direction(models.TextChoices):
    MORE = measures.MORE, "Càng nhiều càng tốt"
    LESS = measures.LESS, "Càng ít càng tốt"
    EXACT = measures.EXACT, "Đúng bằng mức giao"


class ReportDuty(models.TextChoices):
    NONE = "none", "Không báo cáo"
    OPTIONAL = "optional", "Báo cáo nếu có số liệu"
    REQUIRED = "required", "Bắt buộc"


class Indicator(models.Model):
    """Something of a campaign that is counted. The same `code` in another year's campaign is the same indicator, so
    that a unit's figures stand beside those of the year before.

    `half_year` and `yearly` say whether the reports of those times hold it. From `ended_on` no report asks for it;
    what was reported before stays.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="indicators")
    code = models.SlugField("Mã", max_length=40)
    title = models.CharField("Chỉ tiêu", max_length=300)
    measure = models.CharField("Cách tính", max_length=10, choices=Measure)
    measured_in = models.CharField("Đơn vị tính", max_length=40, blank=True)
    direction = models.CharField("Hướng", max_length=10, choices=Direction)
    half_year = models.CharField("Báo cáo 6 tháng", max_length=10, choices=ReportDuty, default=ReportDuty.OPTIONAL)
    yearly = models.CharField("Báo cáo năm", max_length=10, choices=ReportDuty, default=ReportDuty.REQUIRED)
    citation = models.CharField("Căn cứ", max_length=200, blank=True)
    ended_on = models.DateField("Thôi dùng từ ngày", null=True, blank=True)
    end_reason = models.CharField("Lý do thôi dùng", max_length=400, blank=True)

    class Meta:
        ordering = ["campaign", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="indicator_code_once_in_a_campaign"),
            models.CheckConstraint(
                condition=~Q(measure=measures.YES_NO) | Q(direction=measures.EXACT),
                name="indicator_yes_or_no_is_exact",
                violation_error_message="Chỉ tiêu có hoặc không thì hướng là đúng bằng mức giao.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unit_words(self) -> str:
        """What it is measured in, beside a number."""
        return "%" if self.measure == Measure.PERCENT else self.measured_in


class IndicatorTarget(models.Model):
    """The level that holds from `applies_from` on, for one unit, a kind of unit, or everybody the plan addresses.

    A unit's own goes before its kind's, and that before everybody's. Rows are never changed: a new level is a new
    row, and a report is compared with the one that applied on the day that counts for it. Without a `level` the
    indicator is reported and nothing is asked of it.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    addressee = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Đơn vị"
    )
    unit_kind = models.CharField("Loại đơn vị", max_length=20, choices=UnitKind, blank=True, default="")
    level = models.DecimalField("Mức giao", max_digits=20, decimal_places=4, null=True, blank=True)
    applies_from = models.DateField("Áp dụng từ ngày")
    reason = models.CharField("Lý do", max_length=400, blank=True)
    # Empty for what the plan's own text sets.
    recorded_at = models.DateTimeField("Ghi lúc", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["indicator", "-applies_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(addressee__isnull=True) | Q(unit_kind=""), name="target_of_a_unit_or_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.level}"


class IndicatorValue(TenantModel):
    """What one version of a report says of one indicator. `half` is 0 for a whole year.

    Counted are the values of versions that stand; those of a returned version stay with it and count nothing.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="indicator_values")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Năm")
    half = models.PositiveSmallIntegerField("Nửa năm", default=0)
    value = models.DecimalField("Số liệu", max_digits=20, decimal_places=4)
    note = models.CharField("Thuyết minh", max_length=500, blank=True)

    class Meta:
        ordering = ["indicator_id", "id"]
        indexes = [models.Index(fields=["unit_path", "year"], name="indicator_value_scope_year")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="indicator_value_once_in_a_version"),
            models.CheckConstraint(condition=Q(half__in=HALVES_AND_YEAR), name="indicator_value_of_a_half_or_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
