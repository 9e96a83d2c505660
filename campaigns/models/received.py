"""What a unit received from one that it does not stand above: a filing as it was sent, laid by the act of sending."""

from django.db import models
from django.db.models import Q

from campaigns.models.clusters import ClusterFile
from campaigns.models.plan import Obligation
from campaigns.receipt_codes import show_code
from campaigns.workflow import SubmissionState
from units.addresses import address_of
from units.models import TenantModel, Unit


class ReceivedAs(models.TextChoices):
    ADDRESSEE = "addressee", "Nơi nhận"
    COPY = "copy", "Bản gửi đơn vị phó"


class ReceivedFiling(TenantModel):
    """One version of a filing, as the addressee or a deputy of the cluster holds it.

    `submission` and `assignment` name the sender's rows without a key. `lines` says what a registration registers.
    """

    submission = models.UUIDField(editable=False)
    assignment = models.UUIDField(editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị gửi")
    received_as = models.CharField("Nhận với tư cách", max_length=10, choices=ReceivedAs)
    version = models.PositiveSmallIntegerField("Lần")
    state = models.CharField("Tình trạng", max_length=12, choices=SubmissionState)
    document_number = models.CharField("Số, ký hiệu văn bản", max_length=60, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    message = models.TextField("Lời nhắn gửi kèm", max_length=1000, blank=True)
    lines = models.JSONField("Nội dung đăng ký", default=list)
    last_day = models.DateField("Hạn khi gửi", null=True, blank=True)
    sent_label = models.CharField(max_length=240)
    sent_at = models.DateTimeField("Gửi lúc")
    counted_at = models.DateTimeField()
    receipt_code = models.CharField("Mã tiếp nhận", max_length=12)
    received_label = models.CharField(max_length=240, blank=True)
    received_at = models.DateTimeField("Tiếp nhận lúc", null=True, blank=True)
    answered_label = models.CharField(max_length=240, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("Ý kiến", max_length=2000, blank=True)

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-sent_at"], name="received_filing_scope")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "submission"], name="received_filing_once_for_a_unit"),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(answer=""),
                name="received_filing_returned_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.obligation} (lần {self.version})"

    def get_absolute_url(self) -> str:
        return address_of("campaigns:received-filing-detail", self.pk)

    @property
    def shown_code(self) -> str:
        return show_code(self.receipt_code)


class ReceivedPaper(TenantModel):
    """A paper of a received filing; the same bytes as the sender's."""

    filing = models.ForeignKey(ReceivedFiling, on_delete=models.CASCADE, related_name="papers")
    paper = models.CharField("Giấy tờ", max_length=200, blank=True)
    file = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField("Số trang", null=True, blank=True)
    is_estimated = models.BooleanField(default=False)

    class Meta:
        ordering = ["paper", "file__file_name", "id"]

    def __str__(self) -> str:
        return self.file.file_name
