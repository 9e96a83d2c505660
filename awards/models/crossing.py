"""Cases that a member of a cluster sends to its conference: the sender's line, and what the leading unit received.

Two rows without a key between them, as filings have: the sender keeps a `CaseFiling` beside its nomination, the unit
that leads the year holds a `ReceivedCase` with a frozen copy of the nomination (`exemplars.workflow.CROSSED`). What
both must know is written on both sides by each act (`awards.services.crossing`).
"""

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models import ClusterYear, Mailing
from exemplars.models import Nomination
from units.addresses import address_of
from units.models import TenantModel, Unit


class FilingState(models.TextChoices):
    SENT = "sent", "Đã gửi, chờ tiếp nhận"
    RECEIVED = "received", "Đã tiếp nhận"
    RETURNED = "returned", "Trả lại"
    WITHDRAWN = "withdrawn", "Đã rút"
    ANNOUNCED = "announced", "Đã có kết quả suy tôn"


# While one of these stands, the same nomination is not sent again.
STANDING_FILINGS = (FilingState.SENT, FilingState.RECEIVED, FilingState.ANNOUNCED)
# The conference has not spoken of these yet.
OPEN_FILINGS = (FilingState.SENT, FilingState.RECEIVED)


class CrossingRow(TenantModel):
    """What sender and receiver both know of one case."""

    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+", verbose_name="Hội nghị của")
    sender = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị gửi")
    state = models.CharField("Tình trạng", max_length=10, choices=FilingState, default=FilingState.SENT)
    sent_label = models.CharField(max_length=240)
    sent_at = models.DateTimeField("Gửi lúc")
    received_label = models.CharField(max_length=240, blank=True)
    received_at = models.DateTimeField("Tiếp nhận lúc", null=True, blank=True)
    # Who returned or withdrew it, and the reason of a return.
    answered_label = models.CharField(max_length=240, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("Lý do trả lại", max_length=2000, blank=True)
    # What each count said, as `awards.selectors.crossing.Outcome` reads it; empty before it was announced.
    results: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    announced_at = models.DateTimeField("Gửi kết quả lúc", null=True, blank=True)
    # When the original was given back to be mended after it was sent, first; what lies with the conference is older.
    reopened_at = models.DateTimeField("Đưa về sửa lúc", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_outdated(self) -> bool:
        """Whether the copy that stands before the conference, or of which it spoke, is older than the mending."""
        return self.reopened_at is not None and self.state in STANDING_FILINGS


class CaseFiling(CrossingRow):
    """A nomination that the member unit `sender` sent to the conference of a cluster's year.

    It lies with the unit of the nomination, which may stand below the sender: so both read it, and everybody above.
    `addressee` led the year's work when it was sent. The result is a proposal and changes no state of the nomination.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="conference_filings")
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị chủ trì")
    evidence: "models.JSONField[Any, Any]" = models.JSONField("Tệp gửi kèm", default=list, blank=True)

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["unit_path", "year", "-sent_at"], name="case_filing_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "year"], condition=Q(state__in=STANDING_FILINGS), name="case_filing_one_standing"
            ),
            models.CheckConstraint(
                condition=~Q(state=FilingState.RETURNED) | ~Q(answer=""), name="case_filing_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination} gửi {self.addressee}"

    def get_absolute_url(self) -> str:
        return address_of("awards:case-filing-detail", self.pk)


class ReceivedCase(CrossingRow):
    """The same at the unit that leads the year. `nomination` is the frozen copy; `honours` stood on that day."""

    council_lookups = {"nomination": "nomination"}

    filing = models.UUIDField(editable=False)
    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="received")
    honours: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["unit_path", "year", "-sent_at"], name="received_case_scope")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "filing"], name="received_case_once"),
            models.CheckConstraint(
                condition=~Q(state=FilingState.RETURNED) | ~Q(answer=""), name="received_case_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.nomination}"

    def get_absolute_url(self) -> str:
        return address_of("awards:received-case-detail", self.pk)


class CaseLetterKind(models.TextChoices):
    ARRIVED = "arrived", "Trường hợp chờ tiếp nhận"
    WITHDRAWN = "withdrawn", "Đơn vị gửi đã rút"
    RECEIVED = "received", "Hội nghị đã tiếp nhận"
    RETURNED = "returned", "Hội nghị trả lại"
    ANNOUNCED = "announced", "Đã có kết quả suy tôn"
    REOPENED = "reopened", "Đề nghị được đưa về sửa"


class CaseLetter(Mailing):
    """One mail to one person about what an act did to cases of a year's conference; one act, one letter.

    It lies with the unit in which the person is told and names the cases by the keys of their `CaseFiling` only: who
    was nominated is read when it is sent or shown, through the reader's own fence.
    """

    mail_kind = "case"

    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+", verbose_name="Hội nghị của")
    kind = models.CharField(max_length=10, choices=CaseLetterKind)
    filings: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    told_at = models.DateTimeField("Báo lúc")
    read_at = models.DateTimeField("Đã đọc lúc", null=True, blank=True)

    class Meta:
        ordering = ["-told_at", "id"]
        indexes = [models.Index(fields=["recipient", "-told_at"], name="case_letter_of_a_person")]

    def __str__(self) -> str:
        return self.get_kind_display()
