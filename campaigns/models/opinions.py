"""Opinions on drafts, collected in writing, and pledges signed together: the head asks, each member answers.

The head's side holds the question and one line for each member; a member's side holds its own copy of the question
and of its answer. The two name each other without a key.
"""

from django.db import models

from campaigns.models.clusters import ClusterFile, ClusterYear
from units.addresses import address_of
from units.models import TenantModel, Unit


class Verdict(models.TextChoices):
    AGREE = "agree", "Nhất trí"
    DISAGREE = "disagree", "Không nhất trí"
    OTHER = "other", "Ý kiến khác"


class OpinionRound(TenantModel):
    """A draft put to the members, who answer until the end of `last_day`. Belongs to the head."""

    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("Dự thảo", max_length=200)
    about = models.TextField("Nội dung cần góp ý", max_length=2000, blank=True)
    draft = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField("Góp ý đến hết ngày")
    sent_at = models.DateTimeField("Gửi lúc")

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-sent_at"], name="opinion_round_scope")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("campaigns:opinion-round-detail", self.pk)


class Opinion(TenantModel):
    """What both sides of an answer know; `answered_at` is empty while nobody answered."""

    verdict = models.CharField("Ý kiến", max_length=10, choices=Verdict, blank=True)
    words = models.TextField("Nội dung ý kiến", max_length=4000, blank=True)
    answered_by = models.CharField("Người trả lời", max_length=200, blank=True)
    answered_at = models.DateTimeField("Trả lời lúc", null=True, blank=True)

    class Meta:
        abstract = True


class OpinionAnswer(Opinion):
    """One member's line on the head's side."""

    round = models.ForeignKey(OpinionRound, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị")

    class Meta:
        ordering = ["member__path", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="opinion_answer_once")]

    def __str__(self) -> str:
        return str(self.member)


class OpinionRequest(Opinion):
    """A member's side: the draft it was asked about, and what it answered."""

    round = models.UUIDField(editable=False)
    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị lấy ý kiến")
    title = models.CharField("Dự thảo", max_length=200)
    about = models.TextField("Nội dung cần góp ý", max_length=2000, blank=True)
    draft = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField("Góp ý đến hết ngày")
    sent_at = models.DateTimeField("Nhận lúc")

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-sent_at"], name="opinion_request_scope")]
        constraints = [models.UniqueConstraint(fields=["unit", "round"], name="opinion_request_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("campaigns:opinion-request-detail", self.pk)


class ClusterPledge(TenantModel):
    """The text that the members of a year sign together, as one unit holds it: the head's own and each member's copy.

    `pledge` is the same on all of them, and so is the list of who signed.
    """

    pledge = models.UUIDField(editable=False)
    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị chủ trì")
    title = models.CharField("Tên giao ước", max_length=200)
    text = models.TextField("Nội dung giao ước", max_length=12000)
    opened_at = models.DateTimeField("Gửi lúc")

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-opened_at"], name="cluster_pledge_scope")]
        constraints = [models.UniqueConstraint(fields=["unit", "pledge"], name="cluster_pledge_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("campaigns:pledge-detail", self.pk)


class PledgeSignature(TenantModel):
    """That one member's head signed, on the copy of one unit. Never changed, never taken back."""

    copy = models.ForeignKey(ClusterPledge, on_delete=models.CASCADE, related_name="signatures")
    member = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị")
    signed_by = models.CharField("Người ký", max_length=120)
    position = models.CharField("Chức vụ", max_length=120)
    signed_at = models.DateTimeField("Ký lúc")

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["copy", "member"], name="pledge_signed_once")]

    def __str__(self) -> str:
        return f"{self.signed_by}, {self.member}"
