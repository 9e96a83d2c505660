"""Score sheets by a versioned template: what a unit gave itself, and what those who look at it gave."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from campaigns.models.clusters import ClusterYear
from units.addresses import address_of
from units.models import TenantModel, Unit


class ScoreTemplate(models.Model):
    """One version of a scoring table, as its file says; never changed once it is published."""

    code = models.SlugField("Mã", max_length=60)
    version = models.PositiveSmallIntegerField("Bản")
    title = models.CharField("Tên bảng", max_length=200)
    citation = models.CharField("Căn cứ", max_length=200)
    first_year = models.PositiveSmallIntegerField("Dùng từ năm")
    last_year = models.PositiveSmallIntegerField("Đến hết năm", null=True, blank=True)
    is_confirmed = models.BooleanField("Đã đối chiếu với văn bản gốc", default=False)
    document = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="score_template_version_once")]

    def __str__(self) -> str:
        return f"{self.title} (bản {self.version})"


class SheetSide(models.TextChoices):
    MEMBER = "member", "Của đơn vị"
    HEAD = "head", "Ở đơn vị chủ trì"
    TEAM = "team", "Ở thành viên Đoàn kiểm tra"


class SheetState(models.TextChoices):
    DRAFT = "draft", "Đang tự chấm"
    SENT = "sent", "Đã gửi, đang chấm"
    CONCLUDED = "concluded", "Đã chốt điểm"


class ScoreColumn(models.TextChoices):
    """Who scores, in order; each later one says why it differs from the one before."""

    SELF = "self", "Đơn vị tự chấm"
    INSPECTION = "inspection", "Đoàn kiểm tra"
    STANDING = "standing", "Thường trực"
    COUNCIL = "council", "Hội đồng"


class ScoreSheet(TenantModel):
    """One unit's sheet for a year. The unit fills its own; sending lays a copy with the head, who fills the rest there.

    When the head concludes, all columns come back to the unit's own sheet. `about` is whose sheet it is on every side.
    A member of the inspection team who works elsewhere gets a copy for the time of the inspection, and fills the
    team's column there (`services/team_sheets.py`).
    """

    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(ScoreTemplate, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị được chấm")
    side = models.CharField(max_length=10, choices=SheetSide)
    state = models.CharField("Tình trạng", max_length=10, choices=SheetState, default=SheetState.DRAFT)
    total_self = models.DecimalField("Tự chấm", max_digits=7, decimal_places=2, null=True, blank=True)
    total_inspection = models.DecimalField("Đoàn kiểm tra", max_digits=7, decimal_places=2, null=True, blank=True)
    total_standing = models.DecimalField("Thường trực", max_digits=7, decimal_places=2, null=True, blank=True)
    total_council = models.DecimalField("Hội đồng", max_digits=7, decimal_places=2, null=True, blank=True)
    sent_at = models.DateTimeField("Gửi lúc", null=True, blank=True)
    concluded_at = models.DateTimeField("Chốt lúc", null=True, blank=True)
    # What the unit had reported of the indicators that items name, by item, as it stood when the sheet was sent.
    reported = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ["-year__year", "about__path", "id"]
        indexes = [models.Index(fields=["unit_path", "side"], name="score_sheet_scope_side")]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "about", "side"],
                condition=Q(side__in=["member", "head"]),
                name="score_sheet_once_a_year_and_side",
            ),
            models.UniqueConstraint(
                fields=["year", "about", "unit"], condition=Q(side="team"), name="score_sheet_once_a_team_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}, năm {self.year.year}"

    def get_absolute_url(self) -> str:
        return address_of("campaigns:score-sheet-detail", self.pk)

    def total(self, column: str) -> Decimal | None:
        """The sum of a column; None while nobody filled it."""
        value: Decimal | None = getattr(self, f"total_{column}")
        return value


class ScoreEntry(TenantModel):
    """The points of one item in one column. `reason` says why they differ from the column before."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="entries")
    item = models.CharField("Tiêu chí", max_length=60)
    column = models.CharField("Cột", max_length=10, choices=ScoreColumn)
    points = models.DecimalField("Điểm", max_digits=6, decimal_places=2)
    evidence = models.TextField("Minh chứng", max_length=1000, blank=True)
    reason = models.TextField("Lý do chênh lệch", max_length=1000, blank=True)

    class Meta:
        ordering = ["item", "column"]
        constraints = [models.UniqueConstraint(fields=["sheet", "item", "column"], name="score_entry_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.points}"
