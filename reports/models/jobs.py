"""Dossiers asked for, and how far each has come."""

from typing import Any

from django.db import models

from exemplars.models import Nomination
from units.models import TenantModel, User


class DossierState(models.TextChoices):
    WAITING = "waiting", "Đang chờ đến lượt"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã lập xong"
    FAILED = "failed", "Chưa lập được"


def dossier_path(job: "DossierJob", _name: str = "") -> str:
    """A name nobody can guess, without the nominee's."""
    return f"dossiers/{job.pk.hex[:2]}/{job.pk}.pdf"


class DossierJob(TenantModel):
    """One dossier of a nomination, as one unit may see it.

    It belongs to the unit that asked, not to the nominee's: a superior unit's copy holds the minutes of its council,
    which a subordinate unit may not read. `snapshot` is everything that is printed, frozen when the dossier was asked
    for; `content_key` is its hash, so that asking twice makes one dossier and a changed nomination makes another.
    `attempt` counts the promises made for it: a failed dossier that is asked for again gets a new one.
    """

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="dossiers")
    state = models.CharField("Tình trạng", max_length=10, choices=DossierState, default=DossierState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=1)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    step_label = models.CharField("Đang làm", max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("Yêu cầu lúc")
    moved_at = models.DateTimeField("Tiến triển lúc")
    finished_at = models.DateTimeField("Xong lúc", null=True, blank=True)
    failure = models.CharField("Vì sao chưa lập được", max_length=600, blank=True)
    file = models.FileField("Tệp", upload_to=dossier_path, max_length=200, blank=True)
    pages = models.PositiveSmallIntegerField("Số trang", null=True, blank=True)
    size = models.PositiveIntegerField("Dung lượng", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_key = models.CharField(max_length=64)
    snapshot: "models.JSONField[Any, Any]" = models.JSONField()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-asked_at"], name="dossier_scope_newest")]
        constraints = [
            # The unit is part of the key: nobody learns from a conflict that another unit asked.
            models.UniqueConstraint(fields=["unit", "nomination", "content_key"], name="dossier_once_for_its_content"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(file=""),
                name="finished_dossier_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id}: {self.get_state_display()}"

    @property
    def is_moving(self) -> bool:
        """Whether waiting for it makes sense."""
        return self.state in (DossierState.WAITING, DossierState.RUNNING)
