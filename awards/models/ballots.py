"""Secret ballots. No row here ties a member to a paper, and no mark or paper carries a time."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from awards.models.councils import Sitting
from units.models import SharedData, TenantModel


class Denominator(models.TextChoices):
    MEMBERS = "members", "tổng số thành viên Hội đồng"
    PRESENT = "present", "số thành viên có mặt"
    VALID = "valid", "số phiếu hợp lệ"


class BallotKind(models.TextChoices):
    APPROVE = "approve", "Đồng ý hay không với từng trường hợp"
    CHOOSE = "choose", "Chọn không quá số lượng của nhóm"
    SCORE = "score", "Chấm điểm từng trường hợp"


class TieRule(models.TextChoices):
    SECOND_ROUND = "second-round", "bỏ phiếu vòng hai giữa các trường hợp bằng phiếu"
    NOBODY = "nobody", "không chọn trường hợp nào trong số bằng phiếu"


def every_kind() -> list[str]:
    """Every kind that counts votes. Points have rules of their own: their threshold is a share of something else."""
    return [BallotKind.APPROVE.value, BallotKind.CHOOSE.value]


class VotingRule(SharedData):
    """How a kind of ballot is counted, with its citation. Public and dated: law changes, and `confirmed` says how sure.

    `quorum` and `threshold` are exact shares as text ("2/3", "0.8"), so that no float ever enters a count; without a
    threshold one vote is enough. `groups` are the quotas of a plan: id, title, seats and the kinds of units meant.
    A rule for points, and no other, has their scale, exact decimals as text too; its threshold is a share of the most
    points that were to be had.
    """

    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Áp dụng cho", max_length=200)
    quorum = models.CharField("Số thành viên tối thiểu", max_length=9)
    denominator = models.CharField("Mẫu số", max_length=10, choices=Denominator)
    threshold = models.CharField("Tỷ lệ phải đạt", max_length=9, null=True, blank=True)
    max_score = models.CharField("Điểm tối đa", max_length=16, null=True, blank=True)
    step = models.CharField("Bậc điểm", max_length=16, null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=10, choices=BallotKind), default=every_kind)
    tie = models.CharField("Khi bằng phiếu ở suất cuối", max_length=20, choices=TieRule, default=TieRule.SECOND_ROUND)
    groups: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    count_written = models.BooleanField("Tính ý kiến bằng văn bản của người vắng")
    blank_is_valid = models.BooleanField("Phiếu trắng là phiếu hợp lệ")
    citation = models.CharField("Căn cứ", max_length=200)
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


class Follows(models.TextChoices):
    SECOND_ROUND = "second-round", "Vòng sau giữa các trường hợp bằng phiếu"
    WINNERS = "winners", "Lượt sau trong số đã được chọn"


class Ballot(TenantModel):
    """One secret ballot of a sitting.

    `contests` is what the draft asks: id, title, seats and the nominations of each group; empty while it asks about
    every case still open, in one group with `seats`. A ballot that `follows` another belongs to `parent`. The result
    of a proposal is a list for a higher authority and concludes no case of this council.

    `terms` is frozen at opening (candidates, rule, seats, electorate) and `terms_hash` goes into the trail.
    `electorate` and `marks` hold ids of council members: who may vote, and who has; one sorted array each, so that
    neither order nor row versions tell anything. The private key exists nowhere; `wraps` open it for two of three.
    `absentees` may send their opinion from afar while the ballot is open: it lies among the papers, told apart by
    nothing.

    A ballot `on_paper` has no key and no urn: two tellers enter the papers, each on a sheet of their own.
    """

    council_lookups = {"council": "sitting__council"}
    council_writes = council_lookups  # a member's paper is marked on the roll
    is_rewritten = True  # its old versions tell in which order members voted

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="ballots")
    title = models.CharField("Nội dung bỏ phiếu", max_length=200)
    rule = models.ForeignKey(VotingRule, on_delete=models.PROTECT, related_name="+", verbose_name="Cách tính kết quả")
    kind = models.CharField("Cách bỏ phiếu", max_length=10, choices=BallotKind, default=BallotKind.APPROVE)
    seats = models.PositiveSmallIntegerField("Số lượng được chọn không quá", null=True, blank=True)
    contests: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="following")
    follows = models.CharField(max_length=20, choices=Follows, blank=True)
    is_proposal = models.BooleanField("Chỉ để đề nghị cấp trên", default=False)
    state = models.CharField("Tình trạng", max_length=10, choices=BallotState, default=BallotState.DRAFT)
    terms: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    terms_hash = models.CharField(max_length=64, blank=True)
    public_key = models.BinaryField(null=True)
    wraps: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    electorate = ArrayField(models.UUIDField(), default=list)
    marks = ArrayField(models.UUIDField(), default=list)
    fingerprints = ArrayField(models.CharField(max_length=40), default=list)
    absentees = ArrayField(models.UUIDField(), default=list)
    on_paper = models.BooleanField("Bỏ phiếu bằng giấy", default=False)
    paper_reason = models.CharField("Vì sao bỏ phiếu bằng giấy", max_length=300, blank=True)
    issued = models.PositiveSmallIntegerField("Số phiếu giấy phát ra", null=True, blank=True)
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
    is_rewritten = True  # its old versions tell in which order papers came

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
