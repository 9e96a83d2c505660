"""Secret ballots. No row here ties a member to a paper, and no mark or paper carries a time."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from awards.models.councils import Sitting
from units.models import TenantModel


class Denominator(models.TextChoices):
    MEMBERS = "members", "tổng số thành viên Hội đồng"
    PRESENT = "present", "số thành viên có mặt"
    VALID = "valid", "số phiếu hợp lệ"


class VotingRule(models.Model):
    """How a kind of ballot is counted, with its citation. Public, editable: law changes, and `confirmed` says how sure.

    `quorum` and `threshold` are fractions as text ("2/3"), so that no float ever enters a count.
    """

    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Áp dụng cho", max_length=200)
    quorum = models.CharField("Số thành viên tối thiểu", max_length=9)
    denominator = models.CharField("Mẫu số", max_length=10, choices=Denominator)
    threshold = models.CharField("Tỷ lệ phải đạt", max_length=9)
    count_written = models.BooleanField("Tính ý kiến bằng văn bản của người vắng")
    blank_is_valid = models.BooleanField("Phiếu trắng là phiếu hợp lệ")
    citation = models.CharField("Căn cứ", max_length=200)
    confirmed = models.BooleanField("Đã đối chiếu với văn bản gốc", default=False)
    valid_from = models.DateField("Hiệu lực từ")
    valid_to = models.DateField("Hiệu lực đến", null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="voting_rule_once_a_day")]

    def __str__(self) -> str:
        return self.title


class BallotState(models.TextChoices):
    DRAFT = "draft", "Đang chuẩn bị"
    OPEN = "open", "Đang bỏ phiếu"
    CLOSED = "closed", "Đã đóng, chờ kiểm phiếu"
    COUNTED = "counted", "Đã kiểm phiếu"
    VOID = "void", "Không có giá trị"


class Ballot(TenantModel):
    """One secret ballot of a sitting.

    `terms` is frozen at opening (candidates, rule, seats, electorate) and `terms_hash` goes into the trail.
    `electorate` and `marks` hold ids of council members: who may vote, and who has; one sorted array each, so that
    neither order nor row versions tell anything. The private key exists nowhere; `wraps` open it for two of three.
    """

    council_lookups = {"council": "sitting__council"}
    council_writes = council_lookups  # a member's paper is marked on the roll

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="ballots")
    title = models.CharField("Nội dung bỏ phiếu", max_length=200)
    rule = models.ForeignKey(VotingRule, on_delete=models.PROTECT, related_name="+", verbose_name="Cách tính kết quả")
    seats = models.PositiveSmallIntegerField("Số lượng được chọn không quá", null=True, blank=True)
    state = models.CharField("Tình trạng", max_length=10, choices=BallotState, default=BallotState.DRAFT)
    terms: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    terms_hash = models.CharField(max_length=64, blank=True)
    public_key = models.BinaryField(null=True)
    wraps: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    electorate = ArrayField(models.UUIDField(), default=list)
    marks = ArrayField(models.UUIDField(), default=list)
    fingerprints = ArrayField(models.CharField(max_length=40), default=list)
    void_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["sitting", "id"]

    def __str__(self) -> str:
        return self.title


class Urn(TenantModel):
    """The sealed papers of one ballot: one row, one sorted array, deleted when they are opened.

    No persona of a council or unit reads it through a selector; only casting and opening touch it, under a row lock.
    """

    council_writes = {"council": "ballot__sitting__council"}  # a member's sealed paper goes in

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="urn")
    papers = ArrayField(models.BinaryField(), default=list)

    def __str__(self) -> str:
        return "Hòm phiếu"


class Tally(TenantModel):
    """The count: the bare papers in random order and what the counter made of them."""

    council_lookups = {"council": "ballot__sitting__council"}

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="tally")
    count_input: "models.JSONField[Any, Any]" = models.JSONField()
    result: "models.JSONField[Any, Any]" = models.JSONField()
    counted_at = models.DateTimeField("Kiểm phiếu lúc")

    def __str__(self) -> str:
        return f"Kiểm phiếu: {self.ballot}"
