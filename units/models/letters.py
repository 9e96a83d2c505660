"""Mail to one person about their account."""

import uuid

from django.db import models
from django.db.models.functions import Now


class LetterState(models.TextChoices):
    WAITING = "waiting", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"


class Letter(models.Model):
    """A letter that is promised. Its words may hold a link that opens an account: sealed until sent, then erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.EmailField("Gửi tới")
    subject = models.CharField("Tiêu đề", max_length=200)
    sealed_body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.WAITING)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.subject
