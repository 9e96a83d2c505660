"""What criteria read besides the register's own record: results in movements, and who proposed whom."""

from django.db import models

from exemplars.models.nominations import Nomination
from units.models import TenantModel


class MovementGrade(models.TextChoices):
    """The codes are those of the rulebooks' ladder of movements."""

    EXCELLENT = "excellent", "Thành tích xuất sắc"
    GOOD = "good", "Thành tích tốt"


class MovementResult(TenantModel):
    """What `unit` itself reached in the emulation movements of a year, as a paper says.

    A year without a row is not known. Plans name the levels and do not define them, so a result is written down from
    the paper of whoever ran the movement and never reckoned here.
    """

    year = models.PositiveSmallIntegerField("Năm")
    result = models.CharField("Kết quả phong trào thi đua", max_length=12, choices=MovementGrade)
    decision_number = models.CharField("Số văn bản", max_length=60)
    decided_on = models.DateField("Ngày văn bản")

    class Meta:
        ordering = ["-year", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="movement_result_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.get_result_display()}"


class ProposingBody(models.TextChoices):
    """The codes are those of `rules.Body`; which unit is which is told by data/proposing_bodies.toml."""

    BUREAU = "cuc", "Cục THADS"
    DIRECTORATE = "tong-cuc", "Tổng cục THADS"
    SCHOOL = "truong", "Trường"


class Proposal(TenantModel):
    """That a body has reviewed a nomination and proposes it to the minister, by a paper. No row: nobody knows."""

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="proposals")
    body = models.CharField("Cơ quan bình xét, đề nghị", max_length=12, choices=ProposingBody)
    body_name = models.CharField(max_length=200)
    number = models.CharField("Số văn bản đề nghị", max_length=60)
    proposed_on = models.DateField("Ngày văn bản đề nghị")
    recorded_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        ordering = ["proposed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["nomination", "body"], name="proposal_once_a_body")]

    def __str__(self) -> str:
        return f"{self.body_name}, {self.number}"
