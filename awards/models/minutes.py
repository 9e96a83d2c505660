"""Minutes of a meeting and of a count: drafted, sent for signing, signed, kept byte for byte."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.ballots import Ballot
from awards.models.councils import CouncilMember, Sitting
from awards.signing import Checked
from campaigns.models import Mailing
from units.models import TenantModel


class MinutesKind(models.TextChoices):
    MEETING = "meeting", "Biên bản họp Hội đồng"
    COUNT = "count", "Biên bản kiểm phiếu"


class MinutesState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    SENT = "sent", "Chờ ký"
    SIGNING = "signing", "Đã có chữ ký, chưa đủ"
    COMPLETE = "complete", "Đã ký đủ"
    RECALLED = "recalled", "Đã rút, thay bằng bản sau"


def minutes_path(row: "Minutes | MinutesScan", name: str) -> str:
    """Bytes that were kept are never written over: each name carries their own hash."""
    return f"minutes/{row.pk.hex[:2]}/{row.pk}-{name}"


class Minutes(TenantModel):
    """One version of the minutes of a sitting, or of the count of one ballot.

    Figures are not kept here: the paper prints what tally, roll and agenda say, and `sha256` is of its bytes as they
    are now, `sent_sha256` as they were sent. Before the first signature a version may be recalled for the next one;
    after it only a correction with a reason follows (`corrects`).
    """

    council_lookups = {"council": "sitting__council"}

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="minutes")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="minutes")
    kind = models.CharField("Loại biên bản", max_length=10, choices=MinutesKind)
    version = models.PositiveSmallIntegerField("Bản thứ", default=1)
    state = models.CharField("Tình trạng", max_length=10, choices=MinutesState, default=MinutesState.DRAFT)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField("Lý do điều chỉnh", max_length=400, blank=True)
    number = models.CharField("Số biên bản", max_length=60, blank=True)
    began_at = models.TimeField("Bắt đầu lúc", null=True, blank=True)
    ended_at = models.TimeField("Kết thúc lúc", null=True, blank=True)
    course = models.TextField("Diễn biến", blank=True)
    opinions = models.TextField("Ý kiến", blank=True)
    sent_at = models.DateTimeField("Gửi ký lúc", null=True, blank=True)
    completed_at = models.DateTimeField("Ký đủ lúc", null=True, blank=True)
    file = models.FileField("Tệp", upload_to=minutes_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sent_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["sitting", "kind", "ballot", "version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="meeting", ballot__isnull=True) | Q(kind="count", ballot__isnull=False),
                name="minutes_of_a_count_name_its_ballot",
            ),
            models.UniqueConstraint(
                fields=["sitting", "version"], condition=Q(kind="meeting"), name="minutes_of_a_meeting_once_a_version"
            ),
            models.UniqueConstraint(
                fields=["ballot", "version"], condition=Q(kind="count"), name="minutes_of_a_count_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="correction_of_minutes_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_sha256="", sha256="") | (~Q(state="draft") & ~Q(sent_sha256="")),
                name="sent_minutes_have_their_bytes",
            ),
        ]

    def __str__(self) -> str:
        what = self.get_kind_display()
        return f"{what} điều chỉnh" if self.corrects_id else what


class MinutesScan(TenantModel):
    """A scan of the paper that was printed and signed in ink."""

    council_lookups = {"council": "minutes__sitting__council"}

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="scans")
    file = models.FileField("Tệp", upload_to=minutes_path, max_length=200)
    file_name = models.CharField("Tên tệp", max_length=255)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField("Ghi lúc")
    recorded_by = models.CharField("Người ghi", max_length=200)

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.file_name


class SigningWay(models.TextChoices):
    CERTIFICATE = "certificate", "Ký số bằng tệp chứng thư"
    OUTSIDE = "outside", "Ký số bằng công cụ riêng, tải bản đã ký lên"
    INK = "ink", "Ký mực, quét"


class SignatureState(models.TextChoices):
    WAITING = "waiting", "Chưa ký"
    RECORDED = "recorded", "Đã ghi bản ký mực, chờ xác nhận"
    SIGNED = "signed", "Đã ký"


class MinutesSignature(TenantModel):
    """Who has to sign a version, in which duty and under which name it is printed; and how they did.

    `certificate` is what the certificate says and what was known of its issuer at that moment, never a key. `checked`
    is no column: `describe_signatures` asks today's lists of revoked certificates.
    """

    checked: Checked = Checked()

    council_lookups = {"council": "minutes__sitting__council"}

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    duty = models.CharField("Ký với tư cách", max_length=80)
    name = models.CharField("Họ và tên", max_length=150)
    state = models.CharField(max_length=10, choices=SignatureState, default=SignatureState.WAITING)
    way = models.CharField("Cách ký", max_length=12, choices=SigningWay, blank=True)
    signed_at = models.DateTimeField("Ký lúc", null=True, blank=True)
    certificate: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    name_differs = models.BooleanField("Tên trong chứng thư khác, người ký đã xác nhận", default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    scan = models.ForeignKey(MinutesScan, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "member"], name="signature_of_minutes_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", way="")
                | Q(state="recorded", way="ink", scan__isnull=False)
                | (Q(state="signed", signed_at__isnull=False) & ~Q(way="")),
                name="signature_of_minutes_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty}: {self.name}"

    @property
    def stamped_at(self) -> datetime | None:
        stamped = self.certificate.get("stamped_at", "")
        return datetime.fromisoformat(stamped) if stamped else None

    @property
    def is_revoked_later(self) -> bool:
        """Whether the certificate was still good when the signature reached the server, by the server's own clock."""
        read = self.certificate.get("read_at", "")
        return bool(read and self.checked.on and self.checked.on > datetime.fromisoformat(read))


class MinutesLetterKind(models.TextChoices):
    TO_SIGN = "to-sign", "Chờ ký"
    COMPLETE = "complete", "Đã ký đủ"


class MinutesLetter(Mailing):
    """One mail about a version of minutes: to each who has to sign it, and to the council's secretaries when all have.

    The next version of recalled minutes is another row, and tells anew.
    """

    mail_kind = "minutes"

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=MinutesLetterKind)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "recipient", "kind"], name="told_once_of_minutes"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
