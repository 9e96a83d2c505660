"""The audit trail and the outbox: what was done, and what was promised."""

from django.db import models
from django.db.models.functions import Now

from units.scoping import ScopedManager, UnitPathField


class AuditEntry(models.Model):
    """One act. The application may add entries and read them; the database refuses it any change or deletion.

    `detail` holds words and ids, never a choice on a ballot and never personal data beyond ids.
    """

    is_append_only = True
    # A council's member adds lines and may read back only those of their own acts.
    council_inserts = True
    council_reads = "actor_id::text = current_setting('app.actor')"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey("units.User", on_delete=models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    detail = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="audit_scope_newest"),
            models.Index(fields=["subject_id", "id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}"


class OutboxMessage(models.Model):
    """A promise made in the same transaction as the data it belongs to; a sweeper sends it until it is done.

    `key` names the effect, so asking twice makes one. `arguments` are ids only.
    """

    key = models.CharField(max_length=200, primary_key=True)
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["sent_at"], name="outbox_not_done", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return self.key
