"""Who qualifies: what the nightly comparison found, and how far tonight's has come."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from exemplars.models.nominations import RulebookEdition
from units.models import AwardTitle, Person, TenantModel


class QualifyingRun(TenantModel):
    """One night's comparison of everybody below a root, in parts that are promised one by one."""

    day = models.DateField("Ngày")
    year = models.PositiveSmallIntegerField("Năm")
    parts = models.PositiveIntegerField()
    parts_done = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField("Bắt đầu lúc")
    finished_at = models.DateTimeField("Xong lúc", null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="qualifying_run_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.parts_done}/{self.parts}"


class Standing(models.TextChoices):
    MEETS = "meets", "Đạt mọi tiêu chuẩn tra được"
    ONE_STEP = "one-step", "Còn một tiêu chuẩn"


class Candidate(TenantModel):
    """A person or the unit itself who meets every criterion that the record can answer, or lacks one of them.

    A proposal of the program and nothing more: written anew each night, read by nobody's judgement. `missing` names
    the one criterion, `waiting` those that a person has yet to judge. The name is that of the night.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    nominee_name = models.CharField("Cá nhân, tập thể", max_length=200)
    sort_key = models.CharField(max_length=400, db_collation="C")
    recognition = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Năm")
    edition = models.ForeignKey(RulebookEdition, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField("Kết quả", max_length=10, choices=Standing)
    missing = models.CharField(max_length=20, blank=True)
    missing_label = models.CharField(max_length=400, blank=True)
    first_possible = models.DateField("Sớm nhất", null=True, blank=True)
    waiting = ArrayField(models.CharField(max_length=20), default=list)
    found_on = models.DateField("Đối chiếu ngày")

    class Meta:
        ordering = ["standing", "sort_key", "id"]
        indexes = [
            models.Index(fields=["unit_path", "year"], name="candidate_scope_year"),
            models.Index(
                fields=["year", "recognition", "standing", "sort_key", "id", "unit_path"], name="candidate_in_order"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person", "recognition", "year"],
                nulls_distinct=False,
                name="candidate_once_a_recognition",
            )
        ]

    def __str__(self) -> str:
        return self.nominee_name
