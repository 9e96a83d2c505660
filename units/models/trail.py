"""The audit trail and the outbox: what was done, and what was promised."""

from django.db import models
from django.db.models.functions import Now

from units.scoping import ScopedManager, UnitPathField


class AuditEntry(models.Model):
    """One act. The application may add entries and read them; the database refuses it any change or deletion.

    `detail` holds words and ids, never a choice on a ballot and never personal data beyond ids. As an act commits, the
    database itself links its entry into one of the streams (`AuditLink`), so that tampering by the owner shows too.
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


class AuditStream(models.Model):
    """The head of one chain of entries: how many it has, and the hash of the newest.

    Locked while an entry is linked, so numbers run 1, 2, 3 … in the order of commits and a rollback leaves no gap.
    """

    # Only the trigger of the trail writes here and into the links; the application reads both.
    is_read_only = True

    COUNT = 12

    stream = models.PositiveSmallIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream"]
        constraints = [models.CheckConstraint(condition=models.Q(stream__range=(1, 12)), name="audit_twelve_streams")]

    def __str__(self) -> str:
        return f"{self.stream}: {self.number}"


class AuditLink(models.Model):
    """The place of an entry in its chain; `hash` covers everything in the entry, its place and `previous`.

    A table of its own, because an entry is readable in the transaction that wrote it, while its place is known only
    when that transaction commits, and entries are never updated. No foreign key: when an entry is deleted by force,
    its link stays behind and tells.
    """

    is_read_only = True

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="link"
    )
    stream = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream", "number"]
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="audit_number_once_in_a_stream")]

    def __str__(self) -> str:
        return f"{self.stream}/{self.number}"


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
