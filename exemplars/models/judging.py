"""Beside the record: results in movements, who proposed whom, and what was decided although criteria are unmet."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from exemplars.models.nominations import Nomination
from units.models import TenantModel, Unit, User


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


class SpecialCaseState(models.TextChoices):
    PROPOSED = "proposed", "Chờ cấp có thẩm quyền quyết định"
    GRANTED = "granted", "Được chấp thuận"
    REFUSED = "refused", "Không được chấp thuận"


class SpecialCase(TenantModel):
    """That a council proposes a nominee although criteria are unmet, and what the deciding authority said to it.

    It changes no finding: `criteria` names those that were unmet when it was proposed, and stays. Whoever is shown the
    nomination is shown this beside it.
    """

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="special_cases")
    criteria = ArrayField(models.CharField(max_length=20))
    reason = models.TextField("Lý do", max_length=2000)
    clause = models.CharField("Điều khoản cho phép", max_length=200)
    minutes_number = models.CharField("Số biên bản Hội đồng", max_length=60)
    minutes_on = models.DateField("Ngày biên bản Hội đồng")
    decider = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Cơ quan quyết định")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_label = models.CharField(max_length=200)
    proposed_at = models.DateTimeField("Trình lúc")
    state = models.CharField("Kết quả", max_length=10, choices=SpecialCaseState, default=SpecialCaseState.PROPOSED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField("Quyết định lúc", null=True, blank=True)
    decision_words = models.CharField("Ý kiến quyết định", max_length=1000, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=~Q(state=SpecialCaseState.REFUSED),
                name="special_case_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(state=SpecialCaseState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=SpecialCaseState.PROPOSED) & Q(decided_at__isnull=False) & ~Q(decision_words="")),
                name="special_case_decided_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.clause}"
