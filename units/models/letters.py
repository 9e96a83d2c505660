"""Mail to one person about their account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class LetterState(models.TextChoices):
    WAITING = "waiting", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    BOUNCED = "bounced", "Không tới, bị gửi trả"


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


class MailBounce(models.Model):
    """A mail of ours that some server on the way gave back: which one, to what address, with which status.

    `account` is whose address that was; `status` is the code of RFC 3463.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message_id = models.CharField(max_length=120, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="bounces"
    )
    address = models.EmailField("Địa chỉ")
    status = models.CharField("Mã lỗi", max_length=12)
    bounced_at = models.DateTimeField("Đọc thấy lúc")

    class Meta:
        ordering = ["-bounced_at", "id"]

    def __str__(self) -> str:
        return f"{self.address} ({self.status})"
