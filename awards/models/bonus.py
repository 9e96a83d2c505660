"""What a title is worth in money, by the day of the decision. Public, mended by the owner of the public data."""

from django.db import models
from django.db.models import F, Q

from units.models import AwardTitle, SharedData, TitleSubject


class DatedFigure(SharedData):
    """A figure that holds from day to day, with its citation; of two that hold, the one that began last counts."""

    valid_from = models.DateField("Áp dụng từ ngày")
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    citation = models.CharField("Căn cứ", max_length=200)
    note = models.CharField("Còn phải đối chiếu", max_length=400, blank=True)

    class Meta:
        abstract = True


class BaseSalary(DatedFigure):
    """Mức lương cơ sở in đồng, and to which round sum a product of it is raised."""

    amount = models.PositiveIntegerField("Mức lương cơ sở (đồng)")
    round_up_to = models.PositiveIntegerField("Làm tròn lên tới (đồng)")
    rounding_citation = models.CharField("Căn cứ làm tròn", max_length=200)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["valid_from"], name="base_salary_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0, round_up_to__gt=0), name="base_salary_is_positive"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="base_salary_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"Mức lương cơ sở từ {self.valid_from:%d/%m/%Y}"


class BonusPrinciple(DatedFigure):
    """Of several awards for one achievement within so many days, only the one worth most is paid.

    One achievement: one subject and one year of the award. Where none holds on the day, every award is paid.
    """

    within_days = models.PositiveSmallIntegerField("Khoảng ngày coi là cùng một thời điểm")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["valid_from"], name="bonus_principle_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="bonus_principle_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"Chỉ nhận mức cao nhất, từ {self.valid_from:%d/%m/%Y}"


class BonusRate(DatedFigure):
    """How many times the base salary goes with a title, for a person or for a collective."""

    title = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+", verbose_name="Danh hiệu")
    subject = models.CharField(
        "Đối tượng", max_length=12, choices=[one for one in TitleSubject.choices if one[0] != TitleSubject.BOTH]
    )
    multiple = models.DecimalField("Số lần mức lương cơ sở", max_digits=6, decimal_places=3)

    class Meta:
        ordering = ["title__ladder", "title__rank", "title__code", "subject", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["title", "subject", "valid_from"], name="bonus_rate_once_a_day"),
            models.CheckConstraint(condition=Q(multiple__gt=0), name="bonus_rate_is_positive"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="bonus_rate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.get_subject_display().lower()}, từ {self.valid_from:%d/%m/%Y}"
