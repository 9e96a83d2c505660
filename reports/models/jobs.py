"""Files made by a worker, and how far each has come."""

from typing import Any, ClassVar

from django.db import models

from awards.models import Decision, DecisionLine, Sitting
from exemplars.models import Nomination
from units.models import TenantModel, User


class DossierState(models.TextChoices):
    WAITING = "waiting", "Đang chờ đến lượt"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã lập xong"
    FAILED = "failed", "Chưa lập được"


def dossier_path(job: "PaperJob", _name: str = "") -> str:
    """A name nobody can guess, without the nominee's."""
    return f"{job.folder}/{job.pk.hex[:2]}/{job.pk}.pdf"


class PaperJob(TenantModel):
    """One file that a worker makes for a unit.

    `snapshot` is everything that is printed, frozen when the file was asked for. `attempt` counts the promises made for
    it: one that failed and is asked for again gets a new one.
    """

    promised_as: ClassVar[str]
    """How the promise of such a file is named in the outbox."""
    folder: ClassVar[str]

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
    snapshot: "models.JSONField[Any, Any]" = models.JSONField()

    class Meta:
        abstract = True

    @property
    def is_moving(self) -> bool:
        """Whether waiting for it makes sense."""
        return self.state in (DossierState.WAITING, DossierState.RUNNING)

    @property
    def outbox_key(self) -> str:
        return f"{self.promised_as}:{self.pk}:{self.attempt}"


class ContentJob(PaperJob):
    """A file of which `content_key` is the hash of the snapshot: asking twice makes one, and a change another."""

    content_key = models.CharField(max_length=64)

    class Meta:
        abstract = True


class DossierJob(ContentJob):
    """One dossier of a nomination, as one unit may see it.

    It belongs to the unit that asked, not to the nominee's: a superior unit's copy holds the minutes of its council,
    which a subordinate unit may not read.
    """

    promised_as, folder = "dossier", "dossiers"
    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="dossiers")

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


class SittingPack(ContentJob):
    """Everything on paper for one sitting of a council, for the secretariat of the council's unit alone.

    No council lookup: a member, from whom a case may be hidden, never reads it.
    """

    promised_as, folder = "pack", "packs"

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="packs")

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sitting", "content_key"], name="pack_once_for_its_content"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(file=""),
                name="finished_pack_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}: {self.get_state_display()}"


class CertificateJob(PaperJob):
    """The certificates of a decision, or one of them printed again, with the reason.

    A long list is made in parts of a fixed size, each a file and a job of its own, so that what is done stays done;
    every further part names the first.
    """

    promised_as, folder = "certificates", "certificates"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="certificate_jobs")
    line = models.ForeignKey(DecisionLine, on_delete=models.PROTECT, null=True, blank=True, related_name="reprints")
    reason = models.CharField("Lý do in lại", max_length=400, blank=True)
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="further")
    part = models.PositiveSmallIntegerField("Phần", default=1)

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
            models.UniqueConstraint(fields=["first", "part"], name="part_of_certificates_once"),
            models.CheckConstraint(
                condition=models.Q(first__isnull=True, part=1) | models.Q(first__isnull=False, part__gt=1),
                name="further_certificates_name_the_first_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.get_state_display()}"
