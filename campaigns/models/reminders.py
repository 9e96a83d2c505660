"""What reminds people: one letter a person and day, its parts by unit, and the things each part names.

A letter belongs to a person, who may work in several units, so it stands outside the fence and holds no word of any
unit. What it says stands inside: each part belongs to the unit it speaks of.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from campaigns.models.work import Assignment
from units.models import TenantModel, User


class DigestState(models.TextChoices):
    WAITING = "waiting", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi thư"
    DROPPED = "dropped", "Không gửi thư, việc đã xong"
    CARRIED = "carried", "Nhắc lại ở thư sau"
    REFUSED = "refused", "Máy chủ thư từ chối địa chỉ"
    NO_ADDRESS = "no-address", "Không có địa chỉ thư"
    BOUNCED = "bounced", "Thư không tới, bị gửi trả"


class Mailing(TenantModel):
    """One mail to one person that is promised by itself, not as a part of the day's letter.

    `SENDING` is committed at the last moment before the text is handed over, as with `ReminderLetter`. `mail_kind`
    names the kind in the promise of its sending and in the Message-ID, by which a mail that comes back is known.
    """

    mail_kind: ClassVar[str]

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.WAITING)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def mail_headers(self) -> dict[str, str]:
        return {"Message-ID": f"<{self.mail_kind}-{self.pk}@thidua>", "Auto-Submitted": "auto-generated"}


class ReminderLetter(models.Model):
    """One mail to one person on one day.

    `SENDING` is committed at the last moment before the text is handed to the mail server. A worker killed between
    that and the server's answer leaves the state, and nobody can know whether the mail went out: it is not sent again
    that day. The next day's letter names what is still open (`CARRIED`); the page of reminders had it all along.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField("Ngày")
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.WAITING)
    # Whether the mail server's answer to a handed-over text never came; said to the operator.
    is_unsure = models.BooleanField(default=False)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="letter_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class DigestKind(models.TextChoices):
    DUE = "due", "Việc đến hạn"
    LATE = "late", "Đơn vị chậm"
    FAULTS = "faults", "Điều cần quản trị xem"


class ReminderDigest(TenantModel):
    """A letter's part about one unit. What is due stands in its reminders; the other kinds keep their `lines`.

    `state` and `sent_at` repeat the letter's, so that a unit's own rows say what became of them.
    """

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Without one: written before letters were shared by units.
    letter = models.ForeignKey(ReminderLetter, on_delete=models.CASCADE, null=True, blank=True, related_name="parts")
    kind = models.CharField(max_length=10, choices=DigestKind, default=DigestKind.DUE)
    day = models.DateField("Ngày")
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.WAITING)
    lines = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField("Đã đọc lúc", null=True, blank=True)

    class Meta:
        ordering = ["-day", "kind", "id"]
        indexes = [models.Index(fields=["recipient", "-day"], name="digest_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "unit", "day", "kind"], name="digest_once_a_day_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day:%d/%m/%Y}"


class Reminder(TenantModel):
    """One thing that one person was told of once: an assignment, the last day it then had, and how far away that was.

    `step` is the number of days left at which it was due: 7, 3, 1, 0, then -1, -8, … A moved last day begins anew.
    """

    digest = models.ForeignKey(ReminderDigest, on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="reminders")
    last_day = models.DateField("Ngày cuối cùng khi nhắc")
    step = models.SmallIntegerField()

    class Meta:
        ordering = ["last_day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "assignment", "last_day", "step"], name="reminder_once_for_a_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} ({self.step})"


class OverduePace(models.TextChoices):
    WEEKLY = "weekly", "Mỗi tuần một lần"
    DAILY = "daily", "Mỗi ngày"


class ReminderSettings(TenantModel):
    """On which days a unit wants to be reminded. A unit without a row has the usual ones."""

    notice_days = models.JSONField("Nhắc trước", default=list)
    overdue = models.CharField("Khi đã quá hạn", max_length=10, choices=OverduePace, default=OverduePace.WEEKLY)
    changed_at = models.DateTimeField("Đổi lúc")
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit"], name="reminder_settings_once_for_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.notice_days}, {self.overdue}"


class CalendarFeed(models.Model):
    """A secret address at which a person's calendar reads what is due. Of the secret only a hash is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("Tạo lúc")

    def __str__(self) -> str:
        return f"{localdate(self.made_at):%d/%m/%Y}"


class WorkerPulse(models.Model):
    """When a worker last did the work of every minute, and the last time that none did for long."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()
    silent_from = models.DateTimeField(null=True, blank=True)
    silent_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(silent_from__isnull=True, silent_to__isnull=True)
                | Q(silent_from__isnull=False, silent_to__isnull=False, silent_to__gt=F("silent_from")),
                name="silence_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name
