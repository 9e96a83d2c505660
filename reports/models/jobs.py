"""Papers asked for, and how far each has come."""

from typing import Any

from django.db import models

from awards.models import Decision, DecisionLine
from exemplars.models import Nomination
from units.models import TenantModel, User


class DossierState(models.TextChoices):
    WAITING = "waiting", "Đang chờ đến lượt"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã lập xong"
    FAILED = "failed", "Chưa lập được"


class PaperJob(TenantModel):
    """One file that is made in the background, for the unit that asked.

    `snapshot` is everything that is printed, frozen when it was asked for; `attempt` counts the promises made for it.
    """

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
    pages = models.PositiveSmallIntegerField("Số trang", null=True, blank=True)
    size = models.PositiveIntegerField("Dung lượng", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    snapshot: "models.JSONField[Any, Any]" = models.JSONField()

    class Meta:
        abstract = True

    @property
    def is_moving(self) -> bool:
        """Whether waiting for it makes sense."""
        return self.state in (DossierState.WAITING, DossierState.RUNNING)


def dossier_path(job: "DossierJob", _name: str = "") -> str:
    """A name nobody can guess, without the nominee's."""
    return f"dossiers/{job.pk.hex[:2]}/{job.pk}.pdf"


class DossierJob(PaperJob):
    """One dossier of a nomination, as one unit may see it.

    It belongs to the unit that asked, not to the nominee's: a superior unit's copy holds the minutes of its council,
    which a subordinate unit may not read. `content_key` is the hash of the snapshot, so that asking twice makes one
    dossier and a changed nomination makes another; a failed one that is asked for again gets a new attempt.
    """

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="dossiers")
    file = models.FileField("Tệp", upload_to=dossier_path, max_length=200, blank=True)
    content_key = models.CharField(max_length=64)

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


def certificate_path(job: "CertificateJob", _name: str = "") -> str:
    """A name nobody can guess, one for each attempt."""
    return f"certificates/{job.pk.hex[:2]}/{job.pk}-{job.attempt}.pdf"


class CertificateJob(PaperJob):
    """The certificates of a decision as one file, or one of them printed again, with the reason."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="certificate_jobs")
    line = models.ForeignKey(DecisionLine, on_delete=models.PROTECT, null=True, blank=True, related_name="reprints")
    reason = models.CharField("Lý do in lại", max_length=400, blank=True)
    file = models.FileField("Tệp", upload_to=certificate_path, max_length=200, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(file=""), name="finished_certificates_have_a_file"
            ),
            models.CheckConstraint(
                condition=models.Q(line__isnull=True) | ~models.Q(reason=""),
                name="certificate_is_reprinted_with_a_reason",
                violation_error_message="In lại một giấy phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.get_state_display()}"
