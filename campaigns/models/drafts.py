"""A plan that was read from a file and is being checked: nothing of it is a campaign before somebody launches it."""

from django.db import models
from django.db.models import Q

from campaigns.models.clusters import ClusterYear
from campaigns.models.plan import Campaign, CampaignKind, CampaignMethod, CampaignScope
from units.addresses import address_of
from units.models import TenantModel, Unit, User


class DraftState(models.TextChoices):
    DRAFT = "draft", "Đang xem lại"
    LAUNCHED = "launched", "Đã lập phong trào"
    DROPPED = "dropped", "Đã bỏ"


def plan_path(draft: "PlanDraft", _name: str) -> str:
    """A name nobody can guess, without the person's own file name."""
    return f"plans/{draft.pk.hex[:2]}/{draft.pk}"


class PlanDraft(TenantModel):
    """One plan's file and text with its header: `text` is what was read, and every place points into it.

    A draft from before files were kept has no file. `origin` is set where the draft was made from a campaign of an
    earlier time instead of a file: it has no text then. `cluster_year`: the plan is of a region, cluster or block, and
    its members or head may be addressed.

    `warnings`: a list of `{"code", "line", "message", "start", "end"}`. `header_checked` is set when somebody saved the
    header form, `version` grows with every change of it.
    """

    file_name = models.CharField("Tên tệp", max_length=200)
    file = models.FileField("Tệp", upload_to=plan_path, max_length=200, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    text = models.TextField(editable=False)
    number = models.CharField("Số kế hoạch", max_length=60, blank=True)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issuer_words = models.CharField("Nơi ban hành theo văn bản", max_length=200, blank=True)
    place = models.CharField("Địa danh", max_length=60, blank=True)
    issued_on = models.DateField("Ngày ban hành", null=True, blank=True)
    title = models.CharField("Tên phong trào", max_length=300, blank=True)
    kind = models.CharField("Loại", max_length=20, choices=CampaignKind, blank=True)
    theme = models.CharField("Chủ đề", max_length=300, blank=True)
    content_areas = models.JSONField("Lĩnh vực, nội dung thi đua", default=list)
    method = models.CharField("Phương thức tổ chức", max_length=10, choices=CampaignMethod, blank=True)
    scope = models.CharField("Phạm vi", max_length=10, choices=CampaignScope, blank=True)
    responds_to = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opens_on = models.DateField("Bắt đầu", null=True, blank=True)
    closes_on = models.DateField("Kết thúc", null=True, blank=True)
    header_checked = models.BooleanField("Đã xem phần đầu", default=False)
    cluster_year = models.ForeignKey(
        ClusterYear,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Khu vực, cụm, khối",
    )
    warnings = models.JSONField("Chỗ cần xem lại", default=list)
    state = models.CharField("Tình trạng", max_length=10, choices=DraftState, default=DraftState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Tải lên lúc")
    launched_at = models.DateTimeField("Lập phong trào lúc", null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-added_at"], name="plan_draft_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "sha256"], condition=Q(state="draft"), name="plan_draft_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.file_name

    def get_absolute_url(self) -> str:
        return address_of("campaigns:plan-draft-detail", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == DraftState.DRAFT

    def place_of(self, item: "PlanDraftItem") -> str:
        """How people name an item: by its clause and line, or by its number where there is no text."""
        if self.origin_id:
            return f"mục thứ {item.order}"
        line = f"dòng {item.line}" if item.line else "ngoài văn bản"
        return f"{item.clause_words}, {line}" if item.clause else line


class ItemKind(models.TextChoices):
    BASIS = "basis", "Căn cứ"
    PHASE = "phase", "Đợt"
    OBLIGATION = "obligation", "Việc phải làm"
    INDICATOR = "indicator", "Chỉ tiêu"
    QUOTA = "quota", "Số lượng được đề nghị"


class ItemVerdict(models.TextChoices):
    PENDING = "pending", "Chờ xem"
    ACCEPTED = "accepted", "Đã nhận"
    DROPPED = "dropped", "Đã bỏ"


class PlanDraftItem(TenantModel):
    """One thing the plan says, beside the words it came from (`start` to `end` of the draft's text).

    `data` has the shape that `campaigns/plan_items.py` documents. `version` grows with every answer, so that two
    people who look at the same item do not overwrite each other unseen. `is_added`: a person wrote it, because the
    reader missed it; with `line` 0 it belongs to no words of the plan, and `reason` says why it is there.
    """

    draft = models.ForeignKey(PlanDraft, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField("Loại", max_length=12, choices=ItemKind)
    order = models.PositiveIntegerField("Thứ tự")
    line = models.PositiveIntegerField("Dòng")
    # As the plan numbers it ("II.2.a"); empty where no numbering was read.
    clause = models.CharField("Mục", max_length=60, blank=True)
    quote = models.TextField("Câu trong văn bản")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    data = models.JSONField("Nội dung", default=dict)
    # The same of the campaign that the draft was made from; empty for what was read from a file.
    before = models.JSONField("Trước khi chuyển", default=dict)
    verdict = models.CharField("Kết quả", max_length=10, choices=ItemVerdict, default=ItemVerdict.PENDING)
    is_mended = models.BooleanField("Đã sửa", default=False)
    is_added = models.BooleanField("Do cán bộ thêm", default=False)
    reason = models.CharField("Lý do thêm", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["draft", "order"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "order"], name="plan_item_order_once"),
            models.CheckConstraint(
                condition=Q(line__gte=1) | Q(is_added=True) & ~Q(reason=""),
                name="plan_item_has_words_or_a_reason",
                violation_error_message="Chọn dòng trong văn bản, hoặc ghi lý do thêm mục này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.place}"

    @property
    def place(self) -> str:
        """How people name it within its draft, which must be loaded."""
        return self.draft.place_of(self)

    @property
    def clause_words(self) -> str:
        """The clause as people say it: articles and parts by their own names."""
        is_named = self.clause.startswith(("Điều", "Phần", "Chương", "Phụ lục"))
        return self.clause if is_named else f"mục {self.clause}"

    @property
    def cited_as(self) -> str:
        """Where in the plan it stands, as a paper cites it."""
        if not self.line and not self.draft.origin_id:
            return f"bổ sung: {self.reason}"
        return self.clause_words if self.clause and self.line else self.place
